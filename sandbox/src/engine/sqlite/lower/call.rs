//! Function calls: a short list, each with its types.

use jsonsql::ast::SqlKind;
use jsonsql::ast::{Expr, Op};
use jsonsql::resolve::Scope;

use super::typed::{Typed, call, is_number};
use super::{Done, Lowering};
use crate::engine::{Fault, Unmatched};

/// The functions that the embedded engine has.
pub(in crate::engine) const KNOWN: &str = "abs, avg, btrim, char_length, coalesce, concat, concat_ws, count, \
    date, left, length, lower, ltrim, max, min, regexp_replace, replace, right, rtrim, strpos, \
    substr, sum, upper";

/// The functions of texts and whole numbers, with the types of their arguments.
const OF_TEXTS: [(&str, &[SqlKind]); 11] = [
    ("btrim", &[SqlKind::Text]),
    ("btrim", &[SqlKind::Text, SqlKind::Text]),
    ("ltrim", &[SqlKind::Text]),
    ("ltrim", &[SqlKind::Text, SqlKind::Text]),
    ("rtrim", &[SqlKind::Text]),
    ("rtrim", &[SqlKind::Text, SqlKind::Text]),
    ("left", &[SqlKind::Text, SqlKind::Int]),
    ("right", &[SqlKind::Text, SqlKind::Int]),
    ("replace", &[SqlKind::Text, SqlKind::Text, SqlKind::Text]),
    ("substr", &[SqlKind::Text, SqlKind::Int]),
    ("substr", &[SqlKind::Text, SqlKind::Int, SqlKind::Int]),
];

impl Lowering<'_> {
    pub(super) fn call(&mut self, function: &str, args: &[Expr], scope: &Scope<'_>) -> Done<Typed> {
        let name = function.to_ascii_lowercase();
        let (args, distinct) = match args {
            [Expr::Call { function, args }] if function.eq_ignore_ascii_case("distinct") => {
                (args.as_slice(), true)
            }
            args => (args, false),
        };
        if distinct && !["count", "sum", "avg", "min", "max"].contains(&name.as_str()) {
            return Err(Fault::Statement(format!(
                "DISTINCT specified, but {name} is not an aggregate function"
            )));
        }
        if let ("count", [Expr::Star], false) = (name.as_str(), args, distinct) {
            return Ok(Typed::call("count", [Expr::Star], SqlKind::BigInt));
        }
        if name == "coalesce" && !args.is_empty() {
            return super::expr::coalesce(self.until_settled(args, scope)?);
        }
        let args = self.exprs(args, scope)?;
        match (name.as_str(), args.as_slice()) {
            ("count", []) => Err(Fault::statement(
                "count(*) must be used to call a parameterless aggregate function",
            )),
            ("count", [_]) => count(args, distinct),
            ("sum" | "avg" | "min" | "max", [_]) => aggregate(&name, args, distinct),
            ("lower" | "upper" | "length", [_]) => of_text(&name, args),
            ("char_length", [_]) => match args[0].kind {
                None | Some(SqlKind::Text) => of_text("length", args),
                Some(_) => Err(missing(&name, &args)),
            },
            ("concat", [_, ..]) => concat(args),
            ("concat_ws", [_, _, ..]) => concat_ws(args),
            ("date", [_]) => date(args),
            ("strpos", [_, _]) => {
                let strpos = of_texts(&name, args, &[SqlKind::Text, SqlKind::Text])?;
                Ok(Typed::known(strpos.expr, SqlKind::Int))
            }
            ("abs", [_]) => {
                let absolute = abs(args)?;
                self.note_constant(&absolute);
                Ok(absolute)
            }
            ("regexp_replace", [_, _, _] | [_, _, _, _]) => regexp_replace(args),
            _ if arguments(&name, args.len()).is_some() => {
                let kinds = arguments(&name, args.len()).unwrap_or_default();
                of_texts(&name, args, kinds)
            }
            _ if KNOWN.split(", ").any(|known| known == name) => Err(missing(&name, &args)),
            _ => Err(Fault::needs_postgres(
                Unmatched::Function,
                format!("the function \"{name}\" (the embedded engine has {KNOWN})"),
            )),
        }
    }
}

/// The types of so many arguments of a function of texts.
fn arguments(name: &str, count: usize) -> Option<&'static [SqlKind]> {
    let mut known = OF_TEXTS.iter();
    let known = known.find(|(known, kinds)| *known == name && kinds.len() == count);
    known.map(|(_, kinds)| *kinds)
}

/// A function whose arguments are of these types, or literals that can be.
fn of_texts(name: &str, args: Vec<Typed>, kinds: &[SqlKind]) -> Done<Typed> {
    let fits = |(arg, kind): (&Typed, &SqlKind)| arg.kind.is_none_or(|found| found == *kind);
    if !args.iter().zip(kinds).all(fits) {
        return Err(missing(name, &args));
    }
    let met = args.into_iter().zip(kinds);
    let met = met.map(|(arg, kind)| Ok(arg.meeting(*kind)?.expr));
    let met = met.collect::<Done<Vec<Expr>>>()?;
    Ok(Typed::call(format!("pg_{name}"), met, SqlKind::Text))
}

/// Converts a value to the text that a function of any type receives: a boolean
/// is `t` or `f` there.
fn printed(arg: Typed) -> Expr {
    match arg.kind {
        Some(SqlKind::Bool) => call("pg_printed_bool", [arg.expr]),
        Some(SqlKind::Inet) => arg.expr,
        _ => arg.into_text(),
    }
}

/// Unlike `||`, without those that are NULL.
fn concat(args: Vec<Typed>) -> Done<Typed> {
    let args: Vec<Expr> = args.into_iter().map(printed).collect();
    Ok(Typed::call("pg_concat", args, SqlKind::Text))
}

