//! `/commands/send/{providers|accounts|devices}`.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::answer::Asked;
use super::calls::Json;
use super::command::{Command, Wire};
use super::{AccountId, DeviceId, ProviderId, Tvip};
use crate::error::{Error, Refusal, Result};
use crate::http::rest::{Content, Outgoing};
use crate::http_method::HttpMethod;

const SEND: &str = "POST commands/send";

/// Sends commands to devices.
///
/// Only those connected at the time get them, and the server says neither which
/// nor whether any did. A command is never sent again on its own: a box that
/// restarts twice is worse than one that does not.
#[derive(Clone, Copy)]
pub struct Commands<'a>(pub(super) &'a Tvip);

#[derive(Serialize)]
struct Sending<'a> {
    ids: Vec<i64>,
    commands: Vec<Wire<'a>>,
}

#[derive(Deserialize)]
struct Sent {
    response: bool,
}

impl Commands<'_> {
    /// To all devices of all accounts of these providers.
    ///
    /// # Errors
    ///
    /// [`Error::Refused`] if there are no providers or commands, or a command
    /// makes no sense; those of every call.
    pub async fn to_providers(self, ids: &[ProviderId], commands: &[Command]) -> Result<()> {
        self.to("providers", ids, commands).await
    }

    /// To all devices of these accounts.
    ///
    /// # Errors
    ///
    /// As [`to_providers`](Self::to_providers).
    pub async fn to_accounts(self, ids: &[AccountId], commands: &[Command]) -> Result<()> {
        self.to("accounts", ids, commands).await
    }

    /// To these devices.
    ///
    /// # Errors
    ///
    /// As [`to_providers`](Self::to_providers).
    pub async fn to_devices(self, ids: &[DeviceId], commands: &[Command]) -> Result<()> {
        self.to("devices", ids, commands).await
    }

    /// With `broadcast=true`, which no document explains: presumably to every
    /// device of every provider. For all of one's own,
    /// [`to_providers`](Self::to_providers) is documented.
    ///
    /// # Errors
    ///
    /// As [`to_providers`](Self::to_providers).
    pub async fn broadcast_to_everybody(self, commands: &[Command]) -> Result<()> {
        self.send("providers", Vec::new(), commands, true).await
    }

    async fn to<I: Copy + Into<i64>>(
        self,
        class: &'static str,
        ids: &[I],
        commands: &[Command],
    ) -> Result<()> {
        if ids.is_empty() {
            // Whom the server would take nobody for is not known.
            let reason = format!("no {class}; it would not be known whom it reaches");
            return Err(Refusal::new(SEND, reason).into());
        }
        let ids = ids.iter().map(|id| (*id).into()).collect();
        self.send(class, ids, commands, false).await
    }

    async fn send(
        self,
        class: &'static str,
        ids: Vec<i64>,
        commands: &[Command],
        broadcast: bool,
    ) -> Result<()> {
        if commands.is_empty() {
            return Err(Refusal::new(SEND, "no commands").into());
        }
        let unit = self.0.ttl_unit();
        let commands: Result<Vec<Wire<'_>>, Refusal> =
            commands.iter().map(|command| command.wire(unit)).collect();
        let sending = Sending {
            ids,
            commands: commands?,
        };
        let content = Json::of(SEND, &sending)?;
        let asked = self.0.asked(SEND, content.texts());
        let call = Outgoing {
            method: HttpMethod::Post,
            resource: "commands/send",
            path: format!("commands/send/{class}"),
            query: Some(format!("broadcast={broadcast}")),
            content: Content::Json(content.bytes),
            repeatable: false,
        };
        let sent: Sent = self.0.rest().call(call, asked, Asked::record).await?;
        if !sent.response {
            return Err(Error::NotApplied {
                operation: SEND,
                found: "`response` is false".into(),
                place: Some(self.0.rest().place(SEND)),
            });
        }
        Ok(())
    }
}

impl fmt::Debug for Commands<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Commands")
    }
}
