//! Where the two engines must be told something in different words. A statement is written once;
//! the few phrases below stand for what differs, each with its reason. No statement on a table forks in another way;
//! what concerns the database itself (ids, migrations, indexes, backup, connecting) is told apart in its own file.

use crate::db::engine::EngineKind;
use std::fmt::Write as _;
use tawzi_core::found::letters::Pairs;

/// One statement in the words of each engine.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sql {
    pub(crate) postgres: &'static str,
    pub(crate) sqlite: &'static str,
}

/// Writes a statement for both engines: string literals, and phrases that differ.
///
/// - `NOW`: the database's clock in microseconds. Leases need one clock for all processes.
/// - `LOCK_ROWS`: the rows read stay as they are until commit. A `SQLite` write transaction has the
///   database for itself.
/// - `LOCK_FREE_ROWS`: the same, and rows that others hold are passed over.
/// - `TURN`: nobody else is past this phrase in a transaction that has not ended; whoever waits for that for
///   too long is told so. A `SQLite` write transaction has the database for itself.
/// - `IN_IDS`: is one of the ids in parameter 1, a JSON array; `(IN_IDS n)` of those in parameter n. `PostgreSQL`
///   needs their type, and an array: it would join with a set of unknown size by reading the whole table. Its
///   own text of an array has other brackets; in a query of its own it is read once, not for each row.
/// - `(ROWS name type, …)`: the rows of parameter 1, a JSON array of objects; what one lacks is null.
///   `SQLite` has no record sets; its `jsonb_each` parses the text once, where `json_each` would
///   print and parse each row again.
/// - `(TEXT name)`: what the macro of that name stands for, such as the columns that several statements read;
///   `(TEXT_WITH name)` when it has phrases that differ, and so is told the engine.
/// - `(COLUMNS name …)`, `(NAMES name …)`, `(NUMBERS n …)`, `(SETS name n …)`: lists of columns of table `t`, of
///   their names, of parameters, and of columns that become parameters; each with a comma behind it.
/// - `(JSON "expression", …)`: all rows of a statement, or of a part of one, as one JSON array of arrays. So one
///   statement can answer several questions; and `SQLite` hands over each value of each row by itself, which
///   costs more than making and reading one text of very many small rows.
/// - `(IDS table n, …)`, `(PART name) … END`, `(ID table n "number")`, `(NEW_IDS table n, …)`: one statement
///   that writes several tables, the rows of each in parameter n, a JSON array. `PostgreSQL` has data-modifying
///   `WITH` for that, and sequences; `SQLite` runs one statement after the other, and has a row for each count.
///   `IDS` takes as many ids as there are rows, `ID` is the one for a row of that number (from 1 on), and
///   `NEW_IDS` answers with all of them, a JSON array for each table.
macro_rules! sql {
    ($($part:tt)+) => {
        $crate::db::dialect::Sql {
            postgres: concat!($(sql_part!(postgres $part)),+),
            sqlite: concat!($(sql_part!(sqlite $part)),+),
        }
    };
}

