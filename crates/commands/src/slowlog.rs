//! SLOWLOG and COMMANDLOG: the last commands that were slow, came large, or had large answers.
//!
//! SLOWLOG is Redis's name for the first of the three logs; Valkey has them all, under COMMANDLOG.

use crate::help;
use crate::parse::is;
use redstart_command::commandlog::Kind;
use redstart_command::{Arg, Args, Arity, Command, Context, Docs, Error, Flags, Group, Reply};
use redstart_encoding::int::parse_i64;

/// The family.
pub(crate) const COMMANDS: &[Command] = Command::checked(&[COMMANDLOG, SLOWLOG]);

const SLOWLOG: Command = Command {
    name: "slowlog",
    arity: Arity::AtLeast(2),
    docs: Docs {
        summary: "Holds the commands about the log of slow commands.",
        since: "2.2.12",
        group: Group::Server,
        complexity: "Depends on subcommand.",
        ..Docs::NONE
    },
    subcommands: &[SLOWLOG_GET, SLOWLOG_HELP, SLOWLOG_LEN, SLOWLOG_RESET],
    ..Command::BASE
};

const SLOWLOG_GET: Command = Command {
    name: "get",
    handler: slowlog_get,
    arity: Arity::AtLeast(2),
    flags: Flags::ADMIN.with(Flags::LOADING).with(Flags::STALE),
    docs: Docs {
        summary: "Shows the newest entries of the log of slow commands.",
        since: "2.2.12",
        group: Group::Server,
        complexity: "O(N) with N entries shown",
        args: &[Arg::int("count").optional()],
        history: &[("4.0.0", "Shows the client's address and name.")],
        ..Docs::NONE
    },
    tips: &["request_policy:all_nodes", "nondeterministic_output"],
    ..Command::BASE
};

/// Entries that SLOWLOG GET shows where it is not told how many.
const SHOWN: usize = 10;

fn slowlog_get(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let most = match args.len() {
        2 => SHOWN,
        3 => entries(&args[2])?,
        _ => return Err(help::wrong_use(context, &args[1])),
    };
    show(context, Kind::Slow, most, reply);
    Ok(())
}

/// How many entries are asked for; all of them by -1.
fn entries(argument: &[u8]) -> Result<usize, Error> {
    let count = parse_i64(argument).filter(|&count| count >= -1);
    let count = count.ok_or(Error::text("ERR count should be greater than or equal to -1"))?;
    Ok(usize::try_from(count).unwrap_or(usize::MAX))
}

fn show(context: &Context<'_>, kind: Kind, most: usize, reply: &mut Reply<'_>) {
    let entries = context.shared.observer.command_log(kind).lock().newest(most);
    reply.array(entries.len());
    for entry in entries {
        reply.array(6);
        reply.int(entry.id.cast_signed());
        reply.int(entry.time_s);
        reply.int(entry.value.cast_signed());
        reply.array(entry.args.len());
        entry.args.iter().for_each(|argument| reply.bulk(argument));
        reply.bulk(entry.addr.as_bytes());
        reply.bulk(&entry.name);
    }
}

const SLOWLOG_LEN: Command = Command {
    name: "len",
    handler: slowlog_len,
    arity: Arity::Exactly(2),
    flags: Flags::ADMIN.with(Flags::LOADING).with(Flags::STALE),
    docs: Docs {
        summary: "Tells how many entries the log of slow commands has.",
        since: "2.2.12",
        group: Group::Server,
        complexity: "O(1)",
        ..Docs::NONE
    },
    tips: &["request_policy:all_nodes", "response_policy:agg_sum", "nondeterministic_output"],
    ..Command::BASE
};

fn slowlog_len(context: &mut Context<'_>, _: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    reply.count(context.shared.observer.command_log(Kind::Slow).lock().len());
    Ok(())
}

const SLOWLOG_RESET: Command = Command {
    name: "reset",
    handler: slowlog_reset,
    arity: Arity::Exactly(2),
    flags: Flags::ADMIN.with(Flags::LOADING).with(Flags::STALE),
    docs: Docs {
        summary: "Empties the log of slow commands.",
        since: "2.2.12",
        group: Group::Server,
        complexity: "O(N) with N entries in the log",
        ..Docs::NONE
    },
    tips: &["request_policy:all_nodes", "response_policy:all_succeeded"],
    ..Command::BASE
};

fn slowlog_reset(context: &mut Context<'_>, _: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    context.shared.observer.command_log(Kind::Slow).lock().clear();
    reply.ok();
    Ok(())
}

const SLOWLOG_HELP: Command = help::command(slowlog_help, "6.2.0", Group::Server);

