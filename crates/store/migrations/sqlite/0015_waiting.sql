-- Clients that nobody could receive wait for somebody: since when. Null for every other client, so also for those that
-- somebody took from everybody, and those that came while their company did not assign by itself. A program of the
-- version before works with this schema, too. The other engine's file has the same number.

ALTER TABLE client ADD COLUMN waiting_since INTEGER;

-- Those of whom the timeline says so last.
UPDATE client
SET waiting_since = created_at
WHERE assigned_to IS NULL
    AND (SELECT e.notes
         FROM client_event e
         WHERE e.company_id = client.company_id AND e.client_id = client.id
             AND e.event_type IN ('assignment', 're_assignment')
         ORDER BY e.id DESC
         LIMIT 1) = 'Not assigned: no active employees';

CREATE INDEX client_waiting ON client (company_id, waiting_since, id)
    WHERE waiting_since IS NOT NULL;

ANALYZE sqlite_schema;
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('client', 'client_waiting', '1000 10 1 1');
ANALYZE sqlite_schema;
