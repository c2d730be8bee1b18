//! `tawzi doctor`.

use crate::support::Installation;
use crate::support::neglect::Neglect;
use crate::workers::workers;

on_both_engines! {
    wrong_counters_are_found_and_mended,
    what_is_missing_is_said,
    a_worker_that_runs_is_seen,
}

fn wrong_counters_are_found_and_mended(tawzi: &Installation) {
    Neglect {
        companies: 2,
        clients_each: 10,
    }
    .fill(tawzi);
    // The first program fills in how the names are found.
    tawzi.run(&["doctor"]).succeeded();
    let before = tawzi.database.rows();
    tawzi.database.execute(
        "UPDATE employee_load SET without_status = without_status + 3 WHERE user_id = 101;
         UPDATE employee_load SET active = 1 WHERE user_id = 102;
         DELETE FROM employee_load WHERE user_id = 203",
    );

    let found = tawzi.run(&["doctor"]);
    let mended = tawzi.run(&["doctor", "--repair"]).succeeded();
    let after = tawzi.run(&["doctor"]).succeeded();

    assert_eq!(found.status.code(), Some(1));
    let wrong =
        "the counters of user 101 say 5 clients, but there are 2; run `tawzi doctor --repair`";
    assert!(found.stdout.contains(wrong), "{}", found.stdout);
    assert_eq!(found.stdout.matches("WRONG").count(), 3, "{}", found.stdout);
    assert_eq!(mended.matches("mended").count(), 3, "{mended}");
    assert!(
        after.contains("The load counters of 2 companies are right."),
        "{after}"
    );
    assert_eq!(tawzi.database.rows(), before);
}

fn what_is_missing_is_said(tawzi: &Installation) {
    tawzi.with_a_company("a.example");

    let told = tawzi.run(&["doctor"]).succeeded();

    assert!(
        told.contains("Nothing is scheduled") && told.contains("tawzi setup-schedule"),
        "{told}"
    );
    assert!(
        told.contains("No worker has been seen") && told.contains("tawzi worker"),
        "{told}"
    );
}

fn a_worker_that_runs_is_seen(tawzi: &Installation) {
    tawzi.run(&["setup-schedule"]).succeeded();
    let workers = workers(tawzi, 1);

    let told = tawzi.run(&["doctor"]).succeeded();

    assert!(
        told.contains(&format!("The worker {}-", workers[0].id())),
        "{told}"
    );
    assert!(
        told.contains("The schedule `reassign` is due next at"),
        "{told}"
    );
}
