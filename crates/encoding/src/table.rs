//! The slot table: a hash table of one-pointer items, one cache line a bucket.
//!
//! ```text
//!   word    63          49  48    47                      3   2       1 0
//!           tag (14 bits|1) spill pointer (45 bits, x 8)      flagged distance
//!
//!   bucket  8 words = 64 bytes; home bucket of a hash = (top 32 bits x buckets) >> 32
//! ```
//! - An item lives in its home bucket or in one of the next [`REACH`] (wrapping), `distance` says which. `spill` in a
//!   bucket's first word says that some item on its way passed this full bucket, so a search must go on.
//! - A removal pulls an item that passed by back into the hole: no tombstones, a steady table stays as fast as a new one.
//! - The home is *monotone* in the hash: any number of buckets splits the same number line 0..2^32. So a table grows
//!   by a quarter at a time instead of doubling (it is never less than about three fifths full), and a scan's cursor is a
//!   place on that line, which means the same in every size.
//! - Where home and reach are full, items are shifted aside up to three quarters full, and beyond that the table grows.
//! - Up to [`AT_ONCE`] buckets a resize moves all items in one go (some tens of microseconds). Beyond, old and new
//!   table stand side by side and every insertion moves [`STEP`] buckets, so no operation ever waits for a resize.
//! - Shrinking is an attempt: who deletes in the order of a scan leaves a stretch as dense as ever, which fits no
//!   smaller table, and the move then turns round.
//!
//! Invariants: an item's `distance` is true; every bucket between home and place has `spill`; while a move is under
//! way, homes below `cursor` are in the new table only.

use crate::hash::hash;
use redstart_sys::prefetch;
use std::marker::PhantomData;
use std::mem::ManuallyDrop;
use std::num::NonZeroU64;
use std::ops::{Deref, DerefMut};

mod buckets;
mod check;
mod sample;
mod scan;
#[cfg(test)]
mod tests;

use buckets::{Buckets, Place};
pub use scan::{Cursor, place_of};

/// How many buckets past its home an item may lie.
const REACH: usize = 3;
/// Words in a bucket.
const WIDTH: usize = 8;
/// Tables up to this many buckets are resized in one go.
const AT_ONCE: usize = 1024;
/// Old buckets moved by one insertion while a large table is resized.
const STEP: usize = 16;

/// An owned, one-pointer item with its key inside.
///
/// # Safety
/// `into_raw` returns a non-null address, a multiple of 8 below 2^48, and `from_raw` of it returns the item. `key`
/// does not change while the item is in a table. Bytes that the item lends lie in memory it points to, not in itself.
pub unsafe trait Item: Sized {
    /// Gives the item away as an address.
    fn into_raw(self) -> *mut u8;
    /// Takes back what `into_raw` gave.
    ///
    /// # Safety
    /// `raw` came from `into_raw` and is owned by nobody else.
    unsafe fn from_raw(raw: *mut u8) -> Self;
    /// What the item is found by.
    fn key(&self) -> &[u8];
    /// What time does to the item. The table counts both, and shows without touching the item whether there is any.
    fn times(&self) -> Times;
    /// Asks the processor for what the item points to, if anything.
    fn prefetch_inside(&self) {}
}

/// What time does to an item.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Times {
    /// It expires.
    pub expires: bool,
    /// Parts of it expire.
    pub parts: bool,
}

impl Times {
    #[inline]
    fn any(self) -> bool {
        self.expires | self.parts
    }
}

/// How many items have times.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Timed {
    expire: usize,
    parts: usize,
}

impl Timed {
    #[inline]
    fn add(&mut self, times: Times) {
        self.expire += usize::from(times.expires);
        self.parts += usize::from(times.parts);
    }

    #[inline]
    fn remove(&mut self, times: Times) {
        self.expire -= usize::from(times.expires);
        self.parts -= usize::from(times.parts);
    }
}

