//! How a file is laid out: encodings, separators, lines.

use super::{clients, import, imported, pairs, refusal, utf_16};
use tawzi_app::{Import, ImportMode, Layout, Separator};
use tawzi_testkit::World;

#[tokio::test]
async fn a_file_is_read_in_the_encoding_that_it_has() {
    let text = "name,phone_number\nسارة,0501234567\nمحمد الأحمد,0501234568\n";
    let expected = pairs(&[("سارة", "0501234567"), ("محمد الأحمد", "0501234568")]);
    let marked = format!("\u{feff}{text}");
    let (windows, _, _) = encoding_rs::WINDOWS_1256.encode(text);

    for (file, encoding) in [
        (text.as_bytes().to_vec(), "UTF-8 text"),
        (marked.as_bytes().to_vec(), "UTF-8 text"),
        (utf_16(&marked, u16::to_le_bytes), "UTF-16 text"),
        (
            utf_16(&marked, u16::to_be_bytes),
            "UTF-16 (big endian) text",
        ),
        (utf_16(text, u16::to_le_bytes), "UTF-16 text"),
        (utf_16(text, u16::to_be_bytes), "UTF-16 (big endian) text"),
        (windows.to_vec(), "Windows-1256 text"),
    ] {
        let world = World::with_employees(1).await;
        let report = import(&world, &file, ImportMode::InSteps.into())
            .await
            .unwrap();

        assert_eq!(
            report.recognised,
            format!("{encoding}, separated by commas")
        );
        assert_eq!(clients(&world).await, expected, "{encoding}");
    }
}

#[tokio::test]
async fn damaged_text_is_named_with_its_line() {
    let world = World::with_employees(1).await;
    let half = &"ة".as_bytes()[..1];

    let utf_8 = ["name\nسارة\nأحمد ".as_bytes(), half, b"\n"].concat();
    let mut wide = utf_16("\u{feff}name\nSara\n", u16::to_le_bytes);
    wide.extend([0x00, 0xd8, b'x', 0]);

    assert!(
        refusal(&world, utf_8)
            .await
            .starts_with("line 3 is not UTF-8 text")
    );
    assert!(
        refusal(&world, wide)
            .await
            .starts_with("line 3 is not UTF-16 text")
    );
}

#[tokio::test]
async fn a_file_that_says_to_be_utf_8_and_is_not_is_damaged() {
    let world = World::with_employees(1).await;
    let (names, _, _) = encoding_rs::WINDOWS_1256.encode("name\nسارة\nأحمد\n");

    let file = ["\u{feff}".as_bytes(), &names].concat();

    assert!(
        refusal(&world, file)
            .await
            .starts_with("line 2 is not UTF-8 text")
    );
}

#[tokio::test]
async fn a_file_is_read_with_the_separator_that_it_has() {
    let expected = pairs(&[("Reed, James", "0501234567"), ("Sara|Ali", "")]);

    for file in [
        "name;phone_number\nReed, James;0501234567\nSara|Ali;\n",
        "name\tphone_number\nReed, James\t0501234567\nSara|Ali\t\n",
        "name,phone_number\n\"Reed, James\",0501234567\nSara|Ali,\n",
        "\"name\"|\"phone_number\"\nReed, James|0501234567\n\"Sara|Ali\"|\n",
        "sep=;\r\nname;phone_number\r\nReed, James;0501234567\r\nSara|Ali;\r\n",
        "\u{feff}SEP=\t\nname\tphone_number\nReed, James\t0501234567\nSara|Ali\t\n",
        "\"sep=^\"\nname^phone_number\nReed, James^0501234567\nSara|Ali^\n",
        "\n\n  name ; phone_number \n Reed, James ; 0501234567 \n Sara|Ali ; \n",
    ] {
        let world = World::with_employees(1).await;
        assert_eq!(imported(&world, file).await, expected, "{file:?}");
    }
}

#[tokio::test]
async fn somebody_may_say_which_separator_it_is() {
    let world = World::with_employees(1).await;
    let file = "name,nickname~phone_number\nSara,Su~0501234567\n";

    let mut as_told = Import::from(ImportMode::InSteps);
    as_told.layout = Layout {
        separator: Some(Separator::parse("~").unwrap()),
        sheet: None,
    };
    as_told.ignored = vec!["Name,Nickname".to_owned(), "x".to_owned()];
    let without_name = import(&world, file, as_told).await.unwrap_err();

    assert!(
        without_name.to_string().contains("at least `name`"),
        "{without_name}"
    );
    for (said, is_one) in [
        (",", true),
        ("tab", true),
        ("\\t", true),
        ("Semicolon", true),
        ("", false),
        (",,", false),
        ("x", false),
        ("\"", false),
    ] {
        assert_eq!(Separator::parse(said).is_ok(), is_one, "{said}");
    }
}

