//! Members removed: by name, by rank, by score.

use super::bounds::{Bounds, By};
use super::edit::{remove, remove_ranks};
use super::members::Members;
use redstart_command::{
    Access, Acl, Arg, ArgKind, Args, Arity, Change, Command, Context, Docs, Error, Event, Flags, Group, KeySpec, Reply,
};

/// ZREM.
pub(super) const ZREM: Command = Command {
    name: "zrem",
    handler: zrem,
    arity: Arity::AtLeast(3),
    keys: &[KeySpec::at(1, Access::RW.with(Access::DELETE))],
    flags: Flags::WRITE.with(Flags::FAST).with(Flags::CHANGES_NAMED),
    acl: Acl::SORTED_SET,
    docs: Docs {
        summary: "Removes members; a sorted set whose last member goes is deleted.",
        since: "1.2.0",
        group: Group::SortedSet,
        complexity: "O(M*log(N)) with N being the number of elements in the sorted set and M the number of elements to be removed.",
        args: &[Arg::key("key"), Arg::string("member").multiple()],
        history: &[("2.4.0", "Several members in one command.")],
        ..Docs::NONE
    },
    ..Command::BASE
};

fn zrem(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let key = context.key(&args[1]);
    let mut removed = 0;
    let mut empty = false;
    if let Some(mut found) = context.find_mut(key) {
        let len = Members::of(found.value())?.len();
        for member in args.iter_from(2) {
            removed += usize::from(remove(&mut found, member));
            if removed == len {
                break;
            }
        }
        empty = removed == len;
    }
    if empty {
        context.delete(key);
    }
    if removed > 0 {
        context.commit(key, Change::new(Event::ZSET, "zrem").count(removed).taken());
    }
    reply.count(removed);
    Ok(())
}

/// ZREMRANGEBYRANK.
pub(super) const ZREMRANGEBYRANK: Command = Command {
    name: "zremrangebyrank",
    handler: zremrangebyrank,
    arity: Arity::Exactly(4),
    flags: Flags::WRITE,
    docs: Docs {
        summary: "Removes the members in a range of ranks.",
        since: "2.0.0",
        complexity: "O(log(N)+M) with N being the number of elements in the sorted set and M the number of elements removed by the operation.",
        args: &[Arg::key("key"), Arg::int("start"), Arg::int("stop")],
        history: &[],
        ..ZREM.docs
    },
    ..ZREM
};

fn zremrangebyrank(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    remove_range(context, args, By::Rank, reply)
}

/// ZREMRANGEBYSCORE.
pub(super) const ZREMRANGEBYSCORE: Command = Command {
    name: "zremrangebyscore",
    handler: zremrangebyscore,
    docs: Docs {
        summary: "Removes the members whose scores are in a range.",
        since: "1.2.0",
        args: &[Arg::key("key"), Arg::new("min", ArgKind::Double), Arg::new("max", ArgKind::Double)],
        ..ZREMRANGEBYRANK.docs
    },
    ..ZREMRANGEBYRANK
};

fn zremrangebyscore(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    remove_range(context, args, By::Score, reply)
}

/// ZREMRANGEBYLEX.
pub(super) const ZREMRANGEBYLEX: Command = Command {
    name: "zremrangebylex",
    handler: zremrangebylex,
    docs: Docs {
        summary: "Removes the members whose names are in a range, where all scores are equal.",
        since: "2.8.9",
        args: &[Arg::key("key"), Arg::string("min"), Arg::string("max")],
        ..ZREMRANGEBYRANK.docs
    },
    ..ZREMRANGEBYRANK
};

fn zremrangebylex(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    remove_range(context, args, By::Name, reply)
}

fn remove_range(context: &mut Context<'_>, args: &Args<'_>, by: By, reply: &mut Reply<'_>) -> Result<(), Error> {
    let bounds = Bounds::parse(by, &args[2], &args[3])?;
    let key = context.key(&args[1]);
    let (count, all) = match context.find_mut(key) {
        Some(mut found) => {
            let members = Members::of(found.value())?;
            let ranks = bounds.ranks(members, false);
            let (count, all) = (ranks.len(), ranks.len() == members.len());
            if count > 0 && !all {
                remove_ranks(&mut found, ranks);
            }
            (count, all)
        }
        None => (0, false),
    };
    if all {
        context.delete(key);
    }
    if count > 0 {
        context.commit(key, Change::new(Event::ZSET, context.command_name()).count(count).taken());
    }
    reply.count(count);
    Ok(())
}
