//! `tawzi import django` from the reference on `PostgreSQL`.

use crate::support::{Database, Engine, Installation, crm};

on_both_engines! {
    the_same_comes_from_postgres_as_from_sqlite,
    a_postgres_database_of_something_else_is_refused,
}

fn the_same_comes_from_postgres_as_from_sqlite(tawzi: &Installation) {
    let other = Installation::new(tawzi.database.engine());
    let file = crm::copy(&other);
    other
        .run(&["import", "django", file.to_str().unwrap()])
        .succeeded();
    let source = crm::on_postgres();

    tawzi.run(&["import", "django", &source.url()]).succeeded();
    let again = tawzi.run(&["import", "django", &source.url()]).succeeded();

    assert_eq!(tawzi.database.rows(), other.database.rows());
    assert!(again.starts_with("Nothing changed: "), "{again}");
}

fn a_postgres_database_of_something_else_is_refused(tawzi: &Installation) {
    let source = Database::new(Engine::Postgres, "unused".as_ref());
    source.execute("CREATE TABLE recipes (name TEXT)");

    let sentence = tawzi.run(&["import", "django", &source.url()]).refused();

    assert!(
        sentence.contains("is not a database of the CRM"),
        "{sentence}"
    );
    assert!(sentence.contains("companies"), "{sentence}");
    assert!(tawzi.database.is_empty());
    assert!(tawzi.files().is_empty(), "{:?}", tawzi.files());
}
