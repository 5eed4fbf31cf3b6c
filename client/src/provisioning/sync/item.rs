//! The jobs of a schedule, kept in little space: there may be a million of them.

use secrecy::SecretString;

use super::index::{login, reference};
use super::show::ItemText;
use super::wanted::{WantedRow, WantedRows};
use crate::provisioning::desired::{Desired, Presence};
use crate::provisioning::executor::{Forecast, Job};
use crate::provisioning::identity::{Identity, Key};

/// A job of a schedule.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Item {
    /// The line of the export; none if it is not in it.
    pub line: Option<u64>,
    /// The login, for messages.
    pub login: String,
    /// The forecast of the job; none until it is requested.
    pub forecast: Option<Forecast>,
    origin: Origin,
    presence: Presence,
    /// The password for who is to be created, or that there is none, in place of the one
    /// that the job has.
    password: Option<Option<SecretString>>,
    /// It needs nothing that another one has.
    pub(super) is_alone: bool,
    /// The text about it, of a job that was read from a plan file.
    pub(super) saved: Option<Box<ItemText>>,
}

/// Where the job is made from.
#[derive(Debug, Clone)]
enum Origin {
    /// A row of the export, by its number.
    Row(u32),
    /// The job itself.
    Job(Box<Job>),
}

impl Item {
    /// The job of a row of the export.
    pub(super) fn of_row(number: u32, wanted: &WantedRow) -> Item {
        let login = wanted.desired.login.clone().unwrap_or_default();
        Item {
            line: wanted.line,
            ..Item::new(login, Origin::Row(number), wanted.desired.presence)
        }
    }

    /// A job that is made already: of a subscriber that is not in the export, or of a plan
    /// file.
    pub(super) fn of_job(login: String, job: Job) -> Item {
        let presence = job.wanted().presence;
        Item::new(login, Origin::Job(Box::new(job)), presence)
    }

    fn new(login: String, origin: Origin, presence: Presence) -> Item {
        Item {
            line: None,
            login,
            forecast: None,
            origin,
            presence,
            password: None,
            is_alone: false,
            saved: None,
        }
    }

    /// Makes the job, which leaves whoever has changed since the forecast as they are.
    pub(super) fn job(&self, identity: &Identity, export: &dyn WantedRows) -> Job {
        let mut job = match &self.origin {
            Origin::Row(number) => {
                let desired = export.row(*number as usize).into_owned().desired;
                Job::new(keys_to_find_by(identity, &desired), desired)
            }
            Origin::Job(job) => Job::clone(job),
        };
        if let Some(password) = &self.password {
            job.wanted.password.clone_from(password);
        }
        match &self.forecast {
            Some(forecast) => job.unless_changed(forecast.fingerprint),
            None => job,
        }
    }

    /// Gives whoever is to be created this password, or none.
    pub(super) fn set_password(&mut self, password: Option<SecretString>) {
        self.password = Some(password);
    }

    /// Returns `true` if the subscriber was not there.
    pub(super) fn is_creation(&self) -> bool {
        let forecast = self.forecast.as_ref();
        self.presence == Presence::Create
            && forecast.is_some_and(|forecast| forecast.fingerprint.is_none())
    }

    pub(super) fn is_deletion(&self) -> bool {
        self.presence == Presence::Absent
    }

    pub(super) fn takes_away(&self) -> bool {
        let forecast = self.forecast.as_ref();
        forecast.is_some_and(|forecast| forecast.takes_away)
    }
}

/// Returns the keys that the subscriber of a row is found by.
pub(super) fn keys_to_find_by(identity: &Identity, desired: &Desired) -> Vec<Key> {
    let reference = reference(identity, desired).into_iter();
    reference.chain(login(identity, desired)).collect()
}
