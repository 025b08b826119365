# Lists: what is refused leaves the key as it was; numbers at their ends.

== wrong types
> SET s text
< +OK
> HSET h f v
< :1
> LPUSH s a
< -WRONGTYPE Operation against a key holding the wrong kind of value
> RPUSH s a
< -WRONGTYPE Operation against a key holding the wrong kind of value
> LPUSHX s a
< -WRONGTYPE Operation against a key holding the wrong kind of value
> RPUSHX h a
< -WRONGTYPE Operation against a key holding the wrong kind of value
> LPOP s
< -WRONGTYPE Operation against a key holding the wrong kind of value
> RPOP s 2
< -WRONGTYPE Operation against a key holding the wrong kind of value
> LPOP s 0
< -WRONGTYPE Operation against a key holding the wrong kind of value
> LPOP s -1
< -ERR value is out of range, must be positive
> LLEN s
< -WRONGTYPE Operation against a key holding the wrong kind of value
> LINDEX s 0
< -WRONGTYPE Operation against a key holding the wrong kind of value
> LINDEX s abc
< -WRONGTYPE Operation against a key holding the wrong kind of value
> LSET s 0 a
< -WRONGTYPE Operation against a key holding the wrong kind of value
> LSET s abc a
< -WRONGTYPE Operation against a key holding the wrong kind of value
> LRANGE s 0 -1
< -WRONGTYPE Operation against a key holding the wrong kind of value
> LRANGE s a b
< -ERR value is not an integer or out of range
> LTRIM s 0 1
< -WRONGTYPE Operation against a key holding the wrong kind of value
> LTRIM s a 1
< -ERR value is not an integer or out of range
> LREM s 0 a
< -WRONGTYPE Operation against a key holding the wrong kind of value
> LREM s x a
< -ERR value is not an integer or out of range
> LINSERT s BEFORE a b
< -WRONGTYPE Operation against a key holding the wrong kind of value
> LINSERT s NOPE a b
< -ERR syntax error
> LPOS s a
< -WRONGTYPE Operation against a key holding the wrong kind of value
> LPOS s a RANK 0
< -ERR RANK can't be zero: use 1 to start from the first match, 2 from the second ... or use negative to start from the end of the list
> LMOVE s d LEFT RIGHT
< -WRONGTYPE Operation against a key holding the wrong kind of value
> RPOPLPUSH s d
< -WRONGTYPE Operation against a key holding the wrong kind of value
> LMPOP 1 s LEFT
< -WRONGTYPE Operation against a key holding the wrong kind of value
> LMPOP 2 missing s LEFT
< -WRONGTYPE Operation against a key holding the wrong kind of value
> BLPOP s 1
< -WRONGTYPE Operation against a key holding the wrong kind of value
> BRPOP missing s 1
< -WRONGTYPE Operation against a key holding the wrong kind of value
> BLMOVE s d LEFT LEFT 1
< -WRONGTYPE Operation against a key holding the wrong kind of value
> BRPOPLPUSH s d 1
< -WRONGTYPE Operation against a key holding the wrong kind of value
> BLMPOP 1 1 s LEFT
< -WRONGTYPE Operation against a key holding the wrong kind of value
> RPUSH l a b
< :2
> LMOVE l s LEFT RIGHT
< -WRONGTYPE Operation against a key holding the wrong kind of value
> RPOPLPUSH l h
< -WRONGTYPE Operation against a key holding the wrong kind of value
> BLMOVE l s LEFT RIGHT 1
< -WRONGTYPE Operation against a key holding the wrong kind of value
> LRANGE l 0 -1
< ["a" "b"]
> GET s
< "text"
> HGETALL h
< {"f": "v"}
> EXISTS d
< :0

