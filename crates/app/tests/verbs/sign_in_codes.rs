//! Signing in with a code: who gets one, and what it is good for.

mod askers;
mod mails;
pub(crate) mod person;

use crate::sign_in::DJANGO;
use person::{Person, refusal, wrong};
use tawzi_app::{
    Asker, CodeRefusal, CodeSignIn, Language, authenticate, find_account, sign_in_with_code,
};

#[tokio::test]
async fn the_code_and_the_password_sign_in_once() {
    let person = Person::new().await;
    let (code, asked, _) = person.code(Language::English).await;

    let signed_in = person.show(Some(&code), Some(&asked.token)).await.unwrap();
    let again = person.show(Some(&code), None).await;

    assert!(asked.sent);
    assert_eq!(asked.token.len(), 32);
    assert!(code.len() == 6 && code.bytes().all(|b| b.is_ascii_digit()));
    let app = &person.world.app;
    let actor = authenticate(app, &signed_in.access).await;
    assert_eq!(actor.unwrap().id(), Some(person.actor.id()));
    assert_eq!(refusal(again), CodeRefusal::WrongCode);
    let user = app.db().read().await.unwrap().user(person.actor.id()).await;
    let user = user.unwrap().unwrap();
    assert!(user.password_hash.starts_with("$argon2id$"));
    assert_eq!(user.last_login, None, "as at the reference");
}

#[tokio::test]
async fn a_token_alone_or_nothing_signs_nobody_in() {
    let person = Person::new().await;
    let (_, asked, _) = person.code(Language::English).await;

    let token_alone = person.show(None, Some(&asked.token)).await;
    let nothing = person.show(None, None).await;

    assert_eq!(refusal(token_alone), CodeRefusal::TokenAlone);
    assert_eq!(refusal(nothing), CodeRefusal::NothingSent);
}

#[tokio::test]
async fn a_token_that_is_sent_must_belong_to_the_code() {
    let person = Person::new().await;
    let (_, earlier, _) = person.code(Language::English).await;
    let (code, asked, _) = person.code(Language::English).await;

    for token in [&earlier.token, "x", &asked.token.to_uppercase()] {
        let answer = person.show(Some(&code), Some(token)).await;
        assert_eq!(refusal(answer), CodeRefusal::WrongCode);
    }

    assert!(person.show(Some(&code), Some(&asked.token)).await.is_ok());
}

#[tokio::test]
async fn the_right_code_is_of_no_use_with_a_wrong_password() {
    let person = Person::new().await;
    let (code, _, _) = person.code(Language::English).await;

    for _ in 0..10 {
        let answer = person.show_with("nope", Some(&code), None).await;
        assert_eq!(refusal(answer), CodeRefusal::WrongPassword);
    }

    assert!(person.show(Some(&code), None).await.is_ok());
}

#[tokio::test]
async fn after_five_wrong_codes_the_right_one_is_refused() {
    for (guesses, works) in [(4, true), (5, false)] {
        let person = Person::new().await;
        let (code, _, _) = person.code(Language::English).await;

        for step in 1..=guesses {
            // The web client repeats a request that failed: that is not another guess.
            for _ in 0..2 {
                let answer = person.show(Some(&wrong(&code, step)), None).await;
                assert_eq!(refusal(answer), CodeRefusal::WrongCode);
            }
        }

        let answer = person.show(Some(&code), None).await;
        assert_eq!(answer.is_ok(), works, "{guesses}");
        let (next, _, _) = person.code(Language::English).await;
        assert!(person.show(Some(&next), None).await.is_ok());
    }
}

#[tokio::test]
async fn a_code_lasts_ten_minutes() {
    let person = Person::new().await;
    let (code, _, _) = person.code(Language::English).await;
    let begin = person.now();

    person.world.clock.move_to(begin.plus_seconds(600));
    let late = person.show(Some(&code), None).await;
    let wrong = person.show(Some(&wrong(&code, 1)), None).await;
    person.world.clock.move_to(begin.plus_seconds(599));
    let in_time = person.show(Some(&code), None).await;

    assert_eq!(refusal(late), CodeRefusal::Expired);
    assert_eq!(refusal(wrong), CodeRefusal::WrongCode);
    assert!(in_time.is_ok());
}

