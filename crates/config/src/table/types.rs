//! When collections change their encoding.

use crate::directive::{Directive, INT_MAX, INT_MIN, LONG_MAX};

pub(super) const DIRECTIVES: &[Directive] = &[
    Directive::int("list-max-listpack-size", INT_MIN, INT_MAX, -2)
        .aliases(&["list-max-ziplist-size"])
        .honoured("Largest listpack of a list: a number of elements, or -1 to -5 for 4, 8, 16, 32 and 64 KiB."),
    Directive::int("list-compress-depth", 0, INT_MAX, 0)
        .honoured("Nodes at both ends of a list that stay uncompressed. 0: none is compressed."),
    Directive::int("stream-node-max-entries", 0, LONG_MAX, 100)
        .honoured("Most entries in one block of a stream. 0: no limit."),
    Directive::int("hash-max-listpack-entries", 0, LONG_MAX, 512)
        .unsigned()
        .aliases(&["hash-max-ziplist-entries"])
        .honoured("Most fields of a hash that is a listpack."),
    Directive::int("set-max-intset-entries", 0, LONG_MAX, 512)
        .unsigned()
        .honoured("Most members of a set of integers that is an intset."),
    Directive::int("set-max-listpack-entries", 0, LONG_MAX, 128)
        .unsigned()
        .honoured("Most members of a set that is a listpack."),
    Directive::int("set-max-listpack-value", 0, LONG_MAX, 64)
        .unsigned()
        .honoured("Longest member of a set that is a listpack, in bytes."),
    Directive::int("zset-max-listpack-entries", 0, LONG_MAX, 128)
        .unsigned()
        .aliases(&["zset-max-ziplist-entries"])
        .honoured("Most members of a sorted set that is a listpack."),
    Directive::memory("hash-max-listpack-value", 0, LONG_MAX, 64)
        .unsigned()
        .aliases(&["hash-max-ziplist-value"])
        .honoured("Longest field name or value of a hash that is a listpack."),
    Directive::memory("stream-node-max-bytes", 0, LONG_MAX, 4096)
        .unsigned()
        .honoured("Most bytes in one block of a stream. 0: no limit."),
    Directive::memory("zset-max-listpack-value", 0, LONG_MAX, 64)
        .unsigned()
        .aliases(&["zset-max-ziplist-value"])
        .honoured("Longest member of a sorted set that is a listpack."),
    Directive::memory("hll-sparse-max-bytes", 0, LONG_MAX, 3000)
        .unsigned()
        .honoured("Longest sparse HyperLogLog; a longer one becomes dense."),
];
