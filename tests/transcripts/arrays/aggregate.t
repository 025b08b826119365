# Arrays: AROP. After the documentation of Redis 8.8 and, for refusals, its sources; no peer knows the command.

== numbers
only: redstart
> ARMSET a 0 10 1 20.5 2 x 5 -3 7 0.5
< :5
> AROP a 0 7 SUM
< "28"
> AROP a 7 0 sum
< "28"
> AROP a 0 1 SUM
< "30.5"
> AROP a 0 7 MIN
< "-3"
> AROP a 0 7 MAX
< "20.5"
> AROP a 0 7 USED
< :5
> AROP a 0 2 USED
< :3
> AROP a 0 7 MATCH x
< :1
> AROP a 0 7 MATCH 10
< :1
> AROP a 0 7 MATCH missing
< :0
> AROP a 2 2 SUM
< (nil)
> AROP a 2 2 AND
< (nil)
> AROP a 3 4 MAX
< (nil)
> AROP a 3 4 USED
< :0

== numbers that are not small
only: redstart
> ARMSET a 0 9223372036854775807 1 1 2 0.1 3 0.2 4 inf 5 1e30
< :6
> AROP a 0 1 SUM
< "9.2233720368547758e+18"
> AROP a 2 3 SUM
< "0.3"
> AROP a 0 4 MAX
< "inf"
> AROP a 5 5 SUM
< "1e+30"
> AROP a 4 5 OR
< (nil)

== bits
only: redstart
> ARMSET a 0 255 1 15 2 240
< :3
> AROP a 0 2 AND
< :0
> AROP a 0 2 OR
< :255
> AROP a 0 2 XOR
< :0
> AROP a 0 1 AND
< :15
> ARMSET a 0 3.9 1 -1.5
< :0
> AROP a 0 0 OR
< :3
> AROP a 0 1 XOR
< :-4

== a missing key, and refusals
only: redstart
> AROP missing 0 5 SUM
< (nil)
> AROP missing 0 5 XOR
< (nil)
> AROP missing 0 5 USED
< :0
> AROP missing 0 5 MATCH x
< :0
> AROP a 0 5 AVG
< -ERR unknown operation
> AROP a 0 5 MATCH
< -ERR MATCH requires a value argument
> AROP a 0 5 MATCH x y
< -ERR MATCH requires a value argument
> AROP a 0 5 SUM 1
< -ERR wrong number of arguments for 'arop' command
> AROP a x 5 SUM
< -ERR invalid array index
> AROP a - + SUM
< -ERR invalid array index
> AROP a 0 5
< -ERR wrong number of arguments for 'arop' command
> SET s x
< +OK
> AROP s 0 5 SUM
< -WRONGTYPE Operation against a key holding the wrong kind of value
