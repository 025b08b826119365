# CLIENT LIST and KILL with filters, Redis's and those that Valkey has beside them.

== only this server and Valkey know them
only: redstart
> CLIENT SETNAME me
< +OK
> CLIENT SETINFO LIB-NAME pair
< +OK
> CLIENT ID
< %{me}
a> CLIENT SETNAME other
a< +OK
a> CLIENT SETINFO LIB-NAME pair
a< +OK
a> CLIENT ID
a< %{other}
> CLIENT LIST NAME other
< ~^id=\d+ [^\n]* name=other [^\n]*\n$
> CLIENT LIST NOT-NAME other LIB-NAME pair
< ~^id=\d+ [^\n]* name=me [^\n]*\n$
> CLIENT LIST NOT-ID %{me} TYPE normal DB 0 LIB-NAME pair
< ~^id=\d+ [^\n]* name=other [^\n]*\n$
> CLIENT LIST IP 127.0.0.1 NOT-NAME me FLAGS N LIB-NAME pair
< ~^id=\d+ [^\n]* name=other [^\n]*\n$
> CLIENT LIST IP 10.1.2.3
< =txt:""
> CLIENT LIST FLAGS Z
< -ERR Unknown flags found in the provided filter: Z
> CLIENT LIST DB 99
< -ERR DB number should be between 0 and 15
> CLIENT LIST IDLE 0
< -ERR idle should be greater than 0
> CLIENT LIST SKIPME yes LIB-NAME pair
< ~^id=\d+ [^\n]* name=other [^\n]*\n$
> CLIENT LIST USER nosuch
< -ERR No such user 'nosuch'
> CLIENT KILL NAME nosuch
< :0
> CLIENT KILL NAME other NOT-ID %{me}
< :1
a< (closed)

== ids come in the order they were asked for
> CLIENT ID
< %{me}
> CLIENT LIST ID 99999 %{me}
< ~^id=\d+ [^\n]*\n$
> CLIENT LIST ID %{me} abc
< -ERR Invalid client ID
> CLIENT LIST ID -1
< =txt:""
