# Streams: what Redis 8.2 and later know.

== entries deleted with what refers to them
only: redstart
> XADD s 1-1 f 1
< "1-1"
> XADD s 1-2 f 2
< "1-2"
> XADD s 1-3 f 3
< "1-3"
> XADD s 1-4 f 4
< "1-4"
> XGROUP CREATE s g 0
< +OK
> XGROUP CREATE s h 0
< +OK
> XREADGROUP GROUP g c COUNT 3 STREAMS s >
2< [["s" [["1-1" ["f" "1"]] ["1-2" ["f" "2"]] ["1-3" ["f" "3"]]]]]
3< {"s": [["1-1" ["f" "1"]] ["1-2" ["f" "2"]] ["1-3" ["f" "3"]]]}
> XDELEX s KEEPREF IDS 2 1-1 9-9
< [:1 :-1]
> XPENDING s g
< [:3 "1-1" "1-3" [["c" "3"]]]
> XDELEX s DELREF IDS 1 1-2
< [:1]
> XPENDING s g
< [:2 "1-1" "1-3" [["c" "2"]]]
> XDELEX s DELREF IDS 1 1-1
< [:-1]
> XPENDING s g
< [:1 "1-3" "1-3" [["c" "1"]]]
> XDELEX s ACKED IDS 2 1-3 1-4
< [:2 :2]
> XACK s g 1-3
< :1
> XDELEX s ACKED IDS 1 1-3
< [:2]
> XGROUP DESTROY s h
< :1
> XDELEX s IDS 2 1-4 1-3 ACKED
< [:2 :1]
> XRANGE s - +
< [["1-4" ["f" "4"]]]
> XDELEX missing IDS 2 1-1 1-2
< [:-1 :-1]
> XDELEX s IDS 0 1-1
< -ERR Number of IDs must be a positive integer
> XDELEX s IDS 2 1-1
< -ERR The `numids` parameter must match the number of arguments
> XDELEX s IDS x 1-1
< -ERR Number of IDs must be a positive integer
> XDELEX s IDS 1 x
< -ERR Invalid stream ID specified as stream command argument
> XDELEX s KEEPREF ACKED IDS 1 1-1
< -ERR syntax error
> XDELEX s OTHER 1 1-1
< -ERR syntax error
> XDELEX s 1-1 1-2
< -ERR wrong number of arguments for 'xdelex' command
> SET string x
< +OK
> XDELEX string IDS 1 1-1
< -WRONGTYPE Operation against a key holding the wrong kind of value

== entries acknowledged and deleted at once
only: redstart
> XADD s 1-1 f 1
< "1-1"
> XADD s 1-2 f 2
< "1-2"
> XADD s 1-3 f 3
< "1-3"
> XGROUP CREATE s g 0
< +OK
> XGROUP CREATE s h 0
< +OK
> XREADGROUP GROUP g c STREAMS s >
2< [["s" [["1-1" ["f" "1"]] ["1-2" ["f" "2"]] ["1-3" ["f" "3"]]]]]
3< {"s": [["1-1" ["f" "1"]] ["1-2" ["f" "2"]] ["1-3" ["f" "3"]]]}
> XREADGROUP GROUP h c STREAMS s >
2< [["s" [["1-1" ["f" "1"]] ["1-2" ["f" "2"]] ["1-3" ["f" "3"]]]]]
3< {"s": [["1-1" ["f" "1"]] ["1-2" ["f" "2"]] ["1-3" ["f" "3"]]]}
> XACKDEL s g IDS 2 1-1 9-9
< [:1 :-1]
> XPENDING s h - + 1
< [["1-1" "c" :0..5000 :1]]
> XACKDEL s g ACKED IDS 1 1-2
< [:2]
> XACKDEL s h ACKED IDS 1 1-2
< [:1]
> XACKDEL s g DELREF IDS 1 1-3
< [:1]
> XRANGE s - +
< []
> XPENDING s h
< [:1 "1-1" "1-1" [["c" "1"]]]
> XACKDEL s none IDS 1 1-1
< [:-1]
> XACKDEL missing g IDS 1 1-1
< [:-1]
> XACKDEL s g IDS 1
< -ERR wrong number of arguments for 'xackdel' command

