//! What processes have used, as the kernel says below `/proc`.

use anyhow::Context;
use std::collections::HashMap;
use std::path::Path;
use std::time::Duration;

/// The kernel counts in hundredths of a second on every Linux there is.
const TICK: Duration = Duration::from_millis(10);

/// A process id.
pub(crate) type Pid = u32;

/// A line of `/proc/PID/stat`, as far as it matters here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Stat {
    pid: Pid,
    parent: Pid,
    /// Its own processor time, in ticks.
    own: u64,
    /// That of the children that have ended.
    ended_children: u64,
}

impl Stat {
    /// The name of the program stands in brackets and may hold anything, so that the fields are
    /// counted from behind the last bracket.
    fn parse(line: &str) -> Option<Self> {
        let (pid, rest) = line.split_once(" (")?;
        let (_, rest) = rest.rsplit_once(") ")?;
        let fields: Vec<_> = rest.split(' ').collect();
        let number = |place: usize| fields.get(place)?.parse::<u64>().ok();
        Some(Self {
            pid: pid.parse().ok()?,
            parent: fields.get(1)?.parse().ok()?,
            own: number(11)? + number(12)?,
            ended_children: number(13)? + number(14)?,
        })
    }

    fn read(pid: Pid) -> Option<Self> {
        Self::parse(&std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?)
    }
}

/// The processor time of a process and everything below it, with what has ended meanwhile.
pub(crate) fn cpu_of_tree(root: Pid) -> anyhow::Result<Duration> {
    let mut children: HashMap<Pid, Vec<Stat>> = HashMap::new();
    for entry in std::fs::read_dir("/proc").context("processor times are read from /proc")? {
        let name = entry?.file_name();
        // A process may end while this looks at it; its time is then its parent's.
        let stat = name
            .to_str()
            .and_then(|name| name.parse().ok())
            .and_then(Stat::read);
        if let Some(stat) = stat {
            children.entry(stat.parent).or_default().push(stat);
        }
    }
    let root = Stat::read(root).with_context(|| format!("the process {root} has ended"))?;
    Ok(ticks(sum_of_tree(root, &children)))
}

fn sum_of_tree(root: Stat, children: &HashMap<Pid, Vec<Stat>>) -> u64 {
    let below = children.get(&root.pid).into_iter().flatten();
    let below: u64 = below.map(|child| sum_of_tree(*child, children)).sum();
    root.own + root.ended_children + below
}

/// The processor time of this process, without its children.
pub(crate) fn own_cpu() -> anyhow::Result<Duration> {
    let stat = Stat::read(std::process::id()).context("/proc says nothing of this process")?;
    Ok(ticks(stat.own))
}

/// The processor time of all children of this process that have ended.
pub(crate) fn cpu_of_ended_children() -> anyhow::Result<Duration> {
    let stat = Stat::read(std::process::id()).context("/proc says nothing of this process")?;
    Ok(ticks(stat.ended_children))
}

fn ticks(count: u64) -> Duration {
    TICK * u32::try_from(count).unwrap_or(u32::MAX)
}

/// Which process started that one.
pub(crate) fn parent(pid: Pid) -> anyhow::Result<Pid> {
    let stat = Stat::read(pid).with_context(|| format!("the process {pid} has ended"))?;
    Ok(stat.parent)
}

/// The most memory that a process has held at once, in MiB; `None` when it has ended.
pub(crate) fn peak_memory(pid: Pid) -> Option<f64> {
    memory(pid, "VmHWM:")
}

/// The memory that a process holds now, in MiB.
pub(crate) fn memory_now(pid: Pid) -> Option<f64> {
    memory(pid, "VmRSS:")
}

fn memory(pid: Pid, field: &str) -> Option<f64> {
    let status = std::fs::read_to_string(Path::new("/proc").join(pid.to_string()).join("status"));
    memory_in(&status.ok()?, field)
}

fn memory_in(status: &str, field: &str) -> Option<f64> {
    let line = status.lines().find_map(|line| line.strip_prefix(field))?;
    let kibibytes: f64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kibibytes / 1024.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_may_be_called_anything() {
        let line = "42 (a ) (b) S 7 42 42 0 -1 4194560 100 0 0 0 11 22 33 44 20 0 1 0 5 6 7";

        let stat = Stat {
            pid: 42,
            parent: 7,
            own: 33,
            ended_children: 77,
        };
        assert_eq!(Stat::parse(line), Some(stat));
        assert_eq!(Stat::parse("42 (cut off) S 7"), None);
    }

    #[test]
    fn a_tree_is_summed_with_those_that_have_ended() {
        let stat = |pid, parent, own, ended_children| Stat {
            pid,
            parent,
            own,
            ended_children,
        };
        let children = HashMap::from([
            (1, vec![stat(2, 1, 10, 1), stat(3, 1, 20, 0)]),
            (2, vec![stat(4, 2, 100, 0)]),
            (9, vec![stat(5, 9, 1000, 0)]),
        ]);

        assert_eq!(sum_of_tree(stat(1, 0, 2, 3), &children), 136);
    }

    #[test]
    fn memory_is_read_in_mebibytes() {
        let status = "VmPeak:\t  9999 kB\nVmHWM:\t    2048 kB\nVmRSS:\t 1024 kB\n";

        assert_eq!(memory_in(status, "VmHWM:"), Some(2.0));
        assert_eq!(memory_in(status, "VmSwap:"), None);
    }
}
