# ZADD and ZINCRBY: options, scores, what is refused.

== new members and other scores
> ZADD z 1 a 2 b
< :2
> ZADD z 1 a 3 b 4 c
< :1
> ZADD z CH 1 a 5 b 6 d
< :2
> ZADD z 7 a 8 a
< :0
> ZRANGE z 0 -1 WITHSCORES
2< ["c" "4" "b" "5" "d" "6" "a" "8"]
3< [["c" ,4] ["b" ,5] ["d" ,6] ["a" ,8]]
> ZCARD z
< :4
> TYPE z
< +zset
> OBJECT ENCODING z
< "listpack"

== options
> ZADD z XX 1 a
< :0
> EXISTS z
< :0
> ZADD z NX 1 a
< :1
> ZADD z NX 2 a 2 b
< :1
> ZADD z XX CH 3 a 3 c
< :1
> ZADD z GT CH 2 a 5 b 1 c
< :2
> ZADD z LT CH 5 a 4 b
< :1
> ZADD z GT XX CH 9 a 9 nobody
< :1
> ZADD z lt ch 1 a
< :1
> ZRANGE z 0 -1 WITHSCORES
2< ["a" "1" "c" "1" "b" "4"]
3< [["a" ,1] ["c" ,1] ["b" ,4]]
> ZADD z NX XX 1 a
< -ERR XX and NX options at the same time are not compatible
> ZADD z NX GT 1 a
< -ERR GT, LT, and/or NX options at the same time are not compatible
> ZADD z LT NX 1 a
< -ERR GT, LT, and/or NX options at the same time are not compatible
> ZADD z GT LT 1 a
< -ERR GT, LT, and/or NX options at the same time are not compatible
> ZADD z INCR 1 a 1 b
< -ERR INCR option supports a single increment-element pair
> ZADD z NX
< -ERR wrong number of arguments for 'zadd' command
> ZADD z 1
< -ERR wrong number of arguments for 'zadd' command
> ZADD z 1 a 2
< -ERR syntax error
> ZADD z NX CH
< -ERR syntax error
> ZADD z NX 1
< -ERR syntax error
> ZADD z one a
< -ERR value is not a valid float
> ZADD z 1 a one b
< -ERR value is not a valid float
> ZADD z nan a
< -ERR value is not a valid float
> ZADD z "" a
< -ERR value is not a valid float
> ZADD z "1 " a
< -ERR value is not a valid float
> ZADD z 1e400 a
< -ERR value is not a valid float
> ZADD
< -ERR wrong number of arguments for 'zadd' command
> ZADD z NX XX 1
< -ERR syntax error
> ZRANGE z 0 -1 WITHSCORES
2< ["a" "1" "c" "1" "b" "4"]
3< [["a" ,1] ["c" ,1] ["b" ,4]]

== incr
> ZADD z INCR 2.5 a
< ,2.5
> ZADD z INCR XX 1 b
< (nil)
> ZADD z INCR NX 1 a
< (nil)
> ZADD z XX INCR 1 a
< ,3.5
> ZADD z GT INCR -1 a
< (nil)
> ZADD z LT INCR -1 a
< ,2.5
> ZINCRBY z 10 a
< ,12.5
> ZINCRBY z -0.1 b
< ,-0.1
> ZINCRBY z inf a
< ,inf
> ZINCRBY z -inf a
< -ERR resulting score is not a number (NaN)
> ZADD z INCR -inf a
< -ERR resulting score is not a number (NaN)
> ZINCRBY z abc a
< -ERR value is not a valid float
> ZINCRBY z nx a
< -ERR syntax error
> ZINCRBY z 1
< -ERR wrong number of arguments for 'zincrby' command
> ZINCRBY z 1 a b
< -ERR wrong number of arguments for 'zincrby' command
> ZRANGE z 0 -1 WITHSCORES
2< ["b" "-0.1" "a" "inf"]
3< [["b" ,-0.1] ["a" ,inf]]

