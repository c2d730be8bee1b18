//! Signing in and keeping signed in (contract, sections 2.2 and 2.4).

pub(crate) mod availability;
mod body;
pub(crate) mod code;
pub(crate) mod email;
pub(crate) mod forgotten;
pub(crate) mod password;
pub(crate) mod tokens;
pub(crate) mod wish;

use crate::Shared;
use crate::wire::failure::{Answer, Failure};
use crate::wire::fields::{said, valid};
use tawzi_app::{Account, Asker, CodeRefusal, ShownCode, Submitted, find_account};
use tawzi_core::text::FilledText;
use tawzi_web::{SignInStep, Visitor};

/// All that some requests say.
#[derive(Default)]
pub(crate) struct OneText {
    text: Option<FilledText>,
}

fn only_text(sent: Submitted<OneText>) -> Answer<String> {
    Ok(said(valid(sent)?.text))
}

/// Counts one more step of that visitor on the account that is called so, and says who asks and whose it is.
async fn counted(
    state: &Shared,
    visitor: Visitor,
    step: SignInStep,
    login: &str,
) -> Answer<(Asker, Account)> {
    let asker = state.sign_in_limits.enter(visitor)?;
    let account = find_account(&state.app, login).await?;
    state.sign_in_limits.count(step, asker, account.key())?;
    Ok((asker, account))
}

/// The code from a mail that was shown, in either form.
fn shown_code<'a>(
    asker: Asker,
    code: Option<&'a String>,
    token: Option<&'a String>,
) -> Answer<ShownCode<'a>> {
    if code.or(token).is_none() {
        return Err(Failure::from(CodeRefusal::NothingSent));
    }
    Ok(ShownCode {
        asker,
        code: code.map(|code| code.trim()),
        token: token.map(|token| token.trim()),
    })
}
