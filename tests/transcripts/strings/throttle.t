# CL.THROTTLE of redis-cell: limited, limit, remaining, seconds until a retry, seconds until all is free.

== a limit is used up
only: redstart
> CL.THROTTLE user 2 1 60
< [:0 :3 :2 :-1 :60]
> CL.THROTTLE user 2 1 60
< [:0 :3 :1 :-1 :120]
> CL.THROTTLE user 2 1 60 0
< [:0 :3 :1 :-1 :120]
> CL.THROTTLE user 2 1 60 1
< [:0 :3 :0 :-1 :180]
> TYPE user
< +string
> CL.THROTTLE user 2 1 60 4
< [:1 :3 :0 :-1 :180]
> CL.THROTTLE other 2 1 60 4
< [:1 :3 :3 :-1 :0]
> EXISTS other
< :0
> CL.THROTTLE other 2 1 60 0
< [:0 :3 :3 :-1 :0]
> EXISTS other
< :0
> CL.THROTTLE OTHER 0 1 1000 1
< [:0 :1 :0 :-1 :1000]

== what the key holds
only: redstart
> SET user 0
< +OK
> CL.THROTTLE user 2 1 60
< [:0 :3 :2 :-1 :60]
> PTTL user
< :50000..60000
> SET user text
< +OK
> CL.THROTTLE user 2 1 60
< -ERR value is not an integer or out of range
> GET user
< "text"
> DEL user
< :1
> RPUSH user a
< :1
> CL.THROTTLE user 2 1 60
< -WRONGTYPE Operation against a key holding the wrong kind of value

== refused
only: redstart
> CL.THROTTLE user 2 1
< -ERR wrong number of arguments for 'cl.throttle' command
> CL.THROTTLE user 2 1 60 1 1
< -ERR wrong number of arguments for 'cl.throttle' command
> CL.THROTTLE user x 1 60
< -ERR value is not an integer or out of range
> CL.THROTTLE user 2 x 60
< -ERR value is not an integer or out of range
> CL.THROTTLE user 2 1 x
< -ERR value is not an integer or out of range
> CL.THROTTLE user 2 1 60 x
< -ERR value is not an integer or out of range
> CL.THROTTLE user -1 1 60
< -ERR value is not an integer or out of range
> CL.THROTTLE user 2 1 60 -1
< -ERR value is not an integer or out of range
> CL.THROTTLE user 2 0 60
< -ERR Zero rates are not supported
> CL.THROTTLE user 2 1 0
< -ERR Zero rates are not supported
> CL.THROTTLE user 9223372036854775807 1 60
< -ERR rate limit is out of range
> CL.THROTTLE user 0 1 9223372036854775807
< -ERR rate limit is out of range
> CL.THROTTLE user 9223372036854775806 1000000000 1
< -ERR rate limit is out of range
> EXISTS user
< :0
> COMMAND GETKEYS CL.THROTTLE user 2 1 60
< ["user"]
