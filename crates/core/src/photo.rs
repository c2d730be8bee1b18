//! The photo of a person.

/// What kind of image a photo is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImageType {
    /// Portable Network Graphics.
    Png,
    /// JPEG.
    Jpeg,
    /// WebP.
    WebP,
    /// Graphics Interchange Format.
    Gif,
}

impl ImageType {
    /// The type with that name.
    pub fn parse(name: &str) -> Option<Self> {
        let all = [Self::Png, Self::Jpeg, Self::WebP, Self::Gif];
        all.into_iter().find(|image| image.name() == name)
    }

    /// The name it is stored under.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Png => "png",
            Self::Jpeg => "jpeg",
            Self::WebP => "webp",
            Self::Gif => "gif",
        }
    }

    /// Its media type, as in `Content-Type`.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::WebP => "image/webp",
            Self::Gif => "image/gif",
        }
    }
}
