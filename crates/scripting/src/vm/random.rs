//! `math.random`: the linear congruential generator of `lrand48`, so that a seed produces the same numbers on every
//! platform, and the same as in Redis.

use super::arguments::Arguments;
use super::raise;
use mlua::{Lua, Result};
use std::cell::Cell;

/// Appended to a seed as the low 16 bits.
const LOW: u64 = 0x330E;
const MULTIPLIER: u64 = 0x5_DEEC_E66D;
const INCREMENT: u64 = 0xB;
const MASK: u64 = (1 << 48) - 1;

/// The state of a generator.
pub(crate) struct Random(Cell<u64>);

impl Random {
    pub(crate) fn new(seed: i32) -> Self {
        let random = Self(Cell::new(0));
        random.seed(seed);
        random
    }

    fn seed(&self, seed: i32) {
        self.0.set(u64::from(seed as u32) << 16 | LOW);
    }

    /// The next number, of 31 bits.
    fn next(&self) -> u32 {
        let state = self.0.get().wrapping_mul(MULTIPLIER).wrapping_add(INCREMENT) & MASK;
        self.0.set(state);
        (state >> 17) as u32
    }
}

/// `math.random`.
pub(crate) fn random(lua: &Lua, random: &Random, args: &Arguments<'_>) -> Result<f64> {
    let most = i32::MAX as u32;
    let part = f64::from(random.next() % most) / f64::from(most);
    let (low, high, last) = match args.len() {
        0 => return Ok(part),
        1 => (1, args.int(1)? as i32, 1),
        2 => (args.int(1)? as i32, args.int(2)? as i32, 2),
        _ => return Err(raise::text(lua, "wrong number of arguments")),
    };
    if low > high {
        return Err(raise::argument(lua, last, "interval is empty"));
    }
    let count = f64::from(high.wrapping_sub(low).wrapping_add(1));
    Ok((part * count).floor() + f64::from(low))
}

/// `math.randomseed`.
pub(crate) fn seed(random: &Random, args: &Arguments<'_>) -> Result<()> {
    random.seed(args.int(1)? as i32);
    Ok(())
}
