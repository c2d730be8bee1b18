-- Who asks for a create is remembered as well, and true for as long as their company has the same version:
-- so whatever decides whether they may raises it, too. The other engine's file has the same number.

DROP TRIGGER assignment_by_person ON user_account;
CREATE TRIGGER assignment_by_person
    AFTER INSERT OR DELETE OR UPDATE OF company_id, username, first_name, last_name, role, is_active,
        is_superuser, tokens_valid_from, spared_access_issued_at
    ON user_account
    FOR EACH ROW EXECUTE FUNCTION assignment_by_others();
CREATE TRIGGER assignment_by_subscription
    AFTER INSERT OR DELETE OR UPDATE OF company_id, is_active ON subscription
    FOR EACH ROW EXECUTE FUNCTION assignment_by_others();
CREATE TRIGGER assignment_by_api_key
    AFTER DELETE OR UPDATE OF company_id, key_hash, revoked_at ON api_key
    FOR EACH ROW EXECUTE FUNCTION assignment_by_others();
