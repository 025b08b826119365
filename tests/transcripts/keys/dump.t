# DUMP and RESTORE: values as bytes, there and back, and what is not taken.
args: --enable-debug-command yes --sanitize-dump-payload yes

== the bytes, of the oldest version that can carry them
only: redstart
> DUMP missing
< (nil)
> SET s hello
< +OK
> DUMP s
< "\x00\x05hello\x0b\x00\n\xadb\x05\x98\xab\xc9\x83"
> SET n -300
< +OK
> DUMP n
< "\x00\xc1\xd4\xfe\x0b\x00\xaf\x1b;P\x03!7\xa7"
> SET big 4294967296
< +OK
> DUMP big
< "\x00\n4294967296\x0b\x00\xcc|4\xbb\xe7\x13\xaf\xdf"
> SET long aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
< +OK
> DUMP long
< "\x00\xc3\x05@N\x00a\xe0D\x00\x0b\x00,f\xa3}\xe3\x01P\xa2"
> RPUSH l a 1
< :2
> DUMP l
< "\x12\x01\x02\x0c\x0c\x00\x00\x00\x02\x00\x81a\x02\x01\x01\xff\x0b\x00\xfdI\x96PQ\x88C\x0c"
> SADD ints 1 2 3
< :3
> DUMP ints
< "\x0b\x0e\x02\x00\x00\x00\x03\x00\x00\x00\x01\x00\x02\x00\x03\x00\x0b\x00\xcc\xdd\xe1\x91\x90\xf1\xa4\x92"
> SADD pack a 1
< :2
> DUMP pack
< "\x14\x0c\x0c\x00\x00\x00\x02\x00\x81a\x02\x01\x01\xff\x0b\x00\xe0@\xe03W\x1b\xb8H"
> ZADD z 1 a 2.5 b
< :2
> DUMP z
< "\x11\x14\x14\x00\x00\x00\x04\x00\x81a\x02\x01\x01\x81b\x02\x832.5\x04\xff\x0b\x00\xbd\x93\xd3\xd7\x0b\xdb0^"
> HSET h f v
< :1
> DUMP h
< "\x10\r\r\x00\x00\x00\x02\x00\x81f\x02\x81v\x02\xff\x0b\x00I.\x807\xde\xcb\xe1\x14"
> HPEXPIREAT h 70368744177000 FIELDS 1 f
< [:1]
> DUMP h
< "\x19h\xfd\xff\xff\xff?\x00\x00\x17\x17\x00\x00\x00\x03\x00\x81f\x02\x81v\x02\xf4h\xfd\xff\xff\xff?\x00\x00\t\xff\x0c\x00\xd1%z.\xa4\xa0\x97\xbb"

== what Redis 8.0 wrote is taken
only: redstart redis
> RESTORE k 0 "\x00\x05hello\x0c\x00\xa8\x04\xeb\xb6\x9f\x1e\xbeC" REPLACE
< +OK
> GET k
< "hello"
> RESTORE k 0 "\x00\xc0\x0c\x0c\x00\xf7\\\xcc\x91\xa6.\"\x9c" REPLACE
< +OK
> GET k
< "12"
> RESTORE k 0 "\x00\xc1\xd4\xfe\x0c\x00\r\xb2\xb2\xe3\x04\x94@g" REPLACE
< +OK
> GET k
< "-300"
> RESTORE k 0 "\x00\xc2\xa0\x86\x01\x00\x0c\x00:R7\x90\x95\x058=" REPLACE
< +OK
> GET k
< "100000"
> RESTORE k 0 "\x00\n4294967296\x0c\x00n\xd5\xbd\x08\xe0\xa6\xd8\x1f" REPLACE
< +OK
> GET k
< "4294967296"
> RESTORE k 0 "\x00\x00\x0c\x00\x96\xedh\x80\xf5U<\x93" REPLACE
< +OK
> GET k
< ""
> RESTORE k 0 "\x00\xc3\t@N\x01aa\xe0A\x00\x01aa\x0c\x00\xda\xc0\xfc1u\x08\xecd" REPLACE
< +OK
> GET k
< "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
> RESTORE k 0 "\x12\x01\x02\x0c\x0c\x00\x00\x00\x02\x00\x81a\x02\x01\x01\xff\x0c\x00_\xe0\x1f\xe3V=4\xcc" REPLACE
< +OK
> LRANGE k 0 -1
< ["a" "1"]
> RESTORE k 0 "\x0b\x0e\x02\x00\x00\x00\x03\x00\x00\x00\x01\x00\x02\x00\x03\x00\x0c\x00nth\"\x97D\xd3R" REPLACE
< +OK
> SMEMBERS k
< ~["1" "2" "3"]
> RESTORE k 0 "\x14\x0c\x0c\x00\x00\x00\x02\x00\x81a\x02\x01\x01\xff\x0c\x00B\xe9i\x80P\xae\xcf\x88" REPLACE
< +OK
> SMEMBERS k
< ~["a" "1"]
> RESTORE k 0 "\x11\x14\x14\x00\x00\x00\x04\x00\x81a\x02\x01\x01\x81b\x02\x832.5\x04\xff\x0c\x00\x1f:Zd\x0cnG\x9e" REPLACE
< +OK
> ZRANGE k 0 -1 WITHSCORES
2< ["a" "1" "b" "2.5"]
3< [["a" ,1] ["b" ,2.5]]
> RESTORE k 0 "\x10\r\r\x00\x00\x00\x02\x00\x81f\x02\x81v\x02\xff\x0c\x00\xeb\x87\t\x84\xd9~\x96\xd4" REPLACE
< +OK
> HGETALL k
< {"f": "v"}

