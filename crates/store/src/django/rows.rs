//! The reference's rows as they are read, and how each becomes one of ours.

use crate::import::{
    ChannelRow, ClientRow, CompanyRow, EventRow, OwnerRow, PhoneRow, PlanRow, StageRow, StatusRow,
    SubscriptionRow, TaskRow, UserRow,
};
use tawzi_core::client::Budget;
use tawzi_core::company::ReAssignHours;
use tawzi_core::status::StatusCategory;
use tawzi_core::time::Timestamp;

fn time(column: &str, text: &str) -> Result<i64, String> {
    Timestamp::parse(text)
        .map(Timestamp::microseconds)
        .map_err(|_| format!("{column} is {text:?}, which is no time"))
}

fn optional_time(column: &str, text: Option<&str>) -> Result<Option<i64>, String> {
    text.map(|text| time(column, text)).transpose()
}

/// Declares the raw rows and how each becomes a row of ours. `_t` reads a time, `_o` one that may
/// be missing.
macro_rules! raw {
    ($($raw:ident { $($field:ident: $type:ty,)+ } => |$row:ident| $body:expr, $target:ty;)+) => {$(
        record! {
            /// A row as it is in the source.
            pub(super) struct $raw { $(pub $field: $type,)+ }
        }

        impl $raw {
            pub(super) fn convert(self) -> Result<$target, String> {
                let $row = self;
                Ok($body)
            }
        }
    )+};
}