== indexes and ranges at their ends
> RPUSH l a b c
< :3
> LINDEX l 9223372036854775807
< (nil)
> LINDEX l -9223372036854775808
< (nil)
> LINDEX l 9223372036854775808
< -ERR value is not an integer or out of range
> LINDEX l -9223372036854775809
< -ERR value is not an integer or out of range
> LINDEX l 4294967296
< (nil)
> LINDEX l 1.0
< -ERR value is not an integer or out of range
> LINDEX l ""
< -ERR value is not an integer or out of range
> LINDEX l " 1"
< -ERR value is not an integer or out of range
> LINDEX l -0
< -ERR value is not an integer or out of range
> LINDEX l 00
< -ERR value is not an integer or out of range
> LINDEX missing abc
< (nil)
> LRANGE l 9223372036854775807 9223372036854775807
< []
> LRANGE l -9223372036854775808 9223372036854775807
< ["a" "b" "c"]
> LRANGE l -9223372036854775808 -9223372036854775808
< []
> LRANGE l 9223372036854775807 -9223372036854775808
< []
> LRANGE l -4 0
< ["a"]
> LRANGE l 2 9223372036854775807
< ["c"]
> LRANGE l 9223372036854775808 0
< -ERR value is not an integer or out of range
> LRANGE l 0 abc
< -ERR value is not an integer or out of range
> LRANGE missing a b
< -ERR value is not an integer or out of range
> LSET l 3 x
< -ERR index out of range
> LSET l -4 x
< -ERR index out of range
> LSET l abc x
< -ERR value is not an integer or out of range
> LSET l 1.5 x
< -ERR value is not an integer or out of range
> LSET l 9223372036854775808 x
< -ERR value is not an integer or out of range
> LSET missing 0 x
< -ERR no such key
> LSET missing abc x
< -ERR no such key
> LTRIM l abc 1
< -ERR value is not an integer or out of range
> LTRIM l 0 9223372036854775808
< -ERR value is not an integer or out of range
> LREM l abc a
< -ERR value is not an integer or out of range
> LREM l 9223372036854775808 a
< -ERR value is not an integer or out of range
> LRANGE l 0 -1
< ["a" "b" "c"]
> LREM l -9223372036854775808 nothing
< -ERR value is out of range, value must between -9223372036854775807 and 9223372036854775807
> LREM l 9223372036854775807 nothing
< :0
> LREM missing abc a
< -ERR value is not an integer or out of range
> LTRIM l -9223372036854775808 9223372036854775807
< +OK
> LRANGE l 0 -1
< ["a" "b" "c"]
> LTRIM l 9223372036854775807 9223372036854775807
< +OK
> EXISTS l
< :0

== counts
> RPUSH l a b c
< :3
> LPOP l -1
< -ERR value is out of range, must be positive
> LPOP l abc
< -ERR value is out of range, must be positive
> LPOP l 1.5
< -ERR value is out of range, must be positive
> LPOP l 9223372036854775808
< -ERR value is out of range, must be positive
> LPOP l -9223372036854775808
< -ERR value is out of range, must be positive
> LPOP l ""
< -ERR value is out of range, must be positive
> RPOP l -1
< -ERR value is out of range, must be positive
> RPOP l 1 1
< -ERR wrong number of arguments for 'rpop' command
> LPOP l 0
< []
> LPOP missing 0
< (nil-array)
> LPOP missing -1
< -ERR value is out of range, must be positive
> LPOP missing abc
< -ERR value is out of range, must be positive
> LRANGE l 0 -1
< ["a" "b" "c"]
> LPOP l 9223372036854775807
< ["a" "b" "c"]
> EXISTS l
< :0
> RPUSH l a b c a b c
< :6
> LPOS l a RANK 0
< -ERR RANK can't be zero: use 1 to start from the first match, 2 from the second ... or use negative to start from the end of the list
> LPOS l a RANK abc
< -ERR value is not an integer or out of range
> LPOS l a RANK -9223372036854775808
< -ERR value is out of range, value must between -9223372036854775807 and 9223372036854775807
> LPOS l a RANK -9223372036854775807
< (nil)
> LPOS l a RANK 9223372036854775807
< (nil)
> LPOS l a RANK 9223372036854775808
< -ERR value is not an integer or out of range
> LPOS l a COUNT -1
< -ERR COUNT can't be negative
> LPOS l a COUNT abc
< -ERR COUNT can't be negative
> LPOS l a COUNT 9223372036854775807
< [:0 :3]
> LPOS l a COUNT 9223372036854775808
< -ERR COUNT can't be negative
> LPOS l a MAXLEN -1
< -ERR MAXLEN can't be negative
> LPOS l a MAXLEN abc
< -ERR MAXLEN can't be negative
> LPOS l c MAXLEN 9223372036854775807
< :2
> LPOS l c RANK -1 MAXLEN 1
< :5
> LPOS l a RANK
< -ERR syntax error
> LPOS l a COUNT
< -ERR syntax error
> LPOS l a NOPE 1
< -ERR syntax error
> LPOS l a RANK 1 RANK 2
< :3
> LPOS missing a RANK 0
< -ERR RANK can't be zero: use 1 to start from the first match, 2 from the second ... or use negative to start from the end of the list
> LPOS missing a COUNT 2
< []
> LPOS l
< -ERR wrong number of arguments for 'lpos' command
> LMPOP 0 l LEFT
< -ERR numkeys should be greater than 0
> LMPOP -1 l LEFT
< -ERR numkeys should be greater than 0
> LMPOP abc l LEFT
< -ERR numkeys should be greater than 0
> LMPOP 9223372036854775807 l LEFT
< -ERR syntax error
> LMPOP 9223372036854775808 l LEFT
< -ERR numkeys should be greater than 0
> LMPOP 2 l LEFT
< -ERR syntax error
> LMPOP 1 l NOPE
< -ERR syntax error
> LMPOP 1 l LEFT COUNT 0
< -ERR count should be greater than 0
> LMPOP 1 l LEFT COUNT -1
< -ERR count should be greater than 0
> LMPOP 1 l LEFT COUNT abc
< -ERR count should be greater than 0
> LMPOP 1 l LEFT COUNT
< -ERR syntax error
> LMPOP 1 l LEFT COUNT 1 COUNT 2
< -ERR syntax error
> LMPOP 1 l LEFT NOPE 1
< -ERR syntax error
> LMPOP 1 l
< -ERR wrong number of arguments for 'lmpop' command
> LMPOP 1 missing LEFT COUNT 0
< -ERR count should be greater than 0
> LLEN l
< :6
> LMPOP 1 l RIGHT COUNT 9223372036854775807
< ["l" ["c" "b" "a" "c" "b" "a"]]
> EXISTS l
< :0

