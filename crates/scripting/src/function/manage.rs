//! FUNCTION DELETE, FLUSH, KILL and HELP.

use super::BASE;
use crate::compiled::drop_machine;
use redstart_command::config::ids;
use redstart_command::scripts::Kind;
use redstart_command::{Acl, Arg, Args, Arity, Command, Context, Docs, Error, Flags, Reply};
use redstart_commands::help;

pub(super) const DELETE: Command = Command {
    name: "delete",
    handler: delete,
    arity: Arity::Exactly(3),
    alone: Some(super::journalled),
    flags: Flags::NO_SCRIPT.with(Flags::WRITE),
    docs: Docs { summary: "Removes a library with its functions.", args: &[Arg::string("library-name")], ..BASE.docs },
    tips: &["request_policy:all_shards", "response_policy:all_succeeded"],
    ..BASE
};

fn delete(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let unknown = Error::text("ERR Library not found");
    let scripts = &context.shared.scripts;
    scripts.change_libraries(|libraries| libraries.remove(&args[2]).map(drop).ok_or(unknown))?;
    context.commit_libraries();
    reply.ok();
    Ok(())
}

pub(super) const FLUSH: Command = Command {
    name: "flush",
    handler: flush,
    arity: Arity::AtLeast(2),
    alone: Some(super::journalled),
    flags: Flags::NO_SCRIPT.with(Flags::WRITE),
    docs: Docs {
        summary: "Removes all libraries.",
        complexity: "O(N) where N is the number of functions deleted",
        args: &[Arg::one_of("flush-type", &[Arg::flag("async", "ASYNC"), Arg::flag("sync", "SYNC")]).optional()],
        ..BASE.docs
    },
    tips: &["request_policy:all_shards", "response_policy:all_succeeded"],
    ..BASE
};

/// Up to this number, functions are always freed at once.
const FEW: usize = 64;

fn flush(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    if args.len() > 3 {
        return Err(help::wrong_use(context, &args[1]));
    }
    let known = |word: &[u8]| word.eq_ignore_ascii_case(b"sync") || word.eq_ignore_ascii_case(b"async");
    if args.get(2).is_some_and(|word| !known(word)) {
        return Err(Error::text("ERR FUNCTION FLUSH only supports SYNC|ASYNC option"));
    }
    let shared = context.shared;
    let lazily =
        args.get(2).map_or(shared.config.get(ids::LAZYFREE_LAZY_USER_FLUSH), |word| word.len() == "async".len());
    let before = shared.scripts.flush_libraries();
    drop_machine(Kind::Function);
    if lazily && before.function_count() > FEW {
        // The interpreter counts as one object.
        let objects = before.function_count() + 1;
        shared.lazy.drop_later(Box::new(before), objects, None);
    }
    context.commit_libraries();
    reply.ok();
    Ok(())
}

pub(super) const KILL: Command = Command {
    name: "kill",
    handler: kill,
    arity: Arity::Exactly(2),
    flags: Flags::NO_SCRIPT.with(Flags::ALLOW_BUSY),
    docs: Docs { summary: "Ends the function that runs for too long.", ..BASE.docs },
    tips: &["request_policy:all_shards", "response_policy:one_succeeded"],
    ..BASE
};

fn kill(context: &mut Context<'_>, _: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    context.shared.scripts.kill(Kind::Function)?;
    reply.ok();
    Ok(())
}

pub(super) const HELP: Command = Command { acl: Acl::SCRIPTING, ..help::command(help, "7.0.0", BASE.docs.group) };

fn help(context: &mut Context<'_>, _: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let lines = [
        ("DELETE <LIBRARY NAME>", "Removes a library."),
        ("DUMP", "Returns all libraries as a payload for FUNCTION RESTORE."),
        ("FLUSH [ASYNC|SYNC]", "Removes all libraries."),
        ("KILL", "Ends the function that runs for too long, unless it has written."),
        ("LIST [LIBRARYNAME PATTERN] [WITHCODE]", "Tells of all libraries, or those whose names match."),
        ("LOAD [REPLACE] <FUNCTION CODE>", "Adds a library, or puts it in the place of the one of its name."),
        (
            "RESTORE <PAYLOAD> [FLUSH|APPEND|REPLACE]",
            "Adds the libraries of a payload. Those there are already:\n* APPEND: let the whole be refused (the \
             default).\n* FLUSH: go, all of them.\n* REPLACE: go, if the payload has one of their name.",
        ),
        ("STATS", "Tells of the function that runs, and of the engines."),
    ];
    help::write(context, reply, &lines);
    Ok(())
}
