# What a restricted user may do: commands, first arguments, keys.

== commands
> ACL SETUSER u on nopass ~* +get +config|get +@hash -hdel +select|1 +multi
< +OK
a> AUTH u x
a< +OK
a> GET k
a< (nil)
a> SET k v
a< -NOPERM User u has no permissions to run the 'set' command
a> CONFIG GET maxmemory
a< {"maxmemory": "0"}
a> CONFIG SET maxmemory 0
a< -NOPERM User u has no permissions to run the 'config|set' command
a> HSET h f v
a< :1
a> HDEL h f
a< -NOPERM User u has no permissions to run the 'hdel' command
a> SELECT 1
a< +OK
a> SELECT 0
a< -NOPERM User u has no permissions to run the 'select' command
a> select 2
a< -NOPERM User u has no permissions to run the 'select' command
a> PING
a< -NOPERM User u has no permissions to run the 'ping' command
a> NOSUCH
a< -"ERR unknown command 'NOSUCH', with args beginning with: "
a> GET
a< -ERR wrong number of arguments for 'get' command
a> ACL WHOAMI
a< -NOPERM User u has no permissions to run the 'acl|whoami' command
a> MULTI
a< +OK
a> SET k v
a< -NOPERM User u has no permissions to run the 'set' command
a> SHUTDOWN
a< -ERR Command not allowed inside a transaction
a> EXEC
a< -EXECABORT Transaction discarded because of: NOPERM User u has no permissions to run the 'exec' command
> ACL SETUSER u -@all
< +OK
a> GET k
a< -NOPERM User u has no permissions to run the 'get' command
a> QUIT
a< +OK
> ACL DELUSER u
< :1

== keys
> ACL SETUSER u on nopass +@all ~a* %R~r* %W~w*
< +OK
a> AUTH u x
a< +OK
a> SET abc 1
a< +OK
a> GET abc
a< "1"
a> GET rk
a< (nil)
a> SET rk 1
a< -NOPERM No permissions to access a key
a> LPUSH wk 1
a< :1
a> LRANGE wk 0 -1
a< -NOPERM No permissions to access a key
a> LLEN wk
a< :1
a> EXISTS wk rk abc
a< :2
a> EXISTS other
a< -NOPERM No permissions to access a key
a> MSET abc 1 other 2
a< -NOPERM No permissions to access a key
a> MGET abc rk other
a< -NOPERM No permissions to access a key
a> COPY rk wk2
a< :0
a> COPY wk rk
a< -NOPERM No permissions to access a key
a> RENAME abc other
a< -NOPERM No permissions to access a key
a> SET wk v
a< +OK
a> SET wk v GET
a< -NOPERM No permissions to access a key
a> SET wk v XX
a< +OK
a> BITFIELD rk GET u4 0
a< [:0]
a> BITFIELD rk GET u4 0 SET u4 0 1
a< -NOPERM No permissions to access a key
a> BITFIELD rk NONSENSE
a< -NOPERM No permissions to access a key
a> ZUNIONSTORE wz 2 rk abc
a< -WRONGTYPE Operation against a key holding the wrong kind of value
a> ZUNIONSTORE wz 2 rk wk
a< -NOPERM No permissions to access a key
a> ZUNIONSTORE wz 0 other
a< -ERR at least 1 input key is needed for 'zunionstore' command
a> ZUNIONSTORE wz 9 other
a< -ERR syntax error
a> OBJECT ENCODING other
a< -NOPERM No permissions to access a key
a> SORT rk BY x*
a< -ERR BY option of SORT denied due to insufficient ACL permissions.
a> SORT rk GET #
a< -ERR GET option of SORT denied due to insufficient ACL permissions.
a> SORT rk STORE wk
a< :0
a> SORT wk STORE wk
a< -NOPERM No permissions to access a key
a> SORT rk BY nosort
a< []
> ACL SETUSER u %R~*
< +OK
a> SORT rk BY x* GET #
a< []
> ACL DELUSER u
< :1

