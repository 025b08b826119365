# WATCH: EXEC does nothing where a watched key has changed.
args: --enable-debug-command yes

== unchanged and changed
> SET k 1
< +OK
> WATCH k
< +OK
> MULTI
< +OK
> INCR k
< +QUEUED
> EXEC
< [:2]
> WATCH k
< +OK
a> SET k 5
a< +OK
> MULTI
< +OK
> INCR k
< +QUEUED
> EXEC
< (nil-array)
> GET k
< "5"
> MULTI
< +OK
> INCR k
< +QUEUED
> EXEC
< [:6]

== by the same connection
> WATCH k
< +OK
> SET k 1
< +OK
> MULTI
< +OK
> PING
< +QUEUED
> EXEC
< (nil-array)

== a key that is not there
> WATCH missing
< +OK
a> DEL missing
a< :0
> MULTI
< +OK
> PING
< +QUEUED
> EXEC
< [+"PONG"]
> WATCH missing
< +OK
a> SET missing v
a< +OK
> MULTI
< +OK
> PING
< +QUEUED
> EXEC
< (nil-array)

== what changes nothing
> SADD s a b
< :2
> SET k v
< +OK
> WATCH s k
< +OK
a> SADD s a
a< :0
a> SREM s x
a< :0
a> GET k
a< "v"
a> SETNX k w
a< :0
a> PERSIST k
a< :0
a> SMOVE s t nothing
a< :0
> MULTI
< +OK
> PING
< +QUEUED
> EXEC
< [+"PONG"]

== changes in place
> RPUSH l a b c
< :3
> HSET h f v
< :1
> ZADD z 1 a 2 b
< :2
> XADD x 1-1 f v
< "1-1"
> WATCH l
< +OK
a> LSET l 0 z
a< +OK
> MULTI
< +OK
> PING
< +QUEUED
> EXEC
< (nil-array)
> WATCH h
< +OK
a> HINCRBY h n 1
a< :1
> MULTI
< +OK
> PING
< +QUEUED
> EXEC
< (nil-array)
> WATCH z
< +OK
a> ZADD z 5 a
a< :0
> MULTI
< +OK
> PING
< +QUEUED
> EXEC
< (nil-array)
> WATCH x
< +OK
a> XADD x 2-1 f v
a< "2-1"
> MULTI
< +OK
> PING
< +QUEUED
> EXEC
< (nil-array)
> WATCH l
< +OK
a> EXPIRE l 100
a< :1
> MULTI
< +OK
> PING
< +QUEUED
> EXEC
< (nil-array)

== commands of several keys touch what they change
> RPUSH one a b
< :2
> RPUSH two a b
< :2
> WATCH one
< +OK
a> LMPOP 2 missing two LEFT
a< ["two" ["a"]]
> MULTI
< +OK
> PING
< +QUEUED
> EXEC
< [+"PONG"]
> WATCH two
< +OK
a> LMPOP 2 missing two LEFT
a< ["two" ["b"]]
> MULTI
< +OK
> PING
< +QUEUED
> EXEC
< (nil-array)
> RPUSH two c
< :1
> WATCH two
< +OK
a> RPOPLPUSH one two
a< "b"
> MULTI
< +OK
> PING
< +QUEUED
> EXEC
< (nil-array)
> WATCH one
< +OK
a> RPOPLPUSH two one
a< "c"
> MULTI
< +OK
> PING
< +QUEUED
> EXEC
< (nil-array)
> SADD s1 a b
< :2
> SADD s2 a c
< :2
> WATCH s2
< +OK
a> SMOVE s1 s2 a
a< :1
> MULTI
< +OK
> PING
< +QUEUED
> EXEC
< [+"PONG"]
> WATCH s1
< +OK
a> SMOVE s2 s1 c
a< :1
> MULTI
< +OK
> PING
< +QUEUED
> EXEC
< (nil-array)
> WATCH s1
< +OK
a> SUNIONSTORE s3 s1 s2
a< :3
> MULTI
< +OK
> PING
< +QUEUED
> EXEC
< [+"PONG"]
> ZADD z1 1 a 2 b
< :2
> WATCH z1
< +OK
a> ZMPOP 2 nozset z1 MIN
a< ["z1" [["a" ,1]]]
> MULTI
< +OK
> PING
< +QUEUED
> EXEC
< (nil-array)
> WATCH z1 s1
< +OK
a> DEL nothing z1
a< :1
> MULTI
< +OK
> PING
< +QUEUED
> EXEC
< (nil-array)
> WATCH s1
< +OK
a> DEL nothing one
a< :1
> MULTI
< +OK
> PING
< +QUEUED
> EXEC
< [+"PONG"]
> WATCH s1
< +OK
a> RENAME s1 s9
a< +OK
> MULTI
< +OK
> PING
< +QUEUED
> EXEC
< (nil-array)
> WATCH s8
< +OK
a> RENAME s9 s8
a< +OK
> MULTI
< +OK
> PING
< +QUEUED
> EXEC
< (nil-array)
> WATCH copied
< +OK
a> COPY s8 copied
a< :1
> MULTI
< +OK
> PING
< +QUEUED
> EXEC
< (nil-array)
> WATCH k1
< +OK
a> MSET k0 x k1 x
a< +OK
> MULTI
< +OK
> PING
< +QUEUED
> EXEC
< (nil-array)
> WATCH sorted
< +OK
a> SORT s8 ALPHA STORE sorted
a< :2
> MULTI
< +OK
> PING
< +QUEUED
> EXEC
< (nil-array)

