//! From which address somebody asks.

use axum::extract::{ConnectInfo, FromRequestParts as _};
use axum::http::Request;
use std::net::{IpAddr, SocketAddr};
use tawzi_web::{AddressFrom, Visitor};

/// Whoever is connected from that address, or from nowhere, and sends such headers.
pub(crate) async fn visitor(connection: Option<&str>, forwarded: &[&str]) -> Visitor {
    let mut request = Request::get("/");
    for value in forwarded {
        request = request.header("x-forwarded-for", *value);
    }
    let (mut parts, ()) = request.body(()).unwrap().into_parts();
    if let Some(address) = connection {
        let peer = SocketAddr::new(address.parse().unwrap(), 1);
        parts.extensions.insert(ConnectInfo(peer));
    }
    Visitor::from_request_parts(&mut parts, &()).await.unwrap()
}

fn address(text: &str) -> IpAddr {
    text.parse().unwrap()
}

#[tokio::test]
async fn the_proxy_has_the_last_word_about_the_address() {
    for (headers, expected) in [
        (["1.2.3.4"].as_slice(), Some("1.2.3.4")),
        (&["6.6.6.6, 1.2.3.4"], Some("1.2.3.4")),
        (&["6.6.6.6", "1.2.3.4"], Some("1.2.3.4")),
        (&["1.2.3.4:5678"], Some("1.2.3.4")),
        (&["[2001:db8::1]:443"], Some("2001:db8::")),
        (&["2001:db8::1"], Some("2001:db8::")),
        (&["1.2.3.4, unknown"], None),
        (&[""], None),
        (&[], None),
    ] {
        let line = visitor(None, headers).await.line(AddressFrom::Proxy);

        assert_eq!(line, expected.map(address), "{headers:?}");
    }
}

#[tokio::test]
async fn a_proxy_is_believed_only_where_there_is_one() {
    let behind_proxy = visitor(Some("10.0.0.1"), &["1.2.3.4"]).await;
    let direct = visitor(Some("10.0.0.1"), &[]).await;

    let (connection, proxy) = (AddressFrom::Connection, AddressFrom::Proxy);

    assert_eq!(behind_proxy.line(connection), Some(address("10.0.0.1")));
    assert_eq!(behind_proxy.line(proxy), Some(address("1.2.3.4")));
    assert_eq!(direct.line(proxy), Some(address("10.0.0.1")));
}

#[tokio::test]
async fn an_ipv4_address_is_the_same_in_both_notations() {
    let mapped = visitor(Some("::ffff:10.0.0.1"), &[]).await;

    let line = mapped.line(AddressFrom::Connection);

    assert_eq!(line, Some(address("10.0.0.1")));
}
