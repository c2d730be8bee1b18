//! Pages, searches and orders.

use crate::world::World;
use serde_json::{Value, json};

on_both_engines! {
    a_page_has_a_hundred_rows_unless_another_size_is_asked_for,
    pages_beside_are_linked_with_the_rest_of_the_query,
    pages_that_are_not_there_are_not_found,
    clients_are_found_by_every_word,
    clients_are_ordered_by_what_is_known,
    another_order_is_refused_and_those_that_there_are_are_named,
    a_condition_that_a_list_does_not_have_is_refused_and_named,
    what_the_web_client_sends_although_it_means_nothing_goes_on_working,
    a_search_that_cannot_be_looked_for_is_refused,
    events_are_those_of_the_client_asked_for,
    events_are_found_by_what_happened_and_by_whom_it_happened_to,
    activities_are_found_by_the_folded_names_of_their_clients,
    a_long_list_says_that_its_count_is_a_lower_bound_and_has_a_last_page,
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

async fn clients_are_ordered_by_what_is_known(world: World) {
    for (ordering, ids) in [
        ("name", vec![1, 2, 3, 4, 5, 6, 7, 8]),
        ("priority,-name", vec![8, 5, 2, 6, 3, 7, 4, 1]),
        (",%20,", vec![8, 7, 6, 5, 4, 3, 2, 1]),
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

async fn another_order_is_refused_and_those_that_there_are_are_named(world: World) {
    for (list, order, known) in [
        (
            "clients",
            "color",
            "created_at, name, priority, budget, assigned_at, last_contacted_at, updated_at",
        ),
        (
            "clients",
            "--name",
            "created_at, name, priority, budget, assigned_at, last_contacted_at, updated_at",
        ),
        (
            "client-tasks",
            "notes",
            "created_at, reminder_date, stage__name",
        ),
        ("users", "password", "date_joined, last_login, username"),
    ] {
        let answer = world
            .get("owner1", &format!("/api/{list}/?ordering={order}"))
            .await;

        let named = order.strip_prefix('-').unwrap_or(order);
        let sentence = format!("This list has no order \"{named}\". It has: {known}.");
        answer.is(400, json!({"ordering": [sentence]}));
    }
}

async fn a_condition_that_a_list_does_not_have_is_refused_and_named(world: World) {
    let of_clients = "page, page_size, cursor, search, ordering, type, priority, status, assigned_to, \
                      created_after, contacted_before, stale";
    let unknown = world
        .get("owner1", "/api/clients/?statuss=1&stale=true&name=x")
        .await;
    unknown.is(
        400,
        json!({"detail": format!(
            "This list has no condition \"statuss\", \"name\". It has: {of_clients}."
        )}),
    );
    for list in [
        "users",
        "clients",
        "clients/status-counts",
        "client-tasks",
        "client-events",
        "settings/channels",
        "settings/stages",
        "settings/statuses",
        "api-keys",
        "assignment/sweeps",
    ] {
        let path = format!("/api/{list}/?{}=1", "x".repeat(500));

        let answer = world.get("owner1", &path).await;

        assert_eq!(answer.status, 400, "{list}");
        let sentence = answer.body["detail"].as_str().unwrap();
        assert!(
            sentence.contains(&format!("\"{}\"", "x".repeat(50))),
            "{list}: {sentence}"
        );
    }
    let companies = world.get("root", "/api/companies/?foo=1").await;
    assert_eq!(companies.status, 400);
    // Who may not see the list is told that first.
    let nobody = world.get("", "/api/clients/?foo=1").await;
    assert_eq!(nobody.status, 401);
}

async fn what_the_web_client_sends_although_it_means_nothing_goes_on_working(world: World) {
    for path in [
        "clients/?type=rotated",
        "clients/?priority=low&search=lead",
        "client-tasks/?client=1",
        "client-events/?client=1",
        "integrations/accounts/?platform=meta",
        "deals/?stage=won",
        "clients/status-counts/?page=2&page_size=50&ordering=name&type=fresh",
        "clients/1/?expand=all",
    ] {
        let answer = world.get("owner1", &format!("/api/{path}")).await;

        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
    }
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

/// As it stands in an address; a plus stays a gap.
fn encoded(text: &str) -> String {
    let letter = |byte: u8| match byte {
        b'+' => "+".to_owned(),
        byte => format!("%{byte:02X}"),
    };
    text.bytes().map(letter).collect()
}

/// Renames a client, so that there is an event with the name in it.
async fn rename(world: &World, who: &str, client: i64, name: &str) {
    let path = format!("/api/clients/{client}/");
    let answer = world.send(who, "PATCH", &path, json!({"name": name})).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
}

async fn events_are_found_by_what_happened_and_by_whom_it_happened_to(world: World) {
    rename(&world, "owner1", 2, "أَحْمَد Élodie 77").await;
    rename(&world, "owner1", 3, "Omar").await;

    for (search, clients) in [
        ("zzz", vec![]),
        ("edit", vec![3, 2]),
        ("UPDATED", vec![3, 2]),
        ("omar", vec![3]),
        ("احمد", vec![2]),
        ("elodie", vec![2]),
        ("77", vec![2]),
        ("name+elodie", vec![2]),
        ("omar+elodie", vec![]),
        ("e", vec![3, 2]),
    ] {
        let search = encoded(search);
        let path = format!("/api/client-events/?search={search}");
        let list = world.get("owner1", &path).await;

        let found: Vec<_> = list
            .column("client")
            .into_iter()
            .filter(|c| *c != 1)
            .collect();
        assert_eq!(found, clients, "{search}");
        let of_one = world.get("owner1", &format!("{path}&client=2")).await;
        assert_eq!(
            of_one.body["count"],
            i64::from(clients.contains(&2)),
            "{search}"
        );
    }
    let long = format!("/api/client-events/?search={}", "x".repeat(60_000));
    assert_eq!(world.get("owner1", &long).await.status, 400);
    let foreign = world.get("owner2", "/api/client-events/?search=omar").await;
    assert_eq!(foreign.body["count"], 0);
}

async fn activities_are_found_by_the_folded_names_of_their_clients(world: World) {
    rename(&world, "owner1", 2, "أَحْمَد Élodie 77").await;
    let task = json!({"client": 2, "notes": "called"});
    let logged = world
        .send("owner1", "POST", "/api/client-tasks/", task)
        .await;
    assert_eq!(logged.status, 201);

    for search in ["احمد", "ELODIE", "77", "called", "أحمد+call"] {
        let path = format!("/api/client-tasks/?search={}", encoded(search));
        let list = world.get("owner1", &path).await;

        assert!(list.column("client").contains(&json!(2)), "{search}");
    }
}

async fn a_long_list_says_that_its_count_is_a_lower_bound_and_has_a_last_page(world: World) {
    world
        .execute(
            "INSERT INTO client (company_id, id, name, priority, client_type, created_at, updated_at)
             SELECT 2, 1000000 * d.n + 10000 * a.id + 1000 * b.id + 10 * x.id + y.id, 'many', 'low',
                 'cold', 0, 0
             FROM user_account a, user_account b, user_account x, user_account y,
                 (SELECT 1 AS n UNION ALL SELECT 2) d
             WHERE a.id <= 9 AND b.id <= 9",
        )
        .await;
    let unassigned = "/api/clients/?assigned_to=unassigned";

    let first = world.get("owner2", unassigned).await;
    let last = world
        .get("owner2", &format!("{unassigned}&page=last"))
        .await;
    let all = world.get("owner2", "/api/clients/").await;
    let counts = world
        .get(
            "owner2",
            "/api/clients/status-counts/?assigned_to=unassigned",
        )
        .await;

    let rows = counts.body["total"].as_i64().unwrap();
    assert!(rows > 10_000, "{rows}");
    assert_eq!(first.body["count"], 10_000);
    assert_eq!(first.body["count_is_lower_bound"], true);
    assert_eq!(last.body["count"], rows);
    assert_eq!(last.body["next"], Value::Null);
    assert_eq!(last.body.get("count_is_lower_bound"), None);
    let on_last = i64::try_from(last.column("id").len()).unwrap();
    assert_eq!(on_last, (rows - 1) % 100 + 1);
    // By kind clients are counted without being read.
    assert_eq!(all.body.get("count_is_lower_bound"), None);
    let before = format!("{unassigned}&page={}", (rows - 1) / 100);
    let before = world.get("owner2", &before).await;
    assert!(before.body["next"].is_string());
}
