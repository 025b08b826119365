# SORT and SORT_RO: lists, sets and sorted sets in order, by themselves or by other keys.

== numbers and texts
> SORT missing
< []
> RPUSH l 3 10 1 -2 2.5 1e1
< :6
> SORT l
< ["-2" "1" "2.5" "3" "10" "1e1"]
> SORT l ASC
< ["-2" "1" "2.5" "3" "10" "1e1"]
> SORT l DESC
< ["1e1" "10" "3" "2.5" "1" "-2"]
> SORT l desc asc
< ["-2" "1" "2.5" "3" "10" "1e1"]
> SORT l ALPHA
< ["-2" "1" "10" "1e1" "2.5" "3"]
> SORT l ALPHA DESC
< ["3" "2.5" "1e1" "10" "1" "-2"]
> SORT_RO l
< ["-2" "1" "2.5" "3" "10" "1e1"]
> SORT_RO l ALPHA desc
< ["3" "2.5" "1e1" "10" "1" "-2"]
> LRANGE l 0 -1
< ["3" "10" "1" "-2" "2.5" "1e1"]
> RPUSH inf inf 1 -inf 0
< :4
> SORT inf
< ["-inf" "0" "1" "inf"]
> SADD s 3 1 2
< :3
> SORT s DESC
< ["3" "2" "1"]
> ZADD z 3 a 2 b 1 c
< :3
> SORT z ALPHA
< ["a" "b" "c"]
> SORT z ALPHA DESC
< ["c" "b" "a"]
> RPUSH bytes c "" a B
< :4
> SORT bytes ALPHA
< ["" "B" "a" "c"]

== equal weights are in the order of their bytes
> RPUSH l 1.0 1 01 1e0 +1
< :5
> SORT l
< ["+1" "01" "1" "1.0" "1e0"]
> SORT l DESC
< ["1e0" "1.0" "1" "01" "+1"]
> RPUSH same b a c
< :3
> SORT same BY w_*
< ["a" "b" "c"]
> SORT same BY w_* DESC
< ["c" "b" "a"]
> SORT same BY w_* ALPHA
< ["b" "a" "c"]

== what is no number
> RPUSH l 1 two 3
< :3
> SORT l
< -ERR One or more scores can't be converted into double
> SORT_RO l
< -ERR One or more scores can't be converted into double
> SORT l ALPHA
< ["1" "3" "two"]
> RPUSH nan nan
< :1
> SORT nan
< -ERR One or more scores can't be converted into double
> RPUSH space " 1" 2
< :2
> SORT space
< -ERR One or more scores can't be converted into double
> RPUSH tail "1 " 2
< :2
> SORT tail
< -ERR One or more scores can't be converted into double
> RPUSH hex 0x10 2
< :2
> SORT hex
< -ERR One or more scores can't be converted into double
> RPUSH empty "" -1
< :2
> SORT empty
< ["-1" ""]
> RPUSH huge 1e400 1
< :2
> SORT huge
< ["1" "1e400"]
> RPUSH nul "1\x00" 2
< :2
> SORT nul
< ["1\x00" "2"]
> RPUSH wide 9223372036854775807 9223372036854775806 -9223372036854775808
< :3
> SORT wide
< ["-9223372036854775808" "9223372036854775806" "9223372036854775807"]
> RPUSH k 1 2
< :2
> MSET w_1 a w_2 1
< +OK
> SORT k BY w_*
< -ERR One or more scores can't be converted into double
> SORT k BY w_* STORE d
< -ERR One or more scores can't be converted into double
> EXISTS d
< :0
> LRANGE l 0 -1
< ["1" "two" "3"]

== limit
> RPUSH l 5 4 3 2 1
< :5
> SORT l LIMIT 0 2
< ["1" "2"]
> SORT l LIMIT 1 2
< ["2" "3"]
> SORT l LIMIT 4 10
< ["5"]
> SORT l LIMIT 5 1
< []
> SORT l LIMIT 100 1
< []
> SORT l LIMIT 0 0
< []
> SORT l LIMIT 2 -1
< ["3" "4" "5"]
> SORT l LIMIT -2 2
< ["1" "2"]
> SORT l LIMIT -10 -10
< ["1" "2" "3" "4" "5"]
> SORT l LIMIT 0 1 LIMIT 1 2
< ["2" "3"]
> SORT l LIMIT 9223372036854775807 9223372036854775807
< []
> SORT l LIMIT 1 9223372036854775807
< ["2" "3" "4" "5"]
> SORT l LIMIT -9223372036854775808 2
< ["1" "2"]
> SORT l LIMIT 1
< -ERR syntax error
> SORT l LIMIT a 1
< -ERR value is not an integer or out of range
> SORT l LIMIT 0 b
< -ERR value is not an integer or out of range
> SORT l LIMIT 9223372036854775808 1
< -ERR value is not an integer or out of range
> SORT l LIMIT 0 1 DESC
< ["5"]
> SORT missing LIMIT 0 1
< []

