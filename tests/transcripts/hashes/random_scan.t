# HRANDFIELD and HSCAN.

== hrandfield
> HRANDFIELD missing
< (nil)
> HRANDFIELD missing 5
< []
> HRANDFIELD missing 0
< []
> HRANDFIELD missing 5 WITHVALUES
< []
> HSET h f v
< :1
> HRANDFIELD h
< "f"
> HRANDFIELD h 1
< ["f"]
> HRANDFIELD h 5
< ["f"]
> HRANDFIELD h -3
< ["f" "f" "f"]
> HRANDFIELD h 0
< []
> HRANDFIELD h 5 WITHVALUES
2< ["f" "v"]
3< [["f" "v"]]
> HRANDFIELD h -2 WITHVALUES
2< ["f" "v" "f" "v"]
3< [["f" "v"] ["f" "v"]]
> HRANDFIELD h 0 WITHVALUES
< []
> HRANDFIELD h 5 NONSENSE
< -ERR syntax error
> HRANDFIELD h abc
< -ERR value is not an integer or out of range
> HRANDFIELD h 9223372036854775807
< ["f"]
> HRANDFIELD h -9223372036854775808
< -ERR value is out of range, value must between -9223372036854775807 and 9223372036854775807
> HRANDFIELD h -9223372036854775807 WITHVALUES
< -ERR value is out of range
> HRANDFIELD
< -ERR wrong number of arguments for 'hrandfield' command
> HRANDFIELD h 1 WITHVALUES x
< -ERR syntax error
> HSET h g w
< :1
> HRANDFIELD h 2
< any-order ["f" "g"]
> HRANDFIELD h 3 WITHVALUES
2< any-order ["f" "v" "g" "w"]
3< any-order [["f" "v"] ["g" "w"]]

== hscan
> HSCAN missing 0
< ["0" []]
> HSET h a 1 b 2 c 3
< :3
> HSCAN h 0
< ["0" ["a" "1" "b" "2" "c" "3"]]
> HSCAN h 0 MATCH [ab]
< ["0" ["a" "1" "b" "2"]]
> HSCAN h 0 NOVALUES
< ["0" ["a" "b" "c"]]
> HSCAN h 0 MATCH b NOVALUES
< ["0" ["b"]]
> HSCAN h 0 COUNT 1
< ["0" ["a" "1" "b" "2" "c" "3"]]
> HSCAN h 0 COUNT 0
< -ERR syntax error
> HSCAN h 0 TYPE string
< -ERR syntax error
> HSCAN h abc
< -ERR invalid cursor
> HSCAN h
< -ERR wrong number of arguments for 'hscan' command
> HSCAN h 0 COUNT abc
< -ERR value is not an integer or out of range
> HSCAN h 0 NONSENSE 1
< -ERR syntax error
