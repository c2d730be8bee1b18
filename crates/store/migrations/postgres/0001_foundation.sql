-- Companies, people, clients, their timelines, the counters that assignment reads, and the
-- worker's schedule and jobs. Times are UTC microseconds, money is hundredths. Text that is
-- sorted or searched is compared by code point, as on SQLite. The other engine's file has the same
-- number.

CREATE SEQUENCE company_ids;
CREATE SEQUENCE user_account_ids;
CREATE SEQUENCE plan_ids;
CREATE SEQUENCE subscription_ids;
CREATE SEQUENCE status_ids;
CREATE SEQUENCE stage_ids;
CREATE SEQUENCE channel_ids;
CREATE SEQUENCE client_ids;
CREATE SEQUENCE client_phone_ids;
CREATE SEQUENCE client_task_ids;
CREATE SEQUENCE client_event_ids;
CREATE SEQUENCE sweep_ids;
CREATE SEQUENCE job_ids;

CREATE TABLE company (
    id BIGINT PRIMARY KEY,
    name TEXT COLLATE "C" NOT NULL,
    domain TEXT COLLATE "C" NOT NULL UNIQUE,
    specialization TEXT NOT NULL,
    owner_id BIGINT,
    registration_completed BOOLEAN NOT NULL,
    registration_completed_at BIGINT,
    auto_assign_enabled BOOLEAN NOT NULL,
    re_assign_enabled BOOLEAN NOT NULL,
    re_assign_hours BIGINT NOT NULL CHECK (re_assign_hours BETWEEN 1 AND 8760),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
) WITH (fillfactor = 90);

CREATE TABLE user_account (
    id BIGINT PRIMARY KEY,
    company_id BIGINT REFERENCES company (id),
    username TEXT COLLATE "C" NOT NULL UNIQUE,
    email TEXT COLLATE "C" NOT NULL UNIQUE,
    first_name TEXT COLLATE "C" NOT NULL,
    last_name TEXT COLLATE "C" NOT NULL,
    phone TEXT,
    profile_photo TEXT,
    role TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    is_active BOOLEAN NOT NULL,
    is_staff BOOLEAN NOT NULL,
    is_superuser BOOLEAN NOT NULL,
    email_verified BOOLEAN NOT NULL,
    date_joined BIGINT NOT NULL,
    last_login BIGINT
) WITH (fillfactor = 90);
CREATE INDEX user_account_by_company ON user_account (company_id, role);
CREATE INDEX user_account_by_email ON user_account (LOWER(email));

-- The two refer to each other, so this one is checked at commit.
ALTER TABLE company ADD CONSTRAINT company_owner
    FOREIGN KEY (owner_id) REFERENCES user_account (id) DEFERRABLE INITIALLY DEFERRED;

CREATE TABLE plan (
    id BIGINT PRIMARY KEY,
    name TEXT NOT NULL,
    name_ar TEXT NOT NULL
);

