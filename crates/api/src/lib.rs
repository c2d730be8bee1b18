//! The JSON API: the reference CRM's paths, bodies and answers, so that its web client works
//! unmodified (contract, sections 1 and 2). Where it differs on purpose: design, section 6.
//!
//! A handler takes the request apart, calls one verb and shapes the answer; [`router`] is the list
//! of all paths.

mod assignment;
mod auth;
mod body;
mod caller;
mod clients;
mod companies;
mod cors;
mod endpoint;
mod events;
mod failure;
mod fields;
mod guard;
mod health;
mod limits;
mod list;
mod not_held;
mod plans;
mod settings;
mod tasks;
mod users;

pub use limits::{AddressFrom, SignInLimits};

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, patch, post};
use endpoint::{Access, endpoint};
use std::sync::Arc;
use tawzi_app::{Clock, CodeDelivery, Db, Intake, Keys};

/// The longest body of a request about signing in: anybody may send one.
const MAX_SIGN_IN_BYTES: usize = 64 * 1024;

/// What the handlers work with.
#[derive(Debug)]
pub struct ApiState {
    /// Where everything is kept.
    pub db: Db,
    /// The way in for new clients.
    pub intake: Intake,
    /// What tokens are signed with.
    pub keys: Keys,
    /// What time it is.
    pub clock: Clock,
    /// Origins whose pages may call the API, such as `https://crm.example`; `*.crm.example` is that
    /// domain with all of its sub-domains. Pages on this machine always may.
    pub allowed_origins: Vec<String>,
    /// How codes to sign in with reach people.
    pub code_delivery: CodeDelivery,
    /// How often one may try to sign in.
    pub sign_in_limits: SignInLimits,
}

type Shared = Arc<ApiState>;

/// The API, everything below `/api/`; it can be merged with other routes.
pub fn router(state: ApiState) -> Router {
    let cors = cors::layer(&state.allowed_origins);
    let routes = open_routes()
        .merge(code_routes())
        .merge(person_routes())
        .merge(client_routes())
        .merge(timeline_routes())
        .merge(settings_routes())
        .merge(assignment_routes())
        .merge(plan_routes())
        .merge(not_held::routes())
        .merge(endpoint::unknown_paths())
        .with_state(Arc::new(state));
    guard::guarded(routes, cors)
}

fn open_routes() -> Router<Shared> {
    const ALLOW: &str = "POST, OPTIONS";
    let limit = || DefaultBodyLimit::max(MAX_SIGN_IN_BYTES);
    let login = post(auth::login).layer(limit());
    let refresh = post(auth::refresh).layer(limit());
    let verify = post(auth::verify).layer(limit());
    let health = get(health::read);
    Router::new()
        .merge(endpoint("/api/auth/login/", ALLOW, Access::Anyone, login))
        .merge(endpoint(
            "/api/auth/refresh/",
            ALLOW,
            Access::Anyone,
            refresh,
        ))
        .merge(endpoint("/api/auth/verify/", ALLOW, Access::Anyone, verify))
        .merge(endpoint(
            "/api/health/",
            "GET, HEAD, OPTIONS",
            Access::Anyone,
            health,
        ))
}

fn code_routes() -> Router<Shared> {
    const ALLOW: &str = "OPTIONS, POST";
    let limit = || DefaultBodyLimit::max(MAX_SIGN_IN_BYTES);
    let request = post(auth::code::request).layer(limit());
    let verify = post(auth::code::verify).layer(limit());
    Router::new()
        .merge(endpoint(
            "/api/auth/request-2fa/",
            ALLOW,
            Access::Anyone,
            request,
        ))
        .merge(endpoint(
            "/api/auth/verify-2fa/",
            ALLOW,
            Access::Anyone,
            verify,
        ))
}

fn person_routes() -> Router<Shared> {
    const ALLOW_ONE: &str = "GET, PUT, PATCH, DELETE, HEAD, OPTIONS";
    let subscribed = |path, allow, methods| endpoint(path, allow, Access::Subscribed, methods);
    let people = get(users::list).post(users::create);
    let person = get(users::read)
        .put(users::edit)
        .patch(users::edit)
        .delete(users::delete);
    Router::new()
        .merge(subscribed(
            "/api/users/",
            "GET, POST, HEAD, OPTIONS",
            people,
        ))
        .merge(subscribed("/api/users/{id}/", ALLOW_ONE, person))
        .merge(subscribed(
            "/api/users/{id}/deactivate-preview/",
            "GET, HEAD, OPTIONS",
            get(users::preview_deactivation),
        ))
        .merge(subscribed(
            "/api/users/{id}/deactivate/",
            "POST, OPTIONS",
            post(users::deactivate),
        ))
        .merge(subscribed(
            "/api/users/{id}/reactivate/",
            "POST, OPTIONS",
            post(users::reactivate),
        ))
        .merge(endpoint(
            "/api/companies/",
            "GET, POST, HEAD, OPTIONS",
            Access::SignedIn,
            get(companies::list).post(companies::create),
        ))
        .merge(endpoint(
            "/api/companies/{id}/",
            ALLOW_ONE,
            Access::SignedIn,
            get(companies::read)
                .put(companies::edit)
                .patch(companies::edit)
                .delete(companies::delete),
        ))
        .merge(endpoint(
            "/api/users/change_password/",
            "POST, OPTIONS",
            Access::SignedIn,
            post(users::change_password),
        ))
        .merge(endpoint(
            "/api/auth/logout/",
            "POST, OPTIONS",
            Access::SignedIn,
            post(auth::logout),
        ))
        .merge(endpoint(
            "/api/users/me/",
            "GET, HEAD, OPTIONS",
            Access::SignedIn,
            get(users::me),
        ))
        .merge(endpoint(
            "/api/companies/{id}/update_assignment_settings/",
            "PATCH, OPTIONS",
            Access::SignedIn,
            patch(companies::update_assignment_settings),
        ))
}

