# DEBUG DIGEST: the signature of data is the same whatever made it, and the same as Redis's.
args: --enable-debug-command yes

== the signature of nothing
> DEBUG DIGEST
< +0000000000000000000000000000000000000000

== strings and hashes, in any encoding
> SET s text
< +OK
> SET n 12345
< +OK
> SET e v PXAT 99999999999999
< +OK
> HSET h a 1 b two
< :2
> DEBUG DIGEST-VALUE s n e h missing
< [+"2ce3f57ae020966eb041fa6a47e5221ee0d42d6b" +"e1cf90774e995ae03de66e8109dc5cb9d9c2dc83" +"311b17018163335616e089f6b951c82c477335ac" +"aaec2dd6dd5d0e6fbdce75b84b029b773e920b00" +"0000000000000000000000000000000000000000"]
> DEBUG DIGEST
< +2574dc3e58c3ad363309c1eb54eeeeb58f3f3070
> CONFIG SET hash-max-listpack-entries 0
< +OK
> HSET h2 b two a 1
< :2
> DEBUG DIGEST-VALUE h2
< [+"aaec2dd6dd5d0e6fbdce75b84b029b773e920b00"]
> CONFIG SET hash-max-listpack-entries 512
< +OK
> DEL h2
< :1
> SELECT 5
< +OK
> SET other 1
< +OK
> DEBUG DIGEST
< +8a144c18b15a5a640a525fc87c20b916e98b95d2

== making keys
> DEBUG POPULATE 3
< +OK
> GET key:2
< "value:2"
> DEBUG POPULATE 2 p 12
< +OK
> GET p:1
< "value:1\x00\x00\x00\x00\x00"
> DEBUG POPULATE abc
< -ERR value is out of range, must be positive
> DEBUG POPULATE 1 p -1
< -ERR value is out of range, must be positive
> DBSIZE
< :5