/// A hash table of one-pointer items.
pub struct Table<T: Item> {
    main: Buckets,
    len: usize,
    timed: Timed,
    /// A resize under way: the buckets that items still leave.
    moving: Option<Box<Moving>>,
    _items: PhantomData<T>,
}

struct Moving {
    old: Buckets,
    /// Home buckets below this have been emptied.
    cursor: usize,
}

// SAFETY: the table owns its items (it is a `Box<[T]>` in effect).
unsafe impl<T: Item + Send> Send for Table<T> {}

impl<T: Item> Default for Table<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T: Item> std::fmt::Debug for Table<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Table").field("len", &self.len).field("buckets", &self.main.count()).finish_non_exhaustive()
    }
}

/// Where an item was found.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Found {
    old: bool,
    place: Place,
}

impl<T: Item> Table<T> {
    /// An empty table, without an allocation.
    #[must_use]
    pub const fn new() -> Self {
        Self { main: Buckets::none(), len: 0, timed: Timed { expire: 0, parts: 0 }, moving: None, _items: PhantomData }
    }

    /// The number of items.
    #[inline]
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are no items.
    #[inline]
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The number of items that expire.
    #[inline]
    #[must_use]
    pub fn expiring(&self) -> usize {
        self.timed.expire
    }

    /// The number of items of which parts expire.
    #[inline]
    #[must_use]
    pub fn with_expiring_parts(&self) -> usize {
        self.timed.parts
    }

    /// Whether there is an item that expires, wholly or in parts: one that is flagged.
    #[inline]
    #[must_use]
    pub fn any_flagged(&self) -> bool {
        self.timed.expire | self.timed.parts != 0
    }

    /// The number of buckets, of eight places each.
    #[must_use]
    pub fn buckets(&self) -> usize {
        self.main.count() + self.moving.as_ref().map_or(0, |moving| moving.old.count())
    }

    /// Bytes that the table itself takes, without its items.
    #[must_use]
    pub fn table_size(&self) -> usize {
        self.buckets() * WIDTH * 8
    }

    /// Asks the processor for the bucket of `hash`.
    #[inline]
    pub fn prefetch_bucket(&self, hash: u64) {
        self.main.prefetch(hash);
        if let Some(moving) = &self.moving {
            moving.old.prefetch(hash);
        }
    }

    /// Asks the processor for the item that `hash` probably leads to.
    #[inline]
    pub fn prefetch_item(&self, hash: u64) {
        let item = self.main.first_with_tag(hash);
        if let Some(raw) = item {
            prefetch::read(raw);
            prefetch::read(raw.wrapping_add(64));
        }
    }

    /// Asks the processor for what the item of `hash` points to. The item itself should be near already.
    #[inline]
    pub fn prefetch_inside(&self, hash: u64) {
        if let Some(raw) = self.main.first_with_tag(hash) {
            // SAFETY: `raw` is an item of this table, which is borrowed; `ManuallyDrop` leaves it owned there.
            ManuallyDrop::new(unsafe { T::from_raw(raw) }).prefetch_inside();
        }
    }

    #[inline(always)]
    fn locate(&self, hash: u64, key: &[u8]) -> Option<Found> {
        if let Some(moving) = &self.moving
            && let Some(place) = moving.old.find::<T>(hash, key)
        {
            return Some(Found { old: true, place });
        }
        self.main.find::<T>(hash, key).map(|place| Found { old: false, place })
    }

    #[inline]
    fn side(&self, old: bool) -> &Buckets {
        match &self.moving {
            Some(moving) if old => &moving.old,
            _ => &self.main,
        }
    }

    #[inline]
    fn side_mut(&mut self, old: bool) -> &mut Buckets {
        match &mut self.moving {
            Some(moving) if old => &mut moving.old,
            _ => &mut self.main,
        }
    }