== by other keys
> RPUSH l 1 2 3 4
< :4
> MSET w_1 30 w_2 10 w_3 20
< +OK
> SORT l BY w_*
< ["4" "2" "3" "1"]
> SORT l BY w_* DESC
< ["1" "3" "2" "4"]
> MSET x1y c x2y b x3y a
< +OK
> SORT l BY x*y ALPHA
< ["4" "3" "2" "1"]
> SORT l BY x*y
< -ERR One or more scores can't be converted into double
> HSET h1 f 3 g b
< :2
> HSET h2 f 1 g a
< :2
> HSET h3 f 2
< :1
> SORT l BY h*->f
< ["4" "2" "3" "1"]
> SORT l BY h*->g ALPHA
< ["3" "4" "2" "1"]
> SORT l BY h*->nothing
< ["1" "2" "3" "4"]
> SORT l BY nothing_*
< ["1" "2" "3" "4"]
> SORT l BY *
< ["1" "2" "3" "4"]
> SORT l BY #
< ["1" "2" "3" "4"]
> SORT l BY w_* BY nosort
< ["1" "2" "3" "4"]
> SORT l BY nosort BY w_*
< ["1" "2" "3" "4"]
> HSET w_4 f 1
< :1
> SORT l BY w_*
< ["4" "2" "3" "1"]
> SORT l BY w_*->f
< ["1" "2" "3" "4"]
> SORT l BY h*->
< ["1" "2" "3" "4"]
> SORT l BY h**
< ["1" "2" "3" "4"]
> MSET h1* 2 h2* 1
< +OK
> SORT l BY h**
< ["3" "4" "2" "1"]
> SORT_RO l BY w_* LIMIT 0 1 GET #
< ["4"]

== get
> RPUSH l 2 1 3
< :3
> MSET v_1 one v_2 two
< +OK
> SORT l GET v_*
< ["one" "two" (nil)]
> SORT l GET # GET v_*
< ["1" "one" "2" "two" "3" (nil)]
> SORT l GET v_* GET # GET missing_*
< ["one" "1" (nil) "two" "2" (nil) (nil) "3" (nil)]
> SORT l GET nostar
< [(nil) (nil) (nil)]
> SORT l GET *
< [(nil) (nil) (nil)]
> MSET 1 selfone
< +OK
> SORT l GET *
< ["selfone" (nil) (nil)]
> HSET h_1 f hone
< :1
> HSET h_2 g htwo
< :1
> SORT l GET h_*->f
< ["hone" (nil) (nil)]
> SORT l GET h_*->g GET h_*->f
< [(nil) "hone" "htwo" (nil) (nil) (nil)]
> SORT l GET h_*
< [(nil) (nil) (nil)]
> SORT l GET h_*->
< [(nil) (nil) (nil)]
> SORT l GET v_*->f
< [(nil) (nil) (nil)]
> RPUSH v_3 x
< :1
> SORT l GET v_*
< ["one" "two" (nil)]
> SET v_3 42
< +OK
> SORT l GET v_*
< ["one" "two" "42"]
> SORT l GET v_* DESC LIMIT 0 1
< ["42"]
> SORT l BY nosort GET #
< ["2" "1" "3"]
> SORT_RO l GET # GET v_*
< ["1" "one" "2" "two" "3" "42"]
> SORT missing GET #
< []

