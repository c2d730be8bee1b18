//! Subscriptions and their plans.

use crate::database::TestDb;
use crate::given::{self, NOW};
use tawzi_core::id::CompanyId;
use tawzi_store::{Error, NewSubscription};

on_both_engines! {
    a_subscription_is_read_with_its_plan,
    a_plan_of_the_same_name_is_used_again,
    the_newest_active_subscription_counts,
    a_company_that_is_not_there_cannot_subscribe,
    plans_come_by_their_id,
}

const YEAR: NewSubscription<'_> = NewSubscription {
    plan: "Year",
    plan_ar: "سنة",
    start: NOW,
    end: NOW.plus_seconds(365 * 86400),
};

async fn subscribe(store: &TestDb, company: CompanyId, new: NewSubscription<'_>) {
    let mut tx = store.begin().await.unwrap();
    tx.create_subscription(company, new).await.unwrap();
    tx.commit().await.unwrap();
}

async fn a_subscription_is_read_with_its_plan(store: &TestDb) {
    let north = given::company(store, "north").await;
    let south = given::company(store, "south").await;

    subscribe(store, north, YEAR).await;

    let mut reader = store.read().await.unwrap();
    let found = reader.subscription(north).await.unwrap().unwrap();
    assert_eq!(found.plan_name, "Year");
    assert_eq!(found.plan_name_ar, "سنة");
    assert!(found.is_active && found.auto_renew);
    assert_eq!((found.start_date, found.end_date), (YEAR.start, YEAR.end));
    assert!(reader.subscription(south).await.unwrap().is_none());
}

async fn a_plan_of_the_same_name_is_used_again(store: &TestDb) {
    let north = given::company(store, "north").await;
    let south = given::company(store, "south").await;
    let west = given::company(store, "west").await;

    subscribe(store, north, YEAR).await;
    subscribe(store, south, YEAR).await;
    let month = NewSubscription {
        plan: "Month",
        ..YEAR
    };
    subscribe(store, west, month).await;

    let mut reader = store.read().await.unwrap();
    let north = reader.subscription(north).await.unwrap().unwrap();
    let south = reader.subscription(south).await.unwrap().unwrap();
    let west = reader.subscription(west).await.unwrap().unwrap();
    assert_eq!(north.plan_id, south.plan_id);
    assert_ne!(north.id, south.id);
    assert_ne!(north.plan_id, west.plan_id);
}

async fn the_newest_active_subscription_counts(store: &TestDb) {
    let north = given::company(store, "north").await;
    for (plan, days) in [("Old", 0), ("Middle", 1), ("New", 2)] {
        let start = NOW.plus_seconds(days * 86400);
        let new = NewSubscription {
            plan,
            start,
            ..YEAR
        };
        subscribe(store, north, new).await;
    }
    let current = async || {
        let mut reader = store.read().await.unwrap();
        reader.subscription(north).await.unwrap().unwrap().plan_name
    };

    assert_eq!(current().await, "New");
    store
        .run("UPDATE subscription SET is_active = FALSE WHERE id = 3")
        .await;
    assert_eq!(current().await, "Middle");
    store.run("UPDATE subscription SET is_active = FALSE").await;
    assert_eq!(current().await, "New");
}

async fn a_company_that_is_not_there_cannot_subscribe(store: &TestDb) {
    let mut tx = store.begin().await.unwrap();
    let nowhere = CompanyId::new(99);
    let created = tx.create_subscription(nowhere, YEAR).await;

    assert!(matches!(created, Err(Error::Conflict(_))), "{created:?}");
}

async fn plans_come_by_their_id(store: &TestDb) {
    let north = given::company(store, "north").await;
    let none = store.read().await.unwrap().plans().await.unwrap();
    let month = NewSubscription {
        plan: "Month",
        plan_ar: "شهر",
        ..YEAR
    };

    for new in [YEAR, month, YEAR] {
        subscribe(store, north, new).await;
    }

    assert!(none.is_empty());
    let plans = store.read().await.unwrap().plans().await.unwrap();
    let names: Vec<_> = plans
        .iter()
        .map(|plan| (plan.name.as_str(), plan.name_ar.as_str()))
        .collect();
    assert_eq!(names, [("Year", "سنة"), ("Month", "شهر")]);
    assert!(plans[0].id < plans[1].id);
}