    /// Finds the item with `key`, whose hash is `hash`.
    #[inline]
    #[must_use]
    pub fn get(&self, hash: u64, key: &[u8]) -> Option<Ref<'_, T>> {
        let found = self.locate(hash, key)?;
        let raw = self.side(found.old).raw(found.place);
        // SAFETY: a found place holds an item of this table, borrowed for as long as `self` is.
        Some(Ref { item: ManuallyDrop::new(unsafe { T::from_raw(raw) }), _table: PhantomData })
    }

    /// Finds the item with `key`, to be changed or removed.
    #[inline(always)]
    pub fn get_mut(&mut self, hash: u64, key: &[u8]) -> Option<RefMut<'_, T>> {
        let found = self.locate(hash, key)?;
        Some(self.lend(found))
    }

    /// The item at a place that holds one.
    #[inline]
    fn lend(&mut self, found: Found) -> RefMut<'_, T> {
        let raw = self.side(found.old).raw(found.place);
        // SAFETY: as in `get`; the table is borrowed mutably, so this is the only way to the item.
        let item = ManuallyDrop::new(unsafe { T::from_raw(raw) });
        RefMut { item, table: self, found, taken: None }
    }

    /// Adds an item whose key is not there yet (this is checked in debug builds only).
    pub fn insert(&mut self, hash: u64, item: T) {
        debug_assert!(self.locate(hash, item.key()).is_none(), "the key is there already");
        self.len += 1;
        self.timed.add(item.times());
        self.make_room();
        let flagged = item.times().any();
        let raw = item.into_raw();
        if !self.main.insert(hash, raw, flagged) {
            self.insert_crowded(hash, raw, flagged);
        }
    }

    /// Inserts where home and all in reach are full: shifts others aside, or grows where the table is rather full.
    #[cold]
    fn insert_crowded(&mut self, hash: u64, raw: *mut u8, flagged: bool) {
        loop {
            let stay = self.moving.is_some() || buckets::is_sparse(self.len, self.main.count());
            let made = stay && self.main.make_way(hash) || self.move_back();
            if !made {
                self.resize(buckets::next_count(self.main.count()));
            }
            if self.main.insert(hash, raw, flagged) {
                return;
            }
        }
    }

    /// Makes an empty table in the size that so many items will want, so that it need not grow to it.
    pub fn reserve(&mut self, items: usize) {
        if self.len == 0 && self.moving.is_none() && items > 0 {
            self.main = Buckets::new(buckets::count_for(items));
        }
    }

    /// Replaces or adds; returns what was replaced.
    pub fn upsert(&mut self, hash: u64, item: T) -> Option<T> {
        if let Some(mut there) = self.get_mut(hash, item.key()) {
            return Some(std::mem::replace(&mut *there, item));
        }
        self.insert(hash, item);
        None
    }

    /// Removes and returns the item with `key`.
    pub fn remove(&mut self, hash: u64, key: &[u8]) -> Option<T> {
        Some(self.get_mut(hash, key)?.remove())
    }

    fn take(&mut self, found: Found) -> T {
        let moving = self.moving.is_some();
        // While items move, holes stay holes: a search still passes them by the spill marks.
        let raw = self.side_mut(found.old).remove(found.place, !moving);
        // SAFETY: the place held an item, and no longer does.
        let item = unsafe { T::from_raw(raw) };
        self.len -= 1;
        self.timed.remove(item.times());
        item
    }

    /// Grows before an insertion where that is due, and moves a step of a resize under way.
    #[inline]
    fn make_room(&mut self) {
        if self.moving.is_some() {
            self.step(STEP);
        }
        if self.len > buckets::limit(self.main.count()) {
            self.resize(buckets::next_count(self.main.count()));
        }
    }

    /// Shrinks after removals where that is due.
    fn give_back(&mut self) {
        if self.moving.is_some() {
            self.step(STEP);
        }
        if self.len == 0 && self.buckets() > 1 {
            (self.main, self.moving) = (Buckets::none(), None);
        } else if self.moving.is_none() && self.main.too_many_for(self.len) {
            self.shrink();
        }
    }

    /// Gives the last bucket of an empty table back too. Removals keep it, for the next insertion.
    pub fn release(&mut self) {
        if self.len == 0 {
            (self.main, self.moving) = (Buckets::none(), None);
        }
    }

    #[cold]
    fn shrink(&mut self) {
        let count = buckets::count_for(self.len);
        if self.main.count() > AT_ONCE {
            self.resize(count);
        } else if let Some(fresh) = self.rebuilt(count) {
            self.main = fresh;
        } else {
            self.main.keep_for(self.len);
        }
    }

    /// Turns a move to fewer buckets round. That is for a stretch of the number line which has so much more than its
    /// share (because the others were emptied, as by who scans and deletes) that it does not fit; it did fit before.
    /// False where no such move is under way.
    fn move_back(&mut self) -> bool {
        let Some(moving) = &mut self.moving else { return false };
        let fewer = self.main.count() < moving.old.count();
        if fewer {
            std::mem::swap(&mut self.main, &mut moving.old);
            moving.cursor = 0;
            self.main.keep_for(self.len);
        }
        fewer
    }

    fn resize(&mut self, count: usize) {
        self.finish_move();
        if self.main.count().max(count) <= AT_ONCE {
            self.resize_at_once(count);
        } else {
            let old = std::mem::replace(&mut self.main, Buckets::new(count));
            self.moving = Some(Box::new(Moving { old, cursor: 0 }));
        }
    }

    #[cold]
    fn resize_at_once(&mut self, mut count: usize) {
        self.main = loop {
            match self.rebuilt(count) {
                Some(fresh) => break fresh,
                None => count = buckets::next_count(count),
            }
        };
    }

    /// All items of the main buckets in `count` fresh ones, if they fit. The old ones are to be forgotten then.
    fn rebuilt(&self, count: usize) -> Option<Buckets> {
        let mut fresh = Buckets::new(count);
        self.main.prefetch_first_items();
        for bucket in 0..self.main.count() {
            self.main.prefetch_items_after(bucket, false);
            for (raw, flagged) in self.main.items(bucket) {
                let hash = key_hash::<T>(raw);
                let placed =
                    fresh.insert(hash, raw, flagged) || fresh.make_way(hash) && fresh.insert(hash, raw, flagged);
                if !placed {
                    return None;
                }
            }
        }
        Some(fresh)
    }

    /// Moves the items of the next `homes` old buckets.
    #[cold]
    fn step(&mut self, homes: usize) {
        let Some(moving) = &mut self.moving else { return };
        let end = (moving.cursor + homes).min(moving.old.count());
        for home in moving.cursor..end {
            moving.old.prefetch_items_after(home, false);
            while let Some((raw, flagged)) = moving.old.take_of_home(home) {
                let hash = key_hash::<T>(raw);
                if self.main.insert(hash, raw, flagged)
                    || self.main.make_way(hash) && self.main.insert(hash, raw, flagged)
                {
                    continue;
                }
                let back = moving.old.insert(hash, raw, flagged);
                assert!(back, "an item goes back to where it was taken from");
                moving.cursor = home;
                return self.make_place();
            }
        }
        moving.cursor = end;
        if end == moving.old.count()
            && let Some(moved) = self.moving.take()
        {
            moved.old.free_aside();
        }
    }

    /// For a move whose next item finds no place.
    fn make_place(&mut self) {
        if !self.move_back() {
            self.resize_at_once(buckets::next_count(self.main.count()));
        }
    }

    fn finish_move(&mut self) {
        while self.moving.is_some() {
            self.step(usize::MAX / 2);
        }
    }
}

