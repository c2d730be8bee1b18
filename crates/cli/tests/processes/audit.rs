//! The security log.

use crate::support::Installation;
use crate::support::server::Server;
use serde_json::json;

on_both_engines! {
    what_commands_do_is_listed,
    what_is_refused_is_in_the_log_without_what_was_typed,
}

fn words(line: &str) -> Vec<&str> {
    line.split_whitespace().collect()
}

fn what_commands_do_is_listed(tawzi: &Installation) {
    let empty = tawzi.run(&["migrate"]);
    empty.succeeded();
    let nothing = tawzi.run(&["audit"]).succeeded();
    tawzi.with_a_company("a.example");
    let args = [
        "company",
        "set",
        "1",
        "--hours",
        "36",
        "--auto-assign",
        "off",
    ];
    tawzi.run(&args).succeeded();
    tawzi.run(&["reassign", "--company", "1"]).succeeded();

    let all = tawzi.run(&["audit"]).succeeded();
    let newest = tawzi.run(&["audit", "--limit", "1"]).succeeded();
    let of_company = tawzi.run(&["audit", "--company", "1"]).succeeded();
    let of_kind = tawzi.run(&["audit", "--kind", "sweep_run"]).succeeded();
    let later = tawzi
        .run(&["audit", "--since", "2999-01-01T00:00:00Z"])
        .succeeded();

    assert_eq!(nothing, "There is nothing in the security log.\n");
    assert_eq!(later, nothing);
    for line in ["company_created", "settings_changed", "sweep_run"] {
        assert!(all.contains(line), "{all}");
    }
    assert!(all.contains("auto_assign=false hours=36"), "{all}");
    assert!(
        !all.contains("a.example") && !all.contains("khaled"),
        "{all}"
    );
    let newest: Vec<_> = newest.lines().map(words).collect();
    assert_eq!((newest.len(), newest[1][2]), (2, "sweep_run"));
    assert_eq!(of_company, all);
    assert_eq!(of_kind.lines().count(), 2, "{of_kind}");
}

fn what_is_refused_is_in_the_log_without_what_was_typed(tawzi: &Installation) {
    tawzi.with_a_company("a.example");
    let server = Server::start_with(tawzi, &["--no-worker", "--trust-proxy"], &[]);
    for name in ["khaled", "khaled", "somebody"] {
        let body = json!({"username": name, "password": "let me in"});
        let (status, _) = server.post_from("203.0.113.9", "auth/login/", &body);
        assert_eq!(status, 401);
    }

    let line = server.logged("somebody was not let in");
    let log = server.log();
    drop(server);

    let refused = log
        .lines()
        .filter(|line| line.contains("somebody was not let in"));
    assert_eq!(refused.count(), 3, "{log}");
    assert!(
        line.contains("203.0.113.9") && line.contains("wrong_password"),
        "{line}"
    );
    for typed in ["khaled", "let me in"] {
        assert!(!log.contains(typed), "{log}");
    }
}
