//! Profile forms and photos that are refused: nothing changes.

use crate::photos::{BOUNDARY, NO_IMAGE, PNG, Part, form, me, photo, send, send_bytes, text};
use crate::world::World;
use axum::body::Body;
use serde_json::{Value, json};

on_both_engines! {
    what_is_no_photo_is_refused_and_changes_nothing,
    a_form_that_is_no_form_is_refused_and_changes_nothing,
}

async fn what_is_no_photo_is_refused_and_changes_nothing(world: World) {
    let huge = [PNG, &vec![0; 10 * 1024 * 1024]].concat();
    let beyond_any_request = [PNG, &vec![0; 12 * 1024 * 1024]].concat();
    let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>";
    let cases: [(Part<'_>, &str); 8] = [
        (photo(&huge), "Use an image of at most 10 MB."),
        (photo(&beyond_any_request), "Use an image of at most 10 MB."),
        (photo(&PNG[..50]), NO_IMAGE),
        (photo(svg), NO_IMAGE),
        (photo(b"<script>alert(1)</script>"), NO_IMAGE),
        (photo(b"\x89PNG\r\n\x1a\n<?php"), NO_IMAGE),
        (photo(b""), "The submitted file is empty."),
        (
            text("profile_photo", "http://crm.test:8000/api/photos/1/"),
            "The submitted data was not a file. Check the encoding type on the form.",
        ),
    ];
    for (part, sentence) in cases {
        let refused = send(&world, "emp1", 2, &[text("first_name", "changed"), part]).await;

        refused.is(400, json!({"profile_photo": [sentence]}));
    }
    for two in [
        [photo(PNG), photo(PNG)],
        [photo(PNG), text("profile_photo", "")],
    ] {
        let refused = send(&world, "emp1", 2, &two).await;
        refused.is(400, json!({"profile_photo": ["Send one photo."]}));
    }
    let as_json = json!({"profile_photo": "me.png", "first_name": "changed"});
    let as_json = world.send("emp1", "PATCH", "/api/users/2/", as_json).await;
    assert_eq!(as_json.status, 400);
    assert!(as_json.body["profile_photo"].is_array(), "{}", as_json.body);
    let several = send(&world, "emp1", 2, &[text("email", "nobody"), photo(svg)]).await;
    several.is(
        400,
        json!({"email": ["Enter a valid email address."], "profile_photo": [NO_IMAGE]}),
    );
    let good_photo = send(&world, "emp1", 2, &[text("email", "nobody"), photo(PNG)]).await;
    assert_eq!(good_photo.status, 400);
    for name in ["first_name", "phone"] {
        for part in [
            (name, Some(("a.txt", "text/plain")), &b"changed"[..]),
            (name, None, b"\xff\xfe"),
        ] {
            let refused = send(&world, "emp1", 2, &[part]).await;
            refused.is(400, json!({name: ["Not a valid string."]}));
        }
    }

    let after = me(&world, "emp1").await;
    assert_eq!(
        (&after["first_name"], &after["profile_photo"]),
        (&json!("Ed"), &Value::Null)
    );
}

async fn a_form_that_is_no_form_is_refused_and_changes_nothing(world: World) {
    let whole = form(&[text("first_name", "changed"), photo(PNG)]);
    let right = format!("multipart/form-data; boundary={BOUNDARY}");
    for (media_type, body) in [
        ("multipart/form-data", whole.clone()),
        ("multipart/form-data; boundary=", whole.clone()),
        ("multipart/form-data; boundary=another", whole.clone()),
        (&right, whole[..whole.len() - 100].to_vec()),
        (&right, whole[..whole.len() - 6].to_vec()),
        (&right, whole[..60].to_vec()),
        (&right, b"{\"first_name\": \"changed\"}".to_vec()),
        (&right, vec![0xff; 1000]),
        (&right, Vec::new()),
    ] {
        let refused = send_bytes(&world, "emp1", 2, media_type, body).await;

        assert_eq!(refused.status, 400, "{media_type}: {}", refused.body);
        let detail = refused.body["detail"].as_str().unwrap();
        assert!(
            detail.starts_with("Multipart form parse error - "),
            "{detail}"
        );
    }
    let large = vec![b'x'; 12 * 1024 * 1024];
    let large = send(&world, "emp1", 2, &[("first_name", None, &large)]).await;
    large.is(
        400,
        json!({"profile_photo": ["Use an image of at most 10 MB."]}),
    );
    let elsewhere = world.request("owner1", "POST", "/api/clients/");
    let elsewhere = elsewhere.header("Content-Type", &right);
    let elsewhere = world
        .answer(elsewhere.body(Body::from(whole)).unwrap())
        .await;
    assert_eq!(elsewhere.status, 415);

    let after = me(&world, "emp1").await;
    assert_eq!(
        (&after["first_name"], &after["profile_photo"]),
        (&json!("Ed"), &Value::Null)
    );
}
