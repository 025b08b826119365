# Permissions on databases, as Valkey has them.

== rules
only: redstart valkey
> ACL SETUSER u on nopass +@all ~* db=1,0,1
< +OK
> ACL DRYRUN u GET k
< +OK
> ACL DRYRUN u SELECT 1
< +OK
> ACL DRYRUN u SELECT 2
< "User u has no permissions to access database 2"
> ACL DRYRUN u SELECT x
< +OK
> ACL DRYRUN u SELECT 99
< +OK
> ACL DRYRUN u MOVE k 2
< "User u has no permissions to access database 2"
> ACL DRYRUN u SWAPDB 0 2
< "User u has no permissions to access database 2"
> ACL DRYRUN u SWAPDB 0 1
< +OK
> ACL DRYRUN u COPY a b DB 1
< +OK
> ACL DRYRUN u COPY a b REPLACE DB 2
< "User u has no permissions to access database 2"
> ACL DRYRUN u COPY a b DB 2 DB 1
< "User u has no permissions to access database 2"
> ACL DRYRUN u FLUSHALL
< "User u has no permissions to access database FLUSHALL"
> ACL DRYRUN u FLUSHDB
< +OK
> ACL DRYRUN u PING
< +OK
> SELECT 3
< +OK
> ACL DRYRUN u PING
< +OK
> ACL DRYRUN u GET k
< "User u has no permissions to access database GET"
> ACL DRYRUN u KEYS *
< "User u has no permissions to access database KEYS"
> ACL DRYRUN u COPY a b DB 1
< "User u has no permissions to access database COPY"
> ACL DRYRUN u MOVE k 1
< "User u has no permissions to access database MOVE"
> ACL DRYRUN u SWAPDB 0 1
< +OK
> SELECT 0
< +OK
> ACL SETUSER u db=
< -ERR Error in ACL SETUSER modifier 'db=': Syntax error
> ACL SETUSER u db=,1
< -ERR Error in ACL SETUSER modifier 'db=,1': Syntax error
> ACL SETUSER u db=1,
< -ERR Error in ACL SETUSER modifier 'db=1,': Syntax error
> ACL SETUSER u db=1,,2
< -ERR Error in ACL SETUSER modifier 'db=1,,2': Syntax error
> ACL SETUSER u db=x
< -ERR Error in ACL SETUSER modifier 'db=x': Syntax error
> ACL SETUSER u db=-1
< -ERR Error in ACL SETUSER modifier 'db=-1': The provided database ID is out of range
> ACL SETUSER u db=2147483648
< -ERR Error in ACL SETUSER modifier 'db=2147483648': The provided database ID is out of range
> ACL SETUSER u resetdbs
< +OK
> ACL DRYRUN u SELECT 0
< "User u has no permissions to access database 0"
> ACL DRYRUN u ACL WHOAMI
< +OK
> ACL SETUSER u alldbs
< +OK
> ACL DRYRUN u FLUSHALL
< +OK
> ACL DELUSER u
< :1

== a session
only: redstart valkey
> ACL SETUSER u on nopass +@all ~* db=0,1 (db=2 +get +select ~*)
< +OK
a> AUTH u x
a< +OK
a> SET k v
a< +OK
a> SELECT 2
a< +OK
a> GET k
a< (nil)
a> SET k v
a< -NOPERM User u has no permissions to run the 'set' command
a> SELECT 3
a< -NOPERM No permissions to access database
a> SELECT 1
a< +OK
a> MULTI
a< +OK
a> SET k v
a< +QUEUED
a> SELECT 2
a< +QUEUED
a> GET k
a< +QUEUED
a> SET k v
a< -NOPERM User u has no permissions to run the 'set' command
a> EXEC
a< -EXECABORT Transaction discarded because of previous errors.
a> MULTI
a< +OK
a> SELECT 0
a< +QUEUED
a> SET k v
a< +QUEUED
> ACL SETUSER u db=1
< +OK
a> EXEC
a< [-"NOPERM ACLs rules changed between the moment the transaction was accumulated and the EXEC call. This command is no longer allowed for the following reason: no permission" +"OK"]
a> GET k
a< "v"
> ACL DELUSER u
< :1
