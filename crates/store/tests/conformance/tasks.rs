//! Client tasks: the activities that people log.

use crate::database::TestDb;
use crate::given::{self, NOW};
use tawzi_core::id::{ClientId, ClientTaskId, CompanyId, StageId, UserId};
use tawzi_store::{
    Author, ClientTask, CreateKey, Error, NewTask, RowCount, Stage, TaskOrder, Viewer,
};

on_both_engines! {
    an_activity_is_read_as_it_was_logged,
    an_edited_activity_is_read_back,
    a_deleted_activity_is_gone,
    an_activity_of_what_is_not_there_is_refused,
    earlier_activities_are_found_by_their_key_since_a_moment,
    without_an_order_the_newest_come_first_a_page_at_a_time,
    activities_are_ordered_by_each_key_in_both_directions,
    what_has_no_reminder_or_stage_is_ordered_alike_on_both_engines,
    a_viewer_sees_the_activities_of_their_own_clients,
    words_are_searched_in_notes_stage_and_client,
}

/// A company with an employee, a stage and a client of the employee.
struct Given {
    company: CompanyId,
    amal: UserId,
    stage: StageId,
    client: ClientId,
}

async fn given_a_client(store: &TestDb) -> Given {
    let company = given::company(store, "north").await;
    let amal = given::employee(store, company, "amal").await;
    let stage = stage(store, company, "Call").await;
    let client = given::held_client(store, company, amal, NOW).await;
    Given {
        company,
        amal,
        stage,
        client,
    }
}

async fn stage(store: &TestDb, company: CompanyId, name: &str) -> StageId {
    let mut tx = store.begin().await.unwrap();
    let new = Stage::new(name, 1, NOW);
    let id = tx.tenant_tx(company).create_stage(new).await.unwrap().id;
    tx.commit().await.unwrap();
    id
}

impl Given {
    const fn new_task(&self) -> NewTask<'static> {
        NewTask {
            client: self.client,
            stage: None,
            notes: None,
            reminder_date: None,
            created_by: Author::User(self.amal),
            create_key: None,
            at: NOW,
        }
    }

    async fn log(&self, store: &TestDb, new: NewTask<'_>) -> Result<ClientTaskId, Error> {
        let mut tx = store.begin().await.unwrap();
        let id = given::log_task(&mut tx, self.company, new).await?;
        tx.commit().await?;
        Ok(id)
    }

    async fn listed(&self, store: &TestDb, order: &[(TaskOrder, bool)]) -> Vec<ClientTaskId> {
        let mut reader = store.read().await.unwrap();
        let mut tenant = reader.tenant(self.company);
        let tasks = tenant.tasks(Viewer::Everything, &[], order, 0, 100).await;
        tasks.unwrap().into_iter().map(|task| task.id).collect()
    }
}

async fn an_activity_is_read_as_it_was_logged(store: &TestDb) {
    let given = given_a_client(store).await;
    let reminder = NOW.plus_seconds(3600);
    let new = NewTask {
        stage: Some(given.stage),
        notes: Some("اتصلت به"),
        reminder_date: Some(reminder),
        ..given.new_task()
    };

    let id = given.log(store, new).await.unwrap();
    let bare = given.log(store, given.new_task()).await.unwrap();

    let mut reader = store.read().await.unwrap();
    let mut tenant = reader.tenant(given.company);
    let task = tenant.task(id, Viewer::Everything).await.unwrap().unwrap();
    assert_eq!((task.id, task.client_id), (id, given.client));
    assert_eq!(task.client_name, "held");
    assert_eq!(task.stage_id, Some(given.stage));
    assert_eq!(task.stage_name.as_deref(), Some("Call"));
    assert_eq!(task.notes.as_deref(), Some("اتصلت به"));
    assert_eq!(task.reminder_date, Some(reminder));
    assert_eq!(task.created_by, Some(given.amal));
    assert_eq!(task.created_by_username.as_deref(), Some("amal"));
    assert_eq!((task.created_at, task.updated_at), (NOW, NOW));
    let task = tenant
        .task(bare, Viewer::Everything)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (task.stage_id, task.stage_name, task.notes),
        (None, None, None)
    );
    assert_eq!(task.reminder_date, None);
}

