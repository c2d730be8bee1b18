//! Editing a client, and what its timeline says about that.

use super::ClientWithPhones;
use super::phones;
use super::references::{Wanted, other_company, problems};
use crate::access::actor::Actor;
use crate::app::App;
use crate::assignment::handover::{self, Handover};
use crate::assignment::load_changes::LoadChanges;
use crate::error::{Result, Submitted, Thing};
use crate::patch::{set, set_or_clear};
use std::collections::BTreeSet;
use tawzi_core::client::{ClientType, Priority};
use tawzi_core::event::{self, EditedField, EventText};
use tawzi_core::id::{ChannelId, ClientId, CompanyId, StatusId, UserId};
use tawzi_core::money::Budget;
use tawzi_core::time::Timestamp;
use tawzi_core::user::DisplayName;
use tawzi_store::{
    Author, Client, Company, CreateAnswers, NamedUser, NewEvent, NewPhone, Tx, Viewer, Writes,
};

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
    let before = tx.tenant(company).client(id, viewer).await?;
    let before = before.ok_or(Thing::Client)?;
    // Who holds the client already may be sent back, even if inactive by now.
    let assignee = change.value.assigned_to.flatten();
    let wanted = Wanted {
        assignee: assignee.filter(|_| assignee != before.assigned_to),
        ..Wanted::of(&change.value)
    };
    let there = wanted.read(&mut tx, company).await?;
    let mut found = problems(&mut tx, company, wanted.lacking(company, &there)).await?;
    found.extend(other_company(actor, change.value.company));
    let mut change = change.require(found)?;
    // The web client shows no budget as 0, and sends that back.
    if before.budget_hundredths.is_none() && change.budget == Some(Some(NO_BUDGET)) {
        change.budget = None;
    }

    let edit = Edit {
        before: &before,
        change: &change,
        there: &there,
        author: actor.author(),
        at: now,
    };
    edit.record(&mut tx, settings.as_ref()).await?;
    // Whoever has given the client away still sees what became of it.
    let after = ClientWithPhones::read(&mut tx, company, id, Viewer::Everything).await?;
    tx.commit().await?;
    Ok(after)
}

/// A change of a client that refers to nothing in vain.
pub(super) struct Edit<'e> {
    /// The client as it is.
    pub(super) before: &'e Client,
    pub(super) change: &'e ClientChange,
    /// What the change refers to.
    pub(super) there: &'e CreateAnswers,
    pub(super) author: Author,
    pub(super) at: Timestamp,
}

impl Edit<'_> {
    /// Writes it, with a line in the timeline for each thing that really changes. The caller holds the company's lock,
    /// whose settings these are.
    pub(super) async fn record(&self, tx: &mut Tx, settings: Option<&Company>) -> Result<()> {
        let Self {
            before,
            change,
            there,
            author,
            at,
        } = *self;
        let company = before.company_id;
        let after = edited(before, change, there, at);
        tx.tenant_tx(company).save_client(&after).await?;
        save_phones(tx, settings, &after, change, at).await?;
        let line = |text| NewEvent {
            company,
            client: before.id,
            text,
            created_by: author,
            sweep: None,
            at,
        };
        let status = status_line(before, &after).map(line);
        save_category(tx, before, &after, status).await?;
        if let Some(to) = change.assigned_to.filter(|&to| to != before.assigned_to) {
            let name = to.and_then(|to| there.assignees.get(&(company, to)));
            let name = name.map(|(_, name)| name);
            hand_over(tx, author, before, &after, (to, name), at).await?;
        }
        let edits: Vec<_> = edit_lines(before, &after).into_iter().map(line).collect();
        let writes = Writes {
            events: &edits,
            ..Writes::default()
        };
        tx.write(&writes).await?;
        Ok(())
    }
}

/// What a form sends that shows a client without a budget.
const NO_BUDGET: Budget = Budget::from_hundredths(0);

/// The row of the client with its new fields, all but its assignee.
fn edited(before: &Client, change: &ClientChange, there: &CreateAnswers, now: Timestamp) -> Client {
    let company = before.company_id;
    let mut row = before.clone();
    row.updated_at = now;
    set(&mut row.name, change.name.clone());
    set(&mut row.priority, change.priority.map(Priority::as_str));
    set(
        &mut row.client_type,
        change.client_type.map(ClientType::as_str),
    );
    set_or_clear(&mut row.budget_hundredths, change.budget);
    set_or_clear(&mut row.phone_number, change.phone_number.clone());
    if let Some(channel) = change.channel {
        let name = channel.and_then(|id| there.channels.get(&(company, id)));
        (row.channel_id, row.channel_name) = (channel, name.cloned());
    }
    if let Some(status) = change.status {
        let named = status.and_then(|id| there.statuses.get(&(company, id)));
        row.status_id = status;
        (row.status_name, row.status_category) = named.cloned().unzip();
    }
    row
}

