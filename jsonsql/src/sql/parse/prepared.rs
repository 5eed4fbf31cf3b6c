//! Text with parameters, `$1` or `:name`.

use std::fmt;

use sqlparser::tokenizer::Location;

use super::Source;
use super::error::{ParseError, Read, refuse};
use super::reader::Reader;
use crate::ast::{Expr, Method, Statement};
use crate::types::SqlType;

/// A statement whose text has parameters, `$1` and so on, or `:name`.
///
/// The text is parsed once. An argument becomes a literal of the statement at
/// the place of its parameter and is never spliced into the text; a text among
/// them is checked as every other (see [`parse`](super::parse)).
///
/// ```
/// use jsonsql::sql::{Argument, Prepared};
///
/// let blocked = Prepared::new("UPDATE subscriber SET disabled = $1 WHERE id = ANY ($2) RETURNING id")?;
/// let update = blocked.bind(&[true.into(), Argument::list([7_i64, 8])])?;
/// assert_eq!(
///     format!("{update:#}"),
///     "UPDATE subscriber SET disabled = TRUE WHERE id IN (7, 8) RETURNING id"
/// );
///
/// let by_login = Prepared::new("SELECT id FROM subscriber WHERE username = :login LIMIT :most")?;
/// let select = by_login.bind_named(&[("login", "12345".into()), ("most", 1_i64.into())])?;
/// assert_eq!(format!("{select:#}"), "SELECT id FROM subscriber WHERE username = '12345' LIMIT 1");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Prepared {
    text: String,
    source: Source,
    method: Method,
    parameters: Vec<Parameter>,
}

/// A parameter of a text.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Parameter {
    /// `$1`, `$2`, …: the number, from 1.
    Number(usize),
    /// `:name`: the name.
    Name(String),
}

/// A value, or a list of values, for a parameter.
///
/// A list stands in `x IN ($1)` or `x = ANY ($1)`; of no values it is FALSE,
/// as `x IN` of nothing is.
#[derive(Clone, PartialEq)]
pub struct Argument(Given);

#[derive(Clone, PartialEq)]
enum Given {
    Value(Expr),
    List(Vec<Expr>),
}

/// Arguments that do not fit a statement's parameters.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BindError {
    /// More or fewer arguments than parameters.
    #[error("the statement has {expected} parameters, found {found} arguments")]
    Count {
        /// The number of parameters.
        expected: usize,
        /// The number of arguments that were given.
        found: usize,
    },
    /// No argument for a named parameter, or for a numbered one among names.
    #[error("no argument for the parameter `{0}`")]
    Missing(Parameter),
    /// An argument of a name that no parameter has.
    #[error("the statement has no parameter `:{0}`")]
    Unknown(String),
    /// With these arguments the statement cannot be sent.
    #[error(transparent)]
    Statement(#[from] ParseError),
}

impl fmt::Display for Parameter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Parameter::Number(number) => write!(f, "${number}"),
            Parameter::Name(name) => write!(f, ":{name}"),
        }
    }
}

impl Argument {
    /// NULL.
    pub fn null() -> Argument {
        Argument(Given::Value(Expr::Null))
    }

    /// Several values of one type.
    ///
    /// ```
    /// use jsonsql::sql::{Argument, Prepared};
    ///
    /// let some = Prepared::new("select id from subscriber where username in ($1)")?;
    /// let statement = some.bind(&[Argument::list(["12345", "test"])])?;
    /// assert_eq!(format!("{statement:#}"), "SELECT id FROM subscriber WHERE username IN ('12345', 'test')");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn list<T: Into<Argument>>(values: impl IntoIterator<Item = T>) -> Argument {
        let mut list = Vec::new();
        for value in values {
            match value.into().0 {
                Given::Value(value) => list.push(value),
                Given::List(values) => list.extend(values),
            }
        }
        Argument(Given::List(list))
    }
}

impl<T: SqlType> From<T> for Argument {
    fn from(value: T) -> Argument {
        Argument(Given::Value(value.into_literal()))
    }
}

