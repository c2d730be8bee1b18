//! Clients (contract, section 2.7).

pub(crate) mod assignment;
mod client_body;
mod client_fields;
mod phones;
mod search;

use crate::Shared;
use crate::body::Object;
use crate::caller::{PathId, Subscriber};
use crate::failure::{Answer, Failure};
use crate::fields::{Demand, FieldErrors};
use crate::list::{ListQuery, Listed, PageQuery, SearchQuery};
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use client_body::ClientBody;
use client_fields::{ClientFields, ClientRequest};
use search::ClientQuery;
use serde::Serialize;
use tawzi_app::{ClientOrder, Error, SortKey, create_client};
use tawzi_core::id::ClientId;
use utoipa::{IntoParams, ToSchema};

/// The longest `Idempotency-Key`.
const MAX_IDEMPOTENCY_KEY_BYTES: usize = 255;

/// In which order clients come.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "it describes the query for the document")]
struct ClientOrderQuery {
    /// `created_at`, `name`, `priority`, `budget`, `assigned_at`, `last_contacted_at`, `updated_at`;
    /// several with commas, `-` before one reverses it.
    #[param(required = false, example = "-priority,name")]
    ordering: String,
}

/// Lists clients: all of the company for its administrators, their own for employees.
#[utoipa::path(
    get,
    path = "/api/clients/",
    tag = "clients",
    params(PageQuery, SearchQuery, ClientOrderQuery, ClientQuery),
    responses((status = 200, body = Listed<ClientBody>))
)]
pub(crate) async fn list(
    State(state): State<Shared>,
    Subscriber(actor): Subscriber,
    query: ListQuery,
) -> Answer<Json<Listed<ClientBody>>> {
    let search = search::search(&query)?;
    let order = query.order(|name| match name {
        "created_at" => Some(SortKey::CreatedAt),
        "name" => Some(SortKey::Name),
        "priority" => Some(SortKey::Priority),
        "budget" => Some(SortKey::Budget),
        "assigned_at" => Some(SortKey::AssignedAt),
        "last_contacted_at" => Some(SortKey::LastContactedAt),
        "updated_at" => Some(SortKey::UpdatedAt),
        _ => None,
    });
    let order: Vec<_> = order
        .into_iter()
        .map(|(key, descending)| ClientOrder { key, descending })
        .collect();
    let fetch = |page| tawzi_app::list_clients(&state.app, &actor, search.clone(), &order, page);
    let page = query
        .page(async |page| Ok(fetch(page).await?.count))
        .await?;
    let found = fetch(page).await?;
    let rows = found.clients.into_iter();
    let rows = rows.map(|client| ClientBody::row(client, &actor)).collect();
    Ok(query.answer(page, found.count, rows))
}

/// How many clients there are of each status.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StatusCountsBody {
    /// How many clients there are altogether.
    total: i64,
    statuses: Vec<StatusCountBody>,
}

#[derive(Debug, Serialize, ToSchema)]
struct StatusCountBody {
    /// Null for clients without one.
    #[schema(required)]
    status: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    status_name: Option<String>,
    count: i64,
}

/// Counts clients by status, with the conditions of the list.
#[utoipa::path(
    get,
    path = "/api/clients/status-counts/",
    tag = "clients",
    params(SearchQuery, ClientQuery),
    responses((status = 200, body = StatusCountsBody))
)]
pub(crate) async fn status_counts(
    State(state): State<Shared>,
    Subscriber(actor): Subscriber,
    query: ListQuery,
) -> Answer<Json<StatusCountsBody>> {
    let search = search::search(&query)?;
    let counts = tawzi_app::count_clients_by_status(&state.app, &actor, search).await?;
    Ok(Json(StatusCountsBody {
        total: counts.iter().map(|count| count.clients).sum(),
        statuses: counts
            .into_iter()
            .map(|count| StatusCountBody {
                status: count.status_id,
                status_name: count.status_name,
                count: count.clients,
            })
            .collect(),
    }))
}

