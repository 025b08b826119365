//! Streams. Ids are given, never made from the clock, and nothing waits; idle times are nothing or far away.

use crate::differential::compare::Reply;
use crate::differential::{Family, Rule, exact, rule};

/// See the module.
pub(super) const FAMILY: Family = Family { name: "streams", rules: RULES };

const RULES: &[Rule] = &[
    exact(40, "XADD @xkey @newid { @field @value }"),
    exact(20, "XADD @xkey @newid field @value"),
    exact(3, "XADD @xkey NOMKSTREAM @newid f1 @value"),
    exact(5, "XADD @xkey ( MAXLEN | MINID ) [ = | ~ ] ( @count | @xid | 30 ) [ LIMIT @count ] @newid f1 @value f2 x"),
    exact(3, "XTRIM @xkey ( MAXLEN | MINID ) [ = | ~ ] ( @count | @xid | 20 ) [ LIMIT @count ]"),
    exact(4, "XLEN @xkey"),
    exact(6, "XRANGE @xkey ( - | @xid ) ( + | @xid ) [ COUNT @count ]"),
    exact(6, "XREVRANGE @xkey ( + | @xid ) ( - | @xid ) [ COUNT @count ]"),
    exact(10, "XDEL @xkey { @xid }"),
    exact(6, "XREAD [ COUNT @count ] STREAMS @xkey ( @xid | 0 | $ | + )"),
    exact(4, "XREAD [ COUNT @count ] STREAMS @xkey @xkey ( @xid | 0 | $ | + ) ( @xid | 0 | $ | + | > )"),
    exact(8, "XGROUP CREATE @xkey @group ( @xid | 0 | $ ) [ MKSTREAM ] [ ENTRIESREAD @count ]"),
    exact(3, "XGROUP SETID @xkey @group ( @xid | 0 | $ | - ) [ ENTRIESREAD @count ]"),
    exact(1, "XGROUP DESTROY @xkey @group"),
    exact(3, "XGROUP CREATECONSUMER @xkey @group @consumer"),
    exact(2, "XGROUP DELCONSUMER @xkey @group @consumer"),
    exact(25, "XREADGROUP GROUP @group @consumer [ COUNT @count ] [ NOACK ] STREAMS @xkey >"),
    exact(
        4,
        "XREADGROUP GROUP @group @consumer [ COUNT @count ] STREAMS @xkey @xkey ( > | 0 | @xid ) ( > | 0 | $ | + )",
    ),
    exact(6, "XREADGROUP GROUP @group @consumer [ COUNT @count ] STREAMS @xkey ( 0 | @xid )"),
    exact(15, "XACK @xkey @group { @xid }"),
    exact(5, "XPENDING @xkey @group"),
    rule(6, Reply::IdleRows, "XPENDING @xkey @group [ IDLE @idle ] ( - | @xid ) ( + | @xid ) @count [ @consumer ]"),
    exact(
        10,
        "XCLAIM @xkey @group @consumer @idle { @xid } [ IDLE @idle | TIME @idle ] [ RETRYCOUNT @count ] [ FORCE ] [ JUSTID ] [ LASTID @xid ]",
    ),
    exact(6, "XAUTOCLAIM @xkey @group @consumer @idle ( 0 | @xid ) [ COUNT @count ] [ JUSTID ]"),
    exact(4, "XINFO STREAM @xkey"),
    rule(3, Reply::Times, "XINFO STREAM @xkey FULL [ COUNT @count ]"),
    exact(6, "XINFO GROUPS @xkey"),
    rule(3, Reply::Times, "XINFO CONSUMERS @xkey @group"),
    exact(2, "XSETID @xkey @newid [ ENTRIESADDED @int ] [ MAXDELETEDID @xid ]"),
    exact(1, "DEL @xkey"),
    exact(2, "COPY @xkey @xkey REPLACE"),
];