#[tokio::test]
async fn lines_in_which_nothing_stands_are_passed_over() {
    let expected = pairs(&[("Sara", "0501234567"), ("Omar", "")]);

    for file in [
        "name,phone_number\nSara,0501234567\n,\n , \nOmar,\n,\n\n",
        "name,phone_number,,\nSara,0501234567,,\nOmar,,,\n,,,\n",
        "name,,phone_number\nSara,,0501234567\n\n\nOmar,,\n",
        "name,phone_number\rSara,0501234567\r\rOmar,\r",
        "name,phone_number\r\nSara,0501234567\r\n\r\nOmar,",
        ",,\nname,phone_number\n\"Sara\" ,\"0501234567\"\n\"\",\"\"\nOmar,\"\"\n",
    ] {
        let world = World::with_employees(1).await;
        assert_eq!(imported(&world, file).await, expected, "{file:?}");
    }
}

#[tokio::test]
async fn a_wrong_line_is_named_as_an_editor_counts_it() {
    let world = World::with_employees(1).await;

    for end in ["\n", "\r\n", "\r"] {
        let lines = [
            "sep=,",
            "name,budget",
            "",
            "A,\"1",
            "\"",
            ",,",
            "C,x",
            "\"D \"E\" F\",1",
            "G,1,2",
            "H,y",
            "\"I,1",
        ];
        let told = refusal(&world, lines.join(end)).await;

        let numbers: Vec<_> = told
            .lines()
            .map(|line| line.split(':').next().unwrap())
            .collect();
        assert_eq!(
            numbers,
            ["line 7", "line 8", "line 9", "line 10", "line 11"],
            "{told}"
        );
    }
}

#[tokio::test]
async fn quotation_marks_that_contradict_each_other_are_refused_with_their_line() {
    let world = World::with_employees(1).await;

    for (line, sentence) in [
        (
            "\"Sara \"Umm Ali\" Ahmad\",050",
            "a quotation mark stands in the middle",
        ),
        ("\"Sara\"x,050", "a quotation mark stands in the middle"),
        (
            "\"Sara,050",
            "a quotation mark opens a field that never ends",
        ),
        (
            "Sara,\"050\n\n\nOmar,",
            "a quotation mark opens a field that never ends",
        ),
    ] {
        let told = refusal(&world, format!("name,phone_number\n\n{line}\n")).await;

        assert!(told.starts_with(&format!("line 3: {sentence}")), "{told}");
    }
}

#[tokio::test]
async fn a_quotation_mark_too_many_costs_no_other_line() {
    let long = format!("Long,\"{}", "x".repeat(70_000));

    for (line, sentence) in [
        ("\"Sara,050", "a quotation mark stands in the middle"),
        ("Sara,\"050", "a quotation mark stands in the middle"),
        (
            &long,
            "a quotation mark opens a field that does not end within 64 KiB",
        ),
    ] {
        let world = World::with_employees(1).await;
        let mut report = Vec::new();
        let mut skipping = Import::from(ImportMode::InSteps);
        skipping.bad_lines = Some(&mut report);

        let file = format!("name,phone\nA,\n{line}\nB,\nC,\n\"D\",\nE,\"\"\nF,\n");
        let said = import(&world, file, skipping).await.unwrap();

        assert_eq!((said.created, said.bad.count()), (6, 1));
        let (number, told) = said.bad.first().next().unwrap();
        assert_eq!(number, 3);
        assert!(told.starts_with(sentence), "{told}");
        let report = String::from_utf8(report).unwrap();
        let last = report.lines().last().unwrap();
        assert_eq!(report.lines().count(), 2);
        let raw = format!(",\"{}\"", line.replace('"', "\"\""));
        assert!(last.ends_with(&raw), "{report}");
    }
}

#[tokio::test]
async fn a_line_longer_than_any_client_is_refused() {
    let world = World::with_employees(1).await;
    let long = "x".repeat(70_000);
    let wide = ",".repeat(2_000);

    let told = refusal(&world, format!("name,budget\n{long},1\n{wide}x\nSara,y\n")).await;

    let lines: Vec<_> = told.lines().collect();
    assert_eq!(lines[0], "line 2: is longer than 64 KiB");
    assert_eq!(lines[1], "line 3: has more than 1000 fields");
    assert!(lines[2].starts_with("line 4: budget"), "{told}");
}
