//! Latency spikes, second by second: the events that LATENCY shows, filtered by `latency-monitor-threshold`.

use std::collections::{BTreeMap, VecDeque};

/// Samples kept per event.
const SAMPLES: usize = 160;

/// The longest duration of an event within one second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sample {
    /// The time, in unix seconds.
    pub time_s: i64,
    /// The duration, in milliseconds.
    pub ms: u64,
}

/// The samples of one event, oldest first.
#[derive(Clone, Debug, Default)]
pub struct Series {
    samples: VecDeque<Sample>,
    /// The longest duration ever, including dropped samples, in milliseconds.
    pub max_ms: u64,
}

impl Series {
    fn add(&mut self, sample: Sample) {
        self.max_ms = self.max_ms.max(sample.ms);
        if let Some(last) = self.samples.back_mut().filter(|last| last.time_s == sample.time_s) {
            last.ms = last.ms.max(sample.ms);
            return;
        }
        if self.samples.len() == SAMPLES {
            self.samples.pop_front();
        }
        self.samples.push_back(sample);
    }

    /// The samples, oldest first.
    pub fn samples(&self) -> impl ExactSizeIterator<Item = Sample> + '_ {
        self.samples.iter().copied()
    }

    /// The newest sample.
    #[must_use]
    pub fn last(&self) -> Option<Sample> {
        self.samples.back().copied()
    }
}

/// All events.
#[derive(Debug, Default)]
pub struct Events(BTreeMap<&'static str, Series>);

impl Events {
    /// Adds a sample of an event.
    pub fn add(&mut self, event: &'static str, sample: Sample) {
        self.0.entry(event).or_default().add(sample);
    }

    /// The event with this name, ignoring case.
    #[must_use]
    pub fn get(&self, event: &[u8]) -> Option<(&'static str, &Series)> {
        self.iter().find(|(name, _)| name.as_bytes().eq_ignore_ascii_case(event))
    }

    /// All events, by name.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&'static str, &Series)> {
        self.0.iter().map(|(name, series)| (*name, series))
    }

    /// Deletes an event, or all events; returns how many were deleted.
    pub fn reset(&mut self, event: Option<&[u8]>) -> usize {
        let before = self.0.len();
        self.0.retain(|name, _| event.is_some_and(|event| !name.as_bytes().eq_ignore_ascii_case(event)));
        before - self.0.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_keeps_its_longest_and_old_samples_are_dropped() {
        let mut events = Events::default();
        for time_s in 0..200 {
            events.add("command", Sample { time_s, ms: 5 });
            events.add("command", Sample { time_s, ms: if time_s == 7 { 50 } else { 3 } });
        }
        let (name, series) = events.get(b"COMMAND").expect("it was added");
        assert_eq!((name, series.samples().len(), series.max_ms), ("command", SAMPLES, 50));
        assert_eq!(series.last(), Some(Sample { time_s: 199, ms: 5 }));
        assert_eq!((events.reset(Some(b"other")), events.reset(None), events.reset(None)), (0, 1, 0));
    }
}
