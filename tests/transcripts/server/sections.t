# Sections of INFO, alone and together, and MEMORY USAGE.

== sections are shown once, in their own order
> INFO nosuch
< =txt:""
> INFO CLUSTER
< =txt:"# Cluster\r\ncluster_enabled:0\r\n"
> INFO keyspace cluster keyspace
< =txt:"# Cluster\r\ncluster_enabled:0\r\n\r\n# Keyspace\r\n"
> INFO server nosuch
< ~^# Server\r\nredis_version:8\.0\.6\r\n
> INFO
< ~(?s)# Server.*# Clients.*# Memory.*# Persistence.*# Threads.*# Stats.*# Replication.*# CPU.*# Modules.*# Errorstats.*# Cluster.*# Keyspace
> INFO all
< ~(?s)# Modules.*# Commandstats.*# Errorstats.*# Latencystats.*# Cluster
> SET k v
< +OK
> INFO keysizes
< =txt:"# Keysizes\r\ndb0_distrib_strings_sizes:1=1\r\n"

== statistics begin again
> PING
< +PONG
> CONFIG RESETSTAT
< +OK
> INFO commandstats
< ~^# Commandstats\r\ncmdstat_config\|resetstat:calls=1,
> NOSUCH
< -"ERR unknown command 'NOSUCH', with args beginning with: "
> GET
< -ERR wrong number of arguments for 'get' command
> INFO commandstats
< ~cmdstat_get:calls=0,usec=0,usec_per_call=0.00,rejected_calls=1,failed_calls=0
> INFO stats
< ~total_error_replies:2\r\n
> INFO errorstats
< =txt:"# Errorstats\r\nerrorstat_ERR:count=2\r\n"

== memory usage
> MEMORY USAGE missing
< (nil)
> SET k v
< +OK
> MEMORY USAGE k
< :1..200
> MEMORY USAGE k SAMPLES 0
< :1..200
> MEMORY USAGE k SAMPLES -1
< -ERR syntax error
> MEMORY USAGE k SAMPLES x
< -ERR value is not an integer or out of range
> MEMORY USAGE k SAMPLES
< -ERR syntax error
> MEMORY USAGE
< -ERR wrong number of arguments for 'memory|usage' command
> MEMORY NONSENSE
< -ERR unknown subcommand 'NONSENSE'. Try MEMORY HELP.

== the line of a database has four parts, which is what exporters take apart
> SET k v EX 1000
< +OK
> HSET h f v g w
< :2
> HPEXPIRE h 100000 FIELDS 1 f
< [:1]
> INFO keyspace
< ~^# Keyspace\r\ndb0:keys=2,expires=1,avg_ttl=\d+,subexpiry=1\r\n$
