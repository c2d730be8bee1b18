//! What is taken for a token, and what it proves.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use tawzi_app::{
    App, BadToken, Error, Keys, Result, Session, TokenType, authenticate, refresh, verify,
};
use tawzi_testkit::{NOON, SECRET, World};

const HEADER: &str = r#"{"alg":"HS256","typ":"JWT"}"#;

/// That header and those claims, signed with the key of the tests, whatever the header says.
pub(crate) fn signed(header: &str, claims: &str) -> String {
    let signed = [header, claims].map(|part| URL_SAFE_NO_PAD.encode(part));
    let signed = signed.join(".");
    let key = Hmac::<Sha256>::new_from_slice(SECRET).unwrap();
    let signature = key.chain_update(&signed).finalize().into_bytes();
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
}

/// Claims of the world's administrator, which last until 2100.
fn claims(world: &World) -> String {
    let admin = world.admin.id();
    format!(r#""token_type":"access","exp":4102444800,"iat":12,"jti":"x","user_id":"{admin}""#)
}

fn is_invalid<T>(result: &Result<T>) -> bool {
    matches!(result, Err(Error::BadToken(BadToken::Invalid)))
}

#[tokio::test]
async fn a_token_is_good_with_its_key_until_it_expires() {
    let world = World::with_employees(0).await;
    let (app, admin) = (&world.app, world.admin.id());
    let session = Session::begin(admin, 0);
    let token = world.keys.issue(&session, TokenType::Access, NOON).unwrap();
    let others = Keys::new(b"another").issue(&session, TokenType::Access, NOON);

    world.clock.move_to(NOON.plus_seconds(3599));
    let actor = authenticate(app, &token).await.unwrap();
    assert_eq!(actor.id(), Some(admin));
    assert!(is_invalid(&authenticate(app, &others.unwrap()).await));
    world.clock.move_to(NOON.plus_seconds(3600));
    assert!(is_invalid(&authenticate(app, &token).await));
}

#[tokio::test]
async fn a_token_for_something_else_has_the_wrong_type() {
    let world = World::with_employees(0).await;
    let session = Session::begin(world.admin.id(), 0);
    let access = world.keys.issue(&session, TokenType::Access, NOON).unwrap();

    let refreshed = refresh(&world.app, &access).await;

    assert!(matches!(
        refreshed,
        Err(Error::BadToken(BadToken::WrongType))
    ));
}

#[tokio::test]
async fn a_token_of_the_reference_is_accepted() {
    // Written by djangorestframework-simplejwt 5.5 with this key for user 7, to expire in 2100.
    let token = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.\
        eyJ0b2tlbl90eXBlIjoiYWNjZXNzIiwiZXhwIjo0MTAyNDQ0ODAwLCJpYXQiOjE3NjQ2MzM2MDAsImp0aSI6IjVl\
        YmE5ZjA3ZTlmYzQ1MDY4OTQ0ODdlNjgyYzQyN2RkIiwidXNlcl9pZCI6IjcifQ.\
        MNEyFrBJPhGsn5ODyIP0FMscvXiy5OAX1s2amXhOjmk";
    let world = World::with_employees(6).await;
    let (db, clock) = (world.app.db().clone(), world.clock.clone());
    let (app, _queues) = App::start(db, clock, Keys::new(b"one key"), None);

    let actor = authenticate(&app, token).await.unwrap();

    assert_eq!(actor.id().unwrap().get(), 7);
}

#[tokio::test]
async fn an_older_token_of_the_reference_has_a_number_as_id() {
    let world = World::with_employees(0).await;
    let admin = world.admin.id();
    let claims = claims(&world).replace(&format!("\"{admin}\""), &admin.to_string());

    let actor = authenticate(&world.app, &signed(HEADER, &format!("{{{claims}}}"))).await;

    assert_eq!(actor.unwrap().id(), Some(admin));
}

#[tokio::test]
async fn claims_may_be_more_but_not_fewer_or_twice_or_of_another_kind() {
    let world = World::with_employees(0).await;
    let good = claims(&world);
    let opened = async |claims: &str| verify(&world.app, &signed(HEADER, claims)).await;

    let more = format!(r#"{{{good},"aud":"crm","x":[1]}}"#);
    opened(&more).await.unwrap();
    for bad in [
        String::new(),
        "null".to_owned(),
        "[]".to_owned(),
        format!("{{{good}}} {{}}"),
        format!(r#"{{{good},"user_id":"4"}}"#),
        format!("{{{}}}", good.replace("exp", "expires")),
        format!("{{{}}}", good.replace("iat", "issued")),
        format!("{{{}}}", good.replace("access", "sliding")),
        format!("{{{}}}", good.replace("4102444800", "\"4102444800\"")),
        format!("{{{}}}", good.replace("4102444800", "4102444800.5")),
        format!("{{{}}}", good.replace("4102444800", "-1")),
        format!("{{{}}}", good.replace("user_id\":\"", "user_id\":\"a")),
        format!(
            "{{{}}}",
            good.replace("user_id\":", "user_id\":null,\"x\":")
        ),
    ] {
        assert!(is_invalid(&opened(&bad).await), "{bad}");
    }
}

#[tokio::test]
async fn another_header_is_refused_although_its_signature_is_right() {
    let world = World::with_employees(0).await;
    let claims = format!("{{{}}}", claims(&world));
    let opened = async |header: &str| verify(&world.app, &signed(header, &claims)).await;

    for good in [
        r#"{"typ":"JWT","alg":"HS256"}"#,
        "{\"typ\":\"JWT\",\r\n \"alg\":\"HS256\"}",
        r#"{"alg":"HS256"}"#,
    ] {
        opened(good).await.unwrap();
    }
    for bad in [
        "",
        "{}",
        "HS256",
        r#"{"typ":"JWT"}"#,
        r#"{"alg":"none"}"#,
        r#"{"alg":"hs256"}"#,
        r#"{"alg":"HS384"}"#,
        r#"{"alg":"HS512"}"#,
        r#"{"alg":"RS256"}"#,
        r#"{"alg":["HS256"]}"#,
        r#"{"alg":"HS256","alg":"HS256"}"#,
        r#"{"alg":"HS256","typ":1}"#,
        r#"{"alg":"HS256","crit":["exp"]}"#,
        r#"{"alg":"HS256"} {}"#,
    ] {
        assert!(is_invalid(&opened(bad).await), "{bad}");
    }
}

#[tokio::test]
async fn one_changed_letter_is_refused() {
    let world = World::with_employees(0).await;
    let token = signed(HEADER, &format!("{{{}}}", claims(&world)));
    verify(&world.app, &token).await.unwrap();

    for (place, letter) in token.char_indices() {
        for other in ["A", "g", "=", "+", "/", ".", ""].map(str::to_owned) {
            if other != letter.to_string() {
                let changed = format!("{}{other}{}", &token[..place], &token[place + 1..]);
                assert!(is_invalid(&verify(&world.app, &changed).await), "{changed}");
            }
        }
    }
}

#[tokio::test]
async fn more_or_fewer_parts_or_another_way_to_write_them_are_refused() {
    let world = World::with_employees(0).await;
    let claims = format!("{{{}}}", claims(&world));
    let token = signed(HEADER, &claims);
    let (text, signature) = token.rsplit_once('.').unwrap();
    let (header, payload) = text.split_once('.').unwrap();
    let unsigned = URL_SAFE_NO_PAD.encode(r#"{"alg":"none","typ":"JWT"}"#);
    // The last letter of a signature has two bits that say nothing.
    let last = signature.chars().last().unwrap();
    let next = char::from_u32(u32::from(last) + 1).unwrap();
    let loose = format!("{}{next}", &signature[..signature.len() - 1]);

    for changed in [
        String::new(),
        "..".to_owned(),
        text.to_owned(),
        format!("{text}."),
        format!("{unsigned}.{payload}."),
        format!("{header}..{signature}"),
        format!("{header}.{payload}.{payload}.{signature}"),
        format!(".{token}"),
        format!("{token}."),
        format!("{token}="),
        format!(" {token}"),
        format!("{token}\n"),
        format!("{text}.{loose}"),
        format!("{text}.{}", &signature[..40]),
    ] {
        assert!(is_invalid(&verify(&world.app, &changed).await), "{changed}");
    }
}
