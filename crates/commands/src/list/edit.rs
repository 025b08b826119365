//! Elements in the middle of a list: inserted, replaced, removed.

use super::elements::{Limits, List, grow, index_in, list_mut, range_in, removed, shrink};
use crate::parse::{int, int_between, is};
use redstart_command::{
    Access, Acl, Arg, Args, Arity, Change, Command, Context, Docs, Error, Event, Flags, Group, KeySpec, Reply,
};
use redstart_encoding::listpack::Where;
use redstart_encoding::quicklist::End;

/// LINSERT.
pub(super) const LINSERT: Command = Command {
    name: "linsert",
    handler: linsert,
    arity: Arity::Exactly(5),
    keys: &[KeySpec::at(1, Access::RW.with(Access::INSERT))],
    flags: Flags::WRITE.with(Flags::DENY_OOM),
    acl: Acl::LIST,
    docs: Docs {
        summary: "Adds an element before or after the first that equals another.",
        since: "2.2.0",
        group: Group::List,
        complexity: "O(N) where N is the number of elements to traverse before seeing the value pivot. This means \
                     that inserting somewhere on the left end on the list (head) can be considered O(1) and inserting \
                     somewhere on the right end (tail) is O(N).",
        args: &[
            Arg::key("key"),
            Arg::one_of("where", &[Arg::flag("before", "BEFORE"), Arg::flag("after", "AFTER")]),
            Arg::string("pivot"),
            Arg::string("element"),
        ],
        ..Docs::NONE
    },
    ..Command::BASE
};

fn linsert(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let place = if is(&args[2], "after") {
        Where::After
    } else if is(&args[2], "before") {
        Where::Before
    } else {
        return Err(Error::Syntax);
    };
    let (key, limits) = (context.key(&args[1]), Limits::of(context));
    let Some(mut found) = context.find_mut(key) else {
        reply.int(0);
        return Ok(());
    };
    grow(&mut found, args[4].len(), 1, limits)?;
    if !list_mut(&mut found, limits)?.insert_beside(&args[3], place, &args[4]) {
        reply.int(-1);
        return Ok(());
    }
    reply.count(List::of(found.value())?.len());
    drop(found);
    context.commit(key, Change::new(Event::LIST, "linsert"));
    Ok(())
}

/// LSET.
pub(super) const LSET: Command = Command {
    name: "lset",
    handler: lset,
    arity: Arity::Exactly(4),
    keys: &[KeySpec::at(1, Access::RW.with(Access::UPDATE))],
    docs: Docs {
        summary: "Replaces the element at an index.",
        since: "1.0.0",
        complexity: "O(N) where N is the length of the list. Setting either the first or the last element of the list \
                     is O(1).",
        args: &[Arg::key("key"), Arg::int("index"), Arg::string("element")],
        ..LINSERT.docs
    },
    ..LINSERT
};

fn lset(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let (key, limits) = (context.key(&args[1]), Limits::of(context));
    let mut found = context.find_mut(key).ok_or(Error::NoSuchKey)?;
    let length = List::of(found.value())?.len();
    let number = int(&args[2])?;
    // As in Redis the list may have become a large one though there is no such index.
    grow(&mut found, args[3].len(), 1, limits)?;
    let index = index_in(length, number).ok_or(Error::IndexOutOfRange)?;
    list_mut(&mut found, limits)?.replace(index, &args[3]);
    shrink(&mut found, limits);
    drop(found);
    context.commit(key, Change::new(Event::LIST, "lset"));
    reply.ok();
    Ok(())
}

/// LREM.
pub(super) const LREM: Command = Command {
    name: "lrem",
    handler: lrem,
    arity: Arity::Exactly(4),
    keys: &[KeySpec::at(1, Access::RW.with(Access::DELETE))],
    flags: Flags::WRITE,
    docs: Docs {
        summary: "Removes elements that equal a value, from the head or from the tail on.",
        since: "1.0.0",
        complexity: "O(N+M) where N is the length of the list and M is the number of elements removed.",
        args: &[Arg::key("key"), Arg::int("count"), Arg::string("element")],
        ..LINSERT.docs
    },
    ..LINSERT
};

fn lrem(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let count = int_between(&args[2], -i64::MAX, i64::MAX)?;
    let from = if count < 0 { End::Back } else { End::Front };
    let most = if count == 0 { usize::MAX } else { count.unsigned_abs() as usize };
    let (key, limits) = (context.key(&args[1]), Limits::of(context));
    let mut gone = 0;
    if let Some(mut found) = context.find_mut(key) {
        gone = list_mut(&mut found, limits)?.remove_value(&args[3], most, from);
        if gone > 0 {
            removed(found, limits)?;
        }
    }
    if gone > 0 {
        context.commit(key, Change::new(Event::LIST, "lrem").count(gone).taken());
    }
    reply.count(gone);
    Ok(())
}

/// LTRIM.
pub(super) const LTRIM: Command = Command {
    name: "ltrim",
    handler: ltrim,
    docs: Docs {
        summary: "Removes all elements but those from one index to another.",
        complexity: "O(N) where N is the number of elements to be removed by the operation.",
        args: &[Arg::key("key"), Arg::int("start"), Arg::int("stop")],
        ..LREM.docs
    },
    ..LREM
};

fn ltrim(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let (start, stop) = (int(&args[2])?, int(&args[3])?);
    let (key, limits) = (context.key(&args[1]), Limits::of(context));
    let Some(mut found) = context.find_mut(key) else {
        reply.ok();
        return Ok(());
    };
    let length = List::of(found.value())?.len();
    let (first, count) = range_in(length, start, stop).unwrap_or((length, 0));
    if count == 0 {
        drop(found.remove());
    } else {
        let mut list = list_mut(&mut found, limits)?;
        list.remove_range(0, first);
        list.remove_range(count, length - first - count);
        drop(list);
        removed(found, limits)?;
    }
    // Where nothing was trimmed, watches break all the same, as in Redis.
    context.commit(key, Change::new(Event::LIST, "ltrim").count(length - count).taken());
    reply.ok();
    Ok(())
}
