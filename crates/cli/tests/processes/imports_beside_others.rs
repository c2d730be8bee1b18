//! Imports of many clients: others have their turn meanwhile, and what is broken off goes on.

use crate::support::crowd::{PASSWORD, equal_employees, spread};
use crate::support::server::Server;
use crate::support::{Installation, Running, wait_until};
use std::fmt::Write as _;
use std::time::{Duration, Instant};

on_both_engines! {
    others_have_their_turn_while_a_company_imports,
    an_import_that_is_killed_goes_on_when_it_is_repeated,
}

/// Some seconds of work.
const LINES: i64 = 8 * STEP;

/// As many lines are written together.
const STEP: i64 = 1_000;

/// The longest that anybody waits for an answer.
const LONGEST: Duration = Duration::from_secs(1);

const IMPORT: [&str; 5] = ["import", "clients", "list.csv", "--company", "1"];

/// Starts an import, and waits until it has done something.
fn start_import(tawzi: &Installation) -> Running {
    let mut list = "name,phone_number\n".to_owned();
    for n in 0..LINES {
        writeln!(list, "client {n},+96650{n:07}").unwrap();
    }
    tawzi.write("list.csv", list);
    let import = tawzi.start(&IMPORT);
    wait_until("something is imported", Duration::from_secs(30), || {
        imported(tawzi) > 0
    });
    import
}

fn imported(tawzi: &Installation) -> i64 {
    let imported = "SELECT COUNT(*) FROM client WHERE name LIKE 'client %'";
    tawzi.database.number(imported)
}

fn others_have_their_turn_while_a_company_imports(tawzi: &Installation) {
    equal_employees(tawzi, 2, 5);
    let unlimited = ["--no-worker", "--sign-in-limits", "off"];
    let server = Server::start_with(tawzi, &unlimited, &[]);
    let bosses = ["boss1", "boss2"].map(|name| server.sign_in(name, PASSWORD));

    let mut import = start_import(tawzi);
    let mut waited = Vec::new();
    let mut timed = |what: &str, act: &dyn Fn()| {
        let begun = Instant::now();
        act();
        waited.push((what.to_owned(), begun.elapsed()));
    };
    let mut rounds = 0;
    while imported(tawzi) < LINES {
        for (company, boss) in (1..).zip(&bosses) {
            timed(&format!("a create of company {company}"), &|| {
                let id = boss.create_client_of(company, &format!("other {company}-{rounds}"));
                assert!(id.is_some(), "the server is gone");
            });
        }
        timed("a sign-in", &|| drop(server.sign_in("boss2", PASSWORD)));
        rounds += 1;
    }
    import.finish(Duration::from_mins(1)).succeeded();

    assert!(rounds > 3, "the import was over too soon for this test");
    let longest = waited.iter().max_by_key(|(_, time)| *time).unwrap();
    assert!(longest.1 < LONGEST, "{longest:?} of {waited:?}");
    assert!(spread(&tawzi.database) <= 1);
    tawzi.run(&["doctor"]).succeeded();
}

fn an_import_that_is_killed_goes_on_when_it_is_repeated(tawzi: &Installation) {
    equal_employees(tawzi, 1, 5);

    start_import(tawzi).kill();
    let before = imported(tawzi);
    let said = tawzi.run(&IMPORT).succeeded();

    assert!(before < LINES, "it was killed too late for this test");
    // A step that was under way is written or not.
    let expected = [before, before + STEP].map(|there| {
        let rest = LINES - there;
        format!("Imported {rest} clients, {rest} of them assigned; {there} were there already.\n")
    });
    assert!(expected.contains(&said), "{said} instead of {expected:?}");
    assert_eq!(imported(tawzi), LINES);
    let names = "SELECT COUNT(DISTINCT name) FROM client";
    assert_eq!(tawzi.database.number(names), LINES);
    assert_eq!(spread(&tawzi.database), 0, "8,000 clients among 5");
    tawzi.run(&["doctor"]).succeeded();
}
