use super::stream::{FIRST_TIME, HEAD_TIME, LINGER_TIME, WRITE_TIME};
use super::*;
use axum::routing::{get, post};
use std::net::{IpAddr, Ipv4Addr};
use tawzi_web::AddressFrom;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, duplex};
use tokio::time::{Instant, sleep};

const PEER: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 1);

const LONG: usize = 100_000;

fn app() -> Router {
    let address = |ConnectInfo(peer): ConnectInfo<SocketAddr>| async move { peer.to_string() };
    Router::new()
        .route("/", get(address))
        .route("/long", get(async || "x".repeat(LONG)))
        .route("/unread", post(async || "no"))
}

fn limits() -> Arc<Limits> {
    Arc::new(Limits::new(100, AddressFrom::Connection))
}

fn served<S: AsyncRead + AsyncWrite + Send + Unpin + 'static>(
    stream: S,
) -> impl GracefulConnection<Error = hyper::Error> + Send {
    connection(stream, PEER, app(), limits())
}

/// The whole answer to one request.
async fn answer_to(request: &str) -> String {
    let (mut client, server) = duplex(1024);
    client.write_all(request.as_bytes()).await.unwrap();
    served(server).await.unwrap();
    let mut answer = String::new();
    client.read_to_string(&mut answer).await.unwrap();
    answer
}

