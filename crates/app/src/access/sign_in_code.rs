//! Signing in with a password and a code that is sent by e-mail (contract, section 2.4). Unlike at
//! the reference, the code is never optional, and it stands few wrong guesses.

mod mail;

pub use mail::{CodeMail, CodeMailed, mail_sign_in_code};

use crate::access::asker::Asker;
use crate::access::sign_in::{self, SignedIn};
use crate::access::token::Hashed;
use crate::app::App;
use crate::error::{Result, require};
use crate::job::{Job, enqueue};
use crate::language::Language;
use tawzi_core::time::Timestamp;
use tawzi_core::user::Role;
use tawzi_store::{NewSignInCode, Reader, SignInCode, User};

/// For how long a code is good.
const LIFETIME_SECONDS: i64 = 600;

/// How many wrong codes may be tried before the right one is of no use any more.
const MAX_WRONG_ATTEMPTS: i64 = 5;

/// What whoever asks for a code gets back; never the code.
#[derive(Clone, Debug)]
pub struct CodeRequested {
    /// Whether the code is on its way by e-mail.
    pub sent: bool,
    /// May be sent along with the code, and must then be the one that belongs to it.
    pub token: String,
}

/// What somebody shows who signs in with a code.
#[derive(Clone, Copy, Debug)]
pub struct CodeSignIn<'a> {
    /// A user name or an e-mail address, either in any case.
    pub login: &'a str,
    /// The password.
    pub password: &'a str,
    /// The code from the mail.
    pub code: Option<&'a str>,
    /// The token from the request for the code.
    pub token: Option<&'a str>,
}

/// Why somebody gets no code, or cannot sign in with one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "each says what it is")]
pub enum CodeRefusal {
    #[error("nobody has that name")]
    NoUser,
    #[error("the account is inactive")]
    Inactive,
    #[error("the name or the password is wrong")]
    WrongPassword,
    #[error("the code is missing")]
    NothingSent,
    #[error("a token without its code is not enough")]
    TokenAlone,
    /// The code or the token is wrong, was used, was replaced or was guessed at too often.
    #[error("the code is wrong or good for nothing any more")]
    WrongCode,
    #[error("the code has expired")]
    Expired,
    /// The company's subscription is not active; its employees cannot change that.
    #[error("the company of the employee has no active subscription")]
    EmployeeUnsubscribed,
    #[error("the company has no active subscription")]
    Unsubscribed {
        /// The subscription's id.
        subscription: Option<i64>,
    },
    #[error("the person belongs to no company")]
    NoCompany,
}

/// Makes a code for the person with that name, in the place of the one they had, and sends it in
/// that language; without a way to a mail server it goes to the log.
pub async fn request_code(app: &App, login: &str, language: Language) -> Result<CodeRequested> {
    let now = app.now();
    let mut reader = app.db.read().await?;
    let found = reader.find_user_in_any_case(login).await?;
    let user = found.ok_or(CodeRefusal::NoUser)?;
    require(user.is_active, CodeRefusal::Inactive)?;
    if user.company_id.is_some() {
        require_subscription(&mut reader, &user).await?;
    }
    drop(reader);

    let code = rand::random_range(100_000..=999_999_u32).to_string();
    let token = format!("{:032x}", rand::random::<u128>());
    let code_hash = app.keys.hash(Hashed::Code, user.id, &code);
    let new = NewSignInCode {
        user: user.id,
        code_hash: &code_hash,
        token_hash: &app.keys.hash(Hashed::CodeToken, user.id, &token),
        created_at: now,
        expires_at: now.plus_seconds(LIFETIME_SECONDS),
    };
    let mut tx = app.db.begin().await?;
    tx.save_sign_in_code(new).await?;
    if app.mailer.is_some() {
        let mail = CodeMail {
            key: new.token_hash.to_owned(),
            user: user.id.get(),
            code: code.clone(),
            code_hash: code_hash.clone(),
            language: language.tag().to_owned(),
        };
        enqueue(&mut tx, &Job::MailSignInCode(mail), now).await?;
    }
    tx.commit().await?;
    if app.mailer.is_none() {
        tracing::warn!(
            user.id = user.id.get(),
            code,
            "mail is not set up, so this code to sign in with goes nowhere else; set \
             TAWZI_SMTP_URL and TAWZI_MAIL_FROM"
        );
    }
    Ok(CodeRequested {
        sent: app.mailer.is_some(),
        token,
    })
}

