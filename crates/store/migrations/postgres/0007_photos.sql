-- Photos of people, kept here so that backups have them and every server can show them. A program of the
-- version before works with this schema, too. The other engine's file has the same number.

CREATE TABLE user_photo (
    user_id BIGINT PRIMARY KEY REFERENCES user_account (id) ON DELETE CASCADE,
    -- Stands in the address that shows the photo to whoever knows it; each photo has another one.
    photo_key TEXT NOT NULL UNIQUE,
    image_type TEXT NOT NULL CHECK (image_type IN ('png', 'jpeg', 'webp', 'gif')),
    created_at BIGINT NOT NULL,
    content BYTEA NOT NULL
);
