//! Several who ask for codes of the same person, from where they are.

use super::person::{Person, refusal, wrong};
use tawzi_app::CodeRefusal;

#[tokio::test]
async fn a_stranger_who_asks_as_well_spoils_nobodys_code() {
    let person = Person::new().await;
    let (code, asked) = person.code_at(77).await;
    let code = code.unwrap();

    for _ in 0..3 {
        let (strangers, _) = person.code_at(66).await;
        for step in 1..=6 {
            let answer = person.show_at(66, &wrong(&code, step), None).await;
            assert_eq!(refusal(answer), CodeRefusal::WrongCode);
        }
        let theirs = strangers.unwrap();
        if theirs != code {
            // Nor does it help them that the other one is right.
            let answer = person.show_at(66, &code, None).await;
            assert_eq!(refusal(answer), CodeRefusal::WrongCode);
        }
    }

    // The web client sends the token along; its address may be another one by now.
    let by_token = person.show_at(88, &code, Some(&asked.token)).await;
    assert!(by_token.is_ok(), "{by_token:?}");
}

#[tokio::test]
async fn a_code_is_good_for_whoever_has_asked_for_it() {
    let person = Person::new().await;
    let (code, _) = person.code_at(77).await;
    let code = code.unwrap();

    let elsewhere = person.show_at(66, &code, None).await;
    let here = person.show_at(77, &code, None).await;

    assert_eq!(refusal(elsewhere), CodeRefusal::WrongCode);
    assert!(here.is_ok(), "{here:?}");
}

#[tokio::test]
async fn two_codes_of_a_person_are_good_beside_each_other() {
    let person = Person::new().await;
    let (desk, _) = person.code_at(1).await;
    let (phone, _) = person.code_at(2).await;

    assert!(person.show_at(1, &desk.unwrap(), None).await.is_ok());
    assert!(person.show_at(2, &phone.unwrap(), None).await.is_ok());
}

#[tokio::test]
async fn few_codes_are_mailed_to_a_person_however_many_ask_and_the_last_one_serves_all() {
    let person = Person::new().await;
    let begin = person.now();
    let mut last = None;
    for address in 1..=60 {
        person
            .world
            .clock
            .move_to(begin.plus_seconds(address.into()));
        let (code, asked) = person.code_at(address).await;
        assert_eq!(code.is_some(), address <= 6, "{address}");
        assert!(asked.sent);
        last = code.or(last);
    }
    let last = last.unwrap();

    // The person asks after all of them, gets no mail, and has that code.
    let (nothing, asked) = person.code_at(77).await;
    assert_eq!(nothing, None);
    let guessed = person.show_at(60, &wrong(&last, 1), None).await;
    assert_eq!(refusal(guessed), CodeRefusal::WrongCode);
    assert!(person.show_at(77, &last, Some(&asked.token)).await.is_ok());

    let again = person.show_at(60, &last, None).await;
    assert_eq!(
        refusal(again),
        CodeRefusal::WrongCode,
        "a code signs in once"
    );
}

#[tokio::test]
async fn whoever_asks_when_the_last_code_is_about_to_expire_gets_a_new_one() {
    let person = Person::new().await;
    let begin = person.now();
    for address in 1..=6 {
        person.code_at(address).await;
    }

    person.world.clock.move_to(begin.plus_seconds(480));
    let (shared, _) = person.code_at(7).await;
    person.world.clock.move_to(begin.plus_seconds(481));
    let (new, _) = person.code_at(8).await;
    let (shared_again, _) = person.code_at(9).await;
    person.world.clock.move_to(begin.plus_seconds(1200));
    let (later, _) = person.code_at(7).await;

    assert_eq!((shared, shared_again), (None, None));
    assert!(new.is_some() && later.is_some());
}
