# Sets: what is refused leaves the key as it was; numbers at their ends.

== wrong types
> SET s text
< +OK
> SADD t a b
< :2
> SADD s a
< -WRONGTYPE Operation against a key holding the wrong kind of value
> SREM s a
< -WRONGTYPE Operation against a key holding the wrong kind of value
> SCARD s
< -WRONGTYPE Operation against a key holding the wrong kind of value
> SISMEMBER s a
< -WRONGTYPE Operation against a key holding the wrong kind of value
> SMISMEMBER s a b
< -WRONGTYPE Operation against a key holding the wrong kind of value
> SMEMBERS s
< -WRONGTYPE Operation against a key holding the wrong kind of value
> SPOP s
< -WRONGTYPE Operation against a key holding the wrong kind of value
> SPOP s 1
< -WRONGTYPE Operation against a key holding the wrong kind of value
> SPOP s 0
< -WRONGTYPE Operation against a key holding the wrong kind of value
> SPOP s -1
< -ERR value is out of range, must be positive
> SPOP s abc
< -ERR value is out of range, must be positive
> SRANDMEMBER s
< -WRONGTYPE Operation against a key holding the wrong kind of value
> SRANDMEMBER s 1
< -WRONGTYPE Operation against a key holding the wrong kind of value
> SRANDMEMBER s 0
< -WRONGTYPE Operation against a key holding the wrong kind of value
> SRANDMEMBER s abc
< -ERR value is not an integer or out of range
> SMOVE s t a
< -WRONGTYPE Operation against a key holding the wrong kind of value
> SMOVE t s a
< -WRONGTYPE Operation against a key holding the wrong kind of value
> SMOVE t s nothing
< -WRONGTYPE Operation against a key holding the wrong kind of value
> SMOVE missing s a
< :0
> SMOVE s s a
< -WRONGTYPE Operation against a key holding the wrong kind of value
> SINTER t s
< -WRONGTYPE Operation against a key holding the wrong kind of value
> SINTER missing s
< -WRONGTYPE Operation against a key holding the wrong kind of value
> SINTER s missing
< -WRONGTYPE Operation against a key holding the wrong kind of value
> SINTERCARD 2 t s
< -WRONGTYPE Operation against a key holding the wrong kind of value
> SINTERCARD 2 missing s
< -WRONGTYPE Operation against a key holding the wrong kind of value
> SINTERSTORE d t s
< -WRONGTYPE Operation against a key holding the wrong kind of value
> SINTERSTORE d missing s
< -WRONGTYPE Operation against a key holding the wrong kind of value
> SINTERSTORE s t
< :2
> TYPE s
< +set
> SET s text
< +OK
> SUNION t s
< -WRONGTYPE Operation against a key holding the wrong kind of value
> SUNIONSTORE d t s
< -WRONGTYPE Operation against a key holding the wrong kind of value
> SDIFF t s
< -WRONGTYPE Operation against a key holding the wrong kind of value
> SDIFF missing s
< -WRONGTYPE Operation against a key holding the wrong kind of value
> SDIFF s t
< -WRONGTYPE Operation against a key holding the wrong kind of value
> SDIFFSTORE d t s
< -WRONGTYPE Operation against a key holding the wrong kind of value
> SSCAN s 0
< -WRONGTYPE Operation against a key holding the wrong kind of value
> SSCAN s abc
< -ERR invalid cursor
> EXISTS d
< :0
> GET s
< "text"
> SMEMBERS t
< ~["a" "b"]

== counts
> SADD t 1 2 3
< :3
> SPOP t -1
< -ERR value is out of range, must be positive
> SPOP t abc
< -ERR value is out of range, must be positive
> SPOP t 1.5
< -ERR value is out of range, must be positive
> SPOP t 9223372036854775808
< -ERR value is out of range, must be positive
> SPOP t -9223372036854775808
< -ERR value is out of range, must be positive
> SPOP t ""
< -ERR value is out of range, must be positive
> SPOP t 1 1
< -ERR syntax error
> SPOP t 0
< ~[]
> SPOP missing -1
< -ERR value is out of range, must be positive
> SPOP missing abc
< -ERR value is out of range, must be positive
> SPOP missing 5
< ~[]
> SPOP missing 0
< ~[]
> SRANDMEMBER t abc
< -ERR value is not an integer or out of range
> SRANDMEMBER t 9223372036854775808
< -ERR value is not an integer or out of range
> SRANDMEMBER t -9223372036854775808
< -ERR value is out of range, value must between -9223372036854775807 and 9223372036854775807
> SRANDMEMBER t 1.5
< -ERR value is not an integer or out of range
> SRANDMEMBER t ""
< -ERR value is not an integer or out of range
> SRANDMEMBER t 1 2
< -ERR syntax error
> SRANDMEMBER missing abc
< -ERR value is not an integer or out of range
> SRANDMEMBER missing -9223372036854775808
< -ERR value is out of range, value must between -9223372036854775807 and 9223372036854775807
> SRANDMEMBER missing -5
< []
> SRANDMEMBER t 0
< []
> SCARD t
< :3
> SRANDMEMBER t 9223372036854775807
< any-order ["1" "2" "3"]
> SPOP t 9223372036854775807
< any-order ~["1" "2" "3"]
> EXISTS t
< :0

