//! Signing in with a code from a mail.

use crate::database::PASSWORD;
use crate::world::{NOW, Reply, World};
use axum::body::Body;
use serde_json::{Value, json};
use tawzi_api::SignInLimits;

on_both_engines! {
    a_code_from_the_mail_signs_in_once,
    a_token_alone_is_not_enough_and_one_that_is_sent_must_fit,
    after_five_wrong_codes_a_new_one_is_needed,
    a_code_expires_after_ten_minutes,
    of_two_requests_with_the_same_code_one_is_signed_in,
    what_is_missing_or_wrong_about_a_code_is_said,
    the_mail_is_arabic_unless_english_is_asked_for,
    without_mail_the_answer_says_that_nothing_was_sent,
    a_company_without_a_subscription_is_told_so_also_with_the_right_code,
}

const REQUEST: &str = "/api/auth/request-2fa/";
const VERIFY: &str = "/api/auth/verify-2fa/";

async fn post(world: &World, path: &str, body: Value) -> Reply {
    world.send("", "POST", path, body).await
}

/// What the job that was enqueued last but not claimed yet has to know.
async fn payload(world: &World) -> Option<Value> {
    let mut tx = world.app.db().begin().await.unwrap();
    let claim = tx.claim_job("test", 60_000_000).await.unwrap()?;
    tx.commit().await.unwrap();
    Some(serde_json::from_str(&claim.payload).unwrap())
}

/// Asks for a code; the code and the token.
async fn code(world: &World, who: &str) -> (String, String) {
    let asked = post(world, REQUEST, json!({"username": who})).await;
    assert_eq!(asked.status, 200, "{}", asked.body);
    assert_eq!(asked.body["sent"], true);
    let payload = payload(world).await.unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    (text(&payload["code"]), text(&asked.body["token"]))
}

async fn show(world: &World, who: &str, code: &str) -> Reply {
    let body = json!({"username": who, "password": PASSWORD, "code": code});
    post(world, VERIFY, body).await
}

/// Another code of six digits.
fn wrong(code: &str, step: u32) -> String {
    let number: u32 = code.parse().unwrap();
    ((number - 100_000 + step) % 900_000 + 100_000).to_string()
}

fn no_match() -> Value {
    json!({"error": "Invalid or expired 2FA code."})
}

async fn a_code_from_the_mail_signs_in_once(world: World) {
    let (code, token) = code(&world, "EMP1@acme.example").await;
    let body = json!({"username": "Emp1", "password": PASSWORD, "code": code, "token": token});

    let signed_in = post(&world, VERIFY, body.clone()).await;
    let again = post(&world, VERIFY, body).await;

    let mut user = signed_in.body["user"].clone();
    assert_eq!(signed_in.status, 200);
    assert!(user.get("is_active").is_none());
    let login = json!({"username": "emp1", "password": PASSWORD});
    let mut by_password = post(&world, "/api/auth/login/", login).await.body["user"].take();
    by_password.as_object_mut().unwrap().remove("is_active");
    assert_eq!(user.take(), by_password);
    for token in ["access", "refresh"] {
        let token = json!({"token": signed_in.body[token]});
        post(&world, "/api/auth/verify/", token)
            .await
            .is(200, json!({}));
    }
    again.is(400, no_match());
    for row in world.app.db().read().await.unwrap().jobs(10).await.unwrap() {
        assert!(!row.unique_key.contains(&token), "{row:?}");
    }
}

async fn a_token_alone_is_not_enough_and_one_that_is_sent_must_fit(world: World) {
    let (code, token) = code(&world, "emp1").await;
    let other = "0".repeat(32);
    let with = |code: Value, token: &str| json!({"username": "emp1", "password": PASSWORD, "code": code, "token": token});

    for no_code in [json!(null), json!(""), json!(" "), json!([]), json!(true)] {
        post(&world, VERIFY, with(no_code, &token))
            .await
            .is(400, json!({"code": ["This field is required."]}));
    }
    post(&world, VERIFY, with(json!(code), &other))
        .await
        .is(400, no_match());
    let number: u64 = code.parse().unwrap();
    let right = post(&world, VERIFY, with(json!(number), &token)).await;

    assert_eq!(right.status, 200);
}

async fn after_five_wrong_codes_a_new_one_is_needed(world: World) {
    let (right, _) = code(&world, "emp1").await;
    for step in 1..=5 {
        show(&world, "emp1", &wrong(&right, step))
            .await
            .is(400, no_match());
    }

    show(&world, "emp1", &right).await.is(400, no_match());
    let (next, _) = code(&world, "emp1").await;

    if next != right {
        show(&world, "emp1", &right).await.is(400, no_match());
    }
    assert_eq!(show(&world, "emp1", &next).await.status, 200);
}

