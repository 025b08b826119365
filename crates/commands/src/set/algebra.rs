//! Intersections, unions and differences: answered, stored, or counted.

use super::members::{Limits, Members, Owned};
use crate::element::write;
use crate::parse::{is, not_negative, positive};
use redstart_command::{
    Access, Acl, Arg, Args, Arity, Change, Command, Context, Docs, Error, Event, Expire, Flags, Group, KeySpec, Reply,
    Value,
};
use redstart_encoding::hash::hash;
use redstart_encoding::listpack::Element;
use redstart_encoding::table::Ref;
use redstart_encoding::{Entry, Field, FieldTable};
use std::ops::Range;

const READ: Command = Command {
    arity: Arity::AtLeast(2),
    keys: &[KeySpec::from(1, 1, Access::RO.with(Access::ACCESS))],
    flags: Flags::READONLY,
    acl: Acl::SET,
    docs: Docs { since: "1.0.0", group: Group::Set, args: &[Arg::key("key").multiple()], ..Docs::NONE },
    tips: &["nondeterministic_output_order"],
    ..Command::BASE
};

const STORE: Command = Command {
    arity: Arity::AtLeast(3),
    keys: &[KeySpec::at(1, Access::OW.with(Access::UPDATE)), KeySpec::from(2, 1, Access::RO.with(Access::ACCESS))],
    flags: Flags::WRITE.with(Flags::DENY_OOM),
    docs: Docs { args: &[Arg::key("destination"), Arg::key_of("key", 1).multiple()], ..READ.docs },
    tips: &[],
    ..READ
};

const CARD: Command = Command {
    arity: Arity::AtLeast(3),
    keys: &[KeySpec::counted(1, 1, Access::RO.with(Access::ACCESS))],
    flags: Flags::READONLY.with(Flags::MOVABLE_KEYS),
    docs: Docs {
        args: &[Arg::int("numkeys"), Arg::key("key").multiple(), Arg::int("limit").token("LIMIT").optional()],
        ..READ.docs
    },
    tips: &[],
    ..READ
};

const INTER_COST: &str =
    "O(N*M) worst case where N is the cardinality of the smallest set and M is the number of sets.";
const ALL_COST: &str = "O(N) where N is the total number of elements in all given sets.";

/// SINTER.
pub(super) const SINTER: Command = Command {
    name: "sinter",
    handler: |context, args, reply| answer(Operation::Inter, context, args, reply),
    docs: Docs { summary: "Returns the members that all the sets have.", complexity: INTER_COST, ..READ.docs },
    ..READ
};

/// SINTERSTORE.
pub(super) const SINTERSTORE: Command = Command {
    name: "sinterstore",
    handler: |context, args, reply| store(Operation::Inter, context, args, reply),
    docs: Docs { summary: "Stores the members that all the sets have.", complexity: INTER_COST, ..STORE.docs },
    ..STORE
};

/// SINTERCARD.
pub(super) const SINTERCARD: Command = Command {
    name: "sintercard",
    handler: |context, args, reply| cardinality(Operation::Inter, context, args, reply),
    docs: Docs {
        summary: "Counts the members that all the sets have.",
        since: "7.0.0",
        complexity: INTER_COST,
        ..CARD.docs
    },
    ..CARD
};

/// SUNION.
pub(super) const SUNION: Command = Command {
    name: "sunion",
    handler: |context, args, reply| answer(Operation::Union, context, args, reply),
    docs: Docs { summary: "Returns the members that any of the sets has.", complexity: ALL_COST, ..READ.docs },
    ..READ
};

/// SUNIONSTORE.
pub(super) const SUNIONSTORE: Command = Command {
    name: "sunionstore",
    handler: |context, args, reply| store(Operation::Union, context, args, reply),
    docs: Docs { summary: "Stores the members that any of the sets has.", complexity: ALL_COST, ..STORE.docs },
    ..STORE
};

/// SUNIONCARD (Redis 8.10). APPROX permits an estimate; what is answered is exact all the same.
pub(super) const SUNIONCARD: Command = Command {
    name: "sunioncard",
    handler: |context, args, reply| cardinality(Operation::Union, context, args, reply),
    docs: Docs {
        summary: "Counts the members that any of the sets has.",
        since: "8.10.0",
        complexity: ALL_COST,
        args: &[
            Arg::int("numkeys"),
            Arg::key("key").multiple(),
            Arg::flag("approx", "APPROX").optional(),
            Arg::int("limit").token("LIMIT").optional(),
        ],
        ..CARD.docs
    },
    ..CARD
};

/// SDIFF.
pub(super) const SDIFF: Command = Command {
    name: "sdiff",
    handler: |context, args, reply| answer(Operation::Diff, context, args, reply),
    docs: Docs { summary: "Returns the members of the first set alone.", complexity: ALL_COST, ..READ.docs },
    ..READ
};

