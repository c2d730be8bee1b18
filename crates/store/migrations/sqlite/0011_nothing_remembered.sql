-- Nothing is remembered of a company from one batch of creates to the next any more (ADR 8), so nothing has to
-- say whether it still holds. The other engine's file has the same number.

DROP TRIGGER assignment_by_settings;
DROP TRIGGER assignment_by_new_person;
DROP TRIGGER assignment_by_person;
DROP TRIGGER assignment_without_person;
DROP TRIGGER assignment_by_status;
DROP TRIGGER assignment_without_status;
DROP TRIGGER assignment_by_channel;
DROP TRIGGER assignment_without_channel;
DROP TRIGGER assignment_by_new_subscription;
DROP TRIGGER assignment_by_subscription;
DROP TRIGGER assignment_without_subscription;
DROP TRIGGER assignment_by_api_key;
DROP TRIGGER assignment_without_api_key;
ALTER TABLE company DROP COLUMN assignment_version;
