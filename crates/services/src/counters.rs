//! The counters of all threads: one block for each worker, and blocks lent for the duration of a command.
//!
//! ```text
//!   fixed:  worker 0, worker 1, ..., one more (loading)
//!   lent:   [ 8 blocks ] [ 16 blocks ] [ 32 blocks ] ...  added when more commands run than there are blocks
//! ```
//! A counter has one writer (see [`crate::stats::Counter`]), but callers of the library may run commands on any number
//! of threads. So a command takes a free block, and never waits for one. Blocks, with their counts, are never freed.

use crate::stats::{RANDOM_STEP, WorkerStats, random_bits};
use std::ops::{Deref, Index};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

/// Blocks in the first chunk; each chunk has twice as many as the one before.
const FIRST_CHUNK: usize = 8;
/// With this many chunks there are more blocks than a process can have threads.
const CHUNKS: usize = 20;

/// All blocks of counters.
#[derive(Debug)]
pub struct Counters {
    fixed: Box<[WorkerStats]>,
    lent: [OnceLock<Box<[Block]>>; CHUNKS],
    /// The number of commands in the registry.
    commands: usize,
    seed: u64,
}

/// A block for lending, allocated when first needed.
#[derive(Debug, Default)]
struct Block {
    taken: AtomicBool,
    stats: OnceLock<WorkerStats>,
}

/// The right to count in a block, until it is dropped.
#[derive(Debug)]
pub struct Lease<'c> {
    block: &'c Block,
    stats: &'c WorkerStats,
    number: usize,
}

impl Counters {
    /// `fixed` fixed blocks, for a registry of `commands` commands.
    #[must_use]
    pub fn new(fixed: usize, commands: usize, seed: u64) -> Self {
        let new = |block: usize| WorkerStats::new(block, commands, random_bits(seed ^ block as u64));
        Self { fixed: (0..fixed).map(new).collect(), lent: std::array::from_fn(|_| OnceLock::new()), commands, seed }
    }

    /// All blocks.
    pub fn iter(&self) -> impl Iterator<Item = &WorkerStats> {
        let lent = self.lent.iter().filter_map(OnceLock::get).flat_map(|chunk| chunk.iter());
        self.fixed.iter().chain(lent.filter_map(|block| block.stats.get()))
    }

    /// The last fixed block, for work outside the workers.
    #[must_use]
    pub fn last_fixed(&self) -> &WorkerStats {
        &self.fixed[self.fixed.len() - 1]
    }

    /// Lends a block: the one numbered `near`, from an earlier lease, if it is free.
    pub fn lend(&self, near: usize) -> Lease<'_> {
        if let Some(lease) = self.take(near) {
            return lease;
        }
        // The last number is reached only with more threads than a process can have.
        (0..).find_map(|number| self.take(number)).expect("there are more blocks than threads")
    }

    fn take(&self, number: usize) -> Option<Lease<'_>> {
        let (chunk, at) = place(number);
        let blocks = self.lent[chunk].get_or_init(|| (0..FIRST_CHUNK << chunk).map(|_| Block::default()).collect());
        let block = &blocks[at];
        if block.taken.swap(true, Ordering::Acquire) {
            return None;
        }
        let index = self.fixed.len() + number;
        let seed = random_bits(self.seed ^ (index as u64).wrapping_mul(RANDOM_STEP));
        let stats = block.stats.get_or_init(|| WorkerStats::new(index, self.commands, seed));
        Some(Lease { block, stats, number })
    }
}

/// The chunk of a block, and the index there.
fn place(number: usize) -> (usize, usize) {
    let chunk = (number / FIRST_CHUNK + 1).ilog2() as usize;
    (chunk, number - FIRST_CHUNK * ((1 << chunk) - 1))
}

impl Index<usize> for Counters {
    type Output = WorkerStats;

    /// A fixed block.
    #[inline]
    fn index(&self, worker: usize) -> &WorkerStats {
        &self.fixed[worker]
    }
}

impl Lease<'_> {
    /// The block's number, for the next [`Counters::lend`].
    #[must_use]
    pub fn number(&self) -> usize {
        self.number
    }
}

impl Deref for Lease<'_> {
    type Target = WorkerStats;

    fn deref(&self) -> &WorkerStats {
        self.stats
    }
}

impl Drop for Lease<'_> {
    fn drop(&mut self) {
        self.block.taken.store(false, Ordering::Release);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::sum;

    #[test]
    fn numbers_go_through_the_chunks_without_a_gap() {
        let mut expected = (0..3).flat_map(|chunk| (0..FIRST_CHUNK << chunk).map(move |at| (chunk, at)));
        for number in 0..FIRST_CHUNK * 7 {
            assert_eq!(Some(place(number)), expected.next());
        }
    }

    #[test]
    fn no_block_is_lent_twice_and_none_is_waited_for() {
        let counters = Counters::new(2, 1, 7);
        // All of them prefer the same block.
        let leases: Vec<_> = (0..50).map(|_| counters.lend(3)).collect();
        let mut numbers: Vec<_> = leases.iter().map(Lease::number).collect();
        numbers.sort_unstable();
        numbers.dedup();
        assert_eq!(numbers.len(), 50);
        leases.iter().for_each(|lease| lease.commands_processed.add(1));
        drop(leases);
        counters[1].commands_processed.add(1);
        assert_eq!(counters.lend(3).number(), 3, "it is free again");
        assert_eq!(sum(&counters, |stats| &stats.commands_processed), 51, "what was counted stays");
    }

    #[test]
    fn nothing_is_lost_when_threads_count_at_once() {
        let counters = Counters::new(1, 1, 7);
        std::thread::scope(|scope| {
            for thread in 0..16 {
                let counters = &counters;
                scope.spawn(move || {
                    let mut near = thread % 2;
                    for _ in 0..2000 {
                        let lease = counters.lend(near);
                        lease.commands_processed.add(1);
                        near = lease.number();
                    }
                });
            }
        });
        assert_eq!(sum(&counters, |stats| &stats.commands_processed), 32_000);
    }
}
