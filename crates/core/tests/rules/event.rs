//! What timelines say.

use tawzi_core::company::ReAssignHours;
use tawzi_core::event::{assigned, auto_assigned, bulk_assigned, re_assigned, status_changed};
use tawzi_core::user::DisplayName;

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
