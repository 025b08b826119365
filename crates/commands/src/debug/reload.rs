//! DEBUG RELOAD: saves all data and loads it from the file again, which shows whether it comes back as it was.

use crate::parse::is;
use crate::persistence::{How, load_alone, save_exclusively};
use redstart_command::scripts::Libraries;
use redstart_command::{Args, Context, Entry, Error, Reply};
use redstart_encoding::Table;
use std::sync::Arc;

/// What DEBUG RELOAD is to do.
struct Options {
    save: bool,
    flush: bool,
    merge: bool,
}

impl Options {
    fn parse(args: &Args<'_>) -> Result<Self, Error> {
        let mut options = Self { save: true, flush: true, merge: false };
        for option in args.iter_from(2) {
            if is(option, "nosave") {
                options.save = false;
            } else if is(option, "noflush") {
                options.flush = false;
            } else if is(option, "merge") {
                options.merge = true;
            } else {
                let text = "ERR DEBUG RELOAD only supports the MERGE, NOFLUSH and NOSAVE options.";
                return Err(Error::text(text));
            }
        }
        Ok(options)
    }
}

/// DEBUG RELOAD.
pub(super) fn reload(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let options = Options::parse(args)?;
    let shared = context.shared;
    if shared.loading.is_on() {
        return Err(Error::text("LOADING Redis is loading the dataset in memory"));
    }
    if options.save {
        save_exclusively(shared, context.access.pass(), (context.now_ms, 0)).map_err(|_| Error::text("ERR"))?;
    }
    let before = options.flush.then(|| Before::take(context));
    if options.merge {
        // What is loaded may take the place of what is there.
        shared.keyspace.keep_all(context.access.pass());
    }
    let how = How { merge: options.merge, keep_expired: false };
    if load_alone(shared, context.access.pass(), how).is_err() {
        if let Some(before) = before {
            before.put_back(context);
        }
        return Err(Error::text("ERR Error trying to load the RDB dump, check server logs."));
    }
    everything_changed(context);
    shared.host().log("DB reloaded by DEBUG RELOAD");
    if let Some(before) = before {
        let keys = before.tables.iter().map(|(_, _, table)| table.len()).sum();
        shared.lazy.drop_later(Box::new(before), keys, None);
    }
    reply.ok();
    Ok(())
}

/// DEBUG LOADAOF: empties all databases and takes them from the append-only file again.
pub(super) fn load_aof(context: &mut Context<'_>, _: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let shared = context.shared;
    let loaded = shared.aof.get().map(|aof| aof.reload(context.access.pass()));
    everything_changed(context);
    if loaded != Some(Ok(())) {
        return Err(Error::text("ERR Error trying to load the AOF files, check server logs."));
    }
    // Nothing of it is a change to be kept.
    reply.ok();
    Ok(())
}

/// The databases hold what a file held: a key may have another value than before, or be missing, or be new.
fn everything_changed(context: &mut Context<'_>) {
    context.commit_databases(0, Some);
}

/// All data, taken out of the keyspace until it is known that the file is good.
struct Before {
    /// With their slots and databases.
    tables: Vec<(usize, usize, Table<Entry>)>,
    libraries: Arc<Libraries>,
}

impl Before {
    fn take(context: &mut Context<'_>) -> Self {
        context.shared.keyspace.keep_all(context.access.pass());
        let mut tables = Vec::new();
        for index in 0..context.access.slot_count() {
            context.access.visit(index, |slot| {
                for database in 0..slot.databases() {
                    if slot.len(database) > 0 {
                        tables.push((index, database, std::mem::take(slot.table_mut(database))));
                    }
                }
            });
        }
        Self { tables, libraries: context.shared.scripts.flush_libraries() }
    }

    /// Throws away what was loaded, and puts everything back in its place.
    fn put_back(self, context: &mut Context<'_>) {
        drop(Self::take(context));
        for (index, database, table) in self.tables {
            context.access.visit(index, |slot| *slot.table_mut(database) = table);
        }
        let libraries = (*self.libraries).clone();
        // There is nothing in it that could fail.
        let _ = context.shared.scripts.change_libraries(|all| {
            *all = libraries;
            Ok(())
        });
    }
}
