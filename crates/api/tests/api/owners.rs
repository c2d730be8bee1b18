//! Whose a company is, and what nobody but its owner can do.

use crate::people::patch;
use crate::world::{Reply, World};
use axum::http::StatusCode;
use serde_json::{Value, json};

on_both_engines! {
    an_administrator_who_comes_later_owns_nothing,
    a_super_administrator_who_adds_an_administrator_replaces_no_owner,
    nobody_else_changes_anything_about_the_owner,
    the_owner_is_sent_back_unchanged,
    an_owner_who_is_inactive_is_reactivated_by_nobody,
    the_owner_hands_the_company_over,
    nobody_else_hands_the_company_over,
}

/// Another administrator of company 1, who signs in as `emp2` does; their id.
async fn second_administrator(world: &World) -> i64 {
    let promoted = patch(world, "owner1", 3, json!({"role": "admin"})).await;
    assert_eq!(promoted.status, 200, "{}", promoted.body);
    3
}

async fn create(world: &World, who: &str, name: &str) -> Reply {
    let body = json!({
        "username": name, "email": format!("{name}@new.example"), "password": "Abc12345!z",
        "role": "admin", "company_id": 1,
    });
    world.send(who, "POST", "/api/users/", body).await
}

async fn owner(world: &World) -> Value {
    let company = world.get("root", "/api/companies/1/").await;
    company.body["owner"].clone()
}

async fn hand_over(world: &World, who: &str, body: Value) -> Reply {
    world.send(who, "PATCH", "/api/companies/1/", body).await
}

async fn an_administrator_who_comes_later_owns_nothing(world: World) {
    second_administrator(&world).await;
    let puppet = create(&world, "emp2", "puppet").await;

    assert_eq!(puppet.status, 201, "{}", puppet.body);
    assert_eq!(owner(&world).await, 1);
    for (method, path, body) in [
        ("PATCH", "/api/users/1/", json!({"role": "employee"})),
        ("PATCH", "/api/users/1/", json!({"is_active": false})),
        ("POST", "/api/users/1/deactivate/", json!({})),
        ("DELETE", "/api/users/1/", Value::Null),
    ] {
        let refused = world.send("emp2", method, path, body).await;
        assert_eq!(refused.status, 400, "{method} {path}: {}", refused.body);
    }
    let demoted = patch(&world, "owner1", 3, json!({"role": "employee"})).await;
    assert_eq!(demoted.status, 200, "the owner manages all others");
}

async fn a_super_administrator_who_adds_an_administrator_replaces_no_owner(world: World) {
    let added = create(&world, "root", "added").await;

    assert_eq!(added.status, 201, "{}", added.body);
    assert_eq!(owner(&world).await, 1);
}

async fn nobody_else_changes_anything_about_the_owner(world: World) {
    second_administrator(&world).await;
    let before = world.get("owner1", "/api/users/me/").await.body;

    for (field, value) in [
        ("username", json!("mine")),
        ("email", json!("mine@evil.example")),
        ("first_name", json!("Another")),
        ("last_name", json!("")),
        ("phone", json!("+9639999999")),
        ("phone", Value::Null),
        ("password", json!("a long pass phrase")),
        ("role", json!("employee")),
        ("is_active", json!(false)),
    ] {
        let refused = patch(&world, "emp2", 1, json!({field: value})).await;

        assert_eq!(refused.status, 400, "{field}: {}", refused.body);
        assert!(refused.body[field].is_array(), "{field}: {}", refused.body);
    }
    let after = world.get("owner1", "/api/users/me/").await.body;
    assert_eq!(before, after);
    let login = json!({"username": "owner1", "password": "Passw0rd!x"});
    let signed_in = world.send("", "POST", "/api/auth/login/", login).await;
    assert_eq!(signed_in.status, StatusCode::OK);
}

async fn the_owner_is_sent_back_unchanged(world: World) {
    second_administrator(&world).await;
    let same = json!({
        "username": "owner1", "email": "owner1@acme.example", "first_name": "Olive",
        "last_name": "Owner", "phone": "+9631111111", "role": "admin", "is_active": true,
        "password": "", "profile_photo": "",
    });

    let kept = patch(&world, "emp2", 1, same).await;

    assert_eq!(kept.status, 200, "{}", kept.body);
}

async fn an_owner_who_is_inactive_is_reactivated_by_nobody(world: World) {
    second_administrator(&world).await;
    world
        .execute("UPDATE user_account SET is_active = FALSE WHERE id = 1")
        .await;

    let path = "/api/users/1/reactivate/";
    let reactivated = world.send("emp2", "POST", path, json!({})).await;
    let edited = patch(&world, "emp2", 1, json!({"is_active": true})).await;

    assert_eq!(
        (reactivated.status.as_u16(), edited.status.as_u16()),
        (400, 400)
    );
}

async fn the_owner_hands_the_company_over(world: World) {
    second_administrator(&world).await;

    let handed_over = hand_over(&world, "owner1", json!({"owner": 3})).await;

    assert_eq!(handed_over.status, 200, "{}", handed_over.body);
    assert_eq!(handed_over.body["owner"], 3);
    let again = hand_over(&world, "owner1", json!({"owner": 1})).await;
    assert_eq!(again.status, 403, "it is theirs no more");
    let left = world.ask("emp2", "DELETE", "/api/users/1/").await;
    assert_eq!(left.status, 204, "{}", left.body);
    assert_eq!(owner(&world).await, 3);
}

async fn nobody_else_hands_the_company_over(world: World) {
    second_administrator(&world).await;
    for (who, body, status) in [
        ("emp2", json!({"owner": 3}), 403),
        ("emp1", json!({"owner": 2}), 403),
        ("owner2", json!({"owner": 6}), 403),
        // Whatever else there is about a company is for super administrators.
        ("owner1", json!({"owner": 3, "name": "Mine"}), 403),
        ("owner1", json!({"name": "Mine"}), 403),
        (
            "owner1",
            json!({"owner": 3, "re_assign_hours": "soon"}),
            403,
        ),
        ("owner1", json!({}), 403),
        // An employee, somebody of another company, nobody.
        ("owner1", json!({"owner": 2}), 400),
        ("owner1", json!({"owner": 6}), 400),
        ("owner1", json!({"owner": 99}), 400),
        ("owner1", json!({"owner": "emp2"}), 400),
    ] {
        let refused = hand_over(&world, who, body.clone()).await;

        assert_eq!(refused.status, status, "{who} {body}: {}", refused.body);
        assert_eq!(owner(&world).await, 1);
    }
    world
        .execute("UPDATE user_account SET is_active = FALSE WHERE id = 3")
        .await;
    let inactive = hand_over(&world, "owner1", json!({"owner": 3})).await;
    assert_eq!(inactive.status, 400);
    world
        .execute("UPDATE user_account SET is_active = TRUE WHERE id = 3")
        .await;
    let by_root = hand_over(&world, "root", json!({"owner": 3})).await;
    assert_eq!(
        (by_root.status.as_u16(), owner(&world).await),
        (200, json!(3))
    );
}
