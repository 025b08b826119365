# Members removed and popped.

== zrem
> ZADD z 1 a 2 b 3 c
< :3
> ZREM z a nobody b b
< :2
> ZREM z nobody
< :0
> ZREM z c
< :1
> EXISTS z
< :0
> ZREM missing a
< :0
> ZREM z
< -ERR wrong number of arguments for 'zrem' command

== ranges
> ZADD z 1 a 2 b 3 c 4 d 5 e
< :5
> ZREMRANGEBYRANK z 1 1
< :1
> ZREMRANGEBYRANK z -1 -1
< :1
> ZREMRANGEBYRANK z 5 6
< :0
> ZRANGE z 0 -1
< ["a" "c" "d"]
> ZREMRANGEBYSCORE z (1 3
< :1
> ZREMRANGEBYSCORE z 10 20
< :0
> ZRANGE z 0 -1
< ["a" "d"]
> ZREMRANGEBYSCORE z -inf +inf
< :2
> EXISTS z
< :0
> ZADD l 0 a 0 b 0 c 0 d
< :4
> ZREMRANGEBYLEX l (a [c
< :2
> ZREMRANGEBYLEX l + -
< :0
> ZRANGE l 0 -1
< ["a" "d"]
> ZREMRANGEBYLEX l - +
< :2
> EXISTS l
< :0
> ZREMRANGEBYRANK missing 0 1
< :0
> ZREMRANGEBYRANK z a b
< -ERR value is not an integer or out of range
> ZREMRANGEBYSCORE z a b
< -ERR min or max is not a float
> ZREMRANGEBYLEX z a b
< -ERR min or max not valid string range item
> ZREMRANGEBYRANK z 0
< -ERR wrong number of arguments for 'zremrangebyrank' command

== pops
> ZADD z 1 a 2 b 3 c 4 d 5 e
< :5
> ZPOPMIN z
< ["a" ,1]
> ZPOPMAX z
< ["e" ,5]
> ZPOPMIN z 1
2< ["b" "2"]
3< [["b" ,2]]
> ZPOPMAX z 5
2< ["d" "4" "c" "3"]
3< [["d" ,4] ["c" ,3]]
> EXISTS z
< :0
> ZPOPMIN z
< []
> ZPOPMAX missing 3
< []
> ZADD z 1 a
< :1
> ZPOPMIN z 0
< []
> ZPOPMIN z -1
< -ERR value is out of range, must be positive
> ZPOPMIN z abc
< -ERR value is out of range, must be positive
> ZPOPMIN z 1 2
< -ERR syntax error
> ZPOPMIN
< -ERR wrong number of arguments for 'zpopmin' command

== zmpop
> ZADD y 1 a 2 b 3 c
< :3
> ZMPOP 2 x y MIN
< ["y" [["a" ,1]]]
> ZMPOP 2 x y max COUNT 5
< ["y" [["c" ,3] ["b" ,2]]]
> ZMPOP 2 x y MIN
< (nil-array)
> ZMPOP 1 y MIN COUNT 0
< -ERR count should be greater than 0
> ZMPOP 1 y MIN COUNT abc
< -ERR count should be greater than 0
> ZMPOP 1 y MIN COUNT 1 COUNT 2
< -ERR syntax error
> ZMPOP 1 y MIN COUNT
< -ERR syntax error
> ZMPOP 1 y nonsense
< -ERR syntax error
> ZMPOP 0 y MIN
< -ERR numkeys should be greater than 0
> ZMPOP abc y MIN
< -ERR numkeys should be greater than 0
> ZMPOP 3 y MIN
< -ERR syntax error
> ZMPOP 9223372036854775807 y MIN
< -ERR syntax error
> SET s v
< +OK
> ZMPOP 2 x s MIN
< -WRONGTYPE Operation against a key holding the wrong kind of value
> ZADD y 1 a
< :1
> ZMPOP 2 y s MIN
< ["y" [["a" ,1]]]

== large ones
> CONFIG SET zset-max-listpack-entries 0
< +OK
> ZADD z 1 a 2 b 3 c 4 d 5 e
< :5
> ZREM z a nobody
< :1
> ZREMRANGEBYRANK z 0 0
< :1
> ZPOPMAX z
< ["e" ,5]
> ZPOPMIN z 2
2< ["c" "3" "d" "4"]
3< [["c" ,3] ["d" ,4]]
> EXISTS z
< :0
> ZADD l 0 a 0 b 0 c 0 d
< :4
> ZREMRANGEBYLEX l (a [c
< :2
> ZREMRANGEBYSCORE l 0 0
< :2
> EXISTS l
< :0
> CONFIG SET zset-max-listpack-entries 128
< +OK

== another type
> SET s v
< +OK
> ZREM s a
< -WRONGTYPE Operation against a key holding the wrong kind of value
> ZREMRANGEBYRANK s 0 1
< -WRONGTYPE Operation against a key holding the wrong kind of value
> ZREMRANGEBYSCORE s 0 1
< -WRONGTYPE Operation against a key holding the wrong kind of value
> ZREMRANGEBYLEX s - +
< -WRONGTYPE Operation against a key holding the wrong kind of value
> ZPOPMIN s
< -WRONGTYPE Operation against a key holding the wrong kind of value
> ZPOPMAX s 0
< -WRONGTYPE Operation against a key holding the wrong kind of value
