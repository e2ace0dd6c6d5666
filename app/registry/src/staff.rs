//! People of the offices: accounts, log-ins and sessions of their own. A session yields an [`Officer`], whose methods see
//! nothing but the applications of the own site or area; the centre sees all.
use crate::{
    Actor, Error, LoginError, Moment, Registry, Token, audit,
    db::{sql, transaction},
};
use forms::{
    Code,
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
}

/// Why somebody was not added to the staff.
#[derive(Debug, thiserror::Error)]
pub enum StaffError {
    /// Username or password is not right.
    #[error("{0:?}")]
    Wrong(Code),
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
}

#[derive(sqlx::FromRow)]
struct SessionRow {
    id: Uuid,
    name: String,
    role: String,
    scope: String,
    seen: i64,
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
        let username = Username::parse(username).map_err(StaffError::Wrong)?;
        let rule = &forms::rules::RULES_2022.password;
        let password = Password::parse(rule, password, &[username.as_str()]).map_err(StaffError::Wrong)?;
        let (areas, sites) = self.areas().await?;
        let known = match role {
            Role::SiteReviewer => sites.iter().any(|site| site.code == scope),
            Role::AreaOfficer => areas.iter().any(|area| area.code == scope),
            Role::Centre => scope.is_empty(),
        };
        if !known {
            return Err(StaffError::NoSuchOffice);
        }
        let hash = self.hash_secret(password.expose()).await?;
        let now = self.settings().clock.now();
        let id = self.settings().entropy.uuid(now);
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
            return Err(StaffError::Wrong(AccountProblem::UsernameTaken.into()));
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
            sql!(conn, execute, "UPDATE staff_session SET revoked = $2 WHERE staff_id = $1 AND revoked IS NULL", id, now.0)?;
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
                    "SELECT username, name, role, scope, disabled FROM staff ORDER BY role, scope, username_key"
                )?)
            })
        })
        .await
    }

    /// Logs somebody of the staff in. Guesses are counted for the account; a missing one costs and says the same.
    pub async fn staff_login(&self, username: &str, password: &str) -> Result<Token, LoginError> {
        let settings = self.settings();
        let key = Username::parse(username).map(|u| u.key()).unwrap_or_default();
        let bucket = settings.sealer.blind_index("staff attempts", &key);
        let find = key.clone();
        let row = self
            .read(move |conn| {
                Box::pin(async move {
                    Ok(sql!(
                        conn,
                        fetch_optional as (Uuid, String),
                        "SELECT id, password_hash FROM staff WHERE username_key = $1 AND disabled IS NULL",
                        find
                    )?)
                })
            })
            .await?;
        if !self.take_attempt(bucket.clone(), settings.login_budget).await? {
            return Err(LoginError::Refused(AccountProblem::Throttled));
        }
        let hash = row.as_ref().map(|(_, hash)| hash.clone());
        let right = self.verify_secret(&key, password, hash).await?;
        let (true, Some((id, _))) = (right, row) else { return Err(LoginError::Refused(AccountProblem::WrongLogin)) };
        self.clear_attempts(bucket).await?;
        let (token, now) = (Token::new(self), settings.clock.now());
        let (hash, expires, registry) = (token.hash(), now.plus_seconds(settings.session_seconds), self.clone());
        transaction!(self, [hash, registry], conn => {
            sql!(
                conn, execute, "INSERT INTO staff_session (token_hash, staff_id, created, seen, expires) VALUES ($1, $2, $3, $3, $4)",
                hash, id, now.0, expires.0
            )?;
            sql!(conn, execute, "DELETE FROM staff_session WHERE staff_id = $1 AND expires < $2", id, now.0)?;
            audit::record(conn, &registry, Actor::Staff(id.into()), "staff.login", id).await
        })?;
        Ok(token)
    }

    /// Who of the staff holds a session. A sign of life prolongs it, written down once in five minutes at most.
    pub async fn officer(&self, token: &Token) -> Result<Option<Officer>, Error> {
        let (hash, now) = (token.hash(), self.settings().clock.now());
        let find = hash.clone();
        let row = self
            .read(move |conn| {
                Box::pin(async move {
                    Ok(sql!(
                        conn,
                        fetch_optional as SessionRow,
                        "SELECT staff.id, name, role, scope, seen FROM staff_session JOIN staff ON staff.id = staff_id
                         WHERE token_hash = $1 AND revoked IS NULL AND disabled IS NULL AND expires > $2",
                        find,
                        now.0
                    )?)
                })
            })
            .await?;
        let Some(SessionRow { id, name, role, scope, seen }) = row else { return Ok(None) };
        if now > Moment(seen).plus_seconds(300) {
            let expires = now.plus_seconds(self.settings().session_seconds);
            // In the background: reading a page waits for no writer.
            self.write_in_background(move |conn| {
                let hash = hash.clone();
                Box::pin(async move {
                    sql!(
                        conn,
                        execute,
                        "UPDATE staff_session SET seen = $2, expires = $3 WHERE token_hash = $1 AND revoked IS NULL",
                        hash,
                        now.0,
                        expires.0
                    )?;
                    Ok(())
                })
            });
        }
        let role = Role::parse(&role).map_err(|_| Error::stored("staff", "role", id))?;
        Ok(Some(Officer { registry: self.clone(), id: id.into(), name, role, scope }))
    }

    /// Ends a session of the staff at once.
    pub async fn staff_logout(&self, token: &Token) -> Result<(), Error> {
        let (hash, now) = (token.hash(), self.settings().clock.now());
        transaction!(self, [hash], conn => {
            sql!(conn, execute, "UPDATE staff_session SET revoked = $2 WHERE token_hash = $1 AND revoked IS NULL", hash, now.0)?;
            Ok(())
        })
    }
}
