//! Hashes, written.

use super::edit::{FieldExpiry, Hash, Setting, new_hash, refresh, remove, set_pairs};
use super::fields::{Fields, write_field};
use crate::parts::{forget_times, named};
use redstart_command::{
    Access, Acl, Arg, Args, Arity, Change, Command, Context, Docs, Error, Event, Flags, Group, KeySpec, Reply, Value,
};

/// HSET.
pub(super) const HSET: Command = Command {
    name: "hset",
    handler: hset,
    arity: Arity::AtLeast(4),
    keys: &[KeySpec::at(1, Access::RW.with(Access::UPDATE))],
    flags: Flags::WRITE.with(Flags::DENY_OOM).with(Flags::FAST).with(Flags::CHANGES_NAMED),
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
    let setting = Setting::plain(context);
    let key = context.key(&args[1]);
    let created = if let Some(mut found) = context.find_mut(key) {
        set_pairs(&mut found, args, setting)?
    } else {
        let (object, created) = new_hash(args, 2, setting.limits);
        context.insert(key, Value::Object(object), None);
        created
    };
    context.commit(key, Change::new(Event::HASH, "hset").count((args.len() - 2) / 2));
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
    let setting = Setting::plain(context);
    let (key, now_ms, expiry) = (context.key(&args[1]), context.now_ms, FieldExpiry::of(context));
    let fresh = |found| refresh(found, expiry, std::iter::once(&args[2]));
    if let Some(mut found) = context.find_mut(key).and_then(fresh) {
        if Fields::of(found.value(), now_ms)?.get(&args[2]).is_some() {
            reply.int(0);
            return Ok(());
        }
        set_pairs(&mut found, args, setting)?;
    } else {
        context.insert(key, Value::Object(new_hash(args, 2, setting.limits).0), None);
    }
    context.commit(key, Change::new(Event::HASH, "hset"));
    reply.int(1);
    Ok(())
}

/// HDEL.
pub(super) const HDEL: Command = Command {
    name: "hdel",
    handler: hdel,
    arity: Arity::AtLeast(3),
    keys: &[KeySpec::at(1, Access::RW.with(Access::DELETE))],
    flags: Flags::WRITE.with(Flags::FAST).with(Flags::CHANGES_NAMED),
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
    let (key, now_ms) = (context.key(&args[1]), context.now_ms);
    let mut removed = 0;
    if let Some(mut found) = context.find_mut(key) {
        let mut left = Fields::of(found.value(), now_ms)?.len();
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
        } else if removed > 0 && found.parts_expire_ms().is_some() {
            forget_times(&mut found);
        }
    }
    if removed > 0 {
        context.commit(key, Change::new(Event::HASH, "hdel").count(removed).taken());
    }
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
    let (key, now_ms, expiry) = (context.key(&args[1]), context.now_ms, FieldExpiry::of(context));
    let names = named::<Hash>(args, 2);
    let mut removed = 0;
    let fresh = |found| refresh(found, expiry, args.iter_from(4));
    if let Some(mut found) = context.find_mut(key).and_then(fresh) {
        // A wrong type comes before wrong arguments.
        let before = Fields::of(found.value(), now_ms)?.len();
        reply.array(names?);
        for name in args.iter_from(4) {
            let fields = Fields::of(found.value(), now_ms)?;
            write_field(fields, name, reply);
            removed += usize::from(fields.get(name).is_some() && remove(&mut found, name));
        }
        if removed == before {
            drop(found.remove());
        } else if removed > 0 {
            forget_times(&mut found);
        }
    } else {
        reply.array(names?);
        args.iter_from(4).for_each(|_| reply.null());
    }
    if removed > 0 {
        if context.keeps_effects() {
            context.replay([b"HDEL".as_slice(), &args[1]].into_iter().chain(args.iter_from(4)));
        }
        context.commit(key, Change::new(Event::HASH, "hdel").count(removed).taken());
    }
    Ok(())
}
