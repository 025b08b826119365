# Streams: entries out, by range and after an id.

== intervals
> XADD s 1-1 a 1
< "1-1"
> XADD s 1-2 b 2
< "1-2"
> XADD s 2-0 c 3
< "2-0"
> XADD s 3-5 d 4
< "3-5"
> XRANGE s - +
< [["1-1" ["a" "1"]] ["1-2" ["b" "2"]] ["2-0" ["c" "3"]] ["3-5" ["d" "4"]]]
> XRANGE s 1 1
< [["1-1" ["a" "1"]] ["1-2" ["b" "2"]]]
> XRANGE s 1-2 2
< [["1-2" ["b" "2"]] ["2-0" ["c" "3"]]]
> XRANGE s (1-1 (3-5
< [["1-2" ["b" "2"]] ["2-0" ["c" "3"]]]
> XRANGE s (1-1 3
< [["1-2" ["b" "2"]] ["2-0" ["c" "3"]] ["3-5" ["d" "4"]]]
> XRANGE s 2 1
< []
> XRANGE s - + COUNT 2
< [["1-1" ["a" "1"]] ["1-2" ["b" "2"]]]
> XRANGE s - + COUNT 0
< (nil-array)
> XRANGE s - + COUNT -1
< (nil-array)
> XRANGE s - + COUNT
< -ERR syntax error
> XRANGE s - + COUNT abc
< -ERR value is not an integer or out of range
> XRANGE s - + COUNT 1 COUNT 3
< [["1-1" ["a" "1"]] ["1-2" ["b" "2"]] ["2-0" ["c" "3"]]]
> XRANGE s - + OTHER 1
< -ERR syntax error
> XREVRANGE s + -
< [["3-5" ["d" "4"]] ["2-0" ["c" "3"]] ["1-2" ["b" "2"]] ["1-1" ["a" "1"]]]
> XREVRANGE s 2 1 COUNT 2
< [["2-0" ["c" "3"]] ["1-2" ["b" "2"]]]
> XREVRANGE s (3-5 (1-1
< [["2-0" ["c" "3"]] ["1-2" ["b" "2"]]]
> XRANGE s (18446744073709551615-18446744073709551615 +
< -ERR invalid start ID for the interval
> XRANGE s - (0-0
< -ERR invalid end ID for the interval
> XRANGE s (- +
< -ERR Invalid stream ID specified as stream command argument
> XRANGE s abc +
< -ERR Invalid stream ID specified as stream command argument
> XRANGE s - abc
< -ERR Invalid stream ID specified as stream command argument
> XRANGE missing - +
< []
> XRANGE missing - + COUNT 0
< []
> SET string x
< +OK
> XRANGE string - +
< -WRONGTYPE Operation against a key holding the wrong kind of value
> XRANGE s -
< -ERR wrong number of arguments for 'xrange' command

== after an id
> XADD s 1-1 a 1
< "1-1"
> XADD s 1-2 b 2
< "1-2"
> XADD t 1-1 c 3
< "1-1"
> XREAD STREAMS s 0
2< [["s" [["1-1" ["a" "1"]] ["1-2" ["b" "2"]]]]]
3< {"s": [["1-1" ["a" "1"]] ["1-2" ["b" "2"]]]}
> XREAD STREAMS s 1-1
2< [["s" [["1-2" ["b" "2"]]]]]
3< {"s": [["1-2" ["b" "2"]]]}
> XREAD COUNT 1 STREAMS s t 0 0
2< [["s" [["1-1" ["a" "1"]]]] ["t" [["1-1" ["c" "3"]]]]]
3< {"s": [["1-1" ["a" "1"]]] "t": [["1-1" ["c" "3"]]]}
> XREAD STREAMS s t 1-2 0
2< [["t" [["1-1" ["c" "3"]]]]]
3< {"t": [["1-1" ["c" "3"]]]}
> XREAD STREAMS s 1-2
< (nil-array)
> XREAD STREAMS s $
< (nil-array)
> XREAD STREAMS s +
2< [["s" [["1-2" ["b" "2"]]]]]
3< {"s": [["1-2" ["b" "2"]]]}
> XREAD STREAMS missing +
< (nil-array)
> XREAD STREAMS s t + +
2< [["s" [["1-2" ["b" "2"]]]] ["t" [["1-1" ["c" "3"]]]]]
3< {"s": [["1-2" ["b" "2"]]] "t": [["1-1" ["c" "3"]]]}
> XREAD COUNT -5 STREAMS s 0
2< [["s" [["1-1" ["a" "1"]] ["1-2" ["b" "2"]]]]]
3< {"s": [["1-1" ["a" "1"]] ["1-2" ["b" "2"]]]}
> XREAD COUNT abc STREAMS s 0
< -ERR value is not an integer or out of range
> XREAD STREAMS s
< -ERR wrong number of arguments for 'xread' command
> XREAD STREAMS s t 0
< -ERR Unbalanced 'xread' list of streams: for each stream key an ID, '+', or '$' must be specified.
> XREAD STREAMS
< -ERR wrong number of arguments for 'xread' command
> XREAD COUNT 1
< -ERR wrong number of arguments for 'xread' command
> XREAD COUNT 1 s 0
< -ERR syntax error
> XREAD STREAMS s >
< -ERR The > ID can be specified only when calling XREADGROUP using the GROUP <group> <consumer> option.
> XREAD STREAMS s abc
< -ERR Invalid stream ID specified as stream command argument
> XREAD GROUP g c STREAMS s 0
< -ERR The GROUP option is only supported by XREADGROUP. You called XREAD instead.
> XREAD NOACK STREAMS s 0
< -ERR The NOACK option is only supported by XREADGROUP. You called XREAD instead.
> SET string x
< +OK
> XREAD STREAMS s string 0 0
< -WRONGTYPE Operation against a key holding the wrong kind of value

== a stream whose last entries are gone
> XADD s 1-1 a 1
< "1-1"
> XADD s 1-2 b 2
< "1-2"
> XADD s 1-3 c 3
< "1-3"
> XDEL s 1-2 1-3
< :2
> XREAD STREAMS s +
2< [["s" [["1-1" ["a" "1"]]]]]
3< {"s": [["1-1" ["a" "1"]]]}
> XREAD STREAMS s 1-1
< (nil-array)
> XDEL s 1-1
< :1
> XREAD STREAMS s +
< (nil-array)
> XLEN s
< :0
> EXISTS s
< :1
> XADD s 1-3 d 4
< -ERR The ID specified in XADD is equal or smaller than the target stream top item
> XADD s 1-* d 4
< "1-4"
