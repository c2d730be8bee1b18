//! A filled company to look around in: people, clients, some of them neglected.

use crate::access::asker::Asker;
use crate::app::App;
use crate::clients::create::batch::{self, CreateResult};
use crate::clients::create::{Create, NewClientRequest, Repetition, primary_mobile};
use crate::company::register::{self, CompanyDraft};
use crate::error::{Error, Refusal, Result, require};
use crate::users::operator::{self, OperatorUserDraft};
use tawzi_core::client::{ClientType, Priority};
use tawzi_core::company::{ReAssignHours, Specialization};
use tawzi_core::id::{CompanyId, StatusId};
use tawzi_core::money::Budget;
use tawzi_core::text::{CompanyName, Domain, Email, NamePart, NewPassword, TextProblem, Username};
use tawzi_core::time::Timestamp;
use tawzi_core::user::Role;
use tawzi_store::{Author, NewTask, Tx, Viewer};

/// Everybody's password in the demo.
pub const DEMO_PASSWORD: &str = "tawzi-demo";

const DOMAIN: &str = "demo.tawzi.example";

/// User name, first name, last name and role.
const PEOPLE: [(&str, &str, &str, Role); 6] = [
    ("salma", "سلمى", "الخطيب", Role::Admin),
    ("khaled", "خالد", "العلي", Role::Employee),
    ("lina", "لينا", "حداد", Role::Employee),
    ("omar", "عمر", "ناصر", Role::Employee),
    ("emma", "Emma", "Clark", Role::Employee),
    ("james", "James", "Reed", Role::Employee),
];

const FIRST_NAMES: [&str; 10] = [
    "أحمد", "مريم", "Sara", "يوسف", "Daniel", "هند", "Nora", "طارق", "Adam", "ليلى",
];
const LAST_NAMES: [&str; 7] = [
    "الأحمد",
    "منصور",
    "Smith",
    "درويش",
    "Weber",
    "سليمان",
    "Rossi",
];

/// How many clients the demo has.
const CLIENTS: usize = 240;

/// How one signs in to the demo.
#[derive(Clone, Debug)]
pub struct DemoSignIn {
    /// The administrator's user name.
    pub admin: &'static str,
    /// An employee's user name.
    pub employee: &'static str,
}

/// Fills an empty database with a company to look around in; one that already holds the demo stays
/// as it is, and one that holds anything else is refused.
pub async fn fill_demo(app: &App) -> Result<DemoSignIn> {
    let now = app.now();
    let sign_in = DemoSignIn {
        admin: PEOPLE[0].0,
        employee: PEOPLE[1].0,
    };
    let companies = app.db.read().await?.companies().await?;
    if companies.iter().any(|company| company.domain == DOMAIN) {
        return Ok(sign_in);
    }
    require(companies.is_empty(), Refusal::DemoNeedsEmptyDatabase)?;
    // Five weeks ago, so that some clients have been neglected long enough.
    let founded = now.plus_seconds(-35 * 24 * 3600);
    let password_hash = app.passwords.hash(Asker::Operator, DEMO_PASSWORD).await?;
    let company = CompanyDraft {
        name: text(CompanyName::parse("شركة المثال · Example Co"))?,
        domain: text(Domain::parse(DOMAIN))?,
        specialization: Specialization::Services,
        auto_assign_enabled: true,
        re_assign_enabled: true,
        re_assign_hours: ReAssignHours::DEFAULT,
    };
    let mut tx = app.db.begin().await?;
    let company = register::create_in(&mut tx, &company, founded).await?;
    for (username, first_name, last_name, role) in PEOPLE {
        let person = OperatorUserDraft {
            company,
            username: text(Username::parse(username))?,
            email: text(Email::parse(&format!("{username}@{DOMAIN}")))?,
            first_name: text(NamePart::parse(first_name))?,
            last_name: text(NamePart::parse(last_name))?,
            role,
            password: text(NewPassword::parse(DEMO_PASSWORD))?,
        };
        operator::create_in(&mut tx, &person, &password_hash, founded).await?;
    }
    fill_clients(&mut tx, company, now).await?;
    tx.commit().await?;
    Ok(sign_in)
}

/// A text of this file, which keeps its rule.
fn text<T>(parsed: Result<T, Vec<TextProblem>>) -> Result<T> {
    parsed.map_err(|problems| Error::Internal(format!("a text of the demo: {problems:?}")))
}

/// Clients of the last four weeks, one batch for each; two of three were contacted since.
async fn fill_clients(tx: &mut Tx, company: CompanyId, now: Timestamp) -> Result<()> {
    let companies = tx.lock_companies(&[company]).await?;
    let statuses = tx.tenant(company).page_of_statuses(0, i64::MAX).await?;
    let statuses: Vec<_> = statuses.iter().map(|status| status.id).collect();
    let channels = tx.tenant(company).page_of_channels(0, i64::MAX).await?;
    let channel = channels.first().map(|channel| channel.id);
    for number in 0..CLIENTS {
        let hours_ago = i64::try_from(28 * 24 - number * 28 * 24 / CLIENTS).unwrap_or(0);
        let arrived = now.minus_hours(hours_ago);
        let mut client = draft(company, number, &statuses);
        client.channel = channel;
        let create = Create {
            repetition: Repetition::of(Author::Nobody, &client, None, arrived),
            client,
            author: Author::Nobody,
        };
        let outcomes = batch::write(tx, &companies, &[&create], arrived).await?;
        if !number.is_multiple_of(3) {
            let contacted = now.minus_hours(hours_ago.min(i64::try_from(number % 40).unwrap_or(0)));
            contact(tx, company, &outcomes, contacted).await?;
        }
    }
    Ok(())
}

async fn contact(
    tx: &mut Tx,
    company: CompanyId,
    outcomes: &[CreateResult],
    at: Timestamp,
) -> Result<()> {
    if let Some(CreateResult::Created(created)) = outcomes.first()
        && let Some(assignee) = created.client.assigned_to
    {
        let client = created.client.id;
        let touched = (company, client, Viewer::Everything);
        tx.touch_clients(&[touched], at).await?;
        let task = NewTask {
            client,
            stage: None,
            notes: Some("اتصال أول · First call"),
            reminder_date: None,
            created_by: Author::User(assignee),
            create_key: None,
            at,
        };
        tx.create_tasks(&[(company, task)]).await?;
    }
    Ok(())
}

fn draft(company: CompanyId, number: usize, statuses: &[StatusId]) -> NewClientRequest {
    let name = format!(
        "{} {}",
        FIRST_NAMES[number % FIRST_NAMES.len()],
        LAST_NAMES[number / 3 % LAST_NAMES.len()]
    );
    let phone_number = format!("+9639{:08}", 41_000_000 + number * 137);
    let priorities = [Priority::High, Priority::Medium, Priority::Low];
    NewClientRequest {
        company,
        name,
        priority: priorities[number % 3],
        client_type: if number.is_multiple_of(4) {
            ClientType::Cold
        } else {
            ClientType::Fresh
        },
        channel: None,
        status: statuses.get(number % statuses.len().max(1)).copied(),
        budget: (!number.is_multiple_of(5))
            .then(|| Budget::from_hundredths(i64::try_from(number * 25_000 + 50_000).unwrap_or(0))),
        phones: primary_mobile(Some(&phone_number)),
        phone_number: Some(phone_number),
        assigned_to: None,
    }
}
