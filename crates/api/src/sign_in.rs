//! Signing in and keeping signed in (contract, sections 2.2 and 2.4).

mod body;
pub(crate) mod code;
pub(crate) mod password;
pub(crate) mod tokens;

use crate::wire::failure::Answer;
use crate::wire::fields::{said, valid};
use tawzi_app::Submitted;
use tawzi_core::text::FilledText;

/// All that some requests say.
#[derive(Default)]
pub(crate) struct OneText {
    text: Option<FilledText>,
}

fn only_text(sent: Submitted<OneText>) -> Answer<String> {
    Ok(said(valid(sent)?.text))
}
