//! What was done to whose record, by whom: a row in the same transaction as the deed.
use crate::{Error, Registry, db::Conn, db::query};
use uuid::Uuid;

pub(crate) async fn record(
    conn: &mut Conn<'_>,
    registry: &Registry,
    actor: Uuid,
    action: &str,
    subject: Uuid,
) -> Result<(), Error> {
    let settings = registry.settings();
    let now = settings.clock.now();
    query!(
        conn,
        execute,
        "INSERT INTO audit (id, at, actor, action, subject) VALUES ($1, $2, $3, $4, $5)",
        settings.entropy.uuid(now),
        now.0,
        actor,
        action,
        subject
    )?;
    Ok(())
}

impl Registry {
    /// How often an action was recorded for a subject.
    pub async fn audited(&self, action: &str, subject: Uuid) -> Result<i64, Error> {
        let action = action.to_owned();
        self.read(move |conn| {
            Box::pin(async move {
                let (count,) = query!(
                    conn,
                    fetch_one as (i64,),
                    "SELECT COUNT(*) FROM audit WHERE action = $1 AND subject = $2",
                    action,
                    subject
                )?;
                Ok(count)
            })
        })
        .await
    }
}
