//! Elements added at an end.

use super::elements::{Limits, ListMut, grow, list_mut, new_list, new_small, push_each, pushed};
use redstart_command::{
    Access, Acl, Arg, Args, Arity, Change, Command, Context, Docs, Error, Event, Flags, Group, KeySpec, Reply, Value,
};
use redstart_encoding::quicklist::End;

/// LPUSH.
pub(super) const LPUSH: Command = Command {
    name: "lpush",
    handler: lpush,
    arity: Arity::AtLeast(3),
    keys: &[KeySpec::at(1, Access::RW.with(Access::INSERT))],
    flags: Flags::WRITE.with(Flags::DENY_OOM).with(Flags::FAST),
    acl: Acl::LIST,
    docs: Docs {
        summary: "Adds elements at the head of a list, one before the other; a missing key becomes a list.",
        since: "1.0.0",
        group: Group::List,
        complexity: "O(1) for each element added, so O(N) to add N elements when the command is called with multiple \
                     arguments.",
        args: &[Arg::key("key"), Arg::string("element").multiple()],
        history: &[("2.4.0", "Accepts multiple `element` arguments.")],
        ..Docs::NONE
    },
    ..Command::BASE
};

fn lpush(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    push(context, args, reply, End::Front, true)
}

/// RPUSH.
pub(super) const RPUSH: Command = Command {
    name: "rpush",
    handler: rpush,
    docs: Docs {
        summary: "Adds elements at the tail of a list, one behind the other; a missing key becomes a list.",
        ..LPUSH.docs
    },
    ..LPUSH
};

fn rpush(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    push(context, args, reply, End::Back, true)
}

/// LPUSHX.
pub(super) const LPUSHX: Command = Command {
    name: "lpushx",
    handler: lpushx,
    docs: Docs {
        summary: "Adds elements at the head of a list, if it is there.",
        since: "2.2.0",
        history: &[("4.0.0", "Accepts multiple `element` arguments.")],
        ..LPUSH.docs
    },
    ..LPUSH
};

fn lpushx(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    push(context, args, reply, End::Front, false)
}

/// RPUSHX.
pub(super) const RPUSHX: Command = Command {
    name: "rpushx",
    handler: rpushx,
    docs: Docs { summary: "Adds elements at the tail of a list, if it is there.", ..LPUSHX.docs },
    ..LPUSHX
};

fn rpushx(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    push(context, args, reply, End::Back, false)
}

/// Adds the elements among the arguments, to a new list only where `create` says so.
#[inline]
fn push(
    context: &mut Context<'_>,
    args: &Args<'_>,
    reply: &mut Reply<'_>,
    end: End,
    create: bool,
) -> Result<(), Error> {
    let (key, limits) = (context.key(&args[1]), Limits::of(context));
    let count = args.len() - 2;
    let Some(mut found) = context.find_mut(key) else {
        if create {
            let small = if count == 1 { new_small(&args[2], limits) } else { None };
            let value = small.as_ref().map(|pack| Value::List(pack));
            context.insert(key, value.unwrap_or_else(|| new_list(args, 2, end, limits).into()), None);
            context.commit(key, Change::new(Event::LIST, pushed(end)).count(count));
        }
        reply.count(if create { count } else { 0 });
        return Ok(());
    };
    let bytes = args.iter_from(2).map(<[u8]>::len).sum();
    grow(&mut found, bytes, count, limits)?;
    let mut list = list_mut(&mut found, limits)?;
    match &mut list {
        ListMut::Pack(pack) if count > 1 => push_each(pack, end, args.iter_from(2)),
        list => args.iter_from(2).for_each(|value| list.push(end, value)),
    }
    reply.count(list.len());
    drop(list);
    drop(found);
    context.commit(key, Change::new(Event::LIST, pushed(end)).count(count));
    Ok(())
}
