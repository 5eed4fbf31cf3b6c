//! Colors, texts and the end of a picture.

use plotters::prelude::*;

/// On white, which is drawn too: a dark page shows the same.
pub(super) const INK: RGBColor = RGBColor(33, 37, 41);
pub(super) const GRID: RGBColor = RGBColor(214, 218, 222);
pub(super) const SLOPE: RGBColor = RGBColor(190, 205, 225);
pub(super) const BAND: RGBColor = RGBColor(226, 229, 232);
pub(super) const FASTER: RGBColor = RGBColor(0, 114, 178);
pub(super) const SLOWER: RGBColor = RGBColor(213, 94, 0);

/// Colors that are told apart by those who do not see all (Okabe and Ito).
pub(super) const LINES: [RGBColor; 7] = [
    RGBColor(0, 114, 178),
    RGBColor(213, 94, 0),
    RGBColor(0, 158, 115),
    RGBColor(204, 121, 167),
    RGBColor(86, 180, 233),
    RGBColor(160, 110, 0),
    RGBColor(33, 37, 41),
];

pub(super) fn text(size: u32, color: RGBColor) -> TextStyle<'static> {
    ("sans-serif", size).into_font().color(&color)
}

/// Adds the text for those who do not see the picture.
pub(super) fn finish(svg: &str, title: &str, description: &str) -> String {
    let escaped = |text: &str| {
        let text = text.replace('&', "&amp;");
        text.replace('<', "&lt;").replace('>', "&gt;")
    };
    let texts = format!(
        " role=\"img\">\n<title>{}</title>\n<desc>{}</desc>",
        escaped(title),
        escaped(description)
    );
    svg.replacen('>', &texts, 1)
}
