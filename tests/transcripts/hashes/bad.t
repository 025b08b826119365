# Hashes: what is refused leaves the key as it was; numbers at their ends.

== wrong types
> SET s text
< +OK
> HSET s f v
< -WRONGTYPE Operation against a key holding the wrong kind of value
> HSETNX s f v
< -WRONGTYPE Operation against a key holding the wrong kind of value
> HMSET s f v
< -WRONGTYPE Operation against a key holding the wrong kind of value
> HGET s f
< -WRONGTYPE Operation against a key holding the wrong kind of value
> HMGET s f g
< -WRONGTYPE Operation against a key holding the wrong kind of value
> HDEL s f
< -WRONGTYPE Operation against a key holding the wrong kind of value
> HLEN s
< -WRONGTYPE Operation against a key holding the wrong kind of value
> HSTRLEN s f
< -WRONGTYPE Operation against a key holding the wrong kind of value
> HEXISTS s f
< -WRONGTYPE Operation against a key holding the wrong kind of value
> HKEYS s
< -WRONGTYPE Operation against a key holding the wrong kind of value
> HVALS s
< -WRONGTYPE Operation against a key holding the wrong kind of value
> HGETALL s
< -WRONGTYPE Operation against a key holding the wrong kind of value
> HINCRBY s f 1
< -WRONGTYPE Operation against a key holding the wrong kind of value
> HINCRBY s f abc
< -ERR value is not an integer or out of range
> HINCRBYFLOAT s f 1
< -WRONGTYPE Operation against a key holding the wrong kind of value
> HINCRBYFLOAT s f abc
< -ERR value is not a valid float
> HRANDFIELD s
< -WRONGTYPE Operation against a key holding the wrong kind of value
> HRANDFIELD s 1
< -WRONGTYPE Operation against a key holding the wrong kind of value
> HRANDFIELD s abc
< -ERR value is not an integer or out of range
> HSCAN s 0
< -WRONGTYPE Operation against a key holding the wrong kind of value
> HSCAN s abc
< -ERR invalid cursor
> HEXPIRE s 10 FIELDS 1 f
< -WRONGTYPE Operation against a key holding the wrong kind of value
> HEXPIRE s abc FIELDS 1 f
< -WRONGTYPE Operation against a key holding the wrong kind of value
> HTTL s FIELDS 1 f
< -WRONGTYPE Operation against a key holding the wrong kind of value
> HPERSIST s FIELDS 1 f
< -WRONGTYPE Operation against a key holding the wrong kind of value
> HGETDEL s FIELDS 1 f
< -WRONGTYPE Operation against a key holding the wrong kind of value
> HGETEX s FIELDS 1 f
< -WRONGTYPE Operation against a key holding the wrong kind of value
> HSETEX s FIELDS 1 f v
< -WRONGTYPE Operation against a key holding the wrong kind of value
> GET s
< "text"

== integers at their ends
> HSET h n 9223372036854775807 m -9223372036854775808 t text e "" space " 1" f 1.5 z 01
< :7
> HINCRBY h n 1
< -ERR increment or decrement would overflow
> HINCRBY h n -1
< :9223372036854775806
> HINCRBY h n 2
< -ERR increment or decrement would overflow
> HINCRBY h m -1
< -ERR increment or decrement would overflow
> HINCRBY h m -9223372036854775808
< -ERR increment or decrement would overflow
> HINCRBY h m 9223372036854775807
< :-1
> HINCRBY h t 1
< -ERR hash value is not an integer
> HINCRBY h e 1
< -ERR hash value is not an integer
> HINCRBY h space 1
< -ERR hash value is not an integer
> HINCRBY h f 1
< -ERR hash value is not an integer
> HINCRBY h z 1
< -ERR hash value is not an integer
> HINCRBY h n 9223372036854775808
< -ERR value is not an integer or out of range
> HINCRBY h n 1.5
< -ERR value is not an integer or out of range
> HINCRBY h n ""
< -ERR value is not an integer or out of range
> HINCRBY h n abc
< -ERR value is not an integer or out of range
> HINCRBY h new abc
< -ERR value is not an integer or out of range
> HINCRBY missing f abc
< -ERR value is not an integer or out of range
> HGETALL h
< {"n": "9223372036854775806" "m": "-1" "t": "text" "e": "" "space": " 1" "f": "1.5" "z": "01"}
> EXISTS missing
< :0
> HINCRBY missing f -9223372036854775808
< :-9223372036854775808
> HINCRBY missing f -1
< -ERR increment or decrement would overflow
> HGET missing f
< "-9223372036854775808"

