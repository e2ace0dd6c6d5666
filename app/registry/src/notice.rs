//! Notices of the centre.
use crate::{
    Error, Moment, Registry,
    db::{sql, transaction},
};
use forms::ids::NoticeId;

/// A notice; its body is paragraphs separated by blank lines.
#[derive(Clone, Debug)]
pub struct Notice {
    /// Its id.
    pub id: NoticeId,
    /// When it was published.
    pub published: Moment,
    /// Chinese title.
    pub title_zh: String,
    /// English title.
    pub title_en: String,
    /// Chinese text.
    pub body_zh: String,
    /// English text.
    pub body_en: String,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: uuid::Uuid,
    published: i64,
    title_zh: String,
    title_en: String,
    body_zh: String,
    body_en: String,
}
impl From<Row> for Notice {
    fn from(r: Row) -> Self {
        Self {
            id: r.id.into(),
            published: Moment(r.published),
            title_zh: r.title_zh,
            title_en: r.title_en,
            body_zh: r.body_zh,
            body_en: r.body_en,
        }
    }
}

impl Registry {
    /// The newest notices.
    pub async fn notices(&self) -> Result<Vec<Notice>, Error> {
        self.read(|conn| {
            Box::pin(async move {
                let rows =
                    sql!(conn, fetch_all as Row, "SELECT * FROM notice ORDER BY published DESC, id DESC LIMIT 50")?;
                Ok(rows.into_iter().map(Notice::from).collect())
            })
        })
        .await
    }
    /// One notice.
    pub async fn notice(&self, id: NoticeId) -> Result<Notice, Error> {
        self.read(move |conn| {
            Box::pin(async move {
                let row = sql!(conn, fetch_optional as Row, "SELECT * FROM notice WHERE id = $1", id.uuid())?;
                row.map(Notice::from).ok_or(Error::NotFound)
            })
        })
        .await
    }
    /// Publishes a notice.
    pub async fn publish(&self, notice: Notice) -> Result<(), Error> {
        transaction!(self, [notice], conn => {
            sql!(
                conn, execute,
                "INSERT INTO notice (id, published, title_zh, title_en, body_zh, body_en) VALUES ($1, $2, $3, $4, $5, $6)",
                notice.id.uuid(), notice.published.0, notice.title_zh, notice.title_en, notice.body_zh, notice.body_en
            )?;
            Ok(())
        })
    }
}
