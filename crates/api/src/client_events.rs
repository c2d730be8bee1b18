//! The timeline of clients (contract, section 2.10).

use crate::Shared;
use crate::api_keys::author_name;
use crate::wire::answer::answer;
use crate::wire::caller::Subscriber;
use crate::wire::failure::{Answer, Failure};
use crate::wire::fields::Whole;
use crate::wire::list::{CursorQuery, ListQuery, Listed, PageQuery, SearchQuery};
use crate::wire::operations::operations;
use axum::Json;
use axum::extract::State;
use tawzi_app::ClientEvent;
use tawzi_core::id::{ClientEventId, ClientId, UserId};
use tawzi_core::time::Timestamp;

answer! {
    /// One line of a timeline.
    pub(crate) struct EventBody of event: ClientEvent {
        always id: ClientEventId;
        always client: ClientId = event.client_id;
        /// `status_change`, `assignment`, `re_assignment` or `edit`; imported events may have other
        /// words.
        always event_type: String;
        /// What it was.
        nullable old_value: String;
        /// What it has become.
        nullable new_value: String;
        /// A sentence about it.
        nullable notes: String;
        /// Whoever did it; null for the server itself.
        nullable created_by: UserId;
        perhaps created_by_username: String =
            author_name(event.created_by_username, event.api_key_name);
        always created_at: Timestamp;
    }
}

/// Lists what happened to clients, the newest first.
///
/// A search looks at what happened, at the sentence about it, and at the names of clients; without `client`
/// through the newest 50,000 lines of the company.
#[utoipa::path(
    get,
    path = "/api/client-events/",
    tag = "client_events",
    params(PageQuery, CursorQuery, SearchQuery, ("client" = Option<i64>, Query, nullable = false,
        description = "One client's; without it, those of all that the caller may see.", example = 1)),
    responses((status = 200, body = Listed<EventBody>))
)]
pub(crate) async fn list(
    State(state): State<Shared>,
    Subscriber(actor): Subscriber,
    query: ListQuery,
) -> Answer<Json<Listed<EventBody>>> {
    let client = client_of(&query)?;
    let words = query.words()?;
    let fetch = |page| tawzi_app::list_events(&state.app, &actor, client, &words, page);
    query.list(fetch, EventBody::new).await
}

operations! {
    in "client_events", each a ClientEventId, answering EventBody by |event, _| EventBody::new(event);

    /// Shows a line of a timeline.
    read at "/api/client-events/{id}/" for Subscriber calls read_event;
}

/// The client whose events are wanted; `None` for all.
fn client_of(query: &ListQuery) -> Answer<Option<ClientId>> {
    let Some(text) = query.parameter("client").filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    match Whole::parse(text) {
        Some(Whole::Fits(id)) if id > 0 => Ok(Some(ClientId::new(id))),
        // Nobody's id; 0 would mean all to the verb.
        Some(_) => Ok(Some(ClientId::new(-1))),
        None => Err(Failure::bad_request("client must be a number.")),
    }
}
