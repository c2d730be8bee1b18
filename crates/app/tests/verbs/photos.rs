//! What is taken for a photo, and what is kept of it.

use image::{DynamicImage, ImageFormat};
use std::io::Cursor;
use tawzi_app::{
    BadPhoto, Error, Full, MAX_PHOTO_SIDE, Photo, PhotoFile, UserChange, begin_upload, edit_user,
    read_photo,
};
use tawzi_core::photo::ImageType;
use tawzi_testkit::{TestUser, World};

/// The longest side that is kept.
const KEPT_SIDE: u32 = 1024;

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
async fn an_image_is_known_by_its_content_and_keeps_its_size_when_it_is_small() {
    let world = World::with_employees(0).await;

    for (format, kept) in [
        (ImageFormat::Png, ImageType::Png),
        (ImageFormat::Gif, ImageType::Png),
        (ImageFormat::Jpeg, ImageType::Jpeg),
        (ImageFormat::WebP, ImageType::Jpeg),
    ] {
        let (photo, sides) = shown(&world, &image(format, KEPT_SIDE, 30)).await;

        assert_eq!((photo.image_type, sides), (kept, (KEPT_SIDE, 30)));
    }
}

/// What the secret stands in, which no photo may tell.
const SECRET: &[u8] = b"24.7136N 46.6753E";

/// A JPEG segment of that kind with the secret in it.
fn segment(marker: u8, start: &[u8]) -> Vec<u8> {
    let content = [start, SECRET].concat();
    let length = u16::try_from(content.len() + 2).unwrap().to_be_bytes();
    [&[0xff, marker][..], &length, &content].concat()
}

/// A chunk of a PNG file with the secret in it; its checksum is that of zlib.
fn chunk(name: &str, start: &[u8]) -> Vec<u8> {
    let content = [start, SECRET].concat();
    let length = u32::try_from(content.len()).unwrap().to_be_bytes();
    let named = [name.as_bytes(), &content].concat();
    let mut sum = u32::MAX;
    for byte in &named {
        sum ^= u32::from(*byte);
        for _ in 0..8 {
            sum = (sum >> 1) ^ (0xedb8_8320 & (sum & 1).wrapping_neg());
        }
    }
    [&length[..], &named, &(!sum).to_be_bytes()].concat()
}

/// A chunk of a WebP file with the secret in it.
fn riff(name: &str) -> Vec<u8> {
    let length = u32::try_from(SECRET.len()).unwrap().to_le_bytes();
    [name.as_bytes(), &length, SECRET, &[0]].concat()
}

#[tokio::test]
async fn a_photo_does_not_tell_where_it_was_taken() {
    let world = World::with_employees(0).await;
    let jpeg = image(ImageFormat::Jpeg, 60, 40);
    let within_jpeg = |segment: Vec<u8>| [&jpeg[..2], &segment, &jpeg[2..]].concat();
    let png = image(ImageFormat::Png, 60, 40);
    // Behind the signature and the head.
    let within_png = |chunk: Vec<u8>| [&png[..33], &chunk, &png[33..]].concat();
    let webp = image(ImageFormat::WebP, 60, 40);
    let gif = image(ImageFormat::Gif, 60, 40);
    let files = [
        within_jpeg(segment(0xe1, b"Exif\0\0II*\0\x08\0\0\0\0\0\0\0\0\0")),
        within_jpeg(segment(0xe1, b"http://ns.adobe.com/xap/1.0/\0")),
        within_jpeg(segment(0xed, b"Photoshop 3.0\0")),
        within_jpeg(segment(0xfe, b"")),
        [&jpeg[..], SECRET].concat(),
        within_png(chunk("eXIf", b"II*\0\x08\0\0\0\0\0\0\0\0\0")),
        within_png(chunk("tEXt", b"Raw profile type exif\0")),
        within_png(chunk("iTXt", b"XML:com.adobe.xmp\0\0\0\0\0")),
        [&webp[..], &riff("EXIF")].concat(),
        [&gif[..gif.len() - 1], b"!\xfe\x11", SECRET, b"\0;"].concat(),
    ];
    for file in files {
        let photo = shown(&world, &file).await.0;

        let told = photo
            .content
            .windows(SECRET.len())
            .any(|part| part == SECRET);
        assert!(!told, "{:?}", photo.image_type);
        let exif = photo.content.windows(4).any(|part| part == b"Exif");
        assert!(!exif, "{:?}", photo.image_type);
    }
}

/// A progressive JPEG file of that size, in which the last scan is repeated.
fn many_scans(side: u16, scans: usize) -> Vec<u8> {
    // Grey; a scan of the first coefficients, and one that adds nothing to the others.
    let size = side.to_be_bytes();
    let [frame, end] = [
        [&b"\xff\xc2\0\x0b\x08"[..], &size, &size, b"\x01\x01\x11\0"].concat(),
        b"\xff\xd9".to_vec(),
    ];
    let quantization = [&b"\xff\xdb\0\x43\0"[..], &[1; 64]].concat();
    // One code, of one bit, for nothing at all.
    let codes = |class: u8| [&b"\xff\xc4\0\x14"[..], &[class, 1], &[0; 15], &[0]].concat();
    let blocks = usize::from(side).div_ceil(8).pow(2);
    let scan = |bounds: &[u8; 3]| {
        let data = vec![0; blocks.div_ceil(8)];
        [&b"\xff\xda\0\x08\x01\x01\0"[..], bounds, &data].concat()
    };
    let first = scan(&[0, 0, 1]);
    let again = scan(&[1, 63, 0]);
    [
        b"\xff\xd8".to_vec(),
        quantization,
        frame,
        codes(0),
        codes(0x10),
        first,
        again.repeat(scans - 1),
        end,
    ]
    .concat()
}

#[tokio::test]
async fn a_file_that_draws_its_image_again_and_again_is_refused() {
    for (side, scans, expected) in [
        (64, 12, None),
        (64, 90, None),
        (8192, 9, Some(BadPhoto::TooManyScans)),
        (2048, 150, Some(BadPhoto::TooManyScans)),
    ] {
        let refused = refusal(&many_scans(side, scans)).await;

        assert_eq!(refused, expected, "{side} {scans}");
    }
}

#[tokio::test]
async fn the_photos_of_one_person_leave_room_for_those_of_others() {
    let world = World::with_employees(3).await;
    let (_, stranger) = world.neighbour().await;
    let begin = |actor: &TestUser| begin_upload(&world.app, actor);
    let full = |begun| matches!(begun, Err(Error::Full(Full::Share)));

    let mut own: Vec<_> = (0..2).map(|_| begin(&world.admin).unwrap()).collect();
    assert!(full(begin(&world.admin)), "each has two at a time");
    let others = world.employees[..2].iter();
    let others = others.flat_map(|one| [begin(one).unwrap(), begin(one).unwrap()]);
    let others: Vec<_> = others.collect();
    assert!(full(begin(&world.employees[2])), "their company has six");
    begin(&stranger).unwrap();

    own.pop();
    begin(&world.admin).unwrap();
    drop(others);
    begin(&world.employees[2]).unwrap();
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
    let long_file = [image(ImageFormat::Png, 9, 9), vec![0; 2 * 1024 * 1024]].concat();
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
