-- What lists of clients need to stay fast however many there are: how many clients there are of each
-- kind, and an index of the text they are searched by. Triggers keep both, so that a program of the
-- version before works with this schema, too. The other engine's file has the same number.

CREATE INDEX client_by_status ON client (company_id, status_id, created_at, id);

CREATE TABLE client_count (
    company_id INTEGER NOT NULL REFERENCES company (id) ON DELETE CASCADE,
    -- 0 for clients without a status.
    status_id INTEGER NOT NULL,
    client_type TEXT NOT NULL,
    priority TEXT NOT NULL,
    clients INTEGER NOT NULL,
    PRIMARY KEY (company_id, status_id, client_type, priority)
) STRICT, WITHOUT ROWID;

-- Name and phone number, their ASCII letters in lower case, with a line between them. The number of a
-- row is company * 2^40 + client, so that the clients of a company lie together.
CREATE VIRTUAL TABLE client_search USING fts5 (
    text, content = '', contentless_delete = 1, tokenize = 'trigram case_sensitive 1'
);

INSERT INTO client_count (company_id, status_id, client_type, priority, clients)
SELECT company_id, COALESCE(status_id, 0), client_type, priority, COUNT(*)
FROM client
GROUP BY 1, 2, 3, 4;

INSERT INTO client_search (rowid, text)
SELECT company_id << 40 | id, LOWER(name || char(10) || COALESCE(phone_number, ''))
FROM client;

CREATE TRIGGER client_added AFTER INSERT ON client BEGIN
    INSERT INTO client_count (company_id, status_id, client_type, priority, clients)
    VALUES (NEW.company_id, COALESCE(NEW.status_id, 0), NEW.client_type, NEW.priority, 1)
    ON CONFLICT DO UPDATE SET clients = clients + 1;
    INSERT INTO client_search (rowid, text)
    VALUES (NEW.company_id << 40 | NEW.id,
        LOWER(NEW.name || char(10) || COALESCE(NEW.phone_number, '')));
END;

CREATE TRIGGER client_gone AFTER DELETE ON client BEGIN
    UPDATE client_count
    SET clients = clients - 1
    WHERE company_id = OLD.company_id AND status_id = COALESCE(OLD.status_id, 0)
        AND client_type = OLD.client_type AND priority = OLD.priority;
    DELETE FROM client_search WHERE rowid = OLD.company_id << 40 | OLD.id;
END;

CREATE TRIGGER client_kind_changed AFTER UPDATE OF status_id, client_type, priority ON client
WHEN (OLD.status_id, OLD.client_type, OLD.priority)
    IS NOT (NEW.status_id, NEW.client_type, NEW.priority)
BEGIN
    UPDATE client_count
    SET clients = clients - 1
    WHERE company_id = OLD.company_id AND status_id = COALESCE(OLD.status_id, 0)
        AND client_type = OLD.client_type AND priority = OLD.priority;
    INSERT INTO client_count (company_id, status_id, client_type, priority, clients)
    VALUES (NEW.company_id, COALESCE(NEW.status_id, 0), NEW.client_type, NEW.priority, 1)
    ON CONFLICT DO UPDATE SET clients = clients + 1;
END;

CREATE TRIGGER client_text_changed AFTER UPDATE OF name, phone_number ON client
WHEN (OLD.name, OLD.phone_number) IS NOT (NEW.name, NEW.phone_number)
BEGIN
    UPDATE client_search
    SET text = LOWER(NEW.name || char(10) || COALESCE(NEW.phone_number, ''))
    WHERE rowid = NEW.company_id << 40 | NEW.id;
END;

INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('client', 'client_by_status', '1000000 10000 1000 1 1');
ANALYZE sqlite_schema;
