//! People: who they are, and whether they may sign in.

mod directory;
pub(crate) mod tokens;

#[cfg(test)]
pub(crate) use directory::STATEMENTS as DIRECTORY_STATEMENTS;
pub use directory::{Taken, UserEdit, UserOrder, UserScope};

use crate::db::engine::{Reader, Tx};
use crate::db::sequence::Sequence;
use crate::error::Result;
use std::collections::BTreeSet;
use tawzi_core::id::{CompanyId, UserId};
use tawzi_core::time::Timestamp;
use tawzi_core::user::{DisplayName, Role};

row! {
    /// A person, with what their company is called and whether it has a subscription.
    pub struct User {
        /// Their id.
        pub id: UserId,
        /// Their company; a super administrator has none.
        pub company_id: Option<CompanyId>,
        /// The company's name.
        pub company_name: Option<String>,
        /// What the company sells.
        pub company_specialization: Option<String>,
        /// Whether any subscription of the company is active.
        pub subscribed: bool,
        /// The name they sign in with.
        pub username: String,
        /// Their e-mail address.
        pub email: String,
        /// First name, perhaps empty.
        pub first_name: String,
        /// Last name, perhaps empty.
        pub last_name: String,
        /// Phone number.
        pub phone: Option<String>,
        /// Where the reference has their photo; what is there was not taken over.
        pub profile_photo: Option<String>,
        /// What their photo is found by; see [`Reader::photo`].
        pub photo_key: Option<String>,
        /// The word of their role, as stored; see [`User::role`].
        pub role_word: String,
        /// The password's hash.
        pub password_hash: String,
        /// Whether they may sign in and receive clients.
        pub is_active: bool,
        /// A flag of the reference, without meaning here.
        pub is_staff: bool,
        /// Whether they administer all companies.
        pub is_superuser: bool,
        /// Whether the e-mail address was confirmed.
        pub email_verified: bool,
        /// When they joined.
        pub date_joined: Timestamp,
        /// When they signed in last.
        pub last_login: Option<Timestamp>,
        /// Tokens that were issued before are good for nothing.
        pub tokens_valid_from: Timestamp,
        /// Except access tokens that were issued at this moment.
        pub spared_access_issued_at: Option<Timestamp>,
    }
}

impl User {
    /// What they may do within their company.
    pub fn role(&self) -> Role {
        Role::from_stored(&self.role_word)
    }

    /// How they are called in timelines.
    pub fn display_name(&self) -> DisplayName {
        DisplayName::new(&self.first_name, &self.last_name, &self.username)
    }
}

/// A person to be created.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the fields are those of User")]
pub struct NewUser<'a> {
    pub company: Option<CompanyId>,
    pub username: &'a str,
    pub email: &'a str,
    pub first_name: &'a str,
    pub last_name: &'a str,
    pub phone: Option<&'a str>,
    pub role: &'a str,
    pub password_hash: &'a str,
    pub is_superuser: bool,
    pub date_joined: Timestamp,
}

row! {
    /// What somebody is called.
    pub struct NamedUser {
        /// Who.
        pub id: UserId,
        /// Their company.
        pub company_id: Option<CompanyId>,
        /// Whether they may sign in and receive clients.
        pub is_active: bool,
        /// The name they sign in with.
        pub username: String,
        /// First name, perhaps empty.
        pub first_name: String,
        /// Last name, perhaps empty.
        pub last_name: String,
    }
}

impl NamedUser {
    /// How they are called in timelines.
    pub fn display_name(&self) -> DisplayName {
        DisplayName::new(&self.first_name, &self.last_name, &self.username)
    }
}

const SELECT_USER: &str = "SELECT u.id, u.company_id, c.name AS company_name,
             c.specialization AS company_specialization,
             EXISTS (SELECT 1 FROM subscription s WHERE s.company_id = u.company_id AND s.is_active)
                 AS subscribed,
             u.username, u.email, u.first_name, u.last_name, u.phone, u.profile_photo,
             p.photo_key, u.role AS role_word, u.password_hash, u.is_active, u.is_staff, u.is_superuser,
             u.email_verified, u.date_joined, u.last_login, u.tokens_valid_from,
             u.spared_access_issued_at";

