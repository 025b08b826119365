//! Users: rules in any order, what they come to, and what may be done by them. Nobody becomes one of these users, so
//! the rest of the stream goes on as it would.

use crate::differential::Rule;
use crate::differential::compare::Reply;
use crate::differential::{Family, exact, rule};

/// See the module.
pub(super) const FAMILY: Family = Family { name: "users", rules: RULES };

const RULES: &[Rule] = &[
    exact(
        4,
        "ACL SETUSER ( u1 | u2 ) { ( on | off | nopass | resetpass | >one | <one | >two | #12 | skip-sanitize-payload \
         | sanitize-payload | reset | clearselectors | () | (+get ~a*) | ( +@read %R~r* ) | (+@all allkeys allchannels) ) }",
    ),
    exact(
        6,
        "ACL SETUSER ( u1 | u2 ) { ( +get | -get | +SET | -set | +config | +config|get | -config|set | +nosuch | +@all \
         | -@all | allcommands | nocommands | +@read | -@read | +@write | -@write | +@string | -@hash | +@slow | -@slow \
         | +@connection | +@nosuch | +select|0 | +select|1 | -select | +object | -object|freq ) }",
    ),
    exact(
        6,
        "ACL SETUSER ( u1 | u2 ) { ( ~a* | ~r* | %R~r* | %W~w* | %RW~x | %~ | allkeys | resetkeys | ~* | &news | &l* \
         | &* | allchannels | resetchannels | %R~* | ~ ) }",
    ),
    exact(2, "ACL GETUSER ( u1 | u2 )"),
    exact(1, "ACL LIST"),
    exact(1, "ACL USERS"),
    exact(1, "ACL DELUSER { ( u1 | u2 ) }"),
    exact(
        12,
        "ACL DRYRUN ( u1 | u2 ) ( GET ( a1 | r1 | w1 ) | SET ( a1 | r1 | w1 ) v | SET ( a1 | x ) v GET \
         | MGET { ( a1 | r1 | x ) } | COPY ( a1 | r1 ) ( w1 | x ) | LPUSH w1 v | HGET ( a1 | w1 ) f | HSET x f v \
         | SORT ( r1 | a1 ) STORE ( w1 | r1 ) | ZUNIONSTORE w1 2 ( a1 | r1 ) ( r1 | w1 ) | XREAD STREAMS ( a1 | r1 ) 0 \
         | SELECT ( 0 | 1 ) | CONFIG GET x | CONFIG SET x y | OBJECT FREQ ( a1 | x ) | OBJECT HELP | PING | AUTH x \
         | BITFIELD r1 GET u4 0 | BITFIELD ( r1 | x ) SET u4 0 1 | EXISTS ( w1 | z ) | DEL ( w1 | r1 ) \
         | PUBLISH ( news | list | x ) m | SUBSCRIBE { ( news | list ) } | PSUBSCRIBE ( l* | n* ) )",
    ),
    rule(1, Reply::Shape, "ACL GENPASS [ 1 | 5 | 256 | 0 ]"),
];
