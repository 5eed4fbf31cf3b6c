//! Two pictures: ratios beside their baselines, and growth on logarithmic axes.

use std::path::Path;
use std::{fs, io};

use jsonsql_benches::figure::Figure;

mod growth;
mod ratios;
mod style;

use growth::growth;
use ratios::ratios;

/// Writes `ratios.svg` and `growth.svg` into a directory.
///
/// # Errors
///
/// When they cannot be drawn or written.
pub(crate) fn draw(directory: &Path, figures: &[Figure]) -> io::Result<()> {
    fs::create_dir_all(directory)?;
    let pictures = [
        ("ratios.svg", ratios(figures)),
        ("growth.svg", growth(figures)),
    ];
    for (name, picture) in pictures {
        let svg = picture.map_err(|error| io::Error::other(format!("{name}: {error}")))?;
        fs::write(directory.join(name), svg)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use jsonsql_benches::figure::Unit;

    use super::*;

    fn figures() -> Vec<Figure> {
        let times = "1000: 0.1 ms, 10000: 1 ms, 100000: 10.2 ms; at most 1.3: for a reason";
        vec![
            Figure::new(
                "typed / json!",
                0.33,
                Unit::Time,
                "target 0.37, gate 0.5: met",
            ),
            Figure::new("twice: structs by hand", 1.03, Unit::Time, "the noise"),
            Figure::new("calls / reqwest & serde", 0.9, Unit::Speed, "1385 calls/s"),
            Figure::new("decoding rows", 1.01, Unit::Exponent, times),
        ]
    }

    #[test]
    fn the_guide_has_the_pictures_of_the_table_in_the_notes() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let notes = fs::read_to_string(root.join("README.md")).expect("the notes");
        let figures: Vec<Figure> = notes.lines().filter_map(Figure::read).collect();
        let pictures = root.join("../client/src/guide/pictures");
        let shown = |name: &str| fs::read_to_string(pictures.join(name)).expect("a picture");
        assert_eq!(ratios(&figures).expect("a picture"), shown("ratios.svg"));
        assert_eq!(growth(&figures).expect("a picture"), shown("growth.svg"));
    }

    #[test]
    fn ratios_are_times_beside_the_noise() {
        let svg = ratios(&figures()).expect("a picture");
        let described = "typed / json!: 0.33; calls / reqwest &amp; serde: 1.11</desc>";
        assert!(svg.contains(described), "{svg}");
        assert!(svg.contains("measured twice, 3 %"), "{svg}");
    }

    #[test]
    fn growth_has_a_line_for_each_exponent() {
        let svg = growth(&figures()).expect("a picture");
        assert!(
            svg.contains("<desc>decoding rows: exponent 1.01</desc>"),
            "{svg}"
        );
        assert_eq!(svg.matches("<circle").count(), 3, "{svg}");
    }
}
