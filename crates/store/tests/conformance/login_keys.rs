//! By what people are found, and that no two have the same.

use crate::database::TestDb;
use crate::given;
use crate::reference::reference;
use sqlx::migrate::Migrator;
use sqlx::{Connection as _, PgConnection, SqliteConnection};
use std::path::Path;
use tawzi_core::id::UserId;
use tawzi_store::{DjangoSource, EngineKind, Error, NewUser, SchemaState};

on_both_engines! {
    a_person_is_found_however_the_name_is_written,
    a_name_or_address_belongs_to_one_person,
    who_is_renamed_is_found_by_the_new_name_alone,
    the_people_of_an_older_database_get_their_keys,
    people_of_an_older_database_who_share_a_name_are_named_and_nothing_is_changed,
    who_has_no_keys_gets_them_at_a_start,
    people_of_the_reference_who_share_a_name_are_named,
}

async fn found(store: &TestDb, login: &str) -> Option<UserId> {
    let found = store.read().await.unwrap().find_user(login).await;
    found.unwrap().map(|user| user.id)
}

/// A database of the version before there were keys.
async fn older(like: &TestDb) -> TestDb {
    let store = TestDb::empty(like.url().engine()).await;
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/migrations"));
    let folder = match store.url().engine() {
        EngineKind::Sqlite => folder.join("sqlite"),
        EngineKind::Postgres => folder.join("postgres"),
    };
    let all = Migrator::new(folder).await.unwrap();
    let before = all
        .iter()
        .take_while(|step| step.description != "login keys");
    let before = Migrator::with_migrations(before.cloned().collect());
    match store.url().engine() {
        EngineKind::Sqlite => {
            let mut connection = SqliteConnection::connect(&store.address()).await.unwrap();
            before.run(&mut connection).await.unwrap();
            connection.close().await.unwrap();
        }
        EngineKind::Postgres => {
            let mut connection = PgConnection::connect(&store.address()).await.unwrap();
            before.run(&mut connection).await.unwrap();
        }
    }
    store
}

/// Writes a person as an older program does.
async fn write(store: &TestDb, id: i64, username: &str, email: &str) {
    let statement = format!(
        "INSERT INTO user_account (id, username, email, first_name, last_name, role, password_hash,
             is_active, is_staff, is_superuser, email_verified, date_joined)
         VALUES ({id}, '{username}', '{email}', '', '', 'employee', '!', TRUE, FALSE, FALSE, FALSE, 0)"
    );
    store.run(&statement).await;
}

async fn a_person_is_found_however_the_name_is_written(store: &TestDb) {
    let north = given::company(store, "north").await;
    let named = async |username, email| {
        let new = NewUser {
            email,
            ..given::new_employee(north, username)
        };
        given::user(store, new).await
    };
    let amal = named("Amal", "Amal@North.example").await;
    let emile = named("Émile", "Émile@بريد.example").await;
    let odd = named("Odd@Name", "odd@north.example").await;

    for (login, expected) in [
        ("Amal", Some(amal)),
        ("aMAL", Some(amal)),
        ("AMAL@NORTH.EXAMPLE", Some(amal)),
        ("e\u{301}MILE", Some(emile)),
        ("émile@بريد.EXAMPLE", Some(emile)),
        ("odd@NAME", Some(odd)),
        ("emile", None),
        ("amal ", None),
        ("", None),
        ("%", None),
        ("%@%", None),
        ("amal@north", None),
    ] {
        assert_eq!(found(store, login).await, expected, "{login}");
    }
}

async fn a_name_or_address_belongs_to_one_person(store: &TestDb) {
    let north = given::company(store, "north").await;
    given::user(store, given::new_employee(north, "Élodie")).await;
    let other = given::user(store, given::new_employee(north, "other")).await;

    for new in [
        given::new_employee(north, "élodie"),
        given::new_employee(north, "E\u{301}LODIE"),
        NewUser {
            email: "ÉLODIE",
            ..given::new_employee(north, "somebody")
        },
    ] {
        let mut tx = store.begin().await.unwrap();
        let created = tx.create_user(new).await;
        assert!(matches!(created, Err(Error::Conflict(_))), "{created:?}");
    }
    let mut tx = store.begin().await.unwrap();
    let mut user = tx.user(other).await.unwrap().unwrap();
    "ÉLODIE".clone_into(&mut user.username);
    let saved = tx.save_user(&user).await;
    assert!(matches!(saved, Err(Error::Conflict(_))), "{saved:?}");
}

