//! Lists of clients: filtered, searched, ordered, a page at a time. The text of the statement
//! depends on what was asked.

use super::{Client, ClientSelection};
use crate::db::dialect::in_ids;
use crate::db::run;
use crate::db::tenant::Tenant;
use crate::error::Result;
use tawzi_core::id::{StatusId, UserId};
use tawzi_core::time::Timestamp;

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

/// Which clients to list: those that meet every condition. A list without entries is none.
#[derive(Clone, Debug)]
pub struct ClientFilter {
    /// Whose eyes.
    pub viewer: Viewer,
    /// Words that must all occur, each in any of: name, phone number, priority, type, channel,
    /// status.
    pub words: Vec<String>,
    /// Their type is one of these words.
    pub types: Vec<String>,
    /// Their priority is one of these words.
    pub priorities: Vec<String>,
    /// Their status is one of these.
    pub statuses: Vec<StatusId>,
    /// One of these people holds them, or nobody does if `None` is among them.
    pub assignees: Vec<Option<UserId>>,
    /// They were created later than that.
    pub created_after: Option<Timestamp>,
    /// They were last contacted earlier than that; not those that nobody has contacted.
    pub contacted_before: Option<Timestamp>,
    /// Whether they are stale by their company's hours, and at which moment that is asked.
    pub stale: Option<(bool, Timestamp)>,
}

impl ClientFilter {
    /// Everything that the viewer may see.
    pub const fn seen_by(viewer: Viewer) -> Self {
        Self {
            viewer,
            words: Vec::new(),
            types: Vec::new(),
            priorities: Vec::new(),
            statuses: Vec::new(),
            assignees: Vec::new(),
            created_after: None,
            contacted_before: None,
            stale: None,
        }
    }

    /// Whether it asks for no more than words.
    pub(super) fn asks_for_words_alone(&self) -> bool {
        let kinds = self.types.is_empty() && self.priorities.is_empty() && self.statuses.is_empty();
        kinds && self.asks_for_no_more()
    }

    /// Whether it asks for no more than types, priorities and statuses.
    pub(super) fn asks_for_kinds_alone(&self) -> bool {
        self.words.is_empty() && self.asks_for_no_more()
    }

    /// Whether words and kinds are all that it can ask for.
    fn asks_for_no_more(&self) -> bool {
        self.viewer == Viewer::Everything
            && self.assignees.is_empty()
            && self.created_after.is_none()
            && self.contacted_before.is_none()
            && self.stale.is_none()
    }
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
    /// What they want to spend.
    Budget,
    /// When they were assigned.
    AssignedAt,
    /// When they were last contacted.
    LastContactedAt,
    /// When they were edited last.
    UpdatedAt,
}

