//! Editing a client, and what its timeline says about that.

use super::ClientWithPhones;
use super::phones;
use super::references::{References, Wanted, other_company};
use crate::access::actor::Actor;
use crate::app::App;
use crate::assignment::handover::{self, Handover};
use crate::assignment::load_changes::LoadChanges;
use crate::error::{FieldProblem, Result, Submitted, Thing};
use std::collections::BTreeSet;
use tawzi_core::client::{ClientType, Priority};
use tawzi_core::event::{self, EditedField, EventText};
use tawzi_core::id::{ChannelId, ClientId, CompanyId, StatusId, UserId};
use tawzi_core::money::Budget;
use tawzi_core::status::StatusCategory;
use tawzi_core::time::Timestamp;
use tawzi_core::user::DisplayName;
use tawzi_store::{Client, ClientEdit, Company, NewEvent, NewPhone, Tx, Viewer, Writes};

/// What is to change in a client; what is `None` stays.
#[derive(Clone, Debug, Default)]
#[expect(missing_docs, reason = "the fields are those of a client")]
pub struct ClientChange {
    pub company: Option<CompanyId>,
    pub name: Option<String>,
    pub priority: Option<Priority>,
    pub client_type: Option<ClientType>,
    pub channel: Option<Option<ChannelId>>,
    pub status: Option<Option<StatusId>>,
    pub budget: Option<Option<Budget>>,
    pub phone_number: Option<Option<String>>,
    pub phones: Option<Vec<NewPhone>>,
    pub assigned_to: Option<Option<UserId>>,
}

/// Changes a client: its fields, its status, and who has it, with a line in its timeline for
/// each thing that really changes (contract, section 2.7).
pub async fn edit_client(
    app: &App,
    actor: &Actor,
    id: ClientId,
    change: impl Into<Submitted<ClientChange>>,
) -> Result<ClientWithPhones> {
    let change = change.into();
    let now = app.now();
    let (company, viewer) = actor.require_sight(Thing::Client)?;
    let mut tx = app.db.begin().await?;
    // Loads may change, and nobody may choose by them meanwhile.
    let settings = tx.lock_company(company).await?;
    let before = tx
        .tenant(company)
        .client(id, viewer)
        .await?
        .ok_or(Thing::Client)?;
    let (names, mut found) = Names::read(&mut tx, &before, &change.value).await?;
    found.extend(other_company(actor, change.value.company));
    let change = change.require(found)?;

    save_fields(&mut tx, &before, &change, now).await?;
    if let Some(phones) = &change.phones {
        tx.tenant_tx(company)
            .replace_phones(id, phones, now)
            .await?;
    }
    if change.phone_number.is_some() || change.phones.is_some() {
        keep_phones(&mut tx, settings.as_ref(), id).await?;
    }
    let line = |text| NewEvent {
        company,
        client: id,
        text,
        created_by: actor.author(),
        sweep: None,
        at: now,
    };
    let status: Vec<_> = status_line(&before, &change, &names)
        .map(line)
        .into_iter()
        .collect();
    save_category(&mut tx, &before, &change, &names, &status).await?;
    if let Some(handover) = handover(&mut tx, actor, &before, &change, &names, now).await? {
        handover::record(&mut tx, &[handover], now).await?;
    }
    let edits = edit_lines(&before, &change, &names).into_iter().map(line);
    let writes = Writes {
        events: &edits.collect::<Vec<_>>(),
        ..Writes::default()
    };
    tx.write(&writes).await?;
    // Whoever has given the client away still sees what became of it.
    let after = ClientWithPhones::read(&mut tx, company, id, Viewer::Everything).await?;
    tx.commit().await?;
    Ok(after)
}

/// What the things are called that a change refers to.
struct Names {
    references: References,
    old_assignee: Option<DisplayName>,
    new_assignee: Option<DisplayName>,
}

impl Names {
    /// Reads them, and says which are not there.
    async fn read(
        tx: &mut Tx,
        before: &Client,
        change: &ClientChange,
    ) -> Result<(Self, Vec<FieldProblem>)> {
        let company = before.company_id;
        // Who holds the client already may be sent back, even if inactive by now.
        let assignee = change.assigned_to.flatten();
        let wanted = Wanted {
            assignee: assignee.filter(|_| assignee != before.assigned_to),
            ..Wanted::of(change)
        };
        let references = References::read(tx, [(company, wanted)]).await?;
        let problems = references.problems(tx, company, wanted).await?;
        let old: BTreeSet<_> = before.assigned_to.into_iter().collect();
        let old_assignee = tx
            .named_users(&old)
            .await?
            .first()
            .map(tawzi_store::NamedUser::display_name);
        let new_assignee = assignee
            .and_then(|user| references.assignee(company, user))
            .map(tawzi_store::NamedUser::display_name);
        let names = Self {
            references,
            old_assignee,
            new_assignee,
        };
        Ok((names, problems))
    }

