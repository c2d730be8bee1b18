//! The answers that many operations share: what they look like, and which operations have them.

use crate::wire::caller::Access;
use crate::wire::failure::{DetailBody, ErrorBody, PhoneTakenBody, Unauthenticated};
use crate::wire::fields::FieldErrors;
use std::collections::BTreeMap;
use utoipa::openapi::path::{HttpMethod, Operation, ParameterIn};
use utoipa::openapi::response::{Response, ResponseBuilder};
use utoipa::openapi::schema::{Components, OneOfBuilder, Type};
use utoipa::openapi::{ContentBuilder, HeaderBuilder, Object, Ref, RefOr, Schema};
use utoipa::{IntoResponses, ToSchema};

struct SharedAnswer {
    status: &'static str,
    name: &'static str,
    body: fn() -> RefOr<Schema>,
    description: &'static str,
}

macro_rules! shared {
    ($($status:literal $name:ident $body:path: $description:literal;)+) => {
        [$(SharedAnswer {
            status: $status,
            name: stringify!($name),
            body: $body,
            description: $description,
        }),+]
    };
}

const SHARED: [SharedAnswer; 12] = shared! {
    "400" BadRequest bad_request:
        "Something is wrong with the request: sentences for each field, or one about all of it.";
    "401" Unauthenticated reference::<Unauthenticated>:
        "No token was sent, or it is good for nothing, or not any more.";
    "403" Forbidden reference::<DetailBody>:
        "The caller may not do this, or their company has no subscription.";
    "404" NotFound reference::<DetailBody>:
        "There is no such thing or page, or not for the caller to see.";
    "409" Conflict reference::<DetailBody>:
        "Something that the request refers to has just changed; look again, then repeat it.";
    "413" BodyTooLarge reference::<DetailBody>:
        "The body has more than 64 KiB; 128 KiB where there may be long notes, 1 MiB with many ids, 11 MiB with a photo.";
    "415" UnsupportedMediaType reference::<DetailBody>:
        "The body is not said to be `application/json`.";
    "422" ReusedKey reference::<DetailBody>:
        "The `Idempotency-Key` was used for another request.";
    "429" TooManyAttempts reference::<DetailBody>:
        "There were too many attempts from this address, or from it on this account.";
    "500" InternalError reference::<DetailBody>:
        "The server failed; why is in its log.";
    "503" Unavailable reference::<DetailBody>:
        "The database is busy or cannot be reached, or the server is stopping.";
    "504" TookTooLong reference::<DetailBody>:
        "The request took too long, which is 30 seconds at most, with the arrival of its body.";
};

/// Answers that few operations have.
macro_rules! rare {
    ($($(#[$doc:meta])+ $name:ident $status:literal;)+) => {$(
        $(#[$doc])+
        pub(crate) struct $name;

        impl IntoResponses for $name {
            fn responses() -> BTreeMap<String, RefOr<Response>> {
                BTreeMap::from([$status].map(shared))
            }
        }
    )+};
}

rare! {
    /// 422 where repetitions are recognised by a key.
    ReusedKey "422";
    /// 429 where attempts are limited.
    TooManyAttempts "429";
}

/// Adds to an operation what it does not say by itself.
pub(super) fn add(path: &str, method: &HttpMethod, access: Access, operation: &mut Operation) {
    for status in statuses(path, method, access, operation) {
        let (status, answer) = shared(status);
        operation
            .responses
            .responses
            .entry(status)
            .or_insert(answer);
    }
}

/// What the references lead to.
pub(super) fn describe(components: &mut Components) {
    for answer in SHARED {
        let content = ContentBuilder::new().schema(Some((answer.body)())).build();
        let mut response = ResponseBuilder::new()
            .description(answer.description)
            .content("application/json", content);
        if let Some((name, kind, description)) = header(answer.status) {
            let header = HeaderBuilder::new()
                .schema(Some(Object::with_type(kind)))
                .description(Some(description));
            response = response.header(name, header.build());
        }
        let response = response.build().into();
        components
            .responses
            .insert(answer.name.to_owned(), response);
    }
    let mut schemas = Vec::new();
    named::<DetailBody>(&mut schemas);
    named::<ErrorBody>(&mut schemas);
    named::<FieldErrors>(&mut schemas);
    named::<PhoneTakenBody>(&mut schemas);
    named::<Unauthenticated>(&mut schemas);
    components.schemas.extend(schemas);
}

fn header(status: &str) -> Option<(&'static str, Type, &'static str)> {
    match status {
        "401" => Some(("WWW-Authenticate", Type::String, "`Bearer realm=\"api\"`")),
        "429" | "503" => {
            let description = "After how many seconds to try again.";
            Some(("Retry-After", Type::Integer, description))
        }
        _ => None,
    }
}

fn statuses(
    path: &str,
    method: &HttpMethod,
    access: Access,
    operation: &Operation,
) -> Vec<&'static str> {
    let mut statuses = vec!["500", "503", "504"];
    if operation.request_body.is_some() {
        statuses.extend(["400", "413", "415"]);
    }
    match access {
        Access::Anyone => {}
        // An API key cannot do all that a person can.
        Access::SignedIn | Access::Subscribed => statuses.extend(["401", "403"]),
    }
    if !matches!(access, Access::Anyone) && *method != HttpMethod::Get {
        statuses.push("409");
    }
    if path.contains('{') {
        statuses.push("404");
    }
    for name in query(operation) {
        match name {
            "page" => statuses.extend(["400", "404"]),
            _ => statuses.push("400"),
        }
    }
    statuses
}

/// The names in the query of an operation.
pub(super) fn query(operation: &Operation) -> impl Iterator<Item = &str> {
    let parameters = operation.parameters.iter().flatten();
    parameters.filter_map(|parameter| match parameter {
        RefOr::T(parameter) if parameter.parameter_in == ParameterIn::Query => {
            Some(parameter.name.as_str())
        }
        _ => None,
    })
}

fn shared(status: &'static str) -> (String, RefOr<Response>) {
    let answer = SHARED.iter().find(|answer| answer.status == status);
    let name = answer.map_or("InternalError", |answer| answer.name);
    let reference = Ref::from_response_name(name);
    (status.to_owned(), reference.into())
}

fn bad_request() -> RefOr<Schema> {
    OneOfBuilder::new()
        .item(reference::<FieldErrors>())
        .item(reference::<DetailBody>())
        .item(reference::<ErrorBody>())
        .item(reference::<PhoneTakenBody>())
        .into()
}

fn reference<T: ToSchema>() -> RefOr<Schema> {
    Ref::from_schema_name(T::name()).into()
}

fn named<T: ToSchema>(schemas: &mut Vec<(String, RefOr<Schema>)>) {
    schemas.push((T::name().into_owned(), T::schema()));
    T::schemas(schemas);
}
