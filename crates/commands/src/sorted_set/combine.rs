//! Sorted sets combined: unions, intersections, differences, shown or stored.

use super::edit::{Limits, from_sorted};
use super::members::Shape;
use super::sources::{Entries, Source};
use crate::parse::{int, is, not_negative};
use redstart_command::{
    Access, Acl, Arg, Args, Arity, Change, Command, Context, Docs, Error, Event, Expire, Flags, Group, Key, KeySpec,
    Reply,
};
use redstart_encoding::float::parse_f64;
use redstart_encoding::listpack::Element;
use std::collections::HashMap;

const NUMKEYS: Arg = Arg::int("numkeys");
const KEYS: Arg = Arg::key("key").multiple();
const SOURCES: Arg = Arg::key_of("key", 1).multiple();
const WEIGHTS: Arg = Arg::int("weight").token("WEIGHTS").optional().multiple();
const AGGREGATE: Arg = Arg::one_of(
    "aggregate",
    &[
        Arg::flag("sum", "SUM"),
        Arg::flag("min", "MIN"),
        Arg::flag("max", "MAX"),
        Arg::flag("count", "COUNT").since("8.8.0"),
    ],
)
.token("AGGREGATE")
.optional();
const WITHSCORES: Arg = Arg::flag("withscores", "WITHSCORES").optional();

/// ZUNION.
pub(super) const ZUNION: Command = Command {
    name: "zunion",
    handler: zunion,
    arity: Arity::AtLeast(3),
    keys: &[KeySpec::counted(1, 1, Access::RO.with(Access::ACCESS))],
    flags: Flags::READONLY.with(Flags::MOVABLE_KEYS),
    acl: Acl::SORTED_SET,
    docs: Docs {
        summary: "Returns the members that any of several sorted sets has.",
        since: "6.2.0",
        group: Group::SortedSet,
        complexity: "O(N)+O(M*log(M)) with N being the sum of the sizes of the input sorted sets, and M being the number of elements in the resulting sorted set.",
        args: &[NUMKEYS, KEYS, WEIGHTS, AGGREGATE, WITHSCORES],
        ..Docs::NONE
    },
    ..Command::BASE
};

fn zunion(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    show(context, args, Operation::Union, reply)
}

/// ZINTER.
pub(super) const ZINTER: Command = Command {
    name: "zinter",
    handler: zinter,
    docs: Docs {
        summary: "Returns the members that all of several sorted sets have.",
        complexity: INTERSECTION,
        ..ZUNION.docs
    },
    ..ZUNION
};

const INTERSECTION: &str = "O(N*K)+O(M*log(M)) worst case with N being the smallest input sorted set, K being the number of input sorted sets and M being the number of elements in the resulting sorted set.";
const DIFFERENCE: &str = "O(L + (N-K)log(N)) worst case where L is the total number of elements in all the sets, N is the size of the first set, and K is the size of the result set.";

fn zinter(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    show(context, args, Operation::Intersection, reply)
}

/// ZDIFF.
pub(super) const ZDIFF: Command = Command {
    name: "zdiff",
    handler: zdiff,
    docs: Docs {
        summary: "Returns the members that the first of several sorted sets has, and none of the others.",
        complexity: DIFFERENCE,
        args: &[NUMKEYS, KEYS, WITHSCORES],
        ..ZUNION.docs
    },
    ..ZUNION
};

fn zdiff(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    show(context, args, Operation::Difference, reply)
}

/// ZUNIONSTORE.
pub(super) const ZUNIONSTORE: Command = Command {
    name: "zunionstore",
    handler: zunionstore,
    arity: Arity::AtLeast(4),
    keys: &[KeySpec::at(1, Access::OW.with(Access::UPDATE)), KeySpec::counted(2, 1, Access::RO.with(Access::ACCESS))],
    flags: Flags::WRITE.with(Flags::DENY_OOM).with(Flags::MOVABLE_KEYS),
    docs: Docs {
        summary: "Stores the members that any of several sorted sets has.",
        since: "2.0.0",
        complexity: "O(N)+O(M log(M)) with N being the sum of the sizes of the input sorted sets, and M being the number of elements in the resulting sorted set.",
        args: &[Arg::key("destination"), NUMKEYS, SOURCES, WEIGHTS, AGGREGATE],
        ..ZUNION.docs
    },
    ..ZUNION
};

fn zunionstore(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    store(context, args, Operation::Union, reply)
}

/// ZINTERSTORE.
pub(super) const ZINTERSTORE: Command = Command {
    name: "zinterstore",
    handler: zinterstore,
    docs: Docs {
        summary: "Stores the members that all of several sorted sets have.",
        complexity: INTERSECTION,
        ..ZUNIONSTORE.docs
    },
    ..ZUNIONSTORE
};

