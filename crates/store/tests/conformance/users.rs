//! People: who they are, how they are found, and what is saved about them.

use crate::database::TestDb;
use crate::given::{self, NOW};
use std::collections::BTreeSet;
use tawzi_core::id::UserId;
use tawzi_core::user::Role;
use tawzi_store::{Error, NewSubscription, NewUser, User};

on_both_engines! {
    a_person_is_read_as_they_were_created,
    people_are_read_by_company_or_all,
    names_are_read_for_the_wanted_people,
    a_user_name_or_e_mail_address_belongs_to_one_person,
    a_person_of_a_company_that_is_not_there_is_refused,
    what_is_saved_about_a_person_is_read_back,
    a_password_is_replaced_only_if_nobody_changed_it_meanwhile,
    a_person_is_subscribed_while_any_subscription_is_active,
    a_number_falls_on_the_same_persons_hash_each_time,
}

async fn read(store: &TestDb, id: UserId) -> User {
    let mut reader = store.read().await.unwrap();
    reader.user(id).await.unwrap().unwrap()
}

async fn a_person_is_read_as_they_were_created(store: &TestDb) {
    let north = given::company(store, "north").await;

    let id = given::user(
        store,
        NewUser {
            company: Some(north),
            username: "khaled",
            email: "Khaled@north.example",
            first_name: "خالد",
            last_name: "العلي",
            phone: None,
            role: "employee",
            password_hash: "hash",
            is_superuser: false,
            date_joined: NOW,
        },
    )
    .await;

    let user = read(store, id).await;
    assert_eq!(user.id, id);
    assert_eq!(user.company_id, Some(north));
    assert_eq!(user.company_name.as_deref(), Some("north"));
    assert_eq!(user.company_specialization.as_deref(), Some("services"));
    assert!(!user.subscribed);
    assert_eq!(user.username, "khaled");
    assert_eq!(user.email, "Khaled@north.example");
    assert_eq!(user.display_name().as_str(), "خالد العلي");
    assert_eq!(user.role(), Role::Employee);
    assert_eq!(user.password_hash, "hash");
    assert!(user.is_active);
    assert!(!user.is_staff && !user.is_superuser && !user.email_verified);
    assert_eq!((user.date_joined, user.last_login), (NOW, None));
    assert_eq!((user.phone, user.profile_photo), (None, None));
}

async fn people_are_read_by_company_or_all(store: &TestDb) {
    let north = given::company(store, "north").await;
    let south = given::company(store, "south").await;
    let amal = given::employee(store, north, "amal").await;
    let badr = given::employee(store, south, "badr").await;
    let root = given::user(
        store,
        NewUser {
            company: None,
            is_superuser: true,
            role: "",
            ..given::new_employee(north, "root")
        },
    )
    .await;

    let mut reader = store.read().await.unwrap();
    let of_north = reader.users(Some(north)).await.unwrap();
    let all = reader.users(None).await.unwrap();

    assert_eq!(of_north.iter().map(|u| u.id).collect::<Vec<_>>(), [amal]);
    let ids: Vec<_> = all.iter().map(|user| user.id).collect();
    assert_eq!(ids, [amal, badr, root]);
    assert_eq!(reader.count_users().await.unwrap(), 3);
    assert!(all[2].is_superuser && all[2].is_staff);
    assert_eq!((all[2].company_id, &all[2].company_name), (None, &None));
    assert_eq!(all[2].role(), Role::Other);
}

async fn names_are_read_for_the_wanted_people(store: &TestDb) {
    let north = given::company(store, "north").await;
    let khaled = NewUser {
        first_name: "خالد",
        last_name: "العلي",
        ..given::new_employee(north, "khaled")
    };
    let khaled = given::user(store, khaled).await;
    let amal = given::employee(store, north, "amal").await;
    given::employee(store, north, "badr").await;
    let mut tx = store.begin().await.unwrap();
    tx.save_active(amal, false).await.unwrap();
    tx.commit().await.unwrap();

    let mut reader = store.read().await.unwrap();
    let wanted = [amal, khaled, UserId::new(99)].into();
    let mut names = reader.named_users(&wanted).await.unwrap();
    let none = reader.named_users(&BTreeSet::new()).await.unwrap();

    names.sort_by_key(|name| name.id);
    let found: Vec<_> = names.iter().map(|n| (n.id, n.is_active)).collect();
    assert_eq!(found, [(khaled, true), (amal, false)]);
    assert_eq!(names[0].display_name().as_str(), "خالد العلي");
    assert_eq!(names[1].display_name().as_str(), "amal");
    assert_eq!(
        (names[0].company_id, names[0].username.as_str()),
        (Some(north), "khaled")
    );
    assert!(none.is_empty());
}

