# Members in an area.

== circle
> GEOADD sicily 13.361389 38.115556 Palermo 15.087269 37.502669 Catania 13.583333 37.316667 Agrigento
< :3
> GEOSEARCH sicily FROMLONLAT 15 37 BYRADIUS 200 km ASC
< ["Catania" "Agrigento" "Palermo"]
> GEOSEARCH sicily FROMLONLAT 15 37 BYRADIUS 200 km DESC
< ["Palermo" "Agrigento" "Catania"]
> GEOSEARCH sicily FROMLONLAT 15 37 BYRADIUS 200 km WITHCOORD WITHDIST WITHHASH ASC
< [["Catania" "56.4413" :3479447370796909 [,15.087267458438873 ,37.50266842333162]] ["Agrigento" "130.4235" :3479030013248308 [,13.583331406116486 ,37.316668049938166]] ["Palermo" "190.4424" :3479099956230698 [,13.361389338970184 ,38.1155563954963]]]
> GEOSEARCH sicily FROMLONLAT 15 37 BYRADIUS 100 mi WITHDIST ASC
< [["Catania" "35.0711"] ["Agrigento" "81.0416"]]
> GEOSEARCH sicily FROMLONLAT 15 37 BYRADIUS 500000 FT WITHHASH
< [["Catania" :3479447370796909] ["Agrigento" :3479030013248308]]
> GEOSEARCH sicily FROMMEMBER Palermo BYRADIUS 100 km ASC
< ["Palermo" "Agrigento"]
> GEOSEARCH sicily BYRADIUS 100 km FROMMEMBER Palermo WITHDIST ASC
< [["Palermo" "0.0000"] ["Agrigento" "90.9778"]]
> GEOSEARCH sicily FROMMEMBER Palermo BYRADIUS 0 m
< ["Palermo"]
> GEOSEARCH sicily FROMLONLAT 15 37 BYRADIUS 200 km COUNT 1
< ["Catania"]
> GEOSEARCH sicily FROMLONLAT 15 37 BYRADIUS 200 km COUNT 2 DESC
< ["Palermo" "Agrigento"]
> GEOSEARCH sicily FROMLONLAT 15 37 BYRADIUS 200 km COUNT 1 ANY
< ["Agrigento"]
> GEOSEARCH sicily FROMLONLAT 15 37 BYRADIUS 200 km COUNT 9 ANY ASC
< ["Catania" "Agrigento" "Palermo"]
> GEOSEARCH sicily FROMLONLAT 15 37 BYRADIUS 20000 km ASC
< ["Catania" "Agrigento" "Palermo"]
> GEOSEARCH sicily FROMLONLAT -120 -40 BYRADIUS 1000 km
< []
> GEOSEARCH missing FROMLONLAT 15 37 BYRADIUS 200 km
< []
> GEOSEARCH missing FROMMEMBER nobody BYRADIUS 200 km
< []

== box
> GEOADD sicily 13.361389 38.115556 Palermo 15.087269 37.502669 Catania 12.758489 38.788135 edge1 17.241510 38.788135 edge2
< :4
> GEOSEARCH sicily FROMLONLAT 15 37 BYBOX 400 400 km ASC WITHDIST
< [["Catania" "56.4413"] ["Palermo" "190.4424"] ["edge2" "279.7403"] ["edge1" "279.7405"]]
> GEOSEARCH sicily FROMLONLAT 15 37 BYBOX 400 200 km ASC
< ["Catania"]
> GEOSEARCH sicily FROMLONLAT 15 37 BYBOX 100 400 km ASC
< ["Catania"]
> GEOSEARCH sicily FROMMEMBER Catania BYBOX 0 0 m
< ["Catania"]
> GEOSEARCH sicily FROMMEMBER Catania BYBOX 1e9 1e9 km DESC
< ["edge1" "edge2" "Palermo" "Catania"]

== across the 180th meridian
> GEOADD date 179.9 0 west -179.9 0 east 179.5 10 north
< :3
> GEOSEARCH date FROMLONLAT 180 0 BYRADIUS 50 km
< ["west"]
> GEOSEARCH date FROMLONLAT 179.95 0 BYRADIUS 50 km ASC WITHDIST
< [["west" "5.5614"] ["east" "16.6840"]]
> GEOSEARCH date FROMLONLAT -179.95 0 BYRADIUS 50 km ASC WITHDIST
< [["east" "5.5614"] ["west" "16.6840"]]
> GEOSEARCH date FROMLONLAT 179.95 0 BYRADIUS 5000 km ASC WITHDIST
< [["west" "5.5614"] ["east" "16.6840"] ["north" "1113.3772"]]

