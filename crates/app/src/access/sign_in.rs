//! Signing in, and proving with a token who one is.

use crate::access::account::{Account, lock_company_of};
use crate::access::actor::Actor;
use crate::access::asker::Asker;
use crate::access::mail_code::pending_email;
use crate::access::password::PasswordCheck;
use crate::access::token::{BadToken, Session, TokenType};
use crate::app::App;
use crate::audit;
use crate::error::{Error, Result, require};
use tawzi_core::audit::{AuditEvent, SignInRefusal};
use tawzi_core::time::Timestamp;
use tawzi_store::{Company, Reader, Subscription, User};

/// Fresh tokens, and whose they are.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// Proves who one is, for an hour.
    pub access: String,
    /// Gets new tokens, for seven days.
    pub refresh: String,
    /// Who signed in.
    pub user: User,
}

/// A person with their company and its subscription.
#[derive(Clone, Debug)]
pub struct Me {
    /// The person.
    pub user: User,
    /// Their company.
    pub company: Option<Company>,
    /// The subscription that counts for it.
    pub subscription: Option<Subscription>,
    /// The address that the person is to have once it is confirmed.
    pub pending_email: Option<String>,
}

/// Signs in to an account. A password that still has the reference's kind of hash gets a new one.
pub async fn sign_in(
    app: &App,
    asker: Asker,
    account: Account,
    password: &str,
) -> Result<SignedIn> {
    let now = app.now();
    let checked = check_password(app, asker, account, password).await?;
    let (user, check) = checked.ok_or(Error::BadCredentials)?;
    let renewed = renewed_hash(app, asker, check, password).await?;
    let mut tx = app.db.begin().await?;
    let unrevoked = tx.lock_unrevoked(user.id, user.token_version).await?;
    require(unrevoked, Error::BadCredentials)?;
    if let Some(renewed) = renewed {
        tx.replace_password(user.id, &user.password_hash, &renewed)
            .await?;
    }
    tx.save_last_login(user.id, now).await?;
    tx.commit().await?;
    signed_in(app, user)
}

/// The person, if it is an active one with that password; the security log says why not.
///
/// Nobody's password is compared with somebody's hash, always the same one for a name, so that an
/// answer takes as long as for a person. Hashes of the reference take many times as long as ours;
/// one kind for all unknown names would tell them from the people who still have the other.
pub(crate) async fn check_password(
    app: &App,
    asker: Asker,
    account: Account,
    password: &str,
) -> Result<Option<(User, PasswordCheck)>> {
    let stored = match &account.user {
        Some(user) => &user.password_hash,
        None => account.stand_in.as_deref().unwrap_or_default(),
    };
    let check = app.passwords.verify(asker, password, stored).await?;
    let why = match &account.user {
        None => SignInRefusal::UnknownName,
        Some(_) if check == PasswordCheck::Wrong => SignInRefusal::WrongPassword,
        Some(user) if !user.is_active => SignInRefusal::Inactive,
        Some(_) => return Ok(account.user.map(|user| (user, check))),
    };
    let person = account.user.map(|user| user.id);
    app.refusals.not_let_in(why, person, asker.line());
    Ok(None)
}

/// A new hash of the password, when the one that is stored is of the reference's kind.
pub(crate) async fn renewed_hash(
    app: &App,
    asker: Asker,
    check: PasswordCheck,
    password: &str,
) -> Result<Option<String>> {
    match check {
        PasswordCheck::RightButOld => app.passwords.hash(asker, password).await.map(Some),
        PasswordCheck::Right | PasswordCheck::Wrong => Ok(None),
    }
}

/// Fresh tokens for somebody who has proved who they are.
pub(crate) fn signed_in(app: &App, user: User) -> Result<SignedIn> {
    let session = Session::begin(user.id, user.token_version);
    let (access, refresh) = pair(app, &session)?;
    Ok(SignedIn {
        access,
        refresh,
        user,
    })
}

/// New tokens of the same session for a refresh token, which itself stays good: the client re-uses the first one.
pub async fn refresh(app: &App, token: &str) -> Result<(String, String)> {
    let now = app.now();
    let proof = app.keys.open(token, now).ok_or(BadToken::Invalid)?;
    require(proof.kind == TokenType::Refresh, BadToken::WrongType)?;
    let mut session = proof.session;
    session.token_version = owner(app, &session).await?.token_version;
    pair(app, &session)
}

/// Whether a token of any type is good.
pub async fn verify(app: &App, token: &str) -> Result<()> {
    let now = app.now();
    let proof = app.keys.open(token, now).ok_or(BadToken::Invalid)?;
    owner(app, &proof.session).await.map(drop)
}

/// Signs a person out everywhere: all of their tokens, also on other devices, are taken back.
pub async fn sign_out(app: &App, actor: &Actor) -> Result<()> {
    let user = actor.require_user()?;
    let mut tx = app.db.begin().await?;
    lock_company_of(&mut tx, user).await?;
    tx.revoke_tokens(user.id, None).await?;
    let signed_out = [AuditEvent::SignedOutEverywhere(user.id)];
    audit::commit(tx, actor.by(), user.company_id, signed_out, app.now()).await
}

/// Whose the session is, when they may sign in and have not ended it.
async fn owner(app: &App, session: &Session) -> Result<User> {
    still_good(app.db.read().await?.user(session.user).await?, session)
}

/// The person whose session it is, when they may sign in and have not ended it. No clock is asked: that of the server
/// which issued a token may be another one.
pub(crate) fn still_good(user: Option<User>, session: &Session) -> Result<User> {
    let user = user.ok_or(BadToken::NoUser)?;
    require(user.is_active, BadToken::Inactive)?;
    let survives = user.surviving_session.as_ref() == Some(&session.id);
    let good = session.token_version == user.token_version || survives;
    require(good, BadToken::Invalid)?;
    Ok(user)
}

/// The person who asks, with their company.
pub async fn me(app: &App, actor: &Actor) -> Result<Me> {
    let user = actor.require_user()?;
    let mut reader = app.db.read().await?;
    with_company(&mut reader, user.clone(), app.now()).await
}

/// A person with their company, at that moment.
pub(crate) async fn with_company(reader: &mut Reader, user: User, now: Timestamp) -> Result<Me> {
    let (mut company, mut subscription) = (None, None);
    if let Some(id) = user.company_id {
        company = reader.company(id).await?;
        subscription = reader.subscription(id).await?;
    }
    let pending_email = pending_email(reader, &user, now).await?;
    Ok(Me {
        user,
        company,
        subscription,
        pending_email,
    })
}

/// An access and a refresh token. When the person's tokens were taken back since the session was read, these are
/// of the version before, and good for nothing.
fn pair(app: &App, session: &Session) -> Result<(String, String)> {
    let now = app.now();
    let access = app.keys.issue(session, TokenType::Access, now)?;
    let refresh = app.keys.issue(session, TokenType::Refresh, now)?;
    Ok((access, refresh))
}
