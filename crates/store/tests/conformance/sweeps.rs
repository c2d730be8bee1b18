//! Records of sweeps.

use crate::database::TestDb;
use crate::given::{self, NOW};
use tawzi_core::id::{CompanyId, JobId, SweepId};
use tawzi_core::sweep::{KeptCounts, KeptReason};
use tawzi_store::{CompanySweepRow, CompanyTally, EngineKind, Error, NewEvent, SweepCause};

on_both_engines! {
    a_sweep_is_recorded_from_start_to_end,
    a_repeated_job_goes_on_with_the_record_it_started,
    what_was_done_adds_up_over_parts_for_each_company,
    a_failure_is_noted_beside_what_was_done_before,
    a_company_that_failed_at_once_has_a_record,
    the_newest_sweeps_come_first,
    a_sweep_that_is_not_there_cannot_be_added_to,
    a_companys_sweeps_are_read_with_their_moves,
    what_earlier_versions_counted_is_kept,
}

/// So many clients that stayed, as nobody else could receive them and as they had changed meanwhile.
fn kept(no_other_employee: i64, changed_meanwhile: i64) -> KeptCounts {
    let counts = [
        (KeptReason::NoOtherEmployee, no_other_employee),
        (KeptReason::ChangedMeanwhile, changed_meanwhile),
    ];
    counts.into_iter().filter(|&(_, count)| count > 0).collect()
}

fn tally() -> CompanyTally {
    CompanyTally {
        due: 10,
        moved: 5,
        kept: kept(3, 2),
        events: None,
    }
}

async fn start(store: &TestDb, cause: SweepCause) -> SweepId {
    let mut tx = store.begin().await.unwrap();
    let id = tx.start_sweep(cause, NOW).await.unwrap();
    tx.commit().await.unwrap();
    id
}

async fn add(store: &TestDb, companies: &[CompanyId], sweep: SweepId) {
    let tallies: Vec<_> = companies.iter().map(|&id| (id, tally())).collect();
    let mut tx = store.begin().await.unwrap();
    tx.add_to_sweep(sweep, &tallies).await.unwrap();
    tx.commit().await.unwrap();
}

/// What the sweep did in the company.
async fn of_company(store: &TestDb, company: CompanyId, sweep: SweepId) -> CompanySweepRow {
    let mut reader = store.read().await.unwrap();
    let record = reader.tenant(company).company_sweep(sweep).await.unwrap();
    record.unwrap()
}

async fn a_sweep_is_recorded_from_start_to_end(store: &TestDb) {
    let north = given::company(store, "north").await;
    let id = start(store, SweepCause::Command).await;
    let mut tx = store.begin().await.unwrap();
    let nothing = [(north, CompanyTally::default())];
    tx.add_to_sweep(id, &nothing).await.unwrap();
    tx.commit().await.unwrap();
    let running = of_company(store, north, id).await;
    let mut tx = store.begin().await.unwrap();
    tx.finish_sweep(id, NOW.plus_seconds(9)).await.unwrap();
    tx.commit().await.unwrap();
    let finished = of_company(store, north, id).await;

    assert_eq!((running.id, running.cause.as_str()), (id, "command"));
    assert_eq!((running.started_at, running.finished_at), (NOW, None));
    assert_eq!(finished.finished_at, Some(NOW.plus_seconds(9)));
    assert_eq!(finished.error, None);
    assert_eq!((finished.due, finished.moved), (0, 0));
    assert_eq!(finished.kept, KeptCounts::default());
}

async fn a_repeated_job_goes_on_with_the_record_it_started(store: &TestDb) {
    let north = given::company(store, "north").await;
    let by_job = |number| SweepCause::Schedule(JobId::new(number));

    let first = start(store, by_job(7)).await;
    add(store, &[north], first).await;
    let repeated = start(store, by_job(7)).await;
    let next_job = start(store, by_job(8)).await;
    let by_hand = start(store, SweepCause::Command).await;
    let by_hand_again = start(store, SweepCause::Command).await;

    assert_eq!(repeated, first);
    let mut ids = [first, next_job, by_hand, by_hand_again];
    ids.sort();
    assert!(ids.windows(2).all(|pair| pair[0] != pair[1]), "{ids:?}");
    let record = of_company(store, north, first).await;
    assert_eq!(record.cause, "schedule");
    assert_eq!(record.moved, tally().moved);
}

