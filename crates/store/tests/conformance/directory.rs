//! People and companies as those who administer them see them.

use crate::database::TestDb;
use crate::given::{self, NOW};
use tawzi_core::company::ReAssignHours;
use tawzi_core::id::{CompanyId, UserId};
use tawzi_store::{
    Author, Company, Error, NewTask, NewUser, Taken, User, UserOrder, UserScope, Viewer,
};

on_both_engines! {
    people_are_listed_by_scope_words_and_order,
    what_somebody_else_has_is_taken,
    an_edit_is_read_back_and_a_taken_phone_refused,
    who_is_deleted_leaves_their_work_without_an_author,
    who_holds_a_client_cannot_be_deleted,
    clients_are_read_by_who_holds_them,
    companies_are_listed_by_words_the_newest_first,
    a_companys_edit_is_read_back,
    a_deleted_company_takes_everything_with_it_and_nothing_else,
}

/// The person under other names, with that phone number.
fn edited(user: User, username: &str) -> User {
    User {
        username: username.to_owned(),
        email: format!("{username}@new.example"),
        first_name: "خالد".to_owned(),
        last_name: "العلي".to_owned(),
        phone: Some("+963111".to_owned()),
        role_word: "employee".to_owned(),
        ..user
    }
}

async fn read(store: &TestDb, id: UserId) -> User {
    let user = store.read().await.unwrap().user(id).await;
    user.unwrap().unwrap()
}

async fn listed(
    store: &TestDb,
    scope: UserScope,
    words: &[&str],
    order: &[(UserOrder, bool)],
) -> Vec<String> {
    let words: Vec<_> = words.iter().map(|&word| word.to_owned()).collect();
    let mut reader = store.read().await.unwrap();
    let people = reader.find_users(scope, &words, order, 0, 9).await.unwrap();
    let count = reader.count_found_users(scope, &words).await.unwrap();
    assert_eq!(usize::try_from(count).unwrap(), people.len());
    people.into_iter().map(|user| user.username).collect()
}

async fn people_are_listed_by_scope_words_and_order(store: &TestDb) {
    let north = given::company(store, "north").await;
    let south = given::company(store, "south").await;
    for (company, name, days) in [(north, "amal", 1), (north, "badr", 3), (south, "amal2", 2)] {
        let new = NewUser {
            date_joined: NOW.plus_seconds(days),
            phone: Some(name),
            ..given::new_employee(company, name)
        };
        given::user(store, new).await;
    }
    let by_name = [(UserOrder::Username, false)];
    let all = UserScope::Everybody;

    assert_eq!(
        listed(store, all, &[], &[]).await,
        ["badr", "amal2", "amal"]
    );
    assert_eq!(
        listed(store, UserScope::Company(north), &[], &by_name).await,
        ["amal", "badr"]
    );
    assert_eq!(
        listed(store, all, &["AMAL"], &by_name).await,
        ["amal", "amal2"]
    );
    assert_eq!(listed(store, all, &["amal", "2"], &[]).await, ["amal2"]);
    assert_eq!(listed(store, all, &["%"], &[]).await, Vec::<String>::new());
    let never = [(UserOrder::LastLogin, true), (UserOrder::DateJoined, false)];
    assert_eq!(
        listed(store, all, &[], &never).await,
        ["amal", "amal2", "badr"]
    );
    let only = UserScope::Only(UserId::new(999));
    assert_eq!(listed(store, only, &[], &[]).await, Vec::<String>::new());
}

async fn what_somebody_else_has_is_taken(store: &TestDb) {
    let north = given::company(store, "north").await;
    let new = NewUser {
        email: "Amal@North.example",
        phone: Some("123"),
        ..given::new_employee(north, "amal")
    };
    let amal = given::user(store, new).await;
    let mut reader = store.read().await.unwrap();

    let all = reader
        .taken("AMAL", "AMAL@north.EXAMPLE", Some("123"), None)
        .await;
    let none = reader
        .taken("Amal2", "a@north.example", Some("124"), None)
        .await;
    let own = reader
        .taken("amal", "amal@north.example", Some("123"), Some(amal))
        .await;
    let without = reader.taken("x", "x", None, None).await;

    let everything = Taken {
        username: true,
        email: true,
        phone: true,
    };
    assert_eq!(all.unwrap(), everything);
    assert_eq!(none.unwrap(), Taken::default());
    assert_eq!(own.unwrap(), Taken::default());
    assert_eq!(without.unwrap(), Taken::default());
}

