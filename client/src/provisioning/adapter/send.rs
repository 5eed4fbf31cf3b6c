//! Commands for terminals.

use super::Adapter;
use crate::error::{Error, Refusal, Result};
use crate::model::{Command, Recipients, Timestamp};
use crate::provisioning::executor::Change;
use crate::provisioning::identity::Key;
use crate::provisioning::operation::Applied;
use crate::provisioning::platform::{Audience, Platform};

const SEND: &str = "send";

impl<P: Platform> Adapter<P> {
    pub(super) fn refuse_lacking(&self, command: &Command) -> Result<()> {
        match command.lacking(&self.platform.capabilities()) {
            None => Ok(()),
            Some(lacking) => Err(Refusal::lacking(SEND, lacking).into()),
        }
    }

    /// Tells everybody who is found; whoever is not is named before anybody is
    /// told.
    pub(super) async fn tell(&self, to: &Recipients, command: &Command) -> Result<Applied<()>> {
        self.refuse_lacking(command)?;
        let identity = self.platform.identity();
        let keys: Vec<Key> = match to {
            Recipients::Subscribers(all) => all.iter().map(|id| identity.id(id)).collect(),
            Recipients::Terminals(all) => all.iter().map(|id| identity.terminal(id)).collect(),
        };
        if keys.is_empty() {
            return Err(Refusal::new(SEND, "there are no recipients").into());
        }
        let found = self.platform.load(&keys).await?.found;
        let known: Vec<Vec<Key>> = found.iter().map(|one| self.platform.keys(one)).collect();
        let is_there = |key: &Key| known.iter().any(|own| own.contains(key));
        if let Some(missing) = keys.iter().find(|key| !is_there(key)) {
            return Err(Error::Missing {
                record: missing.kind().record(),
                place: None,
            });
        }
        let has_terminals = |one: &P::Observed| {
            let view = self.platform.view(one, None, Timestamp::now());
            !view.terminals.is_empty() || !view.screens.is_empty()
        };
        let terminals = match to {
            Recipients::Subscribers(_) if !found.iter().any(has_terminals) => {
                return Ok(Applied::new((), Change::Nothing));
            }
            Recipients::Subscribers(_) => None,
            Recipients::Terminals(_) => Some(keys.as_slice()),
        };
        let audience = Audience {
            subscribers: &found,
            terminals,
        };
        self.platform.send(&audience, command).await?;
        let mut applied = Applied::new((), Change::Made);
        applied.losses = self.platform.losses(command);
        Ok(applied)
    }
}
