//! People of the offices: accounts, log-ins and sessions of their own. A session yields an [`Officer`], whose methods see
//! nothing but the applications of the own site or area; the centre sees all.
use crate::{
    Actor, Error, Login, LoginError, LoginSource, Registry, Token,
    account_kind::STAFF,
    audit,
    authentication::{end_all_sessions, forget_sources},
    client::SessionOrigin,
    db::{sql, transaction},
    filter::{Bind, Filter},
    hashing::Lane,
    own_password::{self, KnownPassword, Replacement},
    throttle::refund,
};
use forms::{
    Code,
    account::{PasswordChange, staff_password_rule},
    choice::Choice,
    ids::StaffId,
    problem::AccountProblem,
    review::Role,
    value::{Password, Username},
};
use uuid::Uuid;

/// Somebody of the staff who has logged in.
#[derive(Clone)]
pub struct Officer {
    registry: Registry,
    id: StaffId,
    username: String,
    name: String,
    role: Role,
    scope: String,
}
impl Officer {
    pub(crate) fn registry(&self) -> &Registry {
        &self.registry
    }
    /// Who it is.
    pub fn id(&self) -> StaffId {
        self.id
    }
    /// For the log-in.
    pub fn username(&self) -> &str {
        &self.username
    }
    /// The name that colleagues see.
    pub fn name(&self) -> &str {
        &self.name
    }
    /// The office.
    pub fn role(&self) -> Role {
        self.role
    }
    /// The code of the site or area; nothing for the centre.
    pub fn scope(&self) -> &str {
        &self.scope
    }
    /// Whether an application of a site and an area is this office's.
    pub(crate) fn sees(&self, site: Option<&str>, area: Option<&str>) -> bool {
        match self.role {
            Role::SiteReviewer => site == Some(&self.scope),
            Role::AreaOfficer => area == Some(&self.scope),
            Role::Centre => true,
        }
    }
    /// Restricts a list to this office. Where the term is looked up in an index of its own, the scope is an expression, which
    /// keeps the engines from using the index of the scope: it would scan everything that a site ever had.
    pub(crate) fn add_scope(&self, filter: &mut Filter, by_expression: bool) {
        let scope = Bind::Text(self.scope.clone());
        match (self.role, by_expression) {
            (Role::SiteReviewer, false) => filter.add(" AND site = ?", [scope]),
            (Role::SiteReviewer, true) => filter.add(" AND (site || '') = ?", [scope]),
            (Role::AreaOfficer, false) => filter.add(" AND area = ?", [scope]),
            (Role::AreaOfficer, true) => filter.add(" AND (area || '') = ?", [scope]),
            (Role::Centre, _) => {}
        }
    }
}

impl Officer {
    /// Changes the own password, for whoever knows it. Every log-in ends; the token of a new one comes back for the browser that
    /// changed it.
    pub async fn change_password(&self, change: &PasswordChange) -> Result<Token, LoginError> {
        let (registry, id) = (self.registry.clone(), self.id.uuid());
        let known = KnownPassword::check(&registry, &STAFF, id, &change.current).await?;
        let token = Token::new(&registry);
        let replacement = Replacement {
            new: registry.hash_secret(&known.admission, change.password.expose()).await?,
            known: known.hash,
            session: token.hash(),
            origin: SessionOrigin::default(),
        };
        let attempt = known.attempt;
        transaction!(self.registry, [registry, replacement, attempt], conn => {
            refund(conn, &attempt).await?;
            own_password::replace(conn, &registry, &STAFF, id, replacement).await
        })?;
        Ok(token)
    }
}

/// Why somebody was not added to the staff.
#[derive(Debug, thiserror::Error)]
pub enum StaffError {
    /// Username or password is not right.
    #[error("{0:?}")]
    Invalid(Code),
    /// There is no such site or area.
    #[error("there is no such site or area")]
    NoSuchOffice,
    /// The registry failed.
    #[error(transparent)]
    Registry(#[from] Error),
}

/// A colleague in a list.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct StaffRow {
    /// For the log-in.
    pub username: String,
    /// The name that colleagues see.
    pub name: String,
    /// The code of the role.
    pub role: String,
    /// The code of the site or area.
    pub scope: String,
    /// When the log-in was taken away.
    pub disabled: Option<i64>,
    /// When a log-in failed last, to the minute.
    pub failed: Option<i64>,
}

#[derive(sqlx::FromRow)]
struct OfficerRow {
    username: String,
    name: String,
    role: String,
    scope: String,
}

