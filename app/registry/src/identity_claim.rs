//! Claims that somebody else registered one's document (S12, S13, X20). Anybody may make one: whether the document is registered at all
//! makes no difference to what is answered. Offices read the claims of their own site or area; what they do about them is not
//! part of this module yet.
use crate::{
    Actor, Error, LoginSource, Moment, Officer, PageKey, Registry, Site, audit, catalogue,
    db::{sql, transaction},
    filter::{Bind, Filter},
    throttle::{Attempted, Budget, refund},
};
use forms::{
    choice::Choice,
    identity_claim::{ClaimCode, IdentityClaim},
    ids::IdentityClaimId,
    value::{IdentityDocument, PersonName},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// How far an office is with a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClaimState {
    /// Nobody has looked at it.
    Received,
    /// An office is about it.
    Handled,
    /// The document is free, or the account is the claimant's.
    Done,
    /// It was not granted, for a reason.
    Refused,
}
impl ClaimState {
    /// All states.
    pub const ALL: [Self; 4] = [Self::Received, Self::Handled, Self::Done, Self::Refused];
    /// Its name in the database.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Handled => "handled",
            Self::Done => "done",
            Self::Refused => "refused",
        }
    }
    fn parse(id: Uuid, code: &str) -> Result<Self, Error> {
        let found = Self::ALL.into_iter().find(|state| state.code() == code);
        found.ok_or_else(|| Error::stored("identity_claim", "state", id))
    }
}

/// What whoever holds the code reads: nothing of the person.
#[derive(Clone, Debug)]
pub struct ClaimStatus {
    pub state: ClaimState,
    pub created: Moment,
    /// What the office answered; empty before that.
    pub answer: String,
    /// The site that it was sent to.
    pub site: Site,
}

/// A claim as offices read it.
#[derive(Clone, Debug)]
pub struct IdentityClaimRow {
    pub id: IdentityClaimId,
    pub state: ClaimState,
    pub created: Moment,
    pub claim: IdentityClaim,
}

/// Why a claim was not taken, or its state not told.
#[derive(Debug, thiserror::Error)]
pub enum ClaimError {
    /// There is no such site.
    #[error("no such site")]
    NoSuchSite,
    /// No claim has this code.
    #[error("no such claim")]
    NoSuchClaim,
    /// The network did it as often as it may within an hour.
    #[error("too often")]
    Throttled,
    /// The registry failed.
    #[error(transparent)]
    Registry(#[from] Error),
}

/// What is sealed of a claim.
#[derive(Serialize, Deserialize)]
struct Sealed {
    document: IdentityDocument,
    name: PersonName,
    telephone: String,
    reason: String,
    code: String,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    site: String,
    state: String,
    created: i64,
    sealed: Vec<u8>,
}
#[derive(sqlx::FromRow)]
struct StatusRow {
    id: Uuid,
    site: String,
    state: String,
    answer: String,
    created: i64,
}

/// Claims that an office reads at once.
const MOST_CLAIMS: i64 = 500;

fn aad(id: &Uuid) -> [&[u8]; 2] {
    [b"identity_claim", id.as_bytes()]
}

impl Registry {
    fn claim_code_hash(&self, code: &ClaimCode) -> Vec<u8> {
        self.settings().sealer.blind_index("claim code", code.as_str())
    }
    /// What claims and questions about them are counted against: the networks that they come from.
    fn claim_budgets(&self, kind: &'static str, source: &LoginSource) -> Vec<Budget> {
        self.budgets(&Attempted { kind, key: "", address: source.address, device: None, is_usual: true })
    }

