//! Who has asked for a code to sign a person in with, and which code they are to show: one for each asker. Codes and
//! askers are kept as hashes.

use tawzi_core::id::UserId;
use tawzi_core::time::Timestamp;

row! {
    /// What somebody can sign a person in with who has asked for a code.
    pub struct CodeRequest {
        /// Whom the code signs in.
        pub user_id: UserId,
        /// The hash of where it was asked for.
        pub asked_from: String,
        /// The code's hash.
        pub code_hash: String,
        /// The hash of the token that was given to whoever asked.
        pub token_hash: String,
        /// How many wrong codes were tried by them instead.
        pub wrong_attempts: i64,
        /// The hash of the one that was tried last.
        pub last_wrong_hash: Option<String>,
        /// How many codes were mailed because they asked.
        pub mails: i64,
        /// When the code was made.
        pub created_at: Timestamp,
        /// From when it is good for nothing.
        pub expires_at: Timestamp,
    }
}

/// A request to be kept.
#[derive(Clone, Copy, Debug)]
#[expect(missing_docs, reason = "the fields are those of CodeRequest")]
pub struct NewCodeRequest<'a> {
    pub user: UserId,
    pub asked_from: &'a str,
    pub code_hash: &'a str,
    pub token_hash: &'a str,
    /// How many codes are mailed because of it.
    pub mails: i64,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
}

macro_rules! requests {
    () => {
        "SELECT user_id, asked_from, code_hash, token_hash, wrong_attempts, last_wrong_hash, mails,
             created_at, expires_at
         FROM code_request
         WHERE user_id = $1"
    };
}

statements! {
    impl Reader {
        /// A request that is answered with that code, also one that has expired.
        pub fn request_of_code(user: UserId, code_hash: &str) -> Option<CodeRequest> {
            (TEXT requests) " AND code_hash = $2 LIMIT 1"
        }

        /// The request with the code that was made last.
        pub fn newest_code_request(user: UserId) -> Option<CodeRequest> {
            (TEXT requests) " ORDER BY created_at DESC, code_hash LIMIT 1"
        }

        /// How many codes were mailed to the person for the requests that are kept.
        pub fn count_code_mails(user: UserId) -> i64 {
            "SELECT CAST(COALESCE(SUM(mails), 0) AS BIGINT) FROM code_request WHERE user_id = $1"
        }
    }

    impl Tx {
        /// The request that the token was given for, which until commit nobody else can use, count or replace.
        pub fn lock_code_request_of_token(user: UserId, token_hash: &str) -> Option<CodeRequest> {
            (TEXT requests) " AND token_hash = $2" LOCK_ROWS
        }

        /// The request that was made there, which until commit nobody else can use, count or replace.
        pub fn lock_code_request_from(user: UserId, asked_from: &str) -> Option<CodeRequest> {
            (TEXT requests) " AND asked_from = $2" LOCK_ROWS
        }

        /// Keeps a request in the place of the one that was made at the same place.
        pub fn save_code_request(new: NewCodeRequest<'_>)
            with (new.user, new.asked_from, new.code_hash, new.token_hash, new.mails, new.created_at,
                new.expires_at)
        {
            "INSERT INTO code_request (user_id, asked_from, code_hash, token_hash, wrong_attempts,
                 mails, created_at, expires_at)
             VALUES ($1, $2, $3, $4, 0, $5, $6, $7)
             ON CONFLICT (user_id, asked_from) DO UPDATE
             SET code_hash = excluded.code_hash, token_hash = excluded.token_hash,
                 wrong_attempts = 0, last_wrong_hash = NULL,
                 mails = code_request.mails + excluded.mails,
                 created_at = excluded.created_at, expires_at = excluded.expires_at"
        }

        /// Counts a wrong code that was tried by whoever asked there.
        pub fn count_wrong_code(user: UserId, asked_from: &str, wrong_hash: &str) {
            "UPDATE code_request
             SET wrong_attempts = wrong_attempts + 1, last_wrong_hash = $3
             WHERE user_id = $1 AND asked_from = $2"
        }

        /// Deletes the person's code, whoever is to show it: it was used.
        pub fn delete_code(user: UserId, code_hash: &str) {
            "DELETE FROM code_request WHERE user_id = $1 AND code_hash = $2"
        }

        /// Deletes the person's codes that expire at no moment in between.
        pub fn delete_codes_unless_within(user: UserId, after: Timestamp, until: Timestamp) {
            "DELETE FROM code_request
             WHERE user_id = $1 AND (expires_at <= $2 OR expires_at > $3)"
        }
    }
}
