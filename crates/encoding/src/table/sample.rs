//! Items by chance: one of all, or some from a random place on. What lies near each other is as random as anything, since
//! places follow the hash.

use super::{Item, Ref, Table, WIDTH};
use redstart_sys::prefetch;
use std::marker::PhantomData;
use std::mem::ManuallyDrop;

/// So many items are asked for before the first of them is looked at.
const AHEAD: usize = 16;

impl<T: Item> Table<T> {
    /// A random item, each as likely as the others. `random` gives 64 random bits at each call.
    pub fn random(&self, mut random: impl FnMut() -> u64) -> Option<Ref<'_, T>> {
        if self.len == 0 {
            return None;
        }
        loop {
            if let Some(found) = self.try_random(random(), false) {
                return Some(found);
            }
        }
    }

    /// The item at a random word, if there is one there (and it is flagged, where `only_flagged` is set). Among those that
    /// are found this way each is as likely as the others.
    #[must_use]
    pub fn try_random(&self, random: u64, only_flagged: bool) -> Option<Ref<'_, T>> {
        let (raw, flagged) = if self.len == 0 { None } else { self.word(self.random_word(random)) }?;
        // SAFETY: the word holds an item of this table, borrowed for as long as `self` is.
        let item = || Ref { item: ManuallyDrop::new(unsafe { T::from_raw(raw) }), _table: PhantomData };
        (flagged || !only_flagged).then(item)
    }

    /// A word of either side.
    fn random_word(&self, random: u64) -> usize {
        ((u128::from(random) * (self.buckets() * WIDTH) as u128) >> 64) as usize
    }

    /// Shows items from a random word on, round to where it began, until `show` has taken `most` of them; only flagged
    /// items where `only_flagged` is set. Returns how many it took.
    ///
    /// The start is a word and not a bucket, so that no place within a bucket is shown more often than others.
    pub fn sample(&self, random: u64, only_flagged: bool, most: usize, mut show: impl FnMut(&T) -> bool) -> usize {
        let words = self.buckets() * WIDTH;
        let start = self.random_word(random);
        let mut ahead = [std::ptr::null_mut(); AHEAD];
        let (mut taken, mut at) = (0, 0);
        while taken < most && at < words {
            let mut count = 0;
            while count < (most - taken).min(AHEAD) && at < words {
                let index = start + at;
                if let Some((raw, flagged)) = self.word(if index < words { index } else { index - words })
                    && (flagged || !only_flagged)
                {
                    prefetch::read(raw.cast_const());
                    ahead[count] = raw;
                    count += 1;
                }
                at += 1;
            }
            for &raw in &ahead[..count] {
                // SAFETY: an item of this table, which is borrowed; `ManuallyDrop` leaves it owned there.
                taken += usize::from(show(&ManuallyDrop::new(unsafe { T::from_raw(raw) })));
            }
        }
        taken
    }

    /// The item at a word of either side, counted through both, and whether it is flagged.
    fn word(&self, index: usize) -> Option<(*mut u8, bool)> {
        let (bucket, index) = (index / WIDTH, index % WIDTH);
        match bucket.checked_sub(self.main.count()) {
            Some(bucket) => self.side(true).at(bucket, index),
            None => self.main.at(bucket, index),
        }
    }
}
