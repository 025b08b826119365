//! Elements moved from one list to another, or from one end of a list to the other.

use super::elements::{
    ENDS, Limits, List, ListMut, end_named, grow, list_mut, new_single, popped, pushed, removed, shrink,
};
use super::pop::wait;
use crate::parse::{is, positive, timeout_seconds};
use redstart_command::{
    Access, Acl, Arg, ArgKind, Args, Arity, Change, Command, Context, Docs, Entry, Error, Event, Flags, Group, Key,
    KeySpec, Reply, Value,
};
use redstart_encoding::listpack::Element;
use redstart_encoding::quicklist::End;
use smallvec::SmallVec;

const KEYS: &[KeySpec] = &[
    KeySpec::at(1, Access::RW.with(Access::ACCESS).with(Access::DELETE)),
    KeySpec::at(2, Access::RW.with(Access::INSERT)),
];
const TWO_KEYS: [Arg; 2] = [Arg::key("source"), Arg::key_of("destination", 1)];
const FROM: Arg = Arg::one_of("wherefrom", ENDS);
const TO: Arg = Arg::one_of("whereto", ENDS);
const TIMEOUT: Arg = Arg::new("timeout", ArgKind::Double);

/// LMOVE.
pub(super) const LMOVE: Command = Command {
    name: "lmove",
    handler: lmove,
    arity: Arity::Exactly(5),
    keys: KEYS,
    flags: Flags::WRITE.with(Flags::DENY_OOM),
    acl: Acl::LIST,
    docs: Docs {
        summary: "Moves the element at an end of a list to an end of another, and returns it.",
        since: "6.2.0",
        group: Group::List,
        complexity: "O(1)",
        args: &[TWO_KEYS[0], TWO_KEYS[1], FROM, TO],
        ..Docs::NONE
    },
    ..Command::BASE
};

fn lmove(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let ends = Ends { from: end_named(&args[3])?, to: end_named(&args[4])? };
    if !move_one(context, args, ends, reply)? {
        reply.null();
    }
    Ok(())
}

/// RPOPLPUSH.
pub(super) const RPOPLPUSH: Command = Command {
    name: "rpoplpush",
    handler: rpoplpush,
    arity: Arity::Exactly(3),
    docs: Docs {
        summary: "Moves the element at the tail of a list to the head of another, and returns it.",
        since: "1.2.0",
        args: &TWO_KEYS,
        deprecated: Some(("6.2.0", "`LMOVE` with the `RIGHT` and `LEFT` arguments")),
        ..LMOVE.docs
    },
    ..LMOVE
};

const TAIL_TO_HEAD: Ends = Ends { from: End::Back, to: End::Front };

fn rpoplpush(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    if !move_one(context, args, TAIL_TO_HEAD, reply)? {
        reply.null();
    }
    Ok(())
}

/// BLMOVE.
pub(super) const BLMOVE: Command = Command {
    name: "blmove",
    handler: blmove,
    arity: Arity::Exactly(6),
    flags: Flags::WRITE.with(Flags::DENY_OOM).with(Flags::BLOCKING),
    docs: Docs {
        summary: "As LMOVE, and waits until there is an element.",
        args: &[TWO_KEYS[0], TWO_KEYS[1], FROM, TO, TIMEOUT],
        ..LMOVE.docs
    },
    ..LMOVE
};

fn blmove(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let ends = Ends { from: end_named(&args[3])?, to: end_named(&args[4])? };
    move_or_wait(context, args, ends, 5, b"LMOVE", reply)
}

/// BRPOPLPUSH.
pub(super) const BRPOPLPUSH: Command = Command {
    name: "brpoplpush",
    handler: brpoplpush,
    arity: Arity::Exactly(4),
    docs: Docs {
        summary: "As RPOPLPUSH, and waits until there is an element.",
        since: "2.2.0",
        args: &[TWO_KEYS[0], TWO_KEYS[1], TIMEOUT],
        history: &[("6.0.0", "`timeout` is interpreted as a double instead of an integer.")],
        deprecated: Some(("6.2.0", "`BLMOVE` with the `RIGHT` and `LEFT` arguments")),
        ..LMOVE.docs
    },
    ..BLMOVE
};

fn brpoplpush(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    move_or_wait(context, args, TAIL_TO_HEAD, 3, b"RPOPLPUSH", reply)
}

