//! What statements answer, as far as their texts say.

use crate::source_texts::sources;

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
