//! A terminal that is moved in one write, where the platform can.

use super::Executor;
use super::draft::Draft;
use super::job::ForecastStep;
use super::perform::{Way, refuse};
use super::task::{Task, mark};
use crate::error::Error;
use crate::provisioning::order::{Action, Entry};
use crate::provisioning::platform::{Platform, Proof};

/// The step's name in messages.
const MOVE: &str = "move the terminal";

/// The jobs of a move: whoever gives the terminal up, and whoever gets it.
const GIVER: usize = 0;
const TAKER: usize = 1;

impl<P: Platform> Draft<P> {
    /// Names the steps of a move's job as what they are made by.
    pub(super) fn name_transfer(&self, steps: &mut Vec<ForecastStep>, job: usize) {
        if self.transfer.is_none() {
            return;
        }
        match job {
            GIVER => {
                if let Some(last) = steps.last_mut() {
                    last.name = MOVE;
                }
            }
            _ => steps.clear(),
        }
    }

    /// Returns the write that makes this entry and the taker's.
    pub(super) fn transfer_at(&self, tasks: &[Task<P>], entry: &Entry) -> Option<&P::Write> {
        let last = tasks[GIVER].steps.len().checked_sub(1)?;
        let is_it = entry.job as usize == GIVER
            && matches!(entry.action, Action::Step(step) if step as usize == last);
        self.transfer.as_ref().filter(|_| is_it)
    }

    /// Returns the place of the entry that a transfer makes, too.
    pub(super) fn taking(&self) -> Option<usize> {
        self.entries
            .iter()
            .position(|entry| entry.job as usize == TAKER)
    }
}

impl<P: Platform> Executor<'_, P> {
    /// Returns the write that makes the last step of whoever gives a terminal up and the
    /// only one of whoever gets it. Other runs are planned and reported job by job.
    pub(super) fn transfer(&self, tasks: &[Task<P>]) -> Option<P::Write> {
        let ([giver, taker], true) = (tasks, self.all_or_none) else {
            return None;
        };
        let ([others @ .., release], [take]) = (&*giver.steps, &*taker.steps) else {
            return None;
        };
        if !giver.is_open() || !taker.is_open() {
            return None;
        }
        let mut present = giver.present.clone();
        for drawn in others {
            present = self.platform.after(present.as_ref(), &drawn.step.write);
        }
        let platform = self.platform;
        platform.transfer(present.as_ref()?, &release.step.write, &take.step.write)
    }

    /// Makes the write of a move, and returns how its two jobs go on; none if it failed.
    pub(super) async fn make_transfer(
        &mut self,
        tasks: &mut [Task<P>],
        write: &P::Write,
    ) -> Option<Way> {
        let [giver, taker] = tasks else {
            return None;
        };
        let (release, take) = (giver.steps.last()?, taker.steps.first()?);
        let needs = take.needs.clone();
        let (release, take) = (release.step.clone(), take.step.clone());
        let performed = self.platform.perform(write, taker.present.as_ref()).await;
        let failed = performed.as_ref().err();
        self.supervisor.step(self.place(GIVER), MOVE, failed);
        let (had, got) = (giver.present.clone(), taker.present.clone());
        let has_not = self.platform.after(had.as_ref(), &release.write);
        let has = self.platform.after(got.as_ref(), &take.write);
        let effects = [
            self.step_effects(&release, had.as_ref(), has_not.as_ref()),
            self.step_effects(&take, got.as_ref(), has.as_ref()),
        ];
        let [of_giver, of_taker] = effects;
        match performed {
            Ok(proof) => {
                self.failures = 0;
                // It is given up when the other one has it.
                let is_proven = match &proof {
                    Proof::Answered(Some(rows)) => {
                        let keys = self.platform.keys(rows);
                        needs.iter().all(|key| keys.contains(key))
                    }
                    Proof::Answered(None) | Proof::Accepted => false,
                };
                let given = match is_proven {
                    true => Proof::Answered(has_not),
                    false => Proof::Accepted,
                };
                self.take_over(giver, &release, given);
                self.take_over(taker, &take, proof);
                if is_proven {
                    giver.effects.extend(of_giver);
                    taker.effects.extend(of_taker);
                    return Some(Way::Proven);
                }
                giver.unproven.push((mark(&release), of_giver));
                taker.unproven.push((mark(&take), of_taker));
                Some(Way::Unproven)
            }
            Err(error) => {
                self.count_failure(&error);
                if error.is_indeterminate() {
                    giver.unproven.push((mark(&release), of_giver));
                    taker.unproven.push((mark(&take), of_taker));
                }
                refuse(giver, &release, MOVE, error);
                None
            }
        }
    }

    /// Counts steps that failed in a row. What the platform refuses with a word of its own
    /// says that it is well.
    pub(super) fn count_failure(&mut self, error: &Error) {
        let is_trouble = error.is_indeterminate() || error.is_retryable() || error.is_auth();
        self.failures = match is_trouble {
            true => self.failures + 1,
            false => 0,
        };
    }
}
