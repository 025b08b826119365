//! CLIENT LIST and CLIENT INFO: one line for a client, with the fields that Redis shows, in its order.

use super::filter::{Filter, Purpose};
use redstart_command::{Acl, Arg, Args, Arity, ClientInfo, Command, Context, Docs, Error, Flags, Group, Reply, Topic};
use redstart_config::ids;
use std::io::Write;
use std::sync::atomic::Ordering;

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
    line(&context.session.info, context, args, &mut text);
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
                line(&client, context, args, &mut text);
            }
        }
        None => {
            for client in context.shared.clients.list() {
                let skipped = filter.skip_me == Some(true) && client.id == me;
                if !skipped && filter.matches(&client, context.now_ms) {
                    line(&client, context, args, &mut text);
                }
            }
        }
    }
    reply.verbatim("txt", &text);
    Ok(())
}

/// Letters for what is special about a client, `N` for nothing.
pub(super) fn flags(client: &ClientInfo) -> String {
    let flags = [
        ('P', client.subscribed()),
        ('x', client.queued.load(Ordering::Relaxed) >= 0),
        ('b', client.blocked.lock().is_some()),
        ('c', client.closing.load(Ordering::Relaxed)),
        ('A', client.killed()),
        ('d', client.broken.load(Ordering::Relaxed)),
        ('U', client.unix),
        ('e', client.no_evict.load(Ordering::Relaxed)),
        ('T', client.no_touch.load(Ordering::Relaxed)),
    ];
    let text: String = flags.iter().filter(|(_, set)| *set).map(|(letter, _)| letter).collect();
    if text.is_empty() { "N".to_owned() } else { text }
}

/// Answers up to this size are counted as the buffer's, what is beyond as queued: Redis's own buffer has this size.
const REPLY_BUFFER: usize = 16 * 1024;

/// Appends the line of `client`; `args` are those of the running command.
fn line(client: &ClientInfo, context: &Context<'_>, args: &Args<'_>, text: &mut Vec<u8>) {
    let load = |number: &std::sync::atomic::AtomicUsize| number.load(Ordering::Relaxed);
    let me = client.id == context.session.info.id;
    let names = client.names.lock().clone();
    let (query, query_free) = match me && context.shared.config.get(ids::THREADS) == 1 {
        true => (wire_size(args), load(&client.query_buffer_free)),
        // With several threads the buffer that commands are read from belongs to the thread.
        false => (load(&client.query_buffer), load(&client.query_buffer_free)),
    };
    let arguments: usize = if me { args.iter_from(0).map(<[u8]>::len).sum() } else { 0 };
    let (unsent, room) = (load(&client.output), load(&client.output_capacity));
    let queued = unsent.saturating_sub(REPLY_BUFFER);
    let total =
        size_of::<ClientInfo>() + query + query_free + room.max(unsent) + arguments + load(&client.queued_bytes);
    let command = match client.last_command.load(Ordering::Relaxed) {
        _ if me => context.command.full_name.as_str(),
        id => context.shared.registry.get(id).map_or("NULL", |command| command.full_name.as_str()),
    };
    let idle_since_ms = if me { context.now_ms } else { client.last_ms.load(Ordering::Relaxed) };
    let mut add = |field: &str, value: &[u8]| {
        text.extend_from_slice(field.as_bytes());
        text.extend_from_slice(value);
    };
    let number = |number: i64| number.to_string().into_bytes();
    let count = |number: usize| number.to_string().into_bytes();
    add("id=", &count(client.id as usize));
    add(" addr=", client.addr.as_bytes());
    add(" laddr=", client.laddr.as_bytes());
    add(" fd=", &number(i64::from(client.fd)));
    add(" name=", &names.name);
    add(" age=", &number(context.now_ms / 1000 - client.created_ms / 1000));
    add(" idle=", &number((context.now_ms / 1000 - idle_since_ms / 1000).max(0)));
    add(" flags=", flags(client).as_bytes());
    add(" db=", &count(client.database.load(Ordering::Relaxed) as usize));
    add(" sub=", &count(load(client.subscriptions(Topic::Channel))));
    add(" psub=", &count(load(client.subscriptions(Topic::Pattern))));
    add(" ssub=", &count(load(client.subscriptions(Topic::Shard))));
    add(" multi=", &number(client.queued.load(Ordering::Relaxed)));
    add(" watch=", &count(load(&client.watched)));
    add(" qbuf=", &count(query));
    add(" qbuf-free=", &count(query_free));
    add(" argv-mem=", &count(arguments));
    add(" multi-mem=", &count(load(&client.queued_bytes)));
    add(" rbs=", &count(room));
    add(" rbp=", &count(room.min(REPLY_BUFFER)));
    add(" obl=", &count(unsent - queued));
    add(" oll=", &count(usize::from(queued > 0)));
    add(" omem=", &count(queued));
    add(" tot-mem=", &count(total));
    add(" events=", if unsent > 0 { b"rw" } else { b"r" });
    add(" cmd=", command.as_bytes());
    add(" user=", &names.user);
    add(" redir=", b"-1");
    add(" resp=", &count(client.version.load(Ordering::Relaxed) as usize));
    add(" lib-name=", &names.lib_name);
    add(" lib-ver=", &names.lib_version);
    add(" io-thread=", &count(client.worker));
    add("\n", b"");
}

/// Bytes that the command takes on the wire.
fn wire_size(args: &Args<'_>) -> usize {
    let mut wire = Vec::new();
    // Writing to a vector cannot fail.
    let _ = write!(wire, "*{}\r\n", args.len());
    for argument in args.iter_from(0) {
        let _ = write!(wire, "${}\r\n", argument.len());
    }
    wire.len() + args.iter_from(0).map(|argument| argument.len() + 2).sum::<usize>()
}
