# SAVE writes the data, DEBUG RELOAD reads it again.
args: --enable-debug-command yes

== save
> SET a 1
< +OK
> SAVE
< +OK
> SAVE now
< -ERR wrong number of arguments for 'save' command
> SET b 2
< +OK
> DEBUG RELOAD NOSAVE
< +OK
> EXISTS a b
< :1
> SET b 2
< +OK
> DEBUG RELOAD
< +OK
> EXISTS a b
< :2

== options of reload
> DEBUG RELOAD SOMEHOW
< -ERR DEBUG RELOAD only supports the MERGE, NOFLUSH and NOSAVE options.
> SET a 1
< +OK
> SAVE
< +OK
> FLUSHALL
< +OK
> SET c 3
< +OK
> DEBUG RELOAD NOSAVE NOFLUSH
< +OK
> MGET a c
< ["1" "3"]
> SET a 2
< +OK
> DEBUG RELOAD nosave noflush merge
< +OK
> MGET a c
< ["1" "3"]

== not in transactions and scripts
> MULTI
< +OK
> SAVE
< -ERR Command not allowed inside a transaction
> EXEC
< -EXECABORT Transaction discarded because of previous errors.
> EVAL "return redis.call('save')" 0
< -ERR This Redis command is not allowed from script script: 6193f10595eca2a5c1f0a13b9bf6b16068e2fbea, on @user_script:1.

== functions are kept
> FUNCTION LOAD "#!lua name=lib\nredis.register_function('answer', function() return 42 end)"
< "lib"
> DEBUG RELOAD
< +OK
> FCALL answer 0
< :42
> FUNCTION FLUSH
< +OK
> DEBUG RELOAD NOSAVE
< +OK
> FCALL answer 0
< :42
> DEBUG RELOAD NOSAVE NOFLUSH MERGE
< +OK
> FCALL answer 0
< :42
