//! The reference's tables, each declared once: what is read, how it is converted and what is
//! written follow from that.

use super::columns::{Column, Kind};
use crate::db::dialect::rows_of_table;
use crate::db::engine::EngineKind;
use crate::db::value::Id as _;
use tawzi_core::id::{ClientId, CompanyId};

/// A table of the reference, and what becomes of its rows.
#[derive(Debug)]
pub struct SourceTable {
    /// The reference's name of the table.
    pub name: &'static str,
    /// Our table.
    pub(super) target: &'static str,
    pub(super) writing: Writing,
    /// Its columns, without the id, which every table has.
    pub(super) columns: &'static [Column],
}

/// What is done with the rows of a table.
#[derive(Clone, Copy, Debug)]
pub(super) enum Writing {
    /// They are new and keep their ids; later ids of the table come behind them.
    Insert,
    /// They were written before and are completed.
    Update,
}

/// Declares tables as `theirs => ours, what is done with the rows { columns }`. A column is declared
/// by our name, what it holds, and where it differs from most columns.
macro_rules! tables {
    ($($name:ident => $target:ident, $writing:ident {
        $($column:ident: $kind:ident$(.$but:ident($($argument:literal)?))*,)+
    })+) => {
        &[$(SourceTable {
            name: stringify!($name),
            target: stringify!($target),
            writing: Writing::$writing,
            columns: &[$(
                Column::new(stringify!($column), Kind::$kind)$(.$but($($argument)?))*,
            )+],
        },)+]
    };
}

/// The tables that are taken over, in the order in which they must be written. Owners follow when
/// the users are there, who in turn have companies.
pub(crate) static TABLES: &[SourceTable] = tables! {
    companies => company, Insert {
        name: Text, domain: Text, specialization: Text, registration_completed: Flag,
        registration_completed_at: Time.or_null(), auto_assign_enabled: Flag,
        re_assign_enabled: Flag, re_assign_hours: Hours, created_at: Time, updated_at: Time,
    }
    users => user_account, Insert {
        company_id: Integer.or_null(), username: Text, email: Text,
        username_key: LoginKey.from("username"), email_key: LoginKey.from("email"), first_name: Text,
        last_name: Text, phone: Text.or_null(), profile_photo: Text.or_null(), role: Text,
        password_hash: PasswordHash.from("password"), is_active: Flag, is_staff: Flag,
        is_superuser: Flag, email_verified: Flag, date_joined: Time, last_login: Time.or_null(),
    }
    companies => company, Update {
        owner_id: Integer,
    }
    plans => plan, Insert {
        name: Text, name_ar: Text, description: Text, description_ar: Text,
        price_monthly: Budget, price_yearly: Budget, trial_days: Integer, users: Text,
        clients: Text, storage: Integer, visible: Flag,
    }
    subscriptions => subscription, Insert {
        company_id: Integer, plan_id: Integer, is_active: Flag, auto_renew: Flag,
        start_date: Time, end_date: Time, created_at: Time, updated_at: Time,
    }
    settings_lead_status => status, Insert {
        company_id: Integer, name: Text, description: Text.or_null(), category: Category,
        color: Text, is_default: Flag, is_hidden: Flag, is_active: Flag, created_at: Time,
        updated_at: Time,
    }
    settings_lead_stage => stage, Insert {
        company_id: Integer, name: Text, description: Text.or_null(), color: Text,
        required: Flag, auto_advance: Flag, position: Integer.from("order"), is_active: Flag,
        created_at: Time, updated_at: Time,
    }
    settings_channel => channel, Insert {
        company_id: Integer, name: Text, channel_type: Text.from("type"), priority: Text,
        is_active: Flag, created_at: Time, updated_at: Time,
    }
    crm_client => client, Insert {
        company_id: Integer, name: Text, priority: Text, client_type: Text.from("type"),
        channel_id: Integer.or_null().from("communication_way_id").same_company("channel"),
        status_id: Integer.or_null().same_company("status"),
        budget_hundredths: Budget.or_null().from("budget"), phone_number: Text.or_null(),
        assigned_to: Integer.or_null().from("assigned_to_id"), assigned_at: Time.or_null(),
        last_contacted_at: Time.or_null(), created_at: Time, updated_at: Time,
    }
    client_phone_numbers => client_phone, Insert {
        company_id: Integer.of_client(), client_id: Integer, phone_number: Text,
        phone_type: Text, is_primary: Flag, notes: Text.or_null(), created_at: Time,
        updated_at: Time,
    }
    crm_client_task => client_task, Insert {
        company_id: Integer.of_client(), client_id: Integer,
        stage_id: Integer.or_null().same_company("stage"), notes: Text.or_null(),
        reminder_date: Time.or_null(), created_by: Integer.or_null().from("created_by_id"),
        created_at: Time, updated_at: Time,
    }
    crm_client_event => client_event, Insert {
        company_id: Integer.of_client(), client_id: Integer, event_type: Text,
        old_value: Text.or_null(), new_value: Text.or_null(), notes: Text.or_null(),
        created_by: Integer.or_null().from("created_by_id"), created_at: Time,
    }
};

impl SourceTable {
    /// Whether its rows become new ones here, rather than completing some.
    pub const fn adds_rows(&self) -> bool {
        matches!(self.writing, Writing::Insert)
    }

    /// The largest id that is taken over, as ids go on from what is imported. Pages in a browser can
    /// hold 2^53 - 1; those of companies and clients both have to fit into one number of `SQLite`'s
    /// index of clients (see its migration 8).
    pub(super) fn largest_id(&self) -> i64 {
        match self.target {
            CompanyId::TABLE => (1 << 23) - 1,
            ClientId::TABLE => (1 << 40) - 1,
            _ => (1 << 53) - 1,
        }
    }

    /// Counts the rows and finds the highest id that they bring with them.
    pub(crate) fn count(&self) -> String {
        let id = match self.writing {
            Writing::Insert => "id",
            Writing::Update => self.columns[0].source,
        };
        format!(
            "SELECT COUNT(*), CAST(COALESCE(MAX({id}), 0) AS BIGINT) FROM {}",
            self.name
        )
    }

    /// Reads the ids and columns of at most $2 rows from behind id $1. Rows of a client that is not
    /// there are left out.
    pub(crate) fn read(&self) -> String {
        let client = if self.columns.iter().any(|column| column.is_of_client) {
            "JOIN crm_client c ON c.id = t.client_id"
        } else {
            ""
        };
        format!(
            "SELECT CAST(t.id AS BIGINT), {}
             FROM {} t {client}
             WHERE t.id > $1
             ORDER BY t.id
             LIMIT $2",
            self.list(Column::read),
            self.name
        )
    }

    /// Writes the rows of parameter 1, a JSON array of objects.
    pub(crate) fn write(&self, engine: EngineKind) -> String {
        let target = self.target;
        let names: Vec<_> = self.columns.iter().map(|column| column.name).collect();
        let rows = rows_of_table(engine, target, &[&["id"], names.as_slice()].concat());
        match self.writing {
            Writing::Insert => format!(
                "INSERT INTO {target} (id, {}) SELECT r.id, {} FROM {rows}",
                names.join(", "),
                self.list(Column::written)
            ),
            Writing::Update => format!(
                "UPDATE {target} SET {} FROM {rows} WHERE {target}.id = r.id",
                self.list(|column| format!("{} = {}", column.name, column.written()))
            ),
        }
    }

    fn list(&self, text: impl Fn(&Column) -> String) -> String {
        let texts: Vec<_> = self.columns.iter().map(text).collect();
        texts.join(", ")
    }
}
