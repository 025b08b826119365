//! Lists. How much a node holds changes on the way, so that lists of some elements are large ones too.

use crate::differential::{Family, Rule, exact};

/// See the module.
pub(super) const FAMILY: Family = Family { name: "lists", rules: RULES };

const RULES: &[Rule] = &[
    exact(14, "LPUSH @lkey { @element }"),
    exact(14, "RPUSH @lkey { @element }"),
    exact(4, "LPUSHX @lkey { @element }"),
    exact(4, "RPUSHX @lkey { @element }"),
    exact(8, "LPOP @lkey [ @count ]"),
    exact(8, "RPOP @lkey [ @count ]"),
    exact(5, "LLEN @lkey"),
    exact(8, "LRANGE @lkey @offset @offset"),
    exact(6, "LINDEX @lkey @offset"),
    exact(8, "LSET @lkey @offset @element"),
    exact(8, "LINSERT @lkey ( BEFORE | AFTER ) @element @element"),
    exact(8, "LREM @lkey @offset @element"),
    exact(3, "LTRIM @lkey @offset @offset"),
    exact(8, "LPOS @lkey @element [ RANK @offset ] [ COUNT @count ] [ MAXLEN @count ]"),
    exact(7, "LMOVE @lkey @lkey ( LEFT | RIGHT ) ( LEFT | RIGHT )"),
    exact(4, "RPOPLPUSH @lkey @lkey"),
    exact(6, "LMPOP ( 1 @lkey | 2 @lkey @lkey | @count @lkey ) ( LEFT | RIGHT ) [ COUNT @count ]"),
    exact(4, "OBJECT ENCODING @lkey"),
    exact(2, "COPY @lkey @lkey [ REPLACE ]"),
    exact(2, "CONFIG SET list-max-listpack-size ( -1 | -2 | -3 | 0 | 1 | 2 | 4 | 16 )"),
    exact(1, "CONFIG SET list-compress-depth ( 0 | 1 | 2 )"),
];
