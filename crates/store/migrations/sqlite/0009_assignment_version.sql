-- What a server remembers of a company, to assign its clients by, is true for as long as this number
-- stays the same. Whatever changes loads or creates clients raises it; triggers do so for settings,
-- people, statuses and channels. A program of the version before changes loads without raising it, so
-- the two are not to run side by side. The other engine's file has the same number.

ALTER TABLE company ADD COLUMN assignment_version INTEGER NOT NULL DEFAULT 0;

CREATE TRIGGER assignment_by_settings
AFTER UPDATE OF auto_assign_enabled, re_assign_enabled, re_assign_hours, unique_phones, phone_region
ON company BEGIN
    UPDATE company SET assignment_version = assignment_version + 1 WHERE id = NEW.id;
END;

CREATE TRIGGER assignment_by_new_person AFTER INSERT ON user_account BEGIN
    UPDATE company SET assignment_version = assignment_version + 1 WHERE id = NEW.company_id;
END;
CREATE TRIGGER assignment_by_person
AFTER UPDATE OF company_id, username, first_name, last_name, role, is_active ON user_account BEGIN
    UPDATE company SET assignment_version = assignment_version + 1
    WHERE id IN (OLD.company_id, NEW.company_id);
END;
CREATE TRIGGER assignment_without_person AFTER DELETE ON user_account BEGIN
    UPDATE company SET assignment_version = assignment_version + 1 WHERE id = OLD.company_id;
END;

CREATE TRIGGER assignment_by_status AFTER UPDATE ON status BEGIN
    UPDATE company SET assignment_version = assignment_version + 1 WHERE id = NEW.company_id;
END;
CREATE TRIGGER assignment_without_status AFTER DELETE ON status BEGIN
    UPDATE company SET assignment_version = assignment_version + 1 WHERE id = OLD.company_id;
END;

CREATE TRIGGER assignment_by_channel AFTER UPDATE ON channel BEGIN
    UPDATE company SET assignment_version = assignment_version + 1 WHERE id = NEW.company_id;
END;
CREATE TRIGGER assignment_without_channel AFTER DELETE ON channel BEGIN
    UPDATE company SET assignment_version = assignment_version + 1 WHERE id = OLD.company_id;
END;
