//! Expressions.

use crate::ast::{Column, Expr, Op};

use super::writer::{Style, Writer, Written};
use super::{Flavor, SqlError, name};

/// The precedence of an operation, as in PostgreSQL's table of precedence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Binding {
    Or,
    And,
    Not,
    Is,
    Comparison,
    Membership,
    Concat,
    Sum,
    Product,
    Atom,
}

/// An operator written between its operands.
fn infix(op: &Op) -> Option<(&'static str, Binding)> {
    Some(match op {
        Op::Or => (" OR ", Binding::Or),
        Op::And => (" AND ", Binding::And),
        Op::Is => (" IS ", Binding::Is),
        Op::IsNot => (" IS NOT ", Binding::Is),
        Op::Eq => (" = ", Binding::Comparison),
        Op::Neq => (" <> ", Binding::Comparison),
        Op::Lt => (" < ", Binding::Comparison),
        Op::Gt => (" > ", Binding::Comparison),
        Op::Lte => (" <= ", Binding::Comparison),
        Op::Gte => (" >= ", Binding::Comparison),
        Op::Like => (" LIKE ", Binding::Membership),
        Op::Ilike => (" ILIKE ", Binding::Membership),
        Op::Concat => (" || ", Binding::Concat),
        Op::Add => (" + ", Binding::Sum),
        Op::Sub => (" - ", Binding::Sum),
        Op::Mul => (" * ", Binding::Product),
        Op::Div => (" / ", Binding::Product),
        Op::Mod => (" % ", Binding::Product),
        _ => return None,
    })
}

fn binding(expr: &Expr) -> Binding {
    let Expr::Op(op, args) = expr else {
        return Binding::Atom;
    };
    match op {
        Op::Not if args.len() == 1 => Binding::Not,
        // Shown as a function.
        Op::Like | Op::Ilike if args.len() > 2 => Binding::Atom,
        Op::In | Op::NotIn if args.len() > 1 => Binding::Membership,
        // With one operand nothing of the operator is written.
        Op::And | Op::Or | Op::Concat if args.len() == 1 => binding(&args[0]),
        _ => match infix(op) {
            Some((_, binding)) if args.len() > 1 => binding,
            _ => Binding::Atom,
        },
    }
}

