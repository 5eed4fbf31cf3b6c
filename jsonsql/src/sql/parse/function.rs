//! Calls of functions, also those that SQL writes with words between the
//! arguments.

use sqlparser::ast as sp;
use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::Location;

use super::error::{Read, refuse};
use super::expr::call;
use super::place::at_or;
use super::reader::Reader;
use crate::ast::{Expr, Name, Op};
use crate::sql::name::{is_function, is_reserved};

/// Functions of PostgreSQL that answer the same to the same arguments.
const IMMUTABLE: &[&str] = &[
    "abs",
    "btrim",
    "ceil",
    "concat",
    "floor",
    "greatest",
    "least",
    "left",
    "length",
    "lower",
    "ltrim",
    "md5",
    "nullif",
    "regexp_replace",
    "replace",
    "right",
    "round",
    "rtrim",
    "strpos",
    "substr",
    "substring",
    "trim",
    "upper",
];

/// Reserved words that PostgreSQL takes for the name of a function all the same.
const CALLABLE: &[&str] = &["left", "right"];

/// Names that are syntax, not functions.
const SYNTAX: &[&str] = &[
    "distinct", "row", "grouping", "array", "values", "table", "unnest",
];

impl<'a> Reader<'a> {
    pub(super) fn function(&mut self, function: &'a sp::Function) -> Read<Expr> {
        let sp::Function {
            name,
            // `{fn …}`: the brace is refused before anything is parsed.
            uses_odbc_syntax: _,
            parameters,
            args,
            within_group,
            filter,
            null_treatment,
            over,
        } = function;
        let at = at_or(name, self.at);
        let word = |keyword: Keyword| self.places.word(at, &[keyword]);
        if over.is_some() {
            return refuse(
                word(Keyword::OVER),
                "windows have no form in the protocol: GROUP BY, or compute it in the program",
            );
        }
        if filter.is_some() {
            return refuse(
                word(Keyword::FILTER),
                "FILTER has no form in the protocol: put the condition into WHERE and send a \
                 statement for each",
            );
        }
        if !within_group.is_empty() {
            return refuse(
                word(Keyword::WITHIN),
                "WITHIN GROUP has no form in the protocol",
            );
        }
        if null_treatment.is_some() || !matches!(parameters, sp::FunctionArguments::None) {
            return refuse(at, "PostgreSQL does not call a function so");
        }
        self.see(at);
        let name = function_name(name, at)?;
        let list = match args {
            sp::FunctionArguments::List(list) => list,
            sp::FunctionArguments::None => return constant(&name, at),
            sp::FunctionArguments::Subquery(_) => {
                return refuse(
                    at,
                    "a sub-select as the arguments has no form in the protocol",
                );
            }
        };
        if is_reserved(&name) && !CALLABLE.contains(&name.as_ref())
            || SYNTAX.contains(&name.as_ref())
        {
            let message = format!("`{name}(…)` has no form in the protocol");
            return refuse(at, message);
        }
        let args = self.arguments_of(list, at)?;
        if name == "coalesce" {
            if args.is_empty() || args.contains(&Expr::Star) {
                return refuse(at, "COALESCE takes at least one value");
            }
            return Ok(Expr::Op(Op::Coalesce, args));
        }
        Ok(Expr::Call {
            function: name,
            args,
        })
    }

    fn arguments_of(
        &mut self,
        list: &'a sp::FunctionArgumentList,
        at: Location,
    ) -> Read<Vec<Expr>> {
        let sp::FunctionArgumentList {
            duplicate_treatment,
            args,
            clauses,
        } = list;
        if !clauses.is_empty() {
            let order = self
                .places
                .word(at, &[Keyword::ORDER, Keyword::LIMIT, Keyword::SEPARATOR]);
            return refuse(
                order,
                "an order among the arguments has no form in the protocol: order the rows and \
                 put them together in the program",
            );
        }
        let mut read = Vec::with_capacity(args.len());
        for arg in args {
            let arg = match arg {
                sp::FunctionArg::Unnamed(arg) => arg,
                sp::FunctionArg::Named { .. } | sp::FunctionArg::ExprNamed { .. } => {
                    return refuse(
                        at_or(arg, at),
                        "the protocol has no named arguments: write them in their order",
                    );
                }
            };
            read.push(match arg {
                sp::FunctionArgExpr::Expr(expr) => self.expr(expr)?,
                sp::FunctionArgExpr::Wildcard if args.len() == 1 => Expr::Star,
                sp::FunctionArgExpr::Wildcard
                | sp::FunctionArgExpr::QualifiedWildcard(_)
                | sp::FunctionArgExpr::WildcardWithOptions(_) => {
                    return refuse(at, "`*` as an argument stands alone, `count(*)`");
                }
            });
        }
        match duplicate_treatment {
            None | Some(sp::DuplicateTreatment::All) => Ok(read),
            Some(sp::DuplicateTreatment::Distinct) => {
                if read.is_empty() || read.contains(&Expr::Star) {
                    return refuse(at, "DISTINCT needs an expression");
                }
                // The form that was seen answered, of a call within the call.
                Ok(vec![call("distinct", read)])
            }
        }
    }

