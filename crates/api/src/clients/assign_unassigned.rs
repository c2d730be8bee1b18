//! Spreading the clients that nobody has over the employees (contract, section 2.9).

use crate::Shared;
use crate::wire::caller::Subscriber;
use crate::wire::failure::{Answer, Failure, Refused};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;
use tawzi_app::{Denied, Error, SpreadReport, SpreadResult};
use tawzi_core::user::DisplayName;
use utoipa::ToSchema;

#[derive(Debug, Default, Serialize, ToSchema)]
pub(crate) struct SpreadBody {
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    message: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    error: Option<&'static str>,
    /// How many clients were assigned.
    assigned_count: usize,
    /// The names of those who received them.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    assigned_to: Option<String>,
}

/// Why nothing was assigned.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes the answers for the document")]
struct NotSpread {
    #[schema(required = false)]
    message: String,
    #[schema(required = false)]
    error: String,
    /// None.
    #[schema(required = false)]
    assigned_count: usize,
}

/// Spreads the clients that nobody holds over the employees. Only administrators may.
#[utoipa::path(
    post,
    path = "/api/clients/assign_unassigned/",
    tag = "clients",
    responses(
        (status = 200, body = SpreadBody),
        (status = 400, body = inline(NotSpread), description = "It cannot be done as things are."),
        (status = 403, body = inline(Refused), description = "The caller may not do this."),
    )
)]
pub(crate) async fn assign_unassigned(
    State(state): State<Shared>,
    Subscriber(actor): Subscriber,
) -> Answer<(StatusCode, Json<SpreadBody>)> {
    let outcome = tawzi_app::assign_unassigned(&state.app, &actor).await;
    let outcome = outcome.map_err(|error| match error {
        Error::Denied(Denied::NoCompany) => Failure::refused("You must belong to a company."),
        error => Failure::unless_admin(error, "Only admins can assign unassigned clients."),
    })?;
    let (status, body) = match outcome {
        SpreadResult::Spread(report) => (StatusCode::OK, SpreadBody::of(&report)),
        SpreadResult::NothingUnassigned => (
            StatusCode::OK,
            SpreadBody::message("No unassigned clients found."),
        ),
        SpreadResult::AutoAssignOff => (
            StatusCode::BAD_REQUEST,
            SpreadBody::message("Auto assign is not enabled for your company."),
        ),
        SpreadResult::NobodyEligible => {
            let error = Some("No active employees found in your company.");
            let body = SpreadBody {
                error,
                ..SpreadBody::default()
            };
            (StatusCode::BAD_REQUEST, body)
        }
    };
    Ok((status, Json(body)))
}

impl SpreadBody {
    fn of(report: &SpreadReport) -> Self {
        let names: Vec<_> = report.names.iter().map(DisplayName::as_str).collect();
        let names = names.join(", ");
        let assigned_count = report.assigned.len();
        let message = format!("Successfully assigned {assigned_count} client(s) to {names}.");
        Self {
            assigned_count,
            assigned_to: Some(names),
            ..Self::message(&message)
        }
    }

    fn message(message: &str) -> Self {
        Self {
            message: Some(message.to_owned()),
            ..Self::default()
        }
    }
}
