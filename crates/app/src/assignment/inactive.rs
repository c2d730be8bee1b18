//! People who may not work now, and so receive no clients.

use crate::error::Result;
use std::collections::BTreeSet;
use tawzi_core::id::{CompanyId, UserId};
use tawzi_store::Reader;

/// What somebody of the company is called who is inactive, and so receives no clients.
pub(crate) async fn inactive_person(
    reader: &mut Reader,
    company: CompanyId,
    id: UserId,
) -> Result<Option<String>> {
    let named = reader.named_users(&BTreeSet::from([id])).await?;
    let mut inactive = named
        .iter()
        .filter(|person| person.company_id == Some(company) && !person.is_active);
    Ok(inactive
        .next()
        .map(|person| person.display_name().to_string()))
}
