//! Generations of the dictionaries. A change is written under a new generation and becomes visible at once, when the
//! generation gets its number.
use super::{
    DictionaryKind, Entry,
    entry::{self, EntryRow, to_lines},
};
use crate::{
    Error, Moment, Registry,
    db::{Conn, sql, statements, transaction},
};
use forms::ids::DictionaryId;
use futures::TryStreamExt;
use sqlx::QueryBuilder;
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

/// Rows written in one transaction: few enough that a submission hardly waits meanwhile.
pub(super) const BATCH: usize = 50;
/// The changes of a kind after one generation and up to another. `CROSS` makes SQLite begin with the generations; otherwise it
/// would scan all entries of the kind.
const CHANGES_OF_A_KIND: &str = "SELECT e.id, e.generation, e.name, e.former, e.region, e.weight, e.includes, e.merged_into, e.active \
                                 FROM dictionary_generation g CROSS JOIN dictionary_entry e \
                                 WHERE g.number > $1 AND g.number <= $2 AND e.generation = g.id AND e.kind = $3 \
                                 ORDER BY g.number LIMIT $4";
/// All entries of a kind. The expression keeps the engines from using an index: reading a million rows in their order on disk is
/// ten times as fast.
const ALL_OF_A_KIND: &str = "SELECT id, generation, name, former, region, weight, includes, merged_into, active \
                             FROM dictionary_entry WHERE kind || '' = $1";
/// An import that wrote nothing for so long was given up: 15 minutes in microseconds.
const GIVEN_UP: i64 = 15 * 60 * 1_000_000;

/// The number of the latest generation.
pub(crate) async fn latest(conn: &mut Conn<'_>) -> Result<i64, Error> {
    let (number,): (i64,) =
        sql!(conn, fetch_one as (i64,), "SELECT COALESCE(MAX(number), 0) FROM dictionary_generation")?;
    Ok(number)
}

impl Registry {
    /// The number of the latest generation: it grows with every change of the dictionaries.
    pub async fn dictionary_number(&self) -> Result<i64, Error> {
        self.read(|conn| Box::pin(latest(conn))).await
    }

    /// All entries of a kind as they stood at a generation, in the order of their ids.
    pub async fn dictionary_entries(&self, kind: DictionaryKind, number: i64) -> Result<Vec<Entry>, Error> {
        self.read_bulk(move |conn| {
            Box::pin(async move {
                let numbers: HashMap<Uuid, i64> = sql!(
                    conn,
                    fetch_all as (Uuid, i64),
                    "SELECT id, number FROM dictionary_generation WHERE number <= $1",
                    number
                )?
                .into_iter()
                .collect();
                let mut entries: Vec<(Uuid, i64, Entry)> = Vec::new();
                let mut keep = |row: EntryRow| {
                    if let Some(number) = numbers.get(&row.generation) {
                        entries.push((row.id, *number, row.into()));
                    }
                };
                match conn {
                    Conn::Sqlite(connection) => {
                        statements::note(ALL_OF_A_KIND, 1);
                        let mut rows =
                            sqlx::query_as::<_, EntryRow>(ALL_OF_A_KIND).bind(kind.code()).fetch(&mut **connection);
                        while let Some(row) = rows.try_next().await? {
                            keep(row);
                        }
                    }
                    Conn::Postgres(connection) => {
                        statements::note(ALL_OF_A_KIND, 2);
                        let mut rows =
                            sqlx::query_as::<_, EntryRow>(ALL_OF_A_KIND).bind(kind.code()).fetch(&mut **connection);
                        while let Some(row) = rows.try_next().await? {
                            keep(row);
                        }
                    }
                }
                // The latest version of each entry counts.
                entries.sort_unstable_by_key(|(id, number, _)| (*id, std::cmp::Reverse(*number)));
                entries.dedup_by_key(|(id, ..)| *id);
                Ok(entries.into_iter().map(|(.., entry)| entry).collect())
            })
        })
        .await
    }

