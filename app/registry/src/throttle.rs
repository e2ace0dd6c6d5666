//! Attempts within an hour, counted in the database so that several nodes agree.
//!
//! A bucket is a keyed hash: the table names neither accounts nor networks. What is refused is only read, so that a flood
//! writes no more than its budgets allow.
use crate::{
    Error, Moment, Network, Registry, Token,
    db::{Conn, sql},
};
use std::net::IpAddr;

/// Seconds that a window lasts from its first attempt.
const WINDOW: i64 = 3600;
/// Attempts of a window after which pauses begin.
const FREE: i64 = 4;
/// The longest pause, in seconds.
const LONGEST_PAUSE: i64 = 300;
/// How many budgets of one network the unknown networks have together, for one account in an hour.
const UNKNOWN_NETWORKS: i64 = 10;
/// How many budgets of a narrow network its wide network has (a /24 or a /48).
const WIDE_NETWORK: i64 = 2;

/// What is attempted, about whom and from where.
pub(crate) struct Attempted<'a> {
    /// The kind of the attempt: each has budgets of its own.
    pub(crate) kind: &'static str,
    /// What it is about, as it was typed: something that nobody has is counted like something that somebody has.
    pub(crate) key: &'a str,
    /// The client's address. Attempts without one count as one network.
    pub(crate) address: Option<IpAddr>,
    /// The cookie of a browser that the account knows.
    pub(crate) device: Option<&'a Token>,
    /// Whether it is not counted with those of all unknown networks together.
    pub(crate) is_usual: bool,
}

/// How many attempts a bucket has in a window.
#[derive(Clone, Debug)]
pub(crate) struct Budget {
    /// A keyed hash of what is counted.
    pub(crate) bucket: Vec<u8>,
    /// Attempts in a window.
    pub(crate) most: i64,
    /// Whether a pause follows each attempt after the first few. A bucket that several people may share has none.
    pub(crate) pauses: bool,
}

/// Seconds until the next attempt after so many: none at first, then 1, 2, 4, … up to five minutes.
fn pause(used: i64) -> i64 {
    if used <= FREE { 0 } else { (1 << (used - FREE - 1).min(30)).min(LONGEST_PAUSE) }
}

impl Registry {
    /// What an attempt is counted against: the browser, if it is known; otherwise its networks.
    pub(crate) fn budgets(&self, attempted: &Attempted<'_>) -> Vec<Budget> {
        let Attempted { kind, key, address, device, is_usual } = *attempted;
        let most = self.settings().login_budget;
        if most == i64::MAX {
            return Vec::new();
        }
        let budget = |purpose: &str, of: &str, budgets: i64, pauses: bool| Budget {
            bucket: self.settings().sealer.blind_index(purpose, &format!("{kind} {key} {of}")),
            most: most.saturating_mul(budgets),
            pauses,
        };
        if let Some(device) = device {
            return vec![budget("attempts of a device", device.expose(), 1, true)];
        }
        let network = address.map(Network::of);
        let text = |of: fn(Network) -> IpAddr| network.map(|network| of(network).to_string()).unwrap_or_default();
        let mut budgets = vec![
            budget("attempts of a narrow network", &text(Network::narrow), 1, true),
            budget("attempts of a wide network", &text(Network::wide), WIDE_NETWORK, false),
        ];
        if !is_usual {
            budgets.push(budget("attempts of unknown networks", "", UNKNOWN_NETWORKS, false));
        }
        budgets
    }

