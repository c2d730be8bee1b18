//! Jobs: enqueued once, claimed by lease, fenced by the number of the attempt.

use crate::database::TestDb;
use crate::given::NOW;
use tawzi_core::time::Timestamp;
use tawzi_store::{Attempt, Claim, Job, JobState, NewJob, NewSchedule};

on_both_engines! {
    a_claimed_job_says_what_to_do,
    what_a_job_had_to_know_is_kept_until_it_ends,
    a_key_is_enqueued_once,
    one_of_two_processes_enqueues_a_key,
    a_job_is_claimed_once_while_its_lease_lasts,
    the_job_that_is_due_longest_is_claimed_first,
    a_job_of_the_future_waits,
    a_job_whose_lease_ran_out_is_claimed_again,
    a_renewed_lease_lasts_longer,
    an_attempt_that_lost_its_job_says_nothing_any_more,
    a_job_that_ended_is_not_claimed_again,
    a_job_to_be_tried_again_waits_its_time,
    the_last_thing_said_about_a_job_is_read,
    failed_jobs_are_counted_since_a_moment,
    old_jobs_are_deleted_with_their_attempts,
    whether_anything_is_due_is_asked_of_jobs_and_schedule,
}

pub(crate) const HOUR: i64 = 3_600_000_000;
/// In the year 9999.
const FAR: Timestamp = Timestamp::from_microseconds(253_370_764_800_000_000);
/// A lease that ends before it begins.
const OVER: i64 = -1_000;

pub(crate) const JOB: NewJob<'_> = NewJob {
    kind: "sweep",
    payload: "{}",
    unique_key: "sweep at 10",
    run_at: NOW,
    created_at: NOW,
};

pub(crate) async fn enqueue(store: &TestDb, new: NewJob<'_>) -> bool {
    let mut tx = store.begin().await.unwrap();
    let enqueued = tx.enqueue(new).await.unwrap();
    tx.commit().await.unwrap();
    enqueued
}

pub(crate) async fn claim(store: &TestDb, lease: i64) -> Option<Claim> {
    let mut tx = store.begin().await.unwrap();
    let claim = tx.claim_job("worker", lease).await.unwrap();
    tx.commit().await.unwrap();
    claim
}

pub(crate) const fn attempt(claim: &Claim) -> Attempt {
    Attempt {
        job: claim.id,
        number: claim.attempt,
    }
}

pub(crate) async fn settle(store: &TestDb, attempt: Attempt, state: JobState, wait: i64) -> bool {
    let mut tx = store.begin().await.unwrap();
    let outcome = format!("{} at {}", state.as_str(), attempt.number);
    let settled = tx.settle_job(attempt, state, &outcome, wait).await;
    tx.commit().await.unwrap();
    settled.unwrap()
}

async fn renew(store: &TestDb, attempt: Attempt, lease: i64) -> bool {
    let mut tx = store.begin().await.unwrap();
    let renewed = tx.renew_lease(attempt, lease).await.unwrap();
    tx.commit().await.unwrap();
    renewed
}

pub(crate) async fn newest(store: &TestDb) -> Job {
    let mut reader = store.read().await.unwrap();
    reader.jobs(1).await.unwrap().remove(0)
}

async fn a_claimed_job_says_what_to_do(store: &TestDb) {
    let new = NewJob {
        payload: "{\"text\":\"مرحبا\"}",
        ..JOB
    };
    enqueue(store, new).await;
    let waiting = newest(store).await;

    let claim = claim(store, HOUR).await.unwrap();

    let running = newest(store).await;
    assert_eq!((claim.id, claim.attempt), (waiting.id, 1));
    assert_eq!(
        (claim.kind.as_str(), claim.payload.as_str()),
        ("sweep", new.payload)
    );
    assert_eq!((waiting.state.as_str(), waiting.attempt), ("ready", 0));
    assert_eq!((running.state.as_str(), running.attempt), ("running", 1));
    assert_eq!(waiting.unique_key, "sweep at 10");
    assert_eq!((waiting.run_at, waiting.created_at), (NOW, NOW));
    assert_eq!((running.finished_at, running.outcome), (None, None));
}

async fn what_a_job_had_to_know_is_kept_until_it_ends(store: &TestDb) {
    for (key, end) in [("done", JobState::Done), ("failed", JobState::Failed)] {
        let new = NewJob {
            payload: "{\"code\":\"123456\"}",
            unique_key: key,
            ..JOB
        };
        enqueue(store, new).await;

        let first = claim(store, HOUR).await.unwrap();
        settle(store, attempt(&first), JobState::Ready, 0).await;
        let second = claim(store, HOUR).await.unwrap();
        settle(store, attempt(&second), end, 0).await;
        store.run("UPDATE job SET state = 'ready'").await;
        let ended = claim(store, HOUR).await.unwrap();

        assert_eq!((&*second.payload, &*ended.payload), (new.payload, "{}"));
        store.run("DELETE FROM job").await;
    }
}

