//! The two encodings of a sorted set, to be changed, and how the small one becomes the large one.

use super::small;
use redstart_command::{Context, Entry, Error, Object, ObjectMut, ValueRef};
use redstart_config::ids;
use redstart_encoding::SortedSet;
use redstart_encoding::listpack::{Listpack, Pack, PackEdit};
use std::ops::Range;

/// What a small sorted set may hold.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    entries: u64,
    value: u64,
}

impl Limits {
    /// As configured now.
    #[inline]
    pub(crate) fn of(context: &Context<'_>) -> Self {
        let config = &context.shared.config;
        Self { entries: config.get(ids::ZSET_MAX_LISTPACK_ENTRIES), value: config.get(ids::ZSET_MAX_LISTPACK_VALUE) }
    }

    /// Whether one more member may stand in a small sorted set.
    #[inline]
    fn allow(self, pack: &Pack, member: &[u8]) -> bool {
        ((pack.len() / 2) as u64) < self.entries && member.len() as u64 <= self.value && pack.has_room_for(member.len())
    }

    /// Whether so many members may at all.
    pub(super) fn allow_count(self, count: usize) -> bool {
        count as u64 <= self.entries
    }
}

/// What a score becomes.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Rules {
    pub(crate) only_new: bool,
    pub(crate) only_there: bool,
    pub(crate) only_greater: bool,
    pub(crate) only_less: bool,
    /// The score is added to the one that is there.
    pub(crate) add: bool,
}

impl Rules {
    /// The score to be set, for a member that has `old`; `None` where nothing is to be done.
    #[inline]
    fn next(self, old: Option<f64>, score: f64) -> Result<Option<f64>, Error> {
        let Some(old) = old else { return Ok((!self.only_there).then_some(score)) };
        if self.only_new {
            return Ok(None);
        }
        let new = if self.add { old + score } else { score };
        if new.is_nan() {
            return Err(Error::text("ERR resulting score is not a number (NaN)"));
        }
        let refused = self.only_less && new >= old || self.only_greater && new <= old;
        Ok((!refused).then_some(new))
    }
}

/// What adding members did.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Outcome {
    pub(crate) added: usize,
    pub(crate) updated: usize,
    /// The score of the last member that the rules did not pass over.
    pub(crate) score: Option<f64>,
}

impl Outcome {
    fn note(&mut self, old: Option<f64>, new: f64) {
        self.score = Some(new);
        match old {
            None => self.added += 1,
            Some(old) if old != new => self.updated += 1,
            Some(_) => {}
        }
    }
}

/// Members to be added, in the order they came.
pub(crate) trait Pairs {
    /// How many there are.
    fn count(&self) -> usize;
    /// Member and score.
    fn get(&self, index: usize) -> (&[u8], f64);
}

/// Adds members to a small sorted set, from the one at `from` on; returns the first that it must not hold.
fn add_to_pack(
    pack: &mut impl PackEdit,
    pairs: &impl Pairs,
    from: usize,
    (rules, limits): (Rules, Limits),
    outcome: &mut Outcome,
) -> Result<Option<usize>, Error> {
    for index in from..pairs.count() {
        let (member, score) = pairs.get(index);
        let there = small::find(pack, member);
        let old = there.map(|pair| pair.score);
        let Some(new) = rules.next(old, score)? else { continue };
        match there {
            Some(pair) if pair.score != new => small::set_score(pack, pair, member, new),
            Some(_) => {}
            None if limits.allow(pack, member) => small::insert(pack, member, new),
            None => return Ok(Some(index)),
        }
        outcome.note(old, new);
    }
    Ok(None)
}

fn add_to_set(
    set: &mut SortedSet,
    pairs: &impl Pairs,
    from: usize,
    rules: Rules,
    outcome: &mut Outcome,
) -> Result<(), Error> {
    for index in from..pairs.count() {
        let (member, score) = pairs.get(index);
        let mut refused = None;
        set.update(member, |old| {
            let new = rules.next(old, score).unwrap_or_else(|error| {
                refused = Some(error);
                None
            })?;
            outcome.note(old, new);
            // Equal scores may differ in the sign of zero: the old one stays.
            (old != Some(new)).then_some(new)
        });
        if let Some(error) = refused {
            return Err(error);
        }
    }
    Ok(())
}

