# Streams: waiting for entries.

== XREAD
a> XREAD BLOCK 0 STREAMS s $
a< (silent)
until> CLIENT LIST
< ~flags=b
> XADD s 1-1 f v
< "1-1"
a2< [["s" [["1-1" ["f" "v"]]]]]
a3< {"s": [["1-1" ["f" "v"]]]}
> XREAD BLOCK 20 STREAMS s $
< (nil-array)
> XREAD BLOCK 1 STREAMS s 0
2< [["s" [["1-1" ["f" "v"]]]]]
3< {"s": [["1-1" ["f" "v"]]]}
> XREAD BLOCK -1 STREAMS s 0
< -ERR timeout is negative
> XREAD BLOCK x STREAMS s 0
< -ERR timeout is not an integer or out of range
a> XREAD BLOCK 0 STREAMS s t $ $
a< (silent)
until> CLIENT LIST
< ~flags=b
> DEL s
< :1
> XADD t 5-5 g w
< "5-5"
a2< [["t" [["5-5" ["g" "w"]]]]]
a3< {"t": [["5-5" ["g" "w"]]]}

== XREADGROUP: entries, a group that goes, a key that goes, another type
> XGROUP CREATE s g $ MKSTREAM
< +OK
a> XREADGROUP GROUP g c BLOCK 0 STREAMS s >
a< (silent)
until> CLIENT LIST
< ~flags=b
> XADD s 1-1 f v
< "1-1"
a2< [["s" [["1-1" ["f" "v"]]]]]
a3< {"s": [["1-1" ["f" "v"]]]}
a> XREADGROUP GROUP g c BLOCK 0 STREAMS s >
a< (silent)
until> CLIENT LIST
< ~flags=b
> XGROUP DESTROY s g
< :1
a< -NOGROUP No such key 's' or consumer group 'g' in XREADGROUP with GROUP option
> XGROUP CREATE s g $
< +OK
a> XREADGROUP GROUP g c BLOCK 0 STREAMS s >
a< (silent)
until> CLIENT LIST
< ~flags=b
> DEL s
< :1
a< -NOGROUP No such key 's' or consumer group 'g' in XREADGROUP with GROUP option
> XGROUP CREATE s g $ MKSTREAM
< +OK
a> XREADGROUP GROUP g c BLOCK 0 STREAMS s >
a< (silent)
until> CLIENT LIST
< ~flags=b
> SET s x
< +OK
a< -WRONGTYPE Operation against a key holding the wrong kind of value

== a stream that expires, touched by nobody
> XGROUP CREATE s g $ MKSTREAM
< +OK
a> XREADGROUP GROUP g c BLOCK 0 STREAMS s >
a< (silent)
until> CLIENT LIST
< ~flags=b
> PEXPIRE s 1
< :1
a< -NOGROUP No such key 's' or consumer group 'g' in XREADGROUP with GROUP option

== what is pending needs no waiting
> XGROUP CREATE s g $ MKSTREAM
< +OK
> XREADGROUP GROUP g c BLOCK 0 STREAMS s 0
2< [["s" []]]
3< {"s": []}

== by other commands
a> XREAD BLOCK 0 STREAMS s 0
a< (silent)
until> CLIENT LIST
< ~flags=b
> XADD other 1-1 f v
< "1-1"
> RENAME other s
< +OK
a2< [["s" [["1-1" ["f" "v"]]]]]
a3< {"s": [["1-1" ["f" "v"]]]}
a> XREAD BLOCK 0 STREAMS t 0
a< (silent)
until> CLIENT LIST
< ~flags=b
> COPY s t
< :1
a2< [["t" [["1-1" ["f" "v"]]]]]
a3< {"t": [["1-1" ["f" "v"]]]}
