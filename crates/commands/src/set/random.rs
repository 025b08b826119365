//! Random members: shown, or taken out.

use super::members::{Members, remove};
use crate::element::write;
use crate::parse::count;
use crate::sample::{Count, Selection, below, present};
use redstart_command::{
    Access, Acl, Arg, Args, Arity, Change, Command, Context, Docs, Error, Event, Flags, Group, KeySpec, Reply,
    WorkerStats,
};
use redstart_config::ids;
use redstart_encoding::listpack::{Element, Pack};
use redstart_encoding::{Field, FieldTable, IntSet};
use std::collections::HashSet;

/// SPOP.
pub(super) const SPOP: Command = Command {
    name: "spop",
    handler: spop,
    arity: Arity::AtLeast(2),
    keys: &[KeySpec::at(1, Access::RW.with(Access::ACCESS).with(Access::DELETE))],
    flags: Flags::WRITE.with(Flags::FAST),
    acl: Acl::SET,
    docs: Docs {
        summary: "Takes random members out of a set and returns them.",
        since: "1.0.0",
        group: Group::Set,
        complexity: "Without the count argument O(1), otherwise O(N) where N is the value of the passed count.",
        args: &[Arg::key("key"), Arg::int("count").optional().since("3.2.0")],
        history: &[("3.2.0", "Added the `count` argument.")],
        ..Docs::NONE
    },
    tips: &["nondeterministic_output"],
    ..Command::BASE
};

fn spop(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let now_ms = context.now_ms;
    if args.len() > 3 {
        return Err(Error::Syntax);
    }
    let count = args.get(2).map(count).transpose()?;
    let (stats, key) = (context.stats, context.key(&args[1]));
    let nothing = |reply: &mut Reply<'_>| match count {
        Some(_) => reply.set(0),
        None => reply.null(),
    };
    let Some(mut found) = context.find_mut(key) else {
        nothing(reply);
        return Ok(());
    };
    let size = Members::of(found.value(), now_ms)?.present();
    if size == 0 {
        // All members are past their time, so there is no set to be seen.
        nothing(reply);
        return Ok(());
    }
    let mut taken = Vec::new();
    let popped = match count {
        None => {
            let member = Picks::of(Members::of(found.value(), now_ms)?).random(stats, |member| member.to_vec());
            reply.bulk(&member);
            remove(&mut found, &member);
            taken.push(member);
            1
        }
        Some(count) if count >= size => {
            reply.set(size);
            Members::of(found.value(), now_ms)?.each(|member| write(member, reply));
            size
        }
        Some(count) => {
            reply.set(count);
            taken.reserve(count);
            distinct(Members::of(found.value(), now_ms)?, count, stats, |member| taken.push(member.to_vec()));
            for member in &taken {
                reply.bulk(member);
                remove(&mut found, member);
            }
            count
        }
    };
    drop(found);
    if popped == size {
        context.delete(key);
    }
    if popped > 0 {
        if context.keeps_effects() {
            replay(context, &args[1], &taken);
        }
        context.commit(key, Change::new(Event::SET, "spop").count(popped).taken());
    }
    Ok(())
}

/// A removal that is run again names at most so many members, as in Redis.
const REPLAYED_AT_ONCE: usize = 1024;

/// What stands for what was taken when it is run again: its names, or the whole set where none is told.
#[cold]
fn replay(context: &mut Context<'_>, key: &[u8], taken: &[Vec<u8>]) {
    if taken.is_empty() {
        let lazily = context.shared.config.get(ids::LAZYFREE_LAZY_SERVER_DEL);
        return context.replay_as(&[if lazily { b"UNLINK" } else { b"DEL" }, key]);
    }
    for part in taken.chunks(REPLAYED_AT_ONCE) {
        context.replay([b"SREM".as_slice(), key].into_iter().chain(part.iter().map(Vec::as_slice)));
    }
}

