# Lists: elements in and out at the ends, read and changed in the middle.

== pushed and popped
> RPUSH l a b c
< :3
> LPUSH l z y
< :5
> LRANGE l 0 -1
< ["y" "z" "a" "b" "c"]
> LLEN l
< :5
> LPOP l
< "y"
> RPOP l
< "c"
> LPOP l 2
< ["z" "a"]
> LPOP l 0
< []
> RPOP l 10
< ["b"]
> EXISTS l
< :0
> LPOP l
< (nil)
> LPOP l 1
< (nil-array)
> RPOP l 0
< (nil-array)
> LLEN l
< :0
> LPUSH l
< -ERR wrong number of arguments for 'lpush' command
> LPOP
< -ERR wrong number of arguments for 'lpop' command
> LPOP l 1 2
< -ERR wrong number of arguments for 'lpop' command
> LPOP l -1
< -ERR value is out of range, must be positive
> LPOP l abc
< -ERR value is out of range, must be positive
> LPOP l 9223372036854775808
< -ERR value is out of range, must be positive
> RPOP l -9223372036854775808
< -ERR value is out of range, must be positive

== only where there is a list
> LPUSHX l a
< :0
> RPUSHX l a
< :0
> EXISTS l
< :0
> RPUSH l 1
< :1
> RPUSHX l 2 3
< :3
> LPUSHX l 0 -1
< :5
> LRANGE l 0 -1
< ["-1" "0" "1" "2" "3"]

== what elements may be
> RPUSH l "" "\x00\r\n\xff" 12345678901234567890 9223372036854775807 -9223372036854775808 007 +1 -0 1.0
< :9
> LRANGE l 0 -1
< ["" "\x00\r\n\xff" "12345678901234567890" "9223372036854775807" "-9223372036854775808" "007" "+1" "-0" "1.0"]
> LPOS l 9223372036854775807
< :3
> LPOS l 7
< (nil)
> LPOS l 007
< :5
> LPOS l ""
< :0

== ranges
> RPUSH l a b c d e
< :5
> LRANGE l 0 0
< ["a"]
> LRANGE l 1 3
< ["b" "c" "d"]
> LRANGE l -3 -2
< ["c" "d"]
> LRANGE l -100 100
< ["a" "b" "c" "d" "e"]
> LRANGE l 3 1
< []
> LRANGE l 5 9
< []
> LRANGE l 0 -6
< []
> LRANGE l -9223372036854775808 9223372036854775807
< ["a" "b" "c" "d" "e"]
> LRANGE missing 0 -1
< []
> LRANGE missing a b
< -ERR value is not an integer or out of range
> LRANGE l a 1
< -ERR value is not an integer or out of range
> LRANGE l 0 1.5
< -ERR value is not an integer or out of range

== by index
> RPUSH l a b c
< :3
> LINDEX l 0
< "a"
> LINDEX l -1
< "c"
> LINDEX l 2
< "c"
> LINDEX l 3
< (nil)
> LINDEX l -4
< (nil)
> LINDEX l 9223372036854775807
< (nil)
> LINDEX l -9223372036854775808
< (nil)
> LINDEX l abc
< -ERR value is not an integer or out of range
> LINDEX missing abc
< (nil)
> LSET l 1 B
< +OK
> LSET l -1 C
< +OK
> LSET l 0 12
< +OK
> LRANGE l 0 -1
< ["12" "B" "C"]
> LSET l 3 x
< -ERR index out of range
> LSET l -4 x
< -ERR index out of range
> LSET l abc x
< -ERR value is not an integer or out of range
> LSET missing abc x
< -ERR no such key
> LSET missing 0 x
< -ERR no such key

== inserted
> RPUSH l a b c b
< :4
> LINSERT l BEFORE b x
< :5
> LINSERT l after b y
< :6
> LRANGE l 0 -1
< ["a" "x" "b" "y" "c" "b"]
> LINSERT l BEFORE missing x
< :-1
> LINSERT missing BEFORE a x
< :0
> LINSERT l BESIDE a x
< -ERR syntax error
> LINSERT missing BESIDE a x
< -ERR syntax error
> LINSERT l BEFORE a
< -ERR wrong number of arguments for 'linsert' command

== removed by value
> RPUSH l a b a c a 1 01 1
< :8
> LREM l 1 a
< :1
> LREM l -1 a
< :1
> LRANGE l 0 -1
< ["b" "a" "c" "1" "01" "1"]
> LREM l 0 1
< :2
> LREM l 5 missing
< :0
> LREM l abc a
< -ERR value is not an integer or out of range
> LREM l -9223372036854775808 a
< -ERR value is out of range, value must between -9223372036854775807 and 9223372036854775807
> LREM l 9223372036854775807 a
< :1
> LREM l 0 b
< :1
> LREM l 0 c
< :1
> LREM l 0 01
< :1
> EXISTS l
< :0
> LREM l 0 x
< :0