    /// The entries of a kind that changed after a generation and up to another, as they stand then; nothing where there are
    /// more than `most` rows.
    pub(super) async fn dictionary_changes(
        &self,
        kind: DictionaryKind,
        (after, until): (i64, i64),
        most: usize,
    ) -> Result<Option<Vec<Entry>>, Error> {
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        let rows = self
            .read(move |conn| {
                Box::pin(async move {
                    Ok(sql!(conn, fetch_all as EntryRow, CHANGES_OF_A_KIND, after, until, kind.code(), most + 1)?)
                })
            })
            .await?;
        if rows.len() as i64 > most {
            return Ok(None);
        }
        let latest: BTreeMap<Uuid, Entry> = rows.into_iter().map(|row| (row.id, row.into())).collect();
        Ok(Some(latest.into_values().collect()))
    }

    /// How many imports were begun and neither count nor were cleared away.
    pub async fn imports_under_way(&self) -> Result<i64, Error> {
        self.read(|conn| {
            Box::pin(async move {
                let (count,) =
                    sql!(conn, fetch_one as (i64,), "SELECT COUNT(*) FROM dictionary_generation WHERE number IS NULL")?;
                Ok(count)
            })
        })
        .await
    }

    /// Deactivates an entry, or activates it again.
    pub async fn set_name_active(&self, id: DictionaryId, active: bool) -> Result<(), Error> {
        let registry = self.clone();
        transaction!(self, [registry], conn => {
            let number = latest(conn).await?;
            let (kind, stands) = entry::entry(conn, id).await?.ok_or(Error::NotFound)?;
            let settings = registry.settings();
            let now = settings.clock.now();
            let id = settings.entropy.uuid(now);
            change(conn, kind, ("staff", id, now), number, &[Entry { active, ..stands }]).await
        })
    }

    /// Removes what interrupted imports left.
    pub(crate) async fn drop_given_up(&self) -> Result<(), Error> {
        let before = self.settings().clock.now().0 - GIVEN_UP;
        let dead = self
            .read(move |conn| {
                Box::pin(async move {
                    Ok(sql!(
                        conn,
                        fetch_all as (Uuid,),
                        "SELECT id FROM dictionary_generation WHERE number IS NULL AND touched < $1",
                        before
                    )?)
                })
            })
            .await?;
        for (generation,) in dead {
            loop {
                let gone = transaction!(self, [], conn => Ok(sql!(
                    conn, execute,
                    "DELETE FROM dictionary_entry WHERE generation = $1 AND id IN \
                     (SELECT id FROM dictionary_entry WHERE generation = $1 LIMIT 400)",
                    generation
                )?))?;
                if gone == 0 {
                    break;
                }
            }
            transaction!(self, [], conn => Ok(sql!(
                conn, execute, "DELETE FROM dictionary_generation WHERE id = $1 AND number IS NULL", generation
            )?))?;
        }
        Ok(())
    }
}

/// Writes a small generation within a transaction, given its source, id and moment. `made_from` is the generation that the
/// caller read before anything else: a generation that comes in between makes the transaction run again.
pub(crate) async fn change(
    conn: &mut Conn<'_>,
    kind: DictionaryKind,
    (source, generation, now): (&str, Uuid, Moment),
    made_from: i64,
    entries: &[Entry],
) -> Result<(), Error> {
    begin(conn, generation, source, now).await?;
    put(conn, kind, generation, entries).await?;
    number(conn, generation, made_from + 1).await
}

/// Begins a generation that is not visible yet.
pub(super) async fn begin(conn: &mut Conn<'_>, generation: Uuid, source: &str, now: Moment) -> Result<(), Error> {
    sql!(
        conn,
        execute,
        "INSERT INTO dictionary_generation (id, source, touched) VALUES ($1, $2, $3)",
        generation,
        source,
        now.0
    )?;
    Ok(())
}

