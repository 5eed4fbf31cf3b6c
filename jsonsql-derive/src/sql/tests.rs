//! Any tokens: a statement in which every one of them is used, or an error
//! with a place.

use proc_macro2::{TokenStream, TokenTree};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

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

#[track_caller]
fn refused(text: &str, message: &str) {
    let error = expand(tokens(text).unwrap()).unwrap_err().to_string();
    assert_eq!(error, message, "{text}");
}

/// What a user of SQL writes, and what the message says to write.
#[test]
fn what_is_not_known_is_refused_with_what_to_write() {
    refused(
        "",
        "expected `select`, `insert`, `update` or `delete`, found the end",
    );
    refused("selec 1", "unknown word `selec`: did you mean `select`?");
    refused(
        "select s.id from Subscriber as s wher s.id = 1",
        "unknown word `wher`: did you mean `where`?",
    );
    refused(
        "select s.id from Subscriber as s where s.id == 1",
        "write `=`: SQL compares with one sign",
    );
    refused(
        "select s.id from Subscriber as s where s.username = 'a'",
        "a text stands in double quotes here: \"a\", not 'a'",
    );
    refused(
        "select s.id -- the id\n from Subscriber as s",
        "a comment is `// …` here, not `-- …`",
    );
    refused(
        "select s.id from Subscriber as s -- all",
        "a comment is `// …` here, not `-- …`",
    );
    refused(
        "select s.id s.username from Subscriber as s",
        "expected `,` or `as` before `s`",
    );
    refused(
        "select s.id from Subscriber as s where s.id = $1",
        "a value is a Rust expression in braces: `{login}`",
    );
    refused(
        "select s.id from Subscriber as s where s.id = :id",
        "a value is a Rust expression in braces: `{login}`",
    );
    refused(
        "select s.id::text from Subscriber as s",
        "the protocol has no casts: pass a Rust value of the column's type in braces",
    );
    refused(
        "select s.id from Subscriber as s, Terminal as s",
        "the alias `s` is given to two tables of this query",
    );
    refused(
        "select id from Subscriber as s, Terminal as t",
        "which table has `id`? Write `s.id` or `t.id`",
    );
    refused(
        "select t.id from Subscriber as s",
        "no table `t` in this query: there is `s`",
    );
    refused(
        "select s.id",
        "no table `s` in this query: there is none, because `from` is missing",
    );
    refused(
        "select s.id from Subscriber as s right join Terminal as t on true",
        "there is no right join here: swap the tables and write `left join`",
    );
    refused(
        "select s.id from Subscriber as s join Terminal as t using (id)",
        "there is no `using`: write `on a.id = b.id`",
    );
    refused(
        "select s.id from Subscriber as s where s.password = null",
        "nothing equals NULL: write `is null` or `is not null`",
    );
    refused(
        "update Subscriber as s set disabled = true",
        "an update without `where` changes every row: say `where …`, or write `Subscriber::update_all()`",
    );
    refused(
        "delete from tables::Subscriber as s",
        "a delete without `where` deletes every row: say `where …`, or write `Subscriber::delete_all()`",
    );
    refused(
        "select s.id from Subscriber as s oder by s.id",
        "unknown word `oder`: did you mean `order`?",
    );
    refused(
        "select s.id from Subscriber as s gruop by s.id",
        "unknown word `gruop`: did you mean `group`?",
    );
    refused(
        "delete from Subscriber where true",
        "a delete without `where` deletes every row: say `where …`, or write `Subscriber::delete_all()`",
    );
    refused(
        "delete from Subscriber as s where s.id = 1 limit 1",
        "a write has no limit: write `where id in (select … limit 10)`, or use `.at_most(10)`",
    );
    refused(
        "select s.username, count(*) from Subscriber as s",
        "`s.username` stands beside an aggregate: add `group by s.username`",
    );
    refused(
        "insert into Package values (1)",
        "name the columns: `insert into Package (name, paid) …`",
    );
    refused(
        "insert into Package (name, paid) values (\"a\")",
        "1 value for 2 columns",
    );
    refused(
        "select 1 < 2 < 3",
        "comparisons do not chain: write `a < b and b < c`, or parentheses",
    );
    refused(
        "select f(s.id) from Subscriber as s",
        "name the type of what `f` answers with: `f::<String>(…)`",
    );
    refused(
        "select t.id from Terminal as t, Package as p join Subscriber as s on s.id = t.subscriber_id",
        "`t` is not visible in this `on`: it stands before a comma or `cross join`; put the condition into `where`",
    );
    refused(
        "select s.id from Subscriber as s limit 10offset 5",
        "this is one number with a suffix: write a blank behind the digits",
    );
    refused(
        "select s.id from Subscriber as s where random::<i64>() between 1 and 2",
        "`between` sends what is before it twice, and this could be another value the second time: \
         write `a >= low and a <= high`",
    );
    refused(
        "select s.id from Subscriber as s where s.id in ()",
        "SQL has no empty list: pass a Rust list in braces",
    );
    refused(
        "select s.id from Subscriber as s where s.id = {}",
        "a Rust expression is missing in the braces",
    );
}

