# Which events are published where: the letters of notify-keyspace-events.

== both channels
> CONFIG SET notify-keyspace-events KEA
< +OK
a> PSUBSCRIBE *
a< >["psubscribe" "*" :1]
> SET k v
< +OK
a< >["pmessage" "*" "__keyspace@0__:k" "set"]
a< >["pmessage" "*" "__keyevent@0__:set" "k"]
> CONFIG GET notify-keyspace-events
< {"notify-keyspace-events": "AKE"}

== the channels of keys alone
> CONFIG SET notify-keyspace-events KA
< +OK
a> PSUBSCRIBE *
a< >["psubscribe" "*" :1]
> SET k v
< +OK
a< >["pmessage" "*" "__keyspace@0__:k" "set"]

== the channels of events alone
> CONFIG SET notify-keyspace-events EA
< +OK
a> PSUBSCRIBE *
a< >["psubscribe" "*" :1]
> SET k v
< +OK
a< >["pmessage" "*" "__keyevent@0__:set" "k"]

== neither
> CONFIG SET notify-keyspace-events A
< +OK
a> PSUBSCRIBE *
a< >["psubscribe" "*" :1]
> SET k v
< +OK

== some classes
> CONFIG SET notify-keyspace-events E$lg
< +OK
a> PSUBSCRIBE *
a< >["psubscribe" "*" :1]
> SET k v
< +OK
a< >["pmessage" "*" "__keyevent@0__:set" "k"]
> SADD s a
< :1
> HSET h a b
< :1
> LPUSH l a
< :1
a< >["pmessage" "*" "__keyevent@0__:lpush" "l"]
> DEL s
< :1
a< >["pmessage" "*" "__keyevent@0__:del" "s"]
> GET nothing
< (nil)

== one key's channel, in another database
> CONFIG SET notify-keyspace-events KEA
< +OK
a> SUBSCRIBE __keyspace@1__:k
a< >["subscribe" "__keyspace@1__:k" :1]
> SET k v
< +OK
> SELECT 1
< +OK
> SET k v
< +OK
a< >["message" "__keyspace@1__:k" "set"]
> LPOP l
< (nil)
> MULTI
< +OK
> APPEND k w
< +QUEUED
> DEL k
< +QUEUED
> EXEC
< [:2 :1]
a< >["message" "__keyspace@1__:k" "append"]
a< >["message" "__keyspace@1__:k" "del"]

== letters
> CONFIG SET notify-keyspace-events Kx
< +OK
> CONFIG GET notify-keyspace-events
< {"notify-keyspace-events": "xK"}
> CONFIG SET notify-keyspace-events xyz
< -ERR CONFIG SET failed (possibly related to argument 'notify-keyspace-events') - Invalid event class character. Use 'Ag$lshzxeKEtmdn'.
> CONFIG SET notify-keyspace-events ""
< +OK
> CONFIG GET notify-keyspace-events
< {"notify-keyspace-events": ""}
