//! People and who may do what with them.

use crate::world::{NOW, Reply, World};
use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};
use tawzi_app::TokenType;

on_both_engines! {
    only_an_administrator_creates_people_and_only_in_their_company,
    nobody_raises_themselves,
    an_administrator_cannot_take_over_a_super_administrator_of_the_company,
    what_one_may_change_about_oneself_is_changed,
    what_is_wrong_with_a_person_is_said_by_field,
    an_address_or_number_belongs_to_one_person,
    an_administrator_sets_no_password_that_is_guessed,
    a_password_that_is_guessed_is_refused,
    a_password_is_changed_by_whoever_knows_it,
    a_list_is_ordered_searched_and_paged,
}

fn person(name: &str) -> Value {
    let email = format!("{name}@new.example");
    json!({"username": name, "email": email, "password": "Abc12345!z", "role": "employee"})
}

fn with(mut body: Value, key: &str, value: Value) -> Value {
    body[key] = value;
    body
}

async fn create(world: &World, who: &str, body: Value) -> Reply {
    world.send(who, "POST", "/api/users/", body).await
}

pub(crate) async fn patch(world: &World, who: &str, id: i64, body: Value) -> Reply {
    let path = format!("/api/users/{id}/");
    world.send(who, "PATCH", &path, body).await
}

async fn only_an_administrator_creates_people_and_only_in_their_company(world: World) {
    let no_permission = json!({"detail": "You do not have permission to perform this action."});
    create(&world, "emp1", person("a"))
        .await
        .is(403, &no_permission);
    create(&world, "emp1", json!({"username": 1}))
        .await
        .is(403, &no_permission);
    let foreign = create(&world, "owner1", with(person("b"), "company_id", json!(2))).await;
    foreign.is(
        400,
        json!({"company_id": ["Invalid pk \"2\" - object does not exist."]}),
    );
    let unsubscribed = create(&world, "owner3", person("c")).await;
    assert_eq!(unsubscribed.status, 403);

    let own = create(&world, "owner1", person("d")).await;
    let anywhere = create(&world, "root", with(person("e"), "company_id", json!(2))).await;
    let nowhere = create(&world, "root", with(person("f"), "company_id", json!(99))).await;

    assert_eq!(
        (own.status.as_u16(), &own.body["company"]["id"]),
        (201, &json!(1))
    );
    assert_eq!(own.body["is_superuser"], false);
    assert_eq!(
        (anywhere.status.as_u16(), &anywhere.body["company"]["id"]),
        (201, &json!(2))
    );
    assert_eq!(nowhere.status, 400);
    let token = json!({"username": "d", "password": "Abc12345!z"});
    let signed_in = world.send("", "POST", "/api/auth/login/", token).await;
    assert_eq!(signed_in.status, 200);
}

async fn nobody_raises_themselves(world: World) {
    for who in ["emp1", "owner1"] {
        let id = if who == "emp1" { 2 } else { 1 };
        for key in ["is_superuser", "is_staff"] {
            let answer = patch(&world, who, id, json!({key: true})).await;
            assert_eq!(
                (answer.status.as_u16(), &answer.body[key]),
                (200, &json!(false))
            );
        }
        let moved = patch(&world, who, id, json!({"company_id": 2})).await;
        assert_eq!(moved.status, 400, "{}", moved.body);
    }
    for change in [
        json!({"role": "admin"}),
        json!({"is_active": false}),
        json!({"password": "another one"}),
    ] {
        let refused = patch(&world, "emp1", 2, change.clone()).await;
        assert_eq!(refused.status, 400, "{change}");
    }
    let colleague = patch(&world, "emp1", 3, json!({"first_name": "x"})).await;
    colleague.is(404, json!({"detail": "No User matches the given query."}));
    let foreign = patch(&world, "owner2", 2, json!({"first_name": "x"})).await;
    assert_eq!(foreign.status, 404);
    let by_root = patch(&world, "root", 2, json!({"role": "admin"})).await;
    assert_eq!(by_root.status, 403);
    let me = world.get("emp1", "/api/users/me/").await.body;
    assert_eq!(
        (&me["role"], &me["company"]["id"]),
        (&json!("employee"), &json!(1))
    );
}

