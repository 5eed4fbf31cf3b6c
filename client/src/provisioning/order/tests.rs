use std::collections::{BTreeSet, HashSet};
use std::time::Instant;

use super::*;

/// A generator of its own, so that a case is its number.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u32) -> u32 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        ((self.0 >> 33) as u32) % bound
    }

    fn chance(&mut self, percent: u32) -> bool {
        self.below(100) < percent
    }
}

/// Jobs that hold, free and need keys at random: chains and rings come up by
/// themselves.
fn case(seed: u64) -> Input {
    let mut random = Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    let jobs = 1 + random.below(6);
    let keys = 1 + random.below(8);
    let mut holders: Vec<Vec<Holder>> = vec![Vec::new(); keys as usize];
    for holders in &mut holders {
        if random.chance(75) {
            holders.push(Holder::Job(random.below(jobs)));
        }
        if random.chance(8) {
            holders.push(Holder::Job(random.below(jobs)));
        }
        if random.chance(6) {
            holders.push(Holder::Outsider);
        }
        holders.dedup();
    }
    let wanted: Vec<u32> = (0..keys).map(|_| random.below(jobs)).collect();
    let steps = |job: u32, random: &mut Random| {
        let mut steps: Vec<Step> = (0..1 + random.below(3)).map(|_| Step::default()).collect();
        let count = u32::try_from(steps.len()).unwrap();
        for key in 0..keys {
            let holds = holders[key as usize].contains(&Holder::Job(job));
            let place = random.below(count) as usize;
            if holds && random.chance(80) {
                steps[place].frees.push(key);
            } else if holds {
                if random.chance(20) {
                    steps[place].touches.push(key);
                }
            } else if wanted[key as usize] == job && random.chance(70) || random.chance(2) {
                steps[place].needs.push(key);
            }
        }
        for step in &mut steps {
            step.removes = random.chance(20);
        }
        steps
    };
    Input {
        jobs: (0..jobs).map(|job| steps(job, &mut random)).collect(),
        holders: holders.clone(),
    }
}

fn run(input: &Input, willing: impl Fn(Parking) -> bool) -> Order {
    order(input, willing, || {})
}

/// Makes the entries one by one on a table of who holds what.
fn check(input: &Input, order: &Order) {
    let mut holds: HashSet<(u32, u32)> = HashSet::new();
    let outsiders: BTreeSet<u32> = (0..)
        .zip(&input.holders)
        .filter(|(_, holders)| holders.contains(&Holder::Outsider))
        .map(|(key, _)| key)
        .collect();
    for (key, holders) in (0..).zip(&input.holders) {
        for holder in holders {
            if let Holder::Job(job) = holder {
                holds.insert((*job, key));
            }
        }
    }
    let mut next = vec![0; input.jobs.len()];
    for (at, entry) in order.entries.iter().enumerate() {
        assert!(
            entry
                .waits
                .iter()
                .all(|(before, _)| (*before as usize) < at)
        );
        match entry.action {
            Action::Park(key) => assert!(holds.remove(&(entry.job, key)), "parks what it has"),
            Action::Step(step) => {
                assert_eq!(next[entry.job as usize], step, "in their order");
                next[entry.job as usize] += 1;
                let step = &input.jobs[entry.job as usize][step as usize];
                for key in &step.frees {
                    holds.remove(&(entry.job, *key));
                }
                for key in step.needs.iter().chain(&step.touches) {
                    let other = holds
                        .iter()
                        .any(|(job, held)| *job != entry.job && held == key);
                    assert!(!other && !outsiders.contains(key), "key {key} is held");
                }
                holds.extend(step.needs.iter().map(|key| (entry.job, *key)));
            }
        }
    }
    let refused: HashSet<u32> = order.refused.iter().map(|(job, _)| *job).collect();
    for (job, steps) in (0..).zip(&input.jobs) {
        let made = next[job as usize] as usize;
        assert_eq!(
            made,
            if refused.contains(&job) {
                0
            } else {
                steps.len()
            }
        );
    }
    for (job, why) in &order.refused {
        match why {
            Reason::Waits { holder, .. } => assert!(refused.contains(holder)),
            Reason::Taken(key) | Reason::Ambiguous(key) => {
                let steps = &input.jobs[*job as usize];
                let mut keys = steps
                    .iter()
                    .flat_map(|step| step.needs.iter().chain(&step.touches));
                assert!(keys.any(|own| own == key), "it is about a key of its own");
            }
        }
    }
}

/// `JSONSQL_ORDERINGS=200000` is the full size.
#[test]
fn no_step_needs_a_key_that_another_one_holds() {
    let set = std::env::var("JSONSQL_ORDERINGS");
    let cases: u64 = set.map_or(20_000, |text| text.parse().unwrap());
    let (mut parks, mut refused) = (0, 0);
    for seed in 0..cases {
        let input = case(seed);
        let order = run(&input, |_| true);
        check(&input, &order);
        parks += (order.entries.iter())
            .filter(|entry| matches!(entry.action, Action::Park(_)))
            .count();
        refused += order.refused.len();
        check(
            &input,
            &run(&input, |parking| (parking.key + parking.job) % 3 == 0),
        );
    }
    assert!(parks > 0 && refused > 0, "the cases are too tame");
}

