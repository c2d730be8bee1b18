//! Codes that are sent to people so that they can sign in, kept as hashes: one for each person.

use tawzi_core::id::UserId;
use tawzi_core::time::Timestamp;

row! {
    /// The code that a person can sign in with.
    pub struct SignInCode {
        /// Whose it is.
        pub user_id: UserId,
        /// The code's hash.
        pub code_hash: String,
        /// The hash of the token that was given to whoever asked for the code.
        pub token_hash: String,
        /// How many wrong codes were tried instead.
        pub wrong_attempts: i64,
        /// The hash of the one that was tried last.
        pub last_wrong_hash: Option<String>,
        /// When it was asked for.
        pub created_at: Timestamp,
        /// From when it is good for nothing.
        pub expires_at: Timestamp,
    }
}

/// A code to be kept.
#[derive(Clone, Copy, Debug)]
#[expect(missing_docs, reason = "the fields are those of SignInCode")]
pub struct NewSignInCode<'a> {
    pub user: UserId,
    pub code_hash: &'a str,
    pub token_hash: &'a str,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
}

macro_rules! code_of_user {
    () => {
        "SELECT user_id, code_hash, token_hash, wrong_attempts, last_wrong_hash, created_at,
             expires_at
         FROM sign_in_code
         WHERE user_id = $1"
    };
}

statements! {
    impl Reader {
        /// The person's code, also one that has expired.
        pub fn sign_in_code(user: UserId) -> Option<SignInCode> {
            (TEXT code_of_user)
        }
    }

    impl Tx {
        /// The person's code, which until commit nobody else can use, count or replace.
        pub fn lock_sign_in_code(user: UserId) -> Option<SignInCode> {
            (TEXT code_of_user) LOCK_ROWS
        }

        /// Keeps a code in the place of the one that the person had.
        pub fn save_sign_in_code(new: NewSignInCode<'_>)
            with (new.user, new.code_hash, new.token_hash, new.created_at, new.expires_at)
        {
            "INSERT INTO sign_in_code (user_id, code_hash, token_hash, wrong_attempts, created_at,
                 expires_at)
             VALUES ($1, $2, $3, 0, $4, $5)
             ON CONFLICT (user_id) DO UPDATE
             SET code_hash = excluded.code_hash, token_hash = excluded.token_hash,
                 wrong_attempts = 0, last_wrong_hash = NULL, created_at = excluded.created_at,
                 expires_at = excluded.expires_at"
        }

        /// Counts a wrong code that was tried.
        pub fn count_wrong_code(user: UserId, wrong_hash: &str) {
            "UPDATE sign_in_code
             SET wrong_attempts = wrong_attempts + 1, last_wrong_hash = $2
             WHERE user_id = $1"
        }

        /// Deletes the person's code: it was used.
        pub fn delete_sign_in_code(user: UserId) {
            "DELETE FROM sign_in_code WHERE user_id = $1"
        }
    }
}
