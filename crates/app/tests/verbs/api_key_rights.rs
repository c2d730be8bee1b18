//! What a program may do with an API key, and whose doing it is.

use crate::api_keys::{PAGE, come_with, is_refused_token, kept, key, named};
use tawzi_app::{
    Actor, ClientChange, Denied, Error, SettingsChange, TaskChange, Thing, UserChange,
    create_api_key, create_api_key_of, create_client, list_api_keys, log_task, read_api_key,
    revoke_api_key,
};
use tawzi_core::client::Priority;
use tawzi_core::id::{ChannelId, StageId, StatusId, UserId};
use tawzi_core::text::ApiKeyName;
use tawzi_core::user::Role;
use tawzi_testkit::World;

/// A program that comes with a new key of the company.
async fn program(world: &World, name: &str) -> Actor {
    let created = key(world, &world.admin, name).await;
    come_with(world, created.secret.reveal()).await.unwrap()
}

#[tokio::test]
async fn with_a_key_a_program_works_on_the_clients_of_its_company() {
    let world = World::with_employees(2).await;
    let (app, now) = (&world.app, world.clock.now());
    let program = program(&world, "form").await;

    let created = create_client(&world.app, &program, world.draft(), None).await;
    let id = created.unwrap().client.id;
    let elsewhere = world.client_of(&world.employees[1]).await;
    let change = ClientChange {
        priority: Some(Priority::High),
        assigned_to: Some(Some(world.employees[1].id())),
        ..ClientChange::default()
    };
    let edited = tawzi_app::edit_client(app, &program, id, change).await;
    let task = TaskChange {
        client: Some(elsewhere),
        notes: Some(Some("call from the exchange".to_owned())),
        ..TaskChange::default()
    };
    let task = log_task(&world.app, &program, task, None).await.unwrap();
    tawzi_app::bulk_assign(app, &program, &[id], None)
        .await
        .unwrap();
    tawzi_app::assign_unassigned(app, &program).await.unwrap();

    assert_eq!(edited.unwrap().client.priority, "high");
    assert_eq!(world.client(elsewhere).await.last_contacted_at, Some(now));
    assert_eq!(task.created_by, None);
    assert_eq!(task.api_key_name.as_deref(), Some("form"));
    let events = world.events(id).await;
    let authors: Vec<_> = events
        .iter()
        .map(|event| event.api_key_name.as_deref())
        .collect();
    // The oldest is the assignment that happened by itself.
    assert_eq!(
        authors,
        [Some("form"), Some("form"), Some("form"), Some("form"), None]
    );
    assert!(events.iter().all(|event| event.created_by.is_none()));
    assert_eq!(world.loads().await, [1, 1]);
    tawzi_app::delete_client(app, &program, id).await.unwrap();
    assert_eq!(world.loads().await.iter().sum::<i64>(), 1);
}

#[tokio::test]
async fn with_a_key_a_program_reads_what_an_administrator_reads_and_nothing_of_others() {
    let world = World::with_employees(2).await;
    let app = &world.app;
    let (theirs, neighbour) = world.neighbour().await;
    let status = world
        .status("New", tawzi_core::status::StatusCategory::Active)
        .await;
    let client = world.arrival().await;
    let program = program(&world, "form").await;
    let stranger = create_api_key(app, &neighbour, named("theirs"))
        .await
        .unwrap();
    let stranger = come_with(&world, stranger.secret.reveal()).await.unwrap();

    assert!(tawzi_app::read_client(app, &program, client).await.is_ok());
    assert!(tawzi_app::read_status(app, &program, status).await.is_ok());
    let people = tawzi_app::list_users(app, &program, &[], &[], PAGE).await;
    assert_eq!(people.unwrap().count, 3);
    let employee = world.employees[0].id();
    assert!(tawzi_app::read_user(app, &program, employee).await.is_ok());
    let workload = tawzi_app::workload(app, &program).await;
    assert_eq!(workload.unwrap().len(), 2);
    assert!(tawzi_app::list_sweeps(app, &program, PAGE).await.is_ok());
    let events = tawzi_app::list_events(app, &program, None, &[], PAGE).await;
    assert_eq!(events.unwrap().count, 1);

    let missing = tawzi_app::read_client(app, &stranger, client).await;
    assert!(matches!(missing, Err(Error::NotFound(Thing::Client))));
    let missing = tawzi_app::read_status(app, &stranger, status).await;
    assert!(matches!(missing, Err(Error::NotFound(Thing::Status))));
    let missing = tawzi_app::read_user(app, &stranger, employee).await;
    assert!(matches!(missing, Err(Error::NotFound(Thing::User))));
    let people = tawzi_app::list_users(app, &stranger, &[], &[], PAGE).await;
    assert_eq!(people.unwrap().count, 1);
    let smuggled = ClientChange {
        company: Some(theirs),
        ..world.draft()
    };
    let created = create_client(&world.app, &program, smuggled, None).await;
    assert!(matches!(created, Err(Error::Invalid(_))));
}

