//! Signing in, and proving with a token who one is.

use crate::access::actor::Actor;
use crate::access::password::{self, PasswordCheck};
use crate::access::token::{BadToken, Proof, TokenType};
use crate::app::App;
use crate::error::{Error, Result, require};
use tawzi_store::{Company, Reader, Subscription, Tx, User};

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
}

/// Signs in with a user name or an e-mail address. A password that still has the reference's kind
/// of hash gets a new one.
pub async fn sign_in(app: &App, login: &str, password: &str) -> Result<SignedIn> {
    let now = app.now();
    let mut reader = app.db.read().await?;
    let found = reader.find_user(login).await?;
    // An address is the same in any case, and so must be what it is compared with.
    let address = login.contains('@').then(|| login.to_ascii_lowercase());
    let name = address.as_deref().unwrap_or(login);
    let checked = check_password(app, reader, name, found, password).await?;
    let (user, check) = checked.ok_or(Error::BadCredentials)?;
    let renewed = renewed_hash(check, password).await?;
    let mut tx = app.db.begin().await?;
    let unrevoked = tx.lock_unrevoked(user.id, user.tokens_valid_from).await?;
    require(unrevoked, Error::BadCredentials)?;
    if let Some(renewed) = renewed {
        tx.replace_password(user.id, &user.password_hash, &renewed)
            .await?;
    }
    tx.save_last_login(user.id, now).await?;
    tx.commit().await?;
    signed_in(app, user)
}

/// The person, if it is an active one with that password.
///
/// Nobody's password is compared with somebody's hash, always the same one for a name, so that an
/// answer takes as long as for a person. Hashes of the reference take many times as long as ours;
/// one kind for all unknown names would tell them from the people who still have the other.
pub(crate) async fn check_password(
    app: &App,
    mut reader: Reader,
    name: &str,
    found: Option<User>,
    password: &str,
) -> Result<Option<(User, PasswordCheck)>> {
    let number = app.keys.number_of(name);
    let somebodys = reader.somebodys_password_hash(number).await?;
    // Comparing takes long; others need the connection.
    drop(reader);
    let stored = match &found {
        Some(user) => &user.password_hash,
        None => somebodys.as_deref().unwrap_or_default(),
    };
    let check = password::verify(password, stored).await?;
    let right = found.filter(|user| user.is_active && check != PasswordCheck::Wrong);
    Ok(right.map(|user| (user, check)))
}

/// A new hash of the password, when the one that is stored is of the reference's kind.
pub(crate) async fn renewed_hash(check: PasswordCheck, password: &str) -> Result<Option<String>> {
    match check {
        PasswordCheck::RightButOld => password::hash(password).await.map(Some),
        PasswordCheck::Right | PasswordCheck::Wrong => Ok(None),
    }
}

/// Fresh tokens for somebody who has proved who they are.
pub(crate) fn signed_in(app: &App, user: User) -> Result<SignedIn> {
    let (access, refresh) = pair(app, &user)?;
    Ok(SignedIn {
        access,
        refresh,
        user,
    })
}

/// New tokens for a refresh token, which itself stays good: the client re-uses the first one.
pub async fn refresh(app: &App, token: &str) -> Result<(String, String)> {
    let now = app.now();
    let proof = app.keys.open(token, now).ok_or(BadToken::Invalid)?;
    require(proof.kind == TokenType::Refresh, BadToken::WrongType)?;
    let user = owner(app, proof).await?;
    pair(app, &user)
}

/// Whether a token of any type is good.
pub async fn verify(app: &App, token: &str) -> Result<()> {
    let now = app.now();
    let proof = app.keys.open(token, now).ok_or(BadToken::Invalid)?;
    owner(app, proof).await.map(drop)
}

/// Signs a person out everywhere: all of their tokens, also on other devices, are taken back.
pub async fn sign_out(app: &App, actor: &Actor) -> Result<()> {
    let now = app.now();
    let user = actor.require_user()?;
    let mut tx = app.db.begin().await?;
    lock_company_of(&mut tx, user).await?;
    tx.revoke_tokens(user.id, now, None).await?;
    tx.commit().await?;
    Ok(())
}

/// The lock that comes before that of the person: those who manage the people of a company take the two in this
/// order.
pub(crate) async fn lock_company_of(tx: &mut Tx, user: &User) -> Result<()> {
    if let Some(company) = user.company_id {
        tx.lock_company(company).await?;
    }
    Ok(())
}

/// Whose the token is, when they may sign in and have not taken it back.
async fn owner(app: &App, proof: Proof) -> Result<User> {
    proven(app.db.read().await?.user(proof.user).await?, proof)
}

/// The person whose token it is, when they may sign in and have not taken it back.
pub(crate) fn proven(user: Option<User>, proof: Proof) -> Result<User> {
    let user = user.ok_or(BadToken::NoUser)?;
    require(user.is_active, BadToken::Inactive)?;
    let spared =
        proof.kind == TokenType::Access && user.spared_access_issued_at == Some(proof.issued_at);
    let valid = proof.issued_at >= user.tokens_valid_from || spared;
    require(valid, BadToken::Invalid)?;
    Ok(user)
}

/// The person who asks, with their company.
pub async fn me(app: &App, actor: &Actor) -> Result<Me> {
    let user = actor.require_user()?;
    let mut reader = app.db.read().await?;
    with_company(&mut reader, user.clone()).await
}

/// A person with their company.
pub(crate) async fn with_company(reader: &mut Reader, user: User) -> Result<Me> {
    let (mut company, mut subscription) = (None, None);
    if let Some(id) = user.company_id {
        company = reader.company(id).await?;
        subscription = reader.subscription(id).await?;
    }
    Ok(Me {
        user,
        company,
        subscription,
    })
}

/// An access and a refresh token. They are never older than the last time that the person's tokens
/// were taken back, even if that was in this microsecond or by a process whose clock is ahead.
fn pair(app: &App, user: &User) -> Result<(String, String)> {
    let now = app.now().max(user.tokens_valid_from);
    let access = app.keys.issue(user.id, TokenType::Access, now)?;
    let refresh = app.keys.issue(user.id, TokenType::Refresh, now)?;
    Ok((access, refresh))
}
