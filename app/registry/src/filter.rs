//! Lists with optional filters: static fragments put together, the one place where a statement is not a literal.
use crate::{
    Error,
    db::{Conn, statements},
};
use sqlx::{AssertSqlSafe, FromRow, postgres::PgRow, sqlite::SqliteRow};
use uuid::Uuid;

/// A value that a filter compares with.
#[derive(Clone)]
pub(crate) enum Bind {
    Text(String),
    Number(i64),
    Bytes(Vec<u8>),
    Id(Uuid),
}

/// A statement that grows by fragments. Every `?` of a fragment takes the next value.
pub(crate) struct Filter {
    sql: String,
    binds: Vec<Bind>,
}
impl Filter {
    pub(crate) fn new(begin: &'static str) -> Self {
        Self { sql: begin.to_owned(), binds: Vec::new() }
    }
    pub(crate) fn add(&mut self, fragment: &'static str, binds: impl IntoIterator<Item = Bind>) {
        let mut binds = binds.into_iter();
        for piece in fragment.split_inclusive('?') {
            match (piece.strip_suffix('?'), binds.next()) {
                (Some(before), Some(bind)) => {
                    self.binds.push(bind);
                    self.sql.push_str(&format!("{before}${}", self.binds.len()));
                }
                _ => self.sql.push_str(piece),
            }
        }
    }
    /// Runs the statement.
    pub(crate) async fn fetch_all<T>(self, conn: &mut Conn<'_>) -> Result<Vec<T>, Error>
    where
        T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin,
    {
        macro_rules! run {
            ($c:expr, $engine:literal) => {{
                statements::note_made(&self.sql, $engine);
                let mut query = sqlx::query_as::<_, T>(AssertSqlSafe(self.sql));
                for bind in self.binds {
                    query = match bind {
                        Bind::Text(value) => query.bind(value),
                        Bind::Number(value) => query.bind(value),
                        Bind::Bytes(value) => query.bind(value),
                        Bind::Id(value) => query.bind(value),
                    };
                }
                Ok(query.fetch_all(&mut **$c).await?)
            }};
        }
        match conn {
            Conn::Sqlite(c) => run!(c, 1),
            Conn::Postgres(c) => run!(c, 2),
        }
    }
}
