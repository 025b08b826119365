//! The array of buckets under a table: words, places, and the rules of spilling over. It owns its memory, not the
//! items that its words point to.

pub(super) mod check;

use super::{Item, REACH, WIDTH};
use redstart_sys::prefetch;
use std::alloc::{Layout, alloc_zeroed, dealloc, handle_alloc_error};
use std::mem::ManuallyDrop;
use std::num::NonZeroU64;
use std::ptr::NonNull;

const POINTER: u64 = 0x0000_FFFF_FFFF_FFF8;
const DISTANCE: u64 = 0b0011;
const FLAGGED: u64 = 0b0100;
const SPILL: u64 = 1 << 48;
const TAG_SHIFT: u32 = 49;

/// One cache line.
#[repr(C, align(64))]
#[derive(Clone, Copy)]
struct Bucket([u64; WIDTH]);

/// A word's address: bucket and index in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    bucket: u32,
    index: u32,
}

/// How many items `count` buckets take before the table grows: 7/8, or all of it for the smallest.
#[inline]
pub(super) fn limit(count: usize) -> usize {
    if count <= 2 { count * WIDTH } else { count * (WIDTH - 1) }
}

/// Where a table of `count` buckets has no place for an item although it holds only `len`: whether to shift others
/// aside. Above three quarters it would have to shift more and more of them, and growing is the better answer.
pub(super) fn is_sparse(len: usize, count: usize) -> bool {
    len * 4 < count * WIDTH * 3
}

/// From this many buckets on a table grows by half at a time. A new table fills to about five eighths while items
/// move into it; the chance that some neighbourhood is then full beyond repair falls with the load and rises with
/// the size, and in a table as large as this nobody must wait for it.
const HUGE: usize = 1 << 16;

/// The next larger number of buckets: 1 to 8, then four steps to a doubling, at last two.
pub(super) fn next_count(count: usize) -> usize {
    let quarter = if count < WIDTH { 1 } else { 1 << (usize::BITS - 1 - count.leading_zeros() - 2) };
    count + if count < HUGE { quarter } else { 2 * quarter }
}

/// A number of buckets that holds `len` items with room to grow.
pub(super) fn count_for(len: usize) -> usize {
    let filled = if len < HUGE * WIDTH / 2 { len * 10 / 7 } else { len * 2 };
    let wanted = filled.div_ceil(WIDTH).max(1);
    if wanted <= WIDTH {
        return wanted;
    }
    let step = 1 << (usize::BITS - 1 - wanted.leading_zeros() - 2);
    wanted.next_multiple_of(step)
}

/// How many buckets before their turn items are asked for, where one bucket comes after the other.
const AHEAD: usize = 3;

/// How far behind its home a full neighbourhood looks for an empty word, in buckets.
const HORIZON: usize = 64;

pub(super) struct Buckets {
    start: NonNull<Bucket>,
    count: u32,
    /// The table is to shrink when it has fewer pairs of items than this.
    shrink_below: u32,
}

#[inline]
fn tag(hash: u64) -> u64 {
    // The lowest tag bit is always set, so that an empty word never looks like a match.
    ((hash >> 14) | 1) << TAG_SHIFT
}

/// The item that a word points to. Words are integers, so the way back to a pointer is through what [`address`] exposed.
#[inline]
fn pointer(word: u64) -> *mut u8 {
    std::ptr::with_exposed_provenance_mut((word & POINTER) as usize)
}

#[inline]
fn address(raw: *mut u8) -> u64 {
    raw.expose_provenance() as u64
}

impl Buckets {
    pub(super) const fn none() -> Self {
        Self { start: NonNull::dangling(), count: 0, shrink_below: 0 }
    }

    pub(super) fn new(count: usize) -> Self {
        let narrow = u32::try_from(count).expect("2^32 buckets would be 256 GiB of table");
        if count == 0 {
            return Self::none();
        }
        let layout = Self::layout(count);
        // SAFETY: the size is not zero. Zeroed memory is a valid array of empty buckets.
        let start = unsafe { alloc_zeroed(layout) };
        let Some(start) = NonNull::new(start) else { handle_alloc_error(layout) };
        // A quarter of what they hold: two items a bucket.
        Self { start: start.cast(), count: narrow, shrink_below: narrow }
    }

    fn layout(count: usize) -> Layout {
        Layout::array::<Bucket>(count).expect("the count is at most 2^32")
    }

