//! Lists: which part, in which order, with which words, and the addresses of the parts beside it.

use crate::wire::conditions::{Conditions, no_such};
use crate::wire::failure::{Answer, Failure};
use crate::wire::fields::FieldErrors;
use axum::Json;
use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;
use serde::Serialize;
use tawzi_app::{Counting, Cursor, Page, PageRequest, Reading, Thing};
use tawzi_web::ServerAddress;
use utoipa::{IntoParams, ToSchema};

/// How many rows a page has unless something else is asked: the web client never asks for a second
/// page (contract, section 0, 6).
const PAGE_SIZE: i64 = 100;

/// How many it can have.
const MAX_PAGE_SIZE: i64 = 1000;

/// How many words of a search are looked for; further ones are passed over.
const MAX_WORDS: usize = 10;

/// Why a list has no last page that can be asked for.
const TOO_LONG_FOR_LAST: &str =
    "This list is too long for its last page to be known; reverse its order instead.";

/// How long a search can be.
const MAX_SEARCH_CHARACTERS: usize = 1000;

/// The query of a list's address, and that address.
#[derive(Debug)]
pub(crate) struct ListQuery {
    parameters: Vec<(String, String)>,
    raw: String,
    path: String,
    address: String,
}

/// Which page of a list.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "it describes the query for the document")]
pub(crate) struct PageQuery {
    /// A number from 1, or `last`, which lists of more than 200,000 rows may refuse.
    #[param(
        required = false,
        pattern = "^(0*[1-9][0-9]{0,17}|last)$",
        example = "1"
    )]
    page: String,
    /// How many rows a page has: 1 to 1000; 100 when it is something else, and 1000 when it is more.
    #[param(required = false, example = "50")]
    page_size: String,
}

/// From where on a list is read.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "it describes the query for the document")]
pub(crate) struct CursorQuery {
    /// Instead of `page`, for a list that is read to its end while rows come and go: empty at first, then `next_cursor`
    /// of the answer before, with the same conditions and order. No row that is there all the time is left out or
    /// repeated. `count` is left out.
    #[param(required = false, max_length = 8192, example = "")]
    cursor: String,
}

/// What is searched for in a list.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "it describes the query for the document")]
pub(crate) struct SearchQuery {
    /// Words, all of which are found; what stands in quotes is one. At most 10 are looked for.
    #[param(
        required = false,
        max_length = 1000,
        pattern = r"^[^\x00]*$",
        example = "rana"
    )]
    search: String,
}

/// A page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Listed<T> {
    /// How many there are on all pages; where that is not known, at least how many. Left out where `cursor` was sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    count: Option<i64>,
    /// True when there may be more than `count`, which is left out when it says how many there are.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[schema(required = false)]
    count_is_lower_bound: bool,
    /// Where `cursor` was sent, the next one; null at the end of the list.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[expect(clippy::option_option, reason = "absent and null are two things")]
    next_cursor: Option<Option<String>>,
    /// The address of the next page.
    #[schema(required)]
    next: Option<String>,
    /// The address of the page before.
    #[schema(required)]
    previous: Option<String>,
    /// Those of this page.
    results: Vec<T>,
}

impl<S: Send + Sync> FromRequestParts<S> for ListQuery {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Answer<Self> {
        let parameters = Query::<Vec<(String, String)>>::try_from_uri(&parts.uri);
        let parameters = parameters.map_or(Vec::new(), |Query(parameters)| parameters);
        if let Some(conditions) = parts.extensions.get::<Conditions>() {
            conditions.require(parameters.iter().map(|(name, _)| name.as_str()))?;
        }
        let server = match ServerAddress::from_request_parts(parts, state).await {
            Ok(server) => server,
            Err(never) => match never {},
        };
        Ok(Self {
            parameters,
            raw: parts.uri.query().unwrap_or_default().to_owned(),
            path: parts.uri.path().to_owned(),
            address: server.of(parts.uri.path()),
        })
    }
}

