//! Opening a database: what has to be right before anything is read or written.
//!
//! Each sealing key leaves a constant, sealed with it, in the database. Where that does not open, the key is not the one that the
//! people's data were sealed with, and the program refuses to start.
use crate::{
    Error, Health, Moment, Registry, Sealer, Settings,
    db::{Conn, sql, transaction},
    pools::{self, Pools},
};
use serde::{Deserialize, Serialize};
use sqlx::{Connection, PgConnection, SqliteConnection, sqlite::SqliteConnectOptions};
use std::str::FromStr;
use uuid::Uuid;

/// Begins the associated data of a check; the id of the key follows.
const LABEL: &[u8] = b"sealing_key";
/// What the check of each key says.
const CONSTANT: &str = "yikao";

/// The id of a key, and its check as it is stored.
type SealedCheck = (i64, Vec<u8>);

/// What is sealed as the check of a key.
#[derive(Clone, Serialize, Deserialize)]
struct KeyCheck {
    constant: String,
    /// The last place of the audit whose row may lack a keyed hash of its own: rows of before have none.
    audit_without_hash: i64,
}

impl Registry {
    /// Opens the database, brings its tables up to date, and checks that the sealing key is the one it was sealed with.
    ///
    /// # Errors
    /// [`Error::Unfit`], with a sentence that says what to do, for a database of a newer version, one that a migration left half
    /// done, another sealing key, and one of an unknown id.
    pub async fn open(settings: Settings) -> Result<Self, Error> {
        // Before anything is changed: with the wrong key not even the tables are brought up to date.
        if let Some(checks) = existing_checks(&settings.database_url).await? {
            verify(&settings.sealer, &checks)?;
        }
        let health = Health::default();
        let pools = Pools::open(&settings.database_url, &health).await?;
        let registry = Self::on(pools, settings, health);
        match registry.check().await {
            Ok(()) => Ok(registry),
            Err(error) => {
                registry.close().await;
                Err(error)
            }
        }
    }

    async fn check(&self) -> Result<(), Error> {
        self.measure_clock().await?;
        if self.key_checks().await?.is_empty() {
            self.begin_key_check().await?;
        }
        let check = verify(&self.settings().sealer, &self.key_checks().await?)?;
        self.expect_audit_hashes_after(check.audit_without_hash);
        Ok(())
    }

    async fn key_checks(&self) -> Result<Vec<SealedCheck>, Error> {
        self.read(|conn| Box::pin(key_checks(conn))).await
    }

    /// Writes the check of this key into a database that has none: a new one, or one of before, whose data have to open.
    async fn begin_key_check(&self) -> Result<(), Error> {
        let sample = self
            .read(|conn| {
                Box::pin(async move {
                    Ok(sql!(
                        conn,
                        fetch_optional as (Uuid, Vec<u8>),
                        "SELECT id, document_sealed FROM person ORDER BY created LIMIT 1"
                    )?)
                })
            })
            .await?;
        let sealer = self.settings().sealer.clone();
        if let Some((person, sealed)) = sample {
            sealer.open(&[b"person", person.as_bytes()], &sealed).map_err(|_| wrong_key())?;
        }
        // The rows of before get their places now: which rows have no hash of their own is settled from here on.
        loop {
            match self.chain_audit().await {
                Ok(0) => break,
                Ok(_) | Err(Error::Conflict) => {}
                Err(error) => return Err(error),
            }
        }
        let registry = self.clone();
        transaction!(self, [registry], conn => {
            let settings = registry.settings();
            let last = last_place(conn).await?;
            let check = KeyCheck { constant: CONSTANT.to_owned(), audit_without_hash: last };
            let id = settings.sealer.key_id();
            let sealed = settings.sealer.seal_json(&settings.entropy, &[LABEL, &id.to_be_bytes()], &check)?;
            let Moment(now) = settings.clock.now();
            sql!(
                conn, execute, "INSERT INTO sealing_key (key_id, sealed, created) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING", id, sealed, now
            )?;
            Ok(())
        })
    }
}

