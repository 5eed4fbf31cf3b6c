//! Connections: some for clients' statements, and the owner's.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{Semaphore, SemaphorePermit};
use tokio_postgres::config::SslMode;
use tokio_postgres::{CancelToken, Client, Config, Error, NoTls};

use super::ddl::CLIENTS;
use super::socket::{self, Quota};
use crate::engine::Fault;

/// The number of statements that run at a time at most. PostgreSQL takes 100
/// connections unless told otherwise, and the sandbox is not its only user.
const LARGEST: usize = 16;

/// The settings of the session of every connection: literals as the writer writes
/// them, values printed the same everywhere.
const SESSION: &str = "SET standard_conforming_strings = on; SET client_encoding = 'UTF8'; \
     SET DateStyle = 'ISO'; SET IntervalStyle = 'postgres'; SET TimeZone = 'UTC'; \
     SET bytea_output = 'hex'; SET client_min_messages = warning";

pub(super) struct Pool {
    config: Config,
    limit: Duration,
    idle: Mutex<Vec<(Client, Quota)>>,
    places: Semaphore,
}

/// A connection on which clients' statements run.
pub(super) struct Lent<'p> {
    client: Client,
    /// The number of bytes that may still arrive over the connection.
    pub(super) quota: Quota,
    _place: SemaphorePermit<'p>,
}

impl std::ops::Deref for Lent<'_> {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.client
    }
}

/// The modes of libpq that check certificates, which the client does not read.
fn tls(url: &str) -> Option<&'static str> {
    let modes = ["verify-ca", "verify-full"];
    modes
        .into_iter()
        .find(|mode| url.contains(&format!("sslmode={mode}")))
}

fn no_tls(mode: &str) -> String {
    format!(
        "sslmode={mode}: TLS to PostgreSQL is not supported; use a server on this machine \
         or a tunnel, and sslmode=disable"
    )
}

/// A connection with its session set, as the user of the URL.
pub(super) async fn connect(config: &Config) -> Result<Client, Error> {
    let (client, connection) = config.connect(NoTls).await?;
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            tracing::warn!(%error, "a connection to PostgreSQL ended");
        }
    });
    client.batch_execute(SESSION).await?;
    Ok(client)
}

impl Pool {
    pub(super) fn new(url: &str, limit: Duration) -> Result<Pool, String> {
        let mut config: Config = url.parse().map_err(|error: Error| match tls(url) {
            Some(mode) => no_tls(mode),
            None => super::describe(&error),
        })?;
        if config.get_ssl_mode() == SslMode::Require {
            return Err(no_tls("require"));
        }
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(Duration::from_secs(10));
        }
        Ok(Pool {
            config,
            limit,
            idle: Mutex::default(),
            places: Semaphore::new(LARGEST),
        })
    }

    /// A connection as the user of the URL, who owns the tables.
    pub(super) async fn owner(&self) -> Result<Client, Error> {
        connect(&self.config).await
    }

    pub(super) fn config(&self) -> &Config {
        &self.config
    }

    /// A connection as the role of the clients. One that is dropped, because
    /// its caller was, is closed and its transaction rolled back.
    pub(super) async fn client(&self) -> Result<Lent<'_>, Fault> {
        // The semaphore is never closed, so there is always a permit.
        let place = self.places.acquire().await.expect("never closed");
        while let Some((client, quota)) = self.idle().pop() {
            if !client.is_closed() {
                return Ok(Lent {
                    client,
                    quota,
                    _place: place,
                });
            }
        }
        // Whatever PostgreSQL says here, it is about no statement.
        let failed = |error: &Error| Fault::Storage(super::describe(error));
        let (socket, quota) = socket::connect(&self.config)
            .await
            .map_err(|error| Fault::Storage(format!("error connecting to server: {error}")))?;
        let connected = self.config.connect_raw(socket, NoTls).await;
        let (client, connection) = connected.map_err(|error| failed(&error))?;
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::warn!(%error, "a connection to PostgreSQL ended");
            }
        });
        let limit = self.limit.as_millis().max(1);
        let session = format!("{SESSION}; SET statement_timeout = {limit}; SET ROLE {CLIENTS}");
        let set = client.batch_execute(&session).await;
        set.map_err(|error| failed(&error))?;
        Ok(Lent {
            client,
            quota,
            _place: place,
        })
    }

    /// Ends the statement that runs on a connection. That it may have ended by
    /// itself is no failure, and any other shows by its going on.
    pub(super) async fn cancel(&self, token: &CancelToken) {
        match socket::connect(&self.config).await {
            Ok((socket, _)) => {
                if let Err(error) = token.cancel_query_raw(socket, NoTls).await {
                    tracing::warn!(%error, "a statement cannot be canceled");
                }
            }
            Err(error) => tracing::warn!(%error, "a statement cannot be canceled"),
        }
    }

    /// Keeps a connection whose transaction has ended.
    pub(super) fn back(&self, lent: Lent<'_>) {
        self.idle().push((lent.client, lent.quota));
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<(Client, Quota)>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
