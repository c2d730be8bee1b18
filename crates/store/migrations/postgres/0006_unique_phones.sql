-- A company may want each phone number to belong to one client. The other engine's file has the same
-- number.

ALTER TABLE company ADD COLUMN unique_phones BOOLEAN NOT NULL DEFAULT FALSE;
-- The two letters of the country whose numbers are written without their country.
ALTER TABLE company ADD COLUMN phone_region TEXT;

-- The numbers of the clients of such companies in their international form; other companies have
-- no rows. Not unique: numbers that were there twice before may stay.
CREATE TABLE client_phone_key (
    company_id BIGINT NOT NULL,
    phone_key TEXT NOT NULL,
    client_id BIGINT NOT NULL,
    PRIMARY KEY (company_id, phone_key, client_id),
    FOREIGN KEY (company_id, client_id) REFERENCES client (company_id, id) ON DELETE CASCADE
);
CREATE INDEX client_phone_key_by_client ON client_phone_key (company_id, client_id);
