//! Data on disk: SAVE, and what the engine and DEBUG RELOAD need of files. `file.rs` writes one, `load.rs` reads one into
//! the keyspace.

mod file;
mod load;

pub use file::{path, save_exclusively, write_base};
pub use load::{How, NotLoaded, load_alone, load_at_start, load_base};

use redstart_command::{Args, Arity, Command, Context, Docs, Error, Flags, Group, Reply};
use std::sync::atomic::Ordering;

/// The family.
pub(crate) const COMMANDS: &[Command] = Command::checked(&[SAVE]);

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
    context.shared.saving.begun.fetch_add(1, Ordering::Relaxed);
    // The log says why.
    save_exclusively(context.shared, context.access.pass(), context.now_ms).map_err(|_| Error::text("ERR"))?;
    reply.ok();
    Ok(())
}
