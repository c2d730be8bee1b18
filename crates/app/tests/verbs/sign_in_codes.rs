//! Signing in with a code: who gets one, what it is good for, and the mail it comes in.

use crate::mail_server::{MailServer, Manner};
use serde_json::Value;
use tawzi_app::{
    Asker, CodeMail, CodeMailed, CodeRefusal, CodeRequested, CodeSignIn, Error, JobKind, Language,
    MailError, Mailer, Result, SignedIn, authenticate, find_account_in_any_case, mail_sign_in_code,
    request_code, sign_in_with_code,
};
use tawzi_core::time::Timestamp;
use tawzi_testkit::{TestUser, World, mailer};

// "Passw0rd!x" as Django hashes it, with few iterations.
const DJANGO: &str = "pbkdf2_sha256$1000$salt$lhKQsToweMOAsD++RRJOkna74Za4xbJlZw7S2SRPoKA=";

/// A person of a world who signs in with codes.
struct Person {
    world: World,
    actor: TestUser,
}

impl Person {
    async fn new() -> Self {
        let world = World::with_employees(1).await;
        let actor = world.employees[0].clone();
        let mut tx = world.app.db().begin().await.unwrap();
        tx.save_password(actor.id(), DJANGO).await.unwrap();
        tx.commit().await.unwrap();
        Self { world, actor }
    }

    fn now(&self) -> Timestamp {
        self.world.clock.now()
    }

    async fn ask(&self, login: &str, language: Language) -> Result<CodeRequested> {
        self.ask_from(Asker::Line(None), login, language).await
    }

    async fn ask_from(
        &self,
        asker: Asker,
        login: &str,
        language: Language,
    ) -> Result<CodeRequested> {
        let app = &self.world.app;
        let account = find_account_in_any_case(app, login).await?;
        request_code(app, asker, account, language).await
    }

    /// Asks for a code, and takes it and the job's payload from the queue.
    async fn code(&self, language: Language) -> (String, CodeRequested, String) {
        let asked = self.ask(&self.actor.user().username, language).await;
        let (code, payload) = self.mailed().await.unwrap();
        (code, asked.unwrap(), payload)
    }

    /// Asks for a code at that address; gives it, when one is mailed for that, and what was answered.
    async fn code_at(&self, address: u8) -> (Option<String>, CodeRequested) {
        let login = &self.actor.user().username;
        let asked = self.ask_from(at(address), login, Language::English).await;
        let mailed = self.mailed().await;
        (mailed.map(|(code, _)| code), asked.unwrap())
    }

    /// The code that is to be mailed next, and the payload of its job.
    async fn mailed(&self) -> Option<(String, String)> {
        let mut tx = self.world.app.db().begin().await.unwrap();
        let claim = tx.claim_job("test", 3_600_000_000).await.unwrap()?;
        tx.commit().await.unwrap();
        assert_eq!(claim.kind, JobKind::MailSignInCode.as_str());
        let payload: Value = serde_json::from_str(&claim.payload).unwrap();
        let code = payload["code"].as_str().unwrap().to_owned();
        Some((code, claim.payload))
    }

    /// Shows a code at that address.
    async fn show_at(&self, address: u8, code: &str, token: Option<&str>) -> Result<SignedIn> {
        let shown = CodeSignIn {
            password: "Passw0rd!x",
            code: Some(code),
            token,
        };
        self.show_from(at(address), shown).await
    }

    async fn show_from(&self, asker: Asker, shown: CodeSignIn<'_>) -> Result<SignedIn> {
        let app = &self.world.app;
        let account = find_account_in_any_case(app, &self.actor.user().username).await?;
        sign_in_with_code(app, asker, account, shown).await
    }

    async fn show(&self, code: Option<&str>, token: Option<&str>) -> Result<SignedIn> {
        self.show_with("Passw0rd!x", code, token).await
    }

    async fn show_with(
        &self,
        password: &str,
        code: Option<&str>,
        token: Option<&str>,
    ) -> Result<SignedIn> {
        let shown = CodeSignIn {
            password,
            code,
            token,
        };
        self.show_from(Asker::Line(None), shown).await
    }

    async fn mail(&self, server: &MailServer, payload: &str) -> Result<CodeMailed> {
        self.mail_by(Some(mailer(server.url())), payload).await
    }

    async fn mail_by(&self, mailer: Option<Mailer>, payload: &str) -> Result<CodeMailed> {
        let (app, _queues) = self.world.server(mailer);
        mail_sign_in_code(&app, &CodeMail::parse(payload).unwrap()).await
    }
}

/// Somebody at an address of a network.
fn at(address: u8) -> Asker {
    Asker::Line(Some([10, 0, 0, address].into()))
}

fn refusal<T: std::fmt::Debug>(result: Result<T>) -> CodeRefusal {
    match result {
        Err(Error::Code(refusal)) => refusal,
        other => panic!("{other:?}"),
    }
}

/// Another code of six digits.
fn wrong(code: &str, step: u32) -> String {
    let number: u32 = code.parse().unwrap();
    ((number - 100_000 + step) % 900_000 + 100_000).to_string()
}

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
    let account = find_account_in_any_case(app, &other.user().username).await;
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

#[tokio::test]
async fn without_mail_nothing_is_sent_and_nothing_waits() {
    let person = Person::new().await;
    let db = person.world.app.db();
    let (without_mail, _queues) = person.world.server(None);
    let login = &person.actor.user().username;
    let account = find_account_in_any_case(&without_mail, login)
        .await
        .unwrap();

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
