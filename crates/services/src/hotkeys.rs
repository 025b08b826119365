//! The most expensive keys: processor time and network bytes, summed per key while a HOTKEYS session is active.
//!
//! The heaviest of any number of keys are found in bounded space by the Space-Saving algorithm (A. Metwally, D. Agrawal
//! and A. El Abbadi, 2005). A key without an entry replaces the lightest one and inherits its sum. The inherited part
//! is kept apart, so that a sum shown never exceeds the measured one.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// Sums kept per key to be shown. The surplus compensates for the error in the lightest sums.
const KEPT: usize = 10;

#[derive(Clone, Copy, Debug, Default)]
struct Sum {
    all: u64,
    /// The part inherited from replaced keys.
    inherited: u64,
}

/// The keys with the largest sums.
#[derive(Debug)]
pub struct Top {
    most: usize,
    sums: HashMap<Arc<[u8]>, Sum>,
    /// The same sums, lightest first.
    order: BTreeSet<(u64, Arc<[u8]>)>,
    /// The sum of all additions.
    pub total: u64,
}

impl Top {
    /// A table from which `shown` keys can be shown.
    #[must_use]
    pub fn new(shown: usize) -> Self {
        Self { most: shown * KEPT, sums: HashMap::new(), order: BTreeSet::new(), total: 0 }
    }

    /// Adds to a key's sum.
    pub fn add(&mut self, key: &[u8], more: u64) {
        self.total += more;
        if let Some((key, mut sum)) = self.sums.remove_entry(key) {
            self.order.remove(&(sum.all, Arc::clone(&key)));
            sum.all += more;
            return self.put(key, sum);
        }
        let mut inherited = 0;
        if self.sums.len() >= self.most
            && let Some((lightest, key)) = self.order.pop_first()
        {
            self.sums.remove(&key);
            inherited = lightest;
        }
        self.put(key.into(), Sum { all: inherited + more, inherited });
    }

    fn put(&mut self, key: Arc<[u8]>, sum: Sum) {
        self.order.insert((sum.all, Arc::clone(&key)));
        self.sums.insert(key, sum);
    }

    /// The heaviest keys, at most `most`, with the measured sum of each.
    #[must_use]
    pub fn heaviest(&self, most: usize) -> Vec<(Arc<[u8]>, u64)> {
        let measured = |(key, sum): (&Arc<[u8]>, &Sum)| (Arc::clone(key), sum.all - sum.inherited);
        let mut all: Vec<_> = self.sums.iter().map(measured).filter(|(_, sum)| *sum > 0).collect();
        all.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
        all.truncate(most);
        all
    }
}

/// The options of HOTKEYS START.
#[derive(Clone, Copy, Debug)]
pub struct Wish {
    /// Keys by processor time.
    pub cpu: bool,
    /// Keys by network bytes.
    pub net: bool,
    /// The number of keys to show.
    pub count: usize,
    /// The duration in milliseconds; `None` until HOTKEYS STOP.
    pub duration_ms: Option<i64>,
    /// One in so many commands is sampled.
    pub ratio: u64,
}

/// A measuring session.
#[derive(Debug)]
pub struct Session {
    /// The options.
    pub wish: Wish,
    /// When the session began, in unix milliseconds.
    pub started_ms: i64,
    /// When the session ended; `None` while it is active.
    pub ended_ms: Option<i64>,
    /// The process's CPU seconds, user and system, at the start of the session.
    pub cpu_before: (f64, f64),
    /// Sums of processor time, in microseconds.
    pub cpu: Option<Top>,
    /// Sums of network bytes.
    pub net: Option<Top>,
    /// Microseconds that all commands with keys took.
    pub all_us: u64,
    /// Bytes of all commands with keys and of their replies.
    pub all_bytes: u64,
}

impl Session {
    /// Starts a session.
    #[must_use]
    pub fn new(wish: Wish, now_ms: i64) -> Self {
        Self {
            wish,
            started_ms: now_ms,
            ended_ms: None,
            cpu_before: redstart_sys::process::cpu_seconds(),
            cpu: wish.cpu.then(|| Top::new(wish.count)),
            net: wish.net.then(|| Top::new(wish.count)),
            all_us: 0,
            all_bytes: 0,
        }
    }

    /// Whether the session is active. A session whose time has passed ends here.
    pub fn active(&mut self, now_ms: i64) -> bool {
        let end_ms = self.wish.duration_ms.map(|duration_ms| self.started_ms + duration_ms);
        if self.ended_ms.is_none()
            && let Some(end_ms) = end_ms.filter(|&end_ms| end_ms <= now_ms)
        {
            self.ended_ms = Some(end_ms);
        }
        self.ended_ms.is_none()
    }

    /// Adds a command with these keys. `sampled` says whether its keys are counted individually.
    pub fn add(&mut self, keys: &[&[u8]], us: u64, bytes: u64, sampled: bool) {
        let share = |whole: u64| whole.checked_div(keys.len() as u64);
        let (Some(us_each), Some(bytes_each)) = (share(us), share(bytes)) else { return };
        self.all_us += us;
        self.all_bytes += bytes;
        for key in keys.iter().filter(|_| sampled) {
            if let Some(top) = &mut self.cpu {
                top.add(key, us_each);
            }
            if let Some(top) = &mut self.net {
                top.add(key, bytes_each);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heavy_keys_are_found_among_many() {
        let mut top = Top::new(2);
        for round in 0..10_000_u32 {
            top.add(&round.to_le_bytes(), 1);
            top.add(b"heavy", if round % 2 == 0 { 6 } else { 0 });
            top.add(b"heavier", 4);
        }
        let found = top.heaviest(2);
        assert_eq!((found[0].0.as_ref(), found[1].0.as_ref()), (b"heavier".as_slice(), b"heavy".as_slice()));
        assert!(found[0].1 <= 40_000 && found[1].1 <= 30_000 && found[1].1 > 29_000, "{found:?}");
        assert_eq!(top.total, 80_000);
        assert!(top.sums.len() <= 20 && top.order.len() == top.sums.len());
    }

    #[test]
    fn a_session_ends_after_its_duration() {
        let wish = Wish { cpu: true, net: false, count: 10, duration_ms: Some(1000), ratio: 1 };
        let mut session = Session::new(wish, 5);
        session.add(&[b"a", b"b"], 10, 100, true);
        session.add(&[], 10, 100, true);
        assert!(session.active(1004) && !session.active(1005));
        assert_eq!((session.ended_ms, session.all_us, session.all_bytes), (Some(1005), 10, 100));
        assert_eq!(session.cpu.expect("it was asked for").heaviest(1)[0].1, 5);
    }
}
