//! What was done to whose record, by whom: a row in the same transaction as the deed. A moment later the row is chained to
//! the one before it: were that done in the transaction, every writer would wait for the last link.
use crate::{Error, Registry, Sealer, db::Conn, db::query, db::write};
use sqlx::FromRow;
use uuid::Uuid;

/// How many rows are read or chained at a time.
pub const BATCH: i64 = 500;

#[derive(FromRow)]
struct Deed {
    id: Uuid,
    at: i64,
    actor: Uuid,
    action: String,
    subject: Uuid,
}
impl Deed {
    /// The link of this row: keyed, so that who can write to the database but does not hold the key cannot make one.
    fn link(&self, sealer: &Sealer, place: i64, before: &[u8]) -> Vec<u8> {
        let Self { id, at, actor, action, subject } = self;
        let (at, place, length) = (at.to_be_bytes(), place.to_be_bytes(), (action.len() as u64).to_be_bytes());
        let parts: [&[u8]; 8] =
            [before, &place, id.as_bytes(), &at, actor.as_bytes(), subject.as_bytes(), &length, action.as_bytes()];
        sealer.chain(&parts)
    }
}

#[derive(FromRow)]
struct Link {
    place: i64,
    chain: Vec<u8>,
    #[sqlx(flatten)]
    deed: Deed,
}

/// What is wrong with the audit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Broken {
    /// The row at this place is not what was chained.
    Changed {
        /// Its place.
        place: i64,
        /// Its id.
        id: Uuid,
    },
    /// Rows are missing from this place on, as many as said.
    Missing {
        /// The first missing place.
        place: i64,
        /// How many in a row.
        count: i64,
    },
}

/// What going through the audit found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Findings {
    /// Rows chained and looked at.
    pub rows: i64,
    /// The place of the last one, and its link. Kept elsewhere, they show later whether the end was cut off.
    pub head: Option<(i64, Vec<u8>)>,
    /// What is wrong, in the order of places.
    pub broken: Vec<Broken>,
}

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

    /// Chains the rows that are not yet, oldest first, at most some hundred at a time, and says how many there were. Two
    /// nodes that do it at once agree on places, since a place is taken once only.
    pub async fn chain_audit(&self) -> Result<usize, Error> {
        let open = self.read(|conn| {
            Box::pin(async move {
                let (open,) = query!(
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
        write!(self, [registry], conn => {
            let head = query!(
                conn, fetch_optional as (i64, Vec<u8>),
                "SELECT place, chain FROM audit WHERE place IS NOT NULL ORDER BY place DESC LIMIT 1"
            )?;
            let (mut place, mut before) = head.unwrap_or_default();
            let open = query!(
                conn, fetch_all as Deed,
                "SELECT id, at, actor, action, subject FROM audit WHERE place IS NULL ORDER BY at, id LIMIT $1",
                BATCH
            )?;
            for deed in &open {
                place += 1;
                before = deed.link(&registry.settings().sealer, place, &before);
                let changed = query!(
                    conn, execute,
                    "UPDATE audit SET place = $1, chain = $2 WHERE id = $3 AND place IS NULL",
                    place, before.clone(), deed.id
                )?;
                if changed == 0 {
                    return Err(Error::Conflict);
                }
            }
            Ok(open.len())
        })
    }

    /// Goes through the whole chain and names each row that is not what was chained.
    pub async fn verify_audit(&self) -> Result<Findings, Error> {
        let mut findings = Findings::default();
        let (mut place, mut before) = (0_i64, Vec::new());
        loop {
            let links = self.read(move |conn| {
                Box::pin(async move {
                    Ok(query!(
                        conn,
                        fetch_all as Link,
                        "SELECT place, chain, id, at, actor, action, subject FROM audit WHERE place > $1 ORDER BY place LIMIT $2",
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
                } else if link.deed.link(&self.settings().sealer, link.place, &before) != link.chain {
                    findings.broken.push(Broken::Changed { place: link.place, id: link.deed.id });
                }
                // The next row is judged by the link that stands here, so that one wrong row is one finding.
                (place, before) = (link.place, link.chain);
                findings.rows += 1;
            }
        }
        findings.head = (place > 0).then_some((place, before));
        Ok(findings)
    }
}