async fn an_administrator_cannot_take_over_a_super_administrator_of_the_company(world: World) {
    world
        .execute("UPDATE user_account SET is_superuser = TRUE WHERE username = 'emp1'")
        .await;
    let no_permission = json!({"detail": "You do not have permission to perform this action."});

    for change in [
        json!({"password": "Abc12345!z"}),
        json!({"email": "mine@evil.example"}),
        json!({"username": "mine"}),
        json!({"role": "admin"}),
        json!({"is_active": false}),
    ] {
        let refused = patch(&world, "owner1", 2, change).await;
        refused.is(403, &no_permission);
    }
    for (method, path) in [
        ("DELETE", "/api/users/2/"),
        ("POST", "/api/users/2/deactivate/"),
    ] {
        let refused = world.ask("owner1", method, path).await;
        refused.is(403, &no_permission);
    }
    let own = patch(&world, "emp1", 2, json!({"email": "ed@new.example"})).await;
    assert_eq!(own.status, 200);
    let seen = world.get("owner1", "/api/users/2/").await;
    assert_eq!(seen.body["pending_email"], "ed@new.example");
}

async fn what_one_may_change_about_oneself_is_changed(world: World) {
    let change = json!({
        "first_name": "إد", "last_name": "", "phone": "", "role": "employee", "email": "ed@x.example",
    });

    let answer = patch(&world, "emp1", 2, change).await;

    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(answer.body["first_name"], "إد");
    assert_eq!(answer.body["last_name"], "");
    assert_eq!(answer.body["phone"], Value::Null);
    assert_eq!(answer.body["email"], "emp1@acme.example");
    assert_eq!(answer.body["pending_email"], "ed@x.example");
    assert_eq!(answer.body["is_me"], true);
}

async fn what_is_wrong_with_a_person_is_said_by_field(world: World) {
    for (key, value) in [
        ("username", json!("two words")),
        ("username", json!("a@b")),
        ("username", json!("x".repeat(151))),
        ("username", json!("")),
        ("username", json!(null)),
        ("email", json!("nobody")),
        ("email", json!(7)),
        ("phone", json!("1".repeat(21))),
        ("role", json!("boss")),
        ("role", json!(["admin"])),
        ("password", json!("short")),
        ("password", json!("qwerty123")),
        ("password", json!("0944123987")),
        ("password", json!("Somebody1")),
        ("password", json!({})),
        ("first_name", json!("x".repeat(151))),
        ("first_name", json!("a\0b")),
        ("company_id", json!(true)),
        ("company_id", json!("99999999999999999999")),
        ("is_active", json!("perhaps")),
    ] {
        let body = with(person("somebody"), key, value.clone());
        let refused = create(&world, "owner1", body).await;

        assert_eq!(refused.status, 400, "{key}: {value}");
        assert!(refused.body[key].is_array(), "{key}: {}", refused.body);
    }
    let count = world.get("owner1", "/api/users/").await.body["count"].clone();
    assert_eq!(count, 5);
}

async fn an_address_or_number_belongs_to_one_person(world: World) {
    let taken = json!({
        "username": "emp1", "email": "EMP1@acme.EXAMPLE", "password": "Abc12345!z",
        "phone": "+9632222221", "role": "employee",
    });
    let refused = create(&world, "owner2", taken).await;
    refused.is(
        400,
        json!({
            "username": ["A user with that username already exists."],
            "email": ["user with this email already exists."],
            "phone": ["user with this phone already exists."],
        }),
    );
    let kept = patch(
        &world,
        "emp1",
        2,
        json!({"username": "emp1", "phone": "+9632222221"}),
    )
    .await;
    assert_eq!(kept.status, 200);
    let other = patch(&world, "emp1", 2, json!({"username": "emp2"})).await;
    assert_eq!(other.status, 400);
}

