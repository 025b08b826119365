# INFO, TIME, LOLWUT, DEBUG, SHUTDOWN's refusals.

== info
> INFO server
< ~redis_version:8\.0\.6\r\n
> INFO nosuch
< =txt:""
> INFO keyspace
< =txt:"# Keyspace\r\n"
> SET a 1
< +OK
> SET b 1 EX 100
< +OK
> INFO keyspace
< ~^# Keyspace\r\ndb0:keys=2,expires=1,avg_ttl=\d+
> INFO clients
< ~connected_clients:\d+\r\n
> INFO memory
< ~used_memory:\d+\r\n
> INFO stats
< ~total_commands_processed:\d+\r\n
> INFO commandstats
< ~cmdstat_set:calls=\d+,usec=\d+,usec_per_call=[0-9.]+,rejected_calls=0,failed_calls=0
> INFO replication
< ~role:master\r\n
> INFO cpu
< ~used_cpu_user:\d+\.\d+
> INFO server keyspace
< ~# Server.*# Keyspace

== error statistics
> CONFIG RESETSTAT
< +OK
> NOSUCH
< -"ERR unknown command 'NOSUCH', with args beginning with: "
> HSET h f v
< :1
> INCR h
< -WRONGTYPE Operation against a key holding the wrong kind of value
> INFO errorstats
< ~errorstat_ERR:count=1\r\nerrorstat_WRONGTYPE:count=1

== time and lolwut
> TIME
< [~"^\\d{10}$" ~"^\\d{1,6}$"]
> TIME x
< -ERR wrong number of arguments for 'time' command
> LOLWUT
< ~ver\. 8\.0\.6
> LOLWUT VERSION abc
< -ERR value is not an integer or out of range

== refusals
> SHUTDOWN NONSENSE
< -ERR syntax error
> SHUTDOWN SAVE NOSAVE
< -ERR syntax error
> DEBUG SLEEP 0
< -ERR DEBUG command not allowed. If the enable-debug-command option is set to "local", you can run it from a local connection, otherwise you need to set this option in the configuration file, and then restart the server.
> SWAPDB
< -ERR wrong number of arguments for 'swapdb' command
> FLUSHALL x y
< -ERR syntax error
> CONFIG
< -ERR wrong number of arguments for 'config' command

== times to live as long as can be
> FLUSHALL
< +OK
> PSETEX a 9223370000000000000 v
< +OK
> PSETEX b 9223370000000000000 v
< +OK
> PSETEX c 9223370000000000000 v
< +OK
> INFO keyspace
< ~(?s)db0:keys=3,expires=3,avg_ttl=\d+
> DEL a b c
< :3
