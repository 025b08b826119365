//! Members that expire (announced for Redis 8.12). The documentation of these commands is not out yet: they follow the
//! ones on fields of hashes, with MEMBERS in the place of FIELDS. A set whose members expire is a table.

use super::members::{Members, make_timed, remove, set_member_time, settle};
use crate::parse::TimeUnit;
use crate::parts::{CONDITION, Condition, DELETED, DONE, NO_PART, NO_TIME, NOT_MET, left, named, time};
use redstart_command::context::Found;
use redstart_command::{
    Access, Acl, Arg, ArgKind, Args, Arity, Command, Context, Docs, Error, Flags, Group, Key, KeySpec, Reply,
};

const MEMBERS: Arg =
    Arg::block("members", &[Arg::int("nummembers"), Arg::string("member").multiple()]).token("MEMBERS");

/// SEXPIRE.
pub(super) const SEXPIRE: Command = Command {
    name: "sexpire",
    handler: |context, args, reply| expire(TimeUnit::Seconds, context, args, reply),
    arity: Arity::AtLeast(6),
    keys: &[KeySpec::at(1, Access::RW.with(Access::UPDATE))],
    flags: Flags::WRITE.with(Flags::FAST),
    acl: Acl::SET,
    docs: Docs {
        summary: "Has members of a set expire after so many seconds.",
        since: "8.12.0",
        group: Group::Set,
        complexity: "O(N) where N is the number of specified members",
        args: &[Arg::key("key"), Arg::int("seconds"), CONDITION, MEMBERS],
        ..Docs::NONE
    },
    ..Command::BASE
};

/// SPEXPIRE.
pub(super) const SPEXPIRE: Command = Command {
    name: "spexpire",
    handler: |context, args, reply| expire(TimeUnit::Millis, context, args, reply),
    docs: Docs {
        summary: "Has members of a set expire after so many milliseconds.",
        args: &[Arg::key("key"), Arg::int("milliseconds"), CONDITION, MEMBERS],
        ..SEXPIRE.docs
    },
    ..SEXPIRE
};

/// SEXPIREAT.
pub(super) const SEXPIREAT: Command = Command {
    name: "sexpireat",
    handler: |context, args, reply| expire(TimeUnit::UnixSeconds, context, args, reply),
    docs: Docs {
        summary: "Has members of a set expire at a Unix time in seconds.",
        args: &[Arg::key("key"), Arg::new("unix-time-seconds", ArgKind::UnixTime), CONDITION, MEMBERS],
        ..SEXPIRE.docs
    },
    ..SEXPIRE
};

/// SPEXPIREAT.
pub(super) const SPEXPIREAT: Command = Command {
    name: "spexpireat",
    handler: |context, args, reply| expire(TimeUnit::UnixMillis, context, args, reply),
    docs: Docs {
        summary: "Has members of a set expire at a Unix time in milliseconds.",
        args: &[Arg::key("key"), Arg::new("unix-time-milliseconds", ArgKind::UnixTime), CONDITION, MEMBERS],
        ..SEXPIRE.docs
    },
    ..SEXPIRE
};

/// STTL.
pub(super) const STTL: Command = Command {
    name: "sttl",
    handler: |context, args, reply| times(TimeUnit::Seconds, context, args, reply),
    arity: Arity::AtLeast(5),
    keys: &[KeySpec::at(1, Access::RO.with(Access::ACCESS))],
    flags: Flags::READONLY.with(Flags::FAST),
    docs: Docs {
        summary: "Returns how many seconds members of a set have left.",
        args: &[Arg::key("key"), MEMBERS],
        ..SEXPIRE.docs
    },
    tips: &["nondeterministic_output"],
    ..SEXPIRE
};

/// SPTTL.
pub(super) const SPTTL: Command = Command {
    name: "spttl",
    handler: |context, args, reply| times(TimeUnit::Millis, context, args, reply),
    docs: Docs { summary: "Returns how many milliseconds members of a set have left.", ..STTL.docs },
    ..STTL
};

