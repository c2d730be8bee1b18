-- What lists of clients need to stay fast however many there are: how many clients there are of each
-- kind, and an index of the text they are searched by. Triggers keep both, so that a program of the
-- version before works with this schema, too. The other engine's file has the same number.

CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS btree_gin;

CREATE INDEX client_by_status ON client (company_id, status_id, created_at, id);

-- How frequent a word is, so that a page of a frequent one is read until it is full.
CREATE STATISTICS client_texts ON (LOWER(name)), (LOWER(phone_number)) FROM client;

CREATE TABLE client_count (
    company_id BIGINT NOT NULL REFERENCES company (id) ON DELETE CASCADE,
    -- 0 for clients without a status.
    status_id BIGINT NOT NULL,
    client_type TEXT COLLATE "C" NOT NULL,
    priority TEXT COLLATE "C" NOT NULL,
    clients BIGINT NOT NULL,
    PRIMARY KEY (company_id, status_id, client_type, priority)
) WITH (fillfactor = 50);

-- A table of its own, since its index is dear: it is not to be touched when a client changes hands.
CREATE TABLE client_search (
    company_id BIGINT NOT NULL,
    client_id BIGINT NOT NULL,
    -- Name and phone number, their ASCII letters in lower case, with a line between them.
    text TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (company_id, client_id)
);

INSERT INTO client_count (company_id, status_id, client_type, priority, clients)
SELECT company_id, COALESCE(status_id, 0), client_type, priority, COUNT(*)
FROM client
GROUP BY 1, 2, 3, 4;

INSERT INTO client_search (company_id, client_id, text)
SELECT company_id, id, LOWER(name || E'\n' || COALESCE(phone_number, ''))
FROM client;

CREATE INDEX client_search_by_text ON client_search USING gin (company_id, text gin_trgm_ops)
    WITH (gin_pending_list_limit = 256);

CREATE FUNCTION client_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO client_count AS c (company_id, status_id, client_type, priority, clients)
    SELECT company_id, COALESCE(status_id, 0), client_type, priority, COUNT(*)
    FROM added
    GROUP BY 1, 2, 3, 4
    -- Everybody takes the rows in the same order.
    ORDER BY 1, 2, 3, 4
    ON CONFLICT (company_id, status_id, client_type, priority)
    DO UPDATE SET clients = c.clients + excluded.clients;
    INSERT INTO client_search (company_id, client_id, text)
    SELECT company_id, id, LOWER(name || E'\n' || COALESCE(phone_number, ''))
    FROM added;
    RETURN NULL;
END $$;

CREATE FUNCTION client_gone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO client_count AS c (company_id, status_id, client_type, priority, clients)
    SELECT company_id, COALESCE(status_id, 0), client_type, priority, -COUNT(*)
    FROM gone
    GROUP BY 1, 2, 3, 4
    ORDER BY 1, 2, 3, 4
    ON CONFLICT (company_id, status_id, client_type, priority)
    DO UPDATE SET clients = c.clients + excluded.clients;
    DELETE FROM client_search s
    USING gone
    WHERE s.company_id = gone.company_id AND s.client_id = gone.id;
    RETURN NULL;
END $$;

CREATE FUNCTION client_kind_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO client_count AS c (company_id, status_id, client_type, priority, clients)
    SELECT *
    FROM (VALUES
        (OLD.company_id, COALESCE(OLD.status_id, 0), OLD.client_type, OLD.priority, -1),
        (NEW.company_id, COALESCE(NEW.status_id, 0), NEW.client_type, NEW.priority, 1)
    ) AS changes
    ORDER BY 1, 2, 3, 4
    ON CONFLICT (company_id, status_id, client_type, priority)
    DO UPDATE SET clients = c.clients + excluded.clients;
    RETURN NULL;
END $$;

CREATE FUNCTION client_text_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE client_search
    SET text = LOWER(NEW.name || E'\n' || COALESCE(NEW.phone_number, ''))
    WHERE company_id = NEW.company_id AND client_id = NEW.id;
    RETURN NULL;
END $$;

CREATE TRIGGER client_added AFTER INSERT ON client
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION client_added();
CREATE TRIGGER client_gone AFTER DELETE ON client
    REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION client_gone();
CREATE TRIGGER client_kind_changed AFTER UPDATE OF status_id, client_type, priority ON client
    FOR EACH ROW
    WHEN ((OLD.status_id, OLD.client_type, OLD.priority)
        IS DISTINCT FROM (NEW.status_id, NEW.client_type, NEW.priority))
    EXECUTE FUNCTION client_kind_changed();
CREATE TRIGGER client_text_changed AFTER UPDATE OF name, phone_number ON client
    FOR EACH ROW
    WHEN ((OLD.name, OLD.phone_number) IS DISTINCT FROM (NEW.name, NEW.phone_number))
    EXECUTE FUNCTION client_text_changed();
