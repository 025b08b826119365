# Ranges by rank, score and name, shown and stored; all of it for small and for large sorted sets.

== by rank
> ZADD z 1 a 2 b 3 c 4 d
< :4
> ZRANGE z 0 -1
< ["a" "b" "c" "d"]
> ZRANGE z 0 0 WITHSCORES
2< ["a" "1"]
3< [["a" ,1]]
> ZRANGE z 1 2 withscores
2< ["b" "2" "c" "3"]
3< [["b" ,2] ["c" ,3]]
> ZRANGE z -2 -1
< ["c" "d"]
> ZRANGE z -100 100
< ["a" "b" "c" "d"]
> ZRANGE z 2 1
< []
> ZRANGE z 4 5
< []
> ZRANGE z 0 -1 REV
< ["d" "c" "b" "a"]
> ZRANGE z 0 1 REV WITHSCORES
2< ["d" "4" "c" "3"]
3< [["d" ,4] ["c" ,3]]
> ZREVRANGE z 0 1
< ["d" "c"]
> ZREVRANGE z -1 -1 WITHSCORES
2< ["a" "1"]
3< [["a" ,1]]
> ZREVRANGE z 0 -1 REV
< -ERR syntax error
> ZRANGE missing 0 -1
< []
> ZRANGE z a b
< -ERR value is not an integer or out of range
> ZRANGE z 0 1.5
< -ERR value is not an integer or out of range
> ZRANGE z 0 -1 LIMIT 0 1
< -ERR syntax error, LIMIT is only supported in combination with either BYSCORE or BYLEX
> ZRANGE z 0 -1 LIMIT 1 -1
< ["a" "b" "c" "d"]
> ZRANGE z 0 -1 BYLEX WITHSCORES
< -ERR syntax error, WITHSCORES not supported in combination with BYLEX
> ZRANGE z 0 -1 BYLEX BYSCORE
< -ERR syntax error
> ZRANGE z 0 -1 REV REV
< -ERR syntax error
> ZRANGE z 0 -1 nonsense
< -ERR syntax error
> ZRANGE z 0 -1 BYSCORE LIMIT 1
< -ERR syntax error
> ZRANGE z 0 -1 BYSCORE LIMIT a b
< -ERR value is not an integer or out of range
> ZRANGE z 0
< -ERR wrong number of arguments for 'zrange' command

