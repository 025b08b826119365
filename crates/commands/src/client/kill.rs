//! CLIENT KILL: ends connections, by address or by filters.

use super::filter::{Filter, Purpose};
use redstart_command::{Acl, Arg, Args, Arity, Command, Context, Docs, Error, Flags, Group, Reply};

pub(super) const KILL: Command = Command {
    name: "kill",
    handler: kill,
    arity: Arity::AtLeast(3),
    flags: Flags::ADMIN.with(Flags::NO_SCRIPT).with(Flags::LOADING).with(Flags::STALE),
    acl: Acl::CONNECTION,
    docs: Docs {
        summary: "Closes connections, by address or by filters.",
        since: "2.4.0",
        group: Group::Connection,
        complexity: "O(N) with N connections",
        args: &[Arg::one_of(
            "filter",
            &[
                Arg::string("old-format").display("ip:port").deprecated("2.8.12"),
                Arg::one_of(
                    "new-format",
                    &[
                        Arg::int("client-id").token("ID").optional().since("2.8.12"),
                        Arg::one_of(
                            "client-type",
                            &[
                                Arg::flag("normal", "NORMAL"),
                                Arg::flag("master", "MASTER").since("3.2.0"),
                                Arg::flag("slave", "SLAVE"),
                                Arg::flag("replica", "REPLICA").since("5.0.0"),
                                Arg::flag("pubsub", "PUBSUB"),
                            ],
                        )
                        .token("TYPE")
                        .optional()
                        .since("2.8.12"),
                        Arg::string("username").token("USER").optional(),
                        Arg::string("addr").token("ADDR").display("ip:port").optional(),
                        Arg::string("laddr").token("LADDR").display("ip:port").optional().since("6.2.0"),
                        Arg::one_of("skipme", &[Arg::flag("yes", "YES"), Arg::flag("no", "NO")])
                            .token("SKIPME")
                            .optional(),
                        Arg::int("maxage").token("MAXAGE").optional().since("7.4.0"),
                    ],
                )
                .multiple(),
            ],
        )],
        history: &[
            ("2.8.12", "Takes filters."),
            ("2.8.12", "Takes the filter `ID`."),
            ("3.2.0", "`TYPE` knows `master`."),
            ("5.0.0", "`TYPE` knows `replica`, which was `slave` and may still be."),
            ("6.2.0", "Takes the filter `LADDR`."),
            ("7.4.0", "Takes the filter `MAXAGE`."),
        ],
        ..Docs::NONE
    },
    ..Command::BASE
};

fn kill(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let by_address = args.len() == 3;
    let filter = match by_address {
        true => Filter::by_address(&args[2]),
        false => Filter::parse(args, context, Purpose::Kill)?,
    };
    let killed = end_matching(context, &filter);
    match (by_address, killed) {
        (true, 0) => return Err(Error::text("ERR No such client")),
        (true, _) => reply.ok(),
        (false, killed) => reply.count(killed),
    }
    Ok(())
}

/// Ends all clients that the filter lets through, and counts them. Who asks is answered before it ends.
fn end_matching(context: &mut Context<'_>, filter: &Filter<'_>) -> usize {
    let me = context.session.info.id;
    let spare_me = filter.skip_me.unwrap_or(true);
    let mut killed = 0;
    for client in context.shared.clients.list() {
        if client.killed() || (spare_me && client.id == me) || !filter.matches(&client, context.now_ms) {
            continue;
        }
        if client.id == me {
            context.session.close = true;
        } else {
            client.kill();
        }
        killed += 1;
    }
    killed
}
