# Sorted sets: what is refused leaves the key as it was; scores and numbers at their ends.

== wrong types
> SET s text
< +OK
> ZADD t 1 a
< :1
> ZADD s 1 a
< -WRONGTYPE Operation against a key holding the wrong kind of value
> ZADD s x a
< -ERR value is not a valid float
> ZADD s NX XX 1 a
< -ERR XX and NX options at the same time are not compatible
> ZINCRBY s 1 a
< -WRONGTYPE Operation against a key holding the wrong kind of value
> ZINCRBY s x a
< -ERR value is not a valid float
> ZREM s a
< -WRONGTYPE Operation against a key holding the wrong kind of value
> ZCARD s
< -WRONGTYPE Operation against a key holding the wrong kind of value
> ZSCORE s a
< -WRONGTYPE Operation against a key holding the wrong kind of value
> ZMSCORE s a b
< -WRONGTYPE Operation against a key holding the wrong kind of value
> ZRANK s a
< -WRONGTYPE Operation against a key holding the wrong kind of value
> ZREVRANK s a WITHSCORE
< -WRONGTYPE Operation against a key holding the wrong kind of value
> ZCOUNT s 0 1
< -WRONGTYPE Operation against a key holding the wrong kind of value
> ZCOUNT s x 1
< -ERR min or max is not a float
> ZLEXCOUNT s - +
< -WRONGTYPE Operation against a key holding the wrong kind of value
> ZLEXCOUNT s x +
< -ERR min or max not valid string range item
> ZRANGE s 0 -1
< -WRONGTYPE Operation against a key holding the wrong kind of value
> ZRANGE s x y
< -ERR value is not an integer or out of range
> ZREVRANGE s 0 -1
< -WRONGTYPE Operation against a key holding the wrong kind of value
> ZRANGEBYSCORE s 0 1
< -WRONGTYPE Operation against a key holding the wrong kind of value
> ZRANGEBYSCORE s x 1
< -ERR min or max is not a float
> ZREVRANGEBYSCORE s 1 0
< -WRONGTYPE Operation against a key holding the wrong kind of value
> ZRANGEBYLEX s - +
< -WRONGTYPE Operation against a key holding the wrong kind of value
> ZREVRANGEBYLEX s + -
< -WRONGTYPE Operation against a key holding the wrong kind of value
> ZRANGESTORE d s 0 -1
< -WRONGTYPE Operation against a key holding the wrong kind of value
> ZREMRANGEBYRANK s 0 -1
< -WRONGTYPE Operation against a key holding the wrong kind of value
> ZREMRANGEBYSCORE s 0 1
< -WRONGTYPE Operation against a key holding the wrong kind of value
> ZREMRANGEBYLEX s - +
< -WRONGTYPE Operation against a key holding the wrong kind of value
> ZPOPMIN s
< -WRONGTYPE Operation against a key holding the wrong kind of value
> ZPOPMAX s 2
< -WRONGTYPE Operation against a key holding the wrong kind of value
> ZPOPMIN s 0
< -WRONGTYPE Operation against a key holding the wrong kind of value
> ZPOPMIN s -1
< -ERR value is out of range, must be positive
> ZMPOP 1 s MIN
< -WRONGTYPE Operation against a key holding the wrong kind of value
> ZMPOP 2 missing s MIN
< -WRONGTYPE Operation against a key holding the wrong kind of value
> BZPOPMIN s 1
< -WRONGTYPE Operation against a key holding the wrong kind of value
> BZPOPMAX missing s 1
< -WRONGTYPE Operation against a key holding the wrong kind of value
> BZMPOP 1 1 s MIN
< -WRONGTYPE Operation against a key holding the wrong kind of value
> ZRANDMEMBER s
< -WRONGTYPE Operation against a key holding the wrong kind of value
> ZRANDMEMBER s 1
< -WRONGTYPE Operation against a key holding the wrong kind of value
> ZRANDMEMBER s abc
< -ERR value is not an integer or out of range
> ZSCAN s 0
< -WRONGTYPE Operation against a key holding the wrong kind of value
> ZSCAN s abc
< -ERR invalid cursor
> ZUNION 2 t s
< -WRONGTYPE Operation against a key holding the wrong kind of value
> ZINTER 2 t s
< -WRONGTYPE Operation against a key holding the wrong kind of value
> ZINTER 2 missing s
< -WRONGTYPE Operation against a key holding the wrong kind of value
> ZDIFF 2 t s
< -WRONGTYPE Operation against a key holding the wrong kind of value
> ZDIFF 2 missing s
< -WRONGTYPE Operation against a key holding the wrong kind of value
> ZUNIONSTORE d 2 t s
< -WRONGTYPE Operation against a key holding the wrong kind of value
> ZINTERSTORE d 2 missing s
< -WRONGTYPE Operation against a key holding the wrong kind of value
> ZDIFFSTORE d 2 t s
< -WRONGTYPE Operation against a key holding the wrong kind of value
> ZINTERCARD 2 t s
< -WRONGTYPE Operation against a key holding the wrong kind of value
> ZINTERCARD 2 missing s
< -WRONGTYPE Operation against a key holding the wrong kind of value
> EXISTS d
< :0
> GET s
< "text"
> ZRANGE t 0 -1 WITHSCORES
2< ["a" "1"]
3< [["a" ,1]]