/// Signs in with password and code. The code is used up by it; wrong ones are counted.
pub async fn sign_in_with_code(app: &App, asker: Asker, shown: CodeSignIn<'_>) -> Result<SignedIn> {
    let now = app.now();
    let mut reader = app.db.read().await?;
    let found = reader.find_user_in_any_case(shown.login).await?;
    // The name is the same in any case, and so must be what it is compared with.
    let name = shown.login.to_ascii_lowercase();
    let checked = sign_in::check_password(app, reader, asker, &name, found, shown.password).await?;
    let (user, check) = checked.ok_or(CodeRefusal::WrongPassword)?;
    let no_code = match shown.token {
        Some(_) => CodeRefusal::TokenAlone,
        None => CodeRefusal::NothingSent,
    };
    let code = shown.code.ok_or(no_code)?;
    let renewed = sign_in::renewed_hash(app, asker, check, shown.password).await?;
    let code_hash = app.keys.hash(Hashed::Code, user.id, code);
    let token_hash = shown
        .token
        .map(|token| app.keys.hash(Hashed::CodeToken, user.id, token));

    let mut tx = app.db.begin().await?;
    let unrevoked = tx.lock_unrevoked(user.id, user.token_version).await?;
    require(unrevoked, CodeRefusal::WrongPassword)?;
    let kept = tx.lock_sign_in_code(user.id).await?;
    let kept = kept.ok_or(CodeRefusal::WrongCode)?;
    if let Err(refusal) = judge(&kept, &code_hash, token_hash.as_deref(), now) {
        let repeated = kept.last_wrong_hash.as_ref() == Some(&code_hash);
        if refusal == CodeRefusal::WrongCode && !repeated {
            tx.count_wrong_code(user.id, &code_hash).await?;
            tx.commit().await?;
        }
        return Err(refusal.into());
    }
    require_company_of(&mut tx, &user).await?;
    tx.delete_sign_in_code(user.id).await?;
    if let Some(renewed) = renewed {
        tx.replace_password(user.id, &user.password_hash, &renewed)
            .await?;
    }
    tx.commit().await?;
    sign_in::signed_in(app, user)
}

/// Whether what was shown is what is kept. Hashes that are made with a secret key may be compared
/// in the ordinary way: how long it takes says nothing about what is hashed.
fn judge(
    kept: &SignInCode,
    code_hash: &str,
    token_hash: Option<&str>,
    now: Timestamp,
) -> Result<(), CodeRefusal> {
    let right =
        kept.code_hash == code_hash && token_hash.is_none_or(|token| token == kept.token_hash);
    if !right || kept.wrong_attempts >= MAX_WRONG_ATTEMPTS {
        return Err(CodeRefusal::WrongCode);
    }
    if kept.expires_at <= now {
        return Err(CodeRefusal::Expired);
    }
    Ok(())
}

/// Whether the person's company may use the system; super administrators always may.
async fn require_company_of(reader: &mut Reader, user: &User) -> Result<()> {
    let has_any = user.company_id.is_some() || user.is_superuser;
    require(has_any, CodeRefusal::NoCompany)?;
    require_subscription(reader, user).await
}

async fn require_subscription(reader: &mut Reader, user: &User) -> Result<()> {
    if user.is_superuser || user.subscribed {
        return Ok(());
    }
    let employed = user.role() == Role::Employee;
    require(!employed, CodeRefusal::EmployeeUnsubscribed)?;
    let mut subscription = None;
    if let Some(company) = user.company_id {
        subscription = reader.subscription(company).await?.map(|found| found.id);
    }
    Err(CodeRefusal::Unsubscribed { subscription }.into())
}