== how many keys
> SADD t 1 2 3
< :3
> SINTERCARD 0 t
< -ERR numkeys should be greater than 0
> SINTERCARD -1 t
< -ERR numkeys should be greater than 0
> SINTERCARD abc t
< -ERR numkeys should be greater than 0
> SINTERCARD 9223372036854775807 t
< -ERR Number of keys can't be greater than number of args
> SINTERCARD 9223372036854775808 t
< -ERR numkeys should be greater than 0
> SINTERCARD 2 t
< -ERR Number of keys can't be greater than number of args
> SINTERCARD 1 t t
< -ERR syntax error
> SINTERCARD 1 t LIMIT abc
< -ERR LIMIT can't be negative
> SINTERCARD 1 t LIMIT -1
< -ERR LIMIT can't be negative
> SINTERCARD 1 t LIMIT 9223372036854775807
< :3
> SINTERCARD 1 t LIMIT 9223372036854775808
< -ERR LIMIT can't be negative
> SINTERCARD 1 t LIMIT 1 LIMIT 2
< :2
> SINTERCARD 1 t NOPE 1
< -ERR syntax error
> SINTERCARD 1
< -ERR wrong number of arguments for 'sintercard' command
> SINTERCARD
< -ERR wrong number of arguments for 'sintercard' command

== cursors
> SADD t 1 2 3
< :3
> SSCAN t abc
< -ERR invalid cursor
> SSCAN t -1
< -ERR invalid cursor
> SSCAN t 18446744073709551616
< -ERR invalid cursor
> SSCAN t 18446744073709551615
< ["0" ["1" "2" "3"]]
> SSCAN t ""
< -ERR invalid cursor
> SSCAN t 0 COUNT 0
< -ERR syntax error
> SSCAN t 0 COUNT -1
< -ERR syntax error
> SSCAN t 0 COUNT abc
< -ERR value is not an integer or out of range
> SSCAN t 0 COUNT 9223372036854775807
< ["0" ["1" "2" "3"]]
> SSCAN t 0 COUNT 9223372036854775808
< -ERR value is not an integer or out of range
> SSCAN t 0 COUNT
< -ERR syntax error
> SSCAN t 0 MATCH
< -ERR syntax error
> SSCAN t 0 NOPE 1
< -ERR syntax error
> SSCAN t 0 TYPE set
< -ERR syntax error
> SSCAN missing abc
< -ERR invalid cursor
> SSCAN missing 0 COUNT 0
< ["0" []]
> SSCAN t
< -ERR wrong number of arguments for 'sscan' command

== integers at the ends of every width
> SADD n 32767 -32768 32768 -32769 2147483647 -2147483648 2147483648 -2147483649 9223372036854775807 -9223372036854775808
< :10
> OBJECT ENCODING n
< "intset"
> SMEMBERS n
< ~["-9223372036854775808" "-2147483649" "-2147483648" "-32769" "-32768" "32767" "32768" "2147483647" "2147483648" "9223372036854775807"]
> SISMEMBER n 9223372036854775807
< :1
> SISMEMBER n 9223372036854775808
< :0
> SISMEMBER n -9223372036854775809
< :0
> SISMEMBER n 032767
< :0
> SISMEMBER n +32767
< :0
> SISMEMBER n -0
< :0
> SREM n 9223372036854775808 -9223372036854775809 " 1"
< :0
> OBJECT ENCODING n
< "intset"
> SCARD n
< :10
> SADD n -0
< :1
> OBJECT ENCODING n
< "listpack"
> SISMEMBER n 0
< :0
> SISMEMBER n -0
< :1

== wrong words
> SADD
< -ERR wrong number of arguments for 'sadd' command
> SADD k
< -ERR wrong number of arguments for 'sadd' command
> SREM k
< -ERR wrong number of arguments for 'srem' command
> SMOVE a b
< -ERR wrong number of arguments for 'smove' command
> SINTER
< -ERR wrong number of arguments for 'sinter' command
> SINTERSTORE d
< -ERR wrong number of arguments for 'sinterstore' command
> SUNIONSTORE d
< -ERR wrong number of arguments for 'sunionstore' command
> SDIFFSTORE d
< -ERR wrong number of arguments for 'sdiffstore' command
> SISMEMBER k
< -ERR wrong number of arguments for 'sismember' command
> SMISMEMBER k
< -ERR wrong number of arguments for 'smismember' command
> EXISTS k d
< :0

== an answer that would not end (Redis fills its memory with it)
only: redstart
> SADD t a
< :1
> SRANDMEMBER t -134217729
< -ERR value is out of range
> SRANDMEMBER t -4611686018427387903
< -ERR value is out of range
> SRANDMEMBER missing -4611686018427387903
< []
