//! An array as a ring: the newest values take the places of the oldest.
//!
//! The ring's size is not kept: it comes with every write. As long as it does not change, a write goes behind the
//! cursor, and from the last place on to the first. When it changes so that the values would stand at the wrong places,
//! the newest ones are laid out anew from 0 on, as far back as no hole comes between.

use super::Array;

impl Array {
    /// Makes the array ready for writes into a ring of `size` places (at least one).
    pub fn fit_ring(&mut self, size: u64) {
        let span = self.span();
        let wrapped = self.cursor.is_some_and(|cursor| cursor + 1 < span);
        let keep = if size < span {
            size
        } else if size > span && wrapped {
            span
        } else {
            return;
        };
        *self = self.newest(span, keep);
    }

    /// Up to `keep` of the values before the cursor, from 0 on, the newest one last.
    fn newest(&self, span: u64, keep: u64) -> Self {
        let back = |at: u64| if at == 0 { span - 1 } else { at - 1 };
        let newest = self.cursor.map_or(span - 1, |cursor| cursor % span);
        let mut at = newest;
        let mut kept = 0;
        while kept < keep && self.cell(at).is_some() {
            kept += 1;
            at = back(at);
        }
        let mut ring = Self::new();
        for index in 0..kept {
            at = if at + 1 == span { 0 } else { at + 1 };
            if let Some(cell) = self.cell(at) {
                ring.put(index, cell.clone());
            }
        }
        ring.cursor = kept.checked_sub(1);
        ring
    }

    /// Writes at the ring's next place; gives it.
    pub fn ring(&mut self, size: u64, value: &[u8]) -> u64 {
        let place = self.cursor.map_or(0, |cursor| cursor + 1) % size;
        self.set(place, value);
        self.cursor = Some(place);
        place
    }
}
