//! Photos of people: what is taken for one, and showing it.

use crate::app::App;
use crate::blocking;
use crate::error::{Error, Result, Thing, require};
use image::codecs::jpeg::JpegEncoder;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder as _, ImageError, ImageFormat, ImageReader, Limits};
use std::io::Cursor;
use tawzi_core::id::UserId;
use tawzi_core::photo::{BadPhoto, ImageType};
use tawzi_core::time::Timestamp;
use tawzi_store::{NewUserPhoto, Photo, Tx};
use tokio::sync::Semaphore;

/// The largest photo that is taken, in bytes: as phones make them.
pub const MAX_PHOTO_BYTES: usize = 10 * 1024 * 1024;

/// The longest side of a photo that is taken, in pixels.
pub const MAX_PHOTO_SIDE: u32 = 8192;

/// A photo with more bytes is made smaller.
const KEPT_BYTES: usize = 2 * 1024 * 1024;

/// A photo with a longer side is made smaller: whoever looks at a list has all of its photos in memory,
/// however small the files are.
const KEPT_SIDE: u32 = 1024;

/// How good a photo that was made smaller looks, of 100.
const KEPT_QUALITY: u8 = 85;

/// What decoding a photo may need: fifty million pixels, or fewer with more than three bytes each.
const MAX_DECODED_BYTES: u64 = 160 * 1024 * 1024;

/// One photo at a time is decoded.
static DECODING: Semaphore = Semaphore::const_new(1);

/// An image that can be somebody's photo.
#[derive(Clone, Debug)]
pub struct PhotoFile {
    image_type: ImageType,
    content: Vec<u8>,
}

impl PhotoFile {
    /// The image in that file, made smaller when it is large. What it is tells the content alone, which
    /// is decoded to see that a browser can do so, too.
    pub async fn parse(content: Vec<u8>) -> Result<Result<Self, BadPhoto>> {
        if content.len() > MAX_PHOTO_BYTES {
            return Ok(Err(BadPhoto::TooLarge));
        }
        blocking::compute(&DECODING, move || Self::read(content)).await?
    }

    fn read(content: Vec<u8>) -> Result<Result<Self, BadPhoto>> {
        let (image, image_type) = match decode(&content) {
            Ok(decoded) => decoded,
            Err(bad) => return Ok(Err(bad)),
        };
        if content.len() <= KEPT_BYTES && image.width().max(image.height()) <= KEPT_SIDE {
            return Ok(Ok(Self {
                image_type,
                content,
            }));
        }
        let smaller = Self::smaller(image, orientation(&content));
        let smaller = smaller.map_err(|error| Error::Internal(error.to_string()))?;
        Ok(Ok(smaller))
    }

    /// The image with sides as they are kept, upright, since what the file says besides is lost.
    fn smaller(image: DynamicImage, orientation: Orientation) -> Result<Self, ImageError> {
        let mut image = match image.width().max(image.height()) {
            ..=KEPT_SIDE => image,
            _ => image.thumbnail(KEPT_SIDE, KEPT_SIDE),
        };
        image.apply_orientation(orientation);
        let mut content = Cursor::new(Vec::new());
        // JPEG knows nothing that one can see through.
        let image_type = if image.color().has_alpha() {
            let image = image.into_rgba8();
            image.write_to(&mut content, ImageFormat::Png)?;
            ImageType::Png
        } else {
            let encoder = JpegEncoder::new_with_quality(&mut content, KEPT_QUALITY);
            image.into_rgb8().write_with_encoder(encoder)?;
            ImageType::Jpeg
        };
        Ok(Self {
            image_type,
            content: content.into_inner(),
        })
    }

    /// Keeps it as that person's photo, under a key that nobody can guess.
    pub(crate) async fn save(&self, tx: &mut Tx, user: UserId, at: Timestamp) -> Result<()> {
        let key = format!("{:032x}", rand::random::<u128>());
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
pub async fn read_photo(app: &App, key: &str) -> Result<Photo> {
    let may_be_one = key.bytes().all(|letter| letter.is_ascii_hexdigit());
    require(may_be_one, Thing::Photo)?;
    let photo = app.db.read().await?.photo(key).await?;
    Ok(photo.ok_or(Thing::Photo)?)
}

fn decode(content: &[u8]) -> Result<(DynamicImage, ImageType), BadPhoto> {
    let mut reader = open(content).map_err(|_| BadPhoto::NoImage)?;
    let image_type = match reader.format() {
        Some(ImageFormat::Png) => ImageType::Png,
        Some(ImageFormat::Jpeg) => ImageType::Jpeg,
        Some(ImageFormat::WebP) => ImageType::WebP,
        Some(ImageFormat::Gif) => ImageType::Gif,
        _ => return Err(BadPhoto::NoImage),
    };
    let size = open(content).map(ImageReader::into_dimensions);
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
        Ok(image) => Ok((image, image_type)),
        Err(ImageError::Limits(_)) => Err(BadPhoto::TooManyPixels),
        Err(_) => Err(BadPhoto::NoImage),
    }
}

/// How the image is to be turned, as cameras write it into the file.
fn orientation(content: &[u8]) -> Orientation {
    let decoder = open(content).map(ImageReader::into_decoder);
    let Ok(Ok(mut decoder)) = decoder else {
        return Orientation::NoTransforms;
    };
    decoder.orientation().unwrap_or(Orientation::NoTransforms)
}

fn open(content: &[u8]) -> std::io::Result<ImageReader<Cursor<&[u8]>>> {
    ImageReader::new(Cursor::new(content)).with_guessed_format()
}
