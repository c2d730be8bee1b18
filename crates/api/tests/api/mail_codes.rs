//! Codes from mails: confirming an address, setting a forgotten password; and whether names are free.

use crate::people::patch;
use crate::sign_in_limits::{limited, post_from};
use crate::world::{Reply, World};
use axum::body::Body;
use serde_json::{Value, json};
use tawzi_testkit::eventually;
use tawzi_web::AddressFrom;

on_both_engines! {
    a_new_address_is_answered_as_pending_until_it_is_confirmed,
    of_two_who_confirm_an_address_at_once_one_gets_it,
    another_code_is_mailed_to_ones_own_address_alone,
    a_forgotten_password_is_set_with_the_code_from_the_mail,
    whether_an_address_is_anybodys_is_not_told,
    what_is_wrong_with_a_new_password_is_said_by_field,
    the_mail_is_arabic_unless_english_is_asked_for,
    whether_names_are_free_is_said,
    asking_whether_names_are_free_is_limited,
    asking_for_codes_is_limited_where_it_is_done,
    wrong_codes_are_limited_and_a_stranger_uses_up_nobodys_attempts,
}

const VERIFY: &str = "/api/auth/verify-email/";
const RESEND: &str = "/api/auth/resend-verification/";
const FORGOT: &str = "/api/auth/forgot-password/";
const RESET: &str = "/api/auth/reset-password/";
const AVAILABLE: &str = "/api/auth/check-availability/";

async fn post(world: &World, path: &str, body: Value) -> Reply {
    world.send("", "POST", path, body).await
}

/// What the mail that was enqueued first knows, of those that nobody took yet.
async fn mail(world: &World) -> Option<Value> {
    let mut tx = world.app.db().begin().await.unwrap();
    let claim = tx.claim_job("test", 60_000_000).await.unwrap()?;
    tx.commit().await.unwrap();
    Some(serde_json::from_str(&claim.payload).unwrap())
}

async fn login(world: &World, username: &str, password: &str) -> u16 {
    let body = json!({"username": username, "password": password});
    let reply = post(world, "/api/auth/login/", body).await;
    reply.status.as_u16()
}

fn no_match() -> Value {
    json!({"error": "Invalid or expired verification code."})
}

async fn a_new_address_is_answered_as_pending_until_it_is_confirmed(world: World) {
    let changed = patch(&world, "emp1", 2, json!({"email": "Ed@home.example"})).await;
    assert_eq!(changed.status, 200, "{}", changed.body);
    let email = |reply: &Reply| {
        let of = |name: &str| reply.body[name].clone();
        (of("email"), of("email_verified"), of("pending_email"))
    };
    let before = (
        json!("emp1@acme.example"),
        json!(false),
        json!("Ed@home.example"),
    );
    assert_eq!(email(&changed), before);
    let sent = mail(&world).await.unwrap();
    assert_eq!(login(&world, "ed@home.example", "Passw0rd!x").await, 401);
    // A form sends back what it was shown.
    let same = json!({"email": "emp1@acme.example", "last_name": "Two"});
    assert_eq!(patch(&world, "owner1", 2, same).await.status, 200);

    let shown = json!({"email": "ed@HOME.example", "code": sent["code"]});
    let wrong = json!({"email": "ed@home.example", "code": "000000"});
    post(&world, VERIFY, wrong).await.is(400, no_match());
    let done = json!({"message": "Email verified successfully."});
    post(&world, VERIFY, shown.clone()).await.is(200, done);
    post(&world, VERIFY, shown).await.is(400, no_match());

    let me = world.get("emp1", "/api/users/me/").await;
    assert_eq!(
        email(&me),
        (json!("Ed@home.example"), json!(true), Value::Null)
    );
    assert_eq!(login(&world, "ed@home.example", "Passw0rd!x").await, 200);
    assert_eq!(login(&world, "emp1@acme.example", "Passw0rd!x").await, 401);
    let neither = json!({"email": "ed@home.example"});
    let neither = post(&world, VERIFY, neither).await;
    neither.is(
        400,
        json!({"code": ["Either code or token must be provided."]}),
    );
}

async fn of_two_who_confirm_an_address_at_once_one_gets_it(world: World) {
    for round in 0..10 {
        let [one, other] = ["race", "RACE"].map(|name| format!("{name}{round}@x.example"));
        world.clock.move_to(world.clock.now().plus_seconds(86_400));
        patch(&world, "emp1", 2, json!({"email": one})).await;
        let first = mail(&world).await.unwrap();
        patch(&world, "emp4", 7, json!({"email": other})).await;
        let second = mail(&world).await.unwrap();

        let confirm = async |sent: &Value| {
            post(
                &world,
                VERIFY,
                json!({"email": one, "token": sent["token"]}),
            )
            .await
        };
        let (first, second) = tokio::join!(confirm(&first), confirm(&second));

        let mut statuses = [first.status.as_u16(), second.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 400], "{} {}", first.body, second.body);
        let lost = if first.status == 400 { first } else { second };
        lost.is(
            400,
            json!({"email": ["user with this email already exists."]}),
        );
    }
}

