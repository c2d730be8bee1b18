//! How the rows of a table are to be found.

/// How the rows of a table must be found, in the words of each engine's plans.
pub(super) struct Access {
    pub(super) table: &'static str,
    pub(super) alias: &'static str,
    pub(super) postgres: &'static [&'static str],
    pub(super) sqlite: &'static str,
}

const fn of_clients(
    alias: &'static str,
    postgres: &'static [&'static str],
    sqlite: &'static str,
) -> Access {
    Access {
        table: "client",
        alias,
        postgres,
        sqlite,
    }
}

pub(super) const BY_ID: Access = of_clients(
    "k",
    &["client_pkey"],
    "USING PRIMARY KEY (company_id=? AND id=?)",
);
pub(super) const BY_ID_TO_CHANGE: Access = of_clients(
    "client",
    &["client_pkey"],
    "USING PRIMARY KEY (company_id=? AND id=?)",
);
/// That index ends with the id, so that it finds one row as well.
pub(super) const BY_ID_TO_MOVE: Access = of_clients(
    "client",
    &["client_pkey", "client_due"],
    "USING PRIMARY KEY (company_id=? AND id=?)",
);
pub(super) const DUE: Access =
    of_clients("k", &["client_due"], "INDEX client_due (company_id=? AND ");
pub(super) const COUNTED_DUE: Access = of_clients(
    "client",
    &["client_due"],
    "INDEX client_due (company_id=? AND touched_at",
);
pub(super) const PROBED_DUE: Access = of_clients(
    "k",
    &["client_due"],
    "INDEX client_due (company_id=? AND touched_at<?)",
);
pub(super) const BY_CREATION: Access = of_clients(
    "k",
    &["client_by_creation"],
    "INDEX client_by_creation (company_id=?)",
);
pub(super) const BY_ASSIGNEE: Access = of_clients(
    "k",
    &["client_by_assignee"],
    "INDEX client_by_assignee (company_id=? AND assigned_to=?)",
);
pub(super) const BY_STATUS: Access = of_clients(
    "k",
    &["client_by_status"],
    "INDEX client_by_status (company_id=? AND status_id=?)",
);
pub(super) const BY_CREATE_KEY: Access = of_clients(
    "k",
    &["client_by_create_key"],
    "INDEX client_by_create_key (company_id=? AND create_key=?)",
);
pub(super) const TIMELINE: Access = Access {
    table: "client_event",
    alias: "e",
    postgres: &["client_event_by_client"],
    sqlite: "INDEX client_event_by_client (company_id=? AND client_id=?)",
};
pub(super) const EVENT_BY_ID: Access = Access {
    table: "client_event",
    alias: "e",
    postgres: &["client_event_pkey"],
    sqlite: "USING PRIMARY KEY (company_id=? AND id=?)",
};
pub(super) const EMPLOYEES: Access = Access {
    table: "user_account",
    alias: "u",
    // Beside them people are found by their ids.
    postgres: &["user_account_by_company", "user_account_pkey"],
    sqlite: "INDEX user_account_by_company (company_id=? AND role=?)",
};
pub(super) const PERSON_BY_ID: Access = Access {
    alias: "a",
    sqlite: "USING INTEGER PRIMARY KEY (rowid=?)",
    ..EMPLOYEES
};
pub(super) const LOADS: Access = Access {
    table: "employee_load",
    alias: "employee_load",
    postgres: &["employee_load_pkey"],
    sqlite: "USING PRIMARY KEY (company_id=? AND user_id=?)",
};
pub(super) const STAGE_BY_ID: Access = Access {
    table: "stage",
    alias: "t",
    postgres: &["stage_by_id"],
    sqlite: "INDEX stage_by_id (id=?)",
};
pub(super) const STATUS_BY_ID: Access = Access {
    table: "status",
    alias: "s",
    postgres: &["status_by_id"],
    sqlite: "INDEX status_by_id (id=?)",
};
pub(super) const CHANNEL_BY_ID: Access = Access {
    table: "channel",
    alias: "h",
    postgres: &["channel_by_id"],
    sqlite: "INDEX channel_by_id (id=?)",
};
pub(super) const CLIENT_BY_PHONE: Access = Access {
    table: "client_phone_key",
    alias: "p",
    postgres: &["client_phone_key_pkey"],
    sqlite: "USING PRIMARY KEY (company_id=? AND phone_key=?)",
};
pub(super) const KEY_BY_HASH: Access = Access {
    table: "api_key",
    alias: "k",
    postgres: &["api_key_by_hash"],
    sqlite: "INDEX api_key_by_hash (key_hash=?)",
};