impl From<&str> for Argument {
    fn from(text: &str) -> Argument {
        Argument(Given::Value(Expr::text(text.to_owned())))
    }
}

impl<T: SqlType> From<Option<T>> for Argument {
    fn from(value: Option<T>) -> Argument {
        value.map_or(Argument::null(), Argument::from)
    }
}

/// Prints how many values, not which.
impl fmt::Debug for Argument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Given::Value(_) => f.write_str("Argument(?)"),
            Given::List(values) => write!(f, "Argument([?; {}])", values.len()),
        }
    }
}

/// Prints the parameters, not the text, which may have literals in it.
impl fmt::Debug for Prepared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Prepared")
            .field("method", &self.method)
            .field("parameters", &self.parameters)
            .finish_non_exhaustive()
    }
}

impl Prepared {
    /// Reads a text with or without parameters.
    ///
    /// # Errors
    ///
    /// As [`parse`](super::parse); and when it has parameters of both kinds, or
    /// numbers that leave one out.
    pub fn new(text: &str) -> Result<Prepared, ParseError> {
        let source = Source::read(text)?;
        let (statement, parameters) = source.translate(text, &Arguments::Unknown)?;
        Ok(Prepared {
            text: text.to_owned(),
            source,
            method: statement.method(),
            parameters,
        })
    }

    /// The method it is sent with.
    pub fn method(&self) -> Method {
        self.method
    }

    /// The parameters, each once: by their numbers, or by name in the order of
    /// the text.
    pub fn parameters(&self) -> &[Parameter] {
        &self.parameters
    }

    /// The statement with these arguments for `$1`, `$2`, …
    ///
    /// ```
    /// use jsonsql::sql::Prepared;
    ///
    /// let debtors = Prepared::new("select id from subscriber where username = $1")?;
    /// let statement = debtors.bind(&["12345".into()])?;
    /// assert_eq!(statement.to_string(), "SELECT id FROM subscriber WHERE username = ?");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When there are more or fewer than parameters, and when the statement
    /// cannot be sent with them: a text that is also a name in it, a list where
    /// one value is meant.
    pub fn bind(&self, arguments: &[Argument]) -> Result<Statement, BindError> {
        if let Some(name @ Parameter::Name(_)) = self.parameters.first() {
            return Err(BindError::Missing(name.clone()));
        }
        if arguments.len() != self.parameters.len() {
            return Err(BindError::Count {
                expected: self.parameters.len(),
                found: arguments.len(),
            });
        }
        self.bound(&Arguments::Numbered(arguments))
    }

    /// The statement with these arguments for `:name`.
    ///
    /// ```
    /// use jsonsql::sql::Prepared;
    ///
    /// let debtors = Prepared::new("select id from subscriber where username = :login")?;
    /// let statement = debtors.bind_named(&[("login", "12345".into())])?;
    /// assert_eq!(statement.to_string(), "SELECT id FROM subscriber WHERE username = ?");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`bind`](Self::bind), and when a name is missing or not in the statement.
    pub fn bind_named(&self, arguments: &[(&str, Argument)]) -> Result<Statement, BindError> {
        for parameter in &self.parameters {
            let given = |(name, _): &(&str, Argument)| matches!(parameter, Parameter::Name(known) if known == name);
            if !arguments.iter().any(given) {
                return Err(BindError::Missing(parameter.clone()));
            }
        }
        for (index, (name, _)) in arguments.iter().enumerate() {
            let known =
                |known: &Parameter| matches!(known, Parameter::Name(known) if known == name);
            if !self.parameters.iter().any(known) {
                return Err(BindError::Unknown((*name).to_owned()));
            }
            if arguments[..index].iter().any(|(known, _)| known == name) {
                return Err(BindError::Count {
                    expected: self.parameters.len(),
                    found: arguments.len(),
                });
            }
        }
        self.bound(&Arguments::Named(arguments))
    }

    fn bound(&self, arguments: &Arguments<'_>) -> Result<Statement, BindError> {
        let (statement, _) = self.source.translate(&self.text, arguments)?;
        Ok(statement)
    }
}

