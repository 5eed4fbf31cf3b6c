//! A query of PostgreSQL, in its simple protocol: every value is text.

use std::error::Error as _;
use std::pin::pin;

use futures_util::TryStreamExt;
use jsonsql_client::provisioning::sync::export::Export;
use rustls::ClientConfig;
use rustls_platform_verifier::ConfigVerifierExt;
use tokio_postgres::config::SslMode;
use tokio_postgres::error::ErrorPosition;
use tokio_postgres::tls::MakeTlsConnect;
use tokio_postgres::{Config, Error, NoTls, SimpleQueryMessage, Socket};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::{Problem, Rows};

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
    let mut messages = pin!(client.simple_query_raw(query).await.map_err(failed)?);
    let mut rows: Option<Rows> = None;
    while let Some(message) = messages.try_next().await.map_err(failed)? {
        match (message, &mut rows) {
            (SimpleQueryMessage::RowDescription(columns), None) => {
                let names = columns.iter().map(|column| column.name().to_owned());
                rows = Some(Rows::new(names.collect())?);
            }
            (SimpleQueryMessage::RowDescription(_), Some(_)) => {
                return Err(Problem::SeveralStatements);
            }
            (SimpleQueryMessage::Row(row), Some(rows)) => {
                rows.row((0..row.len()).map(|place| Ok(row.get(place).unwrap_or_default())))?;
            }
            _ => {}
        }
    }
    drop(client);
    let _ = connection.await;
    match rows {
        Some(rows) => rows.finish(),
        None => Err(Problem::Database(
            "the query has no rows to give".to_owned(),
            None,
        )),
    }
}

fn problem(error: &Error, query: &str) -> Problem {
    let Some(database) = error.as_db_error() else {
        let mut message = error.to_string();
        if let Some(source) = error.source() {
            message = format!("{message}: {source}");
        }
        return Problem::Database(message, None);
    };
    let place = match database.position() {
        Some(ErrorPosition::Original(character)) => {
            let before = (*character as usize).saturating_sub(1);
            query.char_indices().nth(before).map(|(byte, _)| byte)
        }
        _ => None,
    };
    Problem::Database(database.message().to_owned(), place)
}
