//! The table of all routes, one address after the other. The path of an address, and what its handlers read and
//! answer, says their `#[utoipa::path]`; who may come in is checked by their first argument. The names `anyone`,
//! `signed_in` and `subscribed` repeat it for the methods that an address does not have.

use crate::wire::caller::Access;
use crate::wire::endpoint::Routes;
use crate::{health, not_held, photos, plans, sweeps, users, workload};
use axum::extract::DefaultBodyLimit;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use std::sync::LazyLock;
use utoipa_axum::router::UtoipaMethodRouterExt as _;
use utoipa_axum::routes;

/// The longest body of a request about signing in: anybody may send one.
const MAX_SIGN_IN_BYTES: usize = 64 * 1024;

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
    [
        signing_in(),
        users(),
        companies(),
        api_keys(),
        clients(),
        client_tasks(),
        client_events(),
        channels(),
        stages(),
        statuses(),
        assignment(),
        server(),
        not_held::routes(),
    ]
    .into_iter()
    .fold(Routes::new(), Routes::merge)
}

/// `/api/auth/`
fn signing_in() -> Routes {
    use crate::sign_in::{code, password, tokens};
    // The reference names the methods in another order where a function, not a class, answers.
    const OF_FUNCTION: &str = "OPTIONS, POST";
    let limit = || DefaultBodyLimit::max(MAX_SIGN_IN_BYTES);
    let request_code = routes!(code::request).layer(limit());
    let verify_code = routes!(code::verify).layer(limit());
    Routes::new()
        .anyone(routes!(password::login).layer(limit()))
        .anyone(routes!(tokens::refresh).layer(limit()))
        .anyone(routes!(tokens::verify).layer(limit()))
        .allowing(OF_FUNCTION, Access::Anyone, request_code)
        .allowing(OF_FUNCTION, Access::Anyone, verify_code)
        .signed_in(routes!(tokens::logout))
}

/// `/api/users/`
fn users() -> Routes {
    use crate::users::{change_password, deactivate};
    let photo = || DefaultBodyLimit::max(users::MAX_FORM_BYTES);
    let person = routes!(users::read, users::edit, users::delete);
    Routes::new()
        .subscribed(routes!(users::list, users::create).layer(photo()))
        .subscribed(person.layer(photo()))
        .subscribed(routes!(deactivate::preview_deactivation))
        .subscribed(routes!(deactivate::deactivate))
        .subscribed(routes!(users::reactivate))
        .signed_in(routes!(change_password::change_password))
        .signed_in(routes!(users::me))
}

/// `/api/companies/`
fn companies() -> Routes {
    use crate::companies;
    Routes::new()
        .signed_in(routes!(companies::list, companies::create))
        .signed_in(routes!(companies::read, companies::edit, companies::delete))
        .signed_in(routes!(companies::update_assignment_settings))
}

/// `/api/api-keys/`
fn api_keys() -> Routes {
    use crate::api_keys;
    Routes::new()
        .subscribed(routes!(api_keys::list, api_keys::create))
        .subscribed(routes!(api_keys::read, api_keys::revoke))
}

/// `/api/clients/`
fn clients() -> Routes {
    use crate::clients::{self, assign_unassigned, bulk_assign, status_counts};
    Routes::new()
        .subscribed(routes!(clients::list, clients::create))
        .subscribed(routes!(status_counts::status_counts))
        .subscribed(routes!(clients::read, clients::edit, clients::delete))
        .subscribed(routes!(bulk_assign::bulk_assign))
        .subscribed(routes!(assign_unassigned::assign_unassigned))
}

/// `/api/client-tasks/`
fn client_tasks() -> Routes {
    use crate::client_tasks as tasks;
    Routes::new()
        .subscribed(routes!(tasks::list, tasks::create))
        .subscribed(routes!(tasks::read, tasks::edit, tasks::delete))
}

/// `/api/client-events/`
fn client_events() -> Routes {
    use crate::client_events as events;
    Routes::new()
        .subscribed(routes!(events::list))
        .subscribed(routes!(events::read))
}

/// `/api/settings/channels/`
fn channels() -> Routes {
    use crate::settings::channels;
    Routes::new()
        .subscribed(routes!(channels::list, channels::create))
        .subscribed(routes!(channels::read, channels::edit, channels::delete))
}

/// `/api/settings/stages/`
fn stages() -> Routes {
    use crate::settings::stages;
    Routes::new()
        .subscribed(routes!(stages::list, stages::create))
        .subscribed(routes!(stages::read, stages::edit, stages::delete))
}

/// `/api/settings/statuses/`
fn statuses() -> Routes {
    use crate::settings::statuses;
    Routes::new()
        .subscribed(routes!(statuses::list, statuses::create))
        .subscribed(routes!(statuses::read, statuses::edit, statuses::delete))
}

/// `/api/assignment/`
fn assignment() -> Routes {
    Routes::new()
        .subscribed(routes!(sweeps::list, sweeps::run))
        .subscribed(routes!(sweeps::read))
        .subscribed(routes!(workload::workload))
}

/// About the server, for everybody.
fn server() -> Routes {
    Routes::new()
        .anyone(routes!(health::read))
        .anyone(routes!(plans::list))
        .anyone(routes!(read_document))
        .anyone(routes!(photos::read))
}

/// This document.
#[utoipa::path(
    get,
    path = "/api/openapi.json",
    tag = "server",
    operation_id = "document",
    responses((status = 200, body = serde_json::Value, description = "OpenAPI 3.1."))
)]
async fn read_document() -> impl IntoResponse {
    ([(CONTENT_TYPE, "application/json")], document())
}