/// The hash of the item at `raw`, which stays where it is.
#[inline]
fn key_hash<T: Item>(raw: *mut u8) -> u64 {
    // SAFETY: `raw` is an item in a table; `ManuallyDrop` leaves it owned there.
    let item = ManuallyDrop::new(unsafe { T::from_raw(raw) });
    hash(item.key())
}

impl<T: Item> Drop for Table<T> {
    fn drop(&mut self) {
        let old = self.moving.take().map(|moving| moving.old);
        for side in old.iter().chain([&self.main]) {
            for bucket in 0..side.count() {
                for (raw, _) in side.items(bucket) {
                    // SAFETY: the table owns the item and is going away.
                    drop(unsafe { T::from_raw(raw) });
                }
            }
        }
    }
}

/// A borrowed item.
pub struct Ref<'a, T: Item> {
    item: ManuallyDrop<T>,
    _table: PhantomData<&'a Table<T>>,
}

impl<'a, T: Item> Ref<'a, T> {
    /// Borrows bytes from the table for as long as the table is borrowed, which is longer than this handle lives.
    ///
    /// Bytes, and not anything: the handle holds the item, which is a pointer, by itself, and a reference to that would
    /// outlive the handle. Bytes are only to be had from what the pointer leads to.
    #[inline]
    #[must_use]
    pub fn project(self, part: impl for<'b> FnOnce(&'b T) -> &'b [u8]) -> &'a [u8] {
        let part: *const [u8] = part(&self.item);
        // SAFETY: an item gives out bytes of the memory it points to (`Item` allows no other), which belongs to the item
        // in the table and cannot change while the table is borrowed for `'a`.
        unsafe { &*part }
    }
}

