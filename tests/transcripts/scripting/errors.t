# Errors in scripts: their words, where they were, and what catches them.

== raised and caught
> SET a b
< +OK
> EVAL "return redis.call(\"foo\")" 0
< -ERR Unknown Redis command called from script script: 6c6a69ca11192f3d524585b5d65b8e08d2d8dcc6, on @user_script:1.
> EVAL "return redis.pcall(\"foo\")" 0
< -ERR Unknown Redis command called from script
> EVAL "return redis.call()" 0
< -ERR Please specify at least one argument for this redis lib call script: 0a907e1429221a4d85516cab7fd219a82a9439d8, on @user_script:1.
> EVAL "return redis.pcall()" 0
< -ERR Please specify at least one argument for this redis lib call
> EVAL "return redis.call({})" 0
< -ERR Lua redis lib command arguments must be strings or integers script: 80747816df1f4411f7c442b928fce6a814214839, on @user_script:1.
> EVAL "return redis.call(\"incr\",\"a\")" 0
< -ERR value is not an integer or out of range script: fa9429e613b417cbfb21e22daaff9f7a1e903522, on @user_script:1.
> EVAL "redis.call(\"incr\",\"a\")" 0
< -ERR value is not an integer or out of range script: 30a2f4939c63ff6a0cbd8658f23a6949f6e3d01a, on @user_script:1.
> EVAL "\n\nredis.call(\"incr\",\"a\")" 0
< -ERR value is not an integer or out of range script: fa3aed18e5458603150b6a17021fd218d9b7ff04, on @user_script:3.
> EVAL "return redis.pcall(\"incr\",\"a\")" 0
< -ERR value is not an integer or out of range
> EVAL "return pcall(redis.call,\"incr\",\"a\")" 0
< (nil)
> EVAL "return {pcall(redis.call,\"incr\",\"a\")}" 0
< [(nil) "ERR value is not an integer or out of range"]
> EVAL "return {pcall(error,\"x\")}" 0
< [(nil) "x"]
> EVAL "return {pcall(error,{err=\"x\"})}" 0
< [(nil) "x"]
> EVAL "return {pcall(error,{1})}" 0
< [(nil) [:1]]
> EVAL "error(\"x\")" 0
< -ERR user_script:1: x script: ada89932db851ca262f39d814ce59006e53278cc, on @user_script:1.
> EVAL "error(\"x\",0)" 0
< -ERR x script: 30c50906f9c7735a6ac0d4f8b24229c1436672e7, on @user_script:1.
> EVAL "error(\"x\",2)" 0
< -ERR x script: 5e058260241df3d25878a356e9eb47a42b519755, on @user_script:1.
> EVAL "error({err=\"My err\"})" 0
< -My err script: e447c5f7ae455635c6c86b416a6928eabbd818b1, on @user_script:1.
> EVAL "error({err=\"My err\",a=1})" 0
< -My err script: 0103cd51c4543515380258af107164a7ad1f531b, on @user_script:1.
> EVAL "error({})" 0
< -ERR unknown error script: 367bf7fe449ba40e54d99d9086aa3c2164008136, on @user_script:1.
> EVAL "error()" 0
< -ERR nil script: aca90d914519fdb9825352bdc0befb59f7c8510f, on @user_script:1.
> EVAL "error(nil)" 0
< -ERR nil script: c402aa49952c86c38f35fb311d54977d08f3bf01, on @user_script:1.
> EVAL "return {coroutine.resume(coroutine.create(function() redis.call(\"foo\") end))}" 0
< [(nil) -"ERR Unknown Redis command called from script"]
> EVAL "return {xpcall(function() redis.call(\"foo\") end, function(e) return e.err end)}" 0
< [(nil) "ERR Unknown Redis command called from script"]
> EVAL "return {xpcall(function() redis.call(\"foo\") end, function(e) return type(e) end)}" 0
< [(nil) "table"]
> EVAL "return redis.error_reply(\"x\")" 0
< -ERR x
> EVAL "return redis.error_reply(\"ERR x\")" 0
< -ERR x
> EVAL "return redis.error_reply(\"-ERR x\\r\\n\")" 0
< -ERR x
> EVAL "return redis.error_reply(\"x y z\\r\\nq\")" 0
< -x y z  q
> EVAL "return redis.error_reply(1)" 0
< -ERR wrong number or type of arguments
> EVAL "return redis.acl_check_cmd(\"foo\")" 0
< -ERR Invalid command passed to redis.acl_check_cmd() script: 480a0074b352de6f4553b8268114ecbdb5c29441, on @user_script:1.
> EVAL "return redis.call(\"config\",\"foo\")" 0
< -ERR Unknown Redis command called from script script: fbfc77e4ed57144bead356c113df0865255fdfd9, on @user_script:1.
> EVAL "assert(false)" 0
< -ERR user_script:1: assertion failed! script: 2878c2ae3cafd05c022d4f19e4b521d97df409a2, on @user_script:1.
> EVAL "assert(false,\"m\")" 0
< -ERR user_script:1: m script: 9889a3169f5b0ba977ab94414eeab657b3316e14, on @user_script:1.
> EVAL "assert(nil,{err=\"x\"})" 0
< -ERR user_script:1: bad argument #2 to 'assert' (string expected, got table) script: b3e5b7d31b50c7051fc4968d43bcb79c3245c2ef, on @user_script:1.
> EVAL "local function f() return redis.call(\"foo\") end return f()" 0
< -ERR Unknown Redis command called from script script: 7a6b1200d0e4c4f6a3f15ecbfd433b1b76649fe9, on @user_script:1.
> EVAL "local f=redis.call return f(\"foo\")" 0
< -ERR Unknown Redis command called from script script: bdc68f405d306422839cc027ec9abb10f4965e0c, on @user_script:1.
> EVAL "return (\"abc\"):gsub(\"b\",error)" 0
< -ERR b script: 5c98f1a6c148f2aa014311501627755ce6602c11, on =[C]:-1.
> EVAL "error(true)" 0
< -ERR true script: 4fafe2149f68a1618a3eef40aeef55f5af6951da, on @user_script:1.
> EVAL "error(12)" 0
< -ERR user_script:1: 12 script: 531d78cb0a3022f46aa8fcca247caa61d303b321, on @user_script:1.
> EVAL "return {pcall(error)}" 0
< [(nil)]
> EVAL "return KEYS[1]" 0
< (nil)
> EVAL "return {KEYS[1],ARGV[1]}" 0
< []
> EVAL "KEYS[1]=\"x\" return KEYS[1]" 0
< "x"
> EVAL "local x <" 0
< -ERR Error compiling script (new function): user_script:1: unexpected symbol near '<'
> EVAL "" 0
< (nil)
> EVAL --comment 0
< (nil)
> EVAL "return ..." 0
< (nil)
> EVAL "\x1bLua" 0
< -ERR Error compiling script (new function): user_script:1: unexpected symbol near 'char(27)'