== what stands beside a value
> XADD x 1-1 f v
< "1-1"
> WATCH x
< +OK
a> XGROUP CREATE x g 0
a< +OK
a> XREADGROUP GROUP g c STREAMS x >
a2< [["x" [["1-1" ["f" "v"]]]]]
a3< {"x": [["1-1" ["f" "v"]]]}
a> XACK x g 1-1
a< :1
a> XGROUP DESTROY x g
a< :1
a> XSETID x 5-5
a< +OK
> MULTI
< +OK
> PING
< +QUEUED
> EXEC
< [+"PONG"]
> WATCH x new
< +OK
a> XGROUP CREATE new g 0 MKSTREAM
a< +OK
> MULTI
< +OK
> PING
< +QUEUED
> EXEC
< (nil-array)

== whole databases
> SET k v
< +OK
> WATCH k
< +OK
a> FLUSHDB
a< +OK
> MULTI
< +OK
> PING
< +QUEUED
> EXEC
< (nil-array)
> WATCH k
< +OK
a> FLUSHALL
a< +OK
> MULTI
< +OK
> PING
< +QUEUED
> EXEC
< [+"PONG"]
> WATCH k
< +OK
a> SELECT 1
a< +OK
a> SET k other
a< +OK
a> SWAPDB 0 1
a< +OK
> MULTI
< +OK
> PING
< +QUEUED
> EXEC
< (nil-array)
> WATCH nowhere
< +OK
a> SWAPDB 0 1
a< +OK
> MULTI
< +OK
> PING
< +QUEUED
> EXEC
< [+"PONG"]
> WATCH k
< +OK
a> SELECT 5
a< +OK
a> SET k v
a< +OK
> MULTI
< +OK
> PING
< +QUEUED
> EXEC
< [+"PONG"]

== expiry
> SET k v PX 10
< +OK
> WATCH k
< +OK
sleep: 50
> MULTI
< +OK
> PING
< +QUEUED
> EXEC
< (nil-array)
> SET k v PX 10
< +OK
> WATCH k
< +OK
sleep: 50
a> EXISTS k
a< :0
> MULTI
< +OK
> PING
< +QUEUED
> EXEC
< (nil-array)
> SET k v PX 1
< +OK
sleep: 20
> WATCH k
< +OK
a> EXISTS k
a< :0
> MULTI
< +OK
> PING
< +QUEUED
> EXEC
< [+"PONG"]

== expiry found by SCAN
> SET k v PX 10
< +OK
> WATCH k
< +OK
sleep: 50
a> SCAN 0
a< ["0" []]
> MULTI
< +OK
> PING
< +QUEUED
> EXEC
< (nil-array)

