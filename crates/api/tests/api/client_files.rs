//! Clients to files and from files, over HTTP.

use crate::api_keys::secret;
use crate::photos::{BOUNDARY, Part, form};
use crate::world::{Reply, World};
use axum::body::{Body, to_bytes};
use serde_json::{Value, json};
use std::fmt::Write as _;
use tawzi_testkit::eventually;

on_both_engines! {
    what_is_exported_comes_back_as_it_was,
    a_file_is_told_by_its_name_and_its_mark,
    clients_go_where_the_rule_sends_them_and_the_same_file_adds_none,
    a_form_brings_a_file,
    a_dry_run_says_what_would_happen_and_changes_nothing,
    wrong_lines_are_named_and_left_out_where_that_is_asked,
    clients_are_changed_by_their_ids_where_that_is_asked,
    an_export_is_of_one_moment_whatever_others_delete,
    a_company_has_one_export_at_a_time_until_nobody_reads_it,
    a_program_with_a_key_imports_and_exports,
}

pub(crate) const IMPORT: &str = "/api/clients/import/";
pub(crate) const EXPORT: &str = "/api/clients/export/";

/// Texts that a spreadsheet, or a file with commas, might take for something else.
const ODD: &str = "name,phone_number,other_phone_numbers,budget\n\
    \"سارة \"\"أم علي\"\" أحمد\",+966501234567,0112223333;0114445555,1500.5\n\
    \"'=HYPERLINK(\"\"http://x.example\"\";\"\"open\"\")\",0501112222,,\n\
    \"Reed, James; 'Abd\",,,0\n\
    \"''=two\",,,\n\
    '-1+1,00966507654321,,\n\
    مريم,٠٥٠٩٨٧٦٥٤٣,,٢٥٠٠\n";

pub(crate) async fn send_file(
    world: &World,
    who: &str,
    query: &str,
    media_type: &str,
    content: impl Into<Body>,
) -> Reply {
    let request = world.request(who, "POST", &format!("{IMPORT}{query}"));
    let request = request.header("Content-Type", media_type);
    world.answer(request.body(content.into()).unwrap()).await
}

pub(crate) async fn import(world: &World, who: &str, query: &str, file: &str) -> Reply {
    send_file(world, who, query, "text/csv", file.to_owned()).await
}

async fn export(world: &World, who: &str, query: &str) -> Reply {
    let request = world.request(who, "GET", &format!("{EXPORT}{query}"));
    world.respond(request.body(Body::empty()).unwrap()).await
}

/// The file without its mark.
async fn exported(world: &World, who: &str) -> String {
    let reply = export(world, who, "?bom=false").await;
    assert_eq!(reply.status, 200);
    reply.text().to_owned()
}

pub(crate) async fn count(world: &World, who: &str) -> i64 {
    let list = world.get(who, "/api/clients/?page_size=1").await;
    list.body["count"].as_i64().unwrap()
}

/// The newest clients, their names and numbers.
async fn newest(world: &World, who: &str, count: usize) -> Vec<Value> {
    let path = format!("/api/clients/?ordering=-created_at&page_size={count}");
    let list = world.get(who, &path).await;
    let rows = list.body["results"].as_array().unwrap().iter();
    let kept = rows.map(|row| {
        let numbers = row["phone_numbers"].as_array().unwrap().iter();
        let numbers: Vec<_> = numbers.map(|number| &number["phone_number"]).collect();
        json!([row["name"], row["phone_number"], row["budget"], numbers])
    });
    let mut kept: Vec<_> = kept.collect();
    kept.sort_by_key(ToString::to_string);
    kept
}

/// A file of so many clients.
pub(crate) fn many(count: usize) -> String {
    let mut file = String::from("name,phone_number\n");
    for number in 0..count {
        let _ = writeln!(file, "عميل {number},+9665{number:08}");
    }
    file
}

