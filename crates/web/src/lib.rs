//! What the API and the pages share of HTTP: who asks and from where, how often somebody may try to
//! sign in, and what surrounds all handlers. How an answer is worded, in JSON or HTML, is not known here.

mod address;
mod bearer;
mod guard;
mod sign_in_limits;
mod visitor;

pub use address::ServerAddress;
pub use bearer::{NotAuthenticated, authenticated, bearer};
pub use guard::{MAX_BODY_BYTES, Trouble, guarded, with_browser_headers};
pub use sign_in_limits::{SignInLimits, SignInStep, TooMany};
pub use visitor::{AddressFrom, Visitor, line_of};
