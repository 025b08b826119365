# The default user, who stands for everybody who has not said who he is.
protocol: 2

== the default user changed
> ACL SETUSER default >new
< +OK
a> PING
a< -NOAUTH Authentication required.
a> AUTH new
a< +OK
a> PING
a< +PONG
> PING
< +PONG
> CONFIG GET requirepass
< ["requirepass" ""]
> ACL SETUSER default nopass
< +OK
b> PING
b< +PONG
> CONFIG SET requirepass again
< +OK
> ACL LIST
< ["user default on sanitize-payload #b4c9e14061c2fd453b36700e3b0da008db2189c711ac629f0f583089164e267d ~* &* +@all"]
c> PING
c< -NOAUTH Authentication required.
c> AUTH default again
c< +OK
> ACL SETUSER default off
< +OK
d> PING
d< -NOAUTH Authentication required.
d> AUTH again
d< -WRONGPASS invalid username-password pair or user is disabled.
> ACL SETUSER default on nopass
< +OK
> CONFIG GET requirepass
< ["requirepass" "again"]
> CONFIG SET requirepass ""
< +OK
> ACL LIST
< ["user default on nopass sanitize-payload ~* &* +@all"]

