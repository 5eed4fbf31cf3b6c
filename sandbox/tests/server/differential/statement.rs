//! Random statements over the tables of a schema.

use jsonsql::ast::SqlKind;
use jsonsql::resolve::{Schema, Table};
use serde_json::{Value, json};

use super::expr::{Column, column, condition, expr, kind, literal};
use super::random::Random;

/// A request, and whether its rows come in one order only.
pub(super) struct Asked {
    pub(super) method: &'static str,
    pub(super) params: Value,
    pub(super) ordered: bool,
}

/// Tables with rows in them, and relations between them.
const TABLES: [&str; 10] = [
    "subscriber",
    "terminal",
    "media",
    "package",
    "subscriber_package",
    "subscriber_inetaddr",
    "tv_channel",
    "tv_program",
    "terminal_playlog",
    "domain",
];

pub(super) fn statement(random: &mut Random, schema: &Schema) -> Asked {
    match random.below(100) {
        0..10 => insert(random, schema),
        10..18 => update(random, schema),
        18..22 => delete(random, schema),
        22..35 => grouped(random, schema),
        _ => select(random, schema),
    }
}

fn table<'s>(random: &mut Random, schema: &'s Schema) -> &'s Table {
    schema.table(random.of::<&str>(&TABLES)).unwrap()
}

fn columns(table: &Table, alias: &str) -> Vec<Column> {
    let column = |column: &jsonsql::resolve::Column| Column {
        alias: alias.to_owned(),
        name: column.name.to_string(),
        kind: column.kind,
    };
    table.columns.iter().map(column).collect()
}

/// One to three tables, joined in any way.
fn from(random: &mut Random, schema: &Schema) -> (Value, Vec<Column>) {
    let first = table(random, schema);
    let mut scope = columns(first, "t0");
    let mut items = vec![json!({"table": first.name, "as": "t0"})];
    for index in 1..=[0, 0, 0, 1, 1, 2][random.below(6)] {
        let next = table(random, schema);
        let alias = format!("t{index}");
        let added = columns(next, &alias);
        if random.percent(15) {
            items.push(json!({"table": next.name, "as": alias}));
            scope.extend(added);
            continue;
        }
        let joined = *random.of(&["left", "inner", "left", "inner", "right", "full"]);
        let key = random.of(&added).clone();
        scope.extend(added);
        // What FULL can do in PostgreSQL is an equality and not much else, and
        // a condition sees its own chain of joins only.
        let partner = scope
            .iter()
            .filter(|column| column.kind == key.kind && column.alias == "t0");
        let partner: Vec<Column> = partner.cloned().collect();
        let on = if items.len() > 1 || partner.is_empty() {
            json!({"eq": [{&alias: key.name}, {&alias: key.name}]})
        } else {
            json!({"eq": [{"t0": random.of(&partner).name}, {&alias: key.name}]})
        };
        let joined = match joined {
            "full" if on["eq"][0].get("t0").is_none() => "left",
            joined => joined,
        };
        items.push(json!({"join": next.name, "join_type": joined, "as": alias, "on": on}));
    }
    (json!(items), scope)
}

fn select(random: &mut Random, schema: &Schema) -> Asked {
    let (from, scope) = from(random, schema);
    let mut data = Vec::new();
    for index in 0..1 + random.below(4) {
        let of = kind(random);
        let item = match column(random, &scope, of) {
            Some(column) if random.percent(50) => column,
            _ => expr(random, &scope, of, 2),
        };
        data.push(named(item, index));
    }
    let mut params = json!({"data": data, "from": from});
    if random.percent(60) {
        params["where"] = if random.percent(20) {
            membership(random, schema, &scope)
        } else {
            condition(random, &scope, 2)
        };
    }
    if random.percent(15) {
        params["distinct"] = json!(true);
    }
    let ordered = order(random, &mut params, &data);
    if random.percent(10) {
        let inner = json!({"data": ["*"], "from": [{"select": params, "as": "q"}]});
        // The order of a sub-select is not that of what is around it.
        return Asked {
            method: "select",
            params: inner,
            ordered: false,
        };
    }
    Asked {
        method: "select",
        params,
        ordered,
    }
}