#[tokio::test]
async fn a_new_code_replaces_the_one_before() {
    let person = Person::new().await;
    let (first, _, _) = person.code(Language::English).await;
    let (second, _, _) = person.code(Language::English).await;

    // Of a million, two may be alike.
    if first != second {
        let answer = person.show(Some(&first), None).await;
        assert_eq!(refusal(answer), CodeRefusal::WrongCode);
    }
    assert!(person.show(Some(&second), None).await.is_ok());
}

#[tokio::test]
async fn a_code_of_a_server_whose_clock_was_days_ahead_is_not_good_for_days() {
    let person = Person::new().await;
    let begin = person.now();
    person.world.clock.move_to(begin.plus_seconds(3 * 86_400));
    let (code, asked) = person.code_at(77).await;

    person.world.clock.move_to(begin);
    let shown = person.show_at(77, &code.unwrap(), Some(&asked.token)).await;
    let (next, _) = person.code_at(77).await;

    assert_eq!(refusal(shown), CodeRefusal::Expired);
    assert!(person.show_at(77, &next.unwrap(), None).await.is_ok());
}

#[tokio::test]
async fn of_many_who_show_the_code_at_once_one_is_signed_in() {
    let person = Person::new().await;
    let (code, _, _) = person.code(Language::English).await;
    let show = || person.show(Some(&code), None);

    let (a, b, c, d) = tokio::join!(show(), show(), show(), show());

    let signed_in = [a, b, c, d].into_iter().flatten();
    assert_eq!(signed_in.count(), 1);
}

#[tokio::test]
async fn nobody_else_has_use_for_a_code() {
    let person = Person::new().await;
    let (code, asked, _) = person.code(Language::English).await;
    let other = person.world.hire(person.world.company, "employee").await;
    let mut tx = person.world.app.db().begin().await.unwrap();
    tx.save_password(other.id(), DJANGO).await.unwrap();
    tx.commit().await.unwrap();

    let shown = CodeSignIn {
        password: "Passw0rd!x",
        code: Some(&code),
        token: Some(&asked.token),
    };
    let app = &person.world.app;
    let account = find_account(app, &other.user().username).await;
    let answer = sign_in_with_code(app, Asker::Line(None), account.unwrap(), shown).await;

    assert_eq!(refusal(answer), CodeRefusal::WrongCode);
}

#[tokio::test]
async fn only_somebody_who_may_sign_in_gets_a_code() {
    let person = Person::new().await;
    let unknown = person.ask("nobody", Language::English).await;
    let upper = person.actor.user().username.to_uppercase();
    let in_any_case = person.ask(&upper, Language::English).await;
    person.world.set_active(&person.actor, false).await;
    let inactive = person.ask(&upper, Language::English).await;

    assert_eq!(refusal(unknown), CodeRefusal::NoUser);
    assert!(in_any_case.is_ok());
    assert_eq!(refusal(inactive), CodeRefusal::Inactive);
}

#[tokio::test]
async fn whoever_was_made_inactive_meanwhile_is_not_signed_in() {
    let person = Person::new().await;
    let (code, _, _) = person.code(Language::English).await;

    person.world.set_active(&person.actor, false).await;
    let answer = person.show(Some(&code), None).await;

    assert_eq!(refusal(answer), CodeRefusal::WrongPassword);
}

#[tokio::test]
async fn nothing_that_is_kept_says_the_code() {
    let person = Person::new().await;
    let (code, asked, _) = person.code(Language::English).await;

    let mut reader = person.world.app.db().read().await.unwrap();
    let kept = reader.newest_code_request(person.actor.id()).await.unwrap();

    let kept = format!("{kept:?}");
    assert!(
        kept.contains("code_hash") && !kept.contains(&code) && !kept.contains(&asked.token),
        "{kept}"
    );
}
