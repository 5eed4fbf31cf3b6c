//! The address of a billing's database.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use mysql_async::{Opts, OptsBuilder};
use tokio_postgres::Config;
use tokio_postgres::config::Host;

use crate::exit::{Failure, Result};

const CONNECTS_WITHIN: Duration = Duration::from_secs(30);
/// The variables of the environment.
const ADDRESS: &str = "JSONSQL_BILLING_DATABASE";
const PASSWORD: &str = "JSONSQL_BILLING_PASSWORD";

/// The address of a billing's database, with its login.
pub(super) enum Address {
    Postgres(Box<Config>),
    Mysql(Opts),
    Sqlite(PathBuf),
}

impl Address {
    /// Reads the flag, or the environment where it is not given.
    ///
    /// # Errors
    ///
    /// Of usage: no address, one that is none, or a password in the flag, where
    /// everybody on the machine can read it. No message repeats the address, which may
    /// hold a password.
    pub(super) fn of(
        flag: Option<&str>,
        variable: impl Fn(&str) -> Option<String>,
    ) -> Result<Address> {
        let text = match flag {
            Some(text) => text.to_owned(),
            None => variable(ADDRESS).ok_or_else(|| {
                Failure::usage("which database?").hint(format!(
                    "--database or {ADDRESS} names it: postgres://USER@HOST/NAME, \
                     mysql://USER@HOST/NAME or sqlite:FILE"
                ))
            })?,
        };
        let wrong = |what: &str| {
            let place = if flag.is_some() {
                "--database"
            } else {
                ADDRESS
            };
            Failure::usage(format!("{place}: {what}"))
        };
        let password = variable(PASSWORD);
        let (scheme, rest) = text
            .split_once(':')
            .ok_or_else(|| wrong("no address of a database"))?;
        match scheme {
            "postgres" | "postgresql" => {
                let mut config = Config::from_str(&text).map_err(|error| {
                    wrong(&format!("no address of PostgreSQL: {}", cause(&error)))
                })?;
                if flag.is_some() && config.get_password().is_some() {
                    return Err(wrong_place());
                }
                if let Some(password) = password {
                    config.password(password);
                }
                if config.get_connect_timeout().is_none() {
                    config.connect_timeout(CONNECTS_WITHIN);
                }
                config.application_name("jsonsql plan");
                Ok(Address::Postgres(Box::new(config)))
            }
            "mysql" | "mariadb" => {
                let options = Opts::from_url(&format!("mysql:{rest}"))
                    .map_err(|_| wrong("no address of MySQL: mysql://USER@HOST/NAME"))?;
                if flag.is_some() && options.pass().is_some() {
                    return Err(wrong_place());
                }
                let builder = OptsBuilder::from_opts(options.clone());
                let password = password.or_else(|| options.pass().map(str::to_owned));
                Ok(Address::Mysql(builder.pass(password).into()))
            }
            "sqlite" => {
                let path = rest.strip_prefix("//").unwrap_or(rest);
                if path.is_empty() {
                    return Err(wrong("sqlite: names no file"));
                }
                Ok(Address::Sqlite(PathBuf::from(path)))
            }
            _ => Err(wrong(
                "no address of a database that is known: postgres:, mysql: or sqlite:",
            )),
        }
    }
}

fn wrong_place() -> Failure {
    Failure::usage("--database has a password in it, which everybody on this machine can read")
        .hint(format!("the password is taken from {PASSWORD}"))
}

fn cause(error: &dyn std::error::Error) -> String {
    match error.source() {
        Some(source) => source.to_string(),
        None => error.to_string(),
    }
}

/// The host and the name, without login and password.
impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Address::Postgres(config) => {
                let host = match config.get_hosts().first() {
                    Some(Host::Tcp(name)) => name.clone(),
                    Some(Host::Unix(path)) => path.display().to_string(),
                    None => "localhost".to_owned(),
                };
                let name = config.get_dbname().unwrap_or_default();
                write!(f, "PostgreSQL {host}/{name}")
            }
            Address::Mysql(options) => {
                let (host, name) = (options.ip_or_hostname(), options.db_name());
                write!(f, "MySQL {host}/{}", name.unwrap_or_default())
            }
            Address::Sqlite(path) => write!(f, "SQLite {}", path.display()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(flag: Option<&str>, variables: &[(&str, &str)]) -> Result<String, String> {
        let variable = |name: &str| {
            let found = variables.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        match Address::of(flag, variable) {
            Ok(address) => {
                let password = match &address {
                    Address::Postgres(config) => config
                        .get_password()
                        .map(|text| String::from_utf8_lossy(text).into_owned()),
                    Address::Mysql(options) => options.pass().map(str::to_owned),
                    Address::Sqlite(_) => None,
                };
                Ok(format!("{address} {}", password.unwrap_or_default()))
            }
            Err(failure) => Err(failure.message().to_owned()),
        }
    }

    #[test]
    fn an_address_is_of_the_flag_or_of_the_environment() {
        let secret = (PASSWORD, "s3cret");
        let cases = [
            (
                Some("postgres://me@db.example/billing"),
                vec![secret],
                "PostgreSQL db.example/billing s3cret",
            ),
            (
                Some("mysql://me@db.example:3307/billing"),
                vec![secret],
                "MySQL db.example/billing s3cret",
            ),
            (
                Some("mariadb://me@db.example/billing"),
                vec![],
                "MySQL db.example/billing ",
            ),
            (
                Some("sqlite:/var/lib/b.db"),
                vec![secret],
                "SQLite /var/lib/b.db ",
            ),
            (Some("sqlite://b.db"), vec![], "SQLite b.db "),
            (
                None,
                vec![(ADDRESS, "mysql://me:inside@db/b")],
                "MySQL db/b inside",
            ),
            (
                None,
                vec![(ADDRESS, "postgres://me:inside@db/b"), secret],
                "PostgreSQL db/b s3cret",
            ),
        ];
        for (flag, variables, expected) in cases {
            assert_eq!(of(flag, &variables).as_deref(), Ok(expected));
        }
    }

    #[test]
    fn what_is_no_address_is_refused_without_being_repeated() {
        let password = "hunter2hunter2";
        let texts = [
            format!("postgres://me:{password}@db/b"),
            format!("mysql://me:{password}@db/b"),
            format!("postgres://me:{password}@db:x/b"),
            format!("mysql://me:{password}@db:x/b"),
            format!("oracle://me:{password}@db/b"),
            password.to_owned(),
            "sqlite:".to_owned(),
        ];
        for text in texts {
            let refused = of(Some(&text), &[]).expect_err(&text);
            assert!(!refused.contains(password), "{refused}");
            assert!(refused.starts_with("--database"), "{refused}");
        }
        assert_eq!(of(None, &[]), Err("which database?".to_owned()));
    }
}
