//! The JSON API: the reference CRM's paths, bodies and answers, so that its web client works
//! unmodified (contract, sections 1 and 2). Where it differs on purpose: design, section 6.
//!
//! A handler takes the request apart, calls one verb and shapes the answer, and says in its
//! `#[utoipa::path]` where it is and what it reads and answers. [`router`] lists the handlers.

mod address;
mod api_keys;
mod assignment;
mod auth;
mod body;
mod caller;
mod clients;
mod companies;
mod cors;
mod docs;
mod endpoint;
mod events;
mod failure;
mod fields;
mod guard;
mod health;
mod limits;
mod list;
mod not_held;
mod openapi;
mod photos;
mod plans;
mod settings;
mod tasks;
mod users;

pub use limits::{AddressFrom, SignInLimits};
pub use openapi::document;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use endpoint::{Access, Routes};
use std::sync::Arc;
use tawzi_app::App;
use utoipa_axum::router::UtoipaMethodRouterExt as _;
use utoipa_axum::routes;

/// The longest body of a request about signing in: anybody may send one.
const MAX_SIGN_IN_BYTES: usize = 64 * 1024;

/// What the handlers work with.
#[derive(Debug)]
pub struct ApiState {
    /// What the verbs work with.
    pub app: App,
    /// Origins whose pages may call the API, such as `https://crm.example`; `*.crm.example` is that
    /// domain with all of its sub-domains. Pages on this machine always may.
    pub allowed_origins: Vec<String>,
    /// How often one may try to sign in.
    pub sign_in_limits: SignInLimits,
}

type Shared = Arc<ApiState>;

/// The API, everything below `/api/`; it can be merged with other routes.
pub fn router(state: ApiState) -> Router {
    let cors = cors::layer(&state.allowed_origins);
    let routes = routes()
        .into_router()
        .merge(not_held::routes_below())
        .merge(docs::routes())
        .merge(endpoint::unknown_paths())
        .with_state(Arc::new(state));
    guard::guarded(routes, cors)
}

/// Everything that the document describes.
fn routes() -> Routes {
    sign_in_routes()
        .merge(person_routes())
        .merge(api_key_routes())
        .merge(client_routes())
        .merge(timeline_routes())
        .merge(settings_routes())
        .merge(assignment_routes())
        .merge(server_routes())
        .merge(not_held::routes())
}

fn sign_in_routes() -> Routes {
    // The reference names them in another order where a function, not a class, answers.
    const OF_FUNCTION: &str = "OPTIONS, POST";
    let limit = || DefaultBodyLimit::max(MAX_SIGN_IN_BYTES);
    let request_code = routes!(auth::code::request).layer(limit());
    let verify_code = routes!(auth::code::verify).layer(limit());
    Routes::new()
        .with(Access::Anyone, routes!(auth::login).layer(limit()))
        .with(Access::Anyone, routes!(auth::refresh).layer(limit()))
        .with(Access::Anyone, routes!(auth::verify).layer(limit()))
        .allowing(OF_FUNCTION, Access::Anyone, request_code)
        .allowing(OF_FUNCTION, Access::Anyone, verify_code)
        .with(Access::SignedIn, routes!(auth::logout))
}

fn person_routes() -> Routes {
    let photo = || DefaultBodyLimit::max(users::MAX_FORM_BYTES);
    let people = routes!(users::list, users::create).layer(photo());
    let person = routes!(users::read, users::edit, users::delete).layer(photo());
    let preview = routes!(users::preview_deactivation);
    let company_settings = routes!(companies::update_assignment_settings);
    Routes::new()
        .with(Access::Subscribed, people)
        .with(Access::Subscribed, person)
        .with(Access::Subscribed, preview)
        .with(Access::Subscribed, routes!(users::deactivate))
        .with(Access::Subscribed, routes!(users::reactivate))
        .with(Access::SignedIn, routes!(users::change_password))
        .with(Access::SignedIn, routes!(users::me))
        .with(
            Access::SignedIn,
            routes!(companies::list, companies::create),
        )
        .with(
            Access::SignedIn,
            routes!(companies::read, companies::edit, companies::delete),
        )
        .with(Access::SignedIn, company_settings)
}

fn client_routes() -> Routes {
    let client = routes!(clients::read, clients::edit, clients::delete);
    let spread = routes!(clients::assignment::assign_unassigned);
    Routes::new()
        .with(Access::Subscribed, routes!(clients::list, clients::create))
        .with(Access::Subscribed, routes!(clients::status_counts))
        .with(Access::Subscribed, client)
        .with(
            Access::Subscribed,
            routes!(clients::assignment::bulk_assign),
        )
        .with(Access::Subscribed, spread)
}

fn api_key_routes() -> Routes {
    let keys = routes!(api_keys::list, api_keys::create);
    Routes::new().with(Access::Subscribed, keys).with(
        Access::Subscribed,
        routes!(api_keys::read, api_keys::revoke),
    )
}

fn timeline_routes() -> Routes {
    let task = routes!(tasks::read, tasks::edit, tasks::delete);
    Routes::new()
        .with(Access::Subscribed, routes!(tasks::list, tasks::create))
        .with(Access::Subscribed, task)
        .with(Access::Subscribed, routes!(events::list))
        .with(Access::Subscribed, routes!(events::read))
}

fn settings_routes() -> Routes {
    use settings::{channels, stages, statuses};
    let channel = routes!(channels::read, channels::edit, channels::delete);
    let stage = routes!(stages::read, stages::edit, stages::delete);
    let status = routes!(statuses::read, statuses::edit, statuses::delete);
    Routes::new()
        .with(
            Access::Subscribed,
            routes!(channels::list, channels::create),
        )
        .with(Access::Subscribed, channel)
        .with(Access::Subscribed, routes!(stages::list, stages::create))
        .with(Access::Subscribed, stage)
        .with(
            Access::Subscribed,
            routes!(statuses::list, statuses::create),
        )
        .with(Access::Subscribed, status)
}

fn assignment_routes() -> Routes {
    Routes::new()
        .with(
            Access::Subscribed,
            routes!(assignment::list, assignment::run),
        )
        .with(Access::Subscribed, routes!(assignment::read))
        .with(Access::Subscribed, routes!(assignment::workload))
}

fn server_routes() -> Routes {
    Routes::new()
        .with(Access::Anyone, routes!(health::read))
        .with(Access::Anyone, routes!(plans::list))
        .with(Access::Anyone, routes!(openapi::read))
        .with(Access::Anyone, routes!(photos::read))
}
