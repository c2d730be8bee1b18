-- Clients are found by a text that the program folds, with all of their phone numbers, and by words of one and two
-- letters, too. The program writes that text and what is indexed of it; rows that have none yet are filled in
-- steps. The other engine's file has the same number.

ALTER TABLE client ADD COLUMN found_by TEXT;
CREATE INDEX client_not_folded ON client (company_id, id) WHERE found_by IS NULL;

DROP TRIGGER client_added;
DROP TRIGGER client_gone;
DROP TRIGGER client_text_changed;
DROP TABLE client_search;

-- Both number their rows company * 2^40 + client, so that the clients of a company lie together.
CREATE VIRTUAL TABLE client_search_text USING fts5 (
    text, content = '', contentless_delete = 1, tokenize = 'trigram case_sensitive 1'
);
-- Pairs of letters, each a word.
CREATE VIRTUAL TABLE client_search_letters USING fts5 (
    letters, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii'
);

-- What is indexed of each client, as the other engine has it in a table.
CREATE VIEW client_search AS
SELECT company_id, id AS client_id, found_by AS text, NULL AS letters
FROM client;

CREATE TRIGGER client_search_added INSTEAD OF INSERT ON client_search BEGIN
    INSERT INTO client_search_text (rowid, text)
    VALUES (NEW.company_id << 40 | NEW.client_id, NEW.text);
    INSERT INTO client_search_letters (rowid, letters)
    VALUES (NEW.company_id << 40 | NEW.client_id, NEW.letters);
END;

CREATE TRIGGER client_search_gone INSTEAD OF DELETE ON client_search BEGIN
    DELETE FROM client_search_text WHERE rowid = OLD.company_id << 40 | OLD.client_id;
    DELETE FROM client_search_letters WHERE rowid = OLD.company_id << 40 | OLD.client_id;
END;

CREATE TRIGGER client_added AFTER INSERT ON client BEGIN
    INSERT INTO client_count (company_id, status_id, client_type, priority, clients)
    VALUES (NEW.company_id, COALESCE(NEW.status_id, 0), NEW.client_type, NEW.priority, 1)
    ON CONFLICT DO UPDATE SET clients = clients + 1;
END;

CREATE TRIGGER client_gone AFTER DELETE ON client BEGIN
    UPDATE client_count
    SET clients = clients - 1
    WHERE company_id = OLD.company_id AND status_id = COALESCE(OLD.status_id, 0)
        AND client_type = OLD.client_type AND priority = OLD.priority;
    DELETE FROM client_search_text WHERE rowid = OLD.company_id << 40 | OLD.id;
    DELETE FROM client_search_letters WHERE rowid = OLD.company_id << 40 | OLD.id;
END;

-- Whoever changes what it is made of writes the text anew.
CREATE TRIGGER client_text_changed AFTER UPDATE OF name, phone_number ON client
WHEN (OLD.name, OLD.phone_number) IS NOT (NEW.name, NEW.phone_number)
BEGIN
    UPDATE client SET found_by = NULL WHERE company_id = NEW.company_id AND id = NEW.id;
END;

INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('client', 'client_not_folded', '100 100 1');
ANALYZE sqlite_schema;