    fn category_after(&self, before: &Client, change: &ClientChange) -> StatusCategory {
        match change.status {
            None => before.category(),
            Some(status) => status
                .and_then(|id| self.references.status(before.company_id, id))
                .map_or(StatusCategory::None, |status| status.category),
        }
    }
}

/// What the timeline says about another status.
fn status_line(before: &Client, change: &ClientChange, names: &Names) -> Option<EventText> {
    let status = change.status.filter(|&status| status != before.status_id)?;
    let new = status.and_then(|id| names.references.status(before.company_id, id));
    let new = new.map(|status| status.name.as_str());
    Some(event::status_changed(before.status_name.as_deref(), new))
}

/// What the timeline says about other fields.
fn edit_lines(before: &Client, change: &ClientChange, names: &Names) -> Vec<EventText> {
    let company = before.company_id;
    let mut texts = Vec::new();
    let mut edited = |field, old: Option<&str>, new: Option<&str>| {
        if old != new {
            texts.push(event::edited(field, old, new));
        }
    };
    if let Some(name) = &change.name {
        edited(EditedField::Name, Some(&before.name), Some(name));
    }
    if let Some(priority) = change.priority {
        edited(
            EditedField::Priority,
            Some(&before.priority),
            Some(priority.as_str()),
        );
    }
    if let Some(client_type) = change.client_type {
        edited(
            EditedField::Type,
            Some(&before.client_type),
            Some(client_type.as_str()),
        );
    }
    if let Some(budget) = change.budget {
        let text = |budget: Option<Budget>| budget.map(|budget| budget.to_string());
        let (old, new) = (text(before.budget_hundredths), text(budget));
        edited(EditedField::Budget, old.as_deref(), new.as_deref());
    }
    if let Some(channel) = change.channel
        && channel != before.channel_id
    {
        let new = channel.and_then(|id| names.references.channel(company, id));
        let new = new.map(|channel| channel.name.as_str());
        let old = before.channel_name.as_deref();
        texts.push(event::edited(EditedField::CommunicationWay, old, new));
    }
    texts
}

async fn save_fields(
    tx: &mut Tx,
    before: &Client,
    change: &ClientChange,
    now: Timestamp,
) -> Result<()> {
    let phone_number = match &change.phone_number {
        Some(number) => number.as_deref(),
        None => before.phone_number.as_deref(),
    };
    let edit = ClientEdit {
        name: change.name.as_deref().unwrap_or(&before.name),
        priority: change
            .priority
            .map_or(before.priority.as_str(), |priority| priority.as_str()),
        client_type: change
            .client_type
            .map_or(before.client_type.as_str(), |kind| kind.as_str()),
        channel: change.channel.unwrap_or(before.channel_id),
        status: change.status.unwrap_or(before.status_id),
        budget: change.budget.unwrap_or(before.budget_hundredths),
        phone_number,
        updated_at: now,
    };
    tx.tenant_tx(before.company_id)
        .save_client(before.id, &edit)
        .await?;
    Ok(())
}

/// Sees to it that the numbers which the client has by now are nobody else's, where it matters.
async fn keep_phones(tx: &mut Tx, settings: Option<&Company>, id: ClientId) -> Result<()> {
    let Some(company) = settings.filter(|company| company.unique_phones) else {
        return Ok(());
    };
    let after = ClientWithPhones::read(tx, company.id, id, Viewer::Everything).await?;
    let listed = after.phones.iter().map(|phone| phone.phone_number.as_str());
    let written = after
        .client
        .phone_number
        .as_deref()
        .into_iter()
        .chain(listed);
    phones::replace(tx, company.id, id, &phones::numbers(company, written)).await
}

/// Writes what another status changes in the load of the assignee, with its line in the timeline.
async fn save_category(
    tx: &mut Tx,
    before: &Client,
    change: &ClientChange,
    names: &Names,
    line: &[NewEvent],
) -> Result<()> {
    let mut loads = LoadChanges::default();
    if let Some(assignee) = before.assigned_to {
        let (old, new) = (before.category(), names.category_after(before, change));
        loads.recategorised(before.company_id, assignee, old, new);
    }
    let writes = Writes {
        events: line,
        loads: &loads.changes(),
        ..Writes::default()
    };
    tx.write(&writes).await?;
    Ok(())
}

/// The client goes to another assignee, if the change says so; its status is the new one already.
async fn handover(
    tx: &mut Tx,
    actor: &Actor,
    before: &Client,
    change: &ClientChange,
    names: &Names,
    now: Timestamp,
) -> Result<Option<Handover>> {
    let company = before.company_id;
    let Some(to) = change.assigned_to.filter(|&to| to != before.assigned_to) else {
        return Ok(None);
    };
    let (old, new) = (names.old_assignee.as_ref(), names.new_assignee.as_ref());
    Ok(Some(Handover {
        company,
        client: before.id,
        category: names.category_after(before, change),
        from: before.assigned_to,
        to,
        order: handover::next_received(tx, company, now).await?.order,
        swept: None,
        event: event::assigned(old, new),
        author: actor.author(),
    }))
}
