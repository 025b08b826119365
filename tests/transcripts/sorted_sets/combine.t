# Unions, intersections and differences.

== union
> ZADD a 1 x 2 y
< :2
> ZADD b 10 y 20 z
< :2
> SADD s x z
< :2
> ZUNION 2 a b
< ["x" "y" "z"]
> ZUNION 2 a b WITHSCORES
2< ["x" "1" "y" "12" "z" "20"]
3< [["x" ,1] ["y" ,12] ["z" ,20]]
> ZUNION 3 a b s WITHSCORES
2< ["x" "2" "y" "12" "z" "21"]
3< [["x" ,2] ["y" ,12] ["z" ,21]]
> ZUNION 2 a b WEIGHTS 2 0.5 WITHSCORES
2< ["x" "2" "y" "9" "z" "10"]
3< [["x" ,2] ["y" ,9] ["z" ,10]]
> ZUNION 2 a b AGGREGATE MIN WITHSCORES
2< ["x" "1" "y" "2" "z" "20"]
3< [["x" ,1] ["y" ,2] ["z" ,20]]
> ZUNION 2 a b aggregate max weights 1 -1 withscores
2< ["z" "-20" "x" "1" "y" "2"]
3< [["z" ,-20] ["x" ,1] ["y" ,2]]
> ZUNION 2 missing a WITHSCORES
2< ["x" "1" "y" "2"]
3< [["x" ,1] ["y" ,2]]
> ZUNION 1 missing
< []
> ZUNION 2 a a WITHSCORES
2< ["x" "2" "y" "4"]
3< [["x" ,2] ["y" ,4]]
> ZUNIONSTORE to 2 a b
< :3
> ZRANGE to 0 -1 WITHSCORES
2< ["x" "1" "y" "12" "z" "20"]
3< [["x" ,1] ["y" ,12] ["z" ,20]]
> ZUNIONSTORE a 2 a b WEIGHTS 1 100
< :3
> ZRANGE a 0 -1 WITHSCORES
2< ["x" "1" "y" "1002" "z" "2000"]
3< [["x" ,1] ["y" ,1002] ["z" ,2000]]
> ZUNIONSTORE to 1 missing
< :0
> EXISTS to
< :0

== intersection
> ZADD a 1 x 2 y 3 w
< :3
> ZADD b 10 y 20 z 30 w
< :3
> SADD s w z
< :2
> ZINTER 2 a b
< ["y" "w"]
> ZINTER 2 a b WITHSCORES
2< ["y" "12" "w" "33"]
3< [["y" ,12] ["w" ,33]]
> ZINTER 3 a b s WITHSCORES
2< ["w" "34"]
3< [["w" ,34]]
> ZINTER 2 a b WEIGHTS 2 0.5 AGGREGATE MAX WITHSCORES
2< ["y" "5" "w" "15"]
3< [["y" ,5] ["w" ,15]]
> ZINTER 2 a missing
< []
> ZINTERSTORE to 2 a b AGGREGATE MIN
< :2
> ZRANGE to 0 -1 WITHSCORES
2< ["y" "2" "w" "3"]
3< [["y" ,2] ["w" ,3]]
> ZINTERSTORE to 2 a missing
< :0
> EXISTS to
< :0
> ZINTERCARD 2 a b
< :2
> ZINTERCARD 2 a b LIMIT 1
< :1
> ZINTERCARD 2 a b LIMIT 0
< :2
> ZINTERCARD 3 a b s LIMIT 10
< :1
> ZINTERCARD 2 a missing
< :0
> ZINTERCARD 2 a b LIMIT -1
< -ERR LIMIT can't be negative
> ZINTERCARD 2 a b LIMIT abc
< -ERR LIMIT can't be negative
> ZINTERCARD 2 a b LIMIT
< -ERR syntax error
> ZINTERCARD 2 a b WITHSCORES
< -ERR syntax error
> ZINTERCARD 0 a
< -ERR at least 1 input key is needed for 'zintercard' command
> ZINTERCARD abc a
< -ERR value is not an integer or out of range
> ZINTERCARD 3 a b
< -ERR syntax error

== difference
> ZADD a 1 x 2 y 3 w
< :3
> ZADD b 10 y
< :1
> SADD s w
< :1
> ZDIFF 1 a WITHSCORES
2< ["x" "1" "y" "2" "w" "3"]
3< [["x" ,1] ["y" ,2] ["w" ,3]]
> ZDIFF 2 a b WITHSCORES
2< ["x" "1" "w" "3"]
3< [["x" ,1] ["w" ,3]]
> ZDIFF 3 a b s
< ["x"]
> ZDIFF 2 missing a
< []
> ZDIFF 2 a a
< []
> ZDIFFSTORE to 2 a b
< :2
> ZRANGE to 0 -1 WITHSCORES
2< ["x" "1" "w" "3"]
3< [["x" ,1] ["w" ,3]]
> ZDIFFSTORE to 2 a a
< :0
> EXISTS to
< :0
> ZDIFF 2 a b WEIGHTS 1 2
< -ERR syntax error
> ZDIFF 2 a b AGGREGATE SUM
< -ERR syntax error

