//! Rates per second, as in INFO's `instantaneous_` fields: means over the last samples, of which about ten are taken
//! per second.

use crate::counters::Counters;
use crate::stats::sum;
use parking_lot::Mutex;

/// The number of samples.
const SAMPLES: usize = 16;

/// The number of sampled counters.
const METRICS: usize = 5;

/// Means over the last samples, per second.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PerSecond {
    /// Commands.
    pub commands: u64,
    /// Bytes read.
    pub input_bytes: u64,
    /// Bytes written.
    pub output_bytes: u64,
    /// Iterations of the workers' loops.
    pub turns: u64,
    /// Ticks spent in those iterations.
    pub turn_ticks: u64,
}

#[derive(Debug, Default)]
struct Ring {
    last: Option<(i64, [u64; METRICS])>,
    samples: [[u64; METRICS]; SAMPLES],
    next: usize,
}

/// The samples. The owner of a periodic timer calls [`Rates::sample`].
#[derive(Debug, Default)]
pub struct Rates(Mutex<Ring>);

impl Rates {
    /// Samples the counters at `now_ms`.
    pub fn sample(&self, now_ms: i64, stats: &Counters) {
        let counts = [
            sum(stats, |worker| &worker.commands_processed),
            sum(stats, |worker| &worker.input_bytes),
            sum(stats, |worker| &worker.output_bytes),
            sum(stats, |worker| &worker.turns),
            sum(stats, |worker| &worker.turn_ticks),
        ];
        let mut ring = self.0.lock();
        if let Some((then_ms, before)) = ring.last.replace((now_ms, counts)) {
            let elapsed_ms = u64::try_from(now_ms - then_ms).unwrap_or(0);
            let at = ring.next;
            for metric in 0..METRICS {
                let more = counts[metric].saturating_sub(before[metric]);
                ring.samples[at][metric] = more.saturating_mul(1000).checked_div(elapsed_ms).unwrap_or(0);
            }
            ring.next = (at + 1) % SAMPLES;
        }
    }

    /// The current means.
    #[must_use]
    pub fn get(&self) -> PerSecond {
        let ring = self.0.lock();
        let mean = |metric: usize| ring.samples.iter().map(|sample| sample[metric]).sum::<u64>() / SAMPLES as u64;
        PerSecond {
            commands: mean(0),
            input_bytes: mean(1),
            output_bytes: mean(2),
            turns: mean(3),
            turn_ticks: mean(4),
        }
    }

    /// Deletes all samples.
    pub fn reset(&self) {
        *self.0.lock() = Ring::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_steady_rate_is_found_and_forgotten() {
        let stats = Counters::new(1, 0, 0);
        let rates = Rates::default();
        for tick in 0..=SAMPLES as i64 {
            rates.sample(tick * 100, &stats);
            stats[0].commands_processed.add(50);
        }
        assert_eq!(rates.get(), PerSecond { commands: 500, ..PerSecond::default() });
        rates.reset();
        assert_eq!(rates.get(), PerSecond::default());
    }
}
