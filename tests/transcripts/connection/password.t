# A password that is set and taken away while clients are there.
protocol: 2

== it holds for those who come, and for the next AUTH
> AUTH x
< -ERR AUTH <password> called without any password configured for the default user. Are you sure your configuration is correct?
> AUTH default x
< +OK
> AUTH nobody x
< -WRONGPASS invalid username-password pair or user is disabled.
> CONFIG SET requirepass new
< +OK
a> PING
a< -NOAUTH Authentication required.
a> AUTH old
a< -WRONGPASS invalid username-password pair or user is disabled.
a> AUTH new
a< +OK
a> PING
a< +PONG
> PING
< +PONG
> AUTH old
< -WRONGPASS invalid username-password pair or user is disabled.
> AUTH default new
< +OK
> CONFIG SET requirepass ""
< +OK
b> PING
b< +PONG
b> AUTH new
b< -ERR AUTH <password> called without any password configured for the default user. Are you sure your configuration is correct?
b> AUTH default anything
b< +OK
