# SUBSCRIBE and kin, PUBLISH: each name is answered by a push of its own, messages come in their order.

== a channel
> PUBLISH c m
< :0
a> SUBSCRIBE c
a< >["subscribe" "c" :1]
> PUBLISH c hello
< :1
a< >["message" "c" "hello"]
> PUBLISH c ""
< :1
a< >["message" "c" ""]
> PUBLISH "" x
< :0
> PUBLISH C x
< :0
a> UNSUBSCRIBE c
a< >["unsubscribe" "c" :0]
> PUBLISH c gone
< :0

== several names, twice the same, none
a> SUBSCRIBE c
a< >["subscribe" "c" :1]
a> SUBSCRIBE c d c
a< >["subscribe" "c" :1]
a< >["subscribe" "d" :2]
a< >["subscribe" "c" :2]
a> UNSUBSCRIBE x
a< >["unsubscribe" "x" :2]
a> UNSUBSCRIBE d d
a< >["unsubscribe" "d" :1]
a< >["unsubscribe" "d" :1]
a> UNSUBSCRIBE
a< >["unsubscribe" "c" :0]
a> UNSUBSCRIBE
a< >["unsubscribe" (nil) :0]
a> PUNSUBSCRIBE
a< >["punsubscribe" (nil) :0]
a> SUNSUBSCRIBE
a< >["sunsubscribe" (nil) :0]
a> PUNSUBSCRIBE x
a< >["punsubscribe" "x" :0]
a> SUNSUBSCRIBE x y
a< >["sunsubscribe" "x" :0]
a< >["sunsubscribe" "y" :0]
a> SUBSCRIBE
a< -ERR wrong number of arguments for 'subscribe' command
a> PSUBSCRIBE
a< -ERR wrong number of arguments for 'psubscribe' command
a> SSUBSCRIBE
a< -ERR wrong number of arguments for 'ssubscribe' command

== patterns
a> PSUBSCRIBE h*llo
a< >["psubscribe" "h*llo" :1]
b> PSUBSCRIBE h?llo [a-c]x
b< >["psubscribe" "h?llo" :1]
b< >["psubscribe" "[a-c]x" :2]
b> SUBSCRIBE hello
b< >["subscribe" "hello" :3]
> PUBLISH hello 1
< :3
a< >["pmessage" "h*llo" "hello" "1"]
b< >["message" "hello" "1"]
b< >["pmessage" "h?llo" "hello" "1"]
> PUBLISH heello 2
< :1
a< >["pmessage" "h*llo" "heello" "2"]
> PUBLISH bx 3
< :1
b< >["pmessage" "[a-c]x" "bx" "3"]
> PUBLISH dx 4
< :0
b> PUNSUBSCRIBE h?llo
b< >["punsubscribe" "h?llo" :2]
b> UNSUBSCRIBE hello
b< >["unsubscribe" "hello" :1]
b> PUNSUBSCRIBE
b< >["punsubscribe" "[a-c]x" :0]

== shard channels are apart
a> SSUBSCRIBE c
a< >["ssubscribe" "c" :1]
a> SSUBSCRIBE d
a< >["ssubscribe" "d" :2]
b> SUBSCRIBE c
b< >["subscribe" "c" :1]
> PUBLISH c 1
< :1
b< >["message" "c" "1"]
> SPUBLISH c 2
< :1
a< >["smessage" "c" "2"]
> SPUBLISH e 3
< :0
a> SUNSUBSCRIBE c
a< >["sunsubscribe" "c" :1]
a> SUNSUBSCRIBE
a< >["sunsubscribe" "d" :0]

== wrong numbers of arguments
> PUBLISH c
< -ERR wrong number of arguments for 'publish' command
> PUBLISH c m m
< -ERR wrong number of arguments for 'publish' command
> SPUBLISH c
< -ERR wrong number of arguments for 'spublish' command
> PUBSUB
< -ERR wrong number of arguments for 'pubsub' command

== PUBSUB
> PUBSUB CHANNELS
< []
> PUBSUB NUMPAT
< :0
> PUBSUB NUMSUB
< []
> PUBSUB NUMSUB c d
< ["c" :0 "d" :0]
a> SUBSCRIBE c cc d
a< >["subscribe" "c" :1]
a< >["subscribe" "cc" :2]
a< >["subscribe" "d" :3]
b> SUBSCRIBE c
b< >["subscribe" "c" :1]
b> PSUBSCRIBE c*
b< >["psubscribe" "c*" :2]
b> SSUBSCRIBE s
b< >["ssubscribe" "s" :1]
> PUBSUB CHANNELS
< any-order ["c" "cc" "d"]
> PUBSUB channels c*
< any-order ["c" "cc"]
> PUBSUB CHANNELS x
< []
> PUBSUB CHANNELS a b
< -ERR unknown subcommand or wrong number of arguments for 'CHANNELS'. Try PUBSUB HELP.
> PUBSUB NUMSUB c cc x
< ["c" :2 "cc" :1 "x" :0]
> PUBSUB NUMPAT
< :1
> PUBSUB NUMPAT x
< -ERR wrong number of arguments for 'pubsub|numpat' command
> PUBSUB SHARDCHANNELS
< ["s"]
> PUBSUB SHARDCHANNELS x
< []
> PUBSUB SHARDNUMSUB
< []
> PUBSUB SHARDNUMSUB s c
< ["s" :1 "c" :0]
> PUBSUB nothing
< -ERR unknown subcommand 'nothing'. Try PUBSUB HELP.

== RESET ends everything
a> SUBSCRIBE c
a< >["subscribe" "c" :1]
a> PSUBSCRIBE p
a< >["psubscribe" "p" :2]
a> SSUBSCRIBE s
a< >["ssubscribe" "s" :1]
a> RESET
a< +RESET
a> PING
a< +PONG
> PUBSUB NUMPAT
< :0
> PUBLISH c 1
< :0
> SPUBLISH s 1
< :0

== a connection that ends
a> SUBSCRIBE c
a< >["subscribe" "c" :1]
a> QUIT
a< +OK
a< (closed)
until> PUBLISH c 1
< :0

== in a transaction
a> SUBSCRIBE c
a< >["subscribe" "c" :1]
> MULTI
< +OK
> PUBLISH c 1
< +QUEUED
> PUBLISH c 2
< +QUEUED
> PUBSUB NUMSUB c
< +QUEUED
> EXEC
< [:1 :1 ["c" :1]]
a< >["message" "c" "1"]
a< >["message" "c" "2"]
