# Bitmaps: what is refused leaves the key as it was.

== offsets and bits
> SET b abc
< +OK
> SETBIT b -1 1
< -ERR bit offset is not an integer or out of range
> SETBIT b 4294967296 1
< -ERR bit offset is not an integer or out of range
> SETBIT b 4294967296 0
< -ERR bit offset is not an integer or out of range
> SETBIT b 9223372036854775807 1
< -ERR bit offset is not an integer or out of range
> SETBIT b 9223372036854775808 1
< -ERR bit offset is not an integer or out of range
> SETBIT b -9223372036854775808 1
< -ERR bit offset is not an integer or out of range
> SETBIT b abc 1
< -ERR bit offset is not an integer or out of range
> SETBIT b "" 1
< -ERR bit offset is not an integer or out of range
> SETBIT b 1.0 1
< -ERR bit offset is not an integer or out of range
> SETBIT b " 1" 1
< -ERR bit offset is not an integer or out of range
> SETBIT b 01 1
< -ERR bit offset is not an integer or out of range
> SETBIT b +1 1
< -ERR bit offset is not an integer or out of range
> SETBIT b #1 1
< -ERR bit offset is not an integer or out of range
> SETBIT b 0 2
< -ERR bit is not an integer or out of range
> SETBIT b 0 -1
< -ERR bit is not an integer or out of range
> SETBIT b 0 abc
< -ERR bit is not an integer or out of range
> SETBIT b 0 ""
< -ERR bit is not an integer or out of range
> SETBIT b 0 01
< -ERR bit is not an integer or out of range
> SETBIT b 0 9223372036854775808
< -ERR bit is not an integer or out of range
> SETBIT b abc abc
< -ERR bit offset is not an integer or out of range
> SETBIT b -1 2
< -ERR bit offset is not an integer or out of range
> GETBIT b -1
< -ERR bit offset is not an integer or out of range
> GETBIT b 4294967296
< -ERR bit offset is not an integer or out of range
> GETBIT b abc
< -ERR bit offset is not an integer or out of range
> GETBIT b 9223372036854775808
< -ERR bit offset is not an integer or out of range
> GETBIT b #1
< -ERR bit offset is not an integer or out of range
> SETBIT b
< -ERR wrong number of arguments for 'setbit' command
> SETBIT b 1
< -ERR wrong number of arguments for 'setbit' command
> SETBIT b 1 1 1
< -ERR wrong number of arguments for 'setbit' command
> GETBIT b
< -ERR wrong number of arguments for 'getbit' command
> GETBIT b 1 1
< -ERR wrong number of arguments for 'getbit' command
> GET b
< "abc"
> SETBIT missing -1 1
< -ERR bit offset is not an integer or out of range
> SETBIT missing 0 2
< -ERR bit is not an integer or out of range
> EXISTS missing
< :0

