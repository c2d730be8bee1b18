//! By what a repeated request is recognised: numbers that are kept with what the first one has created.

use crate::error::Result;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use tawzi_core::id::CompanyId;
use tawzi_core::time::Timestamp;

/// What is kept of a request with what it creates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CreateKey {
    /// What its repetitions have in common.
    pub key: i64,
    /// What was asked for, where the key does not say that.
    pub asked: Option<i64>,
}

impl CreateKey {
    /// A key that is made of what was asked for.
    pub const fn of_content(key: i64) -> Self {
        Self { key, asked: None }
    }
}

/// What an earlier request with the same key has created.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Earlier<Id> {
    /// Its id.
    pub id: Id,
    /// What was asked for; only told to whoever asks with a key that does not say it.
    pub asked: Option<i64>,
}

/// The key of a request in a company, and since when what was created counts.
pub type KeyQuestion = (CompanyId, CreateKey, Timestamp);

/// The rows of `ROWS company_id BIGINT, create_key BIGINT, since BIGINT, chosen BOOLEAN`.
pub(crate) fn key_rows(keys: &[KeyQuestion]) -> serde_json::Result<String> {
    json_rows!(keys, (company, key, since) => {
        company_id: *company,
        create_key: key.key,
        since: *since,
        chosen: key.asked.map(|_| true),
    })
}

/// Reads the answer: rows of company, key, id and what was asked for.
pub(crate) fn read_earlier<Id: DeserializeOwned>(
    rows: &str,
) -> Result<BTreeMap<(CompanyId, i64), Earlier<Id>>> {
    let rows: Vec<(CompanyId, i64, Option<Id>, Option<i64>)> = serde_json::from_str(rows)?;
    let earlier = |(company, key, id, asked)| {
        let earlier = Earlier { id: id?, asked };
        Some(((company, key), earlier))
    };
    Ok(rows.into_iter().filter_map(earlier).collect())
}
