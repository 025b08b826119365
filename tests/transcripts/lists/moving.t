# Elements moved between lists, and taken from the first of several.

== from end to end
> RPUSH a 1 2 3
< :3
> LMOVE a b LEFT LEFT
< "1"
> LMOVE a b right left
< "3"
> LMOVE a b LEFT RIGHT
< "2"
> EXISTS a
< :0
> LRANGE b 0 -1
< ["3" "1" "2"]
> LMOVE a b LEFT LEFT
< (nil)
> LMOVE a b UP LEFT
< -ERR syntax error
> LMOVE a b LEFT DOWN
< -ERR syntax error
> LMOVE a b LEFT
< -ERR wrong number of arguments for 'lmove' command
> RPOPLPUSH b a
< "2"
> RPOPLPUSH b b
< "1"
> LRANGE b 0 -1
< ["1" "3"]
> RPOPLPUSH missing b
< (nil)

== within a list
> RPUSH l 1
< :1
> LMOVE l l LEFT RIGHT
< "1"
> LMOVE l l RIGHT RIGHT
< "1"
> RPUSH l 2 3
< :3
> LMOVE l l LEFT RIGHT
< "1"
> LMOVE l l RIGHT LEFT
< "1"
> LMOVE l l RIGHT LEFT
< "3"
> LMOVE l l LEFT LEFT
< "3"
> LRANGE l 0 -1
< ["3" "1" "2"]

== from the first that is there
> RPUSH a 1 2 3 4
< :4
> RPUSH b x y
< :2
> LMPOP 2 missing a LEFT
< ["a" ["1"]]
> LMPOP 2 a b RIGHT COUNT 2
< ["a" ["4" "3"]]
> LMPOP 3 missing a b LEFT COUNT 10
< ["a" ["2"]]
> LMPOP 3 missing a b RIGHT COUNT 9223372036854775807
< ["b" ["y" "x"]]
> LMPOP 2 a b LEFT
< (nil-array)
> LMPOP 0 a LEFT
< -ERR numkeys should be greater than 0
> LMPOP -1 a LEFT
< -ERR numkeys should be greater than 0
> LMPOP abc a LEFT
< -ERR numkeys should be greater than 0
> LMPOP 2 a LEFT
< -ERR syntax error
> LMPOP 1 a UP
< -ERR syntax error
> LMPOP 1 a LEFT COUNT 0
< -ERR count should be greater than 0
> LMPOP 1 a LEFT COUNT abc
< -ERR count should be greater than 0
> LMPOP 1 a LEFT COUNT
< -ERR syntax error
> LMPOP 1 a LEFT COUNT 1 COUNT 2
< -ERR syntax error
> LMPOP 1 a LEFT COUNT 0 COUNT 2
< -ERR count should be greater than 0
> LMPOP 1 a LEFT nonsense 1
< -ERR syntax error
> SET s v
< +OK
> LMPOP 2 missing s LEFT
< -WRONGTYPE Operation against a key holding the wrong kind of value
> LMPOP 2 s a LEFT
< -WRONGTYPE Operation against a key holding the wrong kind of value

== several at once, one by one
only: redstart
> RPUSH a 1 2 3 4
< :4
> RPUSH b 5 6 7
< :3
> LMOVEM a b LEFT LEFT COUNT 2 OBO
< ["2" "1"]
> LRANGE b 0 -1
< ["2" "1" "5" "6" "7"]
> LMOVEM a b RIGHT RIGHT COUNT 9 OBO
< ["4" "3"]
> LRANGE b 0 -1
< ["2" "1" "5" "6" "7" "4" "3"]
> EXISTS a
< :0
> LMOVEM b a LEFT RIGHT EXACTLY 3 OBO
< ["2" "1" "5"]
> LMOVEM b a RIGHT LEFT
< ["3"]
> LRANGE a 0 -1
< ["3" "2" "1" "5"]

== several at once, in one piece
only: redstart
> RPUSH a 1 2 3 4
< :4
> RPUSH b 5 6 7
< :3
> LMOVEM a b LEFT LEFT COUNT 2 BULK
< ["1" "2"]
> LRANGE b 0 -1
< ["1" "2" "5" "6" "7"]
> LMOVEM a b RIGHT RIGHT EXACTLY 2 BULK
< ["3" "4"]
> LRANGE b 0 -1
< ["1" "2" "5" "6" "7" "3" "4"]
> LMOVEM b a RIGHT LEFT COUNT 3 BULK
< ["7" "3" "4"]
> LMOVEM b a LEFT RIGHT COUNT 3 BULK
< ["1" "2" "5"]
> LRANGE a 0 -1
< ["7" "3" "4" "1" "2" "5"]

== exactly so many, or none
only: redstart
> RPUSH a 1 2
< :2
> LMOVEM a b LEFT LEFT EXACTLY 3 BULK
< (nil-array)
> LMOVEM missing b LEFT LEFT
< (nil-array)
> LMOVEM missing b LEFT LEFT COUNT 1 OBO
< (nil-array)
> LRANGE a 0 -1
< ["1" "2"]
> EXISTS b
< :0

== several within a list
only: redstart
> RPUSH l 1 2 3 4
< :4
> LMOVEM l l LEFT RIGHT COUNT 2 OBO
< ["1" "2"]
> LRANGE l 0 -1
< ["3" "4" "1" "2"]
> LMOVEM l l LEFT LEFT COUNT 2 BULK
< ["3" "4"]
> LRANGE l 0 -1
< ["3" "4" "1" "2"]
> LMOVEM l l LEFT LEFT COUNT 9 OBO
< ["2" "1" "4" "3"]
> LRANGE l 0 -1
< ["2" "1" "4" "3"]

== refused
only: redstart
> RPUSH a 1 2
< :2
> LMOVEM a b LEFT LEFT COUNT 1
< -ERR syntax error
> LMOVEM a b LEFT LEFT COUNT 1 SIDEWAYS
< -ERR syntax error
> LMOVEM a b LEFT LEFT ABOUT 1 OBO
< -ERR syntax error
> LMOVEM a b LEFT LEFT COUNT 0 OBO
< -ERR count should be greater than 0
> LMOVEM a b LEFT LEFT COUNT abc OBO
< -ERR count should be greater than 0
> LMOVEM a b UP LEFT
< -ERR syntax error
> LMOVEM a b LEFT
< -ERR wrong number of arguments for 'lmovem' command
> SET s v
< +OK
> LMOVEM a s LEFT LEFT
< -WRONGTYPE Operation against a key holding the wrong kind of value
> LMOVEM s a LEFT LEFT
< -WRONGTYPE Operation against a key holding the wrong kind of value
> LRANGE a 0 -1
< ["1" "2"]
