# BITOP: bitmaps combined bit by bit; what is shorter goes on with zeros.

== and, or, xor, not
> SET a "\x0f\xff\x01"
< +OK
> SET b "\xf3\x55"
< +OK
> BITOP AND d a b
< :3
> GET d
< "\x03U\x00"
> BITOP OR d a b
< :3
> GET d
< "\xff\xff\x01"
> BITOP XOR d a b
< :3
> GET d
< "\xfc\xaa\x01"
> BITOP NOT d a
< :3
> GET d
< "\xf0\x00\xfe"
> BITOP and d a
< :3
> GET d
< "\x0f\xff\x01"
> BITOP or d a
< :3
> BITOP xor d a
< :3
> GET d
< "\x0f\xff\x01"
> BITOP AND d a a a b
< :3
> GET d
< "\x03U\x00"
> BITOP XOR d a a
< :3
> GET d
< "\x00\x00\x00"
> SET c "\x00\x00\xff\x80"
< +OK
> BITOP OR d a b c
< :4
> GET d
< "\xff\xff\xff\x80"
> BITOP AND d a b c
< :4
> GET d
< "\x00\x00\x00\x00"

== what is not there is nothing
> SET a "\x0f"
< +OK
> BITOP AND d a missing
< :1
> GET d
< "\x00"
> BITOP OR d missing a
< :1
> GET d
< "\x0f"
> BITOP XOR d a missing missing
< :1
> GET d
< "\x0f"
> BITOP NOT d missing
< :0
> EXISTS d
< :0
> BITOP OR d missing other
< :0
> EXISTS d
< :0
> SET empty ""
< +OK
> BITOP OR d a empty
< :1
> GET d
< "\x0f"
> BITOP AND a empty empty
< :0
> EXISTS a
< :0

== the destination
> SET a "\x0f" EX 100
< +OK
> BITOP OR a a
< :1
> TTL a
< :-1
> RPUSH l x
< :1
> BITOP OR l a
< :1
> TYPE l
< +string
> BITOP NOT a a
< :1
> GET a
< "\xf0"
> SET n 12
< +OK
> BITOP OR d n n
< :2
> GET d
< "12"
> OBJECT ENCODING d
< "raw"
> BITOP AND d n a
< :2
> GET d
< "0\x00"

== long ones
> SETBIT a 80007 1
< :0
> SETBIT b 80000 1
< :0
> SETBIT b 3 1
< :0
> BITOP OR d a b
< :10001
> BITCOUNT d
< :3
> BITOP AND d a b
< :10001
> BITCOUNT d
< :0
> BITOP XOR d a b b
< :10001
> BITCOUNT d
< :1
> BITOP NOT d a
< :10001
> BITCOUNT d
< :80007

# Redis 8.2 brought these.
== diff, diff1, andor, one
only: redstart
> SET x "\x0f\xff"
< +OK
> SET y "\x03\x0f"
< +OK
> SET z "\x05\xf0\x01"
< +OK
# In x, but in none of the others.
> BITOP DIFF d x y z
< :3
> GET d
< "\x08\x00\x00"
# In one of the others, but not in x.
> BITOP DIFF1 d x y z
< :3
> GET d
< "\x00\x00\x01"
# In x, and in one or more of the others.
> BITOP ANDOR d x y z
< :3
> GET d
< "\x07\xff\x00"
# In exactly one.
> BITOP ONE d x y z
< :3
> GET d
< "\x08\x00\x01"
> BITOP ONE d x x
< :2
> GET d
< "\x00\x00"
> BITOP ONE d x x x
< :2
> GET d
< "\x00\x00"
> BITOP one d x
< :2
> GET d
< "\x0f\xff"
> BITOP DIFF d x missing
< :2
> GET d
< "\x0f\xff"
> BITOP DIFF d missing x
< :2
> GET d
< "\x00\x00"
> BITOP DIFF1 d missing x
< :2
> GET d
< "\x0f\xff"
> BITOP ANDOR d x missing
< :2
> GET d
< "\x00\x00"
> BITOP diff d missing other
< :0
> EXISTS d
< :0

== diff, diff1, andor of one
only: redstart
> SET x "\x0f"
< +OK
> SET d kept
< +OK
> BITOP DIFF d x
< -ERR BITOP DIFF must be called with at least two source keys.
> BITOP DIFF1 d x
< -ERR BITOP DIFF1 must be called with at least two source keys.
> BITOP ANDOR d x
< -ERR BITOP ANDOR must be called with at least two source keys.
> BITOP ANDOR d
< -ERR wrong number of arguments for 'bitop' command
> GET d
< "kept"

== wrong words
> SET a x
< +OK
> SET d kept
< +OK
> BITOP
< -ERR wrong number of arguments for 'bitop' command
> BITOP AND
< -ERR wrong number of arguments for 'bitop' command
> BITOP AND d
< -ERR wrong number of arguments for 'bitop' command
> BITOP NOPE d a
< -ERR syntax error
> BITOP NOT d a a
< -ERR BITOP NOT must be called with a single source key.
> BITOP NOT d
< -ERR wrong number of arguments for 'bitop' command
> BITOP "" d a
< -ERR syntax error
> RPUSH l x
< :1
> BITOP AND d l
< -WRONGTYPE Operation against a key holding the wrong kind of value
> BITOP AND d missing l
< -WRONGTYPE Operation against a key holding the wrong kind of value
> BITOP AND d a l
< -WRONGTYPE Operation against a key holding the wrong kind of value
> BITOP NOT d l
< -WRONGTYPE Operation against a key holding the wrong kind of value
> HSET h f v
< :1
> BITOP XOR d h h
< -WRONGTYPE Operation against a key holding the wrong kind of value
> GET d
< "kept"
