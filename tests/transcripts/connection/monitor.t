# MONITOR shows what runs; secrets and what operators do are left out.
protocol: 2

== commands
a> MONITOR
a< +OK
> SET k "a\"b\\c\n\x00\xff"
< +OK
a< ~^[0-9]+\.[0-9]{6} \[0 [0-9.:]+\] "SET" "k" "a\\"b\\\\c\\n\\x00\\xff"$
> get k
< ...
a< ~^[0-9]+\.[0-9]{6} \[0 [0-9.:]+\] "get" "k"$
> GET
< -ERR wrong number of arguments for 'get' command
> nothing
< -"ERR unknown command 'nothing', with args beginning with: "
> CONFIG GET port
< ...
> SELECT 1
< +OK
a< ~^.* \[1 [0-9.:]+\] "SELECT" "1"$
> LPUSH k a
< :1
a< ~^.* \[1 [0-9.:]+\] "LPUSH" "k" "a"$
> HELLO 2 AUTH someone secret
< ...
a< ~^.* "HELLO" "2" "AUTH" "\(redacted\)" "\(redacted\)"$
> AUTH secret
< ...
a< ~^.* "AUTH" "\(redacted\)"$

== transactions
a> MONITOR
a< +OK
> MULTI
< +OK
a< ~^.* "MULTI"$
> SET k 1
< +QUEUED
> GET k
< +QUEUED
> EXEC
< [+"OK" "1"]
a< ~^.* "SET" "k" "1"$
a< ~^.* "GET" "k"$
a< ~^.* "EXEC"$

== scripts
a> MONITOR
a< +OK
> EVAL "redis.call('set', KEYS[1], 'v') return 1" 1 k
< :1
a< ~^.* "EVAL" ".*" "1" "k"$
a< ~^.* \[0 lua\] "set" "k" "v"$

== a command that waits is shown once
a> MONITOR
a< +OK
> BLPOP l 0.1
< (nil-array)
a< ~^.* "BLPOP" "l" "0.1"$
> PING
< +PONG
a< ~^.* "PING"$

== while it listens
a> MONITOR
a< +OK
a> GET k
a< -ERR Replica can't interact with the keyspace
a> RESET
a< ...
a> GET k
a< (nil)
a> MULTI
a< +OK
a> MONITOR
a< +QUEUED
a> EXEC
a< [-"ERR MONITOR isn't allowed for DENY BLOCKING client"]