async fn another_code_is_mailed_to_ones_own_address_alone(world: World) {
    let resend = async |who: &str, body: Value| world.send(who, "POST", RESEND, body).await;

    let own = resend("emp1", json!({"email": "EMP1@acme.example"})).await;
    let verified = resend("owner1", json!({"email": "owner1@acme.example"})).await;

    assert_eq!(own.status, 200, "{}", own.body);
    assert_eq!(own.body["message"], "Verification code sent successfully.");
    assert_eq!(own.body["sent"], true);
    assert!(own.body["expires_at"].is_string());
    verified.is(200, json!({"message": "Email is already verified."}));
    let sentence = json!({"error": "You can only request verification for your own email."});
    for email in ["emp2@acme.example", "nobody@acme.example"] {
        resend("emp1", json!({"email": email}))
            .await
            .is(403, &sentence);
    }
    resend("emp1", json!({}))
        .await
        .is(400, json!({"error": "Email is required."}));
    assert_eq!(
        resend("", json!({"email": "emp1@acme.example"}))
            .await
            .status,
        401
    );
    let sent = mail(&world).await.unwrap();
    let shown = json!({"email": "emp1@acme.example", "code": sent["code"]});
    assert_eq!(post(&world, VERIFY, shown).await.status, 200);
    let me = world.get("emp1", "/api/users/me/").await;
    assert_eq!(me.body["email_verified"], true);
}

async fn a_forgotten_password_is_set_with_the_code_from_the_mail(world: World) {
    let asked = post(&world, FORGOT, json!({"email": "EMP1@acme.example"})).await;
    assert_eq!(asked.status, 200, "{}", asked.body);
    let sent = eventually(async || mail(&world).await).await;
    assert_eq!(sent["purpose"], "password");
    let reset = |code: &Value| {
        json!({
            "email": "emp1@acme.example", "code": code, "new_password": "a long pass phrase",
            "confirm_password": "a long pass phrase",
        })
    };

    post(&world, RESET, reset(&json!("000000")))
        .await
        .is(400, no_match());
    let done = post(&world, RESET, reset(&sent["code"])).await;
    let again = post(&world, RESET, reset(&sent["code"])).await;

    done.is(
        200,
        json!({"message": "Password has been reset successfully."}),
    );
    again.is(400, no_match());
    assert_eq!(login(&world, "emp1", "a long pass phrase").await, 200);
    assert_eq!(login(&world, "emp1", "Passw0rd!x").await, 401);
}

async fn whether_an_address_is_anybodys_is_not_told(world: World) {
    let ask = async |email: &str| post(&world, FORGOT, json!({"email": email})).await;

    let [known, inactive, unknown] = [
        ask("emp1@acme.example").await,
        ask("off1@acme.example").await,
        ask("x@y.example").await,
    ];

    assert_eq!(known.status, 200);
    assert_eq!(known.body, unknown.body);
    assert_eq!(known.body, inactive.body);
    let shown = |email: &str| {
        json!({
            "email": email, "code": "123456", "new_password": "a long pass phrase",
            "confirm_password": "a long pass phrase",
        })
    };
    for email in ["emp2@acme.example", "x@y.example"] {
        post(&world, RESET, shown(email)).await.is(400, no_match());
        let verify = json!({"email": email, "code": "123456"});
        post(&world, VERIFY, verify).await.is(400, no_match());
    }
    let no_address = ask("emp1").await;
    no_address.is(400, json!({"email": ["Enter a valid email address."]}));
}

async fn what_is_wrong_with_a_new_password_is_said_by_field(world: World) {
    post(&world, FORGOT, json!({"email": "emp1@acme.example"})).await;
    let sent = eventually(async || mail(&world).await).await;
    let reset = async |new: &str, again: &str| {
        let body = json!({
            "email": "emp1@acme.example", "token": sent["token"], "new_password": new,
            "confirm_password": again,
        });
        post(&world, RESET, body).await
    };

    let common = json!({"new_password": ["This password is too common."]});
    reset("qwerty123", "qwerty123").await.is(400, common);
    let own = json!({"new_password": ["Use something else than your own name or address."]});
    reset("Emp1-2024", "Emp1-2024").await.is(400, own);
    let differs = json!({"confirm_password": ["New password and confirm password do not match."]});
    reset("a long pass phrase", "another one")
        .await
        .is(400, differs);
    assert_eq!(
        reset("a long pass phrase", "a long pass phrase")
            .await
            .status,
        200
    );
}