    /// Takes one attempt from each budget, or from none, and says whether each had one left.
    pub(crate) async fn take_attempts(&self, budgets: &[Budget]) -> Result<bool, Error> {
        let (now, budgets) = (self.settings().clock.now(), budgets.to_vec());
        let asked = budgets.clone();
        let open = self.read(move |conn| {
            Box::pin(async move {
                for Budget { bucket, most, .. } in asked {
                    let exhausted = sql!(
                        conn,
                        fetch_optional as (i64,),
                        "SELECT used FROM throttle WHERE bucket = $1 AND since > $2 AND (used >= $3 OR paused > $4)",
                        bucket,
                        now.plus_seconds(-WINDOW).0,
                        most,
                        now.0
                    )?;
                    if exhausted.is_some() {
                        return Ok(false);
                    }
                }
                Ok(true)
            })
        });
        if !open.await? {
            return Ok(false);
        }
        // Not durable: a power failure may give attempts back, and a flood must not make everybody wait for the disk.
        let taken = self.write_relaxed(move |conn| {
            let budgets = budgets.clone();
            Box::pin(async move {
                for budget in budgets {
                    take(conn, now, budget).await?;
                }
                Ok(())
            })
        });
        match taken.await {
            Ok(()) => Ok(true),
            // Others took the last attempt meanwhile; the transaction gave back what it had taken.
            Err(Error::Conflict) => Ok(false),
            Err(error) => Err(error),
        }
    }
}

async fn take(conn: &mut Conn<'_>, now: Moment, Budget { bucket, most, pauses }: Budget) -> Result<(), Error> {
    let used = sql!(
        conn,
        fetch_optional as (i64,),
        "INSERT INTO throttle (bucket, since, used, paused) VALUES ($1, $2, 1, 0)
         ON CONFLICT (bucket) DO UPDATE SET
            used = CASE WHEN throttle.since <= $3 THEN 1 ELSE throttle.used + 1 END,
            paused = CASE WHEN throttle.since <= $3 THEN 0 ELSE throttle.paused END,
            since = CASE WHEN throttle.since <= $3 THEN $2 ELSE throttle.since END
            WHERE throttle.since <= $3 OR (throttle.used < $4 AND throttle.paused <= $2)
         RETURNING used",
        &bucket,
        now.0,
        now.plus_seconds(-WINDOW).0,
        most
    )?;
    let (used,) = used.ok_or(Error::Conflict)?;
    if pauses && pause(used) > 0 {
        let until = now.plus_seconds(pause(used));
        sql!(conn, execute, "UPDATE throttle SET paused = $2 WHERE bucket = $1", bucket, until.0)?;
    }
    Ok(())
}

/// After a success: a bucket with pauses is somebody's own and begins anew; a shared one gets its attempt back.
pub(crate) async fn refund(conn: &mut Conn<'_>, budgets: &[Budget]) -> Result<(), Error> {
    for Budget { bucket, pauses, .. } in budgets {
        if *pauses {
            sql!(conn, execute, "DELETE FROM throttle WHERE bucket = $1", bucket)?;
        } else {
            sql!(conn, execute, "UPDATE throttle SET used = used - 1 WHERE bucket = $1 AND used > 0", bucket)?;
        }
    }
    Ok(())
}

/// Whether this is the first time within so many seconds that the bucket is named, for what is written down only so often.
pub(crate) async fn is_first_within(
    conn: &mut Conn<'_>,
    bucket: &[u8],
    now: Moment,
    seconds: i64,
) -> Result<bool, Error> {
    let first = sql!(
        conn,
        execute,
        "INSERT INTO throttle (bucket, since, used) VALUES ($1, $2, 1)
         ON CONFLICT (bucket) DO UPDATE SET since = $2 WHERE throttle.since <= $3",
        bucket,
        now.0,
        now.plus_seconds(-seconds).0
    )?;
    Ok(first > 0)
}

/// Whether [`is_first_within`] would say yes; it is asked first, since most often the answer is no.
pub(crate) async fn may_be_first_within(
    conn: &mut Conn<'_>,
    bucket: &[u8],
    now: Moment,
    seconds: i64,
) -> Result<bool, Error> {
    let named = sql!(
        conn,
        fetch_optional as (i64,),
        "SELECT since FROM throttle WHERE bucket = $1 AND since > $2",
        bucket,
        now.plus_seconds(-seconds).0
    )?;
    Ok(named.is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_from_a_second_to_five_minutes() {
        let pauses: Vec<i64> = (1..=20).map(pause).collect();
        assert_eq!(pauses[..8], [0, 0, 0, 0, 1, 2, 4, 8]);
        assert_eq!(pauses[12..], [256, 300, 300, 300, 300, 300, 300, 300]);
        assert!(pauses.iter().sum::<i64>() < WINDOW);
    }
}
