//! The sweeps of one's company.

use crate::Shared;
use crate::wire::answer::answer;
use crate::wire::body::Object;
use crate::wire::caller::{Administrator, Overseer, PathId};
use crate::wire::failure::{Answer, Failure};
use crate::wire::fields::{Demand, request, valid};
use crate::wire::list::{ListQuery, Listed, PageQuery};
use crate::wire::operations::operations;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;
use tawzi_app::{
    CompanySweep, CompanySweepRow, HandedOut, KeptClient, MovedClient, Receiver, SweepMove,
    SweepReport,
};
use tawzi_core::id::{ClientId, CompanyId, SweepId, UserId};
use tawzi_core::sweep::KeptReason;
use tawzi_core::time::Timestamp;
use utoipa::ToSchema;

answer! {
    /// What a sweep that was asked for did, or would do.
    pub(crate) struct RunBody of swept: CompanySweep, handed_out: HandedOut, report: &SweepReport {
        nullable id: SweepId = report.id;
        /// The moment it looked from.
        always at: Timestamp = report.at;
        /// Whether nothing was written.
        always dry_run: bool = report.dry_run;
        always company: CompanyId;
        /// How many clients were stale.
        always due: i64;
        /// Those that moved, in the order of the plan.
        always moved: Vec<MovedBody> = swept.moved.into_iter().map(MovedBody::new).collect();
        /// Those that stayed.
        always kept: Vec<KeptBody> = swept.kept.into_iter().map(KeptBody::new).collect();
        /// Clients that waited for somebody, the longest waiting first, and who received them before anything moved.
        always handed_out: Vec<HandedOutBody> =
            handed_out.assigned.into_iter().map(HandedOutBody::new).collect();
        /// How many wait on, since nobody can receive them.
        always waiting: i64 = handed_out.left;
        /// Always null: what failed is answered with 500.
        nullable error: String = None;
    }
}

answer! {
    /// A client that moves from one person to another.
    struct MovedBody of moved: MovedClient {
        always client: ClientId;
        /// Who held the client.
        always from: UserId;
        /// Who holds the client now.
        always to: UserId;
    }
}

answer! {
    /// A client that had nobody, and who received it.
    struct HandedOutBody of received: Receiver {
        always client: ClientId;
        /// Who holds the client now.
        always to: UserId;
    }
}

answer! {
    /// A stale client that stays.
    struct KeptBody of kept: KeptClient {
        always client: ClientId;
        /// `no_other_employee`, or `changed_meanwhile` for one that was contacted or moved meanwhile.
        always reason: &'static str = kept.reason.as_str();
    }
}

answer! {
    /// A sweep.
    pub(crate) struct SweepBody of sweep: CompanySweepRow {
        always id: SweepId;
        /// `schedule` or `command`.
        always cause: String;
        always started_at: Timestamp;
        nullable finished_at: Timestamp;
        /// How many clients were neglected.
        always due: i64;
        /// How many moved.
        always moved: i64;
        /// How many stayed because there is nobody else.
        always kept_no_other_employee: i64 = sweep.kept.of(KeptReason::NoOtherEmployee);
        /// How many were contacted or moved while it ran.
        always changed_meanwhile: i64 = sweep.kept.of(KeptReason::ChangedMeanwhile);
        /// Why the company could not be swept.
        nullable error: String;
    }
}

/// A sweep with a page of its moves.
#[derive(Serialize, ToSchema)]
pub(crate) struct SweepDetailBody {
    #[serde(flatten)]
    sweep: SweepBody,
    moves: Listed<MoveBody>,
}

answer! {
    /// A client that a sweep moved, and what its holders were called.
    pub(crate) struct MoveBody of moved: SweepMove {
        always client: ClientId = moved.client_id;
        always client_name: String;
        /// Who held the client.
        nullable from: String = moved.old_value;
        /// Who holds the client now.
        nullable to: String = moved.new_value;
        /// The moment it looked from.
        always at: Timestamp = moved.created_at;
    }
}

request! {
    /// Whether a sweep is for real.
    #[schema(examples(json!({"dry_run": true})))]
    pub(crate) struct SweepRequest for SweepAsked {
        /// Only say what would be done.
        #[schema(required = false, default = false)]
        optional dry_run: bool;
    }
}

/// What a request says about a sweep.
#[derive(Default)]
pub(crate) struct SweepAsked {
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
    Object(body, ..): Object<SweepRequest>,
) -> Answer<(StatusCode, Json<RunBody>)> {
    let asked = valid(SweepRequest::read(body, Demand::Nothing))?;
    let (status, mut report) = if asked.dry_run == Some(true) {
        let report = tawzi_app::preview_own_sweep(&state.app, &actor).await?;
        (StatusCode::OK, report)
    } else {
        let report = tawzi_app::run_own_sweep(&state.app, &actor).await?;
        (StatusCode::CREATED, report)
    };
    let company = actor.require_admin()?;
    let swept = report.companies.pop();
    let handed_out = report.handed_out.pop();
    let error = swept.as_ref().and_then(|swept| swept.error.as_ref());
    let not_handed_out = handed_out
        .as_ref()
        .and_then(|handed_out| handed_out.error.as_ref());
    if error.or(not_handed_out).is_some() {
        // Why is in the log and in the sweep's record.
        return Err(Failure::internal());
    }
    let swept = swept.unwrap_or_else(|| CompanySweep::nothing(company));
    let handed_out = handed_out.unwrap_or_else(|| HandedOut::nothing(company));
    Ok((status, Json(RunBody::new(swept, handed_out, &report))))
}

operations! {
    in "assignment", each a SweepId, answering SweepBody by |sweep, _| SweepBody::new(sweep);

    /// Lists the sweeps that found something due in the caller's company, the newest first. Only
    /// administrators may.
    list at "/api/assignment/sweeps/" for Overseer calls list_sweeps, named "list_sweeps";
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
    PathId(id): PathId<SweepId>,
    query: ListQuery,
) -> Answer<Json<SweepDetailBody>> {
    let fetch = |page| tawzi_app::read_sweep(&state.app, &actor, id, page);
    let page = query
        .page(async |page| Ok(Some(fetch(page).await?.sweep.moved)))
        .await?;
    let found = fetch(page.clone()).await?;
    let moves = found.moves.into_iter().map(MoveBody::new).collect();
    let Json(moves) = query.answer(&page, found.sweep.moved, moves);
    let sweep = SweepBody::new(found.sweep);
    Ok(Json(SweepDetailBody { sweep, moves }))
}
