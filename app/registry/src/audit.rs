//! The audit: who did what to which record, one row with a keyed hash of its own in the same transaction as the action. The chain
//! over the rows is made a moment later, in `audit_chain`.
use crate::{Error, Moment, Registry, Sealer, db::Conn, db::sql};
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

/// The statement that reads the [`AuditRow`]s of a condition.
macro_rules! select_audit {
    ($condition:literal) => {
        concat!("SELECT id, at, actor, actor_kind, action, subject FROM audit ", $condition)
    };
}
pub(crate) use select_audit;

#[derive(FromRow)]
pub(crate) struct AuditRow {
    pub(crate) id: Uuid,
    pub(crate) at: i64,
    pub(crate) actor: Uuid,
    pub(crate) actor_kind: Option<String>,
    pub(crate) action: String,
    pub(crate) subject: Uuid,
}
impl AuditRow {
    /// A keyed hash over the row and what stands before it, so that write access to the database alone does not suffice to forge
    /// one.
    ///
    /// Rows without a kind of actor keep the hash they had before kinds existed. The kind follows the length-prefixed
    /// action, so neither adding nor removing one gives the hash of another row.
    pub(crate) fn hash(&self, sealer: &Sealer, purpose: &str, before: [&[u8]; 2]) -> Vec<u8> {
        let Self { id, at, actor, actor_kind, action, subject } = self;
        let (at, length) = (at.to_be_bytes(), (action.len() as u64).to_be_bytes());
        let kind = actor_kind.as_deref().unwrap_or_default();
        let [first, second] = before;
        let parts: [&[u8]; 9] = [
            first,
            second,
            id.as_bytes(),
            &at,
            actor.as_bytes(),
            subject.as_bytes(),
            &length,
            action.as_bytes(),
            kind.as_bytes(),
        ];
        sealer.keyed_hash(purpose, &parts)
    }
    /// The hash that the transaction leaves which writes the row: a row that was inserted otherwise has none that is right.
    pub(crate) fn own_hash(&self, sealer: &Sealer) -> Vec<u8> {
        self.hash(sealer, "audit row", [&[], &[]])
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
    let row = AuditRow {
        id: settings.entropy.uuid(now),
        at: now.0,
        actor: actor.id(),
        actor_kind: Some(actor.kind().to_owned()),
        action: action.to_owned(),
        subject,
    };
    let hash = row.own_hash(&settings.sealer);
    sql!(
        conn,
        execute,
        "INSERT INTO audit (id, at, actor, actor_kind, action, subject, hash) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        row.id,
        row.at,
        row.actor,
        actor.kind(),
        action,
        subject,
        hash
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
                Ok(sql!(conn, fetch_all as AuditRow, select_audit!("WHERE subject = $1 ORDER BY at, id"), subject)?)
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
                    select_audit!("WHERE action = $1 ORDER BY at, id LIMIT $2"),
                    action,
                    BATCH
                )?)
            })
        });
        Ok(rows.await?.into_iter().map(Audited::from).collect())
    }
}