== dry runs
> ACL SETUSER u +@all -@admin %R~r %W~w ~rw
< +OK
> ACL DRYRUN u GET r
< +OK
> ACL DRYRUN u GET w
< "User u has no permissions to access the 'w' key"
> ACL DRYRUN u SET w v
< +OK
> ACL DRYRUN u SET w v GET
< "User u has no permissions to access the 'w' key"
> ACL DRYRUN u SET r v
< "User u has no permissions to access the 'r' key"
> ACL DRYRUN u CONFIG GET x
< "User u has no permissions to run the 'config|get' command"
> ACL DRYRUN u LLEN w
< +OK
> ACL DRYRUN u SINTERCARD 2 w r
< "User u has no permissions to access the 'w' key"
> ACL DRYRUN u GEORADIUS r 1 1 1 m STORE w
< +OK
> ACL DRYRUN u GEORADIUS r 1 1 1 m STORE r
< "User u has no permissions to access the 'r' key"
> ACL DRYRUN u GEORADIUS w 1 1 1 m STORE w
< "User u has no permissions to access the 'w' key"
> ACL DRYRUN u XREAD STREAMS r 0
< +OK
> ACL DRYRUN u XREAD COUNT 1 STREAMS w 0
< "User u has no permissions to access the 'w' key"
> ACL DRYRUN u SORT r STORE w
< +OK
> ACL DRYRUN u SORT r STORE r
< "User u has no permissions to access the 'r' key"
> ACL DRYRUN u SORT w STORE w
< "User u has no permissions to access the 'w' key"
> ACL DRYRUN u LMPOP 2 rw r LEFT
< "User u has no permissions to access the 'r' key"
> ACL DRYRUN u LMPOP 2 rw rw LEFT
< +OK
> ACL DRYRUN u BITFIELD r GET u4 0
< +OK
> ACL DRYRUN u BITFIELD r SET u4 0 1
< "User u has no permissions to access the 'r' key"
> ACL DRYRUN u AUTH a b
< +OK
> ACL DRYRUN u HELLO
< +OK
> ACL DELUSER u
< :1

== selectors do not add up
> ACL SETUSER u on nopass (+@write ~w*) (+@read ~r*)
< +OK
a> AUTH u x
a< +OK
a> SET wk 1
a< +OK
a> GET rk
a< (nil)
a> GET wk
a< -NOPERM No permissions to access a key
a> SET rk 1
a< -NOPERM No permissions to access a key
a> COPY rk wk
a< -NOPERM No permissions to access a key
a> PING
a< -NOPERM User u has no permissions to run the 'ping' command
> ACL SETUSER u clearselectors
< +OK
a> SET wk 1
a< -NOPERM User u has no permissions to run the 'set' command
> ACL DELUSER u
< :1

== a transaction
> ACL SETUSER u on nopass ~* +multi +exec +incr +get
< +OK
a> AUTH u x
a< +OK
a> MULTI
a< +OK
a> INCR k
a< +QUEUED
a> GET k
a< +QUEUED
> ACL SETUSER u -incr
< +OK
a> EXEC
a< [-"NOPERM ACLs rules changed between the moment the transaction was accumulated and the EXEC call. This command is no longer allowed for the following reason: no permission to execute the command or subcommand" (nil)]
a> MULTI
a< +OK
a> INCR k
a< -NOPERM User u has no permissions to run the 'incr' command
a> EXEC
a< -EXECABORT Transaction discarded because of previous errors.
> ACL SETUSER u +incr resetkeys ~k
< +OK
a> MULTI
a< +OK
a> INCR k
a< +QUEUED
a> INCR other
a< -NOPERM No permissions to access a key
a> EXEC
a< -EXECABORT Transaction discarded because of previous errors.
a> MULTI
a< +OK
a> INCR k
a< +QUEUED
> ACL SETUSER u resetkeys
< +OK
a> EXEC
a< [-"NOPERM ACLs rules changed between the moment the transaction was accumulated and the EXEC call. This command is no longer allowed for the following reason: no permission to touch the specified keys"]
> ACL SETUSER u -exec allkeys
< +OK
a> MULTI
a< +OK
a> INCR k
a< +QUEUED
a> EXEC
a< -EXECABORT Transaction discarded because of: NOPERM User u has no permissions to run the 'exec' command
a> EXEC
a< -EXECABORT Transaction discarded because of: NOPERM User u has no permissions to run the 'exec' command
> ACL DELUSER u
< :1

== the user changes within a transaction
> ACL SETUSER u on nopass ~* +get +acl|whoami
< +OK
> MULTI
< +OK
> AUTH u x
< +QUEUED
> ACL WHOAMI
< +QUEUED
> SET k v
< +QUEUED
> AUTH default x
< +QUEUED
> SET k v
< +QUEUED
> EXEC
< [+"OK" "u" -"NOPERM ACLs rules changed between the moment the transaction was accumulated and the EXEC call. This command is no longer allowed for the following reason: no permission to execute the command or subcommand" +"OK" +"OK"]
> ACL DELUSER u
< :1

== who waits may lose the right to
> ACL SETUSER u on nopass ~* +@all
< +OK
a> AUTH u x
a< +OK
a> BLPOP l 0
a< (silent)
until> CLIENT LIST
< ~(?s)flags=b
> ACL SETUSER u resetkeys
< +OK
> LPUSH l x
< :1
a< -NOPERM No permissions to access a key
> LRANGE l 0 -1
< ["x"]
> DEL l
< :1
> ACL SETUSER u allkeys
< +OK
b> AUTH u x
b< +OK
b> BLPOP l 0
b< (silent)
until> CLIENT LIST
< ~(?s)flags=b
> ACL SETUSER u -lrange
< +OK
> LPUSH l x
< :1
b< ["l" "x"]
> ACL DELUSER u
< :1

