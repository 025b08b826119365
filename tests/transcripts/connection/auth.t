# A password: what is refused before it and what is not.
args: --requirepass secret
protocol: 2

== before and after
> PING
< -NOAUTH Authentication required.
> GET k
< -NOAUTH Authentication required.
> NOSUCH
< -"ERR unknown command 'NOSUCH', with args beginning with: "
> CLIENT ID
< -NOAUTH Authentication required.
> HELLO 3
< -NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO <proto> AUTH <user> <pass> option can be used to authenticate the client and select the RESP protocol version at the same time
> AUTH wrong
< -WRONGPASS invalid username-password pair or user is disabled.
> AUTH nobody secret
< -WRONGPASS invalid username-password pair or user is disabled.
> AUTH
< -ERR wrong number of arguments for 'auth' command
> AUTH a b c
< -ERR syntax error
> AUTH secret
< +OK
> PING
< +PONG
> AUTH default secret
< +OK
> AUTH default wrong
< -WRONGPASS invalid username-password pair or user is disabled.
> PING
< +PONG
> CONFIG GET requirepass
< ["requirepass" "secret"]
> RESET
< +RESET
> PING
< -NOAUTH Authentication required.

== hello with auth
> HELLO 3 AUTH default wrong
< -WRONGPASS invalid username-password pair or user is disabled.
> HELLO 3 AUTH default secret SETNAME me
< {"server": ... ...}
> CLIENT GETNAME
< "me"

== quit needs none
> QUIT
< +OK
< (closed)

== before AUTH a client may not claim much
>> "*10000\r\n"
< -ERR Protocol error: unauthenticated multibulk length
< (closed)
a>> "*1\r\n$200000\r\n"
a< -ERR Protocol error: unauthenticated bulk length
a< (closed)
