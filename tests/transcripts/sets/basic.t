# Sets: members in and out.

== add and remove
> SADD s a b a
< :2
> SADD s c
< :1
> SCARD s
< :3
> SADD s
< -ERR wrong number of arguments for 'sadd' command
> SREM s a missing
< :1
> SREM s b c
< :2
> EXISTS s
< :0
> SREM s a
< :0
> SCARD s
< :0
> SADD n 1
< :1
> SMEMBERS n
< ~["1"]
> SISMEMBER n 1
< :1
> SISMEMBER n 01
< :0
> SISMEMBER missing a
< :0
> SMISMEMBER n 1 2 01
< [:1 :0 :0]
> SMISMEMBER missing 1 2
< [:0 :0]
> SMEMBERS missing
< ~[]

== encodings
> SADD ints 1 2 3
< :3
> OBJECT ENCODING ints
< "intset"
> SADD ints x
< :1
> OBJECT ENCODING ints
< "listpack"
> SADD long aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
< :1
> OBJECT ENCODING long
< "hashtable"
> SADD wide 1 9223372036854775807 -9223372036854775808
< :3
> OBJECT ENCODING wide
< "intset"
> SADD wide 9223372036854775808
< :1
> OBJECT ENCODING wide
< "listpack"
> SINTERSTORE mixed ints ints
< :4
> OBJECT ENCODING mixed
< "listpack"
> SREM ints x
< :1
> OBJECT ENCODING ints
< "listpack"
> SINTERSTORE mixed ints ints
< :3
> OBJECT ENCODING mixed
< "intset"

== move
> SADD one a b
< :2
> SADD two b
< :1
> SMOVE one two a
< :1
> SMOVE one two b
< :1
> EXISTS one
< :0
> SCARD two
< :2
> SMOVE two two a
< :1
> SMOVE two two missing
< :0
> SMOVE missing two a
< :0
> SMOVE two three a
< :1
> SMEMBERS three
< ~["a"]

== algebra
> SADD x 1 2 3 4
< :4
> SADD y 3 4 5
< :3
> SADD z 4
< :1
> SINTER x y z
< ~["4"]
> SINTERCARD 2 x y
< :2
> SINTERCARD 2 x y LIMIT 1
< :1
> SINTERCARD 2 x y LIMIT 0
< :2
> SINTERCARD 2 x y LIMIT -1
< -ERR LIMIT can't be negative
> SINTERCARD 0 x
< -ERR numkeys should be greater than 0
> SINTERCARD 3 x y
< -ERR Number of keys can't be greater than number of args
> SINTERCARD 2 x y LIMIT
< -ERR syntax error
> SINTERCARD 2 x missing
< :0
> SDIFF x y
< ~["1" "2"]
> SDIFF missing x
< ~[]
> SDIFFSTORE d x y z
< :2
> SMEMBERS d
< ~["1" "2"]
> SUNIONSTORE u x y
< :5
> SCARD u
< :5
> SINTERSTORE u x missing
< :0
> EXISTS u
< :0
> SUNION missing
< ~[]
> SUNIONCARD 2 x y
< :5
> SUNIONCARD 3 x y missing LIMIT 3
< :3
> SUNIONCARD 2 x y APPROX LIMIT 0
< :5
> SUNIONCARD 2 x y LIMIT -1
< -ERR LIMIT can't be negative
> SDIFFCARD 2 x y
< :2
> SDIFFCARD 2 x y LIMIT 1
< :1
> SDIFFCARD 2 x y APPROX
< -ERR syntax error
> SDIFFCARD 0 x
< -ERR numkeys should be greater than 0

== random
> SADD r a
< :1
> SRANDMEMBER r
< "a"
> SRANDMEMBER r 5
< ["a"]
> SRANDMEMBER r -3
< ["a" "a" "a"]
> SRANDMEMBER r 0
< []
> SRANDMEMBER r -9223372036854775808
< -ERR value is out of range, value must between -9223372036854775807 and 9223372036854775807
> SRANDMEMBER missing
< (nil)
> SRANDMEMBER missing 2
< []
> SRANDMEMBER r 1 2
< -ERR syntax error
> SPOP r -1
< -ERR value is out of range, must be positive
> SPOP r 0
< ~[]
> SPOP r 1 2
< -ERR syntax error
> SPOP r
< "a"
> SPOP r
< (nil)
> SPOP missing 2
< ~[]
> SADD r 7
< :1
> SPOP r 9
< ~["7"]
> EXISTS r
< :0

== scan
> SADD s 1
< :1
> SSCAN s 0
< ["0" ["1"]]
> SADD s a
< :1
> SSCAN s 0 MATCH a*
< ["0" ["a"]]
> SSCAN s 0 COUNT 0
< -ERR syntax error
> SSCAN s 0 NOVALUES
< -ERR NOVALUES option can only be used in HSCAN
> SSCAN s abc
< -ERR invalid cursor
> SSCAN missing 0
< ["0" []]

== wrong type
> SET k v
< +OK
> SADD k a
< -WRONGTYPE Operation against a key holding the wrong kind of value
> SREM k a
< -WRONGTYPE Operation against a key holding the wrong kind of value
> SMEMBERS k
< -WRONGTYPE Operation against a key holding the wrong kind of value
> SISMEMBER k a
< -WRONGTYPE Operation against a key holding the wrong kind of value
> SMISMEMBER k a
< -WRONGTYPE Operation against a key holding the wrong kind of value
> SCARD k
< -WRONGTYPE Operation against a key holding the wrong kind of value
> SPOP k
< -WRONGTYPE Operation against a key holding the wrong kind of value
> SPOP k 1
< -WRONGTYPE Operation against a key holding the wrong kind of value
> SRANDMEMBER k
< -WRONGTYPE Operation against a key holding the wrong kind of value
> SRANDMEMBER k 1
< -WRONGTYPE Operation against a key holding the wrong kind of value
> SADD s a
< :1
> SMOVE k s a
< -WRONGTYPE Operation against a key holding the wrong kind of value
> SMOVE s k a
< -WRONGTYPE Operation against a key holding the wrong kind of value
> SMEMBERS s
< ~["a"]
> SINTER s k
< -WRONGTYPE Operation against a key holding the wrong kind of value
> SINTER missing k
< -WRONGTYPE Operation against a key holding the wrong kind of value
> SUNION s k
< -WRONGTYPE Operation against a key holding the wrong kind of value
> SDIFF s k
< -WRONGTYPE Operation against a key holding the wrong kind of value
> SINTERSTORE s s k
< -WRONGTYPE Operation against a key holding the wrong kind of value
> SSCAN k 0
< -WRONGTYPE Operation against a key holding the wrong kind of value
> SINTERSTORE k s s
< :1
> TYPE k
< +set
