//! Networks: what counts as one party where addresses are counted. A household or an office has many addresses, so an address
//! is never counted by itself where it costs somebody else something.
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The two networks that an address belongs to.
///
/// IPv4: the address itself and its /24. IPv6: its /64, which is the least that a household has, and its /48, which is the most
/// that a site is usually given (RFC 6177).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Network {
    narrow: IpAddr,
    wide: IpAddr,
}

impl Network {
    /// The networks of an address. An IPv4 address within IPv6 is one of IPv4.
    pub fn of(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V4(four) => {
                let [a, b, c, _] = four.octets();
                Self { narrow: four.into(), wide: Ipv4Addr::new(a, b, c, 0).into() }
            }
            IpAddr::V6(six) => {
                let [a, b, c, d, ..] = six.segments();
                Self {
                    narrow: Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into(),
                    wide: Ipv6Addr::new(a, b, c, 0, 0, 0, 0, 0).into(),
                }
            }
        }
    }
    /// The wide network as its owner reads it: `203.0.113.x`, or `2001:db8:1::/48`.
    pub fn shortened(self) -> String {
        match self.wide {
            IpAddr::V4(four) => {
                let [a, b, c, _] = four.octets();
                format!("{a}.{b}.{c}.x")
            }
            IpAddr::V6(six) => format!("{six}/48"),
        }
    }
    /// The first address of the narrow network: the address itself, or its /64.
    pub const fn narrow(self) -> IpAddr {
        self.narrow
    }
    /// The first address of the wide network: a /24 or a /48.
    pub const fn wide(self) -> IpAddr {
        self.wide
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn networks(text: &str) -> [String; 2] {
        let network = Network::of(text.parse().unwrap());
        [network.narrow().to_string(), network.wide().to_string()]
    }

    #[test]
    fn an_address_belongs_to_a_narrow_and_a_wide_network() {
        assert_eq!(networks("192.0.2.7"), ["192.0.2.7", "192.0.2.0"]);
        assert_eq!(networks("::ffff:192.0.2.7"), ["192.0.2.7", "192.0.2.0"]);
        assert_eq!(networks("2001:db8:1:2:3:4:5:6"), ["2001:db8:1:2::", "2001:db8:1::"]);
    }

    #[test]
    fn what_is_shown_of_an_address_is_its_wide_network() {
        let shortened = |text: &str| Network::of(text.parse().unwrap()).shortened();
        assert_eq!(shortened("203.0.113.77"), "203.0.113.x");
        assert_eq!(shortened("::ffff:203.0.113.77"), "203.0.113.x");
        assert_eq!(shortened("2001:db8:1:2:3:4:5:6"), "2001:db8:1::/48");
    }
}
