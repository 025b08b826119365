# The table that scripts have besides redis.call.

== functions and constants
> SET a b
< +OK
> HSET h f v
< :1
> EVAL "return redis.sha1hex(\"\")" 0
< "da39a3ee5e6b4b0d3255bfef95601890afd80709"
> EVAL "return redis.sha1hex()" 0
< -ERR wrong number of arguments script: 3c7ce947ae74a835cc575b6ee87fb27503cb7ba4, on @user_script:1.
> EVAL "return redis.sha1hex(1)" 0
< "356a192b7913b04c54574d18c28d46e6395428ab"
> EVAL "return redis.status_reply(\"x\")" 0
< +x
> EVAL "return redis.status_reply(\"a\\r\\nb\")" 0
< +a  b
> EVAL "return redis.status_reply(1)" 0
< -ERR wrong number or type of arguments
> EVAL "return redis.setresp()" 0
< -ERR redis.setresp() requires one argument. script: 76da64e28014e7c9ad76db33c3918c53d81a3d7e, on @user_script:1.
> EVAL "return redis.setresp(4)" 0
< -ERR RESP version must be 2 or 3. script: 921c0a48021d97dfd5884aeea41875972c7804d9, on @user_script:1.
> EVAL "redis.setresp(3) return redis.call(\"hgetall\",\"h\")" 0
< {"f": "v"}
> EVAL "redis.call(\"hset\",\"h\",\"a\",\"1\") redis.setresp(3) return redis.call(\"hgetall\",\"h\")" 0
< {"a": "1" "f": "v"}
> EVAL "redis.setresp(3) return redis.call(\"get\",\"nokey\")" 0
< (nil)
> EVAL "redis.setresp(3) return true" 0
< #t
> EVAL "redis.setresp(3) return false" 0
< #f
> EVAL "return redis.set_repl(1)" 0
< (nil)
> EVAL "return redis.set_repl(5)" 0
< -ERR Invalid replication flags. Use REPL_AOF, REPL_REPLICA, REPL_ALL or REPL_NONE. script: 4581b8ac59ecf3e3001c4d1bf0ed4ed45e44cd23, on @user_script:1.
> EVAL "return redis.set_repl()" 0
< -ERR redis.set_repl() requires one argument. script: 9504533b41060c143a92eb2f8878e77d33b6dc33, on @user_script:1.
> EVAL "return redis.replicate_commands()" 0
< :1
> EVAL "return redis.breakpoint()" 0
< (nil)
> EVAL "return redis.debug(1)" 0
< (nil)
> EVAL "return redis.log(1)" 0
< -ERR redis.log() requires two arguments or more. script: f5438245431406aa19fc387d93c6d03a0d5bcb0f, on @user_script:1.
> EVAL "return redis.log(\"a\",\"b\")" 0
< -ERR First argument must be a number (log level). script: 1a884cc3bc8a09ea438281f166f35b96d3384f6f, on @user_script:1.
> EVAL "return redis.log(9,\"b\")" 0
< -ERR Invalid log level. script: 3e0f79946f5952f53f8a1bfa11374d5466ce97c1, on @user_script:1.
> EVAL "return {redis.LOG_DEBUG,redis.LOG_VERBOSE,redis.LOG_NOTICE,redis.LOG_WARNING,redis.REPL_NONE,redis.REPL_AOF,redis.REPL_SLAVE,redis.REPL_REPLICA,redis.REPL_ALL}" 0
< [:0 :1 :2 :3 :0 :1 :2 :2 :3]
> EVAL "return {redis.REDIS_VERSION,redis.REDIS_VERSION_NUM}" 0
< ["8.0.6" :524294]
> EVAL "return redis.acl_check_cmd(\"set\",\"a\",\"b\")" 0
< :1
> EVAL "return redis.acl_check_cmd()" 0
< -ERR Please specify at least one argument for this redis lib call script: 1124f33ad66e7866b4e0c1499a4c20fb5eb9c180, on @user_script:1.