== scores that are none
> ZADD z 1 a
< :1
> ZADD z nan a
< -ERR value is not a valid float
> ZADD z -nan a
< -ERR value is not a valid float
> ZADD z abc a
< -ERR value is not a valid float
> ZADD z "" a
< -ERR value is not a valid float
> ZADD z " 1" a
< -ERR value is not a valid float
> ZADD z "1 " a
< -ERR value is not a valid float
> ZADD z 1e400 a
< -ERR value is not a valid float
> ZADD z -1e400 a
< -ERR value is not a valid float
> ZADD z 1e-400 a
< -ERR value is not a valid float
> ZADD z 1,5 a
< -ERR value is not a valid float
> ZADD z 0x a
< -ERR value is not a valid float
> ZADD z "1\x00" a
< -ERR value is not a valid float
> ZADD z 1 b x c
< -ERR value is not a valid float
> ZADD z 2 a nan b
< -ERR value is not a valid float
> ZADD z INCR nan a
< -ERR value is not a valid float
> ZADD z INCR x a
< -ERR value is not a valid float
> ZADD z INCR 1 a 2 b
< -ERR INCR option supports a single increment-element pair
> ZINCRBY z nan a
< -ERR value is not a valid float
> ZINCRBY z abc a
< -ERR value is not a valid float
> ZINCRBY z "" a
< -ERR value is not a valid float
> ZINCRBY missing nan a
< -ERR value is not a valid float
> ZADD missing nan a
< -ERR value is not a valid float
> EXISTS missing
< :0
> ZRANGE z 0 -1 WITHSCORES
2< ["a" "1"]
3< [["a" ,1]]

