//! CLIENT PAUSE and CLIENT UNPAUSE: commands are held back for a while.

use crate::parse::{is, timeout_ms};
use redstart_command::{Acl, Arg, Args, Arity, Command, Context, Docs, Error, Flags, Group, Reply};

pub(super) const PAUSE: Command = Command {
    name: "pause",
    handler: pause,
    arity: Arity::AtLeast(3),
    flags: Flags::ADMIN.with(Flags::NO_SCRIPT).with(Flags::LOADING).with(Flags::STALE),
    acl: Acl::CONNECTION,
    docs: Docs {
        summary: "Holds back the commands of all clients for a while, or those that may change data.",
        since: "3.0.0",
        group: Group::Connection,
        complexity: "O(1)",
        args: &[
            Arg::int("timeout"),
            Arg::one_of("mode", &[Arg::flag("write", "WRITE"), Arg::flag("all", "ALL")]).optional().since("6.2.0"),
        ],
        history: &[("6.2.0", "Takes `WRITE`, which holds back only what may change data, and `ALL`.")],
        ..Docs::NONE
    },
    ..Command::BASE
};

fn pause(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    if args.len() > 4 {
        return Err(crate::help::wrong_use(context, &args[1]));
    }
    let all = match args.get(3) {
        Some(mode) if is(mode, "write") => false,
        Some(mode) if !is(mode, "all") => return Err(Error::text("ERR CLIENT PAUSE mode must be WRITE or ALL")),
        _ => true,
    };
    if let Some(until_ms) = timeout_ms(&args[2], context.now_ms)? {
        context.shared.pause.begin(until_ms, all);
    }
    reply.ok();
    Ok(())
}

pub(super) const UNPAUSE: Command = Command {
    name: "unpause",
    handler: unpause,
    arity: Arity::Exactly(2),
    docs: Docs {
        summary: "Ends a pause: what was held back runs.",
        since: "6.2.0",
        complexity: "O(N) with N clients that wait",
        args: &[],
        history: &[],
        ..PAUSE.docs
    },
    ..PAUSE
};

fn unpause(context: &mut Context<'_>, _: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    context.shared.pause.end();
    reply.ok();
    Ok(())
}
