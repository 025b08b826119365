//! Parts of collections that expire: what the commands on fields of hashes and on members of sets have in common.

use crate::parse::{TimeUnit, is, positive};
use redstart_command::context::Writing;
use redstart_command::{Arg, Args, Change, Context, Entry, Error, Key, Reply, ValueRef};
use redstart_encoding::entry::parts::time_of;

/// The latest time that a part can have, in unix milliseconds: some 2,200 years, as in Redis.
const LATEST_MS: i64 = ((1 << 48) - 2) >> 2;

/// The argument that says when a time is set.
pub(crate) const CONDITION: Arg = Arg::one_of(
    "condition",
    &[Arg::flag("nx", "NX"), Arg::flag("xx", "XX"), Arg::flag("gt", "GT"), Arg::flag("lt", "LT")],
)
.optional();

/// Whether what expires at that time has done so. A time that is now has not passed, as in Redis.
#[inline]
pub(crate) fn passed(expire_ms: Option<i64>, now_ms: i64) -> bool {
    expire_ms.is_some_and(|at_ms| at_ms < now_ms)
}

/// A type of collection whose parts expire.
pub(crate) trait Collection {
    /// The word that the number of parts stands behind.
    const WORD: &'static str;
    /// What refuses a number of parts that is not positive.
    const NOT_POSITIVE: &'static str;
    /// The same where the parts are to expire.
    const NONE_TO_EXPIRE: &'static str = Self::NOT_POSITIVE;

    /// The commands that give parts a time in unix milliseconds, that take it from them, and that remove them.
    const EXPIRE: &'static [u8];
    const PERSIST: &'static [u8];
    const REMOVE: &'static [u8];

    /// What happens to it is an event of this class ...
    const CLASS: u32;
    /// ... by one of these names: parts got a time, lost it, were removed, were past it.
    const EVENTS: Events;

