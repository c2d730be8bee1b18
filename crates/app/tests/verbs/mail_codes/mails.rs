//! The mails that codes come in.

use super::person::{Mailed, Person, new_email};
use crate::mail_server::{MailServer, Manner};
use tawzi_app::{
    Asker, CodeMailed, Language, MailWish, MailedCode, VerificationMail, edit_user, find_account,
    forgot_password, mail_code, resend_verification,
};
use tawzi_testkit::{eventually, mailer};

#[tokio::test]
async fn the_mails_say_in_either_language_what_to_do_and_nothing_that_somebody_typed() {
    for (language, subjects, word) in [
        (
            Language::English,
            ["Confirm your e-mail address", "A new password"],
            "hours",
        ),
        (
            Language::Arabic,
            ["تأكيد بريدك الإلكتروني", "كلمة مرور جديدة"],
            "الساعات",
        ),
    ] {
        let person = Person::new().await;
        let server = MailServer::start(Manner::Takes);
        let (app, _queues) = person.world.server(Some(mailer(server.url())));
        let old = person.row().await.email;
        let mut change = new_email("new@home.example");
        change.first_name = Some("https://evil.example".to_owned());
        change.mail.language = language;
        let id = person.actor.id();
        edit_user(&app, &person.actor, id, change).await.unwrap();
        let confirmation = person.mail().await.unwrap();
        let account = find_account(&app, &old).await.unwrap();
        let asker = Asker::Line(None);
        let wish = MailWish { asker, language };
        forgot_password(&app, account, wish).await.unwrap();
        let reset = person.reset_mail().await;

        for mail in [&confirmation, &reset] {
            let sent = mail_code(&app, &MailedCode::parse(&mail.payload).unwrap()).await;
            assert_eq!(sent.unwrap(), CodeMailed::Sent);
        }

        let mails = server.received();
        let receivers: Vec<_> = mails.iter().map(|mail| mail.to.as_str()).collect();
        assert_eq!(receivers, ["new@home.example", old.as_str()]);
        for (place, (mail, hours)) in [(&confirmation, "48"), (&reset, "1")].iter().enumerate() {
            assert_eq!(mails[place].subject, subjects[place]);
            let body = &mails[place].body;
            for line in [&mail.code, &mail.token] {
                assert!(body.lines().any(|found| found == line), "{body}");
            }
            assert!(body.contains(hours) && body.contains(word), "{body}");
            assert!(!body.contains("evil"), "{body}");
        }
    }
}

#[tokio::test]
async fn a_mail_that_nobody_needs_any_more_is_not_sent() {
    let person = Person::new().await;
    let server = MailServer::start(Manner::Takes);
    let (app, _queues) = person.world.server(Some(mailer(server.url())));
    person.wants("first@home.example").await.unwrap();
    let replaced = person.mail().await.unwrap();
    person.wants("second@home.example").await.unwrap();
    let late = person.mail().await.unwrap();

    let send = async |mail: &Mailed| {
        mail_code(&app, &MailedCode::parse(&mail.payload).unwrap())
            .await
            .unwrap()
    };
    let not_wanted = send(&replaced).await;
    person.after_minutes(48 * 60);
    let too_late = send(&late).await;
    person.world.set_active(&person.actor, false).await;
    let of_inactive = send(&late).await;

    assert_eq!(not_wanted, CodeMailed::NotWanted);
    assert_eq!(too_late, CodeMailed::TooLate);
    assert_eq!(of_inactive, CodeMailed::NotWanted);
    assert!(server.received().is_empty());
}

#[tokio::test]
async fn without_mail_it_is_said_and_nothing_waits() {
    let person = Person::new().await;
    let (app, _queues) = person.world.server(None);
    let email = person.row().await.email;
    let wish = MailWish::default();

    let account = find_account(&app, &email).await.unwrap();
    let sent = forgot_password(&app, account, wish).await.unwrap();
    let resent = resend_verification(&app, &person.actor, &email, wish).await;

    assert!(!sent);
    assert!(matches!(
        resent.unwrap(),
        VerificationMail::Requested { sent: false, .. }
    ));
    let kept = eventually(async || {
        let mut reader = app.db().read().await.unwrap();
        let purpose = tawzi_store::MailPurpose::Password;
        let kept = reader.mail_codes(person.actor.id(), purpose).await.unwrap();
        kept.into_iter().next()
    });
    assert_eq!(kept.await.email, email);
    let jobs = app.db().read().await.unwrap().jobs(10).await.unwrap();
    assert!(jobs.is_empty());
}
