//! Reading on in a list from behind a row: where that row stands is said by what the list is ordered by, so that it
//! makes no difference which rows have come or gone meanwhile, that row among them.

use crate::db::query::{Query, nullable_key};
use serde::{Deserialize, Serialize};

/// Where a row stands in a list: what it has of each key of the order, and its id.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Position {
    /// What it has of each key.
    pub keys: Vec<PositionKey>,
    /// Its id, which decides among equals.
    pub id: i64,
}

/// What a row has of a key.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(untagged)]
pub enum PositionKey {
    /// A number, a moment or an amount; perhaps none.
    Number(Option<i64>),
    /// A text.
    Text(String),
}

/// From where on a list is read.
#[derive(Clone, Debug)]
pub enum Start {
    /// From the row on before which there are so many.
    Offset(i64),
    /// From behind the row that stands there.
    After(Position),
}

impl From<i64> for Start {
    fn from(offset: i64) -> Self {
        Self::Offset(offset)
    }
}

/// A key of an order.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OrderKey {
    pub(crate) column: &'static str,
    pub(crate) can_be_null: bool,
    pub(crate) is_text: bool,
    pub(crate) descending: bool,
}

/// The order of a list: its keys, and the column of the ids.
#[derive(Clone, Debug)]
pub(crate) struct Order {
    pub(crate) keys: Vec<OrderKey>,
    pub(crate) id: OrderKey,
}

impl OrderKey {
    /// A key that every row has, of numbers.
    pub(crate) const fn number(column: &'static str, descending: bool) -> Self {
        Self {
            column,
            can_be_null: false,
            is_text: false,
            descending,
        }
    }

    /// Adds how rows are ordered by it, in the order of an index.
    fn push_to(self, query: &mut String) {
        query.push_str(self.column);
        query.push_str(match (self.can_be_null, self.descending) {
            (true, descending) => nullable_key(descending),
            (false, true) => " DESC, ",
            (false, false) => ", ",
        });
    }

    /// Adds that a row stands behind that place by this key.
    fn push_behind<'q>(self, query: &mut Query<'q>, place: &'q PositionKey) {
        let column = self.column;
        if *place == PositionKey::Number(None) {
            // What there is none of stands first, or last when the largest comes first.
            if self.descending {
                query.push("FALSE");
            } else {
                query.push(column).push(" IS NOT NULL");
            }
            return;
        }
        query.push("(").push(column);
        query.push(if self.descending { " < " } else { " > " });
        place.push_to(query);
        if self.can_be_null && self.descending {
            query.push(" OR ").push(column).push(" IS NULL");
        }
        query.push(")");
    }

    fn push_equal<'q>(self, query: &mut Query<'q>, place: &'q PositionKey) {
        query.push(self.column);
        if *place == PositionKey::Number(None) {
            query.push(" IS NULL");
        } else {
            query.push(" = ");
            place.push_to(query);
        }
    }

    /// Adds that a row does not stand before that place, as far as an index can be told so.
    fn push_not_before<'q>(self, query: &mut Query<'q>, place: &'q PositionKey) {
        if *place != PositionKey::Number(None) && !(self.can_be_null && self.descending) {
            query.push(" AND ").push(self.column);
            query.push(if self.descending { " <= " } else { " >= " });
            place.push_to(query);
        }
    }

    fn takes(self, place: &PositionKey) -> bool {
        match place {
            PositionKey::Number(None) => self.can_be_null,
            PositionKey::Number(Some(_)) => !self.is_text,
            PositionKey::Text(_) => self.is_text,
        }
    }
}

impl Order {
    /// Whether a row can stand there in a list of this order.
    fn has(&self, place: &Position) -> bool {
        place.keys.len() == self.keys.len()
            && self
                .keys
                .iter()
                .zip(&place.keys)
                .all(|(key, place)| key.takes(place))
    }

    /// The order as a clause of its own.
    pub(crate) fn clause(&self) -> String {
        let mut clause = " ORDER BY ".to_owned();
        for key in &self.keys {
            key.push_to(&mut clause);
        }
        clause.push_str(self.id.column);
        if self.id.descending {
            clause.push_str(" DESC");
        }
        clause
    }

    /// Adds from where on rows are wanted, in which order, and how many.
    pub(crate) fn push_part<'q>(&self, query: &mut Query<'q>, start: &'q Start, limit: i64) {
        let offset = match start {
            Start::Offset(offset) => *offset,
            Start::After(place) => {
                if self.has(place) {
                    self.push_after(query, place);
                } else {
                    query.push(" AND FALSE");
                }
                0
            }
        };
        query.push(&self.clause()).push_page(offset, limit);
    }

    /// Adds that only rows behind that place are wanted.
    fn push_after<'q>(&self, query: &mut Query<'q>, place: &'q Position) {
        if let (Some(first), Some(of_first)) = (self.keys.first(), place.keys.first()) {
            first.push_not_before(query, of_first);
        }
        query.push(" AND (");
        for (key, of_key) in self.keys.iter().zip(&place.keys) {
            key.push_behind(query, of_key);
            query.push(" OR ");
            key.push_equal(query, of_key);
            query.push(" AND (");
        }
        query.push(self.id.column);
        query.push(if self.id.descending { " < " } else { " > " });
        query.push_bind(place.id);
        for _ in &self.keys {
            query.push(")");
        }
        query.push(")");
    }
}

impl PositionKey {
    fn push_to<'q>(&'q self, query: &mut Query<'q>) {
        match self {
            Self::Number(number) => query.push_bind(*number),
            Self::Text(text) => query.push_bind(text),
        };
    }
}
