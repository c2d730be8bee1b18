//! Photos of people: at most one for each.

use crate::db::engine::{Reader, Tx};
use crate::error::Result;
use tawzi_core::id::UserId;
use tawzi_core::photo::ImageType;
use tawzi_core::time::Timestamp;

row! {
    /// A photo.
    pub struct Photo {
        /// What kind of image it is.
        pub image_type: ImageType,
        /// The image.
        pub content: Vec<u8>,
    }
}

/// A photo to be kept.
#[derive(Clone, Copy, Debug)]
pub struct NewPhoto<'a> {
    /// Whose it is.
    pub user: UserId,
    /// What it is found by; no other photo has it.
    pub key: &'a str,
    /// What kind of image it is.
    pub image_type: ImageType,
    /// The image.
    pub content: &'a [u8],
    /// When it came.
    pub at: Timestamp,
}

statements! {
    READ = ["SELECT image_type, content FROM user_photo WHERE photo_key = $1"];
    SAVE = [
        "INSERT INTO user_photo (user_id, photo_key, image_type, created_at, content)
         VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (user_id) DO UPDATE
         SET photo_key = excluded.photo_key, image_type = excluded.image_type,
             created_at = excluded.created_at, content = excluded.content"
    ];
    DELETE = ["DELETE FROM user_photo WHERE user_id = $1"];
}

impl Reader {
    /// The photo with that key.
    pub async fn photo(&mut self, key: &str) -> Result<Option<Photo>> {
        fetch_optional!(self, Photo, READ, key)
    }
}

impl Tx {
    /// Keeps a photo in the place of the one that the person had.
    pub async fn save_photo(&mut self, new: NewPhoto<'_>) -> Result<()> {
        execute!(
            self,
            SAVE,
            new.user.get(),
            new.key,
            new.image_type.name(),
            new.at.microseconds(),
            new.content
        )?;
        Ok(())
    }

    /// Deletes the person's photo, if there is one.
    pub async fn delete_photo(&mut self, user: UserId) -> Result<()> {
        execute!(self, DELETE, user.get())?;
        Ok(())
    }
}
