//! Which workers there are.

use crate::database::TestDb;
use crate::given::NOW;

on_both_engines! {
    the_worker_that_was_seen_last_is_read,
    a_worker_that_ended_is_forgotten,
    workers_that_were_cut_off_are_forgotten_after_a_while,
}

async fn note(store: &TestDb, name: &str) {
    let mut tx = store.begin().await.unwrap();
    tx.note_worker(name, 0).await.unwrap();
    tx.commit().await.unwrap();
}

async fn the_worker_that_was_seen_last_is_read(store: &TestDb) {
    let mut reader = store.read().await.unwrap();
    let nobody = reader.last_worker().await.unwrap();
    note(store, "one").await;
    note(store, "two").await;
    store
        .run("UPDATE worker SET started_at = 5, seen_at = 5")
        .await;

    note(store, "one").await;

    let last = reader.last_worker().await.unwrap().unwrap();
    assert!(nobody.is_none());
    assert_eq!(last.name, "one");
    assert_eq!(last.started_at.microseconds(), 5);
    assert!(last.seen_at > NOW);
}

async fn a_worker_that_ended_is_forgotten(store: &TestDb) {
    note(store, "one").await;
    note(store, "two").await;

    let mut tx = store.begin().await.unwrap();
    tx.forget_worker("two").await.unwrap();
    tx.commit().await.unwrap();

    let mut reader = store.read().await.unwrap();
    let last = reader.last_worker().await.unwrap();
    assert_eq!(last.unwrap().name, "one");
}

async fn workers_that_were_cut_off_are_forgotten_after_a_while(store: &TestDb) {
    note(store, "cut off").await;
    store.run("UPDATE worker SET seen_at = 5").await;
    note(store, "alive").await;

    let mut tx = store.begin().await.unwrap();
    let forgotten = tx.forget_old_workers(NOW).await.unwrap();
    tx.commit().await.unwrap();

    assert_eq!(forgotten, 1);
    let mut reader = store.read().await.unwrap();
    let last = reader.last_worker().await.unwrap();
    assert_eq!(last.unwrap().name, "alive");
}