impl Writer<'_> {
    pub(super) fn expr(&mut self, expr: &Expr) -> Written {
        match expr {
            Expr::Bare(text) => {
                self.refuse(SqlError::Unresolved)?;
                self.sink.text(text, &mut self.sql)
            }
            Expr::Column(column) => {
                self.column(column);
                Ok(())
            }
            Expr::Star => {
                self.refuse(SqlError::Star)?;
                self.push("*");
                Ok(())
            }
            Expr::TooDeep => {
                self.refuse(SqlError::TooDeep)?;
                self.push("…");
                Ok(())
            }
            Expr::Null => {
                self.push("NULL");
                Ok(())
            }
            Expr::Bool(value) => {
                self.push(if *value { "TRUE" } else { "FALSE" });
                Ok(())
            }
            Expr::Number(number) => self.sink.number(number, &mut self.sql),
            Expr::Text(text) => self.sink.text(text, &mut self.sql),
            Expr::Op(op, args) => self.operation(op, args),
            Expr::Call { function, args } => self.call(function, args),
            Expr::Select(select) => {
                self.push("(");
                self.select(select)?;
                self.push(")");
                Ok(())
            }
            Expr::Values(rows) => {
                self.push("(");
                self.values(rows)?;
                self.push(")");
                Ok(())
            }
        }
    }

    /// An expression, or `*`.
    pub(super) fn expr_or_star(&mut self, expr: &Expr) -> Written {
        if *expr == Expr::Star {
            self.push("*");
            return Ok(());
        }
        self.expr(expr)
    }

    pub(super) fn values(&mut self, rows: &[Vec<Expr>]) -> Written {
        self.push("VALUES ");
        self.separated(rows, ", ", |w, row| {
            w.push("(");
            w.separated(row, ", ", Writer::expr)?;
            w.push(")");
            Ok(())
        })
    }

    fn column(&mut self, column: &Column) {
        if let Some(table) = &column.table {
            self.name(table);
            self.push(".");
        }
        self.name(&column.name);
    }

    fn operation(&mut self, op: &Op, args: &[Expr]) -> Written {
        if !op.arity().accepts(args.len()) {
            self.refuse(SqlError::Arity {
                operator: op.name().to_owned(),
                expected: op.arity().to_string(),
                found: args.len(),
            })?;
            return self.as_function(op.name(), args);
        }
        match (op, infix(op)) {
            (Op::Not, _) => {
                self.open();
                self.push("NOT ");
                self.operand(&args[0], Binding::Atom)?;
                self.close();
                Ok(())
            }
            (Op::In, _) => self.membership(" IN ", args),
            (Op::NotIn, _) => self.membership(" NOT IN ", args),
            (Op::Coalesce, _) => self.as_function("COALESCE", args),
            (_, Some((symbol, binding))) if args.len() == 1 => {
                debug_assert!(binding <= Binding::Concat, "{symbol} takes two operands");
                self.expr(&args[0])
            }
            (_, Some((symbol, binding))) => self.infix(op, symbol, binding, args),
            (_, None) => {
                self.refuse(SqlError::UnknownOperator(op.name().to_owned()))?;
                self.as_function(op.name(), args)
            }
        }
    }

    fn infix(&mut self, op: &Op, symbol: &str, binding: Binding, args: &[Expr]) -> Written {
        match op {
            Op::Like | Op::Ilike if args.len() > 2 => {
                self.refuse(SqlError::ManyPatterns(op.name().to_owned()))?;
                return self.as_function(op.name(), args);
            }
            Op::Is | Op::IsNot if !matches!(args[1], Expr::Bool(_) | Expr::Null) => {
                self.refuse(SqlError::IsOperand)?;
            }
            Op::Ilike => self.refuse_on(Flavor::Sqlite, "SQLite has no ILIKE")?,
            _ => {}
        }
        // PostgreSQL's comparisons do not associate: `a = b = c` is an error.
        let associates = !matches!(
            binding,
            Binding::Is | Binding::Comparison | Binding::Membership
        );
        self.open();
        self.separated(args.iter().enumerate(), symbol, |w, (index, arg)| {
            if index == 0 && associates {
                w.operand(arg, binding)
            } else {
                w.operand_above(arg, binding)
            }
        })?;
        self.close();
        Ok(())
    }

    fn membership(&mut self, symbol: &str, args: &[Expr]) -> Written {
        self.open();
        self.operand_above(&args[0], Binding::Membership)?;
        self.push(symbol);
        match &args[1..] {
            // Both bring their parentheses.
            [one @ (Expr::Select(_) | Expr::Values(_))] => self.expr(one)?,
            list => {
                self.push("(");
                self.separated(list, ", ", Writer::expr)?;
                self.push(")");
            }
        }
        self.close();
        Ok(())
    }

    fn call(&mut self, function: &str, args: &[Expr]) -> Written {
        if !name::is_function(function) {
            self.refuse(SqlError::FunctionName(function.to_owned()))?;
        }
        // `count(distinct x)` arrives as a call within a call.
        if let [
            Expr::Call {
                function: distinct,
                args,
            },
        ] = args
            && distinct.eq_ignore_ascii_case("distinct")
        {
            self.function_name(function);
            self.push("(DISTINCT ");
            self.separated(args, ", ", Writer::expr_or_star)?;
            self.push(")");
            return Ok(());
        }
        if function.eq_ignore_ascii_case("distinct") {
            self.refuse(SqlError::Clause(
                "\"distinct\" stands inside an aggregate function",
            ))?;
        }
        self.as_function(function, args)
    }

    fn as_function(&mut self, function: &str, args: &[Expr]) -> Written {
        self.function_name(function);
        self.push("(");
        self.separated(args, ", ", Writer::expr_or_star)?;
        self.push(")");
        Ok(())
    }

    fn function_name(&mut self, function: &str) {
        // At the beginning of what is selected, SELECT takes these for its own words.
        let begins = ["SELECT ", "DISTINCT "].map(|word| self.sql.ends_with(word));
        let is_word = ["all", "on"].map(|word| function.eq_ignore_ascii_case(word));
        if begins.contains(&true) && is_word.contains(&true) {
            name::quote(&function.to_ascii_lowercase(), &mut self.sql);
        } else if name::is_function(function) {
            self.push(function);
        } else {
            // Only ever shown to people: engines were refused before.
            name::quote(function, &mut self.sql);
        }
    }

    /// An operand that needs parentheses when it binds more loosely.
    fn operand(&mut self, expr: &Expr, least: Binding) -> Written {
        self.operand_in(expr, binding(expr) < least)
    }

    /// An operand that needs parentheses unless it binds more tightly.
    fn operand_above(&mut self, expr: &Expr, binding_of_parent: Binding) -> Written {
        self.operand_in(expr, binding(expr) <= binding_of_parent)
    }

    fn operand_in(&mut self, expr: &Expr, parentheses: bool) -> Written {
        // For engines every operation brings its own.
        let parentheses = match self.style {
            Style::Reading => parentheses,
            Style::Engine(_) => is_negative(expr),
        };
        if !parentheses {
            return self.expr(expr);
        }
        self.push("(");
        self.expr(expr)?;
        self.push(")");
        Ok(())
    }

    fn open(&mut self) {
        if self.style != Style::Reading {
            self.push("(");
        }
    }

    fn close(&mut self) {
        if self.style != Style::Reading {
            self.push(")");
        }
    }
}

fn is_negative(expr: &Expr) -> bool {
    matches!(expr, Expr::Number(number) if number.is_negative())
}
