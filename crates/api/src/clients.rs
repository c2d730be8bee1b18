//! Clients (contract, sections 2.7 to 2.9).

pub(crate) mod assign_unassigned;
mod body;
pub(crate) mod bulk_assign;
pub(crate) mod export;
pub(crate) mod import;
mod phones;
mod search;

use crate::Shared;
use crate::wire::answer::answer;
use crate::wire::caller::Subscriber;
use crate::wire::failure::Answer;
use crate::wire::fields::{FieldValue as _, key_or_zero, request, text};
use crate::wire::list::{CursorQuery, ListQuery, Listed, PageQuery, SearchQuery};
use crate::wire::operations::operations;
use axum::Json;
use axum::extract::State;
use body::ClientBody;
use phones::PhoneRequest;
use search::ClientQuery;
use serde::Serialize;
use tawzi_app::{ClientChange, ClientOrder, SortKey, StatusCount};
use tawzi_core::client::{ClientType, Priority};
use tawzi_core::id::{ChannelId, ClientId, CompanyId, StatusId, UserId};
use tawzi_core::money::Budget;
use tawzi_core::text::{ClientName, PhoneText};
use utoipa::ToSchema;

request! {
    /// A client.
    #[schema(examples(json!({"name": "Rana", "priority": "medium", "type": "fresh", "company": 1,
        "budget": "150000.00", "phone_number": "+963944111222"})))]
    pub(crate) struct ClientRequest for ClientChange {
        #[schema(min_length = 1, max_length = 255)]
        required name: String, by text(ClientName::parse);
        required priority: Priority;
        required r#type: ClientType => client_type;
        /// The channel by which the client came: one of the company.
        nullable communication_way: Option<ChannelId> => channel;
        /// One of the company.
        nullable status: Option<StatusId>;
        /// An amount of at most 10 digits before the point and 2 behind it; empty means none.
        #[schema(pattern = r"^([+-]?\d{1,10}(\.\d{0,2})?)?$")]
        nullable budget: Option<String>, by Budget::read;
        #[schema(max_length = 20)]
        nullable phone_number: Option<String>, by text(PhoneText::parse);
        /// All numbers of the client; those that are not listed are deleted. Without it a new client's
        /// `phone_number` becomes the only one.
        #[schema(max_items = 50)]
        given phone_numbers: Option<Vec<PhoneRequest>> => phones, by phones::read;
        /// The caller's own.
        required company: CompanyId;
        /// An employee or administrator of the company who may work; null and 0 mean nobody.
        nullable assigned_to: Option<UserId>, by key_or_zero;
    }
}

/// How many clients there are of each status.
#[derive(Serialize, ToSchema)]
pub(crate) struct StatusCountsBody {
    /// How many clients there are altogether.
    total: i64,
    statuses: Vec<StatusCountBody>,
}

answer! {
    struct StatusCountBody of count: StatusCount {
        /// Null for clients without one.
        nullable status: i64 = count.status_id;
        perhaps status_name: String;
        always count: i64 = count.clients;
    }
}

/// What a list can be ordered by.
const ORDERS: [(&str, SortKey); 7] = [
    ("created_at", SortKey::CreatedAt),
    ("name", SortKey::Name),
    ("priority", SortKey::Priority),
    ("budget", SortKey::Budget),
    ("assigned_at", SortKey::AssignedAt),
    ("last_contacted_at", SortKey::LastContactedAt),
    ("updated_at", SortKey::UpdatedAt),
];

/// Lists clients: all of the company for its administrators, their own for employees.
#[utoipa::path(
    get,
    path = "/api/clients/",
    tag = "clients",
    params(PageQuery, CursorQuery, SearchQuery, ("ordering" = Option<String>, Query, nullable = false,
        description = "`created_at`, `name`, `priority`, `budget`, `assigned_at`, `last_contacted_at`, `updated_at`;\n\
            several with commas, `-` before one reverses it.",
        example = "-priority,name"), ClientQuery),
    responses((status = 200, body = Listed<ClientBody>))
)]
pub(crate) async fn list(
    State(state): State<Shared>,
    Subscriber(actor): Subscriber,
    query: ListQuery,
) -> Answer<Json<Listed<ClientBody>>> {
    let search = search::search(&query)?;
    let order = query.order(&ORDERS)?;
    let order: Vec<_> = order
        .into_iter()
        .map(|(key, descending)| ClientOrder { key, descending })
        .collect();
    let fetch = |page| tawzi_app::list_clients(&state.app, &actor, search.clone(), &order, page);
    query
        .list(fetch, |client| ClientBody::row(client, &actor))
        .await
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
        statuses: counts.into_iter().map(StatusCountBody::new).collect(),
    }))
}

operations! {
    in "clients", each a ClientId, answering ClientBody by ClientBody::of;

    /// Creates a client, who goes to the least busy employee if the company assigns by itself.
    ///
    /// The same client sent again by the same person within 10 seconds, or with the same
    /// `Idempotency-Key` within a day, is not created again: the first answer comes back.
    create_once at "/api/clients/" for Subscriber of ClientRequest calls create_client;
    /// Shows a client.
    read at "/api/clients/{id}/" for Subscriber calls read_client;
    /// Changes a client, and says so in its timeline.
    edit at "/api/clients/{id}/" for Subscriber of ClientRequest calls edit_client;
    /// Deletes a client with its timeline.
    delete at "/api/clients/{id}/" for Subscriber calls delete_client;
}
