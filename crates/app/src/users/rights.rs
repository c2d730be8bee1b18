//! Who may look at people, and change what about them.

use super::UserChange;
use crate::access::actor::Actor;
use crate::app::App;
use crate::company::owner::owns_company;
use crate::error::{Denied, Error, FieldProblem, Problem, Refusal, Result, Thing, require};
use tawzi_core::audit::Limit;
use tawzi_core::id::{CompanyId, UserId};
use tawzi_store::{Reader, Taken, Tx, User};

/// What only other people who administer the company may change, and not in every way; and what nobody changes but the
/// owner of the company: anything about the owner.
pub(super) async fn check_change(
    reader: &mut Reader,
    actor: &Actor,
    before: &User,
    change: &UserChange,
) -> Result<()> {
    if let Some(company) = change.company
        && before.company_id != Some(company)
    {
        return Err(no_such_company(company));
    }
    let manages = require_manager(actor, before).is_ok() && actor.id() != Some(before.id);
    let owns = owns_company(reader, before).await?;
    let refused = changed_fields(before, change).filter_map(|field| {
        let refusal = match field {
            "role" if !manages => Refusal::OwnRole,
            "role" if owns => Refusal::OwnerStaysAdmin,
            "is_active" if !manages => Refusal::DeactivatesSelf,
            "is_active" if owns && before.is_active => Refusal::DeactivatesOwner,
            "password" if !manages => Refusal::OwnPassword,
            _ if manages && owns => Refusal::ChangesOwner,
            _ => return None,
        };
        Some(Problem::Refused(refusal).of(field))
    });
    let refused: Vec<_> = refused.collect();
    require(refused.is_empty(), Error::Invalid(refused))
}

/// The fields that would not be afterwards what they were before.
fn changed_fields(before: &User, change: &UserChange) -> impl Iterator<Item = &'static str> {
    fn differs(before: &str, after: Option<&String>) -> bool {
        after.is_some_and(|after| after != before)
    }
    let number_before = before.phone.as_deref().unwrap_or_default();
    let phone = change.phone.as_ref();
    let phone = phone.map(|phone| phone.as_deref().unwrap_or_default());
    let photo = change.photo.as_ref();
    let fields = [
        (
            "username",
            differs(&before.username, change.username.as_ref()),
        ),
        ("email", differs(&before.email, change.email.as_ref())),
        ("password", change.password.is_some()),
        (
            "first_name",
            differs(&before.first_name, change.first_name.as_ref()),
        ),
        (
            "last_name",
            differs(&before.last_name, change.last_name.as_ref()),
        ),
        ("phone", phone.is_some_and(|phone| phone != number_before)),
        (
            "profile_photo",
            photo.is_some_and(|photo| photo.is_some() || before.photo_key.is_some()),
        ),
        (
            "role",
            change.role.is_some_and(|role| role != before.role()),
        ),
        ("is_active", change.is_active == Some(!before.is_active)),
    ];
    let changed = fields.into_iter().filter(|(_, changed)| *changed);
    changed.map(|(field, _)| field)
}

/// The person is not the owner of their company, whom nobody else may change.
pub(super) async fn require_not_owner(tx: &mut Tx, user: &User, refusal: Refusal) -> Result<()> {
    let owns = owns_company(tx, user).await?;
    require(!owns, refusal)
}

/// The company is not one of which the user can be.
pub(super) fn no_such_company(company: CompanyId) -> Error {
    Error::of_field("company_id", Problem::no_such(company.get()))
}

/// The person, if the actor may look at them. Super administrators see everybody in the list, but
/// a company's people are its administrators' business.
pub(super) async fn require_visible(
    reader: &mut Reader,
    actor: &Actor,
    id: UserId,
) -> Result<User> {
    let user = reader.user(id).await?.ok_or(Thing::User)?;
    if actor.id() == Some(user.id) {
        return Ok(user);
    }
    require(!actor.is_superuser(), Denied::NotAdmin)?;
    match actor.require_full_sight() {
        Ok(company) if user.company_id == Some(company) => Ok(user),
        _ => Err(Error::NotFound(Thing::User)),
    }
}

/// A user whom the actor may see, under the lock of their company: nobody else changes its users meanwhile.
pub(super) async fn lock_visible(tx: &mut Tx, actor: &Actor, id: UserId) -> Result<User> {
    let user = require_visible(tx, actor, id).await?;
    let Some(company) = user.company_id else {
        return Ok(user);
    };
    tx.lock_company(company).await?;
    require_visible(tx, actor, id).await
}

/// A user whom the actor may manage, and their company, which is locked.
pub(super) async fn lock_managed(
    tx: &mut Tx,
    actor: &Actor,
    id: UserId,
) -> Result<(User, CompanyId)> {
    let user = lock_visible(tx, actor, id).await?;
    let company = require_manager(actor, &user)?;
    Ok((user, company))
}

/// The company of a person whom the actor may manage.
pub(super) fn require_manager(actor: &Actor, user: &User) -> Result<CompanyId> {
    let company = actor.require_admin()?;
    require(user.company_id == Some(company), Thing::User)?;
    // Whoever takes over a super administrator takes over all companies.
    require(!user.is_superuser || actor.is_superuser(), Denied::NotAdmin)?;
    Ok(company)
}

/// What only one person can have, of somebody who is to have it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Claim<'u> {
    pub(super) username: &'u str,
    pub(super) email: &'u str,
    pub(super) phone: Option<&'u str>,
    /// Whoever has it already, and may keep it.
    pub(super) by: Option<UserId>,
}

impl Claim<'_> {
    /// Nobody else has any of it, or what somebody has is said by field. Whoever writes at the same moment is not seen
    /// yet: see [`Self::explain`].
    pub(super) async fn require_free(self, reader: &mut Reader) -> Result<()> {
        let phone = self.phone.filter(|phone| !phone.is_empty());
        let Taken {
            username,
            email,
            phone,
        } = reader
            .taken(self.username, self.email, phone, self.by)
            .await?;
        let fields = [(username, "username"), (email, "email"), (phone, "phone")];
        let problems: Vec<_> = fields
            .into_iter()
            .filter(|(taken, _)| *taken)
            .map(|(_, field)| Problem::Taken.of(field))
            .collect();
        require(problems.is_empty(), Error::Invalid(problems))
    }

    /// What came of writing it, in a transaction that is over. When the database has refused it, somebody was faster,
    /// who is seen now: they are told from other conflicts, and answered as if they had always been there.
    pub(super) async fn explain<T>(self, app: &App, written: Result<T>) -> Result<T> {
        if let Err(Error::Store(tawzi_store::Error::Conflict(_))) = &written {
            self.require_free(&mut app.db.read().await?).await?;
        }
        written
    }
}

/// Does what may tell the actor that something is somebody's, and counts it if it does. Whoever was told often is not
/// answered, whatever the answer would be.
pub(super) async fn counted<T>(
    app: &App,
    actor: &Actor,
    work: impl Future<Output = Result<T>>,
) -> Result<T> {
    let person = actor.require_user()?.id;
    if !app.taken_names.count(person, app.now()) {
        let address = actor.by().address;
        app.refusals.limit_met(Limit::Names, Some(person), address);
        return Err(Refusal::TooManyNames.into());
    }
    let done = work.await;
    let is_told = |problems: &Vec<FieldProblem>| {
        let mut problems = problems.iter();
        problems.any(|field| field.problem == Problem::Taken)
    };
    if !matches!(&done, Err(Error::Invalid(problems)) if is_told(problems)) {
        app.taken_names.take_back(person, app.now());
    }
    done
}
