//! Random SQL with what the protocol has no word for.

use jsonsql::ast::SqlKind;
use jsonsql::resolve::{Schema, Table};

use super::random::Random;

const TABLES: [&str; 6] = [
    "subscriber",
    "terminal",
    "media",
    "package",
    "tv_channel",
    "subscriber_package",
];

/// A column as it is named, and what it holds.
#[derive(Clone)]
struct Column {
    name: String,
    kind: SqlKind,
}

fn table<'s>(random: &mut Random, schema: &'s Schema) -> &'s Table {
    schema.table(random.of::<&str>(&TABLES)).unwrap()
}

fn columns(table: &Table, alias: Option<&str>) -> Vec<Column> {
    let named = |column: &jsonsql::resolve::Column| Column {
        name: match alias {
            Some(alias) => format!("{alias}.{}", column.name),
            None => column.name.to_string(),
        },
        kind: column.kind,
    };
    table.columns.iter().map(named).collect()
}

/// A statement, and whether its rows come in one order only.
pub(super) fn sql(random: &mut Random, schema: &Schema) -> (String, bool) {
    match random.below(20) {
        0 => (update(random, schema), false),
        1 => (delete(random, schema), false),
        2 => (insert(random, schema), false),
        3 => with(random, schema),
        4 | 5 => grouped(random, schema),
        _ => select(random, schema),
    }
}

struct From {
    text: String,
    scope: Vec<Column>,
}

fn from(random: &mut Random, schema: &Schema) -> From {
    let first = table(random, schema);
    if random.percent(30) {
        return From {
            text: first.name.to_string(),
            scope: columns(first, None),
        };
    }
    let mut scope = columns(first, Some("a"));
    let mut text = format!(
        "{} {}a",
        first.name,
        if random.percent(50) { "AS " } else { "" }
    );
    if random.percent(40) {
        let second = table(random, schema);
        let added = columns(second, Some("b"));
        let join = *random.of(&[
            "JOIN",
            "INNER JOIN",
            "LEFT JOIN",
            "LEFT OUTER JOIN",
            "RIGHT JOIN",
        ]);
        let left = of(random, &scope, SqlKind::Int);
        let right = of(random, &added, SqlKind::Int);
        text = match random.below(5) {
            0 => format!("{text} CROSS JOIN {} AS b", second.name),
            1 => format!("{text}, {} AS b", second.name),
            _ => format!("{text} {join} {} AS b ON {left} = {right}", second.name),
        };
        scope.extend(added);
    }
    From { text, scope }
}

/// A column of this kind, or a value of it.
fn of(random: &mut Random, scope: &[Column], kind: SqlKind) -> String {
    let fitting: Vec<&Column> = scope.iter().filter(|column| column.kind == kind).collect();
    if fitting.is_empty() {
        return literal(random, kind);
    }
    random.of(&fitting).name.clone()
}

fn literal(random: &mut Random, kind: SqlKind) -> String {
    let texts = [
        "''",
        "'1'",
        "'12345'",
        "'te%st'",
        "'a_b'",
        "'a\\b'",
        "E'c\\'d'",
        "E'\\x41\\101\\u0042\\n\\\\'",
        "U&'\\0041\\+000042'",
        "$$e'$$",
        "$q$f$q$",
        "'Ю'",
        "'movie'",
    ];
    match kind {
        SqlKind::Int | SqlKind::BigInt => {
            let number = random.below(14);
            match random.below(6) {
                0 => format!("-{number}"),
                1 => format!("- -{number}"),
                2 => format!("00{number}"),
                _ => number.to_string(),
            }
        }
        SqlKind::Bool => (*random.of(&["TRUE", "false"])).to_owned(),
        _ => (*random.of(&texts)).to_owned(),
    }
}

fn value(random: &mut Random, scope: &[Column], kind: SqlKind, depth: usize) -> String {
    if depth == 0 || random.percent(40) {
        return if random.percent(70) {
            of(random, scope, kind)
        } else {
            literal(random, kind)
        };
    }
    let mut inner = |kind| value(random, scope, kind, depth - 1);
    match kind {
        SqlKind::Int => {
            let (a, b) = (inner(SqlKind::Int), inner(SqlKind::Int));
            let text = inner(SqlKind::Text);
            match random.below(10) {
                8 => format!("{a} - {b} * 2 - {a} % 7"),
                9 => format!("-{a} * {b} + -3"),
                0 => format!("{a} + {b}"),
                1 => format!("{a} - {b}"),
                2 => format!("({a} - {b}) * 2"),
                3 => format!("-({a})"),
                4 => format!("+{a}"),
                5 => format!("coalesce({a}, {b}, 0)"),
                6 => format!("length({text})"),
                _ => format!("position('2' IN {text})"),
            }
        }
        SqlKind::Text => {
            let (a, b) = (inner(SqlKind::Text), inner(SqlKind::Text));
            match random.below(8) {
                0 => format!("{a} || {b}"),
                1 => format!("lower({a})"),
                2 => format!("coalesce({a}, {b})"),
                3 => format!("trim(BOTH '1' FROM {a})"),
                4 => format!("substring({a} FROM 2 FOR 3)"),
                5 => format!("substring({a} FOR 2)"),
                6 => format!("trim(LEADING '1' FROM {a})"),
                _ => format!("upper({a})"),
            }
        }
        _ => of(random, scope, kind),
    }
}

