-- A phone number belongs to one person, as in the reference. The other engine's file has the same
-- number.

CREATE UNIQUE INDEX user_account_by_phone ON user_account (phone)
    WHERE phone IS NOT NULL AND phone <> '';