impl ListQuery {
    /// The value of a parameter; the last one, when it is there more than once.
    pub(crate) fn parameter(&self, name: &str) -> Option<&str> {
        let named = self.parameters.iter().rev().find(|(key, _)| key == name);
        named.map(|(_, value)| value.as_str())
    }

    /// The part that is wanted, row by row.
    pub(crate) async fn list<T, B, F>(
        &self,
        fetch: impl Fn(PageRequest) -> F,
        body: impl Fn(T) -> B,
    ) -> Answer<Json<Listed<B>>>
    where
        F: Future<Output = tawzi_app::Result<Page<T>>>,
    {
        if let Some(reading) = self.reading()? {
            let page = PageRequest {
                reading,
                ..PageRequest::new(1, self.size())
            };
            let found = fetch(page).await?;
            let next = found.next.map(|place| Cursor::new(place, &self.asked()));
            let next = next.map(|cursor| cursor.text());
            return Ok(Json(Listed {
                count: None,
                count_is_lower_bound: false,
                next: next
                    .as_deref()
                    .map(|next| self.address_with("cursor", Some(next))),
                next_cursor: Some(next),
                previous: None,
                results: found.rows.into_iter().map(body).collect(),
            }));
        }
        let count = async |page| {
            let found = fetch(page).await?;
            Ok((!found.is_lower_bound).then_some(found.count))
        };
        let page = self.page(count).await?;
        let found = fetch(page.clone()).await?;
        let rows = found.rows.into_iter().map(body).collect();
        let Json(listed) = self.answer(&page, found.count, rows);
        Ok(Json(Listed {
            count_is_lower_bound: found.is_lower_bound,
            ..listed
        }))
    }

    /// Which page is wanted. `count` tells how many rows there are, if that can be known; it is only asked for `last`.
    pub(crate) async fn page<F>(&self, count: impl FnOnce(PageRequest) -> F) -> Answer<PageRequest>
    where
        F: Future<Output = tawzi_app::Result<Option<i64>>>,
    {
        let size = self.size();
        let mut counting = Counting::AsEver;
        let number = match self.parameter("page") {
            None => 1,
            Some("last") => {
                counting = Counting::ToTheEnd;
                let first = PageRequest {
                    counting,
                    ..PageRequest::new(1, 1)
                };
                let rows = count(first).await?;
                let rows = rows.ok_or_else(|| Failure::bad_request(TOO_LONG_FOR_LAST))?;
                (rows.max(1) - 1) / size + 1
            }
            Some(number) => number.trim().parse().unwrap_or(0),
        };
        if number < 1 {
            return Err(tawzi_app::Error::NotFound(Thing::Page).into());
        }
        Ok(PageRequest {
            counting,
            ..PageRequest::new(number, size)
        })
    }

    /// How many rows a part has.
    fn size(&self) -> i64 {
        let size = self.parameter("page_size");
        let size = size.and_then(|size| size.parse().ok());
        size.filter(|&size: &i64| size > 0)
            .map_or(PAGE_SIZE, |size| size.min(MAX_PAGE_SIZE))
    }

    /// From where the list is read on, if it is.
    fn reading(&self) -> Answer<Option<Reading>> {
        let wrong = |sentence| Failure::fields(FieldErrors::of("cursor", sentence));
        let Some(cursor) = self.parameter("cursor") else {
            return Ok(None);
        };
        if self.parameter("page").is_some() {
            return Err(wrong("Send a page or a cursor, not both."));
        }
        if cursor.is_empty() {
            return Ok(Some(Reading::FromBeginning));
        }
        let place = Cursor::read(cursor, &self.asked());
        let place = place.ok_or_else(|| {
            wrong(
                "This cursor is not of this list in this order and with these conditions; begin again with an empty one.",
            )
        })?;
        Ok(Some(Reading::Behind(place)))
    }

