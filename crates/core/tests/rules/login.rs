//! By what people are found.

use tawzi_core::id::UserId;
use tawzi_core::login::{LoginField, LoginKey, SharedLogin};

#[test]
fn a_name_is_the_same_however_it_is_written() {
    for (one, other) in [
        ("Khaled", "kHALED"),
        ("Émile", "e\u{301}MILE"),
        ("ÉMILE@Example.com", "émile@EXAMPLE.COM"),
        ("ΟΔΟΣ", "οδος"),
        ("οδοσ", "οδος"),
        ("Иван", "ИВАН"),
        ("straße", "STRASSE"),
        ("STRAẞE", "straße"),
        ("ｅｍｐ１", "EMP1"),
        ("ﬁona", "FIONA"),
        ("İrem", "irem"),
        ("ﺃﺣﻤﺪ", "أحمد"),
        ("ΐ", "Ϊ\u{301}"),
    ] {
        assert_eq!(LoginKey::of(one), LoginKey::of(other), "{one} {other}");
    }
}

#[test]
fn other_names_are_others() {
    for (one, other) in [
        ("emp1", "emp2"),
        ("emile", "émile"),
        ("احمد", "أحمد"),
        ("emp.1", "emp1"),
        ("a@b.example", "a@c.example"),
    ] {
        assert_ne!(LoginKey::of(one), LoginKey::of(other), "{one} {other}");
    }
}

#[test]
fn people_who_would_share_a_key_are_named() {
    let people = [
        (UserId::new(3), "Khaled", "k@a.example"),
        (UserId::new(5), "salma", "Salma@a.example"),
        (UserId::new(9), "khaled", "other@a.example"),
        (UserId::new(11), "nour", "SALMA@A.example"),
        // One's own address may be one's user name.
        (UserId::new(12), "Me@a.example", "me@a.example"),
    ];

    let shared = SharedLogin::among(people);

    let sentences: Vec<_> = shared.iter().map(ToString::to_string).collect();
    assert_eq!(
        sentences,
        [
            "users 3 and 9 have one user name (\"Khaled\", \"khaled\")",
            "users 5 and 11 have one e-mail address (\"Salma@a.example\", \"SALMA@A.example\")",
        ]
    );
    assert_eq!(shared[1].field, LoginField::Email);
}
