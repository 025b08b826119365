# Streams: pending entries get another owner.

== XCLAIM
> XADD s 1-1 f 1
< "1-1"
> XADD s 1-2 f 2
< "1-2"
> XADD s 1-3 f 3
< "1-3"
> XGROUP CREATE s g 0
< +OK
> XREADGROUP GROUP g alice COUNT 2 STREAMS s >
2< [["s" [["1-1" ["f" "1"]] ["1-2" ["f" "2"]]]]]
3< {"s": [["1-1" ["f" "1"]] ["1-2" ["f" "2"]]]}
> XCLAIM s g bob 0 1-1
< [["1-1" ["f" "1"]]]
> XCLAIM s g bob 100000 1-2
< []
> XCLAIM s g bob 0 1-2 JUSTID
< ["1-2"]
> XCLAIM s g bob 0 1-3
< []
> XCLAIM s g bob 0 1-3 FORCE
< [["1-3" ["f" "3"]]]
> XCLAIM s g bob 0 9-9 FORCE
< []
> XCLAIM s g bob 0 1-1 RETRYCOUNT 7 TIME 1
< [["1-1" ["f" "1"]]]
> XPENDING s g - + 10
< [["1-1" "bob" :* :7] ["1-2" "bob" :0..5000 :1] ["1-3" "bob" :0..5000 :2]]
> XCLAIM s g carol 1000 1-1 1-2 IDLE 5000
< [["1-1" ["f" "1"]]]
> XPENDING s g IDLE 5000 - + 10
< [["1-1" "carol" :5000..10000 :8]]
> XDEL s 1-1
< :1
> XCLAIM s g dave 0 1-1 1-2
< [["1-2" ["f" "2"]]]
> XPENDING s g
< [:2 "1-2" "1-3" [["bob" "1"] ["dave" "1"]]]
> XCLAIM s g dave 0 1-2 LASTID 5-5
< [["1-2" ["f" "2"]]]
> XINFO GROUPS s
< [{"name": "g" "consumers": :4 "pending": :2 "last-delivered-id": "5-5" "entries-read": :2 "lag": :1}]

== what XCLAIM refuses
> XADD s 1-1 f 1
< "1-1"
> XGROUP CREATE s g 0
< +OK
> XCLAIM s none bob 0 1-1
< -NOGROUP No such key 's' or consumer group 'none'
> XCLAIM missing g bob 0 1-1
< -NOGROUP No such key 'missing' or consumer group 'g'
> XCLAIM s g bob x 1-1
< -ERR Invalid min-idle-time argument for XCLAIM
> XCLAIM s g bob 0 x
< -ERR Unrecognized XCLAIM option 'x'
> XCLAIM s g bob 0 1-1 x
< -ERR Unrecognized XCLAIM option 'x'
> XCLAIM s g bob 0 1-1 IDLE
< -ERR Unrecognized XCLAIM option 'IDLE'
> XCLAIM s g bob 0 1-1 IDLE x
< -ERR Invalid IDLE option argument for XCLAIM
> XCLAIM s g bob 0 1-1 TIME x
< -ERR Invalid TIME option argument for XCLAIM
> XCLAIM s g bob 0 1-1 RETRYCOUNT x
< -ERR Invalid RETRYCOUNT option argument for XCLAIM
> XCLAIM s g bob 0 1-1 LASTID x
< -ERR Invalid stream ID specified as stream command argument
> XCLAIM s g bob 0
< -ERR wrong number of arguments for 'xclaim' command
> SET string x
< +OK
> XCLAIM string g bob 0 1-1
< -WRONGTYPE Operation against a key holding the wrong kind of value
> XINFO CONSUMERS s g
< []

== XAUTOCLAIM
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
> XREADGROUP GROUP g alice STREAMS s >
2< [["s" [["1-1" ["f" "1"]] ["1-2" ["f" "2"]] ["1-3" ["f" "3"]] ["1-4" ["f" "4"]]]]]
3< {"s": [["1-1" ["f" "1"]] ["1-2" ["f" "2"]] ["1-3" ["f" "3"]] ["1-4" ["f" "4"]]]}
> XDEL s 1-2
< :1
> XAUTOCLAIM s g bob 0 0 COUNT 1
< ["1-2" [["1-1" ["f" "1"]]] []]
> XAUTOCLAIM s g bob 0 1-2 COUNT 2
< ["1-4" [["1-3" ["f" "3"]]] ["1-2"]]
> XAUTOCLAIM s g bob 0 (1-3 JUSTID
< ["0-0" ["1-4"] []]
> XAUTOCLAIM s g bob 100000 -
< ["0-0" [] []]
> XPENDING s g - + 10
< [["1-1" "bob" :0..5000 :2] ["1-3" "bob" :0..5000 :2] ["1-4" "bob" :0..5000 :1]]
> XAUTOCLAIM s g bob 0 0 COUNT 0
< -ERR COUNT must be > 0
> XAUTOCLAIM s g bob 0 0 COUNT x
< -ERR COUNT must be > 0
> XAUTOCLAIM s g bob 0 0 COUNT 8070450532247928833
< -ERR COUNT must be > 0
> XAUTOCLAIM s g bob x 0
< -ERR Invalid min-idle-time argument for XAUTOCLAIM
> XAUTOCLAIM s g bob 0 x
< -ERR Invalid stream ID specified as stream command argument
> XAUTOCLAIM s g bob 0 0 COUNT
< -ERR syntax error
> XAUTOCLAIM s g bob 0 0 OTHER
< -ERR syntax error
> XAUTOCLAIM s none bob 0 0
< -NOGROUP No such key 's' or consumer group 'none'
> XAUTOCLAIM s g bob 0
< -ERR wrong number of arguments for 'xautoclaim' command
