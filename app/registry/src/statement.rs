//! A connection of either engine, and the macros by which each statement is written once.
use sqlx::{PgConnection, SqliteConnection};

/// A connection of either engine, inside or outside a transaction.
pub(crate) enum Conn<'c> {
    Sqlite(&'c mut SqliteConnection),
    Postgres(&'c mut PgConnection),
}

/// Runs one statement on whichever engine: `sql!(conn, execute, "…", binds…)`, or
/// `sql!(conn, fetch_all as Row, "…", binds…)`. Only the arm that runs evaluates the binds.
macro_rules! sql {
    ($conn:expr, execute, $sql:expr $(, $bind:expr)* $(,)?) => {{
        let statement: &'static str = $sql;
        match $conn {
            $crate::statement::Conn::Sqlite(c) => {
                $crate::statement::statements::note(statement, 1);
                sqlx::query(statement)$(.bind($bind))*.execute(&mut **c).await.map(|result| result.rows_affected())
            }
            $crate::statement::Conn::Postgres(c) => {
                $crate::statement::statements::note(statement, 2);
                sqlx::query(statement)$(.bind($bind))*.execute(&mut **c).await.map(|result| result.rows_affected())
            }
        }
    }};
    ($conn:expr, $fetch:ident as $row:ty, $sql:expr $(, $bind:expr)* $(,)?) => {{
        let statement: &'static str = $sql;
        match $conn {
            $crate::statement::Conn::Sqlite(c) => {
                $crate::statement::statements::note(statement, 1);
                sqlx::query_as::<_, $row>(statement)$(.bind($bind))*.$fetch(&mut **c).await
            }
            $crate::statement::Conn::Postgres(c) => {
                $crate::statement::statements::note(statement, 2);
                sqlx::query_as::<_, $row>(statement)$(.bind($bind))*.$fetch(&mut **c).await
            }
        }
    }};
}
pub(crate) use sql;

/// Runs a transaction: `transaction!(registry, [captured, names], conn => { … })`. The body may run more than once, so it gets
/// its own clones of what it captures.
macro_rules! transaction {
    ($registry:expr, [$($captured:ident),*], $conn:ident => $body:expr) => {
        $registry.write(move |$conn| { $(let $captured = $captured.clone();)* Box::pin(async move { $body }) }).await
    };
}
pub(crate) use transaction;

/// Which statements ran on which engine, for the tests. Only builds with debug assertions keep it.
///
/// Statements are kept by scope. A test runs in a scope of its own, whose number each of its threads has entered, so that tests
/// of one process may run at the same time.
pub mod statements {
    use std::{borrow::Cow, cell::Cell, collections::BTreeMap, sync::Mutex};

    static SEEN: Mutex<BTreeMap<(u64, Cow<'static, str>), u8>> = Mutex::new(BTreeMap::new());
    thread_local! { static SCOPE: Cell<u64> = const { Cell::new(0) }; }

    /// Statements of this thread are kept in that scope from now on; 0 is the scope of everything else.
    pub fn enter_scope(scope: u64) {
        SCOPE.set(scope);
    }
    /// Notes that a statement ran: 1 on SQLite, 2 on PostgreSQL.
    pub(crate) fn note(sql: &'static str, engine: u8) {
        note_as(Cow::Borrowed(sql), engine);
    }
    /// Notes a statement that was composed by a filter.
    pub(crate) fn note_made(sql: &str, engine: u8) {
        note_as(Cow::Owned(sql.to_owned()), engine);
    }
    fn note_as(sql: Cow<'static, str>, engine: u8) {
        if cfg!(debug_assertions)
            && SCOPE.get() != 0
            && let Ok(mut seen) = SEEN.lock()
        {
            *seen.entry((SCOPE.get(), sql)).or_default() |= engine;
        }
    }
    /// The statements of a scope, with the engines on which each ran: 1 SQLite, 2 PostgreSQL, 3 both.
    pub fn of_scope(scope: u64) -> Vec<(String, u8)> {
        let of = |((own, sql), engines): (&(u64, Cow<'static, str>), &u8)| {
            (*own == scope).then(|| (sql.to_string(), *engines))
        };
        SEEN.lock().map(|seen| seen.iter().filter_map(of).collect()).unwrap_or_default()
    }
}