== floats at their ends
> HSET h n 1e308 big 1.7976931348623157e308 t text e "" space " 1" nan nan inf inf
< :7
> HINCRBYFLOAT h n nan
< -ERR value is not a valid float
> HINCRBYFLOAT h n inf
< -ERR value is NaN or Infinity
> HINCRBYFLOAT h n -inf
< -ERR value is NaN or Infinity
> HINCRBYFLOAT h n abc
< -ERR value is not a valid float
> HINCRBYFLOAT h n ""
< -ERR value is not a valid float
> HINCRBYFLOAT h n " 1"
< -ERR value is not a valid float
> HINCRBYFLOAT h n "1 "
< -ERR value is not a valid float
> HINCRBYFLOAT h n 1e5000
< -ERR value is not a valid float
> HINCRBYFLOAT h t 1
< -ERR hash value is not a float
> HINCRBYFLOAT h e 1
< -ERR hash value is not a float
> HINCRBYFLOAT h space 1
< -ERR hash value is not a float
> HINCRBYFLOAT h nan 1
< -ERR hash value is not a float
> HINCRBYFLOAT h inf 1
< -ERR increment would produce NaN or Infinity
> HINCRBYFLOAT h inf -inf
< -ERR value is NaN or Infinity
> HINCRBYFLOAT missing f nan
< -ERR value is not a valid float
> HINCRBYFLOAT missing f inf
< -ERR value is NaN or Infinity
> EXISTS missing
< :0
> HGETALL h
< {"n": "1e308" "big": "1.7976931348623157e308" "t": "text" "e": "" "space": " 1" "nan": "nan" "inf": "inf"}
> HINCRBYFLOAT h x 1e-20
< "0"
> HINCRBYFLOAT h y 0x10
< "16"
> HINCRBYFLOAT h z -0
< "0"

== counts and cursors
> HSET h a 1 b 2
< :2
> HRANDFIELD h abc
< -ERR value is not an integer or out of range
> HRANDFIELD h 9223372036854775808
< -ERR value is not an integer or out of range
> HRANDFIELD h -9223372036854775808
< -ERR value is out of range, value must between -9223372036854775807 and 9223372036854775807
> HRANDFIELD h -9223372036854775808 WITHVALUES
< -ERR value is out of range, value must between -9223372036854775807 and 9223372036854775807
> HRANDFIELD h 9223372036854775807 WITHVALUES
< -ERR value is out of range
> HRANDFIELD h -4611686018427387904 WITHVALUES
< -ERR value is out of range
> HRANDFIELD h 1 NOPE
< -ERR syntax error
> HRANDFIELD h 1 WITHVALUES x
< -ERR syntax error
> HRANDFIELD h 0
< []
> HRANDFIELD h 0 WITHVALUES
< []
> HRANDFIELD missing abc
< -ERR value is not an integer or out of range
> HRANDFIELD missing -5
< []
> HSCAN h abc
< -ERR invalid cursor
> HSCAN h -1
< -ERR invalid cursor
> HSCAN h 18446744073709551616
< -ERR invalid cursor
> HSCAN h 0 COUNT 0
< -ERR syntax error
> HSCAN h 0 COUNT -1
< -ERR syntax error
> HSCAN h 0 COUNT abc
< -ERR value is not an integer or out of range
> HSCAN h 0 COUNT 9223372036854775807
< ["0" ["a" "1" "b" "2"]]
> HSCAN h 0 NOPE
< -ERR syntax error
> HSCAN h 0 MATCH
< -ERR syntax error
> HSCAN h 0 NOVALUES NOPE
< -ERR syntax error
> HSCAN missing abc
< -ERR invalid cursor

