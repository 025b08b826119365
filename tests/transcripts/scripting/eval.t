# EVAL: what scripts return and what commands answer them.

== values and commands
> SET a b
< +OK
> HSET h f v
< :1
> RPUSH l 1 2 3
< :3
> EVAL "return 1" 0
< :1
> EVAL "return \"x\"" 0
< "x"
> EVAL "return true" 0
< :1
> EVAL "return false" 0
< (nil)
> EVAL "return nil" 0
< (nil)
> EVAL "return {1,2,nil,3}" 0
< [:1 :2]
> EVAL "return {ok=\"fine\"}" 0
< +fine
> EVAL "return {err=\"My Err\"}" 0
< -My Err
> EVAL "return {err=\"ERR x y\"}" 0
< -ERR x y
> EVAL "return 3.99" 0
< :3
> EVAL "return -3.99" 0
< :-3
> EVAL "return 1e300" 0
< :-9223372036854775808
> EVAL "return {double=3.5}" 0
< ,3.5
> EVAL "return {map={a=1}}" 0
< {"a": :1}
> EVAL "return {set={a=true}}" 0
< ~["a"]
> EVAL "return {big_number=\"123\"}" 0
< (123
> EVAL "return {verbatim_string={format=\"txt\",string=\"hi\"}}" 0
< =txt:"hi"
> EVAL "return redis.call(\"set\",\"a\",\"b\")" 0
< +OK
> EVAL "return redis.call(\"get\",\"a\")" 0
< "b"
> EVAL "return redis.call(\"get\",\"nokey\")" 0
< (nil)
> EVAL "return redis.call(\"get\")" 0
< -ERR Wrong number of args calling Redis command from script script: ad9cf9305028be601cfd2abed4ce895eb41a4a6f, on @user_script:1.
> EVAL "return redis.foo" 0
< (nil)
> EVAL "return rawget(redis,\"call\")==redis.call" 0
< :1
> EVAL "return coroutine.wrap(function() return redis.call(\"get\",\"a\") end)()" 0
< "b"
> EVAL "local x <" 0
< -ERR Error compiling script (new function): user_script:1: unexpected symbol near '<'
> EVAL "return \"a\nb\"" 0
< -ERR Error compiling script (new function): user_script:1: unfinished string near '"a'
> EVAL "return tostring(nil)..1" 0
< "nil1"
> EVAL "return nil..1" 0
< -ERR user_script:1: attempt to concatenate a nil value script: 5dac87ecd42d10a27c30742a6a5f1d1d6c95fe9b, on @user_script:1.
> EVAL "return (\"x\"):rep(3)" 0
< "xxx"
> EVAL "return string.rep(\"x\",-1)" 0
< ""
> EVAL "return string.rep()" 0
< -ERR user_script:1: bad argument #1 to 'rep' (string expected, got no value) script: 312a592c4be4cbcb6748209b815c8eb090f3ca71, on @user_script:1.
> EVAL "return (\"x\").y" 0
< (nil)
> EVAL "return math.random(0)" 0
< -ERR user_script:1: bad argument #1 to 'random' (interval is empty) script: 008bcb60f86ee36d26c67b641b46674578d9cba0, on @user_script:1.
> EVAL "return math.random(2,1)" 0
< -ERR user_script:1: bad argument #2 to 'random' (interval is empty) script: 154b051a78bd7bb133691517692e1a7a38d25895, on @user_script:1.
> EVAL "return math.random(1,2,3)" 0
< -ERR user_script:1: wrong number of arguments script: 5cd983b5db563301a1c7ab05351573640323e7a9, on @user_script:1.
> EVAL "math.randomseed(5) return {math.random(100),math.random(5,10),tostring(math.random())}" 0
< [:53 :6 "0.7885994686692"]
> EVAL "return redis.call(\"eval\",\"return 1\",0)" 0
< -ERR This Redis command is not allowed from script script: e5084e7bcd2fb5da5f7764a118cb0e1f801776b7, on @user_script:1.
> EVAL "return redis.call(\"multi\")" 0
< -ERR This Redis command is not allowed from script script: 211a39902cf76b98677003ff6f4c16cf0d1d5d6b, on @user_script:1.
> EVAL "return redis.call(\"select\",5)" 0
< +OK
> EVAL "return redis.call(\"blpop\",\"nolist\",0)" 0
< (nil)
> EVAL "redis.call(\"rpush\",\"l\",1,2,3) return redis.call(\"lrange\",\"l\",0,-1)" 0
< ["1" "2" "3" "1" "2" "3"]
> EVAL "return redis.call(\"set\",\"n\",3.5)" 0
< +OK
> EVAL "return redis.call(\"set\",\"n\",1e20)" 0
< +OK
> EVAL "redis.call(\"set\",\"n\",1/3) return redis.call(\"get\",\"n\")" 0
< "0.3333333333333333"
> EVAL "redis.call(\"set\",\"n\",12345678901234567) return redis.call(\"get\",\"n\")" 0
< "12345678901234568"
> EVAL "redis.call(\"set\",\"n\",2^53) return redis.call(\"get\",\"n\")" 0
< "9007199254740992"
> EVAL "redis.call(\"set\",\"n\",-0.0) return redis.call(\"get\",\"n\")" 0
< "0"
> EVAL "return redis.call(\"set\",\"n\",true)" 0
< -ERR Lua redis lib command arguments must be strings or integers script: d5ad07c1224d5231641c03a350599ef10a3c3038, on @user_script:1.
> EVAL "return redis.call(\"ping\")" 0
< +PONG
> EVAL "return redis.call(\"config\",\"get\",\"port\")==nil" 0
< -ERR This Redis command is not allowed from script script: ed7f632efa29a8e96bfc349f9fbdd3629160b4e1, on @user_script:1.
> EVAL "return redis.call(\"config\")" 0
< -ERR Wrong number of args calling Redis command from script script: 9e55b782a343ab6165e99797ba9f91980cb2a316, on @user_script:1.
> EVAL "return redis.call(\"object\",\"encoding\",\"a\")" 0
< "embstr"
> EVAL "local t={} t[1]=1 t[2]=2 t[4]=4 return t" 0
< [:1 :2]
> EVAL "return {{},{{}}}" 0
< [[] [[]]]
> EVAL "return {1,{2,{3,{err=\"ERR in\"}}}}" 0
< [:1 [:2 [:3 -"ERR in"]]]
> EVAL "return {unpack({1,2,3},-1,5)}" 0
< []
> EVAL "return _VERSION" 0
< "Lua 5.1"
> EVAL "return collectgarbage(\"count\")>0" 0
< :1
> EVAL "return gcinfo()>0" 0
< :1
> EVAL "return select(\"#\",1,2)" 0
< :2
> EVAL "return tonumber(\"0x10\")" 0
< :16
> EVAL "string.format(\"%d\",\"x\")" 0
< -ERR user_script:1: bad argument #2 to 'format' (number expected, got string) script: dd0c9be333ff794cf93b23fdfbc47713612101bf, on @user_script:1.
> EVAL "return string.format(\"%s %d\",1,2)" 0
< "1 2"
> EVAL "return table.concat({1,{},3})" 0
< -ERR user_script:1: invalid value (table) at index 2 in table for 'concat' script: eb0534684e031e702003122cf0f200157f632621, on @user_script:1.
> EVAL "return table.concat({1,2,3},\",\")" 0
< "1,2,3"
> EVAL "return bit.tobit(2^40)" 0
< :0
> EVAL "return redis.call(\"time\")[1]~=nil" 0
< :1
> EVAL "return redis.call(\"script\",\"load\",\"return 1\")" 0
< -ERR This Redis command is not allowed from script script: 86cda453b364e2c5757e2986923e71508be40cc9, on @user_script:1.
> EVAL "return redis.call(\"hello\")" 0
< -ERR This Redis command is not allowed from script script: 91c59f2c60ddf3752fa36c449a0512a189c9f880, on @user_script:1.
> EVAL "return redis.call(\"auth\",\"x\")" 0
< -ERR This Redis command is not allowed from script script: 29e0497d16fa88145e6c68efcca679019297c769, on @user_script:1.
> EVAL "return redis.call(\"sort\",\"l\")" 0
< ["1" "1" "2" "2" "3" "3"]
> EVAL "local at = string.find(\"a\",\"(\") return at" 0
< -ERR user_script:1: unfinished capture script: a69f587f587605cb947ba930f0c07cb6bca66935, on @user_script:1.
> EVAL "return tostring(1e15)" 0
< "1e+15"
> EVAL "return 9223372036854775807" 0
< :-9223372036854775808
> EVAL "return -9223372036854775808" 0
< :-9223372036854775808
> EVAL "return 2^63" 0
< :-9223372036854775808
> EVAL "return -2^63" 0
< :-9223372036854775808
> EVAL "return 0/0" 0
< :-9223372036854775808
> EVAL "return 1/0" 0
< :-9223372036854775808
> EVAL "return -1/0" 0
< :-9223372036854775808
> EVAL "return {1/0}" 0
< [:-9223372036854775808]
> EVAL "goto x" 0
< -ERR Error compiling script (new function): user_script:1: '=' expected near 'x'

== keys and arguments
> EVAL "return {KEYS[1],KEYS[2],ARGV[1],ARGV[2]}" 2 k1 k2 a1 a2
< ["k1" "k2" "a1" "a2"]
> EVAL "return #KEYS+#ARGV" 0
< :0
> EVAL "return 1" x
< -ERR value is not an integer or out of range
> EVAL "return 1" -1
< -ERR Number of keys can't be negative
> EVAL "return 1" 5 a
< -ERR Number of keys can't be greater than number of args
> EVAL "return 1"
< -ERR wrong number of arguments for 'eval' command
> EVAL_RO "return redis.call('set',KEYS[1],1)" 1 k
< -ERR Write commands are not allowed from read-only scripts. script: beef354d82996a708aa0deac229a63225ff0dd9c, on @user_script:1.
> EVAL_RO "return redis.call('pfcount',KEYS[1])" 1 k
< -ERR Write commands are not allowed from read-only scripts. script: ef608dac509fbafdd4fe048527367d7d0d46bcdd, on @user_script:1.
> EVAL_RO "return redis.call('get',KEYS[1])" 1 k
< (nil)

== what lasts only for the script
> SET x zero
< +OK
> SELECT 1
< +OK
> SET x one
< +OK
> SELECT 0
< +OK
> EVAL "redis.call('select',1) return redis.call('get','x')" 0
< "one"
> GET x
< "zero"
> EVAL "redis.setresp(3) return 1" 0
< :1
> EVAL "return redis.call('zrangebyscore','z','-inf','inf')" 0
< []

== a script has its own time
> SET t v PX 100
< +OK
> EVAL "redis.call('debug','sleep',0) return 1" 0
< -ERR This Redis command is not allowed from script script: 1db802eac1a7eddd02f991383c943822bdaa9669, on @user_script:1.
> EVAL "local a=redis.call('time') local n=0 for i=1,1000000 do n=n+i end local b=redis.call('time') return a[1]==b[1] and a[2]==b[2]" 0
< :1

== nothing waits
> EVAL "return redis.call('blpop','nolist',0)" 0
< (nil)
> EVAL "return redis.call('bzpopmin','nozset',0)" 0
< (nil)
> EVAL "return redis.call('xread','block',0,'streams','nostream','$')" 0
< (nil)
> EVAL "redis.call('lpush','l','x') return redis.call('brpop','l',0)" 0
< ["l" "x"]

== in a transaction
> MULTI
< +OK
> EVAL "redis.call('set','m',1) return redis.call('get','m')" 0
< +QUEUED
> GET m
< +QUEUED
> EVAL "return redis.call('incr','l')" 0
< +QUEUED
> EXEC
< ["1" "1" :1]
