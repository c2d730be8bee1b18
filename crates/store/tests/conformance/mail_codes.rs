//! Codes from mails: one for each person, purpose and place where somebody asked.

use crate::database::TestDb;
use crate::given::{self, NOW};
use tawzi_core::id::UserId;
use tawzi_core::time::Timestamp;
use tawzi_store::{Error, MailCode, MailPurpose, User};

on_both_engines! {
    a_code_is_read_as_it_was_kept,
    a_code_takes_the_place_of_the_one_asked_for_there_and_of_no_other,
    wrong_codes_are_counted_where_they_are_shown,
    codes_end_for_one_purpose_or_but_for_one_address,
    who_was_mailed_to_an_address_is_found_however_it_is_written,
    codes_that_were_mailed_long_ago_or_never_will_be_are_deleted,
    a_confirmed_address_is_verified_until_another_one_is_set,
    of_two_who_confirm_an_address_one_has_it,
    a_code_needs_a_person_and_goes_with_them,
}

use MailPurpose::{Email, Password};

const EXPIRY: Timestamp = NOW.plus_seconds(3600);

fn code(user: UserId, asked_from: &str) -> MailCode {
    MailCode {
        user_id: user,
        asked_from: asked_from.to_owned(),
        email: "Amal@Home.example".to_owned(),
        nonce: format!("nonce of {asked_from}"),
        wrong_attempts: 1,
        last_wrong_hash: Some("hash".to_owned()),
        mails: 2,
        mailed_at: NOW,
        expires_at: EXPIRY,
    }
}

async fn save(store: &TestDb, code: &MailCode, purpose: MailPurpose) {
    let mut tx = store.begin().await.unwrap();
    tx.save_mail_code(code, purpose).await.unwrap();
    tx.commit().await.unwrap();
}

async fn kept(store: &TestDb, user: UserId, purpose: MailPurpose) -> Vec<MailCode> {
    let mut reader = store.read().await.unwrap();
    reader.mail_codes(user, purpose).await.unwrap()
}

/// The nonces of the codes that are kept, by place.
async fn nonces(store: &TestDb, user: UserId, purpose: MailPurpose) -> Vec<(String, String)> {
    let kept = kept(store, user, purpose).await.into_iter();
    kept.map(|code| (code.asked_from, code.nonce)).collect()
}

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    let pairs = pairs.iter();
    pairs
        .map(|(a, b)| ((*a).to_owned(), (*b).to_owned()))
        .collect()
}

async fn two_people(store: &TestDb) -> (UserId, UserId) {
    let north = given::company(store, "north").await;
    let amal = given::employee(store, north, "amal").await;
    (amal, given::employee(store, north, "badr").await)
}

async fn row(store: &TestDb, user: UserId) -> User {
    let mut reader = store.read().await.unwrap();
    reader.user(user).await.unwrap().unwrap()
}

async fn a_code_is_read_as_it_was_kept(store: &TestDb) {
    let (amal, badr) = two_people(store).await;

    save(store, &code(amal, "desk"), Email).await;

    let found = kept(store, amal, Email).await;
    assert_eq!(found.len(), 1);
    let found = &found[0];
    assert_eq!((found.user_id, &*found.asked_from), (amal, "desk"));
    assert_eq!(
        (&*found.email, &*found.nonce),
        ("Amal@Home.example", "nonce of desk")
    );
    assert_eq!((found.wrong_attempts, found.mails), (1, 2));
    assert_eq!(found.last_wrong_hash.as_deref(), Some("hash"));
    assert_eq!((found.mailed_at, found.expires_at), (NOW, EXPIRY));
    assert!(kept(store, amal, Password).await.is_empty());
    assert!(kept(store, badr, Email).await.is_empty());
}

async fn a_code_takes_the_place_of_the_one_asked_for_there_and_of_no_other(store: &TestDb) {
    let (amal, _) = two_people(store).await;
    for asked_from in ["desk", "phone"] {
        save(store, &code(amal, asked_from), Email).await;
    }

    let next = MailCode {
        nonce: "next".to_owned(),
        wrong_attempts: 0,
        last_wrong_hash: None,
        mailed_at: NOW.plus_seconds(1),
        ..code(amal, "phone")
    };
    save(store, &next, Email).await;

    let found = nonces(store, amal, Email).await;
    assert_eq!(
        found,
        pairs(&[("phone", "next"), ("desk", "nonce of desk")])
    );
    let newest = &kept(store, amal, Email).await[0];
    assert_eq!((newest.wrong_attempts, &newest.last_wrong_hash), (0, &None));
}

async fn wrong_codes_are_counted_where_they_are_shown(store: &TestDb) {
    let (amal, badr) = two_people(store).await;
    for (user, asked_from, purpose) in [
        (amal, "desk", Email),
        (amal, "desk", Password),
        (amal, "phone", Email),
        (badr, "desk", Email),
    ] {
        save(store, &code(user, asked_from), purpose).await;
    }

    let mut tx = store.begin().await.unwrap();
    tx.count_wrong_mail_code(amal, Email, "desk", "other")
        .await
        .unwrap();
    tx.commit().await.unwrap();

    let counted = |codes: Vec<MailCode>| -> Vec<_> {
        let codes = codes.into_iter();
        codes
            .map(|code| {
                (
                    code.asked_from,
                    code.wrong_attempts,
                    code.last_wrong_hash.unwrap(),
                )
            })
            .collect()
    };
    let entry = |at: &str, number: i64, hash: &str| (at.to_owned(), number, hash.to_owned());
    let own = counted(kept(store, amal, Email).await);
    assert_eq!(own, [entry("desk", 2, "other"), entry("phone", 1, "hash")]);
    let same_place = [entry("desk", 1, "hash")];
    assert_eq!(counted(kept(store, amal, Password).await), same_place);
    assert_eq!(counted(kept(store, badr, Email).await), same_place);
}