== times
> HSET h f v
< :1
> HEXPIRE h abc FIELDS 1 f
< -ERR value is not an integer or out of range
> HEXPIRE h -1 FIELDS 1 f
< -ERR invalid expire time, must be >= 0
> HEXPIRE h 9223372036854775807 FIELDS 1 f
< -ERR invalid expire time in 'hexpire' command
> HEXPIRE h 9223372036854775808 FIELDS 1 f
< -ERR value is not an integer or out of range
> HEXPIRE h 70368744177665 FIELDS 1 f
< -ERR invalid expire time in 'hexpire' command
> HPEXPIRE h 9223372036854775807 FIELDS 1 f
< -ERR invalid expire time in 'hpexpire' command
> HPEXPIRE h 70368744177664 FIELDS 1 f
< -ERR invalid expire time in 'hpexpire' command
> HEXPIREAT h 9223372036854775807 FIELDS 1 f
< -ERR invalid expire time in 'hexpireat' command
> HEXPIREAT h 70368744178 FIELDS 1 f
< -ERR invalid expire time in 'hexpireat' command
> HPEXPIREAT h 70368744177663 FIELDS 1 f
< [:1]
> HPEXPIREAT h 9223372036854775807 FIELDS 1 f
< -ERR invalid expire time in 'hpexpireat' command
> HPEXPIREAT h -9223372036854775808 FIELDS 1 f
< -ERR invalid expire time, must be >= 0
> HEXPIRE h 10 FIELDS 0 f
< -ERR Parameter `numFields` should be greater than 0
> HEXPIRE h 10 FIELDS -1 f
< -ERR Parameter `numFields` should be greater than 0
> HEXPIRE h 10 FIELDS abc f
< -ERR Parameter `numFields` should be greater than 0
> HEXPIRE h 10 FIELDS 9223372036854775807 f
< -ERR The `numfields` parameter must match the number of arguments
> HEXPIRE h 10 FIELDS 2 f
< -ERR The `numfields` parameter must match the number of arguments
> HEXPIRE h 10 FIELDS 1 f g
< -ERR The `numfields` parameter must match the number of arguments
> HEXPIRE h 10 NOPE 1 f
< -ERR Mandatory argument FIELDS is missing or not at the right position
> HEXPIRE h 10 NX XX FIELDS 1 f
< -ERR Mandatory argument FIELDS is missing or not at the right position
> HEXPIRE h 10 FIELDS 1
< -ERR wrong number of arguments for 'hexpire' command
> HEXPIRE h 10
< -ERR wrong number of arguments for 'hexpire' command
> HEXPIRE missing abc FIELDS 1 f
< -ERR value is not an integer or out of range
> HEXPIRE missing -1 FIELDS 1 f
< -ERR invalid expire time, must be >= 0
> HTTL h FIELDS 0 f
< -ERR Number of fields must be a positive integer
> HTTL h FIELDS 2 f
< -ERR The `numfields` parameter must match the number of arguments
> HTTL h FIELDS abc f
< -ERR Number of fields must be a positive integer
> HTTL h NOPE 1 f
< -ERR Mandatory argument FIELDS is missing or not at the right position
> HTTL missing FIELDS 0 f
< -ERR Number of fields must be a positive integer
> HPERSIST h FIELDS 0 f
< -ERR Number of fields must be a positive integer
> HPERSIST h FIELDS 2 f
< -ERR The `numfields` parameter must match the number of arguments
> HPEXPIRETIME h FIELDS 2 f g
< [:70368744177663 :-2]
> HGETALL h
< {"f": "v"}
> HGETEX h EX abc FIELDS 1 f
< -ERR value is not an integer or out of range
> HGETEX h EX 0 FIELDS 1 f
< ["v"]
> HGETEX h EX -1 FIELDS 1 f
< -ERR invalid expire time, must be >= 0
> HGETEX h EX 9223372036854775807 FIELDS 1 f
< -ERR invalid expire time in 'hgetex' command
> HGETEX h PXAT 9223372036854775807 FIELDS 1 f
< -ERR invalid expire time in 'hgetex' command
> HGETEX h EX 10 PERSIST FIELDS 1 f
< -ERR Mandatory argument FIELDS is missing or not at the right position
> HGETEX h FIELDS 0 f
< -ERR Number of fields must be a positive integer
> HGETEX h FIELDS 2 f
< -ERR The `numfields` parameter must match the number of arguments
> HGETEX h EX FIELDS 1 f
< -ERR value is not an integer or out of range
> HSETEX h EX 0 FIELDS 1 f x
< :1
> HSETEX h EX -1 FIELDS 1 f x
< -ERR invalid expire time, must be >= 0
> HSETEX h EX abc FIELDS 1 f x
< -ERR value is not an integer or out of range
> HSETEX h PX 9223372036854775807 FIELDS 1 f x
< -ERR invalid expire time in 'hsetex' command
> HSETEX h FNX FXX FIELDS 1 f x
< -ERR Only one of FXX or FNX arguments can be specified
> HSETEX h EX 10 KEEPTTL FIELDS 1 f x
< -ERR Only one of EX, PX, EXAT, PXAT or KEEPTTL arguments can be specified
> HSETEX h FIELDS 2 f x
< -ERR wrong number of arguments for 'hsetex' command
> HSETEX h FIELDS 0 f x
< -ERR invalid number of fields
> HSETEX h FIELDS 1 f
< -ERR wrong number of arguments for 'hsetex' command
> HGETDEL h FIELDS 0 f
< -ERR Number of fields must be a positive integer
> HGETDEL h FIELDS 2 f
< -ERR The `numfields` parameter must match the number of arguments
> HGETDEL h NOPE 1 f
< -ERR Mandatory argument FIELDS is missing or not at the right position
> HTTL h FIELDS 1 f
< [:-2]
> HGETALL h
< {}

== wrong words
> HSET
< -ERR wrong number of arguments for 'hset' command
> HSET h
< -ERR wrong number of arguments for 'hset' command
> HSET h f
< -ERR wrong number of arguments for 'hset' command
> HSET h f v g
< -ERR wrong number of arguments for 'hset' command
> HMSET h f
< -ERR wrong number of arguments for 'hmset' command
> HMSET h f v g
< -ERR wrong number of arguments for 'hmset' command
> HSETNX h f
< -ERR wrong number of arguments for 'hsetnx' command
> HGET h
< -ERR wrong number of arguments for 'hget' command
> HMGET h
< -ERR wrong number of arguments for 'hmget' command
> HDEL h
< -ERR wrong number of arguments for 'hdel' command
> HINCRBY h f
< -ERR wrong number of arguments for 'hincrby' command
> HINCRBYFLOAT h f
< -ERR wrong number of arguments for 'hincrbyfloat' command
> EXISTS h
< :0

== an answer that would not end (Redis fills its memory with it)
only: redstart
> HSET h f v
< :1
> HRANDFIELD h -134217729
< -ERR value is out of range
> HRANDFIELD h -4611686018427387903
< -ERR value is out of range
> HRANDFIELD missing -4611686018427387903
< []