/// `column in (select …)`, half the time one that looks outside.
fn membership(random: &mut Random, schema: &Schema, scope: &[Column]) -> Value {
    let inner = table(random, schema);
    let mut visible = columns(inner, "i");
    let wanted = random.of(&visible).clone();
    let Some(outer) = column(random, scope, wanted.kind) else {
        return condition(random, scope, 1);
    };
    if random.percent(50) {
        visible.extend_from_slice(scope);
    }
    let select = json!({"data": {"i": wanted.name}, "from": {"table": inner.name, "as": "i"},
        "where": condition(random, &visible, 1)});
    json!({*random.of(&["in", "not_in"]): [outer, {"select": select}]})
}

fn grouped(random: &mut Random, schema: &Schema) -> Asked {
    let (from, scope) = from(random, schema);
    let key = random.of(&scope).clone();
    let key = json!({&key.alias: key.name});
    let mut data = vec![named(key.clone(), 0)];
    for index in 1..=1 + random.below(3) {
        let of = kind(random);
        let function = *random.of(&["count", "sum", "min", "max", "avg", "count"]);
        let argument = expr(random, &scope, of, 1);
        let argument = if random.percent(15) {
            json!({"function": "distinct", "args": [argument]})
        } else {
            argument
        };
        data.push(named(
            json!({"function": function, "args": [argument]}),
            index,
        ));
    }
    let mut params = json!({"data": data, "from": from, "group_by": key});
    if random.percent(40) {
        params["where"] = condition(random, &scope, 1);
    }
    if random.percent(25) {
        params["having"] = json!({"gt": [{"function": "count", "args": ["*"]}, random.below(3)]});
    }
    let ordered = order(random, &mut params, &data);
    Asked {
        method: "select",
        params,
        ordered,
    }
}

fn named(mut item: Value, index: usize) -> Value {
    if let Value::Object(members) = &mut item {
        members.insert("as".to_owned(), json!(format!("c{index}")));
    }
    item
}

/// Orders by every output, where all have names; a limit needs that.
fn order(random: &mut Random, params: &mut Value, data: &[Value]) -> bool {
    if random.percent(40) || data.iter().any(|item| item.get("as").is_none()) {
        return false;
    }
    let term = |(index, _): (usize, _)| {
        let name = format!("c{index}");
        if random.percent(30) {
            json!([name, "DESC"])
        } else {
            json!(name)
        }
    };
    let terms: Vec<Value> = data.iter().enumerate().map(term).collect();
    params["order_by"] = if let [one] = terms.as_slice() {
        one.clone()
    } else {
        json!(terms)
    };
    if random.percent(30) {
        params["limit"] = json!(random.below(8));
    }
    if random.percent(15) {
        params["offset"] = json!(random.below(4));
    }
    true
}

fn written<'t>(random: &mut Random, table: &'t Table) -> Vec<&'t jsonsql::resolve::Column> {
    let given = table.columns.iter().filter(|column| match &*column.name {
        "id" => random.percent(3),
        "domain_id" => random.percent(2),
        _ if column.nullable => random.percent(40),
        _ => random.percent(95),
    });
    given.collect()
}

fn returning(random: &mut Random, table: &Table) -> Value {
    let names: Vec<&str> = table.columns.iter().map(|column| &*column.name).collect();
    match random.below(3) {
        0 => json!(*random.of(&names)),
        1 => json!(names),
        _ => json!([names[0], names[names.len() - 1]]),
    }
}

