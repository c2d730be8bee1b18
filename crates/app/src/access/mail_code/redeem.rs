//! Showing a code from a mail, once.

use super::{codes, is_good, may_be_guessed, place};
use crate::access::asker::Asker;
use crate::access::token::Hashed;
use crate::app::App;
use crate::error::Result;
use tawzi_core::id::UserId;
use tawzi_store::{MailCode, MailPurpose, Tx};

/// What somebody shows, and who.
#[derive(Clone, Copy, Debug)]
pub struct ShownCode<'a> {
    /// Who shows it.
    pub asker: Asker,
    /// The short code.
    pub code: Option<&'a str>,
    /// The long code.
    pub token: Option<&'a str>,
}

/// Why a code is not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "each says what it is")]
pub enum BadMailCode {
    /// It is wrong, was used, was replaced or was guessed at too often.
    #[error("the code is wrong or good for nothing any more")]
    Wrong,
    #[error("the code has expired")]
    Expired,
}

/// The code that was shown, of the person whose lock the caller holds, all of whose codes for that are used up by it; wrong
/// ones are counted. To be committed in either case.
pub(crate) async fn redeem(
    app: &App,
    tx: &mut Tx,
    user: UserId,
    purpose: MailPurpose,
    shown: ShownCode<'_>,
) -> Result<Result<MailCode, BadMailCode>> {
    let kept = tx.mail_codes(user, purpose).await?;
    let Some(code) = found(app, kept, purpose, shown) else {
        count_wrong(app, tx, user, purpose, shown).await?;
        return Ok(Err(BadMailCode::Wrong));
    };
    if !is_good(&code, purpose, app.now()) {
        return Ok(Err(BadMailCode::Expired));
    }
    tx.end_mail_codes(user, purpose).await?;
    Ok(Ok(code))
}

/// The one of a person's codes that was shown. What follows from a secret key may be compared in the ordinary way.
pub(crate) fn found(
    app: &App,
    kept: Vec<MailCode>,
    purpose: MailPurpose,
    shown: ShownCode<'_>,
) -> Option<MailCode> {
    let mut kept = kept.into_iter().filter(|code| !code.nonce.is_empty());
    kept.find(|code| {
        let (short, long) = codes(app, code, purpose);
        let own = code.asked_from == place(app, code.user_id, shown.asker);
        let by_short = own && may_be_guessed(code) && shown.code == Some(&short);
        by_short || shown.token == Some(&long)
    })
}

/// Counts a wrong short code where one of the person's was asked for; the same one again is no other guess.
pub(crate) async fn count_wrong(
    app: &App,
    tx: &mut Tx,
    user: UserId,
    purpose: MailPurpose,
    shown: ShownCode<'_>,
) -> Result<()> {
    let Some(wrong) = shown.code else {
        return Ok(());
    };
    let place = place(app, user, shown.asker);
    let kept = tx.mail_codes(user, purpose).await?;
    let hash = app.keys.hash(Hashed::Code, user, wrong);
    let asked = kept.into_iter().find(|code| code.asked_from == place);
    if asked.is_some_and(|code| code.last_wrong_hash.as_ref() != Some(&hash)) {
        tx.count_wrong_mail_code(user, purpose, &place, &hash)
            .await?;
    }
    Ok(())
}
