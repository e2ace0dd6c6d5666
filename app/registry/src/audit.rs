//! The audit: who did what to which record, one row in the same transaction as the action.
//!
//! Rows form a hash chain. A row is chained a moment later by [`Registry::chain_audit`]: chaining it in its own transaction
//! would make every writer wait for the last link.
use crate::{Error, Moment, Registry, Sealer, db::Conn, db::sql, db::transaction};
use forms::ids::{AccountId, StaffId};
use sqlx::FromRow;
use uuid::Uuid;

/// Rows read or chained at a time.
pub const BATCH: i64 = 500;

/// Who did something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    /// A candidate, through their account.
    Candidate(AccountId),
    /// A member of the staff.
    Staff(StaffId),
    /// Whoever runs commands on the server.
    Operator,
    /// The server by itself, for example in a background job.
    System,
    /// A payment gateway.
    Gateway,
}
impl Actor {
    /// The value of `audit.actor_kind`.
    const fn kind(self) -> &'static str {
        match self {
            Self::Candidate(_) => "candidate",
            Self::Staff(_) => "staff",
            Self::Operator => "operator",
            Self::System => "system",
            Self::Gateway => "gateway",
        }
    }
    /// The value of `audit.actor`: nil for actors without an id.
    pub(crate) fn id(self) -> Uuid {
        match self {
            Self::Candidate(account) => account.uuid(),
            Self::Staff(staff) => staff.uuid(),
            Self::Operator | Self::System | Self::Gateway => Uuid::nil(),
        }
    }
    /// Nothing for rows that were written before kinds were recorded.
    fn parse(kind: Option<&str>, id: Uuid) -> Option<Self> {
        match kind? {
            "candidate" => Some(Self::Candidate(id.into())),
            "staff" => Some(Self::Staff(id.into())),
            "operator" => Some(Self::Operator),
            "system" => Some(Self::System),
            "gateway" => Some(Self::Gateway),
            _ => None,
        }
    }
}

/// What the audit says about one action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Audited {
    /// When it happened.
    pub at: Moment,
    /// Who did it; nothing in rows written before kinds of actors were recorded.
    pub actor: Option<Actor>,
    /// The code of the action.
    pub action: String,
    /// The record it was done to.
    pub subject: Uuid,
}

#[derive(FromRow)]
struct AuditRow {
    id: Uuid,
    at: i64,
    actor: Uuid,
    actor_kind: Option<String>,
    action: String,
    subject: Uuid,
}
impl AuditRow {
    /// The link of this row. It is keyed, so that write access to the database alone does not suffice to forge one.
    ///
    /// Rows without a kind of actor keep the link they had before kinds existed. The kind follows the length-prefixed
    /// action, so neither adding nor removing one gives the link of another row.
    fn link(&self, sealer: &Sealer, place: i64, before: &[u8]) -> Vec<u8> {
        let Self { id, at, actor, actor_kind, action, subject } = self;
        let (at, place, length) = (at.to_be_bytes(), place.to_be_bytes(), (action.len() as u64).to_be_bytes());
        let kind = actor_kind.as_deref().unwrap_or_default();
        let parts: [&[u8]; 9] = [
            before,
            &place,
            id.as_bytes(),
            &at,
            actor.as_bytes(),
            subject.as_bytes(),
            &length,
            action.as_bytes(),
            kind.as_bytes(),
        ];
        sealer.chain(&parts)
    }
}

impl From<AuditRow> for Audited {
    fn from(row: AuditRow) -> Self {
        Self {
            at: Moment(row.at),
            actor: Actor::parse(row.actor_kind.as_deref(), row.actor),
            action: row.action,
            subject: row.subject,
        }
    }
}

#[derive(FromRow)]
struct Link {
    place: i64,
    chain: Vec<u8>,
    #[sqlx(flatten)]
    row: AuditRow,
}

/// The last link of the chain.
#[derive(Default, FromRow)]
struct Head {
    place: i64,
    chain: Vec<u8>,
}

/// A fault in the chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Broken {
    /// The row at this place differs from what was chained.
    Changed {
        /// Its place.
        place: i64,
        /// Its id.
        id: Uuid,
    },
    /// Rows are missing.
    Missing {
        /// The first missing place.
        place: i64,
        /// The number of missing rows in a row.
        count: i64,
    },
}

/// The result of verifying the chain.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Findings {
    /// Chained rows that were verified.
    pub rows: i64,
    /// Place and link of the last row. Kept elsewhere, they reveal later that the end was cut off.
    pub head: Option<(i64, Vec<u8>)>,
    /// Faults in the order of places.
    pub broken: Vec<Broken>,
}

