//! Numbers that are the same for the same seed.

#[derive(Debug, Clone)]
pub(crate) struct Luck(u64);

impl Luck {
    /// Numbers of this seed; different streams of one seed have nothing in common.
    pub(crate) fn new(seed: u64, stream: u64) -> Luck {
        let mut luck = Luck(seed ^ stream.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        luck.next();
        luck
    }

    /// splitmix64.
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub(crate) fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit.max(1) as u64) as usize
    }

    pub(crate) fn percent(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    pub(crate) fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }
}
