-- A thousand companies with ten employees, five statuses and five channels each. The first fifty have two
-- thousand clients each; every client of the first two companies was assigned long ago, the others just now.
-- numbers(count) stands for rows n of the numbers from 1 on.
INSERT INTO company (id, name, domain, specialization, registration_completed,
    auto_assign_enabled, re_assign_enabled, re_assign_hours, created_at, updated_at)
SELECT n, 'c' || n, 'c' || n, 'services', TRUE, TRUE, TRUE, 24, 0, 0
FROM numbers(1000);
INSERT INTO user_account (id, company_id, username, email, first_name, last_name, role,
    password_hash, is_active, is_staff, is_superuser, email_verified, date_joined)
SELECT n, (n - 1) / 10 + 1, 'u' || n, 'u' || n, '', '', 'employee', '', TRUE, FALSE,
    FALSE, FALSE, 0
FROM numbers(10000);
INSERT INTO client (company_id, id, name, priority, client_type, assigned_to, assigned_at,
    create_key, created_at, updated_at)
SELECT (n - 1) / 10 % 50 + 1, n, 'client ' || n, 'medium', 'fresh', (n - 1) % 500 + 1,
    CASE WHEN (n - 1) / 10 % 50 < 2 THEN n ELSE 1764687600000000 END, n, n, n
FROM numbers(100000);
INSERT INTO employee_load (company_id, user_id, active, follow_up, inactive, closed,
    without_status, last_received_order)
SELECT company_id, id, 0, 0, 0, 0, 0, 0 FROM user_account;
INSERT INTO status (company_id, id, name, category, color, is_default, is_hidden,
    is_active, created_at, updated_at)
SELECT company_id, id, 's' || id, 'active', '', FALSE, FALSE, TRUE, 0, 0
FROM user_account WHERE id % 2 = 0;
INSERT INTO stage (company_id, id, name, color, required, auto_advance, position, is_active,
    created_at, updated_at)
SELECT company_id, id, 'g' || id, '', FALSE, FALSE, 0, TRUE, 0, 0
FROM user_account WHERE id % 2 = 0;
INSERT INTO channel (company_id, id, name, channel_type, priority, is_active, created_at,
    updated_at)
SELECT company_id, id, 'h' || id, '', '', TRUE, 0, 0 FROM user_account WHERE id % 2 = 0;
INSERT INTO client_phone_key (company_id, phone_key, client_id)
SELECT company_id, '+' || id, id FROM client;
INSERT INTO client_event (company_id, id, client_id, event_type, created_at)
SELECT company_id, id, id, 'edit', 0 FROM client;
INSERT INTO api_key (company_id, id, name, prefix, key_hash, created_at)
SELECT n % 50 + 1, n, '', '', 'hash ' || n, 0 FROM numbers(5000);
INSERT INTO client_task (company_id, id, client_id, create_key, created_at, updated_at)
SELECT company_id, id, id, id, 0, 0 FROM client;
