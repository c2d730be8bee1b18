-- Repeated requests are recognised for activities as for clients, and a key that was chosen for one request and
-- comes with another is noticed. The other engine's file has the same number.

-- What was asked for, where the sender chose the key by which repetitions are recognised.
ALTER TABLE client ADD COLUMN create_asked INTEGER;

-- Null for what was logged before.
ALTER TABLE client_task ADD COLUMN create_key INTEGER;
ALTER TABLE client_task ADD COLUMN create_asked INTEGER;
CREATE INDEX client_task_by_create_key ON client_task (company_id, create_key)
    WHERE create_key IS NOT NULL;

INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('client_task', 'client_task_by_create_key', '1000000 10000 1');
ANALYZE sqlite_schema;
