//! Data on disk: SAVE, BGSAVE, LASTSAVE, and what the engine and DEBUG RELOAD need of files. `file.rs` writes one, `load.rs` reads one into
//! the keyspace.

mod file;
mod load;

pub use file::{CHUNK_BYTES, Form, begin, path, place, save_exclusively, temporary};
pub use load::{How, NotLoaded, load_alone, load_at_start, load_base};

use crate::parse::is;
use redstart_command::host::Shutdown;
use redstart_command::{Acl, Arg, Args, Arity, Command, Context, Docs, Error, Flags, Group, Reply, Shared};
use redstart_keyspace::Pass;
use redstart_sys::clock::unix_ms;
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// Whether data is saved before the end: as asked for, or because there are save points. What is not loaded yet is not saved.
#[must_use]
pub fn saves_at_end(shared: &Shared, how: Shutdown) -> bool {
    !shared.loading.is_on() && how.save.unwrap_or_else(|| !shared.config.save_points().is_empty())
}

/// Sees to the data before the end: saves it where that is wanted, while the caller has the keyspace for itself.
///
/// # Errors
/// It could not be made safe: the log says why. To end all the same would be worse, unless that was asked for.
#[allow(clippy::result_unit_err, reason = "the log has the words")]
pub fn prepare_end(shared: &Shared, pass: &Pass<'_>, how: Shutdown) -> Result<(), ()> {
    let host = shared.host();
    if shared.aof.get().is_some_and(|aof| aof.is_beginning()) {
        // Its base waits for an overdue script, perhaps for ever; SHUTDOWN NOSAVE is what BUSY offers against that.
        let hopeless = shared.scripts.busy() && how.save == Some(false);
        if !how.force && !hopeless {
            host.warn("Writing initial AOF, can't exit");
            host.still_at("Writing initial AOF, can't exit.");
            return Err(());
        }
        host.warn("Writing initial AOF. Exit anyway.");
    }
    if saves_at_end(shared, how) {
        host.log("Saving the final RDB snapshot before exiting.");
        host.still_at("Saving the final RDB snapshot");
        if save_exclusively(shared, pass, (unix_ms(), 0)).is_err() {
            host.warn("Error trying to save the DB, can't exit.");
            host.still_at("Error trying to save the DB, can't exit.");
            return if how.force { Ok(()) } else { Err(()) };
        }
    }
    Ok(())
}

/// The family.
pub(crate) const COMMANDS: &[Command] = Command::checked(&[BGSAVE, LASTSAVE, SAVE]);

const SAVE: Command = Command {
    name: "save",
    handler: save,
    arity: Arity::Exactly(1),
    flags: Flags::NO_ASYNC_LOADING
        .with(Flags::ADMIN)
        .with(Flags::NO_SCRIPT)
        .with(Flags::NO_MULTI)
        .with(Flags::EXCLUSIVE),
    docs: Docs {
        summary: "Saves all data to a file, and answers when that is done.",
        since: "1.0.0",
        group: Group::Server,
        complexity: "O(N) where N is the total number of keys in all databases",
        ..Docs::NONE
    },
    ..Command::BASE
};

fn save(context: &mut Context<'_>, _: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    if context.shared.saving.runs() {
        return Err(IN_PROGRESS);
    }
    context.shared.saving.begun.fetch_add(1, Ordering::Relaxed);
    // The log says why.
    save_exclusively(context.shared, context.access.pass(), (context.now_ms, 0)).map_err(|_| Error::text("ERR"))?;
    reply.ok();
    Ok(())
}

const IN_PROGRESS: Error = Error::text("ERR Background save already in progress");

const BGSAVE: Command = Command {
    name: "bgsave",
    handler: bgsave,
    arity: Arity::AtLeast(1),
    flags: Flags::NO_ASYNC_LOADING.with(Flags::ADMIN).with(Flags::NO_SCRIPT).with(Flags::EXCLUSIVE),
    docs: Docs {
        summary: "Saves all data as it is now to a file, beside the work.",
        since: "1.0.0",
        group: Group::Server,
        complexity: "O(1)",
        history: &[("3.2.2", "Added the `SCHEDULE` option.")],
        args: &[Arg::flag("schedule", "SCHEDULE").optional().since("3.2.2")],
        ..Docs::NONE
    },
    ..Command::BASE
};

fn bgsave(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let (shared, saving) = (context.shared, &context.shared.saving);
    let word = args.get(1);
    let (schedule, cancel) =
        (word.is_some_and(|word| is(word, "schedule")), word.is_some_and(|word| is(word, "cancel")));
    if args.len() > 2 || word.is_some() && !schedule && !cancel {
        return Err(Error::Syntax);
    }
    if cancel {
        if saving.runs() {
            saving.cancelled.store(true, Ordering::Relaxed);
            shared.host().log("Background saving will be aborted due to user request");
            reply.simple("Background saving cancelled");
        } else if saving.scheduled.swap(false, Ordering::Relaxed) {
            shared.host().log("Scheduled background saving will be cancelled due to user request");
            reply.simple("Scheduled background saving cancelled");
        } else {
            return Err(Error::text("ERR Background saving is currently not in progress or scheduled"));
        }
        return Ok(());
    }
    if saving.runs() {
        return Err(IN_PROGRESS);
    }
    let queued = context.session.no_block;
    if shared.keyspace.snapshots.running() || queued {
        if !schedule && !queued {
            return Err(Error::text(
                "ERR Another child process is active (AOF?): can't BGSAVE right now. Use BGSAVE SCHEDULE in order to schedule \
                 a BGSAVE whenever possible.",
            ));
        }
        saving.scheduled.store(true, Ordering::Relaxed);
        reply.simple("Background saving scheduled");
        return Ok(());
    }
    let background = saving.background.get().ok_or(Error::text("ERR"))?;
    Arc::clone(background).begin(context.access.pass());
    reply.simple("Background saving started");
    Ok(())
}

const LASTSAVE: Command = Command {
    name: "lastsave",
    handler: lastsave,
    arity: Arity::Exactly(1),
    flags: Flags::LOADING.with(Flags::STALE).with(Flags::FAST),
    acl: Acl::ADMIN.with(Acl::DANGEROUS),
    docs: Docs {
        summary: "Tells when data was last saved, in seconds since 1970.",
        since: "1.0.0",
        group: Group::Server,
        complexity: "O(1)",
        ..Docs::NONE
    },
    tips: &["nondeterministic_output"],
    ..Command::BASE
};

fn lastsave(context: &mut Context<'_>, _: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    reply.int(context.shared.saving.last_s());
    Ok(())
}
