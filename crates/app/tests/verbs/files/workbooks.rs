//! Workbooks, and what is no table.

use super::{clients, import, imported, pairs, refusal, utf_16};
use std::fmt::Write as _;
use std::io::{Cursor, Write as _};
use tawzi_app::{Import, ImportMode};
use tawzi_testkit::World;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// A workbook of sheets, each with its name, whether it is visible or hidden, and its rows. A cell that begins with
/// `=` is a number, one that begins with `#` an error.
fn workbook(sheets: &[(&str, &str, &[&[&str]])]) -> Vec<u8> {
    let sheets = sheets.iter();
    let sheets: Vec<_> = sheets
        .map(|(name, state, rows)| (*name, *state, cells(rows)))
        .collect();
    book(&sheets)
}

/// A workbook of sheets whose rows are written already.
fn book(sheets: &[(&str, &str, String)]) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let mut add = |name: &str, content: &str| {
        archive
            .start_file(name, SimpleFileOptions::default())
            .unwrap();
        archive.write_all(content.as_bytes()).unwrap();
    };
    let (mut listed, mut related) = (String::new(), String::new());
    for (number, (name, state, rows)) in (1..).zip(sheets) {
        write!(
            listed,
            "<sheet name=\"{name}\" state=\"{state}\" sheetId=\"{number}\" r:id=\"r{number}\"/>"
        )
        .unwrap();
        write!(
            related,
            "<Relationship Id=\"r{number}\" Type=\"{OFFICE}/relationships/worksheet\" Target=\"worksheets/sheet{number}.xml\"/>"
        )
        .unwrap();
        let sheet =
            format!("<worksheet xmlns=\"{MAIN}\"><sheetData>{rows}</sheetData></worksheet>");
        add(&format!("xl/worksheets/sheet{number}.xml"), &sheet);
    }
    add(
        "[Content_Types].xml",
        "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>",
    );
    add(
        "_rels/.rels",
        &format!(
            "<Relationships xmlns=\"{PACKAGE}\"><Relationship Id=\"r1\" Type=\"{OFFICE}/relationships/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
        ),
    );
    add(
        "xl/workbook.xml",
        &format!(
            "<workbook xmlns=\"{MAIN}\" xmlns:r=\"{OFFICE}/relationships\"><sheets>{listed}</sheets></workbook>"
        ),
    );
    add(
        "xl/_rels/workbook.xml.rels",
        &format!("<Relationships xmlns=\"{PACKAGE}\">{related}</Relationships>"),
    );
    archive.finish().unwrap().into_inner()
}

const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006/relationships";

fn cells(rows: &[&[&str]]) -> String {
    let mut text = String::new();
    for (row, cells) in (1..).zip(rows) {
        write!(text, "<row r=\"{row}\">").unwrap();
        for (column, cell) in ('A'..).zip(*cells) {
            let place = format!("{column}{row}");
            match cell.split_at_checked(1) {
                Some(("=", number)) => write!(text, "<c r=\"{place}\"><v>{number}</v></c>"),
                Some(("#", _)) => write!(text, "<c r=\"{place}\" t=\"e\"><v>{cell}</v></c>"),
                _ => write!(
                    text,
                    "<c r=\"{place}\" t=\"inlineStr\"><is><t>{cell}</t></is></c>"
                ),
            }
            .unwrap();
        }
        text.push_str("</row>");
    }
    text
}

#[tokio::test]
async fn a_workbook_is_read_whatever_it_is_called() {
    let world = World::with_employees(1).await;
    let book = workbook(&[
        ("Notes", "hidden", &[&["nothing"]]),
        (
            "العملاء",
            "visible",
            &[
                &["Name", "Phone", "budget"],
                &[],
                &["سارة", "=966501234567", "=1500.5"],
                &["Omar", "#REF!"],
            ],
        ),
        ("More", "visible", &[&["name"], &["Lina"]]),
    ]);

    let told = refusal(&world, &book).await;
    let mut of_sheet = Import::from(ImportMode::InSteps);
    of_sheet.layout.sheet = Some("more".to_owned());
    let report = import(&world, &book, of_sheet).await.unwrap();
    let mut of_none = Import::from(ImportMode::InSteps);
    of_none.layout.sheet = Some("Else".to_owned());
    let none = import(&world, &book, of_none)
        .await
        .unwrap_err()
        .to_string();

    assert!(
        told.starts_with("line 4: phone_number \"#REF!\" is what a spreadsheet"),
        "{told}"
    );
    assert_eq!(
        report.recognised,
        "a workbook, of which the sheet \"More\" is read"
    );
    assert_eq!(
        none,
        "the workbook has no sheet \"Else\"; it has Notes, العملاء, More"
    );
    let good = workbook(&[(
        "S",
        "visible",
        &[&["name", "phone"], &["سارة", "=966501234567"]],
    )]);
    let expected = [("Lina", ""), ("سارة", "966501234567")];
    assert_eq!(imported(&world, good).await, pairs(&expected));
}