async fn last_place(conn: &mut Conn<'_>) -> Result<i64, Error> {
    let (last,) = sql!(conn, fetch_one as (i64,), "SELECT COALESCE(MAX(place), 0) FROM audit")?;
    Ok(last)
}

fn wrong_key() -> Error {
    Error::Unfit(
        "the sealing key is not the one that this database was sealed with: put back the key file that belongs to it"
            .into(),
    )
}

/// The check of the sealer's key among those of a database, or why it is not there.
fn verify(sealer: &Sealer, checks: &[SealedCheck]) -> Result<KeyCheck, Error> {
    let Some((id, sealed)) = checks.iter().find(|(id, _)| *id == sealer.key_id()) else {
        let known: Vec<String> = checks.iter().map(|(id, _)| id.to_string()).collect();
        return Err(Error::Unfit(format!(
            "the database was sealed with a key of id {}, and this program seals with id {}: start a version that knows that key",
            known.join(", "),
            sealer.key_id()
        )));
    };
    let check: KeyCheck = sealer.open_json(&[LABEL, &id.to_be_bytes()], sealed).map_err(|_| wrong_key())?;
    if check.constant == CONSTANT { Ok(check) } else { Err(wrong_key()) }
}

async fn key_checks(conn: &mut Conn<'_>) -> Result<Vec<SealedCheck>, Error> {
    Ok(sql!(conn, fetch_all as SealedCheck, "SELECT key_id, sealed FROM sealing_key ORDER BY key_id")?)
}

/// Whether a table is there: a statement about one that is not is an error.
async fn has_table(conn: &mut Conn<'_>, table: &'static str) -> Result<bool, Error> {
    let (tables,) = match conn {
        Conn::Sqlite(c) => {
            sqlx::query_as::<_, (i64,)>("SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = $1")
                .bind(table)
                .fetch_one(&mut **c)
                .await?
        }
        Conn::Postgres(c) => {
            sqlx::query_as::<_, (i64,)>("SELECT COUNT(to_regclass($1))").bind(table).fetch_one(&mut **c).await?
        }
    };
    Ok(tables > 0)
}

/// A connection of its own, which creates and changes nothing; nothing where there is no database.
enum Look {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}
impl Look {
    async fn at(url: &str) -> Result<Option<Self>, Error> {
        if pools::is_postgres(url) {
            return Ok(Some(Self::Postgres(PgConnection::connect(url).await?)));
        }
        let options = SqliteConnectOptions::from_str(url)?.create_if_missing(false);
        if !options.get_filename().exists() {
            return Ok(None);
        }
        Ok(Some(Self::Sqlite(SqliteConnection::connect_with(&options).await?)))
    }
    fn conn(&mut self) -> Conn<'_> {
        match self {
            Self::Sqlite(connection) => Conn::Sqlite(connection),
            Self::Postgres(connection) => Conn::Postgres(connection),
        }
    }
    async fn close(self) -> Result<(), Error> {
        match self {
            Self::Sqlite(connection) => connection.close().await?,
            Self::Postgres(connection) => connection.close().await?,
        }
        Ok(())
    }
}

/// The checks of keys in a database as it stands; nothing if it has none.
async fn existing_checks(url: &str) -> Result<Option<Vec<SealedCheck>>, Error> {
    let Some(mut look) = Look::at(url).await? else { return Ok(None) };
    let conn = &mut look.conn();
    let checks = if has_table(conn, "sealing_key").await? { key_checks(conn).await? } else { Vec::new() };
    look.close().await?;
    Ok(Some(checks).filter(|checks| !checks.is_empty()))
}

/// Whether a database holds anything that was sealed, so that a new sealing key could not read it. Creates and changes nothing.
pub async fn is_sealed(url: &str) -> Result<bool, Error> {
    if existing_checks(url).await?.is_some() {
        return Ok(true);
    }
    let Some(mut look) = Look::at(url).await? else { return Ok(false) };
    let conn = &mut look.conn();
    let mut people = 0;
    if has_table(conn, "person").await? {
        let count = "SELECT COUNT(*) FROM (SELECT id FROM person LIMIT 1) AS one";
        (people,) = sql!(conn, fetch_one as (i64,), count)?;
    }
    look.close().await?;
    Ok(people > 0)
}