== by score
> ZADD z -inf low 1 a 2 b 2 bb 3 c +inf high
< :6
> ZRANGE z 1 2 BYSCORE
< ["a" "b" "bb"]
> ZRANGE z (1 +inf BYSCORE WITHSCORES
2< ["b" "2" "bb" "2" "c" "3" "high" "inf"]
3< [["b" ,2] ["bb" ,2] ["c" ,3] ["high" ,inf]]
> ZRANGE z 2 1 BYSCORE REV
< ["bb" "b" "a"]
> ZRANGE z 1 2 BYSCORE REV
< []
> ZRANGE z +inf -inf BYSCORE REV LIMIT 1 2 WITHSCORES
2< ["c" "3" "bb" "2"]
3< [["c" ,3] ["bb" ,2]]
> ZRANGEBYSCORE z -inf +inf LIMIT 2 2
< ["b" "bb"]
> ZRANGEBYSCORE z -inf +inf LIMIT 2 -1
< ["b" "bb" "c" "high"]
> ZRANGEBYSCORE z -inf +inf LIMIT 10 1
< []
> ZRANGEBYSCORE z -inf +inf LIMIT -1 1
< []
> ZRANGEBYSCORE z -inf +inf LIMIT 0 0
< []
> ZRANGEBYSCORE z (2 (3
< []
> ZRANGEBYSCORE z (-inf (inf WITHSCORES
2< ["a" "1" "b" "2" "bb" "2" "c" "3"]
3< [["a" ,1] ["b" ,2] ["bb" ,2] ["c" ,3]]
> ZREVRANGEBYSCORE z 2 1 WITHSCORES LIMIT 0 2
2< ["bb" "2" "b" "2"]
3< [["bb" ,2] ["b" ,2]]
> ZREVRANGEBYSCORE z (2 -inf
< ["a" "low"]
> ZRANGEBYSCORE z a b
< -ERR min or max is not a float
> ZRANGEBYSCORE z 1 2 REV
< -ERR syntax error
> ZRANGEBYSCORE z 1 2 BYSCORE
< -ERR syntax error
> ZRANGEBYSCORE missing 1 2
< []
> ZRANGEBYSCORE z 1
< -ERR wrong number of arguments for 'zrangebyscore' command

== by name
> ZADD z 0 a 0 aa 0 b 0 c 0 d
< :5
> ZRANGE z [a (c BYLEX
< ["a" "aa" "b"]
> ZRANGE z - + BYLEX LIMIT 1 2
< ["aa" "b"]
> ZRANGE z + - BYLEX REV
< ["d" "c" "b" "aa" "a"]
> ZRANGE z (c [aa BYLEX REV LIMIT 0 1
< ["b"]
> ZRANGEBYLEX z - (b
< ["a" "aa"]
> ZRANGEBYLEX z - + LIMIT -1 2
< []
> ZREVRANGEBYLEX z + (aa
< ["d" "c" "b"]
> ZREVRANGEBYLEX z [b [b
< ["b"]
> ZRANGEBYLEX z (b (b
< []
> ZRANGEBYLEX z a b
< -ERR min or max not valid string range item
> ZRANGEBYLEX z - + WITHSCORES
< -ERR syntax error, WITHSCORES not supported in combination with BYLEX
> ZRANGEBYLEX missing - +
< []
> ZREVRANGEBYLEX z +
< -ERR wrong number of arguments for 'zrevrangebylex' command

== large ones
> CONFIG SET zset-max-listpack-entries 0
< +OK
> ZADD z -inf low 1 a 2 b 2 bb 3 c +inf high
< :6
> OBJECT ENCODING z
< "skiplist"
> ZRANGE z 0 -1 WITHSCORES
2< ["low" "-inf" "a" "1" "b" "2" "bb" "2" "c" "3" "high" "inf"]
3< [["low" ,-inf] ["a" ,1] ["b" ,2] ["bb" ,2] ["c" ,3] ["high" ,inf]]
> ZRANGE z 1 -2 REV WITHSCORES
2< ["c" "3" "bb" "2" "b" "2" "a" "1"]
3< [["c" ,3] ["bb" ,2] ["b" ,2] ["a" ,1]]
> ZRANGE z (1 (inf BYSCORE WITHSCORES
2< ["b" "2" "bb" "2" "c" "3"]
3< [["b" ,2] ["bb" ,2] ["c" ,3]]
> ZRANGE z +inf -inf BYSCORE REV LIMIT 1 2 WITHSCORES
2< ["c" "3" "bb" "2"]
3< [["c" ,3] ["bb" ,2]]
> ZRANGEBYSCORE z -inf +inf LIMIT 2 2
< ["b" "bb"]
> ZRANGEBYSCORE z 1 3 LIMIT -1 1
< ["c"]
> ZRANGEBYSCORE z 1 3 LIMIT -2 10
< ["bb" "c"]
> ZRANGEBYSCORE z 1 3 LIMIT -5 10
< []
> ZREVRANGEBYSCORE z 3 1 LIMIT -1 10
< ["a"]
> ZREVRANGEBYSCORE z 3 1 LIMIT -3 10
< ["bb" "b" "a"]
> ZRANGEBYSCORE z 1 3 LIMIT 4 10
< []
> ZCOUNT z (1 3
< :3
> ZRANK z bb WITHSCORE
< [:3 ,2]
> ZREVRANK z bb WITHSCORE
< [:2 ,2]
> ZADD l 0 a 0 aa 0 b 0 c 0 d
< :5
> ZRANGEBYLEX l [aa (d LIMIT 1 5
< ["b" "c"]
> ZREVRANGEBYLEX l + -
< ["d" "c" "b" "aa" "a"]
> ZLEXCOUNT l (a [c
< :3
> CONFIG SET zset-max-listpack-entries 128
< +OK

== stored
> ZADD z 1 a 2 b 3 c 4 d
< :4
> ZRANGESTORE to z 1 2
< :2
> ZRANGE to 0 -1 WITHSCORES
2< ["b" "2" "c" "3"]
3< [["b" ,2] ["c" ,3]]
> ZRANGESTORE to z 2 +inf BYSCORE LIMIT 0 1
< :1
> ZRANGE to 0 -1 WITHSCORES
2< ["b" "2"]
3< [["b" ,2]]
> ZRANGESTORE to z 0 1 REV
< :2
> ZRANGE to 0 -1 WITHSCORES
2< ["c" "3" "d" "4"]
3< [["c" ,3] ["d" ,4]]
> ZRANGESTORE z z 0 2
< :3
> ZRANGE z 0 -1
< ["a" "b" "c"]
> ZRANGESTORE to z 5 6
< :0
> EXISTS to
< :0
> ZRANGESTORE to z 5 6
< :0
> SET to v
< +OK
> ZRANGESTORE to z 0 0
< :1
> TYPE to
< +zset
> SET to v EX 1000
< +OK
> ZRANGESTORE to missing 0 -1
< :0
> EXISTS to
< :0
> ZRANGESTORE to z 0 -1 WITHSCORES
< -ERR syntax error
> ZRANGESTORE to z 0 -1 LIMIT 0 1
< -ERR syntax error, LIMIT is only supported in combination with either BYSCORE or BYLEX
> ZRANGESTORE to z a b
< -ERR value is not an integer or out of range
> ZRANGESTORE to z a b BYLEX
< -ERR min or max not valid string range item
> ZRANGESTORE to z 0
< -ERR wrong number of arguments for 'zrangestore' command
> SET s v
< +OK
> ZRANGESTORE to s 0 -1
< -WRONGTYPE Operation against a key holding the wrong kind of value
> EXISTS to
< :0
> CONFIG SET zset-max-listpack-entries 2
< +OK
> ZRANGESTORE to z 0 1
< :2
> OBJECT ENCODING to
< "listpack"
> ZRANGESTORE to z 0 2
< :3
> OBJECT ENCODING to
< "skiplist"
> CONFIG SET zset-max-listpack-entries 128
< +OK

== another type
> SET s v
< +OK
> ZRANGE s 0 -1
< -WRONGTYPE Operation against a key holding the wrong kind of value
> ZRANGE s a b
< -ERR value is not an integer or out of range
> ZREVRANGE s 0 -1
< -WRONGTYPE Operation against a key holding the wrong kind of value
> ZRANGEBYSCORE s 0 1
< -WRONGTYPE Operation against a key holding the wrong kind of value
> ZRANGEBYLEX s - +
< -WRONGTYPE Operation against a key holding the wrong kind of value
