//! Signing in, and what tokens prove.

use crate::database::PASSWORD;
use crate::world::{NOW, Reply, World};
use axum::body::Body;
use serde_json::{Value, json};
use tawzi_app::TokenType;

on_both_engines! {
    one_signs_in_by_user_name_or_e_mail_address_and_is_who_one_is,
    what_is_missing_to_sign_in_is_said,
    a_refresh_token_works_again_and_again,
    a_token_that_is_not_good_is_refused_for_what_is_wrong,
    an_authorization_header_is_bearer_and_a_token,
    the_owner_of_a_token_must_still_be_there_and_active,
}

async fn post(world: &World, path: &str, body: Value) -> Reply {
    world.send("", "POST", path, body).await
}

async fn with_authorization(world: &World, value: &[u8]) -> Reply {
    let request = world.request("", "GET", "/api/users/me/");
    let request = request.header("Authorization", value);
    world.answer(request.body(Body::empty()).unwrap()).await
}

async fn one_signs_in_by_user_name_or_e_mail_address_and_is_who_one_is(world: World) {
    for body in [
        json!({"username": "emp1", "password": PASSWORD}),
        json!({"username": "EMP1", "password": PASSWORD}),
        json!({"username": "EMP1@acme.example", "password": PASSWORD}),
        json!({"email": "emp1@acme.example", "password": PASSWORD}),
        json!({"username": "", "email": "emp1@acme.example", "password": PASSWORD}),
    ] {
        let signed_in = post(&world, "/api/auth/login/", body.clone()).await;

        assert_eq!(signed_in.status, 200, "{body}");
        let access = signed_in.body["access"].as_str().unwrap();
        let me = with_authorization(&world, format!("Bearer {access}").as_bytes()).await;
        assert_eq!(me.body["username"], "emp1");
    }
    let nobody = json!({"username": "emp", "password": PASSWORD});
    let nobody = post(&world, "/api/auth/login/", nobody).await;
    assert_eq!(nobody.status, 401);
    assert_eq!(nobody.header("www-authenticate"), "Bearer realm=\"api\"");
}

async fn what_is_missing_to_sign_in_is_said(world: World) {
    let (required, not_null, blank) = (
        json!(["This field is required."]),
        json!(["This field may not be null."]),
        json!(["This field may not be blank."]),
    );
    for (body, answer) in [
        (json!({"username": "a"}), json!({"password": required})),
        (json!({"password": "a"}), json!({"username": required})),
        (
            json!({"username": null, "password": " "}),
            json!({"username": not_null, "password": blank}),
        ),
        (
            json!({"username": ["a"], "password": "a\0"}),
            json!({"username": ["Not a valid string."],
                "password": ["Null characters are not allowed."]}),
        ),
    ] {
        post(&world, "/api/auth/login/", body).await.is(400, answer);
    }
    for (path, field) in [
        ("/api/auth/refresh/", "refresh"),
        ("/api/auth/verify/", "token"),
    ] {
        post(&world, path, json!({field: ""}))
            .await
            .is(400, json!({field: blank}));
    }
}

async fn a_refresh_token_works_again_and_again(world: World) {
    let first = world.token("emp1", TokenType::Refresh);

    for days in [0, 3, 6] {
        world.clock.move_to(NOW.plus_seconds(days * 24 * 3600));
        let body = json!({"refresh": first});

        let renewed = post(&world, "/api/auth/refresh/", body).await;

        assert_eq!(renewed.status, 200);
        let token = json!({"token": renewed.body["access"]});
        post(&world, "/api/auth/verify/", token)
            .await
            .is(200, json!({}));
    }
}

async fn a_token_that_is_not_good_is_refused_for_what_is_wrong(world: World) {
    let access = world.token("emp1", TokenType::Access);
    let refresh = world.token("emp1", TokenType::Refresh);
    let invalid = json!({"detail": "Token is invalid", "code": "token_not_valid"});
    let wrong_type = json!({"detail": "Token has wrong type", "code": "token_not_valid"});
    let given = json!({
        "detail": "Given token not valid for any token type",
        "code": "token_not_valid",
        "messages": [{"token_class": "AccessToken", "token_type": "access",
            "message": "Token is invalid"}],
    });

    let body = json!({"refresh": access});
    post(&world, "/api/auth/refresh/", body)
        .await
        .is(401, wrong_type);
    let header = format!("Bearer {refresh}");
    let as_access = with_authorization(&world, header.as_bytes()).await;
    as_access.is(401, &given);
    world.clock.move_to(NOW.plus_seconds(7 * 24 * 3600));
    let body = json!({"refresh": refresh});
    post(&world, "/api/auth/refresh/", body)
        .await
        .is(401, &invalid);
    let body = json!({"token": access});
    post(&world, "/api/auth/verify/", body)
        .await
        .is(401, invalid);
    let header = format!("Bearer {access}");
    let expired = with_authorization(&world, header.as_bytes()).await;
    assert_eq!(expired.header("www-authenticate"), "Bearer realm=\"api\"");
    expired.is(401, given);
}

async fn an_authorization_header_is_bearer_and_a_token(world: World) {
    let missing = "Authentication credentials were not provided.";
    let two_values = "Authorization header must contain two space-delimited values";
    for (header, detail) in [
        (b"Basic b3duZXIxOng=".as_slice(), missing),
        (b"", missing),
        (b"Token x", missing),
        (b"Bearer", two_values),
        (b"Bearer a b", two_values),
        (b"Bearer \xff", two_values),
    ] {
        let answer = with_authorization(&world, header).await;

        assert_eq!(
            (answer.status.as_u16(), &answer.body["detail"]),
            (401, &json!(detail))
        );
        assert_eq!(answer.header("www-authenticate"), "Bearer realm=\"api\"");
    }
}

async fn the_owner_of_a_token_must_still_be_there_and_active(world: World) {
    world
        .execute("UPDATE client SET assigned_to = NULL WHERE assigned_to = 7")
        .await;
    world
        .execute("DELETE FROM employee_load WHERE user_id = 7")
        .await;
    world.execute("DELETE FROM user_account WHERE id = 7").await;

    for (who, detail, code) in [
        ("emp4", "User not found", "user_not_found"),
        ("off1", "User is inactive", "user_inactive"),
    ] {
        let me = world.get(who, "/api/users/me/").await;
        me.is(401, json!({"detail": detail, "code": code}));
        let refresh = world.token(who, TokenType::Refresh);
        let renewed = post(&world, "/api/auth/refresh/", json!({"refresh": refresh})).await;
        renewed.is(
            401,
            json!({"detail": "No active account found for the given token.",
                "code": "no_active_account"}),
        );
    }
}
