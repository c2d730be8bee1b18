//! Keys with which other programs act for a company, kept as hashes. A revoked key stays listed.

use crate::db::tenant::TenantTx;
use crate::error::Result;
use serde::Serialize;
use tawzi_core::id::{ApiKeyId, CompanyId, UserId};
use tawzi_core::time::Timestamp;

row! {
    /// A key, without what would let anybody use it.
    pub struct ApiKey {
        /// Its company.
        pub company_id: CompanyId,
        /// Its id; later keys have higher ones.
        pub id: ApiKeyId,
        /// What it is for, in the company's own words.
        pub name: String,
        /// What the key starts with.
        pub prefix: String,
        /// Who made it; null when it was made by a command, or that person is not there any more.
        pub created_by: Option<UserId>,
        /// That person's user name.
        pub created_by_username: Option<String>,
        /// When it was made.
        pub created_at: Timestamp,
        /// When it was used last, to the minute or so.
        pub last_used_at: Option<Timestamp>,
        /// Since when it is good for nothing.
        pub revoked_at: Option<Timestamp>,
    }
}

row! {
    /// What a good key proves.
    pub struct ApiKeyIdentity {
        /// The company it acts for.
        pub company_id: CompanyId,
        /// Which key it is.
        pub id: ApiKeyId,
        /// What it is called.
        pub name: String,
        /// When it was used last, to the minute or so.
        pub last_used_at: Option<Timestamp>,
        /// The company's name.
        pub company_name: String,
        /// Whether any subscription of the company is active.
        pub subscribed: bool,
    }
}

/// A key to be kept.
#[derive(Clone, Copy, Debug)]
#[expect(missing_docs, reason = "the fields are those of ApiKey")]
pub struct NewApiKey<'a> {
    pub name: &'a str,
    pub prefix: &'a str,
    /// The hash by which it will be found.
    pub key_hash: &'a str,
    pub created_by: Option<UserId>,
    pub created_at: Timestamp,
}

/// That a key was used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct ApiKeyUse {
    /// The key's company.
    pub company_id: CompanyId,
    /// The key.
    pub id: ApiKeyId,
}

/// The beginning of a statement that reads keys.
macro_rules! keys {
    () => {
        "SELECT k.company_id, k.id, k.name, k.prefix, k.created_by,
             u.username AS created_by_username, k.created_at, k.last_used_at, k.revoked_at
         FROM api_key k
         LEFT JOIN user_account u ON u.id = k.created_by"
    };
}

statements! {
    impl Reader {
        /// Who comes with the key of that hash, if it is there and was not revoked. The key alone says
        /// which company it is of.
        pub fn api_key_identity(key_hash: &str) -> Option<ApiKeyIdentity> {
            "SELECT k.company_id, k.id, k.name, k.last_used_at, c.name AS company_name,
                 EXISTS (SELECT 1 FROM subscription s
                         WHERE s.company_id = k.company_id AND s.is_active) AS subscribed
             FROM api_key k
             JOIN company c ON c.id = k.company_id
             WHERE k.key_hash = $1 AND k.revoked_at IS NULL"
        }

        /// The company of the key with that id. Reads all keys: it is for people with a command line.
        pub fn company_of_api_key(id: ApiKeyId) -> Option<CompanyId> {
            "SELECT company_id FROM api_key WHERE id = $1"
        }
    }

    impl Tenant<'_> {
        /// A page of the keys, the newest first, with those that were revoked.
        pub fn api_keys(offset: i64, limit: i64) -> Vec<ApiKey> {
            (TEXT keys) "
             WHERE k.company_id = $1
             ORDER BY k.id DESC
             LIMIT $3 OFFSET $2"
        }

        /// How many there are.
        pub fn count_api_keys() -> i64 {
            "SELECT COUNT(*) FROM api_key WHERE company_id = $1"
        }

        /// How many of them were not revoked.
        pub fn count_live_api_keys() -> i64 {
            "SELECT COUNT(*) FROM api_key WHERE company_id = $1 AND revoked_at IS NULL"
        }

        /// The key with that id, even if it was revoked.
        pub fn api_key(id: ApiKeyId) -> Option<ApiKey> {
            (TEXT keys) " WHERE k.company_id = $1 AND k.id = $2"
        }
    }

    impl TenantTx<'_> {
        fn insert_api_key(id: ApiKeyId, new: &NewApiKey<'_>)
            with (id, new.name, new.prefix, new.key_hash, new.created_by, new.created_at)
        {
            "INSERT INTO api_key (company_id, id, name, prefix, key_hash, created_by, created_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7)"
        }

        /// Makes the key good for nothing; one that is already keeps its moment.
        pub fn revoke_api_key(id: ApiKeyId, at: Timestamp) {
            "UPDATE api_key
             SET revoked_at = $3
             WHERE company_id = $1 AND id = $2 AND revoked_at IS NULL"
        }
    }

    impl Tx {
        /// Notes that those keys were used, except where that was noted less than `seconds` ago; how
        /// many were written. Whoever wrote first since then has said enough.
        pub fn note_api_key_uses(uses: &[ApiKeyUse], at: Timestamp, seconds: i64)
            with (serde_json::to_string(uses)?, at, at.plus_seconds(-seconds)) -> u64
        {
            "UPDATE api_key
             SET last_used_at = $2
             FROM " (ROWS company_id BIGINT, id BIGINT) "
             WHERE api_key.company_id = r.company_id AND api_key.id = r.id
               AND (api_key.last_used_at IS NULL OR api_key.last_used_at <= $3)"
        }
    }
}

impl TenantTx<'_> {
    /// Keeps a key.
    pub async fn create_api_key(&mut self, new: NewApiKey<'_>) -> Result<ApiKeyId> {
        let id = self.writer().take_id().await?;
        self.insert_api_key(id, &new).await?;
        Ok(id)
    }
}