== trimming that spares what is needed
only: redstart
> XADD s 1-1 f 1
< "1-1"
> XADD s 1-2 f 2
< "1-2"
> XADD s 1-3 f 3
< "1-3"
> XADD s 1-4 f 4
< "1-4"
> XGROUP CREATE s g 0
< +OK
> XREADGROUP GROUP g c COUNT 3 STREAMS s >
2< [["s" [["1-1" ["f" "1"]] ["1-2" ["f" "2"]] ["1-3" ["f" "3"]]]]]
3< {"s": [["1-1" ["f" "1"]] ["1-2" ["f" "2"]] ["1-3" ["f" "3"]]]}
> XACK s g 1-1 1-3
< :2
> XTRIM s MAXLEN 0 ACKED
< :2
> XRANGE s - +
< [["1-2" ["f" "2"]] ["1-4" ["f" "4"]]]
> XTRIM s MAXLEN 1 DELREF
< :1
> XPENDING s g
2< [:0 (nil) (nil) (nil-array)]
3< [:0 (nil) (nil) (nil)]
> XADD s MAXLEN 1 ACKED 1-5 f 5
< "1-5"
> XLEN s
< :2
> XADD s KEEPREF MAXLEN 1 1-6 f 6
< "1-6"
> XLEN s
< :1
> XTRIM s MAXLEN 0 ACKED DELREF
< -ERR syntax error

== messages that are sent again
only: redstart
> XADD s 9999999999999-0 f v
< "9999999999999-0"
> XADD s IDMP p1 m1 * f v
< "9999999999999-1"
> XADD s IDMP p1 m1 * f other
< "9999999999999-1"
> XADD s IDMP p2 m1 * f v
< "9999999999999-2"
> XADD s IDMPAUTO p1 * a 1 b 2
< "9999999999999-3"
> XADD s IDMPAUTO p1 * b 2 a 1
< "9999999999999-3"
> XADD s IDMPAUTO p1 * f v f v
< "9999999999999-4"
> XLEN s
< :5
> XADD s IDMP p1 m1 1-1 f v
< -ERR IDMPAUTO and IDMP go with an auto-generated ID (*) only
> XADD s IDMPAUTO p1 1-* f v
< -ERR IDMPAUTO and IDMP go with an auto-generated ID (*) only
> XADD s IDMP p1 "" * f v
< -ERR the producer id and the idempotent id must not be empty
> XADD s IDMP p1 m1 IDMPAUTO p2 * f v
< -ERR syntax error
> XADD s IDMP p1
< -ERR wrong number of arguments for 'xadd' command
> XADD s IDMP p1 m9 * f
< -ERR wrong number of arguments for 'xadd' command
> XINFO STREAM s
< {"length": :5 "radix-tree-keys": :1 "radix-tree-nodes": :2 "last-generated-id": "9999999999999-4" "max-deleted-entry-id": "0-0" "entries-added": :5 "recorded-first-entry-id": "9999999999999-0" "idmp-duration": :100 "idmp-maxsize": :100 "pids-tracked": :2 "iids-tracked": :4 "iids-added": :4 "iids-duplicates": :2 "groups": :0 "first-entry": ... "last-entry": ...}
> XCFGSET s IDMP-DURATION 10 IDMP-MAXSIZE 1
< +OK
> XADD s IDMP p1 m1 * f v
< "9999999999999-5"
> XADD s IDMP p1 m2 * f v
< "9999999999999-6"
> XADD s IDMP p1 m1 * f v
< "9999999999999-7"
> XLEN s
< :8
> XCFGSET s
< -ERR syntax error
> XCFGSET s IDMP-DURATION
< -ERR syntax error
> XCFGSET s IDMP-DURATION 0
< -ERR IDMP-DURATION must be between 1 and 86400 seconds
> XCFGSET s IDMP-DURATION 86401
< -ERR IDMP-DURATION must be between 1 and 86400 seconds
> XCFGSET s IDMP-MAXSIZE 10001
< -ERR IDMP-MAXSIZE must be between 1 and 10000 entries
> XCFGSET s OTHER 1
< -ERR syntax error
> XCFGSET missing IDMP-MAXSIZE 1
< -ERR no such key