raw! {
    RawCompany {
        id: i64, name: String, domain: String, specialization: String,
        registration_completed: bool, registration_completed_at: Option<String>,
        auto_assign_enabled: bool, re_assign_enabled: bool, re_assign_hours: Option<i64>,
        created_at: String, updated_at: String,
    } => |row| CompanyRow {
        id: row.id,
        name: row.name,
        domain: row.domain,
        specialization: row.specialization,
        registration_completed: row.registration_completed,
        registration_completed_at: optional_time(
            "registration_completed_at",
            row.registration_completed_at.as_deref(),
        )?,
        auto_assign_enabled: row.auto_assign_enabled,
        re_assign_enabled: row.re_assign_enabled,
        re_assign_hours: ReAssignHours::from_reference(row.re_assign_hours).get(),
        created_at: time("created_at", &row.created_at)?,
        updated_at: time("updated_at", &row.updated_at)?,
    }, CompanyRow;

    RawOwner { id: i64, owner_id: i64, } => |row| OwnerRow {
        id: row.id,
        owner_id: row.owner_id,
    }, OwnerRow;

    RawUser {
        id: i64, company_id: Option<i64>, username: String, email: String, first_name: String,
        last_name: String, phone: Option<String>, profile_photo: Option<String>, role: String,
        password: String, is_active: bool, is_staff: bool, is_superuser: bool, email_verified: bool,
        date_joined: String, last_login: Option<String>,
    } => |row| UserRow {
        id: row.id,
        company_id: row.company_id,
        username: row.username,
        email: row.email,
        first_name: row.first_name,
        last_name: row.last_name,
        phone: row.phone,
        profile_photo: row.profile_photo,
        role: row.role,
        password_hash: row.password,
        is_active: row.is_active,
        is_staff: row.is_staff,
        is_superuser: row.is_superuser,
        email_verified: row.email_verified,
        date_joined: time("date_joined", &row.date_joined)?,
        last_login: optional_time("last_login", row.last_login.as_deref())?,
    }, UserRow;

    RawPlan { id: i64, name: String, name_ar: String, } => |row| PlanRow {
        id: row.id,
        name: row.name,
        name_ar: row.name_ar,
    }, PlanRow;

    RawSubscription {
        id: i64, company_id: i64, plan_id: i64, is_active: bool, auto_renew: bool,
        start_date: String, end_date: String, created_at: String, updated_at: String,
    } => |row| SubscriptionRow {
        id: row.id,
        company_id: row.company_id,
        plan_id: row.plan_id,
        is_active: row.is_active,
        auto_renew: row.auto_renew,
        start_date: time("start_date", &row.start_date)?,
        end_date: time("end_date", &row.end_date)?,
        created_at: time("created_at", &row.created_at)?,
        updated_at: time("updated_at", &row.updated_at)?,
    }, SubscriptionRow;

    RawStatus {
        company_id: i64, id: i64, name: String, description: Option<String>, category: String,
        color: String, is_default: bool, is_hidden: bool, is_active: bool, created_at: String,
        updated_at: String,
    } => |row| StatusRow {
        company_id: row.company_id,
        id: row.id,
        name: row.name,
        description: row.description,
        category: match StatusCategory::parse(&row.category) {
            Some(category) if category != StatusCategory::None => row.category,
            _ => return Err(format!("category is {:?}, which is no category", row.category)),
        },
        color: row.color,
        is_default: row.is_default,
        is_hidden: row.is_hidden,
        is_active: row.is_active,
        created_at: time("created_at", &row.created_at)?,
        updated_at: time("updated_at", &row.updated_at)?,
    }, StatusRow;

    RawStage {
        company_id: i64, id: i64, name: String, description: Option<String>, color: String,
        required: bool, auto_advance: bool, position: i64, is_active: bool, created_at: String,
        updated_at: String,
    } => |row| StageRow {
        company_id: row.company_id,
        id: row.id,
        name: row.name,
        description: row.description,
        color: row.color,
        required: row.required,
        auto_advance: row.auto_advance,
        position: row.position,
        is_active: row.is_active,
        created_at: time("created_at", &row.created_at)?,
        updated_at: time("updated_at", &row.updated_at)?,
    }, StageRow;

    RawChannel {
        company_id: i64, id: i64, name: String, channel_type: String, priority: String, is_active: bool,
        created_at: String, updated_at: String,
    } => |row| ChannelRow {
        company_id: row.company_id,
        id: row.id,
        name: row.name,
        channel_type: row.channel_type,
        priority: row.priority,
        is_active: row.is_active,
        created_at: time("created_at", &row.created_at)?,
        updated_at: time("updated_at", &row.updated_at)?,
    }, ChannelRow;

    RawClient {
        company_id: i64, id: i64, name: String, priority: String, client_type: String,
        communication_way_id: Option<i64>, status_id: Option<i64>, budget: Option<String>,
        phone_number: Option<String>, assigned_to_id: Option<i64>, assigned_at: Option<String>,
        last_contacted_at: Option<String>, created_at: String, updated_at: String,
    } => |row| ClientRow {
        company_id: row.company_id,
        id: row.id,
        name: row.name,
        priority: row.priority,
        client_type: row.client_type,
        channel_id: row.communication_way_id,
        status_id: row.status_id,
        budget_hundredths: match row.budget {
            None => None,
            Some(text) => Some(
                Budget::parse(&text)
                    .map_err(|_| format!("budget is {text:?}, which does not fit 12 digits with 2 decimals"))?
                    .hundredths(),
            ),
        },
        phone_number: row.phone_number,
        assigned_to: row.assigned_to_id,
        assigned_at: optional_time("assigned_at", row.assigned_at.as_deref())?,
        last_contacted_at: optional_time("last_contacted_at", row.last_contacted_at.as_deref())?,
        created_at: time("created_at", &row.created_at)?,
        updated_at: time("updated_at", &row.updated_at)?,
    }, ClientRow;

    RawPhone {
        company_id: i64, id: i64, client_id: i64, phone_number: String, phone_type: String,
        is_primary: bool, notes: Option<String>, created_at: String, updated_at: String,
    } => |row| PhoneRow {
        company_id: row.company_id,
        id: row.id,
        client_id: row.client_id,
        phone_number: row.phone_number,
        phone_type: row.phone_type,
        is_primary: row.is_primary,
        notes: row.notes,
        created_at: time("created_at", &row.created_at)?,
        updated_at: time("updated_at", &row.updated_at)?,
    }, PhoneRow;

    RawTask {
        company_id: i64, id: i64, client_id: i64, stage_id: Option<i64>, notes: Option<String>,
        reminder_date: Option<String>, created_by_id: Option<i64>, created_at: String,
        updated_at: String,
    } => |row| TaskRow {
        company_id: row.company_id,
        id: row.id,
        client_id: row.client_id,
        stage_id: row.stage_id,
        notes: row.notes,
        reminder_date: optional_time("reminder_date", row.reminder_date.as_deref())?,
        created_by: row.created_by_id,
        created_at: time("created_at", &row.created_at)?,
        updated_at: time("updated_at", &row.updated_at)?,
    }, TaskRow;

    RawEvent {
        company_id: i64, id: i64, client_id: i64, event_type: String, old_value: Option<String>,
        new_value: Option<String>, notes: Option<String>, created_by_id: Option<i64>,
        created_at: String,
    } => |row| EventRow {
        company_id: row.company_id,
        id: row.id,
        client_id: row.client_id,
        event_type: row.event_type,
        old_value: row.old_value,
        new_value: row.new_value,
        notes: row.notes,
        created_by: row.created_by_id,
        created_at: time("created_at", &row.created_at)?,
    }, EventRow;
}