== a byte changed anywhere
> SET kept value
< +OK
> RESTORE k 0 "\x01\x05hello\x0b\x00\x0a\xadb\x05\x98\xab\xc9\x83"
< -ERR DUMP payload version or checksum are wrong
> RESTORE kept 0 "\x01\x05hello\x0b\x00\x0a\xadb\x05\x98\xab\xc9\x83" REPLACE
< -ERR DUMP payload version or checksum are wrong
> RESTORE k 0 "\x00\x04hello\x0b\x00\x0a\xadb\x05\x98\xab\xc9\x83"
< -ERR DUMP payload version or checksum are wrong
> RESTORE kept 0 "\x00\x04hello\x0b\x00\x0a\xadb\x05\x98\xab\xc9\x83" REPLACE
< -ERR DUMP payload version or checksum are wrong
> RESTORE k 0 "\x00\x05iello\x0b\x00\x0a\xadb\x05\x98\xab\xc9\x83"
< -ERR DUMP payload version or checksum are wrong
> RESTORE kept 0 "\x00\x05iello\x0b\x00\x0a\xadb\x05\x98\xab\xc9\x83" REPLACE
< -ERR DUMP payload version or checksum are wrong
> RESTORE k 0 "\x00\x05helln\x0b\x00\x0a\xadb\x05\x98\xab\xc9\x83"
< -ERR DUMP payload version or checksum are wrong
> RESTORE kept 0 "\x00\x05helln\x0b\x00\x0a\xadb\x05\x98\xab\xc9\x83" REPLACE
< -ERR DUMP payload version or checksum are wrong
> RESTORE k 0 "\x00\x05hello\x0a\x00\x0a\xadb\x05\x98\xab\xc9\x83"
< -ERR DUMP payload version or checksum are wrong
> RESTORE kept 0 "\x00\x05hello\x0a\x00\x0a\xadb\x05\x98\xab\xc9\x83" REPLACE
< -ERR DUMP payload version or checksum are wrong
> RESTORE k 0 "\x00\x05hello\x0b\x01\x0a\xadb\x05\x98\xab\xc9\x83"
< -ERR DUMP payload version or checksum are wrong
> RESTORE kept 0 "\x00\x05hello\x0b\x01\x0a\xadb\x05\x98\xab\xc9\x83" REPLACE
< -ERR DUMP payload version or checksum are wrong
> RESTORE k 0 "\x00\x05hello\x0b\x00\x0b\xadb\x05\x98\xab\xc9\x83"
< -ERR DUMP payload version or checksum are wrong
> RESTORE kept 0 "\x00\x05hello\x0b\x00\x0b\xadb\x05\x98\xab\xc9\x83" REPLACE
< -ERR DUMP payload version or checksum are wrong
> RESTORE k 0 "\x00\x05hello\x0b\x00\x0a\xadb\x05\x98\xab\xc9\x82"
< -ERR DUMP payload version or checksum are wrong
> RESTORE kept 0 "\x00\x05hello\x0b\x00\x0a\xadb\x05\x98\xab\xc9\x82" REPLACE
< -ERR DUMP payload version or checksum are wrong
> RESTORE k 0 "\x00\x05hello\x0b\x00\x0a\xadb\x05\x98\xab\xc9"
< -ERR DUMP payload version or checksum are wrong
> RESTORE k 0 "\x00\x05hello\x0b\x00\x0a\xadb\x05\x98\xab\xc9\x83\x00"
< -ERR DUMP payload version or checksum are wrong
> RESTORE k 0 "\x05hello\x0b\x00\x0a\xadb\x05\x98\xab\xc9\x83"
< -ERR Bad data format
> EXISTS k
< :0
> GET kept
< "value"
> RESTORE k 0 "\x00\x05hello\x0b\x00\x0a\xadb\x05\x98\xab\xc9\x83"
< +OK
> GET k
< "hello"

