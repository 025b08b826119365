//! One slot: a table for each database that ever had a key here, its blocked clients and its watchers.

use crate::waiting::Queues;
use crate::watching::Watches;
use redstart_encoding::{Entry, Table};

/// The tables of one slot. Database 0 is stored inline, since nearly all keys are in it.
#[derive(Debug, Default)]
pub struct Slot {
    first: Table<Entry>,
    /// Allocated for few slots. A slot therefore stays small, and `None` quickly shows that no client waits.
    rest: Option<Box<Rest>>,
}

#[derive(Debug, Default)]
struct Rest {
    /// By database, unordered: only those that ever had a key here.
    others: Vec<(usize, Table<Entry>)>,
    waiting: Queues,
    watches: Watches,
}

impl Rest {
    fn other(&self, database: usize) -> Option<&Table<Entry>> {
        self.others.iter().find(|(number, _)| *number == database).map(|(_, table)| table)
    }
}

impl Slot {
    /// The table of a database, if it was ever used here.
    #[inline]
    #[must_use]
    pub fn table(&self, database: usize) -> Option<&Table<Entry>> {
        if database == 0 { Some(&self.first) } else { self.rest.as_ref()?.other(database) }
    }

    /// The table of a database, created if missing.
    #[inline]
    pub fn table_mut(&mut self, database: usize) -> &mut Table<Entry> {
        if database == 0 { &mut self.first } else { self.other(database) }
    }

    #[cold]
    fn other(&mut self, database: usize) -> &mut Table<Entry> {
        let others = &mut self.rest.get_or_insert_default().others;
        let index = others.iter().position(|(number, _)| *number == database).unwrap_or_else(|| {
            // Few slots have keys in several databases.
            others.reserve_exact(1);
            others.push((database, Table::new()));
            others.len() - 1
        });
        &mut others[index].1
    }

    /// The number of keys of a database here.
    #[must_use]
    pub fn len(&self, database: usize) -> usize {
        self.table(database).map_or(0, Table::len)
    }

    /// Frees the memory of tables without keys.
    pub fn release(&mut self) {
        self.first.release();
        let Some(rest) = &mut self.rest else { return };
        rest.others.retain(|(_, table)| !table.is_empty());
        if rest.waiting.is_empty() && rest.watches.is_empty() && rest.others.is_empty() {
            self.rest = None;
        }
    }

    /// The number of databases with a table here, as the highest number plus one.
    #[must_use]
    pub fn databases(&self) -> usize {
        1 + self.rest.as_ref().and_then(|rest| rest.others.iter().map(|(number, _)| *number).max()).unwrap_or(0)
    }

    /// Exchanges the contents of two databases.
    pub fn swap(&mut self, one: usize, other: usize) {
        let taken = std::mem::take(self.table_mut(one));
        let taken = std::mem::replace(self.table_mut(other), taken);
        *self.table_mut(one) = taken;
    }

    /// Whether clients may wait for keys here or watch some.
    #[inline]
    #[must_use]
    pub fn has_listeners(&self) -> bool {
        self.rest.is_some()
    }

    /// The blocked clients of this slot, if there are any.
    #[inline]
    #[must_use]
    pub fn waiting(&self) -> Option<&Queues> {
        self.rest.as_ref().map(|rest| &rest.waiting).filter(|waiting| !waiting.is_empty())
    }

    /// The watchers of this slot, if there are any.
    #[inline]
    #[must_use]
    pub fn watches(&self) -> Option<&Watches> {
        self.rest.as_ref().map(|rest| &rest.watches).filter(|watches| !watches.is_empty())
    }

    /// Marks the watchers of a changed key dirty.
    #[inline]
    pub fn touch(&self, database: usize, key: &[u8]) {
        if let Some(watches) = self.watches() {
            watches.touch(database, key);
        }
    }

    /// Marks the watchers of an expired key dirty.
    #[inline]
    pub fn touch_expired(&self, database: usize, key: &[u8]) {
        if let Some(watches) = self.watches() {
            watches.touch_expired(database, key);
        }
    }

    /// The watchers of this slot, to be changed.
    pub fn watches_mut(&mut self) -> &mut Watches {
        &mut self.rest.get_or_insert_default().watches
    }

    /// The blocked clients of this slot, to be changed.
    pub fn waiting_mut(&mut self) -> &mut Queues {
        &mut self.rest.get_or_insert_default().waiting
    }
}
