//! The watchers of keys (WATCH): a mark for each watcher, which any change of the key sets.
//!
//! Marks are stored in the slot of their key, so the slot's lock guards them: a thread that changes a key sets its
//! marks before any other thread can read the key, including the watcher's EXEC.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Set once a watched key has changed: the transaction is dirty.
pub type Mark = Arc<AtomicBool>;

#[derive(Debug)]
struct Watcher {
    mark: Mark,
    /// The key existed, and had not expired, when the watch began.
    there: bool,
}

impl Watcher {
    fn set_dirty(&self) {
        self.mark.store(true, Ordering::Relaxed);
    }
}

/// The watched keys of one slot.
#[derive(Debug, Default)]
pub struct Watches {
    by_key: HashMap<(usize, Box<[u8]>), Vec<Watcher>>,
}

impl Watches {
    /// Whether there are no watchers.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.by_key.is_empty()
    }

    /// Adds a watcher of a key, which exists or not.
    pub fn join(&mut self, database: usize, key: &[u8], mark: &Mark, there: bool) {
        let watcher = Watcher { mark: Arc::clone(mark), there };
        self.by_key.entry((database, key.into())).or_default().push(watcher);
    }

    /// Removes a watcher of a key.
    pub fn leave(&mut self, database: usize, key: &[u8], mark: &Mark) {
        let place = (database, key.into());
        if let Some(watchers) = self.by_key.get_mut(&place) {
            watchers.retain(|other| !Arc::ptr_eq(&other.mark, mark));
            if watchers.is_empty() {
                self.by_key.remove(&place);
            }
        }
    }

    /// Sets the marks of a key.
    pub fn touch(&self, database: usize, key: &[u8]) {
        self.watchers(database, key).for_each(Watcher::set_dirty);
    }

    /// Like [`Watches::touch`], for a key deleted because it expired. This is no change for watchers for which the key
    /// did not exist: SWAPDB may have exposed an expired key to them.
    pub fn touch_expired(&self, database: usize, key: &[u8]) {
        self.watchers(database, key).filter(|watcher| watcher.there).for_each(Watcher::set_dirty);
    }

    fn watchers(&self, database: usize, key: &[u8]) -> impl Iterator<Item = &Watcher> {
        self.by_key.get(&(database, key.into())).into_iter().flatten()
    }

    /// Sets the marks that `which` selects. It receives the database, the key, and whether the key existed when the
    /// watch began.
    pub fn touch_where(&self, which: impl Fn(usize, &[u8], bool) -> bool) {
        for ((database, key), watchers) in &self.by_key {
            watchers.iter().filter(|watcher| which(*database, key, watcher.there)).for_each(Watcher::set_dirty);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_marks_only_watchers_of_its_key() {
        let mut watches = Watches::default();
        let marks: [Mark; 3] = Default::default();
        watches.join(0, b"one", &marks[0], true);
        watches.join(0, b"one", &marks[1], true);
        watches.join(1, b"one", &marks[2], true);
        watches.leave(0, b"one", &marks[1]);
        watches.touch(0, b"one");
        watches.touch(0, b"other");
        assert_eq!(marks.each_ref().map(|mark| mark.load(Ordering::Relaxed)), [true, false, false]);
        watches.touch_where(|database, _, there| database == 1 && there);
        assert!(marks[2].load(Ordering::Relaxed));
        watches.leave(0, b"one", &marks[0]);
        watches.leave(1, b"one", &marks[2]);
        assert!(watches.is_empty());
    }
}