== with its checksum not looked at, a value that is none is still refused
> SET kept value
< +OK
> DEBUG SET-SKIP-CHECKSUM-VALIDATION 1
< +OK
> RESTORE kept 0 "\x00\x05hello\x0b\x00\x00\x00\x00\x00\x00\x00\x00\x00" REPLACE
< +OK
> TYPE kept
< +string
> SET kept value
< +OK
> RESTORE kept 0 "\x00\x80\x7f\xff\xff\xffhello\x0b\x00\x00\x00\x00\x00\x00\x00\x00\x00" REPLACE
< -ERR Bad data format
> TYPE kept
< +string
> SET kept value
< +OK
> RESTORE kept 0 "\x00\x81\x7f\xff\xff\xff\xff\xff\xff\xffhello\x0b\x00\x00\x00\x00\x00\x00\x00\x00\x00" REPLACE
< -ERR Bad data format
> TYPE kept
< +string
> SET kept value
< +OK
> RESTORE kept 0 "c\x05hello\x0b\x00\x00\x00\x00\x00\x00\x00\x00\x00" REPLACE
< -ERR Bad data format
> TYPE kept
< +string
> SET kept value
< +OK
> RESTORE kept 0 "\xff\x05hello\x0b\x00\x00\x00\x00\x00\x00\x00\x00\x00" REPLACE
< -ERR Bad data format
> TYPE kept
< +string
> SET kept value
< +OK
> RESTORE kept 0 "\x00\xc4hello\x0b\x00\x00\x00\x00\x00\x00\x00\x00\x00" REPLACE
< -ERR Bad data format
> TYPE kept
< +string
> SET kept value
< +OK
> RESTORE kept 0 "\x00\xc3\x02\x7fab\x0b\x00\x00\x00\x00\x00\x00\x00\x00\x00" REPLACE
< -ERR Bad data format
> TYPE kept
< +string
> SET kept value
< +OK
> RESTORE kept 0 "\x01\x81\xff\xff\xff\xff\xff\xff\xff\xff\x01a\x0b\x00\x00\x00\x00\x00\x00\x00\x00\x00" REPLACE
< -ERR Bad data format
> TYPE kept
< +string
> SET kept value
< +OK
> RESTORE kept 0 "\x01\x05\x01a\x0b\x00\x00\x00\x00\x00\x00\x00\x00\x00" REPLACE
< -ERR Bad data format
> TYPE kept
< +string
> SET kept value
< +OK
> RESTORE kept 0 "\x01\x00\x0b\x00\x00\x00\x00\x00\x00\x00\x00\x00" REPLACE
< -ERR Bad data format
> TYPE kept
< +string
> SET kept value
< +OK
> RESTORE kept 0 "\x02\x00\x0b\x00\x00\x00\x00\x00\x00\x00\x00\x00" REPLACE
< -ERR Bad data format
> TYPE kept
< +string
> SET kept value
< +OK
> RESTORE kept 0 "\x04\x00\x0b\x00\x00\x00\x00\x00\x00\x00\x00\x00" REPLACE
< -ERR Bad data format
> TYPE kept
< +string
> SET kept value
< +OK
> RESTORE kept 0 "\x05\x00\x0b\x00\x00\x00\x00\x00\x00\x00\x00\x00" REPLACE
< -ERR Bad data format
> TYPE kept
< +string
> SET kept value
< +OK
> RESTORE kept 0 "\x05\x01\x01a\x00\x00\x00\x00\x00\x00\xf8\x7f\x0b\x00\x00\x00\x00\x00\x00\x00\x00\x00" REPLACE
< -ERR Bad data format
> TYPE kept
< +string
> SET kept value
< +OK
> RESTORE kept 0 "\x02\x02\x01a\x01a\x0b\x00\x00\x00\x00\x00\x00\x00\x00\x00" REPLACE
< -ERR Bad data format
> TYPE kept
< +string
> SET kept value
< +OK
> RESTORE kept 0 "\x04\x02\x01a\x01b\x01a\x01c\x0b\x00\x00\x00\x00\x00\x00\x00\x00\x00" REPLACE
< -ERR Bad data format
> TYPE kept
< +string
> SET kept value
< +OK
> RESTORE kept 0 "\x05\x02\x01a\x00\x00\x00\x00\x00\x00\xf0?\x01a\x00\x00\x00\x00\x00\x00\xf0?\x0b\x00\x00\x00\x00\x00\x00\x00\x00\x00" REPLACE
< -ERR Bad data format
> TYPE kept
< +string
> SET kept value
< +OK
> RESTORE kept 0 "\x0b\x0e\x02\x00\x00\x00\x03\x00\x00\x00\x01\x00\x03\x00\x02\x00\x0b\x00\x00\x00\x00\x00\x00\x00\x00\x00" REPLACE
< -ERR Bad data format
> TYPE kept
< +string
> SET kept value
< +OK
> RESTORE kept 0 "\x0b\x0e\x03\x00\x00\x00\x03\x00\x00\x00\x01\x00\x02\x00\x03\x00\x0b\x00\x00\x00\x00\x00\x00\x00\x00\x00" REPLACE
< -ERR Bad data format
> TYPE kept
< +string
> SET kept value
< +OK
> RESTORE kept 0 "\x0b\x08\x02\x00\x00\x00\x00\x00\x00\x00\x0b\x00\x00\x00\x00\x00\x00\x00\x00\x00" REPLACE
< -ERR Bad data format
> TYPE kept
< +string
> SET kept value
< +OK
> RESTORE kept 0 "\x14\x0c\x0c\x00\x00\x00\x02\x00\x81a\x02\x01\x01\xff\x0b\x00\x00\x00\x00\x00\x00\x00\x00\x00" REPLACE
< +OK
> TYPE kept
< +set
> SET kept value
< +OK
> RESTORE kept 0 "\x14\x0c\x0d\x00\x00\x00\x02\x00\x81a\x02\x01\x01\xff\x0b\x00\x00\x00\x00\x00\x00\x00\x00\x00" REPLACE
< -ERR Bad data format
> TYPE kept
< +string
> SET kept value
< +OK
> RESTORE kept 0 "\x14\x0c\x0c\x00\x00\x00\x03\x00\x81a\x02\x01\x01\xff\x0b\x00\x00\x00\x00\x00\x00\x00\x00\x00" REPLACE
< -ERR Bad data format
> TYPE kept
< +string
> SET kept value
< +OK
> RESTORE kept 0 "\x14\x0c\x0c\x00\x00\x00\x02\x00\x81a\x02\x01\x01\xfe\x0b\x00\x00\x00\x00\x00\x00\x00\x00\x00" REPLACE
< -ERR Bad data format
> TYPE kept
< +string
> SET kept value
< +OK
> RESTORE kept 0 "\x14\x0c\x0c\x00\x00\x00\x02\x00\x81a\x03\x01\x01\xff\x0b\x00\x00\x00\x00\x00\x00\x00\x00\x00" REPLACE
< -ERR Bad data format
> TYPE kept
< +string
> SET kept value
< +OK
> RESTORE kept 0 "\x10\x0c\x0c\x00\x00\x00\x02\x00\x81a\x02\x01\x01\xff\x0b\x00\x00\x00\x00\x00\x00\x00\x00\x00" REPLACE
< +OK
> TYPE kept
< +hash
> SET kept value
< +OK
> RESTORE kept 0 "\x10\x0a\x0a\x00\x00\x00\x01\x00\x81a\x02\xff\x0b\x00\x00\x00\x00\x00\x00\x00\x00\x00" REPLACE
< -ERR Bad data format
> TYPE kept
< +string
> SET kept value
< +OK
> RESTORE kept 0 "\x14\x07\x07\x00\x00\x00\x00\x00\xff\x0b\x00\x00\x00\x00\x00\x00\x00\x00\x00" REPLACE
< -ERR Bad data format
> TYPE kept
< +string
> SET kept value
< +OK
> RESTORE kept 0 "\x10\x07\x07\x00\x00\x00\x00\x00\xff\x0b\x00\x00\x00\x00\x00\x00\x00\x00\x00" REPLACE
< -ERR Bad data format
> TYPE kept
< +string
> SET kept value
< +OK
> RESTORE kept 0 "\x12\x00\x0b\x00\x00\x00\x00\x00\x00\x00\x00\x00" REPLACE
< -ERR Bad data format
> TYPE kept
< +string
> SET kept value
< +OK
> RESTORE kept 0 "\x12\x01\x03\x07\x07\x00\x00\x00\x00\x00\xff\x0b\x00\x00\x00\x00\x00\x00\x00\x00\x00" REPLACE
< -ERR Bad data format
> TYPE kept
< +string
> SET kept value
< +OK
> RESTORE kept 0 "\x12\x01\x02\x07\x07\x00\x00\x00\x00\x00\xff\x0b\x00\x00\x00\x00\x00\x00\x00\x00\x00" REPLACE
< -ERR Bad data format
> TYPE kept
< +string
> SET kept value
< +OK
> RESTORE kept 0 "\x12\x01\x01\x01a\x0b\x00\x00\x00\x00\x00\x00\x00\x00\x00" REPLACE
< +OK
> TYPE kept
< +list
> SET kept value
< +OK
> RESTORE kept 0 "\x15\x00\x0b\x00\x00\x00\x00\x00\x00\x00\x00\x00" REPLACE
< -ERR Bad data format
> TYPE kept
< +string
> SET kept value
< +OK
> RESTORE kept 0 "\x13\x00\x0b\x00\x00\x00\x00\x00\x00\x00\x00\x00" REPLACE
< -ERR Bad data format
> TYPE kept
< +string
> SET kept value
< +OK
> RESTORE kept 0 "\x0b\x00\x00\x00\x00\x00\x00\x00\x00\x00" REPLACE
< -ERR Bad data format
> TYPE kept
< +string
> SET kept value
< +OK
> DEBUG SET-SKIP-CHECKSUM-VALIDATION 0
< +OK

