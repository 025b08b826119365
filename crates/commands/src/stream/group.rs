//! XGROUP: making, changing and removing consumer groups and their consumers.

use super::ids::{self, Missing};
use super::{no_group_in, stream_mut};
use crate::help;
use crate::parse::{int, is, until_nul};
use redstart_command::context::Writing;
use redstart_command::{
    Access, Acl, Arg, Args, Arity, Change, Command, Context, Docs, Error, Event, Flags, Group, KeySpec, Object, Reply,
    Value,
};
use redstart_encoding::Stream;
use redstart_encoding::stream::{self, StreamId};

/// XGROUP.
pub(super) const XGROUP: Command = Command {
    name: "xgroup",
    arity: Arity::AtLeast(2),
    docs: Docs {
        summary: "Holds the commands about consumer groups.",
        since: "5.0.0",
        group: Group::Stream,
        complexity: "Depends on subcommand.",
        ..Docs::NONE
    },
    subcommands: &[CREATE, CREATECONSUMER, DELCONSUMER, DESTROY, HELP, SETID],
    ..Command::BASE
};

const ENTRIESREAD_ARG: Arg = Arg::int("entriesread").display("entries-read").token("ENTRIESREAD").optional();

const ID_ARG: Arg = Arg::one_of("id-selector", &[Arg::string("id"), Arg::flag("new-id", "$")]);

const CREATE: Command = Command {
    name: "create",
    handler: create,
    arity: Arity::AtLeast(5),
    keys: &[KeySpec::at(2, Access::RW.with(Access::INSERT))],
    flags: Flags::WRITE.with(Flags::DENY_OOM),
    acl: Acl::STREAM,
    docs: Docs {
        summary: "Makes a consumer group.",
        since: "5.0.0",
        group: Group::Stream,
        complexity: "O(1)",
        args: &[
            Arg::key("key"),
            Arg::string("group"),
            ID_ARG,
            Arg::flag("mkstream", "MKSTREAM").optional(),
            ENTRIESREAD_ARG,
        ],
        history: &[("7.0.0", "`ENTRIESREAD`.")],
        ..Docs::NONE
    },
    ..Command::BASE
};

fn create(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let options = Options::parse(context, args, true)?;
    let wrong_use = (args.len() > 8).then(|| help::wrong_use(context, &args[1]));
    let busy = || Error::text("BUSYGROUP Consumer Group name already exists");
    let key = context.key(&args[2]);
    let mut change = Change::new(Event::STREAM, "xgroup-create");
    if let Some(mut found) = context.find_mut(key) {
        change = change.beside();
        let stream = stream_mut(&mut found)?;
        wrong_use.map_or(Ok(()), Err)?;
        let last_id = if is_last(&args[4]) { stream.log.last_id() } else { ids::strict_id(&args[4])? };
        stream.groups.create(&args[3], last_id, options.entries_read).ok_or_else(busy)?;
    } else if !options.make_stream {
        return Err(NEEDS_KEY);
    } else {
        wrong_use.map_or(Ok(()), Err)?;
        let last_id = if is_last(&args[4]) { StreamId::MIN } else { ids::strict_id(&args[4])? };
        let mut stream = Stream::new();
        stream.groups.create(&args[3], last_id, options.entries_read).ok_or_else(busy)?;
        context.insert(key, Value::Object(Object::Stream(Box::new(stream))), None);
    }
    context.commit(key, change);
    reply.ok();
    Ok(())
}

const NEEDS_KEY: Error = Error::text(
    "ERR The XGROUP subcommand requires the key to exist. Note that for CREATE you may want to use the MKSTREAM \
     option to create an empty stream automatically.",
);

/// Whether an argument stands for the last id of the stream.
fn is_last(argument: &[u8]) -> bool {
    until_nul(argument) == b"$"
}

/// The options of CREATE and SETID.
struct Options {
    make_stream: bool,
    entries_read: Option<i64>,
}

impl Options {
    fn parse(context: &Context<'_>, args: &Args<'_>, creates: bool) -> Result<Self, Error> {
        let mut options = Self { make_stream: false, entries_read: None };
        let mut at = 5;
        while at < args.len() {
            if creates && is(&args[at], "mkstream") {
                options.make_stream = true;
                at += 1;
            } else if is(&args[at], "entriesread") && at + 1 < args.len() {
                options.entries_read = match int(&args[at + 1])? {
                    -1 => None,
                    ..-1 => return Err(Error::text("ERR value for ENTRIESREAD must be positive or -1")),
                    read => Some(read),
                };
                at += 2;
            } else {
                return Err(help::wrong_use(context, &args[1]));
            }
        }
        Ok(options)
    }
}

/// The stream of a command that needs one.
fn needed<'f>(found: &'f mut Option<Writing<'_>>) -> Result<&'f mut Stream, Error> {
    found.as_mut().map_or(Err(NEEDS_KEY), |found| stream_mut(found))
}

