//! The connection itself: who is there, and is anybody there.

use redstart_command::{Acl, Arg, Args, Arity, Command, Context, Docs, Error, Flags, Group, Reply};

/// The family.
pub(crate) const COMMANDS: &[Command] = Command::checked(&[PING]);

const PING: Command = Command {
    name: "ping",
    handler: ping,
    arity: Arity::AtLeast(1),
    flags: Flags::FAST.with(Flags::LOADING).with(Flags::STALE),
    acl: Acl::CONNECTION,
    docs: Docs {
        summary: "Answers that the server is there, or gives the message back.",
        since: "1.0.0",
        group: Group::Connection,
        complexity: "O(1)",
        args: &[Arg::string("message").optional()],
        ..Docs::NONE
    },
    tips: &["request_policy:all_shards", "response_policy:all_succeeded"],
    ..Command::BASE
};

fn ping(_: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    match args.get(1) {
        None => reply.simple("PONG"),
        Some(message) if args.len() == 2 => reply.bulk(message),
        Some(_) => return Err(Error::WrongArity("ping".into())),
    }
    Ok(())
}
