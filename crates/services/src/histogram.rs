//! Durations of calls, counted in buckets: powers of two, each divided into equal parts, so that a value is exact to
//! one part in [`PARTS`].
//!
//! ```text
//!   ns      0 .. 255   256 .. 511    512 .. 1023   ...   2^29 .. 2^30 - 1
//!   bucket  one each   128 of 2 ns   128 of 4 ns         128 of 2^22 ns
//! ```
//! Counting costs finding the highest bit, a shift and an addition. The layout is that of Gil Tene's HdrHistogram with
//! two significant digits, which Redis uses, so percentiles have the same values.

use crate::stats::Counter;

/// Buckets per power of two.
const PARTS: u64 = 128;
/// Values up to `2 * PARTS` have a bucket each.
const EXACT: u64 = 2 * PARTS;
/// One second. Longer durations count as one second.
const MOST_NS: u64 = 1_000_000_000;
const BUCKETS: usize = bucket(MOST_NS) + 1;

/// Counts of durations. One thread adds; any thread may read.
#[derive(Debug)]
pub struct Histogram(Box<[Counter; BUCKETS]>);

impl Default for Histogram {
    fn default() -> Self {
        let counters: Box<[Counter]> = (0..BUCKETS).map(|_| Counter::default()).collect();
        Self(counters.try_into().expect("there are as many as the range has numbers"))
    }
}

impl Histogram {
    /// Counts a call.
    #[inline]
    pub fn record(&self, ns: u64) {
        self.0[bucket(ns.min(MOST_NS))].add(1);
    }

    /// Sets all counts to zero.
    pub fn reset(&self) {
        self.0.iter().for_each(Counter::reset);
    }
}

const fn bucket(ns: u64) -> usize {
    if ns < EXACT {
        return ns as usize;
    }
    let octave = (EXACT.leading_zeros() - ns.leading_zeros()) as u64 + 1;
    (octave * PARTS + (ns >> octave)) as usize
}

/// The largest value of a bucket.
fn highest(bucket: usize) -> u64 {
    let octave = (bucket as u64 / PARTS).saturating_sub(1);
    let part = bucket as u64 - octave * PARTS;
    ((part + 1) << octave) - 1
}

/// The sum of several histograms.
#[derive(Debug, Default)]
pub struct Distribution {
    counts: Vec<u64>,
    total: u64,
}

impl Distribution {
    /// Adds the counts of a histogram.
    pub fn add(&mut self, histogram: &Histogram) {
        self.counts.resize(BUCKETS, 0);
        for (sum, counter) in self.counts.iter_mut().zip(histogram.0.iter()) {
            *sum += counter.get();
            self.total += counter.get();
        }
    }

    /// The number of calls.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.total
    }

    /// The duration that `percent` of the calls did not exceed, in nanoseconds.
    #[must_use]
    pub fn percentile(&self, percent: f64) -> u64 {
        let wanted = (percent.min(100.0) / 100.0 * self.total as f64 + 0.5) as u64;
        let mut seen = 0;
        let reached = self.counts.iter().position(|count| {
            seen += count;
            seen >= wanted.max(1)
        });
        reached.map_or(0, highest)
    }

    /// The number of calls that ended within 1.024 µs, twice that, and so on: pairs of a bound in microseconds and the
    /// count. Only pairs at which the count grows are included.
    #[must_use]
    pub fn cumulative(&self) -> Vec<(u64, u64)> {
        let (mut steps, mut bound_ns, mut seen, mut reported) = (Vec::new(), 1024_u64, 0, 0);
        for (bucket, count) in self.counts.iter().enumerate() {
            while highest(bucket) >= bound_ns {
                if seen > reported {
                    steps.push((bound_ns / 1000, seen));
                    reported = seen;
                }
                bound_ns *= 2;
            }
            seen += count;
        }
        if seen > reported {
            steps.push((bound_ns / 1000, seen));
        }
        steps
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_lies_in_its_bucket() {
        let mut before = None;
        for ns in (0..5000).chain((5000..MOST_NS).step_by(99_991)) {
            let at = bucket(ns);
            assert!(highest(at) >= ns && (highest(at) - ns) * PARTS <= ns.max(PARTS), "{ns}");
            assert!(at == 0 || highest(at - 1) < ns, "{ns}");
            assert!(before <= Some(at));
            before = Some(at);
        }
    }

    #[test]
    fn percentiles_and_steps() {
        let histogram = Histogram::default();
        for ns in [500, 1500, 1500, 3_000_000, u64::MAX] {
            histogram.record(ns);
        }
        let mut sum = Distribution::default();
        sum.add(&histogram);
        assert_eq!(sum.total(), 5);
        assert_eq!(sum.percentile(50.0), 1503);
        assert_eq!(sum.percentile(0.0), 501);
        assert_eq!(sum.cumulative(), [(1, 1), (2, 3), (4194, 4), (1_073_741, 5)]);
        histogram.reset();
        let mut empty = Distribution::default();
        empty.add(&histogram);
        assert_eq!((empty.total(), empty.cumulative()), (0, Vec::new()));
    }
}
