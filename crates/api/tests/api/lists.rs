//! Pages, searches and orders.

use crate::world::World;
use serde_json::{Value, json};

on_both_engines! {
    a_page_has_a_hundred_rows_unless_another_size_is_asked_for,
    pages_beside_are_linked_with_the_rest_of_the_query,
    pages_that_are_not_there_are_not_found,
    clients_are_found_by_every_word,
    clients_are_ordered_by_what_is_known_and_the_rest_is_ignored,
    a_search_that_cannot_be_looked_for_is_refused,
    events_are_those_of_the_client_asked_for,
}

async fn a_page_has_a_hundred_rows_unless_another_size_is_asked_for(world: World) {
    for number in 0..101 {
        world.client("owner2", 2, &format!("Lead {number}")).await;
    }

    for (query, rows) in [
        ("", 100),
        ("?page_size=7", 7),
        ("?page_size=1000", 103),
        ("?page_size=5000", 103),
        ("?page_size=0", 100),
        ("?page_size=-1", 100),
        ("?page_size=x", 100),
        ("?page=2", 3),
        ("?page=last&page_size=25", 3),
        ("?page=last", 3),
    ] {
        let list = world.get("owner2", &format!("/api/clients/{query}")).await;

        assert_eq!(list.body["count"], 103);
        assert_eq!(list.column("id").len(), rows, "{query}");
    }
}

async fn pages_beside_are_linked_with_the_rest_of_the_query(world: World) {
    let path = "/api/clients/?search=lead&page=2&ordering=name&page_size=3";
    let base = "http://crm.test:8000/api/clients/?search=lead&ordering=name&page_size=3";

    let second = world.get("owner1", path).await;

    assert_eq!(second.body["previous"], base);
    assert_eq!(second.body["next"], format!("{base}&page=3"));
    let only = world.get("owner1", "/api/clients/?page=1").await;
    assert_eq!(
        (&only.body["next"], &only.body["previous"]),
        (&Value::Null, &Value::Null)
    );
    let last = world.get("owner1", "/api/client-events/?page=last").await;
    assert_eq!(
        (&last.body["next"], &last.body["previous"]),
        (&Value::Null, &Value::Null)
    );
}

async fn pages_that_are_not_there_are_not_found(world: World) {
    for list in ["clients", "client-tasks", "client-events"] {
        for page in ["0", "-1", "abc", "99", "1.5", "", "99999999999999999999"] {
            for who in ["owner1", "root"] {
                let path = format!("/api/{list}/?page={page}");

                let answer = world.get(who, &path).await;

                answer.is(404, json!({"detail": "Invalid page."}));
            }
        }
        let nothing = world.get("root", &format!("/api/{list}/?page=last")).await;
        nothing.is(
            200,
            json!({"count": 0, "next": null, "previous": null, "results": []}),
        );
    }
}

async fn clients_are_found_by_every_word(world: World) {
    for (search, ids) in [
        ("lead%201", vec![1]),
        ("++lead+++1+", vec![1]),
        ("lead,,+,1", vec![1]),
        ("%22lead%201%22", vec![1]),
        ("1+lead", vec![1]),
        ("%221%20lead%22", vec![]),
        ("%27lead%201%27,%27ad%201%27", vec![1]),
        ("%22lead", vec![]),
        ("%22%22", vec![8, 7, 6, 5, 4, 3, 2, 1]),
        ("web%27won", vec![]),
        ("web,won", vec![7, 3]),
        ("HIGH+fresh", vec![8, 2]),
        ("%2B96395500004", vec![4]),
        ("%25", vec![]),
        ("_", vec![]),
        (",,+,", vec![8, 7, 6, 5, 4, 3, 2, 1]),
    ] {
        let list = world
            .get("owner1", &format!("/api/clients/?search={search}"))
            .await;

        assert_eq!(list.column("id"), ids, "{search}");
    }
    let arabic = world
        .get("owner2", "/api/clients/?search=%D8%A8%D9%8A%D8%AA%D8%A7")
        .await;
    assert_eq!(arabic.column("id"), [9]);
    // Two words that another kind of comma makes one.
    let arabic = world
        .get(
            "owner2",
            "/api/clients/?search=%D8%A8%D9%8A%D8%AA%D8%A7%D8%8C%D8%A8",
        )
        .await;
    assert_eq!(arabic.column("id"), Vec::<i64>::new());
}

async fn clients_are_ordered_by_what_is_known_and_the_rest_is_ignored(world: World) {
    for (ordering, ids) in [
        ("name", vec![1, 2, 3, 4, 5, 6, 7, 8]),
        ("priority,-name", vec![8, 5, 2, 6, 3, 7, 4, 1]),
        ("company__name,color,--name", vec![8, 7, 6, 5, 4, 3, 2, 1]),
        ("created_at,name,created_at", vec![1, 2, 3, 4, 5, 6, 7, 8]),
    ] {
        let list = world
            .get("owner1", &format!("/api/clients/?ordering={ordering}"))
            .await;

        assert_eq!(list.column("id"), ids, "{ordering}");
    }
    let repeated = format!("/api/clients/?ordering={}", "name,".repeat(5000));
    assert_eq!(world.get("owner1", &repeated).await.status, 200);
}

async fn a_search_that_cannot_be_looked_for_is_refused(world: World) {
    for list in ["clients", "client-tasks"] {
        let nul = world
            .get("owner1", &format!("/api/{list}/?search=a%00b"))
            .await;
        let long = format!("/api/{list}/?search={}", "x".repeat(60_000));
        let many = format!("/api/{list}/?search={}", "lead+".repeat(200));

        nul.is(400, json!({"detail": "Null characters are not allowed."}));
        assert_eq!(world.get("owner1", &long).await.status, 400);
        assert_eq!(world.get("owner1", &many).await.status, 200);
    }
}

async fn events_are_those_of_the_client_asked_for(world: World) {
    for (query, status, count) in [
        ("", 200, json!(1)),
        ("?client=", 200, json!(1)),
        ("?client=1", 200, json!(1)),
        ("?client=0", 200, json!(0)),
        ("?client=-1", 200, json!(0)),
        ("?client=9", 200, json!(0)),
        ("?client=99999999999999999999", 200, json!(0)),
        ("?client=abc", 400, Value::Null),
        ("?client=1.5", 400, Value::Null),
    ] {
        let list = world
            .get("owner1", &format!("/api/client-events/{query}"))
            .await;

        assert_eq!(list.status, status, "{query}");
        assert_eq!(list.body["count"], count, "{query}");
    }
    let none = world.get("owner1", "/api/client-events/0/").await;
    none.is(
        404,
        json!({"detail": "No ClientEvent matches the given query."}),
    );
}
