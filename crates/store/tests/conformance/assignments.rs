//! Who holds a client, since when, and when anybody was last in touch.

use crate::database::TestDb;
use crate::given::{self, NOW};
use std::collections::BTreeSet;
use tawzi_core::id::{ClientId, CompanyId, UserId};
use tawzi_core::status::StatusCategory;
use tawzi_core::time::Timestamp;
use tawzi_store::{Client, Error, NewClient, Reassignment, Viewer};

on_both_engines! {
    assigned_clients_have_their_receivers_and_the_moment,
    a_client_taken_from_everybody_has_no_moment,
    a_receiver_who_is_not_there_is_refused,
    clients_that_nobody_holds_are_read_with_the_oldest_first,
    holders_are_read_for_the_wanted_clients,
    a_moved_client_starts_anew_with_its_receiver,
    a_client_contacted_since_it_was_found_due_is_left_alone,
    a_client_moved_since_it_was_found_due_is_left_alone,
    a_move_that_was_made_is_not_made_again,
    a_client_somebody_else_has_given_away_stays,
    a_client_that_nobody_has_is_given_once,
    clients_of_several_companies_change_at_once,
    nothing_is_moved_or_assigned_out_of_nothing,
    the_latest_contact_counts,
    only_who_sees_a_client_can_touch_it,
}

const LATER: Timestamp = NOW.plus_seconds(3600);

/// A company, two employees, and a client of the first.
struct Given {
    company: CompanyId,
    amal: UserId,
    badr: UserId,
    client: ClientId,
}

async fn given_a_client(store: &TestDb) -> Given {
    let company = given::company(store, "north").await;
    let amal = given::employee(store, company, "amal").await;
    let badr = given::employee(store, company, "badr").await;
    let client = given::held_client(store, company, amal, NOW).await;
    Given {
        company,
        amal,
        badr,
        client,
    }
}

impl Given {
    async fn read(&self, store: &TestDb, id: ClientId) -> Client {
        let mut reader = store.read().await.unwrap();
        let mut tenant = reader.tenant(self.company);
        let client = tenant.client(id, Viewer::Everything).await.unwrap();
        client.unwrap()
    }

    /// Gives the clients away, whoever has them; which of them have changed.
    async fn assign(
        &self,
        store: &TestDb,
        assignments: &[(ClientId, Option<UserId>)],
        at: Timestamp,
    ) -> Result<BTreeSet<(CompanyId, ClientId)>, Error> {
        let mut rows = Vec::new();
        for &(client, to) in assignments {
            rows.push(Reassignment {
                company: self.company,
                client,
                from: self.read(store, client).await.assigned_to,
                to,
                touched_at: None,
                waiting_since: None,
            });
        }
        let mut tx = store.begin().await.unwrap();
        let changed = tx.reassign_clients(&rows, at).await?;
        tx.commit().await?;
        Ok(changed)
    }

    async fn touch(&self, store: &TestDb, viewer: Viewer, at: Timestamp) -> bool {
        let mut tx = store.begin().await.unwrap();
        let client = (self.company, self.client, viewer);
        let touched = tx.touch_clients(&[client], at).await.unwrap();
        tx.commit().await.unwrap();
        !touched.is_empty()
    }

    /// The move of the client to the second employee, as planned when it was found due.
    const fn planned(&self) -> Reassignment {
        Reassignment {
            company: self.company,
            client: self.client,
            from: Some(self.amal),
            to: Some(self.badr),
            touched_at: Some(NOW),
            waiting_since: None,
        }
    }

    /// Which clients have changed.
    async fn carry_out(&self, store: &TestDb, moves: &[Reassignment]) -> Vec<ClientId> {
        let mut tx = store.begin().await.unwrap();
        let moved = tx.reassign_clients(moves, LATER).await.unwrap();
        tx.commit().await.unwrap();
        assert!(moved.iter().all(|&(company, _)| company == self.company));
        moved.into_iter().map(|(_, client)| client).collect()
    }
}

async fn assigned_clients_have_their_receivers_and_the_moment(store: &TestDb) {
    let given = given_a_client(store).await;
    let other = given::held_client(store, given.company, given.amal, NOW).await;
    let untouched = given::held_client(store, given.company, given.amal, NOW).await;
    given.touch(store, Viewer::Everything, NOW).await;

    let assignments = [(given.client, Some(given.badr)), (other, Some(given.amal))];
    let changed = given.assign(store, &assignments, LATER).await.unwrap();

    let both = [given.client, other].map(|client| (given.company, client));
    assert_eq!(changed, BTreeSet::from(both));
    let client = given.read(store, given.client).await;
    assert_eq!(client.assigned_to, Some(given.badr));
    assert_eq!(client.assigned_at, Some(LATER));
    assert_eq!(
        client.last_contacted_at,
        Some(NOW),
        "the contact is not undone"
    );
    let other = given.read(store, other).await;
    assert_eq!(
        (other.assigned_to, other.assigned_at),
        (Some(given.amal), Some(LATER))
    );
    let untouched = given.read(store, untouched).await;
    assert_eq!(untouched.assigned_at, Some(NOW));
}

