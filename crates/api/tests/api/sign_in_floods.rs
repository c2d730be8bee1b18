//! Very many passwords at once, and passwords that would take long.

use crate::database::PASSWORD;
use crate::world::{Reply, World};
use axum::body::Body;
use axum::extract::ConnectInfo;
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use tawzi_api::{AddressFrom, SignInLimits};
use tawzi_testkit::{MAIL_SERVER, eventually, mailer};
use tokio::task::JoinSet;

on_both_engines! {
    a_flood_from_one_address_delays_nobody_else,
    whoever_is_signed_in_waits_for_no_flood_either,
    a_password_that_is_too_long_is_refused_wherever_it_is_typed,
}

const LOGIN: &str = "/api/auth/login/";

/// How many came at once from one address.
const FLOOD: usize = 190;

async fn post(world: &World, address: [u8; 4], path: &str, body: Value) -> Reply {
    let request = world.request("", "POST", path);
    let request = request
        .header("Content-Type", "application/json")
        .extension(ConnectInfo(SocketAddr::from((address, 50_000))));
    let request = request.body(Body::from(body.to_string())).unwrap();
    world.answer(request).await
}

/// A server with limits, where comparing passwords takes long but for those of the first employee.
async fn slow(world: &World) -> World {
    let slow = "UPDATE user_account
        SET password_hash = 'pbkdf2_sha256$20000$salt$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA='
        WHERE username <> 'emp1'";
    world.execute(slow).await;
    let limits = |clock| SignInLimits::new(clock, AddressFrom::Connection);
    world.again_with(Some(mailer(MAIL_SERVER)), limits).await
}

/// Sends so many passwords of unknown names from one address, and does something else while they wait. Gives how many
/// were refused for that, and how many were still waiting when it was done.
async fn flooded<T>(world: &World, meanwhile: impl Future<Output = T>) -> (T, usize, usize) {
    let statuses = Arc::new(Mutex::new(Vec::new()));
    let mut flood = JoinSet::new();
    for number in 0..FLOOD {
        let (world, statuses) = (world.clone(), Arc::clone(&statuses));
        flood.spawn(async move {
            let body = json!({"username": format!("nobody{number}"), "password": "nope"});
            let answer = post(&world, [10, 0, 0, 66], LOGIN, body).await;
            if answer.status == 503 {
                assert_eq!(answer.header("retry-after"), "1");
                let detail = "Too many are waiting already; try again in a moment.";
                assert_eq!(answer.body, json!({"detail": detail}));
            }
            statuses.lock().unwrap().push(answer.status.as_u16());
        });
    }
    let counted = |status| {
        let statuses = statuses.lock().unwrap();
        statuses.iter().filter(|found| **found == status).count()
    };
    eventually(async || (counted(503) > 100).then_some(())).await;

    let done = meanwhile.await;
    let waiting = FLOOD - counted(503) - counted(401);

    while let Some(ended) = flood.join_next().await {
        ended.unwrap();
    }
    assert_eq!(counted(503) + counted(401), FLOOD);
    (done, counted(503), waiting)
}

async fn a_flood_from_one_address_delays_nobody_else(world: World) {
    let world = slow(&world).await;
    let body = json!({"username": "emp1", "password": PASSWORD});
    let sign_in = post(&world, [10, 0, 0, 77], LOGIN, body);

    let (signed_in, refused, waiting) = flooded(&world, sign_in).await;

    assert_eq!(signed_in.status, 200, "{}", signed_in.body);
    assert!(refused >= 150, "{refused}");
    assert!(waiting > 0, "the flood was served first");
}

async fn whoever_is_signed_in_waits_for_no_flood_either(world: World) {
    let world = slow(&world).await;
    let body = json!({
        "current_password": PASSWORD, "new_password": "Another-1!x", "confirm_password": "Another-1!x",
    });
    let change = world.send("emp1", "POST", "/api/users/change_password/", body);

    let (changed, _, waiting) = flooded(&world, change).await;

    assert_eq!(changed.status, 200, "{}", changed.body);
    assert!(waiting > 0, "the flood was served first");
}

async fn a_password_that_is_too_long_is_refused_wherever_it_is_typed(world: World) {
    // Comparing with anybody's would take longer than the test.
    world
        .execute("UPDATE user_account SET password_hash = 'pbkdf2_sha256$2000000$s$AAAA'")
        .await;
    let long = "x".repeat(1025);
    let sentence = "Ensure this field has no more than 1024 characters.";
    let too_long = |field: &str| json!({field: [sentence]});
    let new = |name: &str, password: &str| {
        json!({"username": name, "email": format!("{name}@acme.example"), "role": "employee",
            "password": password})
    };
    let change = |current: &str, new: &str| json!({"current_password": current, "new_password": new, "confirm_password": new});
    let login = json!({"username": "emp1", "password": long});
    let verify = json!({"username": "emp1", "password": long, "code": "123456"});
    let current = change(&long, "Another-1!x");
    let both = json!({"new_password": [sentence], "confirm_password": [sentence]});

    for (who, method, path, body, answer) in [
        ("", "POST", LOGIN, login, too_long("password")),
        (
            "emp1",
            "POST",
            "/api/users/change_password/",
            current,
            too_long("current_password"),
        ),
        (
            "emp1",
            "POST",
            "/api/users/change_password/",
            change("x", &long),
            both,
        ),
        (
            "owner1",
            "POST",
            "/api/users/",
            new("n", &long),
            too_long("password"),
        ),
        (
            "owner1",
            "PATCH",
            "/api/users/2/",
            json!({"password": long}),
            too_long("password"),
        ),
    ] {
        world.send(who, method, path, body).await.is(400, answer);
    }
    let verified = world
        .send("", "POST", "/api/auth/verify-2fa/", verify)
        .await;
    assert_eq!(verified.status, 400, "{}", verified.body);
}