# Redis takes these: it ignores what comes behind a value, and sees no score that is no number before it is asked for.
== bytes behind the value, and a score that is no number
only: redstart
> SET kept value
< +OK
> RESTORE kept 0 "\x00\x00\x05hello\x0b\x00\x0a\xadb\x05\x98\xab\xc9\x83" REPLACE
< -ERR Bad data format
> RESTORE kept 0 "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00" REPLACE
< -ERR Bad data format
> DEBUG SET-SKIP-CHECKSUM-VALIDATION 1
< +OK
> RESTORE kept 0 "\x00\x04hello\x0b\x00\x00\x00\x00\x00\x00\x00\x00\x00" REPLACE
< -ERR Bad data format
> RESTORE kept 0 "\x00\x06hello\x0b\x00\x00\x00\x00\x00\x00\x00\x00\x00" REPLACE
< -ERR Bad data format
> RESTORE kept 0 "\x11\x0d\x0d\x00\x00\x00\x02\x00\x81a\x02\x81b\x02\xff\x0b\x00\x00\x00\x00\x00\x00\x00\x00\x00" REPLACE
< -ERR Bad data format
> DEBUG SET-SKIP-CHECKSUM-VALIDATION 0
< +OK
> GET kept
< "value"

== strings there and back
> SET s hello EX 100
< +OK
> DUMP s
< %{payload}
> RESTORE t 0 %{payload}
< +OK
> GET t
< "hello"
> TTL t
< :-1
> OBJECT ENCODING t
< "embstr"
> SET n -9223372036854775808
< +OK
> DUMP n
< %{number}
> RESTORE m 0 %{number}
< +OK
> GET m
< "-9223372036854775808"
> OBJECT ENCODING m
< "int"
> SET big x
< +OK
> SETRANGE big 20000 y
< :20001
> DUMP big
< %{big}
> RESTORE copy 0 %{big}
< +OK
> STRLEN copy
< :20001
> GETRANGE copy 19999 -1
< "\x00y"
> SET binary "\x00\xff\r\n"
< +OK
> DUMP binary
< %{binary}
> RESTORE again 0 %{binary}
< +OK
> GET again
< "\x00\xff\r\n"

