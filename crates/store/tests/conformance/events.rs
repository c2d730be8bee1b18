//! The timeline of clients.

use crate::database::TestDb;
use crate::given::{self, NOW};
use tawzi_core::company::ReAssignHours;
use tawzi_core::event::{assigned, nobody_eligible, re_assigned};
use tawzi_core::id::{ClientEventId, ClientId};
use tawzi_core::user::DisplayName;
use tawzi_store::{Author, Error, NewEvent, RowCount, SweepCause, Viewer};

on_both_engines! {
    an_event_is_read_as_it_was_written,
    events_are_read_with_the_newest_first_a_page_at_a_time,
    a_viewer_sees_the_events_of_their_own_clients,
    events_of_several_companies_are_written_at_once,
    an_event_of_a_client_that_is_not_there_is_refused,
    a_sweep_writes_an_event_for_each_client_it_moved,
}

async fn an_event_is_read_as_it_was_written(store: &TestDb) {
    let north = given::company(store, "north").await;
    let amal = given::employee(store, north, "amal").await;
    let client = given::client(store, given::new_client(north, "Sara")).await;
    let text = assigned(None, Some(&DisplayName::new("خالد", "العلي", "khaled")));
    let by_amal = NewEvent {
        company: north,
        client,
        text: text.clone(),
        created_by: Author::User(amal),
        sweep: None,
        at: NOW,
    };
    let by_itself = NewEvent {
        text: nobody_eligible(),
        created_by: Author::Nobody,
        sweep: None,
        ..by_amal.clone()
    };

    let mut tx = store.begin().await.unwrap();
    given::insert_events(&mut tx, &[by_amal, by_itself])
        .await
        .unwrap();
    given::insert_events(&mut tx, &[]).await.unwrap();
    tx.commit().await.unwrap();

    let mut reader = store.read().await.unwrap();
    let mut tenant = reader.tenant(north);
    let everything = Viewer::Everything;
    let events = tenant.events(everything, Some(client), 0, 9).await.unwrap();
    assert_eq!(events.len(), 2);
    let event = tenant.event(events[1].id, everything).await.unwrap();
    let event = event.unwrap();
    assert_eq!((event.id, event.client_id), (events[1].id, client));
    assert_eq!(event.event_type, "assignment");
    assert_eq!(event.old_value.as_ref(), Some(&text.old_value));
    assert_eq!(event.new_value.as_deref(), Some("خالد العلي"));
    assert_eq!(event.notes.as_ref(), Some(&text.notes));
    assert_eq!(event.created_by, Some(amal));
    assert_eq!(event.created_by_username.as_deref(), Some("amal"));
    assert_eq!(event.created_at, NOW);
    assert_eq!(events[0].created_by, None);
    assert_eq!(events[0].created_by_username, None);
    let nothing = tenant.event(ClientEventId::new(99), everything).await;
    assert!(nothing.unwrap().is_none());
}

async fn events_are_read_with_the_newest_first_a_page_at_a_time(store: &TestDb) {
    let north = given::company(store, "north").await;
    let sara = given::client(store, given::new_client(north, "Sara")).await;
    let omar = given::client(store, given::new_client(north, "Omar")).await;
    let new = [sara, omar, sara, omar, sara].map(|id| given::new_event(north, id, None));
    let mut tx = store.begin().await.unwrap();
    given::insert_events(&mut tx, &new).await.unwrap();
    tx.commit().await.unwrap();

    let mut reader = store.read().await.unwrap();
    let mut tenant = reader.tenant(north);
    let everything = Viewer::Everything;
    let all = tenant.events(everything, None, 0, 9).await.unwrap();
    let page = tenant.events(everything, None, 1, 2).await.unwrap();
    let of_omar = tenant.events(everything, Some(omar), 0, 9).await.unwrap();

    let ids: Vec<_> = all.iter().map(|event| event.id).collect();
    assert!(ids.is_sorted_by(|earlier, later| earlier > later));
    let clients: Vec<_> = all.iter().map(|event| event.client_id).collect();
    assert_eq!(clients, [sara, omar, sara, omar, sara]);
    assert_eq!(page.iter().map(|e| e.id).collect::<Vec<_>>(), ids[1..3]);
    assert_eq!(
        of_omar.iter().map(|e| e.id).collect::<Vec<_>>(),
        [ids[1], ids[3]]
    );
    assert_eq!(
        tenant.count_events(everything, None).await.unwrap(),
        RowCount::Exactly(5)
    );
    assert_eq!(
        tenant.count_events(everything, Some(sara)).await.unwrap(),
        RowCount::Exactly(3)
    );
}

