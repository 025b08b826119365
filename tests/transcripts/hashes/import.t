# HIMPORT of Redis 8.10: hashes whose field names the connection has sent before.

== prepared, set, discarded
only: redstart
> HIMPORT PREPARE user name email age
< +OK
> HIMPORT SET user:1 user alice alice@example.com 30
< +OK
> HIMPORT SET user:2 user bob bob@example.com 25
< +OK
> HGETALL user:1
< {"name": "alice" "email": "alice@example.com" "age": "30"}
> HGET user:2 age
< "25"
> OBJECT ENCODING user:1
< "listpack"
> HIMPORT DISCARD user
< :1
> HIMPORT DISCARD user
< :0
> HIMPORT SET user:3 user carol carol@example.com 20
< -ERR no such fieldset
> HGETALL user:1
< {"name": "alice" "email": "alice@example.com" "age": "30"}
> HIMPORT PREPARE a f
< +OK
> HIMPORT PREPARE b f g
< +OK
> HIMPORT PREPARE b x y
< +OK
> HIMPORT SET k b 1 2
< +OK
> HGETALL k
< {"x": "1" "y": "2"}
> HIMPORT DISCARDALL
< :2
> HIMPORT DISCARDALL
< :0

== a name may be empty
only: redstart
> HIMPORT PREPARE "" ""
< +OK
> HIMPORT SET k "" value
< +OK
> HGETALL k
< {"": "value"}
> HIMPORT DISCARD ""
< :1

== a hash is replaced, with its time
only: redstart
> HIMPORT PREPARE set f g
< +OK
> HSET k old value f 0
< :2
> EXPIRE k 1000
< :1
> HEXPIRE k 1000 FIELDS 1 f
< [:1]
> HIMPORT SET k set 1 2
< +OK
> TTL k
< :-1
> HTTL k FIELDS 1 f
< [:-1]
> HGETALL k
< {"f": "1" "g": "2"}
> SET text value
< +OK
> HIMPORT SET text set 1 2
< -WRONGTYPE Operation against a key holding the wrong kind of value
> HIMPORT SET text nothing 1 2
< -WRONGTYPE Operation against a key holding the wrong kind of value
> HIMPORT SET text set 1
< -WRONGTYPE Operation against a key holding the wrong kind of value
> GET text
< "value"

== large hashes
only: redstart
> HIMPORT PREPARE set f g
< +OK
> CONFIG SET hash-max-listpack-entries 1
< +OK
> HIMPORT SET k set 1 2
< +OK
> OBJECT ENCODING k
< "hashtable"
> HMGET k f g
< ["1" "2"]
> CONFIG SET hash-max-listpack-entries 128 hash-max-listpack-value 4
< +OK
> HIMPORT SET k set 1 12345
< +OK
> OBJECT ENCODING k
< "hashtable"
> HIMPORT SET k set 1 1234
< +OK
> OBJECT ENCODING k
< "listpack"
> CONFIG SET hash-max-listpack-value 64
< +OK

== sets are a connection's own
only: redstart
> HIMPORT PREPARE set f
< +OK
other> HIMPORT SET k set 1
other< -ERR no such fieldset
other> HIMPORT PREPARE set g
other< +OK
> HIMPORT SET k set 1
< +OK
> HGETALL k
< {"f": "1"}
> RESET
< +RESET
> HIMPORT SET k set 1
< -ERR no such fieldset
> HIMPORT DISCARDALL
< :0
other> HIMPORT DISCARDALL
other< :1

== refused
only: redstart
> HIMPORT
< -ERR wrong number of arguments for 'himport' command
> HIMPORT nonsense
< -ERR unknown subcommand 'nonsense'. Try HIMPORT HELP.
> HIMPORT PREPARE
< -ERR wrong number of arguments for 'himport|prepare' command
> HIMPORT PREPARE set
< -ERR wrong number of arguments for 'himport|prepare' command
> HIMPORT PREPARE set f f
< -ERR duplicate field name in fieldset
> HIMPORT PREPARE set f g f
< -ERR duplicate field name in fieldset
> HIMPORT SET k set 1
< -ERR no such fieldset
> HIMPORT PREPARE set f g
< +OK
> HIMPORT PREPARE set f f
< -ERR duplicate field name in fieldset
> HIMPORT SET k set 1
< -ERR value count does not match fieldset field count
> HIMPORT SET k set 1 2 3
< -ERR value count does not match fieldset field count
> HIMPORT SET k set
< -ERR wrong number of arguments for 'himport|set' command
> HIMPORT DISCARD
< -ERR wrong number of arguments for 'himport|discard' command
> HIMPORT DISCARD a b
< -ERR wrong number of arguments for 'himport|discard' command
> HIMPORT DISCARDALL a
< -ERR wrong number of arguments for 'himport|discardall' command
> EXISTS k
< :0
> COMMAND GETKEYS HIMPORT SET k set 1 2
< ["k"]
