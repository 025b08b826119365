# SCRIPT and EVALSHA: the cache of scripts.

== load, run, flush
> SCRIPT LOAD "return 1"
< "e0e1f9fabfc9d4800c877a703b823ac0578ff8db"
> EVALSHA e0e1f9fabfc9d4800c877a703b823ac0578ff8db 0
< :1
> EVALSHA E0E1F9FABFC9D4800C877A703B823AC0578FF8DB 0
< :1
> EVALSHA_RO e0e1f9fabfc9d4800c877a703b823ac0578ff8db 0
< :1
> SCRIPT EXISTS e0e1f9fabfc9d4800c877a703b823ac0578ff8db E0E1F9FABFC9D4800C877A703B823AC0578FF8DB x
< [:1 :1 :0]
> EVALSHA x 0
< -NOSCRIPT No matching script. Please use EVAL.
> EVALSHA 0000000000000000000000000000000000000000 0
< -NOSCRIPT No matching script. Please use EVAL.
> EVALSHA e0e1f9fabfc9d4800c877a703b823ac0578ff8db
< -ERR wrong number of arguments for 'evalsha' command
> SCRIPT LOAD "x="
< -ERR Error compiling script (new function): user_script:1: unexpected symbol near '<eof>'
> SCRIPT LOAD
< -ERR wrong number of arguments for 'script|load' command
> SCRIPT FLUSH x
< -ERR SCRIPT FLUSH only support SYNC|ASYNC option
> SCRIPT FLUSH SYNC x
< -ERR SCRIPT FLUSH only support SYNC|ASYNC option
> SCRIPT FLUSH SYNC
< +OK
> SCRIPT EXISTS e0e1f9fabfc9d4800c877a703b823ac0578ff8db
< [:0]
> EVALSHA e0e1f9fabfc9d4800c877a703b823ac0578ff8db 0
< -NOSCRIPT No matching script. Please use EVAL.
> EVAL "return 1" 0
< :1
> EVALSHA e0e1f9fabfc9d4800c877a703b823ac0578ff8db 0
< :1
> SCRIPT FLUSH ASYNC
< +OK
> EVALSHA e0e1f9fabfc9d4800c877a703b823ac0578ff8db 0
< -NOSCRIPT No matching script. Please use EVAL.
> SCRIPT KILL
< -NOTBUSY No scripts in execution right now.
> SCRIPT DEBUG no
< +OK
> SCRIPT DEBUG x
< -ERR Use SCRIPT DEBUG YES/SYNC/NO
> SCRIPT NOSUCH
< -ERR unknown subcommand 'NOSUCH'. Try SCRIPT HELP.
> SCRIPT
< -ERR wrong number of arguments for 'script' command

== the first line
> EVAL "#!lua\nreturn 1" 0
< :1
> EVAL "#!lua" 0
< -ERR Invalid script shebang
> EVAL "#!\nreturn 1" 0
< -ERR Unexpected engine in script shebang: #!
> EVAL "#!foo\nreturn 1" 0
< -ERR Unexpected engine in script shebang: #!foo
> EVAL "#!lua name=x\nreturn 1" 0
< -ERR Unknown lua shebang option: name=x
> EVAL "#!lua flags=no-writes,foo\nreturn 1" 0
< -ERR Unexpected flag in script shebang: foo
> EVAL "#!lua flags=\nreturn 1" 0
< :1
> EVAL "#!lua flags=allow-oom,\nreturn 1" 0
< -"ERR Unexpected flag in script shebang: "
> EVAL "#!lua\nreturn redis.call(\"foo\")" 0
< -ERR Unknown Redis command called from script script: 49d2873c283c1e698f0987e3f1df798f4b828fa8, on @user_script:2.
> EVAL "#!lua flags=allow-stale,no-cluster,allow-cross-slot-keys,allow-oom\nreturn 1" 0
< :1
> EVAL "#!lua flags=no-writes\nreturn redis.call(\"set\",KEYS[1],1)" 0
< -ERR Lua redis lib command arguments must be strings or integers script: b87cbb6b137a5c613e1ef78e5971ec36db27c258, on @user_script:2.
> EVAL "#!lua flags=\"no-writes\"\nreturn 2" 0
< :2
> EVAL " #!lua\nreturn 1" 0
< -ERR Error compiling script (new function): user_script:1: unexpected symbol near '#'
> EVAL "#!LUA\nreturn 1" 0
< -ERR Unexpected engine in script shebang: #!LUA
> EVAL "#!lua \"flags=no-writes\nreturn 1" 0
< -ERR Invalid engine in script shebang
> EVAL_RO "#!lua\nreturn 1" 0
< -ERR Can not execute a script with write flag using *_ro command.
> EVAL_RO "#!lua flags=no-writes\nreturn 1" 0
< :1

== keys that are not declared
> EVAL "#!lua\nredis.call(\"set\",KEYS[1],1) redis.call(\"set\",\"other1\",1) return redis.call(\"set\",\"other2\",1)" 1 k
< +OK
> GET other2
< "1"
> EVAL "#!lua\nreturn #redis.call(\"keys\",\"ot*\")" 1 k
< :2
> EVAL "#!lua\nreturn {redis.call(\"get\",KEYS[1]),redis.call(\"get\",\"other1\")}" 1 k
< ["1" "1"]