async fn earlier_activities_are_found_by_their_key_since_a_moment(store: &TestDb) {
    let given = given_a_client(store).await;
    let keyed = |key, asked, seconds| NewTask {
        create_key: Some(CreateKey { key, asked }),
        at: NOW.plus_seconds(seconds),
        ..given.new_task()
    };
    given.log(store, keyed(5, None, 0)).await.unwrap();
    let newest = given.log(store, keyed(5, None, 10)).await.unwrap();
    let chosen = given.log(store, keyed(6, Some(-1), 10)).await.unwrap();
    given.log(store, given.new_task()).await.unwrap();
    let south = given::company(store, "south").await;
    let earlier = async |company, key, asked, seconds| {
        let mut tx = store.begin().await.unwrap();
        let key = CreateKey { key, asked };
        let keys = [(company, key, NOW.plus_seconds(seconds))];
        let earlier = tx.earlier_tasks(&keys).await.unwrap();
        earlier
            .into_values()
            .map(|found| (found.id, found.asked))
            .collect::<Vec<_>>()
    };

    assert_eq!(earlier(given.company, 5, None, 0).await, [(newest, None)]);
    assert_eq!(earlier(given.company, 5, None, 10).await, [(newest, None)]);
    assert_eq!(earlier(given.company, 5, None, 11).await, []);
    assert_eq!(
        earlier(given.company, 6, Some(7), 0).await,
        [(chosen, Some(-1))]
    );
    assert_eq!(earlier(given.company, 7, None, 0).await, []);
    assert_eq!(earlier(south, 5, None, 0).await, []);
}

async fn an_edited_activity_is_read_back(store: &TestDb) {
    let given = given_a_client(store).await;
    let other_client = given::held_client(store, given.company, given.amal, NOW).await;
    let id = given.log(store, given.new_task()).await.unwrap();
    let untouched = given.log(store, given.new_task()).await.unwrap();
    let later = NOW.plus_seconds(60);

    let mut tx = store.begin().await.unwrap();
    let mut tenant = tx.tenant_tx(given.company);
    let task = tenant.task(id, Viewer::Everything).await.unwrap();
    let edited = ClientTask {
        client_id: other_client,
        stage_id: Some(given.stage),
        notes: Some("later".to_owned()),
        reminder_date: Some(later),
        updated_at: later,
        ..task.unwrap()
    };
    let saved = tenant.save_task(&edited).await;
    saved.unwrap();
    tx.commit().await.unwrap();

    let mut reader = store.read().await.unwrap();
    let mut tenant = reader.tenant(given.company);
    let task = tenant.task(id, Viewer::Everything).await.unwrap().unwrap();
    assert_eq!(
        (task.client_id, task.stage_id),
        (other_client, Some(given.stage))
    );
    assert_eq!(
        (task.notes.as_deref(), task.reminder_date),
        (Some("later"), Some(later))
    );
    assert_eq!((task.created_at, task.updated_at), (NOW, later));
    let other = tenant.task(untouched, Viewer::Everything).await.unwrap();
    assert_eq!(other.unwrap().notes, None);
}

async fn a_deleted_activity_is_gone(store: &TestDb) {
    let given = given_a_client(store).await;
    let id = given.log(store, given.new_task()).await.unwrap();
    let other = given.log(store, given.new_task()).await.unwrap();

    let mut tx = store.begin().await.unwrap();
    let mut tenant = tx.tenant_tx(given.company);
    tenant.delete_task(id).await.unwrap();
    tenant.delete_task(ClientTaskId::new(99)).await.unwrap();
    tx.commit().await.unwrap();

    assert_eq!(given.listed(store, &[]).await, [other]);
}

async fn an_activity_of_what_is_not_there_is_refused(store: &TestDb) {
    let given = given_a_client(store).await;
    let south = given::company(store, "south").await;
    let foreign_stage = stage(store, south, "Call").await;
    let foreign_client = given::client(store, given::new_client(south, "Sara")).await;
    let task = given.new_task();

    for refused in [
        NewTask {
            client: ClientId::new(99),
            ..task
        },
        NewTask {
            client: foreign_client,
            ..task
        },
        NewTask {
            stage: Some(StageId::new(99)),
            ..task
        },
        NewTask {
            stage: Some(foreign_stage),
            ..task
        },
        NewTask {
            created_by: Author::User(UserId::new(99)),
            ..task
        },
    ] {
        let logged = given.log(store, refused).await;

        assert!(matches!(logged, Err(Error::Conflict(_))), "{logged:?}");
    }
}

async fn without_an_order_the_newest_come_first_a_page_at_a_time(store: &TestDb) {
    let given = given_a_client(store).await;
    let mut ids = Vec::new();
    for _ in 0..5 {
        ids.push(given.log(store, given.new_task()).await.unwrap());
    }

    let mut reader = store.read().await.unwrap();
    let mut tenant = reader.tenant(given.company);
    let page = tenant.tasks(Viewer::Everything, &[], &[], 1, 2).await;

    let page: Vec<_> = page.unwrap().into_iter().map(|task| task.id).collect();
    assert_eq!(page, [ids[3], ids[2]]);
    let count = tenant.count_tasks(Viewer::Everything, &[]).await.unwrap();
    assert_eq!(count, RowCount::Exactly(5));
}

