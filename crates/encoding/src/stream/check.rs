//! Whether a stream is what the stories of its files say.

use super::{Idempotency, Log, Stream, StreamId};
use crate::check::{Broken, Container, Rules, Within};

pub(super) const RULES: Rules = Rules(Container::Stream);

impl Stream {
    /// Checks the invariants: blocks and counters of the log, pending entries on both sides of each group, what is known
    /// of producers. O(n log n).
    ///
    /// # Errors
    /// One does not hold.
    pub fn check(&self) -> Result<(), Broken> {
        self.log.check()?;
        self.groups.check()?;
        self.idempotency.as_deref().map_or(Ok(()), Idempotency::check)
    }
}

impl Log {
    /// Checks the invariants: the blocks, the ids across them, the counters. O(n).
    ///
    /// # Errors
    /// One does not hold.
    pub fn check(&self) -> Result<(), Broken> {
        self.blocks.check()?;
        let (mut length, mut last, mut first_live) = (0, None, None);
        for (number, block) in self.blocks.iter().enumerate() {
            RULES
                .hold("ids ascend from block to block", last.is_none_or(|last| last < block.first()))
                .within("block", number)?;
            let seen = block.check().within("block", number)?;
            length += seen.live;
            last = Some(seen.last);
            first_live = first_live.or(seen.first_live);
        }
        RULES.count("the entries that are not removed are counted", self.length, length)?;
        RULES.hold("the first id is that of the first entry", self.first_id() == first_live.unwrap_or_default())?;
        RULES.hold("no entry's id is above the last id", last.unwrap_or(StreamId::MIN) <= self.last_id())
    }
}

#[cfg(test)]
mod tests {
    use super::super::{BlockLimits, Counters};
    use super::*;

    const LIMITS: BlockLimits = BlockLimits { bytes: 0, entries: 20 };

    pub(super) fn log() -> Log {
        let mut log = Log::default();
        for number in 1..=70_u64 {
            log.append(StreamId::new(number, 1), [(b"field".as_slice(), b"value".as_slice())].into_iter(), LIMITS);
        }
        [1, 2, 21, 45, 65].into_iter().for_each(|ms| assert!(log.delete(StreamId::new(ms, 1))));
        log.check().unwrap();
        log
    }

    fn broken(change: impl FnOnce(&mut Log)) -> &'static str {
        let mut log = log();
        change(&mut log);
        log.check().unwrap_err().invariant
    }

    #[test]
    fn counters_that_are_wrong_are_found() {
        assert_eq!(broken(|log| log.length += 1), "the entries that are not removed are counted");
        let below = Counters { last_id: StreamId::new(69, 9), ..log().counters() };
        assert_eq!(broken(|log| log.set_counters(below)), "no entry's id is above the last id");
        let removed = broken(|log| {
            let spot = log.blocks.start();
            let block = log.blocks.at(spot).unwrap();
            let at = block.front();
            log.blocks.delete(spot, at);
            log.length -= 1;
        });
        assert_eq!(removed, "the first id is that of the first entry");
        let mut stream = Stream { log: log(), ..Stream::default() };
        stream.check().unwrap();
        stream.log.length = 0;
        assert!(stream.check().is_err());
    }
}
