//! What statements say, as far as the texts of the files tell.

use crate::source_texts::{sources, words_of};

/// Statements that write who has a client, beside those that are put together from the tables of the reference.
/// Whoever calls for them writes the line of the timeline and the counters as well.
const WRITING_ASSIGNEES: [(&str, &str); 2] = [
    ("tables/client/reassign", "REASSIGN"),
    ("tables/client/write", "WRITE"),
];

#[test]
fn nothing_else_writes_who_has_a_client() {
    let mut writing = Vec::new();
    for (file, text) in sources() {
        for statement in writers_of_assignees(&text) {
            writing.push((file.clone(), statement.to_owned()));
        }
        let to_any_table = text.contains("INSERT INTO {") || text.contains("UPDATE {");
        assert_eq!(to_any_table, file == "django/tables", "{file}");
        if to_any_table {
            let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
            let (_, clients) = text.split_once("crm_client => client, Insert {").unwrap();
            let (clients, _) = clients.split_once('}').unwrap();
            assert!(words_of(clients).contains(&"assigned_to"));
            assert_eq!(text.matches("assigned_to:").count(), 1);
        }
    }

    let writing: Vec<_> = writing
        .iter()
        .map(|(f, n)| (f.as_str(), n.as_str()))
        .collect();
    assert_eq!(writing, WRITING_ASSIGNEES);
}

#[test]
fn a_writer_of_assignees_is_found_however_it_is_written() {
    for statement in [
        "INSERT INTO client (id, assigned_to) VALUES ($1, $2)",
        "INSERT INTO client(company_id,assigned_to) SELECT 1, 2",
        "insert into client select * from other",
        "INSERT INTO client VALUES (1, 2)",
        "UPDATE client SET name = $1, assigned_to = $2 WHERE id = $3",
        "UPDATE client AS k SET assigned_to = NULL FROM other",
        "UPDATE ONLY client SET assigned_to = NULL",
        "REPLACE INTO client (id, assigned_to) VALUES (1, 2)",
        "INSERT OR REPLACE INTO client (id, assigned_to) VALUES (1, 2)",
        "MERGE INTO client USING other ON TRUE WHEN MATCHED THEN UPDATE SET assigned_to = 1",
    ] {
        let constant = format!("const FOUND: Sql = [\"{statement}\"];");
        let function = format!("fn found(id: i64) {{ \"{statement}\" }}");

        assert_eq!(writers_of_assignees(&constant), ["FOUND"], "{statement}");
        assert_eq!(writers_of_assignees(&function), ["found"], "{statement}");
    }
    for statement in [
        "INSERT INTO client (id, name) SELECT id, assigned_to FROM other",
        "INSERT INTO client_event (client_id) SELECT assigned_to FROM client",
        "UPDATE client SET name = $1 WHERE assigned_to = $2",
        "SELECT id FROM client WHERE assigned_to = $1 FOR UPDATE",
    ] {
        let constant = format!("const FOUND: Sql = [\"{statement}\"];");

        assert!(writers_of_assignees(&constant).is_empty(), "{statement}");
    }
}

/// The names of the statements in the text that write who has a client, each being the constant or function in which
/// it stands.
fn writers_of_assignees(text: &str) -> Vec<&str> {
    let words: Vec<_> = words_of(text)
        .into_iter()
        .filter(|word| !word.is_empty())
        .collect();
    let is = |place: usize, any: &[&str]| {
        let word = words.get(place);
        word.is_some_and(|word| any.iter().any(|other| other.eq_ignore_ascii_case(word)))
    };
    let (mut name, mut found) = ("", Vec::new());
    for (place, word) in words.iter().enumerate() {
        if matches!(*word, "const" | "fn") {
            name = words.get(place + 1).copied().unwrap_or_default();
        }
        let behind = match () {
            () if is(place, &["INTO"]) && is(place + 1, &["client"]) => place + 2,
            () if is(place, &["UPDATE"]) && is(place + 1, &["client"]) => place + 2,
            () if is(place, &["UPDATE"])
                && is(place + 1, &["ONLY"])
                && is(place + 2, &["client"]) =>
            {
                place + 3
            }
            () => continue,
        };
        // An INSERT names its columns before its rows, an UPDATE before its condition.
        let ends = ["SELECT", "VALUES", "WHERE", "FROM", "RETURNING"];
        let written = (behind..words.len()).take_while(|&place| !is(place, &ends));
        let columns: Vec<_> = written.map(|place| words[place]).collect();
        if columns.is_empty() || columns.contains(&"assigned_to") {
            found.push(name);
        }
    }
    found
}

/// `PostgreSQL` refuses a statement that a server has prepared once its result has another column, as it gets
/// when a later version adds one to the table.
#[test]
fn no_result_is_all_columns_of_a_table() {
    let mut offenders = Vec::new();
    for (file, text) in sources() {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        for (place, _) in text.match_indices('*') {
            let before = &text[..place];
            let all = before.ends_with("SELECT ") || before.ends_with("RETURNING ");
            let all_of_one = before
                .strip_suffix('.')
                .is_some_and(|before| before.ends_with(char::is_alphanumeric));
            // A query within another one is no result.
            let within = before
                .rsplit_once("SELECT ")
                .is_some_and(|(before, _)| before.ends_with('('));
            if (all || all_of_one) && !within {
                let start = before.rfind("SELECT ").unwrap_or_default();
                offenders.push(format!("{file}: {}", &text[start..=place]));
            }
        }
    }

    assert!(offenders.is_empty(), "{offenders:#?}");
}
