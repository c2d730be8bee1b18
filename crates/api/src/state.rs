//! What the handlers work with.

use std::sync::Arc;
use tawzi_app::App;
use tawzi_web::SignInLimits;

/// What the handlers work with.
#[derive(Debug)]
pub struct ApiState {
    /// What the verbs work with.
    pub app: App,
    /// Origins whose pages may call the API, such as `https://crm.example`; `*.crm.example` is that
    /// domain with all of its sub-domains. Pages on this machine always may.
    pub allowed_origins: Vec<String>,
    /// How often one may try to sign in.
    pub sign_in_limits: SignInLimits,
}

/// The state, as handlers get it.
pub(crate) type Shared = Arc<ApiState>;
