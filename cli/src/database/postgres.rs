//! A query of PostgreSQL, in its simple protocol: every value is text.

use std::error::Error as _;
use std::pin::pin;
use std::time::Duration;

use futures_util::TryStreamExt;
use jsonsql_client::provisioning::sync::export::Export;
use rustls::ClientConfig;
use rustls_platform_verifier::ConfigVerifierExt;
use tokio_postgres::config::{Host, SslMode};
use tokio_postgres::error::{ErrorPosition, SqlState};
use tokio_postgres::tls::MakeTlsConnect;
use tokio_postgres::{Config, Error, NoTls, SimpleQueryMessage, Socket};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::{Problem, Rows};

const CONNECTS_WITHIN: Duration = Duration::from_secs(30);

/// Reads the address.
///
/// # Errors
///
/// When it is none; the text does not repeat it.
pub(super) fn config(address: &str) -> Result<Config, String> {
    let mut config: Config = address.parse().map_err(|error: Error| {
        let cause = error.source().map(ToString::to_string);
        format!(
            "no address of PostgreSQL: {}",
            cause.unwrap_or_else(|| error.to_string())
        )
    })?;
    if config.get_connect_timeout().is_none() {
        config.connect_timeout(CONNECTS_WITHIN);
    }
    config.application_name("jsonsql plan");
    Ok(config)
}

/// The host and the name.
pub(super) fn shown(config: &Config) -> String {
    let host = match config.get_hosts().first() {
        Some(Host::Tcp(name)) => name.clone(),
        Some(Host::Unix(path)) => path.display().to_string(),
        None => "localhost".to_owned(),
    };
    format!(
        "PostgreSQL {host}/{}",
        config.get_dbname().unwrap_or_default()
    )
}

pub(super) async fn export(config: Box<Config>, query: &str) -> Result<Export, Problem> {
    if config.get_ssl_mode() == SslMode::Disable {
        return read(&config, NoTls, query).await;
    }
    let tls = ClientConfig::with_platform_verifier()
        .map_err(|error| Problem::Database(error.to_string(), None))?;
    read(&config, MakeRustlsConnect::new(tls), query).await
}

async fn read<T>(config: &Config, tls: T, query: &str) -> Result<Export, Problem>
where
    T: MakeTlsConnect<Socket, Stream: Send + 'static>,
{
    let failed = |error| problem(&error, query);
    let (client, connection) = config.connect(tls).await.map_err(failed)?;
    // It ends when the client is dropped; what breaks it, the client is told.
    let connection = tokio::spawn(connection);
    let begun = client.batch_execute("begin transaction read only").await;
    begun.map_err(failed)?;
    // A prepared statement is a single one: `commit; delete …` is refused before any of
    // it is executed.
    let prepared = client.prepare(query).await.map_err(failed)?;
    if prepared.columns().is_empty() {
        return Err(Problem::NoRows);
    }
    let names = prepared
        .columns()
        .iter()
        .map(|column| column.name().to_owned());
    let mut rows = Rows::new(names.collect())?;
    let mut messages = pin!(client.simple_query_raw(query).await.map_err(failed)?);
    while let Some(message) = messages.try_next().await.map_err(failed)? {
        if let SimpleQueryMessage::Row(row) = message {
            rows.row((0..row.len()).map(|place| Ok(row.get(place).unwrap_or_default())))?;
        }
    }
    drop(client);
    let _ = connection.await;
    rows.finish()
}

fn problem(error: &Error, query: &str) -> Problem {
    let Some(database) = error.as_db_error() else {
        let mut message = error.to_string();
        if let Some(source) = error.source() {
            message = format!("{message}: {source}");
        }
        return Problem::Database(message, None);
    };
    // Several statements are a mistake of syntax that has no place.
    if *database.code() == SqlState::SYNTAX_ERROR && database.position().is_none() {
        return Problem::SeveralStatements;
    }
    let place = match database.position() {
        Some(ErrorPosition::Original(character)) => {
            let before = (*character as usize).saturating_sub(1);
            query.char_indices().nth(before).map(|(byte, _)| byte)
        }
        _ => None,
    };
    Problem::Database(database.message().to_owned(), place)
}
