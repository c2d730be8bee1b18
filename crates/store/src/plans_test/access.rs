//! How the rows of a table are to be found.

/// How the rows of a table must be found, in the words of each engine's plans.
pub(super) struct Access {
    pub(super) table: &'static str,
    pub(super) alias: &'static str,
    pub(super) postgres: &'static [&'static str],
    pub(super) sqlite: &'static str,
}

/// Declares accesses: the table with its alias, the indexes in `PostgreSQL`'s plans, and what stands in those of
/// `SQLite`.
macro_rules! accesses {
    ($($(#[$doc:meta])* $name:ident: $table:ident $alias:ident by $($index:ident)|+, $sqlite:literal;)+) => {$(
        $(#[$doc])*
        pub(super) const $name: Access = Access {
            table: stringify!($table),
            alias: stringify!($alias),
            postgres: &[$(stringify!($index)),+],
            sqlite: $sqlite,
        };
    )+};
}

accesses! {
    BY_ID: client k by client_pkey, "USING PRIMARY KEY (company_id=? AND id=?)";
    BEHIND_ID: client k by client_pkey, "USING PRIMARY KEY (company_id=? AND id>?)";
    BY_ID_TO_CHANGE: client client by client_pkey, "USING PRIMARY KEY (company_id=? AND id=?)";
    /// That index ends with the id, so that it finds one row as well.
    BY_ID_TO_MOVE: client client by client_pkey | client_due, "USING PRIMARY KEY (company_id=? AND id=?)";
    DUE: client k by client_due, "INDEX client_due (company_id=? AND ";
    COUNTED_DUE: client client by client_due, "INDEX client_due (company_id=? AND touched_at";
    PROBED_DUE: client k by client_due, "INDEX client_due (company_id=? AND touched_at<?)";
    WAITING: client k by client_waiting, "INDEX client_waiting (company_id=?";
    BY_CREATION: client k by client_by_creation, "INDEX client_by_creation (company_id=?)";
    BEHIND_CREATION: client k by client_by_creation,
        "INDEX client_by_creation (company_id=? AND created_at<?)";
    BY_ASSIGNEE: client k by client_by_assignee, "INDEX client_by_assignee (company_id=? AND assigned_to=?)";
    BY_STATUS: client k by client_by_status, "INDEX client_by_status (company_id=? AND status_id=?)";
    BY_CREATE_KEY: client k by client_by_create_key,
        "INDEX client_by_create_key (company_id=? AND create_key=?)";
    TASK_BY_CREATE_KEY: client_task t by client_task_by_create_key,
        "INDEX client_task_by_create_key (company_id=? AND create_key=?)";
    TIMELINE: client_event e by client_event_by_client,
        "INDEX client_event_by_client (company_id=? AND client_id=?)";
    EVENT_BY_ID: client_event e by client_event_pkey, "USING PRIMARY KEY (company_id=? AND id=?)";
    /// Beside them people are found by their ids.
    EMPLOYEES: user_account u by user_account_by_company | user_account_pkey,
        "INDEX user_account_by_company (company_id=? AND role=?)";
    LOADS: employee_load employee_load by employee_load_pkey,
        "USING PRIMARY KEY (company_id=? AND user_id=?)";
    STAGE_BY_ID: stage t by stage_by_id, "INDEX stage_by_id (id=?)";
    STATUS_BY_ID: status s by status_by_id, "INDEX status_by_id (id=?)";
    CHANNEL_BY_ID: channel h by channel_by_id, "INDEX channel_by_id (id=?)";
    CLIENT_BY_PHONE: client_phone_key p by client_phone_key_pkey,
        "USING PRIMARY KEY (company_id=? AND phone_key=?)";
    KEY_BY_HASH: api_key k by api_key_by_hash, "INDEX api_key_by_hash (key_hash=?)";
    PERSON_BY_ID: user_account a by user_account_by_company | user_account_pkey,
        "USING INTEGER PRIMARY KEY (rowid=?)";
}
