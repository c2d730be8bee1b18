-- Companies, people, clients, their timelines, the counters that assignment reads, and the
-- worker's schedule and jobs. Times are UTC microseconds, money is hundredths. Tables whose key
-- starts with the company are stored in that order. The other engine's file has the same number.

-- The last id given out, by table: SQLite counts by itself only in tables with a plain key.
CREATE TABLE id_sequence (
    name TEXT PRIMARY KEY,
    last INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO id_sequence (name, last) VALUES
    ('company_ids', 0),
    ('user_account_ids', 0),
    ('plan_ids', 0),
    ('subscription_ids', 0),
    ('status_ids', 0),
    ('stage_ids', 0),
    ('channel_ids', 0),
    ('client_ids', 0),
    ('client_phone_ids', 0),
    ('client_task_ids', 0),
    ('client_event_ids', 0),
    ('sweep_ids', 0),
    ('job_ids', 0);

CREATE TABLE company (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    domain TEXT NOT NULL UNIQUE,
    specialization TEXT NOT NULL,
    -- The two tables refer to each other, so this one is checked at commit.
    owner_id INTEGER REFERENCES user_account (id) DEFERRABLE INITIALLY DEFERRED,
    registration_completed INTEGER NOT NULL,
    registration_completed_at INTEGER,
    auto_assign_enabled INTEGER NOT NULL,
    re_assign_enabled INTEGER NOT NULL,
    re_assign_hours INTEGER NOT NULL CHECK (re_assign_hours BETWEEN 1 AND 8760),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;

CREATE TABLE user_account (
    id INTEGER PRIMARY KEY,
    company_id INTEGER REFERENCES company (id),
    username TEXT NOT NULL UNIQUE,
    email TEXT NOT NULL UNIQUE,
    first_name TEXT NOT NULL,
    last_name TEXT NOT NULL,
    phone TEXT,
    profile_photo TEXT,
    role TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    is_active INTEGER NOT NULL,
    is_staff INTEGER NOT NULL,
    is_superuser INTEGER NOT NULL,
    email_verified INTEGER NOT NULL,
    date_joined INTEGER NOT NULL,
    last_login INTEGER
) STRICT;
CREATE INDEX user_account_by_company ON user_account (company_id, role);
CREATE INDEX user_account_by_email ON user_account (LOWER(email));

CREATE TABLE plan (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    name_ar TEXT NOT NULL
) STRICT;

CREATE TABLE subscription (
    id INTEGER PRIMARY KEY,
    company_id INTEGER NOT NULL REFERENCES company (id),
    plan_id INTEGER NOT NULL REFERENCES plan (id),
    is_active INTEGER NOT NULL,
    auto_renew INTEGER NOT NULL,
    start_date INTEGER NOT NULL,
    end_date INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX subscription_by_company ON subscription (company_id);

CREATE TABLE status (
    company_id INTEGER NOT NULL REFERENCES company (id),
    id INTEGER NOT NULL,
    name TEXT NOT NULL,
    description TEXT,
    category TEXT NOT NULL CHECK (category IN ('active', 'follow_up', 'inactive', 'closed')),
    color TEXT NOT NULL,
    is_default INTEGER NOT NULL,
    is_hidden INTEGER NOT NULL,
    is_active INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (company_id, id),
    UNIQUE (company_id, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX status_by_id ON status (id);

CREATE TABLE stage (
    company_id INTEGER NOT NULL REFERENCES company (id),
    id INTEGER NOT NULL,
    name TEXT NOT NULL,
    description TEXT,
    color TEXT NOT NULL,
    required INTEGER NOT NULL,
    auto_advance INTEGER NOT NULL,
    position INTEGER NOT NULL,
    is_active INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (company_id, id),
    UNIQUE (company_id, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX stage_by_id ON stage (id);

CREATE TABLE channel (
    company_id INTEGER NOT NULL REFERENCES company (id),
    id INTEGER NOT NULL,
    name TEXT NOT NULL,
    channel_type TEXT NOT NULL,
    priority TEXT NOT NULL,
    is_active INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (company_id, id),
    UNIQUE (company_id, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX channel_by_id ON channel (id);

CREATE TABLE client (
    company_id INTEGER NOT NULL REFERENCES company (id),
    id INTEGER NOT NULL,
    name TEXT NOT NULL,
    priority TEXT NOT NULL,
    client_type TEXT NOT NULL,
    channel_id INTEGER,
    status_id INTEGER,
    budget_hundredths INTEGER,
    phone_number TEXT,
    assigned_to INTEGER REFERENCES user_account (id),
    assigned_at INTEGER,
    last_contacted_at INTEGER,
    -- The later of the two; null when never assigned, so that such a client is never stale.
    touched_at INTEGER GENERATED ALWAYS AS (
        CASE WHEN last_contacted_at > assigned_at THEN last_contacted_at ELSE assigned_at END
    ) STORED,
    -- What a repeated request is recognised by: see store's intake.
    create_key INTEGER,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (company_id, id),
    FOREIGN KEY (company_id, channel_id) REFERENCES channel (company_id, id),
    FOREIGN KEY (company_id, status_id) REFERENCES status (company_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX client_by_creation ON client (company_id, created_at, id);
CREATE INDEX client_by_assignee ON client (company_id, assigned_to, created_at, id);
CREATE INDEX client_due ON client (company_id, touched_at, id) WHERE assigned_to IS NOT NULL;
CREATE INDEX client_by_create_key ON client (company_id, create_key)
    WHERE create_key IS NOT NULL;

CREATE TABLE client_phone (
    company_id INTEGER NOT NULL,
    id INTEGER NOT NULL,
    client_id INTEGER NOT NULL,
    phone_number TEXT NOT NULL,
    phone_type TEXT NOT NULL,
    is_primary INTEGER NOT NULL,
    notes TEXT,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (company_id, id),
    UNIQUE (company_id, client_id, phone_number),
    FOREIGN KEY (company_id, client_id) REFERENCES client (company_id, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE TABLE client_task (
    company_id INTEGER NOT NULL,
    id INTEGER NOT NULL,
    client_id INTEGER NOT NULL,
    stage_id INTEGER,
    notes TEXT,
    reminder_date INTEGER,
    created_by INTEGER REFERENCES user_account (id),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (company_id, id),
    FOREIGN KEY (company_id, client_id) REFERENCES client (company_id, id) ON DELETE CASCADE,
    FOREIGN KEY (company_id, stage_id) REFERENCES stage (company_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX client_task_by_client ON client_task (company_id, client_id, id);

CREATE TABLE client_event (
    company_id INTEGER NOT NULL,
    id INTEGER NOT NULL,
    client_id INTEGER NOT NULL,
    event_type TEXT NOT NULL,
    old_value TEXT,
    new_value TEXT,
    notes TEXT,
    created_by INTEGER REFERENCES user_account (id),
    -- The sweep that moved the client; null for everything else.
    sweep_id INTEGER,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (company_id, id),
    FOREIGN KEY (company_id, client_id) REFERENCES client (company_id, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX client_event_by_client ON client_event (company_id, client_id, id);

-- How many clients each person holds, by the category of their status, and when they last
-- received one. Changed in the transaction that changes the client.
CREATE TABLE employee_load (
    company_id INTEGER NOT NULL REFERENCES company (id),
    user_id INTEGER NOT NULL REFERENCES user_account (id),
    active INTEGER NOT NULL,
    follow_up INTEGER NOT NULL,
    inactive INTEGER NOT NULL,
    closed INTEGER NOT NULL,
    without_status INTEGER NOT NULL,
    last_received_at INTEGER,
    -- Of those who received at the same moment, who received first.
    last_received_order INTEGER NOT NULL,
    PRIMARY KEY (company_id, user_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE sweep (
    id INTEGER PRIMARY KEY,
    -- The job that ran it, so that a repeated job goes on with the same record.
    job_id INTEGER UNIQUE,
    cause TEXT NOT NULL CHECK (cause IN ('schedule', 'command')),
    started_at INTEGER NOT NULL,
    finished_at INTEGER
) STRICT;

-- What a sweep did in one company; companies with nothing due have no row.
CREATE TABLE sweep_company (
    company_id INTEGER NOT NULL REFERENCES company (id),
    sweep_id INTEGER NOT NULL REFERENCES sweep (id),
    due INTEGER NOT NULL,
    moved INTEGER NOT NULL,
    kept_no_other_employee INTEGER NOT NULL,
    -- Contacted or moved by somebody between the plan and its record.
    changed_meanwhile INTEGER NOT NULL,
    error TEXT,
    PRIMARY KEY (company_id, sweep_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX sweep_company_by_sweep ON sweep_company (sweep_id);

CREATE TABLE schedule (
    name TEXT PRIMARY KEY,
    cron TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    job_kind TEXT NOT NULL,
    enabled INTEGER NOT NULL,
    next_run_at INTEGER NOT NULL,
    last_run_at INTEGER,
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE job (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    payload TEXT NOT NULL,
    -- One job for one tick, however many workers see it.
    unique_key TEXT NOT NULL UNIQUE,
    state TEXT NOT NULL CHECK (state IN ('ready', 'running', 'done', 'failed')),
    run_at INTEGER NOT NULL,
    attempt INTEGER NOT NULL,
    lease_until INTEGER,
    created_at INTEGER NOT NULL,
    finished_at INTEGER
) STRICT;
CREATE INDEX job_claimable ON job (run_at) WHERE state IN ('ready', 'running');

CREATE TABLE job_attempt (
    job_id INTEGER NOT NULL REFERENCES job (id) ON DELETE CASCADE,
    attempt INTEGER NOT NULL,
    worker TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    finished_at INTEGER,
    outcome TEXT,
    PRIMARY KEY (job_id, attempt)
) STRICT, WITHOUT ROWID;

CREATE TABLE worker (
    name TEXT PRIMARY KEY,
    started_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Databases that were taken over, so that a second take-over changes nothing.
CREATE TABLE import_run (
    fingerprint TEXT PRIMARY KEY,
    imported_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What the planner is to expect, in the words of ANALYZE: rows, then rows for each further column
-- of the key. Knowing nothing, it takes a company for ten clients and reads all of it to find one.
ANALYZE sqlite_schema;
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('client', 'client', '1000000 10000 1'),
    ('client', 'client_by_creation', '1000000 10000 1 1'),
    ('client', 'client_by_assignee', '1000000 10000 500 1 1'),
    ('client', 'client_due', '1000000 10000 1 1'),
    ('client', 'client_by_create_key', '1000000 10000 1'),
    ('client_phone', 'client_phone', '1000000 10000 1'),
    ('client_phone', 'sqlite_autoindex_client_phone_2', '1000000 10000 1 1'),
    ('client_task', 'client_task', '1000000 10000 1'),
    ('client_task', 'client_task_by_client', '1000000 10000 2 1'),
    ('client_event', 'client_event', '5000000 50000 1'),
    ('client_event', 'client_event_by_client', '5000000 50000 5 1'),
    ('sweep_company', 'sweep_company', '1000000 10000 1'),
    ('sweep_company', 'sweep_company_by_sweep', '1000000 100');
ANALYZE sqlite_schema;