statements! {
    READ_SOME = [
        "SELECT u.id, u.company_id, c.name AS company_name,
             c.specialization AS company_specialization,
             EXISTS (SELECT 1 FROM subscription s WHERE s.company_id = u.company_id AND s.is_active)
                 AS subscribed,
             u.username, u.email, u.first_name, u.last_name, u.phone, u.profile_photo,
             p.photo_key, u.role AS role_word, u.password_hash, u.is_active, u.is_staff, u.is_superuser,
             u.email_verified, u.date_joined, u.last_login, u.tokens_valid_from,
             u.spared_access_issued_at
         FROM user_account u
         LEFT JOIN company c ON c.id = u.company_id
         LEFT JOIN user_photo p ON p.user_id = u.id
         WHERE u.id" IN_IDS
    ];
    READ_ALL = [
        "SELECT u.id, u.company_id, c.name AS company_name,
             c.specialization AS company_specialization,
             EXISTS (SELECT 1 FROM subscription s WHERE s.company_id = u.company_id AND s.is_active)
                 AS subscribed,
             u.username, u.email, u.first_name, u.last_name, u.phone, u.profile_photo,
             p.photo_key, u.role AS role_word, u.password_hash, u.is_active, u.is_staff, u.is_superuser,
             u.email_verified, u.date_joined, u.last_login, u.tokens_valid_from,
             u.spared_access_issued_at
         FROM user_account u
         LEFT JOIN company c ON c.id = u.company_id
         LEFT JOIN user_photo p ON p.user_id = u.id
         WHERE $1 = 0 OR u.company_id = $1
         ORDER BY u.id"
    ];
    READ_NAMES = [
        "SELECT id, company_id, is_active, username, first_name, last_name
         FROM user_account
         WHERE id" IN_IDS
    ];
    COUNT = ["SELECT COUNT(*) FROM user_account"];
    FIND_BY_NAME = ["SELECT id FROM user_account WHERE username = $1"];
    /// Columns have their ASCII letters lowered alone; the engines differ in what else they would
    /// do to a parameter.
    FIND_BY_EMAIL = ["SELECT id FROM user_account WHERE LOWER(email) = $1 ORDER BY id LIMIT 1"];
    /// An exact match comes first, should there be people whose names differ in case alone.
    FIND_BY_NAME_IN_ANY_CASE = [
        "SELECT id
         FROM user_account
         WHERE LOWER(username) = $1
         ORDER BY CASE WHEN username = $2 THEN 0 ELSE 1 END, id
         LIMIT 1"
    ];
    SOMEBODYS_HASH = [
        "SELECT password_hash
         FROM user_account
         WHERE id >= $1 % (SELECT MAX(id) + 1 FROM user_account)
         ORDER BY id
         LIMIT 1"
    ];
    INSERT = [
        "INSERT INTO user_account (id, company_id, username, email, first_name, last_name, role,
             password_hash, is_active, is_staff, is_superuser, email_verified, date_joined, phone)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, TRUE, $9, $9, FALSE, $10, $11)"
    ];
    SAVE_PASSWORD = ["UPDATE user_account SET password_hash = $2 WHERE id = $1"];
    /// Only when nobody has set another password meanwhile.
    REPLACE_PASSWORD = [
        "UPDATE user_account SET password_hash = $3 WHERE id = $1 AND password_hash = $2"
    ];
    SAVE_LAST_LOGIN = ["UPDATE user_account SET last_login = $2 WHERE id = $1"];
    SAVE_ACTIVE = ["UPDATE user_account SET is_active = $2 WHERE id = $1"];
}

impl Reader {
    /// The person with that id.
    pub async fn user(&mut self, id: UserId) -> Result<Option<User>> {
        Ok(self.users_with(&[id]).await?.pop())
    }

    /// The people with those ids, in no particular order.
    pub async fn users_with(&mut self, ids: &[UserId]) -> Result<Vec<User>> {
        let ids = serde_json::to_string(ids)?;
        fetch_all!(self, User, READ_SOME, &ids)
    }

