# HyperLogLog: how many different elements were added.

== add and count
> PFADD h a b c
< :1
> PFADD h a b c
< :0
> PFADD h c d
< :1
> PFCOUNT h
< :4
> PFADD h
< :0
> PFADD made
< :1
> PFADD made
< :0
> PFCOUNT made
< :0
> TYPE h
< +string
> PFCOUNT missing
< :0
> EXISTS missing
< :0
> PFADD other d e f
< :1
> PFCOUNT h other
< :6
> PFCOUNT h missing other
< :6
> PFCOUNT missing missing
< :0
> PFCOUNT h h
< :4
> PFADD h ""
< :1
> PFCOUNT h
< :5
> EXPIRE h 100
< :1
> PFADD h x
< :1
> TTL h
< :100
> PFCOUNT h
< :6
> TTL h
< :100
> PFDEBUG ENCODING h
< +sparse
> OBJECT ENCODING h
< "raw"
> OBJECT ENCODING made
< "raw"

== merge
> PFADD a 1 2 3
< :1
> PFADD b 3 4 5
< :1
> PFMERGE c a b
< +OK
> PFCOUNT c
< :5
> PFMERGE a b
< +OK
> PFCOUNT a
< :5
> PFMERGE missing
< +OK
> PFCOUNT missing
< :0
> TYPE missing
< +string
> PFMERGE empty nothing nowhere
< +OK
> PFCOUNT empty
< :0
> PFMERGE a a
< +OK
> PFCOUNT a
< :5
> EXPIRE a 100
< :1
> PFMERGE a b
< +OK
> TTL a
< :100
> PFDEBUG TODENSE b
< :1
> PFMERGE dense a b
< +OK
> PFDEBUG ENCODING dense
< +dense
> PFCOUNT dense
< :5
> PFMERGE c b
< +OK
> PFDEBUG ENCODING c
< +dense
> PFCOUNT c
< :5
> PFCOUNT c dense a
< :5

== the bytes are Redis's
> PFADD h a
< :1
> GET h
< "HYLL\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x80q\xa6\x84NW"
> PFCOUNT h
< :1
> GET h
< "HYLL\x01\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00q\xa6\x84NW"
> PFADD h b
< :1
> GET h
< "HYLL\x01\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x80q\xa6\x84K\xfb\x80BZ"
> PFADD h c d e f g
< :1
> GET h
< "HYLL\x01\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x80Fm\x80V\x0c\x80D<\x848\x80P\xb1\x84I\x8c\x80Bm\x80BZ"
> PFCOUNT h
< :7
> GET h
< "HYLL\x01\x00\x00\x00\x07\x00\x00\x00\x00\x00\x00\x00Fm\x80V\x0c\x80D<\x848\x80P\xb1\x84I\x8c\x80Bm\x80BZ"
> PFADD h a
< :0
> GET h
< "HYLL\x01\x00\x00\x00\x07\x00\x00\x00\x00\x00\x00\x00Fm\x80V\x0c\x80D<\x848\x80P\xb1\x84I\x8c\x80Bm\x80BZ"
> PFADD empty
< :1
> GET empty
< "HYLL\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x80\x7f\xff"
> PFCOUNT empty
< :0
> GET empty
< "HYLL\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x7f\xff"
> PFMERGE merged h
< +OK
> GET merged
< "HYLL\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x80Fm\x80V\x0c\x80D<\x848\x80P\xb1\x84I\x8c\x80Bm\x80BZ"
> PFMERGE nothing
< +OK
> GET nothing
< "HYLL\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x80\x7f\xff"
> SET copy "HYLL\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x80\x7f\xff"
< +OK
> PFCOUNT copy
< :0
> PFADD copy a
< :1
> GET copy
< "HYLL\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x80q\xa6\x84NW"
> STRLEN copy
< :21

