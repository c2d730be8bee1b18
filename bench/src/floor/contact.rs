//! Logging a contact with a client, by the database alone. In all companies by turns, as the data
//! are: the client with the id `i` is one of the company `(i - 1) % companies + 1`.

use super::{declare, repeat_on_sqlite};
use crate::database::Database;
use crate::fill::Contents;
use crate::pgbench::{Pgbench, Run};
use crate::sample::Sample;
use std::time::Duration;

pub(super) const POSTGRES: &str = "
CREATE OR REPLACE FUNCTION floor_contact(in_company BIGINT, on_client BIGINT, author BIGINT)
RETURNS VOID LANGUAGE plpgsql AS $$
DECLARE
    now_at CONSTANT BIGINT := EXTRACT(EPOCH FROM clock_timestamp()) * 1000000;
BEGIN
    UPDATE client SET last_contacted_at = now_at WHERE company_id = in_company AND id = on_client;
    INSERT INTO client_task (company_id, id, client_id, notes, created_by, created_at, updated_at)
    VALUES (in_company, nextval('client_task_ids'), on_client, 'Called; wants to see the flat',
        author, now_at, now_at);
END $$;";

const CONTACT_ON_SQLITE: &str = "INSERT INTO floor_contact (company, number) VALUES ($1, $2)";

/// Over so many connections.
pub(crate) async fn contact_postgres(
    pgbench: &Pgbench<'_>,
    database: &Database,
    contents: &Contents,
    run: Run,
) -> anyhow::Result<Sample> {
    database.execute(POSTGRES.to_owned()).await?;
    let Contents {
        companies,
        employees,
        clients,
        ..
    } = contents;
    let script = format!(
        "\\set client random(1, {clients})\n\\set company (:client - 1) % {companies} + 1\n\
         \\set author (:company - 1) * ({employees} + 1) + 1\n\
         SELECT floor_contact(:company, :client, :author);\n"
    );
    pgbench.run(&database.url, &script, run).await
}

/// By the one writer that there can be. Clients are picked all over the table.
pub(crate) async fn contact_sqlite(
    database: &Database,
    contents: &Contents,
    duration: Duration,
) -> anyhow::Result<Sample> {
    let Contents {
        companies,
        employees,
        clients,
        ..
    } = contents;
    let turns = clients / companies;
    let trigger = format!(
        "
CREATE TEMP VIEW floor_contact(company, number) AS SELECT 0, 0;
CREATE TEMP TRIGGER floor_contact_rows INSTEAD OF INSERT ON floor_contact BEGIN
    UPDATE id_sequence SET last = last + 1 WHERE name = 'client_task_ids';
    UPDATE client SET last_contacted_at = CAST(unixepoch('subsec') * 1000000 AS INTEGER)
    WHERE company_id = NEW.company
        AND id = NEW.number * 7919 % {turns} * {companies} + NEW.company;
    INSERT INTO client_task (company_id, id, client_id, notes, created_by, created_at, updated_at)
    SELECT NEW.company, s.last, NEW.number * 7919 % {turns} * {companies} + NEW.company,
        'Called; wants to see the flat', (NEW.company - 1) * ({employees} + 1) + 1, t.now_at, t.now_at
    FROM id_sequence s, (SELECT CAST(unixepoch('subsec') * 1000000 AS INTEGER) AS now_at) t
    WHERE s.name = 'client_task_ids';
END;"
    );
    let mut connection = database.sqlite_pool()?.acquire().await?;
    declare(&mut connection, trigger).await?;
    repeat_on_sqlite(&mut connection, CONTACT_ON_SQLITE, *companies, duration).await
}