== timeouts
> RPUSH l a
< :1
> BLPOP l -1
< -ERR timeout is negative
> BLPOP l abc
< -ERR timeout is not a float or out of range
> BLPOP l ""
< -ERR timeout is not a float or out of range
> BLPOP l nan
< -ERR timeout is not a float or out of range
> BLPOP l inf
< -ERR timeout is out of range
> BLPOP l -inf
< -ERR timeout is negative
> BLPOP l 1e400
< -ERR timeout is out of range
> BLPOP l 9223372036854775807
< -ERR timeout is out of range
> BLPOP l 9223372036854776
< -ERR timeout is out of range
> BLPOP l 1e18
< -ERR timeout is out of range
> BLPOP l -0.5
< -ERR timeout is negative
> BLPOP missing -1
< -ERR timeout is negative
> BRPOP l -1
< -ERR timeout is negative
> BLMOVE l d LEFT RIGHT -1
< -ERR timeout is negative
> BLMOVE l d LEFT RIGHT abc
< -ERR timeout is not a float or out of range
> BLMOVE l d NOPE RIGHT 0
< -ERR syntax error
> BLMOVE l d LEFT NOPE abc
< -ERR syntax error
> BRPOPLPUSH l d -1
< -ERR timeout is negative
> BLMPOP -1 1 l LEFT
< -ERR timeout is negative
> BLMPOP abc 1 l LEFT
< -ERR timeout is not a float or out of range
> BLMPOP 0 0 l LEFT
< -ERR numkeys should be greater than 0
> BLMPOP -1 0 l LEFT
< -ERR numkeys should be greater than 0
> BLMPOP 0 1 l NOPE
< -ERR syntax error
> BLMPOP 0 1 l LEFT COUNT 0
< -ERR count should be greater than 0
> BLPOP l
< -ERR wrong number of arguments for 'blpop' command
> BLPOP
< -ERR wrong number of arguments for 'blpop' command
> LRANGE l 0 -1
< ["a"]
> EXISTS d
< :0
> BLPOP l 0x1
< ["l" "a"]
> RPUSH l a
< :1
> BLPOP l 1e-400
< ["l" "a"]

== moves and insertions
> RPUSH l a b
< :2
> LMOVE l d NOPE RIGHT
< -ERR syntax error
> LMOVE l d LEFT NOPE
< -ERR syntax error
> LMOVE l d LEFT
< -ERR wrong number of arguments for 'lmove' command
> LMOVE missing d LEFT RIGHT
< (nil)
> RPOPLPUSH missing d
< (nil)
> RPOPLPUSH l
< -ERR wrong number of arguments for 'rpoplpush' command
> LINSERT l BEFORE nothing x
< :-1
> LINSERT l NOPE a x
< -ERR syntax error
> LINSERT missing BEFORE a x
< :0
> LINSERT missing NOPE a x
< -ERR syntax error
> LINSERT l BEFORE a
< -ERR wrong number of arguments for 'linsert' command
> LPUSH l
< -ERR wrong number of arguments for 'lpush' command
> RPUSHX missing a
< :0
> LPUSHX l
< -ERR wrong number of arguments for 'lpushx' command
> LRANGE l 0 -1
< ["a" "b"]
> EXISTS d
< :0
