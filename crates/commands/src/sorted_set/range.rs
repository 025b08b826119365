//! Ranges of a sorted set: shown, or stored under another key.

use super::bounds::{Bounds, By, Limit};
use super::edit::{Limits, from_sorted};
use super::members::{Members, Shape};
use crate::parse::{int, is};
use redstart_command::{
    Access, Acl, Arg, ArgKind, Args, Arity, Change, Command, Context, Docs, Error, Event, Expire, Flags, Group,
    KeySpec, Reply,
};
use std::ops::Range;

const LIMIT: Arg = Arg::block("limit", &[Arg::int("offset"), Arg::int("count")]).token("LIMIT").optional();
const WITHSCORES: Arg = Arg::flag("withscores", "WITHSCORES").optional();
const SORT_BY: Arg = Arg::one_of("sortby", &[Arg::flag("byscore", "BYSCORE"), Arg::flag("bylex", "BYLEX")]).optional();
const REV: Arg = Arg::flag("rev", "REV").optional();
const LARGE: &str = "O(log(N)+M) with N being the number of elements in the sorted set and M the number of elements being returned. If M is constant (e.g. always asking for the first 10 elements with LIMIT), you can consider it O(log(N)).";

/// ZRANGE.
pub(super) const ZRANGE: Command = Command {
    name: "zrange",
    handler: zrange,
    arity: Arity::AtLeast(4),
    keys: &[KeySpec::at(1, Access::RO.with(Access::ACCESS))],
    flags: Flags::READONLY,
    acl: Acl::SORTED_SET,
    docs: Docs {
        summary: "Returns a range of members, by rank, score or name, in either order.",
        since: "1.2.0",
        group: Group::SortedSet,
        complexity: "O(log(N)+M) with N being the number of elements in the sorted set and M the number of elements returned.",
        args: &[
            Arg::key("key"),
            Arg::string("start"),
            Arg::string("stop"),
            SORT_BY.since("6.2.0"),
            REV.since("6.2.0"),
            LIMIT.since("6.2.0"),
            WITHSCORES,
        ],
        history: &[("6.2.0", "The options `REV`, `BYSCORE`, `BYLEX` and `LIMIT`.")],
        ..Docs::NONE
    },
    ..Command::BASE
};

fn zrange(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    show(context, args, Form { by: None, reverse: None }, reply)
}

/// ZREVRANGE.
pub(super) const ZREVRANGE: Command = Command {
    name: "zrevrange",
    handler: zrevrange,
    docs: Docs {
        summary: "Returns a range of members by rank, highest score first.",
        args: &[Arg::key("key"), Arg::int("start"), Arg::int("stop"), WITHSCORES],
        history: &[],
        deprecated: Some(("6.2.0", "`ZRANGE` with the `REV` argument")),
        ..ZRANGE.docs
    },
    ..ZRANGE
};

fn zrevrange(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    show(context, args, Form { by: Some(By::Rank), reverse: Some(true) }, reply)
}

/// ZRANGEBYSCORE.
pub(super) const ZRANGEBYSCORE: Command = Command {
    name: "zrangebyscore",
    handler: zrangebyscore,
    docs: Docs {
        summary: "Returns the members whose scores are in a range.",
        since: "1.0.5",
        complexity: LARGE,
        args: &[
            Arg::key("key"),
            Arg::new("min", ArgKind::Double),
            Arg::new("max", ArgKind::Double),
            WITHSCORES.since("2.0.0"),
            LIMIT,
        ],
        history: &[("2.0.0", "The option `WITHSCORES`.")],
        deprecated: Some(("6.2.0", "`ZRANGE` with the `BYSCORE` argument")),
        ..ZRANGE.docs
    },
    ..ZRANGE
};

fn zrangebyscore(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    show(context, args, Form { by: Some(By::Score), reverse: Some(false) }, reply)
}

