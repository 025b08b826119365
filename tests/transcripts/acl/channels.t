# Channels: who may publish and subscribe, and who is ended when that changes.

== permissions
> ACL SETUSER u on nopass +@all &news &log:*
< +OK
a> AUTH u x
a< +OK
a> PUBLISH news m
a< :0
a> PUBLISH log:1 m
a< :0
a> PUBLISH other m
a< -NOPERM No permissions to access a channel
a> SPUBLISH other m
a< -NOPERM No permissions to access a channel
a> SUBSCRIBE news other
a< -NOPERM No permissions to access a channel
a> PSUBSCRIBE log:*
a< >["psubscribe" "log:*" :1]
a> PSUBSCRIBE log:1
a< -NOPERM No permissions to access a channel
a> PUNSUBSCRIBE
a< >["punsubscribe" "log:*" :0]
a> UNSUBSCRIBE other
a< >["unsubscribe" "other" :0]
a> SSUBSCRIBE other
a< -NOPERM No permissions to access a channel
a> MULTI
a< +OK
a> PUBLISH other m
a< -NOPERM No permissions to access a channel
a> EXEC
a< -EXECABORT Transaction discarded because of previous errors.
> ACL DRYRUN u SUBSCRIBE news log:2 x
< "User u has no permissions to access the 'x' channel"
> ACL DRYRUN u PSUBSCRIBE log:* news l*
< "User u has no permissions to access the 'l*' channel"
> ACL DRYRUN u SPUBLISH x m
< "User u has no permissions to access the 'x' channel"
> ACL DRYRUN u UNSUBSCRIBE x
< +OK
> ACL SETUSER u &*
< +OK
a> PUBLISH other m
a< :0
> ACL DELUSER u
< :1

== who loses a channel is ended
> ACL SETUSER u on nopass +@all &news &log:*
< +OK
a> HELLO 3 AUTH u x
a< ...
b> HELLO 3 AUTH u x
b< ...
c> HELLO 3 AUTH u x
c< ...
a> SUBSCRIBE news
a< >["subscribe" "news" :1]
b> PSUBSCRIBE log:*
b< >["psubscribe" "log:*" :1]
c> SSUBSCRIBE log:1
c< >["ssubscribe" "log:1" :1]
> ACL SETUSER u &more
< +OK
> PUBLISH news one
< :1
a< >["message" "news" "one"]
> ACL SETUSER u resetchannels &news
< +OK
b< (closed)
c< (closed)
> PUBLISH news two
< :1
a< >["message" "news" "two"]
a> ACL SETUSER u resetchannels
a< +OK
a< (closed)
> ACL DELUSER u
< :1