fn zinterstore(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    store(context, args, Operation::Intersection, reply)
}

/// ZDIFFSTORE.
pub(super) const ZDIFFSTORE: Command = Command {
    name: "zdiffstore",
    handler: zdiffstore,
    docs: Docs {
        summary: "Stores the members that the first of several sorted sets has, and none of the others.",
        since: "6.2.0",
        complexity: DIFFERENCE,
        args: &[Arg::key("destination"), NUMKEYS, SOURCES],
        ..ZUNIONSTORE.docs
    },
    ..ZUNIONSTORE
};

fn zdiffstore(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    store(context, args, Operation::Difference, reply)
}

/// ZINTERCARD.
pub(super) const ZINTERCARD: Command = Command {
    name: "zintercard",
    handler: zintercard,
    docs: Docs {
        summary: "Counts the members that all of several sorted sets have, up to a limit.",
        since: "7.0.0",
        complexity: "O(N*K) worst case with N being the smallest input sorted set, K being the number of input sorted sets.",
        args: &[NUMKEYS, KEYS, Arg::int("limit").token("LIMIT").optional()],
        ..ZUNION.docs
    },
    ..ZUNION
};

fn zintercard(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let keys = keys_from(context, args, 1)?;
    let after = 2 + keys.len();
    let entries = Entries::find(context, &keys)?;
    let limit = limit(args, after)?;
    let mut sources = entries.sources();
    sources.sort_by_key(|source| source.len());
    let mut count = 0;
    if let [smallest, others @ ..] = &sources[..] {
        smallest.each(|member, _| {
            let common = count < limit && others.iter().all(|other| other.score(member).is_some());
            count += usize::from(common);
        });
    }
    reply.count(count);
    Ok(())
}

/// ZINTERCARD's LIMIT; 0 is for none.
fn limit(args: &Args<'_>, from: usize) -> Result<usize, Error> {
    let mut limit = 0;
    let mut at = from;
    while at < args.len() {
        if at + 1 == args.len() || !is(&args[at], "limit") {
            return Err(Error::Syntax);
        }
        limit = not_negative(&args[at + 1], "ERR LIMIT can't be negative")?;
        at += 2;
    }
    Ok(if limit == 0 { usize::MAX } else { limit })
}

/// How sorted sets are combined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operation {
    Union,
    Intersection,
    Difference,
}

/// What several scores of a member become.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Aggregate {
    Sum,
    Min,
    Max,
    /// The weights are added, whatever the scores are.
    Count,
}

impl Aggregate {
    fn parse(word: &[u8]) -> Result<Self, Error> {
        let known = [("sum", Self::Sum), ("min", Self::Min), ("max", Self::Max), ("count", Self::Count)];
        known.into_iter().find(|(name, _)| is(word, name)).map(|(_, aggregate)| aggregate).ok_or(Error::Syntax)
    }

    /// A score of one input with its weight.
    fn weighted(self, score: f64, weight: f64) -> f64 {
        if self == Self::Count { weight } else { score * weight }
    }

    fn join(self, score: &mut f64, other: f64) {
        *score = match self {
            Self::Sum | Self::Count => number_or_zero(*score + other),
            Self::Min => {
                if other < *score {
                    other
                } else {
                    *score
                }
            }
            Self::Max => {
                if other > *score {
                    other
                } else {
                    *score
                }
            }
        };
    }
}

/// Infinities of both signs make no number, which counts as 0.
fn number_or_zero(score: f64) -> f64 {
    if score.is_nan() { 0.0 } else { score }
}

/// The options behind the keys.
struct Options {
    weights: Vec<f64>,
    aggregate: Aggregate,
    scores: bool,
}

impl Options {
    fn parse(args: &Args<'_>, from: usize, keys: usize, operation: Operation, store: bool) -> Result<Self, Error> {
        let mut options = Self { weights: vec![1.0; keys], aggregate: Aggregate::Sum, scores: false };
        let mut at = from;
        while at < args.len() {
            let (word, left) = (&args[at], args.len() - at);
            if operation != Operation::Difference && left > keys && is(word, "weights") {
                for (weight, argument) in options.weights.iter_mut().zip(args.iter_from(at + 1)) {
                    *weight = parse_f64(argument).ok_or(Error::text("ERR weight value is not a float"))?;
                }
                at += 1 + keys;
            } else if operation != Operation::Difference && left >= 2 && is(word, "aggregate") {
                options.aggregate = Aggregate::parse(&args[at + 1])?;
                at += 2;
            } else if !store && is(word, "withscores") {
                options.scores = true;
                at += 1;
            } else {
                return Err(Error::Syntax);
            }
        }
        Ok(options)
    }
}

