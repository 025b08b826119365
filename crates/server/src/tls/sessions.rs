//! TLS sessions that clients may resume, by id; new sessions evict the oldest.

use parking_lot::Mutex;
use rustls::server::StoresServerSessions;
use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::time::{Duration, Instant};

/// `tls-session-cache-size` 0 means no limit in OpenSSL; here it means this limit.
const MOST: usize = 1 << 20;

/// TLS sessions that clients may resume.
pub(crate) struct Sessions {
    kept: Mutex<Kept>,
    most: usize,
    lifetime: Duration,
}

#[derive(Default)]
struct Kept {
    by_id: HashMap<Vec<u8>, (Instant, Vec<u8>)>,
    /// Ids in order of arrival; some may be evicted already. At most twice as many as sessions are allowed.
    order: VecDeque<(Instant, Vec<u8>)>,
}

impl fmt::Debug for Sessions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sessions").field("most", &self.most).field("lifetime", &self.lifetime).finish_non_exhaustive()
    }
}

impl Sessions {
    /// A cache for `size` sessions (0: the largest size), each with this lifetime.
    pub(crate) fn new(size: usize, lifetime: Duration) -> Self {
        let most = if size == 0 { MOST } else { size.min(MOST) };
        Self { kept: Mutex::default(), most, lifetime }
    }

    fn is_fresh(&self, since: Instant) -> bool {
        since.elapsed() <= self.lifetime
    }
}

impl StoresServerSessions for Sessions {
    fn put(&self, key: Vec<u8>, value: Vec<u8>) -> bool {
        let (mut kept, now) = (self.kept.lock(), Instant::now());
        while let Some((since, _)) = kept.order.front()
            && (kept.by_id.len() >= self.most || kept.order.len() >= 2 * self.most || !self.is_fresh(*since))
        {
            let Some((since, id)) = kept.order.pop_front() else { break };
            // An id that was stored again also has a later entry in the order.
            if kept.by_id.get(&id).is_some_and(|(at, _)| *at == since) {
                kept.by_id.remove(&id);
            }
        }
        kept.order.push_back((now, key.clone()));
        kept.by_id.insert(key, (now, value));
        true
    }

    fn get(&self, key: &[u8]) -> Option<Vec<u8>> {
        let kept = self.kept.lock();
        kept.by_id.get(key).filter(|(since, _)| self.is_fresh(*since)).map(|(_, value)| value.clone())
    }

    fn take(&self, key: &[u8]) -> Option<Vec<u8>> {
        let (since, value) = self.kept.lock().by_id.remove(key)?;
        self.is_fresh(since).then_some(value)
    }

    fn can_cache(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_make_room() {
        let sessions = Sessions::new(2, Duration::from_secs(60));
        for id in 0..4u8 {
            assert!(sessions.put(vec![id], vec![id, id]));
        }
        assert_eq!(sessions.get(&[1]), None);
        assert_eq!(sessions.get(&[2]), Some(vec![2, 2]));
        assert_eq!(sessions.take(&[3]), Some(vec![3, 3]));
        assert_eq!(sessions.take(&[3]), None);
    }

    #[test]
    fn an_id_that_comes_again_and_again_takes_no_more_room() {
        let sessions = Sessions::new(2, Duration::from_secs(60));
        for round in 0..100u8 {
            sessions.put(vec![1], vec![round]);
            assert_eq!(sessions.take(&[1]), Some(vec![round]));
        }
        assert!(sessions.kept.lock().order.len() <= 4);
    }

    #[test]
    fn a_session_ends_with_its_time() {
        let sessions = Sessions::new(0, Duration::ZERO);
        sessions.put(vec![1], vec![1]);
        std::thread::sleep(Duration::from_millis(2));
        assert_eq!(sessions.get(&[1]), None);
        sessions.put(vec![2], vec![2]);
        assert_eq!(sessions.kept.lock().by_id.len(), 1);
    }
}
