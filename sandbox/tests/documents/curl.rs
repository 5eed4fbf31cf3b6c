//! The command lines of curl that documents print.

/// A request that curl would send.
#[derive(Debug, PartialEq, Default)]
pub(crate) struct Request {
    pub(crate) method: String,
    /// The path and the query.
    pub(crate) path: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Request {
    pub(crate) fn has(&self, header: &str) -> bool {
        let mut headers = self.headers.iter();
        headers.any(|(name, _)| name.eq_ignore_ascii_case(header))
    }
}

/// Reads a command line of curl; the host is not looked at.
pub(crate) fn read(command: &str) -> Request {
    let mut words = words(command).into_iter();
    assert_eq!(words.next().as_deref(), Some("curl"), "{command}");
    let mut request = Request::default();
    let mut method = None;
    while let Some(word) = words.next() {
        let mut value = || words.next().unwrap();
        match word.as_str() {
            "-X" | "--request" => method = Some(value()),
            "-H" | "--header" => {
                let header = value();
                let (name, value) = header.split_once(':').unwrap();
                request
                    .headers
                    .push((name.to_owned(), value.trim().to_owned()));
            }
            "-d" | "--data" => {
                // As curl sends it: without line breaks.
                request.body = value().replace(['\r', '\n'], "");
            }
            "--location" => {}
            url => request.path = path(url),
        }
    }
    request.method = method.unwrap_or_else(|| "GET".to_owned());
    request
}

/// The path of a URL. One slash after the scheme is enough for curl.
pub(crate) fn path(url: &str) -> String {
    let (_, rest) = url.split_once(':').unwrap();
    let rest = rest.trim_start_matches('/');
    rest[rest.find('/').unwrap()..].to_owned()
}

/// The words of a command line: quotes that keep all, and lines that go on.
fn words(command: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut is_quoted = false;
    let mut characters = command.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\'' => {
                is_quoted = !is_quoted;
                word.get_or_insert_default();
            }
            '\\' if !is_quoted && characters.peek() == Some(&'\n') => {
                characters.next();
                words.extend(word.take());
            }
            ' ' | '\n' if !is_quoted => words.extend(word.take()),
            other => word.get_or_insert_default().push(other),
        }
    }
    words.extend(word);
    words
}

#[test]
fn a_command_is_read_as_curl_reads_it() {
    let request =
        read("curl \\\n-X 'POST' 'http:/host/a?b=c' -H 'X: y z' \\\n--data '{\n\"d\": 1}'");
    let expected = Request {
        method: "POST".to_owned(),
        path: "/a?b=c".to_owned(),
        headers: vec![("X".to_owned(), "y z".to_owned())],
        body: "{\"d\": 1}".to_owned(),
    };
    assert_eq!(request, expected);
}
