//! Files of clients that are not for somebody, or are none, or too large.

use crate::client_files::{EXPORT, IMPORT, count, import, many, send_file};
use crate::photos::{BOUNDARY, form};
use crate::world::World;
use axum::body::Body;
use serde_json::json;
use tawzi_testkit::eventually;

on_both_engines! {
    only_who_sees_the_whole_company_imports_and_exports,
    what_is_no_file_of_clients_is_refused,
    what_is_too_large_is_refused_with_what_to_do,
    what_is_not_known_is_refused,
    a_company_imports_one_file_at_a_time,
}

async fn only_who_sees_the_whole_company_imports_and_exports(world: World) {
    let before = count(&world, "owner1").await;

    for (who, status) in [("", 401), ("emp1", 403), ("root", 403), ("owner3", 403)] {
        let imported = import(&world, who, "", "name\nA\n").await;
        let exported = world.get(who, EXPORT).await;

        assert_eq!(
            (imported.status.as_u16(), exported.status.as_u16()),
            (status, status),
            "{who}"
        );
    }
    let other = import(&world, "owner2", "?update=true", "id,name\n1,Theirs\n").await;

    assert_eq!(
        (&other.body["created"], &other.body["updated"]),
        (&json!(1), &json!(0))
    );
    assert_ne!(
        world.get("owner1", "/api/clients/1/").await.body["name"],
        "Theirs"
    );
    assert_eq!(count(&world, "owner1").await, before);
}

async fn what_is_no_file_of_clients_is_refused(world: World) {
    let before = count(&world, "owner1").await;
    for (file, sentence) in [
        (&b""[..], "name"),
        (b"\n\n", "name"),
        (b"surname\nA\n", "surname"),
        (b"name,name\nA,B\n", "twice"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old", "xlsx"),
        (b"PK\x03\x04 broken", "zip"),
        (b"name\n\0\0\0\x01\x02", "null character"),
    ] {
        let answer = send_file(&world, "owner1", "", "application/octet-stream", file).await;

        assert_eq!(answer.status, 400, "{file:?}");
        let text = answer.body.to_string();
        assert!(text.contains(sentence), "{file:?}: {text}");
    }
    for media_type in ["application/json", "image/png", "", "text/html"] {
        let answer = send_file(&world, "owner1", "", media_type, "name\nA\n").await;

        let detail = format!("Unsupported media type \"{media_type}\" in request.");
        answer.is(415, json!({"detail": detail}));
    }
    let none = world.ask("owner1", "POST", IMPORT).await;
    none.is(400, json!({"file": ["No file was submitted."]}));
    assert_eq!(count(&world, "owner1").await, before);
}

async fn what_is_too_large_is_refused_with_what_to_do(world: World) {
    let before = count(&world, "owner1").await;
    let most = 20 * 1024 * 1024;
    let mut long = b"name\n".to_vec();
    long.resize(most + 1, b'x');
    let whole = send_file(&world, "owner1", "", "text/csv", long.clone()).await;
    let parts = [("file", Some(("a.csv", "text/csv")), &*long)];
    let media_type = format!("multipart/form-data; boundary={BOUNDARY}");
    let in_form = send_file(&world, "owner1", "", &media_type, form(&parts)).await;
    let mut lines = Vec::new();
    for (count, query) in [
        (10_001, ""),
        (2_001, "?update=true"),
        (1_001, "?all_or_nothing=true"),
    ] {
        lines.push((
            count - 1,
            import(&world, "owner1", query, &many(count)).await,
        ));
    }

    let advice = "; split it, or let whoever runs the server use \"tawzi import clients\".";
    for answer in [whole, in_form] {
        let detail = format!("The file has more than 20 MiB{advice}");
        answer.is(413, json!({"detail": detail}));
    }
    for (most, answer) in lines {
        let detail = format!("The file has more than {most} lines{advice}");
        answer.is(413, json!({"detail": detail}));
    }
    assert_eq!(count(&world, "owner1").await, before);
    let fits = import(&world, "owner1", "?all_or_nothing=true", &many(1_000)).await;
    assert_eq!(fits.body["created"], 1_000, "{}", fits.body);
}

async fn what_is_not_known_is_refused(world: World) {
    let unknown = import(&world, "owner1", "?dryrun=true", "name\nA\n").await;
    let page = import(&world, "owner1", "?page=1", "name\nA\n").await;
    let maybe = import(&world, "owner1", "?dry_run=maybe", "name\nA\n").await;
    let separator = import(&world, "owner1", "?separator=,,", "name\nA\n").await;
    let sheet = import(
        &world,
        "owner1",
        "?separator=%3B&sheet=&ignore=x",
        "name;x\nA;1\n",
    )
    .await;
    let of_export = world.get("owner1", "/api/clients/export/?mark=false").await;

    let known = "dry_run, skip_bad, update, all_or_nothing, ignore, separator, sheet";
    let detail = |name| format!("This address has no parameter \"{name}\". It has: {known}.");
    unknown.is(400, json!({"detail": detail("dryrun")}));
    page.is(400, json!({"detail": detail("page")}));
    assert_eq!(maybe.status, 400);
    assert!(maybe.body["dry_run"].is_array(), "{}", maybe.body);
    assert!(separator.body["separator"].is_array(), "{}", separator.body);
    assert_eq!(sheet.body["created"], 1, "{}", sheet.body);
    assert_eq!(of_export.status, 400);
}

async fn a_company_imports_one_file_at_a_time(world: World) {
    let (sender, body) = tokio::sync::mpsc::channel::<Vec<u8>>(1);
    let request = world.request("owner1", "POST", IMPORT);
    let request = request.header("Content-Type", "text/csv");
    let request = request.body(Body::new(Slow(body))).unwrap();
    let first = tokio::spawn({
        let world = world.clone();
        async move { world.answer(request).await }
    });

    // Its second part is only taken once the request is being read.
    sender.send(b"name\n".to_vec()).await.unwrap();
    sender.send(b"A\n".to_vec()).await.unwrap();
    let second = eventually(async || {
        let second = import(&world, "owner1", "", "name\nB\n").await;
        (second.status == 503).then_some(second)
    });
    let second = second.await;
    let other = import(&world, "owner2", "", "name\nB\n").await;
    drop(sender);

    assert_eq!(second.header("retry-after"), "1");
    assert_eq!(other.body["created"], 1, "{}", other.body);
    assert_eq!(first.await.unwrap().body["created"], 1);
    let again = import(&world, "owner1", "", "name\nA\n").await;
    assert_eq!(again.body["already_there"], 1, "{}", again.body);
}

/// A body that comes in parts.
struct Slow(tokio::sync::mpsc::Receiver<Vec<u8>>);

impl axum::body::HttpBody for Slow {
    type Data = axum::body::Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        mut self: std::pin::Pin<&mut Self>,
        context: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Result<http_body::Frame<Self::Data>, Self::Error>>> {
        let part = self.0.poll_recv(context);
        part.map(|part| part.map(|part| Ok(http_body::Frame::data(part.into()))))
    }
}
