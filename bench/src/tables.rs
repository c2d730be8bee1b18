//! A report as tables: for a terminal, and for a document.

use crate::report::{Line, Report, Subject, figure};
use comfy_table::{CellAlignment, Table, presets};

/// A column of a subject's table: its name, and what stands in it.
type Column = (&'static str, fn(&Line) -> Option<f64>);

const COLUMNS: [Column; 9] = [
    ("per second", |line| line.per_second),
    ("p50 ms", |line| line.p50_ms),
    ("p99 ms", |line| line.p99_ms),
    ("longest ms", |line| line.longest_ms),
    ("CPU µs", |line| line.cpu_us),
    ("of it database", |line| line.database_cpu_us),
    ("× floor", |line| line.to_floor),
    ("peak MiB", |line| line.peak_mib),
    ("client CPU µs", |line| line.client_cpu_us),
];

/// How tables are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    /// For people at a terminal.
    Plain,
    /// For a document.
    Markdown,
}

/// All subjects, one below the other.
pub(crate) fn all(report: &Report, style: Style) -> String {
    let subjects = report.subjects.iter();
    subjects.map(|found| subject(found, style)).collect()
}

fn subject(subject: &Subject, style: Style) -> String {
    let mut blocks = vec![match style {
        Style::Plain => subject.title.clone(),
        Style::Markdown => format!("## {}", subject.title),
    }];
    if !subject.lines.is_empty() {
        blocks.push(measures(&subject.lines, style));
    }
    if !subject.goals.is_empty() {
        blocks.push(goals(subject, style));
    }
    blocks.extend(subject.notes.iter().cloned());
    if style == Style::Markdown {
        let plots = subject.plots.iter();
        blocks.extend(plots.map(|plot| format!("![{}](benchmarks/{}.svg)", plot.title, plot.name)));
    }
    format!("\n{}\n", blocks.join("\n\n"))
}

/// What was measured; columns in which nothing would stand are left out.
fn measures(lines: &[Line], style: Style) -> String {
    let columns: Vec<_> = COLUMNS
        .iter()
        .filter(|(_, value)| lines.iter().any(|line| value(line).is_some()))
        .collect();
    let header = columns.iter().map(|(name, _)| (*name).to_owned());
    let mut table = table(std::iter::once(String::new()).chain(header), style);
    for line in lines {
        let figures = columns
            .iter()
            .map(|(_, value)| value(line).map_or_else(String::new, figure));
        table.add_row(std::iter::once(line.what.clone()).chain(figures));
    }
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table.trim_fmt()
}

fn goals(subject: &Subject, style: Style) -> String {
    let header = ["", "target", "found", "met"].map(str::to_owned);
    let mut table = table(header.into_iter(), style);
    for goal in &subject.goals {
        let met = if goal.met { "yes" } else { "NO" };
        table.add_row([&*goal.what, &goal.target, &goal.found, met]);
    }
    table.trim_fmt()
}

fn table(header: impl Iterator<Item = String>, style: Style) -> Table {
    let mut table = Table::new();
    table.load_preset(match style {
        Style::Plain => presets::NOTHING,
        Style::Markdown => presets::ASCII_MARKDOWN,
    });
    table.set_header(header);
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Goal;

    #[test]
    fn empty_columns_are_left_out_and_targets_stand_below() {
        let mut subject = Subject::new("Creating");
        subject.lines = vec![
            Line {
                what: "floor".to_owned(),
                cpu_us: Some(384.0),
                ..Line::default()
            },
            Line {
                what: "tawzi".to_owned(),
                cpu_us: Some(184.0),
                to_floor: Some(0.479),
                ..Line::default()
            },
        ];
        subject.goals = vec![Goal::at_most("CPU", 0.479, 1.0, "")];

        let text = super::subject(&subject, Style::Markdown);

        assert_eq!(
            text,
            "\n## Creating\n\n\
             |       | CPU µs | × floor |\n\
             |-------|--------|---------|\n\
             | floor |    384 |         |\n\
             | tawzi |    184 |    0.48 |\n\n\
             |     | target       | found | met |\n\
             |-----|--------------|-------|-----|\n\
             | CPU | at most 1.00 | 0.48  | yes |\n"
        );
    }
}