/// The keys behind their number, which stands at `number_at`.
fn keys_from<'k>(context: &Context<'_>, args: &'k Args<'_>, number_at: usize) -> Result<Vec<Key<'k>>, Error> {
    let number = int(&args[number_at])?;
    if number < 1 {
        let name = context.command_name();
        return Err(Error::Text(format!("ERR at least 1 input key is needed for '{name}' command").into()));
    }
    let rest = args.len() - number_at - 1;
    let number = usize::try_from(number).ok().filter(|&number| number <= rest).ok_or(Error::Syntax)?;
    Ok(args.iter_from(number_at + 1).take(number).map(|name| context.key(name)).collect())
}

/// Members with scores, in order.
type Combined = Vec<(Vec<u8>, f64)>;

/// Reads the arguments from the number of keys on, and does it.
fn combine(
    context: &mut Context<'_>,
    args: &Args<'_>,
    number_at: usize,
    operation: Operation,
) -> Result<(Combined, bool), Error> {
    let keys = keys_from(context, args, number_at)?;
    let entries = Entries::find(context, &keys)?;
    let after = number_at + 1 + keys.len();
    let options = Options::parse(args, after, keys.len(), operation, number_at > 1)?;
    let mut inputs: Vec<_> = entries.sources().into_iter().zip(options.weights.iter().copied()).collect();
    if operation != Operation::Difference {
        // Sums of floating point numbers depend on the order, which is Redis's.
        inputs.sort_by_key(|(source, _)| source.len());
    }
    let mut combined = match operation {
        Operation::Union => union(&inputs, options.aggregate),
        Operation::Intersection => intersection(&inputs, options.aggregate),
        Operation::Difference => difference(&inputs),
    };
    combined.sort_unstable_by(|(member, score), (other, other_score)| {
        score.partial_cmp(other_score).expect("a score is a number").then_with(|| member.cmp(other))
    });
    Ok((combined, options.scores))
}

fn union(inputs: &[(Source<'_>, f64)], aggregate: Aggregate) -> Combined {
    let mut scores: HashMap<Vec<u8>, f64> = HashMap::new();
    for &(source, weight) in inputs {
        source.each(|member, score| {
            let score = number_or_zero(aggregate.weighted(score, weight));
            match scores.get_mut(member) {
                Some(there) => aggregate.join(there, score),
                None => {
                    scores.insert(member.to_vec(), score);
                }
            }
        });
    }
    scores.into_iter().collect()
}

fn intersection(inputs: &[(Source<'_>, f64)], aggregate: Aggregate) -> Combined {
    let mut combined = Combined::new();
    let Some(((smallest, weight), others)) = inputs.split_first() else { return combined };
    smallest.each(|member, score| {
        let mut score = number_or_zero(aggregate.weighted(score, *weight));
        let common = others.iter().all(|(other, weight)| {
            let there = other.score(member);
            if let Some(there) = there {
                aggregate.join(&mut score, aggregate.weighted(there, *weight));
            }
            there.is_some()
        });
        if common {
            combined.push((member.to_vec(), score));
        }
    });
    combined
}

fn difference(inputs: &[(Source<'_>, f64)]) -> Combined {
    let mut combined = Combined::new();
    let Some(((first, _), others)) = inputs.split_first() else { return combined };
    first.each(|member, score| {
        if !others.iter().any(|(other, _)| other.score(member).is_some()) {
            combined.push((member.to_vec(), score));
        }
    });
    combined
}

fn show(context: &mut Context<'_>, args: &Args<'_>, operation: Operation, reply: &mut Reply<'_>) -> Result<(), Error> {
    let (combined, scores) = combine(context, args, 1, operation)?;
    let shape = Shape::new(scores, reply);
    shape.head(combined.len(), reply);
    for (member, score) in &combined {
        shape.pair(Element::Bytes(member), *score, reply);
    }
    Ok(())
}

fn store(context: &mut Context<'_>, args: &Args<'_>, operation: Operation, reply: &mut Reply<'_>) -> Result<(), Error> {
    let (combined, _) = combine(context, args, 2, operation)?;
    let (limits, target) = (Limits::of(context), context.key(&args[1]));
    if combined.is_empty() {
        if context.delete(target) {
            context.commit(target, Change::deleted());
        }
    } else {
        let object = from_sorted(|| combined.iter().map(|(member, score)| (&member[..], *score)), limits);
        context.set(target, object.into(), Expire::Never);
        context.commit(target, Change::new(Event::ZSET, context.command_name()));
    }
    reply.count(combined.len());
    Ok(())
}
