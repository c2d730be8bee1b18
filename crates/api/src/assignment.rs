//! The sweeps of one's company, and how busy its employees are.

use crate::Shared;
use crate::body::Object;
use crate::caller::{Administrator, PathId};
use crate::failure::{Answer, Failure};
use crate::fields::{Demand, Fields, flag};
use crate::list::{ListQuery, Listed};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;
use tawzi_app::{CompanySweep, CompanySweepRecord, SweepMove, Workload};
use tawzi_core::id::{ClientId, SweepId, UserId};
use tawzi_core::time::Timestamp;

/// What a sweep that was asked for did, or would do.
#[derive(Debug, Serialize)]
pub(crate) struct RunBody {
    id: Option<SweepId>,
    at: Timestamp,
    dry_run: bool,
    #[serde(flatten)]
    company: CompanySweep,
}

/// A sweep.
#[derive(Debug, Serialize)]
pub(crate) struct SweepBody {
    id: SweepId,
    cause: String,
    started_at: Timestamp,
    finished_at: Option<Timestamp>,
    due: i64,
    moved: i64,
    kept_no_other_employee: i64,
    changed_meanwhile: i64,
    error: Option<String>,
}

/// A sweep with a page of its moves.
#[derive(Debug, Serialize)]
pub(crate) struct SweepDetailBody {
    #[serde(flatten)]
    sweep: SweepBody,
    moves: Listed<MoveBody>,
}

/// A client that a sweep moved, and what its holders were called.
#[derive(Debug, Serialize)]
pub(crate) struct MoveBody {
    client: ClientId,
    client_name: String,
    from: Option<String>,
    to: Option<String>,
    at: Timestamp,
}

/// How busy an employee is.
#[derive(Debug, Serialize)]
pub(crate) struct WorkloadBody {
    user: UserId,
    username: String,
    name: String,
    clients: i64,
    active: i64,
    follow_up: i64,
    inactive: i64,
    closed: i64,
    without_status: i64,
    last_received_at: Option<Timestamp>,
    stale: i64,
    oldest_stale_client: Option<ClientId>,
    oldest_stale_since: Option<Timestamp>,
}

/// `POST /api/assignment/sweeps/`: 201 for a sweep, 200 for a dry run.
pub(crate) async fn run(
    State(state): State<Shared>,
    Administrator(actor): Administrator,
    Object(body): Object,
) -> Answer<(StatusCode, Json<RunBody>)> {
    let mut fields = Fields::new(body, Demand::Nothing);
    let dry_run = fields.defaulted("dry_run", false, flag);
    let errors = fields.into_errors();
    if !errors.is_empty() {
        return Err(Failure::Fields(errors));
    }
    let (db, clock) = (&state.db, &state.clock);
    let (status, report) = if dry_run {
        let report = tawzi_app::preview_own_sweep(db, clock, &actor).await?;
        (StatusCode::OK, report)
    } else {
        let report = tawzi_app::run_own_sweep(db, clock, &actor).await?;
        (StatusCode::CREATED, report)
    };
    let company = actor.require_admin()?;
    let swept = report.companies.into_iter().next();
    if swept.as_ref().is_some_and(|swept| swept.error.is_some()) {
        // Why is in the log and in the sweep's record.
        return Err(Failure::internal());
    }
    let body = RunBody {
        id: report.id,
        at: report.at,
        dry_run: report.dry_run,
        company: swept.unwrap_or_else(|| CompanySweep::nothing(company)),
    };
    Ok((status, Json(body)))
}

/// `GET /api/assignment/sweeps/`
pub(crate) async fn list(
    State(state): State<Shared>,
    Administrator(actor): Administrator,
    query: ListQuery,
) -> Answer<Json<Listed<SweepBody>>> {
    let fetch = |page| tawzi_app::list_sweeps(&state.db, &actor, page);
    let page = query
        .page(async |page| Ok(fetch(page).await?.count))
        .await?;
    let found = fetch(page).await?;
    let rows = found.sweeps.into_iter().map(SweepBody::from).collect();
    Ok(query.answer(page, found.count, rows))
}

/// `GET /api/assignment/sweeps/{id}/`; the pages are those of its moves.
pub(crate) async fn read(
    State(state): State<Shared>,
    Administrator(actor): Administrator,
    id: PathId,
    query: ListQuery,
) -> Answer<Json<SweepDetailBody>> {
    let id = SweepId::new(id.number("Sweep")?);
    let fetch = |page| tawzi_app::read_sweep(&state.db, &actor, id, page);
    let page = query
        .page(async |page| Ok(fetch(page).await?.sweep.moved))
        .await?;
    let found = fetch(page).await?;
    let moves = found.moves.into_iter().map(MoveBody::from).collect();
    let Json(moves) = query.answer(page, found.sweep.moved, moves);
    let sweep = found.sweep.into();
    Ok(Json(SweepDetailBody { sweep, moves }))
}

/// `GET /api/assignment/workload/`: the active employees; who comes first receives next.
pub(crate) async fn workload(
    State(state): State<Shared>,
    Administrator(actor): Administrator,
) -> Answer<Json<Vec<WorkloadBody>>> {
    let employees = tawzi_app::workload(&state.db, &actor, &state.clock).await?;
    Ok(Json(
        employees.into_iter().map(WorkloadBody::from).collect(),
    ))
}

impl From<CompanySweepRecord> for SweepBody {
    fn from(sweep: CompanySweepRecord) -> Self {
        Self {
            id: sweep.id,
            cause: sweep.cause,
            started_at: sweep.started_at,
            finished_at: sweep.finished_at,
            due: sweep.due,
            moved: sweep.moved,
            kept_no_other_employee: sweep.kept_no_other_employee,
            changed_meanwhile: sweep.changed_meanwhile,
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

impl From<Workload> for WorkloadBody {
    fn from(workload: Workload) -> Self {
        let member = workload.employee.member;
        // In the order of `StatusCategory::ALL`.
        let [active, follow_up, inactive, closed, without_status] = member.clients.by_category();
        Self {
            user: member.user,
            username: workload.employee.username,
            name: workload.employee.name.to_string(),
            clients: member.clients.total(),
            active,
            follow_up,
            inactive,
            closed,
            without_status,
            last_received_at: member.last_received.map(|received| received.at),
            stale: workload.stale.as_ref().map_or(0, |stale| stale.stale),
            oldest_stale_client: workload.stale.as_ref().map(|stale| stale.id),
            oldest_stale_since: workload.stale.map(|stale| stale.touched_at),
        }
    }
}
