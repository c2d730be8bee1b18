//! The profile form of the web client, which is no JSON, and the photo that it brings.

use crate::world::{Reply, World};
use axum::body::Body;
use serde_json::{Value, json};

on_both_engines! {
    a_form_changes_what_it_names_and_brings_a_photo,
    a_photo_is_shown_to_whoever_knows_its_address,
    a_photo_as_phones_make_them_is_taken_and_made_smaller,
    a_new_photo_has_another_address_and_a_removed_one_has_none,
    a_new_person_may_come_with_a_photo,
    a_photo_goes_with_its_person,
    only_oneself_and_ones_administrator_change_a_photo,
    a_file_that_was_not_chosen_changes_nothing,
    a_photo_of_the_imported_crm_is_not_pointed_at,
    a_server_behind_tls_says_so_in_its_addresses,
}

pub(crate) const BOUNDARY: &str = "----WebKitFormBoundaryA1b2C3";

pub(crate) const PNG: &[u8] =
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\0\0\0\0:~\x9bU\
    \0\0\0\nIDATx\xdac\xa8\x07\0\0\x81\0\x80~\x1c)\xc7\0\0\0\0IEND\xaeB`\x82";

const GIF: &[u8] =
    b"GIF89a\x01\0\x01\0\x80\0\0\xff\xff\xff\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;";

pub(crate) const NO_IMAGE: &str =
    "Upload a PNG, JPEG, WebP or GIF image. This file is something else, or damaged.";

/// A part of a form: its name, its file's name and type, and its content.
pub(crate) type Part<'a> = (&'a str, Option<(&'a str, &'a str)>, &'a [u8]);

pub(crate) fn text<'a>(name: &'a str, value: &'a str) -> Part<'a> {
    (name, None, value.as_bytes())
}

pub(crate) fn photo(content: &[u8]) -> Part<'_> {
    ("profile_photo", Some(("me.png", "image/png")), content)
}

/// The form as a browser writes it.
pub(crate) fn form(parts: &[Part<'_>]) -> Vec<u8> {
    let mut form = Vec::new();
    for (name, file, content) in parts {
        form.extend(
            format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"").bytes(),
        );
        if let Some((file, media_type)) = file {
            form.extend(format!("; filename=\"{file}\"\r\nContent-Type: {media_type}").bytes());
        }
        form.extend(b"\r\n\r\n");
        form.extend(*content);
        form.extend(b"\r\n");
    }
    form.extend(format!("--{BOUNDARY}--\r\n").bytes());
    form
}

pub(crate) async fn send_bytes(
    world: &World,
    who: &str,
    id: i64,
    media_type: &str,
    body: Vec<u8>,
) -> Reply {
    let request = world.request(who, "PATCH", &format!("/api/users/{id}/"));
    let request = request.header("Content-Type", media_type);
    world.answer(request.body(Body::from(body)).unwrap()).await
}

pub(crate) async fn send(world: &World, who: &str, id: i64, parts: &[Part<'_>]) -> Reply {
    let media_type = format!("multipart/form-data; boundary={BOUNDARY}");
    send_bytes(world, who, id, &media_type, form(parts)).await
}

/// The path of the photo that the answer points at.
fn path(reply: &Reply) -> String {
    assert_eq!(reply.status, 200, "{}", reply.body);
    let address = reply.body["profile_photo"].as_str().expect("a photo");
    let path = address.strip_prefix("http://crm.test:8000").unwrap();
    path.to_owned()
}

pub(crate) async fn me(world: &World, who: &str) -> Value {
    world.get(who, "/api/users/me/").await.body
}

async fn a_form_changes_what_it_names_and_brings_a_photo(world: World) {
    let before = me(&world, "emp1").await;

    let answer = send(
        &world,
        "emp1",
        2,
        &[
            text("first_name", "إد"),
            text("phone", "+963999"),
            photo(PNG),
        ],
    )
    .await;

    let address = path(&answer);
    let after = me(&world, "emp1").await;
    assert_eq!(
        (&after["first_name"], &after["phone"]),
        (&json!("إد"), &json!("+963999"))
    );
    for kept in [
        "last_name",
        "email",
        "username",
        "role",
        "is_active",
        "company_name",
    ] {
        assert_eq!(after[kept], before[kept], "{kept}");
    }
    for seen in [
        after,
        world.get("owner1", "/api/users/2/").await.body,
        world.get("owner1", "/api/users/?search=emp1").await.body["results"][0].clone(),
    ] {
        assert_eq!(
            seen["profile_photo"],
            json!(format!("http://crm.test:8000{address}"))
        );
    }
}

async fn a_photo_is_shown_to_whoever_knows_its_address(world: World) {
    for content in [PNG, GIF] {
        // What the browser says about the file does not count.
        let file = ("profile_photo", Some(("x.html", "text/html")), content);
        let address = path(&send(&world, "emp1", 2, &[file]).await);

        let shown = world.download(&address, None).await;

        assert_eq!(shown.status, 200);
        assert!(shown.bytes.starts_with(b"\x89PNG\r\n"));
        assert_eq!(shown.header("content-type"), "image/png");
        assert_eq!(shown.header("x-content-type-options"), "nosniff");
        assert_eq!(shown.header("cache-control"), "private, max-age=3600");
        assert_eq!(
            shown.header("content-security-policy"),
            "default-src 'none'; sandbox"
        );
        let tag = shown.header("etag").to_owned();
        for known in [tag.clone(), format!("\"x\", W/{tag}"), "*".to_owned()] {
            let again = world.download(&address, Some(&known)).await;
            assert_eq!(
                (again.status.as_u16(), again.bytes.len()),
                (304, 0),
                "{known}"
            );
            assert_eq!(again.header("etag"), tag);
        }
        let other = world.download(&address, Some("\"other\"")).await;
        assert_eq!(other.status, 200);
    }
    for nobodys in [
        "0",
        "2",
        "../2",
        "%00",
        "%ff",
        &"0".repeat(32),
        &"x".repeat(5_000),
    ] {
        let answer = world
            .get("owner1", &format!("/api/photos/{nobodys}/"))
            .await;
        assert_eq!(answer.status, 404, "{nobodys}: {}", answer.body);
    }
}

async fn a_photo_as_phones_make_them_is_taken_and_made_smaller(world: World) {
    let large = [PNG, &vec![0; 9 * 1024 * 1024]].concat();

    let address = path(&send(&world, "emp1", 2, &[photo(&large)]).await);

    let shown = world.download(&address, None).await;
    assert_eq!(shown.status, 200);
    assert_eq!(shown.header("content-type"), "image/png");
    let size = shown.bytes.len();
    assert!(size < 2_000, "{size}");
}

async fn a_new_photo_has_another_address_and_a_removed_one_has_none(world: World) {
    let first = path(&send(&world, "emp1", 2, &[photo(PNG)]).await);
    let second = path(&send(&world, "emp1", 2, &[photo(PNG)]).await);
    assert_ne!(first, second);
    assert_eq!(world.get("", &first).await.status, 404);
    assert_eq!(world.download(&second, None).await.status, 200);
    let unchanged = path(&send(&world, "emp1", 2, &[text("last_name", "x")]).await);
    assert_eq!(unchanged, second);

    let emptied = send(&world, "emp1", 2, &[text("profile_photo", "")]).await;
    assert_eq!(
        (emptied.status.as_u16(), &emptied.body["profile_photo"]),
        (200, &Value::Null)
    );
    assert_eq!(world.get("", &second).await.status, 404);
    for nothing in [json!(null), json!("")] {
        let third = path(&send(&world, "emp1", 2, &[photo(GIF)]).await);
        let removed = json!({"profile_photo": nothing});
        let removed = world.send("emp1", "PATCH", "/api/users/2/", removed).await;
        assert_eq!(
            (removed.status.as_u16(), &removed.body["profile_photo"]),
            (200, &Value::Null)
        );
        assert_eq!(world.get("", &third).await.status, 404);
    }
}

async fn a_new_person_may_come_with_a_photo(world: World) {
    let parts = [
        text("username", "layla"),
        text("email", "layla@acme.example"),
        text("role", "employee"),
        text("password", "a long password"),
    ];
    let request = |parts: &[Part<'_>]| {
        let request = world.request("owner1", "POST", "/api/users/");
        let media_type = format!("multipart/form-data; boundary={BOUNDARY}");
        let request = request.header("Content-Type", media_type);
        request.body(Body::from(form(parts))).unwrap()
    };

    let damaged = [&parts[..], &[photo(&PNG[..40])]].concat();
    let refused = world.answer(request(&damaged)).await;
    let whole = [&parts[..], &[photo(PNG)]].concat();
    let created = world.answer(request(&whole)).await;

    refused.is(400, json!({"profile_photo": [NO_IMAGE]}));
    assert_eq!(created.status, 201, "{}", created.body);
    let address = created.body["profile_photo"].as_str().unwrap();
    let address = address.strip_prefix("http://crm.test:8000").unwrap();
    let shown = world.download(address, None).await;
    assert_eq!(
        (shown.status.as_u16(), shown.header("content-type")),
        (200, "image/png")
    );
}

async fn a_photo_goes_with_its_person(world: World) {
    let address = path(&send(&world, "emp1", 2, &[photo(PNG)]).await);
    let others = path(&send(&world, "emp2", 3, &[photo(PNG)]).await);

    let deleted = world.ask("owner1", "DELETE", "/api/users/2/").await;

    assert_eq!(deleted.status, 204);
    assert_eq!(world.get("", &address).await.status, 404);
    assert_eq!(world.download(&others, None).await.status, 200);
}

async fn only_oneself_and_ones_administrator_change_a_photo(world: World) {
    let address = path(&send(&world, "emp1", 2, &[photo(PNG)]).await);

    let before = world.download(&address, None).await.bytes;
    let missing = json!({"detail": "No User matches the given query."});
    for who in ["emp2", "owner2", "emp4"] {
        for parts in [
            [photo(GIF)],
            [text("profile_photo", "")],
            [photo(b"no image")],
        ] {
            send(&world, who, 2, &parts).await.is(404, &missing);
        }
    }
    assert_eq!(send(&world, "root", 2, &[photo(GIF)]).await.status, 403);
    assert_eq!(send(&world, "", 2, &[photo(GIF)]).await.status, 401);
    assert_eq!(world.download(&address, None).await.bytes, before);
    let by_owner = path(&send(&world, "owner1", 2, &[photo(GIF)]).await);
    let after = world.download(&by_owner, None).await.bytes;
    assert_ne!(after, before);
    let role = send(&world, "emp1", 2, &[text("role", "admin"), photo(PNG)]).await;
    assert_eq!(role.status, 400);
    assert_eq!(world.download(&by_owner, None).await.bytes, after);
}

async fn a_file_that_was_not_chosen_changes_nothing(world: World) {
    let address = path(&send(&world, "emp1", 2, &[photo(PNG)]).await);
    let not_chosen = (
        "profile_photo",
        Some(("", "application/octet-stream")),
        &b""[..],
    );

    let answer = send(&world, "emp1", 2, &[text("last_name", "new"), not_chosen]).await;

    assert_eq!(path(&answer), address);
    assert_eq!(answer.body["last_name"], "new");
    let nothing = send(&world, "emp1", 2, &[]).await;
    assert_eq!(path(&nothing), address);
}

async fn a_photo_of_the_imported_crm_is_not_pointed_at(world: World) {
    world
        .execute("UPDATE user_account SET profile_photo = 'profile_photos/a.png' WHERE id = 2")
        .await;

    assert_eq!(me(&world, "emp1").await["profile_photo"], Value::Null);
    let own = path(&send(&world, "emp1", 2, &[photo(PNG)]).await);
    assert_eq!(world.download(&own, None).await.status, 200);
}

async fn a_server_behind_tls_says_so_in_its_addresses(world: World) {
    path(&send(&world, "emp1", 2, &[photo(PNG)]).await);
    for (scheme, starts) in [
        ("https", "https://crm.test:8000/api/photos/"),
        ("javascript", "http://crm.test:8000/api/photos/"),
    ] {
        let request = world.request("emp1", "GET", "/api/users/me/");
        let request = request.header("X-Forwarded-Proto", scheme);

        let answer = world.answer(request.body(Body::empty()).unwrap()).await;

        let address = answer.body["profile_photo"].as_str().unwrap();
        assert!(address.starts_with(starts), "{address}");
    }
}