fn insert(random: &mut Random, schema: &Schema) -> Asked {
    let into = table(random, schema);
    let columns = written(random, into);
    if columns.is_empty() {
        return select(random, schema);
    }
    let names: Vec<&str> = columns.iter().map(|column| &*column.name).collect();
    let mut params =
        json!({"into": into.name, "columns": names, "returning": returning(random, into)});
    if random.percent(25) {
        params["select"] = rows_from(random, schema, &columns);
    } else {
        let mut value = |column: &&jsonsql::resolve::Column| {
            if random.below(30) == 0 {
                Value::Null
            } else {
                written_value(random, column)
            }
        };
        let rows: Vec<Vec<Value>> = (0..[1, 1, 1, 2, 3][names.len() % 5])
            .map(|_| columns.iter().map(&mut value).collect())
            .collect();
        params["values"] = json!(rows);
    }
    Asked {
        method: "insert",
        params,
        ordered: true,
    }
}

/// Logins are told apart, or every second insert would be refused.
fn written_value(random: &mut Random, column: &jsonsql::resolve::Column) -> Value {
    match (&*column.name, column.kind) {
        ("username", _) if random.percent(80) => json!(format!("u{}", random.below(100_000))),
        (name, SqlKind::Int) if name.ends_with("_id") => json!(1 + random.below(12)),
        (_, kind) => literal(random, kind),
    }
}

/// An ordered select of such values: without an order the new rows would be
/// numbered as each engine finds them.
fn rows_from(random: &mut Random, schema: &Schema, columns: &[&jsonsql::resolve::Column]) -> Value {
    let keyed = [
        "subscriber",
        "terminal",
        "package",
        "media",
        "subscriber_package",
    ];
    let source = schema.table(random.of::<&str>(&keyed)).unwrap();
    let scope = self::columns(source, "s");
    let data: Vec<Value> = columns
        .iter()
        .map(|column| match &*column.name {
            "username" => json!({"concat": [{"s": "id"}, format!("-{}", random.below(1000))]}),
            _ => expr(random, &scope, column.kind, 1),
        })
        .collect();
    let mut select =
        json!({"data": data, "from": {"table": source.name, "as": "s"}, "order_by": {"s": "id"}});
    let which = if random.percent(50) {
        // One row needs no order.
        select.as_object_mut().unwrap().remove("order_by");
        json!({"eq": [{"s": "id"}, 1 + random.below(6)]})
    } else {
        json!({"and": [{"lt": [{"s": "id"}, 5]}, condition(random, &scope, 1)]})
    };
    select["where"] = which;
    select
}

fn update(random: &mut Random, schema: &Schema) -> Asked {
    let table = table(random, schema);
    let scope = columns(table, &table.name);
    let mut set = serde_json::Map::new();
    for _ in 0..1 + random.below(2) {
        let column = random.of(&table.columns);
        if column.name == "id" && random.percent(90) {
            continue;
        }
        let value = if random.percent(50) {
            written_value(random, column)
        } else {
            expr(random, &scope, column.kind, 1)
        };
        set.insert(column.name.to_string(), value);
    }
    if set.is_empty() {
        return select(random, schema);
    }
    let params = json!({"table": table.name, "set": set, "where": target(random, table, &scope),
        "returning": returning(random, table)});
    Asked {
        method: "update",
        params,
        ordered: false,
    }
}

fn delete(random: &mut Random, schema: &Schema) -> Asked {
    let table = table(random, schema);
    let scope = columns(table, &table.name);
    let params = json!({"from": table.name, "where": target(random, table, &scope),
        "returning": returning(random, table)});
    Asked {
        method: "delete",
        params,
        ordered: false,
    }
}

/// Mostly one row: whole tables would be empty soon.
fn target(random: &mut Random, table: &Table, scope: &[Column]) -> Value {
    let other = condition(random, scope, 1);
    if table.column("id").is_some() && random.percent(75) {
        json!({"and": [{"eq": ["id", 1 + random.below(20)]}, {"or": [other, random.percent(80)]}]})
    } else {
        json!({"and": [other, condition(random, scope, 1)]})
    }
}