/// ZREVRANGEBYSCORE.
pub(super) const ZREVRANGEBYSCORE: Command = Command {
    name: "zrevrangebyscore",
    handler: zrevrangebyscore,
    docs: Docs {
        summary: "Returns the members whose scores are in a range, highest score first.",
        since: "2.2.0",
        args: &[Arg::key("key"), Arg::new("max", ArgKind::Double), Arg::new("min", ArgKind::Double), WITHSCORES, LIMIT],
        history: &[("2.1.6", "`min` and `max` may be outside of the range themselves.")],
        deprecated: Some(("6.2.0", "`ZRANGE` with the `REV` and `BYSCORE` arguments")),
        ..ZRANGEBYSCORE.docs
    },
    ..ZRANGE
};

fn zrevrangebyscore(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    show(context, args, Form { by: Some(By::Score), reverse: Some(true) }, reply)
}

/// ZRANGEBYLEX.
pub(super) const ZRANGEBYLEX: Command = Command {
    name: "zrangebylex",
    handler: zrangebylex,
    docs: Docs {
        summary: "Returns the members whose names are in a range, where all scores are equal.",
        since: "2.8.9",
        args: &[Arg::key("key"), Arg::string("min"), Arg::string("max"), LIMIT],
        history: &[],
        deprecated: Some(("6.2.0", "`ZRANGE` with the `BYLEX` argument")),
        ..ZRANGEBYSCORE.docs
    },
    ..ZRANGE
};

fn zrangebylex(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    show(context, args, Form { by: Some(By::Name), reverse: Some(false) }, reply)
}

/// ZREVRANGEBYLEX.
pub(super) const ZREVRANGEBYLEX: Command = Command {
    name: "zrevrangebylex",
    handler: zrevrangebylex,
    docs: Docs {
        summary: "Returns the members whose names are in a range, last name first, where all scores are equal.",
        args: &[Arg::key("key"), Arg::string("max"), Arg::string("min"), LIMIT],
        deprecated: Some(("6.2.0", "`ZRANGE` with the `REV` and `BYLEX` arguments")),
        ..ZRANGEBYLEX.docs
    },
    ..ZRANGE
};

fn zrevrangebylex(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    show(context, args, Form { by: Some(By::Name), reverse: Some(true) }, reply)
}

/// ZRANGESTORE.
pub(super) const ZRANGESTORE: Command = Command {
    name: "zrangestore",
    handler: zrangestore,
    arity: Arity::AtLeast(5),
    keys: &[KeySpec::at(1, Access::OW.with(Access::UPDATE)), KeySpec::at(2, Access::RO.with(Access::ACCESS))],
    flags: Flags::WRITE.with(Flags::DENY_OOM),
    docs: Docs {
        summary: "Stores a range of a sorted set's members under another key.",
        since: "6.2.0",
        complexity: "O(log(N)+M) with N being the number of elements in the sorted set and M the number of elements stored into the destination key.",
        args: &[Arg::key("dst"), Arg::key_of("src", 1), Arg::string("min"), Arg::string("max"), SORT_BY, REV, LIMIT],
        history: &[],
        ..ZRANGE.docs
    },
    ..ZRANGE
};

fn zrangestore(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let query = Query::parse(args, 2, Form { by: None, reverse: None }, true)?;
    let limits = Limits::of(context);
    let source = context.key(&args[2]);
    let object = match context.find(source) {
        Some(found) => {
            let members = Members::of(found.value())?;
            let ranks = query.ranks(members);
            (!ranks.is_empty()).then(|| (ranks.len(), part(members, ranks, limits)))
        }
        None => None,
    };
    let target = context.key(&args[1]);
    match object {
        Some((count, object)) => {
            context.set(target, object.into(), Expire::Never);
            context.commit(target, Change::new(Event::ZSET, "zrangestore"));
            reply.count(count);
        }
        None => {
            if context.delete(target) {
                context.commit(target, Change::deleted());
            }
            reply.int(0);
        }
    }
    Ok(())
}

