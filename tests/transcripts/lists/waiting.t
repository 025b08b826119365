# Commands that wait for elements.

== at once where there is something
> RPUSH a 1 2 3
< :3
> BLPOP missing a 0
< ["a" "1"]
> BRPOP a missing 1
< ["a" "3"]
> BLMPOP 1 2 missing a LEFT COUNT 5
< ["a" ["2"]]
> RPUSH a 1 2
< :2
> BLMOVE a b LEFT RIGHT 0
< "1"
> BRPOPLPUSH a b 0
< "2"
> LRANGE b 0 -1
< ["2" "1"]

== until something comes
b> BLPOP l m 0
b< (silent)
> RPUSH m x y
< :2
b< ["m" "x"]
> LRANGE m 0 -1
< ["y"]
b> BLMPOP 0 1 l RIGHT COUNT 2
b< (silent)
> RPUSH l 1 2 3
< :3
b< ["l" ["3" "2"]]
> LRANGE l 0 -1
< ["1"]

== a move that waits serves who waits for its destination
b> BLMOVE src dst LEFT RIGHT 0
b< (silent)
c> BRPOP dst 0
c< (silent)
> RPUSH src one
< :1
b< "one"
c< ["dst" "one"]
> EXISTS src dst
< :0

== first come, first served
b> BLPOP l 0
b< (silent)
sleep: 50
c> BLPOP l 0
c< (silent)
> RPUSH l 1 2 3
< :3
b< ["l" "1"]
c< ["l" "2"]
> LRANGE l 0 -1
< ["3"]

== in vain
b> BLPOP l 0.05
b< (nil-array)
b> BLMOVE l m LEFT LEFT 0.05
b< (nil-array)
b> BRPOPLPUSH l m 0.05
b< (nil-array)
b> BLMPOP 0.05 1 l LEFT
b< (nil-array)

== renamed, copied and swapped into place
b> BLPOP l 0
b< (silent)
> RPUSH other a
< :1
> RENAME other l
< +OK
b< ["l" "a"]
b> BLPOP l 0
b< (silent)
> RPUSH other b
< :1
> COPY other l
< :1
b< ["l" "b"]

== a destination of another type is found once it matters
> SET s v
< +OK
b> BLMOVE l s LEFT LEFT 0
b< (silent)
> RPUSH l 1
< :1
b< -WRONGTYPE Operation against a key holding the wrong kind of value
> LRANGE l 0 -1
< ["1"]

== refused
> SET s v
< +OK
> BLPOP s 0
< -WRONGTYPE Operation against a key holding the wrong kind of value
> BLPOP l abc
< -ERR timeout is not a float or out of range
> BLPOP l -1
< -ERR timeout is negative
> BLPOP l inf
< -ERR timeout is out of range
> BLPOP l 9223372036854775807
< -ERR timeout is out of range
> BLPOP l
< -ERR wrong number of arguments for 'blpop' command
> BLMOVE l m LEFT LEFT abc
< -ERR timeout is not a float or out of range
> BLMOVE l m UP LEFT abc
< -ERR syntax error
> BRPOPLPUSH l m -1
< -ERR timeout is negative
> BLMPOP -1 1 l LEFT
< -ERR timeout is negative
> BLMPOP abc 1 l UP
< -ERR syntax error
> BLMPOP 0 0 l LEFT
< -ERR numkeys should be greater than 0
> BLMPOP 0 1 s LEFT
< -WRONGTYPE Operation against a key holding the wrong kind of value

== so many elements, once they are there
only: redstart
> RPUSH l 1
< :1
b> BLMOVEM l m LEFT RIGHT 0 EXACTLY 3 BULK
b< (silent)
> RPUSH l 2
< :2
> LLEN l
< :2
> LINSERT l AFTER 2 3
< :3
b< ["1" "2" "3"]
> EXISTS l
< :0
> LRANGE m 0 -1
< ["1" "2" "3"]
b> BLMOVEM l m LEFT LEFT 0 COUNT 2 OBO
b< (silent)
> RPUSH l a b c
< :3
b< ["b" "a"]
> LRANGE m 0 -1
< ["b" "a" "1" "2" "3"]
b> BLMOVEM l m LEFT LEFT 0.05 EXACTLY 2 OBO
b< (nil-array)
> BLMOVEM l m LEFT LEFT abc
< -ERR timeout is not a float or out of range
> BLMOVEM l m LEFT LEFT 0 COUNT 1
< -ERR syntax error
