//! Files of clients as people have them: from any spreadsheet, in any of its encodings.

mod known;
mod layouts;
mod lines;
mod workbooks;

use tawzi_app::{By, CsvError, CsvReport, Import, ImportMode, NoProgress, import_clients};
use tawzi_core::id::ClientId;
use tawzi_testkit::World;

/// Imports a file and gives the names and numbers of all clients of the company.
async fn imported(world: &World, file: impl AsRef<[u8]>) -> Vec<(String, String)> {
    let report = import(world, file, ImportMode::InSteps.into()).await;
    report.unwrap();
    clients(world).await
}

async fn import(
    world: &World,
    file: impl AsRef<[u8]>,
    import: Import<'_>,
) -> Result<CsvReport, CsvError> {
    import_clients(
        &world.app,
        By::OPERATOR,
        world.company,
        file.as_ref(),
        import,
        &NoProgress,
    )
    .await
}

async fn clients(world: &World) -> Vec<(String, String)> {
    let mut reader = world.app.db().read().await.unwrap();
    let mut tenant = reader.tenant(world.company);
    let clients = tenant
        .clients_behind(ClientId::new(0), 1_000)
        .await
        .unwrap();
    let named = clients.into_iter();
    named
        .map(|client| (client.name, client.phone_number.unwrap_or_default()))
        .collect()
}

/// The client with that number.
async fn by_number(world: &World, number: &str) -> ClientId {
    let mut reader = world.app.db().read().await.unwrap();
    let mut tenant = reader.tenant(world.company);
    let clients = tenant.clients_behind(ClientId::new(0), 1_000).await;
    let clients = clients.unwrap();
    let found = clients
        .iter()
        .find(|client| client.phone_number.as_deref() == Some(number));
    found.unwrap().id
}

/// The sentences about a file that is refused.
async fn refusal(world: &World, file: impl AsRef<[u8]>) -> String {
    let refused = import(world, file, ImportMode::InSteps.into()).await;
    assert!(clients(world).await.is_empty());
    refused.unwrap_err().to_string()
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    let owned = |(name, number): &(&str, &str)| ((*name).to_owned(), (*number).to_owned());
    expected.iter().map(owned).collect()
}

fn utf_16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(bytes).collect()
}