async fn a_user_name_or_e_mail_address_belongs_to_one_person(store: &TestDb) {
    let north = given::company(store, "north").await;
    given::employee(store, north, "amal").await;

    for (username, email) in [("amal", "other"), ("other", "amal")] {
        let new = NewUser {
            username,
            email,
            ..given::new_employee(north, "")
        };
        let mut tx = store.begin().await.unwrap();
        let second = tx.create_user(new).await;

        assert!(matches!(second, Err(Error::Conflict(_))), "{second:?}");
    }
}

async fn a_person_of_a_company_that_is_not_there_is_refused(store: &TestDb) {
    let nowhere = tawzi_core::id::CompanyId::new(99);

    let mut tx = store.begin().await.unwrap();
    let created = tx.create_user(given::new_employee(nowhere, "amal")).await;

    assert!(matches!(created, Err(Error::Conflict(_))), "{created:?}");
}

async fn what_is_saved_about_a_person_is_read_back(store: &TestDb) {
    let north = given::company(store, "north").await;
    let amal = given::employee(store, north, "amal").await;
    let badr = given::employee(store, north, "badr").await;

    let mut tx = store.begin().await.unwrap();
    tx.save_password(amal, "new hash").await.unwrap();
    tx.save_last_login(amal, NOW.plus_seconds(1)).await.unwrap();
    tx.save_active(amal, false).await.unwrap();
    tx.commit().await.unwrap();

    let amal = read(store, amal).await;
    assert_eq!(amal.password_hash, "new hash");
    assert_eq!(amal.last_login, Some(NOW.plus_seconds(1)));
    assert!(!amal.is_active);
    let badr = read(store, badr).await;
    assert_eq!(badr.password_hash, "hash");
    assert_eq!(badr.last_login, None);
    assert!(badr.is_active);
}

async fn a_password_is_replaced_only_if_nobody_changed_it_meanwhile(store: &TestDb) {
    let north = given::company(store, "north").await;
    let amal = given::employee(store, north, "amal").await;

    let mut tx = store.begin().await.unwrap();
    let late = tx.replace_password(amal, "another", "late").await;
    let after_a_late_one = tx.user(amal).await.unwrap().unwrap();
    let better = tx.replace_password(amal, "hash", "better").await;
    tx.commit().await.unwrap();

    assert_eq!((late.unwrap(), better.unwrap()), (false, true));
    assert_eq!(after_a_late_one.password_hash, "hash");
    assert_eq!(read(store, amal).await.password_hash, "better");
}

async fn a_person_is_subscribed_while_any_subscription_is_active(store: &TestDb) {
    let north = given::company(store, "north").await;
    let south = given::company(store, "south").await;
    let amal = given::employee(store, north, "amal").await;
    let badr = given::employee(store, south, "badr").await;
    let mut tx = store.begin().await.unwrap();
    let year = NewSubscription {
        plan: "Year",
        plan_ar: "سنة",
        start: NOW,
        end: NOW.plus_seconds(365 * 86400),
    };

    tx.create_subscription(north, year).await.unwrap();
    tx.commit().await.unwrap();

    assert!(read(store, amal).await.subscribed);
    assert!(!read(store, badr).await.subscribed);
    store.run("UPDATE subscription SET is_active = FALSE").await;
    assert!(!read(store, amal).await.subscribed);
}

async fn a_number_falls_on_the_same_persons_hash_each_time(store: &TestDb) {
    let mut reader = store.read().await.unwrap();
    assert_eq!(reader.somebodys_password_hash(7).await.unwrap(), None);
    drop(reader);
    let north = given::company(store, "north").await;
    for name in ["amal", "badr"] {
        let new = NewUser {
            password_hash: name,
            ..given::new_employee(north, name)
        };
        given::user(store, new).await;
    }

    let mut reader = store.read().await.unwrap();
    let mut hashes = BTreeSet::new();
    for number in [0, 1, 2, 3, 4, u64::MAX] {
        let first = reader.somebodys_password_hash(number).await.unwrap();
        let second = reader.somebodys_password_hash(number).await.unwrap();
        assert!(first.is_some());
        assert_eq!(first, second);
        hashes.extend(first);
    }

    assert_eq!(hashes.len(), 2);
}
