//! How often a running script checks the time.
//!
//! Lua's hook runs after a number of instructions, and a single instruction may call a function that works for long. So
//! the interval adapts to the duration of the last one, and functions of this crate report their work themselves: a
//! script can be found overdue, and be killed, whatever it does.

use super::{host, raise};
use mlua::{HookTriggers, Lua, Result, VmState};
use redstart_sys::clock::{Ticks, ticks_per_us};
use std::cell::Cell;
use std::rc::Rc;

/// Instructions before the first check, and the most between two checks.
const FIRST: u32 = 200;
const MOST: u32 = 100_000;
/// An interval shorter than this, in microseconds, is doubled; one longer than `LONG_US` is reduced to about
/// `WANTED_US`.
const SHORT_US: f64 = 250.0;
const LONG_US: f64 = 2000.0;
const WANTED_US: f64 = 500.0;

/// Units of work in functions of this crate between two checks: a byte that is read, or a step of a search. About a
/// millisecond.
const WORK: usize = 500_000;

thread_local! {
    /// Units of work since the last check.
    static WORKED: Cell<usize> = const { Cell::new(0) };
}

/// The interval of an interpreter.
#[derive(Debug)]
pub(crate) struct Pace {
    interval: Cell<u32>,
    /// When the interval began.
    last: Cell<Ticks>,
    /// When the time was last checked, which costs more than the end of an interval.
    looked: Cell<Ticks>,
}

impl Pace {
    /// Sets the hook of a new interpreter.
    ///
    /// # Errors
    /// There is no memory.
    pub(crate) fn install(lua: &Lua) -> Result<Rc<Self>> {
        let pace = Rc::new(Self {
            interval: Cell::new(FIRST),
            last: Cell::new(Ticks::now()),
            looked: Cell::new(Ticks::now()),
        });
        arm(lua, &pace, FIRST)?;
        Ok(pace)
    }

    /// Called when a script begins: its first check comes early.
    ///
    /// # Errors
    /// There is no memory.
    pub(crate) fn begin(self: &Rc<Self>, lua: &Lua) -> Result<()> {
        let now = Ticks::now();
        self.last.set(now);
        self.looked.set(now);
        if self.interval.replace(FIRST) != FIRST { arm(lua, self, FIRST) } else { Ok(()) }
    }

    /// The next interval, after one that ends now.
    fn next(&self, now: Ticks) -> u32 {
        let interval = self.interval.get();
        let took_us = now.since(self.last.get()) as f64 / ticks_per_us();
        let next = if took_us < SHORT_US {
            interval.saturating_mul(2)
        } else if took_us > LONG_US {
            (f64::from(interval) * WANTED_US / took_us) as u32
        } else {
            interval
        };
        next.clamp(1, MOST)
    }
}

/// Sets the hook of the running coroutine: each has its own, inherited from the coroutine that created it.
fn arm(lua: &Lua, pace: &Rc<Pace>, interval: u32) -> Result<()> {
    let same = Rc::clone(pace);
    lua.set_global_hook(HookTriggers::new().every_nth_instruction(interval), move |lua, _| {
        let now = Ticks::now();
        let next = same.next(now);
        same.interval.set(next);
        arm(lua, &same, next)?;
        same.last.set(now);
        if now.since(same.looked.get()) as f64 / ticks_per_us() < SHORT_US {
            return Ok(VmState::Continue);
        }
        let looked = look();
        // Time spent on other clients meanwhile is not the script's.
        let now = Ticks::now();
        same.last.set(now);
        same.looked.set(now);
        looked.map(|()| VmState::Continue)
    })
}

/// Reports work of a function that no hook interrupts.
///
/// # Errors
/// The script must end.
#[inline]
pub(crate) fn work(units: usize) -> Result<()> {
    let worked = WORKED.get().saturating_add(units);
    WORKED.set(worked);
    if worked < WORK { Ok(()) } else { worked_much() }
}

#[cold]
fn worked_much() -> Result<()> {
    WORKED.set(0);
    look()
}

/// Checks the time.
fn look() -> Result<()> {
    let outcome = host::ask(host::Ask::Tick, |call| call.outcome.clone());
    match outcome {
        Some(host::Outcome::Refused(words, counted)) => Err(raise::Raise::Reply(words, counted).into()),
        Some(host::Outcome::Stop) => Err(raise::Raise::Stop.into()),
        _ => Ok(()),
    }
}

/// Like [`work`], for code that cannot return an error: returns whether the script must end.
pub(crate) fn has_to_end() -> bool {
    look().is_err()
}