macro_rules! sql_part {
    (postgres NOW) => { "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT)" };
    (sqlite NOW) => { "CAST(unixepoch('subsec') * 1000000 AS BIGINT)" };
    (postgres LOCK_ROWS) => { " FOR NO KEY UPDATE" };
    (sqlite LOCK_ROWS) => { "" };
    (postgres LOCK_FREE_ROWS) => { " FOR NO KEY UPDATE SKIP LOCKED" };
    (sqlite LOCK_FREE_ROWS) => { "" };
    (postgres TURN) => {
        "set_config('lock_timeout', '300ms', TRUE), pg_advisory_xact_lock(7),
            set_config('lock_timeout', own.timeout, TRUE)
         FROM (SELECT current_setting('lock_timeout') AS timeout OFFSET 0) own"
    };
    (sqlite TURN) => { "NULL" };
    ($engine:ident IN_IDS) => { sql_part!($engine (IN_IDS 1)) };
    (postgres (IN_IDS $n:literal)) => {
        concat!(
            " = ANY(CAST((SELECT CAST(translate($", $n, ", '[]', '{}') AS BIGINT[])) AS BIGINT[]))"
        )
    };
    (sqlite (IN_IDS $n:literal)) => { concat!(" IN (SELECT value FROM json_each($", $n, "))") };
    ($engine:ident (ROWS $($column:ident $type:ident),+ $(,)?)) => {
        sql_part!($engine (ROWS 1 $($column $type),+))
    };
    (postgres (ROWS $n:literal $($column:ident $type:ident),+ $(,)?)) => {
        concat!(
            "json_to_recordset(CAST($", $n, " AS JSON)) AS r(",
            $(stringify!($column), " ", stringify!($type), ", ",)+
            "unused INTEGER)"
        )
    };
    (sqlite (ROWS $n:literal $($column:ident $type:ident),+ $(,)?)) => {
        concat!(
            "(SELECT ",
            $("value ->> '", stringify!($column), "' AS ", stringify!($column), ", ",)+
            "NULL AS unused FROM jsonb_each($", $n, ")) AS r"
        )
    };
    (postgres (JSON $first:literal $(, $more:literal)* $(,)?)) => {
        concat!(
            "CAST(COALESCE(json_agg(json_build_array(", $first $(, ", ", $more)*, ")), '[]') AS TEXT)"
        )
    };
    (sqlite (JSON $first:literal $(, $more:literal)* $(,)?)) => {
        concat!("json_group_array(json_array(", $first $(, ", ", $more)*, "))")
    };
    (postgres (IDS $($table:ident $n:literal),+)) => {
        concat!(
            "WITH ids AS MATERIALIZED (SELECT ",
            $("ARRAY(SELECT nextval('", stringify!($table), "_ids')
                FROM generate_series(1, json_array_length(CAST($", $n, " AS JSON)))) AS ",
                stringify!($table), ", ",)+
            "1 AS one)"
        )
    };
    (sqlite (IDS $($table:ident $n:literal),+)) => {
        concat!(
            "UPDATE id_sequence SET last = last + CASE name ",
            $("WHEN '", stringify!($table), "_ids' THEN json_array_length($", $n, ") ",)+
            "ELSE 0 END WHERE name IN (",
            $("'", stringify!($table), "_ids', ",)+
            "'')"
        )
    };
    (postgres (PART $name:ident)) => { concat!(", ", stringify!($name), " AS (") };
    (sqlite (PART $name:ident)) => { "; " };
    (postgres END) => { ")" };
    (sqlite END) => { "" };
    (postgres (ID $table:ident $n:literal $number:literal)) => {
        concat!("(SELECT ", stringify!($table), " FROM ids)[", $number, "]")
    };
    (sqlite (ID $table:ident $n:literal $number:literal)) => {
        concat!(
            "((SELECT last FROM id_sequence WHERE name = '", stringify!($table),
            "_ids') - json_array_length($", $n, ") + ", $number, ")"
        )
    };
    (postgres (NEW_IDS $first:ident $one:literal $(, $table:ident $n:literal)*)) => {
        concat!(
            " SELECT CAST(array_to_json(", stringify!($first), ") AS TEXT)"
            $(, ", CAST(array_to_json(", stringify!($table), ") AS TEXT)")*,
            " FROM ids"
        )
    };
    (sqlite (NEW_IDS $first:ident $one:literal $(, $table:ident $n:literal)*)) => {
        concat!(
            "; SELECT ", sql_part!(sqlite_new_ids $first $one)
            $(, ", ", sql_part!(sqlite_new_ids $table $n))*
        )
    };
    (sqlite_new_ids $table:ident $n:literal) => {
        concat!(
            "(SELECT json_group_array(s.last - json_array_length($", $n, ") + e.key + 1)
              FROM id_sequence s, json_each($", $n, ") e WHERE s.name = '",
            stringify!($table), "_ids')"
        )
    };
    ($engine:ident (COLUMNS $($column:ident)+)) => { concat!($("t.", stringify!($column), ", "),+) };
    ($engine:ident (NAMES $($column:ident)+)) => { concat!($(stringify!($column), ", "),+) };
    ($engine:ident (NUMBERS $($number:literal)+)) => { concat!($("$", $number, ", "),+) };
    ($engine:ident (SETS $($column:ident $number:literal)+)) => {
        concat!($(stringify!($column), " = $", $number, ", "),+)
    };
    ($engine:ident (TEXT $text:ident)) => { $text!() };
    ($engine:ident (TEXT_WITH $text:ident)) => { $text!($engine) };
    ($engine:ident $text:literal) => { $text };
}

