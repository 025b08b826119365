# Streams: entries in, and what is refused.

== ids given, in part, and made
> XADD s 5-1 f v
< "5-1"
> XADD s 5-* f v g w
< "5-2"
> XADD s 6 f v
< "6-0"
> XADD s 6-* f v
< "6-1"
> XADD s 6-1 f v
< -ERR The ID specified in XADD is equal or smaller than the target stream top item
> XADD s 5 f v
< -ERR The ID specified in XADD is equal or smaller than the target stream top item
> XADD s 0-0 f v
< -ERR The ID specified in XADD must be greater than 0-0
> XADD new 0-0 f v
< -ERR The ID specified in XADD must be greater than 0-0
> EXISTS new
< :0
> XADD new 0-* f v
< "0-1"
> XADD s * f v
< ~^[0-9]{13}-0$
> XLEN s
< :5
> TYPE s
< +stream
> OBJECT ENCODING s
< "stream"

== the last id there is
> XADD s 18446744073709551615-18446744073709551614 f v
< "18446744073709551615-18446744073709551614"
> XADD s 18446744073709551615-* f v
< "18446744073709551615-18446744073709551615"
> XADD s 18446744073709551615-* f v
< -ERR The stream has exhausted the last possible ID, unable to add more items
> XADD s * f v
< -ERR The stream has exhausted the last possible ID, unable to add more items
> XLEN s
< :2

== the number within the millisecond has an end
> XADD s 7-18446744073709551615 f v
< "7-18446744073709551615"
> XADD s 7-* f v
< -ERR The ID specified in XADD is equal or smaller than the target stream top item
> XADD s 8-* f v
< "8-0"

== what is no id
> XADD s abc f v
< -ERR Invalid stream ID specified as stream command argument
> XADD s 1- f v
< -ERR Invalid stream ID specified as stream command argument
> XADD s -1 f v
< -ERR Invalid stream ID specified as stream command argument
> XADD s 1-1-1 f v
< -ERR Invalid stream ID specified as stream command argument
> XADD s - f v
< -ERR Invalid stream ID specified as stream command argument
> XADD s + f v
< -ERR Invalid stream ID specified as stream command argument
> XADD s 18446744073709551616 f v
< -ERR Invalid stream ID specified as stream command argument
> EXISTS s
< :0

== arguments
> XADD
< -ERR wrong number of arguments for 'xadd' command
> XADD s
< -ERR wrong number of arguments for 'xadd' command
> XADD s *
< -ERR wrong number of arguments for 'xadd' command
> XADD s * f
< -ERR wrong number of arguments for 'xadd' command
> XADD s * f v g
< -ERR wrong number of arguments for 'xadd' command
> XADD s 1-1
< -ERR wrong number of arguments for 'xadd' command
> XADD s MAXLEN 1 1-1
< -ERR wrong number of arguments for 'xadd' command
> XADD s NOMKSTREAM 1-1 f v
< (nil)
> EXISTS s
< :0
> SET string x
< +OK
> XADD string * f v
< -WRONGTYPE Operation against a key holding the wrong kind of value
> XLEN string
< -WRONGTYPE Operation against a key holding the wrong kind of value
> XLEN missing
< :0
> XLEN
< -ERR wrong number of arguments for 'xlen' command

== trimmed as it grows
> XADD s 1-1 n 1
< "1-1"
> XADD s 2-1 n 2
< "2-1"
> XADD s MAXLEN 2 3-1 n 3
< "3-1"
> XRANGE s - +
< [["2-1" ["n" "2"]] ["3-1" ["n" "3"]]]
> XADD s MAXLEN = 1 4-1 n 4
< "4-1"
> XADD s MINID 5 5-1 n 5
< "5-1"
> XRANGE s - +
< [["5-1" ["n" "5"]]]
> XADD s MAXLEN ~ 0 6-1 n 6
< "6-1"
> XADD s MAXLEN 0 7-1 n 7
< "7-1"
> XLEN s
< :0
> XADD s MAXLEN -1 8-1 n 8
< -ERR The MAXLEN argument must be >= 0.
> XADD s MAXLEN abc 8-1 n 8
< -ERR value is not an integer or out of range
> XADD s MAXLEN 1 MINID 1 8-1 n 8
< -ERR syntax error, MAXLEN and MINID options at the same time are not compatible
> XADD s MAXLEN 1 LIMIT 1 8-1 n 8
< -ERR syntax error, LIMIT cannot be used without the special ~ option
> XADD s LIMIT 1 8-1 n 8
< -ERR syntax error, LIMIT cannot be used without specifying a trimming strategy
> XADD s MAXLEN ~ 1 LIMIT -1 8-1 n 8
< -ERR The LIMIT argument must be >= 0.
> XADD s MINID abc 8-1 n 8
< -ERR Invalid stream ID specified as stream command argument
> XADD s MAXLEN ~ 100 LIMIT 0 8-1 n 8
< "8-1"
> XLEN s
< :1

== values that are numbers come back as they were
> XADD s 1-1 0 007 127 -128 65536 9223372036854775807 -1 12.5 "" "\x00\xff"
< "1-1"
> XRANGE s - +
< [["1-1" ["0" "007" "127" "-128" "65536" "9223372036854775807" "-1" "12.5" "" "\x00\xff"]]]
> XADD s 1-2 0 x 127 y 65536 z -1 a "" b
< "1-2"
> XADD s 1-3 0 x
< "1-3"
> XRANGE s 1-2 +
< [["1-2" ["0" "x" "127" "y" "65536" "z" "-1" "a" "" "b"]] ["1-3" ["0" "x"]]]
