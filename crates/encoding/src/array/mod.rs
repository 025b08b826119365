//! Sparse arrays: strings at 64-bit indices, taking memory for what is set and not for the holes between.
//!
//! ```text
//!   pages   { 0: dense page, 1: dense page, 244140: sparse page }      index = 4,096 * page + position
//! ```
//! `cell.rs` is one position in eight bytes (numbers and short strings stand in it), `page.rs` 4,096 positions, dense
//! or sparse, `ring.rs` the array as a ring. Pages without anything set are not kept, so finding a position costs the
//! logarithm of the number of pages, and walking over a range costs what is set in it. Must not know commands.
//!
//! The cursor is where values were last appended; it is part of the value, and goes with it into files.

mod cell;
mod check;
mod page;
mod ring;

pub use cell::{Item, ShortText, float_text};

use cell::Cell;
use page::{POSITIONS, Page};
use std::collections::BTreeMap;

/// The highest index.
pub const MAX_INDEX: u64 = u64::MAX - 1;

/// A sparse array.
#[derive(Clone, Debug, Default)]
pub struct Array {
    pages: BTreeMap<u64, Page>,
    count: u64,
    /// The index appended to last; none where 0 is next.
    cursor: Option<u64>,
    /// Bytes of long strings.
    outside: usize,
}

/// How an array is laid out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Layout {
    /// Pages with a window of cells.
    pub dense: usize,
    /// Cells of all windows.
    pub dense_cells: usize,
    /// What is set in the windows.
    pub dense_set: usize,
    /// Pages of single cells.
    pub sparse: usize,
    /// Those cells.
    pub sparse_cells: usize,
}

fn split(index: u64) -> (u64, u16) {
    (index / POSITIONS, (index % POSITIONS) as u16)
}

impl Array {
    /// An array without anything.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The number of positions that are set.
    #[must_use]
    pub fn len(&self) -> usize {
        self.count as usize
    }

    /// Whether nothing is set.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// One more than the highest index that is set.
    #[must_use]
    pub fn span(&self) -> u64 {
        self.pages.last_key_value().map_or(0, |(number, page)| number * POSITIONS + u64::from(page.last()) + 1)
    }

    /// How many positions a page has.
    #[must_use]
    pub fn page_size() -> u64 {
        POSITIONS
    }

    /// How many pages there are.
    #[must_use]
    pub fn page_count(&self) -> usize {
        self.pages.len()
    }

    fn cell(&self, index: u64) -> Option<&Cell> {
        let (number, offset) = split(index);
        self.pages.get(&number)?.get(offset).filter(|cell| !cell.is_empty())
    }

    /// What is set at an index.
    #[must_use]
    pub fn get(&self, index: u64) -> Option<Item<'_>> {
        self.cell(index)?.item()
    }

    /// Sets an index; says whether nothing was set there.
    ///
    /// # Panics
    /// If the index is above [`MAX_INDEX`].
    pub fn set(&mut self, index: u64, value: &[u8]) -> bool {
        self.put(index, Cell::new(value))
    }

    fn put(&mut self, index: u64, cell: Cell) -> bool {
        assert!(index <= MAX_INDEX, "an index leaves room for one behind it");
        let (number, offset) = split(index);
        self.outside += cell.outside();
        let old = match self.pages.get_mut(&number) {
            Some(page) => page.set(offset, cell),
            None => {
                self.pages.insert(number, Page::new(offset, cell));
                Cell::EMPTY
            }
        };
        self.outside -= old.outside();
        self.count += u64::from(old.is_empty());
        old.is_empty()
    }

    /// Empties a position; says whether it was set.
    pub fn remove(&mut self, index: u64) -> bool {
        self.remove_range(index, index) == 1
    }

    /// Empties all positions from `low` to `high`; gives how many were set.
    pub fn remove_range(&mut self, low: u64, high: u64) -> u64 {
        let ((low_page, low_offset), (high_page, high_offset)) = (split(low), split(high));
        let (mut removed, mut bytes) = (0, 0);
        let mut empty = Vec::new();
        if low > high {
            return 0;
        }
        for (&number, page) in self.pages.range_mut(low_page..=high_page) {
            let from = if number == low_page { low_offset } else { 0 };
            let to = if number == high_page { high_offset } else { POSITIONS as u16 - 1 };
            page.remove(from, to, |cell| {
                removed += 1;
                bytes += cell.outside();
            });
            if page.count() == 0 {
                empty.push(number);
            }
        }
        for number in empty {
            self.pages.remove(&number);
        }
        self.count -= removed;
        self.outside -= bytes;
        removed
    }

    /// What is set from `low` to `high`, in order from both ends.
    pub fn range(&self, low: u64, high: u64) -> impl DoubleEndedIterator<Item = (u64, Item<'_>)> {
        let ((low_page, low_offset), (high_page, high_offset)) = (split(low), split(high));
        // A range that ends before it begins would panic: it is made one of nothing.
        let pages = if low <= high { Some(self.pages.range(low_page..=high_page)) } else { None };
        pages.into_iter().flatten().flat_map(move |(&number, page)| {
            let from = if number == low_page { low_offset } else { 0 };
            let to = if number == high_page { high_offset } else { POSITIONS as u16 - 1 };
            let slots = page.slots(from, to);
            slots.filter_map(move |(offset, cell)| Some((number * POSITIONS + u64::from(offset), cell.item()?)))
        })
    }

    /// All that is set.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (u64, Item<'_>)> {
        self.range(0, MAX_INDEX)
    }

    /// The index that was appended to last, if any was since the cursor was at the beginning.
    #[must_use]
    pub fn cursor(&self) -> Option<u64> {
        self.cursor
    }

    /// Where the next value is appended; `None` behind the highest index.
    #[must_use]
    pub fn next_index(&self) -> Option<u64> {
        match self.cursor {
            None => Some(0),
            Some(MAX_INDEX) => None,
            Some(cursor) => Some(cursor + 1),
        }
    }

    /// Has the next value appended at `index`; `u64::MAX` is behind the highest index, where nothing can be appended.
    pub fn seek(&mut self, index: u64) {
        self.cursor = index.checked_sub(1);
    }

    /// A copy that shares nothing.
    #[must_use]
    pub fn copy(&self) -> Self {
        self.clone()
    }

    /// Bytes outside of the array itself. Costs a look at every page.
    #[must_use]
    pub fn heap_bytes(&self) -> usize {
        // Nodes of the map are on average three quarters full.
        let nodes = self.pages.len() * (size_of::<u64>() + size_of::<Page>()) * 4 / 3;
        nodes + self.outside + self.pages.values().map(Page::heap_bytes).sum::<usize>()
    }

    /// How the array is laid out. Costs a look at every page.
    #[must_use]
    pub fn layout(&self) -> Layout {
        let mut layout = Layout::default();
        for page in self.pages.values() {
            if page.is_dense() {
                layout.dense += 1;
                layout.dense_cells += page.width();
                layout.dense_set += page.count();
            } else {
                layout.sparse += 1;
                layout.sparse_cells += page.width();
            }
        }
        layout
    }
}
