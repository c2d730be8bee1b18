//! Companies full of neglected clients, and what must be true once they have been swept.

use super::{Database, Installation};

/// Employees of each company.
const EMPLOYEES: i64 = 5;

/// So many companies, each with so many clients that nobody has contacted since the first day of
/// 2025.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Neglect {
    pub(crate) companies: i64,
    pub(crate) clients_each: i64,
}

impl Neglect {
    /// How many clients there are.
    pub(crate) const fn clients(self) -> i64 {
        self.companies * self.clients_each
    }

    /// Puts them into the database: client `i` of company `c` is held by user `100 c + i % 5`.
    pub(crate) fn fill(self, tawzi: &Installation) {
        tawzi.run(&["migrate"]).succeeded();
        let (companies, employees) = (numbers(self.companies), numbers(EMPLOYEES));
        let clients = numbers(self.clients_each);
        let long_ago = 1_735_689_600_000_000_i64;
        tawzi.database.execute(&format!(
            "INSERT INTO company (id, name, domain, specialization, registration_completed,
                 auto_assign_enabled, re_assign_enabled, re_assign_hours, created_at, updated_at)
             SELECT n, 'Company ' || n, 'c' || n || '.example', 'services', TRUE, TRUE, TRUE, 24,
                 {long_ago}, {long_ago}
             FROM {companies} c;

             INSERT INTO user_account (id, company_id, username, email, first_name, last_name, role,
                 password_hash, is_active, is_staff, is_superuser, email_verified, date_joined)
             SELECT 100 * c.n + e.n - 1, c.n, 'u' || (100 * c.n + e.n - 1),
                 'u' || (100 * c.n + e.n - 1) || '@c.example', 'Employee', '' || e.n, 'employee', '!',
                 TRUE, FALSE, FALSE, TRUE, {long_ago}
             FROM {companies} c CROSS JOIN {employees} e;

             INSERT INTO client (company_id, id, name, priority, client_type, assigned_to,
                 assigned_at, created_at, updated_at)
             SELECT c.n, 100000 * c.n + i.n, 'Client ' || i.n, 'medium', 'fresh',
                 100 * c.n + i.n % {EMPLOYEES}, {long_ago} + i.n, {long_ago}, {long_ago}
             FROM {companies} c CROSS JOIN {clients} i;

             INSERT INTO employee_load (company_id, user_id, active, follow_up, inactive, closed,
                 without_status, last_received_at, last_received_order)
             SELECT company_id, assigned_to, 0, 0, 0, 0, COUNT(*), MAX(assigned_at), 0
             FROM client
             GROUP BY company_id, assigned_to;"
        ));
    }

    /// How many moves can be seen by now.
    pub(crate) fn moves(database: &Database) -> i64 {
        database.number("SELECT COUNT(*) FROM client_event WHERE event_type = 're_assignment'")
    }

    /// Every client has moved exactly once, none is lost, and all books agree.
    #[track_caller]
    pub(crate) fn has_moved_once(self, tawzi: &Installation) {
        let database = &tawzi.database;
        assert_eq!(Self::moves(database), self.clients(), "events");
        let distinct =
            "SELECT COUNT(*) FROM (SELECT DISTINCT company_id, client_id FROM client_event) e";
        assert_eq!(
            database.number(distinct),
            self.clients(),
            "clients with an event"
        );
        let elsewhere = format!(
            "SELECT COUNT(*)
             FROM client
             WHERE assigned_to BETWEEN 100 * company_id AND 100 * company_id + {EMPLOYEES} - 1
               AND assigned_to <> 100 * company_id + (id - 100000 * company_id) % {EMPLOYEES}"
        );
        assert_eq!(
            database.number(&elsewhere),
            self.clients(),
            "clients with another assignee"
        );
        let recorded = "SELECT CAST(SUM(moved) AS BIGINT) FROM sweep_company";
        assert_eq!(
            database.number(recorded),
            self.clients(),
            "moves in the sweeps' records"
        );
        let told = tawzi.run(&["doctor"]).succeeded();
        assert!(
            told.contains(&format!(
                "The load counters of {} companies are right",
                self.companies
            )),
            "{told}"
        );
    }
}

/// The numbers from 1, as a table.
pub(crate) fn numbers(last: i64) -> String {
    format!(
        "(WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < {last})
          SELECT n FROM r)"
    )
}
