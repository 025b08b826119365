//! CLIENT LIST and CLIENT INFO: one line for a client, with the fields that Redis shows, in its order.

use super::filter::{Filter, Purpose};
use redstart_command::clients::line::{Asker, line};
use redstart_command::{Acl, Arg, Args, Arity, ClientInfo, Command, Context, Docs, Error, Flags, Group, Reply};

pub(super) const INFO: Command = Command {
    name: "info",
    handler: info,
    arity: Arity::Exactly(2),
    flags: Flags::NO_SCRIPT.with(Flags::LOADING).with(Flags::STALE),
    acl: Acl::CONNECTION,
    docs: Docs {
        summary: "Describes this connection in a line of CLIENT LIST.",
        since: "6.2.0",
        group: Group::Connection,
        complexity: "O(1)",
        ..Docs::NONE
    },
    tips: &["nondeterministic_output"],
    ..Command::BASE
};

fn info(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let mut text = Vec::new();
    line_of(&context.session.info, context, args, &mut text);
    reply.verbatim("txt", &text);
    Ok(())
}

pub(super) const LIST: Command = Command {
    name: "list",
    handler: list,
    arity: Arity::AtLeast(2),
    flags: Flags::ADMIN.with(Flags::NO_SCRIPT).with(Flags::LOADING).with(Flags::STALE),
    acl: Acl::CONNECTION,
    docs: Docs {
        summary: "Describes the open connections, all or some, in a line each.",
        since: "2.4.0",
        group: Group::Connection,
        complexity: "O(N) with N connections",
        args: &[
            Arg::one_of(
                "client-type",
                &[
                    Arg::flag("normal", "NORMAL"),
                    Arg::flag("master", "MASTER"),
                    Arg::flag("replica", "REPLICA"),
                    Arg::flag("pubsub", "PUBSUB"),
                ],
            )
            .token("TYPE")
            .optional()
            .since("5.0.0"),
            Arg::int("client-id").token("ID").optional().multiple().since("6.2.0"),
        ],
        history: &[
            ("2.8.12", "Shows `id`, a number that no other connection has."),
            ("5.0.0", "Takes the filter `TYPE`."),
            ("6.0.0", "Shows `user`."),
            ("6.2.0", "Shows `argv-mem`, `tot-mem`, `laddr` and `redir`, and takes the filter `ID`."),
            ("7.0.0", "Shows `resp`, `multi-mem`, `rbs` and `rbp`."),
            ("7.0.3", "Shows `ssub`."),
            ("7.2.0", "Shows `lib-name` and `lib-ver`."),
            ("7.4.0", "Shows `watch`."),
            ("8.0.0", "Shows `io-thread`."),
        ],
        ..Docs::NONE
    },
    tips: &["nondeterministic_output"],
    ..Command::BASE
};

fn list(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    if args.len() == 3 {
        return Err(Error::Syntax);
    }
    let filter = Filter::parse(args, context, Purpose::List)?;
    let me = context.session.info.id;
    let mut text = Vec::new();
    match filter.only_ids() {
        Some(ids) => {
            for client in ids.iter().filter_map(|&id| context.shared.clients.get(id)) {
                line_of(&client, context, args, &mut text);
            }
        }
        None => {
            for client in context.shared.clients.list() {
                let own = client.id == me;
                // One that was ended is gone for all others, though its worker may not have come to it yet.
                let skipped = if own { filter.skip_me == Some(true) } else { client.killed() };
                if !skipped && filter.matches(&client, context.now_ms) {
                    line_of(&client, context, args, &mut text);
                }
            }
        }
    }
    reply.verbatim("txt", &text);
    Ok(())
}

/// Appends the line of `client`; `args` are those of the running command.
fn line_of(client: &ClientInfo, context: &Context<'_>, args: &Args<'_>, text: &mut Vec<u8>) {
    let (id, now_ms) = (context.session.info.id, context.now_ms);
    line(client, context.shared.known(), &Asker { id, command: None, args: Some(args), now_ms }, text);
    text.push(b'\n');
}
