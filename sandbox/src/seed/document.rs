//! Seeds as JSON: tables, accounts, and rows in the form of JSONSQL inserts.

use std::collections::BTreeSet;

use jsonsql::ast::SqlKind;
use jsonsql::ast::{Method, Name, Statement};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::account::Account;
use crate::error::Error;
use crate::schema::{Column, Filled, Table, Unique};

/// A seed document.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Document {
    #[serde(default)]
    tables: Vec<Declared>,
    #[serde(default)]
    accounts: Vec<Login>,
    #[serde(default)]
    rows: Vec<Rows>,
}

/// A table of the user's own, or further columns of one of the vendor's.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Declared {
    name: String,
    columns: Vec<DeclaredColumn>,
    #[serde(default)]
    unique: Vec<Vec<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct DeclaredColumn {
    name: String,
    r#type: Type,
    #[serde(default)]
    required: bool,
    default: Option<bool>,
    references: Option<String>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Type {
    /// The generated number that is the table's key.
    Id,
    /// The domain, filled by the server.
    Domain,
    Boolean,
    Integer,
    Bigint,
    Numeric,
    Text,
    Timestamp,
    Interval,
    Inet,
    Macaddr,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Login {
    username: String,
    password: String,
    #[serde(default = "first_domain")]
    domain: i64,
}

/// The params of a JSONSQL insert, and whose rows they are.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rows {
    into: String,
    #[serde(default = "first_domain")]
    domain: i64,
    columns: Vec<String>,
    values: Vec<Vec<Value>>,
}

fn first_domain() -> i64 {
    crate::account::FIRST_DOMAIN
}

/// The number of rows that go into one statement.
const CHUNK: usize = 500;

impl Document {
    pub(super) fn parse(json: &str) -> Result<Document, String> {
        serde_json::from_str(json).map_err(|error| error.to_string())
    }

    pub(super) fn accounts(&self) -> Vec<Account> {
        let account = |login: &Login| Account {
            username: login.username.clone(),
            password: login.password.clone(),
            domain: login.domain,
        };
        self.accounts.iter().map(account).collect()
    }

    pub(super) fn inserts(&self) -> impl Iterator<Item = Result<(i64, Statement), Error>> + Send {
        let domains = self.domains().into_iter().map(domain);
        domains.chain(self.row_inserts())
    }

    /// The inserts of the rows, without those of the domains they are of.
    pub(super) fn row_inserts(
        &self,
    ) -> impl Iterator<Item = Result<(i64, Statement), Error>> + Send {
        self.rows.iter().flat_map(|rows| {
            rows.values
                .chunks(CHUNK)
                .map(move |values| insert(&rows.into, rows.domain, &rows.columns, values))
        })
    }

    pub(super) fn is_only_rows(&self) -> bool {
        self.tables.is_empty() && self.accounts.is_empty()
    }

    /// The domains that rows are of, unless the document makes them itself.
    fn domains(&self) -> BTreeSet<i64> {
        if self.rows.iter().any(|rows| rows.into == "domain") {
            return BTreeSet::new();
        }
        let named = self.rows.iter().map(|rows| rows.domain);
        named.chain([first_domain()]).collect()
    }

    /// Adds the declared tables and columns to the vendor's.
    pub(super) fn extend(&self, tables: &mut Vec<Table>) -> Result<(), String> {
        for declared in &self.tables {
            if is_ours(&declared.name) {
                return Err(format!(
                    "{}: the sandbox has a table of this name",
                    declared.name
                ));
            }
            let index = match tables.iter().position(|table| table.name == declared.name) {
                Some(index) => index,
                None => {
                    tables.push(Table {
                        name: named(&declared.name)?,
                        columns: Vec::new(),
                        unique: Vec::new(),
                    });
                    tables.len() - 1
                }
            };
            for column in &declared.columns {
                let describe = |problem| format!("{}.{}: {problem}", declared.name, column.name);
                let known = tables.iter().map(|table| table.name.clone()).collect();
                let column = column.column(&known).map_err(describe)?;
                if tables[index].column(&column.name).is_some() {
                    return Err(describe("is declared already".to_owned()));
                }
                tables[index].columns.push(column);
            }
            declared.constrain(&mut tables[index])?;
        }
        Ok(())
    }
}

/// A domain that nothing is known of but its number.
pub(super) fn domain(number: i64) -> Result<(i64, Statement), Error> {
    let row = vec![json!(number), json!(format!("domain {number}"))];
    insert("domain", number, &["id", "name"], &[row])
}

/// The statement of some rows.
pub(super) fn insert(
    into: &str,
    domain: i64,
    columns: &[impl AsRef<str>],
    values: &[Vec<Value>],
) -> Result<(i64, Statement), Error> {
    let columns: Vec<&str> = columns.iter().map(AsRef::as_ref).collect();
    let params = json!({"into": into, "columns": columns, "values": values});
    let statement = Statement::from_json(Method::Insert, params.to_string().as_bytes())
        .map_err(|error| Error::Seed(format!("rows of {into}: {error}")))?;
    Ok((domain, statement))
}

impl Declared {
    fn constrain(&self, table: &mut Table) -> Result<(), String> {
        if table.columns.is_empty() {
            return Err(format!("{}: a table has at least one column", self.name));
        }
        let keys = table
            .columns
            .iter()
            .filter(|column| column.filled == Filled::Number);
        if keys.count() > 1 {
            return Err(format!("{}: a table has at most one id", self.name));
        }
        for columns in &self.unique {
            if let Some(unknown) = columns.iter().find(|name| table.column(name).is_none()) {
                return Err(format!("{}: unique names {unknown}, no column", self.name));
            }
            table.unique.push(Unique {
                name: format!("{}_{}_key", self.name, columns.join("_")).into(),
                columns: columns.iter().cloned().map(Name::from).collect(),
            });
        }
        Ok(())
    }
}

impl DeclaredColumn {
    fn column(&self, known: &Vec<Name>) -> Result<Column, String> {
        let (kind, filled) = match (self.r#type, self.default) {
            (Type::Id, None) => (SqlKind::Int, Filled::Number),
            (Type::Domain, None) => (SqlKind::Int, Filled::Domain),
            (Type::Boolean, Some(value)) => (SqlKind::Bool, Filled::Bool(value)),
            (_, Some(_)) => return Err("only a boolean has a default".to_owned()),
            (other, None) => (other.kind(), Filled::Not),
        };
        let references = match (&self.references, self.r#type) {
            (None, Type::Domain) => Some("domain".into()),
            (None, _) => None,
            (Some(table), Type::Integer) if known.iter().any(|name| name == table) => {
                Some(table.clone().into())
            }
            (Some(table), Type::Integer) => {
                return Err(format!("there is no table {table} to refer to"));
            }
            (Some(_), _) => return Err("only an integer refers to a table".to_owned()),
        };
        Ok(Column {
            name: named(&self.name)?,
            kind,
            nullable: !self.required && filled == Filled::Not,
            filled,
            references,
            is_looked_up: false,
        })
    }
}

impl Type {
    fn kind(self) -> SqlKind {
        match self {
            Type::Id | Type::Domain | Type::Integer => SqlKind::Int,
            Type::Boolean => SqlKind::Bool,
            Type::Bigint => SqlKind::BigInt,
            Type::Numeric => SqlKind::Numeric,
            Type::Text => SqlKind::Text,
            Type::Timestamp => SqlKind::Timestamp,
            Type::Interval => SqlKind::Interval,
            Type::Inet => SqlKind::Inet,
            Type::Macaddr => SqlKind::MacAddr,
        }
    }
}

/// Returns `true` if the sandbox itself keeps something under such a name.
fn is_ours(table: &str) -> bool {
    let name = table.to_lowercase();
    name.starts_with("sandbox_") || name.starts_with("jsonsql_sandbox_")
}

/// A name for a table or column: what both engines keep whole.
fn named(name: &str) -> Result<Name, String> {
    let plain = |c: char| c.is_alphanumeric() || c == '_';
    if name.is_empty() || name.len() > 40 || !name.chars().all(plain) {
        return Err(format!(
            "\"{name}\" is no name: letters, digits and _, at most 40 bytes"
        ));
    }
    Ok(name.to_owned().into())
}
