# Pops that wait.

== there is something
> ZADD z 1 a 2 b 3 c 4 d 5 e
< :5
> BZPOPMIN missing z 0
< ["z" "a" ,1]
> BZPOPMAX z 1.5
< ["z" "e" ,5]
> BZMPOP 0 2 missing z MIN COUNT 2
< ["z" [["b" ,2] ["c" ,3]]]
> BZMPOP 0 1 z MAX
< ["z" [["d" ,4]]]
> EXISTS z
< :0

== there is nothing in time
> BZPOPMIN z 0.01
< (nil-array)
> BZPOPMAX z y 0.01
< (nil-array)
> BZMPOP 0.01 2 z y MIN COUNT 3
< (nil-array)

== it comes while they wait
a> BZPOPMIN x y z 0
a< (silent)
until> INFO clients
< ~blocked_clients:1
> ZADD y 1 one 2 two
< :2
a< ["y" "one" ,1]
> ZRANGE y 0 -1
< ["two"]
a> BZPOPMAX q 0
a< (silent)
until> INFO clients
< ~blocked_clients:1
b> BZMPOP 0 2 p q MIN COUNT 10
b< (silent)
until> INFO clients
< ~blocked_clients:2
> ZADD q 1 a 2 b 3 c
< :3
a< ["q" "c" ,3]
b< ["q" [["a" ,1] ["b" ,2]]]
> EXISTS q
< :0
a> BZPOPMIN to 0
a< (silent)
until> INFO clients
< ~blocked_clients:1
> ZADD from 5 e
< :1
> RENAME from to
< +OK
a< ["to" "e" ,5]
a> BZPOPMIN to 0
a< (silent)
until> INFO clients
< ~blocked_clients:1
> ZADD from 6 f
< :1
> ZUNIONSTORE to 1 from
< :1
a< ["to" "f" ,6]

== another type does not wake them
a> BZPOPMIN k 0
a< (silent)
until> INFO clients
< ~blocked_clients:1
> SET k v
< +OK
> DEL k
< :1
> ZADD k 1 m
< :1
a< ["k" "m" ,1]

== what is refused
> SET s v
< +OK
> BZPOPMIN s 0
< -WRONGTYPE Operation against a key holding the wrong kind of value
> BZPOPMIN missing s 0
< -WRONGTYPE Operation against a key holding the wrong kind of value
> BZPOPMIN z abc
< -ERR timeout is not a float or out of range
> BZPOPMIN z -1
< -ERR timeout is negative
> BZPOPMIN z 1e300
< -ERR timeout is out of range
> BZPOPMIN z
< -ERR wrong number of arguments for 'bzpopmin' command
> BZMPOP 0 0 z MIN
< -ERR numkeys should be greater than 0
> BZMPOP 0 2 z MIN
< -ERR syntax error
> BZMPOP 0 1 z nonsense
< -ERR syntax error
> BZMPOP 0 1 z MIN COUNT 0
< -ERR count should be greater than 0
> BZMPOP abc 1 z MIN
< -ERR timeout is not a float or out of range
> BZMPOP -1 1 z MIN
< -ERR timeout is negative
> BZMPOP abc 0 z MIN
< -ERR numkeys should be greater than 0
> BZMPOP 0 1 s MIN
< -WRONGTYPE Operation against a key holding the wrong kind of value
> BZMPOP 0 1 z
< -ERR wrong number of arguments for 'bzmpop' command