async fn what_was_done_adds_up_over_parts_for_each_company(store: &TestDb) {
    let north = given::company(store, "north").await;
    let south = given::company(store, "south").await;
    let earlier = start(store, SweepCause::Command).await;
    add(store, &[north], earlier).await;

    let sweep = start(store, SweepCause::Command).await;
    add(store, &[north], sweep).await;
    add(store, &[north, south], sweep).await;

    let of_north = of_company(store, north, sweep).await;
    assert_eq!((of_north.due, of_north.moved), (20, 10));
    assert_eq!(of_north.kept, kept(6, 4));
    let of_south = of_company(store, south, sweep).await;
    assert_eq!((of_south.due, of_south.moved), (10, 5));
    assert_eq!(of_south.kept, kept(3, 2));
    let before = of_company(store, north, earlier).await;
    assert_eq!((before.due, before.kept), (10, kept(3, 2)));
}

async fn a_failure_is_noted_beside_what_was_done_before(store: &TestDb) {
    let north = given::company(store, "north").await;
    let sweep = start(store, SweepCause::Command).await;
    add(store, &[north], sweep).await;

    note_failure(store, north, sweep, "no disk").await;

    let record = of_company(store, north, sweep).await;
    assert_eq!(record.error.as_deref(), Some("no disk"));
    assert_eq!((record.due, record.moved), (10, 5));
    assert_eq!(record.kept, kept(3, 2));
}

async fn a_company_that_failed_at_once_has_a_record(store: &TestDb) {
    let north = given::company(store, "north").await;
    let sweep = start(store, SweepCause::Command).await;

    for error in ["no disk", "no disk at all"] {
        note_failure(store, north, sweep, error).await;
    }

    let record = of_company(store, north, sweep).await;
    assert_eq!(record.error.as_deref(), Some("no disk at all"));
    assert_eq!((record.due, record.moved), (0, 0));
    assert_eq!(record.kept, KeptCounts::default());
}

async fn note_failure(store: &TestDb, company: CompanyId, sweep: SweepId, error: &str) {
    let mut tx = store.begin().await.unwrap();
    let mut tenant = tx.tenant_tx(company);
    tenant.note_sweep_failure(sweep, error).await.unwrap();
    tx.commit().await.unwrap();
}

async fn the_newest_sweeps_come_first(store: &TestDb) {
    let north = given::company(store, "north").await;
    let mut ids = Vec::new();
    for _ in 0..3 {
        let sweep = start(store, SweepCause::Command).await;
        add(store, &[north], sweep).await;
        ids.push(sweep);
    }

    let mut reader = store.read().await.unwrap();
    let sweeps = reader.tenant(north).company_sweeps(0, 2).await.unwrap();

    let listed: Vec<_> = sweeps.iter().map(|sweep| sweep.id).collect();
    assert_eq!(listed, [ids[2], ids[1]]);
}

async fn a_sweep_that_is_not_there_cannot_be_added_to(store: &TestDb) {
    let north = given::company(store, "north").await;

    let mut tx = store.begin().await.unwrap();
    let added = tx.add_to_sweep(SweepId::new(99), &[(north, tally())]).await;

    assert!(matches!(added, Err(Error::Conflict(_))), "{added:?}");
}

