# Commands on keys of any type.

== del, unlink, exists, touch, type
> MSET a 1 b 2 c 3
< +OK
> EXISTS a
< :1
> EXISTS a a missing
< :2
> DEL a a b
< :2
> UNLINK c c missing
< :1
> EXISTS a b c
< :0
> TYPE a
< +none
> HSET h f v
< :1
> TYPE h
< +hash
> SET s 1
< +OK
> TYPE s
< +string
> TOUCH s h missing s
< :3
> DEL
< -ERR wrong number of arguments for 'del' command
> UNLINK
< -ERR wrong number of arguments for 'unlink' command
> EXISTS
< -ERR wrong number of arguments for 'exists' command
> TOUCH
< -ERR wrong number of arguments for 'touch' command
> TYPE
< -ERR wrong number of arguments for 'type' command
> TYPE a b
< -ERR wrong number of arguments for 'type' command

== rename
> SET a 1 EX 100
< +OK
> RENAME a b
< +OK
> TTL b
< :99..100
> EXISTS a
< :0
> RENAME missing b
< -ERR no such key
> RENAME b b
< +OK
> SET c 3
< +OK
> RENAMENX b c
< :0
> RENAMENX b d
< :1
> RENAMENX d d
< :0
> RENAMENX missing x
< -ERR no such key
> RENAME c d
< +OK
> GET d
< "3"
> RENAME a
< -ERR wrong number of arguments for 'rename' command
> TTL d
< :-1

== copy and move
> SET a 1 EX 100
< +OK
> COPY a b
< :1
> TTL b
< :99..100
> COPY a b
< :0
> COPY a b REPLACE
< :1
> COPY a a
< -ERR source and destination objects are the same
> COPY a a DB 1
< :1
> COPY missing x
< :0
> COPY a x DB 99
< -ERR DB index is out of range
> COPY a x DB abc
< -ERR value is not an integer or out of range
> COPY a x NONSENSE
< -ERR syntax error
> HSET h f v
< :1
> COPY h h2
< :1
> HSET h2 f w
< :0
> HGET h f
< "v"
> MOVE a 1
< :0
> MOVE a 2
< :1
> EXISTS a
< :0
> SELECT 2
< +OK
> GET a
< ...
> SELECT 1
< +OK
> TTL a
< :99..100
> SELECT 0
< +OK
> SET a other
< +OK
> MOVE a 1
< :0
> MOVE a 0
< -ERR source and destination objects are the same
> MOVE a 99
< -ERR DB index is out of range
> MOVE a x
< -ERR value is not an integer or out of range
> MOVE a
< -ERR wrong number of arguments for 'move' command

== keys and dbsize and randomkey
> RANDOMKEY
< (nil)
> DBSIZE
< :0
> MSET hello 1 hallo 2 hxllo 3 hllo 4 "h[llo" 5
< +OK
> DBSIZE
< :5
> KEYS hallo
< ["hallo"]
> KEYS nothing*
< []
> KEYS h[ae]llo
< any-order ["hello" "hallo"]
> KEYS h[^e]llo
< any-order ["hallo" "hxllo" "h[llo"]
> KEYS h?llo
< any-order ["hello" "hallo" "hxllo" "h[llo"]
> KEYS h*llo
< any-order ["hello" "hallo" "hxllo" "h[llo" "hllo"]
> KEYS "h\\[llo"
< ["h[llo"]
> KEYS h[a-f]llo
< any-order ["hello" "hallo"]
> KEYS
< -ERR wrong number of arguments for 'keys' command
> RANDOMKEY
< ~^h.*llo$
> DBSIZE x
< -ERR wrong number of arguments for 'dbsize' command

== swapdb and flush
> SET a zero
< +OK
> SELECT 1
< +OK
> SET a one
< +OK
> SWAPDB 0 1
< +OK
> GET a
< "zero"
> SELECT 0
< +OK
> GET a
< "one"
> SWAPDB 0 99
< -ERR DB index is out of range
> SWAPDB x 1
< -ERR invalid first DB index
> SWAPDB 0 x
< -ERR invalid second DB index
> FLUSHDB
< +OK
> DBSIZE
< :0
> SELECT 1
< +OK
> DBSIZE
< :1
> FLUSHALL ASYNC
< +OK
> DBSIZE
< :0
> FLUSHDB SYNC
< +OK
> FLUSHDB ASYNC
< +OK
> FLUSHALL SYNC
< +OK
> FLUSHALL NONSENSE
< -ERR syntax error
> FLUSHDB SYNC ASYNC
< -ERR syntax error

== object and memory
> OBJECT ENCODING missing
< (nil)
> SET n 5
< +OK
> OBJECT ENCODING n
< "int"
> OBJECT REFCOUNT missing
< (nil)
> SET text not-a-shared-integer
< +OK
> OBJECT IDLETIME text
< :0..1
> OBJECT IDLETIME missing
< (nil)
> OBJECT FREQ n
< -ERR An LFU maxmemory policy is not selected, access frequency not tracked. Please note that when switching between policies at runtime LRU and LFU data will take some time to adjust.
> OBJECT FREQ missing
< (nil)
> OBJECT NONSENSE n
< -ERR unknown subcommand 'NONSENSE'. Try OBJECT HELP.
> OBJECT ENCODING
< -ERR wrong number of arguments for 'object|encoding' command
> OBJECT ENCODING a b
< -ERR wrong number of arguments for 'object|encoding' command
> OBJECT
< -ERR wrong number of arguments for 'object' command
> MEMORY USAGE missing
< (nil)
> MEMORY USAGE n
< :1..200
> MEMORY USAGE n SAMPLES 5
< :1..200
> MEMORY USAGE n SAMPLES -1
< -ERR syntax error
> MEMORY USAGE n SAMPLES
< -ERR syntax error
> MEMORY NONSENSE
< -ERR unknown subcommand 'NONSENSE'. Try MEMORY HELP.
