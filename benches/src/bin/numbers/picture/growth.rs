//! The growth of times, on logarithmic axes.

use std::error::Error;

use jsonsql_benches::figure::{Figure, Unit};
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::style::{GRID, INK, LINES, SLOPE, finish, text};

const SIZE: (u32, u32) = (900, 640);
const NAMES: i32 = 330;
/// The least distance between two names.
const LINE: i32 = 18;

/// A part of the work: its name, its exponent, and times in milliseconds by size.
struct Growth<'a> {
    what: &'a str,
    exponent: f64,
    times: Vec<(f64, f64)>,
}

impl Growth<'_> {
    fn read(figure: &Figure) -> Option<Growth<'_>> {
        let details = figure.details.split(';').next()?;
        let time = |pair: &str| {
            let (size, time) = pair.trim().split_once(": ")?;
            let time = time.strip_suffix(" ms")?;
            Some((size.parse().ok()?, time.parse().ok()?))
        };
        (figure.unit == Unit::Exponent).then_some(Growth {
            what: &figure.what,
            exponent: figure.measured,
            times: details.split(", ").map(time).collect::<Option<_>>()?,
        })
    }

    fn last(&self) -> f64 {
        self.times.last().map_or(0.0, |(_, time)| *time)
    }
}

/// Draws a line for each part: as steep as the pale ones is linear, level is no growth.
pub(super) fn growth(figures: &[Figure]) -> Result<String, Box<dyn Error>> {
    let mut parts: Vec<Growth<'_>> = figures.iter().filter_map(Growth::read).collect();
    parts.sort_by(|a, b| b.last().total_cmp(&a.last()));
    let points = || parts.iter().flat_map(|part| &part.times);
    let bounds = |values: &dyn Fn(&(f64, f64)) -> f64| {
        let least = points().map(values).fold(f64::INFINITY, f64::min);
        (least, points().map(values).fold(0.0, f64::max))
    };
    let ((small, large), (fast, slow)) = (bounds(&|point| point.0), bounds(&|point| point.1));
    let mut svg = String::new();
    {
        let root = SVGBackend::with_string(&mut svg, SIZE).into_drawing_area();
        root.fill(&WHITE)?;
        let mut chart = ChartBuilder::on(&root)
            .caption(
                "Time by size: level does not grow, as steep as the pale lines is linear",
                text(17, INK),
            )
            .margin(12)
            .margin_right(NAMES)
            .x_label_area_size(44)
            .y_label_area_size(64)
            .build_cartesian_2d(
                (small / 1.2..large * 1.2).log_scale(),
                (fast / 1.5..slow * 1.5).log_scale(),
            )?;
        chart
            .configure_mesh()
            .light_line_style(WHITE)
            .bold_line_style(GRID)
            .axis_style(INK)
            .label_style(text(12, INK))
            .x_desc("conditions, values, rows or subscribers")
            .y_desc("milliseconds")
            .x_label_formatter(&|size| format!("{size}"))
            .y_label_formatter(&|time| format!("{time}"))
            .draw()?;
        for begin in (-8..8).map(|power| 10_f64.powi(power)) {
            // As far as it is within the axes.
            let first = small * (fast / begin).max(1.0);
            let last = large.min(small * slow / begin);
            let slope = [first, last].map(|size| (size, begin * size / small));
            if first < last {
                chart.draw_series(LineSeries::new(slope, SLOPE))?;
            }
        }
        let mut free = 0;
        for (part, color) in parts.iter().zip(LINES.iter().cycle()) {
            let times = part.times.iter().copied();
            chart.draw_series(LineSeries::new(times.clone(), color.stroke_width(2)))?;
            chart.draw_series(times.map(|point| Circle::new(point, 3, color.filled())))?;
            let end = part.times.last().copied().unwrap_or_default();
            let (x, y) = chart.backend_coord(&end);
            let named = y.max(free + LINE);
            free = named;
            let side = i32::try_from(SIZE.0)? - NAMES + 8;
            root.draw(&PathElement::new(
                [(x + 4, y), (side, named), (side + 8, named)],
                color,
            ))?;
            let style = text(12, *color).pos(Pos::new(HPos::Left, VPos::Center));
            let name = format!("{} ({:.2})", part.what, part.exponent);
            root.draw_text(&name, &style, (side + 12, named))?;
        }
        root.present()?;
    }
    let described: Vec<String> = (parts.iter())
        .map(|part| format!("{}: exponent {:.2}", part.what, part.exponent))
        .collect();
    let title = "The growth of times with the size of the input";
    Ok(finish(&svg, title, &described.join("; ")))
}
