# A connection that is subscribed and speaks version 3 does everything else as well.
protocol: 3

== everything
> SUBSCRIBE c
< >["subscribe" "c" :1]
> SET k v
< +OK
> GET k
< "v"
> PING
< +PONG
> PING x
< "x"
> PUBLISH c 1
< :1
< >["message" "c" "1"]
a> PUBLISH c 2
a< :1
< >["message" "c" "2"]
> MULTI
< +OK
> PUBLISH c 3
< +QUEUED
> PING
< +QUEUED
> EXEC
< [:1 +"PONG"]
< >["message" "c" "3"]

== answers that are not wanted; pushes are
> CLIENT REPLY OFF
< (silent)
> SUBSCRIBE c
< >["subscribe" "c" :1]
> GET k
< (silent)
a> PUBLISH c 1
a< :1
< >["message" "c" "1"]
> UNSUBSCRIBE c
< >["unsubscribe" "c" :0]
> SUBSCRIBE
< (silent)
> CLIENT REPLY ON
< +OK

== the next answer is not wanted
> CLIENT REPLY SKIP
< (silent)
> SUBSCRIBE c
< >["subscribe" "c" :1]
> PING
< +PONG