async fn a_viewer_sees_the_events_of_their_own_clients(store: &TestDb) {
    let north = given::company(store, "north").await;
    let amal = given::employee(store, north, "amal").await;
    let badr = given::employee(store, north, "badr").await;
    let own = given::held_client(store, north, amal, NOW).await;
    let foreign = given::held_client(store, north, badr, NOW).await;
    given::event(store, north, own, None).await;
    given::event(store, north, foreign, None).await;
    let viewer = Viewer::AssignedTo(amal);

    let mut reader = store.read().await.unwrap();
    let mut tenant = reader.tenant(north);
    let seen = tenant.events(viewer, None, 0, 9).await.unwrap();
    let of_the_other = tenant.events(viewer, Some(foreign), 0, 9).await.unwrap();
    let all = tenant.events(Viewer::Everything, None, 0, 9).await.unwrap();

    let clients: Vec<_> = seen.iter().map(|event| event.client_id).collect();
    assert_eq!(clients, [own]);
    assert!(of_the_other.is_empty());
    assert_eq!(
        tenant.count_events(viewer, None).await.unwrap(),
        RowCount::Exactly(1)
    );
    assert_eq!(
        tenant.count_events(viewer, Some(foreign)).await.unwrap(),
        RowCount::Exactly(0)
    );
    assert!(tenant.event(all[1].id, viewer).await.unwrap().is_some());
    assert!(tenant.event(all[0].id, viewer).await.unwrap().is_none());
}

async fn events_of_several_companies_are_written_at_once(store: &TestDb) {
    let north = given::company(store, "north").await;
    let south = given::company(store, "south").await;
    let of_north = given::client(store, given::new_client(north, "Sara")).await;
    let of_south = given::client(store, given::new_client(south, "Omar")).await;

    let mut tx = store.begin().await.unwrap();
    given::insert_events(
        &mut tx,
        &[
            given::new_event(north, of_north, None),
            given::new_event(south, of_south, None),
        ],
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();

    let mut reader = store.read().await.unwrap();
    for (company, client) in [(north, of_north), (south, of_south)] {
        let mut tenant = reader.tenant(company);
        let events = tenant.events(Viewer::Everything, None, 0, 9).await.unwrap();
        let clients: Vec<_> = events.iter().map(|event| event.client_id).collect();
        assert_eq!(clients, [client]);
    }
}

async fn an_event_of_a_client_that_is_not_there_is_refused(store: &TestDb) {
    let north = given::company(store, "north").await;
    let south = given::company(store, "south").await;
    let of_south = given::client(store, given::new_client(south, "Omar")).await;

    for client in [ClientId::new(99), of_south] {
        let mut tx = store.begin().await.unwrap();
        let new = given::new_event(north, client, None);
        let written = given::insert_events(&mut tx, &[new]).await;

        assert!(matches!(written, Err(Error::Conflict(_))), "{written:?}");
    }
}

async fn a_sweep_writes_an_event_for_each_client_it_moved(store: &TestDb) {
    let north = given::company(store, "north").await;
    let sara = given::client(store, given::new_client(north, "Sara")).await;
    let omar = given::client(store, given::new_client(north, "Omar")).await;
    let amal = DisplayName::new("أمل", "", "amal");
    let badr = DisplayName::new("", "", "badr");

    let mut tx = store.begin().await.unwrap();
    let sweep = tx.start_sweep(SweepCause::Command, NOW).await.unwrap();
    let moved = [(sara, &amal, &badr), (omar, &badr, &amal)];
    let events = moved.map(|(client, old, new)| NewEvent {
        text: re_assigned(old, new, ReAssignHours::DEFAULT),
        sweep: Some(sweep),
        ..given::new_event(north, client, None)
    });
    given::insert_events(&mut tx, &events).await.unwrap();
    tx.commit().await.unwrap();

    let mut reader = store.read().await.unwrap();
    let mut tenant = reader.tenant(north);
    let events = tenant.events(Viewer::Everything, None, 0, 9).await.unwrap();
    assert_eq!(events.len(), 2);
    let event = &events[1];
    assert_eq!(
        (event.client_id, event.event_type.as_str()),
        (sara, "re_assignment")
    );
    assert_eq!(event.old_value.as_deref(), Some("أمل"));
    assert_eq!(event.new_value.as_deref(), Some("badr"));
    assert_eq!(
        event.notes.as_deref(),
        Some("تم إعادة التعيين تلقائياً بعد 24 ساعة من عدم التواصل")
    );
    assert_eq!((event.created_by, event.created_at), (None, NOW));
    assert_eq!(events[0].client_id, omar);
}
