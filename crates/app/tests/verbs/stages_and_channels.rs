//! The stages and the channels of a company.

use tawzi_app::{
    ChannelPatch, ClientChange, Denied, Error, PageRequest, StagePatch, TaskChange, create_channel,
    create_stage, delete_channel, delete_stage, edit_channel, edit_stage, list_channels,
    list_stages, log_task, read_channel, read_stage, read_task,
};
use tawzi_core::client::Priority;
use tawzi_core::id::{CompanyId, StageId};
use tawzi_core::text::{ChannelType, Colour, ShortName};
use tawzi_testkit::{NOON, World};

const PAGE: PageRequest = PageRequest::new(1, 9);

fn stage(company: CompanyId, name: &str) -> StagePatch {
    StagePatch {
        company: Some(company),
        name: ShortName::parse(name).ok(),
        color: Colour::parse("#ff0000").ok(),
        auto_advance: Some(true),
        ..StagePatch::default()
    }
}

fn channel(company: CompanyId, name: &str) -> ChannelPatch {
    ChannelPatch {
        company: Some(company),
        name: ShortName::parse(name).ok(),
        channel_type: ChannelType::parse("Social").ok(),
        priority: Some(Priority::High),
        is_active: Some(true),
    }
}

async fn stages(world: &World) -> Vec<(StageId, i64)> {
    let list = list_stages(&world.app, &world.admin, PAGE).await.unwrap();
    let places = list.rows.iter().map(|stage| (stage.id, stage.position));
    places.collect()
}

#[tokio::test]
async fn a_new_stage_goes_behind_all_others_and_can_be_put_before_them() {
    let world = World::with_employees(0).await;
    let mut ids = Vec::new();
    for name in ["زيارة", "Call"] {
        let draft = stage(world.company, name);
        let created = create_stage(&world.app, &world.admin, draft).await;
        ids.push(created.unwrap().id);
    }
    assert_eq!(stages(&world).await, [(ids[0], 0), (ids[1], 1)]);

    let change = StagePatch {
        position: Some(-1),
        ..StagePatch::default()
    };
    let moved = edit_stage(&world.app, &world.admin, ids[1], change).await;

    let moved = moved.unwrap();
    assert_eq!(
        (moved.name.as_str(), moved.color.as_str()),
        ("Call", "#ff0000")
    );
    assert!(moved.auto_advance);
    assert_eq!(stages(&world).await, [(ids[1], -1), (ids[0], 0)]);
}

#[tokio::test]
async fn scenario_32_activities_of_a_deleted_stage_stay() {
    let world = World::with_employees(1).await;
    let draft = stage(world.company, "Call");
    let call = create_stage(&world.app, &world.admin, draft).await.unwrap();
    let task = TaskChange {
        client: Some(world.client_of(&world.employees[0]).await),
        stage: Some(Some(call.id)),
        ..TaskChange::default()
    };
    let task = log_task(&world.app, &world.admin, task, None)
        .await
        .unwrap();

    delete_stage(&world.app, &world.admin, call.id)
        .await
        .unwrap();

    let task = read_task(&world.app, &world.admin, task.id).await.unwrap();
    assert_eq!((task.stage_id, task.stage_name), (None, None));
    assert_eq!(stages(&world).await, []);
}

#[tokio::test]
async fn scenario_32_clients_of_a_deleted_channel_stay() {
    let world = World::with_employees(1).await;
    let draft = channel(world.company, "واتساب");
    let social = create_channel(&world.app, &world.admin, draft)
        .await
        .unwrap();
    let client = ClientChange {
        channel: Some(Some(social.id)),
        ..world.draft()
    };
    let client = world.create(client).await.unwrap().client.id;

    delete_channel(&world.app, &world.admin, social.id)
        .await
        .unwrap();

    assert_eq!(world.client(client).await.channel_id, None);
    let list = list_channels(&world.app, &world.admin, PAGE).await.unwrap();
    assert_eq!(list.count, 0);
}

