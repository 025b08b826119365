//! Strings that are numbers, counted up and down.

use crate::parse::{extended, int};
use redstart_command::{
    Access, Acl, Arg, Args, Arity, Change, Command, Context, Docs, Error, Event, Flags, Group, KeySpec, Reply, Value,
    ValueRef,
};
use redstart_encoding::float::Extended;
use redstart_encoding::int::parse_i64;

/// INCR.
pub(super) const INCR: Command = Command {
    name: "incr",
    handler: incr,
    arity: Arity::Exactly(2),
    keys: &[KeySpec::at(1, Access::RW.with(Access::ACCESS).with(Access::UPDATE))],
    flags: Flags::WRITE.with(Flags::DENY_OOM).with(Flags::FAST),
    acl: Acl::STRING,
    docs: Docs {
        summary: "Adds one to the integer at a key; a missing key counts from 0.",
        since: "1.0.0",
        group: Group::String,
        complexity: "O(1)",
        args: &[Arg::key("key")],
        ..Docs::NONE
    },
    ..Command::BASE
};

fn incr(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    add(context, &args[1], 1, reply)
}

/// DECR.
pub(super) const DECR: Command = Command {
    name: "decr",
    handler: decr,
    docs: Docs { summary: "Subtracts one from the integer at a key; a missing key counts from 0.", ..INCR.docs },
    ..INCR
};

fn decr(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    add(context, &args[1], -1, reply)
}

/// INCRBY.
pub(super) const INCRBY: Command = Command {
    name: "incrby",
    handler: incrby,
    arity: Arity::Exactly(3),
    docs: Docs {
        summary: "Adds to the integer at a key; a missing key counts from 0.",
        args: &[Arg::key("key"), Arg::int("increment")],
        ..INCR.docs
    },
    ..INCR
};

fn incrby(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    add(context, &args[1], int(&args[2])?, reply)
}

/// DECRBY.
pub(super) const DECRBY: Command = Command {
    name: "decrby",
    handler: decrby,
    docs: Docs {
        summary: "Subtracts from the integer at a key; a missing key counts from 0.",
        args: &[Arg::key("key"), Arg::int("decrement")],
        ..INCR.docs
    },
    ..INCRBY
};

fn decrby(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let amount = int(&args[2])?.checked_neg().ok_or(Error::text("ERR decrement would overflow"))?;
    add(context, &args[1], amount, reply)
}

/// Adds to the integer at a key.
fn add(context: &mut Context<'_>, key: &[u8], amount: i64, reply: &mut Reply<'_>) -> Result<(), Error> {
    let key = context.key(key);
    let sum = if let Some(mut found) = context.find_mut(key) {
        let old = integer(&found.value())?;
        let sum = old.checked_add(amount).ok_or(Error::text("ERR increment or decrement would overflow"))?;
        match found.int_mut() {
            Some(number) => *number = sum,
            None => found.set_value(Value::Int(sum)),
        }
        sum
    } else {
        context.insert(key, Value::Int(amount), None);
        amount
    };
    context.commit(key, Change::new(Event::STRING, "incrby"));
    reply.int(sum);
    Ok(())
}

/// A string value as an integer.
#[inline]
pub(crate) fn integer(value: &ValueRef<'_>) -> Result<i64, Error> {
    match value {
        ValueRef::Int(number) => Ok(*number),
        ValueRef::Bytes { bytes, .. } => parse_i64(bytes).ok_or(Error::NotInteger),
        _ => Err(Error::WrongType),
    }
}

/// A string value as a number with a fraction.
pub(super) fn number(value: &ValueRef<'_>) -> Result<Extended, Error> {
    match value {
        ValueRef::Int(number) => Ok(Extended::from(*number)),
        ValueRef::Bytes { bytes, .. } => extended(bytes),
        _ => Err(Error::WrongType),
    }
}

/// INCRBYFLOAT.
pub(super) const INCRBYFLOAT: Command = Command {
    name: "incrbyfloat",
    handler: incrbyfloat,
    docs: Docs {
        summary: "Adds to the number at a key, which may have a fraction; a missing key counts from 0.",
        since: "2.6.0",
        args: &[Arg::key("key"), Arg::new("increment", redstart_command::ArgKind::Double)],
        ..INCR.docs
    },
    ..INCRBY
};

fn incrbyfloat(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let key = context.key(&args[1]);
    let overflow = Error::text("ERR increment would produce NaN or Infinity");
    let sum = if let Some(mut found) = context.find_mut(key) {
        let old = number(&found.value())?;
        let sum = old.checked_add(extended(&args[2])?).ok_or(overflow)?.to_text();
        found.set_value(Value::Bytes(&sum));
        sum
    } else {
        let sum = Extended::from(0).checked_add(extended(&args[2])?).ok_or(overflow)?.to_text();
        context.insert(key, Value::Bytes(&sum), None);
        sum
    };
    reply.bulk(&sum);
    if context.keeps_effects() {
        context.replay_as(&[b"SET", &args[1], &sum, b"KEEPTTL"]);
    }
    context.commit(key, Change::new(Event::STRING, "incrbyfloat"));
    Ok(())
}