async fn a_companys_sweeps_are_read_with_their_moves(store: &TestDb) {
    let north = given::company(store, "north").await;
    let south = given::company(store, "south").await;
    let sara = given::client(store, given::new_client(north, "Sara")).await;
    let omar = given::client(store, given::new_client(north, "Omar")).await;
    let sweep = start(store, SweepCause::Command).await;
    let moved = |client| NewEvent {
        sweep: Some(sweep),
        ..given::new_event(north, client, None)
    };
    // Two parts, with an event of somebody else between the moves.
    for clients in [
        [moved(sara), given::new_event(north, sara, None)],
        [given::new_event(north, omar, None), moved(omar)],
    ] {
        let mut tx = store.begin().await.unwrap();
        let ids = given::insert_events(&mut tx, &clients).await.unwrap();
        let tally = CompanyTally {
            events: Some((ids[0], ids[1])),
            ..tally()
        };
        tx.add_to_sweep(sweep, &[(north, tally)]).await.unwrap();
        tx.commit().await.unwrap();
    }
    let later = start(store, SweepCause::Command).await;
    add(store, &[north], later).await;

    let mut reader = store.read().await.unwrap();
    let mut tenant = reader.tenant(north);
    let listed = tenant.company_sweeps(0, 9).await.unwrap();
    let second_page = tenant.company_sweeps(1, 9).await.unwrap();
    let count = tenant.count_company_sweeps().await.unwrap();
    let one = tenant.company_sweep(sweep).await.unwrap().unwrap();
    let moves = tenant.sweep_moves(sweep, 0, 9).await.unwrap();
    let last = tenant.sweep_moves(sweep, 1, 9).await.unwrap();
    let none = tenant.sweep_moves(later, 0, 9).await.unwrap();

    let ids: Vec<_> = listed.iter().map(|sweep| sweep.id).collect();
    assert_eq!((ids, count), (vec![later, sweep], 2));
    assert_eq!(second_page[0].id, sweep);
    assert_eq!(
        (one.due, one.moved, one.cause.as_str()),
        (20, 10, "command")
    );
    let clients: Vec<_> = moves
        .iter()
        .map(|m| (m.client_id, m.client_name.as_str()))
        .collect();
    assert_eq!(clients, [(sara, "Sara"), (omar, "Omar")]);
    assert_eq!(last.len(), 1);
    assert!(none.is_empty());
    let mut elsewhere = reader.tenant(south);
    assert!(elsewhere.company_sweep(sweep).await.unwrap().is_none());
    assert!(elsewhere.sweep_moves(sweep, 0, 9).await.unwrap().is_empty());
    assert_eq!(elsewhere.count_company_sweeps().await.unwrap(), 0);
}

/// The schema as it was before the reasons became rows, and the step that made them rows.
async fn what_earlier_versions_counted_is_kept(store: &TestDb) {
    let north = given::company(store, "north").await;
    let south = given::company(store, "south").await;
    let earlier = start(store, SweepCause::Command).await;
    let later = start(store, SweepCause::Command).await;
    for (company, sweep) in [(north, earlier), (north, later), (south, later)] {
        add(store, &[company], sweep).await;
    }
    store
        .run(&format!(
            "DROP TABLE sweep_kept;
             ALTER TABLE sweep_company ADD COLUMN kept_no_other_employee INTEGER NOT NULL DEFAULT 0;
             ALTER TABLE sweep_company ADD COLUMN changed_meanwhile INTEGER NOT NULL DEFAULT 0;
             UPDATE sweep_company SET kept_no_other_employee = 7, changed_meanwhile = 8
             WHERE company_id = {north} AND sweep_id = {earlier};
             UPDATE sweep_company SET changed_meanwhile = 9 WHERE company_id = {south}"
        ))
        .await;

    let step = match store.url().engine() {
        EngineKind::Sqlite => include_str!("../../migrations/sqlite/0012_kept_reasons.sql"),
        EngineKind::Postgres => include_str!("../../migrations/postgres/0012_kept_reasons.sql"),
    };
    store.run(step).await;

    assert_eq!(of_company(store, north, earlier).await.kept, kept(7, 8));
    assert_eq!(of_company(store, south, later).await.kept, kept(0, 9));
    let nothing = of_company(store, north, later).await.kept;
    assert_eq!(nothing, KeptCounts::default());
    add(store, &[north], earlier).await;
    assert_eq!(of_company(store, north, earlier).await.kept, kept(10, 10));
}
