//! A database that is set back under servers that keep running, as by a failover that loses the last commits: what
//! is changed afterwards holds at once, whatever the servers have known before.

use crate::support::crowd::{PASSWORD, equal_employees, spread};
use crate::support::server::{Server, SignedIn};
use crate::support::{Engine, Installation};
use serde_json::{Value, json};

/// The last employee.
const LAST: i64 = 105;

/// Clients that are created before, and not lost.
const KEPT: i64 = 12;

/// Two servers, and who asks them.
struct TwoServers {
    tawzi: Installation,
    _servers: [Server; 2],
    boss: [SignedIn; 2],
    program: [SignedIn; 2],
    key: i64,
}

impl TwoServers {
    /// Servers that have created clients by a person and by a key, and then some more, which are lost.
    fn after_a_loss_of(clients: usize) -> Self {
        let tawzi = Installation::new(Engine::Postgres);
        equal_employees(&tawzi, 1, 5);
        let servers = [(); 2].map(|()| Server::start(&tawzi));
        let boss = servers[0].sign_in("boss1", PASSWORD);
        let boss = servers.each_ref().map(|server| server.with(boss.token()));
        let (status, key) = boss[0].post("api-keys/", &json!({ "name": "form" }));
        assert_eq!(status, 201, "{key}");
        let secret = key["key"].as_str().unwrap();
        let program = servers.each_ref().map(|server| server.with(secret));
        let two = Self {
            boss,
            program,
            key: key["id"].as_i64().unwrap(),
            _servers: servers,
            tawzi,
        };
        for _ in 0..KEPT / 4 {
            two.creates(&two.boss, 2, 201);
            two.creates(&two.program, 2, 201);
        }

        let kept = two.tawzi.database.keep();
        two.creates(&two.program, clients, 201);
        two.tawzi.database.set_back(&kept);

        assert_eq!(two.clients(""), KEPT);
        two
    }

    fn clients(&self, which: &str) -> i64 {
        let count = format!("SELECT COUNT(*) FROM client {which}");
        self.tawzi.database.number(&count)
    }

    /// Asks both servers in turn to create clients; each is answered with that status.
    #[track_caller]
    fn creates(&self, by: &[SignedIn; 2], times: usize, expected: u16) {
        for n in 0..times {
            let name = format!("client {}-{n}", self.clients(""));
            let body = json!({ "name": name, "priority": "low", "type": "fresh", "company": 1 });
            let (status, answer) = by[n % 2].post("clients/", &body);
            assert_eq!(status, expected, "{answer}");
        }
    }
}

#[test]
fn a_key_that_is_revoked_after_a_loss_creates_nothing() {
    let two = TwoServers::after_a_loss_of(1);

    let revoked = two.boss[0].delete(&format!("api-keys/{}/", two.key));

    assert_eq!(revoked, 204);
    two.creates(&two.program, 6, 401);
    two.creates(&two.boss, 2, 201);
    assert_eq!(two.clients(""), KEPT + 2);
}

#[test]
fn a_token_that_is_signed_out_after_a_loss_creates_nothing() {
    let two = TwoServers::after_a_loss_of(1);

    let (signed_out, _) = two.boss[0].post("auth/logout/", &json!({}));

    assert_eq!(signed_out, 204);
    two.creates(&two.boss, 6, 401);
    two.creates(&two.program, 2, 201);
    assert_eq!(two.clients(""), KEPT + 2);
}

#[test]
fn clients_that_go_to_one_employee_after_a_loss_are_made_up_for() {
    let two = TwoServers::after_a_loss_of(1);
    let database = &two.tawzi.database;
    let ids = database.lines("SELECT '' || id FROM client ORDER BY id LIMIT 10");
    let ids: Vec<i64> = ids.iter().map(|id| id.parse().unwrap()).collect();

    let bulk: Value = json!({ "client_ids": ids, "user_id": LAST });
    let (status, answer) = two.boss[0].post("clients/bulk_assign/", &bulk);
    let unequal = spread(database);
    two.creates(&two.boss, 48, 201);

    assert_eq!(status, 200, "{answer}");
    assert!(unequal >= 9, "{unequal}");
    assert_eq!(spread(database), 0, "60 clients among 5");
    two.tawzi.run(&["doctor"]).succeeded();
}

#[test]
fn an_employee_who_is_deactivated_after_a_loss_receives_nothing() {
    let two = TwoServers::after_a_loss_of(3);

    let path = format!("users/{LAST}/deactivate/");
    let (status, answer) = two.boss[0].post(&path, &json!({}));
    two.creates(&two.boss, 20, 201);

    assert_eq!(status, 200, "{answer}");
    let theirs = format!("WHERE assigned_to = {LAST}");
    assert_eq!(two.clients(&theirs), 0);
    two.tawzi.run(&["doctor"]).succeeded();
}
