//! Clients from and to CSV files.

use crate::house::House;
use tawzi_app::{CsvError, CsvReport, NoProgress, export_clients, import_clients};

async fn import(house: &House, file: &str, dry_run: bool) -> Result<CsvReport, CsvError> {
    let (company, now) = (house.company, house.clock.now());
    import_clients(
        &house.db,
        company,
        file.as_bytes(),
        dry_run,
        now,
        &NoProgress,
    )
    .await
}

#[tokio::test]
async fn imported_clients_go_where_the_rule_sends_them_and_a_second_import_adds_none() {
    let house = House::with_employees(2).await;
    let file = "\u{feff}name,phone_number,budget\nأحمد,+963955,1500\nمريم,,\nSara,+1,0.5\n";

    let dry = import(&house, file, true).await.unwrap();
    assert_eq!(house.loads().await, [0, 0]);
    let first = import(&house, file, false).await.unwrap();
    let second = import(&house, file, false).await.unwrap();

    assert_eq!(dry, first);
    assert_eq!((first.created, first.assigned, first.repeated), (3, 3, 0));
    assert_eq!((second.created, second.repeated), (0, 3));
    assert_eq!(house.loads().await, [2, 1]);
}

#[tokio::test]
async fn every_wrong_line_is_named_and_nothing_is_written() {
    let house = House::with_employees(1).await;
    let file = "name,priority,status,budget\nA,low,,\n,low,,\nB,urgent,,\nC,,Nowhere,\nD,,,x\n";

    let Err(CsvError::Lines(lines)) = import(&house, file, false).await else {
        panic!("it was imported");
    };

    let named: Vec<_> = lines
        .iter()
        .map(|line| line.split(':').next().unwrap())
        .collect();
    assert_eq!(named, ["line 3", "line 4", "line 5", "line 6"]);
    assert_eq!(house.loads().await, [0]);
}

#[tokio::test]
async fn a_file_without_the_right_columns_says_which_there_are() {
    let house = House::with_employees(1).await;

    for file in ["", "nom\nA\n", "phone_number\n+1\n", "name,name\nA,B\n"] {
        let error = import(&house, file, false).await.unwrap_err().to_string();
        assert!(error.contains("name"), "{error}");
    }
}

#[tokio::test]
async fn what_is_exported_can_be_imported() {
    let house = House::with_employees(2).await;
    for _ in 0..5 {
        house.arrival().await;
    }
    let mut file = Vec::new();

    let written = export_clients(&house.db, house.company, &mut file, &NoProgress)
        .await
        .unwrap();
    let report = import(&house, std::str::from_utf8(&file).unwrap(), true)
        .await
        .unwrap();

    assert_eq!(written, 5);
    assert_eq!(report.created, 5);
}
