# Streams: what there is to know of them.

== a stream
> XINFO STREAM missing
< -ERR no such key
> XGROUP CREATE s g 0 MKSTREAM
< +OK
> XINFO STREAM s
< {"length": :0 "radix-tree-keys": :0 "radix-tree-nodes": :1 "last-generated-id": "0-0" "max-deleted-entry-id": "0-0" "entries-added": :0 "recorded-first-entry-id": "0-0" "groups": :1 "first-entry": (nil) "last-entry": (nil)}
> XADD s 1-1 a 1
< "1-1"
> XADD s 1-2 b 2
< "1-2"
> XADD s 1-3 c 3
< "1-3"
> XDEL s 1-1
< :1
> XINFO STREAM s
< {"length": :2 "radix-tree-keys": :1 "radix-tree-nodes": :2 "last-generated-id": "1-3" "max-deleted-entry-id": "1-1" "entries-added": :3 "recorded-first-entry-id": "1-2" "groups": :1 "first-entry": ["1-2" ["b" "2"]] "last-entry": ["1-3" ["c" "3"]]}
> XINFO STREAM s FULL
< {"length": :2 "radix-tree-keys": :1 "radix-tree-nodes": :2 "last-generated-id": "1-3" "max-deleted-entry-id": "1-1" "entries-added": :3 "recorded-first-entry-id": "1-2" "entries": [["1-2" ["b" "2"]] ["1-3" ["c" "3"]]] "groups": [{"name": "g" "last-delivered-id": "0-0" "entries-read": (nil) "lag": :2 "pel-count": :0 "pending": [] "consumers": []}]}
> XINFO STREAM s FULL COUNT 1
< {"length": :2 "radix-tree-keys": :1 "radix-tree-nodes": :2 "last-generated-id": "1-3" "max-deleted-entry-id": "1-1" "entries-added": :3 "recorded-first-entry-id": "1-2" "entries": [["1-2" ["b" "2"]]] "groups": [{"name": "g" "last-delivered-id": "0-0" "entries-read": (nil) "lag": :2 "pel-count": :0 "pending": [] "consumers": []}]}
> XINFO STREAM s FULL COUNT 0
< {"length": :2 "radix-tree-keys": :1 "radix-tree-nodes": :2 "last-generated-id": "1-3" "max-deleted-entry-id": "1-1" "entries-added": :3 "recorded-first-entry-id": "1-2" "entries": [["1-2" ["b" "2"]] ["1-3" ["c" "3"]]] "groups": [{"name": "g" "last-delivered-id": "0-0" "entries-read": (nil) "lag": :2 "pel-count": :0 "pending": [] "consumers": []}]}
> XINFO STREAM s FULL COUNT
< -ERR unknown subcommand or wrong number of arguments for 'STREAM'. Try XINFO HELP.
> XINFO STREAM s FULL COUNT x
< -ERR value is not an integer or out of range
> XINFO STREAM s OTHER
< -ERR unknown subcommand or wrong number of arguments for 'STREAM'. Try XINFO HELP.
> XINFO STREAM s FULL OTHER 1
< -ERR unknown subcommand or wrong number of arguments for 'STREAM'. Try XINFO HELP.
> XINFO STREAM
< -ERR wrong number of arguments for 'xinfo|stream' command
> SET string x
< +OK
> XINFO STREAM string
< -WRONGTYPE Operation against a key holding the wrong kind of value
> XINFO GROUPS string
< -WRONGTYPE Operation against a key holding the wrong kind of value

== groups and consumers
> XADD s 1-1 a 1
< "1-1"
> XADD s 1-2 b 2
< "1-2"
> XGROUP CREATE s g 0
< +OK
> XGROUP CREATE s h $
< +OK
> XREADGROUP GROUP g bob COUNT 1 STREAMS s >
2< [["s" [["1-1" ["a" "1"]]]]]
3< {"s": [["1-1" ["a" "1"]]]}
> XGROUP CREATECONSUMER s g alice
< :1
> XINFO GROUPS s
< [{"name": "g" "consumers": :2 "pending": :1 "last-delivered-id": "1-1" "entries-read": :1 "lag": :1} {"name": "h" "consumers": :0 "pending": :0 "last-delivered-id": "1-2" "entries-read": (nil) "lag": :0}]
> XINFO CONSUMERS s g
< [{"name": "alice" "pending": :0 "idle": :0..5000 "inactive": :-1} {"name": "bob" "pending": :1 "idle": :0..5000 "inactive": :0..5000}]
> XINFO CONSUMERS s h
< []
> XINFO CONSUMERS s none
< -NOGROUP No such consumer group 'none' for key name 's'
> XINFO CONSUMERS s
< -ERR wrong number of arguments for 'xinfo|consumers' command
> XINFO GROUPS missing
< -ERR no such key
> XINFO STREAM s FULL
< {"length": :2 "radix-tree-keys": :1 "radix-tree-nodes": :2 "last-generated-id": "1-2" "max-deleted-entry-id": "0-0" "entries-added": :2 "recorded-first-entry-id": "1-1" "entries": [["1-1" ["a" "1"]] ["1-2" ["b" "2"]]] "groups": [{"name": "g" "last-delivered-id": "1-1" "entries-read": :1 "lag": :1 "pel-count": :1 "pending": [["1-1" "bob" :* :1]] "consumers": [{"name": "alice" "seen-time": :* "active-time": :-1 "pel-count": :0 "pending": []} {"name": "bob" "seen-time": :* "active-time": :* "pel-count": :1 "pending": [["1-1" :* :1]]}]} {"name": "h" "last-delivered-id": "1-2" "entries-read": (nil) "lag": :0 "pel-count": :0 "pending": [] "consumers": []}]}

