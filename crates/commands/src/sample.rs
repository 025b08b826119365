//! Random picks from collections.

use crate::parse::{int, is};
use crate::parts::passed;
use redstart_command::{Args, Error, WorkerStats};
use redstart_encoding::table::Ref;
use redstart_encoding::{Field, FieldTable};

/// A random number below `bound`.
#[inline]
pub(crate) fn below(stats: &WorkerStats, bound: usize) -> usize {
    ((u128::from(stats.random()) * bound as u128) >> 64) as usize
}

/// The most picks that one answer repeats elements for. Beyond, the answer alone would take up the memory: a gigabyte
/// at the least.
const MOST_REPEATS: u64 = 1 << 27;

/// A count of picks: negative ones say that an element may come several times.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Count {
    pub(crate) count: u64,
    pub(crate) repeats: bool,
}

impl Count {
    /// The count at `args[at]`.
    pub(crate) fn parse(args: &Args<'_>, at: usize) -> Result<Self, Error> {
        let count = int(&args[at])?;
        if count == i64::MIN {
            let (least, most) = (-i64::MAX, i64::MAX);
            let text = format!("ERR value is out of range, value must between {least} and {most}");
            return Err(Error::Text(text.into()));
        }
        Ok(Self { count: count.unsigned_abs(), repeats: count < 0 })
    }

    /// The count behind the key, and whether `option` stands behind that; `None` where there is no count.
    pub(crate) fn with_option(args: &Args<'_>, option: &str) -> Result<Option<(Self, bool)>, Error> {
        if args.len() < 3 {
            return Ok(None);
        }
        let picks = Self::parse(args, 2)?;
        let chosen = match args.get(3) {
            Some(word) if args.len() == 4 && is(word, option) => true,
            Some(_) => return Err(Error::Syntax),
            None => false,
        };
        if chosen && picks.count > i64::MAX as u64 / 2 {
            return Err(Error::text("ERR value is out of range"));
        }
        Ok(Some((picks, chosen)))
    }

    /// Fails where the answer would not end: to be asked once there is something to pick from. With a bound for answers
    /// it ends there.
    pub(crate) fn check(self, most_reply: usize) -> Result<(), Error> {
        if self.repeats && self.count > MOST_REPEATS && most_reply == usize::MAX {
            return Err(Error::text("ERR value is out of range"));
        }
        Ok(())
    }
}

/// Picks `missing` of `left` that come one after the other, all choices being equally likely (selection sampling,
/// Knuth, The Art of Computer Programming 3.4.2, algorithm S).
#[derive(Debug)]
pub(crate) struct Selection {
    left: usize,
    missing: usize,
}

impl Selection {
    pub(crate) fn new(left: usize, missing: usize) -> Self {
        Self { left, missing }
    }

    /// Whether the next one is picked.
    pub(crate) fn next(&mut self, stats: &WorkerStats) -> bool {
        let picked = below(stats, self.left) < self.missing;
        self.left -= 1;
        self.missing -= usize::from(picked);
        picked
    }
}

/// A random field of a table that is not past its time. There is one.
pub(crate) fn present<'t>(table: &'t FieldTable, now_ms: i64, stats: &WorkerStats) -> Option<Ref<'t, Field>> {
    // Fields past their time are soon removed, so there are few.
    for _ in 0..TRIES {
        let field = table.random(|| stats.random())?;
        if !passed(field.expire_ms(), now_ms) {
            return Some(field);
        }
    }
    table.iter().find(|field| !passed(field.expire_ms(), now_ms))
}

const TRIES: usize = 100;