/// Writes entries, [`BATCH`] in one statement: one by one, a million would take an hour.
pub(super) async fn put(
    conn: &mut Conn<'_>,
    kind: DictionaryKind,
    generation: Uuid,
    entries: &[Entry],
) -> Result<(), Error> {
    const INSERT: &str = "INSERT INTO dictionary_entry \
         (id, generation, kind, name, former, region, weight, includes, merged_into, active) ";
    macro_rules! insert {
        ($connection:expr, $engine:ty, $rows:expr) => {{
            let mut statement = QueryBuilder::<$engine>::new(INSERT);
            statement.push_values($rows, |mut row, entry| {
                row.push_bind(entry.id.uuid()).push_bind(generation).push_bind(kind.code()).push_bind(&entry.name);
                row.push_bind(to_lines(&entry.former_names))
                    .push_bind(&entry.region)
                    .push_bind(i64::from(entry.weight));
                row.push_bind(to_lines(&entry.includes)).push_bind(entry.merged_into.map(DictionaryId::uuid));
                row.push_bind(entry.active);
            });
            statement.build().persistent($rows.len() == BATCH).execute(&mut **$connection).await?;
        }};
    }
    for rows in entries.chunks(BATCH) {
        match conn {
            Conn::Sqlite(connection) => {
                statements::note(INSERT, 1);
                insert!(connection, sqlx::Sqlite, rows)
            }
            Conn::Postgres(connection) => {
                statements::note(INSERT, 2);
                insert!(connection, sqlx::Postgres, rows)
            }
        }
    }
    Ok(())
}

/// Makes a generation visible that was made from generation `made_from`. Entries that others changed since are removed from it;
/// returns how many those were.
pub(super) async fn publish(conn: &mut Conn<'_>, generation: Uuid, made_from: i64) -> Result<u64, Error> {
    let last = latest(conn).await?;
    let mut changed = 0;
    if last > made_from {
        changed = sql!(
            conn,
            execute,
            "DELETE FROM dictionary_entry WHERE generation = $1 AND id IN (
                SELECT e.id FROM dictionary_generation g JOIN dictionary_entry e ON e.generation = g.id WHERE g.number > $2
             )",
            generation,
            made_from
        )?;
    }
    number(conn, generation, last + 1).await?;
    Ok(changed)
}

/// Gives a generation its number. Of two at once only one can have it; the other tries again.
async fn number(conn: &mut Conn<'_>, generation: Uuid, number: i64) -> Result<(), Error> {
    let done = sql!(
        conn,
        execute,
        "UPDATE dictionary_generation SET number = $2 WHERE id = $1 AND number IS NULL",
        generation,
        number
    )?;
    // Another import may have removed one that stood still for long.
    if done == 1 { Ok(()) } else { Err(Error::GivenUp) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Settings;

    #[tokio::test]
    async fn what_changed_is_found_without_going_through_what_did_not() -> Result<(), Box<dyn std::error::Error>> {
        let folder = tempfile::tempdir()?;
        let url = format!("sqlite:{}/registry.db", folder.path().display());
        let registry = Registry::open(Settings::new(&url, &[7; 32])).await?;
        let plan = registry
            .read(|conn| {
                Box::pin(async move {
                    let Conn::Sqlite(connection) = conn else { return Ok(Vec::new()) };
                    let plan = sqlx::AssertSqlSafe(format!("EXPLAIN QUERY PLAN {CHANGES_OF_A_KIND}"));
                    let rows = sqlx::query_as::<_, (i64, i64, i64, String)>(plan);
                    Ok(rows.bind(1).bind(2).bind("school").bind(3).fetch_all(&mut **connection).await?)
                })
            })
            .await?;
        let steps: Vec<&str> = plan.iter().map(|(.., step)| step.as_str()).collect();
        let [generations, entries] = steps.as_slice() else { return Err(format!("{steps:?}").into()) };
        assert!(generations.starts_with("SEARCH g ") && generations.contains("number>?"), "{steps:?}");
        assert!(entries.starts_with("SEARCH e ") && entries.contains("(generation=? AND kind=?)"), "{steps:?}");
        registry.close().await;
        Ok(())
    }
}
