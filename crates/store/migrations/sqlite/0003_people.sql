-- A phone number belongs to one person, as in the reference. The other engine's file has the same
-- number.
CREATE UNIQUE INDEX user_account_by_phone ON user_account (phone)
    WHERE phone IS NOT NULL AND phone <> '';

-- Whoever changes their password stays signed in where they do it: the access token issued at this
-- moment outlives the taking back of all others, until it expires.
ALTER TABLE user_account ADD COLUMN spared_access_issued_at INTEGER;