async fn an_edit_is_read_back_and_a_taken_phone_refused(store: &TestDb) {
    let north = given::company(store, "north").await;
    let khaled = given::employee(store, north, "khaled").await;
    let amal = given::employee(store, north, "amal").await;

    let khaled = edited(read(store, khaled).await, "khaled");
    let amal = edited(read(store, amal).await, "amal");

    let mut tx = store.begin().await.unwrap();
    tx.save_user(&khaled).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = store.begin().await.unwrap();
    let refused = tx.save_user(&amal).await;
    drop(tx);

    assert!(matches!(refused, Err(Error::Conflict(_))), "{refused:?}");
    let user = read(store, khaled.id).await;
    assert_eq!(user.email, "khaled@new.example");
    assert_eq!(user.display_name().as_str(), "خالد العلي");
    assert_eq!(user.phone.as_deref(), Some("+963111"));
    assert_eq!(user.role_word, "employee");
    let other = read(store, amal.id).await;
    assert_eq!(other.phone, None);
    assert_eq!(other.username, "amal");
}

async fn who_is_deleted_leaves_their_work_without_an_author(store: &TestDb) {
    let north = given::company(store, "north").await;
    let amal = given::employee(store, north, "amal").await;
    let client = given::client(store, given::new_client(north, "Sara")).await;
    let mut tx = store.begin().await.unwrap();
    given::insert_events(&mut tx, &[given::new_event(north, client, Some(amal))])
        .await
        .unwrap();
    let task = NewTask {
        client,
        stage: None,
        notes: None,
        reminder_date: None,
        created_by: Author::User(amal),
        create_key: None,
        at: NOW,
    };
    given::log_task(&mut tx, north, task).await.unwrap();
    tx.tenant_tx(north).delete_user(amal).await.unwrap();
    tx.commit().await.unwrap();

    let mut reader = store.read().await.unwrap();
    assert!(reader.user(amal).await.unwrap().is_none());
    let mut tenant = reader.tenant(north);
    let events = tenant.events(Viewer::Everything, None, 0, 9).await.unwrap();
    let tasks = tenant
        .tasks(Viewer::Everything, &[], &[], 0, 9)
        .await
        .unwrap();
    assert_eq!((events.len(), events[0].created_by), (1, None));
    assert_eq!((tasks.len(), tasks[0].created_by), (1, None));
}

async fn who_holds_a_client_cannot_be_deleted(store: &TestDb) {
    let north = given::company(store, "north").await;
    let south = given::company(store, "south").await;
    let amal = given::employee(store, north, "amal").await;
    given::held_client(store, north, amal, NOW).await;

    let mut tx = store.begin().await.unwrap();
    tx.tenant_tx(south).delete_user(amal).await.unwrap();
    let refused = tx.tenant_tx(north).delete_user(amal).await;
    drop(tx);

    assert!(matches!(refused, Err(Error::Conflict(_))), "{refused:?}");
    assert!(
        store
            .read()
            .await
            .unwrap()
            .user(amal)
            .await
            .unwrap()
            .is_some()
    );
}

async fn clients_are_read_by_who_holds_them(store: &TestDb) {
    let north = given::company(store, "north").await;
    let amal = given::employee(store, north, "amal").await;
    let badr = given::employee(store, north, "badr").await;
    let first = given::held_client(store, north, amal, NOW).await;
    let second = given::held_client(store, north, amal, NOW).await;
    given::held_client(store, north, badr, NOW).await;

    let mut reader = store.read().await.unwrap();
    let held = reader.tenant(north).clients_held_by(amal).await.unwrap();
    let elsewhere = reader
        .tenant(CompanyId::new(99))
        .clients_held_by(amal)
        .await;

    let ids: Vec<_> = held.iter().map(|client| client.id).collect();
    assert_eq!(ids, [first, second]);
    assert!(elsewhere.unwrap().is_empty());
}