#[tokio::test]
async fn an_edit_changes_what_it_names() {
    let world = World::with_employees(0).await;
    let draft = channel(world.company, "Web");
    let web = create_channel(&world.app, &world.admin, draft)
        .await
        .unwrap();
    let change = ChannelPatch {
        is_active: Some(false),
        ..ChannelPatch::default()
    };

    let later = world.after_hours(1);
    let after = edit_channel(&world.app, &world.admin, web.id, change);
    let after = after.await.unwrap();

    let words = (after.name.as_str(), after.channel_type.as_str());
    assert_eq!(words, ("Web", "Social"));
    assert_eq!((after.priority.as_str(), after.is_active), ("high", false));
    assert_eq!((after.created_at, after.updated_at), (NOON, later));
}

#[tokio::test]
async fn a_name_is_taken_once_in_a_company() {
    let world = World::with_employees(0).await;
    let (web, call) = (channel(world.company, "Web"), stage(world.company, "Call"));
    create_channel(&world.app, &world.admin, web.clone())
        .await
        .unwrap();
    create_stage(&world.app, &world.admin, call.clone())
        .await
        .unwrap();
    let other = channel(world.company, "Other");
    let other = create_channel(&world.app, &world.admin, other)
        .await
        .unwrap();
    let visit = stage(world.company, "Visit");
    let visit = create_stage(&world.app, &world.admin, visit).await.unwrap();
    let to_web = ChannelPatch {
        name: ShortName::parse("Web").ok(),
        ..ChannelPatch::default()
    };
    let to_call = StagePatch {
        name: ShortName::parse("Call").ok(),
        ..StagePatch::default()
    };

    let taken = [
        create_channel(&world.app, &world.admin, web.clone())
            .await
            .map(drop),
        create_stage(&world.app, &world.admin, call.clone())
            .await
            .map(drop),
        edit_channel(&world.app, &world.admin, other.id, to_web)
            .await
            .map(drop),
        edit_stage(&world.app, &world.admin, visit.id, to_call)
            .await
            .map(drop),
    ];

    for taken in taken {
        assert!(matches!(taken, Err(Error::NameTaken)), "{taken:?}");
    }
}

#[tokio::test]
async fn an_employee_reads_and_a_stranger_finds_nothing() {
    let world = World::with_employees(1).await;
    let (neighbour, stranger) = world.neighbour().await;
    let (app, admin, employee) = (&world.app, &world.admin, &world.employees[0]);
    let (web, call) = (channel(world.company, "Web"), stage(world.company, "Call"));
    let web_id = create_channel(app, admin, web.clone()).await.unwrap().id;
    let call_id = create_stage(app, admin, call.clone()).await.unwrap().id;
    let (web_change, call_change) = (ChannelPatch::default, StagePatch::default);

    assert_eq!(
        read_channel(app, employee, web_id).await.unwrap().name,
        "Web"
    );
    assert_eq!(
        read_stage(app, employee, call_id).await.unwrap().name,
        "Call"
    );
    for denied in [
        create_channel(app, employee, web).await.map(drop),
        edit_channel(app, employee, web_id, web_change())
            .await
            .map(drop),
        delete_channel(app, employee, web_id).await,
        create_stage(app, employee, call).await.map(drop),
        edit_stage(app, employee, call_id, call_change())
            .await
            .map(drop),
        delete_stage(app, employee, call_id).await,
    ] {
        assert!(matches!(denied, Err(Error::Denied(Denied::NotAdmin))));
    }
    for absent in [
        read_channel(app, &stranger, web_id).await.map(drop),
        edit_channel(app, &stranger, web_id, web_change())
            .await
            .map(drop),
        delete_channel(app, &stranger, web_id).await,
        read_stage(app, &stranger, call_id).await.map(drop),
        edit_stage(app, &stranger, call_id, call_change())
            .await
            .map(drop),
        delete_stage(app, &stranger, call_id).await,
    ] {
        assert!(matches!(absent, Err(Error::NotFound(_))));
    }
    let to_neighbour = ChannelPatch {
        company: Some(neighbour),
        ..web_change()
    };
    let moved = edit_channel(app, admin, web_id, to_neighbour).await;
    assert!(matches!(moved, Err(Error::Invalid(_))));
}