async fn what_is_exported_comes_back_as_it_was(world: World) {
    let sent = import(&world, "owner1", "", ODD).await;
    assert_eq!(
        (sent.status.as_u16(), &sent.body["created"]),
        (200, &json!(6))
    );
    let before = newest(&world, "owner1", 6).await;

    let file = exported(&world, "owner1").await;
    let own = import(&world, "owner1", "?update=true", &file).await;
    let all = count(&world, "owner1").await;
    let query = "?ignore=id&ignore=created_at&ignore=assigned_to&ignore=status\
                 &ignore=communication_way";
    let others = count(&world, "owner2").await;
    let other = import(&world, "owner2", query, &file).await;

    assert_eq!(own.body["already_there"], all, "{}", own.body);
    assert_eq!(own.body["updated"], 0, "{}", own.body);
    assert_eq!(count(&world, "owner1").await, all);
    assert_eq!(other.body["created"], all, "{}", other.body);
    assert_eq!(count(&world, "owner2").await, others + all);
    let names = |name: &str| before.iter().any(|client| client[0] == name);
    assert!(
        names("سارة \"أم علي\" أحمد") && names("Reed, James; 'Abd"),
        "{before:?}"
    );
    assert!(
        names("=HYPERLINK(\"http://x.example\";\"open\")") && names("-1+1"),
        "{before:?}"
    );
    let after = newest(&world, "owner2", usize::try_from(all).unwrap()).await;
    for client in before {
        assert!(after.contains(&client), "{client} in {after:?}");
    }
    world.nothing_is_wrong().await;
}

async fn a_file_is_told_by_its_name_and_its_mark(world: World) {
    let request = world.request("owner1", "GET", EXPORT);
    let request = request.header("Origin", "https://crm.example");

    let file = world.respond(request.body(Body::empty()).unwrap()).await;
    let bare = export(&world, "owner1", "?bom=false").await;

    assert_eq!(file.status, 200);
    assert_eq!(file.header("content-type"), "text/csv; charset=utf-8");
    let day = &world.app.now().to_string()[..10];
    let name = format!("attachment; filename=\"clients-{day}.csv\"");
    assert_eq!(file.header("content-disposition"), name);
    assert_eq!(file.header("cache-control"), "no-store");
    assert_eq!(
        file.header("access-control-allow-origin"),
        "https://crm.example"
    );
    let exposed = file.header("access-control-expose-headers");
    assert_eq!(exposed.to_lowercase(), "content-disposition");
    let text = file.text().strip_prefix('\u{feff}').expect("a mark");
    assert_eq!(text, bare.text());
    assert!(text.starts_with("id,name,phone_number,"), "{text}");
    let lines = i64::try_from(text.lines().count()).unwrap();
    assert_eq!(lines, count(&world, "owner1").await + 1);
}

async fn clients_go_where_the_rule_sends_them_and_the_same_file_adds_none(world: World) {
    world.auto_assign(1).await;
    let before = count(&world, "owner1").await;
    let file = "name,phone_number\nA,+966501\nB,+966502\nC,\nC,\nA,+966501\n";

    let first = import(&world, "owner1", "", file).await;
    let second = import(&world, "owner1", "", file).await;

    assert_eq!(first.status, 200, "{}", first.body);
    for (count, of_first, of_second) in [
        ("created", 4, 0),
        ("assigned", 4, 0),
        ("updated", 0, 0),
        ("already_there", 1, 5),
        ("skipped", 0, 0),
    ] {
        assert_eq!(first.body[count], of_first, "{count}");
        assert_eq!(second.body[count], of_second, "{count}");
    }
    assert_eq!(first.body["recognised"], "UTF-8 text, separated by commas");
    assert_eq!(count(&world, "owner1").await, before + 4);
    world.nothing_is_wrong().await;
}

