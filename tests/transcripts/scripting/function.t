# FUNCTION and FCALL: libraries of functions.

== load, call, list, delete
> FUNCTION LOAD "#!lua name=mylib\nlocal n=0\nredis.register_function(\"myfunc\",function(keys,args) return {keys[1],args[1]} end)\nredis.register_function{function_name=\"count\",callback=function() n=n+1 return n end,flags={\"no-writes\"},description=\"counts\"}\n"
< "mylib"
> FCALL myfunc 1 k a
< ["k" "a"]
> FCALL MYFUNC 0 a
< []
> FCALL count 0
< :1
> FCALL count 0
< :2
> FCALL_RO count 0
< :3
> FCALL_RO myfunc 0
< -ERR Can not execute a script with write flag using *_ro command.
> FCALL nothing 0
< -ERR Function not found
> FCALL myfunc x
< -ERR Bad number of keys provided
> FCALL myfunc 2 a
< -ERR Number of keys can't be greater than number of args
> FCALL myfunc -1
< -ERR Number of keys can't be negative
> FCALL myfunc
< -ERR wrong number of arguments for 'fcall' command
> FUNCTION LOAD "#!lua name=mylib\nlocal n=0\nredis.register_function(\"myfunc\",function(keys,args) return {keys[1],args[1]} end)\nredis.register_function{function_name=\"count\",callback=function() n=n+1 return n end,flags={\"no-writes\"},description=\"counts\"}\n"
< -ERR Library 'mylib' already exists
> FUNCTION LOAD REPLACE "#!lua name=mylib\nlocal n=0\nredis.register_function(\"myfunc\",function(keys,args) return {keys[1],args[1]} end)\nredis.register_function{function_name=\"count\",callback=function() n=n+1 return n end,flags={\"no-writes\"},description=\"counts\"}\n"
< "mylib"
> FCALL count 0
< :1
> FUNCTION LIST LIBRARYNAME nothing
< []
> FUNCTION LIST LIBRARYNAME
< -ERR library name argument was not given
> FUNCTION LIST FOO
< -ERR Unknown argument FOO
> FUNCTION LIST WITHCODE WITHCODE
< -ERR Unknown argument WITHCODE
> FUNCTION STATS
< {"running_script": (nil) "engines": {"LUA": {"libraries_count": :1 "functions_count": :2}}}
> FUNCTION DELETE nothing
< -ERR Library not found
> FUNCTION DELETE mylib
< +OK
> FCALL count 0
< -ERR Function not found
> FUNCTION LIST
< []
> FUNCTION KILL
< -NOTBUSY No scripts in execution right now.
> FUNCTION NOSUCH
< -ERR unknown subcommand 'NOSUCH'. Try FUNCTION HELP.
> FUNCTION
< -ERR wrong number of arguments for 'function' command
> FUNCTION FLUSH x
< -ERR FUNCTION FLUSH only supports SYNC|ASYNC option
> FUNCTION FLUSH SYNC x
< -ERR unknown subcommand or wrong number of arguments for 'FLUSH'. Try FUNCTION HELP.
> FUNCTION FLUSH
< +OK