async fn a_code_expires_after_ten_minutes(world: World) {
    let (right, _) = code(&world, "emp1").await;

    world.clock.move_to(NOW.plus_seconds(600));

    let sentence = "2FA code has expired. Please request a new one.";
    show(&world, "emp1", &right)
        .await
        .is(400, json!({"error": sentence}));
    show(&world, "emp1", &wrong(&right, 1))
        .await
        .is(400, no_match());
}

async fn of_two_requests_with_the_same_code_one_is_signed_in(world: World) {
    for _ in 0..3 {
        let (code, _) = code(&world, "emp1").await;
        let show = || show(&world, "emp1", &code);

        let (a, b, c, d) = tokio::join!(show(), show(), show(), show());

        let mut statuses = [a, b, c, d].map(|reply| reply.status.as_u16());
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 400, 400, 400]);
    }
}

async fn what_is_missing_or_wrong_about_a_code_is_said(world: World) {
    let required = json!({"error": "Username and password are required."});
    for body in [
        json!({}),
        json!({"username": "emp1", "code": "123456"}),
        json!({"password": PASSWORD, "code": "123456"}),
        json!({"username": "", "password": PASSWORD}),
        json!({"username": "emp1\0", "password": PASSWORD}),
        json!({"username": ["emp1"], "password": PASSWORD}),
        json!({"username": "emp1", "password": {}}),
        json!({"username": null, "password": null}),
    ] {
        post(&world, VERIFY, body).await.is(400, &required);
    }
    for username in ["off1", "nobody", "emp1"] {
        let body = json!({"username": username, "password": "nope", "code": "123456"});
        post(&world, VERIFY, body)
            .await
            .is(401, json!({"error": "Invalid credentials."}));
    }
    show(&world, "emp1", "123456").await.is(400, no_match());
    for (body, sentence) in [
        (json!({}), "This field is required."),
        (json!({"username": null}), "This field may not be null."),
        (json!({"username": ""}), "This field may not be blank."),
        (json!({"username": []}), "Not a valid string."),
        (
            json!({"username": "x\0"}),
            "Null characters are not allowed.",
        ),
        (json!({"username": "%"}), "User not found."),
    ] {
        post(&world, REQUEST, body)
            .await
            .is(400, json!({"username": [sentence]}));
    }
}

async fn the_mail_is_arabic_unless_english_is_asked_for(world: World) {
    for (header, language) in [
        ("ar", "ar"),
        ("en", "en"),
        ("en-US,en;q=0.9", "en"),
        ("fr", "ar"),
        ("", "ar"),
        (";;q=\u{fffd}", "ar"),
    ] {
        let request = world.request("", "POST", REQUEST);
        let request = request
            .header("Content-Type", "application/json")
            .header("Accept-Language", header);
        let body = Body::from(json!({"username": "emp1"}).to_string());

        world.answer(request.body(body).unwrap()).await;

        let payload = payload(&world).await.unwrap();
        assert_eq!(payload["language"], language, "{header:?}");
    }
}

async fn without_mail_the_answer_says_that_nothing_was_sent(world: World) {
    let silent = world.again_with(None, |_| SignInLimits::off()).await;

    let asked = post(&silent, REQUEST, json!({"username": "emp1"})).await;

    assert_eq!(
        (asked.status.as_u16(), &asked.body["sent"]),
        (200, &json!(false))
    );
    assert!(payload(&silent).await.is_none());
}

async fn a_company_without_a_subscription_is_told_so_also_with_the_right_code(world: World) {
    let (of_employee, _) = code(&world, "emp1").await;
    let (of_owner, _) = code(&world, "owner1").await;
    let (of_root, _) = code(&world, "root").await;
    let (of_other, _) = code(&world, "emp2").await;
    world
        .execute("UPDATE subscription SET is_active = FALSE WHERE company_id = 1")
        .await;
    world
        .execute("UPDATE user_account SET company_id = NULL WHERE username = 'emp2'")
        .await;

    let employee = show(&world, "emp1", &of_employee).await;
    let owner = show(&world, "owner1", &of_owner).await;
    let root = show(&world, "root", &of_root).await;
    let homeless = show(&world, "emp2", &of_other).await;

    let code = |reply: &Reply| (reply.status.as_u16(), reply.body["code"].clone());
    assert_eq!(
        code(&employee),
        (403, json!("ACCOUNT_TEMPORARILY_INACTIVE"))
    );
    assert_eq!(code(&owner), (403, json!("SUBSCRIPTION_INACTIVE")));
    assert!(owner.body["subscriptionId"].is_i64(), "{}", owner.body);
    assert_eq!(root.status, 200);
    assert_eq!(code(&homeless), (403, json!("NO_COMPANY")));
    let text = homeless.body.to_string().to_lowercase();
    assert!(!text.contains("active") && !text.contains("subscription"));
}
