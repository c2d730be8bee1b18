-- Why clients stayed in a sweep, as rows: another reason is another row, not another column. The other engine's
-- file has the same number.

CREATE TABLE sweep_kept (
    company_id BIGINT NOT NULL,
    sweep_id BIGINT NOT NULL,
    reason TEXT NOT NULL,
    clients BIGINT NOT NULL,
    PRIMARY KEY (company_id, sweep_id, reason),
    FOREIGN KEY (company_id, sweep_id) REFERENCES sweep_company (company_id, sweep_id) ON DELETE CASCADE
);

INSERT INTO sweep_kept (company_id, sweep_id, reason, clients)
SELECT company_id, sweep_id, 'no_other_employee', kept_no_other_employee
FROM sweep_company
WHERE kept_no_other_employee > 0;
INSERT INTO sweep_kept (company_id, sweep_id, reason, clients)
SELECT company_id, sweep_id, 'changed_meanwhile', changed_meanwhile
FROM sweep_company
WHERE changed_meanwhile > 0;

ALTER TABLE sweep_company DROP COLUMN kept_no_other_employee;
ALTER TABLE sweep_company DROP COLUMN changed_meanwhile;
