//! The snapshot of a submitted application (S124), and the columns derived from it by which staff search.
use crate::{
    Error, ExamSession, Registry, Sealer,
    db::{Conn, sql},
};
use forms::{
    application::{Application, Flag},
    choice::Choice,
};
use pinyin::ToPinyin;
use uuid::Uuid;

/// The associated data of a sealed snapshot.
pub(crate) fn snapshot_aad(application: &Uuid) -> [&[u8]; 2] {
    [b"snapshot", application.as_bytes()]
}

/// The snapshot of an application; [`Error::NotFound`] before the first submission.
pub(crate) async fn load(conn: &mut Conn<'_>, registry: &Registry, application: Uuid) -> Result<Application, Error> {
    let (sealed,) = sql!(
        conn,
        fetch_one as (Option<Vec<u8>>,),
        "SELECT snapshot_sealed FROM application WHERE id = $1",
        application
    )?;
    let sealed = sealed.ok_or(Error::NotFound)?;
    registry.settings().sealer.open_json(&snapshot_aad(&application), &sealed)
}

/// The columns by which staff search.
pub(crate) struct SearchColumns {
    pub(crate) name: String,
    pub(crate) initials: String,
    /// The blind index of the document number.
    pub(crate) document: Vec<u8>,
    pub(crate) flags: i64,
}
impl SearchColumns {
    pub(crate) fn of(sealer: &Sealer, application: &Application, exam: &ExamSession) -> Self {
        let document = &application.identity.document;
        let name = application.identity.name.to_string();
        Self {
            initials: initials(&name),
            name,
            document: sealer.blind_index(document.kind().code(), document.number()),
            flags: Flag::bits(&application.flags(exam.last_review_day(), exam.rules)),
        }
    }
}

/// The pinyin initials of a person's name; letters stand for themselves. The first character is read as a surname.
pub fn initials(name: &str) -> String {
    let surname = |c: char| match c {
        '单' => Some('s'),
        '曾' | '查' | '翟' => Some('z'),
        '仇' | '覃' => Some('q'),
        '解' | '洗' => Some('x'),
        '区' => Some('o'),
        '尉' => Some('w'),
        '朴' => Some('p'),
        '缪' => Some('m'),
        '盖' => Some('g'),
        '乐' => Some('y'),
        _ => None,
    };
    let letter = |(at, c): (usize, char)| {
        surname(c)
            .filter(|_| at == 0)
            .or_else(|| c.to_pinyin().and_then(|reading| reading.first_letter().chars().next()))
            .or_else(|| c.is_alphanumeric().then(|| c.to_lowercase().next()).flatten())
    };
    name.chars().enumerate().filter_map(letter).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_by_their_initials() {
        for (name, expect) in [
            ("张伟", "zw"),
            ("单雄信", "sxx"),
            ("曾国藩", "zgf"),
            ("买买提.艾力", "mmtal"),
            ("McDonald Ann", "mcdonaldann"),
            ("王?", "w"),
        ] {
            assert_eq!(initials(name), expect, "{name}");
        }
    }
}
