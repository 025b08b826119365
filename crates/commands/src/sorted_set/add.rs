//! ZADD and ZINCRBY.

use super::edit::{Limits, Outcome, Pairs, Rules, add, new};
use super::members::{Members, write_score};
use crate::parse::is;
use redstart_command::{
    Access, Acl, Arg, ArgKind, Args, Arity, Change, Command, Context, Docs, Error, Event, Flags, Group, KeySpec, Reply,
};
use redstart_encoding::float::parse_f64;
use smallvec::SmallVec;

/// ZADD.
pub(super) const ZADD: Command = Command {
    name: "zadd",
    handler: zadd,
    arity: Arity::AtLeast(4),
    keys: &[KeySpec::at(1, Access::RW.with(Access::UPDATE))],
    flags: Flags::WRITE.with(Flags::DENY_OOM).with(Flags::FAST).with(Flags::CHANGES_NAMED),
    acl: Acl::SORTED_SET,
    docs: Docs {
        summary: "Adds members with their scores, or gives members that are there other scores.",
        since: "1.2.0",
        group: Group::SortedSet,
        complexity: "O(log(N)) for each item added, where N is the number of elements in the sorted set.",
        args: &[
            Arg::key("key"),
            Arg::one_of("condition", &[Arg::flag("nx", "NX"), Arg::flag("xx", "XX")]).since("3.0.2").optional(),
            Arg::one_of("comparison", &[Arg::flag("gt", "GT"), Arg::flag("lt", "LT")]).since("6.2.0").optional(),
            Arg::flag("change", "CH").since("3.0.2").optional(),
            Arg::flag("increment", "INCR").since("3.0.2").optional(),
            Arg::block("data", &[Arg::new("score", ArgKind::Double), Arg::string("member")]).multiple(),
        ],
        history: &[
            ("2.4.0", "Several members in one command."),
            ("3.0.2", "The options `XX`, `NX`, `CH` and `INCR`."),
            ("6.2.0", "The options `GT` and `LT`."),
        ],
        ..Docs::NONE
    },
    ..Command::BASE
};

fn zadd(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    run(context, args, Options::default(), reply)
}

/// ZINCRBY.
pub(super) const ZINCRBY: Command = Command {
    name: "zincrby",
    handler: zincrby,
    arity: Arity::Exactly(4),
    keys: &[KeySpec::at(1, Access::RW.with(Access::ACCESS).with(Access::UPDATE))],
    docs: Docs {
        summary: "Adds to the score of a member; a missing member counts from 0.",
        complexity: "O(log(N)) where N is the number of elements in the sorted set.",
        args: &[Arg::key("key"), Arg::int("increment"), Arg::string("member")],
        history: &[],
        ..ZADD.docs
    },
    ..ZADD
};

fn zincrby(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let rules = Rules { add: true, ..Rules::default() };
    run(context, args, Options { rules, ..Options::default() }, reply)
}

#[derive(Clone, Copy, Debug, Default)]
struct Options {
    rules: Rules,
    /// The answer counts changed members too.
    changed: bool,
    /// Where the first score stands.
    first: usize,
}

impl Options {
    /// Reads the words before the first score.
    fn parse(mut self, args: &Args<'_>) -> Result<Self, Error> {
        let rules = &mut self.rules;
        self.first = 2;
        while let Some(word) = args.get(self.first) {
            // A score is no word: most commands end here with a look at one byte.
            if !word.first().is_some_and(u8::is_ascii_alphabetic) {
                break;
            } else if is(word, "nx") {
                rules.only_new = true;
            } else if is(word, "xx") {
                rules.only_there = true;
            } else if is(word, "ch") {
                self.changed = true;
            } else if is(word, "incr") {
                rules.add = true;
            } else if is(word, "gt") {
                rules.only_greater = true;
            } else if is(word, "lt") {
                rules.only_less = true;
            } else {
                break;
            }
            self.first += 1;
        }
        self.check(args.len() - self.first)
    }

    fn check(self, rest: usize) -> Result<Self, Error> {
        let Rules { only_new: nx, only_there: xx, only_greater: gt, only_less: lt, add } = self.rules;
        if rest == 0 || !rest.is_multiple_of(2) {
            return Err(Error::Syntax);
        }
        if nx && xx {
            return Err(Error::text("ERR XX and NX options at the same time are not compatible"));
        }
        if (gt || lt) && nx || gt && lt {
            return Err(Error::text("ERR GT, LT, and/or NX options at the same time are not compatible"));
        }
        if add && rest > 2 {
            return Err(Error::text("ERR INCR option supports a single increment-element pair"));
        }
        Ok(self)
    }
}

/// The scores and members among the arguments.
struct Given<'a> {
    args: &'a Args<'a>,
    scores: &'a [f64],
    first: usize,
}

impl Pairs for Given<'_> {
    fn count(&self) -> usize {
        self.scores.len()
    }

    #[inline]
    fn get(&self, index: usize) -> (&[u8], f64) {
        (&self.args[self.first + 2 * index + 1], self.scores[index])
    }
}

fn run(context: &mut Context<'_>, args: &Args<'_>, options: Options, reply: &mut Reply<'_>) -> Result<(), Error> {
    let options = options.parse(args)?;
    let mut scores: SmallVec<[f64; 8]> = SmallVec::new();
    for at in (options.first..args.len()).step_by(2) {
        scores.push(score(&args[at])?);
    }
    let given = Given { args, scores: &scores, first: options.first };
    let outcome = store(context, &args[1], &given, options.rules)?;
    if outcome.added + outcome.updated > 0 {
        context.commit(
            context.key(&args[1]),
            Change::new(Event::ZSET, if options.rules.add { "zincr" } else { "zadd" })
                .count(outcome.added + outcome.updated),
        );
    }
    match (options.rules.add, outcome.score) {
        (true, Some(score)) => write_score(score, reply),
        (true, None) => reply.null(),
        (false, _) => reply.count(outcome.added + if options.changed { outcome.updated } else { 0 }),
    }
    Ok(())
}

/// A score argument. Small integers, which most scores are, need no parser of doubles.
#[inline]
fn score(argument: &[u8]) -> Result<f64, Error> {
    if argument.len() <= 15
        && let Some(number) = redstart_encoding::int::parse_i64(argument)
    {
        return Ok(number as f64);
    }
    parse_f64(argument).ok_or(Error::NotFloat)
}

/// Adds the pairs to the sorted set under a key, which is made where it is missing.
pub(crate) fn store(
    context: &mut Context<'_>,
    name: &[u8],
    given: &impl Pairs,
    rules: Rules,
) -> Result<Outcome, Error> {
    let limits = Limits::of(context);
    let key = context.key(name);
    if let Some(mut found) = context.find_mut(key) {
        Members::of(found.value())?;
        return add(&mut found, given, rules, limits);
    }
    if rules.only_there {
        return Ok(Outcome::default());
    }
    let (object, outcome) = new(given, rules, limits)?;
    context.insert(key, object.into(), None);
    Ok(outcome)
}