== how scores are written
> ZADD z 3 a
< :1
> ZSCORE z a
< ,3
> ZADD z 3.0 b 0.1 c 1e17 d 1152921504606846976 e 9007199254740993 f 1e300 g -1.5e-9 h 0x1F i +inf j -INF k 3.0000000000000004 l
< :11
> ZRANGE z 0 -1 WITHSCORES
2< ["k" "-inf" "h" "-1.5e-9" "c" "0.1" "a" "3" "b" "3" "l" "3.0000000000000004" "i" "31" "f" "9007199254740992" "d" "100000000000000000" "e" "1152921504606846976" "g" "1e+300" "j" "inf"]
3< [["k" ,-inf] ["h" ,-1.5e-9] ["c" ,0.1] ["a" ,3] ["b" ,3] ["l" ,3.0000000000000004] ["i" ,31] ["f" ,9007199254740992] ["d" ,100000000000000000] ["e" ,1152921504606846976] ["g" ,1e+300] ["j" ,inf]]
> ZADD z -0 zero
< :1
> ZSCORE z zero
< ,0
> CONFIG SET zset-max-listpack-entries 3
< +OK
> ZADD z 2 m
< :1
> OBJECT ENCODING z
< "skiplist"
> ZSCORE z zero
< ,0
> ZADD z -0 minus
< :1
> ZSCORE z minus
< ,-0
> ZADD z CH 0 minus
< :0
> ZSCORE z minus
< ,-0
> ZADD z 1 minus -0 minus
< :0
> ZSCORE z minus
< ,-0
> ZRANGE z 0 -1 WITHSCORES
2< ["k" "-inf" "h" "-1.5e-9" "minus" "-0" "zero" "0" "c" "0.1" "m" "2" "a" "3" "b" "3" "l" "3.0000000000000004" "i" "31" "f" "9007199254740992" "d" "100000000000000000" "e" "1152921504606846976" "g" "1e+300" "j" "inf"]
3< [["k" ,-inf] ["h" ,-1.5e-9] ["minus" ,-0] ["zero" ,0] ["c" ,0.1] ["m" ,2] ["a" ,3] ["b" ,3] ["l" ,3.0000000000000004] ["i" ,31] ["f" ,9007199254740992] ["d" ,100000000000000000] ["e" ,1152921504606846976] ["g" ,1e+300] ["j" ,inf]]
> CONFIG SET zset-max-listpack-entries 128
< +OK

== when it becomes large
> CONFIG SET zset-max-listpack-entries 3 zset-max-listpack-value 5
< +OK
> ZADD z 1 a 2 b 3 c
< :3
> OBJECT ENCODING z
< "listpack"
> ZADD z 4 d
< :1
> OBJECT ENCODING z
< "skiplist"
> ZREM z a b c
< :3
> OBJECT ENCODING z
< "skiplist"
> ZADD y 1 12345
< :1
> OBJECT ENCODING y
< "listpack"
> ZADD y 1 123456
< :1
> OBJECT ENCODING y
< "skiplist"
> ZRANGE y 0 -1 WITHSCORES
2< ["12345" "1" "123456" "1"]
3< [["12345" ,1] ["123456" ,1]]
> ZADD x 1 a 2 a 3 a 4 a
< :1
> OBJECT ENCODING x
< "skiplist"
> ZADD w 1 a
< :1
> ZADD w XX 1 a 2 a 3 a 4 a
< :0
> OBJECT ENCODING w
< "skiplist"
> ZADD v 1 a
< :1
> ZADD v XX 1 123456
< :0
> OBJECT ENCODING v
< "listpack"
> CONFIG SET zset-max-listpack-entries 0
< +OK
> ZADD u 1 a
< :1
> OBJECT ENCODING u
< "skiplist"
> CONFIG SET zset-max-listpack-entries 128 zset-max-listpack-value 64
< +OK

== another type
> SET s v
< +OK
> ZADD s 1 a
< -WRONGTYPE Operation against a key holding the wrong kind of value
> ZADD s one a
< -ERR value is not a valid float
> ZADD s XX 1 a
< -WRONGTYPE Operation against a key holding the wrong kind of value
> ZINCRBY s 1 a
< -WRONGTYPE Operation against a key holding the wrong kind of value
> GET s
< "v"
