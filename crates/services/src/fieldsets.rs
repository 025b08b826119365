//! The field sets of a connection (HIMPORT): named lists of field names, so that hashes can be sent as values only.

use std::collections::HashMap;

/// The most bytes of all field sets of a connection, names and bookkeeping together.
const MOST_BYTES: usize = 64 << 20;
/// Bookkeeping bytes per name.
const EACH: usize = 32;

/// Field names, in order.
pub type FieldNames = Box<[Box<[u8]>]>;

/// The field names that HIMPORT PREPARE stored, by name of the set.
#[derive(Debug, Default)]
pub struct FieldSets {
    sets: HashMap<Vec<u8>, FieldNames>,
    bytes: usize,
}

/// The field sets of a connection would exceed [`MOST_BYTES`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooLarge;

fn size(name: &[u8], fields: &[Box<[u8]>]) -> usize {
    fields.iter().map(|field| field.len() + EACH).sum::<usize>() + name.len() + EACH
}

impl FieldSets {
    /// Stores distinct field names under the name of a set, replacing an earlier set.
    ///
    /// # Errors
    /// All sets together would be too large; they remain unchanged.
    pub fn prepare(&mut self, name: &[u8], fields: FieldNames) -> Result<(), TooLarge> {
        let old = self.get(name).map_or(0, |fields| size(name, fields));
        let bytes = self.bytes - old + size(name, &fields);
        if bytes > MOST_BYTES {
            return Err(TooLarge);
        }
        self.sets.insert(name.to_vec(), fields);
        self.bytes = bytes;
        Ok(())
    }

    /// The field names of a set, in the order of PREPARE.
    #[inline]
    #[must_use]
    pub fn get(&self, name: &[u8]) -> Option<&[Box<[u8]>]> {
        self.sets.get(name).map(|fields| &**fields)
    }

    /// Deletes a set; returns whether it existed.
    pub fn discard(&mut self, name: &[u8]) -> bool {
        let removed = self.sets.remove(name);
        self.bytes -= removed.as_ref().map_or(0, |fields| size(name, fields));
        removed.is_some()
    }

    /// Deletes all sets; returns how many there were.
    pub fn discard_all(&mut self) -> usize {
        std::mem::take(self).sets.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(count: usize, length: usize) -> FieldNames {
        (0..count).map(|_| vec![b'f'; length].into()).collect()
    }

    #[test]
    fn sets_are_bounded_and_freed() {
        let mut sets = FieldSets::default();
        let half = MOST_BYTES / 2 - 1000;
        assert_eq!(sets.prepare(b"a", fields(1, half)), Ok(()));
        assert_eq!(sets.prepare(b"b", fields(1, half)), Ok(()));
        assert_eq!(sets.prepare(b"c", fields(2, 1000)), Err(TooLarge));
        assert_eq!(sets.prepare(b"a", fields(1, half + 3000)), Err(TooLarge));
        assert_eq!(sets.get(b"a").map(|fields| fields[0].len()), Some(half));
        assert_eq!(sets.prepare(b"a", fields(3, 1)), Ok(()));
        assert_eq!(sets.prepare(b"c", fields(2, 1000)), Ok(()));
        assert!(sets.discard(b"b") && !sets.discard(b"b"));
        assert!(sets.discard(b"a") && sets.discard(b"c"));
        assert_eq!((sets.bytes, sets.discard_all()), (0, 0));
        assert_eq!(sets.prepare(b"", fields(0, 0)), Ok(()));
        assert_eq!((sets.discard_all(), sets.bytes), (1, 0));
    }
}