CREATE TABLE subscription (
    id BIGINT PRIMARY KEY,
    company_id BIGINT NOT NULL REFERENCES company (id),
    plan_id BIGINT NOT NULL REFERENCES plan (id),
    is_active BOOLEAN NOT NULL,
    auto_renew BOOLEAN NOT NULL,
    start_date BIGINT NOT NULL,
    end_date BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX subscription_by_company ON subscription (company_id);

CREATE TABLE status (
    company_id BIGINT NOT NULL REFERENCES company (id),
    id BIGINT NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    description TEXT,
    category TEXT NOT NULL CHECK (category IN ('active', 'follow_up', 'inactive', 'closed')),
    color TEXT NOT NULL,
    is_default BOOLEAN NOT NULL,
    is_hidden BOOLEAN NOT NULL,
    is_active BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (company_id, id),
    UNIQUE (company_id, name)
);
CREATE INDEX status_by_id ON status (id);

CREATE TABLE stage (
    company_id BIGINT NOT NULL REFERENCES company (id),
    id BIGINT NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    description TEXT,
    color TEXT NOT NULL,
    required BOOLEAN NOT NULL,
    auto_advance BOOLEAN NOT NULL,
    position BIGINT NOT NULL,
    is_active BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (company_id, id),
    UNIQUE (company_id, name)
);
CREATE INDEX stage_by_id ON stage (id);

CREATE TABLE channel (
    company_id BIGINT NOT NULL REFERENCES company (id),
    id BIGINT NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    channel_type TEXT NOT NULL,
    priority TEXT NOT NULL,
    is_active BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (company_id, id),
    UNIQUE (company_id, name)
);
CREATE INDEX channel_by_id ON channel (id);

CREATE TABLE client (
    company_id BIGINT NOT NULL REFERENCES company (id),
    id BIGINT NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    priority TEXT COLLATE "C" NOT NULL,
    client_type TEXT COLLATE "C" NOT NULL,
    channel_id BIGINT,
    status_id BIGINT,
    budget_hundredths BIGINT,
    phone_number TEXT COLLATE "C",
    assigned_to BIGINT REFERENCES user_account (id),
    assigned_at BIGINT,
    last_contacted_at BIGINT,
    -- The later of the two; null when never assigned, so that such a client is never stale.
    touched_at BIGINT GENERATED ALWAYS AS (
        CASE WHEN last_contacted_at > assigned_at THEN last_contacted_at ELSE assigned_at END
    ) STORED,
    -- What a repeated request is recognised by: see store's intake.
    create_key BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (company_id, id),
    FOREIGN KEY (company_id, channel_id) REFERENCES channel (company_id, id),
    FOREIGN KEY (company_id, status_id) REFERENCES status (company_id, id)
) WITH (fillfactor = 90);
CREATE INDEX client_by_creation ON client (company_id, created_at, id);
CREATE INDEX client_by_assignee ON client (company_id, assigned_to, created_at, id);
CREATE INDEX client_due ON client (company_id, touched_at, id) WHERE assigned_to IS NOT NULL;
CREATE INDEX client_by_create_key ON client (company_id, create_key)
    WHERE create_key IS NOT NULL;

CREATE TABLE client_phone (
    company_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    client_id BIGINT NOT NULL,
    phone_number TEXT COLLATE "C" NOT NULL,
    phone_type TEXT COLLATE "C" NOT NULL,
    is_primary BOOLEAN NOT NULL,
    notes TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (company_id, id),
    UNIQUE (company_id, client_id, phone_number),
    FOREIGN KEY (company_id, client_id) REFERENCES client (company_id, id) ON DELETE CASCADE
);

CREATE TABLE client_task (
    company_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    client_id BIGINT NOT NULL,
    stage_id BIGINT,
    notes TEXT COLLATE "C",
    reminder_date BIGINT,
    created_by BIGINT REFERENCES user_account (id),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (company_id, id),
    FOREIGN KEY (company_id, client_id) REFERENCES client (company_id, id) ON DELETE CASCADE,
    FOREIGN KEY (company_id, stage_id) REFERENCES stage (company_id, id)
);
CREATE INDEX client_task_by_client ON client_task (company_id, client_id, id);

CREATE TABLE client_event (
    company_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    client_id BIGINT NOT NULL,
    event_type TEXT NOT NULL,
    old_value TEXT,
    new_value TEXT,
    notes TEXT,
    created_by BIGINT REFERENCES user_account (id),
    -- The sweep that moved the client; null for everything else.
    sweep_id BIGINT,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (company_id, id),
    FOREIGN KEY (company_id, client_id) REFERENCES client (company_id, id) ON DELETE CASCADE
);
CREATE INDEX client_event_by_client ON client_event (company_id, client_id, id);

-- How many clients each person holds, by the category of their status, and when they last
-- received one. Changed in the transaction that changes the client.
CREATE TABLE employee_load (
    company_id BIGINT NOT NULL REFERENCES company (id),
    user_id BIGINT NOT NULL REFERENCES user_account (id),
    active BIGINT NOT NULL,
    follow_up BIGINT NOT NULL,
    inactive BIGINT NOT NULL,
    closed BIGINT NOT NULL,
    without_status BIGINT NOT NULL,
    last_received_at BIGINT,
    -- Of those who received at the same moment, who received first.
    last_received_order BIGINT NOT NULL,
    PRIMARY KEY (company_id, user_id)
) WITH (fillfactor = 50);

CREATE TABLE sweep (
    id BIGINT PRIMARY KEY,
    -- The job that ran it, so that a repeated job goes on with the same record.
    job_id BIGINT UNIQUE,
    cause TEXT NOT NULL CHECK (cause IN ('schedule', 'command')),
    started_at BIGINT NOT NULL,
    finished_at BIGINT
);

-- What a sweep did in one company; companies with nothing due have no row.
CREATE TABLE sweep_company (
    company_id BIGINT NOT NULL REFERENCES company (id),
    sweep_id BIGINT NOT NULL REFERENCES sweep (id),
    due BIGINT NOT NULL,
    moved BIGINT NOT NULL,
    kept_no_other_employee BIGINT NOT NULL,
    -- Contacted or moved by somebody between the plan and its record.
    changed_meanwhile BIGINT NOT NULL,
    error TEXT,
    PRIMARY KEY (company_id, sweep_id)
);
CREATE INDEX sweep_company_by_sweep ON sweep_company (sweep_id);

CREATE TABLE schedule (
    name TEXT PRIMARY KEY,
    cron TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    job_kind TEXT NOT NULL,
    enabled BOOLEAN NOT NULL,
    next_run_at BIGINT NOT NULL,
    last_run_at BIGINT,
    created_at BIGINT NOT NULL
);

CREATE TABLE job (
    id BIGINT PRIMARY KEY,
    kind TEXT NOT NULL,
    payload TEXT NOT NULL,
    -- One job for one tick, however many workers see it.
    unique_key TEXT NOT NULL UNIQUE,
    state TEXT NOT NULL CHECK (state IN ('ready', 'running', 'done', 'failed')),
    run_at BIGINT NOT NULL,
    attempt BIGINT NOT NULL,
    lease_until BIGINT,
    created_at BIGINT NOT NULL,
    finished_at BIGINT
);
CREATE INDEX job_claimable ON job (run_at) WHERE state IN ('ready', 'running');

CREATE TABLE job_attempt (
    job_id BIGINT NOT NULL REFERENCES job (id) ON DELETE CASCADE,
    attempt BIGINT NOT NULL,
    worker TEXT NOT NULL,
    started_at BIGINT NOT NULL,
    finished_at BIGINT,
    outcome TEXT,
    PRIMARY KEY (job_id, attempt)
);

CREATE TABLE worker (
    name TEXT PRIMARY KEY,
    started_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL
);

-- Databases that were taken over, so that a second take-over changes nothing.
CREATE TABLE import_run (
    fingerprint TEXT PRIMARY KEY,
    imported_at BIGINT NOT NULL
);
