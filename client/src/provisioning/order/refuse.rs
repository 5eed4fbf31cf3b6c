//! Jobs that cannot have what they need, and those who wait for them.

use std::collections::HashMap;

use super::{Holder, Input, Reason};

/// Returns for each job why it is left as it is, if it is: to a fixed point.
/// `unwilling` are those of rings that nobody can resolve.
pub(super) fn refuse(input: &Input, unwilling: &[(u32, Reason)]) -> Vec<Option<Reason>> {
    let mut refused: Vec<Option<Reason>> = vec![None; input.jobs.len()];
    let mut queue = Vec::new();
    let mark = |refused: &mut Vec<Option<Reason>>, queue: &mut Vec<u32>, job: u32, why| {
        let place = &mut refused[job as usize];
        if place.is_none() {
            *place = Some(why);
            queue.push(job);
        }
    };
    for &(job, why) in unwilling {
        mark(&mut refused, &mut queue, job, why);
    }

    let mut needed_by: HashMap<u32, u32> = HashMap::new();
    for (job, steps) in (0..).zip(&input.jobs) {
        for &key in steps.iter().flat_map(|step| &step.needs) {
            let first = *needed_by.entry(key).or_insert(job);
            if first != job {
                mark(&mut refused, &mut queue, first, Reason::Ambiguous(key));
                mark(&mut refused, &mut queue, job, Reason::Ambiguous(key));
            }
        }
    }

    let frees = freed(input);
    let mut waiting: Vec<Vec<(u32, u32)>> = vec![Vec::new(); input.jobs.len()];
    for (job, steps) in (0..).zip(&input.jobs) {
        for &key in (steps.iter()).flat_map(|step| step.needs.iter().chain(&step.touches)) {
            for &holder in &input.holders[key as usize] {
                match holder {
                    Holder::Job(own) if own == job => {}
                    Holder::Job(other) if frees.contains_key(&(other, key)) => {
                        waiting[other as usize].push((job, key));
                    }
                    _ => mark(&mut refused, &mut queue, job, Reason::Taken(key)),
                }
            }
        }
    }
    while let Some(holder) = queue.pop() {
        for &(job, key) in &waiting[holder as usize] {
            mark(&mut refused, &mut queue, job, Reason::Waits { key, holder });
        }
    }
    refused
}

/// Returns the step by which a job frees a key.
pub(super) fn freed(input: &Input) -> HashMap<(u32, u32), u32> {
    let mut frees = HashMap::new();
    for (job, steps) in (0..).zip(&input.jobs) {
        for (place, step) in (0..).zip(steps) {
            for &key in &step.frees {
                frees.entry((job, key)).or_insert(place);
            }
        }
    }
    frees
}