async fn a_client_taken_from_everybody_has_no_moment(store: &TestDb) {
    let given = given_a_client(store).await;

    given
        .assign(store, &[(given.client, None)], LATER)
        .await
        .unwrap();

    let client = given.read(store, given.client).await;
    assert_eq!((client.assigned_to, client.assigned_at), (None, None));
}

async fn a_receiver_who_is_not_there_is_refused(store: &TestDb) {
    let given = given_a_client(store).await;

    let nobody = Some(UserId::new(99));
    let assigned = given.assign(store, &[(given.client, nobody)], LATER).await;

    assert!(matches!(assigned, Err(Error::Conflict(_))), "{assigned:?}");
}

async fn clients_that_nobody_holds_are_read_with_the_oldest_first(store: &TestDb) {
    let given = given_a_client(store).await;
    let status = given::status(store, given.company, "won", StatusCategory::Closed).await;
    let unheld = |seconds, status| NewClient {
        at: NOW.plus_seconds(seconds),
        status,
        ..given::new_client(given.company, "Sara")
    };
    let new = [unheld(1, None), unheld(0, Some(status)), unheld(1, None)];
    let ids = given::clients(store, &new).await;

    let mut reader = store.read().await.unwrap();
    let mut tenant = reader.tenant(given.company);
    let found = tenant.unassigned_clients().await.unwrap();

    let found: Vec<_> = found.iter().map(|c| (c.id, c.status_category)).collect();
    let closed = Some(StatusCategory::Closed);
    assert_eq!(found, [(ids[1], closed), (ids[0], None), (ids[2], None)]);
}

async fn holders_are_read_for_the_wanted_clients(store: &TestDb) {
    let given = given_a_client(store).await;
    let status = given::status(store, given.company, "new", StatusCategory::Active).await;
    let unheld = NewClient {
        status: Some(status),
        ..given::new_client(given.company, "Sara")
    };
    let unheld = given::client(store, unheld).await;
    given::held_client(store, given.company, given.badr, NOW).await;

    let mut reader = store.read().await.unwrap();
    let mut tenant = reader.tenant(given.company);
    let wanted = [unheld, ClientId::new(99), given.client, unheld];
    let found = tenant.owned_clients(&wanted).await.unwrap();
    let none = tenant.owned_clients(&[]).await.unwrap();

    let found: Vec<_> = found
        .iter()
        .map(|c| (c.id, c.assigned_to, c.status_category))
        .collect();
    let active = Some(StatusCategory::Active);
    let expected = [
        (given.client, Some(given.amal), None),
        (unheld, None, active),
    ];
    assert_eq!(found, expected);
    assert!(none.is_empty());
}

async fn a_moved_client_starts_anew_with_its_receiver(store: &TestDb) {
    let given = given_a_client(store).await;
    given.touch(store, Viewer::Everything, NOW).await;
    let other = given::held_client(store, given.company, given.amal, NOW).await;

    let moved = given.carry_out(store, &[given.planned()]).await;

    assert_eq!(moved, [given.client]);
    let client = given.read(store, given.client).await;
    assert_eq!(
        (client.assigned_to, client.assigned_at),
        (Some(given.badr), Some(LATER))
    );
    assert_eq!(client.last_contacted_at, None);
    assert_eq!(given.read(store, other).await.assigned_to, Some(given.amal));
}

async fn a_client_contacted_since_it_was_found_due_is_left_alone(store: &TestDb) {
    let given = given_a_client(store).await;
    let contact = NOW.plus_seconds(1);
    given.touch(store, Viewer::Everything, contact).await;

    let moved = given.carry_out(store, &[given.planned()]).await;

    assert!(moved.is_empty());
    let client = given.read(store, given.client).await;
    assert_eq!(
        (client.assigned_to, client.assigned_at),
        (Some(given.amal), Some(NOW))
    );
    assert_eq!(client.last_contacted_at, Some(contact));
}

async fn a_client_moved_since_it_was_found_due_is_left_alone(store: &TestDb) {
    let given = given_a_client(store).await;
    let carla = given::employee(store, given.company, "carla").await;

    for (assignee, at) in [(Some(carla), NOW), (Some(given.amal), LATER), (None, NOW)] {
        given
            .assign(store, &[(given.client, assignee)], at)
            .await
            .unwrap();
        let moved = given.carry_out(store, &[given.planned()]).await;

        assert!(moved.is_empty());
        assert_eq!(given.read(store, given.client).await.assigned_to, assignee);
    }
}

