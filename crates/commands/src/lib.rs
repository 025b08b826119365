//! The command families: one family is one file (or one folder by noun), metadata above handlers.
//!
//! To add a command: write its const and handler in its family's file, name it in the family's `COMMANDS`, and add a
//! transcript under `tests/transcripts/`.
#![forbid(unsafe_code)]

mod acl;
mod aof;
mod array;
mod bitmap;
mod client;
mod cluster;
mod command;
mod config;
mod connection;
mod debug;
mod dump;
mod element;
mod expire;
mod generic;
mod geo;
mod guard;
mod hash;
pub mod help;
mod hotkeys;
mod hyperloglog;
mod info;
mod latency;
mod list;
mod lolwut;
mod memory;
mod module;
mod monitor;
mod parse;
mod parts;
pub mod persistence;
mod pubsub;
mod replication;
mod sample;
mod scan;
mod server;
mod set;
mod slowlog;
mod sort;
mod sorted_set;
mod stream;
mod string;
mod throttle;
mod transaction;
pub mod version;

pub use acl::file::load as load_acl_file;

use redstart_command::Command;

/// All families.
pub const FAMILIES: &[&[Command]] = &[
    acl::COMMANDS,
    aof::COMMANDS,
    array::COMMANDS,
    bitmap::COMMANDS,
    client::COMMANDS,
    cluster::COMMANDS,
    command::COMMANDS,
    config::COMMANDS,
    connection::COMMANDS,
    debug::COMMANDS,
    dump::COMMANDS,
    expire::COMMANDS,
    generic::COMMANDS,
    geo::COMMANDS,
    hash::COMMANDS,
    hotkeys::COMMANDS,
    hyperloglog::COMMANDS,
    info::COMMANDS,
    latency::COMMANDS,
    list::COMMANDS,
    lolwut::COMMANDS,
    memory::COMMANDS,
    module::COMMANDS,
    monitor::COMMANDS,
    persistence::COMMANDS,
    pubsub::COMMANDS,
    replication::COMMANDS,
    server::COMMANDS,
    set::COMMANDS,
    slowlog::COMMANDS,
    sort::COMMANDS,
    sorted_set::COMMANDS,
    stream::COMMANDS,
    string::COMMANDS,
    throttle::COMMANDS,
    transaction::COMMANDS,
];

#[cfg(test)]
mod tests {
    use super::*;
    use redstart_command::Flags;

    /// What inherits from another command could have this flag by mistake, and a snapshot would be wrong.
    #[test]
    fn those_change_the_members_they_name_and_no_others() {
        let all = FAMILIES.iter().copied().flatten();
        let mut named: Vec<_> = all.filter(|one| one.flags.has(Flags::CHANGES_NAMED)).map(|one| one.name).collect();
        let expected = "expire expireat geoadd hdel hexpire hexpireat hgetdel hgetex hincrby hincrbyfloat hmset hpersist \
            hpexpire hpexpireat hset hsetex hsetnx persist pexpire pexpireat sadd sexpire sexpireat smove spersist spexpire \
            spexpireat srem zadd zincrby zrem";
        named.sort_unstable();
        assert_eq!(named.join(" "), expected);
    }
}