/// Nobody is refused unless two need one key, or somebody keeps what another
/// one needs.
#[test]
fn nobody_is_refused_without_a_reason() {
    for seed in 0..20_000 {
        let input = case(seed);
        let order = run(&input, |_| true);
        let keeps = |key: u32, job: u32| {
            input.holders[key as usize]
                .iter()
                .any(|holder| match *holder {
                    Holder::Outsider => true,
                    Holder::Job(other) => {
                        let steps = &input.jobs[other as usize];
                        other != job && !steps.iter().any(|step| step.frees.contains(&key))
                    }
                })
        };
        for (job, why) in &order.refused {
            match *why {
                Reason::Taken(key) => assert!(keeps(key, *job), "seed {seed}"),
                Reason::Ambiguous(key) => {
                    let needs =
                        |steps: &&Vec<Step>| steps.iter().any(|step| step.needs.contains(&key));
                    assert!(input.jobs.iter().filter(needs).count() > 1, "seed {seed}");
                }
                Reason::Waits { .. } => {}
            }
        }
    }
}

/// Each wants the key of the next one; the last one's next is the first one,
/// or nobody.
fn line(jobs: u32, ring: bool) -> Input {
    let step = |job: u32| Step {
        needs: match job + 1 == jobs {
            true if ring => vec![0],
            true => Vec::new(),
            false => vec![job + 1],
        },
        frees: vec![job],
        ..Step::default()
    };
    Input {
        jobs: (0..jobs).map(|job| vec![step(job)]).collect(),
        holders: (0..jobs).map(|job| vec![Holder::Job(job)]).collect(),
    }
}

#[test]
fn a_chain_begins_at_its_free_end_and_a_ring_needs_one_park() {
    let chain = run(&line(3, false), |_| true);
    assert_eq!(
        chain
            .entries
            .iter()
            .map(|entry| entry.job)
            .collect::<Vec<_>>(),
        [2, 1, 0]
    );
    for jobs in [2, 3, 50] {
        let ring = run(&line(jobs, true), |_| true);
        let parks = |entry: &&Entry| matches!(entry.action, Action::Park(_));
        assert_eq!(ring.entries.iter().filter(parks).count(), 1);
        check(&line(jobs, true), &ring);
    }
}

#[test]
fn a_ring_in_which_nobody_gives_up_a_key_is_refused_with_those_behind_it() {
    let mut input = line(3, true);
    // A fourth one waits for the first one's key, which is asked for twice then,
    // so that it wants a further key of the first one.
    input.holders.push(vec![Holder::Job(0)]);
    input.jobs[0][0].frees.push(3);
    input.jobs.push(vec![Step {
        needs: vec![3],
        ..Step::default()
    }]);
    let order = run(&input, |_| false);
    assert!(order.entries.is_empty());
    assert_eq!(order.refused.len(), 4);
    let why = order.refused.iter().find(|(job, _)| *job == 3).unwrap().1;
    assert_eq!(why, Reason::Waits { key: 3, holder: 0 });
}

#[test]
fn removals_come_last_unless_somebody_needs_what_they_free() {
    let step = |needs: &[u32], frees: &[u32], removes| Step {
        needs: needs.to_vec(),
        frees: frees.to_vec(),
        removes,
        touches: Vec::new(),
    };
    let input = Input {
        jobs: vec![
            vec![step(&[], &[0], true)],
            vec![step(&[], &[1], true)],
            vec![step(&[1], &[], false)],
            vec![step(&[2], &[], false)],
        ],
        holders: vec![vec![Holder::Job(0)], vec![Holder::Job(1)], Vec::new()],
    };
    let jobs = run(&input, |_| true)
        .entries
        .iter()
        .map(|entry| entry.job)
        .collect::<Vec<_>>();
    assert_eq!(jobs, [3, 0, 1, 2]);
}

/// Ten times as many take about ten times as long, and not a hundred times.
#[test]
fn time_grows_with_the_number_of_jobs() {
    let seconds = |jobs, ring| {
        let input = line(jobs, ring);
        let begin = Instant::now();
        let order = run(&input, |_| true);
        assert!(order.refused.is_empty());
        begin.elapsed().as_secs_f64()
    };
    for ring in [false, true] {
        let few = (0..3)
            .map(|_| seconds(5_000, ring))
            .fold(f64::MAX, f64::min);
        let many = seconds(50_000, ring);
        assert!(many < few * 40.0, "{few} s for 5,000, {many} s for 50,000");
    }
}