== many
> CONFIG SET zset-max-listpack-entries 2
< +OK
> GEOADD large 13.361389 38.115556 Palermo 15.087269 37.502669 Catania 13.583333 37.316667 Agrigento
< :3
> OBJECT ENCODING large
< "skiplist"
> GEOSEARCH large FROMLONLAT 15 37 BYRADIUS 200 km
< ["Agrigento" "Palermo" "Catania"]
> GEOSEARCH large FROMLONLAT 15 37 BYRADIUS 200 km WITHCOORD WITHDIST WITHHASH DESC
< [["Palermo" "190.4424" :3479099956230698 [,13.361389338970184 ,38.1155563954963]] ["Agrigento" "130.4235" :3479030013248308 [,13.583331406116486 ,37.316668049938166]] ["Catania" "56.4413" :3479447370796909 [,15.087267458438873 ,37.50266842333162]]]
> GEOSEARCH large FROMLONLAT 15 37 BYRADIUS 200 km COUNT 1 ANY
< ["Agrigento"]
> GEOSEARCH large FROMLONLAT 15 37 BYBOX 400 400 km COUNT 2
< ["Catania" "Agrigento"]
> CONFIG SET zset-max-listpack-entries 128
< +OK

== refused
> GEOADD sicily 13.361389 38.115556 Palermo
< :1
> GEOSEARCH sicily FROMLONLAT 15 37 BYRADIUS 200
< -ERR syntax error
> GEOSEARCH sicily FROMLONLAT 15 37 BYRADIUS 200 yards
< -ERR unsupported unit provided. please use M, KM, FT, MI
> GEOSEARCH sicily FROMLONLAT 15 37 BYRADIUS abc km
< -ERR need numeric radius
> GEOSEARCH sicily FROMLONLAT 15 37 BYRADIUS -1 km
< -ERR radius cannot be negative
> GEOSEARCH sicily FROMLONLAT 15 x BYRADIUS 1 km
< -ERR value is not a valid float
> GEOSEARCH sicily FROMLONLAT 15 97 BYRADIUS 1 km
< -ERR invalid longitude,latitude pair 15.000000,97.000000
> GEOSEARCH sicily FROMLONLAT 15 37 BYBOX 1 x km
< -ERR need numeric height
> GEOSEARCH sicily FROMLONLAT 15 37 BYBOX x 1 km
< -ERR need numeric width
> GEOSEARCH sicily FROMLONLAT 15 37 BYBOX -1 1 km
< -ERR height or width cannot be negative
> GEOSEARCH sicily FROMLONLAT 15 37 BYBOX 1 1 km BYRADIUS 1 km
< -ERR syntax error
> GEOSEARCH sicily FROMLONLAT 15 37 BYRADIUS 1 km BYBOX 1 1 km
< -ERR syntax error
> GEOSEARCH sicily FROMMEMBER Palermo FROMLONLAT 15 37 BYRADIUS 1 km
< -ERR syntax error
> GEOSEARCH sicily FROMMEMBER nobody BYRADIUS 1 km
< -ERR could not decode requested zset member
> GEOSEARCH sicily BYRADIUS 1 km ASC ASC ASC
< -ERR exactly one of FROMMEMBER or FROMLONLAT can be specified for GEOSEARCH
> geosearch sicily FROMLONLAT 15 37 ASC ASC
< -ERR exactly one of BYRADIUS and BYBOX can be specified for geosearch
> GEOSEARCH sicily FROMLONLAT 15 37 BYRADIUS 1 km COUNT 0
< -ERR COUNT must be > 0
> GEOSEARCH sicily FROMLONLAT 15 37 BYRADIUS 1 km COUNT -1
< -ERR COUNT must be > 0
> GEOSEARCH sicily FROMLONLAT 15 37 BYRADIUS 1 km COUNT x
< -ERR value is not an integer or out of range
> GEOSEARCH sicily FROMLONLAT 15 37 BYRADIUS 1 km COUNT
< -ERR syntax error
> GEOSEARCH sicily FROMLONLAT 15 37 BYRADIUS 1 km ANY
< -ERR the ANY argument requires COUNT argument
> GEOSEARCH sicily FROMLONLAT 15 37 BYRADIUS 1 km STOREDIST
< -ERR syntax error
> GEOSEARCH sicily FROMLONLAT 15 37 BYRADIUS 1 km STORE x
< -ERR syntax error
> GEOSEARCH missing FROMLONLAT 15 37 BYRADIUS 1 km nonsense
< -ERR syntax error
> SET s text
< +OK
> GEOSEARCH s FROMLONLAT 15 97 BYRADIUS 1 km
< -WRONGTYPE Operation against a key holding the wrong kind of value

