//! Accounts and the people behind them.
use crate::{
    Actor, Error, Moment, PageKey, Registry, audit,
    db::{Conn, sql, transaction},
    hashing::{Admission, Lane},
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use forms::{
    Field, Problem,
    account::{Identity, Registration},
    choice::{Choice, DocumentType},
    ids::{AccountId, PhotoId},
    problem::AccountProblem,
    value::{Date, IdentityDocument, PersonName, Username},
};
use uuid::Uuid;

/// How long the log-in page remembers the username of an account created just now, in seconds.
pub const REGISTERED_SECONDS: i64 = 600;
/// The associated data of such a username.
const REGISTERED: &[&[u8]] = &[b"registered"];

/// What stands for the username of an account that a person has already. Its length says nothing either.
const MASKED: &str = "****";

/// An account with the person it belongs to.
#[derive(Clone, Debug)]
pub struct Account {
    pub id: AccountId,
    /// The username, as it was chosen.
    pub username: String,
    pub identity: Identity,
    /// The photo of the profile.
    pub photo: Option<PhotoId>,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    username: String,
    photo_id: Option<Uuid>,
    person_id: Uuid,
    document_kind: String,
    document_sealed: Vec<u8>,
    name: String,
    sex: String,
    birth_date: String,
    ethnic_group: String,
}

impl Registry {
    /// Hashes a secret with a salt of its own.
    pub(crate) async fn hash_secret(&self, admission: &Admission, secret: &str) -> Result<String, Error> {
        self.hashing().hash(admission, secret, self.settings().entropy.bytes()).await
    }

    /// Registers an account. A username or a person that is there already comes back as a problem; the
    /// latter names no part of the username (S12, X20).
    pub async fn register(&self, registration: Registration) -> Result<AccountId, RegisterError> {
        self.register_from(None, registration).await
    }

    /// The same from a page. A page that sends again because the answer was lost meets its own account and is told again that it
    /// was created, if the password is the one that it was created with.
    pub async fn register_from(
        &self,
        page: Option<PageKey>,
        registration: Registration,
    ) -> Result<AccountId, RegisterError> {
        let admission = self.hashing().admit(Lane::Stranger)?;
        let password = self.hash_secret(&admission, registration.password.expose()).await?;
        let answer = self.hash_secret(&admission, &registration.answer.expose()).await?;
        let settings = self.settings();
        let now = settings.clock.now();
        let identity = &registration.identity;
        let kind = identity.document.kind().code();
        let index = settings.sealer.blind_index(kind, identity.document.number());
        // The same page may register several people: the ids are of the page, the person and the username.
        let fresh = |purpose: &[u8]| match page {
            Some(page) => page.uuid(&[purpose, registration.username.key().as_bytes(), &index]),
            None => settings.entropy.uuid(now),
        };
        let (person, account) = (fresh(b"person"), fresh(b"account"));
        let sealed = settings.sealer.seal(
            &settings.entropy,
            &[b"person", person.as_bytes()],
            identity.document.number().as_bytes(),
        );
        let question = settings.sealer.seal(
            &settings.entropy,
            &[b"question", account.as_bytes()],
            registration.question.expose().as_bytes(),
        );
        let (registry, secret) = (self.clone(), registration.password.clone());
        let taken = transaction!(self, [registry, registration, password, answer, index, sealed, question], conn => {
            let identity = &registration.identity;
            let inserted = sql!(
                conn, execute,
                "INSERT INTO person (id, document_kind, document_index, document_sealed, name, sex, birth_date, ethnic_group, created)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING",
                person, kind, &index, sealed, identity.name.as_str(), identity.sex.code(), identity.birth_date.to_string(),
                identity.ethnic_group.code(), now.0
            )?;
            if inserted == 0 {
                return Ok(Some(RegisterError::PersonTaken { masked: MASKED }));
            }
            let inserted = sql!(
                conn, execute,
                "INSERT INTO account (id, person_id, username, username_key, password_hash, question_sealed, answer_hash, created)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING",
                account, person, registration.username.as_str(), registration.username.key(), password, question, answer, now.0
            )?;
            if inserted == 0 {
                // The person must not stay behind without an account.
                sql!(conn, execute, "DELETE FROM person WHERE id = $1", person)?;
                return Ok(Some(RegisterError::UsernameTaken));
            }
            audit::record(conn, &registry, Actor::Candidate(account.into()), "account.register", account).await?;
            Ok(None)
        });
        match taken? {
            None => Ok(account.into()),
            Some(_) if page.is_some() && self.is_own_account(&admission, account, secret.expose()).await? => {
                Ok(account.into())
            }
            Some(refused) => Err(refused),
        }
    }

    /// Whether an account with an id of a page is there, with this password. Person and username are part of the id.
    async fn is_own_account(&self, admission: &Admission, account: Uuid, password: &str) -> Result<bool, Error> {
        let stored = self.read(move |conn| {
            Box::pin(async move {
                Ok(sql!(conn, fetch_optional as (String,), "SELECT password_hash FROM account WHERE id = $1", account)?)
            })
        });
        let Some((hash,)) = stored.await? else { return Ok(false) };
        self.hashing().verify(admission, password, Some(hash), self.settings().entropy.bytes()).await
    }

    /// The username of an account created just now, sealed with the time, for the browser in which it was created.
    pub fn seal_registered(&self, username: &Username) -> String {
        let settings = self.settings();
        let plain = [&settings.clock.now().0.to_be_bytes(), username.as_str().as_bytes()].concat();
        BASE64_URL_SAFE_NO_PAD.encode(settings.sealer.seal(&settings.entropy, REGISTERED, &plain))
    }
    /// Reads it; nothing after [`REGISTERED_SECONDS`], and for what this installation did not write.
    pub fn open_registered(&self, text: &str) -> Option<Username> {
        let plain = self.settings().sealer.open(REGISTERED, &BASE64_URL_SAFE_NO_PAD.decode(text).ok()?).ok()?;
        let (at, username) = plain.split_first_chunk::<8>()?;
        let at = Moment(i64::from_be_bytes(*at));
        let is_recent = self.settings().clock.now() < at.plus_seconds(REGISTERED_SECONDS);
        Username::parse(std::str::from_utf8(username).ok()?).ok().filter(|_| is_recent)
    }
    /// Whether nobody has a username yet.
    pub async fn username_is_free(&self, username: &Username) -> Result<bool, Error> {
        let key = username.key();
        self.read(move |conn| {
            Box::pin(async move {
                Ok(sql!(conn, fetch_optional as (Uuid,), "SELECT id FROM account WHERE username_key = $1", key)?
                    .is_none())
            })
        })
        .await
    }

    pub(crate) async fn account_by_id(&self, id: Uuid) -> Result<Account, Error> {
        let registry = self.clone();
        self.read(move |conn| Box::pin(async move { load(conn, &registry, id).await })).await
    }
}

pub(crate) async fn load(conn: &mut Conn<'_>, registry: &Registry, id: Uuid) -> Result<Account, Error> {
    let row = sql!(
        conn, fetch_optional as Row,
        "SELECT account.id, username, photo_id, person_id, document_kind, document_sealed, name, sex, birth_date, ethnic_group
         FROM account JOIN person ON person.id = person_id WHERE account.id = $1",
        id
    )?
    .ok_or(Error::NotFound)?;
    let number = registry.settings().sealer.open(&[b"person", row.person_id.as_bytes()], &row.document_sealed)?;
    let bad = |column| Error::stored("person", column, row.person_id);
    let kind = DocumentType::parse(&row.document_kind).map_err(|_| bad("document_kind"))?;
    let identity = Identity {
        name: PersonName::parse(&row.name).map_err(|_| bad("name"))?,
        document: IdentityDocument::parse(kind, &String::from_utf8_lossy(&number))
            .map_err(|_| bad("document_sealed"))?,
        sex: Choice::parse(&row.sex).map_err(|_| bad("sex"))?,
        birth_date: Date::parse(&row.birth_date).map_err(|_| bad("birth_date"))?,
        ethnic_group: Choice::parse(&row.ethnic_group).map_err(|_| bad("ethnic_group"))?,
    };
    Ok(Account { id: row.id.into(), username: row.username, identity, photo: row.photo_id.map(PhotoId::from) })
}

/// Why a registration was not written.
#[derive(Debug, thiserror::Error)]
pub enum RegisterError {
    /// Somebody has the username.
    #[error("username taken")]
    UsernameTaken,
    /// The person has an account (S12).
    #[error("person taken")]
    PersonTaken {
        /// What stands for its username in the sentence of S12: nothing of it, since whoever registers may be anybody (X20).
        masked: &'static str,
    },
    /// The registry failed.
    #[error(transparent)]
    Registry(#[from] Error),
}
impl RegisterError {
    /// The problem to show.
    pub fn problem(&self) -> Option<Problem> {
        match self {
            Self::UsernameTaken => Some(Problem { field: Field::Username, code: AccountProblem::UsernameTaken.into() }),
            Self::PersonTaken { .. } => {
                Some(Problem { field: Field::DocumentNumber, code: AccountProblem::PersonTaken.into() })
            }
            Self::Registry(_) => None,
        }
    }
}