#[tokio::test]
async fn a_row_that_is_too_long_is_one_wrong_line_also_where_its_cells_have_several() {
    let world = World::with_employees(1).await;
    let long = "x\n".repeat(40_000);
    let book = workbook(&[(
        "S",
        "visible",
        &[&["name"], &["Sara"], &[&long], &["Omar"], &["5\" pipe"]],
    )]);
    let mut report = Vec::new();
    let mut skipping = Import::from(ImportMode::InSteps);
    skipping.bad_lines = Some(&mut report);

    let said = import(&world, &book, skipping).await.unwrap();

    assert_eq!(said.bad.told(), ["line 3: is longer than 64 KiB"]);
    let there = [("Sara", ""), ("Omar", ""), ("5\" pipe", "")];
    assert_eq!(clients(&world).await, pairs(&there));
    assert!(report.len() > 80_000, "as it was");
}

#[tokio::test]
async fn other_kinds_of_files_are_refused_by_name() {
    let world = World::with_employees(1).await;
    let compound = |name: &str| {
        let mut file = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec();
        file.extend(utf_16(name, u16::to_le_bytes));
        file
    };
    let archive = |name: &str, content: &str| {
        let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        let plain = zip::write::SimpleFileOptions::default()
            .compression_method(zip::CompressionMethod::Stored);
        archive.start_file(name, plain).unwrap();
        archive.write_all(content.as_bytes()).unwrap();
        archive.finish().unwrap().into_inner()
    };

    for (file, what) in [
        (
            compound("Workbook"),
            "a workbook of Excel 97 to 2003 (.xls); open it, save it as",
        ),
        (
            compound("EncryptedPackage"),
            "an Excel workbook with a password; take its password away",
        ),
        (
            archive("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
            "an OpenDocument workbook (.ods)",
        ),
        (
            archive("xl/workbook.bin", ""),
            "a binary Excel workbook (.xlsb)",
        ),
        (
            archive("list.csv", "name\n"),
            "an archive (zip); unpack it first",
        ),
        (b"%PDF-1.7".to_vec(), "a PDF document"),
        (b"\x1f\x8b\x08".to_vec(), "a compressed file (gzip)"),
        (b"\n<HTML><table>".to_vec(), "a web page"),
    ] {
        let told = refusal(&world, file).await;
        assert!(told.starts_with(&format!("this is {what}")), "{told}");
    }
    let broken = refusal(&world, archive("xl/workbook.xml", "<x")).await;
    assert!(
        broken.starts_with("the workbook cannot be read: "),
        "{broken}"
    );
}

#[tokio::test]
async fn a_workbook_that_unpacks_to_more_than_the_memory_holds_is_refused() {
    let world = World::with_employees(1).await;
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let packed = zip::write::SimpleFileOptions::default();
    archive.start_file("xl/workbook.xml", packed).unwrap();
    let zeros = vec![0; 1 << 20];
    for _ in 0..513 {
        archive.write_all(&zeros).unwrap();
    }
    let bomb = archive.finish().unwrap().into_inner();

    let told = refusal(&world, bomb).await;

    assert!(
        told.starts_with("the workbook unpacks to more than 512 MiB"),
        "{told}"
    );
}

#[tokio::test]
async fn a_workbook_whose_cells_are_many_and_empty_fills_no_memory() {
    let world = World::with_employees(1).await;
    let owner = world.hire(world.company, "admin").await;
    let mut sheet =
        String::from("<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>name</t></is></c></row>");
    for row in 2..100_000 {
        let _ = write!(
            sheet,
            "<row r=\"{row}\"><c r=\"ALL{row}\"><v>1</v></c></row>"
        );
    }

    let sent = book(&[("Clients", "visible", sheet)]);
    let import = Import::from(ImportMode::InSteps);
    let told = tawzi_app::import_own_clients(&world.app, &owner, &sent, import).await;

    let told = told.unwrap_err().to_string();
    assert!(
        told.starts_with("the workbook unpacks to more than 64 MiB"),
        "{told}"
    );
}
