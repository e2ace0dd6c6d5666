//! The chain over the rows of the audit, its signed heads, and the verification of both.
//!
//! A row is chained a moment after it was written by [`Registry::chain_audit`]: chaining it in its own transaction would make every
//! writer wait for the last link. The chain shows what was changed or cut out; the hash that each row carries from its own
//! transaction shows what was inserted past the program; a head that is kept elsewhere shows that the end was cut off.
use crate::{
    Error, Moment, Registry, Sealer,
    audit::{AuditRow, BATCH, select_audit},
    db::{sql, transaction},
};
use sqlx::FromRow;
use uuid::Uuid;

#[derive(FromRow)]
struct Link {
    place: i64,
    chain: Vec<u8>,
    hash: Option<Vec<u8>>,
    #[sqlx(flatten)]
    row: AuditRow,
}

/// The last link of the chain.
#[derive(Default, FromRow)]
struct Last {
    place: i64,
    chain: Vec<u8>,
}

/// The end of the chain at a moment, signed with the key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChainHead {
    at: i64,
    place: i64,
    link: Vec<u8>,
}
impl ChainHead {
    /// The place of the last row that was chained.
    pub const fn place(&self) -> i64 {
        self.place
    }
    fn signature(&self, sealer: &Sealer) -> Vec<u8> {
        sealer.keyed_hash("audit head", &[&self.at.to_be_bytes(), &self.place.to_be_bytes(), &self.link])
    }
    /// Its line in a file: microseconds since 1970, place, link and signature in hexadecimal.
    pub fn line(&self, sealer: &Sealer) -> String {
        format!("{} {} {} {}", self.at, self.place, hex(&self.link), hex(&self.signature(sealer)))
    }
    /// Reads what [`ChainHead::line`] writes; nothing if the line was not signed with this key.
    pub fn parse(line: &str, sealer: &Sealer) -> Option<Self> {
        let mut parts = line.split_ascii_whitespace();
        let mut part = || parts.next();
        let head = Self { at: part()?.parse().ok()?, place: part()?.parse().ok()?, link: unhex(part()?)? };
        (unhex(part()?)? == head.signature(sealer) && parts.next().is_none()).then_some(head)
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> = text.chars().map(|digit| digit.to_digit(16).map(|digit| digit as u8)).collect();
    let digits = digits.filter(|digits| digits.len().is_multiple_of(2))?;
    Some(digits.chunks_exact(2).map(|pair| pair.iter().fold(0, |byte, digit| byte << 4 | digit)).collect())
}

/// A fault in the audit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Broken {
    /// The row at this place differs from what was chained.
    Changed { place: i64, id: Uuid },
    /// The row at this place was not written by this program with this key.
    Inserted { place: i64, id: Uuid },
    /// Rows are missing.
    Missing {
        /// The first missing place.
        place: i64,
        /// The number of missing rows in a row.
        count: i64,
    },
    /// Another row or chain stands where a signed head was taken.
    Replaced { place: i64 },
}

/// The result of verifying the audit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Findings {
    /// Chained rows that were verified.
    pub rows: i64,
    /// Place and link of the last row.
    pub head: Option<(i64, Vec<u8>)>,
    /// Faults in the order of places.
    pub broken: Vec<Broken>,
}

impl Registry {
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
            let last = sql!(
                conn, fetch_optional as Last,
                "SELECT place, chain FROM audit WHERE place IS NOT NULL ORDER BY place DESC LIMIT 1"
            )?;
            let Last { mut place, chain: mut before } = last.unwrap_or_default();
            let open = sql!(
                conn, fetch_all as AuditRow,
                select_audit!("WHERE place IS NULL ORDER BY at, id LIMIT $1"),
                BATCH
            )?;
            for row in &open {
                place += 1;
                before = link(row, &registry.settings().sealer, place, &before);
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

    /// The end of the chain as it is now, to be kept elsewhere; nothing while no row is chained.
    pub async fn chain_head(&self) -> Result<Option<ChainHead>, Error> {
        let last = self.read(|conn| {
            Box::pin(async move {
                Ok(sql!(
                    conn,
                    fetch_optional as Last,
                    "SELECT place, chain FROM audit WHERE place IS NOT NULL ORDER BY place DESC LIMIT 1"
                )?)
            })
        });
        let Moment(at) = self.settings().clock.now();
        Ok(last.await?.map(|Last { place, chain }| ChainHead { at, place, link: chain }))
    }

    /// Verifies the whole audit, and compares it with heads that were kept elsewhere.
    pub async fn verify_audit(&self, heads: &[ChainHead]) -> Result<Findings, Error> {
        let mut findings = Findings::default();
        let sealer = &self.settings().sealer;
        let (mut place, mut before) = (0_i64, Vec::new());
        let mut heads: Vec<&ChainHead> = heads.iter().collect();
        heads.sort_by_key(|head| head.place);
        let mut heads = heads.into_iter().peekable();
        loop {
            let links = self.links_after(place).await?;
            if links.is_empty() {
                break;
            }
            for one in links {
                let gap = one.place - place - 1;
                let (at, id) = (one.place, one.row.id);
                if gap > 0 {
                    findings.broken.push(Broken::Missing { place: place + 1, count: gap });
                } else if link(&one.row, sealer, at, &before) != one.chain {
                    findings.broken.push(Broken::Changed { place: at, id });
                }
                let is_own = match &one.hash {
                    Some(hash) => *hash == one.row.own_hash(sealer),
                    None => at <= self.audit_without_hash(),
                };
                // A row that was changed has another hash as well, and is one fault.
                if !is_own
                    && !matches!(findings.broken.last(), Some(Broken::Changed { id: changed, .. }) if *changed == id)
                {
                    findings.broken.push(Broken::Inserted { place: at, id });
                }
                while let Some(head) = heads.next_if(|head| head.place <= at) {
                    // A head whose row is missing is named by the gap.
                    if head.place == at && head.link != one.chain {
                        findings.broken.push(Broken::Replaced { place: at });
                    }
                }
                // The next row is verified against the stored link, so that one changed row is one fault.
                (place, before) = (at, one.chain);
                findings.rows += 1;
            }
        }
        if let Some(furthest) = heads.last() {
            findings.broken.push(Broken::Missing { place: place + 1, count: furthest.place - place });
        }
        findings.broken.dedup();
        findings.head = (place > 0).then_some((place, before));
        Ok(findings)
    }

    async fn links_after(&self, place: i64) -> Result<Vec<Link>, Error> {
        self.read(move |conn| {
            Box::pin(async move {
                Ok(sql!(
                    conn,
                    fetch_all as Link,
                    "SELECT place, chain, hash, id, at, actor, actor_kind, action, subject FROM audit WHERE place > $1
                     ORDER BY place LIMIT $2",
                    place,
                    BATCH
                )?)
            })
        })
        .await
    }
}

/// The link of a row at a place, after the link before it.
fn link(row: &AuditRow, sealer: &Sealer, place: i64, before: &[u8]) -> Vec<u8> {
    row.hash(sealer, "audit", [before, &place.to_be_bytes()])
}
