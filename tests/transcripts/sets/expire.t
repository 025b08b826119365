# Members of sets that expire: as the commands on fields of hashes.
args: --enable-debug-command yes

== set, read, remove times
> SADD s a b c
< :3
> SEXPIRE s 100 MEMBERS 2 a missing
< [:1 :-2]
> STTL s MEMBERS 3 a b missing
< [:100 :-1 :-2]
> SEXPIREAT s 4102444800 MEMBERS 1 b
< [:1]
> SEXPIRETIME s MEMBERS 2 b c
< [:4102444800 :-1]
> SPEXPIRETIME s MEMBERS 1 b
< [:4102444800000]
> SPEXPIREAT s 4102444800500 NX MEMBERS 2 b c
< [:0 :1]
> SPEXPIREAT s 4102444800500 GT MEMBERS 2 b c
< [:1 :0]
> SPEXPIREAT s 4102444800400 LT MEMBERS 1 b
< [:1]
> SPEXPIREAT s 4102444800600 XX MEMBERS 2 b missing
< [:1 :-2]
> SPERSIST s MEMBERS 3 b missing b
< [:1 :-2 :-1]
> SPEXPIRETIME s MEMBERS 1 b
< [:-1]
> OBJECT ENCODING s
< "hashtable"
> SCARD s
< :3
> SPTTL missing MEMBERS 2 a b
< [:-2 :-2]
> SPERSIST missing MEMBERS 1 a
< [:-2]
> SEXPIRE missing 10 MEMBERS 1 a
< [:-2]

== a time in the past
> SADD s a b
< :2
> SEXPIRE s 0 MEMBERS 1 a
< [:2]
> SMEMBERS s
< ~["b"]
> SPEXPIREAT s 1 MEMBERS 1 b
< [:2]
> EXISTS s
< :0

== what stays and what goes
> SADD s a 1
< :2
> SEXPIREAT s 4102444800 MEMBERS 1 a
< [:1]
> SADD s a
< :0
> SEXPIRETIME s MEMBERS 1 a
< [:4102444800]
> SREM s a
< :1
> SADD s a
< :1
> SEXPIRETIME s MEMBERS 1 a
< [:-1]
> SEXPIREAT s 4102444800 MEMBERS 1 a
< [:1]
> SUNIONSTORE t s
< :2
> SEXPIRETIME t MEMBERS 1 a
< [:-1]
> COPY s u
< :1
> SEXPIRETIME u MEMBERS 1 a
< [:4102444800]

== refused
> SADD s a
< :1
> SEXPIRE s abc MEMBERS 1 a
< -ERR value is not an integer or out of range
> SEXPIRE s -1 MEMBERS 1 a
< -ERR invalid expire time, must be >= 0
> SEXPIRE s 9223372036854775807 MEMBERS 1 a
< -ERR invalid expire time in 'sexpire' command
> SEXPIRE s 10 FIELDS 1 a
< -ERR Mandatory argument MEMBERS is missing or not at the right position
> SEXPIRE s 10 MEMBERS 0 a
< -ERR Number of members must be a positive integer
> SEXPIRE s 10 MEMBERS 2 a
< -ERR The `nummembers` parameter must match the number of arguments
> SEXPIRE s 10 NX a b
< -ERR Mandatory argument MEMBERS is missing or not at the right position
> STTL s MEMBERS x a
< -ERR Number of members must be a positive integer
> SET k v
< +OK
> SEXPIRE k 10 MEMBERS 1 a
< -WRONGTYPE Operation against a key holding the wrong kind of value
> STTL k MEMBERS 1 a
< -WRONGTYPE Operation against a key holding the wrong kind of value
> SPERSIST k MEMBERS 1 a
< -WRONGTYPE Operation against a key holding the wrong kind of value

== picks from a set whose members are all past their time
only: redstart
> DEBUG SET-ACTIVE-EXPIRE 0
< +OK
> SADD s a b
< :2
> SPEXPIRE s 1 MEMBERS 2 a b
< [:1 :1]
sleep: 10
> SPOP s
< (nil)
> SPOP s 3
< ~[]
> SRANDMEMBER s
< (nil)
> SRANDMEMBER s 3
< []
> SRANDMEMBER s -3
< []
> DEBUG SET-ACTIVE-EXPIRE 1
< +OK
until> EXISTS s
< :0
