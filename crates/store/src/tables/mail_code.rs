//! Codes that are mailed to people: one for each person, purpose and place where it was asked for.

use tawzi_core::id::UserId;
use tawzi_core::login::LoginKey;
use tawzi_core::time::Timestamp;

tawzi_core::words! {
    /// What a code from a mail is good for.
    MailPurpose {
        /// That the address it was mailed to is the person's.
        Email = "email",
        /// Setting a new password.
        Password = "password",
    }
}

row! {
    /// A code that was mailed.
    pub struct MailCode {
        /// Whose it is.
        pub user_id: UserId,
        /// The hash of where it was asked for.
        pub asked_from: String,
        /// Where it was mailed.
        pub email: String,
        /// What the code follows from; empty when it was used or taken back.
        pub nonce: String,
        /// How many wrong codes were tried there instead.
        pub wrong_attempts: i64,
        /// The hash of the one that was tried last.
        pub last_wrong_hash: Option<String>,
        /// How many mails were sent because somebody asked there.
        pub mails: i64,
        /// When the last of them was sent.
        pub mailed_at: Timestamp,
        /// From when the code is good for nothing.
        pub expires_at: Timestamp,
    }
}

statements! {
    impl Reader {
        /// The person's codes for that, those that were mailed last first, also those that are good for nothing any more.
        pub fn mail_codes(user: UserId, purpose: MailPurpose) with (user, purpose.as_str()) -> Vec<MailCode> {
            "SELECT user_id, asked_from, email, nonce, wrong_attempts, last_wrong_hash, mails, mailed_at,
                 expires_at
             FROM mail_code
             WHERE user_id = $1 AND purpose = $2
             ORDER BY mailed_at DESC, asked_from"
        }

        /// Who was sent codes for that to that address; more than a thousand are not asked about.
        pub fn mailed_to(email: &str, purpose: MailPurpose)
            with (LoginKey::of(email), purpose.as_str()) -> Vec<UserId>
        {
            "SELECT DISTINCT user_id
             FROM mail_code
             WHERE email_key = $1 AND purpose = $2
             ORDER BY user_id
             LIMIT 1000"
        }
    }

    impl Tx {
        /// Keeps the code for that in the place of the one that was asked for at the same place.
        pub fn save_mail_code(code: &MailCode, purpose: MailPurpose)
            with (code.user_id, purpose.as_str(), &*code.asked_from, &*code.email,
                LoginKey::of(&code.email), &*code.nonce, code.wrong_attempts,
                code.last_wrong_hash.as_deref(), code.mails, code.mailed_at, code.expires_at)
        {
            "INSERT INTO mail_code (user_id, purpose, asked_from, email, email_key, nonce,
                 wrong_attempts, last_wrong_hash, mails, mailed_at, expires_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
             ON CONFLICT (user_id, purpose, asked_from) DO UPDATE
             SET email = excluded.email, email_key = excluded.email_key, nonce = excluded.nonce,
                 wrong_attempts = excluded.wrong_attempts,
                 last_wrong_hash = excluded.last_wrong_hash, mails = excluded.mails,
                 mailed_at = excluded.mailed_at, expires_at = excluded.expires_at"
        }

        /// Counts a wrong code that was tried where the person's was asked for.
        pub fn count_wrong_mail_code(user: UserId, purpose: MailPurpose, asked_from: &str, wrong_hash: &str)
            with (user, purpose.as_str(), asked_from, wrong_hash)
        {
            "UPDATE mail_code
             SET wrong_attempts = wrong_attempts + 1, last_wrong_hash = $4
             WHERE user_id = $1 AND purpose = $2 AND asked_from = $3"
        }

        /// Makes all of the person's codes for that good for nothing.
        pub fn end_mail_codes(user: UserId, purpose: MailPurpose) with (user, purpose.as_str()) {
            "UPDATE mail_code SET nonce = '' WHERE user_id = $1 AND purpose = $2"
        }

        /// The same, but for those that were mailed to that address.
        pub fn end_mail_codes_unless_to(user: UserId, purpose: MailPurpose, email: &str)
            with (user, purpose.as_str(), LoginKey::of(email))
        {
            "UPDATE mail_code
             SET nonce = ''
             WHERE user_id = $1 AND purpose = $2 AND email_key <> $3"
        }

        /// Deletes the person's codes for that which were mailed at no moment in between.
        pub fn delete_mail_codes_unless_within(user: UserId, purpose: MailPurpose, after: Timestamp,
            until: Timestamp) with (user, purpose.as_str(), after, until)
        {
            "DELETE FROM mail_code
             WHERE user_id = $1 AND purpose = $2 AND (mailed_at <= $3 OR mailed_at > $4)"
        }

        /// Makes the address the person's, who has confirmed it; [`crate::Error::Conflict`] when somebody has it.
        pub fn save_confirmed_email(user: UserId, email: &str) with (user, email, LoginKey::of(email)) {
            "UPDATE user_account
             SET email = $2, email_key = $3, email_verified = TRUE
             WHERE id = $1"
        }
    }
}