== nosort keeps the order
> RPUSH l b a c
< :3
> SORT l BY nosort
< ["b" "a" "c"]
> SORT l BY nosort DESC
< ["c" "a" "b"]
> SORT l BY nosort LIMIT 1 1
< ["a"]
> SORT l BY nosort LIMIT 1 5 DESC
< ["a" "b"]
> ZADD z 1 x 2 y 3 a 4 b
< :4
> SORT z BY nosort
< ["x" "y" "a" "b"]
> SORT z BY nosort DESC
< ["b" "a" "y" "x"]
> SORT z BY nosort LIMIT 1 2
< ["y" "a"]
> SORT z BY nosort DESC LIMIT 1 2
< ["a" "y"]
> SORT z BY nosort LIMIT 10 2
< []
> SORT z BY nosort LIMIT 2 -1
< ["a" "b"]
> SORT z BY nosort DESC LIMIT -1 2
< ["b" "a"]
> SORT z BY nosort STORE d
< :4
> LRANGE d 0 -1
< ["x" "y" "a" "b"]
> SADD s b a c
< :3
> SORT s BY nosort
< ["b" "a" "c"]
> SORT s BY nosort STORE d
< :3
> LRANGE d 0 -1
< ["a" "b" "c"]
> SORT s BY nosort DESC STORE d
< :3
> LRANGE d 0 -1
< ["c" "b" "a"]
> SORT s BY nosort LIMIT 0 2 STORE d
< :2
> LRANGE d 0 -1
< ["a" "b"]
> SADD n 3 1 2
< :3
> SORT n BY nosort GET # STORE d
< :3
> LRANGE d 0 -1
< ["1" "2" "3"]

== store
> RPUSH l 3 1 2
< :3
> SORT l STORE d
< :3
> TYPE d
< +list
> LRANGE d 0 -1
< ["1" "2" "3"]
> OBJECT ENCODING d
< "listpack"
> SORT l DESC STORE l
< :3
> LRANGE l 0 -1
< ["3" "2" "1"]
> SET v_1 one
< +OK
> SORT l GET v_* STORE d
< :3
> LRANGE d 0 -1
< ["one" "" ""]
> SET text x EX 100
< +OK
> SORT l STORE text
< :3
> TYPE text
< +list
> TTL text
< :-1
> HSET h f v
< :1
> SORT l STORE h
< :3
> LRANGE h 0 -1
< ["1" "2" "3"]
> SADD s 2 1
< :2
> SORT s STORE s
< :2
> TYPE s
< +list
> ZADD z 1 5 2 4
< :2
> SORT z STORE z
< :2
> LRANGE z 0 -1
< ["4" "5"]
> XADD x 1-1 f v
< "1-1"
> SORT l STORE x LIMIT 0 1
< :1
> LRANGE x 0 -1
< ["1"]
> SORT missing STORE d
< :0
> EXISTS d
< :0
> SORT l STORE other LIMIT 10 1
< :0
> EXISTS other
< :0
> SORT l STORE a STORE b
< :3
> EXISTS a b
< :1
> RPUSH bad x y
< :2
> SET keep kept
< +OK
> SORT bad STORE keep
< -ERR One or more scores can't be converted into double
> GET keep
< "kept"
> SORT missing STORE missing
< :0

== wrong types and wrong words
> SET str 1
< +OK
> HSET h f v
< :1
> XADD x 1-1 f v
< "1-1"
> SORT str
< -WRONGTYPE Operation against a key holding the wrong kind of value
> SORT h
< -WRONGTYPE Operation against a key holding the wrong kind of value
> SORT x
< -WRONGTYPE Operation against a key holding the wrong kind of value
> SORT_RO str
< -WRONGTYPE Operation against a key holding the wrong kind of value
> SORT str STORE d
< -WRONGTYPE Operation against a key holding the wrong kind of value
> SORT
< -ERR wrong number of arguments for 'sort' command
> SORT_RO
< -ERR wrong number of arguments for 'sort_ro' command
> SORT l NOPE
< -ERR syntax error
> SORT l BY
< -ERR syntax error
> SORT l GET
< -ERR syntax error
> SORT l STORE
< -ERR syntax error
> SORT l LIMIT
< -ERR syntax error
> SORT l LIMIT 0
< -ERR syntax error
> SORT_RO l STORE d
< -ERR syntax error
> SORT_RO str STORE d
< -ERR syntax error
> SORT str LIMIT x y
< -ERR value is not an integer or out of range
> SORT str NOPE
< -ERR syntax error
> GET str
< "1"
> EXISTS d
< :0

# Redis compares in its locale, which ends at a zero byte, unless the answer is stored.
== texts are compared to their ends
> RPUSH bytes "b\x00z" "b\x00a" b
< :3
> SORT bytes ALPHA STORE d
< :3
> LRANGE d 0 -1
< ["b" "b\x00a" "b\x00z"]

== also where they are shown
only: redstart
> RPUSH bytes "b\x00z" "b\x00a" b
< :3
> SORT bytes ALPHA
< ["b" "b\x00a" "b\x00z"]
