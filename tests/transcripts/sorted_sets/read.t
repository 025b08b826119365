# Members looked up and counted.

== scores and ranks
> ZADD z 1 a 2 b 2.5 c 2.5 d
< :4
> ZCARD z
< :4
> ZCARD missing
< :0
> ZSCORE z b
< ,2
> ZSCORE z nobody
< (nil)
> ZSCORE missing a
< (nil)
> ZMSCORE z a nobody c
< [,1 (nil) ,2.5]
> ZMSCORE missing a b
< [(nil) (nil)]
> ZMSCORE z
< -ERR wrong number of arguments for 'zmscore' command
> ZRANK z a
< :0
> ZRANK z d
< :3
> ZRANK z nobody
< (nil)
> ZRANK missing a
< (nil)
> ZREVRANK z a
< :3
> ZREVRANK z d
< :0
> ZRANK z c WITHSCORE
< [:2 ,2.5]
> ZREVRANK z c withscore
< [:1 ,2.5]
> ZRANK z nobody WITHSCORE
< (nil-array)
> ZRANK missing a WITHSCORE
< (nil-array)
> ZREVRANK missing a
< (nil)
> ZRANK z a nonsense
< -ERR syntax error
> ZRANK z a WITHSCORE x
< -ERR wrong number of arguments for 'zrank' command
> ZREVRANK z a WITHSCORE x
< -ERR wrong number of arguments for 'zrevrank' command
> ZRANK z
< -ERR wrong number of arguments for 'zrank' command

== counting by score
> ZADD z 1 a 2 b 3 c 4 d 5 e
< :5
> ZCOUNT z -inf +inf
< :5
> ZCOUNT z 2 4
< :3
> ZCOUNT z (2 (4
< :1
> ZCOUNT z (1 inf
< :4
> ZCOUNT z 4 2
< :0
> ZCOUNT z (3 (3
< :0
> ZCOUNT z "" 2
< :2
> ZCOUNT z ( 2
< :2
> ZCOUNT z 1e400 2e400
< :0
> ZCOUNT z -1e400 1e400
< :5
> ZCOUNT missing 0 1
< :0
> ZCOUNT z a 1
< -ERR min or max is not a float
> ZCOUNT z 1 b
< -ERR min or max is not a float
> ZCOUNT z nan 1
< -ERR min or max is not a float
> ZCOUNT z 0x1 2
< -ERR min or max is not a float
> ZCOUNT z " 1" 2
< -ERR min or max is not a float
> ZCOUNT z ((1 2
< -ERR min or max is not a float
> ZCOUNT z 1
< -ERR wrong number of arguments for 'zcount' command

== counting by name
> ZADD z 0 a 0 b 0 c 0 d 0 "" 0 10
< :6
> ZLEXCOUNT z - +
< :6
> ZLEXCOUNT z [b [d
< :3
> ZLEXCOUNT z (b (d
< :1
> ZLEXCOUNT z [ (b
< :3
> ZLEXCOUNT z ( (b
< :2
> ZLEXCOUNT z + -
< :0
> ZLEXCOUNT z + +
< :0
> ZLEXCOUNT z - -
< :0
> ZLEXCOUNT z [1 [11
< :1
> ZLEXCOUNT missing - +
< :0
> ZLEXCOUNT z a b
< -ERR min or max not valid string range item
> ZLEXCOUNT z "" +
< -ERR min or max not valid string range item
> ZLEXCOUNT z ++ -
< -ERR min or max not valid string range item
> ZLEXCOUNT z -
< -ERR wrong number of arguments for 'zlexcount' command

== another type
> SET s v
< +OK
> ZCARD s
< -WRONGTYPE Operation against a key holding the wrong kind of value
> ZSCORE s a
< -WRONGTYPE Operation against a key holding the wrong kind of value
> ZMSCORE s a
< -WRONGTYPE Operation against a key holding the wrong kind of value
> ZRANK s a
< -WRONGTYPE Operation against a key holding the wrong kind of value
> ZREVRANK s a WITHSCORE
< -WRONGTYPE Operation against a key holding the wrong kind of value
> ZCOUNT s 0 1
< -WRONGTYPE Operation against a key holding the wrong kind of value
> ZLEXCOUNT s - +
< -WRONGTYPE Operation against a key holding the wrong kind of value
> ZCOUNT s a b
< -ERR min or max is not a float
