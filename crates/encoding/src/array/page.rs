//! 4,096 positions of an array of which at least one is set.
//!
//! ```text
//!   dense    first        cells   [c c . c c c]     a window from the first position that is set to the last
//!   sparse   offsets [3 900 4000] cells [c c c]     only what is set, in order
//! ```
//! A page is dense (no `offsets`) while its window is at most four times as long as what is set, and becomes so again
//! when it is at most twice as long: between the two it stays what it is. Neither form ends with an empty cell.

mod check;

use super::cell::Cell;
use std::ops::Range;

/// Positions of a page.
pub(super) const POSITIONS: u64 = 4096;

/// A stretch of an array's elements.
#[derive(Clone, Debug)]
pub(super) struct Page {
    first: u16,
    count: u16,
    offsets: Vec<u16>,
    cells: Vec<Cell>,
}

impl Page {
    pub(super) fn new(offset: u16, cell: Cell) -> Self {
        Self { first: offset, count: 1, offsets: Vec::new(), cells: vec![cell] }
    }

    pub(super) fn is_dense(&self) -> bool {
        self.offsets.is_empty()
    }

    /// How many positions are set.
    pub(super) fn count(&self) -> usize {
        usize::from(self.count)
    }

    /// How many positions there is a cell for.
    pub(super) fn width(&self) -> usize {
        self.cells.len()
    }

    /// The last position that is set.
    pub(super) fn last(&self) -> u16 {
        self.offsets.last().copied().unwrap_or_else(|| self.first + (self.cells.len() - 1) as u16)
    }

    fn first(&self) -> u16 {
        self.offsets.first().copied().unwrap_or(self.first)
    }

    fn span(&self) -> usize {
        usize::from(self.last() - self.first()) + 1
    }

    /// Bytes of both buffers.
    pub(super) fn heap_bytes(&self) -> usize {
        self.offsets.capacity() * size_of::<u16>() + self.cells.capacity() * size_of::<Cell>()
    }

    #[inline]
    pub(super) fn get(&self, offset: u16) -> Option<&Cell> {
        let at = if self.is_dense() {
            usize::from(offset.checked_sub(self.first)?)
        } else {
            self.offsets.binary_search(&offset).ok()?
        };
        self.cells.get(at)
    }

    /// Puts a cell in; gives what stood there, perhaps an empty one.
    pub(super) fn set(&mut self, offset: u16, cell: Cell) -> Cell {
        let old = if self.is_dense() { self.set_dense(offset, cell) } else { self.set_sparse(offset, cell) };
        if old.is_empty() {
            self.count += 1;
            if !self.is_dense() && self.span() <= 2 * self.count() {
                self.make_dense();
            }
        }
        old
    }

    fn set_dense(&mut self, offset: u16, cell: Cell) -> Cell {
        let (first, last) = (self.first.min(offset), self.last().max(offset));
        if usize::from(last - first) + 1 > 4 * (self.count() + 1) {
            self.make_sparse();
            return self.set_sparse(offset, cell);
        }
        let before = usize::from(self.first - first);
        if before > 0 {
            self.cells.splice(0..0, std::iter::repeat_n(Cell::EMPTY, before));
            self.first = first;
        }
        let at = usize::from(offset - first);
        if at == self.cells.len() {
            self.cells.push(cell);
            return Cell::EMPTY;
        }
        if at > self.cells.len() {
            self.cells.resize(at + 1, Cell::EMPTY);
        }
        std::mem::replace(&mut self.cells[at], cell)
    }

    fn set_sparse(&mut self, offset: u16, cell: Cell) -> Cell {
        match self.offsets.binary_search(&offset) {
            Ok(at) => std::mem::replace(&mut self.cells[at], cell),
            Err(at) => {
                self.offsets.insert(at, offset);
                self.cells.insert(at, cell);
                Cell::EMPTY
            }
        }
    }

    fn make_sparse(&mut self) {
        self.offsets = self.slots(0, u16::MAX).map(|(offset, _)| offset).collect();
        self.cells.retain(|cell| !cell.is_empty());
        self.cells.shrink_to(self.cells.len() + 1);
    }

    fn make_dense(&mut self) {
        self.first = self.first();
        let mut cells = vec![Cell::EMPTY; self.span()];
        for (offset, cell) in std::mem::take(&mut self.offsets).into_iter().zip(self.cells.drain(..)) {
            cells[usize::from(offset - self.first)] = cell;
        }
        self.cells = cells;
    }

    /// Where the cells of positions from `low` to `high` stand.
    fn places(&self, low: u16, high: u16) -> Range<usize> {
        if self.is_dense() {
            let start = usize::from(low.saturating_sub(self.first)).min(self.cells.len());
            let end = (usize::from(high) + 1).saturating_sub(usize::from(self.first));
            return start..end.clamp(start, self.cells.len());
        }
        let start = self.offsets.partition_point(|&offset| offset < low);
        start..self.offsets.partition_point(|&offset| offset <= high).max(start)
    }

    /// Empties the positions from `low` to `high`; shows each cell that was set. The page may be without any then, and
    /// is good for nothing but being dropped.
    pub(super) fn remove(&mut self, low: u16, high: u16, mut gone: impl FnMut(&Cell)) {
        let places = self.places(low, high);
        for cell in &mut self.cells[places.clone()] {
            if !cell.is_empty() {
                gone(cell);
                self.count -= 1;
                *cell = Cell::EMPTY;
            }
        }
        if self.count == 0 {
            return;
        }
        if !self.is_dense() {
            self.offsets.drain(places.clone());
            self.cells.drain(places);
        }
        self.settle();
    }

    /// Restores the invariants after positions were emptied.
    fn settle(&mut self) {
        if self.is_dense() {
            let lead = self.cells.iter().take_while(|cell| cell.is_empty()).count();
            let tail = self.cells.iter().rev().take_while(|cell| cell.is_empty()).count();
            self.cells.truncate(self.cells.len() - tail);
            self.cells.drain(..lead);
            self.first += lead as u16;
            if self.span() > 4 * self.count() {
                self.make_sparse();
            }
        } else if self.span() <= 2 * self.count() {
            self.make_dense();
        }
        if self.cells.capacity() > 4 * self.cells.len() {
            self.cells.shrink_to(2 * self.cells.len());
            self.offsets.shrink_to(2 * self.offsets.len());
        }
    }

    /// What is set from `low` to `high`.
    pub(super) fn slots(&self, low: u16, high: u16) -> impl DoubleEndedIterator<Item = (u16, &Cell)> {
        let places = self.places(low, high);
        let cells = self.cells[places.clone()].iter();
        cells.zip(places).filter(|(cell, _)| !cell.is_empty()).map(|(cell, at)| {
            let offset = self.offsets.get(at).copied().unwrap_or_else(|| self.first + at as u16);
            (offset, cell)
        })
    }
}
