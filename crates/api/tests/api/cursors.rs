//! Lists that are read on from a cursor while rows come and go.

use crate::client_files::{import, many};
use crate::world::World;
use serde_json::{Value, json};
use std::collections::BTreeSet;

on_both_engines! {
    every_order_is_read_to_its_end_row_by_row,
    no_row_is_left_out_or_repeated_while_others_come_and_go,
    conditions_and_searches_go_along,
    an_employee_reads_on_in_what_is_theirs,
    a_cursor_of_something_else_is_refused,
    pages_by_number_are_answered_as_ever,
}

/// The ids of all parts of a list, each of so many rows.
async fn read_on(world: &World, who: &str, path: &str, size: usize) -> Vec<i64> {
    let mut ids = Vec::new();
    let mut cursor = String::new();
    loop {
        let separator = if path.contains('?') { '&' } else { '?' };
        let address = format!("{path}{separator}page_size={size}&cursor={cursor}");
        let part = world.get(who, &address).await;
        assert_eq!(part.status, 200, "{address}: {}", part.body);
        assert!(part.body.get("count").is_none(), "{}", part.body);
        assert_eq!(part.body["previous"], Value::Null);
        ids.extend(part.column("id").iter().map(|id| id.as_i64().unwrap()));
        let Some(next) = part.body["next_cursor"].as_str() else {
            assert_eq!(part.body["next"], Value::Null);
            return ids;
        };
        let link = part.body["next"].as_str().unwrap();
        assert!(link.starts_with("http://crm.test:8000/api/"), "{link}");
        assert!(link.ends_with(&format!("&cursor={next}")), "{link}");
        next.clone_into(&mut cursor);
    }
}

async fn by_number(world: &World, who: &str, path: &str) -> Vec<i64> {
    let separator = if path.contains('?') { '&' } else { '?' };
    let list = world
        .get(who, &format!("{path}{separator}page_size=1000"))
        .await;
    assert_eq!(list.status, 200, "{path}: {}", list.body);
    list.column("id")
        .iter()
        .map(|id| id.as_i64().unwrap())
        .collect()
}

/// Clients and tasks that have some of what lists are ordered by, and some of it in common.
async fn varied(world: &World) {
    let file = "name,phone_number,priority,budget,assigned_to\nأحمد,,low,10,emp1\nأحمد,+966501,high,10,\n\
        سارة,+966502,low,,emp2\nسارة,+966503,high,-5,emp1\nZ,,low,0.5,\nA,+1,medium,,\n";
    let sent = import(world, "owner1", "", file).await;
    assert_eq!(sent.body["created"], 6, "{}", sent.body);
    let stage = json!({"name": "A visit", "company": 1});
    let stage = world
        .send("owner1", "POST", "/api/settings/stages/", stage)
        .await;
    assert_eq!(stage.status, 201, "{}", stage.body);
    for number in 0..5 {
        world.clock.move_to(world.clock.now().plus_seconds(60));
        let mut task = json!({"client": 1, "notes": format!("{number}")});
        if number % 2 == 0 {
            task["reminder_date"] = json!("2026-01-01T10:00:00Z");
            task["stage"] = if number == 0 {
                json!(1)
            } else {
                stage.body["id"].clone()
            };
        }
        let logged = world
            .send("owner1", "POST", "/api/client-tasks/", task)
            .await;
        assert_eq!(logged.status, 201, "{}", logged.body);
    }
}

async fn every_order_is_read_to_its_end_row_by_row(world: World) {
    varied(&world).await;
    let orders: [(&str, &[&str]); 4] = [
        (
            "/api/clients/",
            &[
                "created_at",
                "name",
                "priority",
                "budget",
                "assigned_at",
                "last_contacted_at",
                "updated_at",
                "budget,name",
                "priority,-budget,created_at",
            ],
        ),
        (
            "/api/client-tasks/",
            &[
                "created_at",
                "reminder_date",
                "stage__name",
                "stage__name,-reminder_date",
            ],
        ),
        (
            "/api/users/",
            &[
                "date_joined",
                "last_login",
                "username",
                "last_login,username",
            ],
        ),
        ("/api/client-events/", &[]),
    ];

    for (path, orders) in orders {
        let mut addresses = vec![path.to_owned()];
        for order in orders {
            addresses.push(format!("{path}?ordering={order}"));
            addresses.push(format!("{path}?ordering=-{order}"));
        }
        for address in addresses {
            let expected = by_number(&world, "owner1", &address).await;

            assert!(expected.len() > 2, "{address}");
            for size in [1, 2, 1000] {
                let read = read_on(&world, "owner1", &address, size).await;
                assert_eq!(read, expected, "{address} by {size}");
            }
        }
    }
}

