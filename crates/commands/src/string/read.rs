//! Strings, read.

use super::{AT_ONCE, length, with_bytes, write_string};
use crate::parse::int;
use redstart_command::{
    Access, Acl, Arg, Args, Arity, Command, Context, Docs, Error, Flags, Group, Key, KeySpec, Reply,
};
use smallvec::SmallVec;

/// GET.
pub(super) const GET: Command = Command {
    name: "get",
    handler: get,
    arity: Arity::Exactly(2),
    keys: &[KeySpec::at(1, Access::RO.with(Access::ACCESS))],
    flags: Flags::READONLY.with(Flags::FAST),
    acl: Acl::STRING,
    docs: Docs {
        summary: "Returns the string at a key.",
        since: "1.0.0",
        group: Group::String,
        complexity: "O(1)",
        args: &[Arg::key("key")],
        ..Docs::NONE
    },
    ..Command::BASE
};

fn get(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let key = context.key(&args[1]);
    match context.find(key) {
        Some(found) => write_string(found.value(), reply)?,
        None => reply.null(),
    }
    Ok(())
}

/// MGET.
pub(super) const MGET: Command = Command {
    name: "mget",
    handler: mget,
    arity: Arity::AtLeast(2),
    keys: &[KeySpec::from(1, 1, Access::RO.with(Access::ACCESS))],
    flags: Flags::READONLY.with(Flags::FAST),
    acl: Acl::STRING,
    docs: Docs {
        summary: "Returns the strings at several keys, all as of one moment.",
        since: "1.0.0",
        group: Group::String,
        complexity: "O(N) where N is the number of keys to retrieve.",
        args: &[Arg::key("key").multiple()],
        ..Docs::NONE
    },
    tips: &["request_policy:multi_shard"],
    ..Command::BASE
};

fn mget(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    reply.array(args.len() - 1);
    let mut names = args.iter_from(1);
    loop {
        let keys: SmallVec<[Key<'_>; AT_ONCE]> = names.by_ref().take(AT_ONCE).map(|name| context.key(name)).collect();
        if keys.is_empty() {
            return Ok(());
        }
        context.prefetch(&keys);
        for key in keys {
            // A key that holds something else is answered as one that is not there.
            if context.find(key).is_none_or(|found| write_string(found.value(), reply).is_err()) {
                reply.null();
            }
        }
    }
}

/// STRLEN.
pub(super) const STRLEN: Command = Command {
    name: "strlen",
    handler: strlen,
    arity: Arity::Exactly(2),
    keys: &[KeySpec::at(1, Access::RO)],
    flags: Flags::READONLY.with(Flags::FAST),
    acl: Acl::STRING,
    docs: Docs {
        summary: "Returns how many bytes the string at a key has.",
        since: "2.2.0",
        group: Group::String,
        complexity: "O(1)",
        args: &[Arg::key("key")],
        ..Docs::NONE
    },
    ..Command::BASE
};

fn strlen(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let key = context.key(&args[1]);
    let count = match context.find(key) {
        Some(found) => length(&found.value())?,
        None => 0,
    };
    reply.count(count);
    Ok(())
}

const RANGE_ARGS: &[Arg] = &[Arg::key("key"), Arg::int("start"), Arg::int("end")];

/// GETRANGE.
pub(super) const GETRANGE: Command = Command {
    name: "getrange",
    handler: getrange,
    arity: Arity::Exactly(4),
    keys: &[KeySpec::at(1, Access::RO.with(Access::ACCESS))],
    flags: Flags::READONLY,
    acl: Acl::STRING,
    docs: Docs {
        summary: "Returns a part of the string at a key.",
        since: "2.4.0",
        group: Group::String,
        complexity: "O(N) where N is the length of the returned string, which for short ones is as good as O(1).",
        args: RANGE_ARGS,
        ..Docs::NONE
    },
    ..Command::BASE
};

/// SUBSTR, the old name of GETRANGE.
pub(super) const SUBSTR: Command = Command {
    name: "substr",
    docs: Docs {
        summary: "Returns a part of the string at a key.",
        since: "1.0.0",
        deprecated: Some(("2.0.0", "`GETRANGE`")),
        ..GETRANGE.docs
    },
    ..GETRANGE
};

fn getrange(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let (start, end) = (int(&args[2])?, int(&args[3])?);
    let key = context.key(&args[1]);
    match context.find(key) {
        Some(found) => with_bytes(&found.value(), |bytes| reply.bulk(part(bytes, start, end)))?,
        None => reply.bulk(b""),
    }
    Ok(())
}

/// The bytes from `start` to `end`, both included; negative ones count from the end.
fn part(bytes: &[u8], start: i64, end: i64) -> &[u8] {
    let length = i64::try_from(bytes.len()).expect("a slice is at most isize::MAX bytes");
    // Two negative ends the wrong way round are empty even where both are before the beginning.
    if (start < 0 && end < 0 && start > end) || length == 0 {
        return b"";
    }
    let from_start = |index: i64| if index < 0 { (length + index).max(0) } else { index };
    let (start, end) = (from_start(start), from_start(end).min(length - 1));
    if start > end { b"" } else { &bytes[start as usize..=end as usize] }
}

#[cfg(test)]
mod tests {
    use super::part;

    #[test]
    fn parts_of_a_string() {
        let text = b"Hello";
        for (start, end, expected) in [
            (0, 3, "Hell"),
            (0, -1, "Hello"),
            (-3, -2, "ll"),
            (3, 1, ""),
            (3, 99, "lo"),
            (5, 9, ""),
            (0, -100, "H"),
            (-100, -99, "H"),
            (-100, -101, ""),
            (1, -100, ""),
            (i64::MIN, i64::MAX, "Hello"),
            (i64::MAX, i64::MIN, ""),
        ] {
            assert_eq!(part(text, start, end), expected.as_bytes(), "{start}..={end}");
        }
        assert_eq!(part(b"", 0, -1), b"");
    }
}
