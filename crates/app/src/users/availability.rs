//! Whether names and numbers are free, for a form that asks while it is filled in (contract, section 1.4).

use crate::app::App;
use crate::error::{Error, Problem, Result, require};
use crate::users::rights::Claim;

/// What is asked about.
#[derive(Clone, Debug, Default)]
#[expect(missing_docs, reason = "the fields are those of users and companies")]
pub struct WantedNames {
    pub company_domain: Option<String>,
    pub email: Option<String>,
    pub username: Option<String>,
    pub phone: Option<String>,
}

/// Nobody has any of it, or what somebody has is said by field.
pub async fn require_available(app: &App, wanted: &WantedNames) -> Result<()> {
    let mut reader = app.db.read().await?;
    let text = |text: &'_ Option<String>| text.clone().unwrap_or_default();
    let (username, email) = (text(&wanted.username), text(&wanted.email));
    let claim = Claim {
        username: &username,
        email: &email,
        phone: wanted.phone.as_deref(),
        by: None,
    };
    let mut problems = match claim.require_free(&mut reader).await {
        Err(Error::Invalid(problems)) => problems,
        free => {
            free?;
            Vec::new()
        }
    };
    if let Some(domain) = &wanted.company_domain
        && reader.company_of_domain(domain).await?.is_some()
    {
        problems.push(Problem::Taken.of("company_domain"));
    }
    require(problems.is_empty(), Error::Invalid(problems))
}