async fn a_move_that_was_made_is_not_made_again(store: &TestDb) {
    let given = given_a_client(store).await;
    let elsewhere = Reassignment {
        client: ClientId::new(99),
        ..given.planned()
    };

    let first = given.carry_out(store, &[elsewhere, given.planned()]).await;
    let second = given.carry_out(store, &[given.planned()]).await;

    assert_eq!(first, [given.client]);
    assert!(second.is_empty());
}

async fn a_client_somebody_else_has_given_away_stays(store: &TestDb) {
    let given = given_a_client(store).await;
    let other = given::held_client(store, given.company, given.amal, NOW).await;
    let by_hand = |client, from, to| Reassignment {
        client,
        from,
        to,
        touched_at: None,
        waiting_since: None,
        ..given.planned()
    };
    let (amal, badr) = (Some(given.amal), Some(given.badr));

    for (from, to) in [(badr, badr), (None, badr)] {
        let changed = given
            .carry_out(store, &[by_hand(given.client, from, to)])
            .await;

        assert!(changed.is_empty(), "{from:?}");
    }
    let both = [
        by_hand(given.client, badr, amal),
        by_hand(other, amal, badr),
    ];
    let changed = given.carry_out(store, &both).await;

    assert_eq!(changed, [other], "a contact meanwhile would not matter");
    let client = given.read(store, given.client).await;
    assert_eq!((client.assigned_to, client.assigned_at), (amal, Some(NOW)));
}

async fn a_client_that_nobody_has_is_given_once(store: &TestDb) {
    let given = given_a_client(store).await;
    let client = given::client(store, given::new_client(given.company, "Sara")).await;
    let to = |user| Reassignment {
        client,
        from: None,
        to: Some(user),
        touched_at: None,
        waiting_since: None,
        ..given.planned()
    };

    let first = given.carry_out(store, &[to(given.amal)]).await;
    let second = given.carry_out(store, &[to(given.badr)]).await;

    assert_eq!(first, [client]);
    assert!(second.is_empty());
    let client = given.read(store, client).await;
    assert_eq!(
        (client.assigned_to, client.assigned_at),
        (Some(given.amal), Some(LATER))
    );
}

async fn clients_of_several_companies_change_at_once(store: &TestDb) {
    let given = given_a_client(store).await;
    let south = given::company(store, "south").await;
    let [carla, dina] = ["carla", "dina"];
    let carla = given::employee(store, south, carla).await;
    let dina = given::employee(store, south, dina).await;
    let of_south = given::held_client(store, south, carla, NOW).await;
    let contacted = given::held_client(store, south, carla, NOW.plus_seconds(1)).await;
    let in_south = |client| Reassignment {
        company: south,
        client,
        from: Some(carla),
        to: Some(dina),
        touched_at: Some(NOW),
        waiting_since: None,
    };
    let all = [in_south(of_south), given.planned(), in_south(contacted)];

    let mut tx = store.begin().await.unwrap();
    let changed = tx.reassign_clients(&all, LATER).await.unwrap();
    tx.commit().await.unwrap();

    let expected = [(given.company, given.client), (south, of_south)];
    assert_eq!(changed, BTreeSet::from(expected));
}

async fn nothing_is_moved_or_assigned_out_of_nothing(store: &TestDb) {
    let given = given_a_client(store).await;

    let moved = given.carry_out(store, &[]).await;
    given.assign(store, &[], LATER).await.unwrap();

    assert!(moved.is_empty());
}

async fn the_latest_contact_counts(store: &TestDb) {
    let given = given_a_client(store).await;

    for (at, latest) in [(NOW, NOW), (LATER, LATER), (NOW, LATER)] {
        assert!(given.touch(store, Viewer::Everything, at).await);

        let client = given.read(store, given.client).await;
        assert_eq!(client.last_contacted_at, Some(latest));
    }
}

async fn only_who_sees_a_client_can_touch_it(store: &TestDb) {
    let given = given_a_client(store).await;
    let amal = Viewer::AssignedTo(given.amal);

    let by_badr = given
        .touch(store, Viewer::AssignedTo(given.badr), NOW)
        .await;
    let by_amal = given.touch(store, amal, NOW).await;
    let taken = [(given.client, Some(given.badr))];
    given.assign(store, &taken, LATER).await.unwrap();
    let too_late = given.touch(store, amal, LATER).await;

    assert!(!by_badr);
    assert!(by_amal);
    assert!(!too_late);
    let client = given.read(store, given.client).await;
    assert_eq!(client.last_contacted_at, Some(NOW));
}
