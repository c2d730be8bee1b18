//! How the engines carry out the statements that must stay cheap however many clients there are.

use crate::database::TestDb;
use crate::db::dialect::Sql;
use crate::db::engine::{Connection, EngineKind, Reader};
use crate::tables::client::{self, ClientOrder, order_by};
use crate::{api_keys, companies, events, intake, sweeps};
use serde_json::Value;

/// Fifty companies, ten employees each, two hundred clients each; every client of the first two
/// companies was assigned long ago, the others just now.
const FILL: Sql = Sql {
    postgres: "
        INSERT INTO company (id, name, domain, specialization, registration_completed,
            auto_assign_enabled, re_assign_enabled, re_assign_hours, created_at, updated_at)
        SELECT n, 'c' || n, 'c' || n, 'services', TRUE, TRUE, TRUE, 24, 0, 0
        FROM generate_series(1, 50) n;
        INSERT INTO user_account (id, company_id, username, email, first_name, last_name, role,
            password_hash, is_active, is_staff, is_superuser, email_verified, date_joined)
        SELECT n, (n - 1) / 10 + 1, 'u' || n, 'u' || n, '', '', 'employee', '', TRUE, FALSE,
            FALSE, FALSE, 0
        FROM generate_series(1, 500) n;
        INSERT INTO client (company_id, id, name, priority, client_type, assigned_to, assigned_at,
            create_key, created_at, updated_at)
        SELECT (n - 1) / 10 % 50 + 1, n, 'client ' || n, 'medium', 'fresh', (n - 1) % 500 + 1,
            CASE WHEN (n - 1) / 10 % 50 < 2 THEN n ELSE 1764687600000000 END, n, n, n
        FROM generate_series(1, 100000) n;
        INSERT INTO client_event (company_id, id, client_id, event_type, created_at)
        SELECT company_id, id, id, 'edit', 0 FROM client;
        INSERT INTO sweep (id, cause, started_at) SELECT n, 'command', 0
        FROM generate_series(1, 1000) n;
        INSERT INTO sweep_company (company_id, sweep_id, due, moved, kept_no_other_employee,
            changed_meanwhile)
        SELECT c.id, s.id, 1, 1, 0, 0 FROM company c CROSS JOIN sweep s;
        INSERT INTO api_key (company_id, id, name, prefix, key_hash, created_at)
        SELECT n % 50 + 1, n, '', '', 'hash ' || n, 0 FROM generate_series(1, 5000) n;",
    sqlite: "
        WITH RECURSIVE counted (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted LIMIT 50)
        INSERT INTO company (id, name, domain, specialization, registration_completed,
            auto_assign_enabled, re_assign_enabled, re_assign_hours, created_at, updated_at)
        SELECT n, 'c' || n, 'c' || n, 'services', TRUE, TRUE, TRUE, 24, 0, 0 FROM counted;
        WITH RECURSIVE counted (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted LIMIT 500)
        INSERT INTO user_account (id, company_id, username, email, first_name, last_name, role,
            password_hash, is_active, is_staff, is_superuser, email_verified, date_joined)
        SELECT n, (n - 1) / 10 + 1, 'u' || n, 'u' || n, '', '', 'employee', '', TRUE, FALSE,
            FALSE, FALSE, 0
        FROM counted;
        WITH RECURSIVE counted (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted LIMIT 100000)
        INSERT INTO client (company_id, id, name, priority, client_type, assigned_to, assigned_at,
            create_key, created_at, updated_at)
        SELECT (n - 1) / 10 % 50 + 1, n, 'client ' || n, 'medium', 'fresh', (n - 1) % 500 + 1,
            CASE WHEN (n - 1) / 10 % 50 < 2 THEN n ELSE 1764687600000000 END, n, n, n
        FROM counted;
        INSERT INTO client_event (company_id, id, client_id, event_type, created_at)
        SELECT company_id, id, id, 'edit', 0 FROM client;
        INSERT INTO api_key (company_id, id, name, prefix, key_hash, created_at)
        SELECT company_id, id, '', '', 'hash ' || id, 0 FROM client WHERE id <= 5000;",
};