    /// What list was asked for, whichever part of it.
    fn asked(&self) -> (&str, Vec<(&str, &str)>) {
        let parameters = self.parameters.iter();
        let parameters = parameters.map(|(name, value)| (name.as_str(), value.as_str()));
        let mut asked: Vec<_> = parameters
            .filter(|(name, _)| !["cursor", "page_size"].contains(name))
            .collect();
        asked.sort_unstable();
        (&self.path, asked)
    }

    /// The words that are searched for: separated by whitespace or commas, and what stands in
    /// quotes is one.
    pub(crate) fn words(&self) -> Answer<Vec<String>> {
        let search = self.parameter("search").unwrap_or_default();
        if search.contains('\0') {
            return Err(Failure::bad_request("Null characters are not allowed."));
        }
        if search.chars().count() > MAX_SEARCH_CHARACTERS {
            return Err(Failure::bad_request(format!(
                "Search for at most {MAX_SEARCH_CHARACTERS} characters."
            )));
        }
        let mut words = split(search);
        words.truncate(MAX_WORDS);
        Ok(words)
    }

    /// The keys of the order, each with whether the largest comes first. `keys` are those that the list has, by
    /// their names.
    pub(crate) fn order<K: Copy + PartialEq>(&self, keys: &[(&str, K)]) -> Answer<Vec<(K, bool)>> {
        let mut order: Vec<(K, bool)> = Vec::new();
        let names = self.parameter("ordering").unwrap_or_default().split(',');
        for name in names.map(str::trim).filter(|name| !name.is_empty()) {
            let descending = name.strip_prefix('-');
            let wanted = descending.unwrap_or(name);
            let Some(&(_, key)) = keys.iter().find(|(name, _)| *name == wanted) else {
                let known = keys.iter().map(|(name, _)| *name);
                let sentence = no_such("This list has no order", &[wanted], known);
                return Err(Failure::fields(FieldErrors::of("ordering", sentence)));
            };
            if !order.iter().any(|(earlier, _)| *earlier == key) {
                order.push((key, descending.is_some()));
            }
        }
        Ok(order)
    }

    /// The page, with the addresses of those beside it.
    pub(crate) fn answer<T>(
        &self,
        page: &PageRequest,
        count: i64,
        results: Vec<T>,
    ) -> Json<Listed<T>> {
        let last = (count.max(1) - 1) / page.size + 1;
        Json(Listed {
            count: Some(count),
            count_is_lower_bound: false,
            next_cursor: None,
            next: (page.number < last).then(|| self.address_of(page.number + 1)),
            previous: (page.number > 1).then(|| self.address_of(page.number - 1)),
            results,
        })
    }

    /// This list's address with another page; the first goes without a number.
    fn address_of(&self, number: i64) -> String {
        let number = number.to_string();
        self.address_with("page", Some(&*number).filter(|number| *number != "1"))
    }

    /// This list's address with another value of a parameter, or without it.
    fn address_with(&self, name: &str, value: Option<&str>) -> String {
        let changed = value.map(|value| format!("{name}={value}"));
        let others = self.raw.split('&').filter(|parameter| {
            let other = parameter.split('=').next().unwrap_or_default();
            other != name && !other.is_empty()
        });
        let parameters: Vec<_> = others.chain(changed.as_deref()).collect();
        if parameters.is_empty() {
            return self.address.clone();
        }
        format!("{}?{}", self.address, parameters.join("&"))
    }
}

/// The words of a search, as Django REST framework splits them.
fn split(search: &str) -> Vec<String> {
    let is_gap = |letter: char| letter.is_whitespace() || letter == ',';
    let mut words = Vec::new();
    let mut rest = search.trim_start_matches(is_gap);
    while let Some(first) = rest.chars().next() {
        let quoted = matches!(first, '"' | '\'')
            .then(|| rest[1..].split_once(first))
            .flatten();
        let (word, behind) = match quoted {
            Some(parts) => parts,
            None => rest.split_at(rest.find(is_gap).unwrap_or(rest.len())),
        };
        if !word.trim().is_empty() {
            words.push(word.to_owned());
        }
        rest = behind.trim_start_matches(is_gap);
    }
    words
}
