-- Whoever asks for a code to sign somebody in with has one of their own, so that nobody spoils that of another. The
-- table before, sign_in_code, is left to programs of the version before: who asked one of those for a code shows it
-- to it, or asks again. The other engine's file has the same number.

CREATE TABLE code_request (
    user_id BIGINT NOT NULL REFERENCES user_account (id) ON DELETE CASCADE,
    -- The hash of an address.
    asked_from TEXT NOT NULL,
    code_hash TEXT NOT NULL,
    -- Of the token that was given to whoever asked.
    token_hash TEXT NOT NULL,
    wrong_attempts BIGINT NOT NULL,
    -- Of the wrong code that was tried last: repeating it tells nobody more.
    last_wrong_hash TEXT,
    -- How many codes were mailed because of it.
    mails BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, asked_from)
);