/// Moves an element, or waits until there is one; `word` is the command that is journalled, which does not wait.
fn move_or_wait(
    context: &mut Context<'_>,
    args: &Args<'_>,
    ends: Ends,
    timeout_at: usize,
    word: &'static [u8],
    reply: &mut Reply<'_>,
) -> Result<(), Error> {
    let deadline_ms = timeout_seconds(&args[timeout_at], context.now_ms)?;
    if move_one(context, args, ends, reply)? {
        if context.keeps_effects() {
            replay_move(context, args, word, timeout_at);
        }
        return Ok(());
    }
    // A client that may not wait gets a null; one whose waiting times out, a null array.
    if context.session.no_block {
        reply.null();
    } else {
        wait(context, reply, std::iter::once(&args[1]), deadline_ms);
    }
    Ok(())
}

/// Journals a move that may wait as the command that does not: the same words, but for the timeout.
#[cold]
fn replay_move(context: &mut Context<'_>, args: &Args<'_>, word: &'static [u8], timeout_at: usize) {
    let words = args.iter_from(1).enumerate().filter(|(at, _)| at + 1 != timeout_at).map(|(_, word)| word);
    context.replay([word].into_iter().chain(words));
}

/// LMOVEM. Not of the release whose behaviour is the measure elsewhere: built after the documentation of 8.10, where
/// source and destination may be the same list, from which all elements are taken before the first is added again.
pub(super) const LMOVEM: Command = Command {
    name: "lmovem",
    handler: lmovem,
    arity: Arity::AtLeast(5),
    docs: Docs {
        summary: "Moves elements at an end of a list to an end of another, and returns them in their new order.",
        since: "8.10.0",
        complexity: "O(N) where N is the number of elements moved.",
        args: &[TWO_KEYS[0], TWO_KEYS[1], FROM, TO, HOW_MANY],
        ..LMOVE.docs
    },
    ..LMOVE
};

const HOW_MANY: Arg = Arg::block(
    "how-many",
    &[
        Arg::one_of("selector", &[Arg::int("count").token("COUNT"), Arg::int("exactly").token("EXACTLY")]),
        Arg::one_of("ordering", &[Arg::flag("obo", "OBO"), Arg::flag("bulk", "BULK")]),
    ],
)
.optional();

fn lmovem(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let ends = Ends { from: end_named(&args[3])?, to: end_named(&args[4])? };
    let order = Order::parse(args, 5)?;
    match move_elements(context, args, ends, order)? {
        Some(moved) => write_moved(&moved, reply),
        None => reply.null_array(),
    }
    Ok(())
}

/// BLMOVEM.
pub(super) const BLMOVEM: Command = Command {
    name: "blmovem",
    handler: blmovem,
    arity: Arity::AtLeast(6),
    flags: Flags::WRITE.with(Flags::DENY_OOM).with(Flags::BLOCKING),
    docs: Docs {
        summary: "As LMOVEM, and waits until there are elements enough.",
        args: &[TWO_KEYS[0], TWO_KEYS[1], FROM, TO, TIMEOUT, HOW_MANY],
        ..LMOVEM.docs
    },
    ..LMOVEM
};

fn blmovem(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let ends = Ends { from: end_named(&args[3])?, to: end_named(&args[4])? };
    let deadline_ms = timeout_seconds(&args[5], context.now_ms)?;
    let order = Order::parse(args, 6)?;
    match move_elements(context, args, ends, order)? {
        Some(moved) => {
            write_moved(&moved, reply);
            if context.keeps_effects() {
                replay_move(context, args, b"LMOVEM", 5);
            }
        }
        None => wait(context, reply, std::iter::once(&args[1]), deadline_ms),
    }
    Ok(())
}

fn write_moved(moved: &[Moved], reply: &mut Reply<'_>) {
    reply.array(moved.len());
    moved.iter().for_each(|one| reply.bulk(&one.bytes));
}

/// Where elements are taken out, and where they are added.
#[derive(Clone, Copy)]
struct Ends {
    from: End,
    to: End,
}

/// How many elements are moved, and how.
#[derive(Clone, Copy)]
struct Order {
    count: usize,
    /// So many or none.
    exactly: bool,
    /// In one piece, so that they keep their order; else one by one.
    bulk: bool,
}

impl Order {
    const ONE: Self = Self { count: 1, exactly: false, bulk: false };

