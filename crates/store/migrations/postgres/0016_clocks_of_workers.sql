-- By how many microseconds a worker's clock was ahead of the database's when it was seen last. A program of the version
-- before leaves it as it is. The other engine's file has the same number.

ALTER TABLE worker ADD COLUMN clock_ahead BIGINT NOT NULL DEFAULT 0;
