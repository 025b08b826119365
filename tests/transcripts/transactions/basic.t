# Transactions: what is queued runs in one go.

== queue and run
> MULTI
< +OK
> SET k 1
< +QUEUED
> INCR k
< +QUEUED
> GET k
< +QUEUED
> LPUSH k x
< +QUEUED
> HGETALL h
< +QUEUED
> EXEC
< [+"OK" :2 "2" -"WRONGTYPE Operation against a key holding the wrong kind of value" {}]
> GET k
< "2"
> EXEC
< -ERR EXEC without MULTI
> DISCARD
< -ERR DISCARD without MULTI

== discard
> SET k old
< +OK
> MULTI
< +OK
> SET k new
< +QUEUED
> DISCARD
< +OK
> GET k
< "old"
> MULTI
< +OK
> EXEC
< []

== what is refused when it is queued spoils the whole
> MULTI
< +OK
> SET k v
< +QUEUED
> NOSUCHCOMMAND a b
< -"ERR unknown command 'NOSUCHCOMMAND', with args beginning with: 'a' 'b' "
> GET
< -ERR wrong number of arguments for 'get' command
> EXEC
< -EXECABORT Transaction discarded because of previous errors.
> EXISTS k
< :0
> MULTI
< +OK
> SHUTDOWN NOSAVE
< -ERR Command not allowed inside a transaction
> PING
< +QUEUED
> EXEC
< -EXECABORT Transaction discarded because of previous errors.
> PING
< +PONG

== what runs at once
> MULTI
< +OK
> MULTI
< -ERR MULTI calls can not be nested
> WATCH k
< -ERR WATCH inside MULTI is not allowed
> SET a 1
< +QUEUED
> EXEC
< [+"OK"]
> GET a
< "1"
> MULTI x
< -ERR wrong number of arguments for 'multi' command
> EXEC x
< -EXECABORT Transaction discarded because of: wrong number of arguments for 'exec' command
> WATCH
< -ERR wrong number of arguments for 'watch' command
> UNWATCH x
< -ERR wrong number of arguments for 'unwatch' command

== databases, protocols and names
> MULTI
< +OK
> SELECT 3
< +QUEUED
> SET k v
< +QUEUED
> PING hello
< +QUEUED
> ECHO x
< +QUEUED
> EXEC
< [+"OK" +"OK" "hello" "x"]
> EXISTS k
< :1
> SELECT 0
< +OK
> EXISTS k
< :0

== commands that would wait do not
> MULTI
< +OK
> BLPOP nolist 0
< +QUEUED
> BLMOVE nolist other LEFT RIGHT 0
< +QUEUED
> BZPOPMIN nozset 0
< +QUEUED
> BLMPOP 0 1 nolist LEFT
< +QUEUED
> XREAD BLOCK 0 STREAMS nostream $
< +QUEUED
> EXEC
2< [(nil-array) (nil) (nil-array) (nil-array) (nil-array)]
3< [(nil) (nil) (nil) (nil) (nil)]

== over all slots and databases
> MSET a 1 b 2 c 3
< +OK
> MULTI
< +OK
> DBSIZE
< +QUEUED
> KEYS a
< +QUEUED
> FLUSHDB
< +QUEUED
> SET d 4
< +QUEUED
> DBSIZE
< +QUEUED
> FLUSHALL
< +QUEUED
> RANDOMKEY
< +QUEUED
> EXEC
< [:3 ["a"] +"OK" +"OK" :1 +"OK" (nil)]
> MULTI
< +OK
> SET x 1
< +QUEUED
> SWAPDB 0 1
< +QUEUED
> GET x
< +QUEUED
> SELECT 1
< +QUEUED
> GET x
< +QUEUED
> EXEC
< [+"OK" +"OK" (nil) +"OK" "1"]
> DBSIZE
< :1

== reset and quit
> MULTI
< +OK
> SET k v
< +QUEUED
> RESET
< +RESET
> EXEC
< -ERR EXEC without MULTI
> EXISTS k
< :0
> MULTI
< +OK
> QUIT
< +OK

== errors inside stay inside
> SET s text
< +OK
> MULTI
< +OK
> INCR s
< +QUEUED
> SET s 1 NX XX
< +QUEUED
> HSET h f
< -ERR wrong number of arguments for 'hset' command
> EXEC
< -EXECABORT Transaction discarded because of previous errors.
> MULTI
< +OK
> INCR s
< +QUEUED
> SADD s a
< +QUEUED
> SET t v
< +QUEUED
> EXEC
< [-"ERR value is not an integer or out of range" -"WRONGTYPE Operation against a key holding the wrong kind of value" +"OK"]
> GET t
< "v"

== what counts all keys runs in a queue beside commands on some
> MULTI
< +OK
> SET one 1
< +QUEUED
> SET other 2
< +QUEUED
> MEMORY STATS
< +QUEUED
> INFO keyspace
< +QUEUED
> MEMORY DOCTOR
< +QUEUED
> EXEC
< [+"OK" +"OK" ...]
> GET one
< "1"