    pub(super) fn rounded(
        &mut self,
        name: &'static str,
        expr: &'a sp::Expr,
        field: &sp::CeilFloorKind,
    ) -> Read<Expr> {
        match field {
            sp::CeilFloorKind::DateTimeField(sp::DateTimeField::NoDateTime) => {
                Ok(call(name, vec![self.expr(expr)?]))
            }
            sp::CeilFloorKind::DateTimeField(_) | sp::CeilFloorKind::Scale(_) => refuse(
                at_or(expr, self.at),
                "PostgreSQL rounds so with one argument only",
            ),
        }
    }

    pub(super) fn substring(
        &mut self,
        expr: &'a sp::Expr,
        from: Option<&'a sp::Expr>,
        length: Option<&'a sp::Expr>,
        shorthand: bool,
    ) -> Read<Expr> {
        let name = if shorthand { "substr" } else { "substring" };
        let mut args = vec![self.expr(expr)?];
        match (from, length) {
            (None, None) => {}
            (Some(from), None) => args.push(self.expr(from)?),
            (Some(from), Some(length)) => args.extend([self.expr(from)?, self.expr(length)?]),
            // From the beginning.
            (None, Some(length)) => args.extend([Expr::Number(1.into()), self.expr(length)?]),
        }
        Ok(call(name, args))
    }

    pub(super) fn trim(
        &mut self,
        side: Option<&sp::TrimWhereField>,
        what: Option<&'a sp::Expr>,
        expr: &'a sp::Expr,
        characters: Option<&'a [sp::Expr]>,
    ) -> Read<Expr> {
        let mut args = vec![self.expr(expr)?];
        for what in what.into_iter().chain(characters.unwrap_or_default()) {
            args.push(self.expr(what)?);
        }
        let name = match side {
            None if args.len() == 1 => "trim",
            None | Some(sp::TrimWhereField::Both) => "btrim",
            Some(sp::TrimWhereField::Leading) => "ltrim",
            Some(sp::TrimWhereField::Trailing) => "rtrim",
        };
        Ok(call(name, args))
    }
}

/// A function's name is sent as it is and written without quotes.
fn function_name(name: &sp::ObjectName, at: Location) -> Read<Name> {
    let sp::ObjectName(parts) = name;
    let [sp::ObjectNamePart::Identifier(ident)] = parts.as_slice() else {
        return refuse(
            at,
            "the protocol's functions have no schema: write the function's name alone",
        );
    };
    let folded = match ident.quote_style {
        None => ident.value.to_ascii_lowercase(),
        Some(_) => ident.value.clone(),
    };
    let fits = is_function(&folded) && folded == folded.to_ascii_lowercase();
    if !fits {
        return refuse(
            at,
            "a function's name has small letters, digits and `_`: this one would be sent for another",
        );
    }
    Ok(folded.into())
}

/// A function that is called without parentheses.
fn constant(name: &str, at: Location) -> Read<Expr> {
    match name {
        "current_timestamp" => Ok(call("now", Vec::new())),
        "current_date" | "current_time" | "localtime" | "localtimestamp" => {
            let message = format!(
                "{} has no form in the protocol: write `now()`, or send the time as a text",
                name.to_ascii_uppercase()
            );
            refuse(at, message)
        }
        _ => refuse(
            at,
            format!(
                "`{name}` is a function here, which the protocol has no form for: in double quotes it is a name"
            ),
        ),
    }
}

/// Returns `true` if an expression written twice is the same as written once.
pub(super) fn is_repeatable(expr: &Expr) -> bool {
    let mut repeatable = true;
    expr.deep(&mut |expr: &Expr| match expr {
        Expr::Call { function, .. } => {
            let name: &str = function;
            let aggregate = crate::ast::AGGREGATES.contains(&name);
            repeatable &= aggregate || name == "distinct" || IMMUTABLE.contains(&name);
        }
        Expr::Select(_) => repeatable = false,
        _ => {}
    });
    repeatable
}
