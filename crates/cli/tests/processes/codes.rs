//! Codes to sign in with, through real servers: in the log as long as there is no mail server, by
//! mail once there is one.

use crate::mail_server::{MailServer, Manner};
use crate::support::server::Server;
use crate::support::{Installation, wait_until};
use serde_json::{Value, json};
use std::time::Duration;

on_both_engines! {
    without_a_mail_server_the_code_is_in_the_log,
    the_worker_sends_the_code_by_mail_and_forgets_it,
    a_worker_without_a_mail_server_leaves_the_mail_to_one_that_has_it,
    a_mail_that_is_refused_for_good_is_given_up_and_another_is_tried_again,
    a_setting_of_mail_that_makes_no_sense_is_refused_at_the_start,
    a_server_limits_signing_in_unless_told_otherwise,
}

const PASSWORD: &str = "a long password";

const ALONE: [&str; 1] = ["--no-worker"];

fn mailing(mails: &MailServer) -> [(&'static str, &str); 2] {
    [
        ("TAWZI_SMTP_URL", mails.url()),
        ("TAWZI_MAIL_FROM", "CRM <crm@example.org>"),
    ]
}

/// The six digits that stand alone somewhere in the text.
fn code_in(text: &str) -> Option<String> {
    let mut words = text.split(|c: char| !c.is_ascii_alphanumeric());
    let code = words.find(|word| word.len() == 6 && word.bytes().all(|b| b.is_ascii_digit()));
    code.map(str::to_owned)
}

fn ask(server: &Server) -> Value {
    let (status, body) = server.post("auth/request-2fa/", &json!({"username": "lina"}));
    assert_eq!(status, 200);
    body
}

fn sign_in(server: &Server, code: &str) -> u16 {
    let body = json!({"username": "lina", "password": PASSWORD, "code": code});
    let (status, body) = server.post("auth/verify-2fa/", &body);
    assert_eq!(status == 200, body["access"].is_string());
    status
}

/// The code in the mail that comes within a few seconds.
fn mailed(mails: &MailServer) -> String {
    wait_until("the mail is there", Duration::from_secs(20), || {
        !mails.received().is_empty()
    });
    let mail = mails.received().remove(0);
    assert_eq!(mail.to, "lina@a.example");
    assert_eq!(mail.from, "CRM <crm@example.org>");
    assert_eq!(mail.subject, "رمز الدخول الخاص بك");
    code_in(&mail.body).unwrap()
}

fn without_a_mail_server_the_code_is_in_the_log(tawzi: &Installation) {
    tawzi.with_a_company("a.example");
    let server = Server::start_with(tawzi, &ALONE, &[]);

    let asked = ask(&server);
    let line = server.logged("mail is not set up");

    assert_eq!(asked["sent"], false);
    let (_, code) = line.split_once("code=").unwrap();
    assert_eq!(sign_in(&server, &code_in(code).unwrap()), 200);
}

fn the_worker_sends_the_code_by_mail_and_forgets_it(tawzi: &Installation) {
    tawzi.with_a_company("a.example");
    let mails = MailServer::start(Manner::Takes);
    let server = Server::start_with(tawzi, &[], &mailing(&mails));

    let asked = ask(&server);
    let code = mailed(&mails);

    assert_eq!(asked["sent"], true);
    assert_eq!(sign_in(&server, &code), 200);
    assert_eq!(sign_in(&server, &code), 400);
    let jobs = || tawzi.database.lines("SELECT state || payload FROM job");
    wait_until("the job is done", Duration::from_secs(20), || {
        jobs() == ["done{}"]
    });
    let said = server.log();
    assert!(!said.contains(&code) && !said.contains("lina"), "{said}");
}

fn a_worker_without_a_mail_server_leaves_the_mail_to_one_that_has_it(tawzi: &Installation) {
    tawzi.with_a_company("a.example");
    let mails = MailServer::start(Manner::Takes);
    let server = Server::start_with(tawzi, &ALONE, &mailing(&mails));
    ask(&server);

    let without = tawzi.run(&["worker", "--once"]).succeeded();
    let waits = tawzi.database.lines("SELECT state FROM job");
    tawzi.database.execute("UPDATE job SET run_at = created_at");
    let with = tawzi.run_in(&mailing(&mails), &["worker", "--once"]);

    assert!(without.contains("1 job was due"), "{without}");
    assert_eq!(waits, ["ready"]);
    assert!(with.succeeded().contains("1 job was due"));
    assert_eq!(sign_in(&server, &mailed(&mails)), 200);
}

fn a_mail_that_is_refused_for_good_is_given_up_and_another_is_tried_again(tawzi: &Installation) {
    tawzi.with_a_company("a.example");
    let for_good = MailServer::start(Manner::Says("550 no lina@a.example here"));
    let for_now = MailServer::start(Manner::Says("451 lina@a.example is full"));
    let server = Server::start_with(tawzi, &ALONE, &mailing(&for_good));

    for (mails, state) in [(&for_good, "failed"), (&for_now, "ready")] {
        ask(&server);
        let run = tawzi.run_in(&mailing(mails), &["worker", "--once"]);

        run.succeeded();
        let newest = "SELECT state FROM job ORDER BY id DESC LIMIT 1";
        assert_eq!(tawzi.database.lines(newest), [state]);
    }
    let said = tawzi.run(&["jobs"]).succeeded();
    assert!(
        said.contains("code 550") && said.contains("code 451"),
        "{said}"
    );
    assert!(!said.contains("lina"), "{said}");
}

fn a_setting_of_mail_that_makes_no_sense_is_refused_at_the_start(tawzi: &Installation) {
    for (url, from, expected) in [
        ("smtp://mail.example", "", "TAWZI_MAIL_FROM is not"),
        ("mail.example", "crm@example.org", "TAWZI_SMTP_URL"),
        ("smtp://mail.example", "nobody", "\"nobody\" is no sender"),
        (
            "smtp://user:secret@mail.example",
            "crm@example.org",
            "?tls=required",
        ),
    ] {
        let settings = [("TAWZI_SMTP_URL", url), ("TAWZI_MAIL_FROM", from)];
        for command in [&["serve", "--listen", "127.0.0.1:0"][..], &["worker"]] {
            let sentence = tawzi.run_in(&settings, command).refused();

            assert!(sentence.contains(expected), "{sentence}");
            assert!(!sentence.contains("secret"), "{sentence}");
        }
    }
    assert_eq!(tawzi.files(), Vec::<String>::new());
}

fn a_server_limits_signing_in_unless_told_otherwise(tawzi: &Installation) {
    tawzi.run(&["migrate"]).succeeded();
    let statuses = |args: &[&str], forwarded: &dyn Fn(u32) -> String| {
        let server = Server::start_with(tawzi, args, &[]);
        let statuses: Vec<_> = (0..210)
            .map(|number| {
                let body = json!({"username": format!("nobody{number}")});
                server
                    .post_from(&forwarded(number), "auth/request-2fa/", &body)
                    .0
            })
            .collect();
        statuses.iter().filter(|status| **status == 429).count()
    };
    let same = |_| "1.2.3.4".to_owned();
    let other = |number| format!("1.2.3.{number}");

    let limited = statuses(&ALONE, &other);
    let off = statuses(&["--no-worker", "--sign-in-limits", "off"], &same);
    let behind_a_proxy = statuses(&["--no-worker", "--trust-proxy"], &other);
    let one_behind_a_proxy = statuses(&["--no-worker", "--trust-proxy"], &same);

    // One more is let in each second.
    assert!((1..=10).contains(&limited), "{limited}");
    assert_eq!((off, behind_a_proxy), (0, 0));
    assert!(
        (1..=10).contains(&one_behind_a_proxy),
        "{one_behind_a_proxy}"
    );
}
