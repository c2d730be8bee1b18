//! Creating a client and giving it to the least busy employee, by the database alone.

use super::{declare, repeat_on_sqlite};
use crate::database::Database;
use crate::pgbench::{Pgbench, Run};
use crate::sample::Sample;
use std::time::Duration;

/// A function, as what one call does is planned once and needs no way back to the client.
pub(super) const POSTGRES: &str = "
CREATE OR REPLACE FUNCTION floor_create(in_company BIGINT, number BIGINT) RETURNS VOID
LANGUAGE plpgsql AS $$
DECLARE
    now_at CONSTANT BIGINT := EXTRACT(EPOCH FROM clock_timestamp()) * 1000000;
    assignee BIGINT;
    assignee_name TEXT;
    new_client BIGINT;
BEGIN
    PERFORM 1 FROM company WHERE id = in_company FOR NO KEY UPDATE;
    SELECT u.id, u.first_name || ' ' || u.last_name INTO assignee, assignee_name
    FROM user_account u
    JOIN employee_load l ON l.company_id = u.company_id AND l.user_id = u.id
    WHERE u.company_id = in_company AND u.role = 'employee' AND u.is_active
    ORDER BY l.active + l.follow_up + l.inactive + l.closed + l.without_status,
        l.last_received_at NULLS FIRST, l.last_received_order, u.id
    LIMIT 1;
    INSERT INTO client (company_id, id, name, priority, client_type, phone_number, assigned_to,
        assigned_at, create_key, created_at, updated_at)
    VALUES (in_company, nextval('client_ids'), 'Client ' || number, 'medium', 'fresh',
        '+9665' || number, assignee, now_at, hashint8(number), now_at, now_at)
    RETURNING id INTO new_client;
    INSERT INTO client_phone (company_id, id, client_id, phone_number, phone_type, is_primary,
        created_at, updated_at)
    VALUES (in_company, nextval('client_phone_ids'), new_client, '+9665' || number, 'mobile', TRUE,
        now_at, now_at);
    INSERT INTO client_event (company_id, id, client_id, event_type, old_value, new_value, notes,
        created_at)
    VALUES (in_company, nextval('client_event_ids'), new_client, 'assignment', 'Unassigned',
        assignee_name, 'Auto-assigned to ' || assignee_name, now_at);
    UPDATE employee_load
    SET without_status = without_status + 1, last_received_at = now_at, last_received_order = 0
    WHERE company_id = in_company AND user_id = assignee;
END $$;";

/// A trigger, as `SQLite` has no functions: one prepared statement does all of it. What was chosen is
/// looked up again where it is needed, which costs less than handing it to and fro.
const SQLITE: &str = "
CREATE TEMP VIEW floor_create(company, number) AS SELECT 0, 0;
CREATE TEMP TRIGGER floor_create_rows INSTEAD OF INSERT ON floor_create BEGIN
    UPDATE id_sequence SET last = last + 1
    WHERE name IN ('client_ids', 'client_phone_ids', 'client_event_ids');
    INSERT INTO client (company_id, id, name, priority, client_type, phone_number, assigned_to,
        assigned_at, create_key, created_at, updated_at)
    SELECT NEW.company, s.last, 'Client ' || NEW.number, 'medium', 'fresh', '+9665' || NEW.number,
        (SELECT u.id
         FROM user_account u
         JOIN employee_load l ON l.company_id = u.company_id AND l.user_id = u.id
         WHERE u.company_id = NEW.company AND u.role = 'employee' AND u.is_active
         ORDER BY l.active + l.follow_up + l.inactive + l.closed + l.without_status,
             l.last_received_at NULLS FIRST, l.last_received_order, u.id
         LIMIT 1),
        t.now_at, NEW.number * 2654435761 % 9007199254740881, t.now_at, t.now_at
    FROM id_sequence s, (SELECT CAST(unixepoch('subsec') * 1000000 AS INTEGER) AS now_at) t
    WHERE s.name = 'client_ids';
    INSERT INTO client_phone (company_id, id, client_id, phone_number, phone_type, is_primary,
        created_at, updated_at)
    SELECT k.company_id, s.last, k.id, k.phone_number, 'mobile', TRUE, k.created_at, k.created_at
    FROM id_sequence s
    JOIN client k ON k.company_id = NEW.company
        AND k.id = (SELECT last FROM id_sequence WHERE name = 'client_ids')
    WHERE s.name = 'client_phone_ids';
    INSERT INTO client_event (company_id, id, client_id, event_type, old_value, new_value, notes,
        created_at)
    SELECT k.company_id, s.last, k.id, 'assignment', 'Unassigned',
        u.first_name || ' ' || u.last_name,
        'Auto-assigned to ' || u.first_name || ' ' || u.last_name, k.created_at
    FROM id_sequence s
    JOIN client k ON k.company_id = NEW.company
        AND k.id = (SELECT last FROM id_sequence WHERE name = 'client_ids')
    JOIN user_account u ON u.id = k.assigned_to
    WHERE s.name = 'client_event_ids';
    UPDATE employee_load
    SET without_status = without_status + 1, last_received_at = k.assigned_at,
        last_received_order = 0
    FROM client k
    WHERE k.company_id = NEW.company
        AND k.id = (SELECT last FROM id_sequence WHERE name = 'client_ids')
        AND employee_load.company_id = k.company_id
        AND employee_load.user_id = k.assigned_to;
END;";

const CREATE_ON_SQLITE: &str = "INSERT INTO floor_create (company, number) VALUES ($1, $2)";

/// Over so many connections, on a database with so many companies.
pub(crate) async fn create_postgres(
    pgbench: &Pgbench<'_>,
    database: &Database,
    companies: i64,
    run: Run,
) -> anyhow::Result<Sample> {
    database.execute(POSTGRES.to_owned()).await?;
    let script = format!(
        "\\set company random(1, {companies})\n\\set number random(100000000, 999999999)\n\
         SELECT floor_create(:company, :number);\n"
    );
    pgbench.run(&database.url, &script, run).await
}

/// By the one writer that there can be.
pub(crate) async fn create_sqlite(
    database: &Database,
    companies: i64,
    duration: Duration,
) -> anyhow::Result<Sample> {
    let mut connection = database.sqlite_pool()?.acquire().await?;
    declare(&mut connection, SQLITE).await?;
    repeat_on_sqlite(&mut connection, CREATE_ON_SQLITE, companies, duration).await
}
