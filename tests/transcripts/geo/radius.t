# The older forms of a search.

== around coordinates
> GEOADD sicily 13.361389 38.115556 Palermo 15.087269 37.502669 Catania 13.583333 37.316667 Agrigento
< :3
> GEORADIUS sicily 15 37 200 km ASC
< ["Catania" "Agrigento" "Palermo"]
> GEORADIUS sicily 15 37 200 km WITHDIST WITHCOORD WITHHASH DESC
< [["Palermo" "190.4424" :3479099956230698 [,13.361389338970184 ,38.1155563954963]] ["Agrigento" "130.4235" :3479030013248308 [,13.583331406116486 ,37.316668049938166]] ["Catania" "56.4413" :3479447370796909 [,15.087267458438873 ,37.50266842333162]]]
> GEORADIUS_RO sicily 15 37 200 km COUNT 1
< ["Catania"]
> GEORADIUS_RO sicily 15 37 200 km COUNT 2 ANY ASC
< ["Agrigento" "Palermo"]
> GEORADIUS missing 15 37 200 km
< []
> GEORADIUS missing 15 97 200 km
< -ERR invalid longitude,latitude pair 15.000000,97.000000
> GEORADIUS missing 15 37 -1 km
< -ERR radius cannot be negative
> GEORADIUS sicily 15 37 200 parsecs
< -ERR unsupported unit provided. please use M, KM, FT, MI
> GEORADIUS sicily 15 37 200
< -ERR wrong number of arguments for 'georadius' command
> GEORADIUS sicily 15 37 200 km nonsense
< -ERR syntax error
> GEORADIUS sicily 15 37 200 km ANY
< -ERR the ANY argument requires COUNT argument
> GEORADIUS sicily 15 37 200 km FROMMEMBER Palermo
< -ERR syntax error

== around a member
> GEOADD sicily 13.361389 38.115556 Palermo 15.087269 37.502669 Catania 13.583333 37.316667 Agrigento
< :3
> GEORADIUSBYMEMBER sicily Agrigento 100 km ASC
< ["Agrigento" "Palermo"]
> GEORADIUSBYMEMBER_RO sicily Agrigento 200 km WITHDIST ASC
< [["Agrigento" "0.0000"] ["Palermo" "90.9778"] ["Catania" "134.4697"]]
> GEORADIUSBYMEMBER sicily nobody 100 km
< -ERR could not decode requested zset member
> GEORADIUSBYMEMBER missing nobody 100 km
< []
> GEORADIUSBYMEMBER missing nobody abc parsecs
< []
> GEORADIUSBYMEMBER missing nobody abc parsecs nonsense
< -ERR syntax error
> GEORADIUSBYMEMBER sicily Agrigento abc km
< -ERR need numeric radius
> SET s text
< +OK
> GEORADIUSBYMEMBER s Agrigento abc km
< -WRONGTYPE Operation against a key holding the wrong kind of value

== stored
> GEOADD sicily 13.361389 38.115556 Palermo 15.087269 37.502669 Catania 13.583333 37.316667 Agrigento
< :3
> GEORADIUS sicily 15 37 200 km STORE near
< :3
> ZRANGE near 0 -1 WITHSCORES
2< ["Agrigento" "3479030013248308" "Palermo" "3479099956230698" "Catania" "3479447370796909"]
3< [["Agrigento" ,3479030013248308] ["Palermo" ,3479099956230698] ["Catania" ,3479447370796909]]
> GEORADIUS sicily 15 37 200 km STOREDIST near
< :3
> ZRANGE near 0 -1 WITHSCORES
2< ["Catania" "56.4412578701582" "Agrigento" "130.42348706714702" "Palermo" "190.44242984775784"]
3< [["Catania" ,56.4412578701582] ["Agrigento" ,130.42348706714702] ["Palermo" ,190.44242984775784]]
> GEORADIUS sicily 15 37 200 km STORE first STOREDIST second COUNT 2
< :2
> EXISTS first second
< :1
> ZRANGE second 0 -1 WITHSCORES
2< ["Catania" "56.4412578701582" "Agrigento" "130.42348706714702"]
3< [["Catania" ,56.4412578701582] ["Agrigento" ,130.42348706714702]]
> GEORADIUSBYMEMBER sicily Palermo 1 mi STOREDIST second STORE first
< :1
> ZRANGE first 0 -1 WITHSCORES
2< ["Palermo" "3479099956230698"]
3< [["Palermo" ,3479099956230698]]
> GEORADIUS sicily -120 -40 1 km STORE first
< :0
> EXISTS first
< :0
> GEORADIUSBYMEMBER missing nobody 1 km STORE second
< :0
> EXISTS second
< :0
> GEORADIUS sicily 15 37 200 km STORE near WITHDIST
< -ERR STORE option in GEORADIUS is not compatible with WITHDIST, WITHHASH and WITHCOORD options
> GEORADIUS_RO sicily 15 37 200 km STORE near
< -ERR syntax error
> GEORADIUSBYMEMBER_RO sicily Palermo 200 km STOREDIST near
< -ERR syntax error
> GEORADIUS sicily 15 37 200 km STORE
< -ERR syntax error

== keys
> COMMAND GETKEYS GEORADIUS src 15 37 200 km STORE dst
< ["src" "dst"]
> COMMAND GETKEYS GEORADIUS src 15 37 200 km
< ["src"]
> COMMAND GETKEYS GEORADIUSBYMEMBER src member 200 km COUNT 1 STOREDIST dst
< ["src" "dst"]
> COMMAND GETKEYS GEORADIUS_RO src 15 37 200 km
< ["src"]
> COMMAND GETKEYS GEOSEARCHSTORE dst src FROMMEMBER a BYRADIUS 1 km
< ["dst" "src"]

# Redis names both keys here, though it stores under the last one alone.
== keys of a command that names two
only: redstart
> COMMAND GETKEYS GEORADIUS src 15 37 200 km STORE a STOREDIST b
< ["src" "b"]