== libraries that are refused
> FUNCTION LOAD "return 1"
< -ERR Missing library metadata
> FUNCTION LOAD "#!lua"
< -ERR Invalid library metadata
> FUNCTION LOAD "#!lua\nreturn 1"
< -ERR Library name was not given
> FUNCTION LOAD "#!foo name=x\nreturn 1"
< -ERR Engine 'foo' not found
> FUNCTION LOAD "#!lua name=x foo=y\nreturn 1"
< -ERR Invalid metadata value given: foo=y
> FUNCTION LOAD "#!lua name=x name=y\nreturn 1"
< -ERR Invalid metadata value, name argument was given multiple times
> FUNCTION LOAD "#!lua name=bad-name\nreturn 1"
< -ERR Library names can only contain letters, numbers, or underscores(_) and must be at least one character long
> FUNCTION LOAD "#!lua name=\nreturn 1"
< -ERR Library names can only contain letters, numbers, or underscores(_) and must be at least one character long
> FUNCTION LOAD "#!lua name=x\nreturn 1"
< -ERR No functions registered
> FUNCTION LOAD "#!lua name=x\nx="
< -ERR Error compiling function: user_function:2: unexpected symbol near '<eof>'
> FUNCTION LOAD "#!lua name=x\nfoo()"
< -ERR Error registering functions: ERR user_function:2: Script attempted to access nonexistent global variable 'foo'
> FUNCTION LOAD "#!lua name=x\nx=1"
< -ERR Error registering functions: ERR user_function:2: Attempt to modify a readonly table
> FUNCTION LOAD "#!lua name=x\nredis.call(\"ping\")"
< -ERR Error registering functions: ERR user_function:2: Script attempted to access nonexistent global variable 'call'
> FUNCTION LOAD "#!lua name=x\nmath.random()"
< -ERR Error registering functions: ERR user_function:2: Script attempted to access nonexistent global variable 'math'
> FUNCTION LOAD "#!lua name=x\nredis.register_function()"
< -ERR Error registering functions: ERR wrong number of arguments to redis.register_function
> FUNCTION LOAD "#!lua name=x\nredis.register_function(\"a\")"
< -ERR Error registering functions: ERR calling redis.register_function with a single argument is only applicable to Lua table (representing named arguments).
> FUNCTION LOAD "#!lua name=x\nredis.register_function(\"a\",1)"
< -ERR Error registering functions: ERR second argument to redis.register_function must be a function
> FUNCTION LOAD "#!lua name=x\nredis.register_function(1,2,3)"
< -ERR Error registering functions: ERR wrong number of arguments to redis.register_function
> FUNCTION LOAD "#!lua name=x\nredis.register_function({},function() end)"
< -ERR Error registering functions: ERR first argument to redis.register_function must be a string
> FUNCTION LOAD "#!lua name=x\nredis.register_function(\"a b\",function() end)"
< -ERR Error registering functions: ERR Library names can only contain letters, numbers, or underscores(_) and must be at least one character long
> FUNCTION LOAD "#!lua name=x\nredis.register_function(\"\",function() end)"
< -ERR Error registering functions: ERR Library names can only contain letters, numbers, or underscores(_) and must be at least one character long
> FUNCTION LOAD "#!lua name=x\nredis.register_function(\"a\",function() end) redis.register_function(\"a\",function() end)"
< -ERR Error registering functions: ERR Function already exists in the library
> FUNCTION LOAD "#!lua name=x\nredis.register_function{function_name=\"a\"}"
< -ERR Error registering functions: ERR redis.register_function must get a callback argument
> FUNCTION LOAD "#!lua name=x\nredis.register_function{callback=function() end}"
< -ERR Error registering functions: ERR redis.register_function must get a function name argument
> FUNCTION LOAD "#!lua name=x\nredis.register_function{function_name=\"a\",callback=1}"
< -ERR Error registering functions: ERR callback argument given to redis.register_function must be a function
> FUNCTION LOAD "#!lua name=x\nredis.register_function{function_name={},callback=print}"
< -ERR Error registering functions: ERR user_function:2: Script attempted to access nonexistent global variable 'print'
> FUNCTION LOAD "#!lua name=x\nredis.register_function{function_name=\"a\",callback=function() end,description={}}"
< -ERR Error registering functions: ERR description argument given to redis.register_function must be a string
> FUNCTION LOAD "#!lua name=x\nredis.register_function{function_name=\"a\",callback=function() end,flags=1}"
< -ERR Error registering functions: ERR flags argument to redis.register_function must be a table representing function flags
> FUNCTION LOAD "#!lua name=x\nredis.register_function{function_name=\"a\",callback=function() end,flags={\"foo\"}}"
< -ERR Error registering functions: ERR unknown flag given
> FUNCTION LOAD "#!lua name=x\nredis.register_function{function_name=\"a\",callback=function() end,flags={1}}"
< -ERR Error registering functions: ERR unknown flag given
> FUNCTION LOAD "#!lua name=x\nredis.register_function{function_name=\"a\",callback=function() end,foo=1}"
< -ERR Error registering functions: ERR unknown argument given to redis.register_function
> FUNCTION LOAD "#!lua name=x\nredis.register_function{[1]=2}"
< -ERR Error registering functions: ERR unknown argument given to redis.register_function
> FUNCTION LOAD "#!lua name=x\nerror(\"no\")"
< -ERR Error registering functions: ERR user_function:2: Script attempted to access nonexistent global variable 'error'
> FUNCTION LOAD "#!lua name=x\nerror({err=\"NO no\"})"
< -ERR Error registering functions: ERR user_function:2: Script attempted to access nonexistent global variable 'error'
> FUNCTION LOAD "#!lua name=x\nerror({})"
< -ERR Error registering functions: ERR user_function:2: Script attempted to access nonexistent global variable 'error'
> FUNCTION LOAD "#!lua name=x\nredis.foo=1"
< -ERR Error registering functions: ERR user_function:2: Attempt to modify a readonly table
> FUNCTION LOAD "#!lua name=x\nreturn redis.foo"
< -ERR Error registering functions: ERR user_function:2: Script attempted to access nonexistent global variable 'foo'
> FUNCTION LOAD
< -ERR wrong number of arguments for 'function|load' command
> FUNCTION LOAD FOO x
< -ERR Unknown option given: FOO
> FUNCTION LOAD REPLACE
< -ERR Missing library metadata

