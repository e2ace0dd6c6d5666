//! How often one address may do what costs the server much and needs nobody to be logged in.
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter as Governor};
use registry::Network;
use std::{net::IpAddr, num::NonZeroU32, sync::Arc};

/// Who speaks at the other end of a request: the address that the listener saw, or that a trusted proxy named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peer(pub IpAddr);

/// A budget for each address: so many attempts a minute, and as many at once. One node counts for itself; what several nodes
/// must agree on is the budget of an account, in the database.
#[derive(Clone)]
pub struct RateLimiter(Option<Arc<Budgets>>);
impl RateLimiter {
    /// A budget of so many attempts a minute; without one if it is 0.
    pub fn per_minute(attempts: u32) -> Self {
        let budgets = NonZeroU32::new(attempts).map(|attempts| Budgets {
            narrow: Governor::keyed(Quota::per_minute(attempts)),
            wide: Governor::keyed(Quota::per_minute(attempts.saturating_mul(WIDE))),
        });
        Self(budgets.map(Arc::new))
    }
    /// Takes one attempt and says whether there was one left. Nobody is excepted: a trusted proxy that names no client counts
    /// itself, since otherwise leaving the name out would be a way past the budget.
    ///
    /// An address of IPv6 counts with its /64, which is the least that a household has, and with its /48, which may be many
    /// households and has the budget of several.
    pub fn allow(&self, Peer(address): Peer) -> bool {
        let Some(Budgets { narrow, wide }) = self.0.as_deref() else { return true };
        let network = Network::of(address);
        // Budgets that are full again are dropped now and then, so that memory follows the addresses in use.
        if narrow.len() > 50_000 {
            narrow.retain_recent();
            wide.retain_recent();
        }
        narrow.check_key(&network.narrow()).is_ok()
            && (address.to_canonical().is_ipv4() || wide.check_key(&network.wide()).is_ok())
    }
}

/// Attempts of the networks of an address.
struct Budgets {
    narrow: DefaultKeyedRateLimiter<IpAddr>,
    /// Of IPv6 only: a /24 of IPv4 may be the customers of a whole town.
    wide: DefaultKeyedRateLimiter<IpAddr>,
}
/// How many budgets of a /64 a /48 has.
const WIDE: NonZeroU32 = NonZeroU32::new(8).unwrap();

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_its_own_budget_and_a_network_of_six_one_together() {
        let limiter = RateLimiter::per_minute(2);
        let take = |text: &str| limiter.allow(Peer(text.parse().unwrap()));
        assert_eq!([take("192.0.2.1"), take("192.0.2.1"), take("192.0.2.1")], [true, true, false]);
        assert!(take("192.0.2.2"));
        assert_eq!([take("2001:db8::1"), take("2001:db8::2"), take("2001:db8::3")], [true, true, false]);
        assert!(take("2001:db8:0:1::1"));
        // A /48 has eight budgets together, and the next one its own.
        let site = (0..40).filter(|n| take(&format!("2001:db8:7:{n:x}::1"))).count();
        assert_eq!(site, 16);
        assert!(take("2001:db8:8::1"));
        // Nobody is excepted, and an address of IPv4 within IPv6 is one of IPv4.
        assert_eq!((0..9).filter(|_| take("127.0.0.1")).count(), 2);
        assert_eq!(["::ffff:192.0.2.9", "192.0.2.9", "::ffff:192.0.2.9"].map(take), [true, true, false]);
        assert!((0..9).all(|_| RateLimiter::per_minute(0).allow(Peer("192.0.2.1".parse().unwrap()))));
    }
}
