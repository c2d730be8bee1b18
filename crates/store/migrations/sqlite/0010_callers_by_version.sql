-- Who asks for a create is remembered as well, and true for as long as their company has the same version:
-- so whatever decides whether they may raises it, too. The other engine's file has the same number.

DROP TRIGGER assignment_by_person;
CREATE TRIGGER assignment_by_person
AFTER UPDATE OF company_id, username, first_name, last_name, role, is_active, is_superuser,
    tokens_valid_from, spared_access_issued_at
ON user_account BEGIN
    UPDATE company SET assignment_version = assignment_version + 1
    WHERE id IN (OLD.company_id, NEW.company_id);
END;

CREATE TRIGGER assignment_by_new_subscription AFTER INSERT ON subscription BEGIN
    UPDATE company SET assignment_version = assignment_version + 1 WHERE id = NEW.company_id;
END;
CREATE TRIGGER assignment_by_subscription AFTER UPDATE OF company_id, is_active ON subscription BEGIN
    UPDATE company SET assignment_version = assignment_version + 1
    WHERE id IN (OLD.company_id, NEW.company_id);
END;
CREATE TRIGGER assignment_without_subscription AFTER DELETE ON subscription BEGIN
    UPDATE company SET assignment_version = assignment_version + 1 WHERE id = OLD.company_id;
END;

CREATE TRIGGER assignment_by_api_key AFTER UPDATE OF company_id, key_hash, revoked_at ON api_key BEGIN
    UPDATE company SET assignment_version = assignment_version + 1
    WHERE id IN (OLD.company_id, NEW.company_id);
END;
CREATE TRIGGER assignment_without_api_key AFTER DELETE ON api_key BEGIN
    UPDATE company SET assignment_version = assignment_version + 1 WHERE id = OLD.company_id;
END;