/// SDIFFSTORE.
pub(super) const SDIFFSTORE: Command = Command {
    name: "sdiffstore",
    handler: |context, args, reply| store(Operation::Diff, context, args, reply),
    docs: Docs { summary: "Stores the members of the first set alone.", complexity: ALL_COST, ..STORE.docs },
    ..STORE
};

/// SDIFFCARD (Redis 8.10).
pub(super) const SDIFFCARD: Command = Command {
    name: "sdiffcard",
    handler: |context, args, reply| cardinality(Operation::Diff, context, args, reply),
    docs: Docs {
        summary: "Counts the members of the first set alone.",
        since: "8.10.0",
        complexity: ALL_COST,
        ..CARD.docs
    },
    ..CARD
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operation {
    Inter,
    Union,
    Diff,
}

/// The sets under the keys `args[range]`, found before.
struct Sources<'c> {
    entries: Vec<Option<Ref<'c, Entry>>>,
    now_ms: i64,
}

impl<'c> Sources<'c> {
    /// Looks all keys up.
    fn find(context: &'c mut Context<'_>, args: &Args<'_>, range: Range<usize>) -> Result<Self, Error> {
        let now_ms = context.now_ms;
        let keyspace = &context.shared.keyspace;
        let keys = range.map(|at| keyspace.key(&args[at]));
        let entries = context.find_all(keys, |value| Members::of(value, now_ms).map(|_| ()))?;
        Ok(Self { entries, now_ms })
    }

    /// The sets, missing ones as `None`.
    fn sets(&self) -> Vec<Option<Members<'_>>> {
        self.entries.iter().map(|entry| Members::of(entry.as_ref()?.value(), self.now_ms).ok()).collect()
    }
}

/// Shows the members that all sets have, as long as `show` says so.
fn intersect(sets: &[Option<Members<'_>>], mut show: impl FnMut(Element<'_>) -> bool) {
    let Some(mut sets) = sets.iter().copied().collect::<Option<Vec<_>>>() else { return };
    sets.sort_by_key(|set| set.len());
    let Some((smallest, others)) = sets.split_first() else { return };
    match (smallest, others) {
        (Members::Table(smallest, _), [Members::Table(other, _)])
            if !smallest.any_flagged() && !other.any_flagged() =>
        {
            intersect_tables(smallest, other, show);
        }
        _ => smallest.until(|member| {
            let everywhere = others.iter().all(|set| set.contains_element(member));
            !everywhere || show(member)
        }),
    }
}

/// Members looked up together: their cache misses are under way at once.
const AHEAD: usize = 16;

