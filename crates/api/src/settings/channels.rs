//! The channels by which a company's clients come.

use super::{MAX_NAME, refusal};
use crate::Shared;
use crate::body::Object;
use crate::caller::{Administrator, PathId, Subscriber};
use crate::failure::Answer;
use crate::fields::{Demand, FieldErrors, Fields, choice, flag, key, short_text};
use crate::list::{ListQuery, Listed, PageQuery};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;
use serde_json::{Map, Value};
use tawzi_app::{Actor, Channel, ChannelChange, ChannelDraft};
use tawzi_core::client::Priority;
use tawzi_core::id::{ChannelId, CompanyId};
use tawzi_core::time::Timestamp;
use utoipa::ToSchema;

/// The fields, in the order of the reference's serializer.
const FIELDS: [&str; 5] = ["name", "type", "priority", "company", "is_active"];

const MAX_TYPE: usize = 100;

/// A channel.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ChannelBody {
    id: ChannelId,
    name: String,
    #[serde(rename = "type")]
    channel_type: String,
    /// `low`, `medium` or `high`.
    priority: String,
    company: CompanyId,
    #[schema(required)]
    company_name: Option<String>,
    is_active: bool,
    created_at: Timestamp,
    /// Lists go without it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    updated_at: Option<Timestamp>,
}

/// A channel.
#[derive(ToSchema)]
#[schema(examples(json!({"name": "Web site", "type": "web", "company": 1})))]
#[expect(dead_code, reason = "it describes the fields for the document")]
struct ChannelRequest {
    /// No other channel of the company has it.
    #[schema(min_length = 1, max_length = 255)]
    name: String,
    #[schema(min_length = 1, max_length = 100)]
    r#type: String,
    #[schema(required = false)]
    priority: Priority,
    /// The caller's own.
    company: CompanyId,
    #[schema(required = false, default = true)]
    is_active: bool,
}

/// Lists the channels of the company.
#[utoipa::path(
    get,
    path = "/api/settings/channels/",
    tag = "channels",
    params(PageQuery),
    responses((status = 200, body = Listed<ChannelBody>))
)]
pub(crate) async fn list(
    State(state): State<Shared>,
    Subscriber(actor): Subscriber,
    query: ListQuery,
) -> Answer<Json<Listed<ChannelBody>>> {
    let fetch = |page| tawzi_app::list_channels(&state.app, &actor, page);
    let page = query
        .page(async |page| Ok(fetch(page).await?.count))
        .await?;
    let found = fetch(page).await?;
    let channels = found.channels.into_iter();
    let rows = channels
        .map(|channel| ChannelBody::row(&actor, channel))
        .collect();
    Ok(query.answer(page, found.count, rows))
}

/// Creates a channel. Only administrators may.
#[utoipa::path(
    post,
    path = "/api/settings/channels/",
    tag = "channels",
    request_body = ChannelRequest,
    responses((status = 201, body = ChannelBody))
)]
pub(crate) async fn create(
    State(state): State<Shared>,
    Administrator(actor): Administrator,
    Object(body): Object,
) -> Answer<(StatusCode, Json<ChannelBody>)> {
    let (change, errors) = read_fields(body, Demand::Required);
    let company = change.company;
    let Some(draft) = draft(change).filter(|_| errors.is_empty()) else {
        return Err(refusal(&state, &actor, company, errors, &FIELDS).await);
    };
    let channel = tawzi_app::create_channel(&state.app, &actor, &draft).await?;
    let body = ChannelBody::detail(&actor, channel);
    Ok((StatusCode::CREATED, Json(body)))
}

/// Shows a channel.
#[utoipa::path(
    get,
    path = "/api/settings/channels/{id}/",
    tag = "channels",
    responses((status = 200, body = ChannelBody))
)]
pub(crate) async fn read(
    State(state): State<Shared>,
    Subscriber(actor): Subscriber,
    id: PathId,
) -> Answer<Json<ChannelBody>> {
    let id = ChannelId::new(id.number("Channel")?);
    let channel = tawzi_app::read_channel(&state.app, &actor, id).await?;
    Ok(Json(ChannelBody::detail(&actor, channel)))
}

/// Deletes a channel. Only administrators may.
#[utoipa::path(
    delete,
    path = "/api/settings/channels/{id}/",
    tag = "channels",
    responses((status = 204))
)]
pub(crate) async fn delete(
    State(state): State<Shared>,
    Administrator(actor): Administrator,
    id: PathId,
) -> Answer<StatusCode> {
    let id = ChannelId::new(id.number("Channel")?);
    tawzi_app::delete_channel(&state.app, &actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Changes a channel. Only administrators may.
#[utoipa::path(
    method(put, patch),
    path = "/api/settings/channels/{id}/",
    tag = "channels",
    request_body = ChannelRequest,
    responses((status = 200, body = ChannelBody))
)]
pub(crate) async fn edit(
    State(state): State<Shared>,
    Administrator(actor): Administrator,
    id: PathId,
    demand: Demand,
    Object(body): Object,
) -> Answer<Json<ChannelBody>> {
    let id = ChannelId::new(id.number("Channel")?);
    let (change, errors) = read_fields(body, demand);
    if errors.is_empty() {
        let channel = tawzi_app::edit_channel(&state.app, &actor, id, change).await?;
        return Ok(Json(ChannelBody::detail(&actor, channel)));
    }
    // What cannot be seen is not there, whatever the request says about it.
    tawzi_app::read_channel(&state.app, &actor, id).await?;
    Err(refusal(&state, &actor, change.company, errors, &FIELDS).await)
}

fn read_fields(body: Map<String, Value>, demand: Demand) -> (ChannelChange, FieldErrors) {
    let mut fields = Fields::new(body, demand);
    let change = ChannelChange {
        name: fields.required("name", short_text(MAX_NAME)),
        channel_type: fields.required("type", short_text(MAX_TYPE)),
        priority: fields.optional("priority", choice(Priority::parse)),
        company: fields.required("company", key).map(CompanyId::new),
        is_active: fields.optional("is_active", flag),
    };
    (change, fields.into_errors())
}

/// The new channel, unless something that it must have is missing.
fn draft(change: ChannelChange) -> Option<ChannelDraft> {
    Some(ChannelDraft {
        company: change.company?,
        name: change.name?,
        channel_type: change.channel_type?,
        priority: change.priority.unwrap_or(Priority::Medium),
        is_active: change.is_active.unwrap_or(true),
    })
}

impl ChannelBody {
    fn row(actor: &Actor, channel: Channel) -> Self {
        Self {
            updated_at: None,
            ..Self::detail(actor, channel)
        }
    }

    fn detail(actor: &Actor, channel: Channel) -> Self {
        Self {
            id: channel.id,
            name: channel.name,
            channel_type: channel.channel_type,
            priority: channel.priority,
            company: channel.company_id,
            company_name: actor.company_name().map(str::to_owned),
            is_active: channel.is_active,
            created_at: channel.created_at,
            updated_at: Some(channel.updated_at),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_document_has_every_field() {
        assert_eq!(crate::openapi::properties::<ChannelRequest>(), FIELDS);
    }
}
