//! Photos of people: at most one for each.

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
    impl Reader {
        /// The photo with that key.
        pub fn photo(key: &str) -> Option<Photo> {
            "SELECT image_type, content FROM user_photo WHERE photo_key = $1"
        }
    }

    impl Tx {
        /// Keeps a photo in the place of the one that the person had.
        pub fn save_photo(new: NewPhoto<'_>)
            with (new.user, new.key, new.image_type, new.at, new.content)
        {
            "INSERT INTO user_photo (user_id, photo_key, image_type, created_at, content)
             VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (user_id) DO UPDATE
             SET photo_key = excluded.photo_key, image_type = excluded.image_type,
                 created_at = excluded.created_at, content = excluded.content"
        }

        /// Deletes the person's photo, if there is one.
        pub fn delete_photo(user: UserId) {
            "DELETE FROM user_photo WHERE user_id = $1"
        }
    }
}