/// SEXPIRETIME.
pub(super) const SEXPIRETIME: Command = Command {
    name: "sexpiretime",
    handler: |context, args, reply| times(TimeUnit::UnixSeconds, context, args, reply),
    docs: Docs { summary: "Returns the Unix time in seconds when members of a set expire.", ..STTL.docs },
    tips: &[],
    ..STTL
};

/// SPEXPIRETIME.
pub(super) const SPEXPIRETIME: Command = Command {
    name: "spexpiretime",
    handler: |context, args, reply| times(TimeUnit::UnixMillis, context, args, reply),
    docs: Docs { summary: "Returns the Unix time in milliseconds when members of a set expire.", ..STTL.docs },
    tips: &[],
    ..STTL
};

/// SPERSIST.
pub(super) const SPERSIST: Command = Command {
    name: "spersist",
    handler: spersist,
    arity: Arity::AtLeast(5),
    docs: Docs { summary: "Has members of a set no longer expire.", args: &[Arg::key("key"), MEMBERS], ..SEXPIRE.docs },
    ..SEXPIRE
};

/// The number of members behind `MEMBERS nummembers`, which stands at `at`.
fn named_members(args: &Args<'_>, at: usize) -> Result<usize, Error> {
    named(args, at, ("members", "MEMBERS"), "ERR Number of members must be a positive integer")
}

/// Fails where the key holds no set.
fn check(context: &mut Context<'_>, key: Key<'_>) -> Result<(), Error> {
    let now_ms = context.now_ms;
    context.find_mut(key).map_or(Ok(()), |found| Members::of(found.value(), now_ms).map(|_| ()))
}

fn expire(unit: TimeUnit, context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let (key, now_ms) = (context.key(&args[1]), context.now_ms);
    check(context, key)?;
    let at_ms = time(unit, &args[2], context)?;
    let condition = Condition::parse(&args[3]);
    let at = if condition == Condition::Always { 3 } else { 4 };
    let count = named_members(args, at)?;
    reply.array(count);
    let mut changes = 0;
    match context.peek(key) {
        None => (0..count).for_each(|_| reply.int(NO_PART)),
        Some(mut found) => {
            make_timed(&mut found);
            for member in args.iter_from(at + 2) {
                let outcome = expire_member(&mut found, member, at_ms, condition, now_ms);
                changes += usize::from(matches!(outcome, DONE | DELETED));
                reply.int(outcome);
            }
            settle(found);
        }
    }
    context.changed(changes);
    Ok(())
}

/// Sets the time of one member; one in the past removes it.
fn expire_member(found: &mut Found<'_>, member: &[u8], at_ms: i64, condition: Condition, now_ms: i64) -> i64 {
    let Some(old_ms) = Members::of(found.value(), now_ms).ok().and_then(|members| members.time(member)) else {
        return NO_PART;
    };
    if !condition.met(old_ms, at_ms) {
        return NOT_MET;
    }
    if at_ms <= now_ms {
        remove(found, member);
        return DELETED;
    }
    set_member_time(found, member, Some(at_ms));
    DONE
}

fn times(unit: TimeUnit, context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let (key, now_ms) = (context.key(&args[1]), context.now_ms);
    let found = context.find(key);
    let members = match &found {
        Some(found) => Some(Members::of(found.value(), now_ms)?),
        None => None,
    };
    reply.array(named_members(args, 2)?);
    for member in args.iter_from(4) {
        let time = members.and_then(|members| members.time(member));
        reply.int(left(time, unit, now_ms));
    }
    Ok(())
}

fn spersist(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let (key, now_ms) = (context.key(&args[1]), context.now_ms);
    check(context, key)?;
    let count = named_members(args, 2)?;
    reply.array(count);
    let mut changed = false;
    match context.peek(key) {
        None => (0..count).for_each(|_| reply.int(NO_PART)),
        Some(mut found) => {
            for member in args.iter_from(4) {
                let time = Members::of(found.value(), now_ms)?.time(member);
                if let Some(Some(_)) = time {
                    set_member_time(&mut found, member, None);
                    changed = true;
                }
                reply.int(match time {
                    None => NO_PART,
                    Some(None) => NO_TIME,
                    Some(Some(_)) => DONE,
                });
            }
            settle(found);
        }
    }
    context.changed(usize::from(changed));
    Ok(())
}
