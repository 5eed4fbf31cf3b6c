//! Writing subscriptions, of accounts and of devices.

use jiff::Timestamp;

use super::super::{
    Account, AccountId, AccountSubscription, AccountSubscriptionFilter, AccountSubscriptionId,
    Device, DeviceSubscription, DeviceSubscriptionFilter, DeviceSubscriptionId, Ending, Moment,
    NewAccountSubscription, NewDeviceSubscription, SubscriptionChange, TarifId, Tvip,
};
use super::convert::{OF_DEVICE, Time, account_subscription, device_subscription};
use super::find::number;
use super::lost;
use crate::backend::{Applied, Change};
use crate::error::{Error, Refusal, Result};
use crate::model::{
    End, Lossy, NewSubscription, Patch, SubscriberId, Subscription, SubscriptionId,
};

const ADD: &str = "add subscription";
const END: &str = "end subscription";

/// Whose subscriptions an operation is about.
enum Holder {
    Account(Account),
    Device(Device, AccountId),
}

/// A subscription of either kind.
enum Row {
    Account(AccountSubscription),
    Device(DeviceSubscription, AccountId),
}

impl Row {
    fn time(&self) -> Time {
        match self {
            Row::Account(row) => Time::of(row.start, row.stop),
            Row::Device(row, _) => Time::of(row.start, row.stop),
        }
    }

    fn model(self, now: Timestamp) -> Subscription {
        match self {
            Row::Account(row) => account_subscription(row, now),
            Row::Device(row, of) => device_subscription(row, of, now),
        }
    }
}

/// The times a subscription is to have: never before now, which has happened.
pub(super) fn times(
    new: &NewSubscription,
    now: Timestamp,
) -> Result<(Timestamp, Option<Timestamp>, Vec<Lossy>), Refusal> {
    let from = new.from.map_or(now, whole);
    let mut losses = Vec::new();
    if from < now {
        losses.push(Lossy::new("from", "in the past; it begins now"));
    }
    let from = from.max(now);
    let until = new.until.map(whole);
    if until.is_some_and(|until| until <= from) {
        return Err(Refusal::new(ADD, "until: not after its beginning"));
    }
    Ok((from, until, losses))
}

/// Refuses the id of a subscription of another platform.
pub(super) fn checked_id(id: &SubscriptionId) -> Result<(), Refusal> {
    let text = id.as_str();
    number(
        END,
        "subscription",
        text.strip_prefix(OF_DEVICE).unwrap_or(text),
    )
    .map(drop)
}

fn whole(time: Timestamp) -> Timestamp {
    Timestamp::from_second(time.as_second()).unwrap_or(time)
}

impl Tvip {
    pub(super) async fn subscriptions_of(&self, of: &SubscriberId) -> Result<Vec<Subscription>> {
        let account = AccountId(number("list subscriptions", "subscriber", of.as_str())?);
        if self.account(account).await?.is_none() {
            return Ok(Vec::new());
        }
        let now = self.now();
        let filter = AccountSubscriptionFilter {
            account: Some(account),
            ..AccountSubscriptionFilter::default()
        };
        let rows = self.account_subscriptions().list(filter).collect().await?;
        let mut all: Vec<Subscription> = rows
            .into_iter()
            .map(|row| account_subscription(row, now))
            .collect();
        for device in self.devices_of(account).await? {
            let filter = DeviceSubscriptionFilter {
                device: Some(device.id),
                ..DeviceSubscriptionFilter::default()
            };
            let rows = self.device_subscriptions().list(filter).collect().await?;
            all.extend(
                rows.into_iter()
                    .map(|row| device_subscription(row, account, now)),
            );
        }
        Ok(all)
    }

