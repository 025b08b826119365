//! ZRANDMEMBER.

use super::members::{Members, Shape};
use super::small;
use crate::element::write;
use crate::sample::{Count, Selection, below};
use redstart_command::{
    Access, Acl, Arg, Args, Arity, Command, Context, Docs, Error, Flags, Group, KeySpec, Reply, WorkerStats,
};
use redstart_encoding::SortedSet;
use redstart_encoding::listpack::{Element, Pack};
use std::collections::HashSet;

/// ZRANDMEMBER.
pub(super) const ZRANDMEMBER: Command = Command {
    name: "zrandmember",
    handler: zrandmember,
    arity: Arity::AtLeast(2),
    keys: &[KeySpec::at(1, Access::RO.with(Access::ACCESS))],
    flags: Flags::READONLY,
    acl: Acl::SORTED_SET,
    docs: Docs {
        summary: "Returns random members: so many different ones, or with a negative count so many that may repeat.",
        since: "6.2.0",
        group: Group::SortedSet,
        complexity: "O(N) where N is the number of members returned",
        args: &[
            Arg::key("key"),
            Arg::block("options", &[Arg::int("count"), Arg::flag("withscores", "WITHSCORES").optional()]).optional(),
        ],
        ..Docs::NONE
    },
    tips: &["nondeterministic_output"],
    ..Command::BASE
};

fn zrandmember(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let wanted = Wanted::parse(args)?;
    let (stats, key, most_reply) = (context.stats, context.key(&args[1]), context.most_reply());
    let found = context.find(key);
    let members = match &found {
        Some(found) => Some(Members::of(found.value())?),
        None => None,
    };
    match (wanted, members) {
        (None, Some(members)) => Picks::new(members).random(stats, |member, _| write(member, reply)),
        (None, None) => reply.null(),
        (Some(wanted), Some(members)) if wanted.picks.count != 0 => {
            several(&wanted, members, (stats, most_reply), reply)?;
        }
        (Some(_), _) => reply.array(0),
    }
    Ok(())
}

/// What a call with a count asks for.
struct Wanted {
    picks: Count,
    scores: bool,
}

impl Wanted {
    fn parse(args: &Args<'_>) -> Result<Option<Self>, Error> {
        let wanted = Count::with_option(args, "withscores")?;
        Ok(wanted.map(|(picks, scores)| Self { picks, scores }))
    }
}

fn several(
    wanted: &Wanted,
    members: Members<'_>,
    (stats, most_reply): (&WorkerStats, usize),
    reply: &mut Reply<'_>,
) -> Result<(), Error> {
    wanted.picks.check(most_reply)?;
    let Count { count, repeats } = wanted.picks;
    let (size, shape) = (members.len(), Shape::new(wanted.scores, reply));
    if repeats || count == 1 {
        shape.head(count as usize, reply);
        let picks = Picks::new(members);
        for _ in 0..count {
            if reply.position() >= most_reply {
                break;
            }
            picks.random(stats, |member, score| shape.pair(member, score, reply));
        }
        return Ok(());
    }
    if count >= size as u64 {
        shape.head(size, reply);
        members.each(|member, score| shape.pair(member, score, reply));
        return Ok(());
    }
    let count = count as usize;
    shape.head(count, reply);
    match members {
        // Picking few of many at random seldom meets one twice.
        Members::Set(set) if count * 3 <= size => {
            distinct(set, count, stats, |member, score| shape.pair(Element::Bytes(member), score, reply));
        }
        _ => {
            let mut selection = Selection::new(size, count);
            members.each(|member, score| {
                if selection.next(stats) {
                    shape.pair(member, score, reply);
                }
            });
        }
    }
    Ok(())
}

/// Shows `count` different members of a set that has far more.
fn distinct(set: &SortedSet, count: usize, stats: &WorkerStats, mut show: impl FnMut(&[u8], f64)) {
    let mut taken = HashSet::with_capacity(count);
    while taken.len() < count {
        let rank = below(stats, set.len());
        if taken.insert(rank)
            && let Some(place) = set.at_rank(rank)
        {
            show(set.member_at(place), set.score_at(place));
        }
    }
}

/// A sorted set ready for random picks: the small encoding has to be walked once to know where its members are.
enum Picks<'a> {
    Pack(&'a Pack, Vec<small::Pair>),
    Set(&'a SortedSet),
}

impl<'a> Picks<'a> {
    fn new(members: Members<'a>) -> Self {
        match members {
            Members::Pack(pack) => Self::Pack(pack, small::pairs(pack).collect()),
            Members::Set(set) => Self::Set(set),
        }
    }

    fn random(&self, stats: &WorkerStats, show: impl FnOnce(Element<'_>, f64)) {
        match self {
            Self::Pack(pack, pairs) => {
                let pair = pairs[below(stats, pairs.len())];
                show(pack.get(pair.at), pair.score);
            }
            Self::Set(set) => {
                if let Some(place) = set.at_rank(below(stats, set.len())) {
                    show(Element::Bytes(set.member_at(place)), set.score_at(place));
                }
            }
        }
    }
}
