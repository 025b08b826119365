//! The access clock of an entry: 24 bits, either seconds of the last access (LRU) or a minute and a logarithmic
//! counter (LFU). Source: the description of approximated LRU and LFU in Redis's documentation of key eviction.
//!
//! ```text
//!   LRU  23                       0      LFU  23            8 7        0
//!        seconds, wrapping                    minutes, wrapping  counter
//! ```

/// The 24 bits wrap.
const MAX: u32 = (1 << 24) - 1;
/// A new key's counter, so that it is not evicted at once.
pub const LFU_START: u8 = 5;

/// How accesses are recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Policy {
    /// Seconds of the last access.
    Lru,
    /// Minute and counter.
    Lfu {
        /// Hits needed to raise the counter grow with it and with this (`lfu-log-factor`).
        log_factor: u32,
        /// Minutes after which the counter falls by one (`lfu-decay-time`); 0 never.
        decay_minutes: u32,
    },
}

impl Policy {
    /// The clock of a key made at `now_ms`.
    #[inline]
    #[must_use]
    pub fn fresh(self, now_ms: i64) -> u32 {
        match self {
            Self::Lru => seconds(now_ms),
            Self::Lfu { .. } => minutes(now_ms) << 8 | u32::from(LFU_START),
        }
    }

    /// The clock of a key that was accessed last so many seconds before `now_ms`, or so often; as new where the policy
    /// does not record that.
    #[must_use]
    pub fn restored(self, now_ms: i64, idle_seconds: Option<u64>, frequency: Option<u8>) -> u32 {
        match (self, idle_seconds, frequency) {
            (Self::Lru, Some(idle), _) => seconds(now_ms).wrapping_sub(idle.min(u64::from(MAX)) as u32) & MAX,
            (Self::Lfu { .. }, _, Some(frequency)) => minutes(now_ms) << 8 | u32::from(frequency),
            _ => self.fresh(now_ms),
        }
    }

    /// The clock after an access at `now_ms`; `random` gives a uniform number in 0..1.
    #[inline]
    #[must_use]
    pub fn touched(self, clock: u32, now_ms: i64, random: impl FnOnce() -> f64) -> u32 {
        match self {
            Self::Lru => seconds(now_ms),
            Self::Lfu { log_factor, .. } => {
                let counter = self.frequency(clock, now_ms);
                let base = f64::from(counter.saturating_sub(LFU_START));
                let raise = counter < 255 && random() < 1.0 / (base * f64::from(log_factor) + 1.0);
                minutes(now_ms) << 8 | u32::from(counter + u8::from(raise))
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

/// Seconds since the last access (OBJECT IDLETIME), under LRU.
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
