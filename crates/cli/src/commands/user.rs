//! `tawzi user`

use super::company;
use crate::args::{RoleArg, User};
use crate::fields::{is_taken, text};
use crate::output;
use anyhow::{Context, anyhow, bail};
use std::io::{BufRead, IsTerminal};
use tawzi_app::{App, Error, OperatorUserDraft, create_user_as_operator, set_password};
use tawzi_core::id::CompanyId;
use tawzi_core::text::{Email, NamePart, NewPassword, Username};
use tawzi_core::user::Role;

pub(super) async fn run(app: &App, command: User) -> anyhow::Result<()> {
    match command {
        User::List { company } => list(app, company).await,
        User::Create {
            username,
            company,
            email,
            role,
            first_name,
            last_name,
        } => {
            let role = match role {
                RoleArg::Admin => Role::Admin,
                RoleArg::Employee => Role::Employee,
            };
            company::require(app, company).await?;
            let draft = OperatorUserDraft {
                company,
                username: text("user name", &username, Username::parse)?,
                email: text("e-mail address", &email, Email::parse)?,
                first_name: text("first name", &first_name, NamePart::parse)?,
                last_name: text("last name", &last_name, NamePart::parse)?,
                role,
                password: new_password()?,
            };
            let id = match create_user_as_operator(app, &draft).await {
                Err(Error::Invalid(problems)) if is_taken(&problems) => {
                    bail!("there is already a user {username} or one with the address {email}")
                }
                created => created?,
            };
            output::line(format!("Created user {id} ({}).", draft.username.as_str()))
        }
        User::SetPassword { username } => {
            let missing = || anyhow!("there is no user {username}; see `tawzi user list`");
            let known = app.db().read().await?.find_user(&username).await?;
            known.ok_or_else(missing)?;
            match set_password(app, &username, &new_password()?).await {
                Err(Error::NotFound(_)) => return Err(missing()),
                result => result?,
            }
            output::line(format!("Set the password of {username}."))
        }
    }
}

async fn list(app: &App, company: Option<CompanyId>) -> anyhow::Result<()> {
    if let Some(id) = company {
        company::require(app, id).await?;
    }
    let users = app.db().read().await?.users(company).await?;
    if users.is_empty() {
        return output::line("There are no users yet; create one with `tawzi user create`.");
    }
    let rows = users.into_iter().map(|user| {
        [
            user.id.to_string(),
            user.username.clone(),
            user.display_name().to_string(),
            user.email.clone(),
            user.role_word.clone(),
            user.company_id
                .map_or_else(String::new, |id| id.to_string()),
            if user.is_active { "yes" } else { "no" }.to_owned(),
        ]
    });
    let header = [
        "id",
        "user name",
        "name",
        "e-mail",
        "role",
        "company",
        "active",
    ];
    output::table(header, rows)
}

/// A new password: asked for twice at a terminal, one line of standard input otherwise. Never an argument, which
/// other users of the machine can read.
fn new_password() -> anyhow::Result<NewPassword> {
    text("password", &ask_password()?, NewPassword::parse)
}

fn ask_password() -> anyhow::Result<String> {
    if !std::io::stdin().is_terminal() {
        let mut line = String::new();
        std::io::stdin()
            .lock()
            .read_line(&mut line)
            .context("the password could not be read from standard input")?;
        let password = line.trim_end_matches(['\r', '\n']).to_owned();
        if password.is_empty() {
            bail!("no password on standard input; write it there as one line");
        }
        return Ok(password);
    }
    let ask = |text| rpassword::prompt_password(text).context("the password could not be read");
    let password = ask("Password: ")?;
    if password != ask("The same again: ")? {
        bail!("the two passwords differ; nothing was changed");
    }
    Ok(password)
}