/// Declares the statements of a table, and lists them for the test that prepares every statement on both engines.
/// One that needs nothing but its parameters is a function of what it is run with, whose parameters are `$1`,
/// `$2`, …, or what it says that it runs `with`; where that is a company's, `$1` is the company and the others
/// follow. The function is `async`, and its answer comes in a `Result`.
macro_rules! statements {
    (
        $($(#[$doc:meta])* const $name:ident = [$($part:tt)+];)*
        $(impl $handle:ident$(<$lifetime:lifetime>)? {
            $(
                $(#[$fn_doc:meta])*
                $visibility:vis fn $fn:ident($($argument:ident: $type:ty),* $(,)?)
                $(with ($($bind:expr),+ $(,)?))? $(-> $answer:ty)? {
                    $($fn_part:tt)+
                }
            )+
        })*
    ) => {
        $($(#[$doc])* pub(crate) const $name: $crate::db::dialect::Sql = sql!($($part)+);)*

        $(impl $crate::$handle$(<$lifetime>)? {
            $(
                $(#[$fn_doc])*
                $visibility async fn $fn(&mut self, $($argument: $type),*) -> $crate::Result<$($answer)?> {
                    let query = self.query(sql!($($fn_part)+));
                    run_by!($handle, self, with_all!(query, ($($argument),*) $(($($bind),+))?))
                }
            )+
        })*

        #[cfg(test)]
        pub(crate) const STATEMENTS: &[(&str, $crate::db::dialect::Sql)] = &[
            $((stringify!($name), $name),)*
            $($((stringify!($fn), sql!($($fn_part)+)),)+)*
        ];
    };
}

macro_rules! with_all {
    ($query:ident, ($($argument:ident),*)) => { $query$(.with($argument))* };
    ($query:ident, ($($argument:ident),*) ($($bind:expr),+)) => { $query$(.with($bind))+ };
}

macro_rules! run_by {
    (Reader, $self:ident, $query:expr) => {
        fetch!($self, $query)
    };
    (Tenant, $self:ident, $query:expr) => {
        fetch!($self, $query)
    };
    ($writing:ident, $self:ident, $query:expr) => {
        $crate::db::run::write($self.writer(), $query).await
    };
}

/// A statement with its parameters.
macro_rules! query {
    ($sql:expr $(, $bind:expr)* $(,)?) => {
        $crate::db::query::Query::from($sql)$(.with($bind))*
    };
}

/// What a statement answers: see [`Answer`](crate::db::run::Answer). The statement is its text with its parameters, or
/// a query that is ready.
macro_rules! fetch {
    ($handle:expr, $($query:tt)+) => {{
        let query = query!($($query)+);
        $crate::db::run::fetch($handle.connection(), query).await
    }};
}

/// Runs a statement that writes. Only what is within a transaction has a `writer`; a statement that writes and
/// answers is run by `fetch!(self.writer(), …)`.
macro_rules! execute {
    ($handle:expr, $($query:tt)+) => {{
        let query = query!($($query)+);
        $crate::db::run::write::<()>($handle.writer(), query).await
    }};
}

/// Runs a statement that writes, and gives the number of rows it changed.
macro_rules! changed {
    ($handle:expr, $($query:tt)+) => {{
        let query = query!($($query)+);
        $crate::db::run::write::<u64>($handle.writer(), query).await
    }};
}

/// What `ROWS` stands for, when the rows are like those of a table and have columns of it.
pub(crate) fn rows_of_table(engine: EngineKind, table: &str, columns: &[&str]) -> String {
    match engine {
        EngineKind::Postgres => {
            format!("json_populate_recordset(CAST(NULL AS {table}), CAST($1 AS JSON)) AS r")
        }
        EngineKind::Sqlite => {
            let columns = columns.iter();
            let columns: Vec<_> = columns.map(|c| format!("value ->> '{c}' AS {c}")).collect();
            format!("(SELECT {} FROM jsonb_each($1)) AS r", columns.join(", "))
        }
    }
}

/// What stands around a JSON array of ids that a column is to be among; see `IN_IDS`.
pub(crate) const fn in_ids(engine: EngineKind) -> (&'static str, &'static str) {
    match engine {
        EngineKind::Postgres => (
            " = ANY(CAST((SELECT CAST(translate(",
            ", '[]', '{}') AS BIGINT[])) AS BIGINT[]))",
        ),
        EngineKind::Sqlite => (" IN (SELECT value FROM json_each(", "))"),
    }
}

/// What the indexes say about words.
#[derive(Clone, Debug)]
pub(crate) struct Indexed {
    /// The id of a client.
    pub(crate) id: &'static str,
    /// Where its row stands, and the condition: `FROM` and what follows. Parameter 1 is the company, and 2 is free.
    pub(crate) rows: String,
    /// The parameters from 3 on.
    pub(crate) parameters: Vec<String>,
}

/// Asks the indexes of what clients are found by for those who have one spelling of each word. The spellings of
/// the `long` ones have three letters at least and stand in the index of texts; for others there are the pairs of
/// letters, which say only who may have one, unless it is such a pair or a single letter. `PostgreSQL` looks for
/// patterns in a table, `SQLite` for phrases in indexes whose rows are numbered by company.
pub(crate) fn clients_with(engine: EngineKind, long: &[&[String]], short: &[&[String]]) -> Indexed {
    match engine {
        EngineKind::Postgres => postgres_clients_with(long, short),
        EngineKind::Sqlite => sqlite_clients_with(long, short),
    }
}

fn postgres_clients_with(long: &[&[String]], short: &[&[String]]) -> Indexed {
    let mut rows = "FROM client_search WHERE company_id = $1".to_owned();
    let mut parameters = Vec::new();
    for spellings in long {
        let mut start = " AND (";
        for spelling in *spellings {
            parameters.push(like_pattern(spelling));
            // Writing to a string cannot fail.
            let _ = write!(rows, "{start}text LIKE ${}", parameters.len() + 2);
            start = " OR ";
        }
        rows.push(')');
    }
    if !short.is_empty() {
        parameters.push(pairs_of(short, [":*", " & ", " | "]));
        let _ = write!(
            rows,
            " AND letters @@ CAST(${} AS TSQUERY)",
            parameters.len() + 2
        );
    }
    Indexed {
        id: "client_id",
        rows,
        parameters,
    }
}

fn sqlite_clients_with(long: &[&[String]], short: &[&[String]]) -> Indexed {
    let phrase = |spelling: &String| format!("\"{}\"", spelling.replace('"', "\"\""));
    let phrases = || all_of(long, |spellings| any_of(spellings, phrase, " OR "), " AND ");
    let pairs = || pairs_of(short, [" *", " AND ", " OR "]);
    let matching = |index: &str, place: usize| {
        format!(
            "FROM {index}
             WHERE {index} MATCH ${place} AND rowid BETWEEN $1 << 40 AND $1 << 40 | 0xFFFFFFFFFF"
        )
    };
    let (rows, parameters) = match (long, short) {
        (_, []) => (matching("client_search_text", 3), vec![phrases()]),
        ([], _) => (matching("client_search_letters", 3), vec![pairs()]),
        _ => {
            let of_text = matching("client_search_text", 3);
            let of_letters = matching("client_search_letters", 4);
            // Without the `+`, the letters would be matched once for each row of the text.
            let rows = format!("{of_text} AND +rowid IN (SELECT rowid {of_letters})");
            (rows, vec![phrases(), pairs()])
        }
    };
    Indexed {
        id: "rowid & 0xFFFFFFFFFF",
        rows,
        parameters,
    }
}

/// A query for the pairs of letters in one spelling of each word; `marks` say that a word only begins like that, and
/// what stands for and, and for or.
fn pairs_of(words: &[&[String]], marks: [&str; 3]) -> String {
    let [beginning, and, or] = marks;
    let pairs = |spelling: &String| match Pairs::of(spelling) {
        Pairs::Beginning(word) => format!("{word}{beginning}"),
        Pairs::Words(pairs) => format!("({})", pairs.join(and)),
    };
    all_of(words, |spellings| any_of(spellings, pairs, or), and)
}

fn all_of(words: &[&[String]], word: impl Fn(&[String]) -> String, and: &str) -> String {
    let words: Vec<_> = words.iter().map(|spellings| word(spellings)).collect();
    words.join(and)
}

fn any_of(spellings: &[String], spelling: impl Fn(&String) -> String, or: &str) -> String {
    let spellings: Vec<_> = spellings.iter().map(spelling).collect();
    format!("({})", spellings.join(or))
}

/// The pattern that finds the word anywhere, with its own `%`, `_` and `\` literal. Only its ASCII
/// letters are in lower case, as the columns' are: `SQLite` knows no others.
pub(crate) fn like_pattern(word: &str) -> String {
    let mut pattern = String::from("%");
    for letter in word.to_ascii_lowercase().chars() {
        if matches!(letter, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(letter);
    }
    pattern.push('%');
    pattern
}