== two libraries, one name
> FUNCTION LOAD "#!lua name=a\nredis.register_function(\"f\",function() return \"a\" end)"
< "a"
> FUNCTION LOAD "#!lua name=b\nredis.register_function(\"f\",function() return \"b\" end)"
< -ERR Function f already exists
> FUNCTION LOAD "#!lua name=b\nredis.register_function(\"g\",function() return \"b\" end)"
< "b"
> FUNCTION LOAD REPLACE "#!lua name=b\nredis.register_function(\"f\",function() return \"b\" end)"
< -ERR Function f already exists
> FCALL g 0
< "b"
> FCALL f 0
< "a"

== in functions
> FUNCTION LOAD "#!lua name=c\nlocal r=redis\nredis.register_function(\"args\",function(...) return select(\"#\",...) end)\nredis.register_function(\"late\",function() return r.register_function(\"x\",function() end) end)\nredis.register_function(\"global\",function() x=1 end)\nredis.register_function(\"keys\",function() return KEYS end)\nredis.register_function(\"bad\",function() return redis.call(\"foo\") end)\nredis.register_function(\"write\",function(keys) return redis.call(\"set\",keys[1],1) end)\nredis.register_function{function_name=\"ro\",callback=function(keys) return redis.call(\"set\",keys[1],1) end,flags={\"no-writes\"}}\nredis.register_function(\"err\",function() error(\"no\") end)\nredis.register_function(\"old\",function() return redis.replicate_commands end)"
< "c"
> FCALL args 1 k a
< :2
> FCALL late 0
< -ERR redis.register_function can only be called on FUNCTION LOAD command script: late, on @user_function:4.
> FCALL global 0
< -ERR user_function:5: Attempt to modify a readonly table script: global, on @user_function:5.
> FCALL keys 0
< -ERR user_function:6: Script attempted to access nonexistent global variable 'KEYS' script: keys, on @user_function:6.
> FCALL bad 0
< -ERR Unknown Redis command called from script script: bad, on @user_function:7.
> FCALL write 1 k
< +OK
> FCALL_RO write 1 k
< -ERR Can not execute a script with write flag using *_ro command.
> FCALL ro 1 k
< -ERR Write commands are not allowed from read-only scripts. script: ro, on @user_function:9.
> FCALL err 0
< -ERR user_function:10: no script: err, on @user_function:10.
> FCALL old 0
< (nil)

== dump and restore
> FUNCTION LOAD "#!lua name=one\nredis.register_function(\"one\",function() return 1 end)"
< "one"
> FUNCTION RESTORE x
< -ERR DUMP payload version or checksum are wrong
> FUNCTION RESTORE "\xf5\x38#!lua name=two\nredis.register_function('two',function() return 2 end)\x0b\x00\x00\x00\x00\x00\x00\x00\x00\x00"
< -ERR DUMP payload version or checksum are wrong
> FUNCTION RESTORE x FOO
< -ERR Wrong restore policy given, value should be either FLUSH, APPEND or REPLACE.
> FUNCTION RESTORE x FLUSH FOO
< -ERR unknown subcommand or wrong number of arguments for 'RESTORE'. Try FUNCTION HELP.
> FUNCTION FLUSH ASYNC
< +OK
> FCALL one 0
< -ERR Function not found
