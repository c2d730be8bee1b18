//! The security log.

use crate::database::TestDb;
use crate::given::{self, NOW};
use tawzi_core::audit::{AuditEvent, SignInRefusal};
use tawzi_core::id::{ApiKeyId, CompanyId, UserId};
use tawzi_core::time::Timestamp;
use tawzi_store::{
    AuditBounds, AuditEntry, AuditFilter, Author, Counting, NewAuditEntry, RowCount,
};

on_both_engines! {
    a_line_is_read_as_it_was_written,
    what_is_counted_as_the_same_is_one_line_of_the_persons_company,
    lines_are_found_by_company_kind_person_and_time,
    what_is_too_old_is_deleted_in_steps,
    of_what_strangers_did_the_newest_are_kept,
}

const UNBOUNDED: AuditBounds = AuditBounds {
    since: Timestamp::from_microseconds(0),
    counted_of_company: i64::MAX,
    counted: i64::MAX,
};

fn entry(company: i64, event: AuditEvent) -> NewAuditEntry {
    NewAuditEntry {
        company: (company > 0).then(|| CompanyId::new(company)),
        record: event.record(),
        by: Author::Nobody,
        address: None,
        counted_as: None,
        at: NOW,
    }
}

fn refused(person: Option<UserId>, address: &str, times: i64) -> NewAuditEntry {
    let event = AuditEvent::SignInRefused(SignInRefusal::WrongPassword, person);
    let mut entry = entry(0, event);
    entry.record.amount = Some(times);
    entry.address = Some(address.to_owned());
    entry.counted_as = Some(format!("{person:?} {address}"));
    entry
}

async fn record(store: &TestDb, entries: &[NewAuditEntry]) {
    let mut tx = store.begin().await.unwrap();
    tx.record_audit(entries).await.unwrap();
    tx.commit().await.unwrap();
}

async fn find(store: &TestDb, filter: &AuditFilter) -> Vec<AuditEntry> {
    let mut reader = store.read().await.unwrap();
    let found = reader.audit_entries(filter, 0, 1_000).await.unwrap();
    let count = reader
        .count_audit_entries(filter, Counting::AsEver)
        .await
        .unwrap();
    let expected = i64::try_from(found.len()).unwrap();
    assert_eq!(count, RowCount::Exactly(expected));
    found
}

/// The companies of the lines that are left, the oldest first.
async fn left(store: &TestDb) -> Vec<i64> {
    let entries = find(store, &AuditFilter::default()).await.into_iter().rev();
    let company = |entry: AuditEntry| entry.company_id.map_or(0, CompanyId::get);
    entries.map(company).collect()
}

async fn prune(store: &TestDb, bounds: AuditBounds, step: i64) -> u64 {
    let mut tx = store.begin().await.unwrap();
    let deleted = tx.prune_audit(&bounds, step).await.unwrap();
    tx.commit().await.unwrap();
    deleted
}

async fn a_line_is_read_as_it_was_written(store: &TestDb) {
    let by_key = NewAuditEntry {
        by: Author::ApiKey(ApiKeyId::new(5)),
        address: Some("2001:db8::1".to_owned()),
        ..entry(0, AuditEvent::ClientsImported(12))
    };
    let by_person = NewAuditEntry {
        by: Author::User(UserId::new(3)),
        ..entry(
            1,
            AuditEvent::RoleChanged(UserId::new(4), "admin".to_owned()),
        )
    };

    record(store, &[by_key, by_person]).await;

    let found = find(store, &AuditFilter::default()).await;
    let [person, key] = found.as_slice() else {
        panic!("{found:?}");
    };
    assert_eq!(person.company_id, Some(CompanyId::new(1)));
    assert_eq!(
        (person.kind.as_str(), person.user_id, person.subject_id),
        ("role_changed", Some(UserId::new(4)), None)
    );
    assert_eq!(
        (person.detail.as_deref(), person.amount),
        (Some("admin"), None)
    );
    assert_eq!(
        (person.actor_id, person.actor_key_id),
        (Some(UserId::new(3)), None)
    );
    assert_eq!((person.address.as_deref(), person.created_at), (None, NOW));
    assert_eq!(
        (key.company_id, key.kind.as_str()),
        (None, "clients_imported")
    );
    assert_eq!((key.detail.as_deref(), key.amount), (None, Some(12)));
    assert_eq!(
        (key.actor_id, key.actor_key_id),
        (None, Some(ApiKeyId::new(5)))
    );
    assert_eq!(key.address.as_deref(), Some("2001:db8::1"));
    assert!(key.id < person.id);
}

