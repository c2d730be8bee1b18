//! Where the two engines must be told something in different words. A statement is written once;
//! the few phrases below stand for what differs, each with its reason. Nothing else forks.

use crate::db::engine::EngineKind;
use std::fmt::Write as _;

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
/// - `(PACKED column = "expression", …)`: the columns of a result of many small rows, to be read with
///   `fetch_packed!`. `SQLite` hands over each value of each row by itself, which costs more than
///   making and reading one text of them all; `PostgreSQL` does not.
/// - `(TEXT name)`: what the macro of that name stands for, such as the columns that several statements read.
/// - `(JSON "expression", …)`: all rows of a part of a statement as one JSON array of arrays, so that one
///   statement can answer several questions.
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
    (postgres (PACKED $first:ident = $value:literal $(, $column:ident = $more:literal)* $(,)?)) => {
        concat!(
            $value, " AS ", stringify!($first)
            $(, ", ", $more, " AS ", stringify!($column))*
        )
    };
    (sqlite (PACKED $first:ident = $value:literal $(, $column:ident = $more:literal)* $(,)?)) => {
        concat!("json_group_array(json_array(", $value $(, ", ", $more)*, "))")
    };
    ($engine:ident (TEXT $text:ident)) => { $text!() };
    ($engine:ident $text:literal) => { $text };
}

/// Declares the statements of a table, each a constant, and lists them for the test that prepares
/// every statement on both engines.
macro_rules! statements {
    ($($(#[$doc:meta])* $name:ident = [$($part:tt)+];)+) => {
        $($(#[$doc])* pub(crate) const $name: $crate::db::dialect::Sql = sql!($($part)+);)+

        #[cfg(test)]
        pub(crate) const STATEMENTS: &[(&str, $crate::db::dialect::Sql)] = &[
            $((stringify!($name), $name),)+
        ];
    };
}

/// Runs an expression with the driver's own connection; the expression is compiled for each engine.
macro_rules! on {
    ($handle:expr, $connection:ident => $body:expr) => {
        match $handle.connection() {
            $crate::db::engine::Connection::Postgres($connection) => $body,
            $crate::db::engine::Connection::Sqlite($connection) => $body,
        }
    };
}

/// Binds the parameters and runs the statement in the words of the handle's engine, by one of the
/// functions of `run`.
macro_rules! run {
    ($handle:expr, $run:ident $(::<$row:ty>)?, $sql:expr $(, $bind:expr)*) => {{
        let statement: $crate::db::dialect::Sql = $sql;
        match $handle.connection() {
            $crate::db::engine::Connection::Postgres(connection) => {
                let statement = sqlx::query(statement.postgres)$(.bind($bind))*;
                $crate::db::run::$run$(::<$row, _>)?(connection, statement).await
            }
            $crate::db::engine::Connection::Sqlite(connection) => {
                let statement = sqlx::query(statement.sqlite)$(.bind($bind))*;
                $crate::db::run::$run$(::<$row, _>)?(connection, statement).await
            }
        }
    }};
}

/// Adds that each of the words occurs in one of the columns. It is a macro because the builder's type
/// names the engine.
macro_rules! push_words {
    ($query:expr, $words:expr, $columns:expr) => {
        for word in $words {
            let pattern = $crate::db::dialect::like_pattern(word);
            for (place, column) in $columns.into_iter().enumerate() {
                $query
                    .push(if place == 0 { " AND (" } else { " OR " })
                    .push("LOWER(")
                    .push(column)
                    .push(") LIKE ")
                    .push_bind(pattern.clone())
                    .push(" ESCAPE '\\'");
            }
            $query.push(")");
        }
    };
}

/// All rows of a statement.
macro_rules! fetch_all {
    ($handle:expr, $row:ty, $sql:expr $(, $bind:expr)* $(,)?) => {
        run!($handle, fetch_all::<$row>, $sql $(, $bind)*)
    };
}

/// All rows of a statement whose columns are `PACKED`, in the order of the fields.
macro_rules! fetch_packed {
    ($handle:expr, $row:ty, $sql:expr $(, $bind:expr)* $(,)?) => {
        match $handle.engine() {
            $crate::db::engine::EngineKind::Postgres => {
                fetch_all!($handle, $row, $sql $(, $bind)*)
            }
            $crate::db::engine::EngineKind::Sqlite => {
                fetch_one!($handle, (String,), $sql $(, $bind)*).and_then(|(rows,)| {
                    serde_json::from_str::<Vec<$row>>(&rows).map_err($crate::Error::from)
                })
            }
        }
    };
}

/// The row of a statement that gives one or none.
macro_rules! fetch_optional {
    ($handle:expr, $row:ty, $sql:expr $(, $bind:expr)* $(,)?) => {
        run!($handle, fetch_optional::<$row>, $sql $(, $bind)*)
    };
}

/// The row of a statement that gives exactly one.
macro_rules! fetch_one {
    ($handle:expr, $row:ty, $sql:expr $(, $bind:expr)* $(,)?) => {
        run!($handle, fetch_one::<$row>, $sql $(, $bind)*)
    };
}

/// Runs a statement that writes, and gives the number of rows it changed. Only what is within a transaction has a
/// `writer`; a statement that writes and answers is fetched with it.
macro_rules! execute {
    ($handle:expr, $sql:expr $(, $bind:expr)* $(,)?) => {
        run!($handle.writer(), execute, $sql $(, $bind)*)
    };
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

/// The statement that finds the clients of company $1 in whose indexed text all words occur, at most
/// $2 of them, and its parameters from $3 on. The words are in lower case and have three letters at
/// least: `PostgreSQL` looks for patterns in a table, `SQLite` for phrases in an index whose rows are
/// numbered by company.
pub(crate) fn candidates_of(engine: EngineKind, words: &[String]) -> (String, Vec<String>) {
    match engine {
        EngineKind::Postgres => {
            let mut text = "SELECT client_id FROM client_search WHERE company_id = $1".to_owned();
            for place in 3..words.len() + 3 {
                // Writing to a string cannot fail.
                let _ = write!(text, " AND text LIKE ${place}");
            }
            text.push_str(" LIMIT $2");
            (text, words.iter().map(|word| like_pattern(word)).collect())
        }
        EngineKind::Sqlite => {
            let text = "SELECT rowid & 0xFFFFFFFFFF
                        FROM client_search
                        WHERE client_search MATCH $3
                            AND rowid BETWEEN $1 << 40 AND $1 << 40 | 0xFFFFFFFFFF
                        LIMIT $2";
            let phrases = words
                .iter()
                .map(|word| format!("\"{}\"", word.replace('"', "\"\"")));
            let phrases: Vec<_> = phrases.collect();
            (text.to_owned(), vec![phrases.join(" AND ")])
        }
    }
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