== databases exchanged with keys past their time
> SELECT 1
< +OK
> SET k v PX 1
< +OK
> SELECT 0
< +OK
> SET k w PX 1
< +OK
sleep: 20
> WATCH k
< +OK
> SWAPDB 0 1
< +OK
> MULTI
< +OK
> PING
< +QUEUED
> EXEC
< [+"PONG"]
> SET k v
< +OK
> SELECT 1
< +OK
> SET k v PX 1
< +OK
sleep: 20
> SELECT 0
< +OK
> WATCH k
< +OK
> SWAPDB 0 1
< +OK
> MULTI
< +OK
> PING
< +QUEUED
> EXEC
< (nil-array)

== unwatch, discard, reset
> SET k v
< +OK
> WATCH k
< +OK
a> SET k w
a< +OK
> UNWATCH
< +OK
> MULTI
< +OK
> PING
< +QUEUED
> EXEC
< [+"PONG"]
> WATCH k
< +OK
a> SET k x
a< +OK
> MULTI
< +OK
> DISCARD
< +OK
> MULTI
< +OK
> PING
< +QUEUED
> EXEC
< [+"PONG"]
> WATCH k
< +OK
a> SET k z
a< +OK
> MULTI
< +OK
> UNWATCH
< +QUEUED
> EXEC
< (nil-array)
> WATCH k
< +OK
a> SET k y
a< +OK
> RESET
< +RESET
> MULTI
< +OK
> PING
< +QUEUED
> EXEC
< [+"PONG"]

== inside a transaction
> SET k v
< +OK
> WATCH k
< +OK
a> MULTI
a< +OK
a> SET k w
a< +QUEUED
a> INCR other
a< +QUEUED
a> EXEC
a< [+"OK" :1]
> MULTI
< +OK
> PING
< +QUEUED
> EXEC
< (nil-array)

== what is filled for somebody who waits
> WATCH l
< +OK
a> BLPOP l 0
a< (silent)
until> CLIENT LIST
< ~flags=b
b> RPUSH l x
b< :1
a< ["l" "x"]
> MULTI
< +OK
> PING
< +QUEUED
> EXEC
< (nil-array)

== a field whose time is up changes its hash
> HSET h f 1 g 2
< :2
> HPEXPIRE h 300 FIELDS 1 f
< [:1]
> WATCH h
< +OK
until> HLEN h
< :1
> MULTI
< +OK
> PING
< +QUEUED
> EXEC
< (nil-array)

== ... also where a read notices it
> DEBUG SET-ACTIVE-EXPIRE 0
< +OK
> HSET h f 1 g 2
< :2
> HPEXPIRE h 300 FIELDS 1 f
< [:1]
> WATCH h
< +OK
sleep: 350
> HGET h f
< (nil)
> MULTI
< +OK
> PING
< +QUEUED
> EXEC
< (nil-array)
> DEBUG SET-ACTIVE-EXPIRE 1
< +OK

== a key past its time, and then all keys are removed
> DEBUG SET-ACTIVE-EXPIRE 0
< +OK
> SET k 1 PX 300
< +OK
> WATCH k
< +OK
sleep: 350
a> FLUSHALL
a< +OK
> MULTI
< +OK
> PING
< +QUEUED
> EXEC
< (nil-array)
> SET k 1 PX 300
< +OK
> WATCH k
< +OK
sleep: 350
a> SWAPDB 0 1
a< +OK
> MULTI
< +OK
> PING
< +QUEUED
> EXEC
< (nil-array)

== one that was past its time before is missing, and stays so
> DEBUG SET-ACTIVE-EXPIRE 0
< +OK
> SET k 1 PX 300
< +OK
sleep: 350
> WATCH k
< +OK
a> FLUSHALL
a< +OK
> MULTI
< +OK
> PING
< +QUEUED
> EXEC
< [+"PONG"]
> DEBUG SET-ACTIVE-EXPIRE 1
< +OK

== data that is loaded again
> SET k 1
< +OK
> WATCH k
< +OK
a> DEBUG RELOAD
a< +OK
> MULTI
< +OK
> PING
< +QUEUED
> EXEC
< (nil-array)
> WATCH missing
< +OK
a> DEBUG RELOAD
a< +OK
> MULTI
< +OK
> PING
< +QUEUED
> EXEC
< [+"PONG"]

== LTRIM of nothing is a change
> RPUSH l a
< :1
> WATCH l
< +OK
a> LTRIM l 0 -1
a< +OK
> MULTI
< +OK
> PING
< +QUEUED
> EXEC
< (nil-array)
