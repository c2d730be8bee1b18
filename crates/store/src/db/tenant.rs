//! A company and a connection in one hand: the way to the tables of one company. What takes several companies at once
//! names the company of each row.

use crate::db::dialect::Sql;
use crate::db::engine::{Connection, Reader, Tx, Writer};
use crate::db::query::Query;
use tawzi_core::id::CompanyId;

/// Reads the tables of one company.
#[derive(Debug)]
pub struct Tenant<'r> {
    pub(crate) reader: &'r mut Reader,
    company: CompanyId,
}

/// Reads and writes the tables of one company, within a transaction.
#[derive(Debug)]
pub struct TenantTx<'t>(Tenant<'t>);

impl Reader {
    /// The tables of that company, to read.
    pub const fn tenant(&mut self, company: CompanyId) -> Tenant<'_> {
        Tenant {
            reader: self,
            company,
        }
    }
}

impl Tx {
    /// The tables of that company, to read and write.
    pub fn tenant_tx(&mut self, company: CompanyId) -> TenantTx<'_> {
        TenantTx(self.tenant(company))
    }
}

impl Tenant<'_> {
    /// The company.
    pub const fn company(&self) -> CompanyId {
        self.company
    }

    pub(crate) fn connection(&mut self) -> Connection<'_> {
        self.reader.connection()
    }

    /// A query of that text, whose first parameter is the company.
    pub(crate) fn query<'q>(&self, sql: Sql) -> Query<'q> {
        query!(sql, self.company)
    }
}

impl TenantTx<'_> {
    /// What statements that write are run with.
    pub(crate) const fn writer(&mut self) -> Writer<'_> {
        Writer(self.0.reader)
    }
}

impl<'t> std::ops::Deref for TenantTx<'t> {
    type Target = Tenant<'t>;

    fn deref(&self) -> &Tenant<'t> {
        &self.0
    }
}

impl<'t> std::ops::DerefMut for TenantTx<'t> {
    fn deref_mut(&mut self) -> &mut Tenant<'t> {
        &mut self.0
    }
}
