//! `tawzi company`.

use crate::support::Installation;

on_both_engines! {
    a_company_is_created_listed_and_changed,
    a_domain_belongs_to_one_company,
    a_company_that_cannot_be_created_leaves_nothing,
    settings_that_make_no_sense_are_refused,
    a_company_is_handed_over_to_one_of_its_administrators,
}

fn words(line: &str) -> Vec<&str> {
    line.split_whitespace().collect()
}

fn a_company_is_created_listed_and_changed(tawzi: &Installation) {
    let args = [
        "company",
        "create",
        "شركة المثال",
        "--domain",
        "a.example",
        "--hours",
        "36",
    ];
    let created = tawzi.run(&args).succeeded();
    let changed = tawzi.run(&[
        "company",
        "set",
        "1",
        "--re-assign",
        "on",
        "--auto-assign",
        "off",
        "--unique-phones",
        "on",
        "--phone-region",
        "sa",
    ]);
    let list = tawzi.run(&["company", "list"]).succeeded();

    assert!(
        created.starts_with("Created company 1. Next: `tawzi user create"),
        "{created}"
    );
    let changed = changed.succeeded();
    assert_eq!(
        changed,
        "Company 1 (شركة المثال): auto-assign off, re-assign on, 36 hours; unique phones on, \
         phone region SA.\n"
    );
    let lines: Vec<_> = list.lines().collect();
    assert_eq!(
        words(lines[0]),
        [
            "id",
            "name",
            "domain",
            "owner",
            "auto-assign",
            "re-assign",
            "hours"
        ]
    );
    assert_eq!(
        words(lines[1]),
        ["1", "شركة", "المثال", "a.example", "off", "on", "36"]
    );
    assert_eq!(lines.len(), 2);
}

fn a_domain_belongs_to_one_company(tawzi: &Installation) {
    let create = |name: &str| tawzi.run(&["company", "create", name, "--domain", "a.example"]);
    create("First").succeeded();
    let before = tawzi.database.rows();

    let sentence = create("Second").refused();

    assert_eq!(
        sentence,
        "there is already a company with the domain a.example"
    );
    assert_eq!(tawzi.database.number("SELECT COUNT(*) FROM company"), 1);
    assert_eq!(tawzi.database.number("SELECT COUNT(*) FROM status"), 5);
    let after = tawzi.database.rows();
    let changed = after
        .iter()
        .filter(|row| !before.contains(row))
        .collect::<Vec<_>>();
    assert!(changed.is_empty(), "{changed:?}");
}

fn a_company_that_cannot_be_created_leaves_nothing(tawzi: &Installation) {
    let long = "x".repeat(65);
    for wrong in [
        &["", "--domain", "a.example"][..],
        &["  ", "--domain", "a.example"],
        &[&long, "--domain", "a.example"],
        &["A", "--domain", ""],
        &["A", "--domain", "a.example", "--specialization", "poetry"],
    ] {
        tawzi
            .run(&[&["company", "create"], wrong].concat())
            .refused();

        assert!(
            tawzi.files().is_empty(),
            "{wrong:?} left {:?}",
            tawzi.files()
        );
        assert!(tawzi.database.is_empty());
    }
}

fn settings_that_make_no_sense_are_refused(tawzi: &Installation) {
    tawzi.with_a_company("a.example");
    let before = tawzi.database.rows();

    let nothing = tawzi.run(&["company", "set", "1"]).refused();
    let nobody = tawzi
        .run(&["company", "set", "9", "--hours", "5"])
        .refused();
    let usage = [
        ["--hours", "0"],
        ["--hours", "8761"],
        ["--hours", "x"],
        ["--re-assign", "yes"],
    ]
    .map(|[name, value]| tawzi.run(&["company", "set", "1", name, value]));

    assert!(
        nothing.starts_with("say what to change: --auto-assign on|off"),
        "{nothing}"
    );
    assert_eq!(nobody, "there is no company 9; see `tawzi company list`");
    for finished in usage {
        assert_eq!(finished.status.code(), Some(2), "{finished:?}");
        assert!(finished.stderr.starts_with("error: "), "{finished:?}");
    }
    assert_eq!(tawzi.database.rows(), before);
}

fn a_company_is_handed_over_to_one_of_its_administrators(tawzi: &Installation) {
    tawzi
        .run(&["company", "create", "A", "--domain", "a.example"])
        .succeeded();
    for (name, role) in [("salma", "admin"), ("omar", "admin"), ("nour", "employee")] {
        let email = format!("{name}@a.example");
        let args = [
            "user",
            "create",
            name,
            "--company",
            "1",
            "--role",
            role,
            "--email",
            &email,
        ];
        tawzi.run_with_input("correct horse\n", &args).succeeded();
    }
    let owner = || tawzi.database.number("SELECT owner_id FROM company");
    assert_eq!(owner(), 1, "the first administrator");

    let to_employee = tawzi
        .run(&["company", "hand-over", "1", "--to", "nour"])
        .refused();
    let to_nobody = tawzi
        .run(&["company", "hand-over", "1", "--to", "x"])
        .refused();
    let unchanged = owner();
    let handed_over = tawzi
        .run(&["company", "hand-over", "1", "--to", "Omar"])
        .succeeded();

    assert_eq!(
        to_employee,
        "nour is no active administrator of company 1; see `tawzi user list --company 1`"
    );
    assert_eq!(to_nobody, "there is no user x; see `tawzi user list`");
    assert_eq!(unchanged, 1);
    assert_eq!(
        handed_over,
        "Company 1 (A) is user 2's now, and was user 1's.\n"
    );
    assert_eq!(owner(), 2);
}
