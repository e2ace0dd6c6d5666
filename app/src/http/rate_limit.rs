//! How often one address may do what costs the server much and needs nobody to be logged in.
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter as Governor};
use std::{
    net::{IpAddr, Ipv6Addr},
    num::NonZeroU32,
    sync::Arc,
};

/// Who speaks at the other end of a request: the address that the listener saw, or that a trusted proxy named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peer(pub IpAddr);

/// A budget for each address: so many attempts a minute, and as many at once. One node counts for itself; what several nodes
/// must agree on is the budget of an account, in the database.
#[derive(Clone)]
pub struct RateLimiter(Option<Arc<DefaultKeyedRateLimiter<IpAddr>>>);
impl RateLimiter {
    /// A budget of so many attempts a minute; without one if it is 0.
    pub fn per_minute(attempts: u32) -> Self {
        let quota = NonZeroU32::new(attempts).map(Quota::per_minute);
        Self(quota.map(|quota| Arc::new(Governor::keyed(quota))))
    }
    /// Takes one attempt and says whether there was one left. The machine itself is not counted: a proxy on it that names
    /// nobody would otherwise be one address for everybody.
    pub fn allow(&self, Peer(address): Peer) -> bool {
        let Some(limiter) = &self.0 else { return true };
        if address.is_loopback() {
            return true;
        }
        // Budgets that are full again are dropped now and then, so that memory follows the addresses in use.
        if limiter.len() > 50_000 {
            limiter.retain_recent();
        }
        limiter.check_key(&subnet_key(address)).is_ok()
    }
}

/// A household has a whole network of IPv6 addresses (RFC 6177), so the network counts.
fn subnet_key(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(six) => {
            let [a, b, c, d, ..] = six.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
    }
}

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
        assert!((0..9).all(|_| take("127.0.0.1")));
        assert!((0..9).all(|_| RateLimiter::per_minute(0).allow(Peer("192.0.2.1".parse().unwrap()))));
    }
}