    /// The people of a company, or everybody, by id.
    pub async fn users(&mut self, company: Option<CompanyId>) -> Result<Vec<User>> {
        fetch_all!(self, User, READ_ALL, company.map_or(0, CompanyId::get))
    }

    /// How many users there are.
    pub async fn count_users(&mut self) -> Result<i64> {
        Ok(fetch_one!(self, (i64,), COUNT)?.0)
    }

    /// What those people are called; ids that are nobody's are left out.
    pub async fn named_users(&mut self, ids: &BTreeSet<UserId>) -> Result<Vec<NamedUser>> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let ids = serde_json::to_string(ids)?;
        fetch_all!(self, NamedUser, READ_NAMES, &ids)
    }

    /// The person who signs in as that: an e-mail address in any case, or the exact user name
    /// (contract, section 2.4).
    pub async fn find_user(&mut self, login: &str) -> Result<Option<User>> {
        let found = if login.contains('@') {
            fetch_optional!(self, (i64,), FIND_BY_EMAIL, login.to_ascii_lowercase())?
        } else {
            fetch_optional!(self, (i64,), FIND_BY_NAME, login)?
        };
        match found {
            Some((id,)) => self.user(UserId::new(id)).await,
            None => Ok(None),
        }
    }

    /// The person with that e-mail address or user name, either in any case: who asks for a code
    /// to sign in with (contract, section 2.4).
    pub async fn find_user_in_any_case(&mut self, login: &str) -> Result<Option<User>> {
        let lowered = login.to_ascii_lowercase();
        let mut found = None;
        if login.contains('@') {
            found = fetch_optional!(self, (i64,), FIND_BY_EMAIL, &lowered)?;
        }
        if found.is_none() {
            let by_name = FIND_BY_NAME_IN_ANY_CASE;
            found = fetch_optional!(self, (i64,), by_name, &lowered, login)?;
        }
        match found {
            Some((id,)) => self.user(UserId::new(id)).await,
            None => Ok(None),
        }
    }

    /// The password's hash of whoever that number falls on, always the same person for a number while
    /// nobody comes or goes; `None` when there is nobody at all.
    pub async fn somebodys_password_hash(&mut self, number: u32) -> Result<Option<String>> {
        let found = fetch_optional!(self, (String,), SOMEBODYS_HASH, i64::from(number))?;
        Ok(found.map(|(hash,)| hash))
    }
}

impl Tx {
    /// Creates a person who may sign in; [`crate::Error::Conflict`] when the user name, the
    /// e-mail address or the phone number is taken.
    pub async fn create_user(&mut self, new: NewUser<'_>) -> Result<UserId> {
        let id = self.take_id(Sequence::UserAccount).await?;
        execute!(
            self,
            INSERT,
            id,
            new.company.map(CompanyId::get),
            new.username,
            new.email,
            new.first_name,
            new.last_name,
            new.role,
            new.password_hash,
            new.is_superuser,
            new.date_joined.microseconds(),
            new.phone
        )?;
        Ok(UserId::new(id))
    }

    /// Sets the password's hash. Whoever knew the old password must not stay signed in: see
    /// [`Tx::revoke_tokens`].
    pub async fn save_password(&mut self, user: UserId, hash: &str) -> Result<()> {
        execute!(self, SAVE_PASSWORD, user.get(), hash)?;
        Ok(())
    }

    /// Replaces a password's hash, unless it has changed meanwhile; whether it did.
    pub async fn replace_password(&mut self, user: UserId, old: &str, new: &str) -> Result<bool> {
        Ok(execute!(self, REPLACE_PASSWORD, user.get(), old, new)? > 0)
    }

    /// Notes that the person has signed in.
    pub async fn save_last_login(&mut self, user: UserId, at: Timestamp) -> Result<()> {
        execute!(self, SAVE_LAST_LOGIN, user.get(), at.microseconds())?;
        Ok(())
    }

    /// Lets the person sign in and receive clients, or not. Their tokens are to be taken back
    /// together with it, lest they come back to life one day: see [`Tx::revoke_tokens`].
    pub async fn save_active(&mut self, user: UserId, is_active: bool) -> Result<()> {
        execute!(self, SAVE_ACTIVE, user.get(), is_active)?;
        Ok(())
    }
}