== infinities
> ZADD a inf x -inf y 0 z
< :3
> ZADD b -inf x inf y inf z
< :3
> ZUNION 2 a b WITHSCORES
2< ["x" "0" "y" "0" "z" "inf"]
3< [["x" ,0] ["y" ,0] ["z" ,inf]]
> ZUNION 2 a b WEIGHTS 0 1 WITHSCORES
2< ["x" "-inf" "y" "inf" "z" "inf"]
3< [["x" ,-inf] ["y" ,inf] ["z" ,inf]]
> ZINTER 2 a b WEIGHTS 0 0 AGGREGATE MIN WITHSCORES
2< ["x" "0" "y" "0" "z" "0"]
3< [["x" ,0] ["y" ,0] ["z" ,0]]
> ZUNION 1 a WEIGHTS inf WITHSCORES
2< ["y" "-inf" "z" "0" "x" "inf"]
3< [["y" ,-inf] ["z" ,0] ["x" ,inf]]

== what is refused
> ZADD a 1 x
< :1
> SET str v
< +OK
> ZUNION 2 a str
< -WRONGTYPE Operation against a key holding the wrong kind of value
> ZUNIONSTORE to 2 a str
< -WRONGTYPE Operation against a key holding the wrong kind of value
> ZUNION 0 a
< -ERR at least 1 input key is needed for 'zunion' command
> ZUNIONSTORE to 0 a
< -ERR at least 1 input key is needed for 'zunionstore' command
> ZINTERSTORE to -1 a
< -ERR at least 1 input key is needed for 'zinterstore' command
> ZDIFFSTORE to abc a
< -ERR value is not an integer or out of range
> ZUNION 2 a
< -ERR syntax error
> ZUNION 9223372036854775807 a
< -ERR syntax error
> ZUNION 1 a WEIGHTS
< -ERR syntax error
> ZUNION 1 a WEIGHTS x
< -ERR weight value is not a float
> ZUNION 1 a WEIGHTS nan
< -ERR weight value is not a float
> ZUNION 1 a WEIGHTS 1 2
< -ERR syntax error
> ZUNION 1 a AGGREGATE
< -ERR syntax error
> ZUNION 1 a AGGREGATE average
< -ERR syntax error
> ZUNIONSTORE to 1 a WITHSCORES
< -ERR syntax error
> ZUNION 1 a nonsense
< -ERR syntax error
> ZUNION 1
< -ERR wrong number of arguments for 'zunion' command

== what is stored
> CONFIG SET zset-max-listpack-entries 2 zset-max-listpack-value 5
< +OK
> ZADD a 1 x 2 y
< :2
> ZADD b 1 z
< :1
> ZADD c 1 123456
< :1
> ZUNIONSTORE to 1 a
< :2
> OBJECT ENCODING to
< "listpack"
> ZUNIONSTORE to 2 a b
< :3
> OBJECT ENCODING to
< "skiplist"
> ZUNIONSTORE to 1 c
< :1
> OBJECT ENCODING to
< "skiplist"
> SET to v EX 100
< +OK
> ZINTERSTORE to 1 a
< :2
> TTL to
< :-1
> CONFIG SET zset-max-listpack-entries 128 zset-max-listpack-value 64
< +OK

== counted
only: redstart
> ZADD a 5 x 6 y
< :2
> ZADD b 7 y 8 z
< :2
> SADD s y
< :1
> ZUNION 3 a b s AGGREGATE COUNT WITHSCORES
2< ["x" "1" "z" "1" "y" "3"]
3< [["x" ,1] ["z" ,1] ["y" ,3]]
> ZINTER 3 a b s AGGREGATE COUNT WITHSCORES
2< ["y" "3"]
3< [["y" ,3]]
> ZUNION 2 a b WEIGHTS 2 3 AGGREGATE count WITHSCORES
2< ["x" "2" "z" "3" "y" "5"]
3< [["x" ,2] ["z" ,3] ["y" ,5]]
> ZINTERSTORE to 2 a b WEIGHTS 2 -3 AGGREGATE COUNT
< :1
> ZRANGE to 0 -1 WITHSCORES
2< ["y" "-1"]
3< [["y" ,-1]]
