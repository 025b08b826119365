# BITFIELD: integers of any width up to 64 bits at any place of a string.

== get and set
> BITFIELD k SET u8 0 255 GET u8 0 GET i8 0 GET u4 0 GET i4 4
< [:0 :255 :-1 :15 :-1]
> GET k
< "\xff"
> BITFIELD k GET u8 8
< [:0]
> BITFIELD k SET u8 0 7
< [:255]
> BITFIELD k SET i8 8 -1 GET u16 0
< [:0 :2047]
> STRLEN k
< :2
> BITFIELD k SET u1 0 1 SET u1 0 0
< [:0 :1]
> BITFIELD k GET u3 2 GET u5 3
< [:0 :7]
> BITFIELD k SET u63 1 9223372036854775807
< [:576179277326712832]
> BITFIELD k GET u63 1 GET i64 0 GET i63 1
< [:9223372036854775807 :9223372036854775807 :-1]
> BITFIELD k SET i64 3 -9223372036854775808
< [:-8]
> BITFIELD k GET i64 3
< [:-9223372036854775808]
> BITFIELD k
< []
> BITFIELD missing
< []
> EXISTS missing
< :0
> BITFIELD missing GET u8 0 GET i64 100
< [:0 :0]
> EXISTS missing
< :0
> BITFIELD made SET u8 80 0
< [:0]
> STRLEN made
< :11
> BITFIELD made get u8 #10 Set U8 #2 65
< -ERR Invalid bitfield type. Use something like i16 u8. Note that u64 is not supported but i64 is.
> GETRANGE made 2 2
< "\x00"

== places counted in widths
> BITFIELD k SET u8 #0 65 SET u8 #1 66 SET u8 #2 67
< [:0 :0 :0]
> GET k
< "ABC"
> BITFIELD k GET u4 #0 GET u4 #1 GET u4 #5 GET u5 #1
< [:4 :1 :3 :5]
> BITFIELD k INCRBY u16 #1 1
< [:17153]
> GET k
< "ABC\x01"

== increment, and what becomes of too much
> BITFIELD k INCRBY u2 100 1 OVERFLOW SAT INCRBY u2 102 1
< [:1 :1]
> BITFIELD k INCRBY u2 100 1 OVERFLOW SAT INCRBY u2 102 1
< [:2 :2]
> BITFIELD k INCRBY u2 100 1 OVERFLOW SAT INCRBY u2 102 1
< [:3 :3]
> BITFIELD k INCRBY u2 100 1 OVERFLOW SAT INCRBY u2 102 1
< [:0 :3]
> BITFIELD k OVERFLOW FAIL INCRBY u2 102 1
< [(nil)]
> BITFIELD k OVERFLOW FAIL INCRBY u2 102 1 GET u2 102 OVERFLOW WRAP INCRBY u2 102 1 GET u2 102
< [(nil) :3 :0 :0]
> BITFIELD s OVERFLOW SAT INCRBY u8 0 -1
< [:0]
> BITFIELD s OVERFLOW SAT INCRBY i8 0 1000
< [:127]
> BITFIELD s OVERFLOW SAT INCRBY i8 0 -1000
< [:-128]
> BITFIELD s OVERFLOW SAT SET i8 0 128
< [:-128]
> BITFIELD s GET i8 0
< [:127]
> BITFIELD s OVERFLOW SAT SET i8 0 -129
< [:127]
> BITFIELD s GET i8 0
< [:-128]
> BITFIELD s OVERFLOW SAT SET u8 0 256 GET u8 0
< [:128 :255]
> BITFIELD s OVERFLOW SAT SET u8 0 -1 GET u8 0
< [:255 :255]
> BITFIELD f OVERFLOW FAIL SET i8 0 127
< [:0]
> BITFIELD f OVERFLOW FAIL SET i8 0 128 GET i8 0
< [(nil) :127]
> BITFIELD f OVERFLOW FAIL INCRBY i8 0 1 GET i8 0
< [(nil) :127]
> BITFIELD f OVERFLOW FAIL INCRBY i8 0 -255 GET i8 0
< [:-128 :-128]
> BITFIELD f OVERFLOW FAIL INCRBY i8 0 -1 GET i8 0
< [(nil) :-128]
> BITFIELD f OVERFLOW FAIL SET u8 0 -1
< [(nil)]
> BITFIELD f OVERFLOW FAIL SET u8 0 256
< [(nil)]
> BITFIELD w SET i8 0 127
< [:0]
> BITFIELD w INCRBY i8 0 1
< [:-128]
> BITFIELD w INCRBY i8 0 -1
< [:127]
> BITFIELD w SET u8 0 -1 GET u8 0
< [:127 :255]
> BITFIELD w SET u8 0 256 GET u8 0
< [:255 :0]
> BITFIELD w SET i4 0 8 GET i4 0
< [:0 :-8]
> BITFIELD w INCRBY u8 0 1000 GET u8 0
< [:104 :104]
> BITFIELD w OVERFLOW wrap INCRBY u8 0 -1 overflow Sat INCRBY u8 0 255
< [:103 :255]
> BITFIELD w OVERFLOW FAIL OVERFLOW WRAP INCRBY u8 0 1
< [:0]
> BITFIELD w OVERFLOW SAT
< []

