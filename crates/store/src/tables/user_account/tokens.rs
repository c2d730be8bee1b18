//! From which moment on a person's tokens are good: raising it takes all of them back.

use crate::db::engine::Tx;
use crate::error::Result;
use tawzi_core::id::UserId;
use tawzi_core::time::Timestamp;

statements! {
    /// Later than what was issued until `$2`, in that very microsecond too. Whoever signs in again
    /// gets tokens that count as issued at the new moment at the earliest, also from a process whose
    /// clock is behind.
    REVOKE = [
        "UPDATE user_account
         SET tokens_valid_from =
             CASE WHEN tokens_valid_from > $2 THEN tokens_valid_from ELSE $2 END + 1,
             spared_access_issued_at = $3
         WHERE id = $1"
    ];
    /// Fails to find the person when they may not sign in any more, or their tokens were taken back
    /// after that moment was read.
    CONFIRM = [
        "SELECT id
         FROM user_account
         WHERE id = $1 AND tokens_valid_from = $2 AND is_active" LOCK_ROWS
    ];
}

impl Tx {
    /// Takes back all tokens of a person: those issued until now are good for nothing any more.
    /// To be called when a password is set, and when a person is made inactive.
    pub async fn revoke_tokens(&mut self, user: UserId, now: Timestamp) -> Result<()> {
        execute!(self, REVOKE, user.get(), now.microseconds(), None::<i64>)?;
        Ok(())
    }

    /// Takes back all tokens of a user but the access token issued at `spared`, which stays good until it
    /// expires.
    pub async fn revoke_other_tokens(
        &mut self,
        user: UserId,
        now: Timestamp,
        spared: Timestamp,
    ) -> Result<()> {
        let spared = Some(spared.microseconds());
        execute!(self, REVOKE, user.get(), now.microseconds(), spared)?;
        Ok(())
    }

    /// Whether the person may still sign in and nobody has taken back their tokens since
    /// `tokens_valid_from` was read; until commit it stays so.
    pub async fn lock_unrevoked(
        &mut self,
        user: UserId,
        tokens_valid_from: Timestamp,
    ) -> Result<bool> {
        let found = fetch_optional!(
            self,
            (i64,),
            CONFIRM,
            user.get(),
            tokens_valid_from.microseconds()
        )?;
        Ok(found.is_some())
    }
}
