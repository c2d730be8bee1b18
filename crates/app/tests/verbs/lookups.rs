//! Looking up who asks, when that fails.

use tawzi_app::{Error, Session, StoreError, TokenType, authenticate};
use tawzi_testkit::World;

#[tokio::test]
async fn a_row_that_makes_no_sense_keeps_nobody_else_out() {
    let world = World::with_employees(3).await;
    let token = |place: usize| {
        let session = Session::begin(world.employees[place].id(), 0);
        let issued = world
            .keys
            .issue(&session, TokenType::Access, world.clock.now());
        issued.unwrap()
    };
    let tokens = [token(0), token(1), token(2)];
    let id = world.employees[1].id();
    let no_text =
        format!("UPDATE user_account SET last_name = CAST(x'ff' AS TEXT) WHERE id = {id}");
    world.database.execute(&no_text).await;

    let (one, bad, other) = tokio::join!(
        authenticate(&world.app, &tokens[0]),
        authenticate(&world.app, &tokens[1]),
        authenticate(&world.app, &tokens[2]),
    );

    assert_eq!(one.unwrap().id(), Some(world.employees[0].id()));
    assert!(
        matches!(bad, Err(Error::Store(StoreError::Corrupt(_)))),
        "{bad:?}"
    );
    assert_eq!(other.unwrap().id(), Some(world.employees[2].id()));
}

#[tokio::test]
async fn a_database_that_is_gone_is_told_to_all() {
    let world = World::with_employees(0).await;
    let session = Session::begin(world.admin.id(), 0);
    let issued = world
        .keys
        .issue(&session, TokenType::Access, world.clock.now());
    let token = issued.unwrap();
    world.app.db().close().await;

    let (one, other) = tokio::join!(
        authenticate(&world.app, &token),
        authenticate(&world.app, &token)
    );

    for told in [one, other] {
        assert!(
            matches!(told, Err(Error::Store(StoreError::Lost(_)))),
            "{told:?}"
        );
    }
}
