//! What it costs to compare a password with a stored hash.

use tawzi_core::password_hash::check_cost;

#[test]
fn hashes_as_people_have_them_are_cheap_enough() {
    for hash in [
        "pbkdf2_sha256$1000000$salt$aGFzaA==",
        "pbkdf2_sha256$2000000$salt$aGFzaA==",
        "$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA",
        "$argon2id$v=19$m=65536,t=3,p=4$c2FsdA$aGFzaA",
        "!no password",
        "md5$99999999999$hash",
        // Kinds that are not computed here.
        "argon2$argon2id$v=19$m=102400,t=2,p=8$c2FsdA$aGFzaA",
        "pbkdf2_sha1$3000000$salt$aGFzaA==",
        "pbkdf2_sha256$many$salt$aGFzaA==",
        "",
    ] {
        assert_eq!(check_cost(hash), Ok(()), "{hash}");
    }
}

#[test]
fn a_hash_that_would_take_long_or_much_memory_is_named() {
    for (hash, named) in [
        ("pbkdf2_sha256$2000001$salt$aGFzaA==", "2000001 iterations"),
        (
            "pbkdf2_sha256$2000000000$salt$aGFzaA==",
            "2000000000 iterations",
        ),
        (
            "pbkdf2_sha256$+2000001$salt$aGFzaA==",
            "+2000001 iterations",
        ),
        (
            "pbkdf2_sha256$99999999999999999999999$salt$aGFzaA==",
            "99999999999999999999999 iterations",
        ),
        (
            "$argon2id$v=19$m=65537,t=1,p=1$c2FsdA$aGFzaA",
            "needs 65537 KiB",
        ),
        (
            "$argon2id$v=19$t=1,p=1,m=65537$c2FsdA$aGFzaA",
            "needs 65537 KiB",
        ),
        ("$argon2i$m=8,t=50001,p=1$c2FsdA$aGFzaA", "fills 400008 KiB"),
        (
            "$argon2d$m=8,t=2,t=4294967295,p=1$c2FsdA$aGFzaA",
            "fills 34359738360 KiB",
        ),
    ] {
        let refused = check_cost(hash).unwrap_err().to_string();
        assert!(refused.contains(named), "{refused}");
    }
}