/// The group of a command that needs one.
fn needed_group<'f>(found: &'f mut Option<Writing<'_>>, args: &Args<'_>) -> Result<&'f mut stream::Group, Error> {
    let stream = needed(found)?;
    stream.groups.get_mut(&args[3]).ok_or_else(|| no_group_in(&args[2], &args[3]))
}

const SETID: Command = Command {
    name: "setid",
    handler: setid,
    arity: Arity::AtLeast(5),
    keys: &[KeySpec::at(2, Access::RW.with(Access::UPDATE))],
    flags: Flags::WRITE,
    docs: Docs {
        summary: "Sets the last id that a consumer group was given.",
        args: &[Arg::key("key"), Arg::string("group"), ID_ARG, ENTRIESREAD_ARG],
        ..CREATE.docs
    },
    ..CREATE
};

fn setid(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let options = Options::parse(context, args, false)?;
    let wrong_use = (!matches!(args.len(), 5 | 7)).then(|| help::wrong_use(context, &args[1]));
    let key = context.key(&args[2]);
    let mut found = context.find_mut(key);
    let last_id = needed(&mut found)?.log.last_id();
    let group = needed_group(&mut found, args)?;
    wrong_use.map_or(Ok(()), Err)?;
    group.last_id = if is_last(&args[4]) { last_id } else { ids::id(&args[4], Missing::First)? };
    group.entries_read = options.entries_read;
    drop(found);
    context.commit(key, Change::new(Event::STREAM, "xgroup-setid").beside());
    reply.ok();
    Ok(())
}

const DESTROY: Command = Command {
    name: "destroy",
    handler: destroy,
    arity: Arity::Exactly(4),
    keys: &[KeySpec::at(2, Access::RW.with(Access::DELETE))],
    flags: Flags::WRITE,
    docs: Docs {
        summary: "Removes a consumer group.",
        complexity: "O(N) where N is the number of entries in the group's pending entries list (PEL).",
        args: &[Arg::key("key"), Arg::string("group")],
        history: &[],
        ..CREATE.docs
    },
    ..CREATE
};

fn destroy(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let key = context.key(&args[2]);
    let removed = needed(&mut context.find_mut(key))?.groups.delete(&args[3]);
    if removed {
        // Clients that wait in the group get an error.
        context.signal(key);
        context.commit(key, Change::new(Event::STREAM, "xgroup-destroy").beside());
    }
    reply.int(i64::from(removed));
    Ok(())
}

const CREATECONSUMER: Command = Command {
    name: "createconsumer",
    handler: create_consumer,
    arity: Arity::Exactly(5),
    docs: Docs {
        summary: "Makes a consumer in a group.",
        since: "6.2.0",
        args: &[Arg::key("key"), Arg::string("group"), Arg::string("consumer")],
        history: &[],
        ..CREATE.docs
    },
    ..CREATE
};

fn create_consumer(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let (key, now_ms) = (context.key(&args[2]), context.clock_ms());
    let created = needed_group(&mut context.find_mut(key), args)?.create_consumer(&args[4], now_ms).is_ok();
    if created {
        context.commit(key, Change::new(Event::STREAM, "xgroup-createconsumer").beside());
    }
    reply.int(i64::from(created));
    Ok(())
}

const DELCONSUMER: Command = Command {
    name: "delconsumer",
    handler: delete_consumer,
    arity: Arity::Exactly(5),
    keys: &[KeySpec::at(2, Access::RW.with(Access::DELETE))],
    flags: Flags::WRITE,
    docs: Docs {
        summary: "Removes a consumer from a group, with all that it has pending.",
        args: &[Arg::key("key"), Arg::string("group"), Arg::string("consumer")],
        history: &[],
        ..CREATE.docs
    },
    ..CREATE
};

fn delete_consumer(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let key = context.key(&args[2]);
    let pending = needed_group(&mut context.find_mut(key), args)?.delete_consumer(&args[4]);
    if pending.is_some() {
        context.commit(key, Change::new(Event::STREAM, "xgroup-delconsumer").beside());
    }
    reply.count(pending.unwrap_or(0));
    Ok(())
}

const HELP: Command = Command { acl: Acl::STREAM, ..help::command(show_help, "5.0.0", Group::Stream) };

fn show_help(context: &mut Context<'_>, _: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let subcommands = [
        (
            "CREATE <key> <group> <id|$> [MKSTREAM] [ENTRIESREAD <count>]",
            "A new group that has read up to this id. With MKSTREAM a missing key becomes\n\
             an empty stream. ENTRIESREAD says how many entries it has read.",
        ),
        ("CREATECONSUMER <key> <group> <consumer>", "A new consumer in a group."),
        ("DELCONSUMER <key> <group> <consumer>", "A consumer goes, with all it has pending."),
        ("DESTROY <key> <group>", "A group goes."),
        ("SETID <key> <group> <id|$> [ENTRIESREAD <count>]", "The group has read up to this id."),
    ];
    help::write(context, reply, &subcommands);
    Ok(())
}
