# Streams: what is refused leaves the key as it was; ids and numbers at their ends.

== wrong types
> SET s text
< +OK
> XADD s * f v
< -WRONGTYPE Operation against a key holding the wrong kind of value
> XADD s 0-0 f v
< -ERR The ID specified in XADD must be greater than 0-0
> XADD s abc f v
< -ERR Invalid stream ID specified as stream command argument
> XADD s NOMKSTREAM * f v
< -WRONGTYPE Operation against a key holding the wrong kind of value
> XLEN s
< -WRONGTYPE Operation against a key holding the wrong kind of value
> XRANGE s - +
< -WRONGTYPE Operation against a key holding the wrong kind of value
> XRANGE s abc +
< -ERR Invalid stream ID specified as stream command argument
> XREVRANGE s + -
< -WRONGTYPE Operation against a key holding the wrong kind of value
> XDEL s 1-1
< -WRONGTYPE Operation against a key holding the wrong kind of value
> XDEL s abc
< -WRONGTYPE Operation against a key holding the wrong kind of value
> XTRIM s MAXLEN 0
< -WRONGTYPE Operation against a key holding the wrong kind of value
> XTRIM s MAXLEN abc
< -ERR value is not an integer or out of range
> XREAD STREAMS s 0
< -WRONGTYPE Operation against a key holding the wrong kind of value
> XREAD STREAMS s $
< -WRONGTYPE Operation against a key holding the wrong kind of value
> XREAD STREAMS s abc
< -WRONGTYPE Operation against a key holding the wrong kind of value
> XREAD BLOCK 1 STREAMS missing s 0 0
< -WRONGTYPE Operation against a key holding the wrong kind of value
> XREADGROUP GROUP g c STREAMS s >
< -WRONGTYPE Operation against a key holding the wrong kind of value
> XGROUP CREATE s g 0
< -WRONGTYPE Operation against a key holding the wrong kind of value
> XGROUP CREATE s g 0 MKSTREAM
< -WRONGTYPE Operation against a key holding the wrong kind of value
> XGROUP CREATE s g abc
< -WRONGTYPE Operation against a key holding the wrong kind of value
> XGROUP SETID s g 0
< -WRONGTYPE Operation against a key holding the wrong kind of value
> XGROUP DESTROY s g
< -WRONGTYPE Operation against a key holding the wrong kind of value
> XGROUP CREATECONSUMER s g c
< -WRONGTYPE Operation against a key holding the wrong kind of value
> XGROUP DELCONSUMER s g c
< -WRONGTYPE Operation against a key holding the wrong kind of value
> XACK s g 1-1
< -WRONGTYPE Operation against a key holding the wrong kind of value
> XACK s g abc
< -WRONGTYPE Operation against a key holding the wrong kind of value
> XPENDING s g
< -WRONGTYPE Operation against a key holding the wrong kind of value
> XCLAIM s g c 0 1-1
< -WRONGTYPE Operation against a key holding the wrong kind of value
> XAUTOCLAIM s g c 0 0
< -WRONGTYPE Operation against a key holding the wrong kind of value
> XINFO STREAM s
< -WRONGTYPE Operation against a key holding the wrong kind of value
> XINFO GROUPS s
< -WRONGTYPE Operation against a key holding the wrong kind of value
> XINFO CONSUMERS s g
< -WRONGTYPE Operation against a key holding the wrong kind of value
> XSETID s 1-1
< -WRONGTYPE Operation against a key holding the wrong kind of value
> GET s
< "text"
> EXISTS g
< :0

