//! A database of the reference CRM with one of everything, and what is odd in it.

use crate::database::TestDb;
use tawzi_store::{DjangoSource, EngineKind, SourceTable};

/// Creates the database, with ids far apart.
pub(crate) async fn reference(engine: EngineKind) -> TestDb {
    let source = TestDb::empty(engine).await;
    source.run(include_str!("reference.sql")).await;
    source.run(ROWS).await;
    source
}

/// The table of that name.
pub(crate) async fn table(source: &mut DjangoSource, name: &str) -> &'static SourceTable {
    let contents = source.contents().await.unwrap();
    let mut tables = contents.into_iter().map(|(table, _, _)| table);
    tables.find(|table| table.name == name).unwrap()
}

/// Times without a zone are UTC in both engines here. The second client refers to a status and a
/// channel of the other company, its task to a stage of it.
const ROWS: &str = "
INSERT INTO companies (id, name, domain, created_at, updated_at, owner_id, specialization,
    registration_completed, registration_completed_at, auto_assign_enabled, re_assign_enabled,
    re_assign_hours) VALUES
    (10, 'الشمال', 'north', '2025-12-01 10:00:00.123456', '2025-12-01 10:00:01', 100,
        'real_estate', TRUE, '2025-12-01 10:00:02', TRUE, FALSE, 48),
    (20, 'South', 'south', '2025-12-01 10:00:00', '2025-12-01 10:00:00', 200, 'services', FALSE,
        NULL, FALSE, TRUE, 0);
INSERT INTO users (id, password, last_login, is_superuser, username, first_name, last_name,
    is_staff, is_active, date_joined, role, company_id, phone, email_verified, email,
    profile_photo) VALUES
    (100, 'pbkdf2', '2025-12-02 00:00:00', FALSE, 'amal', 'أمل', '', FALSE, TRUE,
        '2025-12-01 10:00:00', 'admin', 10, '0500', TRUE, 'Amal@north', 'photos/a.png'),
    (101, 'pbkdf2', NULL, FALSE, 'badr', '', '', FALSE, TRUE, '2025-12-01 10:00:00', 'employee',
        10, NULL, FALSE, 'badr@north', NULL),
    (200, 'pbkdf2', NULL, TRUE, 'root', '', '', TRUE, FALSE, '2025-12-01 10:00:00', '', NULL,
        NULL, FALSE, 'root', NULL);
INSERT INTO plans (id, name, description, price_monthly, price_yearly, clients, storage, trial_days,
    users, visible, description_ar, name_ar) VALUES
    (30, 'Year', 'All of it', 19.90, 199, 'unlimited', 50, 14, '5', TRUE, 'كل شيء', 'سنة'),
    (31, 'Old', '', 0, 0, '100', 1, 0, '1', FALSE, '', 'قديم');
INSERT INTO subscriptions (id, start_date, end_date, is_active, created_at, updated_at,
    company_id, plan_id, auto_renew) VALUES
    (40, '2025-12-01 00:00:00', '2026-12-01 00:00:00', TRUE, '2025-12-01 10:00:00',
        '2025-12-01 10:00:00', 10, 30, FALSE);
INSERT INTO settings_lead_status (id, name, description, category, color, is_default, is_hidden,
    is_active, created_at, updated_at, company_id) VALUES
    (50, 'New', NULL, 'follow_up', '#00ff00', TRUE, FALSE, TRUE, '2025-12-01 10:00:00',
        '2025-12-01 10:00:00', 10),
    (51, 'New', 'جديد', 'closed', '#00ff00', FALSE, FALSE, TRUE, '2025-12-01 10:00:00',
        '2025-12-01 10:00:00', 20);
INSERT INTO settings_lead_stage (id, name, description, color, required, auto_advance, \"order\",
    is_active, created_at, updated_at, company_id) VALUES
    (60, 'Call', NULL, '#00ff00', FALSE, TRUE, 3, TRUE, '2025-12-01 10:00:00',
        '2025-12-01 10:00:00', 10),
    (61, 'Visit', NULL, '#00ff00', FALSE, TRUE, 3, TRUE, '2025-12-01 10:00:00',
        '2025-12-01 10:00:00', 20);
INSERT INTO settings_channel (id, name, type, priority, is_active, created_at, updated_at,
    company_id) VALUES
    (70, 'Phone', 'phone', 'high', TRUE, '2025-12-01 10:00:00', '2025-12-01 10:00:00', 10),
    (71, 'Web', 'web', 'low', TRUE, '2025-12-01 10:00:00', '2025-12-01 10:00:00', 20);
INSERT INTO crm_client (id, name, priority, type, communication_way_id, budget, phone_number,
    created_at, updated_at, assigned_to_id, company_id, status_id, assigned_at,
    last_contacted_at) VALUES
    (80, 'سارة', 'high', 'fresh', 70, 9999999999.99, '0501', '2025-12-01 10:00:00.5',
        '2025-12-01 11:00:00', 101, 10, 50, '2025-12-01 10:00:00.5', '2025-12-01 12:00:00'),
    (81, 'Omar', 'rotated', 'cold', 71, 1500.50, NULL, '2025-12-01 10:00:00',
        '2025-12-01 10:00:00', NULL, 10, 51, NULL, NULL);
INSERT INTO client_phone_numbers (id, phone_number, phone_type, is_primary, notes, created_at,
    updated_at, client_id) VALUES
    (90, '0501', 'mobile', TRUE, 'صباحاً', '2025-12-01 10:00:00', '2025-12-01 10:00:00', 80);
INSERT INTO crm_client_task (id, notes, reminder_date, created_at, updated_at, client_id,
    created_by_id, stage_id) VALUES
    (110, 'called', '2025-12-03 09:00:00', '2025-12-01 12:00:00', '2025-12-01 12:00:00', 80, 101,
        60),
    (111, NULL, NULL, '2025-12-01 13:00:00', '2025-12-01 13:00:00', 81, NULL, 61);
INSERT INTO crm_client_event (id, event_type, old_value, new_value, notes, created_at, client_id,
    created_by_id) VALUES
    (120, 'assignment', 'Unassigned', 'badr', 'Assigned to badr', '2025-12-01 10:00:00', 80, 100),
    (121, 'a later kind', NULL, NULL, NULL, '2025-12-01 10:00:01', 81, NULL);
";
