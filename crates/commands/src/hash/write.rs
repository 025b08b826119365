//! Hashes, written.

use super::fields::{Fields, Limits, new_hash, remove, set_pairs, write_field};
use crate::parse::is;
use redstart_command::{
    Access, Acl, Arg, Args, Arity, Command, Context, Docs, Error, Flags, Group, KeySpec, Reply, Value,
};
use redstart_encoding::int::parse_i64;

/// HSET.
pub(super) const HSET: Command = Command {
    name: "hset",
    handler: hset,
    arity: Arity::AtLeast(4),
    keys: &[KeySpec::at(1, Access::RW.with(Access::UPDATE))],
    flags: Flags::WRITE.with(Flags::DENY_OOM).with(Flags::FAST),
    acl: Acl::HASH,
    docs: Docs {
        summary: "Sets fields to values; a missing key becomes a hash.",
        since: "2.0.0",
        group: Group::Hash,
        complexity: "O(1) for each field/value pair added, so O(N) for N pairs.",
        args: &[Arg::key("key"), Arg::block("data", &[Arg::string("field"), Arg::string("value")]).multiple()],
        history: &[("4.0.0", "Several fields and values in one command.")],
        ..Docs::NONE
    },
    ..Command::BASE
};

fn hset(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let created = set(context, args)?;
    reply.count(created);
    Ok(())
}

/// HMSET.
pub(super) const HMSET: Command = Command {
    name: "hmset",
    handler: hmset,
    docs: Docs {
        summary: "Sets several fields to values.",
        complexity: "O(N) where N is the number of fields being set.",
        history: &[],
        deprecated: Some(("4.0.0", "`HSET` with multiple field-value pairs")),
        ..HSET.docs
    },
    ..HSET
};

fn hmset(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    set(context, args)?;
    reply.ok();
    Ok(())
}

/// Sets all pairs; says how many fields are new.
fn set(context: &mut Context<'_>, args: &Args<'_>) -> Result<usize, Error> {
    if !args.len().is_multiple_of(2) {
        return Err(Error::WrongArity(context.command_name().into()));
    }
    let limits = Limits::of(context);
    let key = context.key(&args[1]);
    let created = if let Some(mut found) = context.find_mut(key) {
        set_pairs(&mut found, args, limits)?
    } else {
        let (object, created) = new_hash(args, limits);
        context.insert(key, Value::Object(object), None);
        created
    };
    context.changed((args.len() - 2) / 2);
    Ok(created)
}

/// HSETNX.
pub(super) const HSETNX: Command = Command {
    name: "hsetnx",
    handler: hsetnx,
    arity: Arity::Exactly(4),
    keys: &[KeySpec::at(1, Access::RW.with(Access::INSERT))],
    docs: Docs {
        summary: "Sets a field to a value if the hash has no such field.",
        complexity: "O(1)",
        args: &[Arg::key("key"), Arg::string("field"), Arg::string("value")],
        history: &[],
        ..HSET.docs
    },
    ..HSET
};

fn hsetnx(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let limits = Limits::of(context);
    let key = context.key(&args[1]);
    if let Some(mut found) = context.find_mut(key) {
        if Fields::of(found.value())?.get(&args[2]).is_some() {
            reply.int(0);
            return Ok(());
        }
        set_pairs(&mut found, args, limits)?;
    } else {
        context.insert(key, Value::Object(new_hash(args, limits).0), None);
    }
    context.changed(1);
    reply.int(1);
    Ok(())
}

/// HDEL.
pub(super) const HDEL: Command = Command {
    name: "hdel",
    handler: hdel,
    arity: Arity::AtLeast(3),
    keys: &[KeySpec::at(1, Access::RW.with(Access::DELETE))],
    flags: Flags::WRITE.with(Flags::FAST),
    acl: Acl::HASH,
    docs: Docs {
        summary: "Removes fields; a hash whose last field goes is deleted.",
        since: "2.0.0",
        group: Group::Hash,
        complexity: "O(N) where N is the number of fields to be removed.",
        args: &[Arg::key("key"), Arg::string("field").multiple()],
        history: &[("2.4.0", "Several fields in one command.")],
        ..Docs::NONE
    },
    ..Command::BASE
};

fn hdel(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let key = context.key(&args[1]);
    let mut removed = 0;
    if let Some(mut found) = context.find_mut(key) {
        let mut left = Fields::of(found.value())?.len();
        for name in args.iter_from(2) {
            if remove(&mut found, name) {
                removed += 1;
                left -= 1;
            }
            if left == 0 {
                break;
            }
        }
        if left == 0 {
            drop(found.remove());
        }
    }
    context.changed(removed);
    reply.count(removed);
    Ok(())
}

/// HGETDEL.
pub(super) const HGETDEL: Command = Command {
    name: "hgetdel",
    handler: hgetdel,
    arity: Arity::AtLeast(5),
    keys: &[KeySpec::at(1, Access::RW.with(Access::ACCESS).with(Access::DELETE))],
    docs: Docs {
        summary: "Returns the values of fields and removes them; a hash whose last field goes is deleted.",
        since: "8.0.0",
        complexity: "O(N) where N is the number of specified fields",
        args: &[
            Arg::key("key"),
            Arg::block("fields", &[Arg::int("numfields"), Arg::string("field").multiple()]).token("FIELDS"),
        ],
        history: &[],
        ..HDEL.docs
    },
    ..HDEL
};

fn hgetdel(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let key = context.key(&args[1]);
    let names = named_fields(args);
    let mut removed = 0;
    if let Some(mut found) = context.find_mut(key) {
        // A wrong type comes before wrong arguments.
        let before = Fields::of(found.value())?.len();
        reply.array(names?);
        for name in args.iter_from(4) {
            write_field(Fields::of(found.value())?, name, reply);
            removed += usize::from(remove(&mut found, name));
        }
        if removed == before {
            drop(found.remove());
        }
    } else {
        reply.array(names?);
        args.iter_from(4).for_each(|_| reply.null());
    }
    context.changed(removed);
    Ok(())
}

/// The number of fields behind `FIELDS numfields`, which stands at the third place.
fn named_fields(args: &Args<'_>) -> Result<usize, Error> {
    if !is(&args[2], "fields") {
        return Err(Error::text("ERR Mandatory argument FIELDS is missing or not at the right position"));
    }
    let number = parse_i64(&args[3]).filter(|&number| number > 0);
    let number = number.ok_or(Error::text("ERR Number of fields must be a positive integer"))?;
    usize::try_from(number)
        .ok()
        .filter(|&number| number == args.len() - 4)
        .ok_or(Error::text("ERR The `numfields` parameter must match the number of arguments"))
}
