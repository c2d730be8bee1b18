//! Importing clients from a CSV file.

use crate::fill::Contents;
use crate::report::{Line, Subject};
use crate::sample::count;
use crate::site::Site;
use std::fmt::Write;

/// One file into one company.
pub(super) async fn measure(site: &Site) -> anyhow::Result<Subject> {
    let lines = usize::try_from(site.sizes.imported)?;
    let mut subject = Subject::new(format!("Importing {lines} clients from a CSV file"));
    let file = site.folder().join("clients.csv");
    std::fs::write(&file, csv(lines)?)?;
    let path = file.to_string_lossy();
    for &engine in &site.engines {
        let database = site
            .database(engine, "import", &Contents::new(1, 0))
            .await?;
        database.close().await;
        let arguments = ["import", "clients", &path, "--company", "1"];
        let imported = site.command(&database, &arguments).await?;
        site.examine(&database).await?;
        site.remove(engine, "import").await?;
        subject.lines.push(Line {
            what: format!("tawzi, {engine}"),
            per_second: Some(count(lines) / imported.took.as_secs_f64()),
            cpu_us: Some(imported.cpu.as_secs_f64() * 1e6 / count(lines)),
            peak_mib: Some(imported.peak_memory),
            ..Line::default()
        });
    }
    let note = "Each client goes to the least busy employee.";
    subject.notes.push(note.to_owned());
    Ok(subject)
}

/// A file of so many clients, none of whom is called as those that are created.
pub(super) fn csv(lines: usize) -> anyhow::Result<String> {
    let mut text = String::from("name,phone_number,priority,type\n");
    for line in 0..lines {
        writeln!(text, "Imported {line},+9665{line:08},medium,fresh")?;
    }
    Ok(text)
}
