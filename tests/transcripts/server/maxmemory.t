# Limits of memory: which keys go for maxmemory, who hears of them, and what is refused when none may go.
# Which of several keys goes is a matter of chance, so that here mostly all of them go.

== the directives
> CONFIG GET maxmemory
< {"maxmemory": "0"}
> CONFIG GET maxmemory-policy
< {"maxmemory-policy": "noeviction"}
> CONFIG GET maxmemory-samples
< {"maxmemory-samples": "5"}
> CONFIG GET maxmemory-eviction-tenacity
< {"maxmemory-eviction-tenacity": "10"}
> CONFIG GET lfu-log-factor
< {"lfu-log-factor": "10"}
> CONFIG GET lfu-decay-time
< {"lfu-decay-time": "1"}
> CONFIG SET maxmemory 1gb
< +OK
> CONFIG GET maxmemory
< {"maxmemory": "1073741824"}
> CONFIG SET maxmemory 10kb
< +OK
> CONFIG GET maxmemory
< {"maxmemory": "10240"}
> CONFIG SET maxmemory -1
< -ERR CONFIG SET failed (possibly related to argument 'maxmemory') - argument must be a memory value
> CONFIG SET maxmemory x
< -ERR CONFIG SET failed (possibly related to argument 'maxmemory') - argument must be a memory value
> CONFIG SET maxmemory-samples 0
< -ERR CONFIG SET failed (possibly related to argument 'maxmemory-samples') - argument must be between 1 and 64 inclusive
> CONFIG SET maxmemory-samples 65
< -ERR CONFIG SET failed (possibly related to argument 'maxmemory-samples') - argument must be between 1 and 64 inclusive
> CONFIG SET maxmemory-eviction-tenacity 101
< -ERR CONFIG SET failed (possibly related to argument 'maxmemory-eviction-tenacity') - argument must be between 0 and 100 inclusive
> CONFIG SET maxmemory 0
< +OK

== nothing may go
> SET k v
< +OK
> RPUSH l a b
< :2
> CONFIG SET maxmemory 1
< +OK
> SET k w
< -OOM command not allowed when used memory > 'maxmemory'.
> GET k
< "v"
> APPEND k x
< -OOM command not allowed when used memory > 'maxmemory'.
> RPUSH l c
< -OOM command not allowed when used memory > 'maxmemory'.
> LPOP l
< "a"
> EXPIRE k 100
< :1
> DEL k
< :1
> INFO stats
< ~(?s)evicted_keys:0\r\n.*current_eviction_exceeded_time:\d
> INFO errorstats
< ~errorstat_OOM:count=3
> CONFIG SET maxmemory 0
< +OK
> SET k w
< +OK

== what waited is refused as well when its time comes
> RPUSH other 1
< :1
b> BLMOVE src dst LEFT RIGHT 0
b< (silent)
> CONFIG SET maxmemory 1
< +OK
> RENAME other src
< +OK
b< -OOM command not allowed when used memory > 'maxmemory'.
> CONFIG SET maxmemory 0
< +OK
> DEL src
< :1
> EXISTS dst
< :0

== in a transaction
> SET k v
< +OK
> CONFIG SET maxmemory 1
< +OK
> MULTI
< +OK
> GET k
< +QUEUED
> SET k w
< -OOM command not allowed when used memory > 'maxmemory'.
> EXEC
< -EXECABORT Transaction discarded because of previous errors.
> MULTI
< +OK
> GET k
< +QUEUED
> EXEC
< ["v"]
> CONFIG SET maxmemory 0
< +OK
> MULTI
< +OK
> SET k w
< +QUEUED
a> CONFIG SET maxmemory 1
a< +OK
> EXEC
< -EXECABORT Transaction discarded because of: OOM command not allowed when used memory > 'maxmemory'.
a> CONFIG SET maxmemory 0
a< +OK
> GET k
< "v"
> MULTI
< +OK
> CONFIG SET maxmemory 1
< +QUEUED
> SET k x
< +QUEUED
> EXEC
< [+"OK" +"OK"]
> CONFIG SET maxmemory 0
< +OK
> GET k
< "x"

