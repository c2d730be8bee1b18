//! Plots as SVG: drawn by a program, so that they are as true as the tables.

use crate::report::{Plot, Series};
use anyhow::anyhow;
use plotters::prelude::*;
use std::ops::Range;

const SIZE: (u32, u32) = (800, 420);
const COLOURS: [RGBColor; 5] = [
    RGBColor(31, 119, 180),
    RGBColor(214, 39, 40),
    RGBColor(44, 140, 60),
    RGBColor(148, 103, 189),
    RGBColor(120, 120, 120),
];

/// The plot as the text of an SVG file.
pub(crate) fn svg(plot: &Plot) -> anyhow::Result<String> {
    let mut text = String::new();
    draw(plot, &mut text).map_err(|error| anyhow!("{}: {error}", plot.title))?;
    text.push('\n');
    Ok(text)
}

fn draw(plot: &Plot, text: &mut String) -> Result<(), Box<dyn std::error::Error>> {
    let area = SVGBackend::with_string(text, SIZE).into_drawing_area();
    area.fill(&WHITE)?;
    let (width, height) = (reach(&plot.series, |p| p.0), reach(&plot.series, |p| p.1));
    let mut chart = ChartBuilder::on(&area)
        .caption(&plot.title, ("sans-serif", 20))
        .margin(12)
        .x_label_area_size(44)
        .y_label_area_size(64)
        .build_cartesian_2d(width, height)?;
    chart
        .configure_mesh()
        .x_desc(plot.x)
        .y_desc(plot.y)
        .label_style(("sans-serif", 14))
        .light_line_style(WHITE)
        .draw()?;
    for (series, colour) in plot.series.iter().zip(COLOURS.iter().cycle()) {
        let style = colour.stroke_width(2);
        chart
            .draw_series(LineSeries::new(series.points.iter().copied(), style))?
            .label(&series.name)
            .legend(move |(x, y)| PathElement::new([(x, y), (x + 20, y)], style));
    }
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::UpperLeft)
        .background_style(WHITE.mix(0.8))
        .border_style(COLOURS[4])
        .label_font(("sans-serif", 14))
        .draw()?;
    area.present()?;
    Ok(())
}

/// From nothing to a little more than the largest.
fn reach(series: &[Series], coordinate: fn(&(f64, f64)) -> f64) -> Range<f64> {
    let points = series.iter().flat_map(|series| &series.points);
    let largest = points.map(coordinate).fold(0.0, f64::max);
    0.0..if largest > 0.0 { largest * 1.1 } else { 1.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plot_names_its_axes_and_its_lines() {
        let plot = Plot {
            name: "spread",
            title: "Live spread".to_owned(),
            x: "seconds",
            y: "clients",
            series: vec![Series {
                name: "tawzi".to_owned(),
                points: vec![(0.0, 0.0), (1.0, 1.0)],
            }],
        };

        let text = svg(&plot).unwrap();

        assert!(text.starts_with("<svg"));
        for word in ["Live spread", "seconds", "clients", "tawzi"] {
            assert!(text.contains(word), "{word} is missing");
        }
    }
}
