//! CLIENT: what a connection says of itself, what it may know of others, and how it is answered.

mod abilities;
mod filter;
mod kill;
mod list;
mod pause;
mod tracking;

use crate::help;
use crate::parse::{int, is};
use abilities::{CAPA, IMPORT_SOURCE};
use kill::KILL;
use list::{INFO, LIST};
use pause::{PAUSE, UNPAUSE};
use redstart_command::{Acl, Arg, Args, Arity, Command, Context, Docs, Error, Flags, Group, Reply, ReplyMode};
use std::sync::atomic::Ordering;
use tracking::{CACHING, GETREDIR, TRACKING, TRACKINGINFO};

/// The family.
pub(crate) const COMMANDS: &[Command] = Command::checked(&[CLIENT]);

const CLIENT: Command = Command {
    name: "client",
    arity: Arity::AtLeast(2),
    flags: Flags::KEEPS_CACHING,
    docs: Docs {
        summary: "Holds the commands about connections.",
        since: "2.4.0",
        group: Group::Connection,
        complexity: "Depends on subcommand.",
        ..Docs::NONE
    },
    subcommands: &[
        CACHING,
        CAPA,
        GETNAME,
        GETREDIR,
        HELP,
        ID,
        IMPORT_SOURCE,
        INFO,
        KILL,
        LIST,
        NO_EVICT,
        NO_TOUCH,
        PAUSE,
        REPLY,
        SETINFO,
        SETNAME,
        TRACKING,
        TRACKINGINFO,
        UNBLOCK,
        UNPAUSE,
    ],
    ..Command::BASE
};

const ID: Command = Command {
    name: "id",
    handler: id,
    arity: Arity::Exactly(2),
    flags: Flags::NO_SCRIPT.with(Flags::LOADING).with(Flags::STALE),
    acl: Acl::CONNECTION,
    docs: Docs {
        summary: "Returns the number of this connection.",
        since: "5.0.0",
        group: Group::Connection,
        complexity: "O(1)",
        ..Docs::NONE
    },
    ..Command::BASE
};

fn id(context: &mut Context<'_>, _: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    reply.int(context.session.info.id.cast_signed());
    Ok(())
}

const GETNAME: Command = Command {
    name: "getname",
    handler: get_name,
    arity: Arity::Exactly(2),
    flags: Flags::NO_SCRIPT.with(Flags::LOADING).with(Flags::STALE),
    acl: Acl::CONNECTION,
    docs: Docs {
        summary: "Returns the name that this connection gave itself.",
        since: "2.6.9",
        group: Group::Connection,
        complexity: "O(1)",
        ..Docs::NONE
    },
    ..Command::BASE
};

fn get_name(context: &mut Context<'_>, _: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let names = context.session.info.names.lock();
    if names.name.is_empty() {
        reply.null();
    } else {
        reply.bulk(&names.name);
    }
    Ok(())
}

const SETNAME: Command = Command {
    name: "setname",
    handler: set_name,
    arity: Arity::Exactly(3),
    flags: Flags::NO_SCRIPT.with(Flags::LOADING).with(Flags::STALE),
    acl: Acl::CONNECTION,
    docs: Docs {
        summary: "Gives this connection a name.",
        since: "2.6.9",
        group: Group::Connection,
        complexity: "O(1)",
        args: &[Arg::string("connection-name")],
        ..Docs::NONE
    },
    tips: &["request_policy:all_nodes", "response_policy:all_succeeded"],
    ..Command::BASE
};

fn set_name(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    if !name_is_valid(&args[2]) {
        return Err(bad_name());
    }
    context.session.info.names.lock().name = args[2].to_vec();
    reply.ok();
    Ok(())
}

/// Whether CLIENT LIST can show a name as one word. The empty name takes the name away.
pub(crate) fn name_is_valid(name: &[u8]) -> bool {
    name.iter().all(u8::is_ascii_graphic)
}

/// The refusal of a name that [`name_is_valid`] does not let through.
pub(crate) fn bad_name() -> Error {
    Error::text("ERR Client names cannot contain spaces, newlines or special characters.")
}

