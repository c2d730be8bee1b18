//! Whose account somebody means who signs in. It is looked for before anything is counted or compared, so that all of
//! a person's names count as one, and before it is known whether it is anybody's.

use crate::app::App;
use crate::error::Result;
use tawzi_core::id::UserId;
use tawzi_core::login::LoginKey;
use tawzi_store::{Reader, Tx, User};

/// An account that somebody names, be it there or not.
#[derive(Debug)]
pub struct Account {
    /// Whose it is; `None` when it is nobody's.
    pub(crate) user: Option<User>,
    /// What nobody's password is compared with.
    pub(crate) stand_in: Option<String>,
    key: AccountKey,
}

/// What attempts on an account are counted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AccountKey {
    /// A person, whatever they are called: a new name is no new chance.
    Person(UserId),
    /// A name that is nobody's, by a number that nobody can choose.
    Nobody(u64),
}

impl AccountKey {
    /// Whose account it is, if it is anybody's.
    pub const fn person(self) -> Option<UserId> {
        match self {
            Self::Person(person) => Some(person),
            Self::Nobody(_) => None,
        }
    }
}

impl Account {
    /// What attempts on it are counted by.
    pub const fn key(&self) -> AccountKey {
        self.key
    }

    async fn of(app: &App, reader: &mut Reader, name: &str, user: Option<User>) -> Result<Self> {
        let number = app.keys.number_of(name);
        // Asked for, whether it is needed or not, so that an answer takes as long either way.
        let stand_in = reader.somebodys_password_hash(number).await?;
        let nobody = AccountKey::Nobody(number);
        Ok(Self {
            key: user
                .as_ref()
                .map_or(nobody, |user| AccountKey::Person(user.id)),
            user,
            stand_in,
        })
    }
}

/// The account of that e-mail address or user name, however it is written.
pub async fn find_account(app: &App, login: &str) -> Result<Account> {
    let mut reader = app.db.read().await?;
    let user = reader.find_user(login).await?;
    // A name is the same however it is written, and so must be what it is counted and compared with.
    Account::of(app, &mut reader, LoginKey::of(login).as_str(), user).await
}

/// The lock that comes before that of the person: those who manage the people of a company take the two in this
/// order.
pub(crate) async fn lock_company_of(tx: &mut Tx, user: &User) -> Result<()> {
    if let Some(company) = user.company_id {
        tx.lock_company(company).await?;
    }
    Ok(())
}
