//! The sections about keys.

use super::Fields;
use redstart_command::{Context, ValueRef};
use redstart_encoding::{Entry, Table};

/// What is known of a database.
#[derive(Clone, Debug, Default)]
pub(crate) struct Database {
    pub(crate) keys: usize,
    volatile: usize,
    /// Keys of which parts expire.
    parts: usize,
    pub(crate) table_bytes: usize,
    /// Times to live that were looked at, and their sum in milliseconds.
    sampled: i64,
    ttl_ms: i128,
}

/// Keys with an expiry that are looked at for the mean.
const TTL_SAMPLES: i64 = 100;
/// Buckets that are looked at in one slot to find some.
const TTL_STEPS: usize = 32;

impl Database {
    fn add(&mut self, table: &Table<Entry>, now_ms: i64) {
        self.keys += table.len();
        self.volatile += table.expiring();
        self.parts += table.with_expiring_parts();
        self.table_bytes += table.table_size();
        let (mut cursor, mut steps) = (0, 0);
        while table.expiring() > 0 && self.sampled < TTL_SAMPLES && steps < TTL_STEPS {
            cursor = table.scan_flagged(cursor, |entry| {
                if let Some(at) = entry.expire_ms() {
                    self.sampled += 1;
                    self.ttl_ms += i128::from(at - now_ms).max(0);
                }
            });
            steps += 1;
            if cursor == 0 {
                break;
            }
        }
    }
}

/// Looks at all slots, one after the other: beside writers, the figures are those of no single moment.
pub(crate) fn survey(context: &mut Context<'_>) -> Vec<Database> {
    let mut databases = vec![Database::default(); context.shared.keyspace.databases()];
    each_table(context, |number, table, now_ms| databases[number].add(table, now_ms));
    databases
}

fn each_table(context: &mut Context<'_>, mut look: impl FnMut(usize, &Table<Entry>, i64)) {
    let now_ms = context.now_ms;
    for slot in 0..context.access.slot_count() {
        context.access.visit(slot, |slot| {
            for number in 0..slot.databases() {
                if let Some(table) = slot.table(number).filter(|table| !table.is_empty()) {
                    look(number, table, now_ms);
                }
            }
        });
    }
}

pub(super) fn keyspace(context: &mut Context<'_>, fields: &mut Fields<'_>) {
    for (number, database) in survey(context).into_iter().enumerate() {
        let Database { keys, volatile, parts, sampled, ttl_ms, .. } = database;
        if keys > 0 {
            let average = ttl_ms.checked_div(sampled.into()).unwrap_or(0);
            // Exporters take apart four parts, and leave out a database with another number of them.
            let line = format_args!("keys={keys},expires={volatile},avg_ttl={average},subexpiry={parts}");
            fields.add(&format!("db{number}"), line);
        }
    }
}

/// How many keys there are of each size, by powers of two, of one type.
#[derive(Clone, Copy)]
struct Histogram([u64; BINS]);

/// Nothing, and every power of two that a size can have.
const BINS: usize = usize::BITS as usize + 1;

impl Default for Histogram {
    fn default() -> Self {
        Self([0; BINS])
    }
}

/// The types that are told apart, with their names.
const KINDS: [&str; 7] = [
    "distrib_strings_sizes",
    "distrib_lists_items",
    "distrib_sets_items",
    "distrib_zsets_items",
    "distrib_hashes_items",
    "distrib_streams_items",
    "distrib_arrays_items",
];

/// How long strings and how large collections are, by powers of two. Takes a look at every key.
pub(super) fn sizes(context: &mut Context<'_>, fields: &mut Fields<'_>) {
    let mut databases = vec![[Histogram::default(); KINDS.len()]; context.shared.keyspace.databases()];
    each_table(context, |number, table, _| {
        for entry in table.iter() {
            let (kind, size) = size_of_value(&entry);
            databases[number][kind].0[bin(size)] += 1;
        }
    });
    for (number, kinds) in databases.iter().enumerate() {
        for (histogram, name) in kinds.iter().zip(KINDS) {
            let filled = histogram.0.iter().enumerate().filter(|(_, count)| **count > 0);
            let bins: Vec<String> = filled.map(|(bin, count)| format!("{}={count}", bin_name(bin))).collect();
            if !bins.is_empty() {
                fields.add(&format!("db{number}_{name}"), bins.join(","));
            }
        }
    }
}

fn size_of_value(entry: &Entry) -> (usize, usize) {
    match entry.value() {
        ValueRef::Int(number) => (0, redstart_encoding::int::text_len(number)),
        ValueRef::Bytes { bytes, .. } => (0, bytes.len()),
        ValueRef::ListPack(pack) => (1, pack.len()),
        ValueRef::QuickList(list) => (1, list.len()),
        ValueRef::SetPack(pack) => (2, pack.len()),
        ValueRef::IntSet(set) => (2, set.len()),
        ValueRef::SetTable(table) => (2, table.len()),
        ValueRef::SortedPack(pack) => (3, pack.len() / 2),
        ValueRef::SortedSet(set) => (3, set.len()),
        ValueRef::HashPack(pack) => (4, pack.len() / 2),
        ValueRef::HashPackTimed(pack) => (4, pack.len() / 3),
        ValueRef::HashTable(table) => (4, table.len()),
        ValueRef::Stream(stream) => (5, stream.len()),
        ValueRef::Array(array) => (6, array.len()),
    }
}

/// The bin of a size: 0 has its own, then one for each power of two.
fn bin(size: usize) -> usize {
    (usize::BITS - size.leading_zeros()) as usize
}

fn bin_name(bin: usize) -> String {
    const UNITS: [&str; 7] = ["", "K", "M", "G", "T", "P", "E"];
    match bin.checked_sub(1) {
        None => "0".to_owned(),
        Some(power) => format!("{}{}", 1_u64 << (power % 10), UNITS[(power / 10).min(6)]),
    }
}

#[cfg(test)]
mod tests {
    use super::{bin, bin_name};

    #[test]
    fn bins_are_named_by_their_smallest_size() {
        for (size, name) in [(0, "0"), (1, "1"), (3, "2"), (4, "4"), (1023, "512"), (1024, "1K"), (5 << 20, "4M")] {
            assert_eq!(bin_name(bin(size)), name, "{size}");
        }
    }
}
