//! Data to measure on: companies, their people, and clients that are there already. It is written by
//! SQL straight into the tables, one text for both engines, and is the same for the same sizes.

use crate::clock;
use crate::database::{Database, Engine};

/// What a database is filled with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Contents {
    /// How many companies.
    pub(crate) companies: i64,
    /// How many employees each has, besides its administrator.
    pub(crate) employees: i64,
    /// How many clients there are altogether, spread evenly.
    pub(crate) clients: i64,
    /// One of so many clients is stale; nobody is when this is `None`.
    pub(crate) stale_one_in: Option<i64>,
    /// How many of the companies, the first ones, move neglected clients on.
    pub(crate) sweeping: i64,
}

impl Contents {
    /// Companies of 20 employees in which nothing is swept.
    pub(crate) const fn new(companies: i64, clients: i64) -> Self {
        Self {
            companies,
            employees: 20,
            clients,
            stale_one_in: None,
            sweeping: 0,
        }
    }

    /// The administrator of a company.
    pub(crate) const fn admin_of(&self, company: i64) -> i64 {
        (company - 1) * (self.employees + 1) + 1
    }
}

/// Fills a database whose tables are there and empty.
pub(crate) async fn fill(database: &Database, contents: &Contents) -> anyhow::Result<()> {
    database
        .execute_alone(match database.engine() {
            Engine::Postgres => &[],
            Engine::Sqlite => &[
                "PRAGMA foreign_keys = OFF",
                "PRAGMA synchronous = OFF",
                "PRAGMA cache_size = -1000000",
            ],
        })
        .await?;
    database
        .execute(people(database.engine(), contents))
        .await?;
    add_clients(database, contents, 0).await
}

/// Raises the number of clients from `before` to what the contents say.
pub(crate) async fn add_clients(
    database: &Database,
    contents: &Contents,
    before: i64,
) -> anyhow::Result<()> {
    if contents.clients > before {
        let statements = clients(database.engine(), contents, before);
        database.execute(statements).await?;
    }
    database
        .execute_alone(match database.engine() {
            // Nobody tells PostgreSQL that a new table is empty: it would believe that for a while,
            // and read all of it for each reference to a client.
            Engine::Postgres if contents.clients == 0 => &[
                "VACUUM ANALYZE company, user_account, subscription, status, employee_load",
                "CHECKPOINT",
            ],
            Engine::Postgres => &["VACUUM ANALYZE", "CHECKPOINT"],
            Engine::Sqlite => &["PRAGMA wal_checkpoint(TRUNCATE)"],
        })
        .await
}

fn people(engine: Engine, contents: &Contents) -> String {
    let Contents {
        companies,
        employees,
        sweeping,
        ..
    } = contents;
    let (now, each) = (clock::microseconds(), employees + 1);
    let fast = fast(engine);
    let sequences = raise(engine, "user_account_ids", companies * each)
        + &raise(engine, "company_ids", *companies)
        + &raise(engine, "status_ids", companies * 2)
        + &raise(engine, "subscription_ids", *companies);
    format!(
        "{fast}
INSERT INTO company (id, name, domain, specialization, registration_completed, auto_assign_enabled,
    re_assign_enabled, re_assign_hours, created_at, updated_at)
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {companies})
SELECT i, 'Company ' || i, 'company' || i || '.example', 'services', TRUE, TRUE, i <= {sweeping}, 24,
    {now}, {now}
FROM n;
INSERT INTO user_account (id, company_id, username, email, first_name, last_name, role,
    password_hash, is_active, is_staff, is_superuser, email_verified, date_joined)
WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {companies} * {each})
SELECT i + 1, i / {each} + 1, 'user' || (i + 1), 'user' || (i + 1) || '@company.example',
    'Employee', 'Number ' || (i % {each}), CASE WHEN i % {each} = 0 THEN 'admin' ELSE 'employee' END,
    '!', TRUE, FALSE, FALSE, TRUE, {now}
FROM n;
UPDATE company SET owner_id = (id - 1) * {each} + 1;
INSERT INTO plan (id, name, name_ar) VALUES (1, 'Benchmark', 'قياس');
INSERT INTO subscription (id, company_id, plan_id, is_active, auto_renew, start_date, end_date,
    created_at, updated_at)
SELECT id, id, 1, TRUE, TRUE, {now}, {now} + 86400000000, {now}, {now} FROM company;
INSERT INTO status (company_id, id, name, category, color, is_default, is_hidden, is_active,
    created_at, updated_at)
SELECT id, id * 2 - 1, 'New', 'active', '#888888', TRUE, FALSE, TRUE, {now}, {now} FROM company
UNION ALL
SELECT id, id * 2, 'Call again', 'follow_up', '#888888', FALSE, FALSE, TRUE, {now}, {now} FROM company;
INSERT INTO employee_load (company_id, user_id, active, follow_up, inactive, closed, without_status,
    last_received_order)
SELECT company_id, id, 0, 0, 0, 0, 0, 0 FROM user_account WHERE role = 'employee';
{sequences}"
    )
}