fn concat_ws(mut args: Vec<Typed>) -> Done<Typed> {
    if !matches!(args[0].kind, None | Some(SqlKind::Text)) {
        return Err(missing("concat_ws", &args));
    }
    let mut printed_args = vec![args.remove(0).expr];
    printed_args.extend(args.into_iter().map(printed));
    Ok(Typed::call("pg_concat_ws", printed_args, SqlKind::Text))
}

/// The date of a timestamp.
fn date(args: Vec<Typed>) -> Done<Typed> {
    match args[0].kind {
        None | Some(SqlKind::Date) => only(args).meeting(SqlKind::Date),
        Some(SqlKind::Timestamp) => Ok(Typed::call("pg_date", [only(args).expr], SqlKind::Date)),
        Some(SqlKind::Text) => Err(Fault::needs_postgres(
            Unmatched::ArgumentType,
            "the date of a text",
        )),
        Some(_) => Err(Fault::Statement(format!(
            "cannot cast type {} to date",
            args[0].kind_name()
        ))),
    }
}

fn missing(name: &str, args: &[Typed]) -> Fault {
    let kinds: Vec<&str> = args.iter().map(Typed::kind_name).collect();
    Fault::Statement(format!(
        "function {name}({}) does not exist",
        kinds.join(", ")
    ))
}

fn only(mut args: Vec<Typed>) -> Typed {
    args.remove(0)
}

fn in_aggregate(arg: Expr, distinct: bool) -> Expr {
    if distinct {
        call("distinct", [arg])
    } else {
        arg
    }
}

fn count(args: Vec<Typed>, distinct: bool) -> Done<Typed> {
    let arg = only(args);
    let arg = match arg.kind {
        // 1.5 and 1.50 are one number.
        Some(SqlKind::Numeric) if distinct => arg.key()?,
        _ => arg.expr,
    };
    Ok(Typed::call(
        "count",
        [in_aggregate(arg, distinct)],
        SqlKind::BigInt,
    ))
}

fn aggregate(name: &str, args: Vec<Typed>, distinct: bool) -> Done<Typed> {
    let extreme = name == "min" || name == "max";
    let kind = match (args[0].kind, extreme) {
        (None, false) => {
            return Err(Fault::Statement(format!(
                "function {name}(unknown) is not unique"
            )));
        }
        (None, true) => SqlKind::Text,
        (Some(kind), _) => kind,
    };
    let (function, result) = match (kind, name) {
        (SqlKind::Int, "sum") => ("sum".to_owned(), SqlKind::BigInt),
        (SqlKind::Int | SqlKind::BigInt | SqlKind::Numeric, "sum" | "avg") => {
            if distinct && kind == SqlKind::Numeric {
                return Err(Fault::needs_postgres(
                    Unmatched::DistinctNumerics,
                    format!("{name}(distinct numeric)"),
                ));
            }
            (format!("pg_{name}"), SqlKind::Numeric)
        }
        (SqlKind::Numeric, _) => (format!("pg_{name}"), SqlKind::Numeric),
        (
            SqlKind::Int | SqlKind::BigInt | SqlKind::Text | SqlKind::Date | SqlKind::Timestamp,
            "min" | "max",
        ) => (name.to_owned(), kind),
        (SqlKind::Inet | SqlKind::Interval, _) => {
            return Err(Fault::needs_postgres(
                Unmatched::ArgumentType,
                format!("{name}({kind})"),
            ));
        }
        _ => return Err(missing(name, &args)),
    };
    let arg = in_aggregate(only(args).expr, distinct);
    Ok(Typed::call(function, [arg], result))
}

fn of_text(name: &str, args: Vec<Typed>) -> Done<Typed> {
    if !matches!(args[0].kind, None | Some(SqlKind::Text)) {
        return Err(missing(name, &args));
    }
    let kind = if name == "length" {
        SqlKind::Int
    } else {
        SqlKind::Text
    };
    Ok(Typed::call(format!("pg_{name}"), [only(args).expr], kind))
}

fn abs(args: Vec<Typed>) -> Done<Typed> {
    let function = match args[0].kind {
        Some(SqlKind::Int) => "pg_int4_abs",
        Some(SqlKind::BigInt) => "pg_int8_abs",
        Some(SqlKind::Numeric) => "pg_numeric_abs",
        // PostgreSQL takes its favourite number type, double precision.
        None => {
            return Err(Fault::needs_postgres(
                Unmatched::ArgumentType,
                "abs of a text",
            ));
        }
        Some(_) => return Err(missing("abs", &args)),
    };
    let arg = only(args);
    let kind = arg
        .kind
        .filter(|kind| is_number(*kind))
        .unwrap_or(SqlKind::Numeric);
    Ok(Typed::call(function, [arg.expr], kind))
}

fn regexp_replace(mut args: Vec<Typed>) -> Done<Typed> {
    if args
        .iter()
        .any(|arg| !matches!(arg.kind, None | Some(SqlKind::Text)))
    {
        return Err(missing("regexp_replace", &args));
    }
    if args.len() == 3 {
        args.push(Typed::unknown(Expr::text("")));
    }
    let args: Vec<Expr> = args.into_iter().map(|arg| arg.expr).collect();
    Ok(Typed::call("pg_regexp_replace", args, SqlKind::Text))
}

/// Returns `true` if an expression consists of constants and nothing else.
pub(super) fn is_constant(expr: &Expr) -> bool {
    match expr {
        Expr::Column(_) | Expr::Select(_) | Expr::Star => false,
        Expr::Op(Op::Other(_), _) => false,
        Expr::Op(_, args) | Expr::Call { args, .. } => args.iter().all(is_constant),
        _ => true,
    }
}
