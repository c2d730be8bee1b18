//! `tawzi company`

use crate::args::{Company, SettingsArgs};
use crate::output;
use anyhow::bail;
use std::process::ExitCode;
use tawzi_app::{Clock, CompanyChange, CompanyDraft, Error, change_company, create_company};
use tawzi_core::company::ReAssignHours;
use tawzi_core::id::CompanyId;
use tawzi_store::Db;

pub(super) async fn run(db: &Db, command: Company) -> anyhow::Result<ExitCode> {
    match command {
        Company::List => list(db).await,
        Company::Create {
            name,
            domain,
            specialization,
            settings,
        } => {
            let draft = CompanyDraft {
                name,
                domain,
                specialization,
                auto_assign_enabled: settings.auto_assign.unwrap_or(true),
                re_assign_enabled: settings.re_assign.unwrap_or(false),
                re_assign_hours: settings.hours.unwrap_or(ReAssignHours::DEFAULT),
            };
            create(db, draft).await
        }
        Company::Set { id, settings } => set(db, id, settings).await,
    }
}

async fn list(db: &Db) -> anyhow::Result<ExitCode> {
    let companies = db.read().await?.companies().await?;
    if companies.is_empty() {
        output::line("There are no companies yet; create one with `tawzi company create`.")?;
        return Ok(ExitCode::SUCCESS);
    }
    let switch = |on: bool| if on { "on" } else { "off" }.to_owned();
    let rows = companies.into_iter().map(|company| {
        [
            company.id.to_string(),
            company.name,
            company.domain,
            company.owner_username.unwrap_or_default(),
            switch(company.auto_assign_enabled),
            switch(company.re_assign_enabled),
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
    output::table(header, rows)?;
    Ok(ExitCode::SUCCESS)
}

async fn create(db: &Db, draft: CompanyDraft) -> anyhow::Result<ExitCode> {
    let id = create_company(db, &draft, Clock::System.now()).await?;
    output::line(format!(
        "Created company {id}. Next: `tawzi user create NAME --company {id} --role admin --email ADDRESS`."
    ))?;
    Ok(ExitCode::SUCCESS)
}

async fn set(db: &Db, id: CompanyId, settings: SettingsArgs) -> anyhow::Result<ExitCode> {
    let change = CompanyChange {
        auto_assign_enabled: settings.auto_assign,
        re_assign_enabled: settings.re_assign,
        re_assign_hours: settings.hours,
    };
    if settings.auto_assign.is_none() && settings.re_assign.is_none() && settings.hours.is_none() {
        bail!("say what to change: --auto-assign on|off, --re-assign on|off, --hours N");
    }
    let company = match change_company(db, id, change).await {
        Err(Error::NotFound(_)) => bail!("there is no company {id}; see `tawzi company list`"),
        result => result?,
    };
    let switch = |on: bool| if on { "on" } else { "off" };
    output::line(format!(
        "Company {id} ({}): auto-assign {}, re-assign {}, {} hours.",
        company.name,
        switch(company.auto_assign_enabled),
        switch(company.re_assign_enabled),
        company.re_assign_hours.get()
    ))?;
    Ok(ExitCode::SUCCESS)
}