/// Clients arrive in all companies by turns and go to their employees by turns. The first name has
/// one of 100 values, the last one of 100 others, so that two words find one client in 10,000.
/// Everything that the server writes beside a client is written here, too.
fn clients(engine: Engine, contents: &Contents, before: i64) -> String {
    let Contents {
        companies,
        employees,
        clients,
        ..
    } = contents;
    let (now, each, hour) = (clock::microseconds(), employees + 1, 3_600_000_000_i64);
    let stale = contents.stale_one_in.unwrap_or(i64::MAX);
    let fast = fast(engine);
    let (count, as_usual) = counting(engine);
    let sequences = ["client_ids", "client_phone_ids", "client_event_ids"];
    let sequences = sequences.map(|name| raise(engine, name, *clients)).join("");
    format!(
        "{fast}
{count}
INSERT INTO client (company_id, id, name, priority, client_type, status_id, phone_number, assigned_to,
    assigned_at, create_key, created_at, updated_at)
WITH RECURSIVE n(i) AS (SELECT {before} UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {clients}),
    spread(i, company, turn) AS (SELECT i, i % {companies} + 1, i / {companies} FROM n)
SELECT company, i + 1,
    substr('badofigakuleminorasu', CAST(1 + turn % 10 * 2 AS INTEGER), 2)
        || substr('linamerosakitudavozu', CAST(1 + turn / 10 % 10 * 2 AS INTEGER), 2) || ' '
        || substr('باتاثاجاحادارازاساشا', CAST(1 + turn / 100 % 10 * 2 AS INTEGER), 2)
        || substr('ليمينيهيويديريزيسيشي', CAST(1 + turn / 1000 % 10 * 2 AS INTEGER), 2) || ' ' || i,
    CASE i % 3 WHEN 0 THEN 'low' WHEN 1 THEN 'medium' ELSE 'high' END,
    CASE i % 2 WHEN 0 THEN 'fresh' ELSE 'cold' END,
    company * 2 - turn % 2, '+9665' || (10000000 + i), (company - 1) * {each} + 2 + turn % {employees},
    CASE WHEN turn % {stale} = {stale} - 1 THEN {now} - 48 * {hour} + i ELSE {now} - {hour} + i END,
    i, {now} - 90 * 24 * {hour} + i, {now} - 90 * 24 * {hour} + i
FROM spread;
{as_usual}
INSERT INTO client_phone (company_id, id, client_id, phone_number, phone_type, is_primary, created_at,
    updated_at)
SELECT company_id, id, id, phone_number, 'mobile', TRUE, created_at, created_at
FROM client WHERE id > {before};
INSERT INTO client_event (company_id, id, client_id, event_type, old_value, new_value, notes, created_at)
SELECT k.company_id, k.id, k.id, 'assignment', 'Unassigned', u.first_name || ' ' || u.last_name,
    'Auto-assigned to ' || u.first_name || ' ' || u.last_name, k.created_at
FROM client k JOIN user_account u ON u.id = k.assigned_to WHERE k.id > {before};
{COUNT_LOADS}
{sequences}"
    )
}

/// Sets the counters to what counting says.
const COUNT_LOADS: &str = "DELETE FROM employee_load;
INSERT INTO employee_load (company_id, user_id, active, follow_up, inactive, closed, without_status,
    last_received_at, last_received_order)
SELECT u.company_id, u.id, COUNT(*) FILTER (WHERE s.category = 'active'),
    COUNT(*) FILTER (WHERE s.category = 'follow_up'), 0, 0,
    COUNT(*) FILTER (WHERE k.id IS NOT NULL AND s.category IS NULL), MAX(k.assigned_at), 0
FROM user_account u
LEFT JOIN client k ON k.company_id = u.company_id AND k.assigned_to = u.id
LEFT JOIN status s ON s.company_id = k.company_id AND s.id = k.status_id
WHERE u.role = 'employee'
GROUP BY u.company_id, u.id;";

/// What keeps the data consistent checks each row; rows that are made here need no checks.
const fn fast(engine: Engine) -> &'static str {
    match engine {
        Engine::Postgres => {
            "SET LOCAL session_replication_role = replica; SET LOCAL synchronous_commit = off;"
        }
        Engine::Sqlite => "",
    }
}

/// What makes clients be counted and found all the same, and what ends that.
const fn counting(engine: Engine) -> (&'static str, &'static str) {
    match engine {
        Engine::Postgres => (
            "ALTER TABLE client ENABLE ALWAYS TRIGGER client_added;",
            "ALTER TABLE client ENABLE TRIGGER client_added;",
        ),
        Engine::Sqlite => ("", ""),
    }
}

/// Ids up to that one are taken.
fn raise(engine: Engine, sequence: &str, highest: i64) -> String {
    match engine {
        _ if highest == 0 => String::new(),
        Engine::Postgres => format!("SELECT setval('{sequence}', {highest});\n"),
        Engine::Sqlite => {
            format!("UPDATE id_sequence SET last = {highest} WHERE name = '{sequence}';\n")
        }
    }
}
