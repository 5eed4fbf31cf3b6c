//! `stb_msg`: messages.

use std::time::Duration;

use super::call::Call;
use super::form::Form;
use super::identifier::Guess;
use super::outcome::Outcome;
use super::{AccountKeys, Ministra};
use crate::error::{Refusal, Result};

/// A message to be shown on boxes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StbMessage {
    /// The text.
    pub msg: String,
    /// The time of attempts to deliver it; a week if not given.
    pub ttl: Option<Duration>,
    /// The time it is on the screen; not documented.
    pub auto_hide_timeout: Option<Duration>,
}

impl StbMessage {
    /// A text to be delivered within a week.
    pub fn new(text: impl Into<String>) -> StbMessage {
        StbMessage {
            msg: text.into(),
            ttl: None,
            auto_hide_timeout: None,
        }
    }

    fn form(&self, operation: &'static str) -> Result<Form, Refusal> {
        text(operation, &self.msg)?;
        let mut form = Form::default();
        form.add("msg", &self.msg);
        seconds(&mut form, "ttl", self.ttl);
        seconds(&mut form, "auto_hide_timeout", self.auto_hide_timeout);
        Ok(form)
    }
}

/// Refuses what PHP takes for no text.
pub(super) fn text(operation: &'static str, text: &str) -> Result<(), Refusal> {
    match text {
        "" | "0" => Err(Refusal::new(
            operation,
            "a message that is empty or 0 is none",
        )),
        _ => Ok(()),
    }
}

/// In whole seconds, at least one.
pub(super) fn seconds(form: &mut Form, name: &'static str, duration: Option<Duration>) {
    if let Some(duration) = duration {
        form.add(name, duration.as_secs().max(1).to_string());
    }
}

/// Messages to boxes.
#[derive(Debug, Clone, Copy)]
pub struct StbMsg<'a>(pub(super) &'a Ministra);

impl StbMsg<'_> {
    /// Shows a message on these boxes.
    ///
    /// ```no_run
    /// # async fn example(ministra: &jsonsql_client::ministra::Ministra) -> jsonsql_client::Result<()> {
    /// use jsonsql_client::ministra::{AccountNumber, StbMessage};
    ///
    /// let number = AccountNumber::new("1553")?;
    /// ministra.stb_msg().send(&number, &StbMessage::new("Your account is overdrawn")).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [Not found](crate::Error::is_not_found) if there is none of them; if
    /// there are some, the others are left out.
    pub async fn send(&self, to: impl Into<AccountKeys>, message: &StbMessage) -> Result<()> {
        const POST: &str = "POST stb_msg";
        let identifiers = to.into().identifiers(POST, Guess::ByLength)?;
        self.post(Call::new(POST).of(identifiers).form(message.form(POST)?))
            .await
    }

    /// Shows a message on every box there is.
    ///
    /// # Errors
    ///
    /// As of every call: see the [module](super).
    pub async fn broadcast(&self, message: &StbMessage) -> Result<()> {
        const POST: &str = "POST stb_msg";
        self.post(Call::new(POST).form(message.form(POST)?)).await
    }

    async fn post(&self, call: Call) -> Result<()> {
        let outcome: Outcome = self.0.call(call, "true").await?;
        outcome.or_not_applied(self.0, "POST stb_msg")
    }
}
