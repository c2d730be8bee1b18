-- Nothing is remembered of a company from one batch of creates to the next any more (ADR 8), so nothing has to
-- say whether it still holds. The other engine's file has the same number.

DROP TRIGGER assignment_by_settings ON company;
DROP TRIGGER assignment_by_person ON user_account;
DROP TRIGGER assignment_by_status ON status;
DROP TRIGGER assignment_by_channel ON channel;
DROP TRIGGER assignment_by_subscription ON subscription;
DROP TRIGGER assignment_by_api_key ON api_key;
DROP FUNCTION assignment_by_settings();
DROP FUNCTION assignment_by_others();
ALTER TABLE company DROP COLUMN assignment_version;
