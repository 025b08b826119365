//! DEBUG HTSTATS: how full tables are.

use crate::parse::{int, is};
use redstart_command::{Args, Context, Error, Reply, ValueRef};
use std::fmt::Write;

/// What is told of one table, or of all that belong together.
#[derive(Clone, Copy, Default)]
struct Figures {
    places: usize,
    items: usize,
}

/// Places in a bucket.
const WIDTH: usize = 8;

/// DEBUG HTSTATS.
pub(super) fn database(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let number = usize::try_from(int(&args[2])?).ok().filter(|&number| number < context.shared.keyspace.databases());
    let number = number.ok_or(Error::text("ERR Out of range database"))?;
    let (mut keys, mut volatile) = (Figures::default(), Figures::default());
    for slot in 0..context.access.slot_count() {
        context.access.visit(slot, |slot| {
            if let Some(table) = slot.table(number) {
                keys.places += table.buckets() * WIDTH;
                keys.items += table.len();
                volatile.items += table.expiring();
            }
        });
    }
    // Keys with an expiry stand in the same tables as all others.
    volatile.places = if volatile.items > 0 { keys.places } else { 0 };
    let full = args.get(3).is_some_and(|word| is(word, "full"));
    let text = format!("[Dictionary HT]\n{}[Expires HT]\n{}", describe(keys, full), describe(volatile, full));
    reply.verbatim("txt", text.as_bytes());
    Ok(())
}

/// DEBUG HTSTATS-KEY.
pub(super) fn value(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let full = args.get(3).is_some_and(|word| is(word, "full"));
    let key = context.key(&args[2]);
    let found = context.peek(key).ok_or(Error::NoSuchKey)?;
    let (ValueRef::HashTable(table) | ValueRef::SetTable(table)) = found.value() else {
        return Err(Error::text("ERR The value stored at the specified key is not represented using an hash table"));
    };
    let figures = Figures { places: table.buckets() * WIDTH, items: table.len() };
    reply.verbatim("txt", describe(figures, full).as_bytes());
    Ok(())
}

fn describe(figures: Figures, full: bool) -> String {
    let Figures { places, items } = figures;
    if items == 0 {
        return "No stats available for empty dictionaries\n".to_owned();
    }
    let mut text =
        format!("Hash table 0 stats (main hash table):\n table size: {places}\n number of elements: {items}\n");
    if full {
        // A place holds one item: there are no chains longer than one.
        let _ = write!(text, " different slots: {items}\n max chain length: 1\n");
        let _ = write!(text, " avg chain length (counted): 1.00\n avg chain length (computed): 1.00\n");
        let share = |count: usize| 100.0 * count as f64 / places as f64;
        let empty = places.saturating_sub(items);
        let _ = write!(text, " Chain length distribution:\n   0: {empty} ({:.2}%)\n", share(empty));
        let _ = writeln!(text, "   1: {items} ({:.2}%)", share(items));
    }
    text
}
