//! The home page on a real database.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use axum::body::Body;
use axum::http::{Request, StatusCode};
use tawzi_app::{App, Clock};
use tawzi_core::time::Timestamp;
use tawzi_store::{EngineKind, NewSchedule};
use tawzi_testkit::{NOON, Reply, TestDatabase, World, application, send};
use tawzi_ui::router;

async fn started(database: &TestDatabase) -> App {
    let db = database.open().await;
    db.ensure_schema().await.unwrap();
    application(db, Clock::manual(NOON), None)
}

async fn get(app: &App, path: &str, language: &str) -> Reply {
    let request = Request::get(path)
        .header("Accept-Language", language)
        .body(Body::empty())
        .unwrap();
    send(&router(app.clone()), request).await
}

#[tokio::test]
async fn the_page_speaks_the_browsers_language_and_the_one_asked_for() {
    let database = TestDatabase::empty(EngineKind::Sqlite).await;
    let app = started(&database).await;

    for (path, header, direction, word) in [
        ("/", "ar-SA,en;q=0.5", "rtl", "العملاء المهملون"),
        ("/", "en,ar;q=0.5", "ltr", "Neglected clients"),
        ("/?lang=ar", "en", "rtl", "العملاء المهملون"),
        ("/?lang=en", "ar", "ltr", "Neglected clients"),
        ("/?lang=xx", "ar", "rtl", "العملاء المهملون"),
    ] {
        let reply = get(&app, path, header).await;

        let page = reply.text();
        assert_eq!(reply.status, StatusCode::OK);
        assert!(reply.header("content-type").starts_with("text/html"));
        assert!(page.contains(&format!("dir=\"{direction}\"")), "{page}");
        assert!(page.contains(word), "{path}, {header}: {page}");
    }
}

#[tokio::test]
async fn what_is_missing_is_said_with_what_to_do_about_it() {
    let database = TestDatabase::empty(EngineKind::Sqlite).await;
    let app = started(&database).await;

    let idle = get(&app, "/", "en").await;
    let mut tx = app.db().begin().await.unwrap();
    let now = tx.database_clock().await.unwrap();
    let schedule = NewSchedule {
        name: "sweep",
        cron: "0 * * * *",
        time_zone: "UTC",
        job_kind: "sweep",
        next_run_at: Timestamp::parse("2031-05-06T07:00:00Z").unwrap(),
        created_at: now,
    };
    tx.create_schedule(schedule).await.unwrap();
    tx.note_worker("here", 0).await.unwrap();
    tx.commit().await.unwrap();
    let busy = get(&app, "/", "en").await;

    let (idle, busy) = (idle.text(), busy.text());
    assert!(idle.contains("tawzi setup-schedule"), "{idle}");
    assert!(idle.contains("None is running"), "{idle}");
    assert!(busy.contains("2031-05-06 07:00"), "{busy}");
    assert!(busy.contains("Running"), "{busy}");
}

#[tokio::test]
async fn who_waits_for_somebody_is_said() {
    let world = World::with_employees(1).await;
    world.set_active(&world.employees[0], false).await;
    let nobody = get(&world.app, "/", "en").await;
    for _ in 0..3 {
        world.arrival().await;
    }

    let english = get(&world.app, "/", "en").await;
    let arabic = get(&world.app, "/", "ar").await;

    assert!(
        nobody.text().contains("None is waiting"),
        "{}",
        nobody.text()
    );
    let said = "<dd class=\"bad\"><code dir=\"ltr\">3</code> waiting";
    assert!(english.text().contains(said), "{}", english.text());
    let said = "بانتظار موظف: <code dir=\"ltr\">3</code>";
    assert!(arabic.text().contains(said), "{}", arabic.text());
}

#[tokio::test]
async fn a_database_that_does_not_answer_is_said_and_counts_as_unavailable() {
    let database = TestDatabase::empty(EngineKind::Sqlite).await;
    let app = started(&database).await;
    app.db().close().await;

    let reply = get(&app, "/", "en").await;

    let page = reply.text();
    assert_eq!(reply.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(page.contains("Does not answer"), "{page}");
}

#[tokio::test]
async fn the_style_is_served_from_here() {
    let database = TestDatabase::empty(EngineKind::Sqlite).await;
    let app = started(&database).await;

    let reply = get(&app, "/assets/tawzi.css", "en").await;

    assert_eq!(reply.status, StatusCode::OK);
    assert_eq!(reply.header("content-type"), "text/css; charset=utf-8");
}

#[tokio::test]
async fn whatever_is_answered_has_the_headers_for_browsers() {
    let database = TestDatabase::empty(EngineKind::Sqlite).await;
    let app = started(&database).await;

    for (path, expected) in [
        ("/", StatusCode::OK),
        ("/assets/tawzi.css", StatusCode::OK),
        ("/nothing", StatusCode::NOT_FOUND),
        ("//api/clients/", StatusCode::NOT_FOUND),
    ] {
        let reply = get(&app, path, "en").await;

        assert_eq!(reply.status, expected, "{path}");
        assert_eq!(reply.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(reply.header("referrer-policy"), "no-referrer", "{path}");
        assert_eq!(reply.header("cache-control"), "no-store", "{path}");
        assert_ne!(reply.header("content-security-policy"), "", "{path}");
    }
}
