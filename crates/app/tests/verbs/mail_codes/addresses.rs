//! A new address counts once it is confirmed.

use super::person::{Person, at, bad, by_code, by_code_of_nobody, by_token, new_email};
use crate::sign_in_codes::person::wrong;
use tawzi_app::{
    Asker, BadMailCode, Error, Language, MailWish, Problem, Refusal, VerificationMail,
    confirm_email, edit_user, resend_verification,
};

#[tokio::test]
async fn a_new_address_counts_once_it_is_confirmed() {
    let person = Person::new().await;
    let old = person.row().await.email;

    let pending = person.wants("New@Home.example").await.unwrap();
    let mail = person.mail().await.unwrap();

    assert_eq!(pending.as_deref(), Some("New@Home.example"));
    assert!(person.found(&old).await && !person.found("new@home.example").await);
    person
        .confirm("new@home.EXAMPLE", &mail.code)
        .await
        .unwrap();
    let row = person.row().await;
    assert_eq!(
        (row.email.as_str(), row.email_verified),
        ("New@Home.example", true)
    );
    assert!(!person.found(&old).await && person.found("new@home.example").await);
    let again = person.confirm("new@home.example", &mail.code).await;
    assert_eq!(bad(again), BadMailCode::Wrong, "it works once");
}

#[tokio::test]
async fn the_same_address_in_other_letters_needs_no_confirmation() {
    let person = Person::new().await;
    let email = person.row().await.email.to_uppercase();

    let (app, id) = (&person.world.app, person.actor.id());
    let edited = edit_user(app, &person.actor, id, new_email(&email)).await;

    let edited = edited.unwrap();
    assert_eq!((edited.user.email, edited.pending_email), (email, None));
    assert!(person.mail().await.is_none());
}

#[tokio::test]
async fn what_an_administrator_sets_counts_at_once_and_is_not_verified() {
    let person = Person::new().await;
    let (app, id) = (&person.world.app, person.actor.id());
    person.wants("own@home.example").await.unwrap();
    let own = person.mail().await.unwrap();
    person.confirm("own@home.example", &own.code).await.unwrap();
    person.wants("second@home.example").await.unwrap();
    let pending = person.mail().await.unwrap();
    person.forgotten("own@home.example").await;
    let reset = person.reset_mail().await;

    let owner = &person.world.admin;
    let edited = edit_user(app, owner, id, new_email("given@home.example")).await;

    let edited = edited.unwrap();
    assert_eq!(edited.user.email, "given@home.example");
    assert!(!edited.user.email_verified);
    assert_eq!(edited.pending_email, None);
    assert!(person.mail().await.is_none());
    // What was mailed before is good for nothing.
    let late = confirm_email(app, "second@home.example", by_token(1, &pending.token)).await;
    assert_eq!(bad(late), BadMailCode::Wrong);
    let late = person.reset(&reset.code, "a long pass phrase").await;
    assert_eq!(bad(late), BadMailCode::Wrong);
}

#[tokio::test]
async fn wrong_codes_confirm_nothing_and_after_five_only_the_long_one_does() {
    let person = Person::new().await;
    person.wants("new@home.example").await.unwrap();
    let mail = person.mail().await.unwrap();

    for step in [1, 1, 1, 2, 3, 4, 5] {
        let answer = person
            .confirm("new@home.example", &wrong(&mail.code, step))
            .await;
        assert_eq!(bad(answer), BadMailCode::Wrong, "{step}");
    }

    let short = person.confirm("new@home.example", &mail.code).await;
    assert_eq!(bad(short), BadMailCode::Wrong);
    let app = &person.world.app;
    confirm_email(app, "new@home.example", by_token(9, &mail.token))
        .await
        .unwrap();
    assert_eq!(person.row().await.email, "new@home.example");
}

#[tokio::test]
async fn a_stranger_who_guesses_uses_up_nobodys_attempts() {
    let person = Person::new().await;
    let app = &person.world.app;
    person.wants("new@home.example").await.unwrap();
    let mail = person.mail().await.unwrap();

    for step in 1..=20 {
        let code = wrong(&mail.code, step);
        let answer = confirm_email(app, "new@home.example", by_code(7, &code)).await;
        assert_eq!(bad(answer), BadMailCode::Wrong);
    }
    let elsewhere = confirm_email(app, "new@home.example", by_code(7, &mail.code)).await;

    assert_eq!(
        bad(elsewhere),
        BadMailCode::Wrong,
        "it was not asked for there"
    );
    person
        .confirm("new@home.example", &mail.code)
        .await
        .unwrap();
}