fn client_routes() -> Router<Shared> {
    Router::new()
        .merge(endpoint(
            "/api/clients/",
            "GET, POST, HEAD, OPTIONS",
            Access::Subscribed,
            get(clients::list).post(clients::create),
        ))
        .merge(endpoint(
            "/api/clients/status-counts/",
            "GET, HEAD, OPTIONS",
            Access::Subscribed,
            get(clients::status_counts),
        ))
        .merge(endpoint(
            "/api/clients/{id}/",
            "GET, PUT, PATCH, DELETE, HEAD, OPTIONS",
            Access::Subscribed,
            get(clients::read)
                .put(clients::edit)
                .patch(clients::edit)
                .delete(clients::delete),
        ))
        .merge(endpoint(
            "/api/clients/bulk_assign/",
            "POST, OPTIONS",
            Access::Subscribed,
            post(clients::bulk_assign),
        ))
        .merge(endpoint(
            "/api/clients/assign_unassigned/",
            "POST, OPTIONS",
            Access::Subscribed,
            post(clients::assign_unassigned),
        ))
}

fn assignment_routes() -> Router<Shared> {
    const ALLOW_READ: &str = "GET, HEAD, OPTIONS";
    let subscribed = |path, allow, methods| endpoint(path, allow, Access::Subscribed, methods);
    Router::new()
        .merge(subscribed(
            "/api/assignment/sweeps/",
            "GET, POST, HEAD, OPTIONS",
            get(assignment::list).post(assignment::run),
        ))
        .merge(subscribed(
            "/api/assignment/sweeps/{id}/",
            ALLOW_READ,
            get(assignment::read),
        ))
        .merge(subscribed(
            "/api/assignment/workload/",
            ALLOW_READ,
            get(assignment::workload),
        ))
}

fn settings_routes() -> Router<Shared> {
    use settings::{channels, stages, statuses};
    const LIST: &str = "GET, POST, HEAD, OPTIONS";
    const ONE: &str = "GET, PUT, PATCH, DELETE, HEAD, OPTIONS";
    Router::new()
        .merge(endpoint(
            "/api/settings/channels/",
            LIST,
            Access::Subscribed,
            get(channels::list).post(channels::create),
        ))
        .merge(endpoint(
            "/api/settings/channels/{id}/",
            ONE,
            Access::Subscribed,
            get(channels::read)
                .put(channels::edit)
                .patch(channels::edit)
                .delete(channels::delete),
        ))
        .merge(endpoint(
            "/api/settings/stages/",
            LIST,
            Access::Subscribed,
            get(stages::list).post(stages::create),
        ))
        .merge(endpoint(
            "/api/settings/stages/{id}/",
            ONE,
            Access::Subscribed,
            get(stages::read)
                .put(stages::edit)
                .patch(stages::edit)
                .delete(stages::delete),
        ))
        .merge(endpoint(
            "/api/settings/statuses/",
            LIST,
            Access::Subscribed,
            get(statuses::list).post(statuses::create),
        ))
        .merge(endpoint(
            "/api/settings/statuses/{id}/",
            ONE,
            Access::Subscribed,
            get(statuses::read)
                .put(statuses::edit)
                .patch(statuses::edit)
                .delete(statuses::delete),
        ))
}

fn plan_routes() -> Router<Shared> {
    endpoint(
        "/api/public/plans/",
        "GET, HEAD, OPTIONS",
        Access::Anyone,
        get(plans::list),
    )
}

fn timeline_routes() -> Router<Shared> {
    Router::new()
        .merge(endpoint(
            "/api/client-tasks/",
            "GET, POST, HEAD, OPTIONS",
            Access::Subscribed,
            get(tasks::list).post(tasks::create),
        ))
        .merge(endpoint(
            "/api/client-tasks/{id}/",
            "GET, PUT, PATCH, DELETE, HEAD, OPTIONS",
            Access::Subscribed,
            get(tasks::read)
                .put(tasks::edit)
                .patch(tasks::edit)
                .delete(tasks::delete),
        ))
        .merge(endpoint(
            "/api/client-events/",
            "GET, HEAD, OPTIONS",
            Access::Subscribed,
            get(events::list),
        ))
        .merge(endpoint(
            "/api/client-events/{id}/",
            "GET, HEAD, OPTIONS",
            Access::Subscribed,
            get(events::read),
        ))
}
