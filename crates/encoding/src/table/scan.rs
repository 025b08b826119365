//! Walking a table: in steps that survive growth (SCAN), and all at once.
//!
//! A cursor is a place on the number line of the hash's top 32 bits. A step shows all items whose home bucket covers
//! the cursor, and goes on behind that bucket. An item never changes its place on the line, so whatever is in the
//! table from the first step to the last is shown at least once, however the table is resized between.

use super::{Buckets, Found, Item, Place, Ref, Table};
use crate::hash::hash;
use std::marker::PhantomData;
use std::mem::ManuallyDrop;

/// Where a walk goes on; 0 is the beginning.
pub type Cursor = u64;

/// The end of the number line.
const END: Cursor = 1 << 32;

/// The place of a key on the number line.
#[must_use]
pub fn place_of(key: &[u8]) -> Cursor {
    hash(key) >> 32
}

impl<T: Item> Table<T> {
    /// Shows the items around `cursor`, and returns where to go on, 0 at the end. An item may be shown twice across
    /// steps between which the table was resized.
    pub fn scan(&self, cursor: Cursor, mut show: impl FnMut(&T)) -> Cursor {
        self.scan_places(cursor, |_, raw, _| {
            // SAFETY: an item of this table, which is borrowed; `ManuallyDrop` leaves it owned there.
            show(&ManuallyDrop::new(unsafe { T::from_raw(raw) }));
        })
    }

    /// As [`Table::scan`], but shows what stays in the table once, however it is resized between steps: what is shown at
    /// this cursor has a place from there up to the next cursor. Returns that, 0 at the end.
    pub fn scan_once(&self, cursor: Cursor, mut show: impl FnMut(&T)) -> Cursor {
        if self.len == 0 || cursor >= END {
            return 0;
        }
        let (start, next) = self.stretch(cursor);
        // A bucket may begin before the cursor where the table had other buckets; one of the finer side of a move may reach
        // into two stretches.
        let exact = start == cursor && self.moving.is_none();
        self.scan_places(cursor, |_, raw, _| {
            // SAFETY: as in `scan`.
            let item = ManuallyDrop::new(unsafe { T::from_raw(raw) });
            if exact || (cursor..next).contains(&place_of(item.key())) {
                show(&item);
            }
        })
    }

    /// As [`Table::scan`], for flagged items only; the others are not touched.
    pub fn scan_flagged(&self, cursor: Cursor, mut show: impl FnMut(&T)) -> Cursor {
        self.scan_places(cursor, |_, raw, flagged| {
            if flagged {
                // SAFETY: as in `scan`.
                show(&ManuallyDrop::new(unsafe { T::from_raw(raw) }));
            }
        })
    }

    /// The stretch of the number line around a cursor that one step shows: the home bucket of the coarser side.
    fn stretch(&self, cursor: Cursor) -> (Cursor, Cursor) {
        let lead = match &self.moving {
            Some(moving) if moving.old.count() < self.main.count() => &moving.old,
            _ => &self.main,
        };
        let home = lead.line_home(cursor);
        (lead.line_start(home), lead.line_start(home + 1))
    }

    fn scan_places(&self, cursor: Cursor, mut show: impl FnMut(&Buckets, *mut u8, bool)) -> Cursor {
        if self.len == 0 || cursor >= END {
            return 0;
        }
        let (start, next) = self.stretch(cursor);
        let old = self.moving.as_ref().map(|moving| &moving.old);
        for side in old.into_iter().chain([&self.main]) {
            for bucket in side.line_home(start)..=side.line_home(next - 1) {
                for (_, raw, flagged) in side.items_of_home(bucket) {
                    show(side, raw, flagged);
                }
            }
        }
        if next >= END { 0 } else { next }
    }

    /// All items.
    pub fn iter(&self) -> impl Iterator<Item = Ref<'_, T>> {
        let old = self.moving.as_ref().map(|moving| &moving.old);
        let sides = old.into_iter().chain([&self.main]);
        let raws = sides.flat_map(|side| (0..side.count()).flat_map(move |bucket| side.items(bucket)));
        raws.map(|(raw, _)| {
            // SAFETY: an item of this table, which stays borrowed as long as the handle.
            Ref { item: ManuallyDrop::new(unsafe { T::from_raw(raw) }), _table: PhantomData }
        })
    }

    /// Removes the items around `cursor` that `condemn` names, returning where to go on, 0 at the end. Only flagged
    /// items are looked at where `only_flagged` is set.
    pub fn sweep(
        &mut self,
        cursor: Cursor,
        only_flagged: bool,
        mut condemn: impl FnMut(&T) -> bool,
        mut removed: impl FnMut(T),
    ) -> Cursor {
        if self.len == 0 || cursor >= END {
            return 0;
        }
        let (start, next) = self.stretch(cursor);
        for old in [true, false] {
            if old && self.moving.is_none() {
                continue;
            }
            let side = self.side(old);
            let (first, last) = (side.line_home(start), side.line_home(next - 1));
            for bucket in first..=last {
                self.side(old).prefetch_items_after(bucket, only_flagged);
                while let Some(place) = self.find_condemned(old, bucket, only_flagged, &mut condemn) {
                    removed(self.take(Found { old, place }));
                }
            }
        }
        self.give_back();
        if next >= END { 0 } else { next }
    }

    /// The first item of a home bucket that is to go.
    fn find_condemned(
        &self,
        old: bool,
        home: usize,
        only_flagged: bool,
        condemn: &mut impl FnMut(&T) -> bool,
    ) -> Option<Place> {
        let found = self.side(old).items_of_home(home).find(|&(_, raw, flagged)| {
            // SAFETY: an item of this table, which is borrowed; `ManuallyDrop` leaves it owned there.
            (flagged || !only_flagged) && condemn(&ManuallyDrop::new(unsafe { T::from_raw(raw) }))
        });
        found.map(|(place, ..)| place)
    }
}
