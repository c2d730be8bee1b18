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
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        for place in writes_of_assignees(&text) {
            let declared = text[..place].rsplit_once(" = [").unwrap_or_default().0;
            let name = declared.rsplit(' ').next().unwrap_or_default();
            writing.push((file.clone(), name.to_owned()));
        }
        let to_any_table = text.contains("INSERT INTO {") || text.contains("UPDATE {");
        assert_eq!(to_any_table, file == "django/tables", "{file}");
        if to_any_table {
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

/// Where in the text statements begin that write who has a client.
fn writes_of_assignees(text: &str) -> Vec<usize> {
    let inserts = text
        .match_indices("INSERT INTO client (")
        .map(|(place, _)| {
            let columns = text[place..].split(')').next();
            (place, columns.unwrap_or_default())
        });
    let updates = text.match_indices("UPDATE client ").map(|(place, _)| {
        let changes = text[place..].split(" WHERE ").next();
        let changes = changes.and_then(|changes| changes.split(" FROM ").next());
        (place, changes.unwrap_or_default())
    });
    inserts
        .chain(updates)
        .filter(|(_, written)| words_of(written).contains(&"assigned_to"))
        .map(|(place, _)| place)
        .collect()
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
