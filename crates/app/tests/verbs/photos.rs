//! What is taken for a photo, and what is kept of it.

use image::{DynamicImage, ImageFormat};
use std::io::Cursor;
use tawzi_app::{BadPhoto, MAX_PHOTO_SIDE, Photo, PhotoFile, UserChange, edit_user, read_photo};
use tawzi_core::photo::ImageType;
use tawzi_testkit::World;

/// The longest side that is kept.
const KEPT_SIDE: u32 = 1024;

/// The largest file that is kept as it is.
const KEPT_BYTES: usize = 2 * 1024 * 1024;

fn image(format: ImageFormat, width: u32, height: u32) -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    let image = DynamicImage::new_rgb8(width, height);
    image.write_to(&mut file, format).unwrap();
    file.into_inner()
}

async fn refusal(content: &[u8]) -> Option<BadPhoto> {
    PhotoFile::parse(content.to_vec()).await.unwrap().err()
}

/// What is shown after the administrator has chosen the file, and its sides.
async fn shown(world: &World, content: &[u8]) -> (Photo, (u32, u32)) {
    let file = PhotoFile::parse(content.to_vec()).await.unwrap().unwrap();
    let change = UserChange {
        photo: Some(Some(file)),
        ..UserChange::default()
    };
    let edited = edit_user(&world.app, &world.admin, world.admin.id(), change);
    let key = edited.await.unwrap().user.photo_key.unwrap();
    let photo = read_photo(&world.app, &key).await.unwrap();
    let image = image::load_from_memory(&photo.content).unwrap();
    (photo, (image.width(), image.height()))
}

#[tokio::test]
async fn a_small_image_is_known_by_its_content_and_kept_as_it_is() {
    let world = World::with_employees(0).await;

    for (format, image_type) in [
        (ImageFormat::Png, ImageType::Png),
        (ImageFormat::Jpeg, ImageType::Jpeg),
        (ImageFormat::WebP, ImageType::WebP),
        (ImageFormat::Gif, ImageType::Gif),
    ] {
        let small = image(format, KEPT_SIDE, 30);

        let photo = shown(&world, &small).await.0;

        assert_eq!((photo.image_type, photo.content), (image_type, small));
    }
}

#[tokio::test]
async fn what_only_looks_like_an_image_is_none() {
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
        let refused = refusal(content).await;

        assert_eq!(refused, Some(BadPhoto::NoImage), "{content:?}");
    }
}

#[tokio::test]
async fn an_image_that_was_cut_off_is_none() {
    for (format, left) in [
        (ImageFormat::Png, 2),
        (ImageFormat::WebP, 2),
        (ImageFormat::Gif, 2),
        (ImageFormat::Jpeg, 10),
    ] {
        let whole = image(format, 300, 200);

        let refused = refusal(&whole[..whole.len() / left]).await;

        assert_eq!(refused, Some(BadPhoto::NoImage), "{format:?}");
    }
}

#[tokio::test]
async fn a_small_file_with_very_many_pixels_is_refused() {
    for (width, height, expected) in [
        (MAX_PHOTO_SIDE + 1, 1, Some(BadPhoto::TooManyPixels)),
        (1, MAX_PHOTO_SIDE + 1, Some(BadPhoto::TooManyPixels)),
        (MAX_PHOTO_SIDE, 1, None),
    ] {
        let refused = refusal(&image(ImageFormat::Png, width, height)).await;

        assert_eq!(refused, expected);
    }
}

#[tokio::test]
async fn an_image_that_needs_too_much_memory_is_refused() {
    // A head that promises 64 million pixels, which nobody would wait for in a test.
    let mut file = image(ImageFormat::Jpeg, 8, 8);
    let head = file.windows(2).position(|two| two == [0xff, 0xc0]).unwrap();
    let side = 8000_u16.to_be_bytes();
    file[head + 5..head + 9].copy_from_slice(&[side, side].concat());

    assert_eq!(refusal(&file).await, Some(BadPhoto::TooManyPixels));
}

#[tokio::test]
async fn a_large_photo_is_made_smaller() {
    let world = World::with_employees(0).await;

    for format in [ImageFormat::Jpeg, ImageFormat::WebP] {
        let (photo, sides) = shown(&world, &image(format, 2048, 1536)).await;

        assert_eq!((photo.image_type, sides), (ImageType::Jpeg, (1024, 768)));
    }
    let narrow = shown(&world, &image(ImageFormat::Png, 4, 3000)).await.1;
    assert_eq!(narrow, (1, 1024));
    let long_file = [image(ImageFormat::Png, 9, 9), vec![0; KEPT_BYTES]].concat();
    let (photo, sides) = shown(&world, &long_file).await;
    assert_eq!(sides, (9, 9));
    assert!(photo.content.len() < 2_000, "{}", photo.content.len());
}

#[tokio::test]
async fn what_one_can_see_through_stays_so() {
    let world = World::with_employees(0).await;
    let mut file = Cursor::new(Vec::new());
    let glass = DynamicImage::new_rgba16(2000, 1000);
    glass.write_to(&mut file, ImageFormat::Png).unwrap();

    let (photo, sides) = shown(&world, file.get_ref()).await;

    assert_eq!((photo.image_type, sides), (ImageType::Png, (1024, 512)));
    let image = image::load_from_memory(&photo.content).unwrap();
    assert_eq!(image.into_rgba8()[(0, 0)].0, [0, 0, 0, 0]);
}

#[tokio::test]
async fn a_photo_taken_upright_stays_upright() {
    let world = World::with_employees(0).await;
    // Orientation 6: the camera was turned, and the image is to be turned by 90 degrees.
    let exif = b"\xff\xe1\0\x22Exif\0\0II*\0\x08\0\0\0\x01\0\
        \x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0";
    let lying = image(ImageFormat::Jpeg, 2000, 1000);
    let turned = [&lying[..2], exif, &lying[2..]].concat();

    assert_eq!(shown(&world, &lying).await.1, (1024, 512));
    assert_eq!(shown(&world, &turned).await.1, (512, 1024));
}
