# Streams: entries that go.

== by id
> XADD s 1-1 f v
< "1-1"
> XADD s 1-2 f v
< "1-2"
> XADD s 1-3 f v
< "1-3"
> XDEL s 1-2 1-9 1-2
< :1
> XDEL s 1-1 abc
< -ERR Invalid stream ID specified as stream command argument
> XLEN s
< :2
> XDEL s 1
< :0
> XDEL s
< -ERR wrong number of arguments for 'xdel' command
> XDEL missing 1-1
< :0
> XDEL missing abc
< :0
> SET string x
< +OK
> XDEL string abc
< -WRONGTYPE Operation against a key holding the wrong kind of value
> XRANGE s - +
< [["1-1" ["f" "v"]] ["1-3" ["f" "v"]]]

== from the front
> XADD s 1 f v
< "1-0"
> XADD s 2 f v
< "2-0"
> XADD s 3 f v
< "3-0"
> XADD s 4 f v
< "4-0"
> XTRIM s MAXLEN 3
< :1
> XTRIM s MAXLEN = 3
< :0
> XTRIM s MINID 3
< :1
> XTRIM s MAXLEN ~ 0
< :2
> XTRIM s MAXLEN
< -ERR wrong number of arguments for 'xtrim' command
> XTRIM s
< -ERR wrong number of arguments for 'xtrim' command
> XTRIM s MAXLEN 1 2
< -ERR syntax error
> XTRIM s LIMIT 1
< -ERR syntax error, LIMIT cannot be used without specifying a trimming strategy
> XTRIM s LIMIT 0
< -ERR syntax error, XTRIM must be called with a trimming strategy
> XTRIM s MAXLEN 0 LIMIT 5
< -ERR syntax error, LIMIT cannot be used without the special ~ option
> XTRIM s MAXLEN ~ 0 LIMIT 5
< :0
> XTRIM s NOMKSTREAM MAXLEN 1
< -ERR syntax error
> XTRIM missing MAXLEN 0
< :0
> SET string x
< +OK
> XTRIM string MAXLEN 0
< -WRONGTYPE Operation against a key holding the wrong kind of value
> XTRIM string MAXLEN x
< -ERR value is not an integer or out of range

== approximately: whole blocks, and not more than allowed
> CONFIG SET stream-node-max-entries 2
< +OK
> XADD s 1 f v
< "1-0"
> XADD s 2 f v
< "2-0"
> XADD s 3 f v
< "3-0"
> XADD s 4 f v
< "4-0"
> XADD s 5 f v
< "5-0"
> XTRIM s MAXLEN ~ 4
< :0
> XTRIM s MAXLEN ~ 3
< :2
> XTRIM s MINID ~ 5 LIMIT 1
< :0
> XTRIM s MINID ~ 5 LIMIT 2
< :2
> XRANGE s - +
< [["5-0" ["f" "v"]]]
> XINFO STREAM s
< {"length": :1 "radix-tree-keys": :1 "radix-tree-nodes": :2 "last-generated-id": "5-0" "max-deleted-entry-id": "0-0" "entries-added": :5 "recorded-first-entry-id": "5-0" "groups": :0 "first-entry": ["5-0" ["f" "v"]] "last-entry": ["5-0" ["f" "v"]]}
> CONFIG SET stream-node-max-entries 100
< +OK
