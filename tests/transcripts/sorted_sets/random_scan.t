# ZRANDMEMBER and ZSCAN, and what goes over all types.
args: --enable-debug-command yes

== zrandmember
> ZRANDMEMBER missing
< (nil)
> ZRANDMEMBER missing 5
< []
> ZRANDMEMBER missing 5 WITHSCORES
< []
> ZADD z 1.5 m
< :1
> ZRANDMEMBER z
< "m"
> ZRANDMEMBER z 5
< ["m"]
> ZRANDMEMBER z -2
< ["m" "m"]
> ZRANDMEMBER z 0
< []
> ZRANDMEMBER z 5 WITHSCORES
2< ["m" "1.5"]
3< [["m" ,1.5]]
> ZRANDMEMBER z -2 WITHSCORES
2< ["m" "1.5" "m" "1.5"]
3< [["m" ,1.5] ["m" ,1.5]]
> ZRANDMEMBER z 5 nonsense
< -ERR syntax error
> ZRANDMEMBER z 5 WITHSCORES x
< -ERR syntax error
> ZRANDMEMBER z abc
< -ERR value is not an integer or out of range
> ZRANDMEMBER z -9223372036854775808
< -ERR value is out of range, value must between -9223372036854775807 and 9223372036854775807
> ZRANDMEMBER z -9223372036854775807 WITHSCORES
< -ERR value is out of range
> SET s v
< +OK
> ZRANDMEMBER s
< -WRONGTYPE Operation against a key holding the wrong kind of value
> ZRANDMEMBER s 1
< -WRONGTYPE Operation against a key holding the wrong kind of value

== zscan
> ZSCAN missing 0
< ["0" []]
> ZADD z 0.1 m 3 n -inf o
< :3
> ZSCAN z 0
< ["0" ["o" "-inf" "m" "0.1" "n" "3"]]
> ZSCAN z 0 MATCH m*
< ["0" ["m" "0.1"]]
> ZSCAN z 0 COUNT 100
< ["0" ["o" "-inf" "m" "0.1" "n" "3"]]
> ZSCAN z 7
< ["0" ["o" "-inf" "m" "0.1" "n" "3"]]
> CONFIG SET zset-max-listpack-entries 0
< +OK
> ZADD y 0.1 m
< :1
> ZSCAN y 0
< ["0" ["m" "0.10000000000000001"]]
> ZADD w 3 n
< :1
> ZSCAN w 0 MATCH * COUNT 5
< ["0" ["n" "3"]]
> ZADD v -inf o
< :1
> ZSCAN v 0
< ["0" ["o" "-inf"]]
> ZADD u 1e17 o
< :1
> ZSCAN u 0
< ["0" ["o" "1e+17"]]
> CONFIG SET zset-max-listpack-entries 128
< +OK
> ZSCAN z abc
< -ERR invalid cursor
> ZSCAN z 0 COUNT 0
< -ERR syntax error
> ZSCAN z 0 COUNT abc
< -ERR value is not an integer or out of range
> ZSCAN z 0 NOVALUES
< -ERR NOVALUES option can only be used in HSCAN
> ZSCAN z 0 MATCH
< -ERR syntax error
> ZSCAN z 0 nonsense x
< -ERR syntax error
> SET s v
< +OK
> ZSCAN s 0
< -WRONGTYPE Operation against a key holding the wrong kind of value
> ZSCAN z
< -ERR wrong number of arguments for 'zscan' command

== over all types
> ZADD z 1 a 2 b
< :2
> COPY z copy
< :1
> ZRANGE copy 0 -1 WITHSCORES
2< ["a" "1" "b" "2"]
3< [["a" ,1] ["b" ,2]]
> ZADD copy 3 c
< :1
> ZCARD z
< :2
> DEBUG DIGEST-VALUE z
< [+"4de4c922f0624dd27cb8fc6bbf04d3d6df72c877"]
> SCAN 0 COUNT 10000 TYPE zset MATCH z
< ["0" ["z"]]
> RENAME z y
< +OK
> ZSCORE y b
< ,2
> CONFIG SET zset-max-listpack-entries 0
< +OK
> ZADD big 1.5 a 1152921504606846976 b -0 c
< :3
> COPY big bigger
< :1
> ZRANGE bigger 0 -1 WITHSCORES
2< ["c" "-0" "a" "1.5" "b" "1152921504606846976"]
3< [["c" ,-0] ["a" ,1.5] ["b" ,1152921504606846976]]
> DEBUG DIGEST-VALUE big bigger
< [+"60507e5f162bef8feb7481e7785543d6e8f55ffd" +"60507e5f162bef8feb7481e7785543d6e8f55ffd"]
> OBJECT ENCODING bigger
< "skiplist"
> CONFIG SET zset-max-listpack-entries 128
< +OK

== ZSCAN without scores, as Valkey has it
only: redstart valkey
> ZADD z 1 a 2 b
< :2
> ZSCAN z 0 NOSCORES
< ["0" ["a" "b"]]
> ZSCAN z 0 MATCH a NOSCORES COUNT 10
< ["0" ["a"]]
> CONFIG SET zset-max-listpack-entries 1
< +OK
> ZADD large 1 a 2 b
< :2
> ZSCAN large 0 NOSCORES COUNT 100
< ["0" any-order["a" "b"]]
> CONFIG SET zset-max-listpack-entries 128
< +OK
> SADD s a
< :1
> SSCAN s 0 NOSCORES
< -ERR NOSCORES option can only be used in ZSCAN
> SCAN 0 NOSCORES
< -ERR NOSCORES option can only be used in ZSCAN
