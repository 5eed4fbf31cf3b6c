//! Tests of refused statements, and of what the messages say to write.

use super::super::expand;
use super::tokens;

#[track_caller]
fn refused(text: &str, message: &str) {
    let error = expand(tokens(text).unwrap()).unwrap_err().to_string();
    assert_eq!(error, message, "{text}");
}

/// A value behind all that a pair of parentheses, or the statement, can hold.
#[test]
fn what_is_left_over_is_refused() {
    let clauses =
        "`,`, `join`, `where`, `group by`, `having`, `order by`, `limit`, `offset` or `)`";
    for (text, expected) in [
        (
            "select (s.id {more}) from Subscriber as s",
            "an operator or `)`",
        ),
        ("select count(* {more}) from Subscriber as s", "`)`"),
        (
            "select count(distinct s.id {more}) from Subscriber as s",
            "`)`",
        ),
        (
            "select count(s.id {more}) from Subscriber as s",
            "`,` or `)`",
        ),
        (
            "select s.id in (1, 2 {more}) from Subscriber as s",
            "`,` or `)`",
        ),
        (
            "select 1 from (select s.id from Subscriber as s {more}) as q",
            clauses,
        ),
        ("select (select s.id from Subscriber as s {more})", clauses),
        (
            "insert into Subscriber (username {more}) values (1)",
            "`,` or `)`",
        ),
        (
            "insert into Subscriber (username) values (1 {more})",
            "`,` or `)`",
        ),
        (
            "insert into Subscriber (username) values (1) {more}",
            "`returning` or the end",
        ),
    ] {
        refused(text, &format!("expected {expected}, found `{{`"));
    }
}

/// Tests mistakes of users of SQL, and what the message says to write.
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
        "write a text in double quotes: \"a\", not 'a'",
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

/// Tests habits of users of other databases.
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
            "select s.id from Subscriber as s where s.disabled 5",
            "expected an operator, `group by`, `having`, `order by`, `limit`, `offset` or the end, found `5`",
        ),
        (
            "select s.id from Subscriber as s where s.disabled order s.id",
            "write `order by`",
        ),
        (
            "select s.id from Subscriber as s where s.id = (select * from Terminal)",
            "a query that is compared with a value selects one column",
        ),
        (
            "select s.id from Subscriber as s where s.id in (select t.id, t.mac_addr from Terminal as t)",
            "a query that is compared with a value selects one column",
        ),
        (
            "select s.id from Subscriber as s where exists {query}",
            "a query of the program stands behind `in` only: write this one as `(select …)`",
        ),
        (
            "insert into Package (name, paid) values {rows}",
            "a row is `({name}, {paid})`; a list of structs is inserted by `insert_many(&rows)`",
        ),
        (
            "update Package as p set (name, paid) = (\"a\", true) where p.id = 1",
            "set the columns one by one: `name = {name}, paid = true`",
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
            "separate two changes by `,`; put a condition that is the new value in parentheses",
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
