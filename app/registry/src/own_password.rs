//! Changing the password of an account by whoever knows it: what candidates and staff have in common.
use crate::{
    Error, LoginError, Registry,
    account_kind::AccountKind,
    audit,
    authentication::{begin_session, end_all_sessions, forget_sources},
    client::SessionOrigin,
    db::{Conn, sql},
    hashing::{Admission, Lane},
    throttle::Budget,
};
use forms::problem::AccountProblem;
use uuid::Uuid;

/// That somebody knows the password of their account.
pub(crate) struct KnownPassword {
    /// The place among those that hash.
    pub(crate) admission: Admission,
    /// The hash as it was then.
    pub(crate) hash: String,
    /// The attempt that was taken, to be given back in the transaction of what it was for.
    pub(crate) attempt: [Budget; 1],
}
impl KnownPassword {
    /// Checks the password of an account. Wrong ones are counted, and after too many none is looked at.
    pub(crate) async fn check(
        registry: &Registry,
        kind: &'static AccountKind,
        account: Uuid,
        typed: &str,
    ) -> Result<Self, LoginError> {
        let settings = registry.settings();
        let admission = registry.hashing().admit(Lane::Known(account))?;
        let attempt = [Budget {
            bucket: settings.sealer.blind_index("password attempts", &account.to_string()),
            most: settings.login_budget,
            pauses: true,
        }];
        if !registry.take_attempts(&attempt).await? {
            return Err(LoginError::Refused(AccountProblem::Throttled));
        }
        let read = registry.read(move |conn| {
            Box::pin(async move { Ok(sql!(conn, fetch_one as (String,), kind.sql.password, account)?) })
        });
        let (hash,) = read.await?;
        if !registry.hashing().verify(&admission, typed, Some(hash.clone()), [0; 16]).await? {
            return Err(LoginError::Refused(AccountProblem::WrongPassword));
        }
        Ok(Self { admission, hash, attempt })
    }
}

/// A password hash in the place of another, with a new session.
#[derive(Clone)]
pub(crate) struct Replacement {
    /// The hash that was checked.
    pub(crate) known: String,
    /// The new hash.
    pub(crate) new: String,
    /// The hash of the token of the session that goes on.
    pub(crate) session: Vec<u8>,
    /// From where it was changed.
    pub(crate) origin: SessionOrigin,
}

/// Replaces the password of an account: every session ends but a new one, and browsers and networks have to prove themselves anew.
/// [`Error::Conflict`] if it was replaced meanwhile.
pub(crate) async fn replace(
    conn: &mut Conn<'_>,
    registry: &Registry,
    kind: &'static AccountKind,
    account: Uuid,
    replacement: Replacement,
) -> Result<(), Error> {
    let Replacement { known, new, session, origin } = replacement;
    if sql!(conn, execute, kind.sql.set_password, account, known, new)? == 0 {
        return Err(Error::Conflict);
    }
    end_all_sessions(conn, registry, kind, account).await?;
    forget_sources(conn, kind, account).await?;
    begin_session(conn, registry, kind, account, session, &origin).await?;
    audit::record(conn, registry, (kind.actor)(account), kind.password_changed, account).await
}
