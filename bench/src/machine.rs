//! What this runs on.

use crate::clock;
use crate::report::Machine;

/// Looks around.
pub(crate) fn look(postgres: String) -> Machine {
    let read = |path| std::fs::read_to_string(path).unwrap_or_default();
    let field = |text: &str, name: &str| {
        let line = text.lines().find(|line| line.starts_with(name));
        let value = line.and_then(|line| line.split_once(':'));
        value.map(|(_, value)| value.trim().to_owned())
    };
    let unknown = || "unknown".to_owned();
    let memory = field(&read("/proc/meminfo"), "MemTotal");
    let memory: f64 = memory
        .and_then(|text| text.trim_end_matches(" kB").parse().ok())
        .unwrap_or_default();
    let kernel = read("/proc/sys/kernel/osrelease");
    Machine {
        processor: field(&read("/proc/cpuinfo"), "model name").unwrap_or_else(unknown),
        cores: std::thread::available_parallelism().map_or(1, usize::from),
        memory_gib: memory / 1024.0 / 1024.0,
        system: format!("Linux {}", kernel.trim()),
        postgres,
        date: today(),
    }
}

/// The day in UTC.
fn today() -> String {
    let seconds = i64::try_from(clock::since_1970().as_secs()).unwrap_or_default();
    let now = jiff::Timestamp::from_second(seconds).unwrap_or_default();
    now.strftime("%Y-%m-%d").to_string()
}
