//! The home page on a real database.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use tawzi_core::time::Timestamp;
use tawzi_store::{DatabaseUrl, Db, Durability, NewSchedule};
use tawzi_ui::router;
use tempfile::TempDir;
use tower::ServiceExt as _;

async fn database(folder: &TempDir) -> Db {
    let url = format!("sqlite://{}", folder.path().join("tawzi.db").display());
    let url: DatabaseUrl = url.parse().unwrap();
    let db = Db::open(&url, Durability::Relaxed).await.unwrap();
    db.ensure_schema().await.unwrap();
    db
}

async fn get(db: &Db, path: &str, language: &str) -> (StatusCode, HeaderMap, String) {
    let request = Request::get(path)
        .header("Accept-Language", language)
        .body(Body::empty())
        .unwrap();
    let response = router(db.clone()).oneshot(request).await.unwrap();
    let (head, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap();
    (
        head.status,
        head.headers,
        String::from_utf8(body.to_vec()).unwrap(),
    )
}

#[tokio::test]
async fn the_page_speaks_the_browsers_language_and_the_one_asked_for() {
    let folder = TempDir::new().unwrap();
    let db = database(&folder).await;

    for (path, header, direction, word) in [
        ("/", "ar-SA,en;q=0.5", "rtl", "العملاء المهملون"),
        ("/", "en,ar;q=0.5", "ltr", "Neglected clients"),
        ("/?lang=ar", "en", "rtl", "العملاء المهملون"),
        ("/?lang=en", "ar", "ltr", "Neglected clients"),
        ("/?lang=xx", "ar", "rtl", "العملاء المهملون"),
    ] {
        let (status, headers, page) = get(&db, path, header).await;

        assert_eq!(status, StatusCode::OK);
        assert!(
            headers["content-type"]
                .to_str()
                .unwrap()
                .starts_with("text/html")
        );
        assert!(page.contains(&format!("dir=\"{direction}\"")), "{page}");
        assert!(page.contains(word), "{path}, {header}: {page}");
    }
}

#[tokio::test]
async fn what_is_missing_is_said_with_what_to_do_about_it() {
    let folder = TempDir::new().unwrap();
    let db = database(&folder).await;

    let (_, _, idle) = get(&db, "/", "en").await;
    let mut tx = db.begin().await.unwrap();
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
    tx.note_worker("here").await.unwrap();
    tx.commit().await.unwrap();
    let (_, _, busy) = get(&db, "/", "en").await;

    assert!(idle.contains("tawzi setup-schedule"), "{idle}");
    assert!(idle.contains("None is running"), "{idle}");
    assert!(busy.contains("2031-05-06 07:00"), "{busy}");
    assert!(busy.contains("Running"), "{busy}");
}

#[tokio::test]
async fn a_database_that_does_not_answer_is_said_and_counts_as_unavailable() {
    let folder = TempDir::new().unwrap();
    let db = database(&folder).await;
    db.close().await;

    let (status, _, page) = get(&db, "/", "en").await;

    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(page.contains("Does not answer"), "{page}");
}

#[tokio::test]
async fn the_style_is_served_from_here() {
    let folder = TempDir::new().unwrap();
    let db = database(&folder).await;

    let (status, headers, _) = get(&db, "/assets/tawzi.css", "en").await;

    assert_eq!(status, StatusCode::OK);
    assert_eq!(headers["content-type"], "text/css; charset=utf-8");
}

#[tokio::test]
async fn whatever_is_answered_has_the_headers_for_browsers() {
    let folder = TempDir::new().unwrap();
    let db = database(&folder).await;

    for (path, expected) in [
        ("/", StatusCode::OK),
        ("/assets/tawzi.css", StatusCode::OK),
        ("/nothing", StatusCode::NOT_FOUND),
        ("//api/clients/", StatusCode::NOT_FOUND),
    ] {
        let (status, headers, _) = get(&db, path, "en").await;

        assert_eq!(status, expected, "{path}");
        assert_eq!(headers["x-content-type-options"], "nosniff", "{path}");
        assert_eq!(headers["referrer-policy"], "no-referrer", "{path}");
        assert_eq!(headers["cache-control"], "no-store", "{path}");
        assert!(headers.contains_key("content-security-policy"), "{path}");
    }
}
