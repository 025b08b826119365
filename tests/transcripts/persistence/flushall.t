# FLUSHALL saves that there is nothing left, where there are save points.
args: --enable-debug-command yes

== with save points
> SET a 1
< +OK
> SAVE
< +OK
> CONFIG SET save "3600 1"
< +OK
> FLUSHALL
< +OK
> DEBUG RELOAD NOSAVE
< +OK
> DBSIZE
< :0

== in a transaction, and in a script
> CONFIG SET save ""
< +OK
> SET a 1
< +OK
> SAVE
< +OK
> CONFIG SET save "3600 1"
< +OK
> MULTI
< +OK
> FLUSHALL
< +QUEUED
> SET b 2
< +QUEUED
> EXEC
< [+"OK" +"OK"]
> DEBUG RELOAD NOSAVE
< +OK
> DBSIZE
< :0
> SET a 1
< +OK
> SAVE
< +OK
> EVAL "return redis.call('FLUSHALL')" 0
< +OK
> DEBUG RELOAD NOSAVE
< +OK
> DBSIZE
< :0

== without
> CONFIG SET save ""
< +OK
> SET a 1
< +OK
> SAVE
< +OK
> FLUSHALL
< +OK
> DEBUG RELOAD NOSAVE
< +OK
> EXISTS a
< :1

== of one database
> CONFIG SET save "3600 1"
< +OK
> SET a 1
< +OK
> SAVE
< +OK
> FLUSHDB
< +OK
> DEBUG RELOAD NOSAVE
< +OK
> EXISTS a
< :1
