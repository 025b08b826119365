//! The access clock of an entry: 24 bits with either the seconds of the last access (LRU) or change (LRM), or a minute
//! and a logarithmic counter (LFU). Source: the description of these three in Redis's documentation of key eviction.
//!
//! ```text
//!   LRU, LRM  23                       0      LFU  23            8 7        0
//!             seconds, wrapping                    minutes, wrapping  counter
//! ```

/// The 24 bits wrap.
const MAX: u32 = (1 << 24) - 1;
/// The counter of a new key, so that it is not evicted at once.
pub const LFU_START: u8 = 5;

/// How accesses are recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Policy {
    /// Seconds of the last access.
    Lru,
    /// Seconds of the last change: an access alone leaves the clock as it is.
    Lrm,
    /// The minute and the counter.
    Lfu {
        /// The number of hits that raise the counter grows with the counter and with this factor (`lfu-log-factor`).
        log_factor: u32,
        /// Minutes after which the counter falls by one (`lfu-decay-time`); 0 for never.
        decay_minutes: u32,
    },
}

impl Policy {
    /// The clock of a key created at `now_ms`.
    #[inline]
    #[must_use]
    pub fn fresh(self, now_ms: i64) -> u32 {
        match self {
            Self::Lru | Self::Lrm => seconds(now_ms),
            Self::Lfu { .. } => minutes(now_ms) << 8 | u32::from(LFU_START),
        }
    }

    /// The clock of a key that was idle for so many seconds at `now_ms`, or has this access frequency; as for a new key
    /// if the policy does not record that.
    #[must_use]
    pub fn restored(self, now_ms: i64, idle_seconds: Option<u64>, frequency: Option<u8>) -> u32 {
        match (self, idle_seconds, frequency) {
            (Self::Lru | Self::Lrm, Some(idle), _) => {
                seconds(now_ms).wrapping_sub(idle.min(u64::from(MAX)) as u32) & MAX
            }
            (Self::Lfu { .. }, _, Some(frequency)) => minutes(now_ms) << 8 | u32::from(frequency),
            _ => self.fresh(now_ms),
        }
    }

    /// The clock after an access at `now_ms`; `random` returns a uniform number in 0..1.
    #[inline]
    #[must_use]
    pub fn touched(self, clock: u32, now_ms: i64, random: impl FnOnce() -> f64) -> u32 {
        match self {
            Self::Lru => seconds(now_ms),
            Self::Lrm => clock,
            Self::Lfu { log_factor, .. } => {
                let counter = self.frequency(clock, now_ms);
                let base = f64::from(counter.saturating_sub(LFU_START));
                let raise = counter < 255 && random() < 1.0 / (base * f64::from(log_factor) + 1.0);
                minutes(now_ms) << 8 | u32::from(counter + u8::from(raise))
            }
        }
    }

    /// The clock of a key whose value is replaced. The access frequency belongs to the key: its counter stays, and is
    /// raised if the replacement `counts` as an access. The times of LRU and LRM are set to now.
    #[inline]
    #[must_use]
    pub fn replaced(self, clock: u32, now_ms: i64, counts: bool, random: impl FnOnce() -> f64) -> u32 {
        match self {
            Self::Lru | Self::Lrm => seconds(now_ms),
            Self::Lfu { .. } if counts => self.touched(clock, now_ms, random),
            Self::Lfu { .. } => clock,
        }
    }

    /// The eviction priority of a key with this clock: the key with the highest number is evicted first. Among keys
    /// with equal access counters, it is the one with the oldest access.
    #[must_use]
    pub fn idleness(self, clock: u32, now_ms: i64) -> u64 {
        match self {
            Self::Lru | Self::Lrm => u64::from(idle_seconds(clock, now_ms)),
            Self::Lfu { .. } => {
                let elapsed = minutes(now_ms).wrapping_sub(clock >> 8) & 0xffff;
                u64::from(u8::MAX - self.frequency(clock, now_ms)) << 16 | u64::from(elapsed)
            }
        }
    }

    /// The access counter, decayed to `now_ms` (OBJECT FREQ).
    #[must_use]
    pub fn frequency(self, clock: u32, now_ms: i64) -> u8 {
        let counter = (clock & 0xff) as u8;
        let Self::Lfu { decay_minutes, .. } = self else { return counter };
        let elapsed = minutes(now_ms).wrapping_sub(clock >> 8) & 0xffff;
        match elapsed.checked_div(decay_minutes) {
            Some(periods) => counter.saturating_sub(u8::try_from(periods).unwrap_or(u8::MAX)),
            None => counter,
        }
    }
}

/// Seconds since the last access (OBJECT IDLETIME) under LRU; since the last change under LRM.
#[must_use]
pub fn idle_seconds(clock: u32, now_ms: i64) -> u32 {
    seconds(now_ms).wrapping_sub(clock) & MAX
}

#[inline]
fn seconds(now_ms: i64) -> u32 {
    (now_ms / 1000) as u32 & MAX
}

fn minutes(now_ms: i64) -> u32 {
    (now_ms / 60_000) as u32 & 0xffff
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn idle_time_survives_the_wrap() {
        let before = (i64::from(MAX) - 1) * 1000;
        assert_eq!(idle_seconds(Policy::Lru.fresh(before), before + 5_000), 5);
    }

    #[test]
    fn a_change_counts_where_an_access_does_not() {
        let made = Policy::Lrm.fresh(5_000);
        assert_eq!(Policy::Lrm.touched(made, 9_000, || 0.0), made);
        assert_eq!(Policy::Lrm.restored(9_000, Some(4), None), made);
    }

    #[test]
    fn a_replaced_value_keeps_the_counter_of_its_key() {
        let policy = Policy::Lfu { log_factor: 0, decay_minutes: 0 };
        assert_eq!(policy.frequency(policy.replaced(42, 0, true, || 0.0), 0), 43);
        assert_eq!(policy.replaced(42, 90_000, false, || 0.0), 42);
        assert_eq!(Policy::Lru.replaced(3, 9_000, false, || 0.0), Policy::Lru.fresh(9_000));
    }

    #[test]
    fn least_recently_used_is_evicted_first() {
        let (old, new) = (Policy::Lru.fresh(1_000_000), Policy::Lru.fresh(2_000_000));
        assert!(Policy::Lru.idleness(old, 3_000_000) > Policy::Lru.idleness(new, 3_000_000));
        let policy = Policy::Lfu { log_factor: 10, decay_minutes: 0 };
        let (often, old, new) = (9, 60 << 8 | 7, 90 << 8 | 7);
        let idleness = |clock| policy.idleness(clock, 100 * 60_000);
        assert!(idleness(old) > idleness(new) && idleness(new) > idleness(often));
    }

    #[test]
    fn the_counter_rises_slowly_and_decays() {
        let policy = Policy::Lfu { log_factor: 10, decay_minutes: 1 };
        let clock = policy.fresh(0);
        assert_eq!(policy.frequency(clock, 0), 5);
        let raised = policy.touched(clock, 0, || 0.5);
        assert_eq!(policy.frequency(raised, 0), 6);
        assert_eq!(policy.frequency(policy.touched(raised, 0, || 0.5), 0), 6);
        assert_eq!(policy.frequency(raised, 4 * 60_000), 2);
        assert_eq!(policy.frequency(raised, 400 * 60_000), 0);
    }
}
