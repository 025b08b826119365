# Streams: groups of consumers.

== making and removing groups
> XGROUP CREATE s g $
< -ERR The XGROUP subcommand requires the key to exist. Note that for CREATE you may want to use the MKSTREAM option to create an empty stream automatically.
> XGROUP CREATE s g $ MKSTREAM
< +OK
> XGROUP CREATE s g 0
< -BUSYGROUP Consumer Group name already exists
> XGROUP CREATE s h 0 ENTRIESREAD 3
< +OK
> XGROUP CREATE s i 0 ENTRIESREAD -1
< +OK
> XGROUP CREATE s j 0 ENTRIESREAD -2
< -ERR value for ENTRIESREAD must be positive or -1
> XGROUP CREATE s j 0 ENTRIESREAD x
< -ERR value is not an integer or out of range
> XGROUP CREATE s j abc
< -ERR Invalid stream ID specified as stream command argument
> XGROUP CREATE s j -
< -ERR Invalid stream ID specified as stream command argument
> XGROUP CREATE s j 0 OTHER
< -ERR unknown subcommand or wrong number of arguments for 'CREATE'. Try XGROUP HELP.
> XGROUP CREATE s j
< -ERR wrong number of arguments for 'xgroup|create' command
> XGROUP CREATE s j 0 MKSTREAM MKSTREAM ENTRIESREAD 1
< -ERR unknown subcommand or wrong number of arguments for 'CREATE'. Try XGROUP HELP.
> XINFO GROUPS s
< [{"name": "g" "consumers": :0 "pending": :0 "last-delivered-id": "0-0" "entries-read": (nil) "lag": :0} {"name": "h" "consumers": :0 "pending": :0 "last-delivered-id": "0-0" "entries-read": :3 "lag": :0} {"name": "i" "consumers": :0 "pending": :0 "last-delivered-id": "0-0" "entries-read": (nil) "lag": :0}]
> XGROUP SETID s g 5-5
< +OK
> XGROUP SETID s g - ENTRIESREAD 7
< +OK
> XGROUP SETID s g + MKSTREAM
< -ERR unknown subcommand or wrong number of arguments for 'SETID'. Try XGROUP HELP.
> XGROUP SETID s none 0
< -NOGROUP No such consumer group 'none' for key name 's'
> XGROUP SETID missing g 0
< -ERR The XGROUP subcommand requires the key to exist. Note that for CREATE you may want to use the MKSTREAM option to create an empty stream automatically.
> XGROUP DESTROY s h
< :1
> XGROUP DESTROY s h
< :0
> XGROUP DESTROY missing h
< -ERR The XGROUP subcommand requires the key to exist. Note that for CREATE you may want to use the MKSTREAM option to create an empty stream automatically.
> XGROUP CREATECONSUMER s g alice
< :1
> XGROUP CREATECONSUMER s g alice
< :0
> XGROUP CREATECONSUMER s none alice
< -NOGROUP No such consumer group 'none' for key name 's'
> XGROUP DELCONSUMER s g alice
< :0
> XGROUP DELCONSUMER s g alice
< :0
> XGROUP DELCONSUMER s none alice
< -NOGROUP No such consumer group 'none' for key name 's'
> XGROUP NONSENSE
< -ERR unknown subcommand 'NONSENSE'. Try XGROUP HELP.
> SET string x
< +OK
> XGROUP CREATE string g 0
< -WRONGTYPE Operation against a key holding the wrong kind of value
> XGROUP DESTROY string g
< -WRONGTYPE Operation against a key holding the wrong kind of value
> XGROUP HELP x
< -ERR wrong number of arguments for 'xgroup|help' command

== reading
> XGROUP CREATE s g 0 MKSTREAM
< +OK
> XREADGROUP GROUP g alice STREAMS s >
< (nil-array)
> XADD s 1-1 f 1
< "1-1"
> XADD s 1-2 f 2
< "1-2"
> XADD s 1-3 f 3
< "1-3"
> XREADGROUP GROUP g alice COUNT 1 STREAMS s >
2< [["s" [["1-1" ["f" "1"]]]]]
3< {"s": [["1-1" ["f" "1"]]]}
> XREADGROUP GROUP g bob STREAMS s >
2< [["s" [["1-2" ["f" "2"]] ["1-3" ["f" "3"]]]]]
3< {"s": [["1-2" ["f" "2"]] ["1-3" ["f" "3"]]]}
> XREADGROUP GROUP g bob STREAMS s >
< (nil-array)
> XREADGROUP GROUP g alice STREAMS s 0
2< [["s" [["1-1" ["f" "1"]]]]]
3< {"s": [["1-1" ["f" "1"]]]}
> XREADGROUP GROUP g bob COUNT 1 STREAMS s 1-2
2< [["s" [["1-3" ["f" "3"]]]]]
3< {"s": [["1-3" ["f" "3"]]]}
> XREADGROUP GROUP g carol STREAMS s 0
2< [["s" []]]
3< {"s": []}
> XDEL s 1-2
< :1
> XREADGROUP GROUP g bob STREAMS s 0
2< [["s" [["1-2" (nil-array)] ["1-3" ["f" "3"]]]]]
3< {"s": [["1-2" (nil)] ["1-3" ["f" "3"]]]}
> XPENDING s g
< [:3 "1-1" "1-3" [["alice" "1"] ["bob" "2"]]]
> XACK s g 1-1 1-2 9-9
< :2
> XACK s g 1-1
< :0
> XACK s none 1-1
< :0
> XACK missing g x
< :0
> XACK s g 1-1 x
< -ERR Invalid stream ID specified as stream command argument
> XPENDING s g
< [:1 "1-3" "1-3" [["bob" "1"]]]
> XREADGROUP GROUP g alice NOACK STREAMS s >
< (nil-array)
> XADD s 1-4 f 4
< "1-4"
> XREADGROUP GROUP g alice NOACK STREAMS s >
2< [["s" [["1-4" ["f" "4"]]]]]
3< {"s": [["1-4" ["f" "4"]]]}
> XPENDING s g - + 10 alice
< []
> XGROUP DELCONSUMER s g bob
< :1
> XPENDING s g
2< [:0 (nil) (nil) (nil-array)]
3< [:0 (nil) (nil) (nil)]

