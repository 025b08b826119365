# A connection that is subscribed and speaks version 2 takes few commands.
protocol: 2

== few commands
> SUBSCRIBE c
< ["subscribe" "c" :1]
> PING
< ["pong" ""]
> PING hello
< ["pong" "hello"]
> PING a b
< -ERR wrong number of arguments for 'ping' command
> GET k
< -ERR Can't execute 'get': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in this context
> get k
< -ERR Can't execute 'get': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in this context
> CONFIG GET x
< -ERR Can't execute 'config|get': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in this context
> CLIENT
< -ERR wrong number of arguments for 'client' command
> nothing
< -"ERR unknown command 'nothing', with args beginning with: "
> MULTI
< -ERR Can't execute 'multi': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in this context
> PUBLISH c x
< -ERR Can't execute 'publish': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in this context
> PSUBSCRIBE p
< ["psubscribe" "p" :2]
> SSUBSCRIBE s
< ["ssubscribe" "s" :1]
> UNSUBSCRIBE
< ["unsubscribe" "c" :1]
> GET k
< -ERR Can't execute 'get': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in this context
> PUNSUBSCRIBE
< ["punsubscribe" "p" :0]
> GET k
< -ERR Can't execute 'get': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in this context
> SUNSUBSCRIBE
< ["sunsubscribe" "s" :0]
> GET k
< (nil)
> PING
< +PONG

== HELLO is not among them
> SUBSCRIBE c
< ["subscribe" "c" :1]
> HELLO 3
< -ERR Can't execute 'hello': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in this context
> RESET
< +RESET
> HELLO 3
< {"server": "redis" ...}
> SUBSCRIBE c
< >["subscribe" "c" :1]
> GET k
< (nil)
> PING
< +PONG
> HELLO 2
< ["server" "redis" ...]
> GET k
< -ERR Can't execute 'get': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in this context

== within a transaction
> MULTI
< +OK
> SUBSCRIBE c
< +QUEUED
> GET k
< +QUEUED
> EXEC
< [["subscribe" "c" :1] (nil)]
> GET k
< -ERR Can't execute 'get': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in this context
> RESET
< +RESET
