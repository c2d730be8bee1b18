-- Clients are found by a text that the program folds, with all of their phone numbers, and by words of one and two
-- letters, too. The program writes that text and what is indexed of it; rows that have none yet are filled in
-- steps. The other engine's file has the same number.

ALTER TABLE client ADD COLUMN found_by TEXT COLLATE "C";
CREATE INDEX client_not_folded ON client (company_id, id) WHERE found_by IS NULL;
-- How frequent a word is, is known of the column itself.
DROP STATISTICS client_texts;

DROP INDEX client_search_by_text;
TRUNCATE client_search;
-- Pairs of letters, each a word.
ALTER TABLE client_search ADD COLUMN letters TSVECTOR NOT NULL;
CREATE INDEX client_search_by_text ON client_search USING gin (company_id, text gin_trgm_ops)
    WITH (gin_pending_list_limit = 256);
CREATE INDEX client_search_by_letters ON client_search USING gin (company_id, letters)
    WITH (gin_pending_list_limit = 256);

CREATE OR REPLACE FUNCTION client_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO client_count AS c (company_id, status_id, client_type, priority, clients)
    SELECT company_id, COALESCE(status_id, 0), client_type, priority, COUNT(*)
    FROM added
    GROUP BY 1, 2, 3, 4
    -- Everybody takes the rows in the same order.
    ORDER BY 1, 2, 3, 4
    ON CONFLICT (company_id, status_id, client_type, priority)
    DO UPDATE SET clients = c.clients + excluded.clients;
    RETURN NULL;
END $$;

-- Whoever changes what it is made of writes the text anew.
CREATE OR REPLACE FUNCTION client_text_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE client SET found_by = NULL WHERE company_id = NEW.company_id AND id = NEW.id;
    RETURN NULL;
END $$;