== looking whether a key is there needs either right
> ACL SETUSER u +@all %R~read* %W~write* %RW~rw*
< +OK
> ACL DRYRUN u HEXISTS read foo
< +OK
> ACL DRYRUN u HEXISTS write foo
< +OK
> ACL DRYRUN u HEXISTS nothing foo
< "User u has no permissions to access the 'nothing' key"
> ACL DRYRUN u HSTRLEN write foo
< +OK
> ACL DRYRUN u SISMEMBER write foo
< +OK
> ACL DRYRUN u ZCOUNT read 0 1
< +OK
> ACL DRYRUN u ZCOUNT write 0 1
< "User u has no permissions to access the 'write' key"
> ACL DRYRUN u PFCOUNT read write
< "User u has no permissions to access the 'write' key"
> ACL DRYRUN u ZINTERCARD 2 read write
< "User u has no permissions to access the 'write' key"
> ACL DRYRUN u touch write
< +OK
> ACL DRYRUN u touch nothing
< "User u has no permissions to access the 'nothing' key"
> ACL DRYRUN u exists write
< +OK
> ACL DRYRUN u exists nothing
< "User u has no permissions to access the 'nothing' key"
> ACL DRYRUN u MEMORY USAGE write
< +OK
> ACL DRYRUN u MEMORY USAGE nothing
< "User u has no permissions to access the 'nothing' key"
> ACL DRYRUN u TYPE write
< +OK
> ACL DRYRUN u TYPE nothing
< "User u has no permissions to access the 'nothing' key"
> ACL DRYRUN u STRLEN nothing
< "User u has no permissions to access the 'nothing' key"
> ACL DRYRUN u XLEN write
< +OK
> ACL DRYRUN u GETEX read
< "User u has no permissions to access the 'read' key"
> ACL DRYRUN u GETEX read PERSIST
< "User u has no permissions to access the 'read' key"
> ACL DRYRUN u GETDEL rw
< +OK
> ACL DRYRUN u GETDEL write
< "User u has no permissions to access the 'write' key"
> ACL DRYRUN u APPEND write x
< +OK
> ACL DRYRUN u INCR write
< "User u has no permissions to access the 'write' key"
> ACL DRYRUN u SMOVE rw write x
< +OK
> ACL DRYRUN u SMOVE write write x
< "User u has no permissions to access the 'write' key"
> ACL DRYRUN u ZRANGESTORE write read 0 1
< +OK
> ACL DRYRUN u ZRANGESTORE read write 0 1
< "User u has no permissions to access the 'read' key"
> ACL DRYRUN u BITOP AND write read read
< +OK
> ACL DRYRUN u BITOP AND write read write
< "User u has no permissions to access the 'write' key"
> ACL DRYRUN u PFMERGE rw read
< +OK
> ACL DRYRUN u LCS read write
< "User u has no permissions to access the 'write' key"
> ACL DRYRUN u XREADGROUP GROUP g c STREAMS rw >
< +OK
> ACL DRYRUN u XREADGROUP GROUP g c STREAMS read >
< +OK
> ACL DRYRUN u XREAD STREAMS read rw 0
< +OK
> ACL DRYRUN u OBJECT FREQ nothing
< "User u has no permissions to access the 'nothing' key"
> ACL DRYRUN u RENAME rw write
< +OK
> ACL DRYRUN u RENAME read write
< "User u has no permissions to access the 'read' key"
> ACL DRYRUN u WATCH nothing
< "User u has no permissions to access the 'nothing' key"
> ACL DRYRUN u PUBLISH ch m
< "User u has no permissions to access the 'ch' channel"
> ACL DRYRUN u SUBSCRIBE a b
< "User u has no permissions to access the 'a' channel"
> ACL DELUSER u
< :1

== what a call does with its key may depend on its options
> COMMAND GETKEYSANDFLAGS SET k v
< [["k" ~[+"OW" +"update"]]]
> COMMAND GETKEYSANDFLAGS SET k v GET
< [["k" ~[+"RW" +"access" +"update"]]]
> COMMAND GETKEYSANDFLAGS SET k v EX GET
< [["k" ~[+"RW" +"access" +"update"]]]
> COMMAND GETKEYSANDFLAGS BITFIELD k GET u4 0
< [["k" ~[+"RO" +"access"]]]
> COMMAND GETKEYSANDFLAGS BITFIELD k GET u4 0 OVERFLOW SAT
< [["k" ~[+"RO" +"access"]]]
> COMMAND GETKEYSANDFLAGS BITFIELD k GET u4 0 INCRBY u4 0 1
< [["k" ~[+"RW" +"access" +"update"]]]
> COMMAND GETKEYSANDFLAGS BITFIELD k GET u4
< [["k" ~[+"RW" +"access" +"update"]]]
> COMMAND GETKEYSANDFLAGS BITFIELD k
< [["k" ~[+"RO" +"access"]]]
