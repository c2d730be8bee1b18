//! The table of all routes, one address after the other. The path of an address, and what its handlers read and
//! answer, says their `#[utoipa::path]`; who may come in is checked by their first argument. The names `anyone`,
//! `signed_in` and `subscribed` repeat it for the methods that an address does not have.

use crate::clients::{assign_unassigned, bulk_assign, export, import};
use crate::settings::{channels, stages, statuses};
use crate::sign_in::{availability, code, email, forgotten, password, tokens};
use crate::users::{change_password, deactivate};
use crate::wire::caller::Access;
use crate::wire::endpoint::Routes;
use crate::{
    api_keys, audit, client_events, client_tasks, clients, companies, not_held, photos, server,
    sweeps, users, workload,
};
use axum::extract::DefaultBodyLimit;
use std::sync::LazyLock;
use utoipa_axum::router::UtoipaMethodRouterExt as _;
use utoipa_axum::routes;

/// The longest body of a request that may hold notes of the greatest length, each letter of which takes twelve bytes
/// when it is escaped.
const MAX_NOTES_BYTES: usize = 128 * 1024;

static DOCUMENT: LazyLock<String> = LazyLock::new(|| {
    let document = routes().into_document();
    // Only a map whose keys are no text fails here.
    serde_json::to_string_pretty(&document).unwrap_or_default() + "\n"
});

/// The document about this API: `OpenAPI` 3.1, as JSON.
pub fn document() -> &'static str {
    &DOCUMENT
}

/// Everything that the document describes, in its order.
pub(crate) fn routes() -> Routes {
    // All other bodies are short (`tawzi_web::MAX_BODY_BYTES`).
    let with_photo = DefaultBodyLimit::max(users::MAX_FORM_BYTES);
    let with_notes = DefaultBodyLimit::max(MAX_NOTES_BYTES);
    let with_ids = DefaultBodyLimit::max(bulk_assign::MAX_BYTES);
    let with_file = DefaultBodyLimit::max(import::MAX_BYTES);
    let routes = auth()
        // /api/users/
        .subscribed(routes!(users::list, users::create).layer(with_photo))
        .subscribed(routes!(users::read, users::edit, users::delete).layer(with_photo))
        .subscribed(routes!(deactivate::preview_deactivation))
        .subscribed(routes!(deactivate::deactivate))
        .subscribed(routes!(users::reactivate))
        .signed_in(routes!(change_password::change_password))
        .signed_in(routes!(users::me))
        // /api/companies/
        .signed_in(routes!(companies::list, companies::create))
        .signed_in(routes!(companies::read, companies::edit, companies::delete))
        .signed_in(routes!(companies::update_assignment_settings))
        // /api/api-keys/
        .subscribed(routes!(api_keys::list, api_keys::create))
        .subscribed(routes!(api_keys::read, api_keys::delete))
        // /api/clients/
        .subscribed(routes!(clients::list, clients::create))
        .subscribed(routes!(clients::status_counts))
        .subscribed(routes!(import::import).layer(with_file))
        .subscribed(routes!(export::export))
        .subscribed(routes!(clients::read, clients::edit, clients::delete))
        .subscribed(routes!(bulk_assign::bulk_assign).layer(with_ids))
        .subscribed(routes!(assign_unassigned::assign_unassigned))
        // /api/client-tasks/
        .subscribed(routes!(client_tasks::list, client_tasks::create).layer(with_notes))
        .subscribed(
            routes!(client_tasks::read, client_tasks::edit, client_tasks::delete).layer(with_notes),
        )
        // /api/client-events/
        .subscribed(routes!(client_events::list))
        .subscribed(routes!(client_events::read))
        // /api/settings/
        .subscribed(routes!(channels::list, channels::create))
        .subscribed(routes!(channels::read, channels::edit, channels::delete))
        .subscribed(routes!(stages::list, stages::create).layer(with_notes))
        .subscribed(routes!(stages::read, stages::edit, stages::delete).layer(with_notes))
        .subscribed(routes!(statuses::list, statuses::create).layer(with_notes))
        .subscribed(routes!(statuses::read, statuses::edit, statuses::delete).layer(with_notes))
        // /api/assignment/
        .subscribed(routes!(sweeps::list, sweeps::run))
        .subscribed(routes!(sweeps::read))
        .subscribed(routes!(workload::workload))
        // /api/audit/
        .subscribed(routes!(audit::list))
        // About the server, for everybody.
        .anyone(routes!(server::health))
        .anyone(routes!(server::list_plans))
        .anyone(routes!(server::document))
        .anyone(routes!(photos::read));
    not_held::add_to(routes)
}

/// `/api/auth/`.
fn auth() -> Routes {
    // The reference names the methods in another order where a function, not a class, answers.
    const OF_FUNCTION: &str = "OPTIONS, POST";
    Routes::default()
        .anyone(routes!(password::login))
        .anyone(routes!(tokens::refresh))
        .anyone(routes!(tokens::verify))
        .allowing(OF_FUNCTION, Access::Anyone, routes!(code::request))
        .allowing(OF_FUNCTION, Access::Anyone, routes!(code::verify))
        .signed_in(routes!(tokens::logout))
        .allowing(OF_FUNCTION, Access::Anyone, routes!(email::verify))
        .allowing(
            OF_FUNCTION,
            Access::SignedIn,
            routes!(email::resend_verification),
        )
        .allowing(
            OF_FUNCTION,
            Access::Anyone,
            routes!(forgotten::forgot_password),
        )
        .allowing(
            OF_FUNCTION,
            Access::Anyone,
            routes!(forgotten::reset_password),
        )
        .anyone(routes!(availability::read, availability::check))
}