== lists there and back
> RPUSH l a 1 "" -5 100000
< :5
> DUMP l
< %{list}
> RESTORE m 0 %{list}
< +OK
> LRANGE m 0 -1
< ["a" "1" "" "-5" "100000"]
> OBJECT ENCODING m
< "listpack"
> LLEN m
< :5
> RPUSH m more
< :6
> LRANGE l 0 -1
< ["a" "1" "" "-5" "100000"]
> CONFIG SET list-max-listpack-size 2
< +OK
> RPUSH q 1 2 3 4 5 6 7
< :7
> OBJECT ENCODING q
< "quicklist"
> DUMP q
< %{quick}
> RESTORE r 0 %{quick}
< +OK
> LRANGE r 0 -1
< ["1" "2" "3" "4" "5" "6" "7"]
> OBJECT ENCODING r
< "quicklist"
> CONFIG SET list-max-listpack-size -2
< +OK
> RESTORE other 0 %{quick}
< +OK
> LRANGE other 0 -1
< ["1" "2" "3" "4" "5" "6" "7"]

== sets there and back
> SADD ints 3 1 70000 -2
< :4
> DUMP ints
< %{ints}
> RESTORE a 0 %{ints}
< +OK
> SMEMBERS a
< ~["-2" "1" "3" "70000"]
> OBJECT ENCODING a
< "intset"
> SADD pack x y 5
< :3
> DUMP pack
< %{pack}
> RESTORE b 0 %{pack}
< +OK
> SMEMBERS b
< ~["x" "y" "5"]
> OBJECT ENCODING b
< "listpack"
> CONFIG SET set-max-listpack-entries 2 set-max-intset-entries 2
< +OK
> SADD table x y z
< :3
> OBJECT ENCODING table
< "hashtable"
> DUMP table
< %{table}
> RESTORE c 0 %{table}
< +OK
> SMEMBERS c
< any-order ~["x" "y" "z"]
> OBJECT ENCODING c
< "hashtable"
> RESTORE d 0 %{pack}
< +OK
> OBJECT ENCODING d
< "hashtable"
> RESTORE e 0 %{ints}
< +OK
> OBJECT ENCODING e
< "hashtable"
> CONFIG SET set-max-listpack-entries 128 set-max-intset-entries 512
< +OK
> RESTORE f 0 %{table}
< +OK
> OBJECT ENCODING f
< "listpack"

