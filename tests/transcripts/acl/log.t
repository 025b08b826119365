# ACL LOG: what was refused.

== entries
> ACL LOG RESET
< +OK
> ACL SETUSER u on >secret +get +multi ~a
< +OK
a> AUTH u wrong
a< -WRONGPASS invalid username-password pair or user is disabled.
a> AUTH u secret
a< +OK
a> SET a 1
a< -NOPERM User u has no permissions to run the 'set' command
a> SET a 1
a< -NOPERM User u has no permissions to run the 'set' command
a> GET b
a< -NOPERM No permissions to access a key
a> MULTI
a< +OK
a> INCR a
a< -NOPERM User u has no permissions to run the 'incr' command
a> HELLO 3 AUTH u wrong
a< +QUEUED
a> EXEC
a< -EXECABORT Transaction discarded because of: NOPERM User u has no permissions to run the 'exec' command
> ACL LOG
2< [["count" :1 "reason" "command" "context" "multi" "object" "exec" "username" "u" "age-seconds" ~"^[0-9.]+$" "client-info" ~"^id=\\d+ addr=.* flags=x .* multi=0 .* cmd=exec user=u " "entry-id" :4 "timestamp-created" :* "timestamp-last-updated" :*] ["count" :1 "reason" "command" "context" "multi" "object" "incr" "username" "u" "age-seconds" ~"^[0-9.]+$" "client-info" ~"^id=\\d+ addr=.* flags=x .* multi=0 .* cmd=incr user=u " "entry-id" :3 "timestamp-created" :* "timestamp-last-updated" :*] ["count" :1 "reason" "key" "context" "toplevel" "object" "b" "username" "u" "age-seconds" ~"^[0-9.]+$" "client-info" ~"^id=\\d+ addr=.* flags=N .* multi=-1 .* cmd=get user=u " "entry-id" :2 "timestamp-created" :* "timestamp-last-updated" :*] ["count" :2 "reason" "command" "context" "toplevel" "object" "set" "username" "u" "age-seconds" ~"^[0-9.]+$" "client-info" ~"^id=\\d+ addr=.* flags=N .* multi=-1 .* cmd=set user=u " "entry-id" :1 "timestamp-created" :* "timestamp-last-updated" :*] ["count" :1 "reason" "auth" "context" "toplevel" "object" "AUTH" "username" "u" "age-seconds" ~"^[0-9.]+$" "client-info" ~"^id=\\d+ addr=.* flags=N .* multi=-1 .* cmd=auth user=default " "entry-id" :0 "timestamp-created" :* "timestamp-last-updated" :*]]
3< [{"count": :1 "reason": "command" "context": "multi" "object": "exec" "username": "u" "age-seconds": ~"^[0-9.]+$" "client-info": ~"^id=\\d+ addr=.* flags=x .* multi=0 .* cmd=exec user=u " "entry-id": :4 "timestamp-created": :* "timestamp-last-updated": :*} {"count": :1 "reason": "command" "context": "multi" "object": "incr" "username": "u" "age-seconds": ~"^[0-9.]+$" "client-info": ~"^id=\\d+ addr=.* flags=x .* multi=0 .* cmd=incr user=u " "entry-id": :3 "timestamp-created": :* "timestamp-last-updated": :*} {"count": :1 "reason": "key" "context": "toplevel" "object": "b" "username": "u" "age-seconds": ~"^[0-9.]+$" "client-info": ~"^id=\\d+ addr=.* flags=N .* multi=-1 .* cmd=get user=u " "entry-id": :2 "timestamp-created": :* "timestamp-last-updated": :*} {"count": :2 "reason": "command" "context": "toplevel" "object": "set" "username": "u" "age-seconds": ~"^[0-9.]+$" "client-info": ~"^id=\\d+ addr=.* flags=N .* multi=-1 .* cmd=set user=u " "entry-id": :1 "timestamp-created": :* "timestamp-last-updated": :*} {"count": :1 "reason": "auth" "context": "toplevel" "object": "AUTH" "username": "u" "age-seconds": ~"^[0-9.]+$" "client-info": ~"^id=\\d+ addr=.* flags=N .* multi=-1 .* cmd=auth user=default " "entry-id": :0 "timestamp-created": :* "timestamp-last-updated": :*}]
> ACL LOG 1
2< [["count" :1 "reason" "command" "context" "multi" "object" "exec" "username" "u" "age-seconds" ~"^[0-9.]+$" "client-info" ~"^id=\\d+ addr=.* flags=x .* multi=0 .* cmd=exec user=u " "entry-id" :4 "timestamp-created" :* "timestamp-last-updated" :*]]
3< [{"count": :1 "reason": "command" "context": "multi" "object": "exec" "username": "u" "age-seconds": ~"^[0-9.]+$" "client-info": ~"^id=\\d+ addr=.* flags=x .* multi=0 .* cmd=exec user=u " "entry-id": :4 "timestamp-created": :* "timestamp-last-updated": :*}]
> ACL LOG 0
< []
> ACL LOG -1
< []
> CONFIG SET acllog-max-len 2
< +OK
> AUTH u wrong
< -WRONGPASS invalid username-password pair or user is disabled.
> ACL LOG
2< [["count" :2 "reason" "auth" "context" "toplevel" "object" "AUTH" "username" "u" "age-seconds" ~"^[0-9.]+$" "client-info" ~"^id=\\d+ addr=.* flags=N .* multi=-1 .* cmd=auth user=default " "entry-id" :0 "timestamp-created" :* "timestamp-last-updated" :*] ["count" :1 "reason" "command" "context" "multi" "object" "exec" "username" "u" "age-seconds" ~"^[0-9.]+$" "client-info" ~"^id=\\d+ addr=.* flags=x .* multi=0 .* cmd=exec user=u " "entry-id" :4 "timestamp-created" :* "timestamp-last-updated" :*] ["count" :1 "reason" "command" "context" "multi" "object" "incr" "username" "u" "age-seconds" ~"^[0-9.]+$" "client-info" ~"^id=\\d+ addr=.* flags=x .* multi=0 .* cmd=incr user=u " "entry-id" :3 "timestamp-created" :* "timestamp-last-updated" :*] ["count" :1 "reason" "key" "context" "toplevel" "object" "b" "username" "u" "age-seconds" ~"^[0-9.]+$" "client-info" ~"^id=\\d+ addr=.* flags=N .* multi=-1 .* cmd=get user=u " "entry-id" :2 "timestamp-created" :* "timestamp-last-updated" :*] ["count" :2 "reason" "command" "context" "toplevel" "object" "set" "username" "u" "age-seconds" ~"^[0-9.]+$" "client-info" ~"^id=\\d+ addr=.* flags=N .* multi=-1 .* cmd=set user=u " "entry-id" :1 "timestamp-created" :* "timestamp-last-updated" :*]]
3< [{"count": :2 "reason": "auth" "context": "toplevel" "object": "AUTH" "username": "u" "age-seconds": ~"^[0-9.]+$" "client-info": ~"^id=\\d+ addr=.* flags=N .* multi=-1 .* cmd=auth user=default " "entry-id": :0 "timestamp-created": :* "timestamp-last-updated": :*} {"count": :1 "reason": "command" "context": "multi" "object": "exec" "username": "u" "age-seconds": ~"^[0-9.]+$" "client-info": ~"^id=\\d+ addr=.* flags=x .* multi=0 .* cmd=exec user=u " "entry-id": :4 "timestamp-created": :* "timestamp-last-updated": :*} {"count": :1 "reason": "command" "context": "multi" "object": "incr" "username": "u" "age-seconds": ~"^[0-9.]+$" "client-info": ~"^id=\\d+ addr=.* flags=x .* multi=0 .* cmd=incr user=u " "entry-id": :3 "timestamp-created": :* "timestamp-last-updated": :*} {"count": :1 "reason": "key" "context": "toplevel" "object": "b" "username": "u" "age-seconds": ~"^[0-9.]+$" "client-info": ~"^id=\\d+ addr=.* flags=N .* multi=-1 .* cmd=get user=u " "entry-id": :2 "timestamp-created": :* "timestamp-last-updated": :*} {"count": :2 "reason": "command" "context": "toplevel" "object": "set" "username": "u" "age-seconds": ~"^[0-9.]+$" "client-info": ~"^id=\\d+ addr=.* flags=N .* multi=-1 .* cmd=set user=u " "entry-id": :1 "timestamp-created": :* "timestamp-last-updated": :*}]
> CONFIG SET acllog-max-len 128
< +OK
> ACL LOG RESET
< +OK
> ACL LOG
< []
> ACL DELUSER u
< :1
