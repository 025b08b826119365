//! XINFO: what there is to know of a stream, its groups and their consumers.

use super::{no_group_in, shown, stream_of};
use crate::help;
use crate::parse::{int, is};
use redstart_command::{Access, Acl, Arg, Args, Arity, Command, Context, Docs, Error, Flags, Group, KeySpec, Reply};
use redstart_encoding::Stream;
use redstart_encoding::stream::{self, Consumer, ConsumerId, Log, Pending, StreamEntry, StreamId};

/// XINFO.
pub(super) const XINFO: Command = Command {
    name: "xinfo",
    arity: Arity::AtLeast(2),
    docs: Docs {
        summary: "Holds the commands that tell about streams.",
        since: "5.0.0",
        group: Group::Stream,
        complexity: "Depends on subcommand.",
        ..Docs::NONE
    },
    subcommands: &[CONSUMERS, GROUPS, HELP, STREAM],
    ..Command::BASE
};

const STREAM: Command = Command {
    name: "stream",
    handler: stream,
    arity: Arity::AtLeast(3),
    keys: &[KeySpec::at(2, Access::RO.with(Access::ACCESS))],
    flags: Flags::READONLY,
    acl: Acl::STREAM,
    docs: Docs {
        summary: "Tells about a stream: counters and ends, or with FULL its entries, groups and consumers.",
        since: "5.0.0",
        group: Group::Stream,
        complexity: "O(1)",
        args: &[
            Arg::key("key"),
            Arg::block("full-block", &[Arg::flag("full", "FULL"), Arg::int("count").token("COUNT").optional()])
                .optional(),
        ],
        history: &[
            ("6.0.0", "`FULL`."),
            ("7.0.0", "`max-deleted-entry-id`, `entries-added`, `recorded-first-entry-id`, `entries-read` and `lag`."),
            ("7.2.0", "`active-time`; `seen-time` also tells of what was tried in vain."),
        ],
        ..Docs::NONE
    },
    ..Command::BASE
};

fn stream(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let wrong_use = help::wrong_use(context, &args[1]);
    let (key, now_ms) = (context.key(&args[2]), context.now_ms);
    let found = context.find(key).ok_or(Error::NoSuchKey)?;
    let stream = stream_of(&found)?;
    match (args.len(), args.get(3), args.get(4)) {
        (3, ..) => summary(stream, now_ms, reply),
        (4, Some(full), _) if is(full, "full") => everything(stream, now_ms, 10, reply),
        (6, Some(full), Some(count)) if is(full, "full") && is(count, "count") => {
            everything(stream, now_ms, usize::try_from(int(&args[5])?).unwrap_or(10), reply);
        }
        _ => return Err(wrong_use),
    }
    Ok(())
}

fn summary(stream: &Stream, now_ms: i64, reply: &mut Reply<'_>) {
    let log = &stream.log;
    reply.map(10 + known_fields(stream));
    counters(log, reply);
    known(stream, now_ms, reply);
    reply.bulk(b"groups");
    reply.count(stream.groups.len());
    let mut edge = |name: &[u8], entry: Option<StreamEntry<'_>>| {
        reply.bulk(name);
        match entry {
            Some(entry) => shown::entry(&entry, reply),
            None => reply.null(),
        }
    };
    edge(b"first-entry", log.range(StreamId::MIN, StreamId::MAX).next());
    edge(b"last-entry", log.range_back(StreamId::MIN, StreamId::MAX).next());
}

/// What FULL and the summary have in common.
fn counters(log: &Log, reply: &mut Reply<'_>) {
    let counters = log.counters();
    reply.bulk(b"length");
    reply.count(log.len() as usize);
    reply.bulk(b"radix-tree-keys");
    reply.count(log.block_count());
    reply.bulk(b"radix-tree-nodes");
    reply.count(log.radix_nodes());
    reply.bulk(b"last-generated-id");
    shown::id(counters.last_id, reply);
    reply.bulk(b"max-deleted-entry-id");
    shown::id(counters.max_deleted_id, reply);
    reply.bulk(b"entries-added");
    reply.int(counters.entries_added as i64);
    reply.bulk(b"recorded-first-entry-id");
    shown::id(log.first_id(), reply);
}

/// How many fields tell what is known of producers' messages: none where nothing ever was, as before Redis 8.6.
fn known_fields(stream: &Stream) -> usize {
    if stream.idempotency.is_some() { 6 } else { 0 }
}

fn known(stream: &Stream, now_ms: i64, reply: &mut Reply<'_>) {
    let Some(known) = &stream.idempotency else { return };
    let (producers, ids) = known.tracked(now_ms);
    let fields: [(&[u8], i64); 6] = [
        (b"idmp-duration", i64::from(known.duration_s)),
        (b"idmp-maxsize", i64::from(known.max_size)),
        (b"pids-tracked", producers as i64),
        (b"iids-tracked", ids as i64),
        (b"iids-added", known.added as i64),
        (b"iids-duplicates", known.duplicates as i64),
    ];
    for (name, number) in fields {
        reply.bulk(name);
        reply.int(number);
    }
}

/// All of a stream, `most` entries and pending entries of each list at most where that is not 0.
fn everything(stream: &Stream, now_ms: i64, most: usize, reply: &mut Reply<'_>) {
    let log = &stream.log;
    reply.map(9 + known_fields(stream));
    counters(log, reply);
    known(stream, now_ms, reply);
    reply.bulk(b"entries");
    shown::entries(log.range(StreamId::MIN, StreamId::MAX), most, log.len(), reply);
    reply.bulk(b"groups");
    reply.array(stream.groups.len());
    let most = if most == 0 { usize::MAX } else { most };
    stream.groups.iter().for_each(|one| whole_group(log, one, most, reply));
}

