//! Strings, changed in part.

use super::{length, length_limit, string_value, within};
use crate::parse::int;
use redstart_command::{
    Access, Acl, Arg, Args, Arity, Change, Command, Context, Docs, Error, Event, Flags, Group, KeySpec, Reply, Value,
};

/// APPEND.
pub(super) const APPEND: Command = Command {
    name: "append",
    handler: append,
    arity: Arity::Exactly(3),
    keys: &[KeySpec::at(1, Access::RW.with(Access::INSERT))],
    flags: Flags::WRITE.with(Flags::DENY_OOM).with(Flags::FAST),
    acl: Acl::STRING,
    docs: Docs {
        summary: "Adds to the end of the string at a key; a missing key is set.",
        since: "2.0.0",
        group: Group::String,
        complexity: "O(1) amortized, as room is kept for further additions.",
        args: &[Arg::key("key"), Arg::string("value")],
        ..Docs::NONE
    },
    ..Command::BASE
};

fn append(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let (limit, added) = (length_limit(context), args[2].len());
    let key = context.key(&args[1]);
    let total = if let Some(mut found) = context.find_mut(key) {
        let old = length(&found.value())?;
        let total = within(limit, old.checked_add(added))?;
        found.edit_string(total)[old..].copy_from_slice(&args[2]);
        total
    } else {
        let large = args.take_large(2);
        let value = large.map_or_else(|| string_value(&args[2]), Value::Owned);
        context.insert(context.key(&args[1]), value, None);
        added
    };
    context.commit(context.key(&args[1]), Change::new(Event::STRING, "append"));
    reply.count(total);
    Ok(())
}

/// SETRANGE.
pub(super) const SETRANGE: Command = Command {
    name: "setrange",
    handler: setrange,
    arity: Arity::Exactly(4),
    keys: &[KeySpec::at(1, Access::RW.with(Access::UPDATE))],
    flags: Flags::WRITE.with(Flags::DENY_OOM),
    acl: Acl::STRING,
    docs: Docs {
        summary: "Overwrites the string at a key from an offset on, lengthening it with zero bytes where it is short.",
        since: "2.2.0",
        group: Group::String,
        complexity: "O(M) where M is the length of the value argument, which for short ones is as good as O(1).",
        args: &[Arg::key("key"), Arg::int("offset"), Arg::string("value")],
        ..Docs::NONE
    },
    ..Command::BASE
};

fn setrange(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let offset = int(&args[2])?;
    let offset = usize::try_from(offset).map_err(|_| Error::text("ERR offset is out of range"))?;
    let limit = length_limit(context);
    let (key, value) = (context.key(&args[1]), &args[3]);
    let end = offset.checked_add(value.len());
    let total = if let Some(mut found) = context.find_mut(key) {
        let old = length(&found.value())?;
        if value.is_empty() {
            reply.count(old);
            return Ok(());
        }
        let end = within(limit, end)?;
        let total = end.max(old);
        found.edit_string(total)[offset..end].copy_from_slice(value);
        total
    } else {
        if value.is_empty() {
            reply.int(0);
            return Ok(());
        }
        let end = within(limit, end)?;
        let mut fresh = vec![0; end];
        fresh[offset..].copy_from_slice(value);
        context.insert(key, Value::Owned(fresh), None);
        if let Some(mut made) = context.peek_mut(key) {
            made.set_raw();
        }
        end
    };
    context.commit(key, Change::new(Event::STRING, "setrange"));
    reply.count(total);
    Ok(())
}
