//! What the others wait while one company imports a large file: another company's creates, people who
//! sign in there, and creates in the company itself.

use super::{create, import};
use crate::database::{Database, Engine};
use crate::fill::Contents;
use crate::http::{self, Connection};
use crate::load::Load;
use crate::proc;
use crate::process::Process;
use crate::report::{Goal, Line, Subject};
use crate::sample::{Sample, count};
use crate::site::Site;
use anyhow::{Context, ensure};
use serde_json::json;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use tokio::time::timeout;

/// An import that takes longer is ended; what happened until then counts.
const LONGEST: Duration = Duration::from_mins(2);

/// How long the last answers may take after the import has ended.
const LAST_ANSWERS: Duration = Duration::from_mins(1);

/// How long somebody rests between an answer and the next request.
const REST: Duration = Duration::from_millis(20);

/// Who signs in, by name and password.
const PERSON: (&str, &str) = ("someone", "correct horse battery");

const COUNT_IMPORTED: &str = "SELECT COUNT(*) FROM client WHERE name LIKE 'Imported %'";

/// What is asked over and over, and whether its longest wait has a limit.
struct Question {
    what: &'static str,
    load: Load,
    limited: bool,
}

/// Imports into the first of two companies on each engine.
pub(super) async fn measure(site: &Site) -> anyhow::Result<Subject> {
    let lines = usize::try_from(site.sizes.imported_beside)?;
    let mut subject = Subject::new(format!(
        "Working while another company imports {lines} clients"
    ));
    let file = site.folder().join("clients.csv");
    std::fs::write(&file, import::csv(lines)?)?;
    for &engine in &site.engines {
        measure_on(site, engine, &file, &mut subject).await?;
    }
    subject.notes.push(format!(
        "Each is asked over one connection, again {REST:?} after the answer. What is answered 503 or 504 is \
         asked again, as part of the same wait."
    ));
    Ok(subject)
}

async fn measure_on(
    site: &Site,
    engine: Engine,
    file: &Path,
    subject: &mut Subject,
) -> anyhow::Result<()> {
    let contents = Contents::new(2, 0);
    let database = site.database(engine, "beside", &contents).await?;
    database.close().await;
    let server = site.serve(&database).await?;
    let questions = questions(server.address, &contents).await?;
    let rest = tokio::time::sleep(site.sizes.duration);
    let ((), before) = while_asked(&questions, rest).await?;
    let (imported, during) = while_asked(&questions, import_file(site, &database, file)).await?;
    let (took, peak_memory) = imported?;
    server.process.stop().await?;
    site.examine(&database).await?;
    let database = site.open(engine, "beside").await?;
    let lines = database.number(COUNT_IMPORTED).await?;
    database.close().await;
    site.remove(engine, "beside").await?;

    if lines < site.sizes.imported_beside {
        subject.notes.push(format!(
            "The import on {engine} was ended after {LONGEST:?} and {lines} lines."
        ));
    }
    subject.lines.push(Line {
        what: format!("import, {engine}"),
        per_second: Some(count(usize::try_from(lines)?) / took.as_secs_f64()),
        peak_mib: Some(peak_memory),
        ..Line::default()
    });
    for ((question, before), during) in questions.iter().zip(&before).zip(&during) {
        let what = question.what;
        subject.lines.extend([
            line(format!("{what}, without an import, {engine}"), before),
            line(format!("{what}, during an import, {engine}"), during),
        ]);
        if question.limited {
            let limit = match engine {
                Engine::Postgres => 300.0,
                Engine::Sqlite => 1000.0,
            };
            let what = format!("longest wait, {what}, {engine}");
            let found = during.percentile(100);
            subject.goals.push(Goal::at_most(what, found, limit, " ms"));
        }
    }
    Ok(())
}

/// What is asked of the server; the second company gets somebody who can sign in.
async fn questions(address: SocketAddr, contents: &Contents) -> anyhow::Result<[Question; 3]> {
    let mut tokens = create::tokens(contents)?.into_iter();
    let importing = tokens.next().context("a first company")?;
    let other = tokens.next().context("a second company")?;
    let (username, password) = PERSON;
    let person = json!({
        "username": username,
        "email": format!("{username}@company.example"),
        "password": password,
        "role": "admin",
    });
    let request = http::post("/api/users/", &other, &person.to_string());
    let mut connection = Connection::open(address).await?;
    let (status, body) = connection.ask(&request).await?;
    ensure!(status == 201, "{status}: {}", String::from_utf8_lossy(body));
    let sign_in = json!({ "username": username, "password": password }).to_string();
    let sign_in = http::post("/api/auth/login/", "", &sign_in);
    let create = |company: usize, token: String| {
        Load::new(address, 1, 201, move |number| {
            create::create_in(company, number, &token)
        })
    };
    let question = |what, load: Load, limited| Question {
        what,
        load: load.with_rest(REST).repeating(),
        limited,
    };
    Ok([
        question("create in another company", create(2, other), true),
        question(
            "sign-in in another company",
            Load::new(address, 1, 200, move |_| sign_in.clone()),
            true,
        ),
        question("create in that company", create(1, importing), false),
    ])
}

/// Asks all questions until the work is done, and gives how long each was waited for.
async fn while_asked<T>(
    questions: &[Question],
    work: impl Future<Output = T>,
) -> anyhow::Result<(T, Vec<Sample>)> {
    let ended = Arc::new(AtomicBool::new(false));
    let asking: Vec<_> = questions
        .iter()
        .map(|question| {
            let (load, ended) = (question.load.clone(), Arc::clone(&ended));
            let ended = move || ended.load(Ordering::Relaxed);
            tokio::spawn(async move { load.run_until(ended).await })
        })
        .collect();
    let done = work.await;
    ended.store(true, Ordering::Relaxed);
    let mut samples = Vec::with_capacity(asking.len());
    for asked in asking {
        samples.push(timeout(LAST_ANSWERS, asked).await???);
    }
    Ok((done, samples))
}

/// Imports the file; gives how long that took, and the most memory that the program held, in MiB.
async fn import_file(
    site: &Site,
    database: &Database,
    file: &Path,
) -> anyhow::Result<(Duration, f64)> {
    let file = file.to_string_lossy();
    let arguments = ["import", "clients", &file, "--company", "1"];
    let command = site.tawzi.command(&database.url, &arguments);
    let begin = Instant::now();
    let mut process = Process::start(command, site.folder(), "import")?;
    let pid = process.pid();
    let mut peak = 0.0;
    let watch = async {
        while begin.elapsed() < LONGEST {
            peak = proc::peak_memory(pid).unwrap_or(peak);
            tokio::time::sleep(REST).await;
        }
    };
    tokio::select! {
        done = process.wait() => done?,
        () = watch => {}
    }
    Ok((begin.elapsed(), peak))
}

fn line(what: String, sample: &Sample) -> Line {
    Line {
        longest_ms: Some(sample.percentile(100)),
        cpu_us: None,
        client_cpu_us: None,
        ..Line::of(what, sample)
    }
}
