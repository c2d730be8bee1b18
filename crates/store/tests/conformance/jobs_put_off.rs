//! Jobs that somebody holds by putting them off.

use crate::database::TestDb;
use crate::jobs::{HOUR, JOB, attempt, claim, enqueue, newest, settle};
use tawzi_core::id::JobId;
use tawzi_store::JobState;

on_both_engines! {
    a_job_is_put_off_until_it_is_claimed,
    a_job_is_forgotten_unless_it_is_put_off_or_claimed,
}

async fn put_off(store: &TestDb, wait: i64) -> Option<JobId> {
    let mut tx = store.begin().await.unwrap();
    let job = tx.put_off_job(JOB.unique_key, wait).await.unwrap();
    tx.commit().await.unwrap();
    job
}

/// Whether the job is gone once it is to be forgotten.
async fn forgotten(store: &TestDb) -> bool {
    let mut tx = store.begin().await.unwrap();
    tx.forget_job(JOB.unique_key).await.unwrap();
    tx.commit().await.unwrap();
    let mut reader = store.read().await.unwrap();
    reader.jobs(1).await.unwrap().is_empty()
}

async fn a_job_is_put_off_until_it_is_claimed(store: &TestDb) {
    assert_eq!(put_off(store, HOUR).await, None);
    enqueue(store, JOB).await;

    let held = put_off(store, HOUR).await;
    assert_eq!(held, Some(newest(store).await.id));
    assert!(claim(store, HOUR).await.is_none());

    assert_eq!(put_off(store, 0).await, held);
    assert!(claim(store, HOUR).await.is_some());
    assert_eq!(put_off(store, HOUR).await, None);
}

async fn a_job_is_forgotten_unless_it_is_put_off_or_claimed(store: &TestDb) {
    enqueue(store, JOB).await;
    put_off(store, HOUR).await;
    assert!(!forgotten(store).await);
    put_off(store, 0).await;
    assert!(forgotten(store).await);

    enqueue(store, JOB).await;
    let claimed = claim(store, HOUR).await.unwrap();
    assert!(!forgotten(store).await);
    settle(store, attempt(&claimed), JobState::Ready, HOUR).await;
    assert!(forgotten(store).await);

    enqueue(store, JOB).await;
    let claimed = claim(store, HOUR).await.unwrap();
    settle(store, attempt(&claimed), JobState::Done, 0).await;
    assert!(forgotten(store).await);
}