    pub(super) async fn subscribe(&self, new: &NewSubscription) -> Result<Applied<Subscription>> {
        let now = self.now();
        let (from, until, losses) = times(new, now)?;
        let (holder, tarif) = self.addition(new).await?;
        let wanted = Time {
            start: Some(from),
            stop: until,
        };
        let (row, change) = match self.running(&holder, tarif, wanted).await? {
            Some(row) => self.stretch(row, wanted).await?,
            None => match self.open(&holder, tarif, wanted).await {
                Err(lost) if lost.is_indeterminate() => {
                    match self.running(&holder, tarif, wanted).await {
                        Ok(Some(row)) if row.time() == wanted => (row, Change::Made),
                        _ => return Err(lost),
                    }
                }
                row => (row?, Change::Made),
            },
        };
        let is = row.time();
        if is.stop != until || is.start.is_some_and(|start| start > from) {
            return Err(Error::NotApplied {
                operation: ADD,
                found: "its times are not as asked for".into(),
                place: None,
            });
        }
        Ok(Applied::new(row.model(now), change, losses))
    }

    /// Whether there is everything that an addition is about.
    pub(super) async fn check_addition(&self, new: &NewSubscription) -> Result<()> {
        self.addition(new).await.map(drop)
    }

    async fn addition(&self, new: &NewSubscription) -> Result<(Holder, TarifId)> {
        let tarif = TarifId(number(ADD, "package", new.package.as_str())?);
        let holder = self.holder(new).await?;
        let known = self.tarifs().get(tarif).await?;
        if known.is_none_or(|tarif| !self.sees(tarif.provider)) {
            return Err(Error::Missing {
                record: "package",
                place: None,
            });
        }
        Ok((holder, tarif))
    }

    async fn holder(&self, new: &NewSubscription) -> Result<Holder> {
        let account = self.present_account(ADD, &new.subscriber).await?;
        let Some(terminal) = &new.terminal else {
            return Ok(Holder::Account(account));
        };
        let device = self.present_device(ADD, terminal).await?;
        if device.account != Some(account.id) {
            let reason = "terminal: expected one of the subscriber's";
            return Err(Refusal::new(ADD, reason).into());
        }
        Ok(Holder::Device(device, account.id))
    }

    /// The subscription that has a part of this time.
    async fn running(&self, holder: &Holder, tarif: TarifId, time: Time) -> Result<Option<Row>> {
        let now = self.now();
        let rows = self.rows(holder, tarif).await?.into_iter();
        let running = rows.filter(|row| !row.time().is_over(now) && row.time().overlaps(time));
        Ok(running.min_by_key(|row| row.time().start))
    }

    async fn rows(&self, holder: &Holder, tarif: TarifId) -> Result<Vec<Row>> {
        match holder {
            Holder::Account(account) => {
                let filter = AccountSubscriptionFilter {
                    account: Some(account.id),
                    tarif: Some(tarif),
                    ..AccountSubscriptionFilter::default()
                };
                let rows = self.account_subscriptions().list(filter).collect().await?;
                Ok(rows.into_iter().map(Row::Account).collect())
            }
            Holder::Device(device, account) => {
                let filter = DeviceSubscriptionFilter {
                    device: Some(device.id),
                    tarif: Some(tarif),
                    ..DeviceSubscriptionFilter::default()
                };
                let rows = self.device_subscriptions().list(filter).collect().await?;
                Ok(rows
                    .into_iter()
                    .map(|row| Row::Device(row, *account))
                    .collect())
            }
        }
    }

    fn moment(&self, at: Timestamp) -> Moment {
        Moment::new(at, self.options().offset)
    }

    async fn open(&self, holder: &Holder, tarif: TarifId, time: Time) -> Result<Row> {
        let start = self.moment(time.start.unwrap_or_else(|| self.now()));
        let stop = time.stop.map(|stop| self.moment(stop));
        Ok(match holder {
            Holder::Account(account) => {
                let new = NewAccountSubscription {
                    stop,
                    ..NewAccountSubscription::of(account.id, tarif, start)
                };
                Row::Account(self.account_subscriptions().create(&new).await?)
            }
            Holder::Device(device, account) => {
                let new = NewDeviceSubscription {
                    stop,
                    ..NewDeviceSubscription::of(device.id, tarif, start)
                };
                Row::Device(self.device_subscriptions().create(&new).await?, *account)
            }
        })
    }

