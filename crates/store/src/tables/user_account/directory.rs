//! People as those who administer them see them: lists, edits, and leaving for good.

use super::{User, users};
use crate::db::engine::Reader;
use crate::db::keyset::{Order, OrderKey, Position, PositionKey, Start};
use crate::db::query::Query;
use crate::db::tenant::TenantTx;
use crate::error::Result;
use tawzi_core::id::{CompanyId, UserId};
use tawzi_core::login::LoginKey;
use tawzi_core::time::Timestamp;

/// Which people somebody may see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UserScope {
    /// Everybody.
    Everybody,
    /// The people of a company.
    Company(CompanyId),
    /// One person.
    Only(UserId),
}

/// What people can be ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UserOrder {
    /// When they joined.
    DateJoined,
    /// When they signed in last.
    LastLogin,
    /// Their user name.
    Username,
}

row! {
    /// What only one person can have.
    #[derive(Copy, Default, PartialEq, Eq)]
    pub struct Taken {
        /// Somebody else has the user name, however it is written.
        pub username: bool,
        /// Somebody else has the e-mail address, however it is written.
        pub email: bool,
        /// Somebody else has the phone number.
        pub phone: bool,
    }
}

impl User {
    /// Where the person stands in a list of that order.
    pub fn position(&self, order: &[(UserOrder, bool)]) -> Position {
        let key = |(key, _): &(UserOrder, bool)| match key {
            UserOrder::DateJoined => PositionKey::Number(Some(self.date_joined.microseconds())),
            UserOrder::LastLogin => {
                PositionKey::Number(self.last_login.map(Timestamp::microseconds))
            }
            UserOrder::Username => PositionKey::Text(self.username.clone()),
        };
        Position {
            keys: or_newest_first(order).iter().map(key).collect(),
            id: self.id.get(),
        }
    }
}

fn or_newest_first(order: &[(UserOrder, bool)]) -> &[(UserOrder, bool)] {
    if order.is_empty() {
        &[(UserOrder::DateJoined, true)]
    } else {
        order
    }
}

fn order_of(order: &[(UserOrder, bool)]) -> Order {
    let key = |&(key, descending): &(UserOrder, bool)| {
        let (column, is_text) = match key {
            UserOrder::DateJoined => ("u.date_joined", false),
            UserOrder::LastLogin => ("u.last_login", false),
            UserOrder::Username => ("u.username", true),
        };
        OrderKey {
            column,
            can_be_null: key == UserOrder::LastLogin,
            is_text,
            descending,
        }
    };
    Order {
        keys: or_newest_first(order).iter().map(key).collect(),
        id: OrderKey::number("u.id", true),
    }
}

/// The columns a search looks into.
const SEARCHED: [&str; 6] = [
    "u.username",
    "u.email",
    "u.first_name",
    "u.last_name",
    "u.phone",
    "u.role",
];

statements! {
    const FORGET_AS_AUTHOR_OF_TASKS = [
        "UPDATE client_task SET created_by = NULL WHERE company_id = $1 AND created_by = $2"
    ];
    const FORGET_AS_AUTHOR_OF_EVENTS = [
        "UPDATE client_event SET created_by = NULL WHERE company_id = $1 AND created_by = $2"
    ];
    const DELETE_LOAD = ["DELETE FROM employee_load WHERE company_id = $1 AND user_id = $2"];
    const DELETE = ["DELETE FROM user_account WHERE company_id = $1 AND id = $2"];

    impl Reader {
        /// What of this somebody other than `except` has already.
        pub fn taken(username: &str, email: &str, phone: Option<&str>, except: Option<UserId>)
            with (LoginKey::of(username), LoginKey::of(email), phone,
                except.map_or(0, UserId::get)) -> Taken
        {
            "SELECT COALESCE(MAX(CASE WHEN username_key = $1 THEN 1 ELSE 0 END), 0) = 1 AS username,
                 COALESCE(MAX(CASE WHEN email_key = $2 THEN 1 ELSE 0 END), 0) = 1 AS email,
                 COALESCE(MAX(CASE WHEN phone = $3 THEN 1 ELSE 0 END), 0) = 1 AS phone
             FROM user_account
             WHERE id <> $4 AND (username_key = $1 OR email_key = $2 OR phone = $3)"
        }
    }

    impl Tx {
        /// Saves the person's own fields; [`crate::Error::Conflict`] when somebody has the user name,
        /// e-mail address or phone number. Another address is not verified.
        pub fn save_user(user: &User)
            with (user.id, &*user.username, &*user.email, &*user.first_name, &*user.last_name,
                user.phone.as_deref(), &*user.role_word, LoginKey::of(&user.username),
                LoginKey::of(&user.email))
        {
            "UPDATE user_account
             SET username = $2, email = $3, first_name = $4, last_name = $5, phone = $6, role = $7,
                 username_key = $8, email_key = $9,
                 email_verified = email_verified AND email_key = $9
             WHERE id = $1"
        }
    }
}

impl Reader {
    /// How many of those people have all the words.
    pub async fn count_found_users(&mut self, scope: UserScope, words: &[String]) -> Result<i64> {
        let mut query = self.query(sql!("SELECT COUNT(*) FROM user_account u WHERE TRUE"));
        push_filter(&mut query, scope, words);
        fetch!(self, query)
    }

    /// A page of them; without an order those who joined last come first.
    pub async fn find_users(
        &mut self,
        scope: UserScope,
        words: &[String],
        order: &[(UserOrder, bool)],
        start: impl Into<Start>,
        limit: i64,
    ) -> Result<Vec<User>> {
        let start = start.into();
        let mut query = self.query(sql!((TEXT users) " WHERE TRUE"));
        push_filter(&mut query, scope, words);
        order_of(order).push_part(&mut query, &start, limit);
        fetch!(self, query)
    }
}

impl TenantTx<'_> {
    /// Deletes a person of this company; what they wrote stays, with nobody as its author.
    /// [`crate::Error::Conflict`] while they hold clients, own a company, or stand in the tables of
    /// another one.
    pub async fn delete_user(&mut self, user: UserId) -> Result<()> {
        for statement in [
            FORGET_AS_AUTHOR_OF_TASKS,
            FORGET_AS_AUTHOR_OF_EVENTS,
            DELETE_LOAD,
            DELETE,
        ] {
            execute!(self, statement, self.company(), user)?;
        }
        Ok(())
    }
}

/// Adds everything behind `WHERE TRUE`.
fn push_filter(query: &mut Query<'_>, scope: UserScope, words: &[String]) {
    match scope {
        UserScope::Everybody => {}
        UserScope::Company(company) => {
            query.push(" AND u.company_id = ").push_bind(company);
        }
        UserScope::Only(user) => {
            query.push(" AND u.id = ").push_bind(user);
        }
    }
    query.push_words(words, &SEARCHED);
}
