//! Strings and counters.

use crate::differential::{Family, Rule, exact};

/// See the module.
pub(super) const FAMILY: Family = Family { name: "strings", rules: RULES };

const RULES: &[Rule] = &[
    exact(30, "SET @skey @value"),
    exact(10, "SET @key @value [ NX | XX ] [ GET ] [ EX @seconds | PX @ms | EXAT @at | PXAT @atms | KEEPTTL ]"),
    exact(4, "SET @skey @value ( IFEQ | IFNE ) @value [ GET ] [ EX @seconds | KEEPTTL ]"),
    exact(20, "GET @skey"),
    exact(3, "GETSET @skey @value"),
    exact(6, "GETEX @skey [ EX @seconds | PX @ms | EXAT @at | PXAT @atms | PERSIST ]"),
    exact(4, "GETDEL @skey"),
    exact(3, "SETNX @skey @value"),
    exact(3, "SETEX @skey @seconds @value"),
    exact(3, "PSETEX @skey @ms @value"),
    exact(4, "MSET { @skey @value }"),
    exact(4, "MSETNX { @key @value }"),
    exact(6, "MGET { @key }"),
    exact(3, "MSETEX ( 1 | 2 | @int ) { @skey @value } [ NX | XX ] [ EX @seconds | PXAT @atms | KEEPTTL ]"),
    exact(5, "APPEND @skey @value"),
    exact(4, "STRLEN @skey"),
    exact(5, "SETRANGE @skey @woffset @value"),
    exact(6, "GETRANGE @skey @offset @offset"),
    exact(2, "SUBSTR @skey @offset @offset"),
    exact(5, "INCR @skey"),
    exact(4, "DECR @skey"),
    exact(6, "INCRBY @skey @int"),
    exact(5, "DECRBY @skey @int"),
    exact(6, "INCRBYFLOAT @skey @float"),
    exact(4, "LCS @skey @skey [ LEN ] [ IDX ] [ MINMATCHLEN @int ] [ WITHMATCHLEN ]"),
    exact(3, "DELIFEQ @skey @value"),
    exact(3, "DELEX @skey [ IFEQ @value | IFNE @value ]"),
    exact(2, "DIGEST @skey"),
    exact(3, "INCREX @skey [ BYINT @int | BYFLOAT @float ] [ EX @seconds ]"),
];