== entries handed back
only: redstart
> XADD s 1-1 f 1
< "1-1"
> XADD s 1-2 f 2
< "1-2"
> XADD s 1-3 f 3
< "1-3"
> XADD s 1-4 f 4
< "1-4"
> XGROUP CREATE s g 0
< +OK
> XREADGROUP GROUP g alice COUNT 3 STREAMS s >
2< [["s" [["1-1" ["f" "1"]] ["1-2" ["f" "2"]] ["1-3" ["f" "3"]]]]]
3< {"s": [["1-1" ["f" "1"]] ["1-2" ["f" "2"]] ["1-3" ["f" "3"]]]}
> XNACK s g SILENT IDS 2 1-2 9-9
< :1
> XNACK s g FAIL IDS 1 1-1
< :1
> XPENDING s g
< [:3 "1-1" "1-3" [["alice" "1"]]]
> XPENDING s g - + 10
< [["1-1" "" :* :1] ["1-2" "" :* :0] ["1-3" "alice" :0..5000 :1]]
> XNACK s g FATAL IDS 1 1-3
< :1
> XREADGROUP GROUP g alice STREAMS s 0
2< [["s" []]]
3< {"s": []}
> XREADGROUP GROUP g bob COUNT 2 CLAIM 100000 STREAMS s >
2< [["s" [["1-2" ["f" "2"] :* :0] ["1-1" ["f" "1"] :* :1]]]]
3< {"s": [["1-2" ["f" "2"] :* :0] ["1-1" ["f" "1"] :* :1]]}
> XREADGROUP GROUP g bob CLAIM 100000 STREAMS s >
2< [["s" [["1-3" ["f" "3"] :* :9223372036854775807] ["1-4" ["f" "4"] :0 :0]]]]
3< {"s": [["1-3" ["f" "3"] :* :9223372036854775807] ["1-4" ["f" "4"] :0 :0]]}
> XREADGROUP GROUP g bob CLAIM 100000 STREAMS s >
< (nil-array)
> XNACK s g FAIL IDS 1 1-1 RETRYCOUNT 5
< :1
> XACK s g 1-1
< :1
> XNACK s g FAIL IDS 1 1-1 FORCE
< :1
> XPENDING s g - + 1
< [["1-1" "" :* :0]]
> XNACK s g OTHER IDS 1 1-1
< -ERR syntax error
> XNACK s g FAIL 1-1 1-2 1-3
< -ERR syntax error
> XNACK s none FAIL IDS 1 1-1
< -NOGROUP No such key 's' or consumer group 'none'
> XNACK missing g FAIL IDS 1 1-1
< -NOGROUP No such key 'missing' or consumer group 'g'
> XNACK s g FAIL IDS 1 1-1 RETRYCOUNT -1
< -ERR RETRYCOUNT must be >= 0
> XNACK s g FAIL IDS 1 1-1 RETRYCOUNT
< -ERR syntax error

== pending entries taken over while reading
only: redstart
> XADD s 1-1 f 1
< "1-1"
> XADD s 1-2 f 2
< "1-2"
> XGROUP CREATE s g 0
< +OK
> XREADGROUP GROUP g alice STREAMS s >
2< [["s" [["1-1" ["f" "1"]] ["1-2" ["f" "2"]]]]]
3< {"s": [["1-1" ["f" "1"]] ["1-2" ["f" "2"]]]}
> XADD s 1-3 f 3
< "1-3"
> XDEL s 1-2
< :1
> XREADGROUP GROUP g bob CLAIM 0 STREAMS s >
2< [["s" [["1-1" ["f" "1"] :0..5000 :1] ["1-3" ["f" "3"] :0 :0]]]]
3< {"s": [["1-1" ["f" "1"] :0..5000 :1] ["1-3" ["f" "3"] :0 :0]]}
> XPENDING s g - + 10
< [["1-1" "bob" :0..5000 :2] ["1-3" "bob" :0..5000 :1]]
> XREADGROUP GROUP g bob CLAIM 100000 STREAMS s >
< (nil-array)
> XREADGROUP GROUP g bob CLAIM 0 STREAMS s 1-1
2< [["s" [["1-3" ["f" "3"]]]]]
3< {"s": [["1-3" ["f" "3"]]]}
> XREADGROUP GROUP g bob CLAIM -1 STREAMS s >
< -ERR min-idle-time must be a positive integer
> XREADGROUP GROUP g bob CLAIM x STREAMS s >
< -ERR min-idle-time is not an integer or out of range
> XREAD CLAIM 1 STREAMS s 0
< -ERR The CLAIM option is only supported by XREADGROUP. You called XREAD instead.

