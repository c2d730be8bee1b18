//! Workers: each tick is one job, and a worker that is told to stop leaves in good order.

use crate::support::neglect::Neglect;
use crate::support::{Engine, Installation, Running, wait_until};
use std::time::Duration;

on_both_engines! {
    four_workers_that_start_together_do_each_tick_once,
    ticks_that_were_missed_become_one_job,
    a_worker_that_has_nothing_to_do_says_so_and_ends,
    an_idle_worker_ends_when_it_is_told_to,
}

/// Comes so rarely that no tick of its own falls into a test.
pub(crate) const ONCE_A_YEAR: [&str; 3] = ["setup-schedule", "--cron", "0 0 1 1 *"];

/// Starts workers and waits until they are there.
pub(crate) fn workers(tawzi: &Installation, count: i64) -> Vec<Running> {
    let workers = (0..count)
        .map(|_| tawzi.start(&["worker", "--lease", "3"]))
        .collect();
    let seen = || tawzi.database.number("SELECT COUNT(*) FROM worker");
    wait_until("the workers are there", Duration::from_secs(30), || {
        seen() == count
    });
    workers
}

/// Makes a tick due that no other has.
pub(crate) fn make_due(tawzi: &Installation, tick: i64) {
    let an_hour = 3_600_000_000_i64;
    let moment = 1_750_000_800_000_000 + tick * an_hour;
    tawzi
        .database
        .execute(&format!("UPDATE schedule SET next_run_at = {moment}"));
}

fn four_workers_that_start_together_do_each_tick_once(tawzi: &Installation) {
    let ticks = 10;
    tawzi.run(&ONCE_A_YEAR).succeeded();
    let _workers = workers(tawzi, 4);

    for tick in 1..=ticks {
        make_due(tawzi, tick);
        let done = || {
            tawzi
                .database
                .number("SELECT COUNT(*) FROM job WHERE state = 'done'")
        };
        wait_until(
            "the job of the tick is done",
            Duration::from_secs(20),
            || done() == tick,
        );
    }

    let count = |what: &str| {
        tawzi
            .database
            .number(&format!("SELECT COUNT(*) FROM {what}"))
    };
    assert_eq!(count("job"), ticks);
    assert_eq!(count("job WHERE attempt = 1"), ticks);
    assert_eq!(count("job_attempt WHERE finished_at IS NOT NULL"), ticks);
    assert_eq!(count("sweep"), ticks);
    assert_eq!(
        count("sweep s JOIN job j ON j.id = s.job_id WHERE s.finished_at IS NOT NULL"),
        ticks
    );
}

fn ticks_that_were_missed_become_one_job(tawzi: &Installation) {
    tawzi.run(&["setup-schedule"]).succeeded();
    let six_hours = 6 * 3_600_000_000_i64;
    tawzi.database.execute(&format!(
        "UPDATE schedule SET next_run_at = next_run_at - {six_hours}"
    ));

    let first = tawzi.run(&["worker", "--once"]).succeeded();
    let second = tawzi.run(&["worker", "--once"]).succeeded();

    assert_eq!(first, "1 job was due; see `tawzi jobs`.\n");
    assert_eq!(second, "Nothing was due.\n");
    assert_eq!(tawzi.database.number("SELECT COUNT(*) FROM job"), 1);
    assert_eq!(tawzi.database.number("SELECT COUNT(*) FROM sweep"), 1);
}

fn a_worker_that_has_nothing_to_do_says_so_and_ends(tawzi: &Installation) {
    Neglect {
        companies: 1,
        clients_each: 5,
    }
    .fill(tawzi);
    tawzi.run(&["setup-schedule"]).succeeded();

    let said = tawzi.run(&["worker", "--once"]).succeeded();

    assert_eq!(said, "Nothing was due.\n");
    assert_eq!(Neglect::moves(&tawzi.database), 0);
    assert_eq!(tawzi.database.number("SELECT COUNT(*) FROM worker"), 0);
}

fn an_idle_worker_ends_when_it_is_told_to(tawzi: &Installation) {
    tawzi.run(&["setup-schedule"]).succeeded();
    let mut worker = workers(tawzi, 1).remove(0);

    worker.terminate();
    let finished = worker.finish(Duration::from_secs(2));

    finished.succeeded();
    assert_eq!(tawzi.database.number("SELECT COUNT(*) FROM worker"), 0);
}

#[test]
fn an_idle_worker_outlives_the_connections_that_its_server_ends() {
    let tawzi = Installation::new(Engine::Postgres);
    tawzi.run(&ONCE_A_YEAR).succeeded();
    let mut worker = workers(&tawzi, 1).remove(0);

    let ended = tawzi.database.number(
        "SELECT COUNT(pg_terminate_backend(pid))
         FROM pg_stat_activity
         WHERE datname = current_database() AND pid <> pg_backend_pid()",
    );
    make_due(&tawzi, 1);

    assert!(ended > 0);
    let done = "SELECT COUNT(*) FROM job WHERE state = 'done'";
    wait_until("the job is done", Duration::from_secs(4), || {
        tawzi.database.number(done) == 1
    });
    worker.terminate();
    worker.finish(Duration::from_secs(2)).succeeded();
    let log = worker.logged();
    assert!(!log.contains("ERROR"), "{log}");
}
