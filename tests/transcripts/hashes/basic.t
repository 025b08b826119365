# Hashes: fields in and out.

== set and get
> HSET h f v
< :1
> HSET h f w g x
< :1
> HGET h f
< "w"
> HGET h missing
< (nil)
> HGET missing f
< (nil)
> HSET h
< -ERR wrong number of arguments for 'hset' command
> HSET h f
< -ERR wrong number of arguments for 'hset' command
> HSET h f v g
< -ERR wrong number of arguments for 'hset' command
> HSETNX h f y
< :0
> HSETNX h new y
< :1
> HSETNX h f
< -ERR wrong number of arguments for 'hsetnx' command
> HMSET h a 1 b 2
< +OK
> HMSET h a
< -ERR wrong number of arguments for 'hmset' command
> HMSET h a 1 b
< -ERR wrong number of arguments for 'hmset' command
> HMGET h a b missing f
< ["1" "2" (nil) "w"]
> HMGET missing a
< [(nil)]
> HMGET h
< -ERR wrong number of arguments for 'hmget' command
> HLEN h
< :5
> HLEN missing
< :0
> HSTRLEN h f
< :1
> HSTRLEN h missing
< :0
> HSTRLEN missing f
< :0
> HEXISTS h f
< :1
> HEXISTS h missing
< :0
> HEXISTS missing f
< :0
> HSET h "" "" "\x00" "\xff"
< :2
> HGET h ""
< ""
> HGET h "\x00"
< "\xff"

== all of it
> HGETALL missing
< {}
> HKEYS missing
< []
> HVALS missing
< []
> HSET h a 1 b 2 c 3
< :3
> HGETALL h
< {"a": "1" "b": "2" "c": "3"}
> HKEYS h
< ["a" "b" "c"]
> HVALS h
< ["1" "2" "3"]
> HGETALL
< -ERR wrong number of arguments for 'hgetall' command
> HKEYS h x
< -ERR wrong number of arguments for 'hkeys' command

== delete
> HSET h a 1 b 2 c 3
< :3
> HDEL h a missing
< :1
> HDEL h
< -ERR wrong number of arguments for 'hdel' command
> HDEL missing a
< :0
> HDEL h b c
< :2
> EXISTS h
< :0
> TYPE h
< +none

== wrong type
> SET s v
< +OK
> HSET s f v
< -WRONGTYPE Operation against a key holding the wrong kind of value
> HSETNX s f v
< -WRONGTYPE Operation against a key holding the wrong kind of value
> HMSET s f v
< -WRONGTYPE Operation against a key holding the wrong kind of value
> HGET s f
< -WRONGTYPE Operation against a key holding the wrong kind of value
> HMGET s f
< -WRONGTYPE Operation against a key holding the wrong kind of value
> HGETALL s
< -WRONGTYPE Operation against a key holding the wrong kind of value
> HKEYS s
< -WRONGTYPE Operation against a key holding the wrong kind of value
> HVALS s
< -WRONGTYPE Operation against a key holding the wrong kind of value
> HLEN s
< -WRONGTYPE Operation against a key holding the wrong kind of value
> HSTRLEN s f
< -WRONGTYPE Operation against a key holding the wrong kind of value
> HEXISTS s f
< -WRONGTYPE Operation against a key holding the wrong kind of value
> HDEL s f
< -WRONGTYPE Operation against a key holding the wrong kind of value
> HINCRBY s f 1
< -WRONGTYPE Operation against a key holding the wrong kind of value
> HINCRBYFLOAT s f 1
< -WRONGTYPE Operation against a key holding the wrong kind of value
> HRANDFIELD s
< -WRONGTYPE Operation against a key holding the wrong kind of value
> HSCAN s 0
< -WRONGTYPE Operation against a key holding the wrong kind of value
> GET s
< "v"

== numbers
> HINCRBY h n 5
< :5
> HINCRBY h n -10
< :-5
> HINCRBY h n abc
< -ERR value is not an integer or out of range
> HINCRBY h n
< -ERR wrong number of arguments for 'hincrby' command
> HSET h t text
< :1
> HINCRBY h t 1
< -ERR hash value is not an integer
> HSET h max 9223372036854775807
< :1
> HINCRBY h max 1
< -ERR increment or decrement would overflow
> HINCRBY h max -1
< :9223372036854775806
> HSET h sp " 1"
< :1
> HINCRBY h sp 1
< -ERR hash value is not an integer
> HINCRBYFLOAT h x 1.5
< "1.5"
> HINCRBYFLOAT h x 1e3
< "1001.5"
> HINCRBYFLOAT h x -1001.5
< "0"
> HINCRBYFLOAT h n 0.1
< "-4.9"
> HINCRBYFLOAT h t 1
< -ERR hash value is not a float
> HINCRBYFLOAT h x abc
< -ERR value is not a valid float
> HINCRBYFLOAT h x inf
< -ERR value is NaN or Infinity
> HINCRBYFLOAT h x nan
< -ERR value is not a valid float
> HGETALL h
< {"n": "-4.9" "t": "text" "max": "9223372036854775806" "sp": " 1" "x": "0"}

== encodings
> HSET h f v
< :1
> OBJECT ENCODING h
< "listpack"
> HSET h f 1234567890123456789012345678901234567890123456789012345678901234
< :0
> OBJECT ENCODING h
< "listpack"
> HSET h f 12345678901234567890123456789012345678901234567890123456789012345
< :0
> OBJECT ENCODING h
< "hashtable"
> HDEL h f
< :1
> HSET h f v
< :1
> OBJECT ENCODING h
< "listpack"
> CONFIG SET hash-max-listpack-entries 2
< +OK
> HSET small a 1 b 2
< :2
> OBJECT ENCODING small
< "listpack"
> HSET small c 3
< :1
> OBJECT ENCODING small
< "hashtable"
> CONFIG SET hash-max-listpack-entries 512
< +OK