fn whole_group(log: &Log, group: &stream::Group, most: usize, reply: &mut Reply<'_>) {
    let unowned = group.unowned_count();
    reply.map(7 + usize::from(unowned > 0));
    reply.bulk(b"name");
    reply.bulk(group.name());
    progress(log, group, reply);
    reply.bulk(b"pel-count");
    reply.count(group.pending_count());
    // As Redis 8.8 has it, where there is something that earlier ones do not know.
    if unowned > 0 {
        reply.bulk(b"nacked-count");
        reply.count(unowned);
    }
    reply.bulk(b"pending");
    reply.array(group.pending_count().min(most));
    for (id, pending) in group.pending_from(StreamId::MIN).take(most) {
        reply.array(4);
        shown::id(id, reply);
        reply.bulk(pending.owner().map_or(&[], |owner| group.consumer(owner).name()));
        delivery(&pending, reply);
    }
    reply.bulk(b"consumers");
    reply.array(group.consumer_count());
    group.consumers().for_each(|(id, consumer)| whole_consumer(group, id, consumer, most, reply));
}

/// How far a group has read.
fn progress(log: &Log, group: &stream::Group, reply: &mut Reply<'_>) {
    let number = |number: Option<i64>, reply: &mut Reply<'_>| match number {
        Some(number) => reply.int(number),
        None => reply.null(),
    };
    reply.bulk(b"last-delivered-id");
    shown::id(group.last_id, reply);
    reply.bulk(b"entries-read");
    number(group.entries_read, reply);
    reply.bulk(b"lag");
    number(group.lag(log), reply);
}

fn delivery(pending: &Pending, reply: &mut Reply<'_>) {
    reply.int(pending.delivered_ms);
    reply.int(pending.deliveries as i64);
}

fn whole_consumer(group: &stream::Group, id: ConsumerId, consumer: &Consumer, most: usize, reply: &mut Reply<'_>) {
    reply.map(5);
    reply.bulk(b"name");
    reply.bulk(consumer.name());
    reply.bulk(b"seen-time");
    reply.int(consumer.seen_ms);
    reply.bulk(b"active-time");
    reply.int(consumer.active_ms.unwrap_or(-1));
    reply.bulk(b"pel-count");
    reply.count(consumer.pending_count());
    reply.bulk(b"pending");
    reply.array(consumer.pending_count().min(most));
    for (id, pending) in group.pending_of(id, StreamId::MIN).take(most) {
        reply.array(3);
        shown::id(id, reply);
        delivery(&pending, reply);
    }
}

const GROUPS: Command = Command {
    name: "groups",
    handler: groups,
    arity: Arity::Exactly(3),
    docs: Docs {
        summary: "Lists a stream's consumer groups.",
        args: &[Arg::key("key")],
        history: &[("7.0.0", "`entries-read` and `lag`.")],
        ..STREAM.docs
    },
    ..STREAM
};

fn groups(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let key = context.key(&args[2]);
    let found = context.find(key).ok_or(Error::NoSuchKey)?;
    let stream = stream_of(&found)?;
    reply.array(stream.groups.len());
    for group in stream.groups.iter() {
        reply.map(6);
        reply.bulk(b"name");
        reply.bulk(group.name());
        reply.bulk(b"consumers");
        reply.count(group.consumer_count());
        reply.bulk(b"pending");
        reply.count(group.pending_count());
        progress(&stream.log, group, reply);
    }
    Ok(())
}

const CONSUMERS: Command = Command {
    name: "consumers",
    handler: consumers,
    arity: Arity::Exactly(4),
    docs: Docs {
        summary: "Lists the consumers of a group.",
        args: &[Arg::key("key"), Arg::string("group")],
        history: &[("7.2.0", "`inactive`; `idle` also tells of what was tried in vain.")],
        ..STREAM.docs
    },
    tips: &["nondeterministic_output"],
    ..STREAM
};

fn consumers(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let (key, now_ms) = (context.key(&args[2]), context.now_ms);
    let found = context.find(key).ok_or(Error::NoSuchKey)?;
    let group = stream_of(&found)?.groups.get(&args[3]).ok_or_else(|| no_group_in(&args[2], &args[3]))?;
    reply.array(group.consumer_count());
    for (_, consumer) in group.consumers() {
        reply.map(4);
        reply.bulk(b"name");
        reply.bulk(consumer.name());
        reply.bulk(b"pending");
        reply.count(consumer.pending_count());
        reply.bulk(b"idle");
        reply.int((now_ms - consumer.seen_ms).max(0));
        reply.bulk(b"inactive");
        reply.int(consumer.active_ms.map_or(-1, |active| now_ms - active));
    }
    Ok(())
}

const HELP: Command = Command { acl: Acl::STREAM, ..help::command(show_help, "5.0.0", Group::Stream) };

fn show_help(context: &mut Context<'_>, _: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let subcommands = [
        ("CONSUMERS <key> <group>", "The consumers of a group."),
        ("GROUPS <key>", "The groups of a stream."),
        ("STREAM <key> [FULL [COUNT <count>]]", "Counters and ends of a stream; with FULL all of it."),
    ];
    help::write(context, reply, &subcommands);
    Ok(())
}