== ranges
> SET s foobar
< +OK
> BITCOUNT
< -ERR wrong number of arguments for 'bitcount' command
> BITCOUNT s 0
< -ERR syntax error
> BITCOUNT s 0 a
< -ERR value is not an integer or out of range
> BITCOUNT s a 0
< -ERR value is not an integer or out of range
> BITCOUNT s 0 1 NOPE
< -ERR syntax error
> BITCOUNT s 0 1 BIT x
< -ERR syntax error
> BITCOUNT s 0 1 ""
< -ERR syntax error
> BITCOUNT s a 1 NOPE
< -ERR value is not an integer or out of range
> BITCOUNT s 9223372036854775807 9223372036854775807
< :0
> BITCOUNT s -9223372036854775808 9223372036854775807
< :26
> BITCOUNT s -9223372036854775808 -9223372036854775808
< :4
> BITCOUNT s -9223372036854775808 9223372036854775807 BIT
< :26
> BITCOUNT s 9223372036854775807 9223372036854775807 BIT
< :0
> BITCOUNT s 9223372036854775808 0
< -ERR value is not an integer or out of range
> BITCOUNT s 0 -9223372036854775809
< -ERR value is not an integer or out of range
> BITCOUNT missing a b
< -ERR value is not an integer or out of range
> BITCOUNT missing 0 1 NOPE
< -ERR syntax error
> BITCOUNT missing 0
< -ERR syntax error
> BITPOS
< -ERR wrong number of arguments for 'bitpos' command
> BITPOS s
< -ERR wrong number of arguments for 'bitpos' command
> BITPOS s 2
< -ERR The bit argument must be 1 or 0.
> BITPOS s -1
< -ERR The bit argument must be 1 or 0.
> BITPOS s abc
< -ERR value is not an integer or out of range
> BITPOS s 1 a
< -ERR value is not an integer or out of range
> BITPOS s 1 0 a
< -ERR value is not an integer or out of range
> BITPOS s 1 0 1 NOPE
< -ERR syntax error
> BITPOS s 1 0 1 BIT x
< -ERR syntax error
> BITPOS s 1 0 BIT
< -ERR value is not an integer or out of range
> BITPOS s 2 a b NOPE
< -ERR The bit argument must be 1 or 0.
> BITPOS s 1 9223372036854775807
< :-1
> BITPOS s 0 9223372036854775807
< :-1
> BITPOS s 1 -9223372036854775808
< :1
> BITPOS s 1 -9223372036854775808 9223372036854775807 BIT
< :1
> BITPOS s 0 -9223372036854775808 9223372036854775807
< :0
> BITPOS s 0 9223372036854775807 -9223372036854775808
< :-1
> BITPOS s 1 9223372036854775808
< -ERR value is not an integer or out of range
> BITPOS missing 2
< -ERR The bit argument must be 1 or 0.
> BITPOS missing 1 a
< -ERR value is not an integer or out of range
> BITPOS missing 1 0 1 NOPE
< -ERR syntax error
> GET s
< "foobar"

== wrong types
> RPUSH l x
< :1
> SETBIT l 0 1
< -WRONGTYPE Operation against a key holding the wrong kind of value
> GETBIT l 0
< -WRONGTYPE Operation against a key holding the wrong kind of value
> BITCOUNT l
< -WRONGTYPE Operation against a key holding the wrong kind of value
> BITCOUNT l 0 1
< -WRONGTYPE Operation against a key holding the wrong kind of value
> BITCOUNT l a b
< -ERR value is not an integer or out of range
> BITCOUNT l 0
< -ERR syntax error
> BITPOS l 1
< -WRONGTYPE Operation against a key holding the wrong kind of value
> BITPOS l 2
< -ERR The bit argument must be 1 or 0.
> SETBIT l -1 1
< -ERR bit offset is not an integer or out of range
> SETBIT l 0 2
< -ERR bit is not an integer or out of range
> GETBIT l -1
< -ERR bit offset is not an integer or out of range
> LRANGE l 0 -1
< ["x"]
> ZADD z 1 a
< :1
> SETBIT z 0 1
< -WRONGTYPE Operation against a key holding the wrong kind of value
> BITPOS z 0 0 -1 BIT
< -WRONGTYPE Operation against a key holding the wrong kind of value
> XADD x 1-1 f v
< "1-1"
> GETBIT x 0
< -WRONGTYPE Operation against a key holding the wrong kind of value
> BITCOUNT x
< -WRONGTYPE Operation against a key holding the wrong kind of value

== the largest string allowed is a limit too
> CONFIG SET proto-max-bulk-len 1mb
< +OK
> SET b x
< +OK
> SETBIT b 8388607 1
< :0
> STRLEN b
< :1048576
> SETBIT b 8388608 1
< -ERR bit offset is not an integer or out of range
> SETBIT b 8388608 0
< -ERR bit offset is not an integer or out of range
> BITFIELD b SET u8 8388607 1
< [:128]
> BITFIELD b SET u8 8388600 1
< [:0]
> BITFIELD b GET u8 8388608
< -ERR bit offset is not an integer or out of range
> STRLEN b
< :1048577
> CONFIG SET proto-max-bulk-len 512mb
< +OK
