# Geo: what is refused leaves the key as it was; coordinates and sizes at their ends.

== wrong types
> SET s text
< +OK
> GEOADD s 1 1 a
< -WRONGTYPE Operation against a key holding the wrong kind of value
> GEOADD s 1 abc a
< -ERR value is not a valid float
> GEOADD s 500 1 a
< -ERR invalid longitude,latitude pair 500.000000,1.000000
> GEOPOS s a
< -WRONGTYPE Operation against a key holding the wrong kind of value
> GEOHASH s a
< -WRONGTYPE Operation against a key holding the wrong kind of value
> GEODIST s a b
< -WRONGTYPE Operation against a key holding the wrong kind of value
> GEODIST s a b nope
< -ERR unsupported unit provided. please use M, KM, FT, MI
> GEOSEARCH s FROMLONLAT 0 0 BYRADIUS 1 km
< -WRONGTYPE Operation against a key holding the wrong kind of value
> GEOSEARCH s FROMLONLAT 0 0 BYRADIUS -1 km
< -WRONGTYPE Operation against a key holding the wrong kind of value
> GEOSEARCH s FROMMEMBER a BYRADIUS 1 km
< -WRONGTYPE Operation against a key holding the wrong kind of value
> GEOSEARCHSTORE d s FROMLONLAT 0 0 BYRADIUS 1 km
< -WRONGTYPE Operation against a key holding the wrong kind of value
> GEORADIUS s 0 0 1 km
< -WRONGTYPE Operation against a key holding the wrong kind of value
> GEORADIUS s 0 0 x km
< -WRONGTYPE Operation against a key holding the wrong kind of value
> GEORADIUSBYMEMBER s a 1 km
< -WRONGTYPE Operation against a key holding the wrong kind of value
> GEORADIUS_RO s 0 0 1 km
< -WRONGTYPE Operation against a key holding the wrong kind of value
> GET s
< "text"
> EXISTS d
< :0

== coordinates
> GEOADD g 0 0 here
< :1
> GEOADD g 180 85.05112878 edge -180 -85.05112878 other
< :2
> GEOADD g 180.000001 0 a
< -ERR invalid longitude,latitude pair 180.000001,0.000000
> GEOADD g -180.000001 0 a
< -ERR invalid longitude,latitude pair -180.000001,0.000000
> GEOADD g 0 85.05112879 a
< -ERR invalid longitude,latitude pair 0.000000,85.051129
> GEOADD g 0 -85.05112879 a
< -ERR invalid longitude,latitude pair 0.000000,-85.051129
> GEOADD g inf 0 a
< -ERR invalid longitude,latitude pair inf,0.000000
> GEOADD g 0 -inf a
< -ERR invalid longitude,latitude pair 0.000000,-inf
> GEOADD g nan 0 a
< -ERR value is not a valid float
> GEOADD g 0 nan a
< -ERR value is not a valid float
> GEOADD g abc 0 a
< -ERR value is not a valid float
> GEOADD g 0 abc a
< -ERR value is not a valid float
> GEOADD g "" 0 a
< -ERR value is not a valid float
> GEOADD g " 1" 0 a
< -ERR value is not a valid float
> GEOADD g 1e400 0 a
< -ERR value is not a valid float
> GEOADD g 1e-400 0 a
< -ERR value is not a valid float
> GEOADD g 9223372036854775807 0 a
< -ERR invalid longitude,latitude pair 9223372036854775808.000000,0.000000
> GEOADD g 1 1 a 200 0 b
< -ERR invalid longitude,latitude pair 200.000000,0.000000
> GEOADD g 1 1 a x 0 b
< -ERR value is not a valid float
> GEOADD g 1 1
< -ERR wrong number of arguments for 'geoadd' command
> GEOADD g 1 1 a 2
< -ERR syntax error
> GEOADD g NX XX 1 1 a
< -ERR syntax error
> GEOADD g NX
< -ERR wrong number of arguments for 'geoadd' command
> GEOADD g NOPE 1 1 a
< -ERR syntax error
> GEOADD missing 500 0 a
< -ERR invalid longitude,latitude pair 500.000000,0.000000
> EXISTS missing
< :0
> ZRANGE g 0 -1 WITHSCORES
2< ["other" "0" "here" "3377699720527872" "edge" "13510798882111488"]
3< [["other" ,0] ["here" ,3377699720527872] ["edge" ,13510798882111488]]

