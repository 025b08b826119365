//! Members that expire (announced for Redis 8.12). The documentation of these commands is not out yet: they follow the
//! ones on fields of hashes, with MEMBERS in the place of FIELDS. A set whose members expire is a table.

use super::members::Set;
use crate::parse::TimeUnit;
use crate::parts::{CONDITION, expire, persist, times};
use redstart_command::{Access, Acl, Arg, ArgKind, Arity, Command, Docs, Flags, Group, KeySpec};

const MEMBERS: Arg =
    Arg::block("members", &[Arg::int("nummembers"), Arg::string("member").multiple()]).token("MEMBERS");

/// SEXPIRE.
pub(super) const SEXPIRE: Command = Command {
    name: "sexpire",
    handler: |context, args, reply| expire::<Set>(TimeUnit::Seconds, context, args, reply),
    arity: Arity::AtLeast(6),
    keys: &[KeySpec::at(1, Access::RW.with(Access::UPDATE))],
    flags: Flags::WRITE.with(Flags::FAST).with(Flags::CHANGES_NAMED),
    acl: Acl::SET,
    docs: Docs {
        summary: "Has members of a set expire after so many seconds.",
        since: "8.12.0",
        group: Group::Set,
        complexity: "O(N) where N is the number of specified members",
        args: &[Arg::key("key"), Arg::int("seconds"), CONDITION, MEMBERS],
        ..Docs::NONE
    },
    ..Command::BASE
};

/// SPEXPIRE.
pub(super) const SPEXPIRE: Command = Command {
    name: "spexpire",
    handler: |context, args, reply| expire::<Set>(TimeUnit::Millis, context, args, reply),
    docs: Docs {
        summary: "Has members of a set expire after so many milliseconds.",
        args: &[Arg::key("key"), Arg::int("milliseconds"), CONDITION, MEMBERS],
        ..SEXPIRE.docs
    },
    ..SEXPIRE
};

/// SEXPIREAT.
pub(super) const SEXPIREAT: Command = Command {
    name: "sexpireat",
    handler: |context, args, reply| expire::<Set>(TimeUnit::UnixSeconds, context, args, reply),
    docs: Docs {
        summary: "Has members of a set expire at a Unix time in seconds.",
        args: &[Arg::key("key"), Arg::new("unix-time-seconds", ArgKind::UnixTime), CONDITION, MEMBERS],
        ..SEXPIRE.docs
    },
    ..SEXPIRE
};

/// SPEXPIREAT.
pub(super) const SPEXPIREAT: Command = Command {
    name: "spexpireat",
    handler: |context, args, reply| expire::<Set>(TimeUnit::UnixMillis, context, args, reply),
    docs: Docs {
        summary: "Has members of a set expire at a Unix time in milliseconds.",
        args: &[Arg::key("key"), Arg::new("unix-time-milliseconds", ArgKind::UnixTime), CONDITION, MEMBERS],
        ..SEXPIRE.docs
    },
    ..SEXPIRE
};

/// STTL.
pub(super) const STTL: Command = Command {
    name: "sttl",
    handler: |context, args, reply| times::<Set>(TimeUnit::Seconds, context, args, reply),
    arity: Arity::AtLeast(5),
    keys: &[KeySpec::at(1, Access::RO.with(Access::ACCESS))],
    flags: Flags::READONLY.with(Flags::FAST),
    docs: Docs {
        summary: "Returns how many seconds members of a set have left.",
        args: &[Arg::key("key"), MEMBERS],
        ..SEXPIRE.docs
    },
    tips: &["nondeterministic_output"],
    ..SEXPIRE
};

/// SPTTL.
pub(super) const SPTTL: Command = Command {
    name: "spttl",
    handler: |context, args, reply| times::<Set>(TimeUnit::Millis, context, args, reply),
    docs: Docs { summary: "Returns how many milliseconds members of a set have left.", ..STTL.docs },
    ..STTL
};

/// SEXPIRETIME.
pub(super) const SEXPIRETIME: Command = Command {
    name: "sexpiretime",
    handler: |context, args, reply| times::<Set>(TimeUnit::UnixSeconds, context, args, reply),
    docs: Docs { summary: "Returns the Unix time in seconds when members of a set expire.", ..STTL.docs },
    tips: &[],
    ..STTL
};

/// SPEXPIRETIME.
pub(super) const SPEXPIRETIME: Command = Command {
    name: "spexpiretime",
    handler: |context, args, reply| times::<Set>(TimeUnit::UnixMillis, context, args, reply),
    docs: Docs { summary: "Returns the Unix time in milliseconds when members of a set expire.", ..STTL.docs },
    tips: &[],
    ..STTL
};

/// SPERSIST.
pub(super) const SPERSIST: Command = Command {
    name: "spersist",
    handler: persist::<Set>,
    arity: Arity::AtLeast(5),
    docs: Docs { summary: "Has members of a set no longer expire.", args: &[Arg::key("key"), MEMBERS], ..SEXPIRE.docs },
    ..SEXPIRE
};
