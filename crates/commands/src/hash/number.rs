//! Values of fields that are numbers, counted up and down.

use super::edit::{FieldExpiry, Limits, Number, new_with, refresh, update};
use crate::parse::int;
use redstart_command::{
    Access, Acl, Arg, ArgKind, Args, Arity, Change, Command, Context, Docs, Error, Event, Flags, Group, KeySpec, Reply,
    Value,
};
use redstart_encoding::float::Extended;
use redstart_encoding::listpack::Element;

/// HINCRBY.
pub(super) const HINCRBY: Command = Command {
    name: "hincrby",
    handler: hincrby,
    arity: Arity::Exactly(4),
    keys: &[KeySpec::at(1, Access::RW.with(Access::ACCESS).with(Access::UPDATE))],
    flags: Flags::WRITE.with(Flags::DENY_OOM).with(Flags::FAST).with(Flags::CHANGES_NAMED),
    acl: Acl::HASH,
    docs: Docs {
        summary: "Adds to the integer in a field; a missing field counts from 0.",
        since: "2.0.0",
        group: Group::Hash,
        complexity: "O(1)",
        args: &[Arg::key("key"), Arg::string("field"), Arg::int("increment")],
        ..Docs::NONE
    },
    ..Command::BASE
};

fn hincrby(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let by = int(&args[3])?;
    count(context, args, reply, |old| {
        let old = match old {
            Some(old) => old.as_int().ok_or(Error::text("ERR hash value is not an integer"))?,
            None => 0,
        };
        let sum = old.checked_add(by).ok_or(Error::text("ERR increment or decrement would overflow"))?;
        Ok(Number::Int(sum))
    })
}

/// HINCRBYFLOAT.
pub(super) const HINCRBYFLOAT: Command = Command {
    name: "hincrbyfloat",
    handler: hincrbyfloat,
    docs: Docs {
        summary: "Adds to the number in a field, which may have a fraction; a missing field counts from 0.",
        since: "2.6.0",
        args: &[Arg::key("key"), Arg::string("field"), Arg::new("increment", ArgKind::Double)],
        ..HINCRBY.docs
    },
    ..HINCRBY
};

fn hincrbyfloat(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let by = crate::parse::extended(&args[3])?;
    if by.is_infinite() {
        return Err(Error::text("ERR value is NaN or Infinity"));
    }
    count(context, args, reply, |old| {
        let not_float = || Error::text("ERR hash value is not a float");
        let old = match old {
            Some(Element::Bytes(text)) => Extended::parse(text).ok_or_else(not_float)?,
            Some(Element::Int(number)) => Extended::from(number),
            None => Extended::from(0),
        };
        let sum = old.checked_add(by).ok_or(Error::text("ERR increment would produce NaN or Infinity"))?;
        Ok(Number::Text(sum.to_text()))
    })
}

/// Replaces the value of a field by what `next` makes of it, and answers with that.
fn count(
    context: &mut Context<'_>,
    args: &Args<'_>,
    reply: &mut Reply<'_>,
    next: impl FnOnce(Option<Element<'_>>) -> Result<Number, Error>,
) -> Result<(), Error> {
    let (limits, now_ms, expiry) = (Limits::of(context), context.now_ms, FieldExpiry::of(context));
    let key = context.key(&args[1]);
    let fresh = |found| refresh(found, expiry, std::iter::once(&args[2]));
    let number = if let Some(mut found) = context.find_mut(key).and_then(fresh) {
        update(&mut found, &args[2], (limits, now_ms), next)?
    } else {
        let number = next(None)?;
        context.insert(key, Value::Object(new_with(&args[2], &number, limits)), None);
        number
    };
    if let Number::Text(text) = &number
        && context.keeps_effects()
    {
        context.replay_as(&[b"HSETEX", &args[1], b"KEEPTTL", b"FIELDS", b"1", &args[2], text]);
    }
    context.commit(key, Change::new(Event::HASH, context.command_name()));
    match number {
        Number::Int(number) => reply.int(number),
        Number::Text(text) => reply.bulk(&text),
    }
    Ok(())
}
