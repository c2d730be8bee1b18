//! From which address somebody asks.

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::HeaderMap;
use axum::http::request::Parts;
use std::convert::Infallible;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};

/// Where the address of whoever asks is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AddressFrom {
    /// The connection.
    Connection,
    /// The last entry of `X-Forwarded-For`, which the proxy in front of this server adds. Without
    /// such a proxy anybody could write there what they like.
    Proxy,
}

/// Whoever asks, as far as their address is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Visitor {
    connection: Option<IpAddr>,
    forwarded: Option<IpAddr>,
}

impl<S: Send + Sync> FromRequestParts<S> for Visitor {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        Ok(Self {
            connection: peer.map(|ConnectInfo(peer)| peer.ip()),
            forwarded: forwarded(&parts.headers),
        })
    }
}

impl Visitor {
    /// The address of the visitor's line: an IPv6 one stands for its whole network of 64 bits.
    pub fn line(self, from: AddressFrom) -> Option<IpAddr> {
        let address = match from {
            AddressFrom::Connection => self.connection,
            AddressFrom::Proxy => self.forwarded.or(self.connection),
        };
        address.map(line)
    }
}

/// The last entry of the last `X-Forwarded-For`: those before it may be anybody's invention.
fn forwarded(headers: &HeaderMap) -> Option<IpAddr> {
    let header = headers.get_all("x-forwarded-for").iter().next_back()?;
    let last = header.to_str().ok()?.rsplit(',').next()?.trim();
    let bare = last.trim_start_matches('[').trim_end_matches(']');
    let with_port = || last.parse().map(|address: SocketAddr| address.ip());
    bare.parse().or_else(|_| with_port()).ok()
}

/// The address that stands for all that one line has: an IPv6 line has 2^64 of them.
fn line(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => IpAddr::V4(address),
        IpAddr::V6(address) => {
            IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 64)))
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// Somebody who is connected from that address, or from nowhere.
    pub(crate) fn connected_from(address: Option<&str>) -> Visitor {
        Visitor {
            connection: address.map(|address| address.parse().unwrap()),
            forwarded: None,
        }
    }

    #[test]
    fn the_proxy_has_the_last_word_about_the_address() {
        for (values, expected) in [
            (vec!["1.2.3.4"], Some("1.2.3.4")),
            (vec!["6.6.6.6, 1.2.3.4"], Some("1.2.3.4")),
            (vec!["6.6.6.6", "1.2.3.4"], Some("1.2.3.4")),
            (vec!["1.2.3.4:5678"], Some("1.2.3.4")),
            (vec!["[2001:db8::1]:443"], Some("2001:db8::1")),
            (vec!["2001:db8::1"], Some("2001:db8::1")),
            (vec!["1.2.3.4, unknown"], None),
            (vec![""], None),
            (vec![], None),
        ] {
            let mut headers = HeaderMap::new();
            for value in &values {
                headers.append("x-forwarded-for", value.parse().unwrap());
            }

            let found = forwarded(&headers);

            assert_eq!(
                found,
                expected.map(|text| text.parse().unwrap()),
                "{values:?}"
            );
        }
    }

    #[test]
    fn a_proxy_is_believed_only_where_there_is_one() {
        let visitor = Visitor {
            connection: Some("10.0.0.1".parse().unwrap()),
            forwarded: Some("1.2.3.4".parse().unwrap()),
        };

        let (connection, proxy) = (AddressFrom::Connection, AddressFrom::Proxy);

        assert_eq!(visitor.line(connection), visitor.connection);
        assert_eq!(visitor.line(proxy), visitor.forwarded);
        let direct = connected_from(Some("10.0.0.1"));
        assert_eq!(direct.line(proxy), direct.connection);
    }

    #[test]
    fn an_ipv4_address_is_the_same_in_both_notations() {
        let mapped: IpAddr = "::ffff:10.0.0.1".parse().unwrap();

        assert_eq!(line(mapped), "10.0.0.1".parse::<IpAddr>().unwrap());
    }
}
