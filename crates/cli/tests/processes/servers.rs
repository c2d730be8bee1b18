//! Creates over HTTP through real servers: fair while they run, through two processes at once, and
//! lasting once they are answered.

use crate::support::server::{Server, SignedIn};
use crate::support::{Database, Engine, Installation};
use std::sync::atomic::{AtomicI64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

on_both_engines! {
    creates_through_two_servers_keep_the_loads_equal_at_every_moment,
    every_answered_create_survives_a_kill,
}

const CONNECTIONS: usize = 64;
const EMPLOYEES: i64 = 20;

#[test]
fn a_server_answers_in_as_many_threads_as_it_is_told() {
    let tawzi = Installation::new(Engine::Sqlite);
    let told = Server::start_with(&tawzi, &["--no-worker", "--threads", "7"], &[]);
    let untold = Server::start(&tawzi);

    assert_eq!(told.threads(), 7);
    let cores = thread::available_parallelism().unwrap().get();
    assert_eq!(untold.threads(), (cores / 2).max(1));
    for wrong in ["0", "1025", "two"] {
        let refused = tawzi.run(&["serve", "--threads", wrong]);
        assert_eq!(refused.status.code(), Some(2), "{refused:?}");
        assert!(refused.stderr.contains("--threads"), "{refused:?}");
    }
}

#[test]
fn signing_in_leaves_no_memory_behind() {
    let tawzi = Installation::new(Engine::Sqlite);
    equal_employees(&tawzi);
    let unlimited = ["--no-worker", "--sign-in-limits", "off"];
    let server = Server::start_with(&tawzi, &unlimited, &[]);
    let before = server.memory();

    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| (0..3).for_each(|_| drop(server.sign_in("boss", "a long password"))));
        }
    });

    // Each password takes 19 MiB while it is compared.
    let after = server.memory();
    assert!(after < before + 15, "{before} MiB, then {after} MiB");
}

/// Company 1 with its administrator `boss` and 20 equal employees.
fn equal_employees(tawzi: &Installation) {
    tawzi
        .run(&[
            "company",
            "create",
            "A",
            "--domain",
            "a.example",
            "--auto-assign",
            "on",
        ])
        .succeeded();
    let email = ["--email", "boss@a.example"];
    let args = [
        "user",
        "create",
        "boss",
        "--company",
        "1",
        "--role",
        "admin",
    ];
    tawzi
        .run_with_input("a long password\n", &[&args[..], &email].concat())
        .succeeded();
    for n in 1..=EMPLOYEES {
        tawzi.database.execute(&format!(
            "INSERT INTO user_account (id, company_id, username, email, first_name, last_name, role,
                 password_hash, is_active, is_staff, is_superuser, email_verified, date_joined)
             VALUES (100 + {n}, 1, 'e{n}', 'e{n}@a.example', '', '', 'employee', '!', TRUE, FALSE,
                 FALSE, TRUE, 0)"
        ));
    }
}

/// The difference between the busiest and the least busy employee at this moment.
fn spread(database: &Database) -> i64 {
    // An employee without counters has received nothing.
    database.number(
        "SELECT COALESCE(MAX(COALESCE(l.active + l.follow_up + l.without_status, 0))
                - MIN(COALESCE(l.active + l.follow_up + l.without_status, 0)), 0)
         FROM user_account u
         LEFT JOIN employee_load l ON l.company_id = u.company_id AND l.user_id = u.id
         WHERE u.role = 'employee'",
    )
}

/// Sends creates from many threads, to the servers in turn, until one is refused or `wanted` are
/// answered; gives the ids that were answered.
fn create_many(servers: &[SignedIn], wanted: i64) -> Vec<i64> {
    let sent = AtomicI64::new(0);
    thread::scope(|scope| {
        let senders: Vec<_> = (0..CONNECTIONS)
            .map(|number| {
                let (server, sent) = (&servers[number % servers.len()], &sent);
                scope.spawn(move || {
                    let mut ids = Vec::new();
                    loop {
                        let n = sent.fetch_add(1, Ordering::Relaxed);
                        if n >= wanted {
                            return ids;
                        }
                        let Some(id) = server.create_client(&format!("عميل {n}")) else {
                            return ids;
                        };
                        ids.push(id);
                    }
                })
            })
            .collect();
        senders
            .into_iter()
            .flat_map(|sender| sender.join().unwrap())
            .collect()
    })
}

fn creates_through_two_servers_keep_the_loads_equal_at_every_moment(tawzi: &Installation) {
    equal_employees(tawzi);
    let servers = [(); 2].map(|()| Server::start(tawzi));
    let signed_in = servers
        .each_ref()
        .map(|server| server.sign_in("boss", "a long password"));
    let wanted = 1_000;

    let (answered, spreads) = thread::scope(|scope| {
        let creating = scope.spawn(|| create_many(&signed_in, wanted));
        let mut spreads = Vec::new();
        while !creating.is_finished() {
            spreads.push(spread(&tawzi.database));
            thread::sleep(Duration::from_millis(5));
        }
        (creating.join().unwrap(), spreads)
    });

    assert_eq!(i64::try_from(answered.len()).unwrap(), wanted);
    assert!(spreads.len() > 10, "watched only {} times", spreads.len());
    assert!(spreads.iter().all(|&spread| spread <= 1), "{spreads:?}");
    assert_eq!(spread(&tawzi.database), 0, "1,000 clients among 20");
    let of_clients =
        "SELECT COUNT(DISTINCT client_id) FROM client_event WHERE event_type = 'assignment'";
    assert_eq!(tawzi.database.number(of_clients), wanted);
    assert_eq!(
        tawzi.database.number("SELECT COUNT(*) FROM client_event"),
        wanted
    );
    tawzi.run(&["doctor"]).succeeded();
}

fn every_answered_create_survives_a_kill(tawzi: &Installation) {
    equal_employees(tawzi);
    let mut server = Server::start(tawzi);
    let signed_in = [server.sign_in("boss", "a long password")];

    let answered = thread::scope(|scope| {
        let creating = scope.spawn(|| create_many(&signed_in, i64::MAX));
        let begun = Instant::now();
        while tawzi.database.number("SELECT COUNT(*) FROM client") < 100 {
            assert!(
                begun.elapsed() < Duration::from_mins(1),
                "nothing is created"
            );
            thread::sleep(Duration::from_millis(5));
        }
        server.kill();
        creating.join().unwrap()
    });

    assert!(answered.len() > 10, "only {} were answered", answered.len());
    let kept = tawzi.database.lines("SELECT '' || id FROM client");
    for id in &answered {
        assert!(kept.contains(&id.to_string()), "client {id} is lost");
    }
    let without_event = "SELECT COUNT(*)
         FROM client k
         WHERE NOT EXISTS (SELECT 1 FROM client_event e
                           WHERE e.company_id = k.company_id AND e.client_id = k.id)";
    assert_eq!(tawzi.database.number(without_event), 0);
    tawzi.run(&["doctor"]).succeeded();
}
