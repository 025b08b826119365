# SET and its options, GET and the older one-purpose forms.

== plain
> SET k v
< +OK
> GET k
< "v"
> GET missing
< (nil)
> SET k ""
< +OK
> GET k
< ""
> SET "bin\x00ary" "\x00\r\n\xff"
< +OK
> GET "bin\x00ary"
< "\x00\r\n\xff"

== arity and syntax
> SET
< -ERR wrong number of arguments for 'set' command
> SET k
< -ERR wrong number of arguments for 'set' command
> GET
< -ERR wrong number of arguments for 'get' command
> GET a b
< -ERR wrong number of arguments for 'get' command
> SET k v nonsense
< -ERR syntax error
> SET k v NX XX
< -ERR syntax error
> SET k v EX
< -ERR syntax error
> SET k v EX 10 PX 10
< -ERR syntax error
> SET k v EX 10 KEEPTTL
< -ERR syntax error
> SET k v KEEPTTL KEEPTTL
< +OK
> SET k v EX abc
< -ERR value is not an integer or out of range
> SET k v EX 0
< -ERR invalid expire time in 'set' command
> SET k v EX -1
< -ERR invalid expire time in 'set' command
> SET k v PX 9223372036854775807
< -ERR invalid expire time in 'set' command
> SET k v EX 9223372036854775807
< -ERR invalid expire time in 'set' command
> SET k v EXAT 0
< -ERR invalid expire time in 'set' command
> SET k v PXAT -5
< -ERR invalid expire time in 'set' command
> GET k
< "v"

== NX and XX
> SET k 1 XX
< (nil)
> SET k 1 NX
< +OK
> SET k 2 NX
< (nil)
> SET k 3 xx
< +OK
> GET k
< "3"

== GET returns what was there
> SET k 1 GET
< (nil)
> SET k 2 GET
< "1"
> SET k 3 GET EX 100
< "2"
> TTL k
< :100
> SET k 4 NX GET
< "3"
> SET new 5 NX GET
< (nil)
> GET new
< "5"
> SET missing 5 XX GET
< (nil)
> EXISTS missing
< :0
> HSET h f v
< :1
> SET h v GET
< -WRONGTYPE Operation against a key holding the wrong kind of value
> TYPE h
< +hash
> SET h v
< +OK
> TYPE h
< +string

== expiry
> SET k v EX 100
< +OK
> TTL k
< :100
> SET k v PX 100000
< +OK
> PTTL k
< :99000..100000
> SET k w KEEPTTL
< +OK
> TTL k
< :99..100
> SET k w
< +OK
> TTL k
< :-1
> SET k v EXAT 4102444800
< +OK
> EXPIRETIME k
< :4102444800
> SET k v PXAT 4102444800123
< +OK
> PEXPIRETIME k
< :4102444800123
> SET k v EXAT 1
< +OK
> EXISTS k
< :0
> SET k v PX 1
< +OK
until> GET k
< (nil)

== GETSET, SETNX, SETEX, PSETEX
> GETSET k 1
< (nil)
> GETSET k 2
< "1"
> GETSET k
< -ERR wrong number of arguments for 'getset' command
> SETNX k 3
< :0
> SETNX other 3
< :1
> GET k
< "2"
> SETEX k 100 v
< +OK
> TTL k
< :100
> SETEX k 0 v
< -ERR invalid expire time in 'setex' command
> SETEX k -1 v
< -ERR invalid expire time in 'setex' command
> SETEX k x v
< -ERR value is not an integer or out of range
> SETEX k 9223372036854775807 v
< -ERR invalid expire time in 'setex' command
> PSETEX k 100000 v
< +OK
> PTTL k
< :99000..100000
> PSETEX k 0 v
< -ERR invalid expire time in 'psetex' command
> SETNX k
< -ERR wrong number of arguments for 'setnx' command
> HSET h f v
< :1
> GETSET h v
< -WRONGTYPE Operation against a key holding the wrong kind of value
> SETNX h v
< :0
> SETEX h 10 v
< +OK

== GETDEL and GETEX
> SET k v
< +OK
> GETDEL k
< "v"
> GETDEL k
< (nil)
> GETEX k
< (nil)
> SET k v EX 100
< +OK
> GETEX k
< "v"
> TTL k
< :100
> GETEX k PERSIST
< "v"
> TTL k
< :-1
> GETEX k EX 50
< "v"
> TTL k
< :50
> GETEX k PX 50000
< "v"
> PTTL k
< :49000..50000
> GETEX k EXAT 4102444800
< "v"
> EXPIRETIME k
< :4102444800
> GETEX k PXAT 4102444800001
< "v"
> PEXPIRETIME k
< :4102444800001
> GETEX k EX
< -ERR syntax error
> GETEX k EX 0
< -ERR invalid expire time in 'getex' command
> GETEX k EX 10 PERSIST
< -ERR syntax error
> GETEX k KEEPTTL
< -ERR syntax error
> GETEX k PXAT 1
< "v"
> EXISTS k
< :0
> HSET h f v
< :1
> GETDEL h
< -WRONGTYPE Operation against a key holding the wrong kind of value
> GETEX h
< -WRONGTYPE Operation against a key holding the wrong kind of value
> GETEX missing EX abc
< (nil)

== compare and set
only: redstart valkey
> SET k 1
< +OK
> SET k 2 IFEQ 9
< (nil)
> SET k 2 IFEQ 1
< +OK
> GET k
< "2"
> SET k 3 IFEQ 2 GET
< "2"
> SET k 4 IFEQ 9 GET
< "3"
> GET k
< "3"
> SET missing 1 IFEQ 1
< (nil)
> SET k 5 IFEQ 3 NX
< -ERR syntax error
> HSET h f v
< :1
> SET h 1 IFEQ v
< -WRONGTYPE Operation against a key holding the wrong kind of value
