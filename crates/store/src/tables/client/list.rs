//! Lists of clients: filtered, searched, ordered, a page at a time. The text of the statement
//! depends on what was asked.

use super::{Client, ClientSelection, columns, joined};
use crate::db::dialect::Sql;
use crate::db::keyset::{Order, OrderKey, Position, PositionKey, Start};
use crate::db::query::Query;
use crate::db::tenant::Tenant;
use crate::db::value::{Bind, Value};
use crate::error::Result;
use tawzi_core::id::{CompanyId, StatusId, UserId};
use tawzi_core::money::Budget;
use tawzi_core::time::Timestamp;

/// Whose eyes a query looks through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Viewer {
    /// All clients of the company.
    Everything,
    /// Only what is assigned to that person.
    AssignedTo(UserId),
}

/// 0 is everything.
impl<'q> Bind<'q> for Viewer {
    fn value(self) -> Value<'q> {
        Value::Number(Some(match self {
            Self::Everything => 0,
            Self::AssignedTo(user) => user.get(),
        }))
    }
}

/// Which clients to list: those that meet every condition. A list without entries is none.
#[derive(Clone, Debug, Default)]
pub struct ClientFilter {
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
    /// Whether they are stale by their company's hours.
    pub stale: Option<bool>,
}

impl ClientSelection {
    /// Whether it asks for no more than words.
    pub(super) fn asks_for_words_alone(&self) -> bool {
        self.filter.types.is_empty()
            && self.filter.priorities.is_empty()
            && self.filter.statuses.is_empty()
            && self.asks_for_no_more()
    }

    /// Whether it asks for no more than types, priorities and statuses.
    pub(super) fn asks_for_kinds_alone(&self) -> bool {
        self.filter.words.is_empty() && self.asks_for_no_more()
    }

    /// Whether words and kinds are all that it can ask for.
    fn asks_for_no_more(&self) -> bool {
        self.viewer == Viewer::Everything
            && self.filter.assignees.is_empty()
            && self.filter.created_after.is_none()
            && self.filter.contacted_before.is_none()
            && self.filter.stale.is_none()
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

/// The page is cut out before anything is joined, so that nothing is joined in vain.
pub(crate) const PAGE: Sql =
    sql!((TEXT columns) " FROM (SELECT k.* FROM client k WHERE k.company_id = $1");
pub(crate) const JOINED: &str = concat!(") k", joined!());

impl ClientSelection {
    /// Adds everything behind the company.
    pub(super) fn push_to<'q>(&'q self, query: &mut Query<'q>, company: CompanyId) {
        if let Some((ids, (before, after))) = &self.candidates {
            query
                .push(" AND k.id")
                .push(before)
                .push_bind(ids)
                .push(after);
        }
        let filter = &self.filter;
        filter.push_kinds(query);
        filter.push_assignees(query);
        if let Some(at) = filter.created_after {
            query.push(" AND k.created_at > ").push_bind(at);
        }
        if let Some(at) = filter.contacted_before {
            query.push(" AND k.last_contacted_at < ").push_bind(at);
        }
        if let Some(stale) = filter.stale {
            query.push(if stale { " AND " } else { " AND NOT COALESCE(" });
            query
                .push("(k.assigned_to IS NOT NULL AND k.touched_at < ")
                .push_bind(self.now)
                .push(" - (SELECT c.re_assign_hours * 3600000000 FROM company c WHERE c.id = ")
                .push_bind(company)
                .push("))");
            if !stale {
                query.push(", FALSE)");
            }
        }
        if let Viewer::AssignedTo(user) = self.viewer {
            query.push(" AND k.assigned_to = ").push_bind(user);
        }
        for word in &self.words {
            word.push_to(query);
        }
    }
}

impl ClientFilter {
    /// Adds the conditions on the kind of clients.
    pub(super) fn push_kinds<'q>(&'q self, query: &mut Query<'q>) {
        query.push_choice(" AND ", "k.client_type", &self.types);
        query.push_choice(" AND ", "k.priority", &self.priorities);
        query.push_choice(" AND ", "k.status_id", self.statuses.iter().copied());
    }

    fn push_assignees(&self, query: &mut Query<'_>) {
        let assignees = || self.assignees.iter().copied().flatten();
        if !self.assignees.contains(&None) {
            query.push_choice(" AND ", "k.assigned_to", assignees());
            return;
        }
        query.push(" AND (k.assigned_to IS NULL");
        query.push_choice(" OR ", "k.assigned_to", assignees());
        query.push(")");
    }
}

impl Tenant<'_> {
    /// A page of the clients that are selected, in that order; ties by id.
    pub async fn clients(
        &mut self,
        selection: &ClientSelection,
        order: &[ClientOrder],
        start: impl Into<Start>,
        limit: i64,
    ) -> Result<Vec<Client>> {
        let (order, start) = (order_of(order), start.into());
        let mut query = self.query(PAGE);
        selection.push_to(&mut query, self.company());
        order.push_part(&mut query, &start, limit);
        query.push(JOINED).push(&order.clause());
        fetch!(self, query.persistent(selection.keeps_its_plan()))
    }
}

impl Client {
    /// Where it stands in a list of that order.
    pub fn position(&self, order: &[ClientOrder]) -> Position {
        let moment = |at: Option<Timestamp>| PositionKey::Number(at.map(Timestamp::microseconds));
        let key = |order: &ClientOrder| match order.key {
            SortKey::CreatedAt => moment(Some(self.created_at)),
            SortKey::Name => PositionKey::Text(self.name.clone()),
            SortKey::Priority => PositionKey::Text(self.priority.clone()),
            SortKey::Budget => PositionKey::Number(self.budget_hundredths.map(Budget::hundredths)),
            SortKey::AssignedAt => moment(self.assigned_at),
            SortKey::LastContactedAt => moment(self.last_contacted_at),
            SortKey::UpdatedAt => moment(Some(self.updated_at)),
        };
        Position {
            keys: or_newest_first(order).iter().map(key).collect(),
            id: self.id.get(),
        }
    }
}

fn or_newest_first(order: &[ClientOrder]) -> &[ClientOrder] {
    if order.is_empty() {
        &[ClientOrder::NEWEST_FIRST]
    } else {
        order
    }
}

pub(crate) fn order_of(order: &[ClientOrder]) -> Order {
    let order = or_newest_first(order);
    let key = |ClientOrder { key, descending }: &ClientOrder| {
        let (column, can_be_null, is_text) = match key {
            SortKey::CreatedAt => ("k.created_at", false, false),
            SortKey::Name => ("k.name", false, true),
            SortKey::Priority => ("k.priority", false, true),
            SortKey::Budget => ("k.budget_hundredths", true, false),
            SortKey::AssignedAt => ("k.assigned_at", true, false),
            SortKey::LastContactedAt => ("k.last_contacted_at", true, false),
            SortKey::UpdatedAt => ("k.updated_at", false, false),
        };
        OrderKey {
            column,
            can_be_null,
            is_text,
            descending: *descending,
        }
    };
    // The newest of those created in the same moment has the highest id.
    let by_creation = order
        .last()
        .is_some_and(|o| o.key == SortKey::CreatedAt && o.descending);
    Order {
        keys: order.iter().map(key).collect(),
        id: OrderKey::number("k.id", by_creation),
    }
}
