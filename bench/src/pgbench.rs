//! `pgbench`, `PostgreSQL`'s own load generator: prepared statements, and nothing of ours in between.

use crate::clock;
use crate::proc;
use crate::process::Process;
use crate::sample::Sample;
use anyhow::{Context, bail};
use std::path::Path;
use std::time::Duration;
use tokio::process::Command;

/// How long it runs before and after what is measured: connecting is not.
const MARGIN: Duration = Duration::from_secs(1);

/// Where `pgbench` is, and what it measures.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pgbench<'a> {
    /// The directory of `PostgreSQL`'s programs.
    pub(crate) programs: &'a Path,
    /// Whose processor time is counted, with all of its children.
    pub(crate) postmaster: proc::Pid,
    /// Where its files go.
    pub(crate) folder: &'a Path,
}

/// How it runs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Run {
    /// Over how many connections.
    pub(crate) connections: usize,
    /// For how long.
    pub(crate) duration: Duration,
}

impl Pgbench<'_> {
    /// Runs a script over and over on all connections.
    pub(crate) async fn run(&self, url: &str, script: &str, run: Run) -> anyhow::Result<Sample> {
        let folder = tempfile::TempDir::new_in(self.folder)?;
        let file = folder.path().join("script.sql");
        std::fs::write(&file, script)?;
        let seconds = (run.duration + 2 * MARGIN).as_secs().to_string();
        let connections = run.connections.to_string();
        let mut command = Command::new(self.programs.join("pgbench"));
        command
            .current_dir(folder.path())
            .args([
                "--no-vacuum",
                "--protocol=prepared",
                "--log",
                "--log-prefix=log",
            ])
            .args(["--client", &connections, "--time", &seconds, "--file"])
            .arg(&file)
            .arg(url);
        let mut process = Process::start(command, folder.path(), "pgbench")
            .context("pgbench comes with PostgreSQL's server; install postgresql-contrib")?;
        tokio::time::sleep(MARGIN).await;
        let (from, cpu) = (clock::since_1970(), proc::cpu_of_tree(self.postmaster)?);
        tokio::time::sleep(run.duration).await;
        let to = clock::since_1970();
        let cpu = proc::cpu_of_tree(self.postmaster)?.saturating_sub(cpu);
        process.wait().await?;

        let mut latencies = Vec::new();
        for entry in std::fs::read_dir(folder.path())? {
            let entry = entry?;
            if entry.file_name().to_string_lossy().starts_with("log.") {
                let log = std::fs::read_to_string(entry.path())?;
                latencies.extend(log.lines().filter_map(|line| latency(line, from, to)));
            }
        }
        if latencies.is_empty() {
            bail!("pgbench did nothing. It said:\n{}", process.said());
        }
        let mut sample = Sample::new(to.saturating_sub(from), latencies);
        sample.cpu = cpu;
        Ok(sample)
    }
}

/// The latency on a line of the log, if that transaction ended within the time: connection, number,
/// latency, script, and when it ended in seconds and microseconds.
fn latency(line: &str, from: Duration, to: Duration) -> Option<u32> {
    let mut fields = line.split(' ').skip(2);
    let latency = fields.next()?.parse().ok()?;
    let seconds = fields.nth(1)?.parse().ok()?;
    let microseconds = fields.next()?.parse().ok()?;
    let ended = Duration::from_secs(seconds) + Duration::from_micros(microseconds);
    (from..to).contains(&ended).then_some(latency)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_ended_in_time_counts() {
        let second = Duration::from_secs;

        assert_eq!(
            latency("0 7 2241 0 99 500", second(98), second(100)),
            Some(2241)
        );
        assert_eq!(latency("0 7 2241 0 100 0", second(98), second(100)), None);
        assert_eq!(latency("progress", second(0), second(1)), None);
    }
}
