# DEBUG where it is allowed.
args: --enable-debug-command yes

== what Redis's own tests use
> DEBUG SLEEP 0
< +OK
> DEBUG SET-ACTIVE-EXPIRE 0
< +OK
> SET k v PX 1
< +OK
sleep: 20
> DBSIZE
< :1
> GET k
< (nil)
> DBSIZE
< :0
> DEBUG SET-ACTIVE-EXPIRE 1
< +OK
> DEBUG NONSENSE
< -ERR unknown subcommand or wrong number of arguments for 'NONSENSE'. Try DEBUG HELP.
> DEBUG OBJECT missing
< -ERR no such key
> SET k v
< +OK
> DEBUG OBJECT k
< ~^Value at:0x[0-9a-f]+ refcount:1 encoding:embstr serializedlength:2 lru:\d+ lru_seconds_idle:\d+
