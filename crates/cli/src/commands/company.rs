//! `tawzi company`

use crate::args::{CreateCompanyArgs, SetCompanyArgs};
use crate::fields::{is_taken, text};
use crate::output::{self, switch};
use anyhow::{Context, bail};
use tawzi_app::{
    App, CompanyDraft, Error, SettingsChange, change_company, create_company, hand_over_company,
};
use tawzi_core::company::{ReAssignHours, Specialization};
use tawzi_core::id::CompanyId;
use tawzi_core::phone::PhoneRegion;
use tawzi_core::text::{CompanyName, Domain};
use tawzi_store::Company;

pub(super) async fn list(app: &App) -> anyhow::Result<()> {
    let companies = app.db().read().await?.companies().await?;
    if companies.is_empty() {
        return output::line("There are no companies yet; create one with `tawzi company create`.");
    }
    let rows = companies.into_iter().map(|company| {
        [
            company.id.to_string(),
            company.name,
            company.domain,
            company.owner_username.unwrap_or_default(),
            switch(company.auto_assign_enabled).to_owned(),
            switch(company.re_assign_enabled).to_owned(),
            company.re_assign_hours.get().to_string(),
        ]
    });
    let header = [
        "id",
        "name",
        "domain",
        "owner",
        "auto-assign",
        "re-assign",
        "hours",
    ];
    output::table(header, rows)
}

/// What is to be created, if it can be.
pub(super) fn draft(args: &CreateCompanyArgs) -> anyhow::Result<CompanyDraft> {
    let Some(specialization) = Specialization::parse(&args.specialization) else {
        bail!(
            "{:?} is no specialization; use one of real_estate, services, products",
            args.specialization
        );
    };
    Ok(CompanyDraft {
        name: text("name", &args.name, CompanyName::parse)?,
        domain: text("domain", &args.domain, Domain::parse)?,
        specialization,
        auto_assign_enabled: args.settings.auto_assign.unwrap_or(true),
        re_assign_enabled: args.settings.re_assign.unwrap_or(false),
        re_assign_hours: args.settings.hours.unwrap_or(ReAssignHours::DEFAULT),
    })
}

pub(super) async fn create(app: &App, draft: &CompanyDraft) -> anyhow::Result<()> {
    let id = match create_company(app, draft).await {
        Err(Error::Invalid(problems)) if is_taken(&problems) => {
            let domain = draft.domain.as_str();
            bail!("there is already a company with the domain {domain}")
        }
        created => created?,
    };
    output::line(format!(
        "Created company {id}. Next: `tawzi user create NAME --company {id} --role admin --email ADDRESS`."
    ))
}

pub(super) async fn set(app: &App, args: &SetCompanyArgs) -> anyhow::Result<()> {
    let id = args.id;
    let change = SettingsChange {
        auto_assign_enabled: args.settings.auto_assign,
        re_assign_enabled: args.settings.re_assign,
        re_assign_hours: args.settings.hours,
        unique_phones: args.unique_phones,
        phone_region: args.phone_region.map(Some),
    };
    if change == SettingsChange::default() {
        bail!(
            "say what to change: --auto-assign on|off, --re-assign on|off, --hours N, \
             --unique-phones on|off, --phone-region XX"
        );
    }
    require(app, id).await?;
    let company = change_company(app, id, change).await?;
    output::line(format!(
        "Company {id} ({}): auto-assign {}, re-assign {}, {} hours; unique phones {}, phone region {}.",
        company.name,
        switch(company.auto_assign_enabled),
        switch(company.re_assign_enabled),
        company.re_assign_hours.get(),
        switch(company.unique_phones),
        company
            .phone_region
            .as_ref()
            .map_or("none", PhoneRegion::as_str)
    ))
}

pub(super) async fn hand_over(app: &App, id: CompanyId, login: &str) -> anyhow::Result<()> {
    let company = require(app, id).await?;
    let user = app.db().read().await?.find_user(login).await?;
    let user = user.with_context(|| format!("there is no user {login}; see `tawzi user list`"))?;
    let before = match hand_over_company(app, id, user.id).await {
        Err(Error::Invalid(_)) => {
            bail!(
                "{login} is no active administrator of company {id}; see `tawzi user list --company {id}`"
            )
        }
        handed_over => handed_over?,
    };
    let before = before.map_or("nobody's".to_owned(), |before| format!("user {before}'s"));
    output::line(format!(
        "Company {id} ({}) is user {}'s now, and was {before}.",
        company.name, user.id
    ))
}

/// The company with that number, or a sentence that says how to find the right one.
pub(super) async fn require(app: &App, id: CompanyId) -> anyhow::Result<Company> {
    let company = app.db().read().await?.company(id).await?;
    company.with_context(|| format!("there is no company {id}; see `tawzi company list`"))
}