== at the ends of 64 bits
> BITFIELD k SET i64 0 9223372036854775807
< [:0]
> BITFIELD k INCRBY i64 0 1
< [:-9223372036854775808]
> BITFIELD k INCRBY i64 0 -1
< [:9223372036854775807]
> BITFIELD k OVERFLOW SAT INCRBY i64 0 1
< [:9223372036854775807]
> BITFIELD k OVERFLOW FAIL INCRBY i64 0 1
< [(nil)]
> BITFIELD k SET i64 0 -9223372036854775808
< [:9223372036854775807]
> BITFIELD k OVERFLOW SAT INCRBY i64 0 -1
< [:-9223372036854775808]
> BITFIELD k OVERFLOW FAIL INCRBY i64 0 -1
< [(nil)]
> BITFIELD k INCRBY i64 0 -1
< [:9223372036854775807]
> BITFIELD k SET u63 0 9223372036854775807
< [:4611686018427387903]
> BITFIELD k INCRBY u63 0 1
< [:0]
> BITFIELD k OVERFLOW SAT INCRBY u63 0 -1
< [:0]
> BITFIELD k OVERFLOW SAT INCRBY u63 0 9223372036854775807
< [:9223372036854775807]
> BITFIELD k OVERFLOW SAT INCRBY u63 0 1
< [:9223372036854775807]
> BITFIELD k OVERFLOW FAIL INCRBY u63 0 1
< [(nil)]
> BITFIELD k GET u63 0
< [:9223372036854775807]

== a failed one makes no key, and does not stop the others
> BITFIELD k OVERFLOW FAIL SET u1 0 2
< [(nil)]
> EXISTS k
< :1
> STRLEN k
< :1
> BITFIELD k OVERFLOW FAIL SET u1 0 2 SET u8 8 7
< [(nil) :0]
> GET k
< "\x00\x07"

== numbers and time to live
> SET n 12
< +OK
> BITFIELD n GET u8 0
< [:49]
> OBJECT ENCODING n
< "int"
> BITFIELD n SET u8 0 50
< [:49]
> GET n
< "22"
> OBJECT ENCODING n
< "raw"
> EXPIRE n 100
< :1
> BITFIELD n INCRBY u8 0 1
< [:51]
> TTL n
< :100
> OBJECT ENCODING n
< "raw"

== read only
> SET k "\x01\xff"
< +OK
> BITFIELD_RO k GET u8 0 GET i8 8
< [:1 :-1]
> BITFIELD_RO k
< []
> BITFIELD_RO missing GET u8 0
< [:0]
> EXISTS missing
< :0
> BITFIELD_RO k SET u8 0 1
< -ERR BITFIELD_RO only supports the GET subcommand
> BITFIELD_RO k INCRBY u8 0 1
< -ERR BITFIELD_RO only supports the GET subcommand
> BITFIELD_RO k OVERFLOW SAT GET u8 0
< [:1]
> BITFIELD_RO k GET u8 0 OVERFLOW SAT
< [:1]
> BITFIELD_RO k GET u64 0
< -ERR Invalid bitfield type. Use something like i16 u8. Note that u64 is not supported but i64 is.
> BITFIELD_RO k GET
< -ERR syntax error
> BITFIELD_RO k GET u8
< -ERR syntax error
> BITFIELD_RO k GET u8 #1 GET u8 #2
< [:255 :0]
> GET k
< "\x01\xff"

