//! Keys of any type: there or not, renamed, copied, moved, listed, removed.

use crate::help;
use crate::parse::is;
use crate::persistence::save_exclusively;
use crate::scan::{Over, Page, ScanOptions, cursor};
use redstart_command::context::OnWait;
use redstart_command::{
    Access, Acl, Arg, Args, Arity, Block, Blocked, Change, Command, Context, Databases, Docs, Error, Event, Flags,
    Group, Key, KeySpec, Reply, Shared, TimeoutReply, ValueRef, Wanted,
};
use redstart_config::ids;
use redstart_encoding::int::parse_i64;
use redstart_encoding::listpack::Element;
use redstart_encoding::{Entry, Table, glob};
use redstart_keyspace::clock;
use redstart_keyspace::eviction::Order;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

/// The family.
pub(crate) const COMMANDS: &[Command] = Command::checked(&[
    DEL, UNLINK, EXISTS, TYPE, TOUCH, RENAME, RENAMENX, COPY, MOVE, KEYS, SCAN, RANDOMKEY, DBSIZE, FLUSHDB, FLUSHALL,
    SWAPDB, OBJECT,
]);

const MULTI_SHARD_SUM: &[&str] = &["request_policy:multi_shard", "response_policy:agg_sum"];
const ALL_SHARDS_SUCCEED: &[&str] = &["request_policy:all_shards", "response_policy:all_succeeded"];

/// Databases with more keys than this are freed beside the work, also where FLUSHALL is to wait for it.
const FREE_ASIDE: usize = 1000;

const DEL: Command = Command {
    name: "del",
    handler: del,
    arity: Arity::AtLeast(2),
    keys: &[KeySpec::from(1, 1, Access::RM.with(Access::DELETE))],
    flags: Flags::WRITE,
    acl: Acl::KEYSPACE,
    docs: Docs {
        summary: "Removes keys.",
        since: "1.0.0",
        group: Group::Generic,
        complexity: "O(N) for N keys; a key with a collection of M elements takes O(M) of them.",
        args: &[Arg::key("key").multiple()],
        ..Docs::NONE
    },
    tips: MULTI_SHARD_SUM,
    ..Command::BASE
};

fn del(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let lazily = context.shared.config.get(ids::LAZYFREE_LAZY_USER_DEL);
    delete_all(context, args, reply, lazily)
}

fn delete_all(context: &mut Context<'_>, args: &Args<'_>, reply: &mut Reply<'_>, lazily: bool) -> Result<(), Error> {
    let mut removed = 0;
    for argument in args.iter_from(1) {
        let key = context.key(argument);
        if context.delete_as(key, lazily) {
            context.commit(key, Change::deleted());
            removed += 1;
        }
    }
    reply.count(removed);
    Ok(())
}

const UNLINK: Command = Command {
    name: "unlink",
    handler: unlink,
    flags: Flags::WRITE.with(Flags::FAST),
    docs: Docs {
        summary: "Removes keys; their memory is given back without making others wait.",
        since: "4.0.0",
        complexity: "O(1) for each key, and O(M) later for a collection of M elements.",
        ..DEL.docs
    },
    ..DEL
};

fn unlink(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    delete_all(context, args, reply, true)
}

const EXISTS: Command = Command {
    name: "exists",
    handler: exists,
    arity: Arity::AtLeast(2),
    keys: &[KeySpec::from(1, 1, Access::RO)],
    flags: Flags::READONLY.with(Flags::FAST),
    acl: Acl::KEYSPACE,
    docs: Docs {
        summary: "Counts how many of the keys are there; one that is named twice counts twice.",
        since: "1.0.0",
        group: Group::Generic,
        complexity: "O(N) for N keys.",
        args: &[Arg::key("key").multiple()],
        history: &[("3.0.3", "Accepts multiple `key` arguments.")],
        ..Docs::NONE
    },
    tips: MULTI_SHARD_SUM,
    ..Command::BASE
};

fn exists(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let mut there = 0;
    for argument in args.iter_from(1) {
        let key = context.key(argument);
        there += usize::from(context.look(key).is_some());
    }
    reply.count(there);
    Ok(())
}

