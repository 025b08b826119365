//! Elements taken out at an end, where need be once they come.

use super::elements::{ENDS, Limits, List, end_named, list_mut, popped, removed};
use crate::element::write;
use crate::parse::{count, is, positive, timeout_seconds};
use redstart_command::{
    Access, Acl, Arg, ArgKind, Args, Arity, Block, Change, Command, Context, Docs, Error, Event, Flags, Group, KeySpec,
    Reply, TimeoutReply, Wanted,
};
use redstart_encoding::quicklist::End;

/// LPOP.
pub(super) const LPOP: Command = Command {
    name: "lpop",
    handler: lpop,
    arity: Arity::AtLeast(2),
    keys: &[KeySpec::at(1, Access::RW.with(Access::ACCESS).with(Access::DELETE))],
    flags: Flags::WRITE.with(Flags::FAST),
    acl: Acl::LIST,
    docs: Docs {
        summary: "Takes elements out at the head of a list; a list whose last element goes is deleted.",
        since: "1.0.0",
        group: Group::List,
        complexity: "O(N) where N is the number of elements returned",
        args: &[Arg::key("key"), Arg::int("count").optional().since("6.2.0")],
        history: &[("6.2.0", "Added the `count` argument.")],
        ..Docs::NONE
    },
    ..Command::BASE
};

fn lpop(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    pop(context, args, reply, End::Front)
}

/// RPOP.
pub(super) const RPOP: Command = Command {
    name: "rpop",
    handler: rpop,
    docs: Docs {
        summary: "Takes elements out at the tail of a list; a list whose last element goes is deleted.",
        ..LPOP.docs
    },
    ..LPOP
};

fn rpop(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    pop(context, args, reply, End::Back)
}

#[inline]
fn pop(context: &mut Context<'_>, args: &Args<'_>, reply: &mut Reply<'_>, end: End) -> Result<(), Error> {
    if args.len() > 3 {
        return Err(Error::WrongArity(context.command_name().into()));
    }
    let count = args.get(2).map(count).transpose()?;
    let (key, limits) = (context.key(&args[1]), Limits::of(context));
    let Some(mut found) = context.find_mut(key) else {
        if count.is_some() {
            reply.null_array();
        } else {
            reply.null();
        }
        return Ok(());
    };
    let taken = match count {
        None => {
            list_mut(&mut found, limits)?.pop(end, |element| write(element, reply));
            1
        }
        Some(count) => {
            let list = List::of(found.value())?;
            let (length, count) = (list.len(), count.min(list.len()));
            list.write_from(end, count, reply);
            list_mut(&mut found, limits)?.remove_range(if end == End::Front { 0 } else { length - count }, count);
            count
        }
    };
    if taken > 0 {
        removed(found, limits)?;
    } else {
        drop(found);
    }
    if taken > 0 {
        context.commit(key, Change::new(Event::LIST, popped(end)).count(taken).taken());
    }
    Ok(())
}

/// LMPOP.
pub(super) const LMPOP: Command = Command {
    name: "lmpop",
    handler: lmpop,
    arity: Arity::AtLeast(4),
    keys: &[KeySpec::counted(1, 1, Access::RW.with(Access::ACCESS).with(Access::DELETE))],
    flags: Flags::WRITE,
    docs: Docs {
        summary: "Takes elements out at an end of the first of several lists that is there.",
        since: "7.0.0",
        complexity: "O(N+M) where N is the number of provided keys and M is the number of elements returned.",
        args: &[Arg::int("numkeys"), Arg::key("key").multiple(), Arg::one_of("where", ENDS), COUNT],
        history: &[],
        ..LPOP.docs
    },
    ..LPOP
};

const COUNT: Arg = Arg::int("count").token("COUNT").optional();

/// What LMPOP and BLMPOP are asked for.
struct Several {
    /// The keys' places among the arguments.
    keys: std::ops::Range<usize>,
    end: End,
    count: usize,
}

impl Several {
    /// Reads the arguments from the number of keys on.
    fn parse(args: &Args<'_>, at: usize) -> Result<Self, Error> {
        let number = positive(&args[at], "ERR numkeys should be greater than 0")?;
        let keys = at + 1..(at + 1).saturating_add(number);
        let end = end_named(args.get(keys.end).ok_or(Error::Syntax)?)?;
        let count = match args.len() - keys.end {
            1 => 1,
            length if length >= 3 && is(&args[keys.end + 1], "count") => {
                let count = positive(&args[keys.end + 2], "ERR count should be greater than 0")?;
                // A wrong count is found before what follows it.
                if length > 3 {
                    return Err(Error::Syntax);
                }
                count
            }
            _ => return Err(Error::Syntax),
        };
        Ok(Self { keys, end, count })
    }

