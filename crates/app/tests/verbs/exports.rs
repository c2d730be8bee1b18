//! Clients to CSV files, and from there to another company.

use std::fmt::Write as _;
use std::sync::Mutex;
use tawzi_app::{
    By, ByteOrderMark, CsvReport, Import, ImportMode, KnownClients, NewPhone, NoProgress, Progress,
    delete_client, export_clients, import_clients,
};
use tawzi_core::client::PhoneType;
use tawzi_core::id::CompanyId;
use tawzi_store::EngineKind;
use tawzi_testkit::World;

/// What is written of a company.
async fn exported(world: &World, company: CompanyId) -> String {
    let mut file = Vec::new();
    export_clients(
        &world.app,
        By::OPERATOR,
        company,
        &mut file,
        ByteOrderMark::LeftOut,
        &NoProgress,
    )
    .await
    .unwrap();
    String::from_utf8(file).unwrap()
}

async fn import(world: &World, company: CompanyId, file: &str, mode: ImportMode) -> CsvReport {
    import_clients(
        &world.app,
        By::OPERATOR,
        company,
        file.as_bytes(),
        mode,
        &NoProgress,
    )
    .await
    .unwrap()
}

fn phone(number: &str, is_primary: bool) -> NewPhone {
    NewPhone {
        id: None,
        phone_number: number.to_owned(),
        phone_type: PhoneType::Mobile,
        is_primary,
        notes: None,
    }
}

/// Clients whose texts a spreadsheet might take for something else.
async fn odd_clients(world: &World) {
    for (name, numbers) in [
        ("سارة \"أم علي\" أحمد", &["+966501234567", "0112223333"][..]),
        (
            "=HYPERLINK(\"http://x.example\",\"open\")",
            &["+966 50 123 4567", "011;22", "5\" 9"],
        ),
        ("'=already defused", &["=1"]),
        ("'Abd al-Rahman, James; Reed", &[]),
        ("-1+1", &["00966501234567"]),
        ("@SUM(A1)", &["-5"]),
        ("＝1", &[]),
    ] {
        let mut draft = world.draft();
        draft.name = Some(name.to_owned());
        draft.phone_number = Some(numbers.first().map(|number| (*number).to_owned()));
        let listed = (0..).zip(numbers);
        draft.phones = Some(
            listed
                .map(|(place, number)| phone(number, place == 0))
                .collect(),
        );
        world.create(draft).await.unwrap();
    }
}

/// The lines without what begins anew elsewhere: ids, people and times.
fn kept(file: &str) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .from_reader(file.as_bytes());
    let lines = reader.records().map(|line| line.unwrap());
    let kept = |line: csv::StringRecord| {
        let places = [1, 2, 3, 4, 5, 6, 7, 12];
        places.map(|place| line[place].to_owned()).to_vec()
    };
    lines.map(kept).collect()
}

#[tokio::test]
async fn what_is_exported_says_the_same_after_it_was_imported_elsewhere() {
    let world = World::with_employees(2).await;
    odd_clients(&world).await;
    let (other, _) = world.neighbour().await;

    let before = exported(&world, world.company).await;
    let mut file = before.clone();
    for person in &world.employees {
        // Nobody of that name works there.
        file = file.replace(&format!(",{},", person.user().username), ",,");
    }
    let report = import(&world, other, &file, ImportMode::InSteps).await;
    let after = exported(&world, other).await;

    assert_eq!((report.created, report.repeated), (7, 0));
    assert_eq!(kept(&after), kept(&before));
}

#[tokio::test]
async fn clients_of_the_company_are_known_by_their_ids() {
    let world = World::with_employees(2).await;
    odd_clients(&world).await;
    let file = exported(&world, world.company).await;

    let dry = import(&world, world.company, &file, ImportMode::DryRun).await;
    let done = import(&world, world.company, &file, ImportMode::InSteps).await;

    assert_eq!(dry, done);
    assert_eq!((done.created, done.repeated, done.changed), (0, 7, 0));
    assert_eq!(exported(&world, world.company).await, file);
    let number = file.lines().nth(1).unwrap().split(',').next().unwrap();
    let name = name_of(&world, number).await.replace('"', "\"\"");
    let alone =
        format!("id,name,other_phone_numbers\n{number},\"{name}\",\n77777,Omar,0112223333\n");
    let alone = import(&world, world.company, &alone, ImportMode::InSteps).await;
    assert_eq!((alone.created, alone.repeated), (1, 1));
    assert!(
        exported(&world, world.company)
            .await
            .contains(",Omar,0112223333,")
    );
    let elsewhen = format!("id,name,created_at\n{number},Lina,2001-01-01T00:00:00Z\n");
    let elsewhen = import(&world, world.company, &elsewhen, ImportMode::InSteps).await;
    assert_eq!(
        (elsewhen.created, elsewhen.repeated),
        (1, 0),
        "another company's id"
    );
}

