//! Keys of any type: expiry, renaming, databases, SCAN.

use crate::differential::compare::Reply;
use crate::differential::{Family, Rule, exact, rule};

/// See the module.
pub(super) const FAMILY: Family = Family { name: "keys", rules: RULES };

const RULES: &[Rule] = &[
    exact(6, "DEL { @key }"),
    exact(3, "UNLINK { @key }"),
    exact(6, "EXISTS { @key }"),
    exact(3, "TOUCH { @key }"),
    exact(6, "TYPE @key"),
    exact(4, "RENAME @key @key"),
    exact(4, "RENAMENX @key @key"),
    exact(5, "COPY @key @key [ DB @db ] [ REPLACE ]"),
    exact(4, "MOVE @key @db"),
    exact(3, "SELECT @db"),
    exact(1, "SWAPDB @db @db"),
    exact(8, "EXPIRE @key @seconds [ NX | XX | GT | LT | XX GT | NX LT | GT LT ]"),
    exact(5, "PEXPIRE @key @ms [ NX | XX | GT | LT ]"),
    exact(5, "EXPIREAT @key @at [ NX | XX | GT | LT ]"),
    exact(5, "PEXPIREAT @key @atms [ NX | XX | GT | LT ]"),
    exact(5, "PERSIST @key"),
    rule(6, Reply::Seconds, "TTL @key"),
    rule(5, Reply::Milliseconds, "PTTL @key"),
    rule(4, Reply::Seconds, "EXPIRETIME @key"),
    rule(4, Reply::Milliseconds, "PEXPIRETIME @key"),
    rule(5, Reply::Unordered, "KEYS @pattern"),
    rule(3, Reply::Shape, "RANDOMKEY"),
    // Keys set with a time in the past count until they are noticed, sooner or later.
    rule(4, Reply::Shape, "DBSIZE"),
    rule(5, Reply::Cursor, "SCAN 0 COUNT 1000 [ MATCH @pattern ] [ TYPE ( string | hash | list ) ]"),
    rule(2, Reply::Cursor, "SCAN ( abc | -1 | 1.5 | 18446744073709551616 ) [ COUNT 10 ]"),
    rule(2, Reply::Cursor, "SCAN 0 ( COUNT 0 | COUNT -1 | COUNT abc | COUNT | MATCH | NOVALUES | nonsense x )"),
    exact(6, "OBJECT ENCODING @key"),
    exact(1, "OBJECT @value @key"),
    exact(1, "OBJECT FREQ @key"),
    exact(1, "( FLUSHDB | FLUSHALL ) [ ASYNC | SYNC | nonsense ]"),
];