const TYPE: Command = Command {
    name: "type",
    handler: type_of,
    arity: Arity::Exactly(2),
    keys: &[KeySpec::at(1, Access::RO)],
    flags: Flags::READONLY.with(Flags::FAST),
    acl: Acl::KEYSPACE,
    docs: Docs {
        summary: "Names the type of the value at a key.",
        since: "1.0.0",
        group: Group::Generic,
        complexity: "O(1)",
        args: &[Arg::key("key")],
        ..Docs::NONE
    },
    ..Command::BASE
};

fn type_of(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let key = context.key(&args[1]);
    reply.simple(context.look(key).map_or("none", |found| type_name(&found.value())));
    Ok(())
}

/// As TYPE names it.
pub(crate) fn type_name(value: &ValueRef<'_>) -> &'static str {
    match value {
        ValueRef::Int(_) | ValueRef::Bytes { .. } => "string",
        ValueRef::HashPack(_) | ValueRef::HashPackTimed(_) | ValueRef::HashTable(_) => "hash",
        ValueRef::ListPack(_) | ValueRef::QuickList(_) => "list",
        ValueRef::SetPack(_) | ValueRef::IntSet(_) | ValueRef::SetTable(_) => "set",
        ValueRef::SortedPack(_) | ValueRef::SortedSet(_) => "zset",
        ValueRef::Stream(_) => "stream",
        ValueRef::Array(_) => "array",
    }
}

/// As OBJECT ENCODING names it.
pub(crate) fn encoding_name(value: &ValueRef<'_>) -> &'static str {
    match value {
        ValueRef::Int(_) => "int",
        ValueRef::Bytes { raw: false, .. } => "embstr",
        ValueRef::Bytes { raw: true, .. } => "raw",
        ValueRef::HashPack(_) | ValueRef::ListPack(_) | ValueRef::SetPack(_) | ValueRef::SortedPack(_) => "listpack",
        ValueRef::HashTable(_) | ValueRef::SetTable(_) => "hashtable",
        ValueRef::HashPackTimed(_) => "listpackex",
        ValueRef::IntSet(_) => "intset",
        ValueRef::QuickList(_) => "quicklist",
        ValueRef::SortedSet(_) => "skiplist",
        ValueRef::Stream(_) => "stream",
        ValueRef::Array(_) => "sliced-array",
    }
}

const TOUCH: Command = Command {
    name: "touch",
    handler: touch,
    docs: Docs {
        summary: "Counts how many of the keys are there, and records an access to each.",
        since: "3.2.1",
        history: &[],
        ..EXISTS.docs
    },
    ..EXISTS
};

fn touch(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let mut there = 0;
    for argument in args.iter_from(1) {
        let key = context.key(argument);
        there += usize::from(context.find_touching(key).is_some());
    }
    reply.count(there);
    Ok(())
}

const RENAME_ARGS: &[Arg] = &[Arg::key("key"), Arg::key_of("newkey", 1)];

const RENAME: Command = Command {
    name: "rename",
    handler: rename,
    arity: Arity::Exactly(3),
    keys: &[
        KeySpec::at(1, Access::RW.with(Access::ACCESS).with(Access::DELETE)),
        KeySpec::at(2, Access::OW.with(Access::UPDATE)),
    ],
    flags: Flags::WRITE,
    acl: Acl::KEYSPACE,
    docs: Docs {
        summary: "Gives a key another name; a key that had that name is removed.",
        since: "1.0.0",
        group: Group::Generic,
        complexity: "O(1), or the cost of removing the value that was there.",
        args: RENAME_ARGS,
        ..Docs::NONE
    },
    ..Command::BASE
};

fn rename(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let (from, to) = (context.key(&args[1]), context.key(&args[2]));
    if from.bytes() == to.bytes() {
        context.find_mut(from).ok_or(Error::NoSuchKey)?;
    } else {
        let entry = context.take(from).ok_or(Error::NoSuchKey)?;
        context.delete(to);
        let database = context.session.database;
        context.insert_anew(database, to, entry.with_key(to.bytes()));
        commit_renamed(context, from, to);
    }
    reply.ok();
    Ok(())
}

fn commit_renamed(context: &mut Context<'_>, from: Key<'_>, to: Key<'_>) {
    context.commit(from, Change::new(Event::GENERIC, "rename_from"));
    context.commit(to, Change::new(Event::GENERIC, "rename_to").count(0));
}

const RENAMENX: Command = Command {
    name: "renamenx",
    handler: renamenx,
    arity: Arity::Exactly(3),
    keys: &[
        KeySpec::at(1, Access::RW.with(Access::ACCESS).with(Access::DELETE)),
        KeySpec::at(2, Access::OW.with(Access::INSERT)),
    ],
    flags: Flags::WRITE.with(Flags::FAST),
    acl: Acl::KEYSPACE,
    docs: Docs {
        summary: "Gives a key another name, unless there is a key of that name.",
        since: "1.0.0",
        group: Group::Generic,
        complexity: "O(1)",
        args: RENAME_ARGS,
        history: &[("3.2.0", "The command no longer returns an error when source and destination names are the same.")],
        ..Docs::NONE
    },
    ..Command::BASE
};

fn renamenx(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let (from, to) = (context.key(&args[1]), context.key(&args[2]));
    context.find_mut(from).ok_or(Error::NoSuchKey)?;
    let free = from.bytes() != to.bytes() && context.find_mut(to).is_none();
    if free && let Some(entry) = context.take(from) {
        let database = context.session.database;
        context.insert_anew(database, to, entry.with_key(to.bytes()));
        commit_renamed(context, from, to);
    }
    reply.int(i64::from(free));
    Ok(())
}

const COPY: Command = Command {
    name: "copy",
    handler: copy,
    arity: Arity::AtLeast(3),
    keys: &[KeySpec::at(1, Access::RO.with(Access::ACCESS)), KeySpec::at(2, Access::OW.with(Access::UPDATE))],
    databases: Databases::Named(copy_databases),
    flags: Flags::WRITE.with(Flags::DENY_OOM),
    acl: Acl::KEYSPACE,
    docs: Docs {
        summary: "Copies the value and the expiry of a key to another key.",
        since: "6.2.0",
        group: Group::Generic,
        complexity: "O(N) for a collection of N elements, O(1) for a string.",
        args: &[
            Arg::key("source"),
            Arg::key_of("destination", 1),
            Arg::int("destination-db").token("DB").optional(),
            Arg::flag("replace", "REPLACE").optional(),
        ],
        ..Docs::NONE
    },
    ..Command::BASE
};

/// Every DB counts, though the last one wins: which one wins is the handler's to know.
fn copy_databases(args: &Args<'_>) -> Vec<usize> {
    (4..args.len()).filter(|&at| is(&args[at - 1], "db")).collect()
}

fn copy(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let (mut database, mut replace, mut at) = (context.session.database, false, 3);
    while at < args.len() {
        if is(&args[at], "replace") {
            replace = true;
        } else if is(&args[at], "db") && at + 1 < args.len() {
            at += 1;
            database = context.database_index(&args[at])?;
        } else {
            return Err(Error::Syntax);
        }
        at += 1;
    }
    let (from, to) = (context.key(&args[1]), context.key(&args[2]));
    if database == context.session.database && from.bytes() == to.bytes() {
        return Err(SAME_OBJECT);
    }
    let copied = context.find(from).map(|found| found.copy_as(to.bytes()));
    let done = match copied {
        Some(copied) if replace || context.find_mut_in(database, to).is_none() => {
            if let Some(old) = context.peek_mut_in(database, to) {
                drop(old.remove());
            }
            context.insert_anew(database, to, copied);
            context.commit_in(database, to, Change::new(Event::GENERIC, "copy_to"));
            true
        }
        _ => false,
    };
    reply.int(i64::from(done));
    Ok(())
}

const SAME_OBJECT: Error = Error::text("ERR source and destination objects are the same");

const MOVE: Command = Command {
    name: "move",
    handler: move_key,
    arity: Arity::Exactly(3),
    keys: &[KeySpec::at(1, Access::RW.with(Access::ACCESS).with(Access::UPDATE))],
    databases: Databases::Named(|_| vec![2]),
    flags: Flags::WRITE.with(Flags::FAST),
    acl: Acl::KEYSPACE,
    docs: Docs {
        summary: "Moves a key to another database, unless there is a key of that name.",
        since: "1.0.0",
        group: Group::Generic,
        complexity: "O(1)",
        args: &[Arg::key("key"), Arg::int("db")],
        ..Docs::NONE
    },
    ..Command::BASE
};

fn move_key(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let database = context.database_index(&args[2])?;
    if database == context.session.database {
        return Err(SAME_OBJECT);
    }
    let key = context.key(&args[1]);
    let free = context.exists(key) && context.peek_in(database, key).is_none();
    if free && let Some(entry) = context.take(key) {
        context.insert_anew(database, key, entry);
        context.commit(key, Change::new(Event::GENERIC, "move_from"));
        context.commit_in(database, key, Change::new(Event::GENERIC, "move_to").count(0));
    }
    reply.int(i64::from(free));
    Ok(())
}

const KEYS: Command = Command {
    name: "keys",
    handler: keys,
    arity: Arity::Exactly(2),
    flags: Flags::READONLY.with(Flags::EXCLUSIVE),
    acl: Acl::KEYSPACE.with(Acl::DANGEROUS),
    docs: Docs {
        summary: "Lists all keys whose names match a pattern, while nothing else runs.",
        since: "1.0.0",
        group: Group::Generic,
        complexity: "O(N) for N keys in the database.",
        args: &[Arg::new("pattern", redstart_command::ArgKind::Pattern)],
        ..Docs::NONE
    },
    tips: &["request_policy:all_shards", "nondeterministic_output_order"],
    ..Command::BASE
};

fn keys(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let pattern = &args[1];
    let all = pattern == b"*";
    let (database, now_ms) = (context.session.database, context.now_ms);
    let mut found: Vec<Vec<u8>> = Vec::new();
    for slot in 0..context.access.slot_count() {
        context.access.visit(slot, |slot| {
            let entries = slot.table(database).into_iter().flat_map(Table::iter);
            let live = entries.filter(|entry| !entry.is_expired(now_ms));
            found.extend(
                live.filter(|entry| all || glob::matches(pattern, entry.key())).map(|entry| entry.key().to_vec()),
            );
        });
    }
    reply.array(found.len());
    for key in found {
        reply.bulk(&key);
    }
    Ok(())
}

const SCAN: Command = Command {
    name: "scan",
    handler: scan,
    arity: Arity::AtLeast(2),
    flags: Flags::READONLY,
    acl: Acl::KEYSPACE,
    docs: Docs {
        summary: "Walks the keys of a database in steps; a key that is there all along is shown at least once.",
        since: "2.8.0",
        group: Group::Generic,
        complexity: "O(1) for each call, O(N) for a whole walk over N keys.",
        args: &[
            Arg::int("cursor"),
            Arg::new("pattern", redstart_command::ArgKind::Pattern).token("MATCH").optional(),
            Arg::int("count").token("COUNT").optional(),
            Arg::string("type").token("TYPE").optional().since("6.0.0"),
        ],
        history: &[("6.0.0", "Added the `TYPE` subcommand.")],
        ..Docs::NONE
    },
    tips: &["nondeterministic_output", "request_policy:special", "response_policy:special"],
    ..Command::BASE
};

/// A cursor over slots: the slot above the place on its table's number line.
const LINE_BITS: u32 = 32;

fn scan(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let start = cursor(&args[1])?;
    let options = ScanOptions::parse(args, 2, Over::Keys)?;
    let (database, now_ms, slots) = (context.session.database, context.now_ms, context.access.slot_count());
    let (shared, stats, paused) = (context.shared, context.stats, context.shared.pause.is_on());
    let (mut slot, mut place) = ((start >> LINE_BITS) as usize, start & ((1 << LINE_BITS) - 1));
    let of_type = |entry: &Entry| {
        // To look at the type of a key is a hit.
        options.type_name.is_none_or(|name| {
            stats.keyspace_hits.add(1);
            is(name, type_name(&entry.value()))
        })
    };
    let (mut page, mut expired, mut heard) = (Page::new(&options, reply), 0, Vec::new());
    // Among others it is kept at once that a key went, before somebody can set it anew; alone, in the order of the unit.
    let (alone, mut removed) = (context.access.alone(), Vec::new());
    while slot < slots && page.seen < options.count {
        place = context.access.visit(slot, |slot| {
            if slot.len(database) == 0 {
                return 0;
            }
            let table = slot.table_mut(database);
            let next = table.scan(place, |entry| {
                page.seen += 1;
                if !entry.is_expired(now_ms) && page.takes(Element::Bytes(entry.key())) && of_type(entry) {
                    page.add(Element::Bytes(entry.key()));
                }
            });
            // What is past its time is removed on the way, as every look-up does.
            let mut gone = Vec::new();
            let past = |entry: &Entry| entry.is_expired(now_ms) && !paused;
            table.sweep(place, true, past, |entry| {
                gone.push(entry.key().to_vec());
                drop(shared.keyspace.snapshots.removed(database, entry));
            });
            expired += gone.len() as u64;
            for key in &gone {
                shared.expired(slot, database, key);
                if !alone {
                    shared.gone_by_itself(shared.word_for_expiry(), database, key);
                }
            }
            let waited_for = slot.waiting().is_some();
            removed.extend(gone.into_iter().map(|key| (key, waited_for)));
            next
        });
        for (key, waited_for) in removed.drain(..) {
            if alone {
                context.gone_by_itself(database, &key);
            }
            if waited_for {
                heard.push(key);
            }
        }
        if place == 0 {
            slot += 1;
        }
    }
    context.stats.expired_keys.add(expired);
    heard.into_iter().for_each(|key| context.signal_later(database, key));
    page.finish(if slot >= slots { 0 } else { (slot as u64) << LINE_BITS | place }, reply);
    Ok(())
}

const RANDOMKEY: Command = Command {
    name: "randomkey",
    handler: randomkey,
    arity: Arity::Exactly(1),
    flags: Flags::READONLY,
    acl: Acl::KEYSPACE,
    docs: Docs {
        summary: "Returns the name of a key, each as likely as the others.",
        since: "1.0.0",
        group: Group::Generic,
        complexity: "O(1)",
        ..Docs::NONE
    },
    tips: &["request_policy:all_shards", "response_policy:special", "nondeterministic_output"],
    ..Command::BASE
};

/// A slot is drawn at random this often before the slots are counted to draw one that has keys.
const RANDOM_SLOTS: usize = 64;

fn randomkey(context: &mut Context<'_>, _: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let (database, now_ms, shared) = (context.session.database, context.now_ms, context.shared);
    let paused = shared.pause.is_on();
    while let Some(slot) = random_slot(context) {
        let drawn = context.access.visit(slot, |slot| {
            let entry = slot.table(database)?.random(|| shared.random())?;
            // During a pause what is past its time stays, and may be all there is.
            let live = paused || !entry.is_expired(now_ms);
            Some((entry.key().to_vec(), live))
        });
        match drawn {
            Some((key, true)) => {
                reply.bulk(&key);
                return Ok(());
            }
            Some((key, false)) => remove_expired(context, slot, &key),
            None => {}
        }
    }
    reply.null();
    Ok(())
}

/// Removes a key whose time is up from a slot that is not held.
fn remove_expired(context: &mut Context<'_>, slot: usize, key: &[u8]) {
    let (database, shared, hash) = (context.session.database, context.shared, context.shared.keyspace.hash(key));
    let (alone, now_ms) = (context.access.alone(), context.now_ms);
    let heard = context.access.visit(slot, |slot| {
        let found = slot.table_mut(database).get_mut(hash, key);
        // Meanwhile it may have gone, or come back.
        let found = found.filter(|found| found.is_expired(now_ms))?;
        drop(shared.keyspace.snapshots.removed(database, found.remove()));
        shared.expired(slot, database, key);
        if !alone {
            shared.gone_by_itself(shared.word_for_expiry(), database, key);
        }
        Some(slot.waiting().is_some())
    });
    let Some(heard) = heard else { return };
    if alone {
        context.gone_by_itself(database, key);
    }
    context.stats.expired_keys.add(1);
    if heard {
        context.signal_later(database, key.to_vec());
    }
}

/// A slot with keys: by drawing, so that large databases cost no count, or else in proportion to the keys in it.
fn random_slot(context: &mut Context<'_>) -> Option<usize> {
    let (database, slots, shared) = (context.session.database, context.access.slot_count(), context.shared);
    let mut len = |slot: usize| context.access.visit(slot, |slot| slot.len(database));
    for _ in 0..RANDOM_SLOTS {
        let slot = shared.random() as usize % slots;
        if len(slot) > 0 {
            return Some(slot);
        }
    }
    let total: usize = (0..slots).map(&mut len).sum();
    let mut left = shared.random().checked_rem(total as u64)? as usize;
    let found = (0..slots).try_for_each(|slot| match left.checked_sub(len(slot)) {
        Some(less) => {
            left = less;
            ControlFlow::Continue(())
        }
        None => ControlFlow::Break(slot),
    });
    found.break_value()
}

const DBSIZE: Command = Command {
    name: "dbsize",
    handler: dbsize,
    arity: Arity::Exactly(1),
    // Alone, since a sum over slots taken one by one is the size of no single moment beside a RENAME.
    flags: Flags::READONLY.with(Flags::FAST).with(Flags::EXCLUSIVE),
    acl: Acl::KEYSPACE,
    docs: Docs {
        summary: "Counts the keys of the selected database.",
        since: "1.0.0",
        group: Group::Server,
        complexity: "O(1)",
        ..Docs::NONE
    },
    tips: &["request_policy:all_shards", "response_policy:agg_sum"],
    ..Command::BASE
};

fn dbsize(context: &mut Context<'_>, _: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let database = context.session.database;
    let slots = 0..context.access.slot_count();
    reply.count(slots.map(|slot| context.access.visit(slot, |slot| slot.len(database))).sum());
    Ok(())
}

const FLUSH_ARGS: &[Arg] = &[Arg::one_of(
    "flush-type",
    &[Arg::flag("async", "ASYNC").since("4.0.0"), Arg::flag("sync", "SYNC").since("6.2.0")],
)
.optional()];

const FLUSHDB: Command = Command {
    name: "flushdb",
    handler: flushdb,
    arity: Arity::AtLeast(1),
    flags: Flags::WRITE.with(Flags::EXCLUSIVE),
    acl: Acl::KEYSPACE.with(Acl::DANGEROUS),
    docs: Docs {
        summary: "Removes all keys of the selected database.",
        since: "1.0.0",
        group: Group::Server,
        complexity: "O(N) for N keys, off the worker.",
        args: FLUSH_ARGS,
        history: &[
            ("4.0.0", "Added the `ASYNC` flushing mode modifier."),
            ("6.2.0", "Added the `SYNC` flushing mode modifier."),
        ],
        ..Docs::NONE
    },
    tips: ALL_SHARDS_SUCCEED,
    ..Command::BASE
};

fn flushdb(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    flush(context, args, reply, Some(context.session.database))
}

const FLUSHALL: Command = Command {
    name: "flushall",
    handler: flushall,
    databases: Databases::All,
    docs: Docs { summary: "Removes all keys of all databases.", ..FLUSHDB.docs },
    ..FLUSHDB
};

fn flushall(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    flush(context, args, reply, None)
}

fn flush(
    context: &mut Context<'_>,
    args: &Args<'_>,
    reply: &mut Reply<'_>,
    database: Option<usize>,
) -> Result<(), Error> {
    let lazily = match args.get(1) {
        None => context.shared.config.get(ids::LAZYFREE_LAZY_USER_FLUSH),
        Some(word) if args.len() == 2 && is(word, "async") => true,
        Some(word) if args.len() == 2 && is(word, "sync") => false,
        Some(_) => return Err(Error::Syntax),
    };
    if database.is_none() {
        call_off_save(context.shared);
    }
    let (removed, tables) = context.shared.keyspace.take(context.access.pass(), database);
    context.commit_databases(removed.max(1), |one| database.is_none_or(|only| only == one).then_some(one));
    if database.is_none() {
        save_emptiness(context, removed.max(1));
    }
    free(context, tables, removed, lazily, reply);
    Ok(())
}

/// Nobody wants to see again, after a crash, what was flushed: a save under way is called off.
fn call_off_save(shared: &Shared) {
    let saving = &shared.saving;
    if saving.runs() {
        saving.cancelled.store(true, Relaxed);
        shared.keyspace.snapshots.give_up();
    }
}

/// Where there are save points, the file on the disk is empty before a flush of everything is answered.
fn save_emptiness(context: &Context<'_>, changes: usize) {
    let shared = context.shared;
    if shared.config.save_points().is_empty() || shared.loading.is_on() {
        return;
    }
    // The log says what went wrong; the flush has happened all the same, and is a change that is still to be saved.
    let _ = save_exclusively(shared, context.access.pass(), (context.now_ms, changes as u64));
}

/// Frees the tables that a flush took out, and answers. The keys are gone at once either way; giving the memory back must
/// not keep everybody waiting, and who wants it back before he goes on waits alone.
fn free(context: &mut Context<'_>, tables: Vec<Table<Entry>>, keys: usize, lazily: bool, reply: &mut Reply<'_>) {
    let shared = context.shared;
    if !lazily && context.session.no_block {
        drop(tables);
    } else if keys <= FREE_ASIDE && !lazily {
        drop(tables);
        shared.lazy.freed_at_once(keys);
    } else if lazily {
        shared.lazy.drop_later(Box::new(tables), keys, None);
    } else {
        let (wanted, on_timeout) = (Wanted::List, TimeoutReply::Ok);
        let block = Block { wanted, keys: Vec::new(), deadline_ms: None, on_timeout, replace: Vec::new() };
        let lazy = Arc::clone(&shared.lazy);
        let on_wait = move |blocked: Arc<Blocked>| {
            // A client that went away meanwhile has no answer to get.
            let done = move || _ = blocked.unblock(None);
            lazy.drop_later(Box::new(tables), keys, Some(Box::new(done)));
        };
        return context.block_until(block, OnWait(Box::new(on_wait)));
    }
    reply.ok();
}

const SWAPDB: Command = Command {
    name: "swapdb",
    handler: swapdb,
    arity: Arity::Exactly(3),
    databases: Databases::Named(|_| vec![1, 2]),
    flags: Flags::WRITE.with(Flags::FAST).with(Flags::EXCLUSIVE),
    acl: Acl::KEYSPACE.with(Acl::DANGEROUS),
    docs: Docs {
        summary: "Exchanges two databases for all clients at once.",
        since: "4.0.0",
        group: Group::Server,
        complexity: "O(1) in the number of keys.",
        args: &[Arg::int("index1"), Arg::int("index2")],
        ..Docs::NONE
    },
    ..Command::BASE
};

fn swapdb(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let parse = |argument, text| {
        let number = parse_i64(argument).filter(|number| i32::try_from(*number).is_ok());
        number.ok_or(Error::text(text))
    };
    // Both are read before either is looked for, as Redis does.
    let one = parse(&args[1], "ERR invalid first DB index")?;
    let other = parse(&args[2], "ERR invalid second DB index")?;
    let (one, other) = (context.database_of(one)?, context.database_of(other)?);
    if one != other {
        for slot in 0..context.access.slot_count() {
            context.access.visit(slot, |slot| slot.swap(one, other));
        }
        context.shared.keyspace.snapshots.swapped(one, other);
    }
    context.commit_databases(1, |database| match database {
        _ if one == other => None,
        _ if database == one => Some(other),
        _ if database == other => Some(one),
        _ => None,
    });
    reply.ok();
    Ok(())
}

const OBJECT: Command = Command {
    name: "object",
    arity: Arity::AtLeast(2),
    docs: Docs {
        summary: "Holds the commands that look at how a value is kept.",
        since: "2.2.3",
        group: Group::Generic,
        complexity: "Depends on subcommand.",
        ..Docs::NONE
    },
    subcommands: &[OBJECT_ENCODING, OBJECT_FREQ, OBJECT_HELP, OBJECT_IDLETIME, OBJECT_REFCOUNT],
    ..Command::BASE
};

const OBJECT_ENCODING: Command = Command {
    name: "encoding",
    handler: object_encoding,
    arity: Arity::Exactly(3),
    keys: &[KeySpec::at(2, Access::RO)],
    flags: Flags::READONLY,
    acl: Acl::KEYSPACE,
    docs: Docs {
        summary: "Names the encoding that a value is kept in.",
        since: "2.2.3",
        group: Group::Generic,
        complexity: "O(1)",
        args: &[Arg::key("key")],
        ..Docs::NONE
    },
    tips: &["nondeterministic_output"],
    ..Command::BASE
};

fn object_encoding(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let key = context.key(&args[2]);
    match context.look_quietly(key) {
        Some(found) => reply.bulk(encoding_name(&found.value()).as_bytes()),
        None => reply.null(),
    }
    Ok(())
}

const OBJECT_FREQ: Command = Command {
    name: "freq",
    handler: object_freq,
    docs: Docs {
        summary: "Returns how often a key is accessed, on a logarithmic scale, under an LFU policy.",
        since: "4.0.0",
        ..OBJECT_ENCODING.docs
    },
    ..OBJECT_ENCODING
};

fn object_freq(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let (policy, now_ms) = (context.shared.clock(), context.now_ms);
    let key = context.key(&args[2]);
    match context.look_quietly(key) {
        None => reply.null(),
        Some(_) if !matches!(policy, clock::Policy::Lfu { .. }) => {
            return Err(Error::text(
                "ERR An LFU maxmemory policy is not selected, access frequency not tracked. Please note that when \
                 switching between policies at runtime LRU and LFU data will take some time to adjust.",
            ));
        }
        Some(found) => reply.int(i64::from(policy.frequency(found.clock(), now_ms))),
    }
    Ok(())
}

const OBJECT_IDLETIME: Command = Command {
    name: "idletime",
    handler: object_idletime,
    docs: Docs {
        summary: "Returns the seconds since a key was last accessed, unless an LFU policy is at work.",
        ..OBJECT_ENCODING.docs
    },
    ..OBJECT_ENCODING
};

fn object_idletime(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let (policy, now_ms) = (context.shared.clock(), context.now_ms);
    let key = context.key(&args[2]);
    match context.look_quietly(key) {
        None => reply.null(),
        Some(found) if !matches!(policy, clock::Policy::Lfu { .. }) => {
            reply.int(i64::from(clock::idle_seconds(found.clock(), now_ms)));
        }
        Some(_) => {
            return Err(Error::text(
                "ERR An LFU maxmemory policy is selected, idle time not tracked. Please note that when switching \
                 between policies at runtime LRU and LFU data will take some time to adjust.",
            ));
        }
    }
    Ok(())
}

const OBJECT_REFCOUNT: Command = Command {
    name: "refcount",
    handler: object_refcount,
    docs: Docs { summary: "Returns how many references a value has, as Redis counts them.", ..OBJECT_ENCODING.docs },
    ..OBJECT_ENCODING
};

/// Redis keeps one object each for the integers below 10,000, unless each key needs an access clock for eviction, and
/// shows this count for them.
const SHARED_REFERENCES: i64 = i32::MAX as i64;

fn object_refcount(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let key = context.key(&args[2]);
    let clocks = context.shared.eviction_rule().is_some_and(|rule| matches!(rule.order, Order::Clock(_)));
    let shares = !clocks || context.shared.config.get(ids::MAXMEMORY) == 0;
    match context.look_quietly(key).map(|found| matches!(found.value(), ValueRef::Int(0..10_000))) {
        None => reply.null(),
        Some(shared) => reply.int(if shared && shares { SHARED_REFERENCES } else { 1 }),
    }
    Ok(())
}

const OBJECT_HELP: Command = Command { acl: Acl::KEYSPACE, ..help::command(object_help, "6.2.0", Group::Generic) };

fn object_help(context: &mut Context<'_>, _: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    help::write(
        context,
        reply,
        &[
            ("ENCODING <key>", "Names the encoding that the value at <key> is kept in."),
            ("FREQ <key>", "Returns the access frequency of <key>, on a logarithmic scale."),
            ("IDLETIME <key>", "Returns the seconds since <key> was last accessed."),
            ("REFCOUNT <key>", "Returns how many references the value at <key> has."),
        ],
    );
    Ok(())
}