impl<T: Item> Deref for Ref<'_, T> {
    type Target = T;
    #[inline]
    fn deref(&self) -> &T {
        &self.item
    }
}

impl<T: Item + std::fmt::Debug> std::fmt::Debug for Ref<'_, T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        (**self).fmt(f)
    }
}

/// A mutably borrowed item. It may be replaced by another with the same key.
///
/// Invariant: as long as nothing asked for the item mutably, the table's word points to it, and this guard owns nothing.
/// From the first [`DerefMut::deref_mut`] on the item may have moved: it then belongs to this guard alone, its word in the
/// table is empty, and dropping the guard puts it back. So a forgotten guard leaks the item and leaves the table right.
pub struct RefMut<'a, T: Item> {
    item: ManuallyDrop<T>,
    table: &'a mut Table<T>,
    found: Found,
    /// The table's word (never zero, as it holds a tag), once it was emptied.
    taken: Option<NonZeroU64>,
}

impl<T: Item> RefMut<'_, T> {
    /// Takes the item out of its table.
    pub fn remove(mut self) -> T {
        self.put_back();
        let found = self.found;
        let item = self.table.take(found);
        self.table.give_back();
        item
    }

    /// Empties the item's word, since the item is about to change.
    #[inline]
    fn take_out(&mut self) {
        self.table.len -= 1;
        self.table.timed.remove(self.item.times());
        self.taken = self.table.side_mut(self.found.old).take_word(self.found.place);
    }

    #[inline]
    fn put_back(&mut self) {
        let Some(taken) = self.taken.take() else { return };
        // SAFETY: the guard owns the item, as `taken` said, and gives it to the table's word. From here on the handle is
        // one that the table owns.
        let item = unsafe { std::ptr::read(&raw const *self.item) };
        let times = item.times();
        self.table.side_mut(self.found.old).put_word(self.found.place, taken, item.into_raw(), times.any());
        self.table.len += 1;
        self.table.timed.add(times);
    }
}

impl<T: Item> Drop for RefMut<'_, T> {
    #[inline]
    fn drop(&mut self) {
        self.put_back();
    }
}

impl<T: Item> Deref for RefMut<'_, T> {
    type Target = T;
    #[inline]
    fn deref(&self) -> &T {
        &self.item
    }
}

impl<T: Item> DerefMut for RefMut<'_, T> {
    #[inline]
    fn deref_mut(&mut self) -> &mut T {
        if self.taken.is_none() {
            self.take_out();
        }
        &mut self.item
    }
}

impl<T: Item + std::fmt::Debug> std::fmt::Debug for RefMut<'_, T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        (**self).fmt(f)
    }
}