#[tokio::test]
async fn what_differs_is_changed_when_that_is_asked_for_and_nothing_else() {
    let world = World::with_employees(2).await;
    odd_clients(&world).await;
    let before = exported(&world, world.company).await;
    let (old, new) = ("'Abd al-Rahman, James; Reed", "'Abd al-Rahman");
    let file = before
        .replace(&format!("\"{old}\""), new)
        .replace("+966501234567,", "0555555555,");
    let update = |mode| {
        let update = Import {
            known: KnownClients::Change,
            ..Import::from(mode)
        };
        import_clients(
            &world.app,
            By::OPERATOR,
            world.company,
            file.as_bytes(),
            update,
            &NoProgress,
        )
    };

    let dry = update(ImportMode::DryRun).await.unwrap();
    let unchanged = exported(&world, world.company).await;
    let done = update(ImportMode::InSteps).await.unwrap();
    let after = exported(&world, world.company).await;
    let again = update(ImportMode::InSteps).await.unwrap();

    assert_eq!(unchanged, before);
    assert_eq!(dry, done);
    assert_eq!((done.created, done.repeated, done.changed), (0, 5, 2));
    let told = done.changes.told();
    assert_eq!(
        told[0],
        "line 2: phone_number \"+966501234567\" becomes \"0555555555\""
    );
    assert_eq!(told[1], format!("line 5: name {old:?} becomes {new:?}"));
    assert_eq!(after, file);
    assert_eq!((again.repeated, again.changed), (7, 0));
    let client = world.client(done_id(&before, 4)).await;
    assert_eq!(client.name, new);
    let events = world.events(client.id).await;
    assert!(
        events
            .iter()
            .any(|event| event.notes.as_deref() == Some("Name updated")),
        "{events:?}"
    );
}

/// The name of the client with that id.
async fn name_of(world: &World, id: &str) -> String {
    let id = tawzi_core::id::ClientId::new(id.parse().unwrap());
    world.client(id).await.name
}

/// The id on a line of an export, counted from 0.
fn done_id(file: &str, line: usize) -> tawzi_core::id::ClientId {
    let line = file.lines().nth(line).unwrap();
    tawzi_core::id::ClientId::new(line.split(',').next().unwrap().parse().unwrap())
}

#[tokio::test]
async fn no_cell_begins_as_a_formula() {
    let world = World::with_employees(1).await;
    odd_clients(&world).await;

    let file = exported(&world, world.company).await;

    let mut reader = csv::Reader::from_reader(file.as_bytes());
    for line in reader.records() {
        for (column, cell) in line.unwrap().iter().enumerate() {
            let is_number = cell
                .strip_prefix('+')
                .is_some_and(|digits| digits.parse::<u64>().is_ok());
            let begins = cell.starts_with(['=', '+', '-', '@', '\t', '\r', '＝']);
            assert!(!begins || (column == 2 && is_number), "{cell}");
        }
    }
    assert!(file.contains(",+966501234567,"), "{file}");
}

#[tokio::test]
async fn excel_knows_the_encoding_by_the_mark_unless_it_is_left_out() {
    let world = World::with_employees(1).await;
    let mut marked = Vec::new();

    let export = export_clients(
        &world.app,
        By::OPERATOR,
        world.company,
        &mut marked,
        ByteOrderMark::Written,
        &NoProgress,
    );
    export.await.unwrap();

    assert_eq!(marked[..5], *b"\xef\xbb\xbfid");
    assert!(
        exported(&world, world.company)
            .await
            .starts_with("id,name,phone_number,")
    );
}

/// Deletes a client after each page, as others do while somebody exports.
struct Deleting<'w> {
    world: &'w World,
    rest: Mutex<Vec<tawzi_core::id::ClientId>>,
    runtime: tokio::runtime::Handle,
}

impl Progress for Deleting<'_> {
    fn begin(&self, _what: &str, _steps: u64) {}

    fn advance(&self, _steps: u64) {
        let next = self.rest.lock().unwrap().pop();
        let Some(client) = next else { return };
        tokio::task::block_in_place(|| {
            let deleted = delete_client(&self.world.app, &self.world.admin, client);
            self.runtime.block_on(deleted).unwrap();
        });
    }

    fn wanted(&self) -> bool {
        false
    }
}

async fn nothing_is_lost(engine: EngineKind) {
    let world = World::on(engine, 1).await;
    let mut file = "name\n".to_owned();
    for number in 0..3_500 {
        writeln!(file, "c{number}").unwrap();
    }
    import(&world, world.company, &file, ImportMode::InSteps).await;
    let ids: Vec<i64> = exported(&world, world.company)
        .await
        .lines()
        .skip(1)
        .map(|line| line.split(',').next().unwrap().parse().unwrap())
        .collect();

    let deleting = Deleting {
        world: &world,
        // Of a page that was read, and of one that comes.
        rest: Mutex::new(
            [ids[3_400], ids[0], ids[1], ids[3_499]]
                .map(tawzi_core::id::ClientId::new)
                .to_vec(),
        ),
        runtime: tokio::runtime::Handle::current(),
    };
    let mut written = Vec::new();
    let count = export_clients(
        &world.app,
        By::OPERATOR,
        world.company,
        &mut written,
        ByteOrderMark::LeftOut,
        &deleting,
    );
    let count = count.await.unwrap();

    let written = String::from_utf8(written).unwrap();
    let there = written
        .lines()
        .skip(1)
        .map(|line| line.split(',').next().unwrap().parse::<i64>().unwrap());
    assert_eq!(there.collect::<Vec<_>>(), ids);
    assert_eq!(count, 3_500);
    assert!(exported(&world, world.company).await.lines().count() < 3_500);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_export_has_all_clients_of_one_moment_on_sqlite() {
    nothing_is_lost(EngineKind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_export_has_all_clients_of_one_moment_on_postgres() {
    nothing_is_lost(EngineKind::Postgres).await;
}
