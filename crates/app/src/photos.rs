//! Photos of people: what is taken for one, and showing it.

use crate::error::{Error, Result};
use image::{ImageFormat, ImageReader, Limits};
use rand::Rng;
use std::io::Cursor;
use tawzi_core::id::UserId;
use tawzi_core::photo::ImageType;
use tawzi_core::time::Timestamp;
use tawzi_store::{Db, NewUserPhoto, Photo, Tx};
use tokio::sync::Semaphore;

/// The largest photo that is taken, in bytes.
pub const MAX_PHOTO_BYTES: usize = 2 * 1024 * 1024;

/// The longest side of a photo that is taken, in pixels: whoever looks at a list has all of its photos
/// in memory, however small the files are.
pub const MAX_PHOTO_SIDE: u32 = 4096;

/// What decoding a photo with such sides may need.
const MAX_DECODED_BYTES: u64 = 8 * (MAX_PHOTO_SIDE as u64) * (MAX_PHOTO_SIDE as u64);

/// One photo at a time is decoded.
static DECODING: Semaphore = Semaphore::const_new(1);

/// An image that can be somebody's photo.
#[derive(Clone, Debug)]
pub struct PhotoFile {
    image_type: ImageType,
    content: Vec<u8>,
}

/// Why a file cannot be a photo.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadPhoto {
    /// It has more than [`MAX_PHOTO_BYTES`].
    TooLarge,
    /// It is no image of a known type, or a damaged one.
    NoImage,
    /// A side is longer than [`MAX_PHOTO_SIDE`].
    TooManyPixels,
}

impl PhotoFile {
    /// The image in that file. What it is tells the content alone, which is decoded to see that a
    /// browser can do so, too.
    pub async fn parse(content: Vec<u8>) -> Result<std::result::Result<Self, BadPhoto>> {
        if content.len() > MAX_PHOTO_BYTES {
            return Ok(Err(BadPhoto::TooLarge));
        }
        let place = DECODING.acquire().await;
        let place = place.map_err(|error| Error::Internal(error.to_string()))?;
        let decoded = tokio::task::spawn_blocking(move || {
            let _place = place;
            decode(&content).map(|image_type| Self {
                image_type,
                content,
            })
        });
        decoded
            .await
            .map_err(|error| Error::Internal(error.to_string()))
    }

    /// Keeps it as that person's photo, under a key that nobody can guess.
    pub(crate) async fn save(self, tx: &mut Tx, user: UserId, at: Timestamp) -> Result<()> {
        let key = format!("{:032x}", rand::rng().random::<u128>());
        let new = NewUserPhoto {
            user,
            key: &key,
            image_type: self.image_type,
            content: &self.content,
            at,
        };
        Ok(tx.save_photo(new).await?)
    }
}

/// The photo with that key: whoever knows the key may see it, since a page shows it without a token.
pub async fn read_photo(db: &Db, key: &str) -> Result<Photo> {
    let missing = Error::NotFound("Photo");
    if !key.bytes().all(|letter| letter.is_ascii_hexdigit()) {
        return Err(missing);
    }
    db.read().await?.photo(key).await?.ok_or(missing)
}

fn decode(content: &[u8]) -> std::result::Result<ImageType, BadPhoto> {
    let open = || ImageReader::new(Cursor::new(content)).with_guessed_format();
    let mut reader = open().map_err(|_| BadPhoto::NoImage)?;
    let image_type = match reader.format() {
        Some(ImageFormat::Png) => ImageType::Png,
        Some(ImageFormat::Jpeg) => ImageType::Jpeg,
        Some(ImageFormat::WebP) => ImageType::WebP,
        Some(ImageFormat::Gif) => ImageType::Gif,
        _ => return Err(BadPhoto::NoImage),
    };
    let size = open().map(ImageReader::into_dimensions);
    let Ok(Ok((width, height))) = size else {
        return Err(BadPhoto::NoImage);
    };
    if width.max(height) > MAX_PHOTO_SIDE {
        return Err(BadPhoto::TooManyPixels);
    }
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(MAX_DECODED_BYTES);
    reader.limits(limits);
    match reader.decode() {
        Ok(_) => Ok(image_type),
        Err(_) => Err(BadPhoto::NoImage),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::DynamicImage;

    fn image(format: ImageFormat, width: u32, height: u32) -> Vec<u8> {
        let mut file = Cursor::new(Vec::new());
        DynamicImage::new_rgb8(width, height)
            .write_to(&mut file, format)
            .unwrap();
        file.into_inner()
    }

    #[test]
    fn an_image_is_known_by_its_content() {
        for (format, image_type) in [
            (ImageFormat::Png, ImageType::Png),
            (ImageFormat::Jpeg, ImageType::Jpeg),
            (ImageFormat::WebP, ImageType::WebP),
            (ImageFormat::Gif, ImageType::Gif),
        ] {
            assert_eq!(decode(&image(format, 30, 20)), Ok(image_type));
        }
    }

    #[test]
    fn what_only_looks_like_an_image_is_none() {
        let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>1</script></svg>";
        for content in [
            &b""[..],
            b"GIF89a",
            b"\x89PNG\r\n\x1a\n",
            b"\xff\xd8\xff\xe0",
            b"RIFF\x04\0\0\0WEBP",
            b"BM\0\0\0\0",
            svg,
        ] {
            assert_eq!(decode(content), Err(BadPhoto::NoImage), "{content:?}");
        }
    }

    #[test]
    fn an_image_that_was_cut_off_is_none() {
        for format in [ImageFormat::Png, ImageFormat::WebP, ImageFormat::Gif] {
            let whole = image(format, 300, 200);

            assert_eq!(decode(&whole[..whole.len() / 2]), Err(BadPhoto::NoImage));
        }
        let whole = image(ImageFormat::Jpeg, 300, 200);
        assert_eq!(decode(&whole[..100]), Err(BadPhoto::NoImage));
    }

    #[test]
    fn a_small_file_with_very_many_pixels_is_refused() {
        let wide = image(ImageFormat::Png, MAX_PHOTO_SIDE + 1, 1);
        let high = image(ImageFormat::Png, 1, MAX_PHOTO_SIDE + 1);
        let largest = image(ImageFormat::Png, MAX_PHOTO_SIDE, 1);

        assert_eq!(decode(&wide), Err(BadPhoto::TooManyPixels));
        assert_eq!(decode(&high), Err(BadPhoto::TooManyPixels));
        assert_eq!(decode(&largest), Ok(ImageType::Png));
    }
}
