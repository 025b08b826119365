//! DEBUG RELOAD: every value is written as in an RDB file and read back, which shows whether one comes back as it was.

use super::NO_FILE;
use crate::dump;
use crate::parse::is;
use redstart_command::{Args, Context, Entry, Error, Reply};
use redstart_encoding::Table;
use redstart_encoding::hash::hash;
use redstart_persistence::payload;
use redstart_persistence::rdb::{Limits, WriteOptions};

/// DEBUG RELOAD. There is no file yet, so there is nothing to read without writing it.
pub(super) fn reload(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    for option in args.iter_from(2) {
        if is(option, "nosave") {
            return Err(NO_FILE);
        }
        if !is(option, "noflush") && !is(option, "merge") {
            let text = "ERR DEBUG RELOAD only supports the MERGE, NOFLUSH and NOSAVE options.";
            return Err(Error::text(text));
        }
    }
    let (options, limits, now_ms) = (dump::options(context), dump::limits(context), context.now_ms);
    for slot in 0..context.access.slot_count() {
        let outcome = context.access.visit(slot, |slot| {
            (0..slot.databases())
                .try_for_each(|database| reload_table(slot.table_mut(database), options, &limits, now_ms))
        });
        outcome?;
    }
    reply.ok();
    Ok(())
}

/// Reads the keys of a table back; those whose time has passed are left out, as when a file is loaded.
fn reload_table(table: &mut Table<Entry>, options: WriteOptions, limits: &Limits, now_ms: i64) -> Result<(), Error> {
    let mut fresh = Table::new();
    for entry in table.iter() {
        if entry.is_expired(now_ms) {
            continue;
        }
        let damaged = |error| Error::Text(format!("ERR Error trying to load the RDB dump: {error}").into());
        let bytes = payload::dump(&entry.value(), options);
        let (value, version) = payload::open(&bytes).map_err(damaged)?;
        let loaded = payload::load(value, version, limits).map_err(damaged)?;
        let mut again = Entry::new(entry.key(), loaded.value, entry.expire_ms());
        again.set_parts_expire_ms(loaded.parts_ms);
        again.set_clock(entry.clock());
        fresh.insert(hash(entry.key()), again);
    }
    *table = fresh;
    Ok(())
}