    #[inline]
    pub(super) fn count(&self) -> usize {
        self.count as usize
    }

    /// Whether a table of `len` items should have fewer buckets.
    #[inline]
    pub(super) fn too_many_for(&self, len: usize) -> bool {
        self.count > 1 && len / 2 < self.shrink_below as usize
    }

    /// The `len` items did not fit fewer buckets: to be tried again with half of them.
    pub(super) fn keep_for(&mut self, len: usize) {
        self.shrink_below = (len / 4) as u32;
    }

    #[inline]
    fn words(&self, bucket: usize) -> &[u64; WIDTH] {
        assert!(bucket < self.count());
        // SAFETY: the array has `count` buckets, and the index was checked.
        unsafe { &self.start.add(bucket).as_ref().0 }
    }

    #[inline]
    fn words_mut(&mut self, bucket: usize) -> &mut [u64; WIDTH] {
        assert!(bucket < self.count());
        // SAFETY: as in `words`, and `&mut self` makes it exclusive.
        unsafe { &mut self.start.add(bucket).as_mut().0 }
    }

    #[inline]
    pub(super) fn home(&self, hash: u64) -> usize {
        (((hash >> 32) * u64::from(self.count)) >> 32) as usize
    }

    /// The bucket `distance` after `home`, around the end.
    #[inline]
    fn after(&self, home: usize, distance: usize) -> usize {
        let bucket = home + distance;
        if bucket >= self.count() { bucket - self.count() } else { bucket }
    }

    /// How far an item may lie from home: tables of few buckets must not wrap onto themselves.
    #[inline]
    fn reach(&self) -> usize {
        REACH.min(self.count() - 1)
    }

    #[inline]
    pub(super) fn prefetch(&self, hash: u64) {
        prefetch::read(self.start.as_ptr().wrapping_add(self.home(hash)));
    }

    /// Asks for the items, or the flagged ones, of the bucket that comes so far behind this one as they take to arrive.
    pub(super) fn prefetch_items_after(&self, bucket: usize, only_flagged: bool) {
        if bucket + AHEAD < self.count() {
            self.prefetch_items(bucket + AHEAD, only_flagged);
        }
    }

    /// Asks for the items of the first buckets, which come after none.
    pub(super) fn prefetch_first_items(&self) {
        (0..self.count().min(AHEAD)).for_each(|bucket| self.prefetch_items(bucket, false));
    }

    fn prefetch_items(&self, bucket: usize, only_flagged: bool) {
        let wanted = |word: &&u64| !only_flagged || **word & FLAGGED != 0;
        self.words(bucket).iter().filter(wanted).for_each(|&word| prefetch::read(pointer(word).cast_const()));
    }

    /// The first item in the home bucket whose tag fits.
    #[inline]
    pub(super) fn first_with_tag(&self, hash: u64) -> Option<*mut u8> {
        if self.count == 0 {
            return None;
        }
        let tag = tag(hash);
        let words = self.words(self.home(hash));
        words.iter().find(|&&word| (word ^ tag) >> TAG_SHIFT == 0).map(|&word| pointer(word))
    }

    /// Finds the item with `key`.
    #[inline]
    pub(super) fn find<T: Item>(&self, hash: u64, key: &[u8]) -> Option<Place> {
        if self.count == 0 {
            return None;
        }
        let (home, tag) = (self.home(hash), tag(hash));
        let mut distance = 0;
        loop {
            let bucket = self.after(home, distance);
            let words = self.words(bucket);
            for (index, &word) in words.iter().enumerate() {
                if (word ^ tag) >> TAG_SHIFT == 0 {
                    // SAFETY: a word with a tag holds an item; `ManuallyDrop` leaves it owned by the table.
                    let item = ManuallyDrop::new(unsafe { T::from_raw(pointer(word)) });
                    if item.key() == key {
                        return Some(Place { bucket: bucket as u32, index: index as u32 });
                    }
                }
            }
            if words[0] & SPILL == 0 || distance == self.reach() {
                return None;
            }
            distance += 1;
        }
    }

