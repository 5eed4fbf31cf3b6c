//! Steps and what each waits for.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap, HashSet};

use super::refuse::freed;
use super::{Action, Entry, Holder, Input, Parking, Reason};

/// A step is ready when its job has come to it and every other holder of a key
/// that it needs or touches has given it up.
pub(super) struct Graph<'a> {
    input: &'a Input,
    /// The place of each job's first step among all steps.
    first: Vec<u32>,
    /// The next step of each job; all are made if it is their number.
    next: Vec<u32>,
    takes_part: Vec<bool>,
    /// For each step, the freeing steps it waits for: the job, the key.
    waits: Vec<Vec<(u32, u32)>>,
    /// For each step, the number of these freeing steps that are still to come.
    missing: Vec<u32>,
    /// For each key that a job gives up, the steps that wait for it.
    waiting: HashMap<(u32, u32), Vec<(u32, u32)>>,
    /// The entries that gave keys up.
    given_up: HashMap<(u32, u32), u32>,
    ready: BinaryHeap<Reverse<(bool, u32, u32)>>,
    entries: Vec<Entry>,
}

impl<'a> Graph<'a> {
    pub(super) fn new(input: &'a Input, refused: &[Option<Reason>]) -> Graph<'a> {
        let frees = freed(input);
        let mut first = Vec::with_capacity(input.jobs.len());
        let mut waits = Vec::new();
        let mut waiting: HashMap<_, Vec<_>> = HashMap::new();
        for (job, steps) in (0..).zip(&input.jobs) {
            first.push(u32::try_from(waits.len()).unwrap_or(u32::MAX));
            for (place, step) in (0..).zip(steps) {
                let mut own: Vec<(u32, u32)> = Vec::new();
                for &key in step.needs.iter().chain(&step.touches) {
                    for &holder in &input.holders[key as usize] {
                        if let Holder::Job(other) = holder
                            && other != job
                            && frees.contains_key(&(other, key))
                            && !own.contains(&(other, key))
                            && refused[job as usize].is_none()
                        {
                            own.push((other, key));
                            waiting.entry((other, key)).or_default().push((job, place));
                        }
                    }
                }
                waits.push(own);
            }
        }
        Graph {
            input,
            first,
            next: vec![0; input.jobs.len()],
            takes_part: refused.iter().map(Option::is_none).collect(),
            missing: (waits.iter())
                .map(|waits| u32::try_from(waits.len()).unwrap_or(u32::MAX))
                .collect(),
            waits,
            waiting,
            given_up: HashMap::new(),
            ready: BinaryHeap::new(),
            entries: Vec::new(),
        }
    }

    /// Makes the order, or returns the jobs of a ring that cannot be resolved.
    pub(super) fn run(
        mut self,
        park: &mut impl FnMut(Parking) -> bool,
    ) -> Result<Vec<Entry>, Vec<(u32, Reason)>> {
        let jobs = u32::try_from(self.input.jobs.len()).unwrap_or(u32::MAX);
        for job in 0..jobs {
            self.offer(job);
        }
        let mut oldest = 0;
        loop {
            while let Some(Reverse((_, job, step))) = self.ready.pop() {
                self.take(job, step);
            }
            while oldest < jobs && self.is_finished(oldest) {
                oldest += 1;
            }
            if oldest == jobs {
                return Ok(self.entries);
            }
            let ring = self.ring(oldest);
            let parked = ring.iter().find(|(_, key, holder)| {
                park(Parking {
                    job: *holder,
                    before: self.next[*holder as usize],
                    key: *key,
                })
            });
            match parked {
                Some(&(_, key, holder)) => self.park(holder, key),
                None => {
                    let taken = |&(job, key, _): &(u32, u32, u32)| (job, Reason::Taken(key));
                    return Err(ring.iter().map(taken).collect());
                }
            }
        }
    }

    fn is_finished(&self, job: u32) -> bool {
        let steps = self.input.jobs[job as usize].len();
        !self.takes_part[job as usize] || self.next[job as usize] as usize == steps
    }

    fn place(&self, job: u32, step: u32) -> usize {
        (self.first[job as usize] + step) as usize
    }

    /// Puts the job's next step among those that are ready, if it is.
    fn offer(&mut self, job: u32) {
        let step = self.next[job as usize];
        if !self.is_finished(job) && self.missing[self.place(job, step)] == 0 {
            let removes = self.input.jobs[job as usize][step as usize].removes;
            self.ready.push(Reverse((removes, job, step)));
        }
    }

    fn take(&mut self, job: u32, step: u32) {
        let entry = u32::try_from(self.entries.len()).unwrap_or(u32::MAX);
        let waits = &self.waits[self.place(job, step)];
        let waits = waits.iter().map(|other| (self.given_up[other], other.1));
        self.entries.push(Entry {
            job,
            action: Action::Step(step),
            waits: waits.collect(),
        });
        self.next[job as usize] += 1;
        let input = self.input;
        for &key in &input.jobs[job as usize][step as usize].frees {
            self.give_up(job, key, entry);
        }
        self.offer(job);
    }

    fn park(&mut self, job: u32, key: u32) {
        let entry = u32::try_from(self.entries.len()).unwrap_or(u32::MAX);
        self.entries.push(Entry {
            job,
            action: Action::Park(key),
            waits: Vec::new(),
        });
        self.give_up(job, key, entry);
    }

    /// The steps that wait for this key of this job wait for it no more.
    fn give_up(&mut self, job: u32, key: u32, entry: u32) {
        if self.given_up.contains_key(&(job, key)) {
            return;
        }
        self.given_up.insert((job, key), entry);
        for (other, step) in self.waiting.remove(&(job, key)).unwrap_or_default() {
            let place = self.place(other, step);
            self.missing[place] -= 1;
            if self.next[other as usize] == step && self.missing[place] == 0 {
                self.offer(other);
            }
        }
    }

    /// Returns a ring of jobs whose next steps wait for one another: who waits,
    /// for which key, of whom. Nothing is ready, so there is one.
    fn ring(&self, start: u32) -> Vec<(u32, u32, u32)> {
        let mut path: Vec<(u32, u32, u32)> = Vec::new();
        let mut seen = HashSet::new();
        let mut job = start;
        while seen.insert(job) {
            let place = self.place(job, self.next[job as usize]);
            let open = |wait: &&(u32, u32)| !self.given_up.contains_key(wait);
            let Some(&(holder, key)) = self.waits[place].iter().find(open) else {
                break;
            };
            path.push((job, key, holder));
            job = holder;
        }
        let begin = path.iter().position(|(first, ..)| *first == job);
        path.split_off(begin.unwrap_or(0))
    }
}
