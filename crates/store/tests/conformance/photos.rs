//! Photos of people: one for each, found by its key.

use crate::database::TestDb;
use crate::given::{self, NOW};
use tawzi_core::id::UserId;
use tawzi_core::photo::ImageType;
use tawzi_store::{Error, NewUserPhoto, Photo};

on_both_engines! {
    a_photo_is_read_as_it_was_kept,
    a_new_photo_takes_the_place_of_the_one_before,
    a_deleted_photo_is_gone_and_others_stay,
    a_photo_needs_a_person_and_goes_with_them,
    a_key_belongs_to_one_photo,
}

fn new_photo<'a>(user: UserId, key: &'a str, content: &'a [u8]) -> NewUserPhoto<'a> {
    NewUserPhoto {
        user,
        key,
        image_type: ImageType::Png,
        content,
        at: NOW,
    }
}

async fn save(store: &TestDb, new: NewUserPhoto<'_>) {
    let mut tx = store.begin().await.unwrap();
    tx.save_photo(new).await.unwrap();
    tx.commit().await.unwrap();
}

async fn read(store: &TestDb, key: &str) -> Option<Photo> {
    let mut reader = store.read().await.unwrap();
    reader.photo(key).await.unwrap()
}

async fn key_of(store: &TestDb, user: UserId) -> Option<String> {
    let mut reader = store.read().await.unwrap();
    reader.user(user).await.unwrap().unwrap().photo_key
}

async fn two_people(store: &TestDb) -> (UserId, UserId) {
    let north = given::company(store, "north").await;
    let amal = given::employee(store, north, "amal").await;
    (amal, given::employee(store, north, "badr").await)
}

async fn a_photo_is_read_as_it_was_kept(store: &TestDb) {
    let (amal, badr) = two_people(store).await;
    let every_byte: Vec<u8> = (0..=u8::MAX).cycle().take(3_000_000).collect();

    for (number, image_type) in [
        ImageType::Png,
        ImageType::Jpeg,
        ImageType::WebP,
        ImageType::Gif,
    ]
    .into_iter()
    .enumerate()
    {
        let key = number.to_string();
        let new = NewUserPhoto {
            image_type,
            ..new_photo(amal, &key, &every_byte)
        };
        save(store, new).await;

        let photo = read(store, &key).await.unwrap();
        assert_eq!(photo.image_type, image_type);
        assert!(photo.content == every_byte);
        assert_eq!(key_of(store, amal).await, Some(key));
    }
    assert_eq!(key_of(store, badr).await, None);
    assert!(read(store, "nobody's").await.is_none());
}

async fn a_new_photo_takes_the_place_of_the_one_before(store: &TestDb) {
    let (amal, _) = two_people(store).await;
    save(store, new_photo(amal, "first", b"1")).await;

    save(store, new_photo(amal, "second", b"2")).await;

    assert!(read(store, "first").await.is_none());
    assert_eq!(read(store, "second").await.unwrap().content, b"2");
    assert_eq!(key_of(store, amal).await.as_deref(), Some("second"));
}

async fn a_deleted_photo_is_gone_and_others_stay(store: &TestDb) {
    let (amal, badr) = two_people(store).await;
    save(store, new_photo(amal, "amal", b"1")).await;
    save(store, new_photo(badr, "badr", b"2")).await;

    let mut tx = store.begin().await.unwrap();
    tx.delete_photo(amal).await.unwrap();
    tx.delete_photo(amal).await.unwrap();
    tx.commit().await.unwrap();

    assert!(read(store, "amal").await.is_none());
    assert_eq!(key_of(store, amal).await, None);
    assert_eq!(read(store, "badr").await.unwrap().content, b"2");
}

async fn a_photo_needs_a_person_and_goes_with_them(store: &TestDb) {
    let (amal, _) = two_people(store).await;
    save(store, new_photo(amal, "amal", b"1")).await;

    store
        .run("DELETE FROM user_account WHERE username = 'amal'")
        .await;

    assert!(read(store, "amal").await.is_none());
    let mut tx = store.begin().await.unwrap();
    let refused = tx.save_photo(new_photo(amal, "amal", b"1")).await;
    assert!(matches!(refused, Err(Error::Conflict(_))), "{refused:?}");
}

async fn a_key_belongs_to_one_photo(store: &TestDb) {
    let (amal, badr) = two_people(store).await;
    save(store, new_photo(amal, "key", b"1")).await;

    let mut tx = store.begin().await.unwrap();
    let refused = tx.save_photo(new_photo(badr, "key", b"2")).await;

    assert!(matches!(refused, Err(Error::Conflict(_))), "{refused:?}");
    assert_eq!(read(store, "key").await.unwrap().content, b"1");
}
