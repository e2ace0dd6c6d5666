//! Opening a database: what has to be right before anything is read or written.
//!
//! Each sealing key leaves a constant, sealed with it, in the database. Where that does not open, the key is not the one that the
//! people's data were sealed with, and the program refuses to start.
use crate::{
    Error, Health, Moment, Registry, Settings,
    db::{Conn, sql, transaction},
    pools::{self, Pools},
};
use serde::{Deserialize, Serialize};
use sqlx::{Connection, PgConnection, SqliteConnection, sqlite::SqliteConnectOptions};
use std::str::FromStr;
use uuid::Uuid;

/// Begins the associated data of a check; the id of the key follows.
const LABEL: &[u8] = b"sealing_key";
/// What is sealed as the check of a key.
const CONSTANT: &str = "yikao";

/// The sealed check of a key.
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
        let sealer = self.settings().sealer.clone();
        let checks = self.key_checks().await?;
        let Some((_, sealed)) = checks.iter().find(|(id, _)| *id == sealer.key_id()) else {
            return Err(Error::Unfit(format!(
                "the database was sealed with a key of id {}, and this program seals with id {}: start a version that knows that key",
                checks.iter().map(|(id, _)| id.to_string()).collect::<Vec<_>>().join(", "),
                sealer.key_id()
            )));
        };
        let check: KeyCheck =
            sealer.open_json(&[LABEL, &sealer.key_id().to_be_bytes()], sealed).map_err(|_| wrong_key())?;
        if check.constant != CONSTANT {
            return Err(wrong_key());
        }
        self.expect_audit_hashes_after(check.audit_without_hash);
        Ok(())
    }

    async fn key_checks(&self) -> Result<Vec<(i64, Vec<u8>)>, Error> {
        self.read(|conn| {
            Box::pin(async move {
                Ok(sql!(conn, fetch_all as (i64, Vec<u8>), "SELECT key_id, sealed FROM sealing_key ORDER BY key_id")?)
            })
        })
        .await
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

/// Whether a database holds anything that was sealed, so that a new sealing key could not read it. Creates and changes nothing.
pub async fn is_sealed(url: &str) -> Result<bool, Error> {
    // A statement about a table that is not there is an error, so the tables are looked for first.
    async fn any(conn: &mut Conn<'_>) -> Result<bool, Error> {
        for (table, count) in [
            ("sealing_key", "SELECT COUNT(*) FROM (SELECT key_id FROM sealing_key LIMIT 1) AS one"),
            ("person", "SELECT COUNT(*) FROM (SELECT id FROM person LIMIT 1) AS one"),
        ] {
            let (tables,) = match conn {
                Conn::Sqlite(c) => {
                    sqlx::query_as::<_, (i64,)>("SELECT COUNT(*) FROM sqlite_master WHERE name = $1")
                        .bind(table)
                        .fetch_one(&mut **c)
                        .await?
                }
                Conn::Postgres(c) => {
                    sqlx::query_as::<_, (i64,)>("SELECT COUNT(*) FROM pg_tables WHERE tablename = $1")
                        .bind(table)
                        .fetch_one(&mut **c)
                        .await?
                }
            };
            if tables > 0 && sql!(conn, fetch_one as (i64,), count)?.0 > 0 {
                return Ok(true);
            }
        }
        Ok(false)
    }
    if pools::is_postgres(url) {
        any(&mut Conn::Postgres(&mut PgConnection::connect(url).await?)).await
    } else {
        let options = SqliteConnectOptions::from_str(url)?;
        if !options.get_filename().exists() {
            return Ok(false);
        }
        any(&mut Conn::Sqlite(&mut SqliteConnection::connect_with(&options).await?)).await
    }
}
