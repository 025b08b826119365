//! Sorted sets: members with scores, in the order of their scores.
//!
//! A small sorted set is a listpack of member, score, member, score in order; a large one is a
//! [`redstart_encoding::SortedSet`]. It becomes large when a command brings a member longer than
//! `zset-max-listpack-value`, when it has more members than `zset-max-listpack-entries`, or when the listpack would pass
//! 1 GiB; never small again, except where a command stores a result. A sorted set without members is not there.
//!
//! `small.rs` knows the listpack; `members.rs` both encodings, to be read; `edit.rs` both, to be changed; `bounds.rs`
//! what a range of ranks, scores or names is. The other files hold the commands.

pub(crate) mod add;
mod blocking;
mod bounds;
mod combine;
pub(crate) mod edit;
pub(crate) mod members;
mod pop;
mod random;
mod range;
mod read;
mod remove;
mod scan;
pub(crate) mod small;
mod sources;

use redstart_command::Command;

/// The family.
pub(crate) const COMMANDS: &[Command] = Command::checked(&[
    add::ZADD,
    add::ZINCRBY,
    read::ZCARD,
    read::ZSCORE,
    read::ZMSCORE,
    read::ZRANK,
    read::ZREVRANK,
    read::ZCOUNT,
    read::ZLEXCOUNT,
    range::ZRANGE,
    range::ZRANGESTORE,
    range::ZREVRANGE,
    range::ZRANGEBYSCORE,
    range::ZREVRANGEBYSCORE,
    range::ZRANGEBYLEX,
    range::ZREVRANGEBYLEX,
    remove::ZREM,
    remove::ZREMRANGEBYRANK,
    remove::ZREMRANGEBYSCORE,
    remove::ZREMRANGEBYLEX,
    pop::ZPOPMIN,
    pop::ZPOPMAX,
    pop::ZMPOP,
    blocking::BZPOPMIN,
    blocking::BZPOPMAX,
    blocking::BZMPOP,
    combine::ZUNION,
    combine::ZINTER,
    combine::ZDIFF,
    combine::ZUNIONSTORE,
    combine::ZINTERSTORE,
    combine::ZDIFFSTORE,
    combine::ZINTERCARD,
    random::ZRANDMEMBER,
    scan::ZSCAN,
]);

pub(crate) use members::Members;
