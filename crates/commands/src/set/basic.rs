//! Members in and out, and whether they are there.

use super::members::{Limits, Members, Owned, add, make_room, remove};
use crate::element::write;
use redstart_command::{
    Access, Acl, Arg, Args, Arity, Change, Command, Context, Docs, Error, Event, Flags, Group, KeySpec, Reply, Value,
};

/// SADD.
pub(super) const SADD: Command = Command {
    name: "sadd",
    handler: sadd,
    arity: Arity::AtLeast(3),
    keys: &[KeySpec::at(1, Access::RW.with(Access::INSERT))],
    flags: Flags::WRITE.with(Flags::DENY_OOM).with(Flags::FAST).with(Flags::CHANGES_NAMED),
    acl: Acl::SET,
    docs: Docs {
        summary: "Adds members to a set, which is made where it is missing.",
        since: "1.0.0",
        group: Group::Set,
        complexity: "O(1) for each element added, so O(N) to add N elements when the command is called with multiple arguments.",
        args: &[Arg::key("key"), Arg::string("member").multiple()],
        history: &[("2.4.0", "Accepts multiple `member` arguments.")],
        ..Docs::NONE
    },
    ..Command::BASE
};

fn sadd(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let (limits, key, coming, now_ms) = (Limits::of(context), context.key(&args[1]), args.len() - 2, context.now_ms);
    let mut added = 0;
    if let Some(mut found) = context.find_mut(key) {
        make_room(&mut found, coming, limits)?;
        for member in args.iter_from(2) {
            added += usize::from(add(&mut found, member, limits, now_ms)?);
        }
    } else {
        let mut set = Owned::with(&args[2], coming, limits);
        added = args.iter_from(2).filter(|member| set.add(member, limits)).count();
        context.insert(key, Value::Object(set.into_object()), None);
    }
    if added > 0 {
        context.commit(key, Change::new(Event::SET, "sadd").count(added));
    }
    reply.count(added);
    Ok(())
}

/// SREM.
pub(super) const SREM: Command = Command {
    name: "srem",
    handler: srem,
    keys: &[KeySpec::at(1, Access::RW.with(Access::DELETE))],
    flags: Flags::WRITE.with(Flags::FAST).with(Flags::CHANGES_NAMED),
    docs: Docs {
        summary: "Removes members from a set, and the set with its last one.",
        complexity: "O(N) where N is the number of members to be removed.",
        ..SADD.docs
    },
    ..SADD
};

fn srem(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let now_ms = context.now_ms;
    let key = context.key(&args[1]);
    let Some(mut found) = context.find_mut(key) else {
        reply.int(0);
        return Ok(());
    };
    let size = Members::of(found.value(), now_ms)?.len();
    let mut removed = 0;
    for member in args.iter_from(2) {
        removed += usize::from(removed < size && remove(&mut found, member));
    }
    drop(found);
    if removed == size {
        context.delete(key);
    }
    if removed > 0 {
        context.commit(key, Change::new(Event::SET, "srem").count(removed).taken());
    }
    reply.count(removed);
    Ok(())
}

/// SMEMBERS.
pub(super) const SMEMBERS: Command = Command {
    name: "smembers",
    handler: smembers,
    arity: Arity::Exactly(2),
    keys: &[KeySpec::at(1, Access::RO.with(Access::ACCESS))],
    flags: Flags::READONLY,
    acl: Acl::SET,
    docs: Docs {
        summary: "Returns all members of a set.",
        since: "1.0.0",
        group: Group::Set,
        complexity: "O(N) where N is the set cardinality.",
        args: &[Arg::key("key")],
        ..Docs::NONE
    },
    tips: &["nondeterministic_output_order"],
    ..Command::BASE
};

fn smembers(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let now_ms = context.now_ms;
    let key = context.key(&args[1]);
    let Some(found) = context.find(key) else {
        reply.set(0);
        return Ok(());
    };
    let members = Members::of(found.value(), now_ms)?;
    reply.set(members.present());
    members.each(|member| write(member, reply));
    Ok(())
}

/// SISMEMBER.
pub(super) const SISMEMBER: Command = Command {
    name: "sismember",
    handler: sismember,
    arity: Arity::Exactly(3),
    keys: &[KeySpec::at(1, Access::RO)],
    flags: Flags::READONLY.with(Flags::FAST),
    docs: Docs {
        summary: "Tells whether a member is in a set.",
        complexity: "O(1)",
        args: &[Arg::key("key"), Arg::string("member")],
        ..SMEMBERS.docs
    },
    tips: &[],
    ..SMEMBERS
};

