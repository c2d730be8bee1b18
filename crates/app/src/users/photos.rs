//! Photos of people: what is taken for one, and showing it.

use crate::app::App;
use crate::error::{Error, Result, Thing};
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
    pub async fn parse(content: Vec<u8>) -> Result<std::result::Result<Self, BadPhoto>> {
        if content.len() > MAX_PHOTO_BYTES {
            return Ok(Err(BadPhoto::TooLarge));
        }
        let place = DECODING.acquire().await;
        let place = place.map_err(|error| Error::Internal(error.to_string()))?;
        let decoded = tokio::task::spawn_blocking(move || {
            let _place = place;
            Self::read(content)
        });
        decoded
            .await
            .map_err(|error| Error::Internal(error.to_string()))?
    }

    fn read(content: Vec<u8>) -> Result<std::result::Result<Self, BadPhoto>> {
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
    fn smaller(
        image: DynamicImage,
        orientation: Orientation,
    ) -> std::result::Result<Self, ImageError> {
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
    pub(crate) async fn save(self, tx: &mut Tx, user: UserId, at: Timestamp) -> Result<()> {
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
    let missing = Error::NotFound(Thing::Photo);
    if !key.bytes().all(|letter| letter.is_ascii_hexdigit()) {
        return Err(missing);
    }
    app.db.read().await?.photo(key).await?.ok_or(missing)
}

fn decode(content: &[u8]) -> std::result::Result<(DynamicImage, ImageType), BadPhoto> {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn image(format: ImageFormat, width: u32, height: u32) -> Vec<u8> {
        let mut file = Cursor::new(Vec::new());
        DynamicImage::new_rgb8(width, height)
            .write_to(&mut file, format)
            .unwrap();
        file.into_inner()
    }

    fn decoded(content: &[u8]) -> std::result::Result<ImageType, BadPhoto> {
        decode(content).map(|(_, image_type)| image_type)
    }

    /// What is kept of the file, and its sides.
    fn kept(content: &[u8]) -> (PhotoFile, (u32, u32)) {
        let photo = PhotoFile::read(content.to_vec()).unwrap().unwrap();
        let image = image::load_from_memory(&photo.content).unwrap();
        (photo, (image.width(), image.height()))
    }

    #[test]
    fn an_image_is_known_by_its_content() {
        for (format, image_type) in [
            (ImageFormat::Png, ImageType::Png),
            (ImageFormat::Jpeg, ImageType::Jpeg),
            (ImageFormat::WebP, ImageType::WebP),
            (ImageFormat::Gif, ImageType::Gif),
        ] {
            assert_eq!(decoded(&image(format, 30, 20)), Ok(image_type));
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
            assert_eq!(decoded(content), Err(BadPhoto::NoImage), "{content:?}");
        }
    }

    #[test]
    fn an_image_that_was_cut_off_is_none() {
        for format in [ImageFormat::Png, ImageFormat::WebP, ImageFormat::Gif] {
            let whole = image(format, 300, 200);

            assert_eq!(decoded(&whole[..whole.len() / 2]), Err(BadPhoto::NoImage));
        }
        let whole = image(ImageFormat::Jpeg, 300, 200);
        assert_eq!(decoded(&whole[..100]), Err(BadPhoto::NoImage));
    }

    #[test]
    fn a_small_file_with_very_many_pixels_is_refused() {
        let wide = image(ImageFormat::Png, MAX_PHOTO_SIDE + 1, 1);
        let high = image(ImageFormat::Png, 1, MAX_PHOTO_SIDE + 1);
        let largest = image(ImageFormat::Png, MAX_PHOTO_SIDE, 1);

        assert_eq!(decoded(&wide), Err(BadPhoto::TooManyPixels));
        assert_eq!(decoded(&high), Err(BadPhoto::TooManyPixels));
        assert_eq!(decoded(&largest), Ok(ImageType::Png));
    }

    #[test]
    fn a_small_photo_is_kept_as_it_is() {
        for format in [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::Gif] {
            let small = image(format, KEPT_SIDE, 30);

            assert_eq!(kept(&small).0.content, small);
        }
    }

    #[test]
    fn a_large_photo_is_made_smaller() {
        for format in [ImageFormat::Jpeg, ImageFormat::WebP] {
            let (photo, sides) = kept(&image(format, 2048, 1536));

            assert_eq!((photo.image_type, sides), (ImageType::Jpeg, (1024, 768)));
        }
        let narrow = kept(&image(ImageFormat::Png, 4, 3000)).1;
        assert_eq!(narrow, (1, 1024));
        let long_file = [image(ImageFormat::Png, 9, 9), vec![0; KEPT_BYTES]].concat();
        let (photo, sides) = kept(&long_file);
        assert_eq!(sides, (9, 9));
        assert!(photo.content.len() < 2_000, "{}", photo.content.len());
    }

    #[test]
    fn what_one_can_see_through_stays_so() {
        let mut file = Cursor::new(Vec::new());
        let glass = DynamicImage::new_rgba16(2000, 1000);
        glass.write_to(&mut file, ImageFormat::Png).unwrap();

        let (photo, sides) = kept(file.get_ref());

        assert_eq!((photo.image_type, sides), (ImageType::Png, (1024, 512)));
        let image = image::load_from_memory(&photo.content).unwrap();
        assert_eq!(image.into_rgba8()[(0, 0)].0, [0, 0, 0, 0]);
    }

    #[test]
    fn a_photo_taken_upright_stays_upright() {
        // Orientation 6: the camera was turned, and the image is to be turned by 90 degrees.
        let exif = b"\xff\xe1\0\x22Exif\0\0II*\0\x08\0\0\0\x01\0\
            \x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0";
        let lying = image(ImageFormat::Jpeg, 2000, 1000);
        let turned = [&lying[..2], exif, &lying[2..]].concat();

        assert_eq!(kept(&lying).1, (1024, 512));
        assert_eq!(kept(&turned).1, (512, 1024));
    }

    #[test]
    fn an_image_that_needs_too_much_memory_is_refused() {
        // A head that promises 64 million pixels, which nobody would wait for in a test.
        let mut file = image(ImageFormat::Jpeg, 8, 8);
        let head = file.windows(2).position(|two| two == [0xff, 0xc0]).unwrap();
        let side = 8000_u16.to_be_bytes();
        file[head + 5..head + 9].copy_from_slice(&[side, side].concat());

        assert_eq!(decoded(&file), Err(BadPhoto::TooManyPixels));
    }
}
