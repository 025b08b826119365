# CLIENT and its subcommands.

== names and info
> CLIENT GETNAME
< (nil)
> CLIENT SETNAME worker-1
< +OK
> CLIENT GETNAME
< "worker-1"
> CLIENT SETNAME "two words"
< -ERR Client names cannot contain spaces, newlines or special characters.
> CLIENT SETNAME "new\nline"
< -ERR Client names cannot contain spaces, newlines or special characters.
> CLIENT SETNAME ""
< +OK
> CLIENT GETNAME
< (nil)
> CLIENT SETINFO LIB-NAME my-lib
< +OK
> CLIENT SETINFO lib-ver 1.2.3
< +OK
> CLIENT SETINFO LIB-NAME "two words"
< -ERR LIB-NAME cannot contain spaces, newlines or special characters.
> CLIENT SETINFO NONSENSE x
< -ERR Unrecognized option 'NONSENSE'
> CLIENT SETINFO LIB-NAME
< -ERR wrong number of arguments for 'client|setinfo' command
> CLIENT INFO
< ~^id=\d+ addr=127\.0\.0\.1:\d+ laddr=127\.0\.0\.1:\d+ fd=\d+ name= age=\d+ idle=\d+ flags=N db=0 sub=0 psub=0 ssub=0 multi=-1 watch=0 qbuf=\d+ qbuf-free=\d+ argv-mem=\d+ multi-mem=0 rbs=\d+ rbp=\d+ obl=0 oll=0 omem=0 tot-mem=\d+ events=r cmd=client\|info user=default redir=-1 resp=[23] lib-name=my-lib lib-ver=1\.2\.3.*\n$
> CLIENT ID
< :*

== list and kill
> CLIENT ID
< %{me}
a> CLIENT ID
a< %{other}
a> CLIENT SETNAME victim
a< +OK
> CLIENT LIST ID %{other}
< ~^id=\d+ .* name=victim .*\n$
> CLIENT LIST ID
< -ERR syntax error
> CLIENT LIST ID abc
< -ERR Invalid client ID
> CLIENT LIST TYPE normal
< ~name=victim
> CLIENT LIST TYPE replica
< =txt:""
> CLIENT LIST TYPE nonsense
< -ERR Unknown client type 'nonsense'
> CLIENT LIST NONSENSE
< -ERR syntax error
> CLIENT KILL ID %{other}
< :1
a< (closed)
> CLIENT KILL ID %{other}
< :0
> CLIENT KILL 127.0.0.1:1
< -ERR No such client
> CLIENT KILL ADDR 127.0.0.1:1
< :0
> CLIENT KILL ID 0
< -ERR client-id should be greater than 0
> CLIENT KILL ID abc
< -ERR client-id should be greater than 0
> CLIENT KILL TYPE nonsense
< -ERR Unknown client type 'nonsense'
> CLIENT KILL USER nosuch
< -ERR No such user 'nosuch'
> CLIENT KILL SKIPME maybe
< -ERR syntax error
> CLIENT KILL MAXAGE abc
< -ERR maxage is not an integer or out of range
> CLIENT KILL NONSENSE x
< -ERR syntax error
> CLIENT KILL
< -ERR wrong number of arguments for 'client|kill' command
> CLIENT KILL ID %{me} SKIPME yes
< :0

== killing oneself answers first
> CLIENT ID
< %{me}
> CLIENT KILL ID %{me} SKIPME no
< :1
< (closed)

== reply modes
> CLIENT REPLY SKIP
< (silent)
> PING
< (silent)
> PING
< +PONG
> CLIENT REPLY OFF
< (silent)
> PING
< (silent)
> CLIENT REPLY ON
< +OK
> CLIENT REPLY NONSENSE
< -ERR syntax error
> CLIENT REPLY
< -ERR wrong number of arguments for 'client|reply' command

== switches
> CLIENT NO-EVICT on
< +OK
> CLIENT NO-EVICT off
< +OK
> CLIENT NO-EVICT maybe
< -ERR syntax error
> CLIENT NO-TOUCH on
< +OK
> CLIENT NO-TOUCH off
< +OK
> CLIENT NO-TOUCH maybe
< -ERR syntax error
> CLIENT
< -ERR wrong number of arguments for 'client' command
> CLIENT NONSENSE
< -ERR unknown subcommand 'NONSENSE'. Try CLIENT HELP.
> CLIENT ID x
< -ERR wrong number of arguments for 'client|id' command
> CLIENT GETNAME x
< -ERR wrong number of arguments for 'client|getname' command

== the command received last, whatever became of it
a> CLIENT ID
a< %{other}
a> GET k
a< (nil)
> CLIENT LIST ID %{other}
< ~cmd=get 
a> STRLEN
a< -ERR wrong number of arguments for 'strlen' command
> CLIENT LIST ID %{other}
< ~cmd=strlen 
a> NONSENSE
a< ...
> CLIENT LIST ID %{other}
< ~cmd=NULL 
a> MULTI
a< +OK
a> TTL k
a< +QUEUED
> CLIENT LIST ID %{other}
< ~cmd=ttl 
a> CLIENT INFO
a< +QUEUED
a> EXEC
a< [:-2 ~"cmd=exec "]
> CLIENT PAUSE 100000 WRITE
< +OK
a> SET k 1
until> CLIENT LIST ID %{other}
< ~flags=b .*cmd=set 
> CLIENT UNPAUSE
< +OK
a< +OK
