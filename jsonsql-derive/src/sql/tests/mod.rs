//! Any tokens: a statement in which every one of them is used, or an error
//! with a place.

mod refused;

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use quote::quote;

use super::expand;

/// Words and signs of which statements are made, and some that are none.
const FRAGMENTS: &[&str] = &[
    "select",
    "from",
    "where",
    "insert",
    "into",
    "values",
    "update",
    "set",
    "delete",
    "join",
    "left join",
    "cross join",
    "on",
    "using",
    "as",
    "order by",
    "group by",
    "having",
    "limit",
    "offset",
    "returning",
    "distinct",
    "not",
    "and",
    "or",
    "in",
    "is",
    "null",
    "like",
    "ilike",
    "between",
    "exists",
    "distinct from",
    "nulls first",
    "nulls last",
    "Media as m, (select t.id as number, count(*) from Terminal as t) as q",
    "q.number",
    "true",
    "case",
    "union",
    "asc",
    "desc",
    "count",
    "lower",
    "coalesce",
    "Subscriber as s",
    "Terminal as t",
    "s.id",
    "t.mac_addr",
    "username",
    "s.*",
    "*",
    "(",
    ")",
    "{login}",
    "{a + 1}",
    "{}",
    "[",
    "]",
    ",",
    ".",
    ";",
    "=",
    "<>",
    "!=",
    "<",
    ">=",
    "||",
    "+",
    "-",
    "--",
    "/",
    "%",
    "::",
    "::<String>",
    "\"text\"",
    "12",
    "1.5",
    "0x1",
    "'a'",
    "r#type",
    "crate",
    "$",
    "?",
    "!",
    "#",
    "_",
    "&&",
    "self",
];

fn tokens(text: &str) -> Option<TokenStream> {
    text.parse().ok()
}

/// A statement that is read, to be spoilt.
fn statement() -> impl Strategy<Value = String> {
    select(
        &[
            "select t.mac_addr, s.username from Terminal as t left join Subscriber as s on t.subscriber_id = s.id \
             where s.disabled = {disabled} and t.mac_addr in {macs} order by t.id desc limit {n}",
            "select as Owned count(*) as boxes, s.username from Subscriber as s group by s.username having count(*) > 1",
            "insert into Package (name, paid) values (\"a\", true), ({b}, false) returning id",
            "insert into Package (name, paid) select m.name, true from Media as m where m.port is not null",
            "update Subscriber as s set disabled = true, password = null where s.id in (select t.subscriber_id from Terminal as t) returning s.id",
            "delete from Subscriber as s where not exists (select 1 from Terminal as t where t.subscriber_id = s.id)",
            "select q.owner, lower(s.username) as login from Subscriber as s , (select t.subscriber_id as owner, count(*) as boxes from Terminal as t \
             group by 1) as q where q.owner = s.id and q.boxes between 1 and {most} and lower(s.username) between {a} and {b} \
             and s.password is distinct from {p} order by login desc nulls first , 1",
        ][..],
    )
    .prop_map(str::to_owned)
}

fn anything() -> impl Strategy<Value = String> {
    let words = || vec(select(FRAGMENTS), 0..24).prop_map(|words| words.join(" "));
    prop_oneof![
        words(),
        // A statement with something in it that does not belong there.
        (
            statement(),
            any::<prop::sample::Index>(),
            words(),
            0..4usize
        )
            .prop_map(|(text, place, words, removed)| {
                let mut parts: Vec<&str> = text.split(' ').collect();
                let place = place.index(parts.len());
                let end = (place + removed).min(parts.len());
                parts.splice(place..end, [words.as_str()]);
                parts.join(" ")
            }),
    ]
}

