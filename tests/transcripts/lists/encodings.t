# When a list is a listpack, and when a quicklist.
args: --enable-debug-command yes

== large by count, and small again at half
> CONFIG SET list-max-listpack-size 4
< +OK
> RPUSH l 1 2 3 4
< :4
> OBJECT ENCODING l
< "listpack"
> RPUSH l 5
< :5
> OBJECT ENCODING l
< "quicklist"
> LPOP l 2
< ["1" "2"]
> OBJECT ENCODING l
< "quicklist"
> LPOP l
< "3"
> OBJECT ENCODING l
< "quicklist"
> LRANGE l 0 -1
< ["4" "5"]
> RPUSH m 1 2 3 4 5
< :5
> OBJECT ENCODING m
< "quicklist"

== large by size
> CONFIG SET list-max-listpack-size -1
< +OK
> RPUSH l a
< :1
> SETRANGE big 4095 x
< :4096
> OBJECT ENCODING l
< "listpack"
> LINSERT l BEFORE missing "0000000000000000000000000000000000000000"
< :-1
> OBJECT ENCODING l
< "listpack"
> CONFIG SET list-max-listpack-size 1
< +OK
> LINSERT l BEFORE missing x
< :-1
> OBJECT ENCODING l
< "quicklist"
> LSET l 0 b
< +OK
> OBJECT ENCODING l
< "quicklist"
> CONFIG SET list-max-listpack-size -2
< +OK
> LSET l 0 c
< +OK
> OBJECT ENCODING l
< "listpack"

== an index that is not there makes a list large, too
> CONFIG SET list-max-listpack-size 1
< +OK
> RPUSH l a
< :1
> LSET l 9 b
< -ERR index out of range
> OBJECT ENCODING l
< "quicklist"
> CONFIG SET list-max-listpack-size -2
< +OK

== inside the entry, outside of it, and back
> RPUSH l a
< :1
> RPUSH l "a second element of some length" "a third element of some length" "a fourth element of some length"
< :4
> RPUSH l "a fifth element of some length, so that no room is left inside"
< :5
> LRANGE l 0 -1
< ["a" "a second element of some length" "a third element of some length" "a fourth element of some length" "a fifth element of some length, so that no room is left inside"]
> LTRIM l 1 1
< +OK
> LRANGE l 0 -1
< ["a second element of some length"]
> OBJECT ENCODING l
< "listpack"
> RENAME l "a longer name than before, which moves the entry"
< +OK
> LRANGE "a longer name than before, which moves the entry" 0 -1
< ["a second element of some length"]

== nodes of one element
> CONFIG SET list-max-listpack-size 1
< +OK
> RPUSH l a b c d e f g h
< :8
> LINSERT l AFTER d x
< :9
> LSET l 0 A
< +OK
> LREM l 1 c
< :1
> LINDEX l -2
< "g"
> LRANGE l 2 5
< ["d" "x" "e" "f"]
> LTRIM l 2 4
< +OK
> LRANGE l 0 -1
< ["d" "x" "e"]
> DEBUG OBJECT l
< ~encoding:quicklist .* ql_nodes:3 ql_avg_node:1.00 ql_listpack_max:1 ql_compressed:0 ql_uncompressed_size:30$
> CONFIG SET list-max-listpack-size -2
< +OK

== compressed inside
> CONFIG SET list-max-listpack-size 2
< +OK
> CONFIG SET list-compress-depth 1
< +OK
> RPUSH l "the same words over and over, the same words over and over, the same words over and over" 1
< :2
> RPUSH l "the same words over and over, the same words over and over, the same words over and over" 2
< :4
> RPUSH l "the same words over and over, the same words over and over, the same words over and over" 3
< :6
> RPUSH l "the same words over and over, the same words over and over, the same words over and over" 4
< :8
> LINDEX l 3
< "2"
> LPOS l 2
< :3
> LSET l 2 short
< +OK
> LINSERT l BEFORE 3 new
< :9
> LRANGE l 1 -2
< ["1" "short" "2" "the same words over and over, the same words over and over, the same words over and over" "new" "3" "the same words over and over, the same words over and over, the same words over and over"]
> LREM l -1 2
< :1
> LMOVE l l LEFT RIGHT
< "the same words over and over, the same words over and over, the same words over and over"
> LRANGE l 0 -1
< ["1" "short" "the same words over and over, the same words over and over, the same words over and over" "new" "3" "the same words over and over, the same words over and over, the same words over and over" "4" "the same words over and over, the same words over and over, the same words over and over"]
> DEBUG DIGEST-VALUE l
< [+"a120a378147458445d979ab985369f20a1885895"]
> CONFIG SET list-compress-depth 0
< +OK
> CONFIG SET list-max-listpack-size -2
< +OK

== a signature that does not hang on the encoding
> RPUSH l a b 1
< :3
> CONFIG SET list-max-listpack-size 1
< +OK
> RPUSH m a b 1
< :3
> DEBUG DIGEST-VALUE l m
< [+"981fd62c1655c074205cff40b800bd5a5bfdcd41" +"981fd62c1655c074205cff40b800bd5a5bfdcd41"]
> CONFIG SET list-max-listpack-size -2
< +OK

== how a quicklist looks inside
> RPUSH l a
< :1
> DEBUG QUICKLIST l
< -ERR Not a quicklist encoded object.
> DEBUG QUICKLIST missing
< -ERR no such key
> CONFIG SET list-max-listpack-size 1
< +OK
> RPUSH l b
< :2
> DEBUG QUICKLIST l 1
< +Quicklist structure printed on stdout
> CONFIG SET list-max-listpack-size -2
< +OK