async fn a_form_brings_a_file(world: World) {
    let parts: [Part<'_>; 3] = [
        ("note", None, b"anything"),
        (
            "file",
            Some(("clients.csv", "text/csv")),
            "name;phone_number\nليلى;+966511\n".as_bytes(),
        ),
        ("empty", Some(("", "application/octet-stream")), b""),
    ];
    let media_type = format!("multipart/form-data; boundary={BOUNDARY}");

    let sent = send_file(&world, "owner1", "", &media_type, form(&parts)).await;
    let none = send_file(&world, "owner1", "", &media_type, form(&parts[..1])).await;
    let two = [parts[1], parts[1]];
    let two = send_file(&world, "owner1", "", &media_type, form(&two)).await;

    assert_eq!(sent.body["created"], 1, "{}", sent.body);
    assert_eq!(newest(&world, "owner1", 1).await[0][0], "ليلى");
    none.is(400, json!({"file": ["No file was submitted."]}));
    two.is(400, json!({"file": ["Send one file at a time."]}));
}

async fn a_dry_run_says_what_would_happen_and_changes_nothing(world: World) {
    let before = exported(&world, "owner1").await;
    let file = format!(
        "name,phone_number,priority\nA,+966501,\nB,,urgent\n{}",
        "C,+966501,\n"
    );

    let refused = import(&world, "owner1", "?dry_run=true", &file).await;
    let told = import(&world, "owner1", "?dry_run=1&skip_bad=yes", &file).await;
    let both = import(&world, "owner1", "?dry_run=true&all_or_nothing=true", &file).await;

    refused.is(
        400,
        json!({
            "detail": "1 line is wrong; nothing was imported.",
            "bad_lines": {"count": 1, "first": [{"line": 3,
                "sentence": "priority is \"urgent\"; use one of low, medium, high"}]},
        }),
    );
    assert_eq!(told.status, 200, "{}", told.body);
    assert_eq!(told.body["dry_run"], true);
    assert_eq!(
        (&told.body["created"], &told.body["skipped"]),
        (&json!(2), &json!(1))
    );
    both.is(
        400,
        json!({"all_or_nothing": ["A dry run imports nothing."]}),
    );
    assert_eq!(exported(&world, "owner1").await, before);
}

async fn wrong_lines_are_named_and_left_out_where_that_is_asked(world: World) {
    let before = count(&world, "owner1").await;
    let mut file = String::from("name,phone_number,priority,notes\nخالد,+966501,high,\n");
    for number in 0..150 {
        let _ = writeln!(file, "=B{number},,urgent,");
    }

    let refused = import(&world, "owner1", "?ignore=Notes", &file).await;
    let nothing = count(&world, "owner1").await;
    let done = import(&world, "owner1", "?ignore=Notes&skip_bad=true", &file).await;

    assert_eq!(refused.status, 400);
    let first = &refused.body["bad_lines"]["first"];
    assert_eq!(refused.body["bad_lines"]["count"], 150);
    assert_eq!(first.as_array().unwrap().len(), 100);
    assert_eq!(first[0]["line"], 3);
    assert_eq!(nothing, before);
    assert_eq!(done.status, 200, "{}", done.body);
    assert_eq!(
        (&done.body["created"], &done.body["skipped"]),
        (&json!(1), &json!(150))
    );
    assert_eq!(done.body["bad_lines"], refused.body["bad_lines"]);
    assert_eq!(done.body["report_is_cut"], false);
    let report = done.body["report"].as_str().unwrap();
    assert_eq!(report.lines().count(), 151);
    assert!(report.contains("'=B149"), "{report}");
    let mended = report.replace("urgent", "low");
    // The sentences are not read again.
    let again = import(&world, "owner1", "?ignore=notes", &mended).await;
    assert_eq!(again.body["created"], 150, "{}", again.body);
    assert_eq!(count(&world, "owner1").await, before + 151);
}