const SETINFO: Command = Command {
    name: "setinfo",
    handler: set_info,
    arity: Arity::Exactly(4),
    flags: Flags::NO_SCRIPT.with(Flags::LOADING).with(Flags::STALE),
    acl: Acl::CONNECTION,
    docs: Docs {
        summary: "Says which library this connection uses.",
        since: "7.2.0",
        group: Group::Connection,
        complexity: "O(1)",
        args: &[Arg::one_of(
            "attr",
            &[Arg::string("libname").token("LIB-NAME"), Arg::string("libver").token("LIB-VER")],
        )],
        ..Docs::NONE
    },
    tips: &["request_policy:all_nodes", "response_policy:all_succeeded"],
    ..Command::BASE
};

fn set_info(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let (attribute, value) = (&args[2], &args[3]);
    let version = is(attribute, "lib-ver");
    if !version && !is(attribute, "lib-name") {
        return Err(Error::Bytes([b"ERR Unrecognized option '", attribute, b"'"].concat()));
    }
    if !name_is_valid(value) {
        let why = b" cannot contain spaces, newlines or special characters.";
        return Err(Error::Bytes([b"ERR ", attribute, why.as_slice()].concat()));
    }
    let mut names = context.session.info.names.lock();
    *(if version { &mut names.lib_version } else { &mut names.lib_name }) = value.to_vec();
    reply.ok();
    Ok(())
}

const REPLY: Command = Command {
    name: "reply",
    handler: reply_mode,
    arity: Arity::Exactly(3),
    flags: Flags::NO_SCRIPT.with(Flags::LOADING).with(Flags::STALE),
    acl: Acl::CONNECTION,
    docs: Docs {
        summary: "Says whether commands of this connection are answered.",
        since: "3.2.0",
        group: Group::Connection,
        complexity: "O(1)",
        args: &[Arg::one_of("action", &[Arg::flag("on", "ON"), Arg::flag("off", "OFF"), Arg::flag("skip", "SKIP")])],
        ..Docs::NONE
    },
    ..Command::BASE
};

fn reply_mode(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let mode = &mut context.session.reply_mode;
    if is(&args[2], "on") {
        *mode = ReplyMode::On;
        reply.ok();
    } else if is(&args[2], "off") {
        *mode = ReplyMode::Off;
    } else if !is(&args[2], "skip") {
        return Err(Error::Syntax);
    } else if *mode != ReplyMode::Off {
        *mode = ReplyMode::SkipNext;
    }
    Ok(())
}

const NO_EVICT: Command = Command {
    name: "no-evict",
    handler: no_evict,
    arity: Arity::Exactly(3),
    flags: Flags::ADMIN.with(Flags::NO_SCRIPT).with(Flags::LOADING).with(Flags::STALE),
    acl: Acl::CONNECTION,
    docs: Docs {
        summary: "Says whether this connection may be closed when clients take too much memory.",
        since: "7.0.0",
        group: Group::Connection,
        complexity: "O(1)",
        args: &[Arg::one_of("enabled", &[Arg::flag("on", "ON"), Arg::flag("off", "OFF")])],
        ..Docs::NONE
    },
    ..Command::BASE
};

fn no_evict(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let on = on_or_off(&args[2])?;
    context.session.info.no_evict.store(on, Ordering::Relaxed);
    context.shared.evict_clients();
    reply.ok();
    Ok(())
}

const NO_TOUCH: Command = Command {
    name: "no-touch",
    handler: no_touch,
    arity: Arity::Exactly(3),
    flags: Flags::NO_SCRIPT.with(Flags::LOADING).with(Flags::STALE),
    acl: Acl::CONNECTION,
    docs: Docs {
        summary: "Says whether commands of this connection count as accesses to keys.",
        since: "7.2.0",
        group: Group::Connection,
        complexity: "O(1)",
        args: &[Arg::one_of("enabled", &[Arg::flag("on", "ON"), Arg::flag("off", "OFF")])],
        ..Docs::NONE
    },
    ..Command::BASE
};

