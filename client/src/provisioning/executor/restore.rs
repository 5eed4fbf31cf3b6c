//! Keys that were given up for a while and were not needed after all.

use super::job::Job;
use super::task::Task;
use super::{Executor, World};
use crate::model::MacAddr;
use crate::provisioning::desired::{Desired, Members, TerminalKey};
use crate::provisioning::identity::{Key, KeyKind};
use crate::provisioning::platform::Platform;

impl<P: Platform> Executor<'_, P> {
    /// Gives those back what they gave up whose ring was broken off: nobody is
    /// left with a temporary login.
    pub(super) async fn restore(&mut self, tasks: &mut [Task<P>]) {
        let mut places = Vec::new();
        let mut jobs = Vec::new();
        for (place, task) in tasks.iter().enumerate() {
            let is_done = task.outcome.as_ref().is_some_and(super::Outcome::is_done);
            if let (false, Some(pin), Some(wanted)) = (is_done, &task.pin, given_up(&task.parked)) {
                places.push(place);
                jobs.push(Job::new([pin.clone()], wanted));
            }
        }
        if jobs.is_empty() {
            return;
        }
        self.world = World::new();
        self.reserved.forget_jobs();
        let mut restored = self.tasks(jobs);
        self.rounds(&mut restored).await;
        for (place, restored) in places.into_iter().zip(restored) {
            if restored.present.is_some() {
                tasks[place].present = restored.present;
            }
        }
    }
}

fn given_up(parked: &[Key]) -> Option<Desired> {
    if parked.is_empty() {
        return None;
    }
    let mut wanted = Desired::existing();
    let mut macs: Vec<TerminalKey> = Vec::new();
    for key in parked {
        match key.kind() {
            KeyKind::Login => wanted.login = Some(key.text().to_owned()),
            KeyKind::Terminal => {
                macs.extend(key.text().parse::<MacAddr>().ok().map(TerminalKey::Mac));
            }
            _ => {}
        }
    }
    wanted.terminals = Members::Change {
        add: macs,
        remove: Vec::new(),
    };
    Some(wanted)
}
