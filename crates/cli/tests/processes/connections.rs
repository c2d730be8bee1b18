//! Many connections, and long requests, over real sockets.

use crate::support::crowd::{PASSWORD, equal_employees};
use crate::support::server::Server;
use crate::support::{Engine, Installation};
use serde_json::json;
use std::io::{Read as _, Write as _};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpStream};
use std::time::Duration;
use tokio::net::TcpSocket;

const REQUEST: &[u8] = b"GET /api/health/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

/// A connection from that address of this machine.
fn connect(server: &Server, from: [u8; 4]) -> TcpStream {
    let runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = { runtime }.enable_all().build().unwrap();
    let stream = runtime.block_on(async {
        let socket = TcpSocket::new_v4().unwrap();
        let from = IpAddr::V4(Ipv4Addr::from(from));
        socket.bind(SocketAddr::new(from, 0)).unwrap();
        socket.connect(server.address()).await.unwrap()
    });
    let stream = stream.into_std().unwrap();
    stream.set_nonblocking(false).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(5)))
        .unwrap();
    stream
}

/// What the server says to a request, or to nothing at all.
fn answer(mut stream: TcpStream, request: &[u8]) -> String {
    // Whoever is refused need not be listened to.
    drop(stream.write_all(request));
    let mut answer = String::new();
    drop(stream.read_to_string(&mut answer));
    answer
}

#[test]
fn silent_connections_of_one_address_leave_the_others_their_own() {
    let tawzi = Installation::new(Engine::Sqlite);
    // 100 connections, 25 of each address.
    let server = Server::start_limited(&tawzi, "-n 200", &[]);

    let silent: Vec<_> = (0..25).map(|_| connect(&server, [127, 0, 0, 1])).collect();

    for _ in 0..20 {
        let refused = answer(connect(&server, [127, 0, 0, 1]), b"");
        assert!(refused.starts_with("HTTP/1.1 503 "), "{refused}");
        assert!(refused.contains("\r\nRetry-After: 1\r\n"), "{refused}");
        assert!(
            refused.contains("{\"detail\":\"There are too many connections"),
            "{refused}"
        );
    }
    let other = answer(connect(&server, [127, 0, 0, 2]), REQUEST);
    assert!(other.starts_with("HTTP/1.1 200 OK\r\n"), "{other}");
    let log = server.log();
    let said = log.matches("too many connections from one address").count();
    assert_eq!(said, 1, "{log}");
    let line = server.logged("somebody asked more often than they may");
    assert!(
        line.contains("connections") && line.contains("127.0.0.1"),
        "{line}"
    );
    drop(silent);
    super::support::wait_until("its connections are closed", Duration::from_secs(5), || {
        answer(connect(&server, [127, 0, 0, 1]), REQUEST).starts_with("HTTP/1.1 200 OK\r\n")
    });
}

#[test]
fn more_connections_than_there_are_descriptors_do_not_stop_the_server() {
    let tawzi = Installation::new(Engine::Sqlite);
    let server = Server::start_limited(&tawzi, "-n 200", &[]);

    let silent: Vec<_> = (0..200)
        .map(|number: u8| connect(&server, [127, 0, 0, 1 + number / 25]))
        .collect();

    server.logged("too many connections in all");
    let refused = answer(connect(&server, [127, 0, 0, 99]), REQUEST);
    assert!(
        refused.is_empty() || refused.starts_with("HTTP/1.1 503 "),
        "{refused}"
    );
    drop(silent);
    super::support::wait_until("its connections are closed", Duration::from_secs(5), || {
        answer(connect(&server, [127, 0, 0, 99]), REQUEST).starts_with("HTTP/1.1 200 OK\r\n")
    });
}

#[test]
fn a_server_takes_all_descriptors_that_it_may_have() {
    let tawzi = Installation::new(Engine::Sqlite);

    let server = Server::start_limited(&tawzi, "-S -n 100", &[]);

    let (now, most) = server.descriptors();
    assert_eq!(now, most);
}

#[test]
fn whoever_sends_too_much_gets_an_answer() {
    let tawzi = Installation::new(Engine::Sqlite);
    equal_employees(&tawzi, 1, 1);
    let server = Server::start(&tawzi);
    let boss = server.sign_in("boss1", PASSWORD);
    let rubbish = json!({"x": vec![json!({"": 0}); 1_000_000]});
    let before = server.memory();

    let (status, answer) = boss.post("clients/", &rubbish);

    assert_eq!(
        (status, answer),
        (413, json!({"detail": "The request's body is too large."}))
    );
    let after = server.memory();
    assert!(after < before + 10, "{before} MiB, then {after} MiB");
    let (status, _) = server.post("clients/", &rubbish);
    assert_eq!(status, 401, "nobody is listened to who may not ask");
}