== how far a group has read
> XADD s 1 f v
< "1-0"
> XADD s 2 f v
< "2-0"
> XADD s 3 f v
< "3-0"
> XADD s 4 f v
< "4-0"
> XGROUP CREATE s g 0
< +OK
> XGROUP CREATE s h 2
< +OK
> XREADGROUP GROUP g c COUNT 2 STREAMS s >
2< [["s" [["1-0" ["f" "v"]] ["2-0" ["f" "v"]]]]]
3< {"s": [["1-0" ["f" "v"]] ["2-0" ["f" "v"]]]}
> XINFO GROUPS s
< [{"name": "g" "consumers": :1 "pending": :2 "last-delivered-id": "2-0" "entries-read": :2 "lag": :2} {"name": "h" "consumers": :0 "pending": :0 "last-delivered-id": "2-0" "entries-read": (nil) "lag": (nil)}]
> XDEL s 3
< :1
> XINFO GROUPS s
< [{"name": "g" "consumers": :1 "pending": :2 "last-delivered-id": "2-0" "entries-read": :2 "lag": (nil)} {"name": "h" "consumers": :0 "pending": :0 "last-delivered-id": "2-0" "entries-read": (nil) "lag": (nil)}]
> XREADGROUP GROUP g c STREAMS s >
2< [["s" [["4-0" ["f" "v"]]]]]
3< {"s": [["4-0" ["f" "v"]]]}
> XINFO GROUPS s
< [{"name": "g" "consumers": :1 "pending": :3 "last-delivered-id": "4-0" "entries-read": :4 "lag": :0} {"name": "h" "consumers": :0 "pending": :0 "last-delivered-id": "2-0" "entries-read": (nil) "lag": (nil)}]
> XTRIM s MAXLEN 0
< :3
> XINFO GROUPS s
< [{"name": "g" "consumers": :1 "pending": :3 "last-delivered-id": "4-0" "entries-read": :4 "lag": :0} {"name": "h" "consumers": :0 "pending": :0 "last-delivered-id": "2-0" "entries-read": (nil) "lag": :0}]

== counters set by hand
> XSETID missing 1-1
< -ERR no such key
> XADD s 1-1 f v
< "1-1"
> XADD s 2-2 f v
< "2-2"
> XSETID s 1-1
< -ERR The ID specified in XSETID is smaller than the target stream top item
> XSETID s 5-5
< +OK
> XSETID s 5-5 ENTRIESADDED 1
< -ERR The entries_added specified in XSETID is smaller than the target stream length
> XSETID s 5-5 ENTRIESADDED 100 MAXDELETEDID 3-3
< +OK
> XSETID s 5-5 ENTRIESADDED -1
< -ERR entries_added must be positive
> XSETID s 5-5 ENTRIESADDED
< -ERR syntax error
> XSETID s 5-5 MAXDELETEDID 6-6
< -ERR The ID specified in XSETID is smaller than the provided max_deleted_entry_id
> XSETID s 2-5
< -ERR The ID specified in XSETID is smaller than current max_deleted_entry_id
> XSETID s x
< -ERR Invalid stream ID specified as stream command argument
> XSETID s 5-5 OTHER x
< -ERR syntax error
> XINFO STREAM s
< {"length": :2 "radix-tree-keys": :1 "radix-tree-nodes": :2 "last-generated-id": "5-5" "max-deleted-entry-id": "3-3" "entries-added": :100 "recorded-first-entry-id": "1-1" "groups": :0 "first-entry": ["1-1" ["f" "v"]] "last-entry": ["2-2" ["f" "v"]]}
> COPY s t
< :1
> XINFO STREAM t
< {"length": :2 "radix-tree-keys": :1 "radix-tree-nodes": :2 "last-generated-id": "5-5" "max-deleted-entry-id": "3-3" "entries-added": :100 "recorded-first-entry-id": "1-1" "groups": :0 "first-entry": ["1-1" ["f" "v"]] "last-entry": ["2-2" ["f" "v"]]}
> DEBUG DIGEST-VALUE s t
< -ERR DEBUG command not allowed. If the enable-debug-command option is set to "local", you can run it from a local connection, otherwise you need to set this option in the configuration file, and then restart the server.

== its place among the other types
> XADD s 1-1 f v
< "1-1"
> SCAN 0 TYPE stream
< ["0" ["s"]]
> OBJECT ENCODING s
< "stream"
> EXPIRE s 100
< :1
> XADD s 1-2 f v
< "1-2"
> TTL s
< :98..100
> RENAME s t
< +OK
> XLEN t
< :2
> LPUSH t x
< -WRONGTYPE Operation against a key holding the wrong kind of value
> GET t
< -WRONGTYPE Operation against a key holding the wrong kind of value
> DEL t
< :1