== sorted sets there and back
> ZADD z 1 a -inf b inf c 2.5 d -0 e
< :5
> DUMP z
< %{pack}
> RESTORE a 0 %{pack}
< +OK
> ZRANGE a 0 -1 WITHSCORES
2< ["b" "-inf" "e" "0" "a" "1" "d" "2.5" "c" "inf"]
3< [["b" ,-inf] ["e" ,0] ["a" ,1] ["d" ,2.5] ["c" ,inf]]
> OBJECT ENCODING a
< "listpack"
> CONFIG SET zset-max-listpack-entries 2
< +OK
> ZADD t 3 x 2 y 1 z
< :3
> OBJECT ENCODING t
< "skiplist"
> DUMP t
< %{table}
> RESTORE b 0 %{table}
< +OK
> ZRANGE b 0 -1 WITHSCORES
2< ["z" "1" "y" "2" "x" "3"]
3< [["z" ,1] ["y" ,2] ["x" ,3]]
> OBJECT ENCODING b
< "skiplist"
> RESTORE c 0 %{pack}
< +OK
> OBJECT ENCODING c
< "skiplist"
> CONFIG SET zset-max-listpack-entries 128
< +OK
> RESTORE d 0 %{table}
< +OK
> OBJECT ENCODING d
< "listpack"
> ZSCORE d x
< ,3

== hashes there and back
> HSET h f v g 1 e ""
< :3
> DUMP h
< %{pack}
> RESTORE a 0 %{pack}
< +OK
> HGETALL a
< {"f": "v" "g": "1" "e": ""}
> OBJECT ENCODING a
< "listpack"
> CONFIG SET hash-max-listpack-entries 2
< +OK
> HSET t f v g w i x
< :3
> OBJECT ENCODING t
< "hashtable"
> DUMP t
< %{table}
> RESTORE b 0 %{table}
< +OK
> HGETALL b
2< any-order ["f" "v" "g" "w" "i" "x"]
3< any-order {"f": "v" "g": "w" "i": "x"}
> OBJECT ENCODING b
< "hashtable"
> RESTORE c 0 %{pack}
< +OK
> OBJECT ENCODING c
< "hashtable"
> CONFIG SET hash-max-listpack-entries 128
< +OK
> RESTORE d 0 %{table}
< +OK
> OBJECT ENCODING d
< "listpack"
> HSET timed f v g w
< :2
> HPEXPIREAT timed 70368744177000 FIELDS 1 f
< [:1]
> DUMP timed
< %{timed}
> RESTORE e 0 %{timed}
< +OK
> HPEXPIRETIME e FIELDS 2 f g
< [:70368744177000 :-1]
> HGETALL e
< {"f": "v" "g": "w"}