    /// Adds a word; false where home and all in reach are full.
    pub(super) fn insert(&mut self, hash: u64, raw: *mut u8, flagged: bool) -> bool {
        if self.count == 0 {
            *self = Self::new(1);
        }
        debug_assert!(address(raw) & !POINTER == 0, "an item's address is a multiple of 8 below 2^48");
        let home = self.home(hash);
        for distance in 0..=self.reach() {
            let bucket = self.after(home, distance);
            let words = self.words_mut(bucket);
            if let Some(word) = words.iter_mut().find(|word| **word & POINTER == 0) {
                let flag = if flagged { FLAGGED } else { 0 };
                *word = tag(hash) | address(raw) | flag | (*word & SPILL) | distance as u64;
                for passed in 0..distance {
                    let bucket = self.after(home, passed);
                    self.words_mut(bucket)[0] |= SPILL;
                }
                return true;
            }
        }
        false
    }

    /// Makes an empty word within reach of the home of `hash`, all of which is full: the nearest hole beyond is brought
    /// here step by step, each step moving an item from before the hole into it. Says whether that went all the way.
    ///
    /// Source: M. Herlihy, N. Shavit, M. Tzafrir, "Hopscotch Hashing" (2008), here with buckets for their words.
    #[cold]
    pub(super) fn make_way(&mut self, hash: u64) -> bool {
        let (home, reach) = (self.home(hash), self.reach());
        let mut beyond = reach + 1..self.count().min(HORIZON);
        let Some((mut at, mut hole)) = beyond.find_map(|at| Some((at, self.hole(self.after(home, at))?))) else {
            return false;
        };
        while at > reach {
            let Some((nearer, from)) = (at - reach..at).find_map(|nearer| {
                let bucket = self.after(home, nearer);
                Some((nearer, self.movable(bucket, reach - (at - nearer))?))
            }) else {
                return false;
            };
            self.shift(from, hole, at - nearer);
            (at, hole) = (nearer, from);
        }
        true
    }

    /// An empty word of a bucket.
    fn hole(&self, bucket: usize) -> Option<Place> {
        let index = self.words(bucket).iter().position(|&word| word & POINTER == 0)?;
        Some(Place { bucket: bucket as u32, index: index as u32 })
    }

    /// An item in `bucket` that lies at most `distance` from its home.
    fn movable(&self, bucket: usize, distance: usize) -> Option<Place> {
        let index = self.words(bucket).iter().position(|&word| (word & DISTANCE) as usize <= distance)?;
        Some(Place { bucket: bucket as u32, index: index as u32 })
    }

    /// Moves an item into an empty word `further` buckets on.
    fn shift(&mut self, from: Place, hole: Place, further: usize) {
        let source = &mut self.words_mut(from.bucket as usize)[from.index as usize];
        let word = *source;
        *source = word & SPILL;
        let target = &mut self.words_mut(hole.bucket as usize)[hole.index as usize];
        debug_assert!(*target & POINTER == 0 && (word & DISTANCE) as usize + further <= REACH);
        *target = ((word & !SPILL) + further as u64) | (*target & SPILL);
        for passed in 0..further {
            let bucket = self.after(from.bucket as usize, passed);
            self.words_mut(bucket)[0] |= SPILL;
        }
    }

    #[inline]
    pub(super) fn raw(&self, place: Place) -> *mut u8 {
        pointer(self.words(place.bucket as usize)[place.index as usize])
    }

    /// The item at a position, if there is one, and whether it is flagged.
    #[inline]
    pub(super) fn at(&self, bucket: usize, index: usize) -> Option<(*mut u8, bool)> {
        let word = self.words(bucket)[index];
        (word & POINTER != 0).then(|| (pointer(word), word & FLAGGED != 0))
    }

    /// Empties the word at `place` for a while, in which the table must not change: [`Buckets::put_word`] ends it. Left
    /// empty for good, it is a hole, which searches pass by.
    #[inline]
    pub(super) fn take_word(&mut self, place: Place) -> Option<NonZeroU64> {
        let word = &mut self.words_mut(place.bucket as usize)[place.index as usize];
        let taken = NonZeroU64::new(*word);
        *word &= SPILL;
        taken
    }

    /// Fills a word that was emptied with an item of the same key.
    #[inline]
    pub(super) fn put_word(&mut self, place: Place, taken: NonZeroU64, raw: *mut u8, flagged: bool) {
        let word = &mut self.words_mut(place.bucket as usize)[place.index as usize];
        let kept = taken.get() & !(POINTER | FLAGGED | SPILL);
        *word = kept | *word & SPILL | address(raw) | if flagged { FLAGGED } else { 0 };
    }

