//! Records of sweeps.

use crate::database::TestDb;
use crate::given::{self, NOW};
use tawzi_core::id::{CompanyId, JobId, SweepId};
use tawzi_store::{CompanyTally, Error, NewEvent, Sweep, SweepCause};

on_both_engines! {
    a_sweep_without_anything_due_is_recorded_from_start_to_end,
    a_repeated_job_goes_on_with_the_record_it_started,
    what_was_done_adds_up_over_parts_and_companies,
    a_failure_is_noted_beside_what_was_done_before,
    the_newest_sweeps_come_first,
    a_sweep_that_is_not_there_cannot_be_added_to,
    a_companys_sweeps_are_read_with_their_moves,
}

const TALLY: CompanyTally = CompanyTally {
    due: 10,
    moved: 5,
    kept_no_other_employee: 3,
    changed_meanwhile: 2,
    first_event_id: None,
    last_event_id: None,
};

async fn start(store: &TestDb, cause: SweepCause) -> SweepId {
    let mut tx = store.begin().await.unwrap();
    let id = tx.start_sweep(cause, NOW).await.unwrap();
    tx.commit().await.unwrap();
    id
}

async fn add(store: &TestDb, company: CompanyId, sweep: SweepId) {
    let mut tx = store.begin().await.unwrap();
    tx.add_to_sweep(sweep, &[(company, TALLY)]).await.unwrap();
    tx.commit().await.unwrap();
}

async fn newest(store: &TestDb) -> Sweep {
    let mut reader = store.read().await.unwrap();
    reader.sweeps(1).await.unwrap().remove(0)
}

async fn a_sweep_without_anything_due_is_recorded_from_start_to_end(store: &TestDb) {
    let id = start(store, SweepCause::Command).await;
    let running = newest(store).await;
    let mut tx = store.begin().await.unwrap();
    tx.finish_sweep(id, NOW.plus_seconds(9)).await.unwrap();
    tx.commit().await.unwrap();
    let finished = newest(store).await;

    assert_eq!((running.id, running.cause.as_str()), (id, "command"));
    assert_eq!((running.started_at, running.finished_at), (NOW, None));
    assert_eq!(finished.finished_at, Some(NOW.plus_seconds(9)));
    assert_eq!((finished.companies, finished.failed), (0, 0));
    assert_eq!((finished.due, finished.moved), (0, 0));
    assert_eq!(
        (finished.kept_no_other_employee, finished.changed_meanwhile),
        (0, 0)
    );
}

async fn a_repeated_job_goes_on_with_the_record_it_started(store: &TestDb) {
    let north = given::company(store, "north").await;
    let by_job = |number| SweepCause::Schedule(JobId::new(number));

    let first = start(store, by_job(7)).await;
    add(store, north, first).await;
    let repeated = start(store, by_job(7)).await;
    let next_job = start(store, by_job(8)).await;
    let by_hand = start(store, SweepCause::Command).await;
    let by_hand_again = start(store, SweepCause::Command).await;

    assert_eq!(repeated, first);
    let mut ids = [first, next_job, by_hand, by_hand_again];
    ids.sort();
    assert!(ids.windows(2).all(|pair| pair[0] != pair[1]), "{ids:?}");
    let mut reader = store.read().await.unwrap();
    let sweeps = reader.sweeps(9).await.unwrap();
    assert_eq!(sweeps.len(), 4);
    assert_eq!(sweeps[3].cause, "schedule");
    assert_eq!(sweeps[3].moved, TALLY.moved);
}

async fn what_was_done_adds_up_over_parts_and_companies(store: &TestDb) {
    let north = given::company(store, "north").await;
    let south = given::company(store, "south").await;
    let earlier = start(store, SweepCause::Command).await;
    add(store, north, earlier).await;

    let sweep = start(store, SweepCause::Command).await;
    add(store, north, sweep).await;
    add(store, north, sweep).await;
    add(store, south, sweep).await;

    let sweep = newest(store).await;
    assert_eq!((sweep.companies, sweep.failed), (2, 0));
    assert_eq!((sweep.due, sweep.moved), (30, 15));
    assert_eq!(
        (sweep.kept_no_other_employee, sweep.changed_meanwhile),
        (9, 6)
    );
}

async fn a_failure_is_noted_beside_what_was_done_before(store: &TestDb) {
    let north = given::company(store, "north").await;
    let south = given::company(store, "south").await;
    let sweep = start(store, SweepCause::Command).await;
    add(store, north, sweep).await;

    for company in [north, south, south] {
        let mut tx = store.begin().await.unwrap();
        let mut tenant = tx.tenant_tx(company);
        tenant.note_sweep_failure(sweep, "no disk").await.unwrap();
        tx.commit().await.unwrap();
    }

    let sweep = newest(store).await;
    assert_eq!((sweep.companies, sweep.failed), (2, 2));
    assert_eq!((sweep.due, sweep.moved), (10, 5));
}

async fn the_newest_sweeps_come_first(store: &TestDb) {
    let mut ids = Vec::new();
    for _ in 0..3 {
        ids.push(start(store, SweepCause::Command).await);
    }

    let mut reader = store.read().await.unwrap();
    let sweeps = reader.sweeps(2).await.unwrap();

    let listed: Vec<_> = sweeps.iter().map(|sweep| sweep.id).collect();
    assert_eq!(listed, [ids[2], ids[1]]);
}

async fn a_sweep_that_is_not_there_cannot_be_added_to(store: &TestDb) {
    let north = given::company(store, "north").await;

    let mut tx = store.begin().await.unwrap();
    let added = tx.add_to_sweep(SweepId::new(99), &[(north, TALLY)]).await;

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
        let ids = tx.insert_events(&clients).await.unwrap();
        let tally = CompanyTally {
            first_event_id: Some(ids[0]),
            last_event_id: Some(ids[1]),
            ..TALLY
        };
        tx.add_to_sweep(sweep, &[(north, tally)]).await.unwrap();
        tx.commit().await.unwrap();
    }
    let later = start(store, SweepCause::Command).await;
    add(store, north, later).await;

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