/// A sorted set of the members of these ranks.
fn part(members: Members<'_>, ranks: Range<usize>, limits: Limits) -> redstart_command::Object {
    if let Members::Set(set) = members {
        return from_sorted(|| set.iter_from(ranks.start).take(ranks.len()), limits);
    }
    let mut pairs = Vec::with_capacity(ranks.len());
    members.show(ranks, false, |member, score| pairs.push((member.to_vec(), score)));
    from_sorted(|| pairs.iter().map(|(member, score)| (&member[..], *score)), limits)
}

/// What the name of a command says already.
#[derive(Clone, Copy, Debug)]
struct Form {
    by: Option<By>,
    reverse: Option<bool>,
}

/// What is asked for.
struct Query<'a> {
    bounds: Bounds<'a>,
    reverse: bool,
    limit: Limit,
    scores: bool,
}

impl<'a> Query<'a> {
    /// Reads the arguments from the key at `key_at` on.
    fn parse(args: &'a Args<'_>, key_at: usize, form: Form, store: bool) -> Result<Self, Error> {
        let (mut form, mut limit, mut scores) = (form, Limit::ALL, false);
        let mut at = key_at + 3;
        while at < args.len() {
            let word = &args[at];
            if !store && is(word, "withscores") {
                scores = true;
            } else if is(word, "limit") && at + 2 < args.len() {
                limit = Limit { offset: int(&args[at + 1])?, count: int(&args[at + 2])? };
                at += 2;
            } else if form.reverse.is_none() && is(word, "rev") {
                form.reverse = Some(true);
            } else if form.by.is_none() && is(word, "bylex") {
                form.by = Some(By::Name);
            } else if form.by.is_none() && is(word, "byscore") {
                form.by = Some(By::Score);
            } else {
                return Err(Error::Syntax);
            }
            at += 1;
        }
        let (by, reverse) = (form.by.unwrap_or(By::Rank), form.reverse.unwrap_or(false));
        check(by, limit, scores)?;
        let (first, second) = (&args[key_at + 1], &args[key_at + 2]);
        // Backwards, scores and names are given highest first.
        let swapped = reverse && by != By::Rank;
        let (min, max) = if swapped { (second, first) } else { (first, second) };
        Ok(Self { bounds: Bounds::parse(by, min, max)?, reverse, limit, scores })
    }

    fn ranks(&self, members: Members<'_>) -> Range<usize> {
        let ranks = self.bounds.ranks(members, self.reverse);
        // Ranks with an offset and no count are not refused, and the offset means nothing.
        let whole = self.limit == Limit::ALL || matches!(self.bounds, Bounds::Ranks(..));
        if whole { ranks } else { self.limit.part(ranks, members, self.reverse) }
    }
}

fn check(by: By, limit: Limit, scores: bool) -> Result<(), Error> {
    if limit.count != -1 && by == By::Rank {
        let text = "ERR syntax error, LIMIT is only supported in combination with either BYSCORE or BYLEX";
        return Err(Error::text(text));
    }
    if scores && by == By::Name {
        return Err(Error::text("ERR syntax error, WITHSCORES not supported in combination with BYLEX"));
    }
    Ok(())
}

fn show(context: &mut Context<'_>, args: &Args<'_>, form: Form, reply: &mut Reply<'_>) -> Result<(), Error> {
    let query = Query::parse(args, 1, form, false)?;
    let key = context.key(&args[1]);
    let Some(found) = context.find(key) else {
        reply.array(0);
        return Ok(());
    };
    let members = Members::of(found.value())?;
    let ranks = query.ranks(members);
    let shape = Shape::new(query.scores, reply);
    shape.head(ranks.len(), reply);
    members.show(ranks, query.reverse, |member, score| shape.pair(member, score, reply));
    Ok(())
}
