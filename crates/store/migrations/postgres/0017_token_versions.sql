-- Tokens of a person are taken back by raising a number, not by a moment: the clocks of servers differ. Whoever
-- had some taken back before begins with 1, so that none of those is good again, and signs in once more. The other
-- engine's file has the same number.

ALTER TABLE user_account ADD COLUMN token_version BIGINT NOT NULL DEFAULT 0;
-- The session whose tokens have outlived the last raise: in it the person changed their password.
ALTER TABLE user_account ADD COLUMN surviving_session TEXT;
UPDATE user_account SET token_version = 1 WHERE tokens_valid_from > 0;

-- What a program of the version before takes back is taken back for this one, too. Not the other way round: it
-- knows nothing of the number, so it should not run for long beside this one.
CREATE FUNCTION tokens_taken_back_by_time() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.token_version := OLD.token_version + 1;
    NEW.surviving_session := NULL;
    RETURN NEW;
END $$;
CREATE TRIGGER tokens_taken_back_by_time
    BEFORE UPDATE OF tokens_valid_from ON user_account
    FOR EACH ROW EXECUTE FUNCTION tokens_taken_back_by_time();
