//! What a clock that was ahead has left behind is named, and put right by a worker.

use crate::support::{Installation, crm};
use tawzi_app::Clock;

on_both_engines! {
    a_schedule_beyond_its_next_tick_is_named_and_put_right_by_a_worker,
    registering_again_puts_the_schedule_right,
    a_tick_that_comes_again_is_swept_again,
    jobs_and_leases_that_were_put_off_are_done,
    a_worker_of_the_future_does_not_pass_for_one_that_runs,
    moments_that_have_not_come_yet_are_named,
}

const DAY: i64 = 86_400_000_000;

/// Now, by the clock of this machine, in microseconds.
fn now() -> i64 {
    Clock::System.now().microseconds()
}

fn put_off(tawzi: &Installation, days: i64) {
    let moment = now() + days * DAY;
    tawzi
        .database
        .execute(&format!("UPDATE schedule SET next_run_at = {moment}"));
}

fn next(tawzi: &Installation) -> i64 {
    tawzi.database.number("SELECT next_run_at FROM schedule")
}

fn a_schedule_beyond_its_next_tick_is_named_and_put_right_by_a_worker(tawzi: &Installation) {
    tawzi
        .run(&["setup-schedule", "--cron", "*/7 * * * *"])
        .succeeded();
    put_off(tawzi, 3);

    let before = tawzi.run(&["doctor"]);
    let worked = tawzi.run(&["worker", "--once"]);
    let after = tawzi.run(&["doctor"]).succeeded();

    assert_eq!(before.status.code(), Some(1));
    assert!(
        before
            .stdout
            .contains("WRONG    The schedule `reassign` is due at "),
        "{before:?}"
    );
    assert!(
        worked.stderr.contains("its next tick is put right"),
        "{worked:?}"
    );
    assert!(!after.contains("WRONG"), "{after}");
    let minutes = (next(tawzi) - now()) / 60_000_000;
    assert!((-1..=7).contains(&minutes), "{minutes}");
}

fn registering_again_puts_the_schedule_right(tawzi: &Installation) {
    tawzi.run(&["setup-schedule"]).succeeded();
    put_off(tawzi, 40);

    let said = tawzi.run(&["setup-schedule"]).succeeded();
    let again = tawzi.run(&["setup-schedule"]).succeeded();

    assert!(
        said.starts_with("The sweep lay beyond its next tick, at "),
        "{said}"
    );
    assert!(again.starts_with("Nothing changed"), "{again}");
    assert!(next(tawzi) - now() <= 3_600_000_000);
}

fn a_tick_that_comes_again_is_swept_again(tawzi: &Installation) {
    tawzi.run(&["setup-schedule"]).succeeded();
    let tick = "UPDATE schedule SET next_run_at = 1750000000000000";
    for _ in 0..2 {
        tawzi.database.execute(tick);
        tawzi.run(&["worker", "--once"]).succeeded();
    }

    let done = "SELECT COUNT(*) FROM job WHERE kind = 'sweep' AND state = 'done'";
    assert_eq!(tawzi.database.number(done), 2);
}

fn jobs_and_leases_that_were_put_off_are_done(tawzi: &Installation) {
    tawzi.run(&["migrate"]).succeeded();
    let (later, before) = (now() + 3 * DAY, now() - DAY);
    for (id, state, attempt, run_at, lease, created) in [
        (1, "ready", 0, later, "NULL".to_owned(), later),
        (2, "ready", 1, later, "NULL".to_owned(), before),
        (3, "running", 1, before, later.to_string(), before),
    ] {
        tawzi.database.execute(&format!(
            "INSERT INTO job (id, kind, payload, unique_key, state, run_at, attempt, lease_until, created_at)
             VALUES ({id}, 'sweep', '{{}}', 'k{id}', '{state}', {run_at}, {attempt}, {lease}, {created})"
        ));
    }

    let doctor = tawzi.run(&["doctor"]).succeeded();
    tawzi.run(&["worker", "--once"]).succeeded();

    assert!(doctor.contains("3 jobs wait for a moment"), "{doctor}");
    let done = "SELECT COUNT(*) FROM job WHERE state = 'done'";
    assert_eq!(tawzi.database.number(done), 3);
}

fn a_worker_of_the_future_does_not_pass_for_one_that_runs(tawzi: &Installation) {
    tawzi.run(&["migrate"]).succeeded();
    let later = now() + DAY;
    tawzi.database.execute(&format!(
        "INSERT INTO worker (name, started_at, seen_at) VALUES ('gone', {later}, {later})"
    ));

    let doctor = tawzi.run(&["doctor"]).succeeded();
    tawzi.run(&["worker", "--once"]).succeeded();

    assert!(doctor.contains("No worker has been seen"), "{doctor}");
    assert!(doctor.contains("1 workers were seen at one"), "{doctor}");
    assert_eq!(tawzi.database.number("SELECT COUNT(*) FROM worker"), 0);
}

fn moments_that_have_not_come_yet_are_named(tawzi: &Installation) {
    let source = crm::copy(tawzi);
    tawzi
        .run(&["import", "django", source.to_str().unwrap()])
        .succeeded();
    tawzi.run(&["setup-schedule"]).succeeded();
    let before = tawzi.run(&["doctor"]).succeeded();
    let (now, later) = (now(), now() + DAY);
    tawzi.database.execute(&format!(
        "UPDATE client SET last_contacted_at = {later}, assigned_at = COALESCE(assigned_at, 1) WHERE id = 1;
         UPDATE schedule SET last_run_at = {later};
         INSERT INTO worker (name, started_at, seen_at, clock_ahead) VALUES ('fast', 1, {now}, 90000000)"
    ));

    let told = tawzi.run(&["doctor"]).succeeded();

    assert!(!before.contains("has not come yet"), "{before}");
    assert!(
        told.contains("1 clients were assigned, contacted or created"),
        "{told}"
    );
    assert!(
        told.contains("which has not come yet: a clock was ahead"),
        "{told}"
    );
    assert!(
        told.contains("The worker fast's clock is 90 seconds ahead of the database's"),
        "{told}"
    );
}
