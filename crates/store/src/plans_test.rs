//! How the engines carry out the statements that must stay cheap however many clients there are.

mod access;

use crate::database::TestDb;
use crate::db::dialect::Sql;
use crate::db::engine::{Connection, EngineKind, Reader};
use crate::db::keyset::{Position, PositionKey, Start};
use crate::db::query::Query;
use crate::statements_test::TABLES;
use crate::tables::client::list::{JOINED, PAGE, order_of};
use crate::tables::client::{ClientOrder, create, reassign};
use crate::tables::{client_event, client_task, employee_load, stage};
use access::{
    Access, BEHIND_CREATION, BEHIND_ID, BY_ASSIGNEE, BY_CREATE_KEY, BY_CREATION, BY_ID,
    BY_ID_TO_CHANGE, BY_ID_TO_MOVE, BY_STATUS, CHANNEL_BY_ID, CLIENT_BY_PHONE, COUNTED_DUE, DUE,
    EMPLOYEES, EVENT_BY_ID, KEY_BY_HASH, LOADS, PERSON_BY_ID, PROBED_DUE, STAGE_BY_ID,
    STATUS_BY_ID, TASK_BY_CREATE_KEY, TIMELINE, WAITING,
};
use serde_json::Value;
use sqlx::Row as _;

/// The moment at which the clients of the first two companies are due.
const NOW: i64 = 1_764_687_600_000_000;

/// A statement, its parameters as `PostgreSQL` writes them, and how it must find its rows.
struct Case {
    what: &'static str,
    sql: Sql,
    types: &'static str,
    values: String,
    access: Access,
}

fn case(what: &'static str, sql: Sql, types: &'static str, values: &str, access: Access) -> Case {
    Case {
        what,
        sql,
        types,
        values: values.to_owned(),
        access,
    }
}

/// The statement that the function of that name runs.
fn of(function: &str) -> Sql {
    let mut statements = TABLES.iter().flat_map(|(_, statements)| *statements);
    statements.find(|(name, _)| *name == function).unwrap().1
}

/// A statement that is put together from parts; its parameters are all numbers.
fn built(what: &'static str, text: String, values: &str, access: Access) -> Case {
    let text: &str = text.leak();
    let (postgres, sqlite) = (text, text);
    let types = "bigint, bigint, bigint, bigint";
    case(what, Sql { postgres, sqlite }, types, values, access)
}

/// A page of clients, the newest first, behind one that was created at the second parameter.
fn clients_behind_another() -> String {
    let order = order_of(&[ClientOrder::NEWEST_FIRST]);
    let place = Start::After(Position {
        keys: vec![PositionKey::Number(Some(0))],
        id: 0,
    });
    let mut query = Query::built(PAGE.postgres.to_owned()).with(7_i64);
    order.push_part(&mut query, &place, 100);
    query.push(JOINED).push(&order.clause());
    query.text(EngineKind::Postgres).as_str().to_owned()
}

