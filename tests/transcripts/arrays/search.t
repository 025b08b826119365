# Arrays: ARGREP. After the documentation of Redis 8.8 and, for refusals, its sources; no peer knows the command.

== predicates
only: redstart
> ARMSET a 0 apple 1 banana 3 Apple 5 "apple pie" 100000 12
< :5
> ARGREP a - + EXACT apple
< [:0]
> ARGREP a - + EXACT apple NOCASE
< [:0 :3]
> ARGREP a - + MATCH app
< [:0 :5]
> ARGREP a - + MATCH APP NOCASE
< [:0 :3 :5]
> ARGREP a - + MATCH ""
< [:0 :1 :3 :5 :100000]
> ARGREP a - + GLOB a*e
< [:0 :5]
> ARGREP a - + GLOB ?PPLE NOCASE
< [:0 :3]
> ARGREP a - + RE ^b(an)+a$
< [:1]
> ARGREP a - + RE ^[[:digit:]]{2}$
< [:100000]
> ARGREP a - + RE ^APPLE$ NOCASE
< [:0 :3]
> ARGREP a + - MATCH app
< [:5 :0]
> ARGREP a 1 5 MATCH pple
< [:3 :5]
> ARGREP a 5 1 MATCH pple
< [:5 :3]
> ARGREP a - + EXACT missing
< []
> ARGREP missing - + EXACT apple
< []

== several predicates, and options
only: redstart
> ARSET a 0 "red apple" "green apple" "red pear" plum
< :4
> ARGREP a - + MATCH red MATCH apple
< [:0 :1 :2]
> ARGREP a - + MATCH red AND MATCH apple
< [:0]
> ARGREP a - + AND MATCH red OR MATCH apple
< [:0 :1 :2]
> ARGREP a - + MATCH e LIMIT 2
< [:0 :1]
> ARGREP a + - MATCH e LIMIT 2 LIMIT 1
< [:2]
> ARGREP a - + WITHVALUES MATCH apple
< [[:0 "red apple"] [:1 "green apple"]]

== refusals
only: redstart
> ARSET a 0 x
< :1
> ARGREP a - + NOCASE WITHVALUES
< -ERR syntax error
> ARGREP a - + EXACT x MATCH
< -ERR syntax error
> ARGREP a - + EXACT x OTHER
< -ERR syntax error
> ARGREP a - + EXACT x LIMIT
< -ERR syntax error
> ARGREP a - + EXACT x LIMIT 0
< -ERR LIMIT must be positive
> ARGREP a - + EXACT x LIMIT x
< -ERR value is not an integer or out of range
> ARGREP a x + EXACT x
< -ERR invalid array index
> ARGREP a - ++ EXACT x
< -ERR invalid array index
> ARGREP a - + RE ""
< -ERR regular expression is empty
> ARGREP a - + RE (x
< -ERR invalid regular expression: Missing ')'
> ARGREP a - + RE (x)\1
< -ERR regular expression backreferences are not supported
> ARGREP a - + EXACT
< -ERR wrong number of arguments for 'argrep' command
> SET s x
< +OK
> ARGREP s - + EXACT x
< -WRONGTYPE Operation against a key holding the wrong kind of value
> ARGREP s - + EXACT x OTHER
< -ERR syntax error

== the work of a regular expression is bounded
only: redstart
> ARSET a 0 aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
< :1
> ARGREP a - + RE ((a{1,255}){1,255})b
< -ERR regular expression is too complex, maximum is 65536 bytes compiled
> ARGREP a - + RE ((a{1,16}){1,16})b
< []
> ARGREP a - + RE .{0,255}x.{0,255}
< []
> ARGREP a - + RE .{0,255}x.{0,255} RE .{0,255}y.{0,255} RE .{0,255}z.{0,255} RE .{0,255}x.{0,255} RE .{0,255}x.{0,255} RE .{0,255}x.{0,255} RE .{0,255}x.{0,255} RE .{0,255}x.{0,255} RE .{0,255}x.{0,255} RE .{0,255}x.{0,255} RE .{0,255}x.{0,255} RE .{0,255}x.{0,255}
< -ERR regular expressions are too complex together, maximum is 524288 bytes compiled
> ARGREP a - + MATCH AAAA NOCASE
< [:0]
