//! By what people are found who sign in; see [`LoginKey`]. Whoever has no keys, since they were written by an older
//! program or by no program at all, gets them when one starts.

use crate::db::engine::Db;
use crate::error::{Error, Result};
use tawzi_core::id::UserId;
use tawzi_core::login::{LoginField, LoginKey, SharedLogin};

/// How many people get their keys at a time.
const AT_ONCE: i64 = 1_000;

/// How many of those who are in the way are named.
const NAMED: usize = 5;

statements! {
    impl Reader {
        fn logins() -> Vec<(UserId, String, String)> {
            "SELECT id, username, email FROM user_account ORDER BY id"
        }

        fn logins_without_keys(most: i64) -> Vec<(UserId, String, String)> {
            "SELECT id, username, email FROM user_account WHERE username_key IS NULL LIMIT $1"
        }
    }

    impl Tx {
        fn save_login_keys(user: UserId, username: &LoginKey, email: &LoginKey) {
            "UPDATE user_account SET username_key = $2, email_key = $3 WHERE id = $1"
        }
    }
}

impl Db {
    /// That no two people of a database of an older version would have the same keys, or a sentence that names them
    /// and says what to do. Nothing is changed.
    pub(crate) async fn require_distinct_logins(&self) -> Result<()> {
        let people = self.read().await?.logins().await?;
        let people = people.iter();
        let shared = SharedLogin::among(people.map(|(id, name, email)| (*id, &**name, &**email)));
        let Some(first) = shared.first() else {
            return Ok(());
        };
        let column = match first.field {
            LoginField::Username => "username",
            LoginField::Email => "email",
        };
        let url = self.url();
        let named = named(&shared);
        let [_, (second, _)] = &first.people;
        Err(Error::Schema(format!(
            "{url}: people are found by user name and e-mail address in upper and lower case alike, and no two may have \
             the same; {named}. Nothing was changed. Give one of them another, such as with: UPDATE user_account SET \
             {column} = 'ANOTHER' WHERE id = {second}; then run this again"
        )))
    }

    /// Gives keys to everybody who has none.
    pub(crate) async fn fill_login_keys(&self) -> Result<()> {
        loop {
            let without = self.read().await?.logins_without_keys(AT_ONCE).await?;
            if without.is_empty() {
                return Ok(());
            }
            let mut tx = self.begin().await?;
            for (id, username, email) in &without {
                let (username, email) = (LoginKey::of(username), LoginKey::of(email));
                match tx.save_login_keys(*id, &username, &email).await {
                    Err(Error::Conflict(error)) => {
                        drop(tx);
                        self.require_distinct_logins().await?;
                        return Err(Error::Conflict(error));
                    }
                    saved => saved?,
                }
            }
            tx.commit().await?;
        }
    }
}

/// Who is in the way, some of them at least.
pub(crate) fn named(shared: &[SharedLogin]) -> String {
    let mut sentences: Vec<_> = shared.iter().take(NAMED).map(ToString::to_string).collect();
    if shared.len() > NAMED {
        sentences.push(format!("and {} more", shared.len() - NAMED));
    }
    sentences.join(", ")
}