/// The arguments for the parameters of a text.
pub(super) enum Arguments<'a> {
    /// There are none.
    None,
    /// Some value or other.
    Unknown,
    Numbered(&'a [Argument]),
    Named(&'a [(&'a str, Argument)]),
}

impl Reader<'_> {
    /// The value of a parameter.
    pub(super) fn argument(&mut self, placeholder: &str, at: Location) -> Read<Expr> {
        match self.given(placeholder, at)? {
            // A number fits wherever a value does.
            None => Ok(Expr::Number(1.into())),
            Some(Given::Value(Expr::Text(text))) => self.text(at, text),
            Some(Given::Value(value)) => Ok(value),
            Some(Given::List(_)) => refuse(
                at,
                "a list is for `x IN ($1)` and `x = ANY ($1)`: here it is one value",
            ),
        }
    }

    /// The values of a parameter that is a list.
    pub(super) fn argument_list(
        &mut self,
        placeholder: &str,
        at: Location,
        among_values: bool,
    ) -> Read<Option<Vec<Expr>>> {
        match self.given(placeholder, at)? {
            None if among_values => Ok(None),
            None => Ok(Some(vec![Expr::Number(1.into())])),
            Some(Given::Value(_)) => Ok(None),
            Some(Given::List(values)) => {
                let values = values.into_iter().map(|value| match value {
                    Expr::Text(text) => self.text(at, text),
                    value => Ok(value),
                });
                values.collect::<Read<_>>().map(Some)
            }
        }
    }

    fn given(&mut self, placeholder: &str, at: Location) -> Read<Option<Given>> {
        let parameter = parameter(placeholder, at)?;
        // The sign and the name of `:name` are two words.
        self.see(at);
        self.see(Location::new(at.line, at.column + 1));
        if !self.met.contains(&parameter) {
            let numbered = |known: &Parameter| matches!(known, Parameter::Number(_));
            let first = self.parameters.first();
            if first.is_some_and(|first| numbered(first) != numbered(&parameter)) {
                return refuse(at, "parameters are all numbered or all named");
            }
            self.met.insert(parameter.clone());
            self.parameters.push(parameter.clone());
        }
        let given = match (self.arguments, &parameter) {
            (Arguments::Unknown, _) => return Ok(None),
            (Arguments::Numbered(arguments), Parameter::Number(number)) => {
                arguments.get(number - 1)
            }
            (Arguments::Named(arguments), Parameter::Name(name)) => {
                let mut named = arguments.iter().filter(|(known, _)| known == name);
                named.next().map(|(_, argument)| argument)
            }
            _ => None,
        };
        match given {
            Some(Argument(given)) => Ok(Some(given.clone())),
            None => refuse(
                at,
                "a parameter has no value here: read the text with `Prepared`, and give it one",
            ),
        }
    }

    /// The parameters that were met, in their order.
    pub(super) fn take_parameters(&mut self, at: Location) -> Read<Vec<Parameter>> {
        let mut parameters = std::mem::take(&mut self.parameters);
        parameters.sort_by_key(|parameter| match parameter {
            Parameter::Number(number) => *number,
            Parameter::Name(_) => 0,
        });
        for (index, parameter) in parameters.iter().enumerate() {
            if let Parameter::Number(number) = parameter
                && *number != index + 1
            {
                return refuse(at, format!("the parameter `${}` is not used", index + 1));
            }
        }
        Ok(parameters)
    }
}

fn parameter(placeholder: &str, at: Location) -> Read<Parameter> {
    if let Some(number) = placeholder.strip_prefix('$')
        && !number.starts_with('0')
        && let Ok(number) = number.parse::<u16>()
    {
        return Ok(Parameter::Number(number.into()));
    }
    match placeholder.strip_prefix(':') {
        Some(name) if name.starts_with(|first: char| !first.is_ascii_digit()) => {
            Ok(Parameter::Name(name.to_owned()))
        }
        _ => refuse(at, "a parameter is `$1` or `:name`"),
    }
}