async fn the_mail_is_arabic_unless_english_is_asked_for(world: World) {
    for (accepted, language) in [(None, "ar"), (Some("en-GB"), "en")] {
        for (who, path) in [("emp1", RESEND), ("", FORGOT)] {
            let mut request = world.request(who, "POST", path);
            if let Some(accepted) = accepted {
                request = request.header("Accept-Language", accepted);
            }
            let request = request.header("Content-Type", "application/json");
            let body = Body::from(r#"{"email": "emp1@acme.example"}"#);
            let asked = world.answer(request.body(body).unwrap()).await;
            assert_eq!(asked.status, 200, "{}", asked.body);

            let sent = eventually(async || mail(&world).await).await;
            assert_eq!(sent["language"], language);
        }
    }
}

async fn whether_names_are_free_is_said(world: World) {
    let free = json!({"available": true});
    for body in [
        json!({"username": "somebody"}),
        json!({"email": "a@b.example", "phone": "+1", "company_domain": "free.example"}),
    ] {
        post(&world, AVAILABLE, body).await.is(200, &free);
    }
    let query = "?username=somebody&email=a%40b.example";
    world
        .get("", &format!("{AVAILABLE}{query}"))
        .await
        .is(200, &free);

    let taken = json!({
        "username": "EMP1", "email": "Emp2@ACME.example", "phone": "+9632222221",
        "company_domain": "acme.example",
    });
    post(&world, AVAILABLE, taken).await.is(
        400,
        json!({"available": false, "errors": {
            "username": ["A user with that username already exists."],
            "email": ["user with this email already exists."],
            "phone": ["user with this phone already exists."],
            "company_domain": ["company with this domain already exists."],
        }}),
    );
    let by_query = world.get("", &format!("{AVAILABLE}?username=emp1")).await;
    assert_eq!(
        (by_query.status.as_u16(), &by_query.body["available"]),
        (400, &json!(false))
    );
    let wrong = post(&world, AVAILABLE, json!({"email": "nobody"})).await;
    let wrong_email = json!({"email": ["Enter a valid email address."]});
    wrong.is(400, json!({"available": false, "errors": wrong_email}));
    let nothing = post(&world, AVAILABLE, json!({})).await;
    assert_eq!(
        (nothing.status.as_u16(), &nothing.body["available"]),
        (400, &json!(false))
    );
}

async fn asking_whether_names_are_free_is_limited(world: World) {
    let world = limited(&world, AddressFrom::Connection).await;

    let mut statuses = Vec::new();
    for _ in 0..21 {
        let body = json!({"username": "emp1"});
        let reply = post_from(&world, [10, 0, 0, 1], AVAILABLE, body).await;
        statuses.push(reply.status.as_u16());
    }

    assert_eq!(statuses[..20], [400; 20]);
    assert_eq!(statuses[20], 429);
}

async fn asking_for_codes_is_limited_where_it_is_done(world: World) {
    let world = limited(&world, AddressFrom::Connection).await;
    let ask = async |address: u8, email: &str| {
        let body = json!({"email": email});
        post_from(&world, [10, 0, 0, address], FORGOT, body).await
    };

    for email in ["emp1@acme.example", "nobody@acme.example"] {
        for _ in 0..6 {
            assert_eq!(ask(1, email).await.status, 200);
        }
        assert_eq!(ask(1, email).await.status, 429, "{email}");
        assert_eq!(ask(2, email).await.status, 200, "{email}");
    }
}

async fn wrong_codes_are_limited_and_a_stranger_uses_up_nobodys_attempts(world: World) {
    let world = limited(&world, AddressFrom::Connection).await;
    let body = json!({"email": "emp1@acme.example"});
    let asked = post_from(&world, [10, 0, 0, 1], FORGOT, body).await;
    assert_eq!(asked.status, 200, "{}", asked.body);
    let sent = eventually(async || mail(&world).await).await;
    let reset = async |address: u8, code: &Value| {
        let body = json!({
            "email": "emp1@acme.example", "code": code, "new_password": "a long pass phrase",
            "confirm_password": "a long pass phrase",
        });
        post_from(&world, [10, 0, 0, address], RESET, body).await
    };

    for _ in 0..20 {
        reset(2, &json!("000000")).await.is(400, no_match());
    }
    assert_eq!(reset(2, &json!("000000")).await.status, 429);
    reset(3, &sent["code"]).await.is(400, no_match());

    assert_eq!(reset(1, &sent["code"]).await.status, 200);
}
