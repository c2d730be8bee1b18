//! User names and e-mail addresses: one person's each, however they are written.

use crate::people::patch;
use crate::world::World;
use serde_json::{Value, json};

on_both_engines! {
    a_name_is_taken_however_it_is_written,
    of_two_who_want_a_name_at_once_one_gets_it,
    whoever_signs_in_is_found_however_the_name_is_written,
    whoever_asks_for_what_others_have_again_and_again_is_not_answered,
}

fn person(username: &str, email: &str) -> Value {
    json!({
        "username": username, "email": email, "password": "Abc12345!z", "role": "employee",
    })
}

async fn a_name_is_taken_however_it_is_written(world: World) {
    let users = "/api/users/";
    let created = world
        .send("owner1", "POST", users, person("Élodie", "É@new.example"))
        .await;
    assert_eq!(created.status, 201, "{}", created.body);

    let name_taken = json!(["A user with that username already exists."]);
    for name in ["élodie", "ÉLODIE", "EMP1", "eMp1", "ｅｍｐ１"] {
        let body = person(name, "somebody@new.example");
        let refused = world.send("owner2", "POST", users, body).await;
        refused.is(400, json!({"username": name_taken}));
    }
    let other = person("elodie", "somebody@new.example");
    let other = world.send("owner2", "POST", users, other).await;
    assert_eq!(other.status, 201, "an accent makes another name");
    let address_taken = json!({"email": ["user with this email already exists."]});
    for address in ["é@new.EXAMPLE", "e\u{301}@new.example", "EMP2@Acme.example"] {
        let refused = patch(&world, "emp4", 7, json!({"email": address})).await;
        refused.is(400, &address_taken);
    }
    let own = patch(
        &world,
        "emp4",
        7,
        json!({"username": "EMP4", "email": "EMP4@beta.example"}),
    )
    .await;
    assert_eq!(
        own.status, 200,
        "one's own name may change its case: {}",
        own.body
    );
}

async fn of_two_who_want_a_name_at_once_one_gets_it(world: World) {
    for round in 0..8 {
        let [lower, upper] = ["race", "RACE"].map(|name| format!("{name}{round}@x.example"));
        let (one, other) = tokio::join!(
            patch(
                &world,
                "owner1",
                2,
                json!({"email": lower, "username": format!("race{round}")})
            ),
            patch(
                &world,
                "owner2",
                7,
                json!({"email": upper, "username": format!("Race{round}")})
            ),
        );

        let (won, lost) = if one.status == 200 {
            (one, other)
        } else {
            (other, one)
        };
        assert_eq!(won.status, 200, "{}", won.body);
        lost.is(
            400,
            json!({
                "username": ["A user with that username already exists."],
                "email": ["user with this email already exists."],
            }),
        );
    }
    for round in 0..8 {
        let body = |name: &str| {
            person(
                &format!("{name}{round}"),
                &format!("{name}{round}@n.example"),
            )
        };
        let (one, other) = tokio::join!(
            world.send("owner1", "POST", "/api/users/", body("New")),
            world.send("owner2", "POST", "/api/users/", body("nEW")),
        );

        let mut statuses = [one.status.as_u16(), other.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 400], "{} {}", one.body, other.body);
    }
}

async fn whoever_signs_in_is_found_however_the_name_is_written(world: World) {
    for name in ["emp1", "EMP1", "Emp1@ACME.example"] {
        let login = json!({"username": name, "password": "Passw0rd!x"});
        let signed_in = world.send("", "POST", "/api/auth/login/", login).await;

        assert_eq!(signed_in.status, 200, "{name}");
        assert_eq!(signed_in.body["user"]["id"], 2);
    }
}

async fn whoever_asks_for_what_others_have_again_and_again_is_not_answered(world: World) {
    let ask = async |name: &str| patch(&world, "emp1", 2, json!({"username": name})).await;
    for _ in 0..20 {
        let told = ask("emp4").await;
        told.is(
            400,
            json!({"username": ["A user with that username already exists."]}),
        );
    }

    assert_eq!(ask("emp4").await.status, 429);
    assert_eq!(ask("nobodys").await.status, 429);
    let other = patch(&world, "emp2", 3, json!({"username": "nobodys"})).await;
    assert_eq!(other.status, 200, "{}", other.body);
}