== wrong words
> SET k abc
< +OK
> BITFIELD
< -ERR wrong number of arguments for 'bitfield' command
> BITFIELD k NOPE
< -ERR syntax error
> BITFIELD k GET
< -ERR syntax error
> BITFIELD k GET u8
< -ERR syntax error
> BITFIELD k SET u8 0
< -ERR syntax error
> BITFIELD k INCRBY u8 0
< -ERR syntax error
> BITFIELD k OVERFLOW
< -ERR syntax error
> BITFIELD k OVERFLOW NOPE
< -ERR Invalid OVERFLOW type specified
> BITFIELD k OVERFLOW NOPE SET u8 0 1
< -ERR Invalid OVERFLOW type specified
> BITFIELD k GET u64 0
< -ERR Invalid bitfield type. Use something like i16 u8. Note that u64 is not supported but i64 is.
> BITFIELD k GET i65 0
< -ERR Invalid bitfield type. Use something like i16 u8. Note that u64 is not supported but i64 is.
> BITFIELD k GET u0 0
< -ERR Invalid bitfield type. Use something like i16 u8. Note that u64 is not supported but i64 is.
> BITFIELD k GET i0 0
< -ERR Invalid bitfield type. Use something like i16 u8. Note that u64 is not supported but i64 is.
> BITFIELD k GET u-1 0
< -ERR Invalid bitfield type. Use something like i16 u8. Note that u64 is not supported but i64 is.
> BITFIELD k GET x8 0
< -ERR Invalid bitfield type. Use something like i16 u8. Note that u64 is not supported but i64 is.
> BITFIELD k GET u 0
< -ERR Invalid bitfield type. Use something like i16 u8. Note that u64 is not supported but i64 is.
> BITFIELD k GET "" 0
< -ERR Invalid bitfield type. Use something like i16 u8. Note that u64 is not supported but i64 is.
> BITFIELD k GET 8 0
< -ERR Invalid bitfield type. Use something like i16 u8. Note that u64 is not supported but i64 is.
> BITFIELD k GET u8x 0
< -ERR Invalid bitfield type. Use something like i16 u8. Note that u64 is not supported but i64 is.
> BITFIELD k GET u08 0
< -ERR Invalid bitfield type. Use something like i16 u8. Note that u64 is not supported but i64 is.
> BITFIELD k GET "u 8" 0
< -ERR Invalid bitfield type. Use something like i16 u8. Note that u64 is not supported but i64 is.
> BITFIELD k GET u8 -1
< -ERR bit offset is not an integer or out of range
> BITFIELD k GET u8 abc
< -ERR bit offset is not an integer or out of range
> BITFIELD k GET u8 ""
< -ERR bit offset is not an integer or out of range
> BITFIELD k GET u8 #
< -ERR bit offset is not an integer or out of range
> BITFIELD k GET u8 #-1
< -ERR bit offset is not an integer or out of range
> BITFIELD k GET u8 ##1
< -ERR bit offset is not an integer or out of range
> BITFIELD k SET u8 0 abc
< -ERR value is not an integer or out of range
> BITFIELD k SET u8 0 9223372036854775808
< -ERR value is not an integer or out of range
> BITFIELD k SET u8 0 1.5
< -ERR value is not an integer or out of range
> BITFIELD k INCRBY u8 0 -9223372036854775809
< -ERR value is not an integer or out of range
> BITFIELD k INCRBY u8 0 abc
< -ERR value is not an integer or out of range
> BITFIELD k SET u8 0 1 SET u8 0 abc
< -ERR value is not an integer or out of range
> BITFIELD k SET u8 0 1 NOPE
< -ERR syntax error
> GET k
< "abc"

== places at the limit
> SET k abc
< +OK
> BITFIELD k GET u8 4294967295
< [:0]
> BITFIELD k GET u8 4294967288
< [:0]
> BITFIELD k GET u1 4294967295
< [:0]
> BITFIELD k GET u1 4294967296
< -ERR bit offset is not an integer or out of range
> BITFIELD k GET i64 4294967232
< [:0]
> BITFIELD k GET i64 4294967233
< [:0]
> BITFIELD k SET u8 4294967296 1
< -ERR bit offset is not an integer or out of range
> BITFIELD k GET u8 #536870911
< [:0]
> BITFIELD k GET u8 #536870912
< -ERR bit offset is not an integer or out of range
> BITFIELD k GET i64 #67108863
< [:0]
> BITFIELD k GET i64 #67108864
< -ERR bit offset is not an integer or out of range
> BITFIELD k SET u8 #536870912 1
< -ERR bit offset is not an integer or out of range
> BITFIELD k GET u8 9223372036854775807
< -ERR bit offset is not an integer or out of range
> BITFIELD k GET u8 9223372036854775808
< -ERR bit offset is not an integer or out of range
> BITFIELD k GET u8 #9223372036854775807
< -ERR bit offset is not an integer or out of range
> BITFIELD k GET u63 #9223372036854775807
< -ERR bit offset is not an integer or out of range
> BITFIELD k GET u8 #1152921504606846976
< -ERR bit offset is not an integer or out of range
> BITFIELD k INCRBY u8 18446744073709551616 1
< -ERR bit offset is not an integer or out of range
> GET k
< "abc"

== wrong types
> RPUSH l x
< :1
> BITFIELD l GET u8 0
< -WRONGTYPE Operation against a key holding the wrong kind of value
> BITFIELD l SET u8 0 1
< -WRONGTYPE Operation against a key holding the wrong kind of value
> BITFIELD l
< -WRONGTYPE Operation against a key holding the wrong kind of value
> BITFIELD_RO l GET u8 0
< -WRONGTYPE Operation against a key holding the wrong kind of value
> BITFIELD l NOPE
< -ERR syntax error
> LRANGE l 0 -1
< ["x"]
