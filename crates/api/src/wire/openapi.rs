//! The document of this API in the form of `OpenAPI` 3.1, made from the routes: each operation says
//! what is its own, and gets here what it shares with others.

mod answers;
mod kinds;

pub(crate) use answers::{ReusedKey, TooManyAttempts};
pub(crate) use kinds::{
    Category, DayOrMoment, Freshness, Hours, Moment, Money, PhoneKind, RoleWord, Specialization,
    Urgency,
};

use crate::wire::caller::Access;
use utoipa::openapi::path::{HttpMethod, Operation, PathItem, Paths};
use utoipa::openapi::schema::Components;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{OpenApi, Ref, RefOr, Required, Schema};
use utoipa::{IntoParams, OpenApi as _};

/// The name of the way to say who asks.
const BEARER: &str = "bearer";

const ABOUT: &str = "\
Tawzi hands each new client of a sales company to the right employee, notices whether anybody got in
touch, and moves neglected clients on.

**Signing in**: `POST /api/auth/login/`, or `POST /api/auth/request-2fa/` and then
`POST /api/auth/verify-2fa/` with the code from the mail. Send the access token as
`Authorization: Bearer TOKEN`.

**Addresses** end with a slash. Without it, `GET` and `HEAD` are redirected (301), and other methods
get 404. A method that an address does not have gets 405; `HEAD` goes wherever `GET` does, and
`OPTIONS` everywhere. The header `Allow` says which there are.

**Bodies** are JSON objects. Keys that are not listed here are ignored. What a list does not have in its
query is refused (400), so that nobody takes all rows for a few; elsewhere it is ignored.
Values are read as the CRM reads them whose API this is: a number may be sent as text, text as a
number, yes or no as `\"yes\"`, `\"on\"` or `1`. `PATCH` leaves alone what is not sent.

**Answers** say in `detail`, in `error` or by the name of a field what is wrong. What the caller may
not see is answered as if it were not there.";

/// What is about no single operation; the tags are in the order of the document.
#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "Tawzi",
        description = ABOUT,
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
    ),
    servers((url = "/")),
    tags(
        (name = "auth", description = "Signing in and out."),
        (name = "users", description = "People."),
        (name = "companies", description = "Companies, and their settings for distributing clients."),
        (name = "clients", description = "Clients, and who holds them."),
        (name = "client_tasks", description = "The activities that people log on their clients."),
        (name = "client_events", description = "The timeline of clients."),
        (name = "channels", description = "The ways by which clients come."),
        (name = "stages", description = "The stages of activities on clients."),
        (name = "statuses", description = "The statuses of clients."),
        (
            name = "assignment",
            description = "Sweeps, which move neglected clients on, and how busy everybody is."
        ),
        (name = "api_keys", description = "Keys with which other programs act for the company."),
        (name = "audit", description = "The security log."),
        (name = "server", description = "The server itself."),
        (name = "not_held", description = "Lists of what this server does not hold. They are empty."),
    )
)]
struct Document;

/// What stands in the address of a thing.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "it describes the address for the document")]
struct PathParameter {
    /// Which one.
    #[param(minimum = 1)]
    id: i64,
}

/// Everything that the operations do not say by themselves.
pub(crate) fn assemble(paths: Paths, schemas: Vec<(String, RefOr<Schema>)>) -> OpenApi {
    let mut components = Components::new();
    components.schemas.extend(schemas);
    answers::describe(&mut components);
    let scheme = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some(
            "The access token of somebody who signed in, or an API key (`twz_…`).",
        ))
        .build();
    components.add_security_scheme(BEARER, SecurityScheme::Http(scheme));
    let mut document = Document::openapi();
    document.paths = paths;
    document.components = Some(components);
    document
}

/// The operations of an address with their methods, in the order in which they are named.
pub(crate) fn operations(
    item: &mut PathItem,
) -> impl Iterator<Item = (HttpMethod, &mut Operation)> {
    [
        (HttpMethod::Get, &mut item.get),
        (HttpMethod::Post, &mut item.post),
        (HttpMethod::Put, &mut item.put),
        (HttpMethod::Patch, &mut item.patch),
        (HttpMethod::Delete, &mut item.delete),
    ]
    .into_iter()
    .filter_map(|(method, operation)| Some((method, operation.as_mut()?)))
}