/// What a user of other databases writes.
#[test]
fn habits_are_refused_with_what_to_write() {
    for (text, message) in [
        (
            "select s.id from Subscriber as s limit 10, 20",
            "write `limit 20 offset 10` instead of `limit 10, 20`",
        ),
        (
            "select top 10 s.id from Subscriber as s",
            "write `limit 10` at the end of the query instead of `top 10`",
        ),
        (
            "select s.id from Subscriber as s limit 3 where s.disabled",
            "expected `offset` or the end, found `where`",
        ),
        (
            "select s.id from Subscriber as s where s.disabled group",
            "expected an operator, `group by`, `having`, `order by`, `limit`, `offset` or the end, found `group`",
        ),
        (
            "select s.id from public.subscriber as s",
            "a table is a struct of the program, in a module `tables::Subscriber`: \
             the server's schema has no place here",
        ),
        (
            "select s.id from Subscriber as s join Terminal as t where t.id = 1",
            "expected `on` and the condition of the join, found `where`",
        ),
        (
            "select if(s.disabled, 1, 0) from Subscriber as s",
            "the protocol has no CASE: select the columns and decide in Rust, or use `coalesce`",
        ),
        (
            "select ifnull(s.password, \"\") from Subscriber as s",
            "write `coalesce(a, b)`",
        ),
        (
            "select concat(s.username, \"a\") from Subscriber as s",
            "write `a || b`, and `coalesce(a, \"\")` for one that can be NULL",
        ),
        (
            "select s.id from Subscriber as s where s.username regexp \"a\"",
            "there are no regular expressions here: write `like` or `ilike`",
        ),
        (
            "select s.id from Subscriber as s where s.max_terminal mod 2 = 1",
            "write `%`",
        ),
        (
            "select current_timestamp from Subscriber as s",
            "write `now::<String>()`, or pass the time from Rust in braces",
        ),
        (
            "select null from Subscriber as s",
            "NULL is a value in `set` and in `values` only: leave it out",
        ),
        (
            "select s.id from Subscriber as s where s.max_terminal in (1, null)",
            "nothing equals NULL: leave it out of the list, and write `or x is null`",
        ),
        (
            "select s.id from Subscriber as s where count(*) > 1",
            "`count(…)` is of several rows, and `where` sees one: write it in `having`",
        ),
        (
            "select count(*) from Subscriber as s having s.id = 1",
            "`s.id` stands beside an aggregate: add `group by s.id`",
        ),
        (
            "select s.username, count(*) as n from Subscriber as s group by s.username having n > 1",
            "`n` is the name of what is selected, which `having` does not see: write the expression itself",
        ),
        (
            "update Subscriber as s set disabled = true, where s.id = 1",
            "expected a column to set, found `where`: is there a `,` too many?",
        ),
        // MySQL and PostgreSQL set one column of this, to a truth value.
        (
            "update Subscriber as s set disabled = true and max_terminal = 1 where s.id = 1",
            "`,` stands between two changes; a condition as the new value stands in parentheses",
        ),
        (
            "update Subscriber as s join Terminal as t on t.id = 1 set disabled = true where t.id = 1",
            "other tables stand behind the changes: `update … set … from Terminal as t where …`",
        ),
        (
            "select s.id from Subscriber as s order by s.password nulls first",
            "NULLs come last here, and the protocol has no word for it: \
             order by `x is null desc` before `x`",
        ),
        (
            "select s.id from Subscriber as s order by s.password desc nulls last",
            "NULLs come first here, and the protocol has no word for it: \
             order by `x is null` before `x`",
        ),
        (
            "select lower(s.username) = {x} as n from Subscriber as s order by n",
            "what is selected here is no column and would be computed twice: \
             write the expression itself",
        ),
        (
            "select s.id from Subscriber as s order by 2",
            "nothing is selected at this position",
        ),
        (
            "select s.* from Subscriber as s order by 1",
            "which column this is cannot be known beside `*`: name it",
        ),
        (
            "select s.id from Subscriber as s where lower(s.username) is distinct from \"a\"",
            "`is distinct from` is of a column here: write `a <> b or a is null` \
             with the NULLs that you mean",
        ),
    ] {
        refused(text, message);
    }
}

/// Queries in FROM, whose columns the macro knows itself.
#[test]
fn mistakes_with_queries_in_from_are_the_macros_own() {
    for (text, message) in [
        (
            "select s.id from Subscriber as s join (select t.id from Terminal as t) as q on q.id = 1",
            "a query stands in FROM behind a comma only: `from Subscriber as s, (select …) as q`, \
             and the condition in `where`",
        ),
        (
            "select q.no from (select t.id, count(*) from Terminal as t group by t.id) as q",
            "no column `no` in what this query selects: there is `id`, `count`",
        ),
        (
            "select s.id from Subscriber as s, (select t.id from Terminal as t where t.id = s.id) as q",
            "a query in FROM does not see the tables beside it: \
             select what is compared with `s`, and compare it in the outer `where`",
        ),
        (
            "select q.id from (select * from Terminal) as q",
            "name the columns of a query in FROM: `select s.id, s.username`",
        ),
        (
            "select q.id from (select t.id + 1 from Terminal as t) as q",
            "each column of a query in FROM has a name: `select s.id + 1 as next`",
        ),
        (
            "select q.id from (select t.id, s.id from Terminal as t, Subscriber as s) as q",
            "two columns of this query are called `id`: name one with `as`",
        ),
        (
            "select q.id from (select t.id from Terminal as t)",
            "expected `as` and an alias for the query, found the end",
        ),
        (
            "select q.id from (Terminal as t)",
            "expected `select`: parentheses in FROM are for a query, found `Terminal`",
        ),
        (
            "select as Row q.* as owner from (select t.id, t.mac_addr from Terminal as t) as q",
            "the columns of a query in FROM are no struct: name them one by one",
        ),
    ] {
        refused(text, message);
    }
}

/// The expansion that the macro's documentation shows is the one there is.
#[test]
fn the_documentation_shows_the_expansion() {
    let documentation: String = include_str!("../lib.rs")
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