== streams there and back
> XADD x 1-1 f v
< "1-1"
> XADD x 2-1 g w h y
< "2-1"
> XADD x 3-1 f v
< "3-1"
> XDEL x 2-1
< :1
> XGROUP CREATE x group 0
< +OK
> XREADGROUP GROUP group me COUNT 1 STREAMS x >
2< [["x" [["1-1" ["f" "v"]]]]]
3< {"x": [["1-1" ["f" "v"]]]}
> XGROUP CREATECONSUMER x group idle
< :1
> DUMP x
< %{stream}
> RESTORE y 0 %{stream}
< +OK
> XRANGE y - +
< [["1-1" ["f" "v"]] ["3-1" ["f" "v"]]]
> XLEN y
< :2
> XPENDING y group
< [:1 "1-1" "1-1" [["me" "1"]]]
> XREADGROUP GROUP group other STREAMS y >
2< [["y" [["3-1" ["f" "v"]]]]]
3< {"y": [["3-1" ["f" "v"]]]}
> XINFO GROUPS x
< [{"name": "group" "consumers": :2 "pending": :1 "last-delivered-id": "1-1" "entries-read": (nil) "lag": (nil)}]
> XACK y group 1-1
< :1
> XPENDING x group
< [:1 "1-1" "1-1" [["me" "1"]]]
> XADD y 3-1 too low
< -ERR The ID specified in XADD is equal or smaller than the target stream top item
> XADD empty 1-1 f v
< "1-1"
> XDEL empty 1-1
< :1
> DUMP empty
< %{empty}
> RESTORE void 0 %{empty}
< +OK
> XLEN void
< :0
> XADD void 1-1 f v
< -ERR The ID specified in XADD is equal or smaller than the target stream top item

== time to live
> SET s v PX 100000
< +OK
> DUMP s
< %{payload}
> RESTORE a 0 %{payload}
< +OK
> PTTL a
< :-1
> RESTORE b 100000 %{payload}
< +OK
> PTTL b
< :99000..100000
> RESTORE c 99999999999999 %{payload} ABSTTL
< +OK
> PEXPIRETIME c
< :99999999999999
> RESTORE d 1 %{payload} ABSTTL
< +OK
> EXISTS d
< :0
> RESTORE e -1 %{payload}
< -ERR Invalid TTL value, must be >= 0
> RESTORE e -9223372036854775808 %{payload}
< -ERR Invalid TTL value, must be >= 0
> RESTORE e 9223372036854775808 %{payload}
< -ERR value is not an integer or out of range
> RESTORE e abc %{payload}
< -ERR value is not an integer or out of range
> RESTORE e "" %{payload}
< -ERR value is not an integer or out of range
> RESTORE e 1.5 %{payload}
< -ERR value is not an integer or out of range
> EXISTS e
< :0
> RESTORE a 1 %{payload} ABSTTL REPLACE
< +OK
> EXISTS a
< :0
> RESTORE f 0 %{payload} ABSTTL
< +OK
> PTTL f
< :-1
> RESTORE b 0 %{payload} REPLACE
< +OK
> PTTL b
< :-1
> RESTORE b 50000 %{payload} replace absttl replace
< +OK
> EXISTS b
< :0

== a name that is taken
> SET s v
< +OK
> DUMP s
< %{payload}
> RESTORE s 0 %{payload}
< -BUSYKEY Target key name already exists.
> RPUSH l a
< :1
> RESTORE l 0 %{payload}
< -BUSYKEY Target key name already exists.
> LRANGE l 0 -1
< ["a"]
> RESTORE l 0 nonsense
< -BUSYKEY Target key name already exists.
> RESTORE l -1 nonsense
< -BUSYKEY Target key name already exists.
> RESTORE l 0 %{payload} REPLACE
< +OK
> GET l
< "v"
> RESTORE l 0 nonsense REPLACE
< -ERR DUMP payload version or checksum are wrong
> GET l
< "v"
> RESTORE l -1 %{payload} REPLACE
< -ERR Invalid TTL value, must be >= 0
> GET l
< "v"
> RESTORE l 0 %{payload} REPLACE NOPE
< -ERR syntax error
> GET l
< "v"

