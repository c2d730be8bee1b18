//! A worker that goes away in the middle of a sweep: the work is finished by another, and nothing
//! happens twice or is lost.

use crate::support::neglect::Neglect;
use crate::support::{Installation, Running, wait_until};
use crate::workers::{ONCE_A_YEAR, make_due, workers};
use std::time::Duration;

on_both_engines! {
    a_sweep_whose_worker_is_killed_is_finished_by_another,
    a_worker_that_is_told_to_stop_finishes_or_hands_back_its_sweep,
    a_command_that_is_told_to_stop_keeps_what_it_has_done,
}

/// Enough for a second of work, in many transactions.
const NEGLECT: Neglect = Neglect {
    companies: 40,
    clients_each: 400,
};

/// What another worker may take to begin: the lease, and 5 seconds.
const TAKEN_OVER: Duration = Duration::from_secs(3 + 5);

fn wait_for_the_first_moves(tawzi: &Installation) {
    let longest = Duration::from_secs(20);
    wait_until("something has moved", longest, || {
        Neglect::moves(&tawzi.database) > 0
    });
}

#[track_caller]
fn is_in_the_middle(tawzi: &Installation) {
    let moves = Neglect::moves(&tawzi.database);
    assert!(
        moves < NEGLECT.clients(),
        "the sweep was over too soon for this test"
    );
}

fn job(tawzi: &Installation) -> Vec<String> {
    tawzi
        .database
        .lines("SELECT state || ', attempt ' || attempt FROM job")
}

fn a_sweep_whose_worker_is_killed_is_finished_by_another(tawzi: &Installation) {
    NEGLECT.fill(tawzi);
    tawzi.run(&ONCE_A_YEAR).succeeded();
    let mut workers = workers(tawzi, 2);
    make_due(tawzi, 1);
    wait_for_the_first_moves(tawzi);
    let name = tawzi
        .database
        .lines("SELECT worker FROM job_attempt")
        .remove(0);
    let sweeps = |worker: &&mut Running| name.starts_with(&format!("{}-", worker.id()));

    workers.iter_mut().find(sweeps).unwrap().kill();
    is_in_the_middle(tawzi);

    wait_until("another worker has begun", TAKEN_OVER, || {
        tawzi.database.number("SELECT COUNT(*) FROM job_attempt") == 2
    });
    wait_until("it has finished", Duration::from_mins(1), || {
        job(tawzi) == ["done, attempt 2"]
    });
    NEGLECT.has_moved_once(tawzi);
    let count = |what: &str| {
        tawzi
            .database
            .number(&format!("SELECT COUNT(*) FROM {what}"))
    };
    assert_eq!(count("job_attempt"), 2);
    assert_eq!(
        count("job_attempt WHERE attempt = 1 AND finished_at IS NULL"),
        1
    );
    assert_eq!(count("sweep WHERE finished_at IS NOT NULL"), 1);
    assert_eq!(count("sweep"), 1);
    assert_eq!(
        tawzi
            .database
            .number("SELECT CAST(SUM(due) AS BIGINT) FROM sweep_company"),
        NEGLECT.clients()
    );
}

fn a_worker_that_is_told_to_stop_finishes_or_hands_back_its_sweep(tawzi: &Installation) {
    NEGLECT.fill(tawzi);
    tawzi.run(&ONCE_A_YEAR).succeeded();
    let mut worker = workers(tawzi, 1).remove(0);
    make_due(tawzi, 1);
    wait_for_the_first_moves(tawzi);

    worker.terminate();
    is_in_the_middle(tawzi);
    worker.finish(Duration::from_secs(30)).succeeded();

    let left = job(tawzi);
    assert!(
        left == ["done, attempt 1"] || left == ["ready, attempt 1"],
        "{left:?}"
    );
    assert_eq!(tawzi.database.number("SELECT COUNT(*) FROM worker"), 0);
    tawzi.run(&["worker", "--once"]).succeeded();
    NEGLECT.has_moved_once(tawzi);
}

fn a_command_that_is_told_to_stop_keeps_what_it_has_done(tawzi: &Installation) {
    NEGLECT.fill(tawzi);
    let mut command = tawzi.start(&["reassign"]);
    wait_for_the_first_moves(tawzi);

    command.terminate();
    let finished = command.finish(Duration::from_secs(30));

    assert_eq!(finished.status.code(), Some(1), "{}", finished.stderr);
    assert!(
        finished
            .stdout
            .contains("Stopped early; run it again for the rest.")
    );
    is_in_the_middle(tawzi);
    tawzi.run(&["reassign"]).succeeded();
    NEGLECT.has_moved_once(tawzi);
}
