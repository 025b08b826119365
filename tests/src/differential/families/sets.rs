//! Sets.

use crate::differential::compare::Reply;
use crate::differential::{Family, Rule, exact, rule};

/// See the module.
pub(super) const FAMILY: Family = Family { name: "sets", rules: RULES };

const RULES: &[Rule] = &[
    exact(20, "SADD @setkey { @member }"),
    exact(8, "SREM @setkey { @member }"),
    rule(6, Reply::Unordered, "SMEMBERS @setkey"),
    exact(6, "SISMEMBER @setkey @member"),
    exact(6, "SMISMEMBER @setkey { @member }"),
    exact(4, "SCARD @setkey"),
    exact(6, "SMOVE @setkey @setkey @member"),
    rule(4, Reply::Unordered, "SINTER { @setkey }"),
    rule(4, Reply::Unordered, "SUNION { @setkey }"),
    rule(4, Reply::Unordered, "SDIFF { @setkey }"),
    exact(4, "SINTERSTORE @setkey { @setkey }"),
    exact(4, "SUNIONSTORE @setkey { @setkey }"),
    exact(4, "SDIFFSTORE @setkey { @setkey }"),
    exact(4, "SINTERCARD ( 1 @setkey | 2 @setkey @setkey | 3 @setkey @setkey @setkey ) [ LIMIT @count ]"),
    exact(1, "SINTERCARD ( 0 | -1 | abc | 5 ) @setkey"),
    rule(3, Reply::Shape, "SRANDMEMBER @setkey [ @count ]"),
    rule(4, Reply::Cursor, "SSCAN @setkey 0 COUNT 1000 [ MATCH @pattern ]"),
    rule(
        1,
        Reply::Cursor,
        "SSCAN @setkey ( abc | -1 | 0 COUNT 0 | 0 COUNT abc | 0 MATCH | 0 NOVALUES | 0 nonsense x )",
    ),
    exact(3, "OBJECT ENCODING @setkey"),
];