    /// Empties the word at `place` and returns what it pointed to. With `mend`, an item that spilled over this
    /// bucket comes back into the hole.
    pub(super) fn remove(&mut self, place: Place, mend: bool) -> *mut u8 {
        let raw = self.raw(place);
        self.words_mut(place.bucket as usize)[place.index as usize] &= SPILL;
        if mend {
            self.mend(place);
        }
        raw
    }

    fn mend(&mut self, mut hole: Place) {
        loop {
            let bucket = hole.bucket as usize;
            if self.words(bucket)[0] & SPILL == 0 {
                return;
            }
            let mut passed = self.passed(bucket);
            let Some((from, distance)) = passed.next() else {
                drop(passed);
                self.words_mut(bucket)[0] &= !SPILL;
                return;
            };
            let more = passed.next().is_some();
            drop(passed);
            let source = &mut self.words_mut(from.bucket as usize)[from.index as usize];
            let word = *source;
            *source = word & SPILL;
            let target = &mut self.words_mut(bucket)[hole.index as usize];
            *target = ((word & !SPILL) - distance as u64) | (*target & SPILL);
            if !more {
                self.words_mut(bucket)[0] &= !SPILL;
            }
            hole = from;
        }
    }

    /// The items that passed `bucket` on their way, with how far behind it each lies.
    fn passed(&self, bucket: usize) -> impl Iterator<Item = (Place, usize)> + '_ {
        (1..=self.reach()).flat_map(move |distance| {
            let there = self.after(bucket, distance);
            self.words(there).iter().enumerate().filter_map(move |(index, &word)| {
                let spilled = word & POINTER != 0 && (word & DISTANCE) as usize >= distance;
                spilled.then_some((Place { bucket: there as u32, index: index as u32 }, distance))
            })
        })
    }

    /// All items that lie in `bucket`, wherever their home is.
    pub(super) fn items(&self, bucket: usize) -> impl Iterator<Item = (*mut u8, bool)> + '_ {
        self.words(bucket).iter().filter(|&&word| word & POINTER != 0).map(|&word| (pointer(word), word & FLAGGED != 0))
    }

    /// The items whose home is `home`, wherever they lie.
    pub(super) fn items_of_home(&self, home: usize) -> impl Iterator<Item = (Place, *mut u8, bool)> + '_ {
        let end = if self.words(home)[0] & SPILL == 0 { 0 } else { self.reach() };
        (0..=end).flat_map(move |distance| {
            let bucket = self.after(home, distance);
            self.words(bucket).iter().enumerate().filter_map(move |(index, &word)| {
                let ours = word & POINTER != 0 && (word & DISTANCE) as usize == distance;
                let place = Place { bucket: bucket as u32, index: index as u32 };
                ours.then_some((place, pointer(word), word & FLAGGED != 0))
            })
        })
    }

    /// Takes one item whose home is `home`, leaving a hole.
    pub(super) fn take_of_home(&mut self, home: usize) -> Option<(*mut u8, bool)> {
        let (place, raw, flagged) = self.items_of_home(home).next()?;
        self.remove(place, false);
        Some((raw, flagged))
    }

    /// The first place on the number line 0..2^32 whose home is `bucket`.
    pub(super) fn line_start(&self, bucket: usize) -> u64 {
        ((bucket as u64) << 32).div_ceil(u64::from(self.count))
    }

    /// The home of a place on the number line.
    pub(super) fn line_home(&self, place: u64) -> usize {
        ((place * u64::from(self.count)) >> 32) as usize
    }
}

// SAFETY: an array of plain words, owned by self alone; what the words point to is the table's business.
unsafe impl Send for Buckets {}

/// Arrays from this many buckets on (1 MiB) are given back by a thread of their own.
const FREE_ASIDE: u32 = 16 * 1024;

impl Buckets {
    /// Frees the array, which holds no item any more. The kernel takes milliseconds for the pages of a large one, and
    /// nobody is to wait for that.
    pub(super) fn free_aside(self) {
        if self.count < FREE_ASIDE {
            return;
        }
        // Where no thread can be had, the array is freed here and now, with the closure that owns it.
        let _ = std::thread::Builder::new().name("free".to_owned()).spawn(move || drop(self));
    }
}

impl Drop for Buckets {
    fn drop(&mut self) {
        if self.count > 0 {
            // SAFETY: allocated in `new` with this layout, and owned by self alone.
            unsafe { dealloc(self.start.as_ptr().cast(), Self::layout(self.count())) };
        }
    }
}
