//! How a mail server is named.

use tawzi_app::{Mailer, with_causes};

#[tokio::test]
async fn a_mail_server_is_named_with_or_without_encryption() {
    for url in [
        "smtp://127.0.0.1:2525",
        "smtp://mail.example",
        "smtp://user:secret@mail.example:587?tls=required",
        "smtps://user:secret@mail.example",
    ] {
        Mailer::new(url, "CRM <crm@example.org>").unwrap();
    }
}

#[test]
fn a_setting_that_makes_no_sense_is_refused_without_its_password() {
    for (url, from, said) in [
        (
            "mail.example",
            "crm@example.org",
            "no address of a mail server",
        ),
        (
            "http://user:secret@mail.example",
            "crm@example.org",
            "no address of a mail server",
        ),
        (
            "smtp://user:secret@mail.example",
            "crm@example.org",
            "unencrypted",
        ),
        (
            "smtp://user:secret@mail.example?tls=perhaps",
            "crm@example.org",
            "no address of a mail server",
        ),
        ("smtp://mail.example", "nobody", "\"nobody\" is no sender"),
    ] {
        let error = with_causes(&Mailer::new(url, from).unwrap_err());

        assert!(error.contains(said), "{error}");
        assert!(!error.contains("secret"), "{error}");
    }
}