== how it is kept
> PFADD h a b c
< :1
> PFDEBUG ENCODING h
< +sparse
> PFDEBUG DECODE h
< "Z:8436 v:1,1 Z:4274 v:2,1 Z:3068 v:1,1 Z:603"
> PFDEBUG decode h
< "Z:8436 v:1,1 Z:4274 v:2,1 Z:3068 v:1,1 Z:603"
> PFDEBUG TODENSE h
< :1
> PFDEBUG TODENSE h
< :0
> PFDEBUG ENCODING h
< +dense
> PFDEBUG DECODE h
< -ERR HLL encoding is not sparse
> STRLEN h
< :12304
> GETRANGE h 0 15
< "HYLL\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x80"
> PFCOUNT h
< :3
> GETRANGE h 0 15
< "HYLL\x00\x00\x00\x00\x03\x00\x00\x00\x00\x00\x00\x00"
> PFADD h d
< :1
> GETRANGE h 0 15
< "HYLL\x00\x00\x00\x00\x03\x00\x00\x00\x00\x00\x00\x80"
> PFCOUNT h
< :4
> PFDEBUG NOPE h
< -ERR Unknown PFDEBUG subcommand 'NOPE'
> PFDEBUG GETREG missing
< -ERR The specified key does not exist
> PFDEBUG DECODE missing
< -ERR The specified key does not exist
> PFDEBUG ENCODING missing
< -ERR The specified key does not exist
> PFDEBUG
< -ERR wrong number of arguments for 'pfdebug' command
> PFDEBUG ENCODING
< -ERR wrong number of arguments for 'pfdebug' command
> PFDEBUG ENCODING h h
< -ERR wrong number of arguments for 'pfdebug' command
> PFSELFTEST x
< -ERR wrong number of arguments for 'pfselftest' command

== it tests itself
> PFSELFTEST
< +OK

== from sparse to dense
> CONFIG SET hll-sparse-max-bytes 24
< +OK
> PFADD h a
< :1
> PFDEBUG ENCODING h
< +sparse
> STRLEN h
< :21
> PFADD h b c
< :1
> PFDEBUG ENCODING h
< +dense
> STRLEN h
< :12304
> PFCOUNT h
< :3
> CONFIG SET hll-sparse-max-bytes 0
< +OK
> PFADD i a
< :1
> PFDEBUG ENCODING i
< +dense
> CONFIG SET hll-sparse-max-bytes 3000
< +OK
> PFADD i b
< :1
> PFCOUNT i
< :2
> PFMERGE j h
< +OK
> PFDEBUG ENCODING j
< +dense
> PFADD k 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30
< :1
> PFCOUNT k
< :30
> PFDEBUG DECODE k
< "Z:495 v:2,1 Z:1042 v:1,1 Z:1041 v:1,1 Z:1087 v:1,1 Z:227 v:1,1 Z:189 v:4,1 z:56 v:3,1 Z:529 v:1,1 Z:733 v:1,1 Z:503 v:1,1 Z:1394 v:5,1 Z:220 v:1,1 Z:530 v:2,1 Z:323 v:1,1 Z:706 v:2,1 Z:143 v:4,1 Z:231 v:4,1 z:41 v:1,1 Z:1317 v:1,1 Z:147 v:1,1 Z:995 v:2,1 Z:293 v:2,1 Z:990 v:1,1 Z:855 v:1,1 Z:606 v:1,1 Z:121 v:1,1 Z:531 v:4,1 Z:185 v:1,1 z:22 v:2,1 Z:444 v:1,1 Z:358"
> GET k
< "HYLL\x01\x00\x00\x00\x1e\x00\x00\x00\x00\x00\x00\x00A\xee\x84D\x11\x80D\x10\x80D>\x80@\xe2\x80@\xbc\x8c7\x88B\x10\x80B\xdc\x80A\xf6\x80Eq\x90@\xdb\x80B\x11\x84AB\x80B\xc1\x84@\x8e\x8c@\xe6\x8c(\x80E$\x80@\x92\x80C\xe2\x84A$\x84C\xdd\x80CV\x80B]\x80@x\x80B\x12\x8c@\xb8\x80\x15\x84A\xbb\x80Ae"

== values of every size
> SET h "HYLL\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x80\x83\x87\x8b\x8f\xff\x7f\xeb"
< +OK
> PFDEBUG DECODE h
< "v:1,4 v:2,4 v:3,4 v:4,4 v:32,4 Z:16364"
> PFCOUNT h
< :20
> PFDEBUG GETREG h
< [:1 :1 :1 :1 :2 :2 :2 :2 :3 :3 :3 :3 :4 :4 :4 :4 :32 :32 :32 :32 :0 :0 ...]
> PFDEBUG ENCODING h
< +dense
> GETRANGE h 16 30
< "A\x10\x04\x82 \x08\xc30\x0c\x04A\x10 \x08\x82"
> PFCOUNT h
< :20
