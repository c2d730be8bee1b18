//! Who asks, how they prove it, and what they may see and do.

pub(crate) mod account;
pub(crate) mod actor;
pub(crate) mod api_keys;
pub(crate) mod asker;
pub(crate) mod caller;
pub(crate) mod lookup;
pub(crate) mod mail_code;
pub(crate) mod password;
pub(crate) mod sign_in;
pub(crate) mod sign_in_code;
pub(crate) mod token;
