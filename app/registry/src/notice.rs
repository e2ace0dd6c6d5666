//! Notices of the centre.
use crate::{
    Candidate, Error, Moment, Registry,
    db::{sql, transaction},
};
use forms::ids::NoticeId;
use uuid::Uuid;

/// A notice; its body is paragraphs separated by blank lines.
#[derive(Clone, Debug)]
pub struct Notice {
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
    id: Uuid,
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

impl Candidate {
    /// The notices that the candidate did not open yet.
    pub async fn unread_notices(&self) -> Result<Vec<NoticeId>, Error> {
        let account = self.account().uuid();
        self.registry()
            .read(move |conn| {
                Box::pin(async move {
                    let rows = sql!(
                        conn,
                        fetch_all as (Uuid,),
                        "SELECT id FROM notice WHERE NOT EXISTS (SELECT 1 FROM notice_read WHERE notice_id = notice.id AND account_id = $1)",
                        account
                    )?;
                    Ok(rows.into_iter().map(|(id,)| id.into()).collect())
                })
            })
            .await
    }
    /// Remembers that the candidate opened a notice.
    pub async fn read_notice(&self, id: NoticeId) -> Result<(), Error> {
        let account = self.account().uuid();
        transaction!(self.registry(), [], conn => {
            sql!(
                conn, execute, "INSERT INTO notice_read (account_id, notice_id) VALUES ($1, $2) ON CONFLICT DO NOTHING", account, id.uuid()
            )?;
            Ok(())
        })
    }
}
