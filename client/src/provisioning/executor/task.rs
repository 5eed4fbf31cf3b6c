//! One job while it is run.

use super::job::{Change, Job, Outcome};
use super::world::{World, handle};
use crate::error::Error;
use crate::model::{FieldLoss, Patch, Timestamp};
use crate::provisioning::conflict::Conflict;
use crate::provisioning::desired::{Desired, Presence};
use crate::provisioning::effect::Effect;
use crate::provisioning::identity::{Identity, Key, KeyKind};
use crate::provisioning::plan::{FieldDiff, Step};
use crate::provisioning::platform::Platform;

/// A step, recognised by its name and what it mends: a plan that is made again
/// has other slots.
pub(super) type Mark = (&'static str, Vec<FieldDiff>);

pub(super) fn mark<W>(step: &Step<W>) -> Mark {
    (step.name, step.differs.clone())
}

/// A step with the keys that its subscriber gets and gives up by it.
pub(super) struct Drawn<W> {
    pub(super) step: Step<W>,
    pub(super) needs: Vec<Key>,
    pub(super) frees: Vec<Key>,
}

pub(super) struct Task<P: Platform> {
    pub(super) find: Vec<Key>,
    pub(super) wanted: Desired,
    pub(super) fingerprint: Option<Option<u64>>,
    /// The key it is held on to once it was found.
    pub(super) pin: Option<Key>,
    /// It was there at the first look.
    pub(super) was_there: Option<bool>,
    pub(super) present: Option<P::Observed>,
    pub(super) before: Option<P::Observed>,
    /// Keys that its plan has asked for.
    pub(super) asks: Vec<Key>,
    pub(super) steps: Vec<Drawn<P::Write>>,
    /// The fields that the platform has no place for.
    pub(super) lacks: Vec<FieldLoss>,
    pub(super) losses: Vec<FieldLoss>,
    pub(super) done: Vec<&'static str>,
    /// Steps whose answers were lost.
    pub(super) lost: Vec<Mark>,
    /// Steps that were acknowledged, round by round.
    pub(super) acknowledged: Vec<Vec<Mark>>,
    /// Steps that were rejected because of what others did.
    pub(super) rejected: Vec<Mark>,
    pub(super) trouble: Option<(&'static str, Error)>,
    /// A key that it waits for, and the job that has not given it up yet.
    pub(super) waits: Option<(Key, usize)>,
    pub(super) created: bool,
    /// Keys that it has given up for a while.
    pub(super) parked: Vec<Key>,
    /// The effects of the steps that were made, beside what terminals show.
    pub(super) effects: Vec<Effect>,
    /// Those of steps whose answers were lost, or prove nothing.
    pub(super) unproven: Vec<(Mark, Vec<Effect>)>,
    pub(super) outcome: Option<Outcome>,
}

impl<P: Platform> Task<P> {
    pub(super) fn new(job: Job) -> Task<P> {
        Task {
            find: job.find,
            wanted: job.wanted,
            fingerprint: job.fingerprint,
            pin: None,
            was_there: None,
            present: None,
            before: None,
            asks: Vec::new(),
            steps: Vec::new(),
            lacks: Vec::new(),
            losses: Vec::new(),
            done: Vec::new(),
            lost: Vec::new(),
            acknowledged: Vec::new(),
            rejected: Vec::new(),
            trouble: None,
            waits: None,
            created: false,
            parked: Vec::new(),
            effects: Vec::new(),
            unproven: Vec::new(),
            outcome: None,
        }
    }

    /// Returns `true` if the step was acknowledged in each of two rounds, as
    /// often as it is left: the rows of one subscriber may need like steps.
    pub(super) fn does_not_take(&self, step: &Step<P::Write>) -> bool {
        let mark = mark(step);
        let count = |marks: &[Mark]| marks.iter().filter(|own| **own == mark).count();
        let like = self
            .steps
            .iter()
            .filter(|drawn| self::mark(&drawn.step) == mark)
            .count();
        let rounds = self
            .acknowledged
            .iter()
            .filter(|round| count(round) >= like)
            .count();
        !step.blind && rounds >= 2
    }

    pub(super) fn is_open(&self) -> bool {
        self.outcome.is_none()
    }

    /// Returns the keys to look by: of one that may have to be created also
    /// those that it will need then, so that one question is enough.
    pub(super) fn first_keys(&self, identity: &Identity) -> Vec<Key> {
        let mut keys = self.find.clone();
        if self.wanted.presence == Presence::Create && self.pin.is_none() {
            let login = self.wanted.login.as_deref();
            keys.extend(login.map(|login| identity.login(login)));
            if let Patch::Set(reference) = &self.wanted.external_ref {
                keys.push(identity.reference(reference));
            }
        }
        keys
    }

    /// Finds the subscriber among those that were loaded.
    pub(super) fn identify(
        &mut self,
        platform: &P,
        catalogue: Option<&P::Catalogue>,
        world: &World<P::Observed>,
    ) {
        let mut found = None;
        for key in &self.find {
            let fits = |one: &&P::Observed| self.is_it(platform, catalogue, world.now(), one, key);
            let mut holders = world.with_handles(key).map(|(one, _)| one).filter(fits);
            match (holders.next(), holders.next()) {
                (None, _) => continue,
                (Some(only), None) => found = Some(only.clone()),
                (Some(_), Some(_)) => {
                    let key = key.clone();
                    self.outcome = Some(Outcome::Left(Conflict::Ambiguous { key }));
                    return;
                }
            }
            break;
        }
        if let (None, None, Presence::Absent, [key]) =
            (&found, self.was_there, self.wanted.presence, &*self.find)
            && key.kind() == KeyKind::Login
            && world.with_handles(key).any(|(one, _)| {
                let view = platform.view(one, catalogue, world.now());
                view.subscriber.is_some()
            })
        {
            // It is there, and not by itself: who asks must not think it is gone.
            let key = key.clone();
            self.outcome = Some(Outcome::Left(Conflict::Taken { key }));
        }
        let was_there = *self.was_there.get_or_insert(found.is_some());
        if self.before.is_none() && was_there {
            self.before.clone_from(&found);
        }
        if let (Some(found), None) = (&found, &self.pin) {
            self.pin(platform, found);
        }
        self.present = found;
    }

    /// Returns `true` if this is the subscriber that the key is to find.
    fn is_it(
        &self,
        platform: &P,
        catalogue: Option<&P::Catalogue>,
        now: Timestamp,
        one: &P::Observed,
        key: &Key,
    ) -> bool {
        let view = platform.view(one, catalogue, now);
        let Some(login) = view.login() else {
            return false;
        };
        if key.kind() != KeyKind::Login {
            return true;
        }
        // The login of a further row is not the subscriber's.
        if platform.identity().login(login) != *key {
            return false;
        }
        // The login may be another contract's, or have become so since: one that
        // is held on to by its login had no reference when it was found.
        let may_be_anothers = self.pin.is_some()
            || self.wanted.presence == Presence::Create
                && matches!(self.wanted.external_ref, Patch::Set(_));
        let identity = platform.identity();
        let own = match &self.wanted.external_ref {
            Patch::Set(reference) => Some(identity.reference(reference)),
            _ => None,
        };
        let keys = platform.keys(one);
        let mut references = keys.iter().filter(|key| key.kind() == KeyKind::Reference);
        !may_be_anothers || references.all(|key| Some(key) == own.as_ref())
    }

    /// Holds on to the subscriber: who was found is not looked for by another
    /// key again, for that may be somebody else's by then.
    fn pin(&mut self, platform: &P, found: &P::Observed) {
        let Some(pin) = handle(&platform.keys(found)) else {
            return;
        };
        self.find = vec![pin.clone()];
        // A login that is to change is the only handle there is.
        if pin.kind() == KeyKind::Login
            && let Some(login) = &self.wanted.login
        {
            let new = platform.identity().login(login);
            if new != pin {
                self.find.push(new);
            }
        }
        self.pin = Some(pin);
    }

    /// Takes over the effects of steps whose answers were lost or prove nothing:
    /// one that is not among the steps that are left was made.
    pub(super) fn settle_effects(&mut self) {
        for (lost, effects) in std::mem::take(&mut self.unproven) {
            if !self.steps.iter().any(|drawn| mark(&drawn.step) == lost) {
                self.effects.extend(effects);
            }
        }
    }

    pub(super) fn finish(&mut self) {
        let wrote = !self.done.is_empty() || !self.lost.is_empty();
        let change = match (self.wanted.presence, self.was_there) {
            (Presence::Create, Some(true)) => Change::Adopted,
            (Presence::Create, _) if self.created => Change::Made,
            (Presence::Create, _) => Change::Adopted,
            _ if wrote => Change::Made,
            _ => Change::Nothing,
        };
        self.outcome = Some(Outcome::Done(change));
    }

    /// Reading failed: what was sent before decides what is known.
    pub(super) fn fail(&mut self, step: &'static str, error: Error) {
        let done = self.done.clone();
        self.outcome = Some(match self.trouble.take() {
            Some((step, error)) if !self.lost.is_empty() => Outcome::Unknown { done, step, error },
            _ => Outcome::Failed { done, step, error },
        });
    }

    /// Ends it while steps are still left.
    pub(super) fn give_up(&mut self, reason: &'static str) {
        let done = self.done.clone();
        let lost = !self.lost.is_empty();
        self.outcome = Some(match (self.trouble.take(), self.steps.first()) {
            (Some((step, error)), _) if lost => Outcome::Unknown { done, step, error },
            (Some((step, error)), _) => Outcome::Failed { done, step, error },
            (None, _) if done.is_empty() || reason == super::STOPPED => {
                Outcome::Left(Conflict::Withheld { reason })
            }
            (None, Some(left)) => Outcome::NotApplied {
                step: left.step.name,
                fields: left.step.differs.clone(),
            },
            (None, None) => Outcome::NotApplied {
                step: "look",
                fields: Vec::new(),
            },
        });
    }
}