async fn codes_end_for_one_purpose_or_but_for_one_address(store: &TestDb) {
    let (amal, badr) = two_people(store).await;
    let elsewhere = MailCode {
        email: "other@home.example".to_owned(),
        ..code(amal, "phone")
    };
    save(store, &code(amal, "desk"), Email).await;
    save(store, &elsewhere, Email).await;
    save(store, &code(amal, "desk"), Password).await;
    save(store, &code(badr, "desk"), Email).await;

    let mut tx = store.begin().await.unwrap();
    let email = "AMAL@home.example";
    tx.end_mail_codes_unless_to(amal, Email, email)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let but_for_one = nonces(store, amal, Email).await;
    let mut tx = store.begin().await.unwrap();
    tx.end_mail_codes(amal, Email).await.unwrap();
    tx.commit().await.unwrap();

    assert_eq!(
        but_for_one,
        pairs(&[("desk", "nonce of desk"), ("phone", "")])
    );
    let all = nonces(store, amal, Email).await;
    assert_eq!(all, pairs(&[("desk", ""), ("phone", "")]));
    let desk = pairs(&[("desk", "nonce of desk")]);
    assert_eq!(nonces(store, amal, Password).await, desk);
    assert_eq!(nonces(store, badr, Email).await, desk);
}

async fn who_was_mailed_to_an_address_is_found_however_it_is_written(store: &TestDb) {
    let (amal, badr) = two_people(store).await;
    for asked_from in ["desk", "phone"] {
        save(store, &code(amal, asked_from), Email).await;
    }
    save(store, &code(badr, "desk"), Email).await;
    save(store, &code(badr, "desk"), Password).await;

    let mut reader = store.read().await.unwrap();
    let email = reader.mailed_to("AMAL@home.EXAMPLE", Email).await.unwrap();
    let password = reader.mailed_to("amal@home.example", Password).await;
    let other = reader.mailed_to("badr@home.example", Email).await.unwrap();

    assert_eq!(email, [amal, badr]);
    assert_eq!(password.unwrap(), [badr]);
    assert!(other.is_empty());
}

async fn codes_that_were_mailed_long_ago_or_never_will_be_are_deleted(store: &TestDb) {
    let (amal, _) = two_people(store).await;
    for (asked_from, seconds) in [("old", -10), ("then", -9), ("soon", 10), ("ahead", 11)] {
        let code = MailCode {
            mailed_at: NOW.plus_seconds(seconds),
            ..code(amal, asked_from)
        };
        save(store, &code, Email).await;
        save(store, &code, Password).await;
    }

    let mut tx = store.begin().await.unwrap();
    let (after, until) = (NOW.plus_seconds(-10), NOW.plus_seconds(10));
    tx.delete_mail_codes_unless_within(amal, Email, after, until)
        .await
        .unwrap();
    tx.commit().await.unwrap();

    let left = kept(store, amal, Email).await;
    let left: Vec<_> = left.iter().map(|code| &*code.asked_from).collect();
    assert_eq!(left, ["soon", "then"]);
    assert_eq!(kept(store, amal, Password).await.len(), 4);
}

async fn a_confirmed_address_is_verified_until_another_one_is_set(store: &TestDb) {
    let (amal, _) = two_people(store).await;
    let mut tx = store.begin().await.unwrap();
    let confirmed = tx.save_confirmed_email(amal, "New@Home.example").await;
    confirmed.unwrap();
    tx.commit().await.unwrap();
    let confirmed = row(store, amal).await;

    let mut seen = Vec::new();
    for email in ["new@HOME.example", "given@home.example", "new@home.example"] {
        let mut tx = store.begin().await.unwrap();
        let user = User {
            email: email.to_owned(),
            ..row(store, amal).await
        };
        tx.save_user(&user).await.unwrap();
        tx.commit().await.unwrap();
        seen.push(row(store, amal).await.email_verified);
    }

    assert_eq!(
        (&*confirmed.email, confirmed.email_verified),
        ("New@Home.example", true)
    );
    assert_eq!(seen, [true, false, false]);
}

async fn of_two_who_confirm_an_address_one_has_it(store: &TestDb) {
    let (amal, badr) = two_people(store).await;
    let mut tx = store.begin().await.unwrap();
    tx.save_confirmed_email(amal, "wanted@home.example")
        .await
        .unwrap();
    tx.commit().await.unwrap();

    let mut tx = store.begin().await.unwrap();
    let late = tx.save_confirmed_email(badr, "WANTED@home.example").await;

    assert!(matches!(late, Err(Error::Conflict(_))), "{late:?}");
}

async fn a_code_needs_a_person_and_goes_with_them(store: &TestDb) {
    let (amal, _) = two_people(store).await;
    let company = row(store, amal).await.company_id.unwrap();
    save(store, &code(amal, "desk"), Email).await;

    let mut tx = store.begin().await.unwrap();
    tx.tenant_tx(company).delete_user(amal).await.unwrap();
    tx.commit().await.unwrap();
    assert!(kept(store, amal, Email).await.is_empty());

    let mut tx = store.begin().await.unwrap();
    let of_nobody = tx.save_mail_code(&code(amal, "desk"), Email).await;
    assert!(of_nobody.is_err());
}
