//! The names of a company that lines may use: exactly, or as people write them.

use crate::error::Result;
use std::collections::HashMap;
use tawzi_core::id::{ChannelId, CompanyId, StatusId, UserId};
use tawzi_core::text::folded::folded;
use tawzi_store::Reader;

/// The names of a company that lines may use.
#[derive(Debug)]
pub(super) struct Vocabulary {
    pub(super) statuses: Names<StatusId>,
    pub(super) channels: Names<ChannelId>,
    people: Names<Person>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Person {
    id: UserId,
    is_active: bool,
}

impl Vocabulary {
    pub(super) async fn read(reader: &mut Reader, company: CompanyId) -> Result<Self> {
        let statuses = reader.tenant(company).page_of_statuses(0, i64::MAX).await?;
        let channels = reader.tenant(company).page_of_channels(0, i64::MAX).await?;
        let people = reader.users(Some(company)).await?;
        let named = people.into_iter().flat_map(|user| {
            let person = Person {
                id: user.id,
                is_active: user.is_active,
            };
            [(user.username, person), (user.email, person)]
        });
        Ok(Self {
            statuses: Names::new(statuses.into_iter().map(|s| (s.name, s.id))),
            channels: Names::new(channels.into_iter().map(|c| (c.name, c.id))),
            people: Names::new(named.filter(|(name, _)| !name.is_empty())),
        })
    }

    /// The active person of that user name or e-mail address; `Err` says why there is none.
    pub(super) fn person(&self, name: &str) -> Result<UserId, String> {
        let person = self.people.find(name)?;
        if person.is_active {
            Ok(person.id)
        } else {
            Err("who is not active any more; name somebody else, or nobody".to_owned())
        }
    }
}

/// Names and what they stand for.
#[derive(Debug)]
pub(super) struct Names<Id> {
    exact: HashMap<String, Id>,
    /// By their folded form, each with the names that have it.
    folded: HashMap<String, Vec<(String, Id)>>,
}

impl<Id: Copy + PartialEq> Names<Id> {
    fn new(named: impl Iterator<Item = (String, Id)>) -> Self {
        let mut names = Self {
            exact: HashMap::new(),
            folded: HashMap::new(),
        };
        for (name, id) in named {
            let alike = names.folded.entry(folded(&name)).or_default();
            if alike.iter().all(|(_, other)| *other != id) {
                alike.push((name.clone(), id));
            }
            names.exact.entry(name).or_insert(id);
        }
        names
    }

    /// What a name stands for: exactly that one, or else the only one that differs in nothing that matters. `Err`
    /// ends the sentence about what the cell says.
    pub(super) fn find(&self, name: &str) -> Result<Id, String> {
        if let Some(&id) = self.exact.get(name) {
            return Ok(id);
        }
        match self.folded.get(&folded(name)).map(Vec::as_slice) {
            Some([(_, id)]) => Ok(*id),
            Some(several) => {
                let names = several.iter().map(|(name, _)| format!("{name:?}"));
                let names = names.collect::<Vec<_>>().join(" or ");
                Err(format!("which may be {names}; write which"))
            }
            None => Err("which the company does not have".to_owned()),
        }
    }
}
