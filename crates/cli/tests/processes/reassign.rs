//! `tawzi reassign` and `tawzi assign-unassigned`.

use crate::support::neglect::{Neglect, numbers};
use crate::support::{Installation, crm};
use serde_json::{Value, json};
use std::time::Duration;

on_both_engines! {
    who_waits_is_handed_out_and_who_is_left_is_counted,
    the_recorded_company_moves_as_recorded,
    what_was_said_to_move_moves,
    two_commands_at_the_same_moment_move_each_client_once,
    a_company_that_fails_does_not_stop_the_others,
    another_moment_is_for_a_dry_run_only,
    a_company_that_is_not_there_is_refused,
    a_company_that_does_not_re_assign_is_left_alone_and_named,
    a_client_of_the_only_employee_stays,
    clients_that_nobody_holds_are_spread,
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

/// The recorded database, in which company 1 re-assigns after 24 hours.
fn import_recorded(tawzi: &Installation) {
    let source = crm::copy(tawzi);
    tawzi
        .run(&["import", "django", source.to_str().unwrap()])
        .succeeded();
    tawzi
        .run(&["company", "set", "1", "--re-assign", "on", "--hours", "24"])
        .succeeded();
}

fn the_recorded_company_moves_as_recorded(tawzi: &Installation) {
    import_recorded(tawzi);
    let before = tawzi.database.rows();

    let at = "2025-12-02T15:00:00Z";
    let args = ["reassign", "--dry-run", "--at", at, "--format", "json"];
    let report = json(&tawzi.run(&args).succeeded());

    let moved = json!([
        { "client": 2, "from": 2, "to": 3 },
        { "client": 1, "from": 2, "to": 4 },
        { "client": 4, "from": 3, "to": 2 },
        { "client": 3, "from": 2, "to": 3 },
    ]);
    let company = json!({ "company": 1, "due": 4, "moved": moved, "kept": [], "error": null });
    assert_eq!(
        report,
        json!({ "at": at, "dry_run": true, "companies": [company] })
    );
    assert_eq!(tawzi.database.rows(), before);
}

fn what_was_said_to_move_moves(tawzi: &Installation) {
    import_recorded(tawzi);

    let preview = tawzi.run(&[
        "reassign",
        "--dry-run",
        "--company",
        "1",
        "--format",
        "json",
    ]);
    let real = tawzi.run(&["reassign", "--company", "1", "--format", "json"]);
    let again = tawzi.run(&["reassign"]).succeeded();

    let (preview, real) = (json(&preview.succeeded()), json(&real.succeeded()));
    assert_eq!(real["companies"], preview["companies"]);
    assert_eq!(real["dry_run"], false);
    assert_eq!(real["companies"][0]["due"], 6);
    assert_eq!(again, "No client is stale.\n");
    tawzi.run(&["doctor"]).succeeded();
}

fn two_commands_at_the_same_moment_move_each_client_once(tawzi: &Installation) {
    let neglect = Neglect {
        companies: 20,
        clients_each: 100,
    };
    neglect.fill(tawzi);

    let commands = [(); 2].map(|()| tawzi.start(&["reassign", "--format", "json"]));
    let reports = commands.map(|mut command| {
        let finished = command.finish(Duration::from_mins(1));
        json(&finished.succeeded())
    });

    let mut clients = Vec::new();
    for company in reports
        .iter()
        .flat_map(|report| report["companies"].as_array().unwrap())
    {
        assert_eq!(company["error"], Value::Null);
        clients.extend(
            company["moved"]
                .as_array()
                .unwrap()
                .iter()
                .map(|m| m["client"].as_i64()),
        );
    }
    let moved = i64::try_from(clients.len()).unwrap();
    clients.sort_unstable();
    clients.dedup();
    assert_eq!(moved, neglect.clients());
    assert_eq!(i64::try_from(clients.len()).unwrap(), neglect.clients());
    neglect.has_moved_once(tawzi);
}

fn a_company_that_fails_does_not_stop_the_others(tawzi: &Installation) {
    let neglect = Neglect {
        companies: 3,
        clients_each: 20,
    };
    neglect.fill(tawzi);
    // The ids that its events would get are taken.
    tawzi.database.execute(&format!(
        "INSERT INTO client_event (company_id, id, client_id, event_type, created_at)
         SELECT 2, n, 200001, 'edit', 0 FROM {} e",
        numbers(1_000)
    ));

    let finished = tawzi.run(&["reassign", "--format", "json"]);

    assert_eq!(finished.status.code(), Some(1), "{}", finished.stderr);
    let report = json(&finished.stdout);
    let companies = report["companies"].as_array().unwrap();
    let ids: Vec<_> = companies
        .iter()
        .map(|company| &company["company"])
        .collect();
    assert_eq!(ids, [1, 2, 3]);
    for (company, moved) in companies.iter().zip([20, 0, 20]) {
        assert_eq!(company["moved"].as_array().unwrap().len(), moved);
        assert_eq!(company["due"], moved);
        assert_eq!(company["error"].is_string(), moved == 0, "{company}");
    }
    assert_eq!(Neglect::moves(&tawzi.database), 40);
    let failed = "SELECT COUNT(*) FROM sweep_company WHERE company_id = 2 AND error IS NOT NULL";
    assert_eq!(tawzi.database.number(failed), 1);
}

fn another_moment_is_for_a_dry_run_only(tawzi: &Installation) {
    import_recorded(tawzi);
    let before = tawzi.database.rows();

    let finished = tawzi.run(&["reassign", "--at", "2025-12-02T15:00:00Z"]);

    assert_eq!(finished.status.code(), Some(2));
    assert!(finished.stderr.contains("--dry-run"), "{}", finished.stderr);
    assert_eq!(tawzi.database.rows(), before);
}

fn a_company_that_is_not_there_is_refused(tawzi: &Installation) {
    tawzi.run(&["migrate"]).succeeded();

    for command in [
        &["reassign", "--company", "99"][..],
        &["reassign", "--dry-run", "--company", "99"],
        &["assign-unassigned", "--company", "99"],
    ] {
        let sentence = tawzi.run(command).refused();

        assert_eq!(sentence, "there is no company 99; see `tawzi company list`");
    }
    assert_eq!(tawzi.database.number("SELECT COUNT(*) FROM sweep"), 0);
}

fn a_company_that_does_not_re_assign_is_left_alone_and_named(tawzi: &Installation) {
    import_recorded(tawzi);
    tawzi
        .run(&["company", "set", "1", "--re-assign", "off"])
        .succeeded();

    let said = tawzi.run(&["reassign", "--company", "1"]).succeeded();

    assert!(said.contains("No client is stale."), "{said}");
    assert!(
        said.contains("tawzi company set 1 --re-assign on"),
        "{said}"
    );
    assert_eq!(
        Neglect::moves(&tawzi.database),
        1,
        "the one that was imported"
    );
}

fn a_client_of_the_only_employee_stays(tawzi: &Installation) {
    Neglect {
        companies: 1,
        clients_each: 5,
    }
    .fill(tawzi);
    tawzi
        .database
        .execute("UPDATE user_account SET is_active = FALSE WHERE id <> 100");

    let args = ["reassign", "--format", "json", "--company", "1"];
    let report = json(&tawzi.run(&args).succeeded());

    let company = &report["companies"][0];
    assert_eq!(company["due"], 5);
    assert_eq!(
        company["kept"],
        json!([{ "client": 100_005, "reason": "no_other_employee" }])
    );
    assert_eq!(company["moved"].as_array().unwrap().len(), 4);
}

fn clients_that_nobody_holds_are_spread(tawzi: &Installation) {
    import_recorded(tawzi);
    tawzi
        .run(&["company", "set", "1", "--auto-assign", "on"])
        .succeeded();

    let preview = tawzi.run(&[
        "assign-unassigned",
        "--company",
        "1",
        "--dry-run",
        "--format",
        "json",
    ]);
    let real = tawzi.run(&["assign-unassigned", "--company", "1", "--format", "json"]);

    let (preview, real) = (json(&preview.succeeded()), json(&real.succeeded()));
    assert_eq!(real["companies"], preview["companies"]);
    let assigned = json!([{ "client": 7, "to": 3 }, { "client": 8, "to": 4 }]);
    assert_eq!(real["companies"][0]["assigned"], assigned);
    tawzi.run(&["doctor"]).succeeded();
}

fn who_waits_is_handed_out_and_who_is_left_is_counted(tawzi: &Installation) {
    tawzi.with_a_company("a.example");
    let active = |on: &str| {
        tawzi
            .database
            .execute(&format!("UPDATE user_account SET is_active = {on}"));
    };
    active("FALSE");
    tawzi.write("list.csv", "name\nA\nB\nC\n");
    tawzi
        .run(&["import", "clients", "list.csv", "--company", "1"])
        .succeeded();

    let waiting = tawzi.run(&["reassign"]).succeeded();
    let doctor = tawzi.run(&["doctor"]).succeeded();
    active("TRUE");
    let would = tawzi.run(&["reassign", "--dry-run"]).succeeded();
    let json = tawzi
        .run(&["reassign", "--dry-run", "--format", "json"])
        .succeeded();
    let did = tawzi.run(&["reassign"]).succeeded();
    let after = tawzi.run(&["reassign"]).succeeded();

    assert!(
        waiting.contains("3 clients are nobody's, 3 of them wait for an employee"),
        "{waiting}"
    );
    assert!(
        doctor.contains("Company 1: 3 clients wait for somebody since it has no active employee"),
        "{doctor}"
    );
    assert!(
        would.contains("3 waiting would be handed out, 0 wait on"),
        "{would}"
    );
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    let assigned = json["handed_out"][0]["assigned"].as_array().unwrap();
    assert_eq!(assigned.len(), 3);
    assert!(did.contains("3 waiting handed out, 0 wait on"), "{did}");
    assert_eq!(after, "No client is stale.\n");
    let loads = "SELECT COUNT(*) FROM client WHERE assigned_to IN (1, 2)";
    assert_eq!(tawzi.database.number(loads), 3);
}
