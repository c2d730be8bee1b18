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
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
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
    /// The visitor's address.
    pub fn address(self, from: AddressFrom) -> Option<IpAddr> {
        let address = match from {
            AddressFrom::Connection => self.connection,
            AddressFrom::Proxy => self.forwarded.or(self.connection),
        };
        address.map(|address| address.to_canonical())
    }

    /// The address of the visitor's line: an IPv6 one stands for its whole network of 64 bits.
    pub fn line(self, from: AddressFrom) -> Option<IpAddr> {
        self.address(from).map(line_of)
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
pub fn line_of(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => IpAddr::V4(address),
        IpAddr::V6(address) => {
            IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 64)))
        }
    }
}
