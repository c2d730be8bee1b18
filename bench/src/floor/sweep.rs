//! Moving all stale clients on, by the database alone: one statement for each kind of row.

use crate::clock;
use crate::database::Database;
use crate::fill::Contents;

/// Moves each stale client to the next colleague, which needs no choice. It writes the same rows as
/// a sweep: the clients, an event each, the counters of everybody who received one, and what was
/// done in each company. Gives how many clients moved.
pub(crate) async fn sweep(database: &Database, contents: &Contents) -> anyhow::Result<i64> {
    let Contents { employees, .. } = contents;
    let (now, day, each) = (clock::microseconds(), 24 * 3_600_000_000_i64, employees + 1);
    database
        .execute(format!(
            "
INSERT INTO sweep (id, cause, started_at) VALUES (1000000, 'command', {now});
UPDATE client
SET assigned_to = (client.company_id - 1) * {each} + 2
        + (client.assigned_to - (client.company_id - 1) * {each} - 1) % {employees},
    assigned_at = {now}, last_contacted_at = NULL
FROM company c
WHERE c.re_assign_enabled AND client.company_id = c.id AND client.assigned_to IS NOT NULL
    AND client.touched_at < {now} - {day};
INSERT INTO client_event (company_id, id, client_id, event_type, old_value, new_value, notes, sweep_id,
    created_at)
SELECT k.company_id, 500000000 + k.id, k.id, 're_assignment', o.first_name || ' ' || o.last_name,
    n.first_name || ' ' || n.last_name, 'تم إعادة التعيين تلقائياً بعد 24 ساعة من عدم التواصل', 1000000,
    {now}
FROM company c
JOIN client k ON k.company_id = c.id AND k.touched_at = {now} AND k.assigned_to IS NOT NULL
JOIN user_account n ON n.id = k.assigned_to
JOIN user_account o ON o.id = (k.company_id - 1) * {each} + 2
    + (k.assigned_to - (k.company_id - 1) * {each} - 2 + {employees} - 1) % {employees}
WHERE c.re_assign_enabled;
UPDATE employee_load
SET last_received_at = {now}, last_received_order = 1
FROM (SELECT DISTINCT k.company_id, k.assigned_to
      FROM company c
      JOIN client k ON k.company_id = c.id AND k.touched_at = {now} AND k.assigned_to IS NOT NULL
      WHERE c.re_assign_enabled) moved
WHERE employee_load.company_id = moved.company_id AND employee_load.user_id = moved.assigned_to;
INSERT INTO sweep_company (company_id, sweep_id, due, moved)
SELECT company_id, 1000000, COUNT(*), COUNT(*)
FROM client_event WHERE sweep_id = 1000000 GROUP BY company_id;
"
        ))
        .await?;
    let count = "SELECT COUNT(*) FROM client_event WHERE event_type = 're_assignment'";
    database.number(count).await
}
