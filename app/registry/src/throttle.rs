//! Attempts within an hour, counted in the database so that several nodes agree.
use crate::{
    Error, Registry,
    db::{sql, transaction},
};

const HOUR: i64 = 3_600_000_000;

impl Registry {
    /// Takes one attempt from a budget and says whether there was one left. The window begins with its first attempt.
    pub(crate) async fn take_attempt(&self, bucket: Vec<u8>, budget: i64) -> Result<bool, Error> {
        let now = self.settings().clock.now().0;
        transaction!(self, [bucket], conn => {
            let (used,) = sql!(
                conn, fetch_one as (i64,),
                "INSERT INTO throttle (bucket, since, used) VALUES ($1, $2, 1)
                 ON CONFLICT (bucket) DO UPDATE SET
                    used = CASE WHEN throttle.since < $3 THEN 1 ELSE throttle.used + 1 END,
                    since = CASE WHEN throttle.since < $3 THEN $2 ELSE throttle.since END
                 RETURNING used",
                bucket, now, now - HOUR
            )?;
            Ok(used <= budget)
        })
    }
    /// Gives a budget back after a success.
    pub(crate) async fn clear_attempts(&self, bucket: Vec<u8>) -> Result<(), Error> {
        transaction!(self, [bucket], conn => {
            sql!(conn, execute, "DELETE FROM throttle WHERE bucket = $1", bucket)?;
            Ok(())
        })
    }
}
