//! The timeline of clients (contract, section 2.10).

use crate::Shared;
use crate::caller::{PathId, Subscriber};
use crate::failure::{Answer, Failure};
use crate::fields::Whole;
use crate::list::{ListQuery, Listed};
use axum::Json;
use axum::extract::State;
use serde::Serialize;
use tawzi_app::ClientEvent;
use tawzi_core::id::{ClientEventId, ClientId, UserId};
use tawzi_core::time::Timestamp;

/// One line of a timeline.
#[derive(Debug, Serialize)]
pub(crate) struct EventBody {
    id: ClientEventId,
    client: ClientId,
    event_type: String,
    old_value: Option<String>,
    new_value: Option<String>,
    notes: Option<String>,
    created_by: Option<UserId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    created_by_username: Option<String>,
    created_at: Timestamp,
}

/// `GET /api/client-events/`
pub(crate) async fn list(
    State(state): State<Shared>,
    Subscriber(actor): Subscriber,
    query: ListQuery,
) -> Answer<Json<Listed<EventBody>>> {
    let client = client_of(&query)?;
    let fetch = |page| tawzi_app::list_events(&state.db, &actor, client, page);
    let page = query
        .page(async |page| Ok(fetch(page).await?.count))
        .await?;
    let found = fetch(page).await?;
    let rows = found.events.into_iter().map(EventBody::from).collect();
    Ok(query.answer(page, found.count, rows))
}

/// `GET /api/client-events/{id}/`
pub(crate) async fn read(
    State(state): State<Shared>,
    Subscriber(actor): Subscriber,
    id: PathId,
) -> Answer<Json<EventBody>> {
    let id = ClientEventId::new(id.number("ClientEvent")?);
    let event = tawzi_app::read_event(&state.db, &actor, id).await?;
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
            created_by_username: event.created_by_username,
            created_at: event.created_at,
        }
    }
}