== ids that are none
> XADD x 5-5 f v
< "5-5"
> XADD x 0-0 f v
< -ERR The ID specified in XADD must be greater than 0-0
> XADD x 0 f v
< -ERR The ID specified in XADD must be greater than 0-0
> XADD x 5-5 f v
< -ERR The ID specified in XADD is equal or smaller than the target stream top item
> XADD x 5-4 f v
< -ERR The ID specified in XADD is equal or smaller than the target stream top item
> XADD x 4-9 f v
< -ERR The ID specified in XADD is equal or smaller than the target stream top item
> XADD x 4 f v
< -ERR The ID specified in XADD is equal or smaller than the target stream top item
> XADD x abc f v
< -ERR Invalid stream ID specified as stream command argument
> XADD x "" f v
< -ERR Invalid stream ID specified as stream command argument
> XADD x - f v
< -ERR Invalid stream ID specified as stream command argument
> XADD x + f v
< -ERR Invalid stream ID specified as stream command argument
> XADD x $ f v
< -ERR Invalid stream ID specified as stream command argument
> XADD x > f v
< -ERR Invalid stream ID specified as stream command argument
> XADD x 5- f v
< -ERR Invalid stream ID specified as stream command argument
> XADD x -5 f v
< -ERR Invalid stream ID specified as stream command argument
> XADD x 5-5-5 f v
< -ERR Invalid stream ID specified as stream command argument
> XADD x 5-abc f v
< -ERR Invalid stream ID specified as stream command argument
> XADD x 5.5 f v
< -ERR Invalid stream ID specified as stream command argument
# Redis passes over spaces in front.
> XADD x " 6-1" f v
< "6-1"
> XADD x "6-1 " f v
< -ERR Invalid stream ID specified as stream command argument
> XADD x -1-1 f v
< -ERR Invalid stream ID specified as stream command argument
> XADD x 6--1 f v
< -ERR Invalid stream ID specified as stream command argument
> XADD x 18446744073709551616-1 f v
< -ERR Invalid stream ID specified as stream command argument
> XADD x 6-18446744073709551616 f v
< -ERR Invalid stream ID specified as stream command argument
> XADD x ** f v
< -ERR Invalid stream ID specified as stream command argument
> XADD x *-1 f v
< -ERR Invalid stream ID specified as stream command argument
> XADD x 6-** f v
< -ERR Invalid stream ID specified as stream command argument
> XADD x (6-1 f v
< -ERR Invalid stream ID specified as stream command argument
> XADD x 4-* f v
< -ERR The ID specified in XADD is equal or smaller than the target stream top item
> XADD missing 0-0 f v
< -ERR The ID specified in XADD must be greater than 0-0
> XADD missing abc f v
< -ERR Invalid stream ID specified as stream command argument
> EXISTS missing
< :0
> XRANGE x - +
< [["5-5" ["f" "v"]] ["6-1" ["f" "v"]]]
> XADD x 0005-0006 f v
< -ERR The ID specified in XADD is equal or smaller than the target stream top item
> XADD x 5-* f v
< -ERR The ID specified in XADD is equal or smaller than the target stream top item
> XADD x 6 f v
< -ERR The ID specified in XADD is equal or smaller than the target stream top item
> XRANGE x - +
< [["5-5" ["f" "v"]] ["6-1" ["f" "v"]]]

== ids at their ends
> XADD x 18446744073709551615-18446744073709551614 f v
< "18446744073709551615-18446744073709551614"
> XADD x 18446744073709551615-* f v
< "18446744073709551615-18446744073709551615"
> XADD x 18446744073709551615-* f v
< -ERR The stream has exhausted the last possible ID, unable to add more items
> XADD x * f v
< -ERR The stream has exhausted the last possible ID, unable to add more items
> XADD x 18446744073709551615-18446744073709551615 f v
< -ERR The stream has exhausted the last possible ID, unable to add more items
> XRANGE x 18446744073709551615-18446744073709551615 18446744073709551615-18446744073709551615
< [["18446744073709551615-18446744073709551615" ["f" "v"]]]
> XRANGE x (18446744073709551615-18446744073709551615 +
< -ERR invalid start ID for the interval
> XRANGE x - (18446744073709551615-18446744073709551615
< [["18446744073709551615-18446744073709551614" ["f" "v"]]]
> XRANGE x - (0-0
< -ERR invalid end ID for the interval
> XRANGE x (18446744073709551615-18446744073709551614 +
< [["18446744073709551615-18446744073709551615" ["f" "v"]]]
> XREVRANGE x + (18446744073709551615-18446744073709551615
< -ERR invalid start ID for the interval
> XREVRANGE x (0-0 -
< -ERR invalid end ID for the interval
> XREAD STREAMS x 18446744073709551615-18446744073709551615
< (nil-array)
> XREAD STREAMS x 18446744073709551615-18446744073709551614
2< [["x" [["18446744073709551615-18446744073709551615" ["f" "v"]]]]]
3< {"x": [["18446744073709551615-18446744073709551615" ["f" "v"]]]}
> XDEL x 18446744073709551615-18446744073709551615
< :1
> XADD x * f v
< -ERR The stream has exhausted the last possible ID, unable to add more items
> XLEN x
< :1
> XADD y 1-18446744073709551615 f v
< "1-18446744073709551615"
> XADD y 1-* f v
< -ERR The ID specified in XADD is equal or smaller than the target stream top item
> XADD y 2-* f v
< "2-0"
> XADD z 0-1 f v
< "0-1"
> XADD z 0-* f v
< "0-2"
> XRANGE z 0 0
< [["0-1" ["f" "v"]] ["0-2" ["f" "v"]]]
> XRANGE z 0-0 0-1
< [["0-1" ["f" "v"]]]

== ranges
> XADD x 1-1 f v
< "1-1"
> XRANGE x abc +
< -ERR Invalid stream ID specified as stream command argument
> XRANGE x - abc
< -ERR Invalid stream ID specified as stream command argument
> XRANGE x "" +
< -ERR Invalid stream ID specified as stream command argument
> XRANGE x + -
< []
> XRANGE x ( +
< -ERR Invalid stream ID specified as stream command argument
> XRANGE x (- +
< -ERR Invalid stream ID specified as stream command argument
> XRANGE x - (+
< -ERR Invalid stream ID specified as stream command argument
> XRANGE x 1-abc +
< -ERR Invalid stream ID specified as stream command argument
> XRANGE x -1 +
< -ERR Invalid stream ID specified as stream command argument
> XRANGE x 18446744073709551616 +
< -ERR Invalid stream ID specified as stream command argument
> XRANGE x - + COUNT
< -ERR syntax error
> XRANGE x - + COUNT abc
< -ERR value is not an integer or out of range
> XRANGE x - + COUNT -1
< (nil-array)
> XRANGE x - + COUNT 0
< (nil-array)
> XRANGE x - + COUNT 9223372036854775807
< [["1-1" ["f" "v"]]]
> XRANGE x - + COUNT 9223372036854775808
< -ERR value is not an integer or out of range
> XRANGE x - + COUNT -9223372036854775808
< (nil-array)
> XRANGE x - + NOPE 1
< -ERR syntax error
> XRANGE x -
< -ERR wrong number of arguments for 'xrange' command
> XRANGE missing abc +
< -ERR Invalid stream ID specified as stream command argument
> XRANGE missing - + COUNT abc
< -ERR value is not an integer or out of range
> XREVRANGE x - +
< []
> XREVRANGE x abc -
< -ERR Invalid stream ID specified as stream command argument
> XDEL x abc
< -ERR Invalid stream ID specified as stream command argument
> XDEL x 1-1 abc
< -ERR Invalid stream ID specified as stream command argument
> XDEL x -
< -ERR Invalid stream ID specified as stream command argument
> XDEL x
< -ERR wrong number of arguments for 'xdel' command
> XDEL missing abc
< :0
> XRANGE x - +
< [["1-1" ["f" "v"]]]

== adding and trimming
> XADD x 1-1 f v
< "1-1"
> XADD x 2-1 f v
< "2-1"
> XADD x
< -ERR wrong number of arguments for 'xadd' command
> XADD x *
< -ERR wrong number of arguments for 'xadd' command
> XADD x * f
< -ERR wrong number of arguments for 'xadd' command
> XADD x * f v g
< -ERR wrong number of arguments for 'xadd' command
> XADD x MAXLEN abc * f v
< -ERR value is not an integer or out of range
> XADD x MAXLEN -1 * f v
< -ERR The MAXLEN argument must be >= 0.
> XADD x MAXLEN = -1 * f v
< -ERR The MAXLEN argument must be >= 0.
> XADD x MAXLEN 9223372036854775808 * f v
< -ERR value is not an integer or out of range
> XADD x MAXLEN * f v
< -ERR value is not an integer or out of range
> XADD x MAXLEN ~ abc * f v
< -ERR value is not an integer or out of range
> XADD x MAXLEN 1 MINID 1 * f v
< -ERR syntax error, MAXLEN and MINID options at the same time are not compatible
> XADD x MAXLEN 1 LIMIT 1 * f v
< -ERR syntax error, LIMIT cannot be used without the special ~ option
> XADD x MAXLEN ~ 1 LIMIT -1 * f v
< -ERR The LIMIT argument must be >= 0.
> XADD x MAXLEN ~ 1 LIMIT abc * f v
< -ERR value is not an integer or out of range
> XADD x LIMIT 1 * f v
< -ERR syntax error, LIMIT cannot be used without specifying a trimming strategy
> XADD x MINID abc * f v
< -ERR Invalid stream ID specified as stream command argument
> XADD x MINID ~ "" * f v
< -ERR Invalid stream ID specified as stream command argument
> XADD x MAXLEN 0 1-1 f v
< -ERR The ID specified in XADD is equal or smaller than the target stream top item
> XADD x NOMKSTREAM NOPE * f v
< -ERR Invalid stream ID specified as stream command argument
> XADD missing NOMKSTREAM * f v
< (nil)
> XTRIM x
< -ERR wrong number of arguments for 'xtrim' command
> XTRIM x MAXLEN
< -ERR wrong number of arguments for 'xtrim' command
> XTRIM x MAXLEN abc
< -ERR value is not an integer or out of range
> XTRIM x MAXLEN -1
< -ERR The MAXLEN argument must be >= 0.
> XTRIM x MAXLEN -9223372036854775808
< -ERR The MAXLEN argument must be >= 0.
> XTRIM x MAXLEN 9223372036854775808
< -ERR value is not an integer or out of range
> XTRIM x MAXLEN = abc
< -ERR value is not an integer or out of range
> XTRIM x MAXLEN 1 LIMIT 1
< -ERR syntax error, LIMIT cannot be used without the special ~ option
> XTRIM x MAXLEN ~ 1 LIMIT -1
< -ERR The LIMIT argument must be >= 0.
> XTRIM x MAXLEN 1 MAXLEN 1
< -ERR syntax error, MAXLEN and MINID options at the same time are not compatible
> XTRIM x MINID abc
< -ERR Invalid stream ID specified as stream command argument
> XTRIM x MINID -
< -ERR Invalid stream ID specified as stream command argument
> XTRIM x NOPE 1
< -ERR syntax error
> XTRIM x MAXLEN 1 NOPE
< -ERR syntax error
> XTRIM missing MAXLEN abc
< -ERR value is not an integer or out of range
> XTRIM x MAXLEN 9223372036854775807
< :0
> XTRIM x MINID 0
< :0
> XRANGE x - +
< [["1-1" ["f" "v"]] ["2-1" ["f" "v"]]]
> XTRIM x MINID 18446744073709551615-18446744073709551615
< :2
> XLEN x
< :0
> EXISTS missing
< :0

== reading
> XADD x 1-1 f v
< "1-1"
> XREAD
< -ERR wrong number of arguments for 'xread' command
> XREAD STREAMS x
< -ERR wrong number of arguments for 'xread' command
> XREAD STREAMS x y 0
< -ERR Unbalanced 'xread' list of streams: for each stream key an ID, '+', or '$' must be specified.
> XREAD COUNT 1
< -ERR wrong number of arguments for 'xread' command
> XREAD COUNT abc STREAMS x 0
< -ERR value is not an integer or out of range
> XREAD COUNT 9223372036854775808 STREAMS x 0
< -ERR value is not an integer or out of range
> XREAD COUNT -1 STREAMS x 0
2< [["x" [["1-1" ["f" "v"]]]]]
3< {"x": [["1-1" ["f" "v"]]]}
> XREAD COUNT 0 STREAMS x 0
2< [["x" [["1-1" ["f" "v"]]]]]
3< {"x": [["1-1" ["f" "v"]]]}
> XREAD BLOCK -1 STREAMS x 0
< -ERR timeout is negative
> XREAD BLOCK abc STREAMS x 0
< -ERR timeout is not an integer or out of range
> XREAD BLOCK 9223372036854775807 STREAMS x 0
< -ERR timeout is out of range
> XREAD BLOCK 9223372036854775808 STREAMS x $
< -ERR timeout is not an integer or out of range
> XREAD BLOCK 1.5 STREAMS x 0
< -ERR timeout is not an integer or out of range
> XREAD NOPE STREAMS x 0
< -ERR syntax error
> XREAD STREAMS x abc
< -ERR Invalid stream ID specified as stream command argument
> XREAD STREAMS x -
< -ERR Invalid stream ID specified as stream command argument
> XREAD STREAMS x >
< -ERR The > ID can be specified only when calling XREADGROUP using the GROUP <group> <consumer> option.
> XREAD STREAMS missing abc
< -ERR Invalid stream ID specified as stream command argument
> XREAD NOACK STREAMS x 0
< -ERR The NOACK option is only supported by XREADGROUP. You called XREAD instead.
> XREAD GROUP g c STREAMS x 0
< -ERR The GROUP option is only supported by XREADGROUP. You called XREAD instead.
> XGROUP CREATE x g 0
< +OK
> XREADGROUP GROUP g c STREAMS x
< -ERR wrong number of arguments for 'xreadgroup' command
> XREADGROUP GROUP g STREAMS x 0
< -ERR wrong number of arguments for 'xreadgroup' command
> XREADGROUP STREAMS x >
< -ERR wrong number of arguments for 'xreadgroup' command
> XREADGROUP COUNT 1 STREAMS x >
< -ERR wrong number of arguments for 'xreadgroup' command
> XREADGROUP GROUP missing c STREAMS x >
< -NOGROUP No such key 'x' or consumer group 'missing' in XREADGROUP with GROUP option
> XREADGROUP GROUP g c STREAMS missing >
< -NOGROUP No such key 'missing' or consumer group 'g' in XREADGROUP with GROUP option
> XREADGROUP GROUP g c STREAMS x $
< -ERR The $ ID is meaningless in the context of XREADGROUP: you want to read the history of this consumer by specifying a proper ID, or use the > ID to get new messages. The $ ID would just return an empty result set.
> XREADGROUP GROUP g c STREAMS x abc
< -ERR Invalid stream ID specified as stream command argument
> XREADGROUP GROUP g c STREAMS x +
< -ERR The + ID is meaningless in the context of XREADGROUP: you want to read the history of this consumer by specifying a proper ID, or use the > ID to get new messages. The + ID would just return an empty result set.
> XREADGROUP GROUP g c COUNT abc STREAMS x >
< -ERR value is not an integer or out of range
> XREADGROUP GROUP g c COUNT -5 STREAMS x 0
2< [["x" []]]
3< {"x": []}
> XREADGROUP GROUP g c BLOCK -1 STREAMS x >
< -ERR timeout is negative
> XPENDING x g
2< [:0 (nil) (nil) (nil-array)]
3< [:0 (nil) (nil) (nil)]
> XINFO STREAM x FULL COUNT abc
< -ERR value is not an integer or out of range
> XINFO STREAM x FULL COUNT
< -ERR unknown subcommand or wrong number of arguments for 'STREAM'. Try XINFO HELP.
> XINFO STREAM x NOPE
< -ERR unknown subcommand or wrong number of arguments for 'STREAM'. Try XINFO HELP.
> XINFO STREAM missing
< -ERR no such key
> XINFO NOPE x
< -ERR unknown subcommand 'NOPE'. Try XINFO HELP.
> XINFO CONSUMERS x missing
< -NOGROUP No such consumer group 'missing' for key name 'x'
> XINFO CONSUMERS missing g
< -ERR no such key
> XINFO GROUPS missing
< -ERR no such key

== groups and what is pending
> XADD x 1-1 f v
< "1-1"
> XADD x 2-1 f v
< "2-1"
> XGROUP CREATE x g 0
< +OK
> XREADGROUP GROUP g c COUNT 1 STREAMS x >
2< [["x" [["1-1" ["f" "v"]]]]]
3< {"x": [["1-1" ["f" "v"]]]}
> XGROUP CREATE x g 0
< -BUSYGROUP Consumer Group name already exists
> XGROUP CREATE x h abc
< -ERR Invalid stream ID specified as stream command argument
> XGROUP CREATE x h ""
< -ERR Invalid stream ID specified as stream command argument
> XGROUP CREATE x h -
< -ERR Invalid stream ID specified as stream command argument
> XGROUP CREATE x h 0 NOPE
< -ERR unknown subcommand or wrong number of arguments for 'CREATE'. Try XGROUP HELP.
> XGROUP CREATE x h 0 ENTRIESREAD abc
< -ERR value is not an integer or out of range
> XGROUP CREATE x h 0 ENTRIESREAD -1
< +OK
> XGROUP CREATE x h 0 ENTRIESREAD -2
< -ERR value for ENTRIESREAD must be positive or -1
> XGROUP CREATE x i 0 ENTRIESREAD 9223372036854775807
< +OK
> XGROUP CREATE x j 0 ENTRIESREAD 9223372036854775808
< -ERR value is not an integer or out of range
> XGROUP CREATE missing h 0
< -ERR The XGROUP subcommand requires the key to exist. Note that for CREATE you may want to use the MKSTREAM option to create an empty stream automatically.
> XGROUP CREATE missing h abc MKSTREAM
< -ERR Invalid stream ID specified as stream command argument
> EXISTS missing
< :0
> XGROUP SETID x missing 0
< -NOGROUP No such consumer group 'missing' for key name 'x'
> XGROUP SETID x g abc
< -ERR Invalid stream ID specified as stream command argument
> XGROUP SETID x g 0 ENTRIESREAD -5
< -ERR value for ENTRIESREAD must be positive or -1
> XGROUP SETID missing g 0
< -ERR The XGROUP subcommand requires the key to exist. Note that for CREATE you may want to use the MKSTREAM option to create an empty stream automatically.
> XGROUP DESTROY x missing
< :0
> XGROUP DESTROY missing g
< -ERR The XGROUP subcommand requires the key to exist. Note that for CREATE you may want to use the MKSTREAM option to create an empty stream automatically.
> XGROUP CREATECONSUMER x missing c
< -NOGROUP No such consumer group 'missing' for key name 'x'
> XGROUP CREATECONSUMER missing g c
< -ERR The XGROUP subcommand requires the key to exist. Note that for CREATE you may want to use the MKSTREAM option to create an empty stream automatically.
> XGROUP DELCONSUMER x g missing
< :0
> XGROUP DELCONSUMER x missing c
< -NOGROUP No such consumer group 'missing' for key name 'x'
> XGROUP NOPE x g
< -ERR unknown subcommand 'NOPE'. Try XGROUP HELP.
> XGROUP CREATE x
< -ERR wrong number of arguments for 'xgroup|create' command
> XGROUP
< -ERR wrong number of arguments for 'xgroup' command
> XACK x g abc
< -ERR Invalid stream ID specified as stream command argument
> XACK x g 1-1 abc
< -ERR Invalid stream ID specified as stream command argument
> XACK x g -
< -ERR Invalid stream ID specified as stream command argument
> XACK x missing 1-1
< :0
> XACK missing g abc
< :0
> XACK x g
< -ERR wrong number of arguments for 'xack' command
> XPENDING x missing
< -NOGROUP No such key 'x' or consumer group 'missing'
> XPENDING missing g
< -NOGROUP No such key 'missing' or consumer group 'g'
> XPENDING x g - +
< -ERR syntax error
> XPENDING x g - + abc
< -ERR value is not an integer or out of range
> XPENDING x g - + -1
< []
> XPENDING x g - + 9223372036854775808
< -ERR value is not an integer or out of range
> XPENDING x g abc + 1
< -ERR Invalid stream ID specified as stream command argument
> XPENDING x g - abc 1
< -ERR Invalid stream ID specified as stream command argument
> XPENDING x g (18446744073709551615-18446744073709551615 + 1
< -ERR invalid start ID for the interval
> XPENDING x g IDLE abc - + 1
< -ERR value is not an integer or out of range
> XPENDING x g IDLE -1 - + 0
< []
> XPENDING x g IDLE 9223372036854775807 - + 10
< []
> XPENDING x g NOPE 1 - + 1
< -ERR value is not an integer or out of range
> XPENDING x g - + 10 nobody
< []
> XCLAIM x g c abc 1-1
< -ERR Invalid min-idle-time argument for XCLAIM
> XCLAIM x g c -1 5-5
< []
> XCLAIM x g c 0 abc
< -ERR Unrecognized XCLAIM option 'abc'
> XCLAIM x g c 0 1-1 NOPE
< -ERR Unrecognized XCLAIM option 'NOPE'
> XCLAIM x g c 0 1-1 IDLE abc
< -ERR Invalid IDLE option argument for XCLAIM
> XCLAIM x g c 0 1-1 TIME abc
< -ERR Invalid TIME option argument for XCLAIM
> XCLAIM x g c 0 1-1 RETRYCOUNT abc
< -ERR Invalid RETRYCOUNT option argument for XCLAIM
> XCLAIM x g c 0 1-1 RETRYCOUNT -1
< [["1-1" ["f" "v"]]]
> XCLAIM x g c 0 1-1 LASTID abc
< -ERR Invalid stream ID specified as stream command argument
> XCLAIM x g c 0 1-1 IDLE
< -ERR Unrecognized XCLAIM option 'IDLE'
> XCLAIM x missing c 0 1-1
< -NOGROUP No such key 'x' or consumer group 'missing'
> XCLAIM missing g c 0 1-1
< -NOGROUP No such key 'missing' or consumer group 'g'
> XCLAIM x g c 9223372036854775807 1-1
< []
> XCLAIM x g c 9223372036854775808 1-1
< -ERR Invalid min-idle-time argument for XCLAIM
> XAUTOCLAIM x g c abc 0
< -ERR Invalid min-idle-time argument for XAUTOCLAIM
> XAUTOCLAIM x g c 0 abc
< -ERR Invalid stream ID specified as stream command argument
> XAUTOCLAIM x g c 0 0 COUNT 0
< -ERR COUNT must be > 0
> XAUTOCLAIM x g c 0 0 COUNT -1
< -ERR COUNT must be > 0
> XAUTOCLAIM x g c 0 0 COUNT abc
< -ERR COUNT must be > 0
> XAUTOCLAIM x g c 0 0 COUNT 9223372036854775807
< -ERR COUNT must be > 0
> XAUTOCLAIM x g c 9223372036854775807 0 COUNT 1
< ["0-0" [] []]
> XAUTOCLAIM x g c 0 0 NOPE
< -ERR syntax error
> XAUTOCLAIM x missing c 0 0
< -NOGROUP No such key 'x' or consumer group 'missing'
> XAUTOCLAIM missing g c 0 0
< -NOGROUP No such key 'missing' or consumer group 'g'
> XAUTOCLAIM x g c 0 (18446744073709551615-18446744073709551615
< -ERR invalid start ID for the interval
> XPENDING x g
< [:1 "1-1" "1-1" [["c" "1"]]]
> XINFO GROUPS x
< [{"name": "g" "consumers": :1 "pending": :1 "last-delivered-id": "1-1" "entries-read": :1 "lag": :1} {"name": "h" "consumers": :0 "pending": :0 "last-delivered-id": "0-0" "entries-read": (nil) "lag": :2} {"name": "i" "consumers": :0 "pending": :0 "last-delivered-id": "0-0" "entries-read": :9223372036854775807 "lag": :2}]
> XSETID x abc
< -ERR Invalid stream ID specified as stream command argument
> XSETID x 1-1
< -ERR The ID specified in XSETID is smaller than the target stream top item
> XSETID x 2-0
< -ERR The ID specified in XSETID is smaller than the target stream top item
> XSETID x 9-9 ENTRIESADDED -1
< -ERR entries_added must be positive
> XSETID x 9-9 ENTRIESADDED abc MAXDELETEDID 1-1
< -ERR value is not an integer or out of range
> XSETID x 9-9 ENTRIESADDED 1 MAXDELETEDID 1-1
< -ERR The entries_added specified in XSETID is smaller than the target stream length
> XSETID x 9-9 ENTRIESADDED 5 MAXDELETEDID 10-1
< -ERR The ID specified in XSETID is smaller than the provided max_deleted_entry_id
> XSETID x 9-9 ENTRIESADDED 5
< +OK
> XSETID x 9-9 NOPE 1
< -ERR syntax error
> XSETID missing 1-1
< -ERR no such key
> XSETID x
< -ERR wrong number of arguments for 'xsetid' command
> XADD x 2-1 f v
< -ERR The ID specified in XADD is equal or smaller than the target stream top item
> XLEN x
< :2
