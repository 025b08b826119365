//! FUNCTION DUMP and RESTORE: all libraries as one payload.

use super::{BASE, load};
use redstart_command::config::ids;
use redstart_command::scripts::Libraries;
use redstart_command::{Arg, Args, Arity, Command, Context, Docs, Error, Flags, Reply};
use redstart_commands::help;
use redstart_persistence::libraries;
use redstart_persistence::rdb::WriteOptions;

pub(super) const DUMP: Command = Command {
    name: "dump",
    handler: dump,
    arity: Arity::Exactly(2),
    docs: Docs {
        summary: "Returns all libraries as a payload.",
        complexity: "O(N) where N is the number of functions",
        ..BASE.docs
    },
    ..BASE
};

fn dump(context: &mut Context<'_>, _: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let all = context.shared.scripts.libraries();
    let options = WriteOptions { compress: context.shared.config.get(ids::RDBCOMPRESSION) };
    reply.bulk(&libraries::dump(all.iter().map(|library| &*library.code), options));
    Ok(())
}

pub(super) const RESTORE: Command = Command {
    name: "restore",
    handler: restore,
    arity: Arity::AtLeast(3),
    alone: Some(super::journalled),
    flags: Flags::NO_SCRIPT.with(Flags::WRITE).with(Flags::DENY_OOM),
    docs: Docs {
        summary: "Adds the libraries of a payload.",
        complexity: "O(N) where N is the number of functions on the payload",
        args: &[
            Arg::string("serialized-value"),
            Arg::one_of(
                "policy",
                &[Arg::flag("flush", "FLUSH"), Arg::flag("append", "APPEND"), Arg::flag("replace", "REPLACE")],
            )
            .optional(),
        ],
        ..BASE.docs
    },
    tips: &["request_policy:all_shards", "response_policy:all_succeeded"],
    ..BASE
};

/// What happens to the existing libraries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Policy {
    Append,
    Flush,
    Replace,
}

fn restore(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    if args.len() > 4 {
        return Err(help::wrong_use(context, &args[1]));
    }
    let policy = match args.get(3).map(<[u8]>::to_ascii_lowercase).as_deref() {
        None | Some(b"append") => Policy::Append,
        Some(b"flush") => Policy::Flush,
        Some(b"replace") => Policy::Replace,
        Some(_) => {
            let words = "ERR Wrong restore policy given, value should be either FLUSH, APPEND or REPLACE.";
            return Err(Error::text(words));
        }
    };
    let sources = libraries::load(&args[2]).map_err(|error| {
        Error::text(match error {
            libraries::Error::Footer => "ERR DUMP payload version or checksum are wrong",
            libraries::Error::Early => "ERR Pre-GA function format not supported",
            libraries::Error::Other => "ERR given type is not a function",
            libraries::Error::Damaged => "ERR failed loading the given functions payload",
        })
    })?;
    let mut restored = Libraries::default();
    for source in sources {
        restored.add(load::read(context.shared, &restored, &source, false)?)?;
    }
    context.shared.scripts.change_libraries(|all| {
        // All or nothing: a conflict is detected on a copy.
        let mut joined = all.clone();
        join(&mut joined, &restored, policy)?;
        *all = joined;
        Ok(())
    })?;
    context.commit_libraries();
    reply.ok();
    Ok(())
}

/// Adds the restored libraries to the existing ones, or replaces them.
fn join(all: &mut Libraries, restored: &Libraries, policy: Policy) -> Result<(), Error> {
    if policy == Policy::Flush {
        *all = restored.clone();
        return Ok(());
    }
    if policy == Policy::Replace {
        restored.iter().for_each(|library| drop(all.remove(&library.name)));
    }
    // Errors report names of libraries before names of functions.
    if let Some(library) = restored.iter().find(|library| all.get(&library.name).is_some()) {
        return Err(Error::Bytes([b"ERR Library ", library.name.as_slice(), b" already exists"].concat()));
    }
    restored.iter().try_for_each(|library| all.add(library.clone()))
}
