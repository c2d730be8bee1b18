//! Taking over the reference CRM's database, on either of its engines, a page of rows at a time.

mod columns;
mod error;
mod rows;
mod tables;
mod write;

use crate::db::engine::{Reader, open_foreign};
use crate::db::query::Query;
use crate::db::row::Record;
use crate::db::url::DatabaseUrl;
use crate::tables::user_account::login_key::named;
pub use error::SourceError;
use error::{check_file, explain};
use rows::{OurRow, convert};
use std::fmt::Write as _;
pub use tables::SourceTable;
pub(crate) use tables::TABLES;
use tawzi_core::id::UserId;
use tawzi_core::login::SharedLogin;
pub use write::ImportError;

/// A database of the reference CRM, read in one snapshot.
#[derive(Debug)]
pub struct DjangoSource {
    url: DatabaseUrl,
    reader: Reader,
}

/// Rows of a table of the reference, converted into ours; one at least.
#[derive(Debug)]
pub struct SourceRows {
    table: &'static SourceTable,
    rows: Vec<OurRow>,
    /// The highest id among them, which the last one has.
    pub last_id: i64,
}

/// A table of the reference, the number of its rows, and the highest id that they bring.
pub type SourceCount = (&'static SourceTable, i64, i64);

impl DjangoSource {
    /// Opens the source and makes sure that it is an intact database of the reference.
    pub async fn open(url: &DatabaseUrl) -> Result<Self, SourceError> {
        if let Some(path) = url.file() {
            check_file(path)?;
        }
        let reader = open_foreign(url).await.map_err(|e| explain(url, e))?;
        let mut source = Self {
            url: url.clone(),
            reader,
        };
        // PostgreSQL looks after its own pages.
        if url.file().is_some() {
            let check = "PRAGMA quick_check(1)".to_owned();
            let answer: String = source.one(check).await?;
            if answer != "ok" {
                return Err(SourceError::Damaged(url.to_string()));
            }
        }
        // Every statement is prepared now, so that a missing table or column is found at once.
        for table in TABLES {
            source.page(table, i64::MAX, 1).await?;
        }
        source.require_distinct_logins().await?;
        Ok(source)
    }

    /// That no two people of it are found in the same way here.
    async fn require_distinct_logins(&mut self) -> Result<(), SourceError> {
        let unreadable = |error| explain(&self.url, error);
        let all = "SELECT CAST(id AS BIGINT), username, email FROM users ORDER BY id".to_owned();
        let rows = self.reader.connection().rows(Query::built(all)).await;
        let people: Result<Vec<(UserId, String, String)>, _> = rows
            .map_err(unreadable)?
            .iter()
            .map(Record::from_row)
            .collect();
        let people = people.map_err(unreadable)?;
        let people = people.iter();
        let shared = SharedLogin::among(people.map(|(id, name, email)| (*id, &**name, &**email)));
        if shared.is_empty() {
            return Ok(());
        }
        Err(SourceError::SharedLogins(named(&shared)))
    }

    /// Where it is, without its password.
    pub fn name(&self) -> String {
        self.url.to_string()
    }

    /// What each table holds, in the order of writing.
    pub async fn contents(&mut self) -> Result<Vec<SourceCount>, SourceError> {
        let mut contents = Vec::with_capacity(TABLES.len());
        for table in TABLES {
            let (rows, highest) = self.one(table.count()).await?;
            contents.push((table, rows, highest));
        }
        Ok(contents)
    }

    /// A text that tells it from other sources: how much is in each table, and who the first
    /// companies are.
    pub async fn identity(&mut self, contents: &[SourceCount]) -> Result<String, SourceError> {
        let mut identity = String::new();
        for (table, rows, highest) in contents {
            // Writing to a string cannot fail.
            let _ = writeln!(identity, "{} {rows} {highest}", table.name);
        }
        let companies = self.page(&TABLES[0], 0, 5_000).await?;
        for company in companies.iter().flat_map(|companies| &companies.rows) {
            let [id, domain, created_at] =
                ["id", "domain", "created_at"].map(|name| &company[name]);
            let domain = domain.as_str().unwrap_or_default();
            let _ = writeln!(identity, "{id} {domain} {created_at}");
        }
        Ok(identity)
    }

    /// At most `limit` rows of a table from behind that id; nothing when there are no more.
    pub async fn page(
        &mut self,
        table: &'static SourceTable,
        after: i64,
        limit: i64,
    ) -> Result<Option<SourceRows>, SourceError> {
        let unreadable = |error| explain(&self.url, error);
        let query = Query::built(table.read()).with(after).with(limit);
        let found = self.reader.connection().rows(query).await;
        let mut last_id = None;
        let mut rows = Vec::new();
        for row in &found.map_err(unreadable)? {
            let id = row.raw(0).map_err(unreadable)?;
            rows.push(convert(table, id, row).map_err(|problem| SourceError::Row {
                table: table.name,
                id,
                problem,
            })?);
            last_id = Some(id);
        }
        Ok(last_id.map(|last_id| SourceRows {
            table,
            rows,
            last_id,
        }))
    }

    async fn one<T: Record>(&mut self, statement: String) -> Result<T, SourceError> {
        let query = Query::built(statement);
        let row = self.reader.connection().first_row(query).await;
        row.and_then(|row| T::from_row(&row.ok_or(sqlx::Error::RowNotFound)?))
            .map_err(|error| explain(&self.url, error))
    }
}

impl SourceRows {
    /// How many there are.
    pub fn count(&self) -> i64 {
        i64::try_from(self.rows.len()).unwrap_or(i64::MAX)
    }
}