/// Creates a client, who goes to the least busy employee if the company assigns by itself.
///
/// The same client sent again by the same person within 10 seconds, or with the same
/// `Idempotency-Key`, is not created again: the first answer comes back.
#[utoipa::path(
    post,
    path = "/api/clients/",
    tag = "clients",
    params(("Idempotency-Key" = Option<String>, Header, min_length = 1, max_length = 255,
        pattern = "^[!-~]+$", description = "What a repetition is recognised by",
        example = "5f0c6a52-lead-8841")),
    request_body = ClientRequest,
    responses((status = 201, body = ClientBody))
)]
pub(crate) async fn create(
    State(state): State<Shared>,
    Subscriber(actor): Subscriber,
    headers: HeaderMap,
    Object(body): Object,
) -> Answer<(StatusCode, Json<ClientBody>)> {
    let fields = ClientFields::read(body, Demand::Required);
    let idempotency_key = idempotency_key(&headers)?;
    let wanted = fields.wanted();
    let (errors, known) = match fields.into_new_client() {
        Err(errors) => (errors, Vec::new()),
        Ok(client) => match create_client(&state.app, &actor, client, idempotency_key).await {
            Err(Error::Invalid(problems)) => (FieldErrors::default(), problems),
            created => {
                let body = ClientBody::detail(created?, &actor);
                return Ok((StatusCode::CREATED, Json(body)));
            }
        },
    };
    Err(wanted.refusal(&state, &actor, errors, known).await)
}

/// Shows a client.
#[utoipa::path(
    get,
    path = "/api/clients/{id}/",
    tag = "clients",
    responses((status = 200, body = ClientBody))
)]
pub(crate) async fn read(
    State(state): State<Shared>,
    Subscriber(actor): Subscriber,
    id: PathId,
) -> Answer<Json<ClientBody>> {
    let id = ClientId::new(id.number("Client")?);
    let client = tawzi_app::read_client(&state.app, &actor, id).await?;
    Ok(Json(ClientBody::detail(client, &actor)))
}

/// Deletes a client with its timeline.
#[utoipa::path(
    delete,
    path = "/api/clients/{id}/",
    tag = "clients",
    responses((status = 204))
)]
pub(crate) async fn delete(
    State(state): State<Shared>,
    Subscriber(actor): Subscriber,
    id: PathId,
) -> Answer<StatusCode> {
    let id = ClientId::new(id.number("Client")?);
    tawzi_app::delete_client(&state.app, &actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Changes a client, and says so in its timeline.
#[utoipa::path(
    method(put, patch),
    path = "/api/clients/{id}/",
    tag = "clients",
    request_body = ClientRequest,
    responses((status = 200, body = ClientBody))
)]
pub(crate) async fn edit(
    State(state): State<Shared>,
    Subscriber(actor): Subscriber,
    id: PathId,
    demand: Demand,
    Object(body): Object,
) -> Answer<Json<ClientBody>> {
    let id = ClientId::new(id.number("Client")?);
    let fields = ClientFields::read(body, demand);
    let wanted = fields.wanted();
    let (errors, known) = match fields.into_change() {
        Err(errors) => (errors, Vec::new()),
        Ok(change) => match tawzi_app::edit_client(&state.app, &actor, id, change).await {
            Err(Error::Invalid(problems)) => (FieldErrors::default(), problems),
            edited => return Ok(Json(ClientBody::detail(edited?, &actor))),
        },
    };
    // What cannot be seen is not there, whatever the request says about it.
    let before = tawzi_app::read_client(&state.app, &actor, id).await?;
    let wanted = wanted.besides_holder(before.client.assigned_to);
    Err(wanted.refusal(&state, &actor, errors, known).await)
}

/// The key by which the sender wants a repetition to be recognised.
fn idempotency_key(headers: &HeaderMap) -> Answer<Option<&str>> {
    let Some(header) = headers.get("idempotency-key") else {
        return Ok(None);
    };
    let key = header.to_str().unwrap_or_default();
    let visible = key.bytes().all(|byte| byte.is_ascii_graphic());
    if visible && (1..=MAX_IDEMPOTENCY_KEY_BYTES).contains(&key.len()) {
        return Ok(Some(key));
    }
    Err(Failure::bad_request(format!(
        "Idempotency-Key must have 1 to {MAX_IDEMPOTENCY_KEY_BYTES} visible ASCII characters."
    )))
}