async fn what_is_counted_as_the_same_is_one_line_of_the_persons_company(store: &TestDb) {
    let north = given::company(store, "north").await;
    let person = Some(given::employee(store, north, "emp").await);
    record(store, &[refused(person, "a", 2), refused(person, "b", 1)]).await;
    record(store, &[refused(person, "a", 3), refused(None, "a", 1)]).await;

    let found = find(store, &AuditFilter::default()).await;
    let counted: Vec<_> = found
        .iter()
        .map(|e| (e.company_id, e.address.as_deref(), e.amount))
        .collect();
    assert_eq!(
        counted,
        [
            (None, Some("a"), Some(1)),
            (Some(north), Some("b"), Some(1)),
            (Some(north), Some("a"), Some(5)),
        ]
    );
    assert_eq!(found[1].detail.as_deref(), Some("wrong_password"));
}

async fn lines_are_found_by_company_kind_person_and_time(store: &TestDb) {
    let (actor, user) = (Some(UserId::new(3)), Some(UserId::new(4)));
    let of = |company, seconds| NewAuditEntry {
        by: Author::User(UserId::new(3)),
        at: NOW.plus_seconds(seconds),
        ..entry(company, AuditEvent::PasswordChanged(UserId::new(4)))
    };
    let others = entry(1, AuditEvent::ApiKeyRevoked(ApiKeyId::new(4)));
    record(store, &[of(0, 0), of(1, 1), of(2, 2), others]).await;
    let found = async |filter: AuditFilter| {
        let found = find(store, &filter).await.into_iter();
        let told = |e: AuditEntry| (e.company_id.map_or(0, CompanyId::get), e.kind);
        found.map(told).collect::<Vec<_>>()
    };
    let password = |company| (company, "password_changed".to_owned());
    let revoked = (1, "api_key_revoked".to_owned());
    let everything = AuditFilter::default;

    let company = Some(CompanyId::new(1));
    let own = AuditFilter {
        company,
        ..everything()
    };
    assert_eq!(found(own).await, [revoked.clone(), password(1)]);
    let by_person = AuditFilter {
        actor,
        ..everything()
    };
    assert_eq!(
        found(by_person).await,
        [password(2), password(1), password(0)]
    );
    let about_person = AuditFilter {
        user,
        since: Some(NOW.plus_seconds(1)),
        before: Some(NOW.plus_seconds(2)),
        ..everything()
    };
    assert_eq!(found(about_person).await, [password(1)]);
    let kinds = vec!["api_key_revoked".to_owned(), "sweep_run".to_owned()];
    let of_kinds = AuditFilter {
        kinds,
        ..everything()
    };
    assert_eq!(found(of_kinds).await, [revoked]);
}

async fn what_is_too_old_is_deleted_in_steps(store: &TestDb) {
    let old = |company| NewAuditEntry {
        at: NOW.plus_seconds(-1),
        ..entry(company, AuditEvent::UserDeleted(UserId::new(1)))
    };
    let new = entry(4, AuditEvent::UserDeleted(UserId::new(1)));
    record(store, &[old(1), old(2), old(3), new]).await;
    let bounds = AuditBounds {
        since: NOW,
        ..UNBOUNDED
    };

    assert_eq!(prune(store, bounds, 2).await, 2);
    assert_eq!(prune(store, bounds, 2).await, 1);
    assert_eq!(prune(store, bounds, 2).await, 0);
    assert_eq!(left(store).await, [4]);
}

async fn of_what_strangers_did_the_newest_are_kept(store: &TestDb) {
    let north = given::company(store, "north").await;
    let south = given::company(store, "south").await;
    let emp = Some(given::employee(store, north, "emp").await);
    let other_emp = Some(given::employee(store, south, "other").await);
    let (north, south) = (north.get(), south.get());
    let other = entry(north, AuditEvent::UserDeleted(UserId::new(99)));
    let refusals = ["a", "b", "c", "d"].map(|address| refused(emp, address, 1));
    record(store, &[other]).await;
    record(store, &refusals).await;
    record(store, &[refused(None, "a", 1), refused(other_emp, "a", 1)]).await;
    let of_company = AuditBounds {
        counted_of_company: 2,
        ..UNBOUNDED
    };
    let altogether = AuditBounds {
        counted: 1,
        ..UNBOUNDED
    };

    assert_eq!(prune(store, of_company, 1_000).await, 2);
    assert_eq!(prune(store, of_company, 1_000).await, 0);
    assert_eq!(left(store).await, [north, north, north, 0, south]);
    assert_eq!(prune(store, altogether, 1_000).await, 3);
    assert_eq!(left(store).await, [north, south], "what others did stays");
}