/// As [`intersect`], of two tables.
fn intersect_tables(smallest: &FieldTable, other: &FieldTable, mut show: impl FnMut(Element<'_>) -> bool) {
    let mut members = smallest.iter().map(|member| member.project(Field::name));
    let mut some: Vec<(u64, &[u8])> = Vec::with_capacity(AHEAD);
    loop {
        some.clear();
        some.extend(members.by_ref().take(AHEAD).map(|member| (hash(member), member)));
        if some.is_empty() {
            return;
        }
        some.iter().for_each(|(hash, _)| other.prefetch_bucket(*hash));
        some.iter().for_each(|(hash, _)| other.prefetch_item(*hash));
        for &(hash, member) in &some {
            if other.get(hash, member).is_some() && !show(Element::Bytes(member)) {
                return;
            }
        }
    }
}

/// Shows the members of the first set that no other has, as long as `show` says so.
fn subtract(sets: &[Option<Members<'_>>], mut show: impl FnMut(Element<'_>) -> bool) {
    let Some((Some(first), others)) = sets.split_first() else { return };
    // Larger sets are the likelier ones to have a member.
    let mut others: Vec<Members<'_>> = others.iter().copied().flatten().collect();
    others.sort_by_key(|set| std::cmp::Reverse(set.len()));
    first.until(|member| others.iter().any(|set| set.contains_element(member)) || show(member));
}

/// Shows the members of all sets, each once, as long as `show` says so.
fn unite(sets: &[Option<Members<'_>>], mut show: impl FnMut(Element<'_>) -> bool) {
    let mut sets: Vec<Members<'_>> = sets.iter().copied().flatten().collect();
    // The members of the largest set are looked at first, and need not be kept: it can be asked itself.
    sets.sort_by_key(|set| std::cmp::Reverse(set.len()));
    let Some((largest, others)) = sets.split_first() else { return };
    let mut on = true;
    largest.until(|member| {
        on = show(member);
        on
    });
    let mut seen = FieldTable::new();
    for (index, set) in others.iter().enumerate() {
        if !on {
            return;
        }
        let last = index + 1 == others.len();
        set.until(|member| {
            let new = !largest.contains_element(member) && member.with_bytes(|bytes| note(&mut seen, bytes, last));
            on = !new || show(member);
            on
        });
    }
}

/// Whether a member was not seen before; it is kept for the sets to come, unless this is the last.
fn note(seen: &mut FieldTable, member: &[u8], last: bool) -> bool {
    if last && seen.is_empty() {
        return true;
    }
    let hash = hash(member);
    let new = seen.get(hash, member).is_none();
    if new && !last {
        seen.insert(hash, Field::new(member, b""));
    }
    new
}

fn run(operation: Operation, sets: &[Option<Members<'_>>], show: impl FnMut(Element<'_>) -> bool) {
    match operation {
        Operation::Inter => intersect(sets, show),
        Operation::Union => unite(sets, show),
        Operation::Diff => subtract(sets, show),
    }
}

fn answer(
    operation: Operation,
    context: &mut Context<'_>,
    args: &mut Args<'_>,
    reply: &mut Reply<'_>,
) -> Result<(), Error> {
    let sources = Sources::find(context, args, 1..args.len())?;
    let (mut count, mut bytes, version) = (0, Vec::new(), reply.version());
    run(operation, &sources.sets(), |member| {
        write(member, &mut Reply::new(&mut bytes, version));
        count += 1;
        true
    });
    reply.set(count);
    reply.raw(&bytes);
    Ok(())
}

fn store(
    operation: Operation,
    context: &mut Context<'_>,
    args: &mut Args<'_>,
    reply: &mut Reply<'_>,
) -> Result<(), Error> {
    let limits = Limits::of(context);
    let made = {
        let sources = Sources::find(context, args, 2..args.len())?;
        make(operation, &sources.sets(), limits)
    };
    let destination = context.key(&args[1]);
    let count = made.members().len();
    if count > 0 {
        context.set(destination, Value::Object(made.into_object()), Expire::Never);
        context.commit(destination, Change::new(Event::SET, context.command_name()));
    } else if context.delete(destination) {
        context.commit(destination, Change::deleted());
    }
    reply.count(count);
    Ok(())
}

/// The set that is to be stored, in the encoding that Redis gives it.
fn make(operation: Operation, sets: &[Option<Members<'_>>], limits: Limits) -> Owned {
    let mut made = Owned::Ints(redstart_encoding::IntSet::new());
    let smallest = sets.iter().copied().flatten().min_by_key(|set| set.len());
    if operation == Operation::Inter && !matches!(smallest, Some(Members::Ints(_))) {
        made = Owned::Pack(redstart_encoding::listpack::Listpack::new());
    }
    if operation == Operation::Diff && takes_all_first(sets) {
        // Redis puts in all of the first set and takes the others' members out again, which leaves the encoding that
        // all of it had.
        if let Some(first) = sets[0] {
            first.each(|member| {
                made.add(&member.to_vec(), limits);
            });
            let kept =
                |set: &Option<Members<'_>>, member: Element<'_>| set.is_some_and(|set| set.contains_element(member));
            first.each(|member| {
                if sets[1..].iter().any(|set| kept(set, member)) {
                    made.remove(&member.to_vec());
                }
            });
        }
        return made;
    }
    run(operation, sets, |member| {
        member.with_bytes(|member| made.add(member, limits));
        true
    });
    if operation == Operation::Inter { made.compact(limits) } else { made }
}

/// Whether Redis finds it cheaper to take the others' members out of the first set than to look for each of the first
/// set's members in the others.
fn takes_all_first(sets: &[Option<Members<'_>>]) -> bool {
    let size = |set: &Option<Members<'_>>| set.map_or(0, Members::len);
    let (first, all) = (sets.first().map_or(0, size), sets.iter().map(size).sum::<usize>());
    let present = sets.iter().flatten().count();
    first * present / 2 > all
}

fn cardinality(
    operation: Operation,
    context: &mut Context<'_>,
    args: &mut Args<'_>,
    reply: &mut Reply<'_>,
) -> Result<(), Error> {
    let keys = positive(&args[1], "ERR numkeys should be greater than 0")?;
    if keys > args.len() - 2 {
        return Err(Error::text("ERR Number of keys can't be greater than number of args"));
    }
    let limit = limit(operation, args, 2 + keys)?;
    let sources = Sources::find(context, args, 2..2 + keys)?;
    let mut count = 0;
    run(operation, &sources.sets(), |_| {
        count += 1;
        count != limit
    });
    reply.count(count);
    Ok(())
}

/// The most that is counted, 0 for all.
fn limit(operation: Operation, args: &Args<'_>, mut at: usize) -> Result<usize, Error> {
    let mut limit = 0;
    while at < args.len() {
        match args.get(at + 1) {
            _ if operation == Operation::Union && is(&args[at], "approx") => at += 1,
            Some(number) if is(&args[at], "limit") => {
                limit = not_negative(number, "ERR LIMIT can't be negative")?;
                at += 2;
            }
            _ => return Err(Error::Syntax),
        }
    }
    Ok(limit)
}
