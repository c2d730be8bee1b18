//! The names of a company that lines may use: exactly, or as people write them.

use crate::error::Result;
use std::collections::{HashMap, HashSet};
use tawzi_core::id::{ChannelId, CompanyId, StatusId, UserId};
use tawzi_core::text::folded::folded;
use tawzi_store::Reader;

/// The names of a company that lines may use.
#[derive(Debug)]
pub(super) struct Vocabulary {
    pub(super) statuses: Names<StatusId>,
    pub(super) channels: Names<ChannelId>,
    /// Also those who are not active any more: they may have clients still.
    pub(super) people: Names<UserId>,
    inactive: HashSet<UserId>,
}

impl Vocabulary {
    pub(super) async fn read(reader: &mut Reader, company: CompanyId) -> Result<Self> {
        let statuses = reader.tenant(company).page_of_statuses(0, i64::MAX).await?;
        let channels = reader.tenant(company).page_of_channels(0, i64::MAX).await?;
        let people = reader.users(Some(company)).await?;
        let inactive = people.iter().filter(|user| !user.is_active);
        let inactive = inactive.map(|user| user.id).collect();
        let named = people
            .into_iter()
            .flat_map(|user| [(user.username, user.id), (user.email, user.id)]);
        Ok(Self {
            inactive,
            statuses: Names::new(statuses.into_iter().map(|s| (s.name, s.id))),
            channels: Names::new(channels.into_iter().map(|c| (c.name, c.id))),
            people: Names::new(named.filter(|(name, _)| !name.is_empty())),
        })
    }

    /// Whether somebody receives no clients any more.
    pub(super) fn is_inactive(&self, person: UserId) -> bool {
        self.inactive.contains(&person)
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
