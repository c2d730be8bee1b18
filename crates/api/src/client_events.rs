//! The timeline of clients (contract, section 2.10).

use crate::api_keys::author_name;
use crate::state::Shared;
use crate::wire::caller::{PathId, Subscriber};
use crate::wire::failure::{Answer, Failure};
use crate::wire::fields::Whole;
use crate::wire::list::{ListQuery, Listed, PageQuery};
use axum::Json;
use axum::extract::State;
use serde::Serialize;
use tawzi_app::{ClientEvent, Thing};
use tawzi_core::id::{ClientEventId, ClientId, UserId};
use tawzi_core::time::Timestamp;
use utoipa::{IntoParams, ToSchema};

/// One line of a timeline.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EventBody {
    id: ClientEventId,
    client: ClientId,
    /// `status_change`, `assignment`, `re_assignment` or `edit`; imported events may have other
    /// words.
    event_type: String,
    /// What it was.
    #[schema(required)]
    old_value: Option<String>,
    /// What it has become.
    #[schema(required)]
    new_value: Option<String>,
    /// A sentence about it.
    #[schema(required)]
    notes: Option<String>,
    /// Whoever did it; null for the server itself.
    #[schema(required)]
    created_by: Option<UserId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    created_by_username: Option<String>,
    created_at: Timestamp,
}

/// Whose timeline it is.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "it describes the query for the document")]
struct EventQuery {
    /// One client's; without it, those of all that the caller may see.
    #[param(required = false, example = 1)]
    client: i64,
}

/// Lists what happened to clients, the newest first.
#[utoipa::path(
    get,
    path = "/api/client-events/",
    tag = "client_events",
    params(PageQuery, EventQuery),
    responses((status = 200, body = Listed<EventBody>))
)]
pub(crate) async fn list(
    State(state): State<Shared>,
    Subscriber(actor): Subscriber,
    query: ListQuery,
) -> Answer<Json<Listed<EventBody>>> {
    let client = client_of(&query)?;
    let fetch = |page| tawzi_app::list_events(&state.app, &actor, client, page);
    query.list(fetch, EventBody::from).await
}

/// Shows a line of a timeline.
#[utoipa::path(
    get,
    path = "/api/client-events/{id}/",
    tag = "client_events",
    responses((status = 200, body = EventBody))
)]
pub(crate) async fn read(
    State(state): State<Shared>,
    Subscriber(actor): Subscriber,
    id: PathId,
) -> Answer<Json<EventBody>> {
    let id = ClientEventId::new(id.number(Thing::ClientEvent)?);
    let event = tawzi_app::read_event(&state.app, &actor, id).await?;
    Ok(Json(event.into()))
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

impl From<ClientEvent> for EventBody {
    fn from(event: ClientEvent) -> Self {
        Self {
            id: event.id,
            client: event.client_id,
            event_type: event.event_type,
            old_value: event.old_value,
            new_value: event.new_value,
            notes: event.notes,
            created_by: event.created_by,
            created_by_username: author_name(event.created_by_username, event.api_key_name),
            created_at: event.created_at,
        }
    }
}
