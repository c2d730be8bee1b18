//! The mail that a code comes in.

use super::person::Person;
use crate::mail_server::{MailServer, Manner};
use tawzi_app::{Asker, CodeMailed, Error, Language, MailError, find_account, request_code};
use tawzi_testkit::mailer;

#[tokio::test]
async fn without_mail_nothing_is_sent_and_nothing_waits() {
    let person = Person::new().await;
    let db = person.world.app.db();
    let (without_mail, _queues) = person.world.server(None);
    let login = &person.actor.user().username;
    let account = find_account(&without_mail, login).await.unwrap();

    let asked = request_code(&without_mail, Asker::Line(None), account, Language::Arabic)
        .await
        .unwrap();

    assert!(!asked.sent);
    assert!(db.read().await.unwrap().jobs(10).await.unwrap().is_empty());
    let mut reader = db.read().await.unwrap();
    let kept = reader.newest_code_request(person.actor.id()).await.unwrap();
    assert!(kept.is_some());
}

#[tokio::test]
async fn the_mail_is_written_in_the_language_that_was_asked_for() {
    for (language, subject, sentence) in [
        (
            Language::English,
            "Your code to sign in",
            "within 10 minutes",
        ),
        (Language::Arabic, "رمز الدخول الخاص بك", "خلال 10 دقائق"),
    ] {
        let person = Person::new().await;
        let server = MailServer::start(Manner::Takes);
        let (code, _, payload) = person.code(language).await;

        let mailed = person.mail(&server, &payload).await.unwrap();

        let mails = server.received();
        assert_eq!((mailed, mails.len()), (CodeMailed::Sent, 1));
        let user = person.actor.user();
        assert_eq!(mails[0].from, "CRM <crm@example.org>");
        assert_eq!(mails[0].to, user.email);
        assert_eq!(mails[0].subject, subject);
        let body = &mails[0].body;
        assert!(body.contains(sentence), "{body}");
        // Whoever is written to reads nothing that somebody chose.
        assert!(!body.contains(&user.username), "{body}");
        assert!(body.lines().any(|line| line == code), "{body}");
    }
}

#[tokio::test]
async fn a_mail_that_nobody_needs_any_more_is_not_sent() {
    let person = Person::new().await;
    let server = MailServer::start(Manner::Takes);
    let (_, _, replaced) = person.code(Language::English).await;
    let (code, _, used) = person.code(Language::English).await;
    person.show(Some(&code), None).await.unwrap();
    let (_, _, expired) = person.code(Language::English).await;

    let not_wanted = [
        person.mail(&server, &replaced).await.unwrap(),
        person.mail(&server, &used).await.unwrap(),
    ];
    person.world.clock.move_to(person.now().plus_seconds(600));
    let late = person.mail(&server, &expired).await.unwrap();
    person.world.set_active(&person.actor, false).await;
    let of_inactive = person.mail(&server, &expired).await.unwrap();

    assert_eq!(not_wanted, [CodeMailed::NotWanted; 2]);
    assert_eq!(late, CodeMailed::TooLate);
    assert_eq!(of_inactive, CodeMailed::NotWanted);
    assert_eq!(server.received().len(), 0);
}

#[tokio::test]
async fn why_a_mail_was_not_sent_is_said_without_its_receiver() {
    let person = Person::new().await;
    let (_, _, payload) = person.code(Language::English).await;
    let for_good = MailServer::start(Manner::Says("550 no employee@acme.example here"));
    let for_now = MailServer::start(Manner::Says("451 employee@acme.example is full"));
    let nobody = mailer("smtp://127.0.0.1:1");

    let answers = [
        (person.mail(&for_good, &payload).await, true),
        (person.mail(&for_now, &payload).await, false),
        (person.mail_by(Some(nobody), &payload).await, false),
        (person.mail_by(None, &payload).await, false),
    ];

    for (answer, is_final) in answers {
        let Err(Error::Mail(error)) = answer else {
            panic!("{answer:?}");
        };
        assert_eq!(MailError::is_final(&error), is_final, "{error:?}");
        let said = tawzi_app::with_causes(&error);
        assert!(!said.contains("acme.example"), "{said}");
    }
}
