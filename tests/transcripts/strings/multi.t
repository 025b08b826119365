# MSET, MSETNX, MGET, LCS, and the newest many-key forms.

== mget and mset
> MSET a 1 b 2
< +OK
> MGET a b c
< ["1" "2" (nil)]
> HSET h f v
< :1
> MGET a h b
< ["1" (nil) "2"]
> MGET
< -ERR wrong number of arguments for 'mget' command
> MSET a
< -ERR wrong number of arguments for 'mset' command
> MSET a 1 b
< -ERR wrong number of arguments for 'mset' command
> MSET a 1 a 2
< +OK
> GET a
< "2"
> SET a 1 EX 100
< +OK
> MSET a 2
< +OK
> TTL a
< :-1
> MSETNX x 1 y 2
< :1
> MSETNX y 3 z 4
< :0
> MGET x y z
< ["1" "2" (nil)]
> MSETNX p 1 p 2
< :1
> GET p
< "2"
> MSETNX x
< -ERR wrong number of arguments for 'msetnx' command
> MSET h 1
< +OK
> TYPE h
< +string

== lcs
> MSET a ohmytext b mynewtext
< +OK
> LCS a b
< "mytext"
> LCS a b LEN
< :6
> LCS a b IDX
< {"matches": [[[:4 :7] [:5 :8]] [[:2 :3] [:0 :1]]] "len": :6}
> LCS a b IDX MINMATCHLEN 4
< {"matches": [[[:4 :7] [:5 :8]]] "len": :6}
> LCS a b IDX MINMATCHLEN 4 WITHMATCHLEN
< {"matches": [[[:4 :7] [:5 :8] :4]] "len": :6}
> LCS a b LEN IDX
< -ERR If you want both the length and indexes, please just use IDX.
> LCS a missing
< ""
> LCS a missing LEN
< :0
> LCS a missing IDX
< {"matches": [] "len": :0}
> LCS a
< -ERR wrong number of arguments for 'lcs' command
> LCS a b NONSENSE
< -ERR syntax error
> LCS a b MINMATCHLEN x IDX
< -ERR value is not an integer or out of range
> LCS a b IDX MINMATCHLEN -3
< {"matches": [[[:4 :7] [:5 :8]] [[:2 :3] [:0 :1]]] "len": :6}
> HSET h f v
< :1
> LCS a h
< -ERR The specified keys must contain string values

== msetex
only: redstart valkey
# Redis 8.4, Valkey 9.1: the number of keys first, then pairs, then the options of SET.
> MSETEX 2 a 1 b 2 EX 100
< :1
> TTL b
< :99..100
> MSETEX 2 b 3 c 4 NX
< :0
> EXISTS c
< :0
> MSETEX 2 a 5 b 6 XX KEEPTTL
< :1
> MGET a b
< ["5" "6"]
> TTL a
< :99..100

== delifeq
only: redstart valkey
> SET k v
< +OK
> DELIFEQ k w
< :0
> DELIFEQ k v
< :1
> DELIFEQ k v
< :0
> HSET h f v
< :1
> DELIFEQ h v
< -WRONGTYPE Operation against a key holding the wrong kind of value
> DELIFEQ k
< -ERR wrong number of arguments for 'delifeq' command

== delex and digest
only: redstart
# Redis 8.4: a digest is the XXH3 64-bit hash as 16 hexadecimal digits.
> SET k v
< +OK
> DIGEST k
< ~^[0-9a-f]{16}$
> DIGEST missing
< (nil)
> DELEX k IFEQ w
< :0
> DELEX k IFNE w
< :1
> DELEX missing
< :0
> SET k v
< +OK
> DELEX k
< :1
> SET k "Hello world"
< +OK
> DIGEST k
< "b6acb9d84a38ff74"
> SET k test
< +OK
> DIGEST k
< "9ec9f7918d7dfc40"
> DELEX k IFDEQ b6acb9d84a38ff74
< :0
> SET k test IFDEQ b6acb9d84a38ff74
< (nil)
> SET k test2 IFDNE b6acb9d84a38ff74
< +OK
> SET k test IFNE test2
< (nil)
> SET k test IFEQ test2
< +OK
> DELEX k IFDNE b6acb9d84a38ff74
< :1
> HSET h f v
< :1
> DIGEST h
< -WRONGTYPE Operation against a key holding the wrong kind of value
> DELEX h
< :1

== encodings
> SET k 12345
< +OK
> OBJECT ENCODING k
< "int"
> SET k 9223372036854775808
< +OK
> OBJECT ENCODING k
< "embstr"
> SET k 0123
< +OK
> OBJECT ENCODING k
< "embstr"
> SET k 12345678901234567890123456789012345678901234
< +OK
> OBJECT ENCODING k
< "embstr"
> SET k 123456789012345678901234567890123456789012345
< +OK
> OBJECT ENCODING k
< "raw"
> APPEND short x
< :1
> OBJECT ENCODING short
< "embstr"
