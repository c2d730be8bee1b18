//! The texts of a client's timeline. They are part of the wire contract: later clients parse them
//! (contract, sections 2.7 to 2.9 and 6).

use crate::company::ReAssignHours;
use crate::user::DisplayName;

/// How "nobody" is written in a timeline.
pub const UNASSIGNED: &str = "Unassigned";

/// How a missing value is written in a timeline.
pub const NONE: &str = "None";

crate::words! {
    /// The kinds of events that are written; imported events may have others.
    EventType {
        /// The status was changed by a person.
        StatusChange = "status_change",
        /// The assignee changed, or was chosen.
        Assignment = "assignment",
        /// Another field was changed.
        Edit = "edit",
        /// A sweep moved the neglected client.
        ReAssignment = "re_assignment",
    }
}

/// One line of a timeline, without its author and time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventText {
    /// What happened.
    pub event_type: EventType,
    /// The value before.
    pub old_value: String,
    /// The value after.
    pub new_value: String,
    /// A sentence about it.
    pub notes: String,
}

crate::words! {
    /// The fields whose change is written as an `edit`.
    EditedField {
        /// The client's name.
        Name = "Name",
        /// Its priority.
        Priority = "Priority",
        /// Its type.
        Type = "Type",
        /// Its budget.
        Budget = "Budget",
        /// The channel it came through.
        CommunicationWay = "Communication way",
    }
}

/// The status changed from one name to another; `None` is no status.
pub fn status_changed(old: Option<&str>, new: Option<&str>) -> EventText {
    let (old, new) = (old.unwrap_or(NONE), new.unwrap_or(NONE));
    let notes = format!("Status changed from {old} to {new}");
    text_of(EventType::StatusChange, old, new, notes)
}

/// A field changed; `None` is an empty value.
pub fn edited(field: EditedField, old: Option<&str>, new: Option<&str>) -> EventText {
    let (old, new) = (old.unwrap_or(NONE), new.unwrap_or(NONE));
    text_of(
        EventType::Edit,
        old,
        new,
        format!("{} updated", field.as_str()),
    )
}

/// A person gave the client to somebody, or took it from everybody.
pub fn assigned(old: Option<&DisplayName>, new: Option<&DisplayName>) -> EventText {
    let notes = match (old, new) {
        (None, Some(new)) => format!("Assigned to {new}"),
        (Some(old), Some(new)) => format!("Assigned to {new} (was {old})"),
        (old, None) => unassigned_notes(old),
    };
    assignment(old, new, notes)
}

/// An administrator gave many clients to somebody, or took them from everybody.
pub fn bulk_assigned(old: Option<&DisplayName>, new: Option<&DisplayName>) -> EventText {
    let notes = match new {
        Some(new) => format!("Bulk assigned to {new} (was {})", name_or_unassigned(old)),
        None => unassigned_notes(old),
    };
    assignment(old, new, notes)
}

/// The assignee may not work any more; somebody else received the client, or nobody.
pub fn left_behind(old: &DisplayName, new: Option<&DisplayName>) -> EventText {
    let notes = match new {
        Some(new) => format!("Reassigned after employee deactivation to {new}"),
        None => unassigned_notes(Some(old)),
    };
    assignment(Some(old), new, notes)
}

/// The least busy employee was chosen.
pub fn auto_assigned(new: &DisplayName) -> EventText {
    assignment(None, Some(new), format!("Auto-assigned to {new}"))
}

/// Nobody could be chosen.
pub fn nobody_eligible() -> EventText {
    assignment(None, None, "Not assigned: no active employees".to_owned())
}

/// A sweep moved the client after `hours` without contact.
pub fn re_assigned(old: &DisplayName, new: &DisplayName, hours: ReAssignHours) -> EventText {
    let hours = hours.get();
    let notes = format!("تم إعادة التعيين تلقائياً بعد {hours} ساعة من عدم التواصل");
    text_of(EventType::ReAssignment, old.as_str(), new.as_str(), notes)
}

fn assignment(old: Option<&DisplayName>, new: Option<&DisplayName>, notes: String) -> EventText {
    let (old, new) = (name_or_unassigned(old), name_or_unassigned(new));
    text_of(EventType::Assignment, old, new, notes)
}

fn text_of(event_type: EventType, old: &str, new: &str, notes: String) -> EventText {
    EventText {
        event_type,
        old_value: old.to_owned(),
        new_value: new.to_owned(),
        notes,
    }
}

fn unassigned_notes(old: Option<&DisplayName>) -> String {
    format!("Unassigned (was {})", name_or_unassigned(old))
}

fn name_or_unassigned(name: Option<&DisplayName>) -> &str {
    name.map_or(UNASSIGNED, DisplayName::as_str)
}
