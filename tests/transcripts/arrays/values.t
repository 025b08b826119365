# Arrays: values in and out, and deleted. After the documentation of Redis 8.8 and, for refusals, its sources; no peer knows the commands.

== set and get
only: redstart
> ARSET a 0 hello
< :1
> ARGET a 0
< "hello"
> ARSET a 2 a b c
< :3
> ARGET a 2
< "a"
> ARGET a 4
< "c"
> ARGET a 1
< (nil)
> ARGET a 999
< (nil)
> ARGET missing 0
< (nil)
> ARSET a 1 x y
< :1
> ARGETRANGE a 0 4
< ["hello" "x" "y" "b" "c"]
> ARLEN a
< :5
> ARCOUNT a
< :5
> ARLEN missing
< :0
> ARCOUNT missing
< :0

== several indices at once
only: redstart
> ARMSET a 0 alpha 5 beta 100 gamma
< :3
> ARMGET a 0 5 100 999
< ["alpha" "beta" "gamma" (nil)]
> ARMGET a 5 5
< ["beta" "beta"]
> ARMGET missing 0 1
< [(nil) (nil)]
> ARMSET a 0 other 7 new 7 newer
< :1
> ARMGET a 0 7
< ["other" "newer"]
> ARLEN a
< :101
> ARCOUNT a
< :4

== values keep their bytes
only: redstart
> ARSET a 0 1 01 -5 1.5 1.50 -0 9223372036854775807 "\x00\xff" "" "long enough for a place of its own"
< :10
> ARGETRANGE a 0 9
< ["1" "01" "-5" "1.5" "1.50" "-0" "9223372036854775807" "\x00\xff" "" "long enough for a place of its own"]
> ARCOUNT a
< :10

== deleted indices
only: redstart
> ARSET a 0 a b c d
< :4
> ARDEL a 1 2 9
< :2
> ARDEL a 1 1
< :0
> ARLEN a
< :4
> ARDEL a 3
< :1
> ARLEN a
< :1
> ARDEL a 0 0
< :1
> EXISTS a
< :0
> ARDEL a 0
< :0

== deleted ranges
only: redstart
> ARSET a 0 a b c d e f
< :6
> ARSET a 1000000000 z
< :1
> ARDELRANGE a 1 2 5 4
< :4
> ARSCAN a 0 18446744073709551614
< [[:0 "a"] [:3 "d"] [:1000000000 "z"]]
> ARDELRANGE a 1 2
< :0
> ARDELRANGE a 4 18446744073709551614 0 0
< :2
> ARDELRANGE a 18446744073709551614 0
< :1
> EXISTS a
< :0
> ARDELRANGE a 0 1
< :0

== refusals
only: redstart
> ARSET a x v
< -ERR invalid array index
> ARSET a -1 v
< -ERR invalid array index
> ARSET a 18446744073709551615 v
< -ERR invalid array index
> ARSET a 18446744073709551614 v w
< -ERR array index overflow
> ARSET a 18446744073709551613 v w x
< -ERR array index overflow
> EXISTS a
< :0
> ARSET a 0
< -ERR wrong number of arguments for 'arset' command
> ARMSET a 0 v 1
< -ERR wrong number of arguments for 'armset' command
> ARMSET a 0 v x w
< -ERR invalid array index
> EXISTS a
< :0
> ARGET a x
< -ERR invalid array index
> ARMGET a 0 18446744073709551615
< -ERR invalid array index
> ARDEL a 0 x
< -ERR invalid array index
> ARDELRANGE a 0
< -ERR wrong number of arguments for 'ardelrange' command
> ARDELRANGE a 0 1 2
< -ERR wrong number of arguments for 'ardelrange' command
> ARDELRANGE a 0 x
< -ERR invalid array index
> SET s x
< +OK
> ARSET s 0 v
< -WRONGTYPE Operation against a key holding the wrong kind of value
> ARSET s x v
< -ERR invalid array index
> ARGET s x
< -WRONGTYPE Operation against a key holding the wrong kind of value
> ARMGET s x
< -WRONGTYPE Operation against a key holding the wrong kind of value
> ARMSET s 0 v
< -WRONGTYPE Operation against a key holding the wrong kind of value
> ARDEL s 0
< -WRONGTYPE Operation against a key holding the wrong kind of value
> ARDELRANGE s 0 1
< -WRONGTYPE Operation against a key holding the wrong kind of value
> ARLEN s
< -WRONGTYPE Operation against a key holding the wrong kind of value
> ARCOUNT s
< -WRONGTYPE Operation against a key holding the wrong kind of value
> ARSET a 0 v
< :1
> GET a
< -WRONGTYPE Operation against a key holding the wrong kind of value
