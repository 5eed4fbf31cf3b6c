//! Lengths of names, by which most texts are told from all of them at once.

/// The lengths of some names in bytes, those of 63 and more together.
#[derive(Debug, Clone, Copy)]
pub(crate) struct NameLengths(u64);

impl NameLengths {
    /// Those of no name.
    pub(crate) const NONE: NameLengths = NameLengths(0);

    /// These, and the length of one more name.
    pub(crate) const fn with(self, name: &str) -> NameLengths {
        NameLengths(self.0 | bit(name))
    }

    /// The lengths of all names of both.
    pub(crate) const fn union(self, other: NameLengths) -> NameLengths {
        NameLengths(self.0 | other.0)
    }

    /// Returns `true` if one of the names may have the length of this text.
    pub(crate) const fn contain(self, text: &str) -> bool {
        self.0 & bit(text) != 0
    }
}

const fn bit(text: &str) -> u64 {
    let length = if text.len() < 63 { text.len() } else { 63 };
    1 << length
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_length_of_a_name_is_found_and_no_other() {
        let long = "x".repeat(200);
        for name in 0..200 {
            let lengths = NameLengths::NONE.with(&long[..name]);
            for text in 0..200 {
                let alike = name == text || name.min(text) >= 63;
                assert_eq!(lengths.contain(&long[..text]), alike, "{name} {text}");
            }
        }
    }

    #[test]
    fn the_lengths_of_a_table_are_those_of_all_its_names() {
        let id = NameLengths::NONE.with("id");
        let both = id.union(NameLengths::NONE.with("login"));
        assert!(both.contain("id") && both.contain("12345"));
        assert!(!both.contain("123"));
    }
}