#[rustfmt::skip] // One line a statement.
fn cases() -> Vec<Case> {
    let numbers = "bigint, bigint, bigint, bigint, bigint";
    let due = format!("1, {NOW}, -9223372036854775808, 0, 5000");
    let rest_of_due = format!("1, {NOW}, 40000, 40000, 5000");
    let touched = r#"'[{"company_id":7,"id":61,"viewer":0}]', 61"#;
    let moves = r#"'[{"company_id":7,"id":61,"assignee":61,"touched":61,"receiver":62}]', 0"#;
    let receivers = r#"'[{"company_id":7,"id":61,"assignee":61,"receiver":62}]', 0"#;
    let keys = r#"'[{"company_id":7,"create_key":61,"since":0,"chosen":true}]'"#;
    let asked = r#"'[7]', '[{"company_id":7,"create_key":61,"since":0,"chosen":true}]', '[62]', '[62]', '[61]',
        '[{"company_id":7,"phone_key":"+61"}]'"#;
    let answers = |what, access| case(what, create::READ_ANSWERS, "text, text, text, text, text, text", asked, access);
    let page_of_clients = |filter| {
        let order = order_of(&[ClientOrder::NEWEST_FIRST]).clause();
        format!("{}{filter}{order} LIMIT $2 OFFSET $3{JOINED}{order}", PAGE.postgres)
    };
    let timeline = format!(
        "{} AND e.client_id = $4 ORDER BY e.id DESC LIMIT $2 OFFSET $3",
        client_event::SELECT.postgres,
    );
    let behind_another: &str = clients_behind_another().leak();
    let behind_another = Sql { postgres: behind_another, sqlite: behind_another };
    vec![
        case("due clients", of("read_due"), numbers, &due, DUE),
        case("more due clients", of("read_due"), numbers, &rest_of_due, DUE),
        case("how many are due", of("count_due_clients"), "bigint, bigint", &format!("1, {NOW}"), COUNTED_DUE),
        case("who holds stale clients", of("stale_by_assignee"), "bigint, bigint", &format!("1, {NOW}"), COUNTED_DUE),
        case("companies with due clients", of("companies_with_due_clients"), "bigint, bigint", &format!("{NOW}, 0"), PROBED_DUE),
        case("waiting clients", of("waiting_clients"), "bigint, bigint", "7, 1000", WAITING),
        case("how many wait", of("count_waiting_clients"), "bigint", "7", WAITING),
        case("companies with waiting clients", of("companies_with_waiting_clients"), "bigint", "0", WAITING),
        case("moving", reassign::REASSIGN, "text, bigint", moves, BY_ID_TO_CHANGE),
        case("assigning", reassign::REASSIGN, "text, bigint", receivers, BY_ID_TO_CHANGE),
        case("what was assigned", reassign::READ_REASSIGNED, "text, bigint", receivers, BY_ID_TO_CHANGE),
        case("touching", of("touch_clients"), "text, bigint", touched, BY_ID_TO_MOVE),
        case("who holds these clients", of("owned_clients"), "bigint, text", "7, '[61, 62]'", BY_ID),
        case("a client", of("client"), "bigint, bigint, bigint", "7, 61, 0", BY_ID),
        case("these clients", of("clients_with"), "bigint, text", "7, '[61, 62]'", BY_ID),
        case("the next clients", of("clients_behind"), "bigint, bigint, bigint", "7, 61, 100", BEHIND_ID),
        case("clients that nobody holds", of("unassigned_clients"), "bigint", "7", BY_ASSIGNEE),
        case("employees", employee_load::READ_ROSTERS, "text", "'[7]'", EMPLOYEES),
        case("their loads", employee_load::READ_ROSTERS, "text", "'[7]'", LOADS),
        answers("employees for creates", EMPLOYEES),
        answers("their loads for creates", LOADS),
        answers("earlier creates", BY_CREATE_KEY),
        case("earlier client tasks", client_task::READ_EARLIER, "text", keys, TASK_BY_CREATE_KEY),
        answers("statuses of creates", STATUS_BY_ID),
        answers("channels of creates", CHANNEL_BY_ID),
        case("stages of client tasks", stage::READ_MANY, "text", "'[62]'", STAGE_BY_ID),
        answers("assignees of creates", PERSON_BY_ID),
        answers("phone numbers of creates", CLIENT_BY_PHONE),
        built("a page of clients", page_of_clients(""), "7, 100, 0, 0", BY_CREATION),
        case("a page of clients behind another", behind_another, "bigint, bigint, bigint, bigint, bigint, bigint, bigint", &format!("7, {NOW}, {NOW}, {NOW}, 61, 100, 0"), BEHIND_CREATION),
        built("a page of clients of a status", page_of_clients(" AND k.status_id = $4"), "7, 100, 0, 61", BY_STATUS),
        built("a page of an employee's clients", page_of_clients(" AND k.assigned_to = $4"), "7, 100, 0, 61", BY_ASSIGNEE),
        built("the timeline of a client", timeline, "7, 100, 0, 61", TIMELINE),
        case("an event", of("event"), "bigint, bigint, bigint", "7, 61, 0", EVENT_BY_ID),
        case("a key by its hash", of("api_key_identity"), "text", "'hash 61'", KEY_BY_HASH),
    ]
}

/// The statements that write many rows.
fn fill(engine: EngineKind) -> String {
    let mut text = include_str!("../tests/conformance/many_rows.sql").to_owned();
    for count in ["1000", "5000", "10000", "100000"] {
        let numbers = match engine {
            EngineKind::Postgres => format!("generate_series(1, {count}) n"),
            EngineKind::Sqlite => format!(
                "(WITH RECURSIVE counted (n) AS
                      (SELECT 1 UNION ALL SELECT n + 1 FROM counted LIMIT {count})
                  SELECT n FROM counted)"
            ),
        };
        text = text.replace(&format!("numbers({count})"), &numbers);
    }
    text
}

/// Statements that sort the few rows they find.
const SORTING: [&str; 2] = ["who holds stale clients", "who holds these clients"];

#[tokio::test]
async fn sqlite_finds_rows_by_their_indexes_in_a_new_database_and_among_many() {
    let store = TestDb::new(EngineKind::Sqlite).await;
    sqlite_finds_rows_by_their_indexes(&store).await;

    store.run(&fill(EngineKind::Sqlite)).await;
    store.run("ANALYZE").await;

    sqlite_finds_rows_by_their_indexes(&store).await;
}

