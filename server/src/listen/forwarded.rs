//! Who a request behind a trusted proxy comes from.
use http::HeaderMap;
use ipnet::IpNet;
use std::net::{IpAddr, SocketAddr};

/// Whether an address is a proxy whose word counts.
pub(super) fn is_trusted(proxies: &[IpNet], address: IpAddr) -> bool {
    proxies.iter().any(|net| net.contains(&address))
}

/// The client of a trusted proxy: the last address in `X-Forwarded-For` that is not itself a trusted proxy. Each proxy appends
/// whom it talked to, so what stands before an entry that cannot be read was written by nobody who is known: then, and where no
/// client is named at all, the proxy itself counts.
pub(super) fn client(headers: &HeaderMap, proxy: IpAddr, proxies: &[IpNet]) -> IpAddr {
    let lists = headers.get_all("x-forwarded-for").into_iter().collect::<Vec<_>>();
    let entries = lists.into_iter().rev().flat_map(|list| list.as_bytes().rsplit(|byte| *byte == b','));
    for entry in entries {
        match address(entry) {
            Some(address) if is_trusted(proxies, address) => {}
            Some(address) => return address,
            None => return proxy,
        }
    }
    proxy
}

/// An entry: an address, perhaps with a port, that of IPv6 perhaps in brackets.
fn address(entry: &[u8]) -> Option<IpAddr> {
    let entry = str::from_utf8(entry).ok()?.trim();
    let bracketed = || entry.strip_prefix('[')?.strip_suffix(']')?.parse().ok().map(IpAddr::V6);
    let with_port = || entry.parse::<SocketAddr>().ok().map(|address| address.ip());
    let address = entry.parse().ok().or_else(bracketed).or_else(with_port)?;
    Some(address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::listen::fuzz::{self, for_many};
    use proptest::prelude::*;

    const PROXY: &str = "10.0.0.1";

    fn of(lists: &[&[u8]]) -> String {
        let mut headers = HeaderMap::new();
        for list in lists {
            headers.append("x-forwarded-for", http::HeaderValue::from_bytes(list).unwrap());
        }
        let proxies = ["10.0.0.0/8".parse().unwrap(), "2001:db8:10::/48".parse().unwrap()];
        client(&headers, PROXY.parse().unwrap(), &proxies).to_string()
    }

    #[test]
    fn the_last_address_that_is_no_proxy_is_the_client() {
        for (lists, expect) in [
            (&[b"192.0.2.1".as_slice()][..], "192.0.2.1"),
            (&[b"203.0.113.9, 192.0.2.1"], "192.0.2.1"),
            (&[b"203.0.113.9,192.0.2.1 , 10.0.0.7"], "192.0.2.1"),
            (&[b"203.0.113.9", b"192.0.2.1"], "192.0.2.1"),
            (&[b"203.0.113.9, 2001:db8:10::1"], "203.0.113.9"),
            (&[b"192.0.2.1:4711"], "192.0.2.1"),
            (&[b"[2001:db8::1]"], "2001:db8::1"),
            (&[b"[2001:db8::1]:4711"], "2001:db8::1"),
            (&[b"::ffff:192.0.2.1"], "192.0.2.1"),
            (&[b"[::ffff:10.0.0.7]:1, 10.0.0.9"], PROXY),
        ] {
            assert_eq!(of(lists), expect, "{lists:?}");
        }
    }

    #[test]
    fn what_is_missing_or_cannot_be_read_counts_against_the_proxy() {
        let malformed: [&[u8]; 10] = [
            b"",
            b"unknown",
            b"192.0.2.1, unknown",
            b"192.0.2.1,",
            b"192.0.2.1, _hidden",
            b"192.0.2.1:99999",
            b"[192.0.2.1]",
            b"[2001:db8::1",
            b"fe80::1%eth0",
            b"192.0.2.1, \xFF",
        ];
        assert_eq!(of(&[]), PROXY);
        for list in malformed {
            assert_eq!(of(&[list]), PROXY, "{list:?}");
        }
        // What a client wrote itself stands before what its proxy appended.
        assert_eq!(of(&[b"unknown, 192.0.2.1"]), "192.0.2.1");
    }

    /// The values of several headers, each with several entries.
    fn lists() -> impl Strategy<Value = Vec<Vec<String>>> {
        let entry = prop_oneof![
            "[0-9a-f:.\\[\\] ]{0,40}",
            "(192\\.0\\.2\\.[0-9]{1,3}|10\\.0\\.0\\.[0-9]{1,2})(:[0-9]{0,6})?",
            "\\[?2001:db8(:[0-9a-f]{0,4}){1,6}\\]?(:[0-9]{1,6})?",
            "unknown|_[a-z]{1,5}|\\PC{0,8}",
        ];
        prop::collection::vec(prop::collection::vec(entry, 0..5), 0..3)
    }

    #[test]
    fn no_header_panics_and_each_names_somebody() {
        let kept = fuzz::texts(include_str!("../../tests/corpus/forwarded.txt"));
        let kept = kept.into_iter().map(|list| vec![vec![list]]);
        for_many(lists, kept, "tests/corpus/forwarded.failures", |lists: Vec<Vec<String>>| {
            let proxies: [IpNet; 1] = ["10.0.0.0/8".parse().unwrap()];
            let mut headers = HeaderMap::new();
            for list in lists {
                if let Ok(value) = http::HeaderValue::from_bytes(list.join(",").as_bytes()) {
                    headers.append("x-forwarded-for", value);
                }
            }
            let found = client(&headers, PROXY.parse().unwrap(), &proxies);
            assert!(found.to_string() == PROXY || !is_trusted(&proxies, found), "{found}");
        });
    }
}
