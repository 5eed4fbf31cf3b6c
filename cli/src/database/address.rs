//! The address of a billing's database.

use std::fmt;
use std::path::PathBuf;

#[cfg(not(all(feature = "mysql", feature = "postgres")))]
use crate::absent::absent;
use crate::exit::{Failure, Result};

#[cfg(feature = "mysql")]
use super::mysql;
#[cfg(feature = "postgres")]
use super::postgres;

/// The variables of the environment.
const ADDRESS: &str = "JSONSQL_BILLING_DATABASE";
#[cfg(any(feature = "mysql", feature = "postgres"))]
const PASSWORD: &str = "JSONSQL_BILLING_PASSWORD";

/// The address of a billing's database, with its login.
pub(super) enum Address {
    #[cfg(feature = "postgres")]
    Postgres(Box<tokio_postgres::Config>),
    #[cfg(feature = "mysql")]
    Mysql(mysql_async::Opts),
    Sqlite(PathBuf),
}

impl Address {
    /// Reads the flag, or the environment where it is not given.
    ///
    /// # Errors
    ///
    /// Of usage: no address, one that is none, one of a database that this build has no
    /// client of, or a password in the flag, where everybody on the machine can read it.
    /// No message repeats the address, which may hold a password.
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
        let place = if flag.is_some() {
            "--database"
        } else {
            ADDRESS
        };
        let wrong = |what: &str| Failure::usage(format!("{place}: {what}"));
        let (scheme, rest) = text
            .split_once(':')
            .ok_or_else(|| wrong("no address of a database"))?;
        match scheme {
            #[cfg(feature = "postgres")]
            "postgres" | "postgresql" => {
                let mut config = postgres::config(&text).map_err(|what| wrong(&what))?;
                let is_inside = config.get_password().is_some();
                if let Some(password) = password(is_inside && flag.is_some(), variable)? {
                    config.password(password);
                }
                Ok(Address::Postgres(Box::new(config)))
            }
            #[cfg(not(feature = "postgres"))]
            "postgres" | "postgresql" => Err(absent(place, "PostgreSQL", "postgres")),
            #[cfg(feature = "mysql")]
            "mysql" | "mariadb" => {
                let options = mysql::options(&text).map_err(|what| wrong(&what))?;
                let inside = options.pass().map(str::to_owned);
                let given = password(inside.is_some() && flag.is_some(), variable)?;
                let builder = mysql_async::OptsBuilder::from_opts(options);
                Ok(Address::Mysql(builder.pass(given.or(inside)).into()))
            }
            #[cfg(not(feature = "mysql"))]
            "mysql" | "mariadb" => Err(absent(place, "MySQL and MariaDB", "mysql")),
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

/// Returns the password of the environment; one in the flag is refused.
#[cfg(any(feature = "mysql", feature = "postgres"))]
fn password(is_in_flag: bool, variable: impl Fn(&str) -> Option<String>) -> Result<Option<String>> {
    if is_in_flag {
        let text = "--database has a password in it, which everybody on this machine can read";
        let hint = format!("the password is taken from {PASSWORD}");
        return Err(Failure::usage(text).hint(hint));
    }
    Ok(variable(PASSWORD))
}

/// The host and the name, without login and password.
impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            #[cfg(feature = "postgres")]
            Address::Postgres(config) => f.write_str(&postgres::shown(config)),
            #[cfg(feature = "mysql")]
            Address::Mysql(options) => f.write_str(&mysql::shown(options)),
            Address::Sqlite(path) => write!(f, "SQLite {}", path.display()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of an address: what is shown of it, and its password.
    fn of(flag: Option<&str>, variables: &[(&str, &str)]) -> Result<String, String> {
        let variable = |name: &str| {
            let found = variables.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        match Address::of(flag, variable) {
            Ok(address) => {
                let password = match &address {
                    #[cfg(feature = "postgres")]
                    Address::Postgres(config) => config
                        .get_password()
                        .map(|text| String::from_utf8_lossy(text).into_owned()),
                    #[cfg(feature = "mysql")]
                    Address::Mysql(options) => options.pass().map(str::to_owned),
                    Address::Sqlite(_) => None,
                };
                let password: Option<String> = password;
                Ok(format!("{address} {}", password.unwrap_or_default()))
            }
            Err(failure) => Err(failure.report()),
        }
    }

    fn is(flag: Option<&str>, variables: &[(&str, &str)], expected: &str) {
        assert_eq!(of(flag, variables).as_deref(), Ok(expected));
    }

    /// Neither the flag nor a message has a password in it.
    fn is_refused_in_silence(scheme: &str) {
        let password = "hunter2hunter2";
        for host in ["db", "db:x"] {
            let text = format!("{scheme}://me:{password}@{host}/b");
            let refused = of(Some(&text), &[]).expect_err(&text);
            assert!(!refused.contains(password), "{refused}");
            assert!(refused.starts_with("error: --database"), "{refused}");
        }
    }

    #[test]
    fn a_file_is_of_sqlite() {
        let secret = ("JSONSQL_BILLING_PASSWORD", "s3cret");
        is(
            Some("sqlite:/var/lib/b.db"),
            &[secret],
            "SQLite /var/lib/b.db ",
        );
        is(Some("sqlite://b.db"), &[], "SQLite b.db ");
        is(None, &[(ADDRESS, "sqlite:b.db")], "SQLite b.db ");
    }

    #[test]
    fn what_is_no_address_is_refused_without_being_repeated() {
        for text in ["hunter2hunter2", "sqlite:"] {
            let refused = of(Some(text), &[]).expect_err(text);
            assert!(!refused.contains("hunter2"), "{refused}");
            assert!(refused.starts_with("error: --database"), "{refused}");
        }
        for scheme in ["oracle", "postgres", "postgresql", "mysql", "mariadb"] {
            is_refused_in_silence(scheme);
        }
        let none = of(None, &[]).expect_err("none");
        assert!(none.starts_with("error: which database?"), "{none}");
    }

    #[cfg(feature = "postgres")]
    #[test]
    fn an_address_of_postgresql_is_of_the_flag_or_of_the_environment() {
        let secret = (PASSWORD, "s3cret");
        let plain = "postgres://me@db.example/billing";
        is(
            Some(plain),
            &[secret],
            "PostgreSQL db.example/billing s3cret",
        );
        let inside = (ADDRESS, "postgres://me:inside@db/b");
        is(None, &[inside], "PostgreSQL db/b inside");
        is(None, &[inside, secret], "PostgreSQL db/b s3cret");
    }

    #[cfg(feature = "mysql")]
    #[test]
    fn an_address_of_mysql_is_of_the_flag_or_of_the_environment() {
        let secret = (PASSWORD, "s3cret");
        let plain = "mysql://me@db.example:3307/billing";
        is(Some(plain), &[secret], "MySQL db.example/billing s3cret");
        is(
            Some("mariadb://me@db.example/billing"),
            &[],
            "MySQL db.example/billing ",
        );
        is(
            None,
            &[(ADDRESS, "mysql://me:inside@db/b")],
            "MySQL db/b inside",
        );
    }

    #[cfg(not(feature = "postgres"))]
    #[test]
    fn an_address_of_postgresql_needs_the_feature() {
        for scheme in ["postgres", "postgresql"] {
            let text = format!("{scheme}://me@db/b");
            let refused = of(Some(&text), &[]).expect_err("refused");
            assert_eq!(
                refused,
                "error: --database: this build has no client of PostgreSQL\n  hint: \
                 `cargo install jsonsql-cli --features postgres` makes one that has it\n"
            );
        }
    }

    #[cfg(not(feature = "mysql"))]
    #[test]
    fn an_address_of_mysql_needs_the_feature() {
        for scheme in ["mysql", "mariadb"] {
            let text = format!("{scheme}://me@db/b");
            let refused = of(None, &[(ADDRESS, &text)]).expect_err("refused");
            assert_eq!(
                refused,
                "error: JSONSQL_BILLING_DATABASE: this build has no client of MySQL and MariaDB\n  \
                 hint: `cargo install jsonsql-cli --features mysql` makes one that has it\n"
            );
        }
    }
}
