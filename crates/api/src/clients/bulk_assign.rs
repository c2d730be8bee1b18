//! Giving many clients to somebody at once (contract, section 2.8).

use crate::Shared;
use crate::wire::body::{Declared, Object};
use crate::wire::caller::Subscriber;
use crate::wire::failure::{Answer, ErrorBody, Failure, Refused};
use crate::wire::fields::{Whole, sentence};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;
use serde_json::{Map, Value};
use tawzi_app::{BulkAssigned, Error};
use tawzi_core::id::{ClientId, UserId};
use utoipa::ToSchema;

/// The longest body: some hundred thousand ids.
pub(crate) const MAX_BYTES: usize = 1024 * 1024;

/// How a bulk assignment is answered.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MessageBody {
    message: String,
}

/// Which clients go to whom.
#[derive(ToSchema)]
#[schema(examples(json!({"client_ids": [1, 2], "user_id": 2})))]
#[expect(dead_code, reason = "it describes the fields for the document")]
pub(crate) struct BulkAssignRequest {
    /// Those of other companies are passed over.
    #[schema(min_items = 1)]
    client_ids: Vec<ClientId>,
    /// Somebody of the company; null takes the clients from everybody.
    #[schema(required)]
    user_id: Option<UserId>,
}

impl Declared for BulkAssignRequest {
    const FIELDS: &'static [&'static str] = &["client_ids", "user_id"];
}

/// Gives many clients to somebody, or takes them from everybody. Only administrators may.
#[utoipa::path(
    post,
    path = "/api/clients/bulk_assign/",
    tag = "clients",
    request_body = BulkAssignRequest,
    responses(
        (status = 200, body = MessageBody),
        (status = 403, body = inline(Refused), description = "The caller may not do this."),
        (status = 404, body = ErrorBody, description = "The company has no such person, or they are inactive."),
    )
)]
pub(crate) async fn bulk_assign(
    State(state): State<Shared>,
    Subscriber(actor): Subscriber,
    Object(mut body, ..): Object<BulkAssignRequest>,
) -> Answer<Json<MessageBody>> {
    let listed = body.remove("client_ids").filter(says_something);
    let listed = listed.ok_or_else(|| Failure::refused("client_ids is required."))?;
    let only_admins = |error| Failure::unless_admin(error, "Only admins can assign leads.");
    actor.require_full_sight().map_err(only_admins)?;
    let assignee = assignee(&mut body)?;
    let clients = client_ids(listed)?;
    let done = tawzi_app::bulk_assign(&state.app, &actor, &clients, assignee).await;
    let message = match done {
        Ok(BulkAssigned::Assigned(count)) => format!("Successfully assigned {count} lead(s)."),
        Ok(BulkAssigned::Unassigned(count)) => format!("Successfully unassigned {count} lead(s)."),
        Err(Error::NotFound(_)) => return Err(no_such_assignee()),
        // The same status as for somebody who is not there, but what to do is another thing.
        Err(Error::Invalid(problems)) => {
            let sentences = problems
                .iter()
                .map(|found| sentence(found.field, &found.problem));
            let sentences: Vec<_> = sentences.collect();
            return Err(Failure::error(StatusCode::NOT_FOUND, sentences.join(" ")));
        }
        Err(error) => return Err(only_admins(error)),
    };
    Ok(Json(MessageBody { message }))
}

/// Python's truth: the reference asks for a list with something in it.
fn says_something(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => false,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(entries) => !entries.is_empty(),
        Value::Bool(true) => true,
    }
}

/// Who is to receive the clients; `None` takes them from everybody.
fn assignee(body: &mut Map<String, Value>) -> Answer<Option<UserId>> {
    match body.remove("user_id") {
        None => Err(Failure::refused("user_id is required; null unassigns.")),
        Some(Value::Null) => Ok(None),
        Some(value) => match Whole::of(&value) {
            Some(Whole::Fits(id)) => Ok(Some(UserId::new(id))),
            Some(Whole::TooLarge(_)) => Err(no_such_assignee()),
            None => Err(Failure::refused("user_id must be a number or null.")),
        },
    }
}

/// The clients; numbers that can be nobody's id are passed over like other companies' ids.
fn client_ids(listed: Value) -> Answer<Vec<ClientId>> {
    let refused = || Failure::refused("client_ids must be a list of numbers.");
    let Value::Array(values) = listed else {
        return Err(refused());
    };
    let mut ids = Vec::with_capacity(values.len());
    for value in values {
        match Whole::of(&value).ok_or_else(refused)? {
            Whole::Fits(id) => ids.push(ClientId::new(id)),
            Whole::TooLarge(_) => {}
        }
    }
    Ok(ids)
}

fn no_such_assignee() -> Failure {
    Failure::error(
        StatusCode::NOT_FOUND,
        "User not found or does not belong to your company.",
    )
}