== in a script
> SET k v
< +OK
> CONFIG SET maxmemory 1
< +OK
> EVAL "return redis.call('get', KEYS[1])" 1 k
< "v"
> EVAL "return redis.pcall('set', KEYS[1], 'w')" 1 k
< -OOM command not allowed when used memory > 'maxmemory'.
> EVAL "redis.call('del', KEYS[1]); return redis.call('set', KEYS[1], 'w')" 1 k
< +OK
> EVAL "#!lua\nreturn 1" 0
< -OOM command not allowed when used memory > 'maxmemory'.
> EVAL "#!lua flags=no-writes\nreturn redis.call('get', KEYS[1])" 1 k
< "w"
> EVAL "#!lua flags=allow-oom\nreturn redis.call('set', KEYS[1], 'x')" 1 k
< +OK
> FUNCTION LOAD "#!lua name=lib\nredis.register_function('f', function() return 1 end)"
< -OOM command not allowed when used memory > 'maxmemory'.
> CONFIG SET maxmemory 0
< +OK
> GET k
< "x"

== all keys go, one after the other
> MSET a 1 b 2 c 3
< +OK
> SELECT 1
< +OK
> SET d 4
< +OK
> CONFIG SET maxmemory-policy allkeys-lru
< +OK
> CONFIG SET maxmemory 1
< +OK
until> DBSIZE
< :0
> SELECT 0
< +OK
until> DBSIZE
< :0
> SET k v
< -OOM command not allowed when used memory > 'maxmemory'.
> CONFIG SET maxmemory 0 maxmemory-policy noeviction
< +OK
> INFO stats
< ~evicted_keys:4\r\n
> CONFIG RESETSTAT
< +OK
> INFO stats
< ~(?s)evicted_keys:0\r\n.*total_eviction_exceeded_time:0\r\ncurrent_eviction_exceeded_time:0

== only what expires goes
> MSET a 1 b 2
< +OK
> SET c 3 EX 1000
< +OK
> CONFIG SET maxmemory-policy volatile-ttl
< +OK
> CONFIG SET maxmemory 1
< +OK
until> DBSIZE
< :2
> SET a x
< -OOM command not allowed when used memory > 'maxmemory'.
> MGET a b c
< ["1" "2" (nil)]
> EXPIRE a 1000
< :1
> SET b x
< -OOM command not allowed when used memory > 'maxmemory'.
> MGET a b
< [(nil) "2"]
> CONFIG SET maxmemory 0 maxmemory-policy noeviction
< +OK

== who hears of it
> SET k v
< +OK
> CONFIG SET notify-keyspace-events Ee maxmemory-policy allkeys-random
< +OK
a> SUBSCRIBE __keyevent@0__:evicted
a< >["subscribe" "__keyevent@0__:evicted" :1]
b> WATCH k
b< +OK
b> MULTI
b< +OK
b> PING
b< +QUEUED
> CONFIG SET maxmemory 1
< +OK
a< >["message" "__keyevent@0__:evicted" "k"]
until> DBSIZE
< :0
> CONFIG SET maxmemory 0 notify-keyspace-events "" maxmemory-policy noeviction
< +OK
b> EXEC
b< (nil-array)

== an entry's clock
> SET k v
< +OK
> CONFIG SET maxmemory-policy allkeys-lfu
< +OK
> SET l v
< +OK
> OBJECT FREQ l
< :5
> OBJECT IDLETIME l
< -ERR An LFU maxmemory policy is selected, idle time not tracked. Please note that when switching between policies at runtime LRU and LFU data will take some time to adjust.
> CONFIG SET maxmemory-policy allkeys-lru
< +OK
> OBJECT IDLETIME k
< :0
> OBJECT FREQ k
< -ERR An LFU maxmemory policy is not selected, access frequency not tracked. Please note that when switching between policies at runtime LRU and LFU data will take some time to adjust.
> CONFIG SET maxmemory-policy noeviction
< +OK

== the time of the last change alone (Redis 8.6)
only: redstart
> CONFIG SET maxmemory-policy allkeys-lrm
< +OK
> CONFIG GET maxmemory-policy
< {"maxmemory-policy": "allkeys-lrm"}
> RESTORE k 0 "\x00\x01v\x0c\x00Z~\xfar\xe3\x12\x14\x87" IDLETIME 1000
< +OK
> RPUSH l a
< :1
> GET k
< "v"
> OBJECT IDLETIME k
< :1000..1001
> SETRANGE k 0 w
< :1
> OBJECT IDLETIME k
< :0..1
> OBJECT FREQ k
< -ERR An LFU maxmemory policy is not selected, access frequency not tracked. Please note that when switching between policies at runtime LRU and LFU data will take some time to adjust.
> CONFIG SET maxmemory-policy volatile-lrm
< +OK
> SET v 1 EX 1000
< +OK
> CONFIG SET maxmemory 1
< +OK
until> DBSIZE
< :2
> CONFIG SET maxmemory 0 maxmemory-policy noeviction
< +OK
