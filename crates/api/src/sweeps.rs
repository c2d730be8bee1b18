//! The sweeps of one's company.

use crate::state::Shared;
use crate::wire::body::Object;
use crate::wire::caller::{Administrator, Overseer, PathId};
use crate::wire::failure::{Answer, Failure};
use crate::wire::fields::{Demand, request, valid};
use crate::wire::list::{ListQuery, Listed, PageQuery};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;
use tawzi_app::{CompanySweep, CompanySweepRow, KeptClient, MovedClient, SweepMove, Thing};
use tawzi_core::id::{ClientId, CompanyId, SweepId, UserId};
use tawzi_core::sweep::KeptReason;
use tawzi_core::time::Timestamp;
use utoipa::ToSchema;

/// What a sweep that was asked for did, or would do.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RunBody {
    #[schema(required)]
    id: Option<SweepId>,
    /// The moment it looked from.
    at: Timestamp,
    /// Whether nothing was written.
    dry_run: bool,
    company: CompanyId,
    /// How many clients were stale.
    due: i64,
    /// Those that moved, in the order of the plan.
    moved: Vec<MovedBody>,
    /// Those that stayed.
    kept: Vec<KeptBody>,
    /// Always null: what failed is answered with 500.
    #[schema(required)]
    error: Option<String>,
}

/// A client that moves from one person to another.
#[derive(Debug, Serialize, ToSchema)]
struct MovedBody {
    client: ClientId,
    /// Who held the client.
    from: UserId,
    /// Who holds the client now.
    to: UserId,
}

/// A stale client that stays.
#[derive(Debug, Serialize, ToSchema)]
struct KeptBody {
    client: ClientId,
    /// `no_other_employee`, or `changed_meanwhile` for one that was contacted or moved meanwhile.
    reason: &'static str,
}

/// A sweep.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SweepBody {
    id: SweepId,
    /// `schedule` or `command`.
    cause: String,
    started_at: Timestamp,
    #[schema(required)]
    finished_at: Option<Timestamp>,
    /// How many clients were neglected.
    due: i64,
    /// How many moved.
    moved: i64,
    /// How many stayed because there is nobody else.
    kept_no_other_employee: i64,
    /// How many were contacted or moved while it ran.
    changed_meanwhile: i64,
    /// Why the company could not be swept.
    #[schema(required)]
    error: Option<String>,
}

/// A sweep with a page of its moves.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SweepDetailBody {
    #[serde(flatten)]
    sweep: SweepBody,
    moves: Listed<MoveBody>,
}

/// A client that a sweep moved, and what its assignees were called.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MoveBody {
    client: ClientId,
    client_name: String,
    /// Who held the client.
    #[schema(required)]
    from: Option<String>,
    /// Who holds the client now.
    #[schema(required)]
    to: Option<String>,
    /// The moment it looked from.
    at: Timestamp,
}

request! {
    /// Whether a sweep is for real.
    #[schema(examples(json!({"dry_run": true})))]
    struct SweepRequest for SweepAsked {
        /// Only say what would be done.
        #[schema(required = false, default = false)]
        optional dry_run: bool;
    }
}

/// What a request says about a sweep.
#[derive(Default)]
struct SweepAsked {
    dry_run: Option<bool>,
}

