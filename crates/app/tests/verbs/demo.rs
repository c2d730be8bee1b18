//! The filled company to look around in.

use crate::sign_in::sign_in;
use tawzi_app::{Actor, ClientFilter, ClientOrder, Clock, PageRequest, preview_own_sweep};
use tawzi_app::{DEMO_PASSWORD, Error, Refusal, SortKey, fill_demo, list_clients};
use tawzi_store::EngineKind;
use tawzi_testkit::{NOON, TestDatabase, World, application};

#[tokio::test]
async fn an_empty_database_is_filled_once_and_can_be_worked_with() {
    let database = TestDatabase::empty(EngineKind::Sqlite).await;
    let db = database.open().await;
    db.migrate().await.unwrap();
    let app = application(db, Clock::manual(NOON), None);

    let names = fill_demo(&app).await.unwrap();
    fill_demo(&app).await.unwrap();

    let employee = sign_in(&app, names.employee, DEMO_PASSWORD).await;
    assert!(employee.is_ok());
    let admin = sign_in(&app, names.admin, DEMO_PASSWORD).await.unwrap();
    let admin = Actor::new(admin.user);
    let order = [ClientOrder {
        key: SortKey::CreatedAt,
        descending: false,
    }];
    let page = PageRequest::new(1, 1);
    let clients = list_clients(&app, &admin, ClientFilter::default(), &order, page).await;
    let clients = clients.unwrap();
    assert_eq!(clients.count, 240);
    assert_eq!(clients.rows[0].phones.len(), 1);
    let report = preview_own_sweep(&app, &admin).await.unwrap();
    assert!(!report.companies[0].moved.is_empty());
}

#[tokio::test]
async fn a_database_that_holds_something_else_is_left_alone() {
    let world = World::with_employees(0).await;

    let filled = fill_demo(&world.app).await;

    assert!(matches!(
        filled,
        Err(Error::Refused(Refusal::DemoNeedsEmptyDatabase))
    ));
}
