//! Companies and their settings; which of them have something due is in `due`.

use crate::database::TestDb;
use crate::given::{self, NOW};
use tawzi_core::company::ReAssignHours;
use tawzi_core::id::{CompanyId, UserId};
use tawzi_core::phone::PhoneRegion;
use tawzi_store::{Company, Error, NewCompany, NewUser};

on_both_engines! {
    a_company_is_read_as_it_was_created,
    companies_are_read_and_counted_by_id,
    a_domain_belongs_to_one_company,
    settings_are_saved_for_that_company_alone,
    the_owner_is_read_with_the_company,
    nobody_owns_a_company_before_those_who_administer_it_already,
    an_owner_who_is_not_there_is_refused_at_commit,
    a_locked_company_is_read,
    many_companies_are_locked_and_read_at_once,
}

async fn a_company_is_read_as_it_was_created(store: &TestDb) {
    let new = NewCompany {
        name: "شركة الشمال",
        domain: "north.example",
        specialization: "real_estate",
        auto_assign_enabled: true,
        re_assign_enabled: false,
        re_assign_hours: ReAssignHours::parse(8760).unwrap(),
        created_at: NOW,
    };

    let mut tx = store.begin().await.unwrap();
    let id = tx.create_company(new).await.unwrap();
    tx.commit().await.unwrap();

    let company = store.read().await.unwrap().company(id).await.unwrap();
    let company = company.unwrap();
    assert_eq!(company.id, id);
    assert_eq!(company.name, "شركة الشمال");
    assert_eq!(company.domain, "north.example");
    assert_eq!(company.specialization, "real_estate");
    assert!(company.auto_assign_enabled);
    assert!(!company.re_assign_enabled);
    assert_eq!(company.re_assign_hours.get(), 8760);
    assert!(company.registration_completed);
    assert_eq!(company.registration_completed_at, Some(NOW));
    assert_eq!((company.created_at, company.updated_at), (NOW, NOW));
    assert_eq!(company.owner_id, None);
    assert_eq!(company.owner_username, None);
}

async fn companies_are_read_and_counted_by_id(store: &TestDb) {
    let north = given::company(store, "north").await;
    let south = given::company(store, "south").await;

    let mut reader = store.read().await.unwrap();
    let companies = reader.companies().await.unwrap();
    let nobody = reader.company(CompanyId::new(99)).await.unwrap();

    let ids: Vec<_> = companies.iter().map(|company| company.id).collect();
    assert_eq!(ids, [north, south]);
    assert_eq!(reader.count_companies().await.unwrap(), 2);
    assert!(nobody.is_none());
}

async fn a_domain_belongs_to_one_company(store: &TestDb) {
    given::company(store, "north").await;

    let mut tx = store.begin().await.unwrap();
    let second = tx.create_company(given::new_company("north")).await;

    assert!(matches!(second, Err(Error::Conflict(_))), "{second:?}");
}

async fn settings_are_saved_for_that_company_alone(store: &TestDb) {
    let north = given::company(store, "north").await;
    let south = given::company(store, "south").await;

    let mut tx = store.begin().await.unwrap();
    let hours = ReAssignHours::parse(72).unwrap();
    let region = Some(PhoneRegion::parse("sa").unwrap());
    let settings = Company {
        auto_assign_enabled: false,
        re_assign_enabled: false,
        re_assign_hours: hours,
        unique_phones: true,
        phone_region: region,
        ..tx.company(north).await.unwrap().unwrap()
    };
    tx.save_company(&settings).await.unwrap();
    tx.commit().await.unwrap();

    let mut reader = store.read().await.unwrap();
    let north = reader.company(north).await.unwrap().unwrap();
    assert!(!north.auto_assign_enabled);
    assert!(!north.re_assign_enabled);
    assert_eq!(north.re_assign_hours, hours);
    assert!(north.unique_phones);
    assert_eq!(north.phone_region, region);
    let south = reader.company(south).await.unwrap().unwrap();
    assert!(south.auto_assign_enabled);
    assert!(south.re_assign_enabled);
    assert_eq!(south.re_assign_hours, ReAssignHours::DEFAULT);
    assert!(!south.unique_phones);
    assert_eq!(south.phone_region, None);
}

async fn the_owner_is_read_with_the_company(store: &TestDb) {
    let north = given::company(store, "north").await;
    let owner = given::employee(store, north, "salma").await;
    let later = given::employee(store, north, "nour").await;

    let mut tx = store.begin().await.unwrap();
    tx.save_first_owner(north, owner).await.unwrap();
    tx.save_first_owner(north, later).await.unwrap();
    tx.commit().await.unwrap();

    let mut reader = store.read().await.unwrap();
    let company = reader.company(north).await.unwrap().unwrap();
    assert_eq!(company.owner_id, Some(owner));
    assert_eq!(company.owner_username.as_deref(), Some("salma"));
    assert_eq!(company.owner_email.as_deref(), Some("salma"));
    let all = reader.companies().await.unwrap();
    assert_eq!(all[0].owner_username.as_deref(), Some("salma"));
}

async fn nobody_owns_a_company_before_those_who_administer_it_already(store: &TestDb) {
    let north = given::company(store, "north").await;
    let admin = |name| NewUser {
        role: "admin",
        ..given::new_employee(north, name)
    };
    let first = given::user(store, admin("salma")).await;
    let second = given::user(store, admin("nour")).await;

    let mut tx = store.begin().await.unwrap();
    assert!(!tx.save_first_owner(north, second).await.unwrap());
    tx.save_active(first, false).await.unwrap();
    assert!(tx.save_first_owner(north, second).await.unwrap());
    assert!(!tx.save_first_owner(north, second).await.unwrap());
}

async fn an_owner_who_is_not_there_is_refused_at_commit(store: &TestDb) {
    let north = given::company(store, "north").await;

    let mut tx = store.begin().await.unwrap();
    tx.save_first_owner(north, UserId::new(99)).await.unwrap();
    let committed = tx.commit().await;

    assert!(
        matches!(committed, Err(Error::Conflict(_))),
        "{committed:?}"
    );
    let mut reader = store.read().await.unwrap();
    let company = reader.company(north).await.unwrap().unwrap();
    assert_eq!(company.owner_id, None);
}

async fn a_locked_company_is_read(store: &TestDb) {
    let north = given::company(store, "north").await;

    let mut tx = store.begin().await.unwrap();
    let locked = tx.lock_company(north).await.unwrap();
    let nobody = tx.lock_company(CompanyId::new(99)).await.unwrap();

    assert_eq!(locked.unwrap().domain, "north");
    assert!(nobody.is_none());
}

async fn many_companies_are_locked_and_read_at_once(store: &TestDb) {
    let north = given::company(store, "north").await;
    let south = given::company(store, "south").await;
    given::company(store, "west").await;

    let mut tx = store.begin().await.unwrap();
    let wanted = [south, CompanyId::new(99), north];
    let mut locked = tx.lock_companies(&wanted).await.unwrap();
    let none = tx.lock_companies(&[]).await.unwrap();

    locked.sort_by_key(|company| company.id);
    let domains: Vec<_> = locked.iter().map(|c| c.domain.as_str()).collect();
    assert_eq!(domains, ["north", "south"]);
    assert!(none.is_empty());
}