fn condition(random: &mut Random, schema: &Schema, scope: &[Column], depth: usize) -> String {
    if depth > 0 && random.percent(45) {
        let mut inner = || condition(random, schema, scope, depth - 1);
        let (a, b) = (inner(), inner());
        return match random.below(4) {
            0 => format!("{a} AND {b}"),
            1 => format!("({a} OR {b})"),
            2 => format!("NOT ({a}) AND {b}"),
            _ => format!("{a} OR NOT {b}"),
        };
    }
    let kind = if random.percent(50) {
        SqlKind::Int
    } else {
        SqlKind::Text
    };
    let column = of(random, scope, kind);
    let (a, b) = (value(random, scope, kind, 1), value(random, scope, kind, 1));
    let not = *random.of(&["", "NOT "]);
    let listed = [literal(random, kind), literal(random, kind)].join(", ");
    // How tightly operators bind is the text's alone.
    let (c, d) = (value(random, scope, kind, 1), value(random, scope, kind, 1));
    let truth = of(random, scope, SqlKind::Bool);
    match random.below(22) {
        15 => format!("NOT {a} = {b}"),
        16 => format!("{a} = {b} IS {not}TRUE"),
        17 => format!("{a} < {b} IS {not}UNKNOWN"),
        18 => format!("{truth} = ({c} < {d}) IS NOT FALSE"),
        19 => format!("NOT {truth} IS NULL AND NOT {truth}"),
        20 => {
            let text = value(random, scope, SqlKind::Text, 1);
            format!("{text} || '%' {not}LIKE '%' || {text}")
        }
        21 => format!("{column} {not}IN ({c}, {d}) IS NOT FALSE OR {truth} AND NOT {a} <> {b}"),
        0 => format!("{column} {not}BETWEEN {a} AND {b}"),
        1 => format!(
            "lower({}) {not}BETWEEN 'a' AND 'm'",
            of(random, scope, SqlKind::Text)
        ),
        2 => format!("{column} IS {not}DISTINCT FROM {b}"),
        3 => format!("{column} IS {not}DISTINCT FROM NULL"),
        4 => format!("{} {not}LIKE '%1%'", of(random, scope, SqlKind::Text)),
        5 => format!(
            "{} {not}ILIKE 'T!%%' ESCAPE '!'",
            of(random, scope, SqlKind::Text)
        ),
        6 => format!("{column} = ANY (ARRAY[{listed}])"),
        7 => format!("{column} <> ALL (ARRAY[{listed}])"),
        8 => format!("{column} {not}IN ({listed})"),
        9 => format!("{} IS {not}UNKNOWN", of(random, scope, SqlKind::Bool)),
        10 => format!("{} IS {not}TRUE", of(random, scope, SqlKind::Bool)),
        11 => format!("{a} != {b}"),
        12 => format!("{a} >= {b}"),
        13 => member(random, schema, &column, kind, not),
        _ => exists(random, schema, scope, not),
    }
}

fn member(random: &mut Random, schema: &Schema, column: &str, kind: SqlKind, not: &str) -> String {
    let inner = table(random, schema);
    let names = columns(inner, Some("m"));
    let wanted = of(random, &names, kind);
    let operator = match (random.below(3), not) {
        (0, "") => "= ANY",
        (0, _) => "<> ALL",
        (_, "") => "IN",
        _ => "NOT IN",
    };
    format!(
        "{column} {operator} (SELECT {wanted} FROM {} m WHERE {wanted} IS NOT NULL)",
        inner.name
    )
}

fn exists(random: &mut Random, schema: &Schema, scope: &[Column], not: &str) -> String {
    let inner = table(random, schema);
    let names = columns(inner, Some("e"));
    let partner = of(random, &names, SqlKind::Int);
    let outer = of(random, scope, SqlKind::Int);
    let matching = format!("FROM {} AS e WHERE {partner} = {outer}", inner.name);
    let select = match random.below(7) {
        0 => format!("SELECT 1 {matching}"),
        1 => format!("SELECT * {matching} ORDER BY {partner} LIMIT 1"),
        2 => format!("SELECT count(*) {matching}"),
        3 => format!("SELECT DISTINCT {partner} {matching} OFFSET 1"),
        4 => format!("SELECT {partner} {matching} GROUP BY {partner} HAVING count(*) > 1"),
        5 => format!("SELECT {partner} {matching} OFFSET 1"),
        _ => format!("SELECT max({partner}) {matching} LIMIT 0"),
    };
    format!("{not}EXISTS ({select})")
}