async fn a_key_is_enqueued_once(store: &TestDb) {
    let first = enqueue(store, JOB).await;
    let second = enqueue(store, JOB).await;
    let claim = claim(store, HOUR).await.unwrap();
    settle(store, attempt(&claim), JobState::Done, 0).await;
    let after_it_ended = enqueue(store, JOB).await;
    let other = NewJob {
        unique_key: "sweep at 11",
        ..JOB
    };
    let another_key = enqueue(store, other).await;

    assert_eq!(
        (first, second, after_it_ended, another_key),
        (true, false, false, true)
    );
}

async fn one_of_two_processes_enqueues_a_key(store: &TestDb) {
    let (first, second) = tokio::join!(enqueue(store, JOB), enqueue(store, JOB));

    assert!(first != second);
}

async fn a_job_is_claimed_once_while_its_lease_lasts(store: &TestDb) {
    let nothing = claim(store, HOUR).await;
    enqueue(store, JOB).await;

    let first = claim(store, HOUR).await;
    let second = claim(store, HOUR).await;

    assert!(nothing.is_none());
    assert!(first.is_some());
    assert!(second.is_none());
}

async fn the_job_that_is_due_longest_is_claimed_first(store: &TestDb) {
    for (unique_key, seconds) in [("third", 3), ("first", 1), ("second", 2), ("fourth", 3)] {
        let run_at = NOW.plus_seconds(seconds);
        enqueue(
            store,
            NewJob {
                kind: unique_key,
                unique_key,
                run_at,
                ..JOB
            },
        )
        .await;
    }

    for expected in ["first", "second", "third", "fourth"] {
        assert_eq!(claim(store, HOUR).await.unwrap().kind, expected);
    }
}

async fn a_job_of_the_future_waits(store: &TestDb) {
    enqueue(store, NewJob { run_at: FAR, ..JOB }).await;

    assert!(claim(store, HOUR).await.is_none());
}

async fn a_job_whose_lease_ran_out_is_claimed_again(store: &TestDb) {
    enqueue(store, JOB).await;

    let first = claim(store, OVER).await.unwrap();
    let second = claim(store, HOUR).await.unwrap();

    assert_eq!(second.id, first.id);
    assert_eq!((first.attempt, second.attempt), (1, 2));
}

async fn a_renewed_lease_lasts_longer(store: &TestDb) {
    enqueue(store, JOB).await;
    let first = claim(store, OVER).await.unwrap();

    let renewed = renew(store, attempt(&first), HOUR).await;

    assert!(renewed);
    assert!(claim(store, HOUR).await.is_none());
}

async fn an_attempt_that_lost_its_job_says_nothing_any_more(store: &TestDb) {
    enqueue(store, JOB).await;
    let lost = claim(store, OVER).await.unwrap();
    let current = claim(store, HOUR).await.unwrap();

    let renewed = renew(store, attempt(&lost), OVER).await;
    let settled = settle(store, attempt(&lost), JobState::Failed, 0).await;
    let job = newest(store).await;
    let settled_by_current = settle(store, attempt(&current), JobState::Done, 0).await;
    let settled_again = settle(store, attempt(&current), JobState::Failed, 0).await;

    assert!(!renewed);
    assert!(!settled);
    assert_eq!((job.state.as_str(), job.finished_at), ("running", None));
    assert!(settled_by_current);
    assert!(!settled_again);
    assert!(!renew(store, attempt(&current), HOUR).await);
    assert_eq!(newest(store).await.state, "done");
}

async fn a_job_that_ended_is_not_claimed_again(store: &TestDb) {
    for state in [JobState::Done, JobState::Failed] {
        let unique_key = state.as_str();
        enqueue(store, NewJob { unique_key, ..JOB }).await;
        let claimed = claim(store, OVER).await.unwrap();

        settle(store, attempt(&claimed), state, 0).await;

        assert!(claim(store, HOUR).await.is_none());
        let job = newest(store).await;
        assert_eq!(job.state, state.as_str());
        assert!(job.finished_at.is_some());
        assert_eq!(job.run_at, NOW);
    }
}

