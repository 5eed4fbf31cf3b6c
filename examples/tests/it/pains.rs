//! The guide's table of accidents: what it points to is there.

use std::path::Path;

const PAGE: &str = include_str!("../../../client/src/guide/pains.md");
const REPOSITORY: &str = "https://github.com/jsonsql/jsonsql/blob/main/";

#[test]
fn every_accident_has_a_row_and_every_test_it_names_exists() {
    let rows = PAGE.lines().filter(|line| {
        let number = line
            .strip_prefix("| ")
            .and_then(|row| row.split(' ').next());
        number.is_some_and(|number| number.parse::<u8>().is_ok())
    });
    assert_eq!(rows.count(), 25);

    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    // [`name`](repository/path)
    let links = PAGE.split("[`").skip(1).filter_map(|link| {
        let (name, rest) = link.split_once("`](")?;
        Some((name, rest.split_once(')')?.0.strip_prefix(REPOSITORY)?))
    });
    let mut seen = 0;
    for (name, path) in links {
        let file = std::fs::read_to_string(root.join(path));
        let file = file.unwrap_or_else(|error| panic!("{path}: {error}"));
        assert!(
            file.contains(name) || path.ends_with(name),
            "{path} has no {name}"
        );
        seen += 1;
    }
    assert!(seen >= 25, "{seen} links");
}