== stored
> GEOADD sicily 13.361389 38.115556 Palermo 15.087269 37.502669 Catania 13.583333 37.316667 Agrigento
< :3
> GEOSEARCHSTORE near sicily FROMLONLAT 15 37 BYRADIUS 150 km
< :2
> ZRANGE near 0 -1 WITHSCORES
2< ["Agrigento" "3479030013248308" "Catania" "3479447370796909"]
3< [["Agrigento" ,3479030013248308] ["Catania" ,3479447370796909]]
> GEOSEARCHSTORE near sicily FROMLONLAT 15 37 BYBOX 400 400 km STOREDIST COUNT 2
< :2
> ZRANGE near 0 -1 WITHSCORES
2< ["Catania" "56.4412578701582" "Agrigento" "130.42348706714702"]
3< [["Catania" ,56.4412578701582] ["Agrigento" ,130.42348706714702]]
> OBJECT ENCODING near
< "listpack"
> GEOSEARCHSTORE near sicily FROMLONLAT -120 -40 BYRADIUS 1 km
< :0
> EXISTS near
< :0
> SET near text
< +OK
> GEOSEARCHSTORE near missing FROMLONLAT -120 -40 BYRADIUS 1 km
< :0
> EXISTS near
< :0
> GEOSEARCHSTORE sicily sicily FROMMEMBER Palermo BYRADIUS 100 km
< :2
> ZRANGE sicily 0 -1
< ["Agrigento" "Palermo"]
> GEOSEARCHSTORE near sicily FROMLONLAT 15 37 BYRADIUS 1 km WITHDIST
< -ERR GEOSEARCHSTORE is not compatible with WITHDIST, WITHHASH and WITHCOORD options
> GEOSEARCHSTORE near sicily FROMLONLAT 15 37 BYRADIUS 1 km WITHHASH
< -ERR GEOSEARCHSTORE is not compatible with WITHDIST, WITHHASH and WITHCOORD options
> GEOSEARCHSTORE near sicily FROMLONLAT 15 37 BYRADIUS 1 km STORE x
< -ERR syntax error
> SET s text
< +OK
> GEOSEARCHSTORE near s FROMLONLAT 15 37 BYRADIUS 1 km
< -WRONGTYPE Operation against a key holding the wrong kind of value

== polygon
only: redstart valkey
> GEOADD sicily 13.361389 38.115556 Palermo 15.087269 37.502669 Catania 13.583333 37.316667 Agrigento
< :3
> GEOSEARCH sicily BYPOLYGON 3 13 37 14 37 13.5 38
< ["Agrigento"]
> GEOSEARCH sicily BYPOLYGON 4 13 37 16 37 16 39 13 39 ASC WITHDIST
< [["Catania" "76454.0837"] ["Palermo" "100405.5658"] ["Agrigento" "111592.7869"]]
> GEOSEARCH sicily BYPOLYGON 4 13 37 16 39 16 37 13 39 DESC WITHDIST WITHHASH
< [["Palermo" "100405.5658" :3479099956230698]]
> GEOSEARCH sicily BYPOLYGON 4 13 37 16 37 16 39 13 39 COUNT 1 ANY
< ["Agrigento"]
> GEOSEARCH sicily BYPOLYGON 4 -170 -80 -170 80 170 80 170 -80 COUNT 2
< ["Palermo" "Catania"]
> GEOSEARCH missing BYPOLYGON 3 13 37 14 37 13.5 38
< []
> GEOSEARCHSTORE near sicily BYPOLYGON 4 13 37 16 37 16 39 13 39 STOREDIST
< :3
> ZRANGE near 0 -1 WITHSCORES
2< ["Catania" "7.645408374026667e+4" "Palermo" "1.0040556582486873e+5" "Agrigento" "1.1159278694087653e+5"]
3< [["Catania" ,7.645408374026667e+4] ["Palermo" ,1.0040556582486873e+5] ["Agrigento" ,1.1159278694087653e+5]]
> GEOSEARCH sicily BYPOLYGON 2 13 37 14 37
< -ERR GEOSEARCH BYPOLYGON must have at least 3 vertices
> GEOSEARCH sicily BYPOLYGON 3 13 37 14 37 13.5
< -ERR GEOSEARCH BYPOLYGON must have at least 3 vertices
> GEOSEARCH sicily BYPOLYGON x 13 37 14 37 13.5 38
< -ERR invalid number of vertices
> GEOSEARCH sicily BYPOLYGON 99999999999 13 37 14 37 13.5 38
< -ERR invalid number of vertices
> GEOSEARCH sicily BYPOLYGON 2147483647 13 37 14 37 13.5 38
< -ERR GEOSEARCH BYPOLYGON must have at least 3 vertices
> GEOSEARCH sicily BYPOLYGON 3 13 37 14 97 13.5 38
< -ERR invalid longitude,latitude pair 14.000000,97.000000
> GEOSEARCH sicily BYPOLYGON 3 13 37 14 37 13.5 38 BYRADIUS 1 km
< -ERR syntax error
> GEOSEARCH sicily FROMLONLAT 1 1 BYPOLYGON 3 13 37 14 37 13.5 38
< -ERR syntax error
> GEOSEARCH sicily BYPOLYGON 3 13 37 14 37 13.5 38 FROMMEMBER Palermo
< -ERR syntax error

# The middle of the corners is the pole itself, which the grid does not have.
== polygon around a pole
only: redstart
> GEOADD poles 0 84 here 120 83 there 0 0 equator
< :3
> GEOSEARCH poles BYPOLYGON 3 -180 80 0 85 180 80
< ["here"]