== waiting for what may be taken over
only: redstart
> XADD s 1-1 f 1
< "1-1"
> XGROUP CREATE s g 0
< +OK
> XREADGROUP GROUP g alice STREAMS s >
2< [["s" [["1-1" ["f" "1"]]]]]
3< {"s": [["1-1" ["f" "1"]]]}
> XREADGROUP GROUP g bob BLOCK 0 CLAIM 50 STREAMS s >
2< [["s" [["1-1" ["f" "1"] :50..5000 :1]]]]
3< {"s": [["1-1" ["f" "1"] :50..5000 :1]]}
> XREADGROUP GROUP g alice BLOCK 100 CLAIM 100000 STREAMS s >
< (nil-array)
a> XREADGROUP GROUP g alice BLOCK 0 CLAIM 100000 STREAMS s >
until> CLIENT LIST
< ~flags=b
> XNACK s g FAIL IDS 1 1-1
< :1
a2< [["s" [["1-1" ["f" "1"] :* :2]]]]
a3< {"s": [["1-1" ["f" "1"] :* :2]]}

== limits of a whole answer
only: redstart
> XADD s 1-1 f 1
< "1-1"
> XADD s 1-2 f 2
< "1-2"
> XADD s 1-3 f 3
< "1-3"
> XADD t 1-1 f 1
< "1-1"
> XADD t 1-2 f 2
< "1-2"
> XREAD COUNT 2 MAXCOUNT 3 STREAMS s t 0 0
2< [["s" [["1-1" ["f" "1"]] ["1-2" ["f" "2"]]]] ["t" [["1-1" ["f" "1"]]]]]
3< {"s": [["1-1" ["f" "1"]] ["1-2" ["f" "2"]]] "t": [["1-1" ["f" "1"]]]}
> XREAD MAXCOUNT 2 STREAMS s t 0 0
2< [["s" [["1-1" ["f" "1"]] ["1-2" ["f" "2"]]]]]
3< {"s": [["1-1" ["f" "1"]] ["1-2" ["f" "2"]]]}
> XREAD MAXSIZE 1 STREAMS s t 0 0
2< [["s" [["1-1" ["f" "1"]]]]]
3< {"s": [["1-1" ["f" "1"]]]}
> XREAD MAXSIZE 100 STREAMS s t 0 0
2< [["s" [["1-1" ["f" "1"]] ["1-2" ["f" "2"]]]]]
3< {"s": [["1-1" ["f" "1"]] ["1-2" ["f" "2"]]]}
> XREAD MAXSIZE 100000 STREAMS s t 1-1 1-1
2< [["s" [["1-2" ["f" "2"]] ["1-3" ["f" "3"]]]] ["t" [["1-2" ["f" "2"]]]]]
3< {"s": [["1-2" ["f" "2"]] ["1-3" ["f" "3"]]] "t": [["1-2" ["f" "2"]]]}
> XREAD COUNT 3 MAXCOUNT 2 STREAMS s t 0 0
< -ERR MAXCOUNT must not be less than COUNT
> XREAD MAXCOUNT 0 STREAMS s t 0 0
< -ERR MAXCOUNT must be > 0
> XREAD MAXSIZE -1 STREAMS s t 0 0
< -ERR MAXSIZE must be > 0
> XREAD MAXSIZE x STREAMS s t 0 0
< -ERR value is not an integer or out of range
> XGROUP CREATE s g 0
< +OK
> XGROUP CREATE t g 0
< +OK
> XREADGROUP GROUP g c COUNT 2 MAXCOUNT 3 STREAMS s t > >
2< [["s" [["1-1" ["f" "1"]] ["1-2" ["f" "2"]]]] ["t" [["1-1" ["f" "1"]]]]]
3< {"s": [["1-1" ["f" "1"]] ["1-2" ["f" "2"]]] "t": [["1-1" ["f" "1"]]]}
> XREADGROUP GROUP g c MAXCOUNT 1 STREAMS s t > >
2< [["s" [["1-3" ["f" "3"]]]]]
3< {"s": [["1-3" ["f" "3"]]]}
> XREADGROUP GROUP g c MAXCOUNT 2 STREAMS s t 0 0
2< [["s" [["1-1" ["f" "1"]] ["1-2" ["f" "2"]]]]]
3< {"s": [["1-1" ["f" "1"]] ["1-2" ["f" "2"]]]}
> XREADGROUP GROUP g c STREAMS s t > >
2< [["t" [["1-2" ["f" "2"]]]]]
3< {"t": [["1-2" ["f" "2"]]]}