== trimmed
> RPUSH l a b c d e f
< :6
> LTRIM l 1 -2
< +OK
> LRANGE l 0 -1
< ["b" "c" "d" "e"]
> LTRIM l -100 100
< +OK
> LTRIM l -2 -1
< +OK
> LRANGE l 0 -1
< ["d" "e"]
> LTRIM l 2 5
< +OK
> EXISTS l
< :0
> LTRIM l 0 -1
< +OK
> LTRIM l a 1
< -ERR value is not an integer or out of range

== positions
> RPUSH l a b c 1 2 3 c c
< :8
> LPOS l c
< :2
> LPOS l c RANK 2
< :6
> LPOS l c RANK -1
< :7
> LPOS l c RANK -3
< :2
> LPOS l c RANK 4
< (nil)
> LPOS l c COUNT 2
< [:2 :6]
> LPOS l c COUNT 0
< [:2 :6 :7]
> LPOS l c RANK -1 COUNT 2
< [:7 :6]
> LPOS l c COUNT 0 MAXLEN 3
< [:2]
> LPOS l c RANK -1 MAXLEN 1 COUNT 0
< [:7]
> LPOS l c MAXLEN 2
< (nil)
> LPOS l 2
< :4
> LPOS l missing
< (nil)
> LPOS l missing COUNT 1
< []
> LPOS missing a
< (nil)
> LPOS missing a COUNT 1
< []
> LPOS l c RANK 0
< -ERR RANK can't be zero: use 1 to start from the first match, 2 from the second ... or use negative to start from the end of the list
> LPOS l c RANK -9223372036854775808
< -ERR value is out of range, value must between -9223372036854775807 and 9223372036854775807
> LPOS l c RANK abc
< -ERR value is not an integer or out of range
> LPOS l c COUNT -1
< -ERR COUNT can't be negative
> LPOS l c COUNT abc
< -ERR COUNT can't be negative
> LPOS l c MAXLEN -1
< -ERR MAXLEN can't be negative
> LPOS l c RANK
< -ERR syntax error
> LPOS l c NONSENSE 1
< -ERR syntax error
> LPOS l c RANK 1 RANK 2 COUNT 1 COUNT 5
< [:6 :7]

== another type
> SET s v
< +OK
> LPUSH s a
< -WRONGTYPE Operation against a key holding the wrong kind of value
> RPUSHX s a
< -WRONGTYPE Operation against a key holding the wrong kind of value
> LPOP s
< -WRONGTYPE Operation against a key holding the wrong kind of value
> LPOP s 0
< -WRONGTYPE Operation against a key holding the wrong kind of value
> LLEN s
< -WRONGTYPE Operation against a key holding the wrong kind of value
> LRANGE s 0 -1
< -WRONGTYPE Operation against a key holding the wrong kind of value
> LINDEX s abc
< -WRONGTYPE Operation against a key holding the wrong kind of value
> LSET s abc x
< -WRONGTYPE Operation against a key holding the wrong kind of value
> LINSERT s BEFORE a b
< -WRONGTYPE Operation against a key holding the wrong kind of value
> LREM s 0 a
< -WRONGTYPE Operation against a key holding the wrong kind of value
> LTRIM s 0 -1
< -WRONGTYPE Operation against a key holding the wrong kind of value
> LPOS s a
< -WRONGTYPE Operation against a key holding the wrong kind of value
> LMOVE s other LEFT LEFT
< -WRONGTYPE Operation against a key holding the wrong kind of value
> LMPOP 1 s LEFT
< -WRONGTYPE Operation against a key holding the wrong kind of value
> RPUSH l a
< :1
> LMOVE l s LEFT LEFT
< -WRONGTYPE Operation against a key holding the wrong kind of value
> LRANGE l 0 -1
< ["a"]
> GET l
< -WRONGTYPE Operation against a key holding the wrong kind of value
> HGET l f
< -WRONGTYPE Operation against a key holding the wrong kind of value

== keeps what a key has
> RPUSH l a b c
< :3
> PEXPIREAT l 4102444800000
< :1
> RPUSH l d
< :4
> LPOP l
< "a"
> LSET l 0 x
< +OK
> LINSERT l BEFORE x y
< :4
> LMOVE l l LEFT RIGHT
< "y"
> PEXPIRETIME l
< :4102444800000
> COPY l other
< :1
> PEXPIRETIME other
< :4102444800000
> LRANGE other 0 -1
< ["x" "c" "d" "y"]
> TYPE l
< +list
> SCAN 0 TYPE list COUNT 1000
< ["0" any-order ["l" "other"]]