async fn an_administrator_sets_no_password_that_is_guessed(world: World) {
    for (password, sentence) in [
        ("sunshine", "This password is too common."),
        (
            "Edone2024",
            "Use something else than your own name or address.",
        ),
        ("0944123987", "Use more than digits alone."),
    ] {
        let refused = patch(&world, "owner1", 2, json!({"password": password})).await;
        refused.is(400, json!({"password": [sentence]}));
    }
    let set = patch(
        &world,
        "owner1",
        2,
        json!({"password": "a long pass phrase"}),
    )
    .await;
    assert_eq!(set.status, 200, "{}", set.body);
}

/// Changes the password of `emp1`.
async fn change_password(world: &World, current: &str, new: &str) -> Reply {
    let body = json!({
        "current_password": current, "new_password": new, "confirm_password": new,
    });
    world
        .send("emp1", "POST", "/api/users/change_password/", body)
        .await
}

async fn a_password_that_is_guessed_is_refused(world: World) {
    for common in ["password", "Qwerty123", "12345678", "abcabcabc"] {
        let refused = change_password(&world, "Passw0rd!x", common).await;
        refused.is(
            400,
            json!({"new_password": ["This password is too common."]}),
        );
    }
    for weak in ["short", "0944123987", "emp1@ACME.example", "Emp1-2024"] {
        let refused = change_password(&world, "Passw0rd!x", weak).await;
        assert!(
            refused.body["new_password"].is_array(),
            "{weak}: {}",
            refused.body
        );
    }
    let empty = world
        .send("emp1", "POST", "/api/users/change_password/", json!({}))
        .await;
    assert_eq!(empty.body.as_object().unwrap().len(), 3);
}

async fn a_password_is_changed_by_whoever_knows_it(world: World) {
    let elsewhere = world.token_of("emp1", "on the phone", TokenType::Access);
    let refresh = async |session: &str| {
        let token = world.token_of("emp1", session, TokenType::Refresh);
        let body = json!({"refresh": token});
        world
            .send("", "POST", "/api/auth/refresh/", body)
            .await
            .status
    };

    let changed = change_password(&world, "Passw0rd!x", "a new password").await;
    assert_eq!(changed.status, 200, "{}", changed.body);

    assert_eq!(
        refresh("on the phone").await,
        401,
        "other sessions have ended"
    );
    world.clock.move_to(NOW.plus_seconds(3600));
    assert_eq!(refresh("at the desk").await, 200, "this one goes on");
    world.clock.move_to(NOW.plus_seconds(60));
    let asked =
        Request::get("/api/users/me/").header("Authorization", format!("Bearer {elsewhere}"));
    let asked = world.answer(asked.body(Body::empty()).unwrap()).await;
    assert_eq!(asked.status, 401);
    assert_eq!(
        world.get("emp1", "/api/users/me/").await.status,
        200,
        "this one goes on"
    );

    let login = |password: &str| json!({"username": "emp1", "password": password});
    let old = world
        .send("", "POST", "/api/auth/login/", login("Passw0rd!x"))
        .await;
    let new = world
        .send("", "POST", "/api/auth/login/", login("a new password"))
        .await;
    assert_eq!((old.status.as_u16(), new.status.as_u16()), (401, 200));
}

async fn a_list_is_ordered_searched_and_paged(world: World) {
    let names = async |who: &str, query: &str| {
        let list = world.get(who, &format!("/api/users/?{query}")).await;
        list.column("username")
    };

    assert_eq!(
        names("owner1", "ordering=username&page_size=2").await,
        ["emp1", "emp2"]
    );
    assert_eq!(
        names("owner1", "ordering=-username&page_size=2&page=2").await,
        ["emp3", "emp2"]
    );
    assert_eq!(names("owner1", "search=EVE%20two").await, ["emp2"]);
    assert_eq!(names("owner1", "search=emp4").await, Vec::<Value>::new());
    assert_eq!(
        names("root", "search=beta&ordering=username").await,
        ["emp4", "owner2"]
    );
    assert_eq!(names("emp1", "").await, ["emp1"]);
    assert_eq!(world.get("owner1", "/api/users/?page=9").await.status, 404);
}