/// The moment at which the clients of the first two companies are due.
const NOW: i64 = 1_764_687_600_000_000;

/// How the rows of a table must be found, in the words of each engine's plans.
struct Access {
    table: &'static str,
    alias: &'static str,
    postgres: &'static [&'static str],
    sqlite: &'static str,
}

const fn of_clients(
    alias: &'static str,
    postgres: &'static [&'static str],
    sqlite: &'static str,
) -> Access {
    Access {
        table: "client",
        alias,
        postgres,
        sqlite,
    }
}

const BY_ID: Access = of_clients(
    "k",
    &["client_pkey"],
    "USING PRIMARY KEY (company_id=? AND id=?)",
);
const BY_ID_TO_CHANGE: Access = of_clients(
    "client",
    &["client_pkey"],
    "USING PRIMARY KEY (company_id=? AND id=?)",
);
/// That index ends with the id, so that it finds one row as well.
const BY_ID_TO_MOVE: Access = of_clients(
    "client",
    &["client_pkey", "client_due"],
    "USING PRIMARY KEY (company_id=? AND id=?)",
);
const DUE: Access = of_clients("k", &["client_due"], "INDEX client_due (company_id=? AND ");
const COUNTED_DUE: Access = of_clients(
    "client",
    &["client_due"],
    "INDEX client_due (company_id=? AND touched_at",
);
const PROBED_DUE: Access = of_clients(
    "k",
    &["client_due"],
    "INDEX client_due (company_id=? AND touched_at<?)",
);
const BY_CREATION: Access = of_clients(
    "k",
    &["client_by_creation"],
    "INDEX client_by_creation (company_id=?)",
);
const BY_ASSIGNEE: Access = of_clients(
    "k",
    &["client_by_assignee"],
    "INDEX client_by_assignee (company_id=? AND assigned_to=?)",
);
const BY_STATUS: Access = of_clients(
    "k",
    &["client_by_status"],
    "INDEX client_by_status (company_id=? AND status_id=?)",
);
const BY_CREATE_KEY: Access = of_clients(
    "k",
    &["client_by_create_key"],
    "INDEX client_by_create_key (company_id=? AND create_key=?)",
);
const TIMELINE: Access = Access {
    table: "client_event",
    alias: "e",
    postgres: &["client_event_by_client"],
    sqlite: "INDEX client_event_by_client (company_id=? AND client_id=?)",
};
const EVENT_BY_ID: Access = Access {
    table: "client_event",
    alias: "e",
    postgres: &["client_event_pkey"],
    sqlite: "USING PRIMARY KEY (company_id=? AND id=?)",
};
const PARTS_OF_SWEEP: Access = Access {
    table: "sweep_company",
    alias: "c",
    postgres: &["sweep_company_by_sweep"],
    sqlite: "INDEX sweep_company_by_sweep (sweep_id=?)",
};

const KEY_BY_HASH: Access = Access {
    table: "api_key",
    alias: "k",
    postgres: &["api_key_by_hash"],
    sqlite: "INDEX api_key_by_hash (key_hash=?)",
};

/// A statement, its parameters as `PostgreSQL` writes them, and how it must find its rows.
struct Case {
    what: &'static str,
    sql: (String, String),
    types: &'static str,
    values: String,
    access: Access,
}

fn case(what: &'static str, sql: Sql, types: &'static str, values: &str, access: Access) -> Case {
    Case {
        what,
        sql: (sql.postgres.to_owned(), sql.sqlite.to_owned()),
        types,
        values: values.to_owned(),
        access,
    }
}

/// A statement that is put together from parts; its parameters are all numbers.
fn built(what: &'static str, text: String, values: &str, access: Access) -> Case {
    Case {
        what,
        sql: (text.clone(), text),
        types: "bigint, bigint, bigint, bigint",
        values: values.to_owned(),
        access,
    }
}

