//! Work that is the same on every platform.

/// Runs a block with the platform of a connection under a name: the three adapters
/// are three types, and the block is compiled for each.
macro_rules! on_platform {
    ($connection:expr, $platform:ident => $work:expr) => {
        match $connection.client() {
            $crate::target::AnyClient::IptvPortal(client) => {
                let $platform = jsonsql_client::provisioning::IptvPortal::new(client.clone());
                $work
            }
            $crate::target::AnyClient::Ministra(client) => {
                let $platform = jsonsql_client::provisioning::Ministra::new(client.clone());
                $work
            }
            $crate::target::AnyClient::Tvip(client) => {
                let $platform = jsonsql_client::provisioning::Tvip::new(client.clone());
                $work
            }
        }
    };
}
pub(crate) use on_platform;
