# Times to live: setting, asking, conditions, and their end.

== set and ask
> SET k v
< +OK
> TTL k
< :-1
> PTTL k
< :-1
> TTL missing
< :-2
> PTTL missing
< :-2
> EXPIRETIME k
< :-1
> PEXPIRETIME missing
< :-2
> EXPIRE k 100
< :1
> TTL k
< :100
> PTTL k
< :99000..100000
> EXPIRE missing 100
< :0
> PERSIST k
< :1
> PERSIST k
< :0
> PERSIST missing
< :0
> PEXPIRE k 100000
< :1
> TTL k
< :99..100
> EXPIREAT k 4102444800
< :1
> EXPIRETIME k
< :4102444800
> PEXPIRETIME k
< :4102444800000
> PEXPIREAT k 4102444800999
< :1
> EXPIRETIME k
< :4102444801
> PEXPIRETIME k
< :4102444800999

== conditions
> SET k v
< +OK
> EXPIRE k 100 XX
< :0
> EXPIRE k 100 GT
< :0
> EXPIRE k 100 NX
< :1
> EXPIRE k 200 NX
< :0
> EXPIRE k 50 GT
< :0
> EXPIRE k 200 GT
< :1
> TTL k
< :199..200
> EXPIRE k 300 LT
< :0
> EXPIRE k 100 LT
< :1
> TTL k
< :99..100
> EXPIRE k 90 XX
< :1
> EXPIRE k 100 XX GT
< :1
> EXPIRE k 95 XX LT
< :1
> PERSIST k
< :1
> EXPIRE k 100 LT
< :1
> EXPIRE k 10 NX XX
< -ERR NX and XX, GT or LT options at the same time are not compatible
> EXPIRE k 10 NX GT
< -ERR NX and XX, GT or LT options at the same time are not compatible
> EXPIRE k 10 NX LT
< -ERR NX and XX, GT or LT options at the same time are not compatible
> EXPIRE k 10 GT LT
< -ERR GT and LT options at the same time are not compatible
> EXPIRE k 10 NONSENSE
< -ERR Unsupported option NONSENSE
> PEXPIREAT k 4102444800000 GT
< :1
> EXPIREAT k 4102444801 LT
< :0

== bad arguments
> SET k v
< +OK
> EXPIRE k
< -ERR wrong number of arguments for 'expire' command
> EXPIRE k abc
< -ERR value is not an integer or out of range
> EXPIRE k 1.5
< -ERR value is not an integer or out of range
> EXPIRE k ""
< -ERR value is not an integer or out of range
> EXPIRE k 9223372036854775807
< -ERR invalid expire time in 'expire' command
> EXPIRE k -9223372036854775808
< -ERR invalid expire time in 'expire' command
> PEXPIRE k 9223372036854775807
< -ERR invalid expire time in 'pexpire' command
> PEXPIREAT k 9223372036854775807
< :1
> EXPIREAT k 9223372036854775807
< -ERR invalid expire time in 'expireat' command
> EXPIREAT k 9223372036854776
< -ERR invalid expire time in 'expireat' command
> TTL
< -ERR wrong number of arguments for 'ttl' command
> TTL a b
< -ERR wrong number of arguments for 'ttl' command
> PERSIST
< -ERR wrong number of arguments for 'persist' command
> GET k
< "v"

== the past deletes
> SET k v
< +OK
> EXPIRE k 0
< :1
> EXISTS k
< :0
> SET k v
< +OK
> EXPIRE k -1
< :1
> EXISTS k
< :0
> SET k v
< +OK
> EXPIREAT k 1
< :1
> EXISTS k
< :0
> SET k v
< +OK
> PEXPIREAT k 1
< :1
> GET k
< (nil)
> HSET h f v
< :1
> EXPIRE h -1
< :1
> TYPE h
< +none

== time passes
> SET k v
< +OK
> PEXPIRE k 30
< :1
> GET k
< "v"
until> EXISTS k
< :0
> TTL k
< :-2
> DBSIZE
< :0
> HSET h f v
< :1
> PEXPIRE h 30
< :1
until> HGET h f
< (nil)
> TYPE h
< +none
> HSET h g w
< :1
> HGETALL h
< {"g": "w"}
> TTL h
< :-1

== what keeps and what drops a TTL
> SET k 1 EX 100
< +OK
> INCR k
< :2
> APPEND k 0
< :2
> SETRANGE k 0 5
< :2
> TTL k
< :99..100
> GETSET k v
< "50"
> TTL k
< :-1
> SET k v EX 100
< +OK
> SET k w
< +OK
> TTL k
< :-1
> HSET h f 1
< :1
> EXPIRE h 100
< :1
> HINCRBY h f 1
< :2
> HSET h g 2
< :1
> TTL h
< :99..100
