//! When collections change their encoding.

use crate::directive::{Directive, INT_MAX, INT_MIN, LONG_MAX};

pub(super) const DIRECTIVES: &[Directive] = &[
    Directive::int("list-max-listpack-size", INT_MIN, INT_MAX, -2).aliases(&["list-max-ziplist-size"]).honoured(),
    Directive::int("list-compress-depth", 0, INT_MAX, 0).honoured(),
    Directive::int("stream-node-max-entries", 0, LONG_MAX, 100).honoured(),
    Directive::int("hash-max-listpack-entries", 0, LONG_MAX, 512)
        .unsigned()
        .aliases(&["hash-max-ziplist-entries"])
        .honoured(),
    Directive::int("set-max-intset-entries", 0, LONG_MAX, 512).unsigned().honoured(),
    Directive::int("set-max-listpack-entries", 0, LONG_MAX, 128).unsigned().honoured(),
    Directive::int("set-max-listpack-value", 0, LONG_MAX, 64).unsigned().honoured(),
    Directive::int("zset-max-listpack-entries", 0, LONG_MAX, 128)
        .unsigned()
        .aliases(&["zset-max-ziplist-entries"])
        .honoured(),
    Directive::memory("hash-max-listpack-value", 0, LONG_MAX, 64)
        .unsigned()
        .aliases(&["hash-max-ziplist-value"])
        .honoured(),
    Directive::memory("stream-node-max-bytes", 0, LONG_MAX, 4096).unsigned().honoured(),
    Directive::memory("zset-max-listpack-value", 0, LONG_MAX, 64)
        .unsigned()
        .aliases(&["zset-max-ziplist-value"])
        .honoured(),
    Directive::memory("hll-sparse-max-bytes", 0, LONG_MAX, 3000).unsigned().honoured(),
];