fn slowlog_help(context: &mut Context<'_>, _: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    help::write(
        context,
        reply,
        &[
            (
                "GET [<count>]",
                "The newest entries: 10, or as many as said, or all for -1. Each is made of:\n\
                 a number, seconds since 1970, microseconds taken, the arguments, the client's\naddress, and its name",
            ),
            ("LEN", "How many entries there are."),
            ("RESET", "Drops all entries."),
        ],
    );
    Ok(())
}

const COMMANDLOG: Command = Command {
    name: "commandlog",
    arity: Arity::AtLeast(2),
    docs: Docs {
        summary: "Holds the commands about the logs of slow commands, large requests and large answers.",
        since: "8.1.0",
        group: Group::Server,
        complexity: "Depends on subcommand.",
        ..Docs::NONE
    },
    subcommands: &[LOG_GET, LOG_HELP, LOG_LEN, LOG_RESET],
    ..Command::BASE
};

/// Which of the logs.
const TYPE: Arg = Arg::one_of(
    "type",
    &[Arg::flag("slow", "slow"), Arg::flag("large-request", "large-request"), Arg::flag("large-reply", "large-reply")],
);

fn kind(argument: &[u8]) -> Result<Kind, Error> {
    let named = [("slow", Kind::Slow), ("large-request", Kind::LargeRequest), ("large-reply", Kind::LargeReply)];
    let found = named.into_iter().find(|(name, _)| is(argument, name));
    let unknown = Error::text("ERR type should be one of the following: slow, large-request, large-reply");
    found.map(|(_, kind)| kind).ok_or(unknown)
}

const LOG_GET: Command = Command {
    name: "get",
    handler: log_get,
    arity: Arity::Exactly(4),
    flags: Flags::ADMIN.with(Flags::LOADING).with(Flags::STALE),
    docs: Docs {
        summary: "Shows the newest entries of one of the logs.",
        since: "8.1.0",
        group: Group::Server,
        complexity: "O(N) with N entries shown",
        args: &[Arg::int("count"), TYPE],
        ..Docs::NONE
    },
    tips: &["request_policy:all_nodes", "nondeterministic_output"],
    ..Command::BASE
};

fn log_get(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let most = entries(&args[2])?;
    show(context, kind(&args[3])?, most, reply);
    Ok(())
}

const LOG_LEN: Command = Command {
    name: "len",
    handler: log_len,
    arity: Arity::Exactly(3),
    flags: Flags::ADMIN.with(Flags::LOADING).with(Flags::STALE),
    docs: Docs {
        summary: "Tells how many entries one of the logs has.",
        since: "8.1.0",
        group: Group::Server,
        complexity: "O(1)",
        args: &[TYPE],
        ..Docs::NONE
    },
    tips: &["request_policy:all_nodes", "response_policy:agg_sum", "nondeterministic_output"],
    ..Command::BASE
};

fn log_len(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let log = context.shared.observer.command_log(kind(&args[2])?);
    reply.count(log.lock().len());
    Ok(())
}

const LOG_RESET: Command = Command {
    name: "reset",
    handler: log_reset,
    arity: Arity::Exactly(3),
    flags: Flags::ADMIN.with(Flags::LOADING).with(Flags::STALE),
    docs: Docs {
        summary: "Empties one of the logs.",
        since: "8.1.0",
        group: Group::Server,
        complexity: "O(N) with N entries in the log",
        args: &[TYPE],
        ..Docs::NONE
    },
    tips: &["request_policy:all_nodes", "response_policy:all_succeeded"],
    ..Command::BASE
};

fn log_reset(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    context.shared.observer.command_log(kind(&args[2])?).lock().clear();
    reply.ok();
    Ok(())
}

const LOG_HELP: Command = Command {
    name: "help",
    handler: log_help,
    arity: Arity::Exactly(2),
    flags: Flags::LOADING.with(Flags::STALE),
    docs: Docs {
        summary: "Lists the subcommands, with a line on each.",
        since: "8.1.0",
        group: Group::Server,
        complexity: "O(1)",
        ..Docs::NONE
    },
    ..Command::BASE
};

fn log_help(context: &mut Context<'_>, _: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    help::write(
        context,
        reply,
        &[
            (
                "GET <count> <type>",
                "The newest entries of a log, all of them for -1. Each is made of: a number,\n\
                 seconds since 1970, microseconds taken (slow) or bytes (large-request,\n\
                 large-reply), the arguments, the client's address, and its name",
            ),
            ("LEN <type>", "How many entries a log has."),
            ("RESET <type>", "Drops all entries of a log."),
        ],
    );
    Ok(())
}
