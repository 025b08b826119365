//! Bitmaps.

use crate::differential::{Family, Rule, exact};

/// See the module.
pub(super) const FAMILY: Family = Family { name: "bitmaps", rules: RULES };

const RULES: &[Rule] = &[
    exact(20, "SETBIT @skey @bit ( 0 | 1 )"),
    exact(2, "SETBIT @skey ( -1 | 4294967296 | abc | 7 ) ( 2 | -1 | abc | 1 )"),
    exact(8, "GETBIT @skey @bit"),
    exact(6, "BITCOUNT @skey [ @offset @offset [ ( BYTE | BIT | bit | nonsense ) ] ]"),
    exact(8, "BITPOS @skey ( 0 | 1 | 0 | 1 | 2 ) [ @offset [ @offset [ ( BYTE | BIT | nonsense ) ] ] ]"),
    exact(6, "BITOP ( AND | OR | XOR | and | nonsense ) @skey { @skey }"),
    exact(3, "BITOP NOT @skey { @skey }"),
    exact(12, "BITFIELD @skey { ( GET @width @bit | SET @width @bit @int | INCRBY @width @bit @int ) }"),
    exact(
        8,
        "BITFIELD @skey OVERFLOW ( SAT | FAIL | WRAP | x ) { ( SET @width @place @int | INCRBY @width @place @int ) }",
    ),
    exact(3, "BITFIELD_RO @skey { ( GET @width @place | GET @width @bit | SET u8 0 1 ) }"),
    exact(4, "SETRANGE @skey @bit @value"),
    exact(3, "GET @skey"),
];