impl Registry {
    /// Adds somebody to the staff, as the operator. The password follows the newer table (8–20, `RULES_2022`): staff see other people's data.
    pub async fn add_staff(
        &self,
        username: &str,
        name: &str,
        role: Role,
        scope: &str,
        password: &str,
    ) -> Result<StaffId, StaffError> {
        let username = Username::parse(username).map_err(StaffError::Invalid)?;
        let password =
            Password::parse(staff_password_rule(), password, &[username.as_str()]).map_err(StaffError::Invalid)?;
        let (areas, sites) = self.areas().await?;
        let known = match role {
            Role::SiteReviewer => sites.iter().any(|site| site.code == scope),
            Role::AreaOfficer => areas.iter().any(|area| area.code == scope),
            Role::Centre => scope.is_empty(),
        };
        if !known {
            return Err(StaffError::NoSuchOffice);
        }
        let now = self.settings().clock.now();
        let id = self.settings().entropy.uuid(now);
        let hash = self.hash_secret(&self.hashing().admit(Lane::Known(id))?, password.expose()).await?;
        let (registry, name, scope) = (self.clone(), name.trim().to_owned(), scope.to_owned());
        let added = transaction!(self, [registry, username, name, scope, hash], conn => {
            let added = sql!(
                conn, execute,
                "INSERT INTO staff (id, username, username_key, name, password_hash, role, scope, created) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
                 ON CONFLICT DO NOTHING",
                id, username.as_str(), username.key(), name, hash, role.code(), scope, now.0
            )?;
            if added > 0 {
                audit::record(conn, &registry, Actor::Operator, "staff.add", id).await?;
            }
            Ok(added)
        })?;
        if added == 0 {
            return Err(StaffError::Invalid(AccountProblem::UsernameTaken.into()));
        }
        Ok(id.into())
    }

    /// Disables a log-in, as the operator, and ends its sessions in the same transaction. Returns whether there was one.
    pub async fn disable_staff(&self, username: &str) -> Result<bool, Error> {
        let Ok(username) = Username::parse(username) else { return Ok(false) };
        let (key, now, registry) = (username.key(), self.settings().clock.now(), self.clone());
        transaction!(self, [key, registry], conn => {
            let row = sql!(
                conn, fetch_optional as (Uuid,), "UPDATE staff SET disabled = $2 WHERE username_key = $1 AND disabled IS NULL RETURNING id", key, now.0
            )?;
            let Some((id,)) = row else { return Ok(false) };
            end_all_sessions(conn, &registry, &STAFF, id).await?;
            forget_sources(conn, &STAFF, id).await?;
            audit::record(conn, &registry, Actor::Operator, "staff.disable", id).await?;
            Ok(true)
        })
    }

    /// Everybody of the staff.
    pub async fn staff(&self) -> Result<Vec<StaffRow>, Error> {
        self.read(|conn| {
            Box::pin(async move {
                Ok(sql!(
                    conn,
                    fetch_all as StaffRow,
                    "SELECT username, name, role, scope, disabled,
                        (SELECT MAX(at) FROM audit WHERE subject = staff.id
                         AND action IN ('staff.login_failed', 'staff.login_throttled')) AS failed
                     FROM staff ORDER BY role, scope, username_key"
                )?)
            })
        })
        .await
    }

    /// Logs somebody of the staff in. Guesses are counted as those of candidates are.
    pub async fn staff_login(
        &self,
        username: &str,
        password: &str,
        source: Option<&LoginSource>,
    ) -> Result<Login<StaffId>, LoginError> {
        Ok(self.authenticate(&STAFF, username, password, source).await?.map(Into::into))
    }

    /// Who of the staff holds a session. Use prolongs it, which is written once in five minutes at most.
    pub async fn officer(&self, token: &Token) -> Result<Option<Officer>, Error> {
        let holder = self.holder(&STAFF, token, |conn, registry, id| {
            Box::pin(async move {
                let row = sql!(
                    conn,
                    fetch_optional as OfficerRow,
                    "SELECT username, name, role, scope FROM staff WHERE id = $1 AND disabled IS NULL",
                    id
                )?;
                let Some(OfficerRow { username, name, role, scope }) = row else { return Ok(None) };
                let role = Role::parse(&role).map_err(|_| Error::stored("staff", "role", id))?;
                Ok(Some(Officer { registry, id: id.into(), username, name, role, scope }))
            })
        });
        Ok(holder.await?.flatten())
    }

    /// Ends a session of the staff at once.
    pub async fn staff_logout(&self, token: &Token) -> Result<(), Error> {
        self.end_session(&STAFF, token).await
    }
}
