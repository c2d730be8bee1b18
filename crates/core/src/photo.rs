//! The photo of a person.

crate::words! {
    /// What kind of image a photo is. Its word is what its media type ends with.
    ImageType {
        /// Portable Network Graphics.
        Png = "png",
        /// JPEG.
        Jpeg = "jpeg",
        /// WebP.
        WebP = "webp",
        /// Graphics Interchange Format.
        Gif = "gif",
    }
}

impl ImageType {
    /// Its media type, as in `Content-Type`.
    pub fn media_type(self) -> String {
        format!("image/{}", self.as_str())
    }
}

/// Why a file cannot be a photo.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadPhoto {
    /// It has more bytes than a photo may have.
    #[error("is too large")]
    TooLarge,
    /// It is no image of a known type, or a damaged one.
    #[error("is no image")]
    NoImage,
    /// A side is longer than a photo's may be, or decoding it would need too much memory.
    #[error("has too many pixels")]
    TooManyPixels,
    /// It is written in so many passes over so many pixels that decoding it would take too long.
    #[error("takes too long to decode")]
    TooManyScans,
    /// The file has no content.
    #[error("is empty")]
    Empty,
    /// It is no file at all.
    #[error("is no file")]
    NoFile,
    /// More than one was sent.
    #[error("is more than one file")]
    Several,
}