    /// `COUNT|EXACTLY number OBO|BULK`, or nothing.
    fn parse(args: &Args<'_>, at: usize) -> Result<Self, Error> {
        if args.len() == at {
            return Ok(Self::ONE);
        }
        if args.len() != at + 3 {
            return Err(Error::Syntax);
        }
        let exactly = is(&args[at], "exactly");
        let bulk = is(&args[at + 2], "bulk");
        if !(exactly || is(&args[at], "count")) || !(bulk || is(&args[at + 2], "obo")) {
            return Err(Error::Syntax);
        }
        let count = positive(&args[at + 1], "ERR count should be greater than 0")?;
        Ok(Self { count, exactly, bulk })
    }
}

/// An element between two lists.
struct Moved {
    bytes: SmallVec<[u8; 64]>,
    /// How many bytes it counts for when it is decided whether the list that takes it stays small: Redis does not count
    /// the digits of an integer that comes out of a large list.
    counted: usize,
}

type AllMoved = SmallVec<[Moved; 1]>;

/// Moves one element and writes it; false where there is none.
fn move_one(context: &mut Context<'_>, args: &Args<'_>, ends: Ends, reply: &mut Reply<'_>) -> Result<bool, Error> {
    let moved = move_elements(context, args, ends, Order::ONE)?;
    if let Some([one]) = moved.as_deref() {
        reply.bulk(&one.bytes);
    }
    Ok(moved.is_some())
}

/// Moves elements, and gives them in their new order; `None` where there are not so many.
fn move_elements(
    context: &mut Context<'_>,
    args: &Args<'_>,
    ends: Ends,
    order: Order,
) -> Result<Option<AllMoved>, Error> {
    let (source, destination, limits) = (context.key(&args[1]), context.key(&args[2]), Limits::of(context));
    let same = source.bytes() == destination.bytes();
    let Some(found) = context.find_mut(source) else { return Ok(None) };
    let length = List::of(found.value())?.len();
    drop(found);
    // An access to each of the two, also where they are the same list.
    if let Some(found) = context.find_mut(destination) {
        List::of(found.value())?;
    }
    let mut found = context.peek_mut(source).ok_or(Error::NoSuchKey)?;
    if order.exactly && length < order.count {
        return Ok(None);
    }
    let mut list = list_mut(&mut found, limits)?;
    let mut moved: AllMoved = (0..order.count.min(length)).map(|_| take(&mut list, ends.from)).collect();
    drop(list);
    // Taken in one piece they are to stand as they stood, so they are added in the order that keeps it.
    if order.bulk && ends.from == ends.to {
        moved.reverse();
    }
    if same {
        add_to(&mut found, &moved, ends.to, limits)?;
        shrink(&mut found, limits);
        drop(found);
    } else {
        removed(found, limits)?;
        add(context, destination, &moved, ends.to, limits)?;
    }
    context.commit(destination, Change::new(Event::LIST, pushed(ends.to)).count(0));
    context.commit(source, Change::new(Event::LIST, popped(ends.from)).count(moved.len()).taken());
    if ends.to == End::Front {
        moved.reverse();
    }
    Ok(Some(moved))
}

/// Takes the element at an end out.
fn take(list: &mut ListMut<'_>, end: End) -> Moved {
    let large = matches!(list, ListMut::Quick(_));
    list.pop(end, |element| {
        let counted = if large && matches!(element, Element::Int(_)) { 0 } else { element.byte_len() };
        Moved { bytes: element.with_bytes(SmallVec::from_slice), counted }
    })
}

/// Adds elements at an end of a list, one by one; a missing key becomes a list.
fn add(context: &mut Context<'_>, key: Key<'_>, moved: &[Moved], end: End, limits: Limits) -> Result<(), Error> {
    let mut rest = moved;
    if !context.exists(key) {
        let Some((first, others)) = moved.split_first() else { return Ok(()) };
        context.insert(key, Value::Object(new_single(&first.bytes, first.counted, limits)), None);
        rest = others;
    }
    if !rest.is_empty()
        && let Some(mut found) = context.peek_mut(key)
    {
        add_to(&mut found, rest, end, limits)?;
    }
    Ok(())
}

fn add_to(found: &mut Entry, moved: &[Moved], end: End, limits: Limits) -> Result<(), Error> {
    for one in moved {
        grow(found, one.counted, 1, limits)?;
        list_mut(found, limits)?.push(end, &one.bytes);
    }
    Ok(())
}
