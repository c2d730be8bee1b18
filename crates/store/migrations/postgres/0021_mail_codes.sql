-- Codes that are mailed to somebody: to confirm an address, which is theirs from then on, or to set a new password. One
-- for each place where it was asked for, so that nobody spoils that of another. The code itself follows from the nonce
-- and the server's key. The other engine's file has the same number.

CREATE TABLE mail_code (
    user_id BIGINT NOT NULL REFERENCES user_account (id) ON DELETE CASCADE,
    purpose TEXT NOT NULL,
    -- The hash of an address of the network.
    asked_from TEXT NOT NULL,
    -- Where it was mailed.
    email TEXT NOT NULL,
    email_key TEXT NOT NULL,
    -- Empty when the code was used or taken back: how many mails there were is still to be known.
    nonce TEXT NOT NULL,
    wrong_attempts BIGINT NOT NULL,
    -- Of the wrong code that was tried last: repeating it tells nobody more.
    last_wrong_hash TEXT,
    -- How many mails were sent within a day, and when the last one was.
    mails BIGINT NOT NULL,
    mailed_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, purpose, asked_from)
);
CREATE INDEX mail_code_by_email ON mail_code (email_key);