/// SRANDMEMBER.
pub(super) const SRANDMEMBER: Command = Command {
    name: "srandmember",
    handler: srandmember,
    keys: &[KeySpec::at(1, Access::RO.with(Access::ACCESS))],
    flags: Flags::READONLY,
    docs: Docs {
        summary: "Returns random members: so many different ones, or with a negative count so many that may repeat.",
        complexity: "Without the count argument O(1), otherwise O(N) where N is the absolute value of the passed count.",
        args: &[Arg::key("key"), Arg::int("count").optional().since("2.6.0")],
        history: &[("2.6.0", "Added the optional `count` argument.")],
        ..SPOP.docs
    },
    ..SPOP
};

fn srandmember(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let now_ms = context.now_ms;
    let count = match args.len() {
        2 => None,
        3 => Some(Count::parse(args, 2)?),
        _ => return Err(Error::Syntax),
    };
    let (stats, key, most_reply) = (context.stats, context.key(&args[1]), context.most_reply());
    let found = context.find(key);
    let members = found.as_ref().map(|found| Members::of(found.value(), now_ms)).transpose()?;
    let Some(members) = members.filter(|members| members.present() > 0) else {
        match count {
            Some(_) => reply.array(0),
            None => reply.null(),
        }
        return Ok(());
    };
    count.map_or(Ok(()), |count| count.check(most_reply))?;
    match count {
        None => Picks::of(members).random(stats, |member| write(member, reply)),
        Some(Count { count, repeats: true }) => {
            reply.array(count as usize);
            let picks = Picks::of(members);
            for _ in 0..count {
                if reply.position() >= most_reply {
                    break;
                }
                picks.random(stats, |member| write(member, reply));
            }
        }
        Some(Count { count, .. }) if count >= members.present() as u64 => {
            reply.array(members.present());
            members.each(|member| write(member, reply));
        }
        Some(Count { count, .. }) => {
            reply.array(count as usize);
            distinct(members, count as usize, stats, |member| write(member, reply));
        }
    }
    Ok(())
}

/// Shows `count` different members, of which there are more.
fn distinct(members: Members<'_>, count: usize, stats: &WorkerStats, mut show: impl FnMut(Element<'_>)) {
    if let Members::Table(table, now_ms) = members
        && count * 3 <= table.len()
    {
        // Picking few of many at random seldom meets one twice.
        let mut taken = HashSet::with_capacity(count);
        while taken.len() < count {
            let Some(member) = present(table, now_ms, stats) else { return };
            if taken.insert(member.name().as_ptr()) {
                show(Element::Bytes(member.name()));
            }
        }
        return;
    }
    let mut selection = Selection::new(members.present(), count);
    members.each(|member| {
        if selection.next(stats) {
            show(member);
        }
    });
}

/// A set ready for random picks: a listpack has to be walked once to know where its members are.
enum Picks<'a> {
    Ints(&'a IntSet),
    Pack(&'a Pack, Vec<usize>),
    Table(&'a FieldTable, i64),
}

impl<'a> Picks<'a> {
    fn of(members: Members<'a>) -> Self {
        match members {
            Members::Ints(ints) => Self::Ints(ints),
            Members::Pack(pack) => Self::Pack(pack, pack.iter().map(|(at, _)| at).collect()),
            Members::Table(table, now_ms) => Self::Table(table, now_ms),
        }
    }

    fn random<R>(&self, stats: &WorkerStats, show: impl FnOnce(Element<'a>) -> R) -> R {
        match self {
            Self::Ints(ints) => show(Element::Int(ints.get(below(stats, ints.len())))),
            Self::Pack(pack, places) => show(pack.get(places[below(stats, places.len())])),
            Self::Table(table, now_ms) => {
                let member = present(table, *now_ms, stats).expect("a set without members is not asked");
                show(Element::Bytes(member.project(Field::name)))
            }
        }
    }
}
