-- Signing in with a code that is sent by e-mail, and taking back the tokens of a person. A program
-- of the version before works with this schema, too. The other engine's file has the same number.

-- Tokens that were issued before this moment are good for nothing any more.
ALTER TABLE user_account ADD COLUMN tokens_valid_from BIGINT NOT NULL DEFAULT 0;
CREATE INDEX user_account_by_username ON user_account (LOWER(username));

-- One code for each person: a new one takes the place of the one before.
CREATE TABLE sign_in_code (
    user_id BIGINT PRIMARY KEY REFERENCES user_account (id) ON DELETE CASCADE,
    code_hash TEXT NOT NULL,
    -- Of the token that was given to whoever asked for the code.
    token_hash TEXT NOT NULL,
    wrong_attempts BIGINT NOT NULL,
    -- Of the wrong code that was tried last: repeating it tells nobody more.
    last_wrong_hash TEXT,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
