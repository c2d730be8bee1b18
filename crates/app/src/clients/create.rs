//! Clients arrive. Creates of all requests wait in one queue per process; those of free companies are written
//! together, in one transaction (`batch.rs`).

mod answer;
pub(crate) mod batch;
mod decide;
mod repetition;

pub(crate) use crate::repetition::Repetition;
pub(crate) use batch::Creates;

use crate::access::actor::Actor;
use crate::app::App;
use crate::clients::references::{Wanted, check_references, other_company};
use crate::clients::{ClientChange, ClientWithPhones};
use crate::error::{Error, Result, Submitted, require};
use crate::patch::needed;
use tawzi_core::client::{ClientType, PhoneType, Priority};
use tawzi_core::id::{ChannelId, CompanyId, StatusId, UserId};
use tawzi_core::money::Budget;
use tawzi_store::{Author, NewPhone, Viewer};

/// A client as somebody asks for it; every field is valid by itself.
#[derive(Clone, Debug, Hash)]
pub(crate) struct NewClientRequest {
    pub(crate) company: CompanyId,
    pub(crate) name: String,
    pub(crate) priority: Priority,
    pub(crate) client_type: ClientType,
    pub(crate) channel: Option<ChannelId>,
    pub(crate) status: Option<StatusId>,
    pub(crate) budget: Option<Budget>,
    pub(crate) phone_number: Option<String>,
    pub(crate) phones: Vec<NewPhone>,
    pub(crate) assigned_to: Option<UserId>,
}

impl NewClientRequest {
    /// The client that somebody asks for. Without a list of phone numbers its own number becomes one.
    fn from_change(change: ClientChange) -> Result<Self> {
        let phone_number = change.phone_number.flatten();
        let phones = change.phones.filter(|phones| !phones.is_empty());
        Ok(Self {
            company: needed("company", change.company)?,
            name: needed("name", change.name)?,
            priority: needed("priority", change.priority)?,
            client_type: needed("type", change.client_type)?,
            channel: change.channel.flatten(),
            status: change.status.flatten(),
            budget: change.budget.flatten(),
            phones: phones.unwrap_or_else(|| primary_mobile(phone_number.as_deref())),
            phone_number,
            assigned_to: change.assigned_to.flatten(),
        })
    }

    /// What of the company it refers to.
    pub(crate) const fn wanted(&self) -> Wanted {
        Wanted {
            channel: self.channel,
            status: self.status,
            assignee: self.assigned_to,
        }
    }

    /// How many bytes its texts and phone numbers have.
    fn bytes(&self) -> usize {
        let phone = |phone: &NewPhone| {
            let notes = phone.notes.as_ref().map_or(0, String::len);
            size_of::<NewPhone>() + phone.phone_number.len() + notes
        };
        self.name.len() + self.phones.iter().map(phone).sum::<usize>()
    }

    /// Every phone number as it is written: the client's own, then those that are listed.
    pub(crate) fn written_numbers(&self) -> impl Iterator<Item = &str> {
        let listed = self.phones.iter().map(|phone| phone.phone_number.as_str());
        self.phone_number.as_deref().into_iter().chain(listed)
    }
}

/// The phone numbers of a client that has that one alone, or none.
pub(crate) fn primary_mobile(number: Option<&str>) -> Vec<NewPhone> {
    let number = number.filter(|number| !number.is_empty());
    let phone = |number: &str| NewPhone {
        id: None,
        phone_number: number.to_owned(),
        phone_type: PhoneType::Mobile,
        is_primary: true,
        notes: None,
    };
    number.map(phone).into_iter().collect()
}

/// One create on its way to being written.
#[derive(Debug)]
pub(crate) struct Create {
    pub(crate) client: NewClientRequest,
    /// Who asks; nobody when it is done for nobody in particular.
    pub(crate) author: Author,
    pub(crate) repetition: Repetition,
}

/// Creates a client and, unless an assignee is named, gives it to the least busy employee. A request that is
/// repeated within its window gives the client that is already there.
///
/// `Err` when the request refers to what the company does not have, when its key was used for another one, or when
/// the client that is already there was changed since, and is not for the actor to see any more.
pub async fn create_client(
    app: &App,
    actor: &Actor,
    client: impl Into<Submitted<ClientChange>>,
    idempotency_key: Option<&str>,
) -> Result<ClientWithPhones> {
    let client = client.into();
    actor.require_subscription()?;
    let own = other_company(actor, client.value.company).is_none();
    let found = if own && client.problems.is_empty() {
        Vec::new()
    } else {
        check_references(app, actor, &client.value).await?
    };
    let client = NewClientRequest::from_change(client.require(found)?)?;
    let author = actor.author();
    let create = Create {
        repetition: Repetition::of(author, &client, idempotency_key, app.now()),
        client,
        author,
    };
    let created = app.creates.ask(create).await?;
    require(may_see(actor, &created), Error::NotTheirsAnyMore)?;
    Ok(created)
}

/// Whether the actor may see the client as it is. Whoever has created it sees it as it was created, also
/// when it went to somebody else at once.
fn may_see(actor: &Actor, created: &ClientWithPhones) -> bool {
    let client = &created.client;
    let untouched = client.updated_at == client.created_at
        && client.assigned_at.is_none_or(|at| at == client.created_at)
        && client.last_contacted_at.is_none();
    match actor.sight() {
        Some((_, Viewer::AssignedTo(user))) => untouched || client.assigned_to == Some(user),
        _ => true,
    }
}