    /// Gives a subscription that is there the times wanted: servers would take
    /// a second one to the same tariff.
    async fn stretch(&self, row: Row, wanted: Time) -> Result<(Row, Change)> {
        let is = row.time();
        let earlier = is.start > wanted.start;
        if !earlier && is.stop == wanted.stop {
            return Ok((row, Change::Nothing));
        }
        let start = wanted.start.filter(|_| earlier);
        let stop = match (is.stop == wanted.stop, wanted.stop) {
            (true, _) => Patch::Keep,
            (false, Some(stop)) => Patch::Set(stop),
            (false, None) => Patch::Clear,
        };
        Ok((self.retime(row, start, stop).await?, Change::Made))
    }

    async fn retime(
        &self,
        row: Row,
        start: Option<Timestamp>,
        stop: Patch<Timestamp>,
    ) -> Result<Row> {
        let as_asked = |time: Time| {
            start.is_none_or(|start| time.start == Some(start))
                && stop
                    .as_change()
                    .is_none_or(|stop| time.stop.as_ref() == stop)
        };
        let start = start.map(|start| self.moment(start));
        let stop = match stop {
            Patch::Keep => Patch::Keep,
            Patch::Clear => Patch::Clear,
            Patch::Set(stop) => Patch::Set(self.moment(stop)),
        };
        Ok(match row {
            Row::Account(row) => {
                let change = SubscriptionChange {
                    start,
                    stop,
                    ..SubscriptionChange::default()
                };
                let calls = self.account_subscriptions();
                let written = calls.update(row.id, &change).await;
                let seen = |row: &AccountSubscription| as_asked(Time::of(row.start, row.stop));
                Row::Account(lost::settle(calls, row.id, written, seen).await?)
            }
            Row::Device(row, of) => {
                let change = SubscriptionChange {
                    start,
                    stop,
                    ..SubscriptionChange::default()
                };
                let calls = self.device_subscriptions();
                let written = calls.update(row.id, &change).await;
                let seen = |row: &DeviceSubscription| as_asked(Time::of(row.start, row.stop));
                Row::Device(lost::settle(calls, row.id, written, seen).await?, of)
            }
        })
    }

    pub(super) async fn end(&self, id: &SubscriptionId, end: End) -> Result<Applied<()>> {
        let applied = |change| Ok(Applied::new((), change, Vec::new()));
        let Some(row) = self.row(id).await? else {
            return applied(Change::Nothing);
        };
        let now = self.now();
        let time = row.time();
        let (at, at_once) = match end {
            End::At(at) if whole(at) > now => (whole(at), false),
            End::At(_) | End::Now => (now, true),
        };
        let deletes = self.options().ending == Ending::Delete && at_once;
        if !deletes && (time.is_over(now) || time.stop == Some(at)) {
            return applied(Change::Nothing);
        }
        // One that would stop before it starts leaves no history.
        if deletes || time.start.is_some_and(|start| start > at) {
            match row {
                Row::Account(row) => self.account_subscriptions().delete(row.id).await?,
                Row::Device(row, _) => self.device_subscriptions().delete(row.id).await?,
            }
            return applied(Change::Made);
        }
        let ended = self.retime(row, None, Patch::Set(at)).await?;
        if ended.time().stop != Some(at) {
            return Err(Error::NotApplied {
                operation: END,
                found: "its `stop` is not as asked for".into(),
                place: None,
            });
        }
        applied(Change::Made)
    }

    /// The subscription with this key, if it is one of the provider's.
    async fn row(&self, id: &SubscriptionId) -> Result<Option<Row>> {
        if let Some(id) = id.as_str().strip_prefix(OF_DEVICE) {
            let id = DeviceSubscriptionId(number(END, "subscription", id)?);
            let Some(row) = self.device_subscriptions().get(id).await? else {
                return Ok(None);
            };
            let device = self.device(row.device).await?;
            let of = device.and_then(|device| device.account);
            return Ok(of.map(|of| Row::Device(row, of)));
        }
        let id = AccountSubscriptionId(number(END, "subscription", id.as_str())?);
        let Some(row) = self.account_subscriptions().get(id).await? else {
            return Ok(None);
        };
        let account = self.account(row.account).await?;
        Ok(account.map(|_| Row::Account(row)))
    }
}
