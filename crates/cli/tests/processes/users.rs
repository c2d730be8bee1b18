//! `tawzi user`: passwords come from standard input, never from the command line.

use crate::support::{Finished, Installation};

on_both_engines! {
    a_person_is_created_and_listed,
    what_is_wrong_with_a_person_is_said_and_nothing_is_written,
    a_password_is_set,
}

const PASSWORD: &str = "correct horse";

const GOOD: &str = "correct horse\n";

/// What is sent as the password, who in which company with which address, and what is said about it.
const REFUSED: [(&str, [&str; 3], &str); 12] = [
    (
        "",
        ["omar", "1", "omar@a.example"],
        "no password on standard input",
    ),
    (
        "short\n",
        ["omar", "1", "omar@a.example"],
        "the password is too short; use at least",
    ),
    (
        "football\n",
        ["omar", "1", "omar@a.example"],
        "the password is one that many people choose",
    ),
    (
        "Omar2024\n",
        ["omar", "1", "omar@a.example"],
        "password is the user's own name or address",
    ),
    (
        GOOD,
        ["khaled", "1", "omar@a.example"],
        "there is already a user khaled",
    ),
    (
        GOOD,
        ["omar", "1", "khaled@a.example"],
        "there is already a user omar or one with",
    ),
    (
        GOOD,
        ["omar", "1", "Khaled@A.example"],
        "there is already a user omar or one with",
    ),
    (
        GOOD,
        ["omar", "9", "omar@a.example"],
        "there is no company 9; see `tawzi company list`",
    ),
    (
        GOOD,
        ["om ar", "1", "omar@a.example"],
        "a user name has letters, digits",
    ),
    (GOOD, ["omar", "1", "omar"], "\"omar\" is no e-mail address"),
    (GOOD, ["", "1", "omar@a.example"], "the user name is empty"),
    (
        GOOD,
        ["System", "1", "omar@a.example"],
        "username is a name that timelines use themselves",
    ),
];

fn create(
    tawzi: &Installation,
    password: &str,
    name: &str,
    company: &str,
    email: &str,
) -> Finished {
    let args = [
        "user",
        "create",
        name,
        "--company",
        company,
        "--email",
        email,
    ];
    tawzi.run_with_input(password, &args)
}

fn a_person_is_created_and_listed(tawzi: &Installation) {
    tawzi
        .run(&["company", "create", "A", "--domain", "a.example"])
        .succeeded();
    let args = [
        "user",
        "create",
        "salma",
        "--company",
        "1",
        "--role",
        "admin",
        "--email",
        "salma@a.example",
        "--first-name",
        "سلمى",
        "--last-name",
        "الخطيب",
    ];

    let created = tawzi
        .run_with_input(&format!("{PASSWORD}\r\n"), &args)
        .succeeded();
    let people = tawzi.run(&["user", "list", "--company", "1"]).succeeded();
    let companies = tawzi.run(&["company", "list"]).succeeded();

    assert_eq!(created, "Created user 1 (salma).\n");
    assert!(
        people.contains("سلمى الخطيب") && people.contains("salma@a.example"),
        "{people}"
    );
    assert!(
        companies.contains("salma"),
        "the first administrator is the owner: {companies}"
    );
    let hashes = tawzi
        .database
        .lines("SELECT password_hash FROM user_account");
    assert!(hashes[0].starts_with("$argon2id$"), "{hashes:?}");
}

fn what_is_wrong_with_a_person_is_said_and_nothing_is_written(tawzi: &Installation) {
    tawzi.with_a_company("a.example");
    let before = tawzi
        .database
        .lines("SELECT username FROM user_account ORDER BY id");

    for (password, [name, company, email], expected) in REFUSED {
        let sentence = create(tawzi, password, name, company, email).refused();
        assert!(sentence.contains(expected), "{sentence}");
    }
    let after = tawzi
        .database
        .lines("SELECT username FROM user_account ORDER BY id");
    assert_eq!(after, before);
    let unknown = tawzi.run(&["user", "list", "--company", "9"]).refused();
    assert_eq!(unknown, "there is no company 9; see `tawzi company list`");
}

fn a_password_is_set(tawzi: &Installation) {
    tawzi.with_a_company("a.example");
    let hashes = || {
        tawzi
            .database
            .lines("SELECT password_hash FROM user_account ORDER BY id")
    };
    let before = hashes();
    let set = |name: &str, password: &str| {
        tawzi.run_with_input(password, &["user", "set-password", name])
    };

    let said = set("khaled@a.example", "a new password\n").succeeded();
    let unknown = set("nobody", "a new password\n").refused();
    let short = set("lina", "short\n").refused();

    assert_eq!(said, "Set the password of khaled@a.example.\n");
    assert_eq!(unknown, "there is no user nobody; see `tawzi user list`");
    assert!(short.contains("too short"), "{short}");
    let after = hashes();
    assert_ne!(after[0], before[0]);
    assert_eq!(after[1], before[1]);
}
