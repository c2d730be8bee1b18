//! People as those who administer them see them: lists, edits, and leaving for good.

use super::{SELECT_USER, User};
use crate::db::engine::{Reader, Tx};
use crate::db::run;
use crate::db::tenant::TenantTx;
use crate::error::Result;
use tawzi_core::id::{CompanyId, UserId};

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

/// What a person's own fields become.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the fields are those of User")]
pub struct UserEdit<'a> {
    pub username: &'a str,
    pub email: &'a str,
    pub first_name: &'a str,
    pub last_name: &'a str,
    pub phone: Option<&'a str>,
    pub role: &'a str,
}

/// What only one person can have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Taken {
    /// Somebody else has the user name.
    pub username: bool,
    /// Somebody else has the e-mail address, in whatever case.
    pub email: bool,
    /// Somebody else has the phone number.
    pub phone: bool,
}

const FROM: &str = "
         FROM user_account u
         LEFT JOIN company c ON c.id = u.company_id
         LEFT JOIN user_photo p ON p.user_id = u.id
         WHERE TRUE";

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
    FIND_TAKEN = [
        "SELECT COALESCE(MAX(CASE WHEN username = $1 THEN 1 ELSE 0 END), 0) = 1,
             COALESCE(MAX(CASE WHEN LOWER(email) = $2 THEN 1 ELSE 0 END), 0) = 1,
             COALESCE(MAX(CASE WHEN phone = $3 THEN 1 ELSE 0 END), 0) = 1
         FROM user_account
         WHERE id <> $4 AND (username = $1 OR LOWER(email) = $2 OR phone = $3)"
    ];
    SAVE = [
        "UPDATE user_account
         SET username = $2, email = $3, first_name = $4, last_name = $5, phone = $6, role = $7
         WHERE id = $1"
    ];
    FORGET_AS_AUTHOR_OF_TASKS = [
        "UPDATE client_task SET created_by = NULL WHERE company_id = $1 AND created_by = $2"
    ];
    FORGET_AS_AUTHOR_OF_EVENTS = [
        "UPDATE client_event SET created_by = NULL WHERE company_id = $1 AND created_by = $2"
    ];
    DELETE_LOAD = ["DELETE FROM employee_load WHERE company_id = $1 AND user_id = $2"];
    DELETE = ["DELETE FROM user_account WHERE company_id = $1 AND id = $2"];
}

/// Adds everything behind `WHERE TRUE`.
macro_rules! push_filter {
    ($query:expr, $scope:expr, $words:expr) => {
        match $scope {
            UserScope::Everybody => {}
            UserScope::Company(company) => {
                $query.push(" AND u.company_id = ").push_bind(company.get());
            }
            UserScope::Only(user) => {
                $query.push(" AND u.id = ").push_bind(user.get());
            }
        }
        push_words!($query, $words, SEARCHED);
    };
}

impl Reader {
    /// How many of those people have all the words.
    pub async fn count_found_users(&mut self, scope: UserScope, words: &[String]) -> Result<i64> {
        let (count,): (i64,) = on!(self, connection => {
            let mut query = sqlx::QueryBuilder::new("SELECT COUNT(*)");
            query.push(FROM);
            push_filter!(query, scope, words);
            run::fetch_one(connection, query.build()).await?
        });
        Ok(count)
    }

    /// A page of them; without an order those who joined last come first.
    pub async fn find_users(
        &mut self,
        scope: UserScope,
        words: &[String],
        order: &[(UserOrder, bool)],
        offset: i64,
        limit: i64,
    ) -> Result<Vec<User>> {
        let order = order_by(order);
        Ok(on!(self, connection => {
            let mut query = sqlx::QueryBuilder::new(SELECT_USER);
            query.push(FROM);
            push_filter!(query, scope, words);
            query.push(&order);
            query.push(" LIMIT ").push_bind(limit);
            query.push(" OFFSET ").push_bind(offset);
            run::fetch_all(connection, query.build()).await?
        }))
    }

    /// What of this somebody other than `except` has already.
    pub async fn taken(
        &mut self,
        username: &str,
        email: &str,
        phone: Option<&str>,
        except: Option<UserId>,
    ) -> Result<Taken> {
        let except = except.map_or(0, UserId::get);
        let (username, email, phone) = fetch_one!(
            self,
            (bool, bool, bool),
            FIND_TAKEN,
            username,
            email.to_ascii_lowercase(),
            phone,
            except
        )?;
        Ok(Taken {
            username,
            email,
            phone,
        })
    }
}

impl Tx {
    /// Saves the person's own fields; [`crate::Error::Conflict`] when somebody has the user name,
    /// e-mail address or phone number.
    pub async fn save_user(&mut self, user: UserId, edit: &UserEdit<'_>) -> Result<()> {
        execute!(
            self,
            SAVE,
            user.get(),
            edit.username,
            edit.email,
            edit.first_name,
            edit.last_name,
            edit.phone,
            edit.role
        )?;
        Ok(())
    }
}

impl TenantTx<'_> {
    /// Deletes a person of this company; what they wrote stays, with nobody as its author.
    /// [`crate::Error::Conflict`] while they hold clients, own a company, or stand in the tables of
    /// another one.
    pub async fn delete_user(&mut self, user: UserId) -> Result<()> {
        let company = self.company().get();
        execute!(self, FORGET_AS_AUTHOR_OF_TASKS, company, user.get())?;
        execute!(self, FORGET_AS_AUTHOR_OF_EVENTS, company, user.get())?;
        execute!(self, DELETE_LOAD, company, user.get())?;
        execute!(self, DELETE, company, user.get())?;
        Ok(())
    }
}

fn order_by(order: &[(UserOrder, bool)]) -> String {
    let mut text = String::from(" ORDER BY ");
    let newest_first = [(UserOrder::DateJoined, true)];
    let order = if order.is_empty() {
        &newest_first
    } else {
        order
    };
    for (key, descending) in order {
        text.push_str(match key {
            UserOrder::DateJoined => "u.date_joined",
            UserOrder::LastLogin => "u.last_login",
            UserOrder::Username => "u.username",
        });
        // The engines disagree about where nothing belongs.
        text.push_str(if *descending {
            " DESC NULLS LAST, "
        } else {
            " NULLS FIRST, "
        });
    }
    text.push_str("u.id DESC");
    text
}
