//! What an operation would do beside what it says.

use super::subscription::plan_end;
use super::{IptvPortal, ids};
use crate::backend::{Effect, Operation, Preview};
use crate::error::{Refusal, Result};

impl IptvPortal {
    /// Reads what the operation itself would read first.
    pub(super) async fn previewed(&self, operation: &Operation) -> Result<Preview> {
        let name = operation.name();
        let mut preview = Preview::default();
        match operation {
            Operation::CreateSubscriber(new) => {
                preview.losses = self.plan_creation(new).await?.losses;
            }
            Operation::ChangeSubscriber(id, patch) => {
                preview.losses = self.plan_change(id, patch).await?.losses;
            }
            Operation::EnableSubscriber(id) | Operation::DisableSubscriber(id) => {
                self.by_id(name, id).await?;
            }
            Operation::DeleteSubscriber(id) => {
                ids::subscriber(name, id)?;
                preview.effects.push(Effect::Irreversible);
            }
            Operation::BindTerminal(id, mac) => {
                self.plan_binding(id, *mac).await?;
            }
            Operation::MoveTerminal(id, to) => {
                self.plan_move(id, to).await?;
            }
            Operation::UnbindTerminal(id) => {
                self.terminal(name, id).await?;
            }
            Operation::AddSubscription(new) => {
                self.plan_subscription(new).await?;
            }
            Operation::EndSubscription(id, end) => {
                plan_end(id, *end)?;
            }
            Operation::Send(_, command) => {
                return Err(Refusal::lacking(name, command.capability()).into());
            }
        }
        Ok(preview)
    }
}