#[cold]
fn to_set(pack: &Pack) -> SortedSet {
    let mut set = SortedSet::new();
    for pair in small::pairs(pack) {
        pack.get(pair.at).with_bytes(|member| set.push_last(member, pair.score));
    }
    set
}

/// Adds members to the sorted set that an entry holds.
pub(super) fn add(found: &mut Entry, pairs: &impl Pairs, rules: Rules, limits: Limits) -> Result<Outcome, Error> {
    let mut outcome = Outcome::default();
    let mut from = 0;
    if let ValueRef::SortedPack(_) = found.value() {
        let stays = limits.allow_count(pairs.count());
        let full = match found.object_mut() {
            Some(ObjectMut::SortedPack(mut pack)) if stays => {
                add_to_pack(&mut pack, pairs, 0, (rules, limits), &mut outcome)?
            }
            _ => Some(0),
        };
        let Some(first) = full else { return Ok(outcome) };
        from = first;
        if let ValueRef::SortedPack(pack) = found.value() {
            let set = to_set(pack);
            found.set_object(Object::SortedSet(Box::new(set)));
        }
    }
    match found.object_mut() {
        Some(ObjectMut::SortedSet(set)) => add_to_set(set, pairs, from, rules, &mut outcome)?,
        _ => return Err(Error::WrongType),
    }
    Ok(outcome)
}

/// A new sorted set of these members.
pub(super) fn new(pairs: &impl Pairs, rules: Rules, limits: Limits) -> Result<(Object, Outcome), Error> {
    let mut outcome = Outcome::default();
    let mut pack = Listpack::new();
    let full = if limits.allow_count(pairs.count()) {
        add_to_pack(&mut pack, pairs, 0, (rules, limits), &mut outcome)?
    } else {
        Some(0)
    };
    let Some(from) = full else { return Ok((Object::SortedPack(pack), outcome)) };
    let mut set = to_set(&pack);
    add_to_set(&mut set, pairs, from, rules, &mut outcome)?;
    Ok((Object::SortedSet(Box::new(set)), outcome))
}

/// A sorted set of members that are in order, each once: small if it may be. `members` begins them anew at each call.
pub(crate) fn from_sorted<'m, I>(members: impl Fn() -> I, limits: Limits) -> Object
where
    I: Iterator<Item = (&'m [u8], f64)>,
{
    let (mut count, mut longest, mut bytes) = (0, 0, 0);
    for (member, _) in members() {
        (count, longest, bytes) = (count + 1, longest.max(member.len()), bytes + member.len());
    }
    let small = limits.allow_count(count) && longest as u64 <= limits.value && Listpack::new().has_room_for(bytes);
    if !small {
        return Object::SortedSet(Box::new(SortedSet::from_sorted(members())));
    }
    let mut pack = Listpack::new();
    members().for_each(|(member, score)| small::push_last(&mut pack, member, score));
    Object::SortedPack(pack)
}

/// Removes a member; says whether it was there.
pub(super) fn remove(found: &mut Entry, member: &[u8]) -> bool {
    match found.object_mut() {
        Some(ObjectMut::SortedPack(mut pack)) => {
            let there = pack.find(member, 1);
            if let Some(at) = there {
                pack.remove(at, 2);
            }
            there.is_some()
        }
        Some(ObjectMut::SortedSet(set)) => set.remove(member).is_some(),
        _ => false,
    }
}

/// Removes the members of these ranks, which are there; not all of them.
pub(super) fn remove_ranks(found: &mut Entry, ranks: Range<usize>) {
    match found.object_mut() {
        Some(ObjectMut::SortedPack(mut pack)) => {
            if let Some(at) = pack.seek(2 * ranks.start as i64) {
                pack.remove(at, 2 * ranks.len());
            }
        }
        Some(ObjectMut::SortedSet(set)) => set.remove_ranks(ranks, |_, _| {}),
        _ => {}
    }
}
