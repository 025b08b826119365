# HyperLogLog: strings that are none, and damaged ones.

== no such string
> SET s text
< +OK
> PFADD s a
< -WRONGTYPE Key is not a valid HyperLogLog string value.
> PFCOUNT s
< -WRONGTYPE Key is not a valid HyperLogLog string value.
> PFMERGE d s
< -WRONGTYPE Key is not a valid HyperLogLog string value.
> PFMERGE s
< -WRONGTYPE Key is not a valid HyperLogLog string value.
> PFCOUNT d s
< -WRONGTYPE Key is not a valid HyperLogLog string value.
> PFDEBUG ENCODING s
< -WRONGTYPE Key is not a valid HyperLogLog string value.
> EXISTS d
< :0
> GET s
< "text"
> SET n 12
< +OK
> PFADD n a
< -WRONGTYPE Key is not a valid HyperLogLog string value.
> PFCOUNT n
< -WRONGTYPE Key is not a valid HyperLogLog string value.
> SET empty ""
< +OK
> PFADD empty
< -WRONGTYPE Key is not a valid HyperLogLog string value.
> PFCOUNT empty
< -WRONGTYPE Key is not a valid HyperLogLog string value.
> GET empty
< ""
> SET short "HYLL\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
< +OK
> PFCOUNT short
< -WRONGTYPE Key is not a valid HyperLogLog string value.
> PFADD short a
< -WRONGTYPE Key is not a valid HyperLogLog string value.
> SET magic "HYLX\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x80\x7f\xff"
< +OK
> PFCOUNT magic
< -WRONGTYPE Key is not a valid HyperLogLog string value.
> PFADD magic a
< -WRONGTYPE Key is not a valid HyperLogLog string value.
> SET encoding "HYLL\x02\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x80\x7f\xff"
< +OK
> PFCOUNT encoding
< -WRONGTYPE Key is not a valid HyperLogLog string value.
> PFADD encoding a
< -WRONGTYPE Key is not a valid HyperLogLog string value.
> PFMERGE encoding
< -WRONGTYPE Key is not a valid HyperLogLog string value.
> SET dense "HYLL\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x80\x7f\xff"
< +OK
> PFCOUNT dense
< -WRONGTYPE Key is not a valid HyperLogLog string value.
> PFADD dense a
< -WRONGTYPE Key is not a valid HyperLogLog string value.
> PFADD h a
< :1
> PFMERGE h s
< -WRONGTYPE Key is not a valid HyperLogLog string value.
> PFMERGE h missing dense
< -WRONGTYPE Key is not a valid HyperLogLog string value.
> PFCOUNT h
< :1
> PFCOUNT h s
< -WRONGTYPE Key is not a valid HyperLogLog string value.
> PFCOUNT h missing dense
< -WRONGTYPE Key is not a valid HyperLogLog string value.

== a dense one of the wrong length
> PFADD h a
< :1
> PFDEBUG TODENSE h
< :1
> APPEND h x
< :12305
> PFCOUNT h
< -WRONGTYPE Key is not a valid HyperLogLog string value.
> PFADD h b
< -WRONGTYPE Key is not a valid HyperLogLog string value.
> PFMERGE d h
< -WRONGTYPE Key is not a valid HyperLogLog string value.
> EXISTS d
< :0

== damaged runs
> SET end "HYLL\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x80\x7f\xff\x00"
< +OK
> PFCOUNT end
< -INVALIDOBJ Corrupted HLL object detected
> PFMERGE d end
< -INVALIDOBJ Corrupted HLL object detected
> PFDEBUG TODENSE end
< -INVALIDOBJ Corrupted HLL object detected
> PFDEBUG GETREG end
< -INVALIDOBJ Corrupted HLL object detected
> GET end
< "HYLL\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x80\x7f\xff\x00"
> SET less "HYLL\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x80\x7f\xfe"
< +OK
> PFCOUNT less
< -INVALIDOBJ Corrupted HLL object detected
> PFMERGE d less
< -INVALIDOBJ Corrupted HLL object detected
> PFMERGE less
< -INVALIDOBJ Corrupted HLL object detected
> GET less
< "HYLL\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x80\x7f\xfe"
> SET none "HYLL\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x80"
< +OK
> PFCOUNT none
< -INVALIDOBJ Corrupted HLL object detected
> PFADD none a
< -INVALIDOBJ Corrupted HLL object detected
> PFMERGE d none
< -INVALIDOBJ Corrupted HLL object detected
> GET none
< "HYLL\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x80"
> SET values "HYLL\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x80\xff\xff\xff\x7f\xff"
< +OK
> PFCOUNT values
< -INVALIDOBJ Corrupted HLL object detected
> PFMERGE d values
< -INVALIDOBJ Corrupted HLL object detected
> PFADD other a
< :1
> PFCOUNT other values
< -INVALIDOBJ Corrupted HLL object detected
> PFMERGE other values
< -INVALIDOBJ Corrupted HLL object detected
> PFCOUNT other
< :1
> EXISTS d
< :0

== a count that is kept is taken for true
> SET h "HYLL\x01\x00\x00\x00*\x00\x00\x00\x00\x00\x00\x00\x7f\xff"
< +OK
> PFCOUNT h
< :42
> PFCOUNT h h
< :0
> PFADD h a
< :1
> PFCOUNT h
< :1

== wrong types
> RPUSH l x
< :1
> PFADD l a
< -WRONGTYPE Operation against a key holding the wrong kind of value
> PFADD l
< -WRONGTYPE Operation against a key holding the wrong kind of value
> PFCOUNT l
< -WRONGTYPE Operation against a key holding the wrong kind of value
> PFCOUNT missing l
< -WRONGTYPE Operation against a key holding the wrong kind of value
> PFMERGE l
< -WRONGTYPE Operation against a key holding the wrong kind of value
> PFMERGE d l
< -WRONGTYPE Operation against a key holding the wrong kind of value
> PFDEBUG ENCODING l
< -WRONGTYPE Operation against a key holding the wrong kind of value
> PFDEBUG GETREG l
< -WRONGTYPE Operation against a key holding the wrong kind of value
> EXISTS d
< :0
> LRANGE l 0 -1
< ["x"]
> PFADD
< -ERR wrong number of arguments for 'pfadd' command
> PFCOUNT
< -ERR wrong number of arguments for 'pfcount' command
> PFMERGE
< -ERR wrong number of arguments for 'pfmerge' command
