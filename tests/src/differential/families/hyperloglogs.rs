//! HyperLogLogs.

use crate::differential::{Family, Rule, exact};

/// See the module.
pub(super) const FAMILY: Family = Family { name: "hyperloglogs", rules: RULES };

const RULES: &[Rule] = &[
    exact(30, "PFADD @pfkey { @pfelement }"),
    exact(3, "PFADD @pfkey"),
    exact(8, "PFCOUNT { @pfkey }"),
    exact(4, "PFMERGE @pfkey { @pfkey }"),
    exact(2, "PFDEBUG ( encoding | todense | decode | nonsense ) @pfkey"),
    exact(3, "GET @pfkey"),
    exact(1, "CONFIG SET hll-sparse-max-bytes ( 30 | 3000 | 100 )"),
    exact(1, "DEL @pfkey"),
];
