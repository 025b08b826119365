//! Transactions over whatever else the stream holds: most are short, since EXEC comes more often than MULTI.

use crate::differential::compare::Reply;
use crate::differential::{Family, Rule, exact, rule};

/// See the module.
pub(super) const FAMILY: Family = Family { name: "transactions", rules: RULES };

const RULES: &[Rule] = &[
    exact(8, "MULTI"),
    rule(40, Reply::Answers, "EXEC"),
    exact(2, "DISCARD"),
    exact(8, "WATCH { ( @skey | @lkey | @setkey | @zkey | @xkey ) }"),
    exact(2, "UNWATCH"),
    exact(4, "SET @skey @value"),
    exact(4, "INCR @skey"),
];
