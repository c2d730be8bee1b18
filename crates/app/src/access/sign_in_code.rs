//! Signing in with a password and a code that is sent by e-mail (contract, section 2.4). Unlike at the reference, the
//! code is never optional, it stands few wrong guesses, and nobody spoils a code that somebody else has asked for.

mod code;
mod mail;

pub use mail::{CodeMail, CodeMailed, mail_sign_in_code};

use crate::access::account::Account;
use crate::access::asker::Asker;
use crate::access::password::PasswordCheck;
use crate::access::sign_in::{self, SignedIn};
use crate::access::token::Hashed;
use crate::app::App;
use crate::error::{Error, Result, require};
use crate::language::Language;
use code::require_good;
use tawzi_core::audit::SignInRefusal;
use tawzi_core::id::UserId;
use tawzi_core::time::Timestamp;
use tawzi_core::user::Role;
use tawzi_store::{CodeRequest, NewCodeRequest, Reader, Tx, User};

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

/// Gives whoever asks a code for the account, and sends it in that language; without a way to a mail server it goes to
/// the log. It takes the place of the one that was asked for at the same place, and of no other.
pub async fn request_code(
    app: &App,
    asker: Asker,
    account: Account,
    language: Language,
) -> Result<CodeRequested> {
    let person = account.user.as_ref().map(|user| user.id);
    let user = require_entitled(app, account).await;
    let user = user.inspect_err(|error| tell(app, asker, person, error))?;

    let now = app.now();
    let token = format!("{:032x}", rand::random::<u128>());
    let token_hash = app.keys.hash(Hashed::CodeToken, user.id, &token);
    let mut tx = app.db.begin().await?;
    let code = code::choose(app, &mut tx, &user, now).await?;
    let request = NewCodeRequest {
        user: user.id,
        asked_from: &app.keys.hash(Hashed::AskedFrom, user.id, &asker.address()),
        code_hash: &code.hash,
        token_hash: &token_hash,
        mails: i64::from(code.to_be_sent.is_some()),
        created_at: code.created_at,
        expires_at: code.expires_at,
    };
    tx.save_code_request(request).await?;
    if let Some(code) = code.to_be_sent {
        code::send(app, &mut tx, request, code, language).await?;
    }
    tx.commit().await?;
    Ok(CodeRequested {
        sent: app.mailer.is_some(),
        token,
    })
}

/// Signs in with password and code. The code is used up by it; wrong ones are counted against whoever shows them.
pub async fn sign_in_with_code(
    app: &App,
    asker: Asker,
    account: Account,
    shown: CodeSignIn<'_>,
) -> Result<SignedIn> {
    let checked = sign_in::check_password(app, asker, account, shown.password).await?;
    let (user, check) = checked.ok_or(CodeRefusal::WrongPassword)?;
    let id = user.id;
    let signed_in = show_code(app, asker, (user, check), shown).await;
    signed_in.inspect_err(|error| tell(app, asker, Some(id), error))
}

/// The same, for whoever knows the password.
async fn show_code(
    app: &App,
    asker: Asker,
    (user, check): (User, PasswordCheck),
    shown: CodeSignIn<'_>,
) -> Result<SignedIn> {
    let now = app.now();
    let no_code = match shown.token {
        Some(_) => CodeRefusal::TokenAlone,
        None => CodeRefusal::NothingSent,
    };
    let code = shown.code.ok_or(no_code)?;
    let renewed = sign_in::renewed_hash(app, asker, check, shown.password).await?;
    let code_hash = app.keys.hash(Hashed::Code, user.id, code);

    let mut tx = app.db.begin().await?;
    let unrevoked = tx.lock_unrevoked(user.id, user.token_version).await?;
    require(unrevoked, CodeRefusal::WrongPassword)?;
    let asked = own_request(app, &mut tx, asker, user.id, shown.token).await?;
    let asked = asked.ok_or(CodeRefusal::WrongCode)?;
    if let Err(refusal) = judge(&asked, &code_hash, now) {
        let repeated = asked.last_wrong_hash.as_ref() == Some(&code_hash);
        if refusal == CodeRefusal::WrongCode && !repeated {
            tx.count_wrong_code(user.id, &asked.asked_from, &code_hash)
                .await?;
            tx.commit().await?;
        }
        return Err(refusal.into());
    }
    require_company_of(&mut tx, &user).await?;
    tx.delete_code(user.id, &code_hash).await?;
    if let Some(renewed) = renewed {
        tx.replace_password(user.id, &user.password_hash, &renewed)
            .await?;
    }
    tx.commit().await?;
    sign_in::signed_in(app, user)
}

/// Tells the security log that somebody was not let in, and why.
fn tell(app: &App, asker: Asker, person: Option<UserId>, error: &Error) {
    let Error::Code(refusal) = error else { return };
    let why = match refusal {
        CodeRefusal::NoUser => SignInRefusal::UnknownName,
        CodeRefusal::WrongCode | CodeRefusal::Expired => SignInRefusal::WrongCode,
        CodeRefusal::Inactive
        | CodeRefusal::EmployeeUnsubscribed
        | CodeRefusal::Unsubscribed { .. }
        | CodeRefusal::NoCompany => SignInRefusal::Inactive,
        // The first is told where the password is compared; with the others nothing was tried.
        CodeRefusal::WrongPassword | CodeRefusal::NothingSent | CodeRefusal::TokenAlone => return,
    };
    app.refusals.not_let_in(why, person, asker.line());
}

/// What whoever shows a code has asked for: as the token says that they were given, or else as the place says that they
/// ask from. A stranger has asked for something else, or nothing, and so uses up nobody's attempts.
async fn own_request(
    app: &App,
    tx: &mut Tx,
    asker: Asker,
    user: UserId,
    token: Option<&str>,
) -> Result<Option<CodeRequest>> {
    if let Some(token) = token {
        let token = app.keys.hash(Hashed::CodeToken, user, token);
        return Ok(tx.lock_code_request_of_token(user, &token).await?);
    }
    let asked_from = app.keys.hash(Hashed::AskedFrom, user, &asker.address());
    Ok(tx.lock_code_request_from(user, &asked_from).await?)
}

/// Whether what was shown is what is kept. Hashes that are made with a secret key may be compared
/// in the ordinary way: how long it takes says nothing about what is hashed.
fn judge(asked: &CodeRequest, code_hash: &str, now: Timestamp) -> Result<(), CodeRefusal> {
    let right = asked.code_hash == code_hash;
    if !right || asked.wrong_attempts >= MAX_WRONG_ATTEMPTS {
        return Err(CodeRefusal::WrongCode);
    }
    require_good(asked.expires_at, now)
}

/// The person whose account it is, if they may sign in.
async fn require_entitled(app: &App, account: Account) -> Result<User> {
    let user = account.user.ok_or(CodeRefusal::NoUser)?;
    require(user.is_active, CodeRefusal::Inactive)?;
    if user.company_id.is_some() && !(user.is_superuser || user.subscribed) {
        require_subscription(&mut app.db.read().await?, &user).await?;
    }
    Ok(user)
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