fn no_touch(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let on = on_or_off(&args[2])?;
    context.session.no_touch = on;
    context.session.info.no_touch.store(on, Ordering::Relaxed);
    reply.ok();
    Ok(())
}

fn on_or_off(argument: &[u8]) -> Result<bool, Error> {
    match (is(argument, "on"), is(argument, "off")) {
        (true, _) => Ok(true),
        (_, true) => Ok(false),
        _ => Err(Error::Syntax),
    }
}

const UNBLOCK: Command = Command {
    name: "unblock",
    handler: unblock,
    arity: Arity::AtLeast(3),
    flags: Flags::ADMIN.with(Flags::NO_SCRIPT).with(Flags::LOADING).with(Flags::STALE),
    acl: Acl::CONNECTION,
    docs: Docs {
        summary: "Ends the waiting of a blocked connection.",
        since: "5.0.0",
        group: Group::Connection,
        complexity: "O(log N) with N connections",
        args: &[
            Arg::int("client-id"),
            Arg::one_of("unblock-type", &[Arg::flag("timeout", "TIMEOUT"), Arg::flag("error", "ERROR")]).optional(),
        ],
        ..Docs::NONE
    },
    ..Command::BASE
};

fn unblock(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    if args.len() > 4 {
        return Err(help::wrong_use(context, b"unblock"));
    }
    if let Some(reason) = args.get(3)
        && !is(reason, "timeout")
        && !is(reason, "error")
    {
        return Err(Error::text("ERR CLIENT UNBLOCK reason should be TIMEOUT or ERROR"));
    }
    let error = args.get(3).is_some_and(|reason| is(reason, "error"));
    let error = error.then_some(b"UNBLOCKED client unblocked via CLIENT UNBLOCK".as_slice());
    let client = u64::try_from(int(&args[2])?).ok().and_then(|id| context.shared.clients.get(id));
    let blocked = client.and_then(|client| {
        if client.postponed.load(Ordering::Relaxed) {
            context.shared.pause.let_go_on(&client);
        }
        client.blocked.lock().clone()
    });
    reply.int(i64::from(blocked.is_some_and(|blocked| blocked.unblock(error))));
    Ok(())
}

const HELP: Command = Command { acl: Acl::CONNECTION, ..help::command(show_help, "5.0.0", Group::Connection) };

fn show_help(context: &mut Context<'_>, _: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    help::write(
        context,
        reply,
        &[
            ("CAPA <ability> [<ability> ...]", "What this connection can do: REDIRECT (follow redirections)."),
            ("GETNAME", "The name of this connection."),
            ("ID", "The number of this connection."),
            ("IMPORT-SOURCE (ON|OFF)", "Whether this connection brings data from elsewhere, in import mode."),
            ("INFO", "This connection's line of CLIENT LIST."),
            ("KILL <ip:port>", "Closes the connection that comes from this address."),
            (
                "KILL <filter> <value> [<filter> <value> ...]",
                "Closes all connections that every filter lets through:\nthe filters of LIST, and SKIPME (YES|NO), which spares this\nconnection unless NO is given.",
            ),
            (
                "LIST [<filter> <value> ...]",
                "One line for each connection that every filter lets through:\nID <id> [<id> ...], TYPE (NORMAL|MASTER|REPLICA|PUBSUB), USER, ADDR,\nLADDR, IP, NAME, LIB-NAME, LIB-VER, DB, FLAGS, CAPA, MAXAGE, IDLE.\nA leading NOT- turns a filter round (not for MAXAGE and IDLE).",
            ),
            ("NO-EVICT (ON|OFF)", "Whether this connection is spared when clients take too much memory."),
            ("NO-TOUCH (ON|OFF)", "Whether this connection's commands leave access times alone."),
            ("REPLY (ON|OFF|SKIP)", "Whether this connection is answered; SKIP is for the next command."),
            ("SETINFO (LIB-NAME|LIB-VER) <value>", "The library that this connection uses, and its version."),
            ("SETNAME <name>", "Names this connection."),
            ("UNBLOCK <id> [TIMEOUT|ERROR]", "Ends the waiting of a blocked connection."),
        ],
    );
    Ok(())
}
