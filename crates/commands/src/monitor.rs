//! MONITOR: shows every command that runs, until the connection ends or is RESET.

use redstart_command::{Args, Arity, Command, Context, Docs, Error, Flags, Group, Reply};

/// The family.
pub(crate) const COMMANDS: &[Command] = Command::checked(&[MONITOR]);

const MONITOR: Command = Command {
    name: "monitor",
    handler: monitor,
    arity: Arity::Exactly(1),
    flags: Flags::ADMIN.with(Flags::NO_SCRIPT).with(Flags::LOADING).with(Flags::STALE),
    docs: Docs {
        summary: "Shows every command that the server runs, as it runs.",
        since: "1.0.0",
        group: Group::Server,
        ..Docs::NONE
    },
    ..Command::BASE
};

fn monitor(context: &mut Context<'_>, _: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    if context.session.no_block {
        return Err(Error::text("ERR MONITOR isn't allowed for DENY BLOCKING client"));
    }
    // Asked for twice, it is answered once, as in Redis.
    if !context.session.monitors {
        context.shared.monitors.join(context.session);
        reply.ok();
    }
    Ok(())
}
