# SHUTDOWN ends the server without a reply.

== nosave
> SET k v
< +OK
> SHUTDOWN NOSAVE
< (closed)
