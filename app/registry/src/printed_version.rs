//! The versions of an application's printed sheets. Each has a verification code by which anybody can ask whether it is the
//! latest; the code is stored hashed, to be found, and sealed, to be printed again. Notice and form of a version print the same
//! code, each with a mark of its own behind it, by which `/verify` says to which of the two it belongs.
use crate::{
    Error, Registry,
    db::{Conn, sql},
    seal,
};
use forms::{
    choice::Choice,
    status::ApplicationStatus,
    text::{CROCKFORD, crockford},
};
use sqlx::FromRow;
use uuid::Uuid;

/// A version to print.
#[derive(Clone, Debug)]
pub struct PrintedVersion {
    /// From 1.
    pub version: i64,
    /// The verification code.
    pub code: String,
}

/// The paper that a code is printed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PaperKind {
    /// 通知单.
    Notice,
    /// 申请表.
    Form,
}
impl PaperKind {
    const ALL: [Self; 2] = [Self::Notice, Self::Form];
    /// What the mark of its code is made of.
    const fn seed(self) -> &'static [u8] {
        match self {
            Self::Notice => b"notice",
            Self::Form => b"form",
        }
    }
}

/// Whether a printed version counts, and why not (X4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PrintedVersionState {
    /// It is the latest version of an application that stands.
    Latest,
    /// The application stands, and has a newer version.
    Newer,
    /// The candidate withdrew the application.
    Withdrawn,
    /// Another application took its place.
    Replaced,
    /// The application ended otherwise.
    Ended,
}

/// What a verification code says, so that a code copied from another paper is noticed (X4).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifiedVersion {
    pub state: PrintedVersionState,
    /// From 1.
    pub version: i64,
    /// The latest version of the application.
    pub latest: i64,
    /// The paper that the code was printed on, where the code says so: those that were printed at first did not.
    pub kind: Option<PaperKind>,
    /// The serial of the application.
    pub serial: String,
    /// The first character of the candidate's name.
    pub initial: String,
}

#[derive(FromRow)]
struct CodeRow {
    version: i64,
    code_sealed: Vec<u8>,
}
#[derive(FromRow)]
struct StateRow {
    version: i64,
    latest: i64,
    status: String,
    serial: Option<String>,
    name: Option<String>,
}

fn aad<'a>(application: &'a Uuid, version: &'a [u8; 8]) -> [&'a [u8]; 3] {
    [b"paper", application.as_bytes(), version]
}

/// How many characters a code has without the mark of its paper.
const CODE_LENGTH: usize = 26;

/// The two characters behind a code that say on which paper it is printed: a keyed hash, so that nobody makes the code of a form out
/// of that of a notice.
fn paper_mark(registry: &Registry, code: &str, kind: PaperKind) -> String {
    let hash = registry.settings().sealer.keyed_hash("paper kind", &[code.as_bytes(), kind.seed()]);
    hash.iter().take(2).map(|byte| CROCKFORD[usize::from(byte & 31)] as char).collect()
}

/// A new verification code: 128 random bits in Crockford's base 32, whose characters are not mistaken for each other.
fn new_code(registry: &Registry) -> String {
    let number = u128::from_be_bytes(registry.settings().entropy.bytes());
    (0..CODE_LENGTH).rev().map(|place| CROCKFORD[(number >> (place * 5)) as usize & 31] as char).collect()
}
/// Normalises a code as typed: lower case, spaces, and letters that look like digits.
fn normalized_code(typed: &str) -> String {
    typed.chars().take(64).filter(char::is_ascii_alphanumeric).map(crockford).collect()
}

/// Writes a version with a new verification code.
pub(crate) async fn issue_printed_version(
    conn: &mut Conn<'_>,
    registry: &Registry,
    application: Uuid,
    version: i64,
) -> Result<(), Error> {
    let (settings, code) = (registry.settings(), new_code(registry));
    let sealed = settings.sealer.seal(&settings.entropy, &aad(&application, &version.to_be_bytes()), code.as_bytes());
    sql!(
        conn,
        execute,
        "INSERT INTO paper (application_id, version, code_hash, code_sealed, made) VALUES ($1, $2, $3, $4, $5)",
        application,
        version,
        seal::token_hash(code.as_bytes()),
        sealed,
        settings.clock.now().0
    )?;
    Ok(())
}

/// Copies the snapshot that is about to be replaced to the printed version that shows it.
pub(crate) async fn archive_snapshot(conn: &mut Conn<'_>, application: Uuid, version: i64) -> Result<(), Error> {
    sql!(
        conn,
        execute,
        "UPDATE paper SET snapshot_sealed = (SELECT snapshot_sealed FROM application WHERE id = $1)
         WHERE application_id = $1 AND version = $2",
        application,
        version
    )?;
    Ok(())
}

/// The current version of an application.
pub(crate) async fn current(
    conn: &mut Conn<'_>,
    registry: &Registry,
    application: Uuid,
) -> Result<PrintedVersion, Error> {
    let row = sql!(
        conn,
        fetch_optional as CodeRow,
        "SELECT paper.version, code_sealed FROM paper JOIN application ON application.id = application_id AND application.paper = paper.version
         WHERE application_id = $1",
        application
    )?;
    let CodeRow { version, code_sealed } = row.ok_or(Error::NotFound)?;
    let code = registry.settings().sealer.open(&aad(&application, &version.to_be_bytes()), &code_sealed)?;
    Ok(PrintedVersion { version, code: String::from_utf8_lossy(&code).into_owned() })
}

impl Registry {
    /// The code of a version as it is printed on a paper.
    pub fn code_on(&self, printed: &PrintedVersion, kind: PaperKind) -> String {
        format!("{}{}", printed.code, paper_mark(self, &printed.code, kind))
    }
    /// The printed version with this code, as it was typed (X4).
    pub async fn verified_version(&self, code: &str) -> Result<Option<VerifiedVersion>, Error> {
        let typed = normalized_code(code);
        let (code, mark) = typed.split_at_checked(CODE_LENGTH).unwrap_or((typed.as_str(), ""));
        let kind = PaperKind::ALL.into_iter().find(|kind| mark == paper_mark(self, code, *kind));
        if kind.is_none() && !mark.is_empty() {
            return Ok(None);
        }
        let hash = seal::token_hash(code.as_bytes());
        let row = self.read(move |conn| {
            Box::pin(async move {
                Ok(sql!(
                    conn, fetch_optional as StateRow,
                    "SELECT paper.version, application.paper AS latest, status, serial, name FROM paper JOIN application ON application.id = application_id WHERE code_hash = $1",
                    hash
                )?)
            })
        });
        let Some(row) = row.await? else { return Ok(None) };
        let state = match ApplicationStatus::parse(&row.status) {
            Ok(ApplicationStatus::Abandoned) => PrintedVersionState::Withdrawn,
            Ok(ApplicationStatus::Superseded) => PrintedVersionState::Replaced,
            Ok(status) if !status.is_printable() => PrintedVersionState::Ended,
            Ok(_) if row.version == row.latest => PrintedVersionState::Latest,
            Ok(_) => PrintedVersionState::Newer,
            Err(_) => PrintedVersionState::Ended,
        };
        let initial = row.name.iter().flat_map(|name| name.chars().next()).collect();
        let (version, latest, serial) = (row.version, row.latest, row.serial.unwrap_or_default());
        Ok(Some(VerifiedVersion { state, version, latest, kind, serial, initial }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_as_it_may_be_typed() {
        assert_eq!(normalized_code("o1il-9abc zz"), "01119ABCZZ");
    }
}
