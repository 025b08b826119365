# Members at coordinates: adding, and asking where they are and how far apart.

== add
> GEOADD sicily 13.361389 38.115556 Palermo 15.087269 37.502669 Catania
< :2
> GEOADD sicily 13.361389 38.115556 Palermo
< :0
> GEOADD sicily CH 13.361389 38.2 Palermo 13.583333 37.316667 Agrigento
< :2
> GEOADD sicily NX 1 2 Palermo 13.361389 38.115556 Other
< :1
> GEOADD sicily XX 13.361389 38.115556 Palermo 3 3 Missing
< :0
> GEOADD sicily XX CH 13.361389 38.2 Palermo
< :1
> GEOADD sicily ch Nx 1 1 one
< :1
> ZRANGE sicily 0 -1 WITHSCORES
2< ["one" "3377822707026402" "Agrigento" "3479030013248308" "Other" "3479099956230698" "Palermo" "3479101030759983" "Catania" "3479447370796909"]
3< [["one" ,3377822707026402] ["Agrigento" ,3479030013248308] ["Other" ,3479099956230698] ["Palermo" ,3479101030759983] ["Catania" ,3479447370796909]]
> TYPE sicily
< +zset
> OBJECT ENCODING sicily
< "listpack"

== add, refused
> GEOADD k
< -ERR wrong number of arguments for 'geoadd' command
> GEOADD k 1 2
< -ERR wrong number of arguments for 'geoadd' command
> GEOADD k 1 2 a 3
< -ERR syntax error
> GEOADD k NX XX 1 2 a
< -ERR syntax error
> GEOADD k NX CH XX
< -ERR syntax error
> GEOADD k GT 1 2 a
< -ERR syntax error
> GEOADD k a 2 m
< -ERR value is not a valid float
> GEOADD k 1 b m
< -ERR value is not a valid float
> GEOADD k 1 nan m
< -ERR value is not a valid float
> GEOADD k 1 2 a 181 2 b
< -ERR invalid longitude,latitude pair 181.000000,2.000000
> GEOADD k 1 -85.06 a
< -ERR invalid longitude,latitude pair 1.000000,-85.060000
> GEOADD k inf 2 a
< -ERR invalid longitude,latitude pair inf,2.000000
> GEOADD k 1e300 2 a
< -ERR invalid longitude,latitude pair 1000000000000000052504760255204420248704468581108159154915854115511802457988908195786371375080447864043704443832883878176942523235360430575644792184786706982848387200926575803737830233794788090059368953234970799945081119038967640880074652742780142494579258788820056842838115669472196386865459400540160.000000,2.000000
> EXISTS k
< :0
> SET s text
< +OK
> GEOADD s 1 2 a
< -WRONGTYPE Operation against a key holding the wrong kind of value
> GEOADD s x 2 a
< -ERR value is not a valid float

== the edges of the world
> GEOADD edge 180 85.05112878 northeast -180 -85.05112878 southwest 0 0 middle
< :3
> ZRANGE edge 0 -1 WITHSCORES
2< ["southwest" "0" "middle" "3377699720527872" "northeast" "13510798882111488"]
3< [["southwest" ,0] ["middle" ,3377699720527872] ["northeast" ,13510798882111488]]
> GEOPOS edge northeast southwest middle
< [[,180 ,85.05112878] [,-179.99999731779099 ,-85.05112751263943] [,2.682209014892578e-6 ,1.2673605809254695e-6]]
> GEOHASH edge northeast southwest middle
< ["bp05b5048p0" "00bh0hbj200" "s0000000000"]

== distances
> GEOADD sicily 13.361389 38.115556 Palermo 15.087269 37.502669 Catania
< :2
> GEODIST sicily Palermo Catania
< "166274.1516"
> GEODIST sicily Palermo Catania m
< "166274.1516"
> GEODIST sicily Palermo Catania KM
< "166.2742"
> GEODIST sicily Palermo Catania ft
< "545518.8700"
> GEODIST sicily Palermo Catania Mi
< "103.3182"
> GEODIST sicily Palermo Palermo
< "0.0000"
> GEODIST sicily Palermo Missing
< (nil)
> GEODIST missing a b
< (nil)
> GEODIST sicily Palermo Catania yards
< -ERR unsupported unit provided. please use M, KM, FT, MI
> GEODIST sicily Palermo Catania m extra
< -ERR syntax error
> GEODIST missing a b yards
< -ERR unsupported unit provided. please use M, KM, FT, MI
> SET s text
< +OK
> GEODIST s a b
< -WRONGTYPE Operation against a key holding the wrong kind of value
> GEODIST sicily Palermo
< -ERR wrong number of arguments for 'geodist' command

== positions and hashes
> GEOADD sicily 13.361389 38.115556 Palermo 15.087269 37.502669 Catania
< :2
> GEOPOS sicily Palermo Missing Catania
2< [["13.361389338970184" "38.1155563954963"] (nil-array) ["15.087267458438873" "37.50266842333162"]]
3< [[,13.361389338970184 ,38.1155563954963] (nil) [,15.087267458438873 ,37.50266842333162]]
> GEOHASH sicily Palermo Missing Catania
< ["sqc8b49rny0" (nil) "sqdtr74hyu0"]
> GEOPOS sicily
< []
> GEOHASH sicily
< []
> GEOPOS missing a b
2< [(nil-array) (nil-array)]
3< [(nil) (nil)]
> GEOHASH missing a b
< [(nil) (nil)]
> SET s text
< +OK
> GEOPOS s a
< -WRONGTYPE Operation against a key holding the wrong kind of value
> GEOHASH s a
< -WRONGTYPE Operation against a key holding the wrong kind of value
> GEOPOS
< -ERR wrong number of arguments for 'geopos' command

== any score is a place
> ZADD odd -1 negative 0.5 half 1e18 large inf infinite -inf bottomless 4503599627370495 last
< :6
> GEOPOS odd negative half large infinite bottomless last
< [[,180 ,85.05112878] [,-179.99999731779099 ,-85.05112751263943] [,180 ,85.05112878] [,-179.99999731779099 ,-85.05112751263943] [,180 ,-85.05112751263943] [,179.99999731779099 ,85.05112751263943]]
> GEOHASH odd negative half large infinite bottomless last
< ["bp05b5048p0" "00bh0hbj200" "bp05b5048p0" "00bh0hbj200" "00bh0hbj200" "zzpgzgpfxz0"]
> GEODIST odd half last
< "18919844.4481"
> GEOSEARCH odd FROMMEMBER half BYRADIUS 1 m
< ["half"]