async fn no_row_is_left_out_or_repeated_while_others_come_and_go(world: World) {
    let sent = import(&world, "owner1", "", &many(30)).await;
    assert_eq!(sent.body["created"], 30, "{}", sent.body);
    for order in [
        "-created_at",
        "created_at",
        "name",
        "-name",
        "-budget",
        "budget",
        "-priority",
    ] {
        let list = format!("/api/clients/?ordering={order}");
        let before: BTreeSet<_> = by_number(&world, "owner1", &list)
            .await
            .into_iter()
            .collect();
        let (mut cursor, mut read, mut gone) = (String::new(), Vec::new(), BTreeSet::new());
        loop {
            let address = format!("{list}&page_size=4&cursor={cursor}");
            let part = world.get("owner1", &address).await;
            let ids = part.column("id");
            read.extend(ids.iter().map(|id| id.as_i64().unwrap()));
            let Some(next) = part.body["next_cursor"].as_str() else {
                break;
            };
            next.clone_into(&mut cursor);
            // Also the row goes behind which the list is read on.
            if gone.len() < 2 {
                let last = ids.last().unwrap().as_i64().unwrap();
                let path = format!("/api/clients/{last}/");
                assert_eq!(world.ask("owner1", "DELETE", &path).await.status, 204);
                gone.insert(last);
            }
            world.clock.move_to(world.clock.now().plus_seconds(60));
            // Where the newest come last, more and more of them would never end.
            if read.len() < 20 {
                world.client("owner1", 1, "أ, the first").await;
                world.client("owner1", 1, "ي, the last").await;
            }
        }

        let once: BTreeSet<_> = read.iter().copied().collect();
        assert_eq!(once.len(), read.len(), "{order}: {read:?}");
        let stayed: BTreeSet<_> = before.difference(&gone).copied().collect();
        assert!(stayed.is_subset(&once), "{order}: {read:?}");
    }
}

async fn conditions_and_searches_go_along(world: World) {
    varied(&world).await;
    for path in [
        "/api/clients/?priority=low,medium&ordering=budget",
        "/api/clients/?search=%D8%A7%D8%AD%D9%85%D8%AF",
        "/api/clients/?assigned_to=unassigned",
        "/api/client-events/?client=1",
        "/api/client-events/?search=%D8%A7%D8%AD%D9%85%D8%AF",
        "/api/client-tasks/?search=2",
        "/api/users/?search=emp",
    ] {
        let expected = by_number(&world, "owner1", path).await;

        assert!(!expected.is_empty(), "{path}");
        assert_eq!(read_on(&world, "owner1", path, 1).await, expected, "{path}");
    }
}

async fn an_employee_reads_on_in_what_is_theirs(world: World) {
    varied(&world).await;
    for path in [
        "/api/clients/",
        "/api/client-tasks/",
        "/api/client-events/",
        "/api/users/",
    ] {
        let expected = by_number(&world, "emp1", path).await;

        assert_eq!(read_on(&world, "emp1", path, 1).await, expected, "{path}");
    }
    // Whatever somebody else's cursor says, only one's own rows come.
    let all = world
        .get("owner1", "/api/clients/?page_size=1&cursor=")
        .await;
    let next = all.body["next_cursor"].as_str().unwrap();
    let path = format!("/api/clients/?page_size=100&cursor={next}");
    let rest: BTreeSet<_> = world
        .get("emp1", &path)
        .await
        .column("id")
        .iter()
        .map(Value::to_string)
        .collect();
    let own: BTreeSet<_> = by_number(&world, "emp1", "/api/clients/")
        .await
        .iter()
        .map(i64::to_string)
        .collect();
    assert!(rest.is_subset(&own), "{rest:?} {own:?}");
}

async fn a_cursor_of_something_else_is_refused(world: World) {
    varied(&world).await;
    let first = world
        .get("owner1", "/api/clients/?ordering=name&page_size=2&cursor=")
        .await;
    let next = first.body["next_cursor"].as_str().unwrap();
    let spoilt = &next[1..];
    let refused = json!({"cursor": ["This cursor is not of this list in this order and with these conditions; \
        begin again with an empty one."]});

    for query in [
        format!("clients/?cursor={next}"),
        format!("clients/?ordering=-name&cursor={next}"),
        format!("clients/?ordering=name&priority=low&cursor={next}"),
        format!("client-tasks/?cursor={next}"),
        format!("clients/?ordering=name&cursor={spoilt}"),
        format!("clients/?ordering=name&cursor={next}x"),
        "clients/?ordering=name&cursor=2".to_owned(),
        "clients/?ordering=name&cursor=%00".to_owned(),
        "client-events/?cursor=bnVsbA".to_owned(),
    ] {
        world
            .get("owner1", &format!("/api/{query}"))
            .await
            .is(400, &refused);
    }
    let both = world.get("owner1", "/api/clients/?page=1&cursor=").await;
    both.is(
        400,
        json!({"cursor": ["Send a page or a cursor, not both."]}),
    );
    let again = world
        .get(
            "owner1",
            &format!("/api/clients/?page_size=1&ordering=name&cursor={next}"),
        )
        .await;
    assert_eq!(again.status, 200, "{}", again.body);
}

async fn pages_by_number_are_answered_as_ever(world: World) {
    let page = world.get("owner1", "/api/clients/?page_size=2").await;

    assert!(page.body["count"].as_i64().unwrap() > 2, "{}", page.body);
    assert!(page.body.get("next_cursor").is_none(), "{}", page.body);
    let next = page.body["next"].as_str().unwrap();
    assert_eq!(next, "http://crm.test:8000/api/clients/?page_size=2&page=2");
}
