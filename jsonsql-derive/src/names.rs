//! From Rust names to names on the wire.

use syn::Ident;
use syn::ext::IdentExt;

/// The value of `rename_all`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Case {
    Snake,
    Camel,
    Pascal,
    ScreamingSnake,
    Kebab,
    Lower,
    Upper,
}

impl Case {
    const ALL: [(&'static str, Case); 7] = [
        ("snake_case", Case::Snake),
        ("camelCase", Case::Camel),
        ("PascalCase", Case::Pascal),
        ("SCREAMING_SNAKE_CASE", Case::ScreamingSnake),
        ("kebab-case", Case::Kebab),
        ("lowercase", Case::Lower),
        ("UPPERCASE", Case::Upper),
    ];

    pub(crate) fn parse(text: &syn::LitStr) -> syn::Result<Case> {
        let value = text.value();
        Case::ALL
            .into_iter()
            .find(|(name, _)| *name == value)
            .map(|(_, case)| case)
            .ok_or_else(|| {
                let names = Case::ALL.map(|(name, _)| format!("\"{name}\"")).join(", ");
                syn::Error::new(text.span(), format!("expected one of {names}"))
            })
    }

    pub(crate) fn of(self, name: &str) -> String {
        let words = words(name);
        let capital = |word: &String| {
            let mut letters = word.chars();
            letters
                .next()
                .map(|first| first.to_uppercase().chain(letters).collect::<String>())
                .unwrap_or_default()
        };
        match self {
            Case::Snake => words.join("_"),
            Case::Kebab => words.join("-"),
            Case::Lower => words.concat(),
            Case::Upper => words.concat().to_uppercase(),
            Case::ScreamingSnake => words.join("_").to_uppercase(),
            Case::Pascal => words.iter().map(capital).collect(),
            Case::Camel => words
                .iter()
                .enumerate()
                .map(|(index, word)| {
                    if index == 0 {
                        word.clone()
                    } else {
                        capital(word)
                    }
                })
                .collect(),
        }
    }
}

/// The name of an identifier, without `r#`.
pub(crate) fn plain(ident: &Ident) -> String {
    ident.unraw().to_string()
}

/// The words of a name in snake or Pascal case, in lower case.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut previous_lower = false;
    for letter in name.chars() {
        let starts = letter == '_' || (letter.is_uppercase() && previous_lower);
        if starts || words.is_empty() {
            words.push(String::new());
        }
        if let (Some(word), false) = (words.last_mut(), letter == '_') {
            word.extend(letter.to_lowercase());
        }
        previous_lower = letter.is_lowercase() || letter.is_ascii_digit();
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_change_case_by_word() {
        let cases = Case::ALL.map(|(_, case)| case.of("max_terminal"));
        assert_eq!(
            cases,
            [
                "max_terminal",
                "maxTerminal",
                "MaxTerminal",
                "MAX_TERMINAL",
                "max-terminal",
                "maxterminal",
                "MAXTERMINAL"
            ]
        );
        assert_eq!(Case::Snake.of("SubscriberPackage"), "subscriber_package");
        assert_eq!(Case::Snake.of("TVChannel"), "tvchannel");
        assert_eq!(Case::Snake.of("Ipv4Address"), "ipv4_address");
    }
}