    /// Gives what tells when a part expires, if it is there; fails where the value is of another type.
    fn times(value: ValueRef<'_>, now_ms: i64) -> Result<impl Fn(&[u8]) -> Option<Option<i64>>, Error>;

    /// Has a collection keep times.
    fn make_timed(found: &mut Entry);

    /// Sets or removes the time of a part that is there, in a collection that keeps times.
    fn set_time(found: &mut Entry, name: &[u8], time: Option<i64>);

    /// Removes a part; says whether it was there.
    fn remove(found: &mut Entry, name: &[u8]) -> bool;
}

/// Names of the events of parts.
pub(crate) struct Events {
    pub(crate) timed: &'static str,
    pub(crate) persisted: &'static str,
    pub(crate) removed: &'static str,
}

/// Answers about a part, as Redis numbers them.
const NO_PART: i64 = -2;
const NO_TIME: i64 = -1;
pub(crate) const NOT_MET: i64 = 0;
pub(crate) const DONE: i64 = 1;
pub(crate) const DELETED: i64 = 2;

/// How many parts are named behind their word and their number, which stand at `at`.
pub(crate) fn named<C: Collection>(args: &Args<'_>, at: usize) -> Result<usize, Error> {
    named_or::<C>(args, at, C::NOT_POSITIVE)
}

fn named_or<C: Collection>(args: &Args<'_>, at: usize, not_positive: &'static str) -> Result<usize, Error> {
    let word = C::WORD;
    if !args.get(at).is_some_and(|argument| is(argument, word)) {
        let shown = word.to_uppercase();
        let text = format!("ERR Mandatory argument {shown} is missing or not at the right position");
        return Err(Error::Text(text.into()));
    }
    let number = positive(args.get(at + 1).unwrap_or_default(), not_positive)?;
    let text = || format!("ERR The `num{word}` parameter must match the number of arguments");
    if number == args.len() - at - 2 { Ok(number) } else { Err(Error::Text(text().into())) }
}

/// Fails where the key holds something else.
pub(crate) fn check<C: Collection>(context: &mut Context<'_>, key: Key<'_>) -> Result<(), Error> {
    let now_ms = context.now_ms;
    context.find_mut(key).map_or(Ok(()), |found| C::times(found.value(), now_ms).map(|_| ()))
}

/// HEXPIRE, SEXPIRE, and their kin.
pub(crate) fn expire<C: Collection>(
    unit: TimeUnit,
    context: &mut Context<'_>,
    args: &Args<'_>,
    reply: &mut Reply<'_>,
) -> Result<(), Error> {
    let (key, now_ms) = (context.key(&args[1]), context.now_ms);
    check::<C>(context, key)?;
    let at_ms = time(unit, &args[2], context)?;
    let condition = Condition::parse(&args[3]);
    let at = if condition == Condition::Always { 3 } else { 4 };
    let count = named_or::<C>(args, at, C::NONE_TO_EXPIRE)?;
    reply.array(count);
    let (mut changes, mut touched) = (0, Vec::new());
    let keeps = context.keeps_effects();
    match context.peek_mut(key) {
        None => (0..count).for_each(|_| reply.int(NO_PART)),
        Some(mut found) => {
            C::make_timed(&mut found);
            for name in args.iter_from(at + 2) {
                let outcome = expire_part::<C>(&mut found, name, at_ms, condition, now_ms);
                if matches!(outcome, DONE | DELETED) {
                    changes += 1;
                    touched.extend(keeps.then_some(name));
                }
                reply.int(outcome);
            }
            settle(found);
        }
    }
    if changes > 0 {
        if keeps {
            let condition = args.get(3).filter(|_| at == 4);
            replay_timed::<C>(context, &args[1], (at_ms, condition), &touched);
        }
        let change = timed_change::<C>(context, at_ms).count(changes);
        context.commit(key, change);
    }
    Ok(())
}

/// What stands for parts that got a time, or went since it is past, when that is run again.
#[cold]
pub(crate) fn replay_timed<C: Collection>(
    context: &mut Context<'_>,
    key: &[u8],
    (at_ms, condition): (i64, Option<&[u8]>),
    names: &[&[u8]],
) {
    if at_ms <= context.now_ms {
        return names.iter().for_each(|name| context.replay_as(&[C::REMOVE, key, name]));
    }
    let (at_ms, count, word) = (at_ms.to_string(), names.len().to_string(), C::WORD.to_uppercase());
    let head = [C::EXPIRE, key, at_ms.as_bytes()].into_iter().chain(condition);
    let parts = [word.as_bytes(), count.as_bytes()].into_iter().chain(names.iter().copied());
    context.replay(head.chain(parts));
}

/// What stands for parts that lost their times, when that is run again.
#[cold]
pub(crate) fn replay_persisted<C: Collection>(context: &mut Context<'_>, key: &[u8], names: &[&[u8]]) {
    let (count, word) = (names.len().to_string(), C::WORD.to_uppercase());
    let head = [C::PERSIST, key, word.as_bytes(), count.as_bytes()];
    context.replay(head.into_iter().chain(names.iter().copied()));
}

/// The change of a collection whose members got a time, or were removed since it is past.
pub(crate) fn timed_change<C: Collection>(context: &Context<'_>, at_ms: i64) -> Change {
    Change::new(C::CLASS, timed_event::<C>(context, at_ms)).taken()
}

/// The event of that change.
pub(crate) fn timed_event<C: Collection>(context: &Context<'_>, at_ms: i64) -> &'static str {
    if at_ms <= context.now_ms { C::EVENTS.removed } else { C::EVENTS.timed }
}

/// Sets the time of one part; one in the past removes it.
pub(crate) fn expire_part<C: Collection>(
    found: &mut Entry,
    name: &[u8],
    at_ms: i64,
    condition: Condition,
    now_ms: i64,
) -> i64 {
    let Some(old_ms) = C::times(found.value(), now_ms).ok().and_then(|time| time(name)) else { return NO_PART };
    if !condition.met(old_ms, at_ms) {
        return NOT_MET;
    }
    if at_ms <= now_ms {
        C::remove(found, name);
        return DELETED;
    }
    C::set_time(found, name, Some(at_ms));
    DONE
}

/// HTTL, STTL, and their kin.
pub(crate) fn times<C: Collection>(
    unit: TimeUnit,
    context: &mut Context<'_>,
    args: &Args<'_>,
    reply: &mut Reply<'_>,
) -> Result<(), Error> {
    let (key, now_ms) = (context.key(&args[1]), context.now_ms);
    let found = context.find(key);
    let times = found.as_ref().map(|found| C::times(found.value(), now_ms)).transpose()?;
    reply.array(named::<C>(args, 2)?);
    for name in args.iter_from(4) {
        let time = times.as_ref().and_then(|time| time(name));
        reply.int(left(time, unit, now_ms));
    }
    Ok(())
}

/// HPERSIST and SPERSIST.
pub(crate) fn persist<C: Collection>(
    context: &mut Context<'_>,
    args: &mut Args<'_>,
    reply: &mut Reply<'_>,
) -> Result<(), Error> {
    let (key, now_ms) = (context.key(&args[1]), context.now_ms);
    check::<C>(context, key)?;
    let count = named::<C>(args, 2)?;
    reply.array(count);
    let (mut changed, mut touched, keeps) = (false, Vec::new(), context.keeps_effects());
    match context.peek_mut(key) {
        None => (0..count).for_each(|_| reply.int(NO_PART)),
        Some(mut found) => {
            for name in args.iter_from(4) {
                let outcome = persist_part::<C>(&mut found, name, now_ms);
                changed |= outcome == DONE;
                touched.extend((keeps && outcome == DONE).then_some(name));
                reply.int(outcome);
            }
            settle(found);
        }
    }
    if changed {
        if keeps && touched.len() < count {
            // Not those past their time: they are still there when it is run again.
            replay_persisted::<C>(context, &args[1], &touched);
        }
        context.commit(key, Change::new(C::CLASS, C::EVENTS.persisted));
    }
    Ok(())
}

/// Removes the time of one part.
pub(crate) fn persist_part<C: Collection>(found: &mut Entry, name: &[u8], now_ms: i64) -> i64 {
    match C::times(found.value(), now_ms).ok().and_then(|time| time(name)) {
        None => NO_PART,
        Some(None) => NO_TIME,
        Some(Some(_)) => {
            C::set_time(found, name, None);
            DONE
        }
    }
}

/// After parts went or lost their times: a collection without parts goes, one without times forgets them.
pub(crate) fn settle(mut found: Writing<'_>) {
    let empty = match found.value() {
        ValueRef::HashPackTimed(pack) => pack.is_empty(),
        ValueRef::HashTable(table) | ValueRef::SetTable(table) => table.is_empty(),
        // No part of the others has a time, so none has gone.
        _ => false,
    };
    if empty {
        drop(found.remove());
    } else {
        forget_times(&mut found);
    }
}

/// Forgets the time before which no part expires, where the last part that did is gone.
pub(crate) fn forget_times(found: &mut Entry) {
    let timed = match found.value() {
        ValueRef::HashTable(table) | ValueRef::SetTable(table) => table.any_flagged(),
        ValueRef::HashPackTimed(pack) => pack.iter().skip(2).step_by(3).any(|(_, time)| time_of(time).is_some()),
        _ => false,
    };
    if !timed && found.parts_expire_ms().is_some() {
        found.set_parts_expire_ms(None);
    }
}

/// How a part's time is answered, in a unit.
fn left(time: Option<Option<i64>>, unit: TimeUnit, now_ms: i64) -> i64 {
    match (time, unit) {
        (None, _) => NO_PART,
        (Some(None), _) => NO_TIME,
        (Some(Some(at_ms)), TimeUnit::Seconds) => (at_ms - now_ms + 999) / 1000,
        (Some(Some(at_ms)), TimeUnit::Millis) => at_ms - now_ms,
        (Some(Some(at_ms)), TimeUnit::UnixSeconds) => (at_ms + 999) / 1000,
        (Some(Some(at_ms)), TimeUnit::UnixMillis) => at_ms,
    }
}

/// A time argument as unix milliseconds.
pub(crate) fn time(unit: TimeUnit, argument: &[u8], context: &Context<'_>) -> Result<i64, Error> {
    let number = crate::parse::int(argument)?;
    if number < 0 {
        return Err(Error::text("ERR invalid expire time, must be >= 0"));
    }
    let at_ms = unit.to_unix_ms(number, context.clock_ms()).filter(|&at_ms| at_ms <= LATEST_MS);
    at_ms.ok_or_else(|| Error::invalid_expire(context.command_name()))
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Condition {
    Always,
    Missing,
    There,
    Later,
    Earlier,
}

impl Condition {
    fn parse(word: &[u8]) -> Self {
        match word {
            _ if is(word, "nx") => Self::Missing,
            _ if is(word, "xx") => Self::There,
            _ if is(word, "gt") => Self::Later,
            _ if is(word, "lt") => Self::Earlier,
            _ => Self::Always,
        }
    }

    fn met(self, old_ms: Option<i64>, new_ms: i64) -> bool {
        match (self, old_ms) {
            (Self::Always | Self::Missing | Self::Earlier, None) | (Self::Always | Self::There, Some(_)) => true,
            (Self::There | Self::Later, None) | (Self::Missing, Some(_)) => false,
            (Self::Later, Some(old_ms)) => new_ms > old_ms,
            (Self::Earlier, Some(old_ms)) => new_ms < old_ms,
        }
    }
}
