# SCAN and its options on small keyspaces (growth under SCAN has a test of its own).

== options
> SCAN 0
< ["0" []]
> MSET a 1 b 2 c 3
< +OK
> HSET h f v
< :1
> SCAN 0 COUNT 100
< ["0" any-order ["a" "b" "c" "h"]]
> SCAN 0 COUNT 100 MATCH [ab]
< ["0" any-order ["a" "b"]]
> SCAN 0 COUNT 100 TYPE hash
< ["0" ["h"]]
> SCAN 0 COUNT 100 TYPE string
< ["0" any-order ["a" "b" "c"]]
> SCAN 0 COUNT 100 TYPE nonsense
< ["0" []]
> SCAN 0 COUNT 100 MATCH a TYPE string
< ["0" ["a"]]
> SCAN
< -ERR wrong number of arguments for 'scan' command
> SCAN abc
< -ERR invalid cursor
> SCAN -1
< -ERR invalid cursor
> SCAN 18446744073709551616
< -ERR invalid cursor
> SCAN 0 COUNT
< -ERR syntax error
> SCAN 0 COUNT 0
< -ERR syntax error
> SCAN 0 COUNT -1
< -ERR syntax error
> SCAN 0 COUNT abc
< -ERR value is not an integer or out of range
> SCAN 0 MATCH
< -ERR syntax error
> SCAN 0 NONSENSE x
< -ERR syntax error
> SCAN 0 NOVALUES
< -ERR NOVALUES option can only be used in HSCAN

== expired keys are not shown
> SET gone v PX 1
< +OK
> SET here v
< +OK
sleep: 20
> SCAN 0 COUNT 100
< ["0" ["here"]]
