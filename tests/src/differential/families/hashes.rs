//! Hashes.

use crate::differential::compare::Reply;
use crate::differential::{Family, Rule, exact, rule};

/// See the module.
pub(super) const FAMILY: Family = Family { name: "hashes", rules: RULES };

const RULES: &[Rule] = &[
    exact(20, "HSET @hkey { @field @value }"),
    exact(4, "HSETNX @hkey @field @value"),
    exact(4, "HMSET @hkey { @field @value }"),
    exact(10, "HGET @hkey @field"),
    exact(6, "HMGET @hkey { @field }"),
    rule(8, Reply::Pairs, "HGETALL @hkey"),
    exact(8, "HDEL @hkey { @field }"),
    exact(5, "HLEN @hkey"),
    rule(4, Reply::Unordered, "HKEYS @hkey"),
    rule(4, Reply::Unordered, "HVALS @hkey"),
    exact(5, "HEXISTS @hkey @field"),
    exact(4, "HSTRLEN @hkey @field"),
    exact(7, "HINCRBY @hkey @field @int"),
    exact(7, "HINCRBYFLOAT @hkey @field @float"),
    rule(4, Reply::Shape, "HRANDFIELD @hkey [ @count [ WITHVALUES ] ]"),
    rule(5, Reply::CursorPairs, "HSCAN @hkey 0 COUNT 1000 [ MATCH @pattern ]"),
    rule(3, Reply::Cursor, "HSCAN @hkey 0 COUNT 1000 [ MATCH @pattern ] NOVALUES"),
    rule(2, Reply::Cursor, "HSCAN @hkey ( abc | -1 | 0 COUNT 0 | 0 COUNT abc | 0 MATCH | 0 TYPE hash | 0 nonsense x )"),
];
