//! Sorted sets, read member by member, and counted.

use super::bounds::{Bounds, By};
use super::members::{Members, write_score};
use crate::parse::is;
use redstart_command::{
    Access, Acl, Arg, ArgKind, Args, Arity, Command, Context, Docs, Error, Flags, Group, KeySpec, Reply,
};

/// ZCARD.
pub(super) const ZCARD: Command = Command {
    name: "zcard",
    handler: zcard,
    arity: Arity::Exactly(2),
    keys: &[KeySpec::at(1, Access::RO)],
    flags: Flags::READONLY.with(Flags::FAST),
    acl: Acl::SORTED_SET,
    docs: Docs {
        summary: "Returns how many members a sorted set has.",
        since: "1.2.0",
        group: Group::SortedSet,
        complexity: "O(1)",
        args: &[Arg::key("key")],
        ..Docs::NONE
    },
    ..Command::BASE
};

fn zcard(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let key = context.key(&args[1]);
    let count = match context.find(key) {
        Some(found) => Members::of(found.value())?.len(),
        None => 0,
    };
    reply.count(count);
    Ok(())
}

/// ZSCORE.
pub(super) const ZSCORE: Command = Command {
    name: "zscore",
    handler: zscore,
    arity: Arity::Exactly(3),
    keys: &[KeySpec::at(1, Access::RO.with(Access::ACCESS))],
    docs: Docs {
        summary: "Returns the score of a member.",
        args: &[Arg::key("key"), Arg::string("member")],
        ..ZCARD.docs
    },
    ..ZCARD
};

fn zscore(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let key = context.key(&args[1]);
    let score = match context.find(key) {
        Some(found) => Members::of(found.value())?.score(&args[2]),
        None => None,
    };
    score_or_null(score, reply);
    Ok(())
}

fn score_or_null(score: Option<f64>, reply: &mut Reply<'_>) {
    match score {
        Some(score) => write_score(score, reply),
        None => reply.null(),
    }
}

/// ZMSCORE.
pub(super) const ZMSCORE: Command = Command {
    name: "zmscore",
    handler: zmscore,
    arity: Arity::AtLeast(3),
    docs: Docs {
        summary: "Returns the scores of several members.",
        since: "6.2.0",
        complexity: "O(N) where N is the number of members being requested.",
        args: &[Arg::key("key"), Arg::string("member").multiple()],
        ..ZCARD.docs
    },
    ..ZSCORE
};

fn zmscore(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let key = context.key(&args[1]);
    let found = context.find(key);
    let members = match &found {
        Some(found) => Some(Members::of(found.value())?),
        None => None,
    };
    reply.array(args.len() - 2);
    for member in args.iter_from(2) {
        score_or_null(members.and_then(|members| members.score(member)), reply);
    }
    Ok(())
}

/// ZRANK.
pub(super) const ZRANK: Command = Command {
    name: "zrank",
    handler: zrank,
    arity: Arity::AtLeast(3),
    keys: &[KeySpec::at(1, Access::RO.with(Access::ACCESS))],
    docs: Docs {
        summary: "Returns how many members come before a member, in the order of scores.",
        since: "2.0.0",
        complexity: "O(log(N))",
        args: &[Arg::key("key"), Arg::string("member"), Arg::flag("withscore", "WITHSCORE").optional()],
        history: &[("7.2.0", "The option `WITHSCORE`.")],
        ..ZCARD.docs
    },
    ..ZCARD
};

fn zrank(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    rank(context, args, false, reply)
}

/// ZREVRANK.
pub(super) const ZREVRANK: Command = Command {
    name: "zrevrank",
    handler: zrevrank,
    docs: Docs { summary: "Returns how many members come after a member, in the order of scores.", ..ZRANK.docs },
    ..ZRANK
};

fn zrevrank(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    rank(context, args, true, reply)
}

fn rank(context: &mut Context<'_>, args: &Args<'_>, reverse: bool, reply: &mut Reply<'_>) -> Result<(), Error> {
    let with_score = match args.get(3) {
        _ if args.len() > 4 => return Err(Error::WrongArity(context.command_name().into())),
        Some(word) if is(word, "withscore") => true,
        Some(_) => return Err(Error::Syntax),
        None => false,
    };
    let key = context.key(&args[1]);
    let found = match context.find(key) {
        Some(found) => {
            let members = Members::of(found.value())?;
            let rank = members.rank(&args[2]);
            rank.map(|(rank, score)| (if reverse { members.len() - 1 - rank } else { rank }, score))
        }
        None => None,
    };
    match (found, with_score) {
        (Some((rank, _)), false) => reply.count(rank),
        (Some((rank, score)), true) => {
            reply.array(2);
            reply.count(rank);
            write_score(score, reply);
        }
        (None, false) => reply.null(),
        (None, true) => reply.null_array(),
    }
    Ok(())
}

/// ZCOUNT.
pub(super) const ZCOUNT: Command = Command {
    name: "zcount",
    handler: zcount,
    arity: Arity::Exactly(4),
    keys: &[KeySpec::at(1, Access::RO.with(Access::ACCESS))],
    docs: Docs {
        summary: "Counts the members whose scores are in a range.",
        since: "2.0.0",
        complexity: "O(log(N)) with N being the number of elements in the sorted set.",
        args: &[Arg::key("key"), Arg::new("min", ArgKind::Double), Arg::new("max", ArgKind::Double)],
        ..ZCARD.docs
    },
    ..ZCARD
};

fn zcount(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    count(context, args, By::Score, reply)
}

/// ZLEXCOUNT.
pub(super) const ZLEXCOUNT: Command = Command {
    name: "zlexcount",
    handler: zlexcount,
    docs: Docs {
        summary: "Counts the members whose names are in a range, where all scores are equal.",
        since: "2.8.9",
        args: &[Arg::key("key"), Arg::string("min"), Arg::string("max")],
        ..ZCOUNT.docs
    },
    ..ZCOUNT
};

fn zlexcount(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    count(context, args, By::Name, reply)
}

fn count(context: &mut Context<'_>, args: &Args<'_>, by: By, reply: &mut Reply<'_>) -> Result<(), Error> {
    let bounds = Bounds::parse(by, &args[2], &args[3])?;
    let key = context.key(&args[1]);
    let count = match context.find(key) {
        Some(found) => bounds.ranks(Members::of(found.value())?, false).len(),
        None => 0,
    };
    reply.count(count);
    Ok(())
}
