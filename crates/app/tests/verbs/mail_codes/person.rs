//! Somebody who is mailed codes to confirm an address or to set a new password.

use serde_json::Value;
use tawzi_app::{
    Asker, BadMailCode, Error, JobKind, Language, MailWish, Result, ShownCode, UserChange,
    confirm_email, edit_user, find_account, forgot_password, reset_password,
};
use tawzi_core::text::NewPassword;
use tawzi_store::User;
use tawzi_testkit::{TestUser, World, eventually};

/// An employee of a world.
pub(crate) struct Person {
    pub(crate) world: World,
    pub(crate) actor: TestUser,
}

/// What a mail brings.
#[derive(Debug)]
pub(crate) struct Mailed {
    /// The short code; empty where there is none.
    pub(crate) code: String,
    pub(crate) token: String,
    pub(crate) payload: String,
}

impl Person {
    pub(crate) async fn new() -> Self {
        let world = World::with_employees(2).await;
        let actor = world.employees[0].clone();
        Self { world, actor }
    }

    pub(crate) async fn row(&self) -> User {
        let mut reader = self.world.app.db().read().await.unwrap();
        reader.user(self.actor.id()).await.unwrap().unwrap()
    }

    pub(crate) async fn found(&self, login: &str) -> bool {
        let mut reader = self.world.app.db().read().await.unwrap();
        reader.find_user(login).await.unwrap().is_some()
    }

    /// Wants that address; gives the one that is to be confirmed.
    pub(crate) async fn wants(&self, email: &str) -> Result<Option<String>> {
        let change = new_email(email);
        let edited = edit_user(&self.world.app, &self.actor, self.actor.id(), change).await?;
        assert_ne!(edited.user.email, email, "it does not count yet");
        Ok(edited.pending_email)
    }

    /// The mail that was enqueued first of those that nobody took yet.
    pub(crate) async fn mail(&self) -> Option<Mailed> {
        let mut tx = self.world.app.db().begin().await.unwrap();
        let claim = tx.claim_job("test", 3_600_000_000).await.unwrap()?;
        tx.commit().await.unwrap();
        assert_eq!(claim.kind, JobKind::MailCode.as_str());
        let payload: Value = serde_json::from_str(&claim.payload).unwrap();
        let text = |name: &str| payload[name].as_str().unwrap_or_default().to_owned();
        Some(Mailed {
            code: text("code"),
            token: text("token"),
            payload: claim.payload,
        })
    }

    pub(crate) async fn forgotten_at(&self, address: u8, email: &str) {
        let app = &self.world.app;
        let account = find_account(app, email).await.unwrap();
        let wish = MailWish {
            asker: at(address),
            language: Language::English,
        };
        assert!(forgot_password(app, account, wish).await.unwrap());
    }

    pub(crate) async fn forgotten(&self, email: &str) {
        self.forgotten_at(0, email).await;
    }

    /// The mail to whoever forgot a password, which is written behind the answer.
    pub(crate) async fn reset_mail(&self) -> Mailed {
        eventually(async || self.mail().await).await
    }

    /// Waits until all wishes for mails are carried out: they are so one after the other.
    pub(crate) async fn carried_out(&self) -> Vec<Mailed> {
        let other = self.world.employees[1].user();
        let account = find_account(&self.world.app, &other.email).await.unwrap();
        let wish = MailWish::default();
        forgot_password(&self.world.app, account, wish)
            .await
            .unwrap();
        let mut mails = Vec::new();
        loop {
            let mail = self.reset_mail().await;
            let payload: Value = serde_json::from_str(&mail.payload).unwrap();
            if payload["user"] == other.id.get() {
                return mails;
            }
            mails.push(mail);
        }
    }

    pub(crate) async fn reset_with(&self, shown: ShownCode<'_>, new: &str) -> Result<()> {
        let email = self.row().await.email.to_uppercase();
        let account = find_account(&self.world.app, &email).await?;
        let new = NewPassword::parse(new).unwrap();
        reset_password(&self.world.app, account, shown, &new).await
    }

    pub(crate) async fn reset(&self, code: &str, new: &str) -> Result<()> {
        self.reset_with(by_code(0, code), new).await
    }

    pub(crate) async fn confirm(&self, email: &str, code: &str) -> Result<()> {
        confirm_email(&self.world.app, email, by_code_of_nobody(code)).await
    }

    pub(crate) fn after_minutes(&self, minutes: i64) {
        let now = self.world.clock.now();
        self.world.clock.move_to(now.plus_seconds(minutes * 60));
    }
}

pub(crate) fn new_email(email: &str) -> UserChange {
    UserChange {
        email: Some(email.to_owned()),
        ..UserChange::default()
    }
}

/// Somebody at an address of a network.
pub(crate) fn at(address: u8) -> Asker {
    Asker::Line(Some([10, 0, 0, address].into()))
}

pub(crate) fn by_code(address: u8, code: &str) -> ShownCode<'_> {
    ShownCode {
        asker: at(address),
        code: Some(code),
        token: None,
    }
}

pub(crate) fn by_token(address: u8, token: &str) -> ShownCode<'_> {
    ShownCode {
        asker: at(address),
        code: None,
        token: Some(token),
    }
}

/// A code that is shown where [`UserChange::default`] asks from.
pub(crate) fn by_code_of_nobody(code: &str) -> ShownCode<'_> {
    ShownCode {
        asker: Asker::Line(None),
        ..by_code(0, code)
    }
}

pub(crate) fn bad<T: std::fmt::Debug>(result: Result<T>) -> BadMailCode {
    match result {
        Err(Error::BadMailCode(bad)) => bad,
        other => panic!("{other:?}"),
    }
}
