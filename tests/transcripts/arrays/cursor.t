# Arrays: values appended, rings. After the documentation of Redis 8.8 and, for refusals, its sources; no peer knows the commands.

== appending
only: redstart
> ARNEXT a
< :0
> ARINSERT a alpha
< :0
> ARINSERT a beta
< :1
> ARINSERT a gamma delta
< :3
> ARGET a 1
< "beta"
> ARNEXT a
< :4
> ARSEEK a 10
< :1
> ARINSERT a c
< :10
> ARNEXT a
< :11
> ARSET a 50 far
< :1
> ARNEXT a
< :11
> ARSEEK a 0
< :1
> ARNEXT a
< :0
> ARINSERT a again
< :0
> ARGET a 0
< "again"
> ARSEEK missing 5
< :0
> EXISTS missing
< :0

== the end of all indices
only: redstart
> ARINSERT a v
< :0
> ARSEEK a 18446744073709551615
< :1
> ARNEXT a
< (nil)
> ARINSERT a w
< -ERR insert index overflow
> ARSEEK a 9223372036854775806
< :1
> ARINSERT a w
< :9223372036854775806
> ARNEXT a
< :9223372036854775807
> ARSEEK a 18446744073709551614
< :1
> ARINSERT a x y
< -ERR insert index overflow
> ARCOUNT a
< :2
> ARSEEK a x
< -ERR invalid array index
> ARSEEK a -1
< -ERR invalid array index
> ARSEEK a 18446744073709551616
< -ERR invalid array index

== a ring
only: redstart
> ARRING r 3 v0
< :0
> ARRING r 3 v1
< :1
> ARRING r 3 v2
< :2
> ARRING r 3 v3
< :0
> ARGET r 0
< "v3"
> ARCOUNT r
< :3
> ARLASTITEMS r 3
< ["v1" "v2" "v3"]
> ARLASTITEMS r 2 REV
< ["v3" "v2"]
> ARLASTITEMS r 100
< ["v1" "v2" "v3"]
> ARRING r 3 v4 v5 v6 v7
< :1
> ARGETRANGE r 0 2
< ["v6" "v7" "v5"]

== a ring of another size
only: redstart
> ARRING r 3 a b c d
< :0
> ARRING r 5 e
< :3
> ARGETRANGE r 0 4
< ["b" "c" "d" "e" (nil)]
> ARRING r 5 f g
< :0
> ARLASTITEMS r 5
< ["c" "d" "e" "f" "g"]
> ARRING r 2 h
< :0
> ARGETRANGE r 0 2
< ["h" "g" (nil)]
> ARLASTITEMS r 2
< ["g" "h"]
> ARSEEK r 0
< :1
> ARRING r 4 x
< :0
> ARGETRANGE r 0 3
< ["x" "g" (nil) (nil)]

== the last items
only: redstart
> ARINSERT a a b c
< :2
> ARLASTITEMS a 2
< ["b" "c"]
> ARLASTITEMS a 2 rev
< ["c" "b"]
> ARSET a 5 f
< :1
> ARLASTITEMS a 6
< [(nil) (nil) "f" "a" "b" "c"]
> ARLASTITEMS a 5 REV
< ["c" "b" "a" "f" (nil)]
> ARSEEK a 0
< :1
> ARLASTITEMS a 3
< [(nil) (nil) "f"]
> ARSEEK a 1000
< :1
> ARLASTITEMS a 1
< ["f"]
> ARLASTITEMS missing 3
< []
> ARLASTITEMS a 0
< []
> ARLASTITEMS a -3 OTHER
< []
> ARLASTITEMS a 1 OTHER
< -ERR syntax error
> ARLASTITEMS a 1 REV REV
< -ERR wrong number of arguments for 'arlastitems' command
> ARLASTITEMS a x
< -ERR invalid COUNT
> ARSET a 2000000 far
< :1
> ARLASTITEMS a 1000001
< -ERR count exceeds maximum of 1000000 items

== refusals
only: redstart
> ARRING r x v
< -ERR invalid size
> ARRING r 0 v
< -ERR size must be positive
> ARRING r -1 v
< -ERR size must be positive
> ARRING r 3
< -ERR wrong number of arguments for 'arring' command
> ARINSERT a
< -ERR wrong number of arguments for 'arinsert' command
> EXISTS r
< :0
> SET s x
< +OK
> ARINSERT s v
< -WRONGTYPE Operation against a key holding the wrong kind of value
> ARRING s 3 v
< -WRONGTYPE Operation against a key holding the wrong kind of value
> ARNEXT s
< -WRONGTYPE Operation against a key holding the wrong kind of value
> ARSEEK s 1
< -WRONGTYPE Operation against a key holding the wrong kind of value
> ARLASTITEMS s 1
< -WRONGTYPE Operation against a key holding the wrong kind of value
> ARLASTITEMS s 0
< []
