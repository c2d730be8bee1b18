//! Lists of clients: filtered, searched, ordered, a page at a time. The text of the statement
//! depends on what was asked.

use super::Client;
use crate::error::Result;
use crate::tenant::Tenant;
use tawzi_core::id::UserId;

/// Whose eyes a query looks through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Viewer {
    /// All clients of the company.
    Everything,
    /// Only what is assigned to that person.
    AssignedTo(UserId),
}

/// The viewer as a parameter: 0 is everything.
pub(crate) const fn bind_viewer(viewer: Viewer) -> i64 {
    match viewer {
        Viewer::Everything => 0,
        Viewer::AssignedTo(user) => user.get(),
    }
}

/// Which clients to list.
#[derive(Clone, Debug)]
pub struct ClientFilter {
    /// Whose eyes.
    pub viewer: Viewer,
    /// Words that must all occur, each in any of: name, phone number, priority, type, channel,
    /// status.
    pub words: Vec<String>,
}

/// What clients can be ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SortKey {
    /// When they were created.
    CreatedAt,
    /// Their name.
    Name,
    /// The word of their priority.
    Priority,
}

/// One key of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientOrder {
    /// By what.
    pub key: SortKey,
    /// Whether the largest comes first.
    pub descending: bool,
}

impl ClientOrder {
    /// The newest first.
    pub const NEWEST_FIRST: Self = Self {
        key: SortKey::CreatedAt,
        descending: true,
    };
}

pub(crate) const SELECT: &str =
    "SELECT k.id, k.company_id, k.name, k.priority, k.client_type, k.channel_id,
             h.name AS channel_name, k.status_id, s.name AS status_name,
             s.category AS status_category, k.budget_hundredths, k.phone_number, k.assigned_to,
             u.username AS assigned_to_username, k.assigned_at, k.last_contacted_at, k.created_at,
             k.updated_at";
const COUNT: &str = "SELECT COUNT(*)";
pub(crate) const FROM: &str = "
         FROM client k
         LEFT JOIN status s ON s.company_id = k.company_id AND s.id = k.status_id
         LEFT JOIN channel h ON h.company_id = k.company_id AND h.id = k.channel_id
         LEFT JOIN user_account u ON u.id = k.assigned_to
         WHERE k.company_id = ";

/// The columns a search looks into.
const SEARCHED: [&str; 6] = [
    "k.name",
    "k.phone_number",
    "k.priority",
    "k.client_type",
    "h.name",
    "s.name",
];

/// Adds everything behind the company: it is a macro because the builder's type names the engine.
macro_rules! push_filter {
    ($query:expr, $filter:expr) => {
        if let Viewer::AssignedTo(user) = $filter.viewer {
            $query.push(" AND k.assigned_to = ").push_bind(user.get());
        }
        for word in &$filter.words {
            let pattern = like_pattern(word);
            for (place, column) in SEARCHED.into_iter().enumerate() {
                $query
                    .push(if place == 0 { " AND (" } else { " OR " })
                    .push("LOWER(")
                    .push(column)
                    .push(") LIKE ")
                    .push_bind(pattern.clone())
                    .push(" ESCAPE '\\'");
            }
            $query.push(")");
        }
    };
}

impl Tenant<'_> {
    /// How many clients pass the filter.
    pub async fn count_clients(&mut self, filter: &ClientFilter) -> Result<i64> {
        let company = self.company().get();
        let (count,): (i64,) = on!(self, connection => {
            let mut query = sqlx::QueryBuilder::new(COUNT);
            query.push(FROM).push_bind(company);
            push_filter!(query, filter);
            query.build_query_as().fetch_one(connection).await?
        });
        Ok(count)
    }

    /// A page of the clients that pass the filter, in that order; ties by id.
    pub async fn clients(
        &mut self,
        filter: &ClientFilter,
        order: &[ClientOrder],
        offset: i64,
        limit: i64,
    ) -> Result<Vec<Client>> {
        let company = self.company().get();
        let order = order_by(order);
        Ok(on!(self, connection => {
            let mut query = sqlx::QueryBuilder::new(SELECT);
            query.push(FROM).push_bind(company);
            push_filter!(query, filter);
            query.push(&order);
            query.push(" LIMIT ").push_bind(limit);
            query.push(" OFFSET ").push_bind(offset);
            query.build_query_as().fetch_all(connection).await?
        }))
    }
}

pub(crate) fn order_by(order: &[ClientOrder]) -> String {
    let order = if order.is_empty() {
        &[ClientOrder::NEWEST_FIRST]
    } else {
        order
    };
    let mut text = String::from(" ORDER BY ");
    for ClientOrder { key, descending } in order {
        text.push_str(match key {
            SortKey::CreatedAt => "k.created_at",
            SortKey::Name => "k.name",
            SortKey::Priority => "k.priority",
        });
        text.push_str(if *descending { " DESC, " } else { ", " });
    }
    // The newest of those created in the same moment has the highest id.
    let by_creation = order
        .last()
        .is_some_and(|o| o.key == SortKey::CreatedAt && o.descending);
    text.push_str(if by_creation { "k.id DESC" } else { "k.id" });
    text
}

/// The pattern that finds the word anywhere, with its own `%`, `_` and `\` literal. Only its ASCII
/// letters are in lower case, as the columns' are: `SQLite` knows no others.
pub(crate) fn like_pattern(word: &str) -> String {
    let mut pattern = String::from("%");
    for letter in word.to_ascii_lowercase().chars() {
        if matches!(letter, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(letter);
    }
    pattern.push('%');
    pattern
}