    /// Takes a claim and answers its code, and the site that it goes to. A page that sends the same again gets the same code.
    pub async fn claim_identity(
        &self,
        page: Option<PageKey>,
        claim: &IdentityClaim,
        source: &LoginSource,
    ) -> Result<(ClaimCode, Site), ClaimError> {
        let site_code = claim.site.clone();
        let site = self.read(move |conn| Box::pin(async move { catalogue::site(conn, site_code).await })).await?;
        let site = site.ok_or(ClaimError::NoSuchSite)?;
        if !self.take_attempts(&self.claim_budgets("identity claim", source)).await? {
            return Err(ClaimError::Throttled);
        }
        let settings = self.settings();
        let (now, code) = (settings.clock.now(), ClaimCode::from_random(settings.entropy.bytes()));
        let (kind, number) = (claim.document.kind().code(), claim.document.number());
        let index = settings.sealer.blind_index(kind, number);
        let id = match page {
            Some(page) => page.uuid(&[
                b"identity_claim",
                kind.as_bytes(),
                number.as_bytes(),
                claim.name.as_str().as_bytes(),
                claim.telephone.as_bytes(),
                claim.site.as_bytes(),
                claim.reason.as_bytes(),
            ]),
            None => settings.entropy.uuid(now),
        };
        let content = Sealed {
            document: claim.document.clone(),
            name: claim.name.clone(),
            telephone: claim.telephone.clone(),
            reason: claim.reason.clone(),
            code: code.as_str().to_owned(),
        };
        let sealed = settings.sealer.seal_json(&settings.entropy, &aad(&id), &content)?;
        let (registry, hash, to) = (self.clone(), self.claim_code_hash(&code), site.clone());
        let known: Option<Vec<u8>> = transaction!(self, [registry, hash, index, to, sealed], conn => {
            let inserted = sql!(
                conn, execute,
                "INSERT INTO identity_claim (id, code_hash, document_kind, document_index, area, site, state, created, sealed)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING",
                id, hash, kind, index, to.area, to.code, ClaimState::Received.code(), now.0, sealed
            )?;
            if inserted > 0 {
                audit::record(conn, &registry, Actor::System, "identity.claim", id).await?;
                return Ok(None);
            }
            let (sealed,) = sql!(conn, fetch_one as (Vec<u8>,), "SELECT sealed FROM identity_claim WHERE id = $1", id)?;
            Ok(Some(sealed))
        })?;
        let Some(known) = known else { return Ok((code, site)) };
        let first: Sealed = settings.sealer.open_json(&aad(&id), &known)?;
        let code = ClaimCode::parse(&first.code).map_err(|_| Error::stored("identity_claim", "sealed", id))?;
        Ok((code, site))
    }

    /// How far the claim with a code is.
    pub async fn claim_status(&self, code: &ClaimCode, source: &LoginSource) -> Result<ClaimStatus, ClaimError> {
        let budgets = self.claim_budgets("claim code", source);
        if !self.take_attempts(&budgets).await? {
            return Err(ClaimError::Throttled);
        }
        let hash = self.claim_code_hash(code);
        let found = self.read(move |conn| {
            Box::pin(async move {
                let row = sql!(
                    conn,
                    fetch_optional as StatusRow,
                    "SELECT id, site, state, answer, created FROM identity_claim WHERE code_hash = $1",
                    hash
                )?;
                let Some(row) = row else { return Ok(None) };
                let site = catalogue::site(conn, row.site.clone()).await?;
                Ok(Some((site.ok_or_else(|| Error::stored("identity_claim", "site", row.id))?, row)))
            })
        });
        let Some((site, row)) = found.await? else { return Err(ClaimError::NoSuchClaim) };
        // Whoever has a code may ask as often as they like; only codes that nobody has are counted.
        self.write_relaxed(move |conn| {
            let budgets = budgets.clone();
            Box::pin(async move { refund(conn, &budgets).await })
        })
        .await?;
        let state = ClaimState::parse(row.id, &row.state)?;
        Ok(ClaimStatus { state, created: Moment(row.created), answer: row.answer, site })
    }
}

impl Officer {
    /// The claims of this office's site or area, the oldest first; the centre reads all.
    pub async fn identity_claims(&self) -> Result<Vec<IdentityClaimRow>, Error> {
        let me = self.clone();
        let rows = self.registry().read(move |conn| {
            Box::pin(async move {
                let begin = "SELECT id, site, state, created, sealed FROM identity_claim WHERE id IS NOT NULL";
                let mut filter = Filter::new(begin);
                me.add_scope(&mut filter, false);
                filter.add(" ORDER BY created, id LIMIT ?", [Bind::Number(MOST_CLAIMS)]);
                filter.fetch_all::<Row>(conn).await
            })
        });
        let read = |row: Row| {
            let content: Sealed = self.registry().settings().sealer.open_json(&aad(&row.id), &row.sealed)?;
            let Sealed { document, name, telephone, reason, .. } = content;
            let claim = IdentityClaim { document, name, telephone, site: row.site, reason };
            let state = ClaimState::parse(row.id, &row.state)?;
            Ok(IdentityClaimRow { id: row.id.into(), state, created: Moment(row.created), claim })
        };
        rows.await?.into_iter().map(read).collect()
    }
}
