//! As in `pop.rs`, waiting where there is nothing yet.

use super::members::Shape;
use super::pop::{COUNT, End, Several, WHERE, ZMPOP, ZPOPMIN, pop_from};
use crate::parse::timeout_seconds;
use redstart_command::{
    Access, Arg, ArgKind, Args, Arity, Block, Command, Context, Docs, Error, Flags, KeySpec, Reply, TimeoutReply,
    Wanted,
};

/// BZPOPMIN.
pub(super) const BZPOPMIN: Command = Command {
    name: "bzpopmin",
    handler: bzpopmin,
    arity: Arity::AtLeast(3),
    keys: &[KeySpec::range(1, -2, 1, Access::RW.with(Access::ACCESS).with(Access::DELETE))],
    flags: Flags::WRITE.with(Flags::FAST).with(Flags::BLOCKING),
    docs: Docs {
        summary: "Removes the member with the lowest score from the first sorted set that has any, and waits for one.",
        complexity: "O(log(N)) with N being the number of elements in the sorted set.",
        args: &[Arg::key("key").multiple(), Arg::new("timeout", ArgKind::Double)],
        history: &[("6.0.0", "`timeout` may have a fraction.")],
        ..ZPOPMIN.docs
    },
    ..ZPOPMIN
};

fn bzpopmin(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    pop_or_wait(context, args, End::Min, reply)
}

/// BZPOPMAX.
pub(super) const BZPOPMAX: Command = Command {
    name: "bzpopmax",
    handler: bzpopmax,
    docs: Docs {
        summary: "Removes the member with the highest score from the first sorted set that has any, and waits for one.",
        ..BZPOPMIN.docs
    },
    ..BZPOPMIN
};

fn bzpopmax(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    pop_or_wait(context, args, End::Max, reply)
}

fn pop_or_wait(context: &mut Context<'_>, args: &Args<'_>, end: End, reply: &mut Reply<'_>) -> Result<(), Error> {
    let last = args.len() - 1;
    let deadline_ms = timeout_seconds(&args[last], context.now_ms)?;
    let shape = Shape { scores: true, nested: false };
    for name in args.iter_from(1).take(last - 1) {
        let key = context.key(name);
        let head = |_, reply: &mut Reply<'_>| {
            reply.array(3);
            reply.bulk(name);
        };
        if pop_from(context, key, (end, 1, shape), reply, head)? {
            if context.keeps_effects() {
                context.replay_as(&[end.word(), name]);
            }
            return Ok(());
        }
    }
    wait(context, args.iter_from(1).take(last - 1), deadline_ms, reply);
    Ok(())
}

fn wait<'a>(
    context: &mut Context<'_>,
    names: impl Iterator<Item = &'a [u8]>,
    deadline_ms: Option<i64>,
    reply: &mut Reply<'_>,
) {
    let keys = names.map(<[u8]>::to_vec).collect();
    let (wanted, on_timeout) = (Wanted::SortedSet, TimeoutReply::NullArray);
    context.block(reply, Block { wanted, keys, deadline_ms, on_timeout, replace: Vec::new() });
}

/// BZMPOP.
pub(super) const BZMPOP: Command = Command {
    name: "bzmpop",
    handler: bzmpop,
    arity: Arity::AtLeast(5),
    keys: &[KeySpec::counted(2, 1, Access::RW.with(Access::ACCESS).with(Access::DELETE))],
    flags: Flags::WRITE.with(Flags::BLOCKING).with(Flags::MOVABLE_KEYS),
    docs: Docs {
        summary: "Removes members from one end of the first sorted set that has any, and waits for one.",
        args: &[Arg::new("timeout", ArgKind::Double), Arg::int("numkeys"), Arg::key("key").multiple(), WHERE, COUNT],
        ..ZMPOP.docs
    },
    ..ZMPOP
};

fn bzmpop(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let several = Several::parse(args, 2)?;
    let deadline_ms = timeout_seconds(&args[1], context.now_ms)?;
    if !several.pop(context, args, reply)? {
        wait(context, several.names(args), deadline_ms, reply);
    }
    Ok(())
}
