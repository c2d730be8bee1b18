-- Between which events the moves of a sweep stand, so that they are found without an index of their
-- own. Null for sweeps before this was kept. The other engine's file has the same number.

ALTER TABLE sweep_company ADD COLUMN first_event_id BIGINT;
ALTER TABLE sweep_company ADD COLUMN last_event_id BIGINT;
