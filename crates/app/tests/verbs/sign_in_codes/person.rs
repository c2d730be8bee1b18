//! Somebody who signs in with codes.

use crate::mail_server::MailServer;
use crate::sign_in::DJANGO;
use serde_json::Value;
use tawzi_app::{
    Asker, CodeMail, CodeMailed, CodeRefusal, CodeRequested, CodeSignIn, Error, JobKind, Language,
    Mailer, Result, SignedIn, find_account, mail_sign_in_code, request_code, sign_in_with_code,
};
use tawzi_core::time::Timestamp;
use tawzi_testkit::{TestUser, World, mailer};

/// A person of a world who signs in with codes.
pub(crate) struct Person {
    pub(crate) world: World,
    pub(crate) actor: TestUser,
}

impl Person {
    pub(crate) async fn new() -> Self {
        let world = World::with_employees(1).await;
        let actor = world.employees[0].clone();
        let mut tx = world.app.db().begin().await.unwrap();
        tx.save_password(actor.id(), DJANGO).await.unwrap();
        tx.commit().await.unwrap();
        Self { world, actor }
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.world.clock.now()
    }

    pub(crate) async fn ask(&self, login: &str, language: Language) -> Result<CodeRequested> {
        self.ask_from(Asker::Line(None), login, language).await
    }

    pub(crate) async fn ask_from(
        &self,
        asker: Asker,
        login: &str,
        language: Language,
    ) -> Result<CodeRequested> {
        let app = &self.world.app;
        let account = find_account(app, login).await?;
        request_code(app, asker, account, language).await
    }

    /// Asks for a code, and takes it and the job's payload from the queue.
    pub(crate) async fn code(&self, language: Language) -> (String, CodeRequested, String) {
        let asked = self.ask(&self.actor.user().username, language).await;
        let (code, payload) = self.mailed().await.unwrap();
        (code, asked.unwrap(), payload)
    }

    /// Asks for a code at that address; gives it, when one is mailed for that, and what was answered.
    pub(crate) async fn code_at(&self, address: u8) -> (Option<String>, CodeRequested) {
        let login = &self.actor.user().username;
        let asked = self.ask_from(at(address), login, Language::English).await;
        let mailed = self.mailed().await;
        (mailed.map(|(code, _)| code), asked.unwrap())
    }

    /// The code that is to be mailed next, and the payload of its job.
    pub(crate) async fn mailed(&self) -> Option<(String, String)> {
        let mut tx = self.world.app.db().begin().await.unwrap();
        let claim = tx.claim_job("test", 3_600_000_000).await.unwrap()?;
        tx.commit().await.unwrap();
        assert_eq!(claim.kind, JobKind::MailSignInCode.as_str());
        let payload: Value = serde_json::from_str(&claim.payload).unwrap();
        let code = payload["code"].as_str().unwrap().to_owned();
        Some((code, claim.payload))
    }

    /// Shows a code at that address.
    pub(crate) async fn show_at(
        &self,
        address: u8,
        code: &str,
        token: Option<&str>,
    ) -> Result<SignedIn> {
        let shown = CodeSignIn {
            password: "Passw0rd!x",
            code: Some(code),
            token,
        };
        self.show_from(at(address), shown).await
    }

    pub(crate) async fn show_from(&self, asker: Asker, shown: CodeSignIn<'_>) -> Result<SignedIn> {
        let app = &self.world.app;
        let account = find_account(app, &self.actor.user().username).await?;
        sign_in_with_code(app, asker, account, shown).await
    }

    pub(crate) async fn show(&self, code: Option<&str>, token: Option<&str>) -> Result<SignedIn> {
        self.show_with("Passw0rd!x", code, token).await
    }

    pub(crate) async fn show_with(
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

    pub(crate) async fn mail(&self, server: &MailServer, payload: &str) -> Result<CodeMailed> {
        self.mail_by(Some(mailer(server.url())), payload).await
    }

    pub(crate) async fn mail_by(
        &self,
        mailer: Option<Mailer>,
        payload: &str,
    ) -> Result<CodeMailed> {
        let (app, _queues) = self.world.server(mailer);
        mail_sign_in_code(&app, &CodeMail::parse(payload).unwrap()).await
    }
}

/// Somebody at an address of a network.
pub(crate) fn at(address: u8) -> Asker {
    Asker::Line(Some([10, 0, 0, address].into()))
}

pub(crate) fn refusal<T: std::fmt::Debug>(result: Result<T>) -> CodeRefusal {
    match result {
        Err(Error::Code(refusal)) => refusal,
        other => panic!("{other:?}"),
    }
}

/// Another code of six digits.
pub(crate) fn wrong(code: &str, step: u32) -> String {
    let number: u32 = code.parse().unwrap();
    ((number - 100_000 + step) % 900_000 + 100_000).to_string()
}