async fn a_job_to_be_tried_again_waits_its_time(store: &TestDb) {
    enqueue(store, JOB).await;
    let first = claim(store, HOUR).await.unwrap();

    settle(store, attempt(&first), JobState::Ready, OVER).await;
    let second = claim(store, HOUR).await.unwrap();
    settle(store, attempt(&second), JobState::Ready, HOUR).await;
    let too_early = claim(store, HOUR).await;

    assert_eq!((second.id, second.attempt), (first.id, 2));
    assert!(too_early.is_none());
    let job = newest(store).await;
    assert_eq!((job.state.as_str(), job.finished_at), ("ready", None));
    assert!(job.run_at > NOW);
}

async fn the_last_thing_said_about_a_job_is_read(store: &TestDb) {
    enqueue(store, JOB).await;
    let first = claim(store, HOUR).await.unwrap();
    settle(store, attempt(&first), JobState::Ready, OVER).await;
    let after_first = newest(store).await.outcome;
    let second = claim(store, HOUR).await.unwrap();
    let while_second = newest(store).await.outcome;
    settle(store, attempt(&second), JobState::Failed, 0).await;
    let after_second = newest(store).await.outcome;
    enqueue(
        store,
        NewJob {
            unique_key: "other",
            ..JOB
        },
    )
    .await;

    assert_eq!(after_first.as_deref(), Some("ready at 1"));
    assert_eq!(while_second.as_deref(), Some("ready at 1"));
    assert_eq!(after_second.as_deref(), Some("failed at 2"));
    let mut reader = store.read().await.unwrap();
    let jobs = reader.jobs(9).await.unwrap();
    let keys: Vec<_> = jobs.iter().map(|job| job.unique_key.as_str()).collect();
    assert_eq!(keys, ["other", "sweep at 10"], "the newest first");
}

async fn failed_jobs_are_counted_since_a_moment(store: &TestDb) {
    for (unique_key, state) in [("1", JobState::Failed), ("2", JobState::Done)] {
        enqueue(store, NewJob { unique_key, ..JOB }).await;
        let claimed = claim(store, HOUR).await.unwrap();
        settle(store, attempt(&claimed), state, 0).await;
    }
    let ended = newest(store).await.finished_at.unwrap();

    let mut reader = store.read().await.unwrap();
    let since_long = reader.count_failed_jobs(NOW).await.unwrap();
    let since_later = reader.count_failed_jobs(ended.plus_seconds(1)).await;

    assert_eq!(since_long, 1);
    assert_eq!(since_later.unwrap(), 0);
}

async fn old_jobs_are_deleted_with_their_attempts(store: &TestDb) {
    for unique_key in ["ended", "running", "waiting"] {
        enqueue(store, NewJob { unique_key, ..JOB }).await;
    }
    let ended = claim(store, HOUR).await.unwrap();
    settle(store, attempt(&ended), JobState::Done, 0).await;
    claim(store, HOUR).await.unwrap();
    let mut reader = store.read().await.unwrap();
    let clock = reader.database_clock().await.unwrap();

    let mut tx = store.begin().await.unwrap();
    let too_early = tx.delete_old_jobs(NOW).await.unwrap();
    let deleted = tx.delete_old_jobs(clock.plus_seconds(60)).await.unwrap();
    tx.commit().await.unwrap();

    assert_eq!((too_early, deleted), (0, 1));
    let keys: Vec<_> = reader
        .jobs(9)
        .await
        .unwrap()
        .into_iter()
        .map(|job| job.unique_key)
        .collect();
    assert_eq!(keys, ["waiting", "running"]);
}

async fn whether_anything_is_due_is_asked_of_jobs_and_schedule(store: &TestDb) {
    let due = async || store.read().await.unwrap().anything_due().await.unwrap();

    assert!(!due().await);
    enqueue(
        store,
        NewJob {
            unique_key: "far",
            run_at: FAR,
            ..JOB
        },
    )
    .await;
    assert!(!due().await, "a job of the future");
    enqueue(store, JOB).await;
    assert!(due().await, "a job");
    let lost = claim(store, OVER).await.unwrap();
    assert!(due().await, "a job whose lease ran out");
    renew(store, attempt(&lost), HOUR).await;
    assert!(!due().await, "a job that is worked on");

    let mut tx = store.begin().await.unwrap();
    let line = NewSchedule {
        name: "reassign",
        cron: "0 * * * *",
        time_zone: "UTC",
        job_kind: "sweep",
        next_run_at: NOW,
        created_at: NOW,
    };
    tx.create_schedule(line).await.unwrap();
    tx.commit().await.unwrap();
    assert!(due().await, "a line of the schedule");
    store.run("UPDATE schedule SET enabled = FALSE").await;
    assert!(!due().await, "a line that is switched off");
}