#[rustfmt::skip] // One line a statement.
fn cases() -> Vec<Case> {
    let numbers = "bigint, bigint, bigint, bigint, bigint";
    let due = format!("1, {NOW}, -9223372036854775808, 0, 5000");
    let rest_of_due = format!("1, {NOW}, 40000, 40000, 5000");
    let touched = r#"'[{"company_id":7,"id":61,"viewer":0}]', 61"#;
    let moves = r#"'[{"company_id":7,"id":61,"holder":61,"touched":61,"receiver":62}]', 0"#;
    let receivers = r#"'[{"company_id":7,"id":61,"receiver":62}]', 7, 0"#;
    let keys = r#"'[{"company_id":7,"create_key":61,"since":0}]'"#;
    let page_of_clients = |filter| {
        let order = order_by(&[ClientOrder::NEWEST_FIRST]);
        let (select, from, joined) = (clients::SELECT, clients::FROM_PAGE, clients::JOINED);
        format!("{select}{from}$1{filter}{order} LIMIT $2 OFFSET $3{joined}{order}")
    };
    let timeline = format!(
        "{}{}$1 AND e.client_id = $4 ORDER BY e.id DESC LIMIT $2 OFFSET $3",
        events::SELECT,
        events::FROM,
    );
    vec![
        case("due clients", clients::READ_DUE, numbers, &due, DUE),
        case("more due clients", clients::READ_DUE, numbers, &rest_of_due, DUE),
        case("how many are due", clients::COUNT_DUE, "bigint, bigint", &format!("1, {NOW}"), COUNTED_DUE),
        case("who holds stale clients", clients::READ_STALE_BY_HOLDER, "bigint, bigint", &format!("1, {NOW}"), COUNTED_DUE),
        case("companies with due clients", companies::READ_DUE, "bigint, bigint", &format!("{NOW}, 0"), PROBED_DUE),
        case("moving", clients::MOVE, "text, bigint", moves, BY_ID_TO_MOVE),
        case("assigning", clients::ASSIGN, "text, bigint, bigint", receivers, BY_ID_TO_CHANGE),
        case("touching", clients::TOUCH, "text, bigint", touched, BY_ID_TO_MOVE),
        case("who holds these clients", clients::READ_OWNED, "text, bigint", "'[61, 62]', 7", BY_ID),
        case("a client", clients::READ_ONE, "bigint, bigint, bigint", "7, 61, 0", BY_ID),
        case("clients that nobody holds", clients::READ_UNASSIGNED, "bigint", "7", BY_ASSIGNEE),
        case("earlier creates", intake::READ_RECENT, "text", keys, BY_CREATE_KEY),
        built("a page of clients", page_of_clients(""), "7, 100, 0, 0", BY_CREATION),
        built("a page of clients of a status", page_of_clients(" AND k.status_id = $4"), "7, 100, 0, 61", BY_STATUS),
        built("a page of an employee's clients", page_of_clients(" AND k.assigned_to = $4"), "7, 100, 0, 61", BY_ASSIGNEE),
        built("the timeline of a client", timeline, "7, 100, 0, 61", TIMELINE),
        case("an event", events::READ_ONE, "bigint, bigint, bigint", "7, 61, 0", EVENT_BY_ID),
        case("a key by its hash", api_keys::FIND, "text", "'hash 61'", KEY_BY_HASH),
        case("the newest sweeps", sweeps::READ_NEWEST, "bigint", "3", PARTS_OF_SWEEP),
    ]
}

/// Statements that sort the few rows they find.
const SORTING: [&str; 4] = [
    "who holds stale clients",
    "who holds these clients",
    "earlier creates",
    "the newest sweeps",
];

#[tokio::test]
async fn sqlite_finds_rows_by_their_indexes_in_a_new_database() {
    let store = TestDb::new(EngineKind::Sqlite).await;

    sqlite_finds_rows_by_their_indexes(&store).await;
}