#[tokio::test(start_paused = true)]
async fn a_head_that_does_not_end_is_not_waited_for() {
    for (sent, time) in [
        ("", FIRST_TIME),
        ("G", HEAD_TIME),
        ("GET / HTTP/1.1\r\nHost: x\r\nX: ", HEAD_TIME),
        ("GET / HTTP/1.1\r\nHost: x\r\n\r\n", REST_TIME),
    ] {
        let (mut client, server) = duplex(1024);
        client.write_all(sent.as_bytes()).await.unwrap();

        let begun = Instant::now();
        drop(served(server).await);

        // The timer of the runtime is exact to a millisecond.
        assert_eq!(begun.elapsed().as_secs(), time.as_secs(), "{sent}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_head_that_trickles_in_is_not_waited_for_either() {
    let (mut client, server) = duplex(1024);
    let trickle = tokio::spawn(async move {
        while client.write_all(b"X").await.is_ok() {
            sleep(Duration::from_secs(4)).await;
        }
    });

    let begun = Instant::now();
    drop(served(server).await);

    assert_eq!(begun.elapsed().as_secs(), HEAD_TIME.as_secs());
    trickle.abort();
}

#[tokio::test(start_paused = true)]
async fn a_client_that_does_not_read_is_dropped_and_a_slow_one_is_not() {
    let request = b"GET /long HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    let (mut client, server) = duplex(1024);
    client.write_all(request).await.unwrap();
    let begun = Instant::now();
    served(server).await.unwrap_err();
    assert_eq!(begun.elapsed().as_secs(), WRITE_TIME.as_secs());

    let (mut client, server) = duplex(1024);
    client.write_all(request).await.unwrap();
    let served = tokio::spawn(served(server));
    let mut read = 0;
    let mut some = [0; 1024];
    loop {
        sleep(WRITE_TIME / 2).await;
        match client.read(&mut some).await.unwrap() {
            0 => break,
            more => read += more,
        }
    }

    served.await.unwrap().unwrap();
    assert!(read > LONG, "{read}");
}

#[tokio::test(start_paused = true)]
async fn a_client_that_sends_more_than_is_read_gets_its_answer() {
    let (client, server) = duplex(1024);
    let served = tokio::spawn(served(server));
    let (mut answers, mut requests) = tokio::io::split(client);
    let head = format!("POST /unread HTTP/1.1\r\nHost: x\r\nContent-Length: {LONG}\r\n\r\n");
    requests.write_all(head.as_bytes()).await.unwrap();

    requests.write_all(&vec![b'x'; LONG]).await.unwrap();

    let mut answer = String::new();
    answers.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    // Somebody who never ends is not listened to for long.
    let begun = Instant::now();
    drop(served.await.unwrap());
    assert_eq!(begun.elapsed().as_secs(), LINGER_TIME.as_secs());
}

#[tokio::test]
async fn a_request_knows_whose_it_is() {
    let answer = answer_to("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await;

    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    assert!(answer.ends_with("127.0.0.1:1"), "{answer}");
}

#[tokio::test]
async fn a_request_names_one_server() {
    for (version, hosts, status) in [
        ("1.1", "", "400"),
        ("1.1", "Host: a\r\n", "200"),
        ("1.1", "Host: a\r\nHost: a\r\n", "400"),
        ("1.1", "Host: a\r\nX: y\r\nhOST: b\r\n", "400"),
        ("1.0", "", "200"),
        ("1.0", "Host: a\r\nHost: b\r\n", "400"),
    ] {
        let request = format!("GET / HTTP/{version}\r\n{hosts}Connection: close\r\n\r\n");

        let answer = answer_to(&request).await;

        let said = answer.split_once(' ').unwrap().1;
        assert!(said.starts_with(status), "{request}: {answer}");
        let explained = answer.contains("{\"detail\":\"The request has ");
        assert_eq!(explained, status == "400", "{answer}");
    }
}

#[tokio::test]
async fn a_head_without_end_is_refused() {
    let request = format!(
        "GET /?{} HTTP/1.1\r\nHost: x\r\n\r\n",
        "x".repeat(3 * MAX_HEAD_BYTES)
    );
    let (mut client, server) = duplex(4 * MAX_HEAD_BYTES);
    client.write_all(request.as_bytes()).await.unwrap();

    served(server).await.unwrap_err();

    let mut answer = String::new();
    client.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 431 "), "{answer}");
}

fn address(last: u8) -> IpAddr {
    IpAddr::V4(Ipv4Addr::new(10, 0, 0, last))
}

#[test]
fn an_address_has_a_share_of_the_connections() {
    let limits = Limits::new(8, AddressFrom::Connection);

    let mut places: Vec<_> = (0..2).map(|_| limits.let_in(address(1)).unwrap()).collect();

    assert!(limits.let_in(address(1)).is_none());
    for other in 2..5 {
        places.extend((0..2).map(|_| limits.let_in(address(other)).unwrap()));
    }
    assert!(limits.let_in(address(9)).is_none(), "there are 8");
    places.pop();
    assert!(limits.let_in(address(9)).is_some());
    places.remove(0);
    assert!(limits.let_in(address(1)).is_some());
}

#[test]
fn all_addresses_of_an_ipv6_line_are_one() {
    let limits = Limits::new(8, AddressFrom::Connection);
    let address = |last| format!("2001:db8::{last}").parse().unwrap();

    let _places = (
        limits.let_in(address(1)).unwrap(),
        limits.let_in(address(2)).unwrap(),
    );

    assert!(limits.let_in(address(3)).is_none());
}

#[tokio::test]
async fn behind_a_proxy_the_requests_of_an_address_are_counted() {
    let limits = Arc::new(Limits::new(8, AddressFrom::Proxy));
    let ask = async |from: &str| {
        let request = Request::get("/").header("Host", "x");
        let request = request.header("X-Forwarded-For", from).body(Body::empty());
        let (mut head, _) = request.unwrap().into_parts();
        limits.let_ask(&mut head).await
    };

    let connections: Vec<_> = (0..8).map(|_| limits.let_in(PEER.ip()).unwrap()).collect();
    let _places = (
        ask("10.0.0.1").await.unwrap(),
        ask("10.0.0.1").await.unwrap(),
    );

    assert!(ask("10.0.0.1").await.is_err());
    assert!(ask("10.0.0.2").await.is_ok());
    assert_eq!(connections.len(), 8);
    assert!(limits.let_in(PEER.ip()).is_none());
}
