//! A forgotten password is set anew.

use super::person::{Person, bad, by_code, by_token};
use crate::sign_in_codes::person::wrong;
use tawzi_app::{Asker, BadMailCode, Error, Problem, find_account, set_password, sign_in};
use tawzi_core::text::NewPassword;

#[tokio::test]
async fn a_forgotten_password_is_set_once_with_a_code_from_the_mail() {
    let person = Person::new().await;
    let version = person.row().await.token_version;
    let email = person.row().await.email;
    person.forgotten(&email.to_uppercase()).await;
    let mail = person.reset_mail().await;

    let guess = wrong(&mail.code, 1);
    let guessed = person.reset(&guess, "a long pass phrase").await;
    person.after_minutes(59);
    let name = &person.actor.user().username;
    let own = person.reset(&mail.code, name).await;
    let set = person.reset(&mail.code, "a long pass phrase").await;
    let again = person.reset(&mail.code, "another pass phrase").await;

    assert_eq!(bad(guessed), BadMailCode::Wrong);
    let named = [Problem::OwnName.of("new_password")];
    assert!(
        matches!(&own, Err(Error::Invalid(problems)) if *problems == named),
        "{own:?}"
    );
    set.unwrap();
    assert_eq!(bad(again), BadMailCode::Wrong);
    let app = &person.world.app;
    let login = async |password: &str| {
        let account = find_account(app, name).await.unwrap();
        sign_in(app, Asker::Line(None), account, password).await
    };
    assert!(login("a long pass phrase").await.is_ok());
    assert!(login("another pass phrase").await.is_err());
    let row = person.row().await;
    assert!(row.email_verified, "the code came through it");
    assert!(row.token_version > version, "tokens are taken back");
    assert_eq!(row.surviving_session, None);
}

#[tokio::test]
async fn a_code_for_a_password_is_good_for_an_hour_and_asking_again_makes_none_useless() {
    let person = Person::new().await;
    let email = person.row().await.email;
    person.forgotten(&email).await;
    let first = person.reset_mail().await;
    person.forgotten(&email).await;
    let second = person.reset_mail().await;
    assert_eq!((&first.code, &first.token), (&second.code, &second.token));

    person.after_minutes(60);
    let late = person.reset(&first.code, "a long pass phrase").await;

    assert_eq!(bad(late), BadMailCode::Expired);
}

#[tokio::test]
async fn a_stranger_makes_no_code_useless_that_is_on_its_way() {
    let person = Person::new().await;
    let email = person.row().await.email;
    person.forgotten_at(1, &email).await;
    let own = person.reset_mail().await;

    person.forgotten_at(7, &email).await;
    let other = person.reset_mail().await;
    for address in [7, 8] {
        for step in 1..=6 {
            let code = wrong(&own.code, step);
            let shown = by_code(address, &code);
            let answer = person.reset_with(shown, "a long pass phrase").await;
            assert_eq!(bad(answer), BadMailCode::Wrong);
        }
    }
    // Guessed at too often where it was asked for, it is of no use there; but it is nowhere else, either.
    for address in [1, 7, 8] {
        let shown = by_code(address, &other.code);
        let answer = person.reset_with(shown, "a long pass phrase").await;
        assert_eq!(bad(answer), BadMailCode::Wrong);
    }

    let shown = by_code(1, &own.code);
    person
        .reset_with(shown, "a long pass phrase")
        .await
        .unwrap();
    let other = person.reset_with(by_token(7, &other.token), "another pass phrase");
    assert_eq!(bad(other.await), BadMailCode::Wrong, "all are used up");
}

#[tokio::test]
async fn strangers_have_few_mails_sent_and_lock_nobody_out() {
    let person = Person::new().await;
    let email = person.row().await.email;
    for address in 10..60 {
        person.forgotten_at(address, &email).await;
    }
    person.forgotten_at(1, &email).await;

    let mails = person.carried_out().await;

    assert_eq!(mails.len(), 6);
    let last = mails.last().unwrap();
    let token = by_token(1, &last.token);
    person.after_minutes(55);
    person.forgotten_at(60, &email).await;
    let more = person.carried_out().await;
    let [next] = more.as_slice() else {
        panic!("one when the last is about to expire: {more:?}");
    };
    assert_eq!(next.code, "", "nobody gets more codes to guess");
    person
        .reset_with(token, "a long pass phrase")
        .await
        .unwrap();
}

#[tokio::test]
async fn of_many_who_show_a_code_at_once_one_sets_a_password() {
    let person = Person::new().await;
    person.forgotten(&person.row().await.email).await;
    let mail = person.reset_mail().await;
    let reset = || person.reset(&mail.code, "a long pass phrase");

    let (a, b, c, d) = tokio::join!(reset(), reset(), reset(), reset());

    assert_eq!([a, b, c, d].into_iter().flatten().count(), 1);
}

#[tokio::test]
async fn a_code_is_good_for_nothing_once_the_password_or_the_address_is_another_one() {
    let person = Person::new().await;
    let app = &person.world.app;
    let old = person.row().await.email;
    person.forgotten(&old).await;
    let before_address = person.reset_mail().await;
    person.wants("new@home.example").await.unwrap();
    let confirm = person.mail().await.unwrap();
    person
        .confirm("new@home.example", &confirm.code)
        .await
        .unwrap();
    let by_old = person.reset(&before_address.code, "a long pass phrase");
    assert_eq!(bad(by_old.await), BadMailCode::Wrong);

    person.forgotten("NEW@home.example").await;
    let before_password = person.reset_mail().await;
    let new = NewPassword::parse("my own pass phrase").unwrap();
    set_password(app, "new@home.example", &new).await.unwrap();
    let late = person.reset(&before_password.code, "a long pass phrase");

    assert_eq!(bad(late.await), BadMailCode::Wrong);
}

#[tokio::test]
async fn nobody_and_whoever_is_inactive_get_no_mail() {
    let person = Person::new().await;
    let email = person.row().await.email;
    person.forgotten(&email).await;
    let mail = person.reset_mail().await;
    person.world.set_active(&person.actor, false).await;

    person.forgotten("nobody@home.example").await;
    person.forgotten(&email).await;

    assert!(person.carried_out().await.is_empty());
    let answer = person.reset(&mail.code, "a long pass phrase").await;
    assert_eq!(bad(answer), BadMailCode::Wrong);
}