== scores at their ends
> ZADD z inf a -inf b +inf c Infinity d -INFINITY e 1.7976931348623157e308 f 5e-324 g -0 h
< :8
> ZRANGE z 0 -1 WITHSCORES
2< ["b" "-inf" "e" "-inf" "h" "0" "g" "5e-324" "f" "1.7976931348623157e+308" "a" "inf" "c" "inf" "d" "inf"]
3< [["b" ,-inf] ["e" ,-inf] ["h" ,0] ["g" ,5e-324] ["f" ,1.7976931348623157e+308] ["a" ,inf] ["c" ,inf] ["d" ,inf]]
> ZINCRBY z -inf a
< -ERR resulting score is not a number (NaN)
> ZINCRBY z inf b
< -ERR resulting score is not a number (NaN)
> ZADD z INCR -inf c
< -ERR resulting score is not a number (NaN)
> ZADD z 2 x INCR -inf a
< -ERR syntax error
> ZINCRBY z 1 a
< ,inf
> ZINCRBY z inf a
< ,inf
> ZINCRBY z 1.7976931348623157e308 f
< ,inf
> ZSCORE z f
< ,inf
> ZINCRBY z -inf f
< -ERR resulting score is not a number (NaN)
> ZINCRBY z 9007199254740993 new
< ,9007199254740992
> ZADD z 9223372036854775807 max -9223372036854775808 min
< :2
> ZSCORE z max
< ,9223372036854776000
> ZSCORE z min
< ,-9223372036854776000
> ZADD z 0x10 hex
< :1
> ZSCORE z hex
< ,16
> ZADD z GT -inf a LT
< -ERR syntax error
> ZADD z GT -inf a
< :0
> ZADD z LT CH inf b
< :0
> ZCARD z
< :12
> ZUNION 2 z z WEIGHTS 1 -1 WITHSCORES
2< ["a" "0" "b" "0" "c" "0" "d" "0" "e" "0" "f" "0" "g" "0" "h" "0" "hex" "0" "max" "0" "min" "0" "new" "0"]
3< [["a" ,0] ["b" ,0] ["c" ,0] ["d" ,0] ["e" ,0] ["f" ,0] ["g" ,0] ["h" ,0] ["hex" ,0] ["max" ,0] ["min" ,0] ["new" ,0]]
> ZUNION 1 z WEIGHTS inf WITHSCORES
2< ["b" "-inf" "e" "-inf" "min" "-inf" "h" "0" "a" "inf" "c" "inf" "d" "inf" "f" "inf" "g" "inf" "hex" "inf" "max" "inf" "new" "inf"]
3< [["b" ,-inf] ["e" ,-inf] ["min" ,-inf] ["h" ,0] ["a" ,inf] ["c" ,inf] ["d" ,inf] ["f" ,inf] ["g" ,inf] ["hex" ,inf] ["max" ,inf] ["new" ,inf]]
> ZUNION 1 z WEIGHTS 0 WITHSCORES
2< ["a" "0" "b" "0" "c" "0" "d" "0" "e" "0" "f" "0" "g" "0" "h" "0" "hex" "0" "max" "0" "min" "-0" "new" "0"]
3< [["a" ,0] ["b" ,0] ["c" ,0] ["d" ,0] ["e" ,0] ["f" ,0] ["g" ,0] ["h" ,0] ["hex" ,0] ["max" ,0] ["min" ,-0] ["new" ,0]]
> ZCOUNT z -inf inf
< :12
> ZCOUNT z (-inf (inf
< :6
> ZCOUNT z inf -inf
< :0
> ZCOUNT z 1e400 inf
< :4
> ZCOUNT z nan 1
< -ERR min or max is not a float
> ZCOUNT z 0 nan
< -ERR min or max is not a float
> ZCOUNT z (nan 1
< -ERR min or max is not a float
> ZCOUNT z ( 1
< :1
> ZCOUNT z "" 1
< :2
> ZCOUNT z ((1 2
< -ERR min or max is not a float
> ZCOUNT z 0x1 2
< -ERR min or max is not a float
> ZCOUNT z abc 2
< -ERR min or max is not a float
> ZCOUNT missing abc 2
< -ERR min or max is not a float
> ZRANGEBYSCORE z (1.7976931348623157e308 inf
< ["a" "c" "d" "f"]
> ZRANGEBYSCORE z 1e500 1e600
< ["a" "c" "d" "f"]
> ZREMRANGEBYSCORE z nan 1
< -ERR min or max is not a float
> ZREMRANGEBYSCORE z abc 1
< -ERR min or max is not a float
> ZREMRANGEBYSCORE z "(" "("
< :0
> ZCARD z
< :12

== ranks and limits
> ZADD z 1 a 2 b 3 c
< :3
> ZRANGE z -9223372036854775808 9223372036854775807
< ["a" "b" "c"]
> ZRANGE z 9223372036854775807 -9223372036854775808
< []
> ZRANGE z 9223372036854775808 1
< -ERR value is not an integer or out of range
> ZRANGE z 0 abc
< -ERR value is not an integer or out of range
> ZRANGE z 1.0 2
< -ERR value is not an integer or out of range
> ZRANGE z -9223372036854775808 9223372036854775807 REV
< ["c" "b" "a"]
> ZREVRANGE z 9223372036854775807 9223372036854775807
< []
> ZRANGE z (0 1
< -ERR value is not an integer or out of range
> ZRANGE z 0 -1 LIMIT 0 1
< -ERR syntax error, LIMIT is only supported in combination with either BYSCORE or BYLEX
> ZRANGE z 0 -1 BYSCORE LIMIT 0
< -ERR syntax error
> ZRANGE z -inf inf BYSCORE LIMIT 0 abc
< -ERR value is not an integer or out of range
> ZRANGE z -inf inf BYSCORE LIMIT 9223372036854775808 1
< -ERR value is not an integer or out of range
> ZRANGE z -inf inf BYSCORE LIMIT 9223372036854775807 9223372036854775807
< []
> ZRANGE z -inf inf BYSCORE LIMIT 0 9223372036854775807
< ["a" "b" "c"]
> ZRANGE z -inf inf BYSCORE LIMIT 1 -9223372036854775808
< ["b" "c"]
> ZRANGE z -inf inf BYSCORE LIMIT -1 5
< []
> ZRANGE z 0 -1 BYLEX
< -ERR min or max not valid string range item
> ZRANGE z - + BYLEX WITHSCORES
< -ERR syntax error, WITHSCORES not supported in combination with BYLEX
> ZRANGE z - + BYSCORE BYLEX
< -ERR syntax error
> ZRANGE z 0 -1 NOPE
< -ERR syntax error
> ZRANGE z 0 1 BYSCORE WITHSCORES NOPE
< -ERR syntax error
> ZRANGEBYLEX z a b
< -ERR min or max not valid string range item
> ZRANGEBYLEX z - ""
< -ERR min or max not valid string range item
> ZRANGEBYLEX z [a b
< -ERR min or max not valid string range item
> ZRANGEBYLEX z +x -
< -ERR min or max not valid string range item
> ZRANGEBYLEX z - + LIMIT 0
< -ERR syntax error
> ZRANGEBYLEX missing a b
< -ERR min or max not valid string range item
> ZRANGEBYSCORE z 1 2 LIMIT a 1
< -ERR value is not an integer or out of range
> ZRANGEBYSCORE z 1 2 NOPE
< -ERR syntax error
> ZRANGEBYSCORE z -inf inf LIMIT -5 -5
< []
> ZRANGESTORE d z 0 -1 WITHSCORES
< -ERR syntax error
> ZRANGESTORE d z a b
< -ERR value is not an integer or out of range
> ZRANGESTORE d z 0 -1 LIMIT 0 1
< -ERR syntax error, LIMIT is only supported in combination with either BYSCORE or BYLEX
> ZREMRANGEBYRANK z abc 1
< -ERR value is not an integer or out of range
> ZREMRANGEBYRANK z 0 9223372036854775808
< -ERR value is not an integer or out of range
> ZREMRANGEBYRANK z 9223372036854775807 9223372036854775807
< :0
> ZREMRANGEBYLEX z a b
< -ERR min or max not valid string range item
> ZRANK z a NOPE
< -ERR syntax error
> ZRANK z a WITHSCORE x
< -ERR wrong number of arguments for 'zrank' command
> ZRANGE z 0 -1 WITHSCORES
2< ["a" "1" "b" "2" "c" "3"]
3< [["a" ,1] ["b" ,2] ["c" ,3]]
> EXISTS d
< :0
> ZREMRANGEBYRANK z -9223372036854775808 9223372036854775807
< :3

== counts, keys and weights
> ZADD z 1 a 2 b 3 c
< :3
> ZPOPMIN z -1
< -ERR value is out of range, must be positive
> ZPOPMIN z abc
< -ERR value is out of range, must be positive
> ZPOPMIN z 9223372036854775808
< -ERR value is out of range, must be positive
> ZPOPMIN z 1 1
< -ERR syntax error
> ZPOPMAX z 1.5
< -ERR value is out of range, must be positive
> ZPOPMIN z 0
< []
> ZPOPMIN missing -1
< -ERR value is out of range, must be positive
> ZMPOP 0 z MIN
< -ERR numkeys should be greater than 0
> ZMPOP -1 z MIN
< -ERR numkeys should be greater than 0
> ZMPOP abc z MIN
< -ERR numkeys should be greater than 0
> ZMPOP 2 z MIN
< -ERR syntax error
> ZMPOP 9223372036854775807 z MIN
< -ERR syntax error
> ZMPOP 1 z NOPE
< -ERR syntax error
> ZMPOP 1 z MIN COUNT 0
< -ERR count should be greater than 0
> ZMPOP 1 z MIN COUNT -1
< -ERR count should be greater than 0
> ZMPOP 1 z MIN COUNT abc
< -ERR count should be greater than 0
> ZMPOP 1 z MIN COUNT 1 COUNT 2
< -ERR syntax error
> ZMPOP 1 z
< -ERR wrong number of arguments for 'zmpop' command
> ZRANDMEMBER z abc
< -ERR value is not an integer or out of range
> ZRANDMEMBER z -9223372036854775808
< -ERR value is out of range, value must between -9223372036854775807 and 9223372036854775807
> ZRANDMEMBER z -9223372036854775808 WITHSCORES
< -ERR value is out of range, value must between -9223372036854775807 and 9223372036854775807
> ZRANDMEMBER z -4611686018427387904 WITHSCORES
< -ERR value is out of range
> ZRANDMEMBER z 9223372036854775807 WITHSCORES
< -ERR value is out of range
> ZRANDMEMBER z 9223372036854775808
< -ERR value is not an integer or out of range
> ZRANDMEMBER z 0 WITHSCORES
< []
> ZRANDMEMBER z 1 NOPE
< -ERR syntax error
> ZRANDMEMBER missing abc
< -ERR value is not an integer or out of range
> ZSCAN z abc
< -ERR invalid cursor
> ZSCAN z 0 COUNT 0
< -ERR syntax error
> ZSCAN z 0 COUNT abc
< -ERR value is not an integer or out of range
> ZSCAN z 0 NOPE
< -ERR syntax error
> ZUNION 0 z
< -ERR at least 1 input key is needed for 'zunion' command
> ZUNION -1 z
< -ERR at least 1 input key is needed for 'zunion' command
> ZUNION abc z
< -ERR value is not an integer or out of range
> ZUNION 2 z
< -ERR syntax error
> ZUNION 9223372036854775807 z
< -ERR syntax error
> ZUNION 9223372036854775808 z
< -ERR value is not an integer or out of range
> ZUNION 1 z WEIGHTS
< -ERR syntax error
> ZUNION 1 z WEIGHTS abc
< -ERR weight value is not a float
> ZUNION 1 z WEIGHTS nan
< -ERR weight value is not a float
> ZUNION 1 z WEIGHTS 1e400
< -ERR weight value is not a float
> ZUNION 1 z WEIGHTS 1 2
< -ERR syntax error
> ZUNION 2 z z WEIGHTS 1
< -ERR syntax error
> ZUNION 1 z AGGREGATE NOPE
< -ERR syntax error
> ZUNION 1 z AGGREGATE
< -ERR syntax error
> ZUNIONSTORE d 0 z
< -ERR at least 1 input key is needed for 'zunionstore' command
> ZUNIONSTORE d 1 z WITHSCORES
< -ERR syntax error
> ZUNIONSTORE d 2 z
< -ERR syntax error
> ZINTERSTORE d abc z
< -ERR value is not an integer or out of range
> ZDIFF 0 z
< -ERR at least 1 input key is needed for 'zdiff' command
> ZDIFF 1 z WEIGHTS 1
< -ERR syntax error
> ZDIFF 1 z AGGREGATE MIN
< -ERR syntax error
> ZDIFFSTORE d 1 z WITHSCORES
< -ERR syntax error
> ZINTERCARD 0 z
< -ERR at least 1 input key is needed for 'zintercard' command
> ZINTERCARD abc z
< -ERR value is not an integer or out of range
> ZINTERCARD 2 z
< -ERR syntax error
> ZINTERCARD 1 z LIMIT -1
< -ERR LIMIT can't be negative
> ZINTERCARD 1 z LIMIT abc
< -ERR LIMIT can't be negative
> ZINTERCARD 1 z LIMIT 9223372036854775807
< :3
> ZINTERCARD 1 z NOPE
< -ERR syntax error
> BZPOPMIN z -1
< -ERR timeout is negative
> BZPOPMIN z abc
< -ERR timeout is not a float or out of range
> BZPOPMIN z nan
< -ERR timeout is not a float or out of range
> BZPOPMIN z inf
< -ERR timeout is out of range
> BZPOPMIN z 1e400
< -ERR timeout is out of range
> BZMPOP -1 1 z MIN
< -ERR timeout is negative
> BZMPOP abc 1 z MIN
< -ERR timeout is not a float or out of range
> BZMPOP 0 0 z MIN
< -ERR numkeys should be greater than 0
> BZMPOP 0 1 z NOPE
< -ERR syntax error
> EXISTS d
< :0
> ZRANGE z 0 -1 WITHSCORES
2< ["a" "1" "b" "2" "c" "3"]
3< [["a" ,1] ["b" ,2] ["c" ,3]]

== wrong words
> ZADD k
< -ERR wrong number of arguments for 'zadd' command
> ZADD k 1
< -ERR wrong number of arguments for 'zadd' command
> ZADD k 1 a 2
< -ERR syntax error
> ZADD k NX
< -ERR wrong number of arguments for 'zadd' command
> ZADD k NX XX 1 a
< -ERR XX and NX options at the same time are not compatible
> ZADD k GT LT 1 a
< -ERR GT, LT, and/or NX options at the same time are not compatible
> ZADD k NX GT 1 a
< -ERR GT, LT, and/or NX options at the same time are not compatible
> ZADD k NX LT 1 a
< -ERR GT, LT, and/or NX options at the same time are not compatible
> ZADD k CH INCR NX
< -ERR syntax error
> ZADD k XX 1 a
< :0
> ZADD k XX INCR 1 a
< (nil)
> ZINCRBY k 1
< -ERR wrong number of arguments for 'zincrby' command
> ZREM k
< -ERR wrong number of arguments for 'zrem' command
> ZSCORE k
< -ERR wrong number of arguments for 'zscore' command
> ZMSCORE k
< -ERR wrong number of arguments for 'zmscore' command
> ZCOUNT k 1
< -ERR wrong number of arguments for 'zcount' command
> EXISTS k
< :0

== an answer that would not end (Redis fills its memory with it)
only: redstart
> ZADD z 1 a
< :1
> ZRANDMEMBER z -134217729
< -ERR value is out of range
> ZRANDMEMBER z -4611686018427387903
< -ERR value is out of range
> ZRANDMEMBER missing -4611686018427387903
< []
