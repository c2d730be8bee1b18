//! The API keys of a company, for its administrators. The key itself is answered once, when it is made.

use crate::wire::answer::answer;
use crate::wire::caller::Administrator;
use crate::wire::fields::request;
use crate::wire::operations::operations;
use tawzi_app::{ApiKey, CreatedApiKey, NewApiKey};
use tawzi_core::id::{ApiKeyId, UserId};
use tawzi_core::text::ApiKeyName;
use tawzi_core::time::Timestamp;

answer! {
    /// A key, without what would let anybody use it.
    pub(crate) struct ApiKeyBody of key: ApiKey {
        always id: ApiKeyId;
        always name: String;
        /// How the key begins, to recognise it by.
        #[schema(examples("twz_4fKq"))]
        always prefix: String;
        nullable created_by: UserId;
        perhaps created_by_username: String;
        always created_at: Timestamp;
        /// To the minute.
        nullable last_used_at: Timestamp;
        nullable revoked_at: Timestamp;
    }
}

request! {
    /// A key to be made.
    #[schema(examples(json!({"name": "Form on our website"})))]
    pub(crate) struct ApiKeyRequest for NewApiKey {
        /// What it is for.
        #[schema(min_length = 1, max_length = 100)]
        required name: ApiKeyName;
    }
}

answer! {
    /// A key that was just made.
    #[schema(as = CreatedApiKeyBody)]
    pub(crate) struct CreatedBody of created: CreatedApiKey {
        #[serde(flatten)]
        always listed: ApiKeyBody = ApiKeyBody::new(created.key);
        /// The key itself.
        always key: String = created.secret.reveal().to_owned();
    }
}

operations! {
    in "api_keys", each a ApiKeyId, answering ApiKeyBody by |key, _| ApiKeyBody::new(key);

    /// Lists the keys of the company, the newest first. Only administrators may.
    list at "/api/api-keys/" for Administrator calls list_api_keys;
    /// Shows a key of the company. Only administrators may.
    read at "/api/api-keys/{id}/" for Administrator calls read_api_key;
    /// Revokes a key, which stays listed; doing so again changes nothing. Only administrators may.
    delete at "/api/api-keys/{id}/" for Administrator calls revoke_api_key, named "revoke";
}

operations! {
    in "api_keys", each a ApiKeyId, answering CreatedBody by |created, _| CreatedBody::new(created);

    /// Makes a key for a program of the company. The key itself is told this once. Only administrators may.
    create at "/api/api-keys/" for Administrator of ApiKeyRequest calls create_api_key;
}

/// What the web client shows as the author of something: a person's user name, or `API: ` and the name
/// of the key with which it was done. No user name has a colon.
pub(crate) fn author_name(username: Option<String>, api_key: Option<String>) -> Option<String> {
    username.or_else(|| api_key.map(|name| format!("API: {name}")))
}