/// What the timeline says about another status.
fn status_line(before: &Client, after: &Client) -> Option<EventText> {
    let (old, new) = (before.status_name.as_deref(), after.status_name.as_deref());
    (before.status_id != after.status_id).then(|| event::status_changed(old, new))
}

/// What the timeline says about other fields.
fn edit_lines(before: &Client, after: &Client) -> Vec<EventText> {
    let budget = |client: &Client| client.budget_hundredths.map(|budget| budget.to_string());
    let (old_budget, new_budget) = (budget(before), budget(after));
    let (old_channel, new_channel) = (&before.channel_name, &after.channel_name);
    let always = [
        (EditedField::Name, &before.name, &after.name),
        (EditedField::Priority, &before.priority, &after.priority),
        (EditedField::Type, &before.client_type, &after.client_type),
    ];
    let perhaps = [
        (EditedField::Budget, &old_budget, &new_budget),
        (EditedField::CommunicationWay, old_channel, new_channel),
    ];
    let always = always.map(|(field, old, new)| (field, Some(&**old), Some(&**new)));
    let perhaps = perhaps.map(|(field, old, new)| (field, old.as_deref(), new.as_deref()));
    let changed = always.into_iter().chain(perhaps);
    let changed = changed.filter(|(_, old, new)| old != new);
    changed
        .map(|(field, old, new)| event::edited(field, old, new))
        .collect()
}

/// Writes the phone numbers. Where it matters, those that the client has by now must be nobody else's.
async fn save_phones(
    tx: &mut Tx,
    settings: Option<&Company>,
    client: &Client,
    change: &ClientChange,
    now: Timestamp,
) -> Result<()> {
    let (company, id) = (client.company_id, client.id);
    if let Some(phones) = &change.phones {
        let mut tenant = tx.tenant_tx(company);
        tenant.replace_phones(id, phones, now).await?;
    }
    let unchanged = change.phone_number.is_none() && change.phones.is_none();
    if change.name.is_some() || !unchanged {
        tx.tenant_tx(company).fold_clients(&[id]).await?;
    }
    let Some(settings) = settings.filter(|settings| settings.unique_phones && !unchanged) else {
        return Ok(());
    };
    let listed = tx.tenant(company).phones_of(&[id]).await?;
    let listed = listed.iter().map(|phone| phone.phone_number.as_str());
    let written = client.phone_number.as_deref().into_iter().chain(listed);
    phones::replace(tx, company, id, &phones::numbers(settings, written)).await
}

/// Writes what another status changes in the load of the assignee, with its line in the timeline.
async fn save_category(
    tx: &mut Tx,
    before: &Client,
    after: &Client,
    line: Option<NewEvent>,
) -> Result<()> {
    let mut loads = LoadChanges::default();
    if let Some(assignee) = before.assigned_to {
        loads.change_by(before.company_id, assignee, before.category(), -1);
        loads.change_by(before.company_id, assignee, after.category(), 1);
    }
    let writes = Writes {
        events: line.as_slice(),
        loads: &loads.changes(),
        ..Writes::default()
    };
    tx.write(&writes).await?;
    Ok(())
}

/// Gives the client to another assignee, of that name; its status is the new one already.
async fn hand_over(
    tx: &mut Tx,
    author: Author,
    before: &Client,
    after: &Client,
    (to, name): (Option<UserId>, Option<&DisplayName>),
    now: Timestamp,
) -> Result<()> {
    let company = before.company_id;
    let from: BTreeSet<_> = before.assigned_to.into_iter().collect();
    // Also when they may not work any more.
    let old = tx.named_users(&from).await?;
    let old = old.first().map(NamedUser::display_name);
    let handover = Handover {
        company,
        client: before.id,
        category: after.category(),
        from: before.assigned_to,
        to,
        order: handover::next_order(tx, company).await?,
        // Somebody wants it to be nobody's, if it is.
        waiting_since: None,
        swept: None,
        event: event::assigned(old.as_ref(), name),
        author,
    };
    handover::record(tx, &[handover], now).await?;
    Ok(())
}
