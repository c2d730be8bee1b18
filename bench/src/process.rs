//! Programs that the benchmark starts, each ended with everything it has started in turn.

use crate::proc::{self, Pid};
use anyhow::{Context, bail};
use rustix::process::{Signal, kill_process, kill_process_group};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};
use tokio::process::{Child, Command};

/// How long a program may take to end when it is asked to.
const GRACE: Duration = Duration::from_secs(10);

/// How often the memory of a program that runs to its end is looked at.
const GLANCE: Duration = Duration::from_millis(5);

/// A program that runs until it is stopped or dropped.
pub(crate) struct Process {
    child: Child,
    pid: Pid,
    log: PathBuf,
}

/// What a program used that has run to its end.
#[derive(Clone, Debug)]
pub(crate) struct Finished {
    /// What it printed.
    pub(crate) stdout: String,
    /// How long it ran.
    pub(crate) took: Duration,
    /// Its processor time.
    pub(crate) cpu: Duration,
    /// The most memory it held, in MiB.
    pub(crate) peak_memory: f64,
}

impl Process {
    /// Starts a program; what it says goes to `NAME.log` in the folder.
    pub(crate) fn start(mut command: Command, folder: &Path, name: &str) -> anyhow::Result<Self> {
        let log = folder.join(format!("{name}.log"));
        let file = std::fs::File::create(&log)?;
        let child = command
            .stdin(Stdio::null())
            .stdout(file.try_clone()?)
            .stderr(file)
            .process_group(0)
            .kill_on_drop(true)
            .spawn();
        let program = command.as_std().get_program().to_string_lossy();
        let child = child.with_context(|| format!("{program} cannot be started"))?;
        let pid = child
            .id()
            .with_context(|| format!("{program} ended at once"))?;
        Ok(Self { child, pid, log })
    }

    /// Its id.
    pub(crate) const fn pid(&self) -> Pid {
        self.pid
    }

    /// What it has said so far.
    pub(crate) fn said(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// Fails, with what it said last, when it has ended by itself.
    pub(crate) fn require_running(&mut self) -> anyhow::Result<()> {
        if let Some(status) = self.child.try_wait()? {
            bail!(
                "a program ended by itself ({status}). It said:\n{}",
                self.said()
            );
        }
        Ok(())
    }

    /// Waits until it has ended by itself.
    ///
    /// `Err` with what it said when it failed.
    pub(crate) async fn wait(&mut self) -> anyhow::Result<()> {
        let status = self.child.wait().await?;
        if !status.success() {
            bail!("a program failed ({status}). It said:\n{}", self.said());
        }
        Ok(())
    }

    /// Asks it to end, and waits.
    pub(crate) async fn stop(mut self) -> anyhow::Result<()> {
        if let Some(pid) = as_pid(self.pid) {
            kill_process(pid, Signal::TERM).context("a program could not be stopped")?;
        }
        // One that takes too long is killed when this is dropped.
        drop(tokio::time::timeout(GRACE, self.child.wait()).await);
        Ok(())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if let Some(pid) = as_pid(self.pid) {
            // Usually there is nobody left.
            let _ = kill_process_group(pid, Signal::KILL);
        }
    }
}

fn as_pid(pid: Pid) -> Option<rustix::process::Pid> {
    rustix::process::Pid::from_raw(i32::try_from(pid).ok()?)
}

/// Runs a program to its end. Nothing else that the benchmark started may end meanwhile, or it
/// would be counted as well.
///
/// `Err` with what it said when it fails.
pub(crate) async fn run(mut command: Command) -> anyhow::Result<Finished> {
    let program = command.as_std().get_program().to_string_lossy();
    let program = program.into_owned();
    let before = proc::cpu_of_ended_children()?;
    let begin = Instant::now();
    let child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0)
        .kill_on_drop(true)
        .spawn()
        .with_context(|| format!("{program} cannot be started"))?;
    let pid = child.id().unwrap_or_default();
    let mut peak_memory = 0.0;
    let watch = async {
        loop {
            peak_memory = proc::peak_memory(pid).unwrap_or(peak_memory);
            tokio::time::sleep(GLANCE).await;
        }
    };
    let output = tokio::select! {
        output = child.wait_with_output() => output?,
        () = watch => bail!("{program} was never waited for"),
    };
    let took = begin.elapsed();
    if !output.status.success() {
        bail!(
            "{program} failed ({}). It said:\n{}{}",
            output.status,
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
    }
    Ok(Finished {
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        took,
        cpu: proc::cpu_of_ended_children()?.saturating_sub(before),
        peak_memory,
    })
}