async fn clients_are_changed_by_their_ids_where_that_is_asked(world: World) {
    let client = world.client("owner1", 1, "Sara").await;
    let id = &client["id"];
    let created_at = client["created_at"].as_str().unwrap();
    let file = format!("id,name,created_at\n{id},سارة,{created_at}\n");

    let left = import(&world, "owner1", "", &file).await;
    let dry = import(&world, "owner1", "?update=true&dry_run=true", &file).await;
    let there = world.get("owner1", &format!("/api/clients/{id}/")).await;
    let changed = import(&world, "owner1", "?update=true&all_or_nothing=true", &file).await;

    assert_eq!(left.body["already_there"], 1, "{}", left.body);
    assert_eq!(dry.body["updated"], 1, "{}", dry.body);
    assert_eq!(there.body["name"], "Sara");
    assert_eq!(changed.body["updated"], 1, "{}", changed.body);
    let told = json!({"count": 1, "first": [
        {"line": 2, "sentence": "name \"Sara\" becomes \"سارة\""}]});
    assert_eq!(
        (&changed.body["changes"], &dry.body["changes"]),
        (&told, &told)
    );
    let there = world.get("owner1", &format!("/api/clients/{id}/")).await;
    assert_eq!(there.body["name"], "سارة");
    let events = world
        .get("owner1", &format!("/api/client-events/?client={id}"))
        .await;
    assert_eq!(events.column("created_by_username"), ["owner1"]);
}

async fn an_export_is_of_one_moment_whatever_others_delete(world: World) {
    let sent = import(&world, "owner1", "", &many(2_500)).await;
    assert_eq!(sent.body["created"], 2_500, "{}", sent.body);
    let before = count(&world, "owner1").await;
    let request = world.request("owner1", "GET", EXPORT);

    let begun = world.begin(request.body(Body::empty()).unwrap()).await;
    for statement in [
        "DELETE FROM client_phone",
        "DELETE FROM client_phone_key",
        "DELETE FROM client_event",
        "DELETE FROM client_task",
        "DELETE FROM client",
    ] {
        world.execute(statement).await;
    }
    let file = to_bytes(begun.into_body(), usize::MAX).await.unwrap();

    let file = String::from_utf8(file.to_vec()).unwrap();
    assert_eq!(i64::try_from(file.lines().count()).unwrap(), before + 1);
    assert_eq!(exported(&world, "owner1").await.lines().count(), 1);
    assert!(file.contains("عميل 2499,+966500002499,"));
}

async fn a_company_has_one_export_at_a_time_until_nobody_reads_it(world: World) {
    let sent = import(&world, "owner1", "", &many(5_000)).await;
    assert_eq!(sent.body["created"], 5_000, "{}", sent.body);
    let request = || {
        world
            .request("owner1", "GET", EXPORT)
            .body(Body::empty())
            .unwrap()
    };

    let unread = world.begin(request()).await;
    let second = world.respond(request()).await;
    let others = export(&world, "owner2", "").await;
    let lists = world.get("owner1", "/api/clients/").await;
    drop(unread);

    assert_eq!(second.status, 503);
    assert_eq!(second.header("retry-after"), "1");
    assert_eq!((others.status.as_u16(), lists.status.as_u16()), (200, 200));
    let freed = eventually(async || {
        let again = export(&world, "owner1", "").await;
        (again.status == 200).then_some(again)
    });
    assert!(freed.await.text().lines().count() > 5_000);
}

async fn a_program_with_a_key_imports_and_exports(world: World) {
    let key = secret(&world, "owner1", "form").await;
    let request = |method, path| {
        let request = world.request("", method, path);
        request.header("Authorization", format!("Bearer {key}"))
    };

    let import = request("POST", IMPORT).header("Content-Type", "text/csv");
    let import = import.body(Body::from("name\nA\n")).unwrap();
    let imported = world.answer(import).await;
    let export = request("GET", EXPORT).body(Body::empty()).unwrap();
    let exported = world.respond(export).await;

    assert_eq!(imported.body["created"], 1, "{}", imported.body);
    assert!(exported.text().contains(",A,"));
}
