# CONFIG GET and SET.

== get
> CONFIG GET maxmemory
< {"maxmemory": "0"}
> CONFIG GET maxmemory hz
< any-order {"hz": "10" "maxmemory": "0"}
> CONFIG GET MAXMEMORY
< {"MAXMEMORY": "0"}
> CONFIG GET hash-max-listpack-*
< any-order {"hash-max-listpack-entries": "512" "hash-max-listpack-value": "64"}
> CONFIG GET no-such-thing
< {}
> CONFIG GET
< -ERR wrong number of arguments for 'config|get' command
> CONFIG GET save
< {"save": ""}
> CONFIG GET databases
< {"databases": "16"}

== set
> CONFIG SET maxmemory 100mb
< +OK
> CONFIG GET maxmemory
< {"maxmemory": "104857600"}
> CONFIG SET maxmemory 1GB
< +OK
> CONFIG GET maxmemory
< {"maxmemory": "1073741824"}
> CONFIG SET maxmemory 0
< +OK
> CONFIG SET maxmemory abc
< -ERR CONFIG SET failed (possibly related to argument 'maxmemory') - argument must be a memory value
> CONFIG SET hll-sparse-max-bytes "100\x00 and more"
< +OK
> CONFIG GET hll-sparse-max-bytes
< {"hll-sparse-max-bytes": "100"}
> CONFIG SET hll-sparse-max-bytes 3000
< +OK
> CONFIG SET maxmemory-policy allkeys-lru
< +OK
> CONFIG GET maxmemory-policy
< {"maxmemory-policy": "allkeys-lru"}
> CONFIG SET maxmemory-policy nonsense
< ~'maxmemory-policy'\) - argument\(s\) must be one of the following: volatile-lru, .*, allkeys-random, .*noeviction$
> CONFIG SET maxmemory-policy noeviction
< +OK
> CONFIG SET no-such-thing 1
< -ERR Unknown option or number of arguments for CONFIG SET - 'no-such-thing'
> CONFIG SET hz 20 maxmemory 5mb
< +OK
> CONFIG GET hz
< {"hz": "20"}
> CONFIG SET hz 10 maxmemory 0
< +OK
> CONFIG SET hz abc
< -ERR CONFIG SET failed (possibly related to argument 'hz') - argument couldn't be parsed into an integer
> CONFIG SET hz 15 no-such-thing 1
< -ERR Unknown option or number of arguments for CONFIG SET - 'no-such-thing'
> CONFIG GET hz
< {"hz": "10"}
> CONFIG SET hz 11 hz 12
< -ERR CONFIG SET failed (possibly related to argument 'hz') - duplicate parameter
> CONFIG SET hz
< -ERR wrong number of arguments for 'config|set' command
> CONFIG SET databases 5
< -ERR CONFIG SET failed (possibly related to argument 'databases') - can't set immutable config
> CONFIG SET port 70000
< -ERR CONFIG SET failed (possibly related to argument 'port') - argument must be between 0 and 65535 inclusive
> CONFIG SET timeout -1
< -ERR CONFIG SET failed (possibly related to argument 'timeout') - argument must be between 0 and 2147483647 inclusive
> CONFIG SET appendonly maybe
< -ERR CONFIG SET failed (possibly related to argument 'appendonly') - argument must be 'yes' or 'no'
> CONFIG RESETSTAT
< +OK
> CONFIG RESETSTAT x
< -ERR wrong number of arguments for 'config|resetstat' command
> CONFIG REWRITE
< -ERR The server is running without a config file
> CONFIG NONSENSE
< -ERR unknown subcommand 'NONSENSE'. Try CONFIG HELP.
> CONFIG
< -ERR wrong number of arguments for 'config' command
