# Arrays: ranges. After the documentation of Redis 8.8 and, for refusals, its sources; no peer knows the commands.

== every index, with nulls for holes
only: redstart
> ARMSET a 0 a 1 b 3 d
< :3
> ARGETRANGE a 0 3
< ["a" "b" (nil) "d"]
> ARGETRANGE a 3 0
< ["d" (nil) "b" "a"]
> ARGETRANGE a 2 5
< [(nil) "d" (nil) (nil)]
> ARGETRANGE a 5 2
< [(nil) (nil) "d" (nil)]
> ARGETRANGE a 1 1
< ["b"]
> ARGETRANGE a 18446744073709551612 18446744073709551614
< [(nil) (nil) (nil)]
> ARGETRANGE missing 0 1
< [(nil) (nil)]
> ARGETRANGE a 0 1000000
< -ERR range exceeds maximum of 1000000 items
> ARGETRANGE a 18446744073709551614 0
< -ERR range exceeds maximum of 1000000 items
> ARGETRANGE a x 0
< -ERR invalid array index
> ARGETRANGE a 0 -1
< -ERR invalid array index
> ARGETRANGE a - +
< -ERR invalid array index
> SET s x
< +OK
> ARGETRANGE s 0 1000000
< -WRONGTYPE Operation against a key holding the wrong kind of value

== what is set, with its index
only: redstart
> ARMSET a 0 a 5 b 9 c 100000 d
< :4
> ARSCAN a 0 10
< [[:0 "a"] [:5 "b"] [:9 "c"]]
> ARSCAN a 0 10 LIMIT 2
< [[:0 "a"] [:5 "b"]]
> ARSCAN a 10 0 limit 2
< [[:9 "c"] [:5 "b"]]
> ARSCAN a 0 18446744073709551614
< [[:0 "a"] [:5 "b"] [:9 "c"] [:100000 "d"]]
> ARSCAN a 200000 1
< [[:100000 "d"] [:9 "c"] [:5 "b"]]
> ARSCAN a 1 4
< []
> ARSCAN missing 0 10
< []
> ARSCAN a 0 10 LIMIT 0
< -ERR LIMIT must be positive
> ARSCAN a 0 10 LIMIT -1
< -ERR LIMIT must be positive
> ARSCAN a 0 10 LIMIT x
< -ERR value is not an integer or out of range
> ARSCAN a 0 10 COUNT 1
< -ERR syntax error
> ARSCAN a 0 10 LIMIT
< -ERR wrong number of arguments for 'arscan' command
> ARSCAN a 0 x
< -ERR invalid array index
> SET s x
< +OK
> ARSCAN s 0 10
< -WRONGTYPE Operation against a key holding the wrong kind of value
