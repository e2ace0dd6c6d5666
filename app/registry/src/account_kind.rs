//! The two kinds of accounts that log in: the statements over their tables, each written once for both, and what the audit says.
use crate::Actor;
use forms::ids::AccountId;
use uuid::Uuid;

/// One of the two kinds of accounts: its statements, and what the audit says of it.
pub(crate) struct AccountKind {
    /// A part of the keyed hashes, which differ between the kinds.
    pub(crate) code: &'static str,
    pub(crate) actor: fn(Uuid) -> Actor,
    pub(crate) logged_in: &'static str,
    pub(crate) logged_out: &'static str,
    pub(crate) failed: &'static str,
    pub(crate) throttled: &'static str,
    pub(crate) password_changed: &'static str,
    /// Writes what the account's owner reads of a session, where there is a page for that.
    pub(crate) describe_session: Option<&'static str>,
    pub(crate) sql: Statements,
}
/// The statements over the tables of a kind.
pub(crate) struct Statements {
    pub(crate) find: &'static str,
    pub(crate) password: &'static str,
    pub(crate) set_password: &'static str,
    pub(crate) find_device: &'static str,
    pub(crate) find_network: &'static str,
    pub(crate) logged_in: &'static str,
    pub(crate) begin: &'static str,
    pub(crate) forget_old: &'static str,
    pub(crate) add_device: &'static str,
    pub(crate) keep_devices: &'static str,
    pub(crate) forget_devices: &'static str,
    pub(crate) add_network: &'static str,
    pub(crate) keep_networks: &'static str,
    pub(crate) forget_networks: &'static str,
    pub(crate) holder: &'static str,
    pub(crate) prolong: &'static str,
    pub(crate) end: &'static str,
    pub(crate) end_all: &'static str,
}

/// The statements over the four tables of a kind, whose column `$owner` names the account.
macro_rules! statements {
    ($account:literal, $session:literal, $device:literal, $network:literal, $owner:literal) => {
        Statements {
            find: concat!(
                "SELECT id, password_hash, last_login FROM ",
                $account,
                " WHERE username_key = $1 AND disabled IS NULL"
            ),
            password: concat!("SELECT password_hash FROM ", $account, " WHERE id = $1"),
            set_password: concat!("UPDATE ", $account, " SET password_hash = $3 WHERE id = $1 AND password_hash = $2"),
            find_device: concat!("SELECT created FROM ", $device, " WHERE ", $owner, " = $1 AND token_hash = $2"),
            find_network: concat!("SELECT seen FROM ", $network, " WHERE ", $owner, " = $1 AND network_hash = $2"),
            logged_in: concat!(
                "UPDATE ",
                $account,
                " SET last_login = $2 WHERE id = $1 AND password_hash = $3 AND disabled IS NULL"
            ),
            begin: concat!(
                "INSERT INTO ",
                $session,
                " (token_hash, ",
                $owner,
                ", created, seen, expires) VALUES ($1, $2, $3, $3, $4)"
            ),
            forget_old: concat!("DELETE FROM ", $session, " WHERE ", $owner, " = $1 AND expires < $2"),
            add_device: concat!(
                "INSERT INTO ",
                $device,
                " (",
                $owner,
                ", token_hash, created) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING"
            ),
            keep_devices: concat!(
                "DELETE FROM ",
                $device,
                " WHERE ",
                $owner,
                " = $1 AND token_hash NOT IN
                 (SELECT token_hash FROM ",
                $device,
                " WHERE ",
                $owner,
                " = $1 ORDER BY created DESC, token_hash LIMIT $2)"
            ),
            forget_devices: concat!("DELETE FROM ", $device, " WHERE ", $owner, " = $1"),
            add_network: concat!(
                "INSERT INTO ",
                $network,
                " (",
                $owner,
                ", network_hash, seen) VALUES ($1, $2, $3)
                 ON CONFLICT (",
                $owner,
                ", network_hash) DO UPDATE SET seen = $3"
            ),
            keep_networks: concat!(
                "DELETE FROM ",
                $network,
                " WHERE ",
                $owner,
                " = $1 AND network_hash NOT IN
                 (SELECT network_hash FROM ",
                $network,
                " WHERE ",
                $owner,
                " = $1 ORDER BY seen DESC, network_hash LIMIT $2)"
            ),
            forget_networks: concat!("DELETE FROM ", $network, " WHERE ", $owner, " = $1"),
            holder: concat!(
                "SELECT ",
                $owner,
                ", created, seen FROM ",
                $session,
                " WHERE token_hash = $1 AND revoked IS NULL AND expires > $2 AND created > $3"
            ),
            prolong: concat!(
                "UPDATE ",
                $session,
                " SET seen = $2, expires = $3 WHERE token_hash = $1 AND revoked IS NULL"
            ),
            end: concat!(
                "UPDATE ",
                $session,
                " SET revoked = $2 WHERE token_hash = $1 AND revoked IS NULL RETURNING ",
                $owner
            ),
            end_all: concat!("UPDATE ", $session, " SET revoked = $2 WHERE ", $owner, " = $1 AND revoked IS NULL"),
        }
    };
}

/// Candidates.
pub(crate) static CANDIDATE: AccountKind = AccountKind {
    code: "candidate",
    actor: |id| Actor::Candidate(AccountId::from(id)),
    logged_in: "account.login",
    logged_out: "account.logout",
    failed: "account.login_failed",
    throttled: "account.login_throttled",
    password_changed: "account.password",
    describe_session: Some("UPDATE session SET id = $2, origin_sealed = $3 WHERE token_hash = $1"),
    sql: statements!("account", "session", "device", "network", "account_id"),
};
/// People of the offices.
pub(crate) static STAFF: AccountKind = AccountKind {
    code: "staff",
    actor: |id| Actor::Staff(id.into()),
    logged_in: "staff.login",
    logged_out: "staff.logout",
    failed: "staff.login_failed",
    throttled: "staff.login_throttled",
    password_changed: "staff.password",
    describe_session: None,
    sql: statements!("staff", "staff_session", "staff_device", "staff_network", "staff_id"),
};
