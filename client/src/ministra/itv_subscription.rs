//! `itv_subscription`: single channels.

use serde::Deserialize;

use super::call::Call;
use super::form::Form;
use super::identifier::Guess;
use super::outcome::rows;
use super::php_serde::{Rows, filled, known_flag, texts};
use super::{AccountKeys, ChannelId, Ministra};
use crate::error::{Error, Refusal, Result};

/// The single channels a box has. Only boxes that ever had some have a record.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct ItvSubscription {
    /// The channels, as they were written: whether there are such is not looked at.
    #[serde(default, deserialize_with = "texts")]
    pub sub_ch: Vec<String>,
    /// The MAC address; none if the account has no box, or is gone.
    #[serde(default, deserialize_with = "filled")]
    pub mac: Option<String>,
    /// The account number; none if the account has none, or is gone.
    #[serde(default, deserialize_with = "filled")]
    pub ls: Option<String>,
    /// `true` if it has the video club, karaoke and the like; none if the account
    /// is gone.
    #[serde(default, deserialize_with = "known_flag")]
    pub additional_services_on: Option<bool>,
}

/// A change of single channels; what it does not name stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ItvSubscriptionPatch {
    /// All channels that are available. Channels given as a bonus are lost.
    pub sub_ch: Option<Vec<ChannelId>>,
    /// `true` to have the video club, karaoke and the like.
    pub additional_services_on: Option<bool>,
}

impl ItvSubscriptionPatch {
    fn form(&self) -> Result<Form, Refusal> {
        let mut form = Form::default();
        if let Some(channels) = &self.sub_ch {
            for channel in channels {
                form.add("sub_ch[]", channel.to_string());
            }
            // Only a text in place of the list empties it.
            if channels.is_empty() {
                form.add("sub_ch", "");
            }
        }
        form.flag("additional_services_on", self.additional_services_on);
        if form.is_empty() {
            return Err(Refusal::new(PUT, "there is nothing to change"));
        }
        Ok(form)
    }
}

/// The single channels of boxes.
#[derive(Debug, Clone, Copy)]
pub struct ItvSubscriptions<'a>(pub(super) &'a Ministra);

const GET: &str = "GET itv_subscription";
const PUT: &str = "PUT itv_subscription";
const LIST: &str = "a list of subscriptions";

impl ItvSubscriptions<'_> {
    /// All records of accounts there are.
    ///
    /// # Errors
    ///
    /// As of every call: see the [module](super).
    pub async fn list(&self) -> Result<Vec<ItvSubscription>> {
        let Rows(subscriptions) = self.0.call(Call::new(GET).patient(), LIST).await?;
        rows(self.0, GET, subscriptions)
    }

    /// The records of these boxes. The server answers with all there are if it
    /// knows none of the identifiers; what was not asked for is left out here.
    ///
    /// # Errors
    ///
    /// As of every call: see the [module](super).
    pub async fn get(&self, of: impl Into<AccountKeys>) -> Result<Vec<ItvSubscription>> {
        let of = of.into();
        let identifiers = of.identifiers(GET, Guess::ByLength)?;
        let Rows(subscriptions) = self.0.call(Call::new(GET).of(identifiers), LIST).await?;
        Ok(asked_for(&of, rows(self.0, GET, subscriptions)?))
    }

    /// Changes these boxes' channels and answers with their records.
    ///
    /// # Errors
    ///
    /// [`NotApplied`](crate::Error::NotApplied) if there is none of them, or
    /// if not all channels were stored: PHP reads a thousand fields and cuts
    /// the rest without an error.
    pub async fn update(
        &self,
        of: impl Into<AccountKeys>,
        patch: &ItvSubscriptionPatch,
    ) -> Result<Vec<ItvSubscription>> {
        let of = of.into();
        let identifiers = of.identifiers(PUT, Guess::ByLength)?;
        let call = Call::new(PUT).of(identifiers).form(patch.form()?);
        let Rows(written) = self.0.call(call, LIST).await?;
        let written = asked_for(&of, rows(self.0, PUT, written)?);
        if written.is_empty() {
            return Err(Error::NotApplied {
                operation: PUT,
                found: "there is no such account".into(),
                place: Some(self.0.0.rest.place(PUT)),
            });
        }
        stored(self.0, patch, written)
    }

    /// Changes the channels of every box there is.
    ///
    /// # Errors
    ///
    /// As of [`update`](Self::update).
    pub async fn broadcast(&self, patch: &ItvSubscriptionPatch) -> Result<Vec<ItvSubscription>> {
        let Rows(written) = self
            .0
            .call(Call::new(PUT).form(patch.form()?), LIST)
            .await?;
        stored(self.0, patch, rows(self.0, PUT, written)?)
    }
}

fn asked_for(of: &AccountKeys, mut rows: Vec<ItvSubscription>) -> Vec<ItvSubscription> {
    rows.retain(|row| match of {
        AccountKeys::Numbers(numbers) => row.ls.as_ref().is_some_and(|ls| {
            // Letter case does not matter to the server.
            let ls = ls.to_lowercase();
            numbers
                .iter()
                .any(|number| number.as_str().to_lowercase() == ls)
        }),
        AccountKeys::Macs(macs) => row
            .mac
            .as_ref()
            .is_some_and(|mac| mac.parse().is_ok_and(|mac| macs.contains(&mac))),
    });
    rows
}

fn stored(
    by: &Ministra,
    patch: &ItvSubscriptionPatch,
    written: Vec<ItvSubscription>,
) -> Result<Vec<ItvSubscription>> {
    let Some(channels) = &patch.sub_ch else {
        return Ok(written);
    };
    match written
        .iter()
        .find(|row| row.sub_ch.len() != channels.len())
    {
        None => Ok(written),
        Some(row) => {
            let (stored, sent) = (row.sub_ch.len(), channels.len());
            Err(Error::NotApplied {
                operation: PUT,
                found: format!("{stored} of {sent} channels were stored").into(),
                place: Some(by.0.rest.place(PUT)),
            })
        }
    }
}
