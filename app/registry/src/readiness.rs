//! Whether this process can do its work: reads, writes durably, knows the time, and its background loops run.
use crate::{
    Error, NotReady, Registry,
    db::{Conn, sql, transaction},
};
use std::time::Duration;
use tokio::time::Instant;

/// How long an answer about readiness holds.
const HOLDS: Duration = Duration::from_secs(1);
/// The furthest that this machine's clock may be from the database's, in microseconds.
const LARGEST_SKEW: i64 = 1_000_000;
/// Of several measurements of the database's clock the one with the fastest answer counts.
const MEASUREMENTS: usize = 3;
/// A measurement that took longer says too little, in microseconds: it may be wrong by half of that.
const LONGEST_MEASUREMENT: i64 = 500_000;
/// A difference of the clocks that is not told from the measurement, in microseconds: SQLite's time has milliseconds.
const NO_DIFFERENCE: i64 = 2_000;

impl Registry {
    /// Whether this process is ready. An answer holds for a second, so that asking often costs nothing.
    ///
    /// # Errors
    /// Why it is not.
    pub async fn ready(&self) -> Result<(), NotReady> {
        let mut last = self.readiness().lock().await;
        if let Some((at, answer)) = &*last
            && at.elapsed() < HOLDS
        {
            return answer.clone();
        }
        let answer = self.look().await;
        *last = Some((Instant::now(), answer.clone()));
        answer
    }

    async fn look(&self) -> Result<(), NotReady> {
        self.measure_clock().await.map_err(|_| NotReady::Reading)?;
        self.ping().await.map_err(|_| NotReady::Reading)?;
        // Where people's writes go through, a write of our own would only make them wait.
        if !self.wrote_within(HOLDS.as_millis() as u64) {
            self.sign_of_life().await.map_err(|_| NotReady::Writing)?;
        }
        let skew = self.settings().clock.offset();
        if skew.abs() > LARGEST_SKEW {
            return Err(NotReady::Clock(skew / 1000));
        }
        let ill = self.health().ill();
        if ill.is_empty() { Ok(()) } else { Err(NotReady::Loops(ill.join(", "))) }
    }

    /// Asks the database for nothing but an answer.
    async fn ping(&self) -> Result<(), Error> {
        self.read(|conn| {
            Box::pin(async move {
                sql!(conn, fetch_one as (i64,), "SELECT CAST(1 AS BIGINT)")?;
                Ok(())
            })
        })
        .await
    }

    /// A durable write: the row of this process.
    async fn sign_of_life(&self) -> Result<(), Error> {
        let (node, clock) = (self.node(), self.settings().clock.clone());
        transaction!(self, [clock], conn => {
            sql!(
                conn, execute,
                "INSERT INTO node (id, seen, clock_offset) VALUES ($1, $2, $3)
                 ON CONFLICT (id) DO UPDATE SET seen = $2, clock_offset = $3",
                node, clock.now().0, clock.offset()
            )?;
            Ok(())
        })
    }

    /// Measures by how much this machine's clock differs from the database's, and corrects it. A clock that a test set stays.
    pub async fn measure_clock(&self) -> Result<(), Error> {
        let clock = self.settings().clock.clone();
        let mut best: Option<(i64, i64)> = None;
        for _ in 0..MEASUREMENTS {
            let Some(asked) = clock.uncorrected() else { return Ok(()) };
            let told = self.read(|conn| Box::pin(database_time(conn))).await?;
            let answered = clock.uncorrected().unwrap_or(asked).0;
            let (took, offset) = (answered - asked.0, told - asked.0.midpoint(answered));
            if best.is_none_or(|(fastest, _)| took < fastest) {
                best = Some((took, offset));
            }
        }
        if let Some((took, offset)) = best
            && took < LONGEST_MEASUREMENT
        {
            clock.correct(if offset.abs() < NO_DIFFERENCE { 0 } else { offset });
        }
        Ok(())
    }
}

/// The database's time, in microseconds since 1970. The engines have no spelling in common.
async fn database_time(conn: &mut Conn<'_>) -> Result<i64, Error> {
    let (micros,) = match conn {
        Conn::Sqlite(c) => {
            sqlx::query_as::<_, (i64,)>("SELECT CAST(unixepoch('subsec') * 1000 AS INTEGER) * 1000")
                .fetch_one(&mut **c)
                .await?
        }
        Conn::Postgres(c) => {
            sqlx::query_as::<_, (i64,)>("SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT)")
                .fetch_one(&mut **c)
                .await?
        }
    };
    Ok(micros)
}