#[tokio::test]
async fn sqlite_finds_rows_by_their_indexes_among_many() {
    let store = TestDb::new(EngineKind::Sqlite).await;
    store.run(FILL.sqlite).await;
    store.run("ANALYZE").await;

    sqlite_finds_rows_by_their_indexes(&store).await;
}

async fn sqlite_finds_rows_by_their_indexes(store: &TestDb) {
    let mut tx = store.begin().await.unwrap();
    // The first statement takes notice of new statistics; explaining one does not.
    tx.count_companies().await.unwrap();
    for case in cases() {
        let steps = sqlite_plan(&mut tx, &case.sql.1).await;

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
    store.run(FILL.postgres).await;
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
async fn postgres_reads_no_client_when_nothing_is_due() {
    let store = TestDb::new(EngineKind::Postgres).await;
    store.run(FILL.postgres).await;
    store.run("VACUUM ANALYZE").await;
    let long_ago = "0, 0";
    let case = case(
        "nothing due",
        companies::READ_DUE,
        "bigint, bigint",
        long_ago,
        PROBED_DUE,
    );

    let mut tx = store.begin().await.unwrap();
    let plan = postgres_plan(&mut tx, &case, "auto").await;

    let mut reads = Vec::new();
    collect_reads(&plan, "client", &mut reads);
    assert_eq!(reads, [("client_due".to_owned(), 0.0)], "{plan:#}");
}

/// The steps of `EXPLAIN QUERY PLAN`.
async fn sqlite_plan(tx: &mut Reader, text: &str) -> Vec<String> {
    let text = sqlx::AssertSqlSafe(format!("EXPLAIN QUERY PLAN {text}"));
    let steps: Vec<(i64, i64, i64, String)> = on!(tx, connection => {
        sqlx::query_as(text).fetch_all(connection).await.unwrap()
    });
    steps.into_iter().map(|(_, _, _, step)| step).collect()
}

/// The plan that is carried out, with the numbers of rows that were read.
async fn postgres_plan(tx: &mut Reader, case: &Case, mode: &str) -> Value {
    let Connection::Postgres(connection) = tx.connection() else {
        unreachable!("the database is PostgreSQL's");
    };
    let prepare = format!(
        "SET LOCAL plan_cache_mode = {mode}; DEALLOCATE ALL; PREPARE statement ({}) AS {}",
        case.types, case.sql.0
    );
    sqlx::raw_sql(sqlx::AssertSqlSafe(prepare))
        .execute(&mut *connection)
        .await
        .unwrap();
    let explain = format!(
        "EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) EXECUTE statement ({})",
        case.values
    );
    let (plan,): (Value,) = sqlx::query_as(sqlx::AssertSqlSafe(explain))
        .persistent(false)
        .fetch_one(connection)
        .await
        .unwrap();
    plan[0]["Plan"].clone()
}

/// Every node that reads the table: its index, or what it is without one, and the rows it gave.
fn collect_reads(node: &Value, table: &str, reads: &mut Vec<(String, f64)>) {
    let kind = node["Node Type"].as_str().unwrap();
    let rows = node["Actual Rows"].as_f64().unwrap();
    match (node["Index Name"].as_str(), node["Relation Name"].as_str()) {
        (Some(index), Some(relation)) if relation == table => {
            reads.push((index.to_owned(), rows));
        }
        // It does not name the table; the node above it does.
        (Some(index), None) if index.starts_with(table) => {
            reads.push((index.to_owned(), rows));
        }
        (None, Some(relation))
            if relation == table && !matches!(kind, "Bitmap Heap Scan" | "ModifyTable") =>
        {
            reads.push((kind.to_owned(), rows));
        }
        _ => {}
    }
    for child in node["Plans"].as_array().into_iter().flatten() {
        collect_reads(child, table, reads);
    }
}
