//! The columns of the reference's tables: how each is called there and here, and what it holds.

/// A column that is taken over.
#[derive(Clone, Copy, Debug)]
pub(super) struct Column {
    /// Our name.
    pub(super) name: &'static str,
    /// The reference's name.
    pub(super) source: &'static str,
    pub(super) kind: Kind,
    pub(super) may_be_null: bool,
    /// Whether it is not the table's own, but that of the client who the row belongs to.
    pub(super) is_of_client: bool,
    /// Our table whose ids it holds, when only those of the row's own company are kept.
    same_company: Option<&'static str>,
}

/// What a column holds.
#[derive(Clone, Copy, Debug)]
pub(super) enum Kind {
    /// A number or an id.
    Integer,
    Flag,
    /// A text, which stays as it was written, however long.
    Text,
    /// A moment; here in microseconds.
    Time,
    /// An amount of money; here in hundredths.
    Budget,
    /// The hours until a client is neglected, as the reference understands any number.
    Hours,
    /// The category of a status.
    Category,
    /// What a password is compared with.
    PasswordHash,
    /// By what a person is found: the key of a text.
    LoginKey,
}

impl Column {
    pub(super) const fn new(name: &'static str, kind: Kind) -> Self {
        Self {
            name,
            source: name,
            kind,
            may_be_null: false,
            is_of_client: false,
            same_company: None,
        }
    }

    pub(super) const fn from(mut self, source: &'static str) -> Self {
        self.source = source;
        self
    }

    pub(super) const fn or_null(mut self) -> Self {
        self.may_be_null = true;
        self
    }

    pub(super) const fn of_client(mut self) -> Self {
        self.is_of_client = true;
        self
    }

    /// What belongs to another company is dropped: the reference let clients and settings be moved
    /// between companies.
    pub(super) const fn same_company(mut self, table: &'static str) -> Self {
        self.same_company = Some(table);
        self
    }

    /// Its expression in a query. Numbers are read as the widest, times and decimals as text: both
    /// engines can, whatever the columns are.
    pub(super) fn read(&self) -> String {
        let table = if self.is_of_client { "c" } else { "t" };
        let column = format!("{table}.\"{}\"", self.source);
        match self.kind {
            Kind::Integer | Kind::Hours => format!("CAST({column} AS BIGINT)"),
            Kind::Time | Kind::Budget => format!("CAST({column} AS TEXT)"),
            Kind::Flag | Kind::Text | Kind::Category | Kind::PasswordHash | Kind::LoginKey => {
                column
            }
        }
    }

    /// What is written of a converted row `r`.
    pub(super) fn written(&self) -> String {
        let name = self.name;
        match self.same_company {
            None => format!("r.{name}"),
            Some(table) => format!(
                "(SELECT o.id FROM {table} o WHERE o.company_id = r.company_id AND o.id = r.{name})"
            ),
        }
    }
}