    /// Takes elements out of the first list that is there, and writes them; false where none is.
    fn pop(&self, context: &mut Context<'_>, args: &Args<'_>, reply: &mut Reply<'_>) -> Result<bool, Error> {
        let limits = Limits::of(context);
        for at in self.keys.clone() {
            let key = context.key(&args[at]);
            let Some(mut found) = context.find_mut(key) else { continue };
            let list = List::of(found.value())?;
            let (length, count) = (list.len(), self.count.min(list.len()));
            reply.array(2);
            reply.bulk(&args[at]);
            list.write_from(self.end, count, reply);
            let index = if self.end == End::Front { 0 } else { length - count };
            list_mut(&mut found, limits)?.remove_range(index, count);
            removed(found, limits)?;
            if context.keeps_effects() {
                context.replay_as(&[pop_word(self.end), &args[at], count.to_string().as_bytes()]);
            }
            context.commit(key, Change::new(Event::LIST, popped(self.end)).count(count).taken());
            return Ok(true);
        }
        Ok(false)
    }
}

fn lmpop(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let several = Several::parse(args, 1)?;
    if !several.pop(context, args, reply)? {
        reply.null_array();
    }
    Ok(())
}

/// BLMPOP.
pub(super) const BLMPOP: Command = Command {
    name: "blmpop",
    handler: blmpop,
    arity: Arity::AtLeast(5),
    keys: &[KeySpec::counted(2, 1, Access::RW.with(Access::ACCESS).with(Access::DELETE))],
    flags: Flags::WRITE.with(Flags::BLOCKING),
    docs: Docs {
        summary: "As LMPOP, and waits until one of the lists is there.",
        args: &[
            Arg::new("timeout", ArgKind::Double),
            Arg::int("numkeys"),
            Arg::key("key").multiple(),
            Arg::one_of("where", ENDS),
            COUNT,
        ],
        ..LMPOP.docs
    },
    ..LMPOP
};

fn blmpop(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let several = Several::parse(args, 2)?;
    let deadline_ms = timeout_seconds(&args[1], context.now_ms)?;
    if !several.pop(context, args, reply)? {
        wait(context, reply, several.keys.map(|at| &args[at]), deadline_ms);
    }
    Ok(())
}

/// BLPOP.
pub(super) const BLPOP: Command = Command {
    name: "blpop",
    handler: blpop,
    arity: Arity::AtLeast(3),
    keys: &[KeySpec::range(1, -2, 1, Access::RW.with(Access::ACCESS).with(Access::DELETE))],
    flags: Flags::WRITE.with(Flags::BLOCKING),
    docs: Docs {
        summary: "Takes the element at the head of the first of several lists that is there, and waits for one to come.",
        since: "2.0.0",
        complexity: "O(N) where N is the number of provided keys.",
        args: &[Arg::key("key").multiple(), Arg::new("timeout", ArgKind::Double)],
        history: &[("6.0.0", "`timeout` is interpreted as a double instead of an integer.")],
        ..LPOP.docs
    },
    ..LPOP
};

fn blpop(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    pop_or_wait(context, args, reply, End::Front)
}

/// BRPOP.
pub(super) const BRPOP: Command = Command {
    name: "brpop",
    handler: brpop,
    docs: Docs {
        summary: "Takes the element at the tail of the first of several lists that is there, and waits for one to come.",
        ..BLPOP.docs
    },
    ..BLPOP
};

fn brpop(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    pop_or_wait(context, args, reply, End::Back)
}

fn pop_or_wait(context: &mut Context<'_>, args: &Args<'_>, reply: &mut Reply<'_>, end: End) -> Result<(), Error> {
    let last = args.len() - 1;
    let deadline_ms = timeout_seconds(&args[last], context.now_ms)?;
    let limits = Limits::of(context);
    for name in (1..last).map(|at| &args[at]) {
        let key = context.key(name);
        let Some(mut found) = context.find_mut(key) else { continue };
        let mut list = list_mut(&mut found, limits)?;
        reply.array(2);
        reply.bulk(name);
        list.pop(end, |element| write(element, reply));
        drop(list);
        removed(found, limits)?;
        if context.keeps_effects() {
            context.replay_as(&[pop_word(end), name]);
        }
        context.commit(key, Change::new(Event::LIST, popped(end)).taken());
        return Ok(());
    }
    wait(context, reply, (1..last).map(|at| &args[at]), deadline_ms);
    Ok(())
}

/// The command that takes elements out at an end without waiting.
fn pop_word(end: End) -> &'static [u8] {
    if end == End::Front { b"LPOP" } else { b"RPOP" }
}

/// Waits until there is a list under one of the keys.
pub(super) fn wait<'k>(
    context: &mut Context<'_>,
    reply: &mut Reply<'_>,
    names: impl Iterator<Item = &'k [u8]>,
    deadline_ms: Option<i64>,
) {
    let mut keys: Vec<Vec<u8>> = Vec::new();
    for name in names {
        if !keys.iter().any(|key| key == name) {
            keys.push(name.to_vec());
        }
    }
    let block =
        Block { wanted: Wanted::List, keys, deadline_ms, on_timeout: TimeoutReply::NullArray, replace: Vec::new() };
    context.block(reply, block);
}
