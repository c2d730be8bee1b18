//! Deactivating a person, and what it would be about.

use super::body::UserBody;
use crate::Shared;
use crate::wire::answer::answer;
use crate::wire::body::Object;
use crate::wire::caller::{Administrator, PathId};
use crate::wire::failure::Answer;
use crate::wire::fields::{Demand, request, valid};
use axum::Json;
use axum::extract::State;
use tawzi_app::{Actor, Deactivated, DeactivationPreview};
use tawzi_core::id::UserId;
use tawzi_web::ServerAddress;

answer! {
    /// What deactivating somebody would be about.
    pub(crate) struct PreviewBody of preview: DeactivationPreview {
        /// How many clients the person holds.
        always assigned_leads_count: usize = preview.clients;
        /// Whether there is somebody to take them.
        always can_reassign: bool;
        /// Whether there are any.
        always show_lead_reassign_options: bool = preview.clients > 0;
    }
}

answer! {
    /// What came of deactivating somebody.
    pub(crate) struct DeactivatedBody of done: Deactivated, viewer: &Actor, server: &ServerAddress {
        always user: UserBody = UserBody::of(done.person, viewer.id(), server);
        /// How many clients went to others.
        always assigned_lead_count: usize = done.reassigned;
        /// How many became unassigned.
        always skipped_lead_count: usize = done.unassigned;
        // Nobody keeps what they cannot look after.
        always leads_remaining_on_user: usize = 0;
    }
}

request! {
    /// Whether the clients of somebody who is deactivated go to others.
    #[schema(examples(json!({"reassign_leads": true})))]
    pub(crate) struct DeactivationRequest for Deactivation {
        /// To the least busy employees; otherwise they become unassigned.
        #[schema(required = false, default = false)]
        optional reassign_leads: bool;
    }
}

/// What a request says about a deactivation.
#[derive(Default)]
pub(crate) struct Deactivation {
    reassign_leads: Option<bool>,
}

/// Says what deactivating a person would be about.
#[utoipa::path(
    get,
    path = "/api/users/{id}/deactivate-preview/",
    tag = "users",
    responses((status = 200, body = PreviewBody))
)]
pub(crate) async fn preview_deactivation(
    State(state): State<Shared>,
    Administrator(actor): Administrator,
    PathId(id): PathId<UserId>,
) -> Answer<Json<PreviewBody>> {
    let preview = tawzi_app::preview_deactivation(&state.app, &actor, id).await?;
    Ok(Json(PreviewBody::new(preview)))
}

/// Deactivates a person, whose clients become unassigned or go to the others.
#[utoipa::path(
    post,
    path = "/api/users/{id}/deactivate/",
    tag = "users",
    request_body = DeactivationRequest,
    responses((status = 200, body = DeactivatedBody))
)]
pub(crate) async fn deactivate(
    State(state): State<Shared>,
    Administrator(actor): Administrator,
    server: ServerAddress,
    PathId(id): PathId<UserId>,
    Object(body, ..): Object<DeactivationRequest>,
) -> Answer<Json<DeactivatedBody>> {
    let asked = valid(DeactivationRequest::read(body, Demand::Nothing))?;
    let reassign = asked.reassign_leads.unwrap_or(false);
    let done = tawzi_app::deactivate_employee(&state.app, &actor, id, reassign).await?;
    Ok(Json(DeactivatedBody::new(done, &actor, &server)))
}
