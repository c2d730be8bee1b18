//! Lists of things that this server does not hold, and the plans that it does.

use crate::world::World;
use serde_json::{Value, json};

on_both_engines! {
    what_is_not_held_is_an_empty_list_for_whoever_is_signed_in,
    nothing_can_be_done_with_it_and_the_reason_is_said,
    plans_are_there_for_everybody,
}

const LISTS: [&str; 15] = [
    "/api/deals/",
    "/api/tasks/",
    "/api/campaigns/",
    "/api/developers/",
    "/api/projects/",
    "/api/units/",
    "/api/owners/",
    "/api/services/",
    "/api/service-packages/",
    "/api/service-providers/",
    "/api/products/",
    "/api/product-categories/",
    "/api/suppliers/",
    "/api/integrations/accounts/",
    "/api/integrations/logs/",
];

async fn what_is_not_held_is_an_empty_list_for_whoever_is_signed_in(world: World) {
    let empty = json!({"count": 0, "next": null, "previous": null, "results": []});
    for path in LISTS {
        for who in ["owner1", "emp1", "root", "owner3", "emp5"] {
            for query in ["", "?page=1", "?page=last", "?platform=meta&search=%00"] {
                let list = world.get(who, &format!("{path}{query}")).await;

                list.is(200, &empty);
            }
        }
        let next = world.get("owner1", &format!("{path}?page=2")).await;
        next.is(404, json!({"detail": "Invalid page."}));
        assert_eq!(world.get("", path).await.status, 401);
    }
    let accounts = "/api/integrations/accounts?platform=meta";
    let redirected = world.get("owner1", accounts).await;
    assert_eq!(redirected.status, 301);
    let location = "/api/integrations/accounts/?platform=meta";
    assert_eq!(redirected.header("location"), location);
}

async fn nothing_can_be_done_with_it_and_the_reason_is_said(world: World) {
    for path in LISTS {
        for method in ["POST", "PUT", "PATCH", "DELETE"] {
            let refused = world.send_text("owner1", method, path, "{bad").await;

            assert_eq!(refused.status, 405, "{method} {path}");
            assert_eq!(refused.header("allow"), "GET, HEAD, OPTIONS");
            let detail = refused.body["detail"].as_str().unwrap();
            assert!(detail.contains("holds no"), "{detail}");
        }
        for below in ["1/", "1", "1/connect/"] {
            for method in ["GET", "POST", "PUT", "PATCH", "DELETE"] {
                let path = format!("{path}{below}");
                let nothing = world.ask("owner3", method, &path).await;

                assert_eq!(nothing.status, 404, "{method} {path}");
                let detail = nothing.body["detail"].as_str().unwrap();
                assert!(detail.contains("holds no"), "{detail}");
            }
        }
        world
            .ask("owner1", "OPTIONS", path)
            .await
            .is(200, Value::Null);
        world.ask("owner1", "HEAD", path).await.is(200, Value::Null);
    }
}

async fn plans_are_there_for_everybody(world: World) {
    let plan = json!([{
        "id": 1, "name": "Gold", "name_ar": "ذهبي", "description": "d", "description_ar": "",
        "price_monthly": "10.00", "price_yearly": "100.00", "trial_days": 0,
        "users": "unlimited", "clients": "unlimited", "storage": 10,
    }]);
    for who in ["", "owner1", "root"] {
        world.get(who, "/api/public/plans/").await.is(200, &plan);
    }
    let posted = world.ask("", "POST", "/api/public/plans/").await;
    assert_eq!(posted.status, 405);
    let redirected = world.get("", "/api/public/plans").await;
    assert_eq!(redirected.header("location"), "/api/public/plans/");
    world.execute("UPDATE plan SET visible = FALSE").await;
    world.get("", "/api/public/plans/").await.is(200, json!([]));
}
