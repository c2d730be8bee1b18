-- People are found by their user name or e-mail address however it is written, and no two have the same. The keys are
-- written by the program, since the engines know the letters of all scripts differently; of whoever has none yet they
-- are added when a program starts. The other engine's file has the same number.

ALTER TABLE user_account ADD COLUMN username_key TEXT COLLATE "C";
ALTER TABLE user_account ADD COLUMN email_key TEXT COLLATE "C";
CREATE UNIQUE INDEX user_account_by_username_key ON user_account (username_key);
CREATE UNIQUE INDEX user_account_by_email_key ON user_account (email_key);
DROP INDEX user_account_by_username;
DROP INDEX user_account_by_email;
