//! The server as such: its time, its end.

use crate::persistence::{prepare_end, saves_at_end};
use redstart_command::host::Shutdown;
use redstart_command::{Arg, Args, Arity, Command, Context, Docs, Error, Flags, Group, Reply};
use redstart_sys::clock::unix_us;

/// The family.
pub(crate) const COMMANDS: &[Command] = Command::checked(&[SHUTDOWN, TIME]);

const TIME: Command = Command {
    name: "time",
    handler: time,
    arity: Arity::Exactly(1),
    flags: Flags::LOADING.with(Flags::STALE).with(Flags::FAST),
    docs: Docs {
        summary: "Tells the server's time: seconds since 1970, and the microseconds within the second.",
        since: "2.6.0",
        group: Group::Server,
        complexity: "O(1)",
        ..Docs::NONE
    },
    tips: &["nondeterministic_output"],
    ..Command::BASE
};

fn time(context: &mut Context<'_>, _: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    // Time stands still within a script, and between MULTI and EXEC.
    let now_us = if context.session.no_block { context.now_ms * 1000 } else { unix_us() };
    reply.array(2);
    reply.bulk_int(now_us / 1_000_000);
    reply.bulk_int(now_us % 1_000_000);
    Ok(())
}

const SHUTDOWN: Command = Command {
    name: "shutdown",
    handler: shutdown,
    arity: Arity::AtLeast(1),
    alone: Some(|shared, args| matches!(shutdown_options(args), Ok(Some(how)) if saves_at_end(shared, how))),
    flags: Flags::ADMIN
        .with(Flags::NO_SCRIPT)
        .with(Flags::LOADING)
        .with(Flags::STALE)
        .with(Flags::NO_MULTI)
        .with(Flags::ALLOW_BUSY),
    docs: Docs {
        summary: "Ends the server, after saving its data if that is wanted.",
        since: "1.0.0",
        group: Group::Server,
        complexity: "O(N) with N keys where data is saved, else O(1)",
        args: &[
            Arg::one_of("save-selector", &[Arg::flag("nosave", "NOSAVE"), Arg::flag("save", "SAVE")]).optional(),
            Arg::flag("now", "NOW").optional().since("7.0.0"),
            Arg::flag("force", "FORCE").optional().since("7.0.0"),
            Arg::flag("abort", "ABORT").optional().since("7.0.0"),
        ],
        history: &[("7.0.0", "Takes `NOW`, `FORCE` and `ABORT`.")],
        ..Docs::NONE
    },
    ..Command::BASE
};

const FAILED: Error = Error::text("ERR Errors trying to SHUTDOWN. Check logs.");

fn shutdown(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let Some(how) = shutdown_options(args)? else {
        if !context.shared.host().abort_shutdown() {
            return Err(Error::text("ERR No shutdown in progress."));
        }
        reply.ok();
        return Ok(());
    };
    let host = context.shared.host();
    if prepare_end(context.shared, context.access.pass(), how).is_err() {
        return Err(FAILED);
    }
    if !host.shutdown(how) {
        return Err(FAILED);
    }
    context.session.close = true;
    Ok(())
}

/// How to end; `None` for ABORT.
fn shutdown_options(args: &Args<'_>) -> Result<Option<Shutdown>, Error> {
    let (mut how, mut abort) = (Shutdown::default(), false);
    for option in args.iter_from(1) {
        match option.to_ascii_lowercase().as_slice() {
            b"save" if how.save != Some(false) => how.save = Some(true),
            b"nosave" if how.save != Some(true) => how.save = Some(false),
            b"now" => how.now = true,
            b"force" => how.force = true,
            b"abort" => abort = true,
            _ => return Err(Error::Syntax),
        }
    }
    match abort {
        false => Ok(Some(how)),
        true if how == Shutdown::default() => Ok(None),
        true => Err(Error::Syntax),
    }
}
