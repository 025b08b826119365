//! Time: the wall clock for expiry, and a cheap tick counter for measuring commands.

use std::sync::OnceLock;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

/// Microseconds since 1970-01-01 UTC.
#[must_use]
pub fn unix_us() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_micros()).unwrap_or(i64::MAX)
}

/// Milliseconds since 1970-01-01 UTC.
#[must_use]
pub fn unix_ms() -> i64 {
    unix_us() / 1000
}

/// A reading of the tick counter: takes some nanoseconds, is steady within one machine, and has no fixed unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ticks(pub u64);

impl Ticks {
    /// The current count. On x86-64 this is the time stamp counter, which runs at one rate on every processor of the
    /// last fifteen years; elsewhere it is the monotonic clock in nanoseconds.
    #[inline]
    #[must_use]
    pub fn now() -> Self {
        #[cfg(target_arch = "x86_64")]
        // SAFETY: RDTSC reads a register of the processor.
        return Self(unsafe { std::arch::x86_64::_rdtsc() });
        #[cfg(not(target_arch = "x86_64"))]
        Self(u64::try_from(anchor().0.elapsed().as_nanos()).unwrap_or(u64::MAX))
    }

    /// Ticks from `earlier` to this reading, or 0 if `earlier` is later.
    #[inline]
    #[must_use]
    pub fn since(self, earlier: Self) -> u64 {
        self.0.saturating_sub(earlier.0)
    }
}

fn anchor() -> &'static (Instant, Ticks) {
    static ANCHOR: OnceLock<(Instant, Ticks)> = OnceLock::new();
    ANCHOR.get_or_init(|| {
        let now = Instant::now();
        #[cfg(target_arch = "x86_64")]
        return (now, Ticks::now());
        #[cfg(not(target_arch = "x86_64"))]
        (now, Ticks(0))
    })
}

/// Starts the comparison of ticks with the monotonic clock. [`ticks_per_us`] becomes more exact over time: after a
/// millisecond it has four digits.
pub fn start() {
    anchor();
}

/// Ticks per microsecond, as measured since [`start`].
#[must_use]
pub fn ticks_per_us() -> f64 {
    #[cfg(not(target_arch = "x86_64"))]
    return 1000.0;
    #[cfg(target_arch = "x86_64")]
    {
        let (instant, ticks) = anchor();
        let ns = instant.elapsed().as_nanos();
        if ns < 100_000 {
            return 1000.0;
        }
        Ticks::now().since(*ticks) as f64 * 1000.0 / ns as f64
    }
}
