# What a server without replicas, which follows nobody and is no node of a cluster, answers to those who ask.
== the role
> ROLE
< ["master" :0 []]
> REPLICAOF NO ONE
< +OK
> SLAVEOF no one
< +OK
> REPLICAOF host port
< -ERR Invalid master port
> REPLICAOF host 99999
< -ERR Invalid master port
> REPLICAOF no
< -ERR wrong number of arguments for 'replicaof' command
> ROLE now
< -ERR wrong number of arguments for 'role' command

== failover
> FAILOVER
< -ERR FAILOVER requires connected replicas.
> FAILOVER ABORT
< -ERR No failover in progress.
> FAILOVER TO host 1 FORCE TIMEOUT 5
< -ERR FAILOVER requires connected replicas.
> FAILOVER TIMEOUT 0
< -ERR FAILOVER timeout must be greater than 0
> FAILOVER TIMEOUT x
< -ERR value is not an integer or out of range
> FAILOVER TO host
< -ERR syntax error
> FAILOVER FORCE FORCE
< -ERR syntax error

== what replicas say
> REPLCONF listening-port 1
< +OK
> REPLCONF capa eof ip-address a
< +OK
> REPLCONF a
< -ERR syntax error
> REPLCONF a b
< -ERR Unrecognized REPLCONF option: a
> REPLCONF listening-port x
< -ERR value is not an integer or out of range

== what is refused here
only: redstart
> REPLICAOF 127.0.0.1 1
< -ERR Redstart has no replication yet: it cannot follow another server
> SYNC
< -ERR Redstart has no replication yet: it cannot serve replicas
> PSYNC ? -1
< -ERR Redstart has no replication yet: it cannot serve replicas
> SET k v
< +OK
> MIGRATE 127.0.0.1 1 k 0 1
< -ERR MIGRATE is not there yet: Redstart sends no keys to other servers

== MIGRATE
> MIGRATE 127.0.0.1 1 k 0 1
< +NOKEY
> MIGRATE 127.0.0.1 1 "" 0 1 COPY REPLACE AUTH secret KEYS a b
< +NOKEY
> MIGRATE 127.0.0.1 1 "" 0 1 AUTH2 user secret KEYS a b
< +NOKEY
> MIGRATE 127.0.0.1 1 k x 1
< -ERR value is not an integer or out of range
> MIGRATE 127.0.0.1 1 k 0 x
< -ERR value is not an integer or out of range
> MIGRATE 127.0.0.1 1 k 0 1 AUTH
< -ERR syntax error
> MIGRATE 127.0.0.1 1 k 0 1 other
< -ERR syntax error
> MIGRATE 127.0.0.1 1 k 0 1 KEYS a
< -ERR When using MIGRATE KEYS option, the key argument must be set to the empty string
> COMMAND GETKEYS MIGRATE 127.0.0.1 1 k 0 1
< ["k"]

== the cluster is off
> CLUSTER INFO
< -ERR This instance has cluster support disabled
> CLUSTER KEYSLOT k
< -ERR This instance has cluster support disabled
> CLUSTER HELP
< -ERR This instance has cluster support disabled
> CLUSTER SHARDS
< -ERR This instance has cluster support disabled
> CLUSTER nosuch
< -ERR unknown subcommand 'nosuch'. Try CLUSTER HELP.
> CLUSTER INFO more
< -ERR wrong number of arguments for 'cluster|info' command
> CLUSTER
< -ERR wrong number of arguments for 'cluster' command
> READONLY
< -ERR This instance has cluster support disabled
> READWRITE
< -ERR This instance has cluster support disabled
> ASKING
< -ERR This instance has cluster support disabled

== rules that name these commands
> ACL SETUSER ops on nopass +cluster -cluster|reset +replicaof +role -migrate +failover -readonly ~*
< +OK
> ACL SETUSER ops -slaveof +psync +replconf +sync -asking +readwrite
< +OK
> ACL DRYRUN ops CLUSTER INFO
< +OK
> ACL DRYRUN ops CLUSTER RESET
< "User ops has no permissions to run the 'cluster|reset' command"
> ACL DELUSER ops
< :1

== writes wait for replicas that are wanted
> CONFIG SET min-replicas-to-write 1
< +OK
> SET k v
< -NOREPLICAS Not enough good replicas to write.
> GET k
< (nil)
> PING
< +PONG
> EVAL "return redis.call('set', 'k', 'v')" 1 k
< ~^-?NOREPLICAS Not enough good replicas to write\. script: 
> EVAL "#!lua\nreturn 1" 0
< -NOREPLICAS Not enough good replicas to write.
> EVAL "#!lua flags=no-writes\nreturn 1" 0
< :1
> MULTI
< +OK
> SET k v
< -NOREPLICAS Not enough good replicas to write.
> EXEC
< -EXECABORT Transaction discarded because of previous errors.
> CONFIG SET min-replicas-max-lag 0
< +OK
> SET k v
< +OK
> CONFIG SET min-replicas-max-lag 10 min-replicas-to-write 0
< +OK
> SET k w
< +OK
