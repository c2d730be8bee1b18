//! Companies of equal employees, among whom clients are distributed.

use super::{Database, Installation};

/// Everybody's password.
pub(crate) const PASSWORD: &str = "a long password";

/// Companies 1, 2 and so on, each with an administrator, `boss1`, `boss2` and so on, and equal employees: those of
/// company 1 have the ids 101, 102 and so on, those of company 2 begin with 201.
pub(crate) fn equal_employees(tawzi: &Installation, companies: i64, employees: i64) {
    for company in 1..=companies {
        let (domain, boss) = (format!("{company}.example"), format!("boss{company}"));
        let args = ["company", "create", "Example", "--auto-assign", "on"];
        let args = [&args[..], &["--domain", &domain]].concat();
        tawzi.run(&args).succeeded();
        let email = format!("boss@{domain}");
        let id = company.to_string();
        let args = ["user", "create", &boss, "--company", &id, "--role", "admin"];
        let args = [&args[..], &["--email", &email]].concat();
        let input = format!("{PASSWORD}\n");
        tawzi.run_with_input(&input, &args).succeeded();
        for n in 1..=employees {
            tawzi.database.execute(&format!(
                "INSERT INTO user_account (id, company_id, username, email, first_name, last_name, role,
                     password_hash, is_active, is_staff, is_superuser, email_verified, date_joined)
                 VALUES (100 * {company} + {n}, {company}, 'e{company}-{n}', 'e{n}@{domain}', '', '',
                     'employee', '!', TRUE, FALSE, FALSE, TRUE, 0)"
            ));
        }
    }
}

/// The difference between the busiest and the least busy employee of a company at this moment, in the company
/// where it is greatest.
pub(crate) fn spread(database: &Database) -> i64 {
    // An employee without counters has received nothing.
    database.number(
        "SELECT COALESCE(MAX(s.spread), 0)
         FROM (SELECT MAX(COALESCE(l.active + l.follow_up + l.without_status, 0))
                      - MIN(COALESCE(l.active + l.follow_up + l.without_status, 0)) AS spread
               FROM user_account u
               LEFT JOIN employee_load l ON l.company_id = u.company_id AND l.user_id = u.id
               WHERE u.role = 'employee'
               GROUP BY u.company_id) s",
    )
}