fn sismember(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let now_ms = context.now_ms;
    let key = context.key(&args[1]);
    let there = match context.find(key) {
        Some(found) => Members::of(found.value(), now_ms)?.contains(&args[2]),
        None => false,
    };
    reply.int(i64::from(there));
    Ok(())
}

/// SMISMEMBER.
pub(super) const SMISMEMBER: Command = Command {
    name: "smismember",
    handler: smismember,
    arity: Arity::AtLeast(3),
    keys: &[KeySpec::at(1, Access::RO.with(Access::ACCESS))],
    docs: Docs {
        summary: "Tells of several members whether they are in a set.",
        since: "6.2.0",
        complexity: "O(N) where N is the number of elements being checked for membership",
        args: &[Arg::key("key"), Arg::string("member").multiple()],
        ..SMEMBERS.docs
    },
    ..SISMEMBER
};

fn smismember(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let now_ms = context.now_ms;
    let key = context.key(&args[1]);
    let found = context.find(key);
    let members = match &found {
        Some(found) => Some(Members::of(found.value(), now_ms)?),
        None => None,
    };
    reply.array(args.len() - 2);
    for member in args.iter_from(2) {
        reply.int(i64::from(members.is_some_and(|members| members.contains(member))));
    }
    Ok(())
}

/// SCARD.
pub(super) const SCARD: Command = Command {
    name: "scard",
    handler: scard,
    keys: &[KeySpec::at(1, Access::RO)],
    flags: Flags::READONLY.with(Flags::FAST),
    docs: Docs { summary: "Returns the number of members of a set.", complexity: "O(1)", ..SMEMBERS.docs },
    tips: &[],
    ..SMEMBERS
};

fn scard(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let now_ms = context.now_ms;
    let key = context.key(&args[1]);
    let count = match context.find(key) {
        Some(found) => Members::of(found.value(), now_ms)?.len(),
        None => 0,
    };
    reply.count(count);
    Ok(())
}

/// SMOVE.
pub(super) const SMOVE: Command = Command {
    name: "smove",
    handler: smove,
    arity: Arity::Exactly(4),
    keys: &[
        KeySpec::at(1, Access::RW.with(Access::ACCESS).with(Access::DELETE)),
        KeySpec::at(2, Access::RW.with(Access::INSERT)),
    ],
    flags: Flags::WRITE.with(Flags::FAST).with(Flags::CHANGES_NAMED),
    acl: Acl::SET,
    docs: Docs {
        summary: "Moves a member from one set to another.",
        since: "1.0.0",
        group: Group::Set,
        complexity: "O(1)",
        args: &[Arg::key("source"), Arg::key_of("destination", 1), Arg::string("member")],
        ..Docs::NONE
    },
    ..Command::BASE
};

fn smove(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let now_ms = context.now_ms;
    let (limits, member) = (Limits::of(context), &args[3]);
    let (from, to) = (context.key(&args[1]), context.key(&args[2]));
    let there = match context.find_mut(from) {
        Some(found) => Some(Members::of(found.value(), now_ms)?.contains(member)),
        None => None,
    };
    let there = match (there, context.find_mut(to)) {
        (None, _) => false,
        (Some(there), Some(found)) => Members::of(found.value(), now_ms).map(|_| there)?,
        (Some(there), None) => there,
    };
    if there && from.bytes() != to.bytes() {
        move_member(context, from, to, member, limits)?;
    }
    reply.int(i64::from(there));
    Ok(())
}

fn move_member(
    context: &mut Context<'_>,
    from: redstart_command::Key<'_>,
    to: redstart_command::Key<'_>,
    member: &[u8],
    limits: Limits,
) -> Result<(), Error> {
    let now_ms = context.now_ms;
    let mut left = 0;
    if let Some(mut found) = context.peek_mut(from) {
        remove(&mut found, member);
        left = Members::of(found.value(), now_ms)?.len();
    }
    if left == 0 {
        context.delete(from);
    }
    context.commit(from, Change::new(Event::SET, "srem").taken());
    let new = if let Some(mut found) = context.peek_mut(to) {
        add(&mut found, member, limits, now_ms)?
    } else {
        let mut set = Owned::with(member, 1, limits);
        set.add(member, limits);
        context.insert(to, Value::Object(set.into_object()), None);
        true
    };
    if new {
        context.commit(to, Change::new(Event::SET, "sadd"));
    }
    Ok(())
}