== refusals of reading
> XADD s 1-1 f 1
< "1-1"
> XGROUP CREATE s g 0
< +OK
> XREADGROUP GROUP g alice STREAMS s $
< -ERR The $ ID is meaningless in the context of XREADGROUP: you want to read the history of this consumer by specifying a proper ID, or use the > ID to get new messages. The $ ID would just return an empty result set.
> XREADGROUP GROUP g alice STREAMS s +
< -ERR The + ID is meaningless in the context of XREADGROUP: you want to read the history of this consumer by specifying a proper ID, or use the > ID to get new messages. The + ID would just return an empty result set.
> XREADGROUP GROUP none alice STREAMS s >
< -NOGROUP No such key 's' or consumer group 'none' in XREADGROUP with GROUP option
> XREADGROUP GROUP g alice STREAMS missing >
< -NOGROUP No such key 'missing' or consumer group 'g' in XREADGROUP with GROUP option
> XREADGROUP GROUP g alice STREAMS s
< -ERR wrong number of arguments for 'xreadgroup' command
> XREADGROUP GROUP g alice STREAMS s t >
< -ERR Unbalanced 'xreadgroup' list of streams: for each stream key an ID or '>' must be specified.
> XREADGROUP COUNT 1 NOACK STREAMS s t u > > >
< -ERR Missing GROUP option for XREADGROUP
> XREADGROUP GROUP g alice BLOCK x STREAMS s >
< -ERR timeout is not an integer or out of range
> XREADGROUP GROUP g alice BLOCK -1 STREAMS s >
< -ERR timeout is negative
> XREADGROUP GROUP g alice COUNT x STREAMS s >
< -ERR value is not an integer or out of range
> XREADGROUP GROUP g alice OTHER STREAMS s >
< -ERR syntax error
> XREADGROUP NOACK GROUP streams alice STREAMS s >
< -NOGROUP No such key 's' or consumer group 'streams' in XREADGROUP with GROUP option
> SET string x
< +OK
> XREADGROUP GROUP g alice STREAMS string >
< -WRONGTYPE Operation against a key holding the wrong kind of value

== what is pending
> XADD s 1-1 f 1
< "1-1"
> XADD s 1-2 f 2
< "1-2"
> XADD s 1-3 f 3
< "1-3"
> XGROUP CREATE s g 0
< +OK
> XPENDING s g
2< [:0 (nil) (nil) (nil-array)]
3< [:0 (nil) (nil) (nil)]
> XREADGROUP GROUP g alice COUNT 2 STREAMS s >
2< [["s" [["1-1" ["f" "1"]] ["1-2" ["f" "2"]]]]]
3< {"s": [["1-1" ["f" "1"]] ["1-2" ["f" "2"]]]}
> XREADGROUP GROUP g bob STREAMS s >
2< [["s" [["1-3" ["f" "3"]]]]]
3< {"s": [["1-3" ["f" "3"]]]}
> XPENDING s g
< [:3 "1-1" "1-3" [["alice" "2"] ["bob" "1"]]]
> XPENDING s g - + 10
< [["1-1" "alice" :0..5000 :1] ["1-2" "alice" :0..5000 :1] ["1-3" "bob" :0..5000 :1]]
> XPENDING s g (1-1 + 1
< [["1-2" "alice" :0..5000 :1]]
> XPENDING s g - + 10 bob
< [["1-3" "bob" :0..5000 :1]]
> XPENDING s g IDLE 100000 - + 10
< []
> XPENDING s g IDLE 0 - + 10 nobody
< []
> XPENDING s g - + 0
< []
> XPENDING s g - + -1
< []
> XPENDING s g - +
< -ERR syntax error
> XPENDING s g IDLE 0 - +
< -ERR syntax error
> XPENDING s g IDLE x - + 10
< -ERR value is not an integer or out of range
> XPENDING s g - + x
< -ERR value is not an integer or out of range
> XPENDING s g x + 10
< -ERR Invalid stream ID specified as stream command argument
> XPENDING s none
< -NOGROUP No such key 's' or consumer group 'none'
> XPENDING missing g
< -NOGROUP No such key 'missing' or consumer group 'g'

== delivered again after the group was set back
> XADD s 1-1 f 1
< "1-1"
> XGROUP CREATE s g 0
< +OK
> XREADGROUP GROUP g alice STREAMS s >
2< [["s" [["1-1" ["f" "1"]]]]]
3< {"s": [["1-1" ["f" "1"]]]}
> XREADGROUP GROUP g alice STREAMS s 0
2< [["s" [["1-1" ["f" "1"]]]]]
3< {"s": [["1-1" ["f" "1"]]]}
> XPENDING s g - + 10
< [["1-1" "alice" :0..5000 :2]]
> XGROUP SETID s g 0
< +OK
> XREADGROUP GROUP g bob STREAMS s >
2< [["s" [["1-1" ["f" "1"]]]]]
3< {"s": [["1-1" ["f" "1"]]]}
> XPENDING s g - + 10
< [["1-1" "bob" :0..5000 :1]]
> XREADGROUP GROUP g alice STREAMS s 0
2< [["s" []]]
3< {"s": []}
