//! Photos of people: what is taken for one, and showing it.

mod scans;

use crate::access::actor::Actor;
use crate::app::App;
use crate::blocking;
use crate::error::{Error, Result, Thing, require};
use crate::uploads::Upload;
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

/// A photo that takes more bytes without loss is kept as JPEG, if nothing shines through it.
const KEPT_BYTES: usize = 1024 * 1024;

/// A photo with a longer side is made smaller: whoever looks at a list has all of its photos in memory,
/// however small the files are.
const KEPT_SIDE: u32 = 1024;

/// How good a photo looks that is kept as JPEG, of 100.
const KEPT_QUALITY: u8 = 85;

/// What decoding a photo may need: fifty million pixels, or fewer with more than three bytes each.
const MAX_DECODED_BYTES: u64 = 160 * 1024 * 1024;

/// How many pixels all scans of a JPEG file may draw together: a dozen scans of fifty million pixels. Cameras and programs
/// write ten scans at most.
const MAX_DRAWN_PIXELS: u64 = 600_000_000;

/// One photo at a time is decoded.
static DECODING: Semaphore = Semaphore::const_new(1);

/// An image that can be somebody's photo.
#[derive(Clone, Debug)]
pub struct PhotoFile {
    image_type: ImageType,
    content: Vec<u8>,
}

impl PhotoFile {
    /// The image in that file, made smaller when it is large. What it is tells the content alone. Nothing is kept but
    /// what one sees: files say besides where and when a photo was taken.
    pub async fn parse(content: Vec<u8>) -> Result<Result<Self, BadPhoto>> {
        if content.len() > MAX_PHOTO_BYTES {
            return Ok(Err(BadPhoto::TooLarge));
        }
        blocking::compute(&DECODING, move || Self::read(&content)).await?
    }

    fn read(content: &[u8]) -> Result<Result<Self, BadPhoto>> {
        let (image, image_type) = match decode(content) {
            Ok(decoded) => decoded,
            Err(bad) => return Ok(Err(bad)),
        };
        let kept = Self::written(image, image_type, orientation(content));
        let kept = kept.map_err(|error| Error::Internal(error.to_string()))?;
        Ok(Ok(kept))
    }

    /// The image with sides as they are kept, upright, since what the file says besides is lost.
    fn written(
        image: DynamicImage,
        image_type: ImageType,
        orientation: Orientation,
    ) -> Result<Self, ImageError> {
        let large = image.width().max(image.height()) > KEPT_SIDE;
        let mut image = if large {
            image.thumbnail(KEPT_SIDE, KEPT_SIDE)
        } else {
            image
        };
        image.apply_orientation(orientation);
        // JPEG knows nothing that one can see through.
        let transparent = image.color().has_alpha();
        let drawn = matches!(image_type, ImageType::Png | ImageType::Gif) && !large;
        if transparent || drawn {
            let png = Self::png(&image)?;
            if transparent || png.content.len() <= KEPT_BYTES {
                return Ok(png);
            }
        }
        Self::jpeg(&image)
    }

    fn png(image: &DynamicImage) -> Result<Self, ImageError> {
        let mut content = Cursor::new(Vec::new());
        if image.color().has_alpha() {
            image.to_rgba8().write_to(&mut content, ImageFormat::Png)?;
        } else {
            image.to_rgb8().write_to(&mut content, ImageFormat::Png)?;
        }
        Ok(Self {
            image_type: ImageType::Png,
            content: content.into_inner(),
        })
    }

    fn jpeg(image: &DynamicImage) -> Result<Self, ImageError> {
        let mut content = Vec::new();
        let encoder = JpegEncoder::new_with_quality(&mut content, KEPT_QUALITY);
        image.to_rgb8().write_with_encoder(encoder)?;
        Ok(Self {
            image_type: ImageType::Jpeg,
            content,
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

/// Lets a photo come in. `Err` at once when too many are on their way, of that person, of their company or at all.
pub fn begin_upload(app: &App, actor: &Actor) -> Result<Upload> {
    app.uploads.begin(actor.id(), actor.company())
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
    if u64::from(width) * u64::from(height) * scans::count(content) > MAX_DRAWN_PIXELS {
        return Err(BadPhoto::TooManyScans);
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
