//! One run at a time writes to many subscribers of a server.

use std::env;
use std::path::PathBuf;

use jsonsql_client::provisioning::sync::RunLock;

use crate::exit::{Failure, Result};
use crate::target::Connection;

/// Where the locks are.
#[derive(clap::Args)]
pub(crate) struct LockArgs {
    /// The directory of the locks; by default `jsonsql` in `XDG_STATE_HOME` or `~/.local/state`
    #[arg(long, value_name = "DIR")]
    state: Option<PathBuf>,

    /// The name of the lock: of the runs with one name on a platform, one at a time is
    /// under way, and an export's size is compared with that of the run before. By
    /// default the server's address; another name keeps the operators of one server
    /// apart
    #[arg(long, value_name = "NAME")]
    lock_name: Option<String>,
}

impl LockArgs {
    /// Takes the lock of a server; a sandbox of this run has none.
    ///
    /// # Errors
    ///
    /// A guard's when another run has it.
    pub(crate) fn take(&self, connection: &Connection) -> Result<Option<RunLock>> {
        if connection.is_sandbox() {
            return Ok(None);
        }
        let set = |name| {
            env::var_os(name)
                .filter(|value| !value.is_empty())
                .map(PathBuf::from)
        };
        let home = || Some(set("HOME")?.join(".local/state"));
        let directory = (self.state.clone())
            .or_else(|| Some(set("XDG_STATE_HOME").or_else(home)?.join("jsonsql")))
            .ok_or_else(|| Failure::usage("--state has to name a directory"))?;
        let lock = RunLock::take(
            &directory,
            connection.platform().name(),
            self.lock_name.as_deref().unwrap_or(&connection.address),
        );
        let lock = lock.map_err(|error| Failure::guarded(error.to_string()))?;
        Ok(Some(lock))
    }
}
