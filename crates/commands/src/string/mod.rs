//! Strings: values that are bytes, and integers among them that are kept as such.

use crate::parse::{expire_option, is};
use redstart_command::{
    Access, Acl, Arg, Args, Arity, Command, Context, Docs, Error, Expire, Flags, Group, KeySpec, Reply, Value, ValueRef,
};
use redstart_encoding::int::parse_i64;

/// The family.
pub(crate) const COMMANDS: &[Command] = Command::checked(&[GET, SET, INCR]);

const GET: Command = Command {
    name: "get",
    handler: get,
    arity: Arity::Exactly(2),
    keys: &[KeySpec::at(1, Access::RO.with(Access::ACCESS))],
    flags: Flags::READONLY.with(Flags::FAST),
    acl: Acl::STRING,
    docs: Docs {
        summary: "Returns the string at a key.",
        since: "1.0.0",
        group: Group::String,
        complexity: "O(1)",
        args: &[Arg::key("key")],
        ..Docs::NONE
    },
    ..Command::BASE
};

fn get(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let key = context.key(&args[1]);
    match context.find(key) {
        Some(found) => write_string(found.value(), reply)?,
        None => reply.null(),
    }
    Ok(())
}

const SET: Command = Command {
    name: "set",
    handler: set,
    arity: Arity::AtLeast(3),
    keys: &[KeySpec::at(1, Access::RW.with(Access::ACCESS).with(Access::UPDATE).with(Access::VARIABLE_FLAGS))],
    flags: Flags::WRITE.with(Flags::DENY_OOM),
    acl: Acl::STRING,
    docs: Docs {
        summary: "Sets a key to a string, whatever it held.",
        since: "1.0.0",
        group: Group::String,
        complexity: "O(1)",
        args: &[Arg::key("key"), Arg::string("value")],
        ..Docs::NONE
    },
    ..Command::BASE
};

fn set(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let mut expire = Expire::Never;
    let mut at = 3;
    while at < args.len() {
        match expire_option(args, at, context)? {
            Some(given) => {
                expire = given;
                at += 2;
            }
            None if is(&args[at], "keepttl") => {
                expire = Expire::Keep;
                at += 1;
            }
            None => return Err(Error::Syntax),
        }
    }
    let large = args.take_large(2);
    let key = context.key(&args[1]);
    let value = match large {
        Some(buffer) => Value::Owned(buffer),
        None => string_value(&args[2]),
    };
    context.set(key, value, expire);
    context.changed(1);
    reply.ok();
    Ok(())
}

const INCR: Command = Command {
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

/// Adds to the integer at a key.
fn add(context: &mut Context<'_>, key: &[u8], amount: i64, reply: &mut Reply<'_>) -> Result<(), Error> {
    let key = context.key(key);
    let overflow = Error::text("ERR increment or decrement would overflow");
    let sum = if let Some(mut found) = context.find_mut(key) {
        let old = match found.value() {
            ValueRef::Int(number) => number,
            ValueRef::Bytes { bytes, .. } => parse_i64(bytes).ok_or(Error::NotInteger)?,
            _ => return Err(Error::WrongType),
        };
        let sum = old.checked_add(amount).ok_or(overflow)?;
        match found.int_mut() {
            Some(number) => *number = sum,
            None => found.set_value(Value::Int(sum)),
        }
        sum
    } else {
        context.insert(key, Value::Int(amount), None);
        amount
    };
    context.changed(1);
    reply.int(sum);
    Ok(())
}

/// Bytes as a value: an integer where they are one exactly.
#[inline]
pub(crate) fn string_value(bytes: &[u8]) -> Value<'_> {
    // Twenty characters hold every i64, sign included.
    match bytes {
        [b'-' | b'0'..=b'9', ..] if bytes.len() <= 20 => parse_i64(bytes).map_or(Value::Bytes(bytes), Value::Int),
        _ => Value::Bytes(bytes),
    }
}

/// Writes a string value as a bulk.
#[inline]
pub(crate) fn write_string(value: ValueRef<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    match value {
        ValueRef::Bytes { bytes, .. } => reply.bulk(bytes),
        ValueRef::Int(number) => reply.bulk_int(number),
        _ => return Err(Error::WrongType),
    }
    Ok(())
}