/// Writes the row of an action.
pub(crate) async fn record(
    conn: &mut Conn<'_>,
    registry: &Registry,
    actor: Actor,
    action: &str,
    subject: Uuid,
) -> Result<(), Error> {
    let settings = registry.settings();
    let now = settings.clock.now();
    sql!(
        conn,
        execute,
        "INSERT INTO audit (id, at, actor, actor_kind, action, subject) VALUES ($1, $2, $3, $4, $5, $6)",
        settings.entropy.uuid(now),
        now.0,
        actor.id(),
        actor.kind(),
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
                let (count,) = sql!(
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

    /// Everything that was recorded for a subject, the oldest first.
    pub async fn audit_of(&self, subject: Uuid) -> Result<Vec<Audited>, Error> {
        let rows = self.read(move |conn| {
            Box::pin(async move {
                Ok(sql!(
                    conn,
                    fetch_all as AuditRow,
                    "SELECT id, at, actor, actor_kind, action, subject FROM audit WHERE subject = $1 ORDER BY at, id",
                    subject
                )?)
            })
        });
        Ok(rows.await?.into_iter().map(Audited::from).collect())
    }

    /// Everything that was recorded of an action, the oldest first, at most 500 rows.
    pub async fn audit_by_action(&self, action: &str) -> Result<Vec<Audited>, Error> {
        let action = action.to_owned();
        let rows = self.read(move |conn| {
            Box::pin(async move {
                Ok(sql!(
                    conn,
                    fetch_all as AuditRow,
                    "SELECT id, at, actor, actor_kind, action, subject FROM audit WHERE action = $1 ORDER BY at, id LIMIT $2",
                    action,
                    BATCH
                )?)
            })
        });
        Ok(rows.await?.into_iter().map(Audited::from).collect())
    }

    /// Chains a batch of rows that are not chained yet, the oldest first, and returns how many there were. Two nodes may do it
    /// at once: a place is unique, so one of them gets [`Error::Conflict`] or tries again.
    pub async fn chain_audit(&self) -> Result<usize, Error> {
        let open = self.read(|conn| {
            Box::pin(async move {
                let (open,) = sql!(
                    conn,
                    fetch_one as (i64,),
                    "SELECT COUNT(*) FROM (SELECT id FROM audit WHERE place IS NULL LIMIT 1) AS open"
                )?;
                Ok(open)
            })
        });
        if open.await? == 0 {
            return Ok(0);
        }
        let registry = self.clone();
        transaction!(self, [registry], conn => {
            let head = sql!(
                conn, fetch_optional as Head,
                "SELECT place, chain FROM audit WHERE place IS NOT NULL ORDER BY place DESC LIMIT 1"
            )?;
            let Head { mut place, chain: mut before } = head.unwrap_or_default();
            let open = sql!(
                conn, fetch_all as AuditRow,
                "SELECT id, at, actor, actor_kind, action, subject FROM audit WHERE place IS NULL ORDER BY at, id LIMIT $1",
                BATCH
            )?;
            for row in &open {
                place += 1;
                before = row.link(&registry.settings().sealer, place, &before);
                let changed = sql!(
                    conn, execute,
                    "UPDATE audit SET place = $1, chain = $2 WHERE id = $3 AND place IS NULL",
                    place, before.clone(), row.id
                )?;
                if changed == 0 {
                    return Err(Error::Conflict);
                }
            }
            Ok(open.len())
        })
    }

    /// Verifies the whole chain.
    pub async fn verify_audit(&self) -> Result<Findings, Error> {
        let mut findings = Findings::default();
        let (mut place, mut before) = (0_i64, Vec::new());
        loop {
            let links = self.read(move |conn| {
                Box::pin(async move {
                    Ok(sql!(
                        conn,
                        fetch_all as Link,
                        "SELECT place, chain, id, at, actor, actor_kind, action, subject FROM audit WHERE place > $1 ORDER BY place LIMIT $2",
                        place,
                        BATCH
                    )?)
                })
            });
            let links = links.await?;
            if links.is_empty() {
                break;
            }
            for link in links {
                let gap = link.place - place - 1;
                if gap > 0 {
                    findings.broken.push(Broken::Missing { place: place + 1, count: gap });
                } else if link.row.link(&self.settings().sealer, link.place, &before) != link.chain {
                    findings.broken.push(Broken::Changed { place: link.place, id: link.row.id });
                }
                // The next row is verified against the stored link, so that one changed row is one fault.
                (place, before) = (link.place, link.chain);
                findings.rows += 1;
            }
        }
        findings.head = (place > 0).then_some((place, before));
        Ok(findings)
    }
}
