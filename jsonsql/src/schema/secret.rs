//! Columns that hold secrets, by their names.

/// Parts of names of secrets.
const PARTS: [&str; 12] = [
    "pass",
    "pwd",
    "pincode",
    "secret",
    "session",
    "token",
    "authorization",
    "cookie",
    "credential",
    "apikey",
    "hash",
    "salt",
];

/// Words of names of secrets, which are parts of many others.
const WORDS: [&str; 4] = ["pin", "otp", "sid", "psk"];

/// The last word of names of secrets: a `key_id` names a key and is none.
const LAST: &str = "key";

/// Returns `true` if a column, member or field of this name holds a secret: a password, a
/// PIN, a key, a session, or what is made of them.
///
/// It is said of the name alone, so that what is shown, written or logged leaves the
/// value out wherever there is doubt.
///
/// ```
/// use jsonsql::schema::is_secret;
///
/// assert!(is_secret("password") && is_secret("pin_md5") && is_secret("sessionId"));
/// assert!(!is_secret("username") && !is_secret("shipping_address"));
/// ```
pub fn is_secret(name: &str) -> bool {
    let lower = name.to_lowercase();
    let words = words(name);
    let is = |word: &&str, known: &str| word.eq_ignore_ascii_case(known);
    PARTS.iter().any(|part| lower.contains(part))
        || (words.iter()).any(|word| WORDS.iter().any(|known| is(word, known)))
        || words.last().is_some_and(|word| is(word, LAST))
}

/// Returns the words of a name in `snake_case`, `kebab-case` or `camelCase`.
fn words(name: &str) -> Vec<&str> {
    let is_end = |(place, sign): (usize, char)| {
        let before = name[..place].chars().next_back();
        sign.is_uppercase() && before.is_some_and(char::is_lowercase)
    };
    let ends: Vec<usize> = (name.char_indices())
        .filter(|at| is_end(*at))
        .map(|(place, _)| place)
        .collect();
    let starts = [0].into_iter().chain(ends.clone());
    let ends = ends.into_iter().chain([name.len()]);
    let parts = starts.zip(ends).map(|(from, to)| &name[from..to]);
    parts
        .flat_map(|part| part.split(|sign: char| !sign.is_alphanumeric()))
        .filter(|word| !word.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_known_by_a_part_or_a_word_of_its_name() {
        let secret = [
            "password",
            "Passwd",
            "user_pwd",
            "pin",
            "PIN",
            "parental_pin",
            "pin_md5",
            "adultPin",
            "pincode",
            "secret",
            "client_secret",
            "session",
            "session_id",
            "sid",
            "phpSid",
            "access_token",
            "token",
            "password_hash",
            "hash",
            "salt",
            "key",
            "api_key",
            "apiKey",
            "APIKEY",
            "session_key",
            "cookie",
            "otp",
            "wifi_psk",
        ];
        for name in secret {
            assert!(is_secret(name), "{name}");
        }
        let shown = [
            "id",
            "login",
            "username",
            "key_id",
            "keyword",
            "monkey",
            "shipping",
            "pinned",
            "opinion",
            "inside",
            "residence",
            "adopted",
            "updated_at",
            "mac_addr",
            "описание",
            "",
        ];
        for name in shown {
            assert!(!is_secret(name), "{name}");
        }
    }
}