== distances
> GEOADD g 0 0 a 1 1 b
< :2
> GEODIST g a b nope
< -ERR unsupported unit provided. please use M, KM, FT, MI
> GEODIST g a b ""
< -ERR unsupported unit provided. please use M, KM, FT, MI
> GEODIST g a b m m
< -ERR syntax error
> GEODIST g a missing
< (nil)
> GEODIST missing a b nope
< -ERR unsupported unit provided. please use M, KM, FT, MI
> GEODIST g a
< -ERR wrong number of arguments for 'geodist' command
> GEOPOS g
< []
> GEOHASH g
< []
> GEOHASH g missing
< [(nil)]

== what is searched
> GEOADD g 0 0 a 1 1 b
< :2
> GEOSEARCH g FROMLONLAT 0 0 BYRADIUS -1 km
< -ERR radius cannot be negative
> GEOSEARCH g FROMLONLAT 0 0 BYRADIUS abc km
< -ERR need numeric radius
> GEOSEARCH g FROMLONLAT 0 0 BYRADIUS nan km
< -ERR need numeric radius
> GEOSEARCH g FROMLONLAT 0 0 BYRADIUS "" km
< -ERR need numeric radius
> GEOSEARCH g FROMLONLAT 0 0 BYRADIUS 1 nope
< -ERR unsupported unit provided. please use M, KM, FT, MI
> GEOSEARCH g FROMLONLAT 0 0 BYRADIUS 0 km
< []
> GEOSEARCH g FROMLONLAT 0 0 BYRADIUS inf km ASC
< ["a" "b"]
> GEOSEARCH g FROMLONLAT 0 0 BYRADIUS 1e300 km ASC
< ["a" "b"]
> GEOSEARCH g FROMLONLAT 0 0 BYRADIUS 1e400 km
< -ERR need numeric radius
> GEOSEARCH g FROMLONLAT 0 0 BYBOX -1 1 km
< -ERR height or width cannot be negative
> GEOSEARCH g FROMLONLAT 0 0 BYBOX 1 -1 km
< -ERR height or width cannot be negative
> GEOSEARCH g FROMLONLAT 0 0 BYBOX x 1 km
< -ERR need numeric width
> GEOSEARCH g FROMLONLAT 0 0 BYBOX 1 x km
< -ERR need numeric height
> GEOSEARCH g FROMLONLAT 0 0 BYBOX 1 1
< -ERR syntax error
> GEOSEARCH g FROMLONLAT 0 0 BYBOX nan 1 km
< -ERR need numeric width
> GEOSEARCH g FROMLONLAT 0 0 BYBOX 1 1 nope
< -ERR unsupported unit provided. please use M, KM, FT, MI
> GEOSEARCH g FROMLONLAT 181 0 BYRADIUS 1 km
< -ERR invalid longitude,latitude pair 181.000000,0.000000
> GEOSEARCH g FROMLONLAT 0 86 BYRADIUS 1 km
< -ERR invalid longitude,latitude pair 0.000000,86.000000
> GEOSEARCH g FROMLONLAT nan 0 BYRADIUS 1 km
< -ERR value is not a valid float
> GEOSEARCH g FROMLONLAT abc 0 BYRADIUS 1 km
< -ERR value is not a valid float
> GEOSEARCH g FROMLONLAT 0 BYRADIUS 1 km
< -ERR value is not a valid float
> GEOSEARCH g FROMMEMBER missing BYRADIUS 1 km
< -ERR could not decode requested zset member
> GEOSEARCH g FROMMEMBER
< -ERR wrong number of arguments for 'geosearch' command
> GEOSEARCH g FROMMEMBER a FROMLONLAT 0 0 BYRADIUS 1 km
< -ERR syntax error
> GEOSEARCH g FROMMEMBER a BYRADIUS 1 km BYBOX 1 1 km
< -ERR syntax error
> GEOSEARCH g FROMMEMBER a
< -ERR wrong number of arguments for 'geosearch' command
> GEOSEARCH g BYRADIUS 1 km
< -ERR wrong number of arguments for 'geosearch' command
> GEOSEARCH g FROMMEMBER a BYRADIUS 1 km COUNT 0
< -ERR COUNT must be > 0
> GEOSEARCH g FROMMEMBER a BYRADIUS 1 km COUNT -1
< -ERR COUNT must be > 0
> GEOSEARCH g FROMMEMBER a BYRADIUS 1 km COUNT abc
< -ERR value is not an integer or out of range
> GEOSEARCH g FROMMEMBER a BYRADIUS 1 km COUNT 9223372036854775807
< ["a"]
> GEOSEARCH g FROMMEMBER a BYRADIUS 1 km COUNT 9223372036854775808
< -ERR value is not an integer or out of range
> GEOSEARCH g FROMMEMBER a BYRADIUS 1 km COUNT
< -ERR syntax error
> GEOSEARCH g FROMMEMBER a BYRADIUS 1 km ANY
< -ERR the ANY argument requires COUNT argument
> GEOSEARCH g FROMMEMBER a BYRADIUS 1 km COUNT 1 ANY
< ["a"]
> GEOSEARCH g FROMMEMBER a BYRADIUS 1 km NOPE
< -ERR syntax error
> GEOSEARCH g FROMMEMBER a BYRADIUS 1 km STORE d
< -ERR syntax error
> GEOSEARCH missing FROMMEMBER a BYRADIUS 1 km
< []
> GEOSEARCH missing FROMLONLAT 0 0 BYRADIUS -1 km
< -ERR radius cannot be negative
> GEOSEARCH missing FROMLONLAT 0 0 BYRADIUS 1 km COUNT 0
< -ERR COUNT must be > 0
> GEOSEARCHSTORE d g FROMMEMBER a BYRADIUS 1 km WITHCOORD
< -ERR GEOSEARCHSTORE is not compatible with WITHDIST, WITHHASH and WITHCOORD options
> GEOSEARCHSTORE d g FROMMEMBER missing BYRADIUS 1 km
< -ERR could not decode requested zset member
> GEOSEARCHSTORE d g FROMMEMBER a BYRADIUS 1 km STOREDIST STOREDIST
< :1
> ZRANGE d 0 -1 WITHSCORES
2< ["a" "0"]
3< [["a" ,0]]
> GEORADIUS g 0 0 -1 km
< -ERR radius cannot be negative
> GEORADIUS g 0 0 abc km
< -ERR need numeric radius
> GEORADIUS g 200 0 1 km
< -ERR invalid longitude,latitude pair 200.000000,0.000000
> GEORADIUS g 0 0 1 nope
< -ERR unsupported unit provided. please use M, KM, FT, MI
> GEORADIUS g 0 0 1 km STORE
< -ERR syntax error
> GEORADIUS g 0 0 1 km STORE d WITHDIST
< -ERR STORE option in GEORADIUS is not compatible with WITHDIST, WITHHASH and WITHCOORD options
> GEORADIUS g 0 0 1 km STORE d WITHHASH
< -ERR STORE option in GEORADIUS is not compatible with WITHDIST, WITHHASH and WITHCOORD options
> GEORADIUS_RO g 0 0 1 km STORE d
< -ERR syntax error
> GEORADIUSBYMEMBER g missing 1 km
< -ERR could not decode requested zset member
> GEORADIUSBYMEMBER g a -1 km
< -ERR radius cannot be negative
> GEORADIUSBYMEMBER_RO g a 1 km STOREDIST d
< -ERR syntax error
> GEORADIUS g 0 0 1 km COUNT 0
< -ERR COUNT must be > 0
> ZRANGE g 0 -1
< ["a" "b"]