#[tokio::test]
async fn what_needs_a_person_is_closed_to_keys() {
    let world = World::with_employees(2).await;
    let app = &world.app;
    let program = program(&world, "form").await;
    let (id, company) = (world.employees[0].id(), world.company);
    let draft = UserChange {
        username: Some("mole".to_owned()),
        email: Some("mole@acme.example".to_owned()),
        role: Some(Role::Admin),
        password: Some("a long password".to_owned()),
        ..UserChange::default()
    };
    let settings = SettingsChange::default();
    let (change, stage) = (UserChange::default(), StageId::new(1));
    let channel = ChannelId::new(1);
    let status = StatusId::new(1);
    let key = key(&world, &world.admin, "another").await.key.id;

    macro_rules! closed {
        ($($verb:expr;)+) => {$({
            let done = $verb.await.map(drop);
            let closed = matches!(done, Err(Error::Denied(Denied::NoPerson)));
            assert!(closed, "{}: {done:?}", stringify!($verb));
        })+};
    }
    closed! {
        tawzi_app::me(app, &program);
        tawzi_app::sign_out(app, &program);
        tawzi_app::change_password(app, &program, "a", "b");
        tawzi_app::create_user(app, &program, draft);
        tawzi_app::edit_user(app, &program, id, change);
        tawzi_app::delete_user(app, &program, UserId::new(99));
        tawzi_app::preview_deactivation(app, &program, id);
        tawzi_app::deactivate_employee(app, &program, id, false);
        tawzi_app::reactivate_employee(app, &program, id);
        tawzi_app::update_assignment_settings(app, &program, company, settings);
        tawzi_app::delete_channel(app, &program, channel);
        tawzi_app::delete_stage(app, &program, stage);
        tawzi_app::delete_status(app, &program, status);
        tawzi_app::run_own_sweep(app, &program);
        tawzi_app::preview_own_sweep(app, &program);
        tawzi_app::list_companies(app, &program, &[], PAGE);
        tawzi_app::read_company(app, &program, company);
        tawzi_app::delete_company(app, &program, company);
        list_api_keys(app, &program, PAGE);
        read_api_key(app, &program, key);
        create_api_key(app, &program, named("child"));
        revoke_api_key(app, &program, key);
    }
    assert_eq!(kept(&world, key).await.revoked_at, None);
}

#[tokio::test]
async fn a_key_goes_on_working_when_whoever_made_it_has_left() {
    let world = World::with_employees(1).await;
    let app = &world.app;
    let second = world.hire(world.company, "admin").await;
    let created = key(&world, &second, "form").await;
    world.set_active(&second, false).await;
    assert!(come_with(&world, created.secret.reveal()).await.is_ok());

    tawzi_app::delete_user(app, &world.admin, second.id())
        .await
        .unwrap();

    let program = come_with(&world, created.secret.reveal()).await.unwrap();
    let client = create_client(&world.app, &program, world.draft(), None).await;
    assert!(client.is_ok());
    assert_eq!(kept(&world, created.key.id).await.created_by, None);
}

#[tokio::test]
async fn a_key_works_as_long_as_its_company_has_a_subscription() {
    let world = World::with_employees(1).await;
    let poor = {
        let mut tx = world.app.db().begin().await.unwrap();
        let company = tawzi_store::NewCompany {
            name: "Poor",
            domain: "poor.example",
            specialization: "services",
            auto_assign_enabled: true,
            re_assign_enabled: true,
            re_assign_hours: tawzi_core::company::ReAssignHours::DEFAULT,
            created_at: world.clock.now(),
        };
        let company = tx.create_company(company).await.unwrap();
        tx.commit().await.unwrap();
        company
    };
    let made = create_api_key_of(&world.app, poor, &ApiKeyName::parse("form").unwrap()).await;
    let secret = made.unwrap().secret;
    let program = come_with(&world, secret.reveal()).await.unwrap();
    let draft = ClientChange {
        company: Some(poor),
        ..world.draft()
    };

    let created = create_client(&world.app, &program, draft, None).await;

    assert!(matches!(
        created,
        Err(Error::Denied(Denied::NoSubscription))
    ));
    let mut tx = world.app.db().begin().await.unwrap();
    tx.tenant_tx(poor).delete_company().await.unwrap();
    tx.commit().await.unwrap();
    assert!(is_refused_token(&come_with(&world, secret.reveal()).await));
}

#[tokio::test]
async fn the_same_request_with_the_same_key_is_the_same_client() {
    let world = World::with_employees(1).await;
    // The administrator, who is the first person, and the first key have the same number.
    let first = program(&world, "form").await;
    let second = program(&world, "other form").await;
    assert_eq!(world.admin.id().get(), first_key_number(&world).await);
    let draft = world.draft();
    let create = |actor: &Actor, key: Option<&'static str>| {
        let (app, actor, draft) = (world.app.clone(), actor.clone(), draft.clone());
        async move {
            let created = create_client(&app, &actor, draft, key).await;
            created.unwrap().client.id
        }
    };

    for key in [None, Some("lead-7")] {
        let one = create(&first, key).await;
        let again = create(&first, key).await;
        let by_another_key = create(&second, key).await;
        let by_a_person = create(&world.admin, key).await;

        assert_eq!(one, again);
        let others = [by_another_key, by_a_person];
        assert!(!others.contains(&one) && others[0] != others[1]);
    }
    let before = create(&first, None).await;
    world.clock.move_to(world.clock.now().plus_seconds(11));
    assert_ne!(before, create(&first, None).await);
}

async fn first_key_number(world: &World) -> i64 {
    let keys = list_api_keys(&world.app, &world.admin, PAGE).await.unwrap();
    keys.rows.last().unwrap().id.get()
}
