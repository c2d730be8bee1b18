//! What happened to clients.

use crate::access::actor::Actor;
use crate::app::App;
use crate::error::{Result, Thing};
use crate::page::{Page, PageRequest};
use tawzi_core::id::{ClientEventId, ClientId};
use tawzi_store::ClientEvent;

/// A page of the events of one client, or of all clients that the person may see, in which all words occur.
pub async fn list_events(
    app: &App,
    actor: &Actor,
    client: Option<ClientId>,
    words: &[String],
    page: PageRequest,
) -> Result<Page<ClientEvent>> {
    actor.require_subscription()?;
    let mut reader = app.read_list(actor).await?;
    let Some((company, viewer)) = actor.sight() else {
        return page.of_nothing();
    };
    let mut tenant = reader.tenant(company);
    let filter = tenant.select_events(client, words).await?;
    let count = tenant.count_events_so_far(viewer, filter.clone(), page.counting);
    let rows = page.counted(count).await?;
    let mut events = Vec::new();
    if rows.is_any() {
        let part = tenant.events(viewer, filter, page.start(), page.size);
        events = part.await?;
    }
    page.placed(rows, events, ClientEvent::position)
}

/// One event of a client that the person may see.
pub async fn read_event(app: &App, actor: &Actor, id: ClientEventId) -> Result<ClientEvent> {
    let (company, viewer) = actor.require_sight(Thing::ClientEvent)?;
    let mut reader = app.db.read().await?;
    let event = reader.tenant(company).event(id, viewer).await?;
    Ok(event.ok_or(Thing::ClientEvent)?)
}