/// The path of a table out of `macro_rules` is in an invisible group, and in
/// several out of a macro that passes it on.
#[test]
fn a_path_out_of_macros_is_that_path() {
    let invisible = |path: TokenStream| {
        let group = Group::new(Delimiter::None, path);
        TokenStream::from(TokenTree::Group(group))
    };
    let select = |path: TokenStream| {
        let expanded = expand(quote!(select id from #path where id = 1));
        expanded.unwrap().to_string()
    };
    let written = select(quote!(tables::Media));
    let once = invisible(quote!(tables::Media));
    assert_eq!(select(once.clone()), written);
    assert_eq!(select(invisible(once)), written);
    let last = invisible(quote!(Media));
    assert_eq!(select(invisible(quote!(tables::#last))), written);
}

/// Every word, number and text of the tokens.
fn leaves(tokens: TokenStream, found: &mut Vec<String>) {
    for token in tokens {
        match token {
            TokenTree::Group(group) => leaves(group.stream(), found),
            TokenTree::Punct(_) => {}
            token => found.push(token.to_string()),
        }
    }
}

/// The place among the words of an insert's alias, which names nothing by itself.
fn insert_alias(tokens: &TokenStream) -> Option<usize> {
    let before: Vec<TokenTree> = tokens
        .clone()
        .into_iter()
        .take_while(|token| !matches!(token, TokenTree::Group(_)))
        .collect();
    let word = |token: &TokenTree| match token {
        TokenTree::Ident(word) => Some(word.to_string().to_lowercase()),
        _ => None,
    };
    // `insert into Package as p`, or without `as`: two words without a sign between.
    let [first, .., one, last] = before.as_slice() else {
        return None;
    };
    let is_alias = before.len() > 3
        && word(first)? == "insert"
        && word(one).is_some_and(|one| one != "into")
        && word(last).is_some();
    is_alias.then(|| before.iter().filter_map(word).count() - 1)
}

/// `nulls last` where it is so anyway, and the number of an item that is
/// ordered or grouped by.
fn says_nothing(words: &[String], place: usize) -> bool {
    let is = |place: usize, of: &[&str]| {
        let word = words.get(place).map(|word| word.to_lowercase());
        word.is_some_and(|word| of.contains(&word.as_str()))
    };
    let before = place.wrapping_sub(1);
    if is(place, &["nulls"]) && is(place + 1, &["first", "last"])
        || is(place, &["first", "last"]) && is(before, &["nulls"])
    {
        return true;
    }
    let clauses = [
        "select",
        "from",
        "where",
        "group",
        "having",
        "order",
        "limit",
        "offset",
        "set",
        "values",
        "returning",
        "on",
        "using",
    ];
    let clause = (0..place).rev().find(|place| is(*place, &clauses));
    let is_number = words[place].parse::<usize>().is_ok();
    is_number
        && clause.is_some_and(|clause| {
            let distinct = is(clause, &["on"]) && is(clause.wrapping_sub(1), &["distinct"]);
            is(clause, &["order", "group"]) || distinct
        })
}

/// Names and values that are read and not used would be dropped in silence.
fn conserved(read: TokenStream) -> Result<(), TestCaseError> {
    let insert_alias = insert_alias(&read);
    let Ok(expanded) = expand(read.clone()) else {
        return Ok(());
    };
    let mut wanted = Vec::new();
    leaves(read, &mut wanted);
    let mut found = Vec::new();
    leaves(expanded.clone(), &mut found);
    for (place, leaf) in wanted.iter().enumerate() {
        // A cross join is one more table, as behind a comma.
        let is_cross = |before: &String| before.eq_ignore_ascii_case("cross");
        let of_cross = leaf.eq_ignore_ascii_case("join")
            && place
                .checked_sub(1)
                .is_some_and(|place| is_cross(&wanted[place]));
        if insert_alias == Some(place) || of_cross || says_nothing(&wanted, place) {
            continue;
        }
        let lower = leaf.to_lowercase();
        let keyword = [
            "select", "from", "where", "insert", "into", "update", "delete", "cross", "by", "as",
            "outer", "inner", "on", "using", "and", "set", "values",
        ];
        if keyword.contains(&lower.as_str()) {
            continue;
        }
        let sought = leaf.trim_start_matches("r#");
        let there = found.iter().any(|token| {
            let token = token.to_lowercase();
            let sought = sought.to_lowercase();
            token.trim_start_matches("r#") == sought
                || token.contains(&sought)
                || token == format!("__{sought}")
        });
        prop_assert!(
            there
                || [
                    "order", "group", "not", "null", "is", "in", "desc", "asc", "distinct", "all"
                ]
                .contains(&lower.as_str()),
            "`{leaf}` is dropped: {expanded}"
        );
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_tokens_are_a_statement_or_an_error(text in anything()) {
        if let Some(tokens) = tokens(&text) {
            conserved(tokens)?;
        }
    }
}

/// `JSONSQL_FUZZ_SECONDS` says for how long.
#[test]
fn fuzz_tokens() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    use std::io::Write as _;
    use std::time::{Duration, Instant};

    let seconds = std::env::var("JSONSQL_FUZZ_SECONDS")
        .ok()
        .and_then(|text| text.parse().ok());
    let end = Instant::now() + Duration::from_secs(seconds.unwrap_or(1));
    let mut runner = TestRunner::default();
    let mut inputs = 0_u64;
    while Instant::now() < end {
        let text = anything().new_tree(&mut runner).unwrap().current();
        if let Some(tokens) = tokens(&text) {
            conserved(tokens).unwrap();
            inputs += 1;
        }
    }
    let _ = writeln!(std::io::stdout(), "{inputs} token streams");
    assert!(inputs > 100);
}

#[test]
fn nothing_nests_or_goes_on_without_end() {
    let run = || {
        for count in [63, 67, 1_000, 5_000] {
            for (open, close) in [
                ("(", ")"),
                ("not ", ""),
                ("- ", ""),
                ("+ ", ""),
                ("lower(", ")"),
            ] {
                let depth = count.min(if open.ends_with('(') { 200 } else { count });
                let text = format!(
                    "select {}s.id{} from Subscriber as s",
                    open.repeat(depth),
                    close.repeat(depth)
                );
                let read = expand(tokens(&text).unwrap());
                assert_eq!(read.is_ok(), count == 63, "{open} {count}");
            }
            for sign in ["+", "*", "||", "and", "or", "is true is"] {
                let chain = vec!["s.id"; count].join(&format!(" {sign} "));
                let text = format!("select {chain} from Subscriber as s");
                let read = expand(tokens(&text).unwrap());
                if sign != "is true is" {
                    assert_eq!(read.is_ok(), count == 63, "{sign} {count}");
                }
            }
        }
    };
    // The compiler's own stack is larger.
    let thread = std::thread::Builder::new().stack_size(2 << 20).spawn(run);
    thread.unwrap().join().unwrap();
}

/// The expansion that the macro's documentation shows is the one there is.
#[test]
fn the_documentation_shows_the_expansion() {
    let documentation: String = include_str!("../../lib.rs")
        .lines()
        .filter_map(|line| line.strip_prefix("/// ").or(line.strip_prefix("///")))
        .collect::<Vec<_>>()
        .join("\n");
    let mut blocks = documentation.split("```").skip(1).step_by(2);
    let mut block = || {
        let text = blocks.next().unwrap().strip_prefix("text\n").unwrap();
        let (_, value) = text.split_once("= ").unwrap();
        value.trim().trim_end_matches(';').to_owned()
    };
    let statement = block();
    let inside = statement
        .strip_prefix("sql! {")
        .unwrap()
        .strip_suffix('}')
        .unwrap();
    let expanded = expand(tokens(inside).unwrap()).unwrap().to_string();
    let shown = tokens(&block()).unwrap().to_string();
    assert_eq!(simple(&expanded), simple(&shown));
}

/// Without paths, the underscores of bindings, and optional commas and blanks.
fn simple(code: &str) -> String {
    let code: String = code.split_whitespace().collect();
    code.replace("::jsonsql::query::", "")
        .replace("__", "")
        .replace(",)", ")")
        .replace(",}", "}")
}
