//! The columns of a file of clients.

/// The columns that are read, in the order in which they are written.
pub(super) const COLUMNS: [&str; 8] = [
    "name",
    "phone_number",
    "priority",
    "type",
    "status",
    "communication_way",
    "budget",
    "assigned_to",
];

/// Columns that are written, and passed over when they are read.
pub(super) const WRITTEN_ONLY: [&str; 5] = [
    "id",
    "created_at",
    "assigned_at",
    "last_contacted_at",
    "other_phone_numbers",
];
