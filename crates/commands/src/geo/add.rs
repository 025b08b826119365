//! GEOADD.

use super::grid::score_of;
use super::point::parse_point;
use crate::parse::is;
use crate::sorted_set::add::store;
use crate::sorted_set::edit::{Pairs, Rules};
use redstart_command::{
    Access, Acl, Arg, ArgKind, Args, Arity, Change, Command, Context, Docs, Error, Event, Flags, Group, KeySpec, Reply,
};
use smallvec::SmallVec;

/// GEOADD.
pub(super) const GEOADD: Command = Command {
    name: "geoadd",
    handler: geoadd,
    arity: Arity::AtLeast(5),
    keys: &[KeySpec::at(1, Access::RW.with(Access::UPDATE))],
    flags: Flags::WRITE.with(Flags::DENY_OOM).with(Flags::CHANGES_NAMED),
    acl: Acl::GEO,
    docs: Docs {
        summary: "Adds members at coordinates, or moves members that are there; a missing key is made.",
        since: "3.2.0",
        group: Group::Geo,
        complexity: "O(log(N)) for each item added, where N is the number of elements in the sorted set.",
        args: &[
            Arg::key("key"),
            Arg::one_of("condition", &[Arg::flag("nx", "NX"), Arg::flag("xx", "XX")]).optional().since("6.2.0"),
            Arg::flag("change", "CH").optional().since("6.2.0"),
            Arg::block(
                "data",
                &[Arg::new("longitude", ArgKind::Double), Arg::new("latitude", ArgKind::Double), Arg::string("member")],
            )
            .multiple(),
        ],
        history: &[("6.2.0", "The options `CH`, `NX` and `XX`.")],
        ..Docs::NONE
    },
    ..Command::BASE
};

/// The members among the arguments, from `first` on, each behind its coordinates.
struct Given<'a> {
    args: &'a Args<'a>,
    scores: &'a [f64],
    first: usize,
}

impl Pairs for Given<'_> {
    fn count(&self) -> usize {
        self.scores.len()
    }

    fn get(&self, index: usize) -> (&[u8], f64) {
        (&self.args[self.first + 3 * index + 2], self.scores[index])
    }
}

fn geoadd(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let (mut rules, mut changed, mut first) = (Rules::default(), false, 2);
    while let Some(word) = args.get(first) {
        match word {
            _ if is(word, "nx") => rules.only_new = true,
            _ if is(word, "xx") => rules.only_there = true,
            _ if is(word, "ch") => changed = true,
            _ => break,
        }
        first += 1;
    }
    let rest = args.len() - first;
    if rest == 0 || !rest.is_multiple_of(3) || (rules.only_new && rules.only_there) {
        return Err(Error::Syntax);
    }
    let mut scores: SmallVec<[f64; 8]> = SmallVec::new();
    for at in (first..args.len()).step_by(3) {
        scores.push(score_of(parse_point(&args[at], &args[at + 1])?));
    }
    let outcome = store(context, &args[1], &Given { args, scores: &scores, first }, rules)?;
    if outcome.added + outcome.updated > 0 {
        context.commit(context.key(&args[1]), Change::new(Event::ZSET, "zadd").count(outcome.added + outcome.updated));
    }
    reply.count(outcome.added + if changed { outcome.updated } else { 0 });
    Ok(())
}