impl SortKey {
    const fn can_be_null(self) -> bool {
        matches!(
            self,
            Self::Budget | Self::AssignedAt | Self::LastContactedAt
        )
    }
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
             u.username AS assigned_to_username, k.assigned_at, k.last_contacted_at,
             (SELECT k.touched_at + c.re_assign_hours * 3600000000 FROM company c
              WHERE c.id = k.company_id AND c.re_assign_enabled AND k.assigned_to IS NOT NULL)
                 AS due_at,
             k.created_at, k.updated_at";
/// The page is cut out before anything is joined, so that nothing is joined in vain.
pub(crate) const FROM_PAGE: &str = "
         FROM (SELECT k.* FROM client k WHERE k.company_id = ";
pub(crate) const JOINED: &str = ") k
         LEFT JOIN status s ON s.company_id = k.company_id AND s.id = k.status_id
         LEFT JOIN channel h ON h.company_id = k.company_id AND h.id = k.channel_id
         LEFT JOIN user_account u ON u.id = k.assigned_to";

/// Adds that a column is one of the values, unless there are none.
macro_rules! push_choice {
    ($query:expr, $column:literal, $values:expr) => {
        push_choice!($query, " AND ", $column, $values)
    };
    ($query:expr, $start:literal, $column:literal, $values:expr) => {
        if !$values.is_empty() {
            $query.push(concat!($start, $column, " IN ("));
            let mut list = $query.separated(", ");
            for value in $values {
                list.push_bind(value.clone());
            }
            $query.push(")");
        }
    };
}

/// Adds everything behind the company: it is a macro because the builder's type names the engine.
macro_rules! push_selection {
    ($query:expr, $company:expr, $selection:expr, $in_ids:expr) => {
        if let Some(candidates) = &$selection.candidates {
            $query
                .push(" AND k.id")
                .push($in_ids.0)
                .push_bind(candidates.clone())
                .push($in_ids.1);
        }
        let filter = &$selection.filter;
        push_choice!($query, "k.client_type", &filter.types);
        push_choice!($query, "k.priority", &filter.priorities);
        let statuses: Vec<_> = filter.statuses.iter().map(|id| id.get()).collect();
        push_choice!($query, "k.status_id", &statuses);
        let assignees: Vec<_> = filter
            .assignees
            .iter()
            .flatten()
            .map(|id| id.get())
            .collect();
        match (filter.assignees.contains(&None), assignees.is_empty()) {
            (true, true) => {
                $query.push(" AND k.assigned_to IS NULL");
            }
            (true, false) => {
                $query.push(" AND (k.assigned_to IS NULL OR (TRUE");
                push_choice!($query, "k.assigned_to", &assignees);
                $query.push("))");
            }
            (false, _) => push_choice!($query, "k.assigned_to", &assignees),
        }
        if let Some(at) = filter.created_after {
            $query
                .push(" AND k.created_at > ")
                .push_bind(at.microseconds());
        }
        if let Some(at) = filter.contacted_before {
            $query
                .push(" AND k.last_contacted_at < ")
                .push_bind(at.microseconds());
        }
        if let Some((stale, now)) = filter.stale {
            $query.push(if stale { " AND " } else { " AND NOT COALESCE(" });
            $query
                .push("(k.assigned_to IS NOT NULL AND k.touched_at < ")
                .push_bind(now.microseconds())
                .push(" - (SELECT c.re_assign_hours * 3600000000 FROM company c WHERE c.id = ")
                .push_bind($company)
                .push("))");
            if !stale {
                $query.push(", FALSE)");
            }
        }
        if let Viewer::AssignedTo(user) = filter.viewer {
            $query.push(" AND k.assigned_to = ").push_bind(user.get());
        }
        for word in &$selection.words {
            for (start, column) in [(" AND (", "k.name"), (" OR ", "k.phone_number")] {
                $query
                    .push(start)
                    .push("LOWER(")
                    .push(column)
                    .push(") LIKE ")
                    .push_bind(word.pattern.clone())
                    .push(" ESCAPE '\\'");
            }
            push_choice!($query, " OR ", "k.client_type", &word.types);
            push_choice!($query, " OR ", "k.priority", &word.priorities);
            push_choice!($query, " OR ", "k.status_id", &word.statuses);
            push_choice!($query, " OR ", "k.channel_id", &word.channels);
            $query.push(")");
        }
    };
}

pub(super) use {push_choice, push_selection};

impl Tenant<'_> {
    /// A page of the clients that are selected, in that order; ties by id.
    pub async fn clients(
        &mut self,
        selection: &ClientSelection,
        order: &[ClientOrder],
        offset: i64,
        limit: i64,
    ) -> Result<Vec<Client>> {
        let company = self.company().get();
        let order = order_by(order);
        let in_ids = in_ids(self.reader().engine());
        Ok(on!(self, connection => {
            let mut query = sqlx::QueryBuilder::new(SELECT);
            query.push(FROM_PAGE).push_bind(company);
            push_selection!(query, company, selection, in_ids);
            query.push(&order);
            query.push(" LIMIT ").push_bind(limit);
            query.push(" OFFSET ").push_bind(offset);
            query.push(JOINED).push(&order);
            let query = query.build().persistent(selection.keeps_its_plan());
            run::fetch_all(connection, query).await?
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
            SortKey::Budget => "k.budget_hundredths",
            SortKey::AssignedAt => "k.assigned_at",
            SortKey::LastContactedAt => "k.last_contacted_at",
            SortKey::UpdatedAt => "k.updated_at",
        });
        // The engines disagree about where nothing belongs; where nothing cannot be, an index helps.
        text.push_str(match (key.can_be_null(), *descending) {
            (false, false) => ", ",
            (false, true) => " DESC, ",
            (true, false) => " NULLS FIRST, ",
            (true, true) => " DESC NULLS LAST, ",
        });
    }
    // The newest of those created in the same moment has the highest id.
    let by_creation = order
        .last()
        .is_some_and(|o| o.key == SortKey::CreatedAt && o.descending);
    text.push_str(if by_creation { "k.id DESC" } else { "k.id" });
    text
}