/// What an address can have in its query, where it is a list's or a file is sent to it.
pub(crate) fn conditions(item: &PathItem) -> impl Iterator<Item = String> {
    let operations = item.get.iter().chain(&item.post);
    let names = operations.flat_map(answers::query);
    names.map(str::to_owned)
}

/// Says about the operations of an address what follows from their place and from who may come in.
pub(crate) fn complete(
    path: &str,
    access: Access,
    item: &mut PathItem,
    schemas: &mut Vec<(String, RefOr<Schema>)>,
) {
    let put = item.put.as_ref().and_then(|put| put.operation_id.clone());
    for (method, operation) in operations(item) {
        let name = match &operation.operation_id {
            name if method == HttpMethod::Patch && *name == put => "patch".to_owned(),
            name => name.clone().unwrap_or_default(),
        };
        let tag = operation.tags.iter().flatten().next();
        operation.operation_id = Some(format!("{}_{name}", tag.map_or("", String::as_str)));
        operation.security = Some(match access {
            Access::Anyone => Vec::new(),
            Access::SignedIn | Access::Subscribed => {
                vec![SecurityRequirement::new::<_, [&str; 0], &str>(BEARER, [])]
            }
        });
        if path.contains("{id}") {
            let parameters = operation.parameters.get_or_insert_default();
            let id = PathParameter::into_params(|| None);
            parameters.splice(0..0, id.into_iter().map(RefOr::T));
        }
        if name == "patch" {
            for reference in body_schemas(operation) {
                demand_nothing(reference, schemas);
            }
        }
        require_body_with_content(operation, schemas);
        answers::add(path, &method, access, operation);
        describe_success(operation);
    }
}

/// A PATCH has the fields of the PUT, but need not send them.
fn demand_nothing(reference: &mut Ref, schemas: &mut Vec<(String, RefOr<Schema>)>) {
    let name = schema_name(reference);
    let known = schemas.iter().find(|(other, _)| *other == name);
    let Some((_, RefOr::T(Schema::Object(object)))) = known else {
        return;
    };
    let mut object = object.clone();
    object.required.clear();
    object.examples.clear();
    object.description = Some(format!(
        "The same as {name}, of which only what is to change is sent."
    ));
    let name = format!("{name}Patch");
    *reference = Ref::from_schema_name(&name);
    schemas.push((name, Schema::Object(object).into()));
}

/// An empty body is as good as an empty object.
fn require_body_with_content(operation: &mut Operation, schemas: &[(String, RefOr<Schema>)]) {
    let Some(reference) = body_schemas(operation).next() else {
        return;
    };
    let name = schema_name(reference);
    let known = schemas.iter().find(|(other, _)| *other == name);
    let demanding =
        matches!(known, Some((_, RefOr::T(Schema::Object(object)))) if !object.required.is_empty());
    if let Some(RefOr::T(body)) = &mut operation.request_body {
        body.required = Some(if demanding {
            Required::True
        } else {
            Required::False
        });
    }
}

/// What the body looks like, for each media type it may have.
fn body_schemas(operation: &mut Operation) -> impl Iterator<Item = &mut Ref> {
    let body = match &mut operation.request_body {
        Some(RefOr::T(body)) => Some(body),
        _ => None,
    };
    let contents = body.into_iter().flat_map(|body| body.content.values_mut());
    contents.filter_map(|content| match content {
        RefOr::T(content) => match &mut content.schema {
            Some(RefOr::Ref(reference)) => Some(reference),
            _ => None,
        },
        RefOr::Ref(_) => None,
    })
}

fn schema_name(reference: &Ref) -> String {
    let name = reference.ref_location.rsplit('/').next();
    name.unwrap_or_default().to_owned()
}

fn describe_success(operation: &mut Operation) {
    for (status, answer) in &mut operation.responses.responses {
        if let RefOr::T(answer) = answer
            && answer.description.is_empty()
        {
            let description = match status.as_str() {
                "201" => "It was created.",
                "204" => "It is done.",
                _ => "Here it is.",
            };
            description.clone_into(&mut answer.description);
        }
    }
}
