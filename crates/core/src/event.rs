//! The texts of a client's timeline. They are part of the wire contract: later clients parse them
//! (contract, sections 2.7 to 2.9 and 6).

use crate::company::ReAssignHours;
use crate::user::DisplayName;

/// How "nobody" is written in a timeline.
pub const UNASSIGNED: &str = "Unassigned";

/// How a missing value is written in a timeline.
pub const NONE: &str = "None";

/// The kinds of events that are written; imported events may have others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventType {
    /// The status was changed by a person.
    StatusChange,
    /// The assignee changed, or was chosen.
    Assignment,
    /// Another field was changed.
    Edit,
    /// A sweep moved the neglected client.
    ReAssignment,
}

impl EventType {
    /// The word on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::StatusChange => "status_change",
            Self::Assignment => "assignment",
            Self::Edit => "edit",
            Self::ReAssignment => "re_assignment",
        }
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

/// The fields whose change is written as an `edit`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EditedField {
    /// The client's name.
    Name,
    /// Its priority.
    Priority,
    /// Its type.
    Type,
    /// Its budget.
    Budget,
    /// The channel it came through.
    CommunicationWay,
}

impl EditedField {
    const fn label(self) -> &'static str {
        match self {
            Self::Name => "Name",
            Self::Priority => "Priority",
            Self::Type => "Type",
            Self::Budget => "Budget",
            Self::CommunicationWay => "Communication way",
        }
    }
}

/// The status changed from one name to another; `None` is no status.
pub fn status_changed(old: Option<&str>, new: Option<&str>) -> EventText {
    let (old, new) = (old.unwrap_or(NONE), new.unwrap_or(NONE));
    EventText {
        event_type: EventType::StatusChange,
        old_value: old.to_owned(),
        new_value: new.to_owned(),
        notes: format!("Status changed from {old} to {new}"),
    }
}

/// A field changed; `None` is an empty value.
pub fn edited(field: EditedField, old: Option<&str>, new: Option<&str>) -> EventText {
    EventText {
        event_type: EventType::Edit,
        old_value: old.unwrap_or(NONE).to_owned(),
        new_value: new.unwrap_or(NONE).to_owned(),
        notes: format!("{} updated", field.label()),
    }
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
    EventText {
        event_type: EventType::ReAssignment,
        old_value: old.to_string(),
        new_value: new.to_string(),
        notes: format!(
            "تم إعادة التعيين تلقائياً بعد {} ساعة من عدم التواصل",
            hours.get()
        ),
    }
}

fn assignment(old: Option<&DisplayName>, new: Option<&DisplayName>, notes: String) -> EventText {
    EventText {
        event_type: EventType::Assignment,
        old_value: name_or_unassigned(old).to_owned(),
        new_value: name_or_unassigned(new).to_owned(),
        notes,
    }
}

fn unassigned_notes(old: Option<&DisplayName>) -> String {
    format!("Unassigned (was {})", name_or_unassigned(old))
}

fn name_or_unassigned(name: Option<&DisplayName>) -> &str {
    name.map_or(UNASSIGNED, DisplayName::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> DisplayName {
        DisplayName::new(text, "", "")
    }

    #[test]
    fn assignments_read_as_the_reference_writes_them() {
        let (ed, eva) = (name("Ed One"), name("Eva Two"));

        assert_eq!(assigned(None, Some(&ed)).notes, "Assigned to Ed One");
        assert_eq!(
            assigned(Some(&ed), Some(&eva)).notes,
            "Assigned to Eva Two (was Ed One)"
        );
        assert_eq!(assigned(Some(&eva), None).notes, "Unassigned (was Eva Two)");
        assert_eq!(
            bulk_assigned(None, Some(&ed)).notes,
            "Bulk assigned to Ed One (was Unassigned)"
        );
        assert_eq!(auto_assigned(&ed).old_value, "Unassigned");
    }

    #[test]
    fn a_missing_status_is_written_as_none() {
        let event = status_changed(None, Some("Won"));

        assert_eq!(event.old_value, "None");
        assert_eq!(event.notes, "Status changed from None to Won");
    }

    #[test]
    fn the_note_of_a_sweep_names_the_hours() {
        let event = re_assigned(&name("Ed One"), &name("خالد"), ReAssignHours::DEFAULT);

        assert_eq!(
            event.notes,
            "تم إعادة التعيين تلقائياً بعد 24 ساعة من عدم التواصل"
        );
        assert_eq!(event.event_type.as_str(), "re_assignment");
    }
}
