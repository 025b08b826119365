//! Lists, read.

use super::elements::{List, index_in, range_in};
use crate::element::write;
use crate::parse::{int, int_between, is, not_negative};
use redstart_command::{Access, Acl, Arg, Args, Arity, Command, Context, Docs, Error, Flags, Group, KeySpec, Reply};
use redstart_encoding::quicklist::{End, Wanted};
use std::ops::ControlFlow;

/// LLEN.
pub(super) const LLEN: Command = Command {
    name: "llen",
    handler: llen,
    arity: Arity::Exactly(2),
    keys: &[KeySpec::at(1, Access::RO)],
    flags: Flags::READONLY.with(Flags::FAST),
    acl: Acl::LIST,
    docs: Docs {
        summary: "Counts the elements of a list.",
        since: "1.0.0",
        group: Group::List,
        complexity: "O(1)",
        args: &[Arg::key("key")],
        ..Docs::NONE
    },
    ..Command::BASE
};

fn llen(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let key = context.key(&args[1]);
    let length = match context.find(key) {
        Some(found) => List::of(found.value())?.len(),
        None => 0,
    };
    reply.count(length);
    Ok(())
}

/// LINDEX.
pub(super) const LINDEX: Command = Command {
    name: "lindex",
    handler: lindex,
    arity: Arity::Exactly(3),
    keys: &[KeySpec::at(1, Access::RO.with(Access::ACCESS))],
    flags: Flags::READONLY,
    docs: Docs {
        summary: "Returns the element at an index; negative ones count from the tail.",
        complexity: "O(N) where N is the number of elements to traverse to get to the element at index. This makes \
                     asking for the first or the last element of the list O(1).",
        args: &[Arg::key("key"), Arg::int("index")],
        ..LLEN.docs
    },
    ..LLEN
};

fn lindex(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let key = context.key(&args[1]);
    let Some(found) = context.find(key) else {
        reply.null();
        return Ok(());
    };
    let list = List::of(found.value())?;
    let index = index_in(list.len(), int(&args[2])?);
    if index.and_then(|index| list.get(index, |element| write(element, reply))).is_none() {
        reply.null();
    }
    Ok(())
}

/// LRANGE.
pub(super) const LRANGE: Command = Command {
    name: "lrange",
    handler: lrange,
    arity: Arity::Exactly(4),
    docs: Docs {
        summary: "Returns the elements from one index to another, both included.",
        complexity: "O(S+N) where S is the distance of start offset from HEAD for small lists, from nearest end (HEAD \
                     or TAIL) for large lists; and N is the number of elements in the specified range.",
        args: &[Arg::key("key"), Arg::int("start"), Arg::int("stop")],
        ..LINDEX.docs
    },
    ..LINDEX
};

fn lrange(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let (start, stop) = (int(&args[2])?, int(&args[3])?);
    let key = context.key(&args[1]);
    let Some(found) = context.find(key) else {
        reply.array(0);
        return Ok(());
    };
    let list = List::of(found.value())?;
    match range_in(list.len(), start, stop) {
        Some((first, count)) => list.write(first, count, End::Back, reply),
        None => reply.array(0),
    }
    Ok(())
}

/// LPOS.
pub(super) const LPOS: Command = Command {
    name: "lpos",
    handler: lpos,
    arity: Arity::AtLeast(3),
    docs: Docs {
        summary: "Returns at which indexes an element stands.",
        since: "6.0.6",
        complexity: "O(N) where N is the number of elements in the list, for the average case. When searching for \
                     elements near the head or the tail of the list, or when the MAXLEN option is provided, the \
                     command may run in constant time.",
        args: &[
            Arg::key("key"),
            Arg::string("element"),
            Arg::int("rank").token("RANK").optional(),
            Arg::int("num-matches").token("COUNT").optional(),
            Arg::int("len").token("MAXLEN").optional(),
        ],
        ..LINDEX.docs
    },
    ..LINDEX
};

/// What LPOS looks for.
struct Search {
    /// Where it begins.
    from: End,
    /// Matches to be passed over.
    skip: usize,
    /// Matches to be shown: `None` for one, as a number.
    count: Option<usize>,
    /// Elements to be looked at.
    most: usize,
}

impl Search {
    fn parse(args: &Args<'_>) -> Result<Self, Error> {
        let mut search = Self { from: End::Front, skip: 0, count: None, most: usize::MAX };
        let mut at = 3;
        while at < args.len() {
            let value = args.get(at + 1).ok_or(Error::Syntax)?;
            if is(&args[at], "rank") {
                let rank = int_between(value, -i64::MAX, i64::MAX)?;
                if rank == 0 {
                    return Err(RANK_ZERO);
                }
                search.from = if rank < 0 { End::Back } else { End::Front };
                search.skip = rank.unsigned_abs() as usize - 1;
            } else if is(&args[at], "count") {
                search.count = Some(not_negative(value, "ERR COUNT can't be negative")?);
            } else if is(&args[at], "maxlen") {
                let most = not_negative(value, "ERR MAXLEN can't be negative")?;
                search.most = if most == 0 { usize::MAX } else { most };
            } else {
                return Err(Error::Syntax);
            }
            at += 2;
        }
        Ok(search)
    }

    /// Tells `show` the index of each match that is to be shown, in the order of the search.
    fn run(&self, list: List<'_>, element: &[u8], mut show: impl FnMut(usize)) {
        let length = list.len();
        let (start, towards) = if self.from == End::Front { (0, End::Back) } else { (length - 1, End::Front) };
        let wanted = Wanted::new(element);
        let (mut at, mut skip, mut left) = (0, self.skip, self.count.unwrap_or(1));
        let _ = list.walk(start, self.most, towards, |element| {
            if wanted.is(element) {
                if skip > 0 {
                    skip -= 1;
                } else {
                    show(if self.from == End::Front { at } else { length - 1 - at });
                    left = left.wrapping_sub(1);
                    if left == 0 {
                        return ControlFlow::Break(());
                    }
                }
            }
            at += 1;
            ControlFlow::Continue(())
        });
    }
}

const RANK_ZERO: Error = Error::text(
    "ERR RANK can't be zero: use 1 to start from the first match, 2 from the second ... or use negative to start from \
     the end of the list",
);

fn lpos(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let search = Search::parse(args)?;
    let key = context.key(&args[1]);
    let mut places = Vec::new();
    if let Some(found) = context.find(key) {
        search.run(List::of(found.value())?, &args[2], |index| places.push(index));
    }
    match (search.count, places.first()) {
        (Some(_), _) => {
            reply.array(places.len());
            places.iter().for_each(|&index| reply.count(index));
        }
        (None, Some(&index)) => reply.count(index),
        (None, None) => reply.null(),
    }
    Ok(())
}