async fn sqlite_finds_rows_by_their_indexes(store: &TestDb) {
    let mut tx = store.begin().await.unwrap();
    // The first statement takes notice of new statistics; explaining one does not.
    tx.count_companies().await.unwrap();
    for case in cases() {
        let steps = sqlite_plan(&mut tx, case.sql.sqlite).await;

        let mut reads = steps
            .iter()
            .filter(|step| step.split(' ').nth(1) == Some(case.access.alias))
            // A page that was cut out is read as a whole, under the same name.
            .filter(|step| !step.starts_with("CO-ROUTINE"))
            .filter(|step| !(**step == format!("SCAN {}", case.access.alias) && cut_out(&steps)))
            .peekable();
        let found = reads.peek().is_some() && reads.all(|step| step.contains(case.access.sqlite));
        assert!(found, "{}: {steps:#?}", case.what);
        let sorts = steps.iter().any(|step| step.contains("TEMP B-TREE"));
        assert!(
            !sorts || SORTING.contains(&case.what),
            "{}: {steps:#?}",
            case.what
        );
    }
}

fn cut_out(steps: &[String]) -> bool {
    steps.iter().any(|step| step.starts_with("CO-ROUTINE"))
}

#[tokio::test]
async fn postgres_finds_rows_by_their_indexes_among_many() {
    let store = TestDb::new(EngineKind::Postgres).await;
    store.run(&fill(EngineKind::Postgres)).await;
    store.run("VACUUM ANALYZE").await;

    let mut tx = store.begin().await.unwrap();
    for case in cases() {
        // With the values at hand, as for the first executions, and without, as later.
        for mode in ["force_custom_plan", "force_generic_plan"] {
            let plan = postgres_plan(&mut tx, &case, mode).await;

            let mut reads = Vec::new();
            collect_reads(&plan, case.access.table, &mut reads);
            let found = !reads.is_empty()
                && reads
                    .iter()
                    .all(|(how, _)| case.access.postgres.contains(&how.as_str()));
            assert!(found, "{} ({mode}): {plan:#}", case.what);
        }
    }
}

#[tokio::test]
async fn postgres_reads_no_client_when_nothing_is_due_and_nobody_waits() {
    let store = TestDb::new(EngineKind::Postgres).await;
    store.run(&fill(EngineKind::Postgres)).await;
    store.run("VACUUM ANALYZE").await;
    let long_ago = "0, 0";
    let due = case(
        "nothing due",
        of("companies_with_due_clients"),
        "bigint, bigint",
        long_ago,
        PROBED_DUE,
    );
    let function = of("companies_with_waiting_clients");
    let waiting = case("nobody waits", function, "bigint", "0", WAITING);

    for (case, index) in [(due, "client_due"), (waiting, "client_waiting")] {
        let mut tx = store.begin().await.unwrap();
        let plan = postgres_plan(&mut tx, &case, "auto").await;

        let mut reads = Vec::new();
        collect_reads(&plan, "client", &mut reads);
        assert_eq!(reads, [(index.to_owned(), 0.0)], "{plan:#}");
    }
}

/// The steps of `EXPLAIN QUERY PLAN`.
async fn sqlite_plan(tx: &mut Reader, text: &str) -> Vec<String> {
    let explained = Query::built(format!("EXPLAIN QUERY PLAN {text}"));
    // Kept, it would go on saying what was right before the database was filled.
    let explained = explained.persistent(false);
    let steps = tx.connection().rows(explained).await.unwrap();
    steps.iter().map(|row| row.raw("detail").unwrap()).collect()
}

/// The plan that is carried out, with the numbers of rows that were read.
async fn postgres_plan(tx: &mut Reader, case: &Case, mode: &str) -> Value {
    let Connection::Postgres(connection) = tx.connection() else {
        unreachable!("the database is PostgreSQL's");
    };
    let prepare = format!(
        "SET LOCAL plan_cache_mode = {mode}; DEALLOCATE ALL; PREPARE statement ({}) AS {}",
        case.types, case.sql.postgres
    );
    sqlx::raw_sql(sqlx::AssertSqlSafe(prepare))
        .execute(&mut *connection)
        .await
        .unwrap();
    let explain = format!(
        "EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) EXECUTE statement ({})",
        case.values
    );
    let row = sqlx::query(sqlx::AssertSqlSafe(explain))
        .persistent(false)
        .fetch_one(connection)
        .await
        .unwrap();
    // Its type is json, which the server sends as text.
    let plan: String = row.try_get_unchecked(0).unwrap();
    let plan: Value = serde_json::from_str(&plan).unwrap();
    plan[0]["Plan"].clone()
}

/// Every node that reads the table: its index, or what it is without one, and the rows it gave.
fn collect_reads(node: &Value, table: &str, reads: &mut Vec<(String, f64)>) {
    let kind = node["Node Type"].as_str().unwrap();
    let rows = node["Actual Rows"].as_f64().unwrap();
    let index = node["Index Name"].as_str();
    let is_of_table = match node["Relation Name"].as_str() {
        Some(relation) => relation == table,
        // It does not name the table; the node above it does.
        None => index.is_some_and(|index| index.starts_with(table)),
    };
    if is_of_table && (index.is_some() || !matches!(kind, "Bitmap Heap Scan" | "ModifyTable")) {
        reads.push((index.unwrap_or(kind).to_owned(), rows));
    }
    for child in node["Plans"].as_array().into_iter().flatten() {
        collect_reads(child, table, reads);
    }
}
