-- The security log. Its rows outlive what they tell of, so they refer to nothing. The other engine's file has the
-- same number.

INSERT INTO id_sequence (name, last) VALUES ('audit_entry_ids', 0);

CREATE TABLE audit_entry (
    id INTEGER PRIMARY KEY,
    -- 0 for what concerns no company, so that one index finds both.
    company_id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    detail TEXT,
    -- The person to whom it happened, and what else: a key or a sweep, as the kind says.
    user_id INTEGER,
    subject_id INTEGER,
    amount INTEGER,
    -- Who did it: a person or a key; neither for a command, and for strangers.
    actor_id INTEGER,
    actor_key_id INTEGER,
    address TEXT,
    -- What strangers do is counted in one row for each text; null for everything else.
    counted_as TEXT UNIQUE,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX audit_entry_by_company ON audit_entry (company_id, id);
CREATE INDEX audit_entry_by_age ON audit_entry (created_at);
CREATE INDEX audit_entry_counted ON audit_entry (company_id, id) WHERE counted_as IS NOT NULL;
