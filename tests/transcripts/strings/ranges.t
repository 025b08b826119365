# APPEND, STRLEN, SETRANGE, GETRANGE, SUBSTR.

== append and length
> APPEND k Hello
< :5
> APPEND k " World"
< :11
> GET k
< "Hello World"
> STRLEN k
< :11
> STRLEN missing
< :0
> APPEND empty ""
< :0
> EXISTS empty
< :1
> SET n 10
< +OK
> APPEND n 1
< :3
> INCR n
< :102
> OBJECT ENCODING n
< "int"
> HSET h f v
< :1
> APPEND h x
< -WRONGTYPE Operation against a key holding the wrong kind of value
> STRLEN h
< -WRONGTYPE Operation against a key holding the wrong kind of value
> APPEND k
< -ERR wrong number of arguments for 'append' command
> STRLEN
< -ERR wrong number of arguments for 'strlen' command

== getrange
> SET k "Hello World"
< +OK
> GETRANGE k 0 4
< "Hello"
> GETRANGE k -5 -1
< "World"
> GETRANGE k 0 -1
< "Hello World"
> GETRANGE k 5 2
< ""
> GETRANGE k 100 200
< ""
> GETRANGE k -100 2
< "Hel"
> GETRANGE k -3 -100
< ""
> GETRANGE k -100 -200
< ""
> GETRANGE missing 0 -1
< ""
> GETRANGE k 0 9223372036854775807
< "Hello World"
> GETRANGE k -9223372036854775808 3
< "Hell"
> GETRANGE k a 3
< -ERR value is not an integer or out of range
> GETRANGE k 0
< -ERR wrong number of arguments for 'getrange' command
> SUBSTR k 0 4
< "Hello"
> SET n 12345
< +OK
> GETRANGE n 1 3
< "234"
> HSET h f v
< :1
> GETRANGE h 0 1
< -WRONGTYPE Operation against a key holding the wrong kind of value

== setrange
> SET k "Hello World"
< +OK
> SETRANGE k 6 Redis
< :11
> GET k
< "Hello Redis"
> SETRANGE k 15 "!"
< :16
> GET k
< "Hello Redis\x00\x00\x00\x00!"
> SETRANGE new 3 abc
< :6
> GET new
< "\x00\x00\x00abc"
> SETRANGE nothing 5 ""
< :0
> EXISTS nothing
< :0
> SETRANGE k -1 x
< -ERR offset is out of range
> SETRANGE k 536870912 x
< -ERR string exceeds maximum allowed size (proto-max-bulk-len)
> SETRANGE k 9223372036854775807 x
< -ERR string exceeds maximum allowed size (proto-max-bulk-len)
> SETRANGE k abc x
< -ERR value is not an integer or out of range
> SETRANGE k 536870912 ""
< :16
> SET n 123
< +OK
> SETRANGE n 1 9
< :3
> GET n
< "193"
> OBJECT ENCODING n
< "raw"
> HSET h f v
< :1
> SETRANGE h 0 x
< -WRONGTYPE Operation against a key holding the wrong kind of value
> SETRANGE h 0 ""
< -WRONGTYPE Operation against a key holding the wrong kind of value
> SET ttl v EX 100
< +OK
> SETRANGE ttl 1 x
< :2
> TTL ttl
< :99..100
