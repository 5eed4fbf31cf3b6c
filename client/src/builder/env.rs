//! Settings from the environment.

use std::env::{self, VarError};

use secrecy::SecretString;

use super::ClientBuilder;
use crate::error::{ConfigError, Result};

impl ClientBuilder {
    /// Begins with the settings of [`Client::from_env`](crate::Client::from_env).
    ///
    /// # Errors
    ///
    /// [`Error::Config`](crate::Error::Config) names the variable that is
    /// missing or not text.
    pub fn from_env() -> Result<ClientBuilder> {
        Ok(ClientBuilder::from_variables(env::var)?)
    }

    fn from_variables(
        variable: impl Fn(&'static str) -> Result<String, VarError>,
    ) -> Result<ClientBuilder, ConfigError> {
        // An empty variable is how many shells and containers unset one.
        let optional = |name| match variable(name) {
            Ok(value) if value.is_empty() => Ok(None),
            Ok(value) => Ok(Some(value)),
            Err(VarError::NotPresent) => Ok(None),
            Err(VarError::NotUnicode(_)) => Err(ConfigError::Variable {
                name,
                problem: "is not text",
            }),
        };
        let required = |name| {
            optional(name)?.ok_or(ConfigError::Variable {
                name,
                problem: "is not set",
            })
        };
        let builder = ClientBuilder::<super::Iptvportal>::default();
        let builder = match (optional("JSONSQL_URL")?, optional("JSONSQL_DOMAIN")?) {
            (Some(_), Some(_)) => {
                return Err(ConfigError::Variable {
                    name: "JSONSQL_DOMAIN",
                    problem: "is set beside JSONSQL_URL: which one is meant?",
                });
            }
            (Some(url), None) => builder.url_from("JSONSQL_URL", url),
            (None, Some(domain)) => builder.domain(domain),
            (None, None) => {
                return Err(ConfigError::Variable {
                    name: "JSONSQL_URL",
                    problem: "is not set, nor is JSONSQL_DOMAIN",
                });
            }
        };
        let username = required("JSONSQL_USERNAME")?;
        let password = required("JSONSQL_PASSWORD")?;
        Ok(builder.credentials(username, SecretString::from(password)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(variables: &[(&str, &str)]) -> String {
        let variable = |name: &'static str| {
            let found = variables.iter().find(|(known, _)| *known == name);
            found
                .map(|(_, value)| (*value).to_owned())
                .ok_or(VarError::NotPresent)
        };
        let built = ClientBuilder::from_variables(variable)
            .map_err(Into::into)
            .and_then(|builder: ClientBuilder| builder.build());
        built.map_or_else(|error| error.to_string(), |client| format!("{client:?}"))
    }

    #[test]
    fn errors_name_the_variable() {
        const USER: (&str, &str) = ("JSONSQL_USERNAME", "billing");
        const PASSWORD: (&str, &str) = ("JSONSQL_PASSWORD", "s3cret");
        let url = ("JSONSQL_URL", "https://10.0.0.1");
        let domain = ("JSONSQL_DOMAIN", "operator");
        assert_eq!(
            problem(&[USER, PASSWORD]),
            "environment variable JSONSQL_URL: is not set, nor is JSONSQL_DOMAIN"
        );
        assert_eq!(
            problem(&[url, USER]),
            "environment variable JSONSQL_PASSWORD: is not set"
        );
        assert_eq!(
            problem(&[url, ("JSONSQL_USERNAME", ""), PASSWORD]),
            "environment variable JSONSQL_USERNAME: is not set"
        );
        assert!(problem(&[url, domain, USER, PASSWORD]).contains("JSONSQL_DOMAIN"));
        assert!(problem(&[("JSONSQL_URL", "10.0.0.1"), USER, PASSWORD]).contains("JSONSQL_URL"));
        for server in [url, domain] {
            assert!(problem(&[server, USER, PASSWORD]).starts_with("Client"));
        }
    }
}
