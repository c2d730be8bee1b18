-- Keys with which other programs act for a company. A program of the version before works with this
-- schema, too: what it deletes takes its keys along. The other engine's file has the same number.

INSERT INTO id_sequence (name, last) VALUES ('api_key_ids', 0);

CREATE TABLE api_key (
    company_id INTEGER NOT NULL REFERENCES company (id) ON DELETE CASCADE,
    id INTEGER NOT NULL,
    name TEXT NOT NULL,
    -- What the key starts with, to recognise it by. The rest is kept nowhere.
    prefix TEXT NOT NULL,
    key_hash TEXT NOT NULL,
    -- Null when it was made by a command, or when that person is not there any more.
    created_by INTEGER REFERENCES user_account (id) ON DELETE SET NULL,
    created_at INTEGER NOT NULL,
    -- Written once a minute at most.
    last_used_at INTEGER,
    revoked_at INTEGER,
    PRIMARY KEY (company_id, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX api_key_by_hash ON api_key (key_hash);
CREATE INDEX api_key_by_creator ON api_key (created_by);

-- The key with which it was written; null for what a person did, or nobody. Keys go with their
-- company only, as these rows do.
ALTER TABLE client_task ADD COLUMN api_key_id INTEGER;
ALTER TABLE client_event ADD COLUMN api_key_id INTEGER;