fn select(random: &mut Random, schema: &Schema) -> (String, bool) {
    let From { text: from, scope } = from(random, schema);
    let count = 1 + random.below(3);
    let kinds = [SqlKind::Int, SqlKind::Text];
    let items: Vec<String> = (0..count)
        .map(|index| {
            let kind = *random.of(&kinds);
            let value = value(random, &scope, kind, 2);
            format!("{value} AS c{index}")
        })
        .collect();
    let mut text = format!(
        "SELECT {}{} FROM {from}",
        *random.of(&["", "", "ALL ", "DISTINCT "]),
        items.join(", ")
    );
    if random.percent(80) {
        text = format!("{text} WHERE {}", condition(random, schema, &scope, 2));
    }
    if random.percent(50) {
        return (text, false);
    }
    let by_number = random.percent(50);
    let terms: Vec<String> = (0..count)
        .map(|index| {
            let term = if by_number {
                (index + 1).to_string()
            } else {
                format!("c{index}")
            };
            let direction = *random.of(&["", " ASC", " DESC", " DESC NULLS FIRST", " NULLS LAST"]);
            format!("{term}{direction}")
        })
        .collect();
    let bounds = *random.of(&[
        "",
        " LIMIT ALL",
        " LIMIT 5",
        " OFFSET 2 ROWS FETCH FIRST 3 ROWS ONLY",
        " FETCH NEXT ROW ONLY",
    ]);
    (
        format!("{text} ORDER BY {}{bounds}", terms.join(", ")),
        true,
    )
}

fn grouped(random: &mut Random, schema: &Schema) -> (String, bool) {
    let From { text: from, scope } = from(random, schema);
    let key = of(random, &scope, SqlKind::Text);
    let number = of(random, &scope, SqlKind::Int);
    let filter = condition(random, schema, &scope, 1);
    let text = format!(
        "SELECT lower({key}) AS k, count(*), count(DISTINCT {number}), max({number}) AS n \
         FROM {from} WHERE {filter} GROUP BY 1 HAVING count(ALL {number}) > 0 ORDER BY k, n DESC"
    );
    (text, true)
}

fn with(random: &mut Random, schema: &Schema) -> (String, bool) {
    let inner = table(random, schema);
    let names = columns(inner, None);
    let (key, number) = (
        of(random, &names, SqlKind::Text),
        of(random, &names, SqlKind::Int),
    );
    let filter = condition(random, schema, &names, 1);
    let table = &inner.name;
    let text = format!(
        "WITH q AS (SELECT {table}.* FROM {table} WHERE {filter}), \
         r AS (SELECT q.* FROM q) SELECT r.* FROM r WHERE {key} IS NOT NULL OR {number} > 1"
    );
    (text, false)
}

fn update(random: &mut Random, schema: &Schema) -> String {
    let columns = columns(schema.table("subscriber").unwrap(), Some("x"));
    let filter = condition(random, schema, &columns, 1);
    let value = value(random, &columns, SqlKind::Text, 1);
    match random.below(2) {
        0 => format!(
            "UPDATE subscriber AS x SET billing = {value}, disabled = NOT x.disabled WHERE {filter} \
             RETURNING x.id, x.disabled AS now_disabled"
        ),
        _ => format!(
            "UPDATE subscriber x SET (billing, disabled) = ({value}, FALSE) WHERE x.id IN \
             (SELECT y.subscriber_id FROM terminal y WHERE y.subscriber_id = x.id) AND {filter} RETURNING x.id"
        ),
    }
}

fn delete(random: &mut Random, schema: &Schema) -> String {
    let columns = columns(schema.table("terminal").unwrap(), Some("x"));
    let filter = condition(random, schema, &columns, 1);
    format!(
        "DELETE FROM terminal x WHERE x.id BETWEEN 3 AND 5 AND {filter} AND NOT EXISTS \
         (SELECT 1 FROM subscriber s WHERE s.id = x.subscriber_id AND s.id > 3) RETURNING x.*"
    )
}

fn insert(random: &mut Random, schema: &Schema) -> String {
    let number = random.below(100_000);
    let columns = columns(schema.table("package").unwrap(), Some("p"));
    let filter = condition(random, schema, &columns, 0);
    match random.below(2) {
        0 => format!(
            "INSERT INTO package AS x (name, paid, cost) VALUES ('n{number}', TRUE, DEFAULT), \
             (E'o{number}', FALSE, DEFAULT) RETURNING x.name, paid AS costs"
        ),
        _ => format!(
            "INSERT INTO package (name, paid) (SELECT p.name || '{number}', NOT p.paid FROM package p \
             WHERE {filter}) RETURNING name"
        ),
    }
}
