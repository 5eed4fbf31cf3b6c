//! The embedded engine, PostgreSQL through the sandbox, and PostgreSQL alone,
//! with the same tables and rows.

use jsonsql_sandbox::Sandbox;
use tokio::task::JoinHandle;

use crate::cluster;
use crate::http::Client;

pub(super) struct Engines {
    pub(super) embedded: Sandbox,
    /// Of the embedded engine, and of PostgreSQL through the sandbox.
    pub(super) clients: [Client; 2],
    pub(super) direct: tokio_postgres::Client,
    _kept: ([Sandbox; 2], JoinHandle<()>),
}

impl Engines {
    /// New ones. PostgreSQL has to be installed.
    pub(super) async fn start() -> Engines {
        let embedded = Sandbox::builder().start().await.unwrap();
        let through = cluster::database().await.unwrap();
        let through = Sandbox::builder().database(through).start().await.unwrap();
        let url = cluster::database().await.unwrap();
        // Only for the tables and the seed.
        let made = Sandbox::builder().database(&url).start().await.unwrap();
        let (direct, connection) = cluster::connect(&url).await;
        let session = "SET TimeZone = 'UTC'; SET jsonsql.domain = 1; SET ROLE jsonsql_sandbox";
        direct.batch_execute(session).await.unwrap();
        let clients = [
            Client::login(&embedded).await,
            Client::login(&through).await,
        ];
        Engines {
            embedded,
            clients,
            direct,
            _kept: ([through, made], connection),
        }
    }
}
