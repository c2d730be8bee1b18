//! Clients from CSV files.

use tawzi_app::{
    By, CsvError, CsvReport, Import, ImportMode, NoProgress, SettingsChange, change_company,
    import_clients,
};
use tawzi_store::EngineKind;
use tawzi_testkit::World;

async fn import(world: &World, file: &str, mode: ImportMode) -> Result<CsvReport, CsvError> {
    import_clients(
        &world.app,
        By::OPERATOR,
        world.company,
        file.as_bytes(),
        mode,
        &NoProgress,
    )
    .await
}

/// A company with an employee, in which no two clients have a phone number.
async fn with_unique_phones() -> World {
    let world = World::with_employees(1).await;
    let change = SettingsChange {
        unique_phones: Some(true),
        ..SettingsChange::default()
    };
    change_company(&world.app, world.company, change)
        .await
        .unwrap();
    world
}

#[tokio::test]
async fn imported_clients_go_where_the_rule_sends_them_and_a_second_import_adds_none() {
    let world = World::with_employees(2).await;
    let file = "\u{feff}name,phone_number,budget\nأحمد,+963955,1500\nمريم,,\nSara,+1,0.5\n";

    let dry = import(&world, file, ImportMode::DryRun).await.unwrap();
    assert_eq!(world.loads().await, [0, 0]);
    let first = import(&world, file, ImportMode::InSteps).await.unwrap();
    let second = import(&world, file, ImportMode::InSteps).await.unwrap();

    assert_eq!(dry, first);
    assert_eq!((first.created, first.assigned, first.repeated), (3, 3, 0));
    assert_eq!((second.created, second.repeated), (0, 3));
    assert_eq!(world.loads().await, [2, 1]);
}

#[tokio::test]
async fn every_wrong_line_is_named_and_nothing_is_written() {
    let world = World::with_employees(1).await;
    let file = "name,priority,status,budget\nA,low,,\n,low,,\nB,urgent,,\nC,,Nowhere,\nD,,,x\n";

    let Err(CsvError::Lines(lines)) = import(&world, file, ImportMode::InSteps).await else {
        panic!("it was imported");
    };
    let lines = lines.told();

    let named: Vec<_> = lines
        .iter()
        .map(|line| line.split(':').next().unwrap())
        .collect();
    assert_eq!(named, ["line 3", "line 4", "line 5", "line 6"]);
    assert_eq!(world.loads().await, [0]);
}

#[tokio::test]
async fn a_file_without_the_right_columns_says_which_there_are() {
    let world = World::with_employees(1).await;

    for file in ["", "nom\nA\n", "phone_number\n+1\n", "name,name\nA,B\n"] {
        let error = import(&world, file, ImportMode::InSteps)
            .await
            .unwrap_err()
            .to_string();
        assert!(error.contains("name"), "{error}");
    }
}

#[tokio::test]
async fn a_phone_number_that_is_taken_is_named_with_its_line() {
    let world = with_unique_phones().await;
    import(
        &world,
        "name,phone_number\nA,+966501\n",
        ImportMode::InSteps,
    )
    .await
    .unwrap();

    let file = "name,phone_number\nB,+966502\n\nC,00966501\nD,+966 502\n";
    let Err(CsvError::Lines(lines)) = import(&world, file, ImportMode::InSteps).await else {
        panic!("it was imported");
    };
    let lines = lines.told();

    assert_eq!(lines.len(), 2);
    assert!(lines[0].starts_with("line 4: a client with the phone number 00966501 already"));
    assert!(lines[1].starts_with("line 5: the phone number +966 502 stands on an earlier line"));
    assert_eq!(world.loads().await, [1]);
}

#[tokio::test]
async fn a_wrong_line_takes_neither_a_number_nor_the_place_of_another() {
    let world = with_unique_phones().await;
    let there = "name,phone\nA,+966501\n";
    import(&world, there, ImportMode::InSteps).await.unwrap();
    let others = "c,,\n".repeat(999);
    let file = format!(
        "name,phone,other phones\nB,+966501,\nB,+966501,\n{others}C,+966502,\n{others}\
         D,+966503,+966502\n{others}E,+966503,\n"
    );
    let mut report = std::io::sink();
    let mut skipping = Import::from(ImportMode::AllOrNothing);
    skipping.bad_lines = Some(&mut report);

    let report = import_clients(
        &world.app,
        By::OPERATOR,
        world.company,
        file.as_bytes(),
        skipping,
        &NoProgress,
    );
    let report = report.await.unwrap();

    let bad: Vec<_> = report.bad.first().map(|(line, _)| line).collect();
    assert_eq!(bad, [2, 3, 2_003]);
    assert_eq!((report.created, report.repeated), (3 * 999 + 2, 0));
}

#[tokio::test]
async fn a_quotation_mark_that_is_never_closed_is_named() {
    let world = World::with_employees(1).await;

    for (file, line) in [
        ("name,budget\nA,1\n\"B,2\nC,3\nD,4\n", "line 3"),
        ("name,budget\nA,1\nB,\"2\nC\",3\n\"D\"\"E", "line 5"),
    ] {
        let Err(CsvError::Lines(lines)) = import(&world, file, ImportMode::InSteps).await else {
            panic!("it was imported");
        };
        let lines = lines.told();
        assert!(
            lines
                .iter()
                .any(|sentence| sentence.starts_with(line) && sentence.contains("quotation")),
            "{lines:?}"
        );
    }
    let fine = "name\n\"A \"\"B\"\" C\"\n5\" pipe\n\"last\"";
    assert_eq!(
        import(&world, fine, ImportMode::InSteps)
            .await
            .unwrap()
            .created,
        3
    );
}

#[tokio::test]
async fn the_database_knows_at_once_that_many_clients_were_imported() {
    let world = World::on(EngineKind::Postgres, 1).await;
    let lines: Vec<_> = (0..1_000).map(|number| format!("c{number}")).collect();

    let report = import(
        &world,
        &format!("name\n{}", lines.join("\n")),
        ImportMode::InSteps,
    )
    .await;

    assert_eq!(report.unwrap().created, 1_000);
    let database = &world.database;
    database
        .execute(
            "DO $$ BEGIN
                 ASSERT (SELECT reltuples FROM pg_class WHERE relname = 'client') = 1000;
             END $$",
        )
        .await;
}