#[tokio::test]
async fn a_code_is_for_one_address() {
    let person = Person::new().await;
    let app = &person.world.app;
    person.wants("first@home.example").await.unwrap();
    let first = person.mail().await.unwrap();
    let id = person.actor.id();
    let mut change = new_email("second@home.example");
    change.mail.asker = at(2);
    edit_user(app, &person.actor, id, change).await.unwrap();
    let second = person.mail().await.unwrap();

    for email in ["first@home.example", "second@home.example"] {
        let answer = confirm_email(app, email, by_token(2, &first.token)).await;
        assert_eq!(bad(answer), BadMailCode::Wrong, "{email}");
    }
    confirm_email(app, "second@home.example", by_code(2, &second.code))
        .await
        .unwrap();

    assert_eq!(person.row().await.email, "second@home.example");
}

#[tokio::test]
async fn an_address_that_somebody_got_meanwhile_stays_theirs() {
    let person = Person::new().await;
    let other = &person.world.employees[1];
    person.wants("wanted@home.example").await.unwrap();
    let mail = person.mail().await.unwrap();
    let app = &person.world.app;
    let change = new_email("WANTED@home.example");
    edit_user(app, other, other.id(), change).await.unwrap();
    let theirs = person.mail().await.unwrap();

    person
        .confirm("wanted@home.example", &theirs.code)
        .await
        .unwrap();
    let late = person.confirm("wanted@home.example", &mail.code).await;

    let taken = [Problem::Taken.of("email")];
    assert!(
        matches!(&late, Err(Error::Invalid(problems)) if *problems == taken),
        "{late:?}"
    );
    let row = app.db().read().await.unwrap().user(other.id()).await;
    assert_eq!(row.unwrap().unwrap().email, "WANTED@home.example");
}

#[tokio::test]
async fn somebody_gets_six_mails_in_a_day() {
    let person = Person::new().await;
    for number in 0..6 {
        let email = format!("{number}@home.example");
        person.wants(&email).await.unwrap();
    }

    let enough = person.wants("7@home.example").await;
    person.after_minutes(24 * 60);
    let later = person.wants("7@home.example").await;

    let refused = [Problem::Refused(Refusal::TooManyMails).of("email")];
    assert!(
        matches!(&enough, Err(Error::Invalid(problems)) if *problems == refused),
        "{enough:?}"
    );
    assert_eq!(later.unwrap().as_deref(), Some("7@home.example"));
}

#[tokio::test]
async fn whoever_asks_again_gets_the_same_code_for_their_own_address_alone() {
    let person = Person::new().await;
    let (app, actor) = (&person.world.app, &person.actor);
    let own = person.row().await.email;
    let wish = MailWish {
        asker: Asker::Line(None),
        language: Language::English,
    };
    let resend = async |email: &str| resend_verification(app, actor, email, wish).await;

    let first = resend(&own.to_uppercase()).await.unwrap();
    let second = resend(&own).await.unwrap();
    let neighbour = resend(&person.world.employees[1].user().email).await;
    let nobody = resend("nobody@home.example").await;

    assert!(matches!(
        first,
        VerificationMail::Requested { sent: true, .. }
    ));
    assert_eq!(first, second);
    for refused in [neighbour, nobody] {
        assert!(
            matches!(refused, Err(Error::Refused(Refusal::NotOwnEmail))),
            "{refused:?}"
        );
    }
    let mails = [person.mail().await.unwrap(), person.mail().await.unwrap()];
    assert_eq!(mails[0].code, mails[1].code);
    assert!(!person.row().await.email_verified);
    person.confirm(&own, &mails[0].code).await.unwrap();
    assert!(person.row().await.email_verified);
    let verified = resend(&own).await.unwrap();
    assert_eq!(verified, VerificationMail::AlreadyVerified);
    person.wants("new@home.example").await.unwrap();
    let pending = person.mail().await.unwrap();
    resend(&own).await.unwrap();
    let again = person.mail().await.unwrap();
    assert_eq!(pending.code, again.code, "the new one is to be confirmed");
}

#[tokio::test]
async fn whoever_is_inactive_confirms_nothing() {
    let person = Person::new().await;
    person.wants("new@home.example").await.unwrap();
    let mail = person.mail().await.unwrap();
    let old = person.row().await.email;

    person.world.set_active(&person.actor, false).await;
    let app = &person.world.app;
    let shown = by_code_of_nobody(&mail.code);
    let answer = confirm_email(app, "new@home.example", shown).await;

    assert_eq!(bad(answer), BadMailCode::Wrong);
    assert_eq!(person.row().await.email, old);
}
