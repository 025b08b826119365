//! The members of the lowest or highest scores, taken out.

use super::edit::remove_ranks;
use super::members::{Members, Shape};
use crate::parse::{count, is, positive};
use redstart_command::{
    Access, Acl, Arg, Args, Arity, Change, Command, Context, Docs, Entry, Error, Event, Flags, Group, Key, KeySpec,
    Reply,
};

/// Which end of a sorted set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    Min,
    Max,
}

impl End {
    /// The command that takes members out there.
    pub(super) fn word(self) -> &'static [u8] {
        if self == Self::Min { b"ZPOPMIN" } else { b"ZPOPMAX" }
    }
}

/// ZPOPMIN.
pub(super) const ZPOPMIN: Command = Command {
    name: "zpopmin",
    handler: zpopmin,
    arity: Arity::AtLeast(2),
    keys: &[KeySpec::at(1, Access::RW.with(Access::ACCESS).with(Access::DELETE))],
    flags: Flags::WRITE.with(Flags::FAST),
    acl: Acl::SORTED_SET,
    docs: Docs {
        summary: "Removes the members with the lowest scores and returns them.",
        since: "5.0.0",
        group: Group::SortedSet,
        complexity: "O(log(N)*M) with N being the number of elements in the sorted set, and M being the number of elements popped.",
        args: &[Arg::key("key"), Arg::int("count").optional()],
        ..Docs::NONE
    },
    ..Command::BASE
};

fn zpopmin(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    pop_one_key(context, args, End::Min, reply)
}

/// ZPOPMAX.
pub(super) const ZPOPMAX: Command = Command {
    name: "zpopmax",
    handler: zpopmax,
    docs: Docs { summary: "Removes the members with the highest scores and returns them.", ..ZPOPMIN.docs },
    ..ZPOPMIN
};

fn zpopmax(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    pop_one_key(context, args, End::Max, reply)
}

fn pop_one_key(context: &mut Context<'_>, args: &Args<'_>, end: End, reply: &mut Reply<'_>) -> Result<(), Error> {
    if args.len() > 3 {
        return Err(Error::Syntax);
    }
    let count = args.get(2).map(count).transpose()?;
    // Without a count the one pair is flat in version 3 too.
    let shape = Shape { scores: true, nested: count.is_some() && reply.version() > 2 };
    let (key, most) = (context.key(&args[1]), count.unwrap_or(1));
    if !pop_from(context, key, (end, most, shape), reply, |taken, reply| shape.head(taken, reply))? {
        reply.array(0);
    }
    Ok(())
}

/// Takes members (from an end, at most so many, written in a shape) out of the sorted set under a key, which goes with
/// its last; `head` writes what stands before them, told how many they are. False where there is no such key.
pub(super) fn pop_from(
    context: &mut Context<'_>,
    key: Key<'_>,
    (end, most, shape): (End, usize, Shape),
    reply: &mut Reply<'_>,
    head: impl FnOnce(usize, &mut Reply<'_>),
) -> Result<bool, Error> {
    let (taken, all) = match context.find_mut(key) {
        Some(mut found) => {
            let len = Members::of(found.value())?.len();
            let taken = most.min(len);
            head(taken, reply);
            pop(&mut found, end, taken, shape, reply)?;
            (taken, taken == len)
        }
        None => return Ok(false),
    };
    if all {
        context.delete(key);
    }
    if taken > 0 {
        context.commit(
            key,
            Change::new(Event::ZSET, if end == End::Min { "zpopmin" } else { "zpopmax" }).count(taken).taken(),
        );
    }
    Ok(true)
}

/// Writes so many members from one end, and removes them unless they are all.
fn pop(found: &mut Entry, end: End, count: usize, shape: Shape, reply: &mut Reply<'_>) -> Result<(), Error> {
    let members = Members::of(found.value())?;
    let len = members.len();
    let ranks = match end {
        End::Min => 0..count,
        End::Max => len - count..len,
    };
    members.show(ranks.clone(), end == End::Max, |member, score| shape.pair(member, score, reply));
    if count > 0 && count < len {
        remove_ranks(found, ranks);
    }
    Ok(())
}

pub(super) const WHERE: Arg = Arg::one_of("where", &[Arg::flag("min", "MIN"), Arg::flag("max", "MAX")]);
pub(super) const COUNT: Arg = Arg::int("count").token("COUNT").optional();

/// ZMPOP.
pub(super) const ZMPOP: Command = Command {
    name: "zmpop",
    handler: zmpop,
    arity: Arity::AtLeast(4),
    keys: &[KeySpec::counted(1, 1, Access::RW.with(Access::ACCESS).with(Access::DELETE))],
    flags: Flags::WRITE.with(Flags::MOVABLE_KEYS),
    docs: Docs {
        summary: "Removes members from one end of the first of several sorted sets that has any, and returns them.",
        since: "7.0.0",
        complexity: "O(K) + O(M*log(N)) where K is the number of provided keys, N being the number of elements in the sorted set, and M being the number of elements popped.",
        args: &[Arg::int("numkeys"), Arg::key("key").multiple(), WHERE, COUNT],
        ..ZPOPMIN.docs
    },
    ..ZPOPMIN
};

fn zmpop(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let several = Several::parse(args, 1)?;
    if !several.pop(context, args, reply)? {
        reply.null_array();
    }
    Ok(())
}

/// What ZMPOP and BZMPOP ask for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Several {
    first: usize,
    pub(super) keys: usize,
    end: End,
    count: usize,
}

impl Several {
    /// Reads the arguments from the number of keys on.
    pub(super) fn parse(args: &Args<'_>, number_at: usize) -> Result<Self, Error> {
        let keys = positive(&args[number_at], "ERR numkeys should be greater than 0")?;
        let first = number_at + 1;
        let end_at = first.saturating_add(keys);
        let end = match args.get(end_at) {
            Some(word) if is(word, "min") => End::Min,
            Some(word) if is(word, "max") => End::Max,
            _ => return Err(Error::Syntax),
        };
        let mut count = None;
        let mut at = end_at + 1;
        while at < args.len() {
            if count.is_some() || at + 1 == args.len() || !is(&args[at], "count") {
                return Err(Error::Syntax);
            }
            count = Some(positive(&args[at + 1], "ERR count should be greater than 0")?);
            at += 2;
        }
        Ok(Self { first, keys, end, count: count.unwrap_or(1) })
    }

    /// The names of the keys.
    pub(super) fn names<'a>(&self, args: &'a Args<'_>) -> impl Iterator<Item = &'a [u8]> {
        args.iter_from(self.first).take(self.keys)
    }

    /// Answers with what the first key gives that is there; false where none is.
    pub(super) fn pop(self, context: &mut Context<'_>, args: &Args<'_>, reply: &mut Reply<'_>) -> Result<bool, Error> {
        let shape = Shape { scores: true, nested: true };
        for name in self.names(args) {
            let key = context.key(name);
            let mut popped = 0;
            let head = |taken: usize, reply: &mut Reply<'_>| {
                popped = taken;
                reply.array(2);
                reply.bulk(name);
                reply.array(taken);
            };
            if pop_from(context, key, (self.end, self.count, shape), reply, head)? {
                if context.keeps_effects() {
                    context.replay_as(&[self.end.word(), name, popped.to_string().as_bytes()]);
                }
                return Ok(true);
            }
        }
        Ok(false)
    }
}
