//! Deciding what happens to a request.

use serde::Deserialize;
use serde_json::{Value, json};

use super::{Fault, Faults, Rule};

/// A plan and how far it has come.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    faults: Faults,
    /// For each rule, the number of requests it was about, and of those at which
    /// it fired.
    counts: Vec<(u64, u64)>,
}

/// One thing to go wrong, and the randomness it may use.
#[derive(Debug, Clone)]
pub(super) struct Planned {
    pub(super) fault: Fault,
    pub(super) random: Random,
}

impl Plan {
    pub(crate) fn new(faults: Faults) -> Plan {
        let counts = vec![(0, 0); faults.rules.len()];
        Plan { faults, counts }
    }

    /// The plan, and of each rule how many requests it was about and at how
    /// many of them it fired.
    pub(crate) fn report(&self) -> Value {
        let counted = self.faults.rules.iter().zip(&self.counts);
        let rules = counted
            .map(|(rule, (seen, fired))| json!({"rule": rule, "requests": seen, "fired": fired}));
        let rules: Vec<Value> = rules.collect();
        json!({"seed": self.faults.seed, "rules": rules})
    }

    #[cfg(feature = "console")]
    pub(crate) fn faults(&self) -> &Faults {
        &self.faults
    }

    /// Returns `true` if a rule looks into bodies.
    pub(super) fn reads_bodies(&self) -> bool {
        self.faults.rules.iter().any(|rule| rule.call.is_some())
    }

    pub(super) fn next(&mut self, path: &str, body: Option<&[u8]>) -> Vec<Planned> {
        let mut planned = Vec::new();
        for (index, rule) in self.faults.rules.iter().enumerate() {
            if !rule.is_about(path, body) {
                continue;
            }
            let (seen, fired) = &mut self.counts[index];
            *seen += 1;
            let mut random = Random::new(self.faults.seed, index as u64, *seen);
            if rule.fires(*seen, &mut random) {
                *fired += 1;
                planned.push(Planned {
                    fault: rule.fault.clone(),
                    random,
                });
            }
        }
        planned
    }
}

impl Rule {
    fn is_about(&self, path: &str, body: Option<&[u8]>) -> bool {
        if !path.starts_with(&self.route) {
            return false;
        }
        match (&self.call, body) {
            (None, _) => true,
            (Some(method), Some(body)) => methods(body).iter().any(|found| found == method),
            (Some(_), None) => false,
        }
    }

    fn fires(&self, count: u64, random: &mut Random) -> bool {
        if self.nth.is_empty() && self.every.is_none() && self.chance.is_none() {
            return true;
        }
        self.nth.contains(&count)
            || self.every.is_some_and(|every| count.is_multiple_of(every))
            || self.chance.is_some_and(|chance| random.fraction() < chance)
    }
}

/// The methods of the calls in a body.
fn methods(body: &[u8]) -> Vec<String> {
    #[derive(Deserialize)]
    struct Call {
        method: String,
    }
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Calls {
        One(Call),
        Many(Vec<Call>),
    }
    match serde_json::from_slice(body) {
        Ok(Calls::One(call)) => vec![call.method],
        Ok(Calls::Many(calls)) => calls.into_iter().map(|call| call.method).collect(),
        Err(_) => Vec::new(),
    }
}

/// Numbers that look random and are the same for the same request (SplitMix64).
#[derive(Debug, Clone)]
pub(super) struct Random(u64);

impl Random {
    fn new(seed: u64, rule: u64, count: u64) -> Random {
        let mut random = Random(seed ^ (rule << 48) ^ count.wrapping_mul(0x9e37_79b9));
        random.next();
        random
    }

    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below this one, which is not 0.
    pub(super) fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    #[expect(clippy::cast_precision_loss, reason = "53 bits are exact")]
    fn fraction(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }
}
