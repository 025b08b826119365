# COMMAND and its subcommands, as client libraries ask them.

== info
> COMMAND INFO get
< [["get" :2 ~[+"readonly" +"fast"] :1 :1 :1 ~[+"@read" +"@string" +"@fast"] ~[] ~[{"flags": ~[+"RO" +"access"] "begin_search": {"type": "index" "spec": {"index": :1}} "find_keys": {"type": "range" "spec": {"lastkey": :0 "keystep": :1 "limit": :0}}}] ~[]]]
> COMMAND INFO set
< [["set" :-3 ~[+"write" +"denyoom"] :1 :1 :1 ~[+"@write" +"@string" +"@slow"] ~[] ~[{"notes": ... "flags": ~[+"RW" +"access" +"update" +"variable_flags"] "begin_search": {"type": "index" "spec": {"index": :1}} "find_keys": {"type": "range" "spec": {"lastkey": :0 "keystep": :1 "limit": :0}}}] ~[]]]
> COMMAND INFO mset
< [["mset" :-3 ~[+"write" +"denyoom"] :1 :-1 :2 ~[+"@write" +"@string" +"@slow"] ~["request_policy:multi_shard" "response_policy:all_succeeded"] ~[{"flags": ~[+"OW" +"update"] "begin_search": {"type": "index" "spec": {"index": :1}} "find_keys": {"type": "range" "spec": {"lastkey": :-1 "keystep": :2 "limit": :0}}}] ~[]]]
> COMMAND INFO hset
< [["hset" :-4 ~[+"write" +"denyoom" +"fast"] :1 :1 :1 ~[+"@write" +"@hash" +"@fast"] ~[] ~[{"flags": ~[+"RW" +"update"] "begin_search": {"type": "index" "spec": {"index": :1}} "find_keys": {"type": "range" "spec": {"lastkey": :0 "keystep": :1 "limit": :0}}}] ~[]]]
> COMMAND INFO no-such-command
< [(nil)]
> COMMAND INFO get no-such-command
< [[...] ...]
> COMMAND INFO client|no-such
< [(nil)]
> COMMAND COUNT
< :50..1000
> COMMAND COUNT x
< -ERR wrong number of arguments for 'command|count' command
> COMMAND NONSENSE
< -ERR unknown subcommand 'NONSENSE'. Try COMMAND HELP.
> COMMAND LIST FILTERBY PATTERN hget
< ["hget"]
> COMMAND LIST FILTERBY PATTERN nosuch*
< []
> COMMAND LIST FILTERBY MODULE nosuch
< []
> COMMAND LIST FILTERBY NONSENSE x
< -ERR syntax error
> COMMAND LIST NONSENSE
< -ERR syntax error

== keys of a command
> COMMAND GETKEYS GET k
< ["k"]
> COMMAND GETKEYS MSET a 1 b 2
< ["a" "b"]
> COMMAND GETKEYS LCS a b
< ["a" "b"]
> COMMAND GETKEYS PING
< -ERR The command has no key arguments
> COMMAND GETKEYS NOSUCH k
< -ERR Invalid command specified
> COMMAND GETKEYS GET
< -ERR Invalid number of arguments specified for command
> COMMAND GETKEYS
< -ERR wrong number of arguments for 'command|getkeys' command
> COMMAND GETKEYSANDFLAGS SET k v
< [["k" ~[+"OW" +"update"]]]
> COMMAND GETKEYSANDFLAGS GETDEL k
< [["k" ~[+"RW" +"access" +"delete"]]]
> COMMAND GETKEYSANDFLAGS COPY a b
< [["a" ~[+"RO" +"access"]] ["b" ~[+"OW" +"update"]]]
> COMMAND GETKEYSANDFLAGS MSET a 1 b 2
< [["a" ~[+"OW" +"update"]] ["b" ~[+"OW" +"update"]]]
> COMMAND GETKEYSANDFLAGS PING
< -ERR The command has no key arguments

== docs
> COMMAND DOCS get
< {"get": {"summary": ... "since": "1.0.0" "group": "string" "complexity": ... "arguments": [{"name": "key" "type": "key" "display_text": "key" "key_spec_index": :0}]}}
> COMMAND DOCS no-such-command
< {}
