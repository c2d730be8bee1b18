-- What a server remembers of a company, to assign its clients by, is true for as long as this number
-- stays the same. Whatever changes loads or creates clients raises it; triggers do so for settings,
-- people, statuses and channels. A program of the version before changes loads without raising it, so
-- the two are not to run side by side. The other engine's file has the same number.

ALTER TABLE company ADD COLUMN assignment_version BIGINT NOT NULL DEFAULT 0;

CREATE FUNCTION assignment_by_settings() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.assignment_version := OLD.assignment_version + 1;
    RETURN NEW;
END $$;

CREATE FUNCTION assignment_by_others() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- A row that was not there before, or is not there any more, is null.
    UPDATE company SET assignment_version = assignment_version + 1
    WHERE id IN (OLD.company_id, NEW.company_id);
    RETURN NULL;
END $$;

CREATE TRIGGER assignment_by_settings
    BEFORE UPDATE OF auto_assign_enabled, re_assign_enabled, re_assign_hours, unique_phones, phone_region
    ON company
    FOR EACH ROW EXECUTE FUNCTION assignment_by_settings();
CREATE TRIGGER assignment_by_person
    AFTER INSERT OR DELETE OR UPDATE OF company_id, username, first_name, last_name, role, is_active
    ON user_account
    FOR EACH ROW EXECUTE FUNCTION assignment_by_others();
CREATE TRIGGER assignment_by_status AFTER DELETE OR UPDATE ON status
    FOR EACH ROW EXECUTE FUNCTION assignment_by_others();
CREATE TRIGGER assignment_by_channel AFTER DELETE OR UPDATE ON channel
    FOR EACH ROW EXECUTE FUNCTION assignment_by_others();
