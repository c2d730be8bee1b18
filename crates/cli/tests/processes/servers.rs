//! Creates over HTTP through real servers: fair while they run, through several processes at once, and
//! lasting once they are answered.

use crate::support::crowd::{PASSWORD, equal_employees, spread};
use crate::support::server::{Server, SignedIn};
use crate::support::{Engine, Installation};
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
    equal_employees(&tawzi, 1, EMPLOYEES);
    let unlimited = ["--no-worker", "--sign-in-limits", "off"];
    let server = Server::start_with(&tawzi, &unlimited, &[]);
    // The first one takes what any request takes, once.
    drop(server.sign_in("boss1", PASSWORD));
    let before = server.memory();

    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| (0..3).for_each(|_| drop(server.sign_in("boss1", PASSWORD))));
        }
    });

    // Each password takes 19 MiB while it is compared.
    let after = server.memory();
    assert!(after < before + 15, "{before} MiB, then {after} MiB");
}

/// Sends creates from many threads, each for one of the companies and to one of the servers in turn, until one is
/// refused or `wanted` are answered; gives the ids that were answered.
///
/// `bosses` are those of company 1 at each server, those of company 2, and so on.
fn create_many(bosses: &[Vec<SignedIn>], wanted: i64) -> Vec<i64> {
    let sent = AtomicI64::new(0);
    thread::scope(|scope| {
        let senders: Vec<_> = (0..CONNECTIONS)
            .map(|_| {
                scope.spawn(|| {
                    let mut ids = Vec::new();
                    loop {
                        let n = sent.fetch_add(1, Ordering::Relaxed);
                        if n >= wanted {
                            return ids;
                        }
                        let place = usize::try_from(n).unwrap();
                        let company = place % bosses.len();
                        let servers = &bosses[company];
                        let server = &servers[place / bosses.len() % servers.len()];
                        let name = format!("عميل {n}");
                        let company = i64::try_from(company).unwrap() + 1;
                        let Some(id) = server.create_client_of(company, &name) else {
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
    loads_stay_equal(tawzi, 2, 1);
}

#[test]
fn creates_through_four_servers_keep_the_loads_of_several_companies_equal_at_every_moment() {
    loads_stay_equal(&Installation::new(Engine::Postgres), 4, 5);
}

/// Sends 1,000 creates for 20 employees in that many companies, any of them to any server.
fn loads_stay_equal(tawzi: &Installation, servers: usize, companies: i64) {
    equal_employees(tawzi, companies, EMPLOYEES / companies);
    let servers: Vec<_> = (0..servers).map(|_| Server::start(tawzi)).collect();
    let bosses: Vec<_> = (1..=companies)
        .map(|company| {
            let boss = servers[0].sign_in(&format!("boss{company}"), PASSWORD);
            let everywhere = servers.iter().map(|server| server.with(boss.token()));
            everywhere.collect::<Vec<_>>()
        })
        .collect();
    let wanted = 1_000;

    let (answered, spreads) = thread::scope(|scope| {
        let creating = scope.spawn(|| create_many(&bosses, wanted));
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
    assert_eq!(spread(&tawzi.database), 0, "50 clients for each of 20");
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
    equal_employees(tawzi, 1, EMPLOYEES);
    let mut server = Server::start(tawzi);
    let boss = [vec![server.sign_in("boss1", PASSWORD)]];

    let answered = thread::scope(|scope| {
        let creating = scope.spawn(|| create_many(&boss, i64::MAX));
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
