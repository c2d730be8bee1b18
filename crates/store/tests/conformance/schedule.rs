//! The schedule: what is due, and that each tick is seen once.

use crate::database::TestDb;
use crate::given::NOW;
use tawzi_core::time::Timestamp;
use tawzi_store::{NewSchedule, Schedule};

on_both_engines! {
    a_registered_line_is_read,
    a_line_is_registered_once,
    what_lies_in_the_past_and_is_switched_on_is_due,
    a_tick_is_advanced_from_once,
    one_of_two_workers_advances_a_tick,
    a_new_time_is_saved_and_switches_the_line_on,
    the_database_s_clock_does_not_run_backwards,
}

/// In the year 9999.
const FAR: Timestamp = Timestamp::from_microseconds(253_370_764_800_000_000);

const LINE: NewSchedule<'_> = NewSchedule {
    name: "reassign",
    cron: "0 * * * *",
    time_zone: "Asia/Riyadh",
    job_kind: "sweep",
    next_run_at: NOW,
    created_at: NOW,
};

async fn create(store: &TestDb, new: NewSchedule<'_>) -> bool {
    let mut tx = store.begin().await.unwrap();
    let created = tx.create_schedule(new).await.unwrap();
    tx.commit().await.unwrap();
    created
}

async fn read(store: &TestDb) -> Vec<Schedule> {
    store.read().await.unwrap().schedule().await.unwrap()
}

async fn advance(store: &TestDb, seen: Timestamp, next: Timestamp) -> bool {
    let mut tx = store.begin().await.unwrap();
    let moved = tx.advance_schedule("reassign", seen, next).await.unwrap();
    tx.commit().await.unwrap();
    moved
}

async fn a_registered_line_is_read(store: &TestDb) {
    let nothing = read(store).await;

    let created = create(store, LINE).await;

    assert!(nothing.is_empty());
    assert!(created);
    let lines = read(store).await;
    assert_eq!(lines.len(), 1);
    assert_eq!(
        (lines[0].name.as_str(), lines[0].job_kind.as_str()),
        ("reassign", "sweep")
    );
    assert_eq!(lines[0].cron, "0 * * * *");
    assert_eq!(lines[0].time_zone, "Asia/Riyadh");
    assert!(lines[0].enabled);
    assert_eq!((lines[0].next_run_at, lines[0].last_run_at), (NOW, None));
}

async fn a_line_is_registered_once(store: &TestDb) {
    create(store, LINE).await;
    let other = NewSchedule {
        cron: "* * * * *",
        ..LINE
    };

    let again = create(store, other).await;
    let named_otherwise = create(store, NewSchedule { name: "a", ..LINE }).await;

    assert!(!again);
    assert!(named_otherwise);
    let lines = read(store).await;
    let found: Vec<_> = lines
        .iter()
        .map(|l| (l.name.as_str(), l.cron.as_str()))
        .collect();
    assert_eq!(found, [("a", "0 * * * *"), ("reassign", "0 * * * *")]);
}

async fn what_lies_in_the_past_and_is_switched_on_is_due(store: &TestDb) {
    create(store, LINE).await;
    for name in ["later", "off"] {
        let next_run_at = if name == "later" { FAR } else { NOW };
        create(
            store,
            NewSchedule {
                name,
                next_run_at,
                ..LINE
            },
        )
        .await;
    }
    store
        .run("UPDATE schedule SET enabled = FALSE WHERE name = 'off'")
        .await;

    let mut reader = store.read().await.unwrap();
    let due = reader.due_schedule().await.unwrap();

    let names: Vec<_> = due.iter().map(|line| line.name.as_str()).collect();
    assert_eq!(names, ["reassign"]);
}

async fn a_tick_is_advanced_from_once(store: &TestDb) {
    create(store, LINE).await;
    create(
        store,
        NewSchedule {
            name: "other",
            ..LINE
        },
    )
    .await;

    let first = advance(store, NOW, FAR).await;
    let second = advance(store, NOW, FAR).await;

    assert!(first);
    assert!(!second);
    let lines = read(store).await;
    assert_eq!((lines[0].next_run_at, lines[0].last_run_at), (NOW, None));
    assert_eq!(
        (lines[1].next_run_at, lines[1].last_run_at),
        (FAR, Some(NOW))
    );
    store.run("UPDATE schedule SET enabled = FALSE").await;
    assert!(!advance(store, FAR, NOW).await, "it is switched off");
}

async fn one_of_two_workers_advances_a_tick(store: &TestDb) {
    create(store, LINE).await;

    let (first, second) = tokio::join!(advance(store, NOW, FAR), advance(store, NOW, FAR));

    assert!(first != second);
}

async fn a_new_time_is_saved_and_switches_the_line_on(store: &TestDb) {
    create(store, LINE).await;
    store.run("UPDATE schedule SET enabled = FALSE").await;

    let mut tx = store.begin().await.unwrap();
    tx.save_cron("reassign", "*/5 * * * *", FAR).await.unwrap();
    tx.commit().await.unwrap();

    let lines = read(store).await;
    assert_eq!(
        (lines[0].cron.as_str(), lines[0].next_run_at),
        ("*/5 * * * *", FAR)
    );
    assert!(lines[0].enabled);
}

async fn the_database_s_clock_does_not_run_backwards(store: &TestDb) {
    let mut reader = store.read().await.unwrap();
    let earlier = reader.database_clock().await.unwrap();
    let later = reader.database_clock().await.unwrap();

    assert!(earlier <= later);
    assert!(earlier > NOW && later < FAR, "in microseconds");
}
