//! What was found, to be printed, plotted and kept.

use crate::sample::Sample;
use serde::Serialize;

/// Everything that one run found.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    /// What it ran on.
    pub(crate) machine: Machine,
    /// What it was told.
    pub(crate) sizes: String,
    /// How many minutes it took.
    pub(crate) minutes: f64,
    /// One for each subject.
    pub(crate) subjects: Vec<Subject>,
}

/// What a run ran on.
#[derive(Debug, Serialize)]
pub(crate) struct Machine {
    /// The model.
    pub(crate) processor: String,
    /// How many cores this program may use.
    pub(crate) cores: usize,
    /// All of the memory.
    pub(crate) memory_gib: f64,
    /// The kernel.
    pub(crate) system: String,
    /// The server's version.
    pub(crate) postgres: String,
    /// The day, in UTC.
    pub(crate) date: String,
}

/// One subject: a table, its targets and its plots.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Subject {
    /// What it is about.
    pub(crate) title: String,
    /// What was measured, line by line.
    pub(crate) lines: Vec<Line>,
    /// What was to be reached.
    pub(crate) goals: Vec<Goal>,
    /// What one should know to read the table.
    pub(crate) notes: Vec<String>,
    /// What is better seen than read.
    pub(crate) plots: Vec<Plot>,
}

/// A line of a table; what was not measured stays empty.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Line {
    /// What was measured.
    pub(crate) what: String,
    /// So many a second.
    pub(crate) per_second: Option<f64>,
    /// Half of the requests were answered within so many milliseconds.
    pub(crate) p50_ms: Option<f64>,
    /// Of 100 requests 99 were.
    pub(crate) p99_ms: Option<f64>,
    /// The longest wait of all, in milliseconds.
    pub(crate) longest_ms: Option<f64>,
    /// Processor time of server and database for each, in microseconds.
    pub(crate) cpu_us: Option<f64>,
    /// The part of it that processes of a database took.
    pub(crate) database_cpu_us: Option<f64>,
    /// All of it as a multiple of the floor's.
    pub(crate) to_floor: Option<f64>,
    /// The most memory that the server held, in MiB; the database's processes share theirs.
    pub(crate) peak_mib: Option<f64>,
    /// What the load generator itself took for each, in microseconds: in no other column.
    pub(crate) client_cpu_us: Option<f64>,
}

/// Something that was to be reached.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Goal {
    /// What.
    pub(crate) what: String,
    /// How it was put.
    pub(crate) target: String,
    /// What was found.
    pub(crate) found: String,
    /// The same as a number.
    pub(crate) figure: f64,
    /// The number in the target.
    pub(crate) limit: f64,
    /// Whether that is good enough.
    pub(crate) met: bool,
}

/// A plot of lines over numbers.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Plot {
    /// The name of its file.
    pub(crate) name: &'static str,
    /// What stands above it.
    pub(crate) title: String,
    /// What goes to the right.
    pub(crate) x: &'static str,
    /// What goes up.
    pub(crate) y: &'static str,
    /// The lines.
    pub(crate) series: Vec<Series>,
}

/// A line of a plot.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Series {
    /// What it is.
    pub(crate) name: String,
    /// Its points, from left to right.
    pub(crate) points: Vec<(f64, f64)>,
}

impl Subject {
    /// A subject of which nothing is known yet.
    pub(crate) fn new(title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            ..Self::default()
        }
    }
}

impl Line {
    /// From a stretch of requests.
    pub(crate) fn of(what: impl Into<String>, sample: &Sample) -> Self {
        let client_cpu = sample.for_each(sample.client_cpu);
        Self {
            what: what.into(),
            per_second: Some(sample.throughput()),
            p50_ms: Some(sample.percentile(50)),
            p99_ms: Some(sample.percentile(99)),
            longest_ms: None,
            cpu_us: Some(sample.cpu_per_request()),
            database_cpu_us: sample.database_cpu.map(|cpu| sample.for_each(cpu)),
            to_floor: None,
            peak_mib: sample.peak_memory,
            client_cpu_us: (client_cpu > 0.0).then_some(client_cpu),
        }
    }

    /// The same, compared with the floor.
    pub(crate) fn over(mut self, floor: &Self) -> Self {
        self.to_floor = ratio(self.cpu_us, floor.cpu_us);
        self
    }
}

/// How many times as much, where both are known.
pub(crate) fn ratio(of: Option<f64>, to: Option<f64>) -> Option<f64> {
    Some(of? / to.filter(|&to| to > 0.0)?)
}

impl Goal {
    /// A number that should not be larger than the limit.
    pub(crate) fn at_most(what: impl Into<String>, found: f64, limit: f64, unit: &str) -> Self {
        Self {
            what: what.into(),
            target: format!("at most {}{unit}", figure(limit)),
            found: format!("{}{unit}", figure(found)),
            figure: found,
            limit,
            met: found <= limit,
        }
    }

    /// A number that should not be smaller than the limit.
    pub(crate) fn at_least(what: impl Into<String>, found: f64, limit: f64, unit: &str) -> Self {
        Self {
            what: what.into(),
            target: format!("at least {}{unit}", figure(limit)),
            found: format!("{}{unit}", figure(found)),
            figure: found,
            limit,
            met: found >= limit,
        }
    }
}

/// Three significant digits: more would pretend to know more.
pub(crate) fn figure(number: f64) -> String {
    match number.abs() {
        size if size >= 100.0 => with_commas(&format!("{number:.0}")),
        size if size >= 10.0 => format!("{number:.1}"),
        0.0 => "0".to_owned(),
        size if size < 0.1 => format!("{number:.3}"),
        _ => format!("{number:.2}"),
    }
}

fn with_commas(digits: &str) -> String {
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        let left = digits.len() - place;
        if place > 0 && left.is_multiple_of(3) && !text.ends_with('-') {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_have_three_digits() {
        assert_eq!(figure(1_234_567.8), "1,234,568");
        assert_eq!(figure(123.4), "123");
        assert_eq!(figure(12.34), "12.3");
        assert_eq!(figure(1.234), "1.23");
        assert_eq!(figure(0.034), "0.034");
        assert_eq!(figure(0.0), "0");
    }

    #[test]
    fn a_goal_says_whether_it_is_met() {
        assert!(Goal::at_most("CPU", 1.0, 1.0, " × the floor").met);
        assert!(!Goal::at_least("speed", 49.9, 50.0, " ×").met);
        let goal = Goal::at_most("memory", 39.0, 40.0, " MiB");
        assert_eq!(
            (&*goal.target, &*goal.found),
            ("at most 40.0 MiB", "39.0 MiB")
        );
    }
}
