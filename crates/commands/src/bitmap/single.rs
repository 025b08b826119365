//! One bit.

use super::{bit_offset, with_bytes, with_room};
use redstart_command::{
    Access, Acl, Arg, Args, Arity, Change, Command, Context, Docs, Error, Event, Flags, Group, KeySpec, Reply,
};
use redstart_encoding::bits;
use redstart_encoding::int::parse_i64;

/// SETBIT.
pub(super) const SETBIT: Command = Command {
    name: "setbit",
    handler: setbit,
    arity: Arity::Exactly(4),
    keys: &[KeySpec::at(1, Access::RW.with(Access::ACCESS).with(Access::UPDATE))],
    flags: Flags::WRITE.with(Flags::DENY_OOM),
    acl: Acl::BITMAP,
    docs: Docs {
        summary: "Sets or clears a bit and returns what it was; the string grows where it is too short.",
        since: "2.2.0",
        group: Group::Bitmap,
        complexity: "O(1)",
        args: &[Arg::key("key"), Arg::int("offset"), Arg::int("value")],
        ..Docs::NONE
    },
    ..Command::BASE
};

fn setbit(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let offset = bit_offset(context, &args[2])?;
    let new = parse_i64(&args[3]).filter(|bit| matches!(bit, 0 | 1));
    let new = new.ok_or(Error::text("ERR bit is not an integer or out of range"))?.cast_unsigned();
    let key = context.key(&args[1]);
    let (old, before, length) = with_room(context, key, offset, |bytes| {
        let old = bits::get(bytes, offset, 1);
        bits::set(bytes, offset, 1, new);
        old
    })?;
    if old != new || before != length {
        context.commit(key, Change::new(Event::STRING, "setbit"));
    }
    reply.int(old.cast_signed());
    Ok(())
}

/// GETBIT.
pub(super) const GETBIT: Command = Command {
    name: "getbit",
    handler: getbit,
    arity: Arity::Exactly(3),
    keys: &[KeySpec::at(1, Access::RO.with(Access::ACCESS))],
    flags: Flags::READONLY.with(Flags::FAST),
    docs: Docs { summary: "Returns a bit.", args: &[Arg::key("key"), Arg::int("offset")], ..SETBIT.docs },
    ..SETBIT
};

fn getbit(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let offset = bit_offset(context, &args[2])?;
    let key = context.key(&args[1]);
    let bit = match context.find(key) {
        Some(found) => with_bytes(&found.value(), |bytes| bits::get(bytes, offset, 1))?,
        None => 0,
    };
    reply.int(bit.cast_signed());
    Ok(())
}