/// Sweeps the caller's company now, or says what that would do. Only administrators may.
#[utoipa::path(
    post,
    path = "/api/assignment/sweeps/",
    tag = "assignment",
    operation_id = "run_sweep",
    request_body = SweepRequest,
    responses(
        (status = 200, body = RunBody, description = "What it would do."),
        (status = 201, body = RunBody, description = "What it did."),
    )
)]
pub(crate) async fn run(
    State(state): State<Shared>,
    Administrator(actor): Administrator,
    Object(body): Object,
) -> Answer<(StatusCode, Json<RunBody>)> {
    let asked = valid(SweepRequest::read(body, Demand::Nothing))?;
    let (status, report) = if asked.dry_run == Some(true) {
        let report = tawzi_app::preview_own_sweep(&state.app, &actor).await?;
        (StatusCode::OK, report)
    } else {
        let report = tawzi_app::run_own_sweep(&state.app, &actor).await?;
        (StatusCode::CREATED, report)
    };
    let company = actor.require_admin()?;
    let swept = report.companies.into_iter().next();
    if swept.as_ref().is_some_and(|swept| swept.error.is_some()) {
        // Why is in the log and in the sweep's record.
        return Err(Failure::internal());
    }
    let swept = swept.unwrap_or_else(|| CompanySweep::nothing(company));
    let body = RunBody {
        id: report.id,
        at: report.at,
        dry_run: report.dry_run,
        company: swept.company,
        due: swept.due,
        moved: swept.moved.into_iter().map(MovedBody::from).collect(),
        kept: swept.kept.into_iter().map(KeptBody::from).collect(),
        error: None,
    };
    Ok((status, Json(body)))
}

/// Lists the sweeps that found something due in the caller's company, the newest first. Only
/// administrators may.
#[utoipa::path(
    get,
    path = "/api/assignment/sweeps/",
    tag = "assignment",
    operation_id = "list_sweeps",
    params(PageQuery),
    responses((status = 200, body = Listed<SweepBody>))
)]
pub(crate) async fn list(
    State(state): State<Shared>,
    Overseer(actor): Overseer,
    query: ListQuery,
) -> Answer<Json<Listed<SweepBody>>> {
    let fetch = |page| tawzi_app::list_sweeps(&state.app, &actor, page);
    query.list(fetch, SweepBody::from).await
}

/// Shows a sweep; the pages are those of its moves. Only administrators may.
#[utoipa::path(
    get,
    path = "/api/assignment/sweeps/{id}/",
    tag = "assignment",
    operation_id = "read_sweep",
    params(PageQuery),
    responses((status = 200, body = SweepDetailBody))
)]
pub(crate) async fn read(
    State(state): State<Shared>,
    Overseer(actor): Overseer,
    id: PathId,
    query: ListQuery,
) -> Answer<Json<SweepDetailBody>> {
    let id = SweepId::new(id.number(Thing::Sweep)?);
    let fetch = |page| tawzi_app::read_sweep(&state.app, &actor, id, page);
    let page = query
        .page(async |page| Ok(fetch(page).await?.sweep.moved))
        .await?;
    let found = fetch(page).await?;
    let moves = found.moves.into_iter().map(MoveBody::from).collect();
    let Json(moves) = query.answer(page, found.sweep.moved, moves);
    let sweep = found.sweep.into();
    Ok(Json(SweepDetailBody { sweep, moves }))
}

impl From<MovedClient> for MovedBody {
    fn from(moved: MovedClient) -> Self {
        Self {
            client: moved.client,
            from: moved.from,
            to: moved.to,
        }
    }
}

impl From<KeptClient> for KeptBody {
    fn from(kept: KeptClient) -> Self {
        Self {
            client: kept.client,
            reason: kept.reason.as_str(),
        }
    }
}

impl From<CompanySweepRow> for SweepBody {
    fn from(sweep: CompanySweepRow) -> Self {
        Self {
            id: sweep.id,
            cause: sweep.cause,
            started_at: sweep.started_at,
            finished_at: sweep.finished_at,
            due: sweep.due,
            moved: sweep.moved,
            kept_no_other_employee: sweep.kept.of(KeptReason::NoOtherEmployee),
            changed_meanwhile: sweep.kept.of(KeptReason::ChangedMeanwhile),
            error: sweep.error,
        }
    }
}

impl From<SweepMove> for MoveBody {
    fn from(moved: SweepMove) -> Self {
        Self {
            client: moved.client_id,
            client_name: moved.client_name,
            from: moved.old_value,
            to: moved.new_value,
            at: moved.created_at,
        }
    }
}
