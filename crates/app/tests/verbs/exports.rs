//! Clients to CSV files, and from there to another company.

use std::fmt::Write as _;
use std::sync::Mutex;
use tawzi_app::{
    ByteOrderMark, CsvReport, ImportMode, NewPhone, NoProgress, Progress, delete_client,
    export_clients, import_clients,
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
    import_clients(&world.app, company, file.as_bytes(), mode, &NoProgress)
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
