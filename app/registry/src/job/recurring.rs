//! Work that recurs by itself: each run schedules the next in the transaction that ends it, and the first is scheduled here.
use super::{Kind, enqueue};
use crate::{Error, Registry, db::sql, db::transaction};

impl Registry {
    /// Schedules what recurs and is not scheduled, and says how many jobs that were. Reads, and writes only if one is missing.
    pub async fn schedule_recurring_jobs(&self) -> Result<usize, Error> {
        let mut scheduled = 0;
        for kind in Kind::RECURRING {
            let key = kind.key();
            let waiting = self.read(move |conn| {
                Box::pin(async move {
                    let (count,) = sql!(
                        conn,
                        fetch_one as (i64,),
                        "SELECT COUNT(*) FROM job WHERE key = $1 AND state <> 'done' AND state <> 'dead'",
                        key
                    )?;
                    Ok(count)
                })
            });
            if waiting.await? == 0 {
                let registry = self.clone();
                transaction!(self, [registry, kind], conn => {
                    enqueue(conn, &registry, &kind, registry.settings().clock.now()).await
                })?;
                scheduled += 1;
            }
        }
        Ok(scheduled)
    }
}