async fn activities_are_ordered_by_each_key_in_both_directions(store: &TestDb) {
    let given = given_a_client(store).await;
    let visit = stage(store, given.company, "Visit").await;
    let mut ids = Vec::new();
    for (stage, reminder, at) in [(visit, 1, 2), (given.stage, 2, 1), (given.stage, 3, 3)] {
        let new = NewTask {
            stage: Some(stage),
            reminder_date: Some(NOW.plus_seconds(reminder)),
            at: NOW.plus_seconds(at),
            ..given.new_task()
        };
        ids.push(given.log(store, new).await.unwrap());
    }
    let expect = async |order: &[(TaskOrder, bool)], places: [usize; 3]| {
        let expected = places.map(|place| ids[place]);
        assert_eq!(given.listed(store, order).await, expected, "{order:?}");
    };

    expect(&[(TaskOrder::CreatedAt, false)], [1, 0, 2]).await;
    expect(&[(TaskOrder::CreatedAt, true)], [2, 0, 1]).await;
    expect(&[(TaskOrder::ReminderDate, false)], [0, 1, 2]).await;
    expect(&[(TaskOrder::ReminderDate, true)], [2, 1, 0]).await;
    expect(&[(TaskOrder::StageName, false)], [2, 1, 0]).await;
    expect(&[(TaskOrder::StageName, true)], [0, 2, 1]).await;
    let by_both = [(TaskOrder::StageName, false), (TaskOrder::CreatedAt, false)];
    expect(&by_both, [1, 2, 0]).await;
}

async fn what_has_no_reminder_or_stage_is_ordered_alike_on_both_engines(store: &TestDb) {
    let given = given_a_client(store).await;
    let without = given.log(store, given.new_task()).await.unwrap();
    let with = NewTask {
        stage: Some(given.stage),
        reminder_date: Some(NOW),
        ..given.new_task()
    };
    let with = given.log(store, with).await.unwrap();

    for key in [TaskOrder::ReminderDate, TaskOrder::StageName] {
        assert_eq!(given.listed(store, &[(key, false)]).await, [without, with]);
        assert_eq!(given.listed(store, &[(key, true)]).await, [with, without]);
    }
}

async fn a_viewer_sees_the_activities_of_their_own_clients(store: &TestDb) {
    let given = given_a_client(store).await;
    let badr = given::employee(store, given.company, "badr").await;
    let of_badr = given::held_client(store, given.company, badr, NOW).await;
    let own = given.log(store, given.new_task()).await.unwrap();
    let foreign = NewTask {
        client: of_badr,
        ..given.new_task()
    };
    let foreign = given.log(store, foreign).await.unwrap();
    let amal = Viewer::AssignedTo(given.amal);

    let mut reader = store.read().await.unwrap();
    let mut tenant = reader.tenant(given.company);
    let listed = tenant.tasks(amal, &[], &[], 0, 9).await.unwrap();

    assert_eq!(listed.iter().map(|task| task.id).collect::<Vec<_>>(), [own]);
    assert_eq!(
        tenant.count_tasks(amal, &[]).await.unwrap(),
        RowCount::Exactly(1)
    );
    assert!(tenant.task(own, amal).await.unwrap().is_some());
    assert!(tenant.task(foreign, amal).await.unwrap().is_none());
}

async fn words_are_searched_in_notes_stage_and_client(store: &TestDb) {
    let given = given_a_client(store).await;
    let sara = given::new_client(given.company, "Sara");
    let of_sara = given::client(store, sara).await;
    let found = async |words: &[&str]| {
        let words: Vec<_> = words.iter().map(|&word| word.to_owned()).collect();
        let mut reader = store.read().await.unwrap();
        let mut tenant = reader.tenant(given.company);
        let count = tenant.count_tasks(Viewer::Everything, &words).await;
        let tasks = tenant.tasks(Viewer::Everything, &words, &[], 0, 9).await;
        let ids: Vec<_> = tasks.unwrap().into_iter().map(|task| task.id).collect();
        let rows = i64::try_from(ids.len()).unwrap();
        assert_eq!(count.unwrap(), RowCount::Exactly(rows));
        ids
    };
    let noted = NewTask {
        notes: Some("Ça va, 100%"),
        stage: Some(given.stage),
        ..given.new_task()
    };
    let noted = given.log(store, noted).await.unwrap();
    let bare = NewTask {
        client: of_sara,
        ..given.new_task()
    };
    let bare = given.log(store, bare).await.unwrap();

    assert_eq!(found(&["VA"]).await, [noted]);
    assert_eq!(found(&["Ça"]).await, [noted]);
    assert_eq!(found(&["cal"]).await, [noted]);
    assert_eq!(found(&["sARA"]).await, [bare]);
    assert_eq!(found(&["100%", "call", "held"]).await, [noted]);
    assert!(found(&["1_0"]).await.is_empty());
}
