//! Sorted sets: `@zkey` with any scores, `@lexkey` with the score 0 alone, so that ranges of names mean something.

use crate::differential::compare::Reply;
use crate::differential::{Family, Rule, exact, rule};

/// See the module.
pub(super) const FAMILY: Family = Family { name: "sorted_sets", rules: RULES };

const RULES: &[Rule] = &[
    exact(20, "ZADD @zkey { @score @member }"),
    exact(10, "ZADD @zkey [ NX | XX | GT | LT | XX GT | XX LT | NX GT | GT LT ] [ CH ] [ INCR ] { @score @member }"),
    exact(12, "ZADD @lexkey { 0 @letter }"),
    exact(8, "ZINCRBY @zkey @score @member"),
    exact(10, "ZREM @zkey { @member }"),
    exact(3, "ZREM @lexkey { @letter }"),
    exact(5, "ZCARD @zkey"),
    exact(6, "ZSCORE @zkey @member"),
    exact(5, "ZMSCORE @zkey { @member }"),
    exact(6, "ZRANK @zkey @member [ WITHSCORE ]"),
    exact(6, "ZREVRANK @zkey @member [ WITHSCORE ]"),
    exact(6, "ZCOUNT @zkey @bound @bound"),
    exact(6, "ZLEXCOUNT @lexkey @name @name"),
    exact(8, "ZRANGE @zkey @offset @offset [ REV ] [ WITHSCORES ]"),
    exact(8, "ZRANGE @zkey @bound @bound BYSCORE [ REV ] [ LIMIT @offset @count ] [ WITHSCORES ]"),
    exact(8, "ZRANGE @lexkey @name @name BYLEX [ REV ] [ LIMIT @offset @count ]"),
    exact(1, "ZRANGE @zkey @offset @offset ( LIMIT 0 1 | BYLEX WITHSCORES | BYSCORE BYLEX | REV REV | LIMIT 1 )"),
    exact(5, "ZRANGESTORE @zkey @zkey @offset @offset [ REV ]"),
    exact(5, "ZRANGESTORE @zkey @zkey @bound @bound BYSCORE [ REV ] [ LIMIT @offset @count ]"),
    exact(4, "ZRANGESTORE @lexkey @lexkey @name @name BYLEX [ REV ] [ LIMIT @offset @count ]"),
    exact(4, "ZREVRANGE @zkey @offset @offset [ WITHSCORES ]"),
    exact(5, "ZRANGEBYSCORE @zkey @bound @bound [ WITHSCORES ] [ LIMIT @offset @count ]"),
    exact(5, "ZREVRANGEBYSCORE @zkey @bound @bound [ WITHSCORES ] [ LIMIT @offset @count ]"),
    exact(5, "ZRANGEBYLEX @lexkey @name @name [ LIMIT @offset @count ]"),
    exact(5, "ZREVRANGEBYLEX @lexkey @name @name [ LIMIT @offset @count ]"),
    exact(2, "ZREMRANGEBYRANK @zkey @offset @offset"),
    exact(2, "ZREMRANGEBYSCORE @zkey @bound @bound"),
    exact(2, "ZREMRANGEBYLEX @lexkey @name @name"),
    exact(4, "( ZPOPMIN | ZPOPMAX ) @zkey [ @count ]"),
    exact(4, "ZMPOP ( 1 @zkey | 2 @zkey @zkey | @int @zkey ) ( MIN | MAX ) [ COUNT @count ]"),
    // Without mistakes, which could make them wait for long.
    rule(2, Reply::Shape, "( BZPOPMIN | BZPOPMAX ) @zkey @zkey ( 0.001 | -1 | abc )"),
    rule(2, Reply::Shape, "BZMPOP ( 0.001 | -1 | abc ) ( 1 @zkey | 2 @zkey @zkey ) ( MIN | MAX ) [ COUNT @count ]"),
    exact(
        8,
        "( ZUNION | ZINTER ) 2 @zkey @zkey [ WEIGHTS @weight @weight ] [ AGGREGATE ( SUM | MIN | MAX ) ] [ WITHSCORES ]",
    ),
    exact(4, "( ZUNION | ZINTER ) 3 @zkey @setkey @zkey [ WITHSCORES ]"),
    exact(4, "ZDIFF ( 1 @zkey | 2 @zkey @setkey | 3 @zkey @zkey @zkey ) [ WITHSCORES ]"),
    exact(
        5,
        "( ZUNIONSTORE | ZINTERSTORE ) @zkey 2 @zkey @zkey [ WEIGHTS @weight @weight ] [ AGGREGATE ( SUM | MIN | MAX ) ]",
    ),
    exact(3, "ZDIFFSTORE @zkey ( 1 @zkey | 2 @zkey @setkey | 3 @zkey @zkey @zkey )"),
    exact(1, "( ZUNION | ZINTER | ZDIFF ) ( 0 | -1 | abc | 5 ) @zkey [ AGGREGATE nonsense ]"),
    exact(4, "ZINTERCARD ( 1 @zkey | 2 @zkey @zkey | 2 @zkey @setkey | @int @zkey ) [ LIMIT @count ]"),
    exact(5, "SADD @setkey { @member }"),
    rule(3, Reply::Shape, "ZRANDMEMBER @zkey [ @count [ WITHSCORES ] ]"),
    rule(4, Reply::CursorPairs, "ZSCAN @zkey 0 COUNT 1000 [ MATCH @pattern ]"),
    rule(1, Reply::Cursor, "ZSCAN @zkey ( abc | -1 | 0 COUNT 0 | 0 COUNT abc | 0 MATCH | 0 NOVALUES | 0 nonsense x )"),
    exact(4, "OBJECT ENCODING @zkey"),
    exact(1, "OBJECT ENCODING @lexkey"),
];
