//! Ratios beside their baselines.

use std::error::Error;

use jsonsql_benches::figure::{Figure, Unit};
use jsonsql_benches::report::TWICE;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::style::{BAND, FASTER, GRID, INK, SLOWER, finish, text};

const WIDTH: i32 = 860;
const ROW: i32 = 26;
/// The width of the names.
const NAMES: i32 = 300;
const TOP: i32 = 62;
const SCALE: f64 = 230.0;

/// Draws each time as a bar, beside a line at 1 for its baseline, and the noise around
/// that line as a band. Of speeds the inverse is drawn, so that shorter is better.
pub(super) fn ratios(figures: &[Figure]) -> Result<String, Box<dyn Error>> {
    let (twice, bars): (Vec<_>, Vec<_>) = figures
        .iter()
        .filter_map(|figure| Some((&*figure.what, time(figure)?)))
        .partition(|(what, _)| what.starts_with(TWICE));
    let noise = twice.iter().map(|(_, ratio)| ratio.max(1.0 / ratio));
    let noise = noise.fold(1.0, f64::max);
    let height = TOP + ROW * i32::try_from(bars.len())? + 34;
    let mut svg = String::new();
    {
        let size = (u32::try_from(WIDTH)?, u32::try_from(height)?);
        let area = SVGBackend::with_string(&mut svg, size).into_drawing_area();
        area.fill(&WHITE)?;
        let x = |ratio: f64| NAMES + (ratio * SCALE) as i32;
        let (first, last) = (TOP - 8, height - 30);
        let band = [(x(1.0 / noise), first), (x(noise), last)];
        area.draw(&Rectangle::new(band, BAND.filled()))?;
        for (at, label) in [
            (0.0, "0"),
            (0.5, "½"),
            (1.0, "the baseline"),
            (1.5, "1½"),
            (2.0, "2"),
        ] {
            let color = if at == 1.0 { INK } else { GRID };
            area.draw(&PathElement::new([(x(at), first), (x(at), last)], color))?;
            let style = text(12, INK).pos(Pos::new(HPos::Center, VPos::Top));
            area.draw_text(label, &style, (x(at), last + 6))?;
        }
        let title = "Time beside a baseline in the same run: shorter is faster";
        area.draw_text(title, &text(17, INK), (12, 12))?;
        if !twice.is_empty() {
            let percent = (noise - 1.0) * 100.0;
            let legend = format!("grey band: the same baseline measured twice, {percent:.0} %");
            area.draw_text(&legend, &text(12, INK), (12, 34))?;
        }
        for (row, (what, ratio)) in (0..).zip(&bars) {
            let y = TOP + ROW * row;
            let name = text(13, INK).pos(Pos::new(HPos::Right, VPos::Center));
            area.draw_text(what, &name, (NAMES - 8, y + ROW / 2 - 4))?;
            let color = if *ratio <= 1.0 { FASTER } else { SLOWER };
            let bar = [(x(0.0), y), (x(ratio.min(2.3)), y + ROW - 9)];
            area.draw(&Rectangle::new(bar, color.filled()))?;
            let value = text(13, INK).pos(Pos::new(HPos::Left, VPos::Center));
            // Beside the line of the baseline, not across it.
            let end = if (0.8..1.0).contains(ratio) {
                1.0
            } else {
                ratio.min(2.3)
            };
            let place = (x(end) + 6, y + ROW / 2 - 4);
            area.draw_text(&format!("{ratio:.2}"), &value, place)?;
        }
        area.present()?;
    }
    let described: Vec<String> = (bars.iter())
        .map(|(what, ratio)| format!("{what}: {ratio:.2}"))
        .collect();
    let title = "Ratios of times to their baselines";
    Ok(finish(&svg, title, &described.join("; ")))
}

/// The time of a figure, where its baseline's is 1.
fn time(figure: &Figure) -> Option<f64> {
    match figure.unit {
        Unit::Time => Some(figure.measured),
        Unit::Speed => Some(1.0 / figure.measured),
        Unit::Memory | Unit::Exponent | Unit::Allocations | Unit::Mebibytes | Unit::Seconds => None,
    }
}
