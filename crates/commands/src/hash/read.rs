//! Hashes, read.

use super::edit::{FieldExpiry, refresh};
use super::fields::{Fields, write_field};
use crate::element::write;
use redstart_command::{Access, Acl, Arg, Args, Arity, Command, Context, Docs, Error, Flags, Group, KeySpec, Reply};

/// HGET.
pub(super) const HGET: Command = Command {
    name: "hget",
    handler: hget,
    arity: Arity::Exactly(3),
    keys: &[KeySpec::at(1, Access::RO.with(Access::ACCESS))],
    flags: Flags::READONLY.with(Flags::FAST),
    acl: Acl::HASH,
    docs: Docs {
        summary: "Returns the value of a field.",
        since: "2.0.0",
        group: Group::Hash,
        complexity: "O(1)",
        args: &[Arg::key("key"), Arg::string("field")],
        ..Docs::NONE
    },
    ..Command::BASE
};

fn hget(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let (key, now_ms, expiry) = (context.key(&args[1]), context.now_ms, FieldExpiry::of(context));
    match context.find(key).and_then(|found| refresh(found, expiry, std::iter::once(&args[2]))) {
        Some(found) => write_field(Fields::of(found.value(), now_ms)?, &args[2], reply),
        None => reply.null(),
    }
    Ok(())
}

/// HMGET.
pub(super) const HMGET: Command = Command {
    name: "hmget",
    handler: hmget,
    arity: Arity::AtLeast(3),
    docs: Docs {
        summary: "Returns the values of several fields.",
        complexity: "O(N) where N is the number of fields being requested.",
        args: &[Arg::key("key"), Arg::string("field").multiple()],
        ..HGET.docs
    },
    ..HGET
};

fn hmget(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let (key, now_ms, expiry) = (context.key(&args[1]), context.now_ms, FieldExpiry::of(context));
    let found = context.find(key).and_then(|found| refresh(found, expiry, args.iter_from(2)));
    let fields = match &found {
        Some(found) => Some(Fields::of(found.value(), now_ms)?),
        None => None,
    };
    reply.array(args.len() - 2);
    for name in args.iter_from(2) {
        match fields {
            Some(fields) => write_field(fields, name, reply),
            None => reply.null(),
        }
    }
    Ok(())
}

/// HGETALL.
pub(super) const HGETALL: Command = Command {
    name: "hgetall",
    handler: hgetall,
    arity: Arity::Exactly(2),
    keys: &[KeySpec::at(1, Access::RO.with(Access::ACCESS))],
    flags: Flags::READONLY,
    acl: Acl::HASH,
    docs: Docs {
        summary: "Returns all fields with their values.",
        since: "2.0.0",
        group: Group::Hash,
        complexity: "O(N) where N is the size of the hash.",
        args: &[Arg::key("key")],
        ..Docs::NONE
    },
    tips: &["nondeterministic_output_order"],
    ..Command::BASE
};

fn hgetall(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let (key, now_ms) = (context.key(&args[1]), context.now_ms);
    let Some(found) = context.find(key) else {
        reply.map(0);
        return Ok(());
    };
    let fields = Fields::of(found.value(), now_ms)?;
    reply.map(fields.present());
    fields.each(|name, value| {
        write(name, reply);
        write(value, reply);
    });
    Ok(())
}

/// HKEYS.
pub(super) const HKEYS: Command =
    Command { name: "hkeys", handler: hkeys, docs: Docs { summary: "Returns all fields.", ..HGETALL.docs }, ..HGETALL };

fn hkeys(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let (key, now_ms) = (context.key(&args[1]), context.now_ms);
    let Some(found) = context.find(key) else {
        reply.array(0);
        return Ok(());
    };
    let fields = Fields::of(found.value(), now_ms)?;
    reply.array(fields.present());
    fields.each(|name, _| write(name, reply));
    Ok(())
}

/// HVALS.
pub(super) const HVALS: Command =
    Command { name: "hvals", handler: hvals, docs: Docs { summary: "Returns all values.", ..HGETALL.docs }, ..HGETALL };

fn hvals(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let (key, now_ms) = (context.key(&args[1]), context.now_ms);
    let Some(found) = context.find(key) else {
        reply.array(0);
        return Ok(());
    };
    let fields = Fields::of(found.value(), now_ms)?;
    reply.array(fields.present());
    fields.each(|_, value| write(value, reply));
    Ok(())
}

/// HLEN.
pub(super) const HLEN: Command = Command {
    name: "hlen",
    handler: hlen,
    arity: Arity::Exactly(2),
    keys: &[KeySpec::at(1, Access::RO)],
    docs: Docs { summary: "Returns how many fields a hash has.", args: &[Arg::key("key")], ..HGET.docs },
    ..HGET
};

fn hlen(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let (key, now_ms) = (context.key(&args[1]), context.now_ms);
    let count = match context.find(key) {
        Some(found) => Fields::of(found.value(), now_ms)?.len(),
        None => 0,
    };
    reply.count(count);
    Ok(())
}

/// HEXISTS.
pub(super) const HEXISTS: Command = Command {
    name: "hexists",
    handler: hexists,
    keys: &[KeySpec::at(1, Access::RO)],
    docs: Docs { summary: "Says whether a hash has a field.", ..HGET.docs },
    ..HGET
};

fn hexists(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let (key, now_ms, expiry) = (context.key(&args[1]), context.now_ms, FieldExpiry::of(context));
    let there = match context.find(key).and_then(|found| refresh(found, expiry, std::iter::once(&args[2]))) {
        Some(found) => Fields::of(found.value(), now_ms)?.get(&args[2]).is_some(),
        None => false,
    };
    reply.int(i64::from(there));
    Ok(())
}

/// HSTRLEN.
pub(super) const HSTRLEN: Command = Command {
    name: "hstrlen",
    handler: hstrlen,
    keys: &[KeySpec::at(1, Access::RO)],
    docs: Docs { summary: "Returns how many bytes the value of a field has.", since: "3.2.0", ..HGET.docs },
    ..HGET
};

fn hstrlen(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let (key, now_ms, expiry) = (context.key(&args[1]), context.now_ms, FieldExpiry::of(context));
    let length = match context.find(key).and_then(|found| refresh(found, expiry, std::iter::once(&args[2]))) {
        Some(found) => Fields::of(found.value(), now_ms)?.get(&args[2]).map_or(0, |value| value.byte_len()),
        None => 0,
    };
    reply.count(length);
    Ok(())
}