async fn companies_are_listed_by_words_the_newest_first(store: &TestDb) {
    let north = given::company(store, "north").await;
    let south = given::company(store, "south").await;
    let boss = given::employee(store, north, "boss").await;
    let mut tx = store.begin().await.unwrap();
    tx.save_first_owner(north, boss).await.unwrap();
    tx.commit().await.unwrap();
    let mut reader = store.read().await.unwrap();
    let mut listed = async |words: &[&str]| {
        let words: Vec<_> = words.iter().map(|&word| word.to_owned()).collect();
        let companies = reader.companies_with(&words, 0, 9).await.unwrap();
        let count = reader.count_companies_with(&words).await.unwrap();
        assert_eq!(usize::try_from(count).unwrap(), companies.len());
        companies
            .into_iter()
            .map(|company| company.id)
            .collect::<Vec<_>>()
    };

    assert_eq!(listed(&[]).await, [south, north]);
    assert_eq!(listed(&["NORTH"]).await, [north]);
    assert_eq!(listed(&["bos", "north"]).await, [north]);
    assert_eq!(listed(&["_"]).await, []);
    let domain = reader.company(south).await.unwrap().unwrap().domain;
    assert_eq!(
        reader.company_of_domain(&domain).await.unwrap(),
        Some(south)
    );
    assert_eq!(reader.company_of_domain("nowhere").await.unwrap(), None);
}

async fn a_companys_edit_is_read_back(store: &TestDb) {
    let north = given::company(store, "north").await;
    let boss = given::employee(store, north, "boss").await;
    let mut tx = store.begin().await.unwrap();
    let edited = Company {
        name: "شركة".to_owned(),
        domain: "new.example".to_owned(),
        specialization: "products".to_owned(),
        owner_id: Some(boss),
        auto_assign_enabled: true,
        re_assign_enabled: true,
        re_assign_hours: ReAssignHours::parse(7).unwrap(),
        updated_at: NOW.plus_seconds(5),
        ..tx.company(north).await.unwrap().unwrap()
    };
    tx.save_company(&edited).await.unwrap();
    tx.commit().await.unwrap();

    let company = store.read().await.unwrap().company(north).await;
    let company = company.unwrap().unwrap();
    assert_eq!((company.name, company.domain), (edited.name, edited.domain));
    assert_eq!(company.specialization, edited.specialization);
    assert_eq!(company.owner_id, Some(boss));
    assert!(company.auto_assign_enabled && company.re_assign_enabled);
    assert_eq!(company.re_assign_hours, edited.re_assign_hours);
    assert_eq!(company.updated_at, edited.updated_at);
}

async fn a_deleted_company_takes_everything_with_it_and_nothing_else(store: &TestDb) {
    let north = given::company(store, "north").await;
    let south = given::company(store, "south").await;
    for company in [north, south] {
        let name = format!("amal{company}");
        let amal = given::employee(store, company, &name).await;
        let client = given::held_client(store, company, amal, NOW).await;
        let mut tx = store.begin().await.unwrap();
        tx.save_first_owner(company, amal).await.unwrap();
        given::insert_events(&mut tx, &[given::new_event(company, client, Some(amal))])
            .await
            .unwrap();
        tx.commit().await.unwrap();
    }

    let mut tx = store.begin().await.unwrap();
    tx.tenant_tx(north).delete_company().await.unwrap();
    tx.commit().await.unwrap();

    let mut reader = store.read().await.unwrap();
    assert!(reader.company(north).await.unwrap().is_none());
    assert!(reader.users(Some(north)).await.unwrap().is_empty());
    for (company, left) in [(north, 0), (south, 1)] {
        let mut tenant = reader.tenant(company);
        let events = tenant.events(Viewer::Everything, None, 0, 9).await.unwrap();
        assert_eq!(events.len(), left);
    }
}
