//! One slot: a table for each database that ever had a key here.

use redstart_encoding::{Entry, Table};

/// The tables of one slot. Database 0 stands in the slot itself, since nearly all keys are there.
#[derive(Debug, Default)]
pub struct Slot {
    first: Table<Entry>,
    others: Vec<Table<Entry>>,
}

impl Slot {
    /// The table of a database, if it was ever used here.
    #[inline]
    #[must_use]
    pub fn table(&self, database: usize) -> Option<&Table<Entry>> {
        if database == 0 { Some(&self.first) } else { self.others.get(database - 1) }
    }

    /// The table of a database, made where it is missing.
    #[inline]
    pub fn table_mut(&mut self, database: usize) -> &mut Table<Entry> {
        if database == 0 { &mut self.first } else { self.other(database - 1) }
    }

    #[cold]
    fn other(&mut self, index: usize) -> &mut Table<Entry> {
        if self.others.len() <= index {
            self.others.resize_with(index + 1, Table::new);
        }
        &mut self.others[index]
    }

    /// The number of keys of a database here.
    #[must_use]
    pub fn len(&self, database: usize) -> usize {
        self.table(database).map_or(0, Table::len)
    }

    /// How many databases have a table here, counted from 0.
    #[must_use]
    pub fn databases(&self) -> usize {
        1 + self.others.len()
    }

    /// Exchanges the contents of two databases.
    pub fn swap(&mut self, one: usize, other: usize) {
        let taken = std::mem::take(self.table_mut(one));
        let taken = std::mem::replace(self.table_mut(other), taken);
        *self.table_mut(one) = taken;
    }
}
