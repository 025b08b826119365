# HELLO decides the protocol; the file says it itself, so it begins in RESP2.
protocol: 2

== versions
> HELLO
< ["server" ... "version" ... "proto" :2 "id" :* "mode" "standalone" "role" "master" "modules" [...]]
> HELLO 3
< {"server": ... "version": ... "proto": :3 "id": :* "mode": "standalone" "role": "master" "modules": [...]}
> GET missing
< (nil)
> HELLO 2
< ["server" ... "version" ... "proto" :2 "id" :* "mode" "standalone" "role" "master" "modules" [...]]
> HELLO 4
< -NOPROTO unsupported protocol version
> HELLO 1
< -NOPROTO unsupported protocol version
> HELLO abc
< -ERR Protocol version is not an integer or out of range
> HELLO 3 NONSENSE
< -ERR Syntax error in HELLO option 'NONSENSE'
> HELLO 3 SETNAME
< -ERR Syntax error in HELLO option 'SETNAME'
> HELLO 3 AUTH default
< -ERR Syntax error in HELLO option 'AUTH'
> HELLO 2 SETNAME me
< ["server" ... "version" ... "proto" :2 "id" :* "mode" "standalone" "role" "master" "modules" [...]]
> CLIENT GETNAME
< "me"
> HELLO 2 SETNAME "two words"
< -ERR Client names cannot contain spaces, newlines or special characters.
> HELLO 2 AUTH default wrong
< ...

== reset returns to RESP2
> HELLO 3
< {"server": ... ...}
> RESET
< +RESET
> HELLO
< ["server" ... "version" ... "proto" :2 ...]