async fn who_is_renamed_is_found_by_the_new_name_alone(store: &TestDb) {
    let north = given::company(store, "north").await;
    let amal = given::user(store, given::new_employee(north, "amal")).await;

    let mut tx = store.begin().await.unwrap();
    let mut user = tx.user(amal).await.unwrap().unwrap();
    "Noor".clone_into(&mut user.username);
    "Noor@north".clone_into(&mut user.email);
    tx.save_user(&user).await.unwrap();
    tx.commit().await.unwrap();

    assert_eq!(found(store, "NOOR").await, Some(amal));
    assert_eq!(found(store, "noor@NORTH").await, Some(amal));
    assert_eq!(found(store, "amal").await, None);
}

async fn the_people_of_an_older_database_get_their_keys(store: &TestDb) {
    let older = older(store).await;
    write(&older, 1, "Khaled", "k@a.example").await;
    write(&older, 2, "Élodie", "ÉLODIE@a.example").await;

    older.migrate().await.unwrap();

    assert_eq!(found(&older, "khaled").await, Some(UserId::new(1)));
    assert_eq!(found(&older, "élodie").await, Some(UserId::new(2)));
    assert_eq!(
        found(&older, "élodie@A.EXAMPLE").await,
        Some(UserId::new(2))
    );
}

async fn people_of_an_older_database_who_share_a_name_are_named_and_nothing_is_changed(
    store: &TestDb,
) {
    let older = older(store).await;
    write(&older, 3, "Élodie", "e@a.example").await;
    write(&older, 9, "ÉLODIE", "other@a.example").await;
    let before = older.schema_state().await.unwrap();

    let refused = older.migrate().await;

    let Err(Error::Schema(sentence)) = refused else {
        panic!("{refused:?}");
    };
    assert!(
        sentence.contains("users 3 and 9 have one user name (\"Élodie\", \"ÉLODIE\")"),
        "{sentence}"
    );
    assert!(
        sentence.contains("SET username = 'ANOTHER' WHERE id = 9"),
        "{sentence}"
    );
    assert!(matches!(before, SchemaState::Behind { .. }));
    assert_eq!(older.schema_state().await.unwrap(), before);
    older
        .run("UPDATE user_account SET username = 'another' WHERE id = 9")
        .await;
    older.migrate().await.unwrap();
    assert_eq!(found(&older, "élodie").await, Some(UserId::new(3)));
}

async fn who_has_no_keys_gets_them_at_a_start(store: &TestDb) {
    write(store, 7, "Nour", "Nour@a.example").await;
    assert_eq!(found(store, "nour").await, None);

    store.ensure_schema().await.unwrap();

    assert_eq!(found(store, "nour").await, Some(UserId::new(7)));
    write(store, 8, "NOUR", "n@a.example").await;
    let refused = store.ensure_schema().await;
    let Err(Error::Schema(sentence)) = refused else {
        panic!("{refused:?}");
    };
    assert!(sentence.contains("users 7 and 8"), "{sentence}");
}

async fn people_of_the_reference_who_share_a_name_are_named(store: &TestDb) {
    let reference = reference(store.url().engine()).await;
    reference
        .run("UPDATE users SET email = 'AMAL@NORTH' WHERE id = 101")
        .await;

    let opened = DjangoSource::open(reference.url()).await;

    let sentence = opened.err().unwrap().to_string();
    assert!(
        sentence
            .contains("users 100 and 101 have one e-mail address (\"Amal@north\", \"AMAL@NORTH\")"),
        "{sentence}"
    );
}