== how long it was not used, and how often it was
> SET s v
< +OK
> DUMP s
< %{payload}
> RESTORE a 0 %{payload} IDLETIME 1000
< +OK
> OBJECT IDLETIME a
< :1000..1001
> RESTORE b 0 %{payload} IDLETIME 0
< +OK
> RESTORE c 0 %{payload} IDLETIME -1
< -ERR Invalid IDLETIME value, must be >= 0
> RESTORE c 0 %{payload} IDLETIME abc
< -ERR value is not an integer or out of range
> RESTORE c 0 %{payload} IDLETIME 9223372036854775808
< -ERR value is not an integer or out of range
> RESTORE c 0 %{payload} IDLETIME
< -ERR syntax error
> RESTORE c 0 %{payload} FREQ
< -ERR syntax error
> RESTORE c 0 %{payload} FREQ 256
< -ERR Invalid FREQ value, must be >= 0 and <= 255
> RESTORE c 0 %{payload} FREQ -1
< -ERR Invalid FREQ value, must be >= 0 and <= 255
> RESTORE c 0 %{payload} FREQ abc
< -ERR value is not an integer or out of range
> RESTORE c 0 %{payload} FREQ 1 IDLETIME 1
< -ERR syntax error
> RESTORE c 0 %{payload} IDLETIME 1 FREQ 1
< -ERR syntax error
> EXISTS c
< :0
> RESTORE c 0 %{payload} FREQ 255
< +OK
> OBJECT FREQ c
< -ERR An LFU maxmemory policy is not selected, access frequency not tracked. Please note that when switching between policies at runtime LRU and LFU data will take some time to adjust.
> CONFIG SET maxmemory-policy allkeys-lfu
< +OK
> RESTORE d 0 %{payload} FREQ 100
< +OK
> OBJECT FREQ d
< :100
> RESTORE e 0 %{payload} REPLACE ABSTTL FREQ 0
< +OK
> OBJECT FREQ e
< :0
> RESTORE f 0 %{payload} FREQ 7 FREQ 8
< +OK
> OBJECT FREQ f
< :8
> CONFIG SET maxmemory-policy noeviction
< +OK

== what is no payload
> RESTORE k 0 ""
< -ERR DUMP payload version or checksum are wrong
> RESTORE k 0 x
< -ERR DUMP payload version or checksum are wrong
> RESTORE k 0 "\x00\x05hello"
< -ERR DUMP payload version or checksum are wrong
> RESTORE k 0 "\x00\x05hello\x0c\x00\x00\x00\x00\x00\x00\x00\x00\x00"
< -ERR DUMP payload version or checksum are wrong
> RESTORE k 0 "\x0c\x00\x00\x00\x00\x00\x00\x00\x00\x00"
< -ERR DUMP payload version or checksum are wrong
> EXISTS k
< :0
> RESTORE
< -ERR wrong number of arguments for 'restore' command
> RESTORE k
< -ERR wrong number of arguments for 'restore' command
> RESTORE k 0
< -ERR wrong number of arguments for 'restore' command
> RESTORE k 0 x NOPE
< -ERR syntax error
> RESTORE k 0 x REPLACE REPLACE
< -ERR DUMP payload version or checksum are wrong
> DUMP
< -ERR wrong number of arguments for 'dump' command
> DUMP a b
< -ERR wrong number of arguments for 'dump' command
> SELECT 3
< +OK
> DUMP k
< (nil)

== payloads of versions that are not known yet
only: redstart valkey
> RESTORE later 0 "\x00\x03bar\xde\x00\x0fYUza\xd3\xec\xe0"
< -ERR DUMP payload version or checksum are wrong
> CONFIG SET rdb-version-check relaxed
< +OK
> RESTORE later 0 "\x00\x03bar\xde\x00\x0fYUza\xd3\xec\xe0"
< +OK
> GET later
< "bar"
> RESTORE other 0 "\x00\x03bar\xde\x00\x0fYUza\xd3\xec\xe1"
< -ERR DUMP payload version or checksum are wrong
> CONFIG SET rdb-version-check strict
< +OK
