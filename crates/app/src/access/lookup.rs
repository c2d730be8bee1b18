//! Looking up users, many at a time.

use crate::batches::Work;
use crate::error::Result;
use std::collections::HashMap;
use tawzi_core::id::UserId;
use tawzi_store::{Db, User};

/// Looking up users by their ids.
#[derive(Clone, Debug)]
pub(crate) struct Lookup(pub(crate) Db);

impl Work for Lookup {
    type Request = UserId;
    type Answer = Option<User>;

    async fn work(&self, ids: &[UserId]) -> Result<Vec<Result<Option<User>>>> {
        let found = self.0.read().await?.users_with(ids).await?;
        let found: HashMap<_, _> = found.into_iter().map(|user| (user.id, user)).collect();
        Ok(ids.iter().map(|id| Ok(found.get(id).cloned())).collect())
    }
}
