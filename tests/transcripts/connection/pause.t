# CLIENT PAUSE holds commands back, CLIENT UNPAUSE and time let them go on.

== what may change data
> CLIENT PAUSE 100000 WRITE
< +OK
> GET k
< (nil)
> PING
< +PONG
a> SET k v
a< (silent)
b> PUBLISH c m
b< (silent)
> INFO clients
< ...
> GET k
< (nil)
> CLIENT UNPAUSE
< +OK
a< +OK
b< :0
> GET k
< "v"

== everything, for a moment
a> PING
a< +PONG
> CLIENT PAUSE 100
< +OK
a> GET k
a< (nil)

== pipelines keep their order
> CLIENT PAUSE 100000 WRITE
< +OK
a> GET k
a< (nil)
a> SET k 1
a> INCR k
a> GET k
a< (silent)
> CLIENT UNPAUSE
< +OK
a< +OK
a< :2
a< "2"

== transactions
> CLIENT PAUSE 100000 WRITE
< +OK
a> MULTI
a< +OK
a> GET k
a< +QUEUED
a> EXEC
a< [(nil)]
> CLIENT UNPAUSE
< +OK

== errors come at once
> CLIENT PAUSE 100000 WRITE
< +OK
a> SET k
a< -ERR wrong number of arguments for 'set' command
> CLIENT UNPAUSE
< +OK
> CLIENT PAUSE
< -ERR wrong number of arguments for 'client|pause' command
> CLIENT PAUSE x
< -ERR timeout is not an integer or out of range
> CLIENT PAUSE -1
< -ERR timeout is negative
> CLIENT PAUSE 0
< +OK
> CLIENT PAUSE 10 READ
< -ERR CLIENT PAUSE mode must be WRITE or ALL
> CLIENT PAUSE 10 WRITE x
< -ERR unknown subcommand or wrong number of arguments for 'PAUSE'. Try CLIENT HELP.
> CLIENT UNPAUSE x
< -ERR wrong number of arguments for 'client|unpause' command

== nothing expires
> SET k v PX 20
< +OK
> CLIENT PAUSE 100000 WRITE
< +OK
sleep: 300
> GET k
< (nil)
> DBSIZE
< :1
> RANDOMKEY
< "k"
> CLIENT UNPAUSE
< +OK
until> DBSIZE
< :0
> RANDOMKEY
< (nil)
