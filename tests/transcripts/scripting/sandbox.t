# What scripts cannot reach or change.

== globals, shared tables, metatables
> EVAL "a=10" 0
< -ERR user_script:1: Attempt to modify a readonly table script: 933044db579a2f8fd45d8065f04a8d0249383e57, on @user_script:1.
> EVAL "return a" 0
< -ERR user_script:1: Script attempted to access nonexistent global variable 'a' script: bbfcd1ececc90deec823f7fb730e4bfb2a4ba625, on @user_script:1.
> EVAL "return print" 0
< -ERR user_script:1: Script attempted to access nonexistent global variable 'print' script: df4c752a7558004676bbee87e38b92e0b9056d68, on @user_script:1.
> EVAL "redis.foo=1" 0
< -ERR user_script:1: Attempt to modify a readonly table script: cd875cfa317576330f03d4f48ba27897c2608c59, on @user_script:1.
> EVAL "redis=1" 0
< -ERR user_script:1: Attempt to modify a readonly table script: ef32971a96d444d97f0ff47a7b4a40ba3e57e033, on @user_script:1.
> EVAL "_G.x=1" 0
< -ERR user_script:1: Attempt to modify a readonly table script: 9f1cf4e38bfbdecb441f9ea07fb01f5b69497362, on @user_script:1.
> EVAL "_G=1" 0
< -ERR user_script:1: Attempt to modify a readonly table script: d3bdca983d2510029c54509dd0c54219a5e3ff80, on @user_script:1.
> EVAL "setmetatable(_G,{})" 0
< -ERR Attempt to modify a readonly table script: e8f1b52cec0990f58c59b37010d130cfdce9e1a5, on @user_script:1.
> EVAL "return getmetatable(_G).__index" 0
< (nil)
> EVAL "getmetatable(_G).__index=1" 0
< -ERR user_script:1: Attempt to modify a readonly table script: 96d1db64a1931c322badf9841a84e590bd69d9ac, on @user_script:1.
> EVAL "return getmetatable(\"\").__index" 0
< []
> EVAL "getmetatable(\"\").__index=1" 0
< -ERR user_script:1: Attempt to modify a readonly table script: ece111a9e20b170e912ec23aa5db494bdfce8687, on @user_script:1.
> EVAL "return getmetatable(redis)" 0
< (nil)
> EVAL "rawset(redis,\"call\",1)" 0
< -ERR Attempt to modify a readonly table script: 5d8a98eed2fa2639394cc9c1ac6bb504653087fd, on @user_script:1.
> EVAL "rawset(_G,\"x\",1)" 0
< -ERR Attempt to modify a readonly table script: 517037cf275e7e72b5879174217c6ec3d56fb107, on @user_script:1.
> EVAL "table.insert(redis,1)" 0
< -ERR Attempt to modify a readonly table script: 3a23258ee49a94b81503b4867b0064d44bda462d, on @user_script:1.
> EVAL "return type(redis)" 0
< "table"
> EVAL "return os.clock()>0" 0
< :1
> EVAL "return os.time()" 0
< -ERR user_script:1: attempt to call field 'time' (a nil value) script: 13dea82ee9da896aebcd10f5e36f4a1eeb839b48, on @user_script:1.
> EVAL "return io" 0
< -ERR user_script:1: Script attempted to access nonexistent global variable 'io' script: badfe324d30f60abd2dbecf4d4b0f915038384e2, on @user_script:1.
> EVAL "return require" 0
< -ERR user_script:1: Script attempted to access nonexistent global variable 'require' script: 68c9d8918a98cebaec1948aff703e96c57af9fdd, on @user_script:1.
> EVAL "return loadfile" 0
< -ERR user_script:1: Script attempted to access nonexistent global variable 'loadfile' script: a08fbe72c95f67027cc9b6349f5d335b598397b7, on @user_script:1.
> EVAL "return dofile" 0
< -ERR user_script:1: Script attempted to access nonexistent global variable 'dofile' script: 0c5f629ecf4a281cada464398cd571c2f6828b27, on @user_script:1.
> EVAL "return debug" 0
< -ERR user_script:1: Script attempted to access nonexistent global variable 'debug' script: 7f0eed9eaa523ec9e1ff69159f45a399473d9771, on @user_script:1.
> EVAL "return setfenv" 0
< -ERR user_script:1: Script attempted to access nonexistent global variable 'setfenv' script: 3ffeb955c6323bb75eb872e0e1bc7214ea8780d9, on @user_script:1.
> EVAL "return getfenv" 0
< -ERR user_script:1: Script attempted to access nonexistent global variable 'getfenv' script: 16cfebc0feae9751eb6419326840e1512625eb36, on @user_script:1.
> EVAL "return load(function() return nil end)" 0
< (nil)
> EVAL "return {loadstring(\"x=\")}" 0
< []
> EVAL "return loadstring(\"return 7\")()" 0
< :7
> EVAL "return {pcall(loadstring(\"x=1\"))}" 0
< [(nil) "[string \"x=1\"]:1: Attempt to modify a readonly table"]
> EVAL "return {coroutine.resume(coroutine.create(function() error(\"x\") end))}" 0
< [(nil) "user_script:1: x"]
> EVAL "return {xpcall(function() error(\"x\") end, function(e) return e..\"y\" end)}" 0
< [(nil) "user_script:1: xy"]
> EVAL "return #redis" 0
< :0
> EVAL "return setmetatable({},{__index=function() error(\"x\") end})" 0
< []
> EVAL "return tostring(print)" 0
< -ERR user_script:1: Script attempted to access nonexistent global variable 'print' script: 50e61e85eba593e1799109dab972c83f9ff690fc, on @user_script:1.
> EVAL "local function f() error(\"deep\") end f()" 0
< -ERR user_script:1: deep script: 0f009506d9ee0c29521e0472090beb8675e5d3c5, on @user_script:1.
> EVAL "table.sort({3,1,2},function(a,b) error(\"in sort\") end)" 0
< -ERR user_script:1: in sort script: 0f79073bb35a3e80e95f3f39b6b17f5286e1044f, on @user_script:1.
> EVAL "local t=setmetatable({},{__tostring=function() return \"T\" end}) error(t)" 0
< -ERR unknown error script: 79850e8be3af980b73a24d12d3cce73988fbd847, on @user_script:1.
> EVAL "KEYS={}" 0
< -ERR user_script:1: Attempt to modify a readonly table script: d56cbec64d0a52d32701732d5d5401b3c9819535, on @user_script:1.
> EVAL "return getmetatable()" 0
< -ERR user_script:1: bad argument #1 to 'getmetatable' (value expected) script: 079907dcac7a4f1ecf68e10e298d3983826b55b6, on @user_script:1.
> EVAL "return setmetatable()" 0
< -ERR user_script:1: bad argument #1 to 'setmetatable' (table expected, got no value) script: 57df074193a7369d4535b7190dff901374e79006, on @user_script:1.
> EVAL "return setmetatable({})" 0
< -ERR user_script:1: bad argument #2 to 'setmetatable' (nil or table expected) script: 7fbda434b3beb9af120512ab2d6891491f6ddf33, on @user_script:1.
> EVAL "return setmetatable({},1)" 0
< -ERR user_script:1: bad argument #2 to 'setmetatable' (nil or table expected) script: 7d402b1ce99bd2d405fa55fd3c8113df8f2bb6e0, on @user_script:1.
> EVAL "return setmetatable({},{a=1})~=nil" 0
< :1
> EVAL "return getmetatable(setmetatable({},{__metatable=\"m\"}))" 0
< "m"
> EVAL "setmetatable(setmetatable({},{__metatable=\"m\"}),{})" 0
< -ERR user_script:1: cannot change a protected metatable script: c10d2ebe67228b7e44834b08b7b2001d2be39eb7, on @user_script:1.

== known ways out
> EVAL "return getmetatable(\"\").__index.rep==string.rep" 0
< :1
> EVAL "getmetatable(\"\").__index.rep=nil" 0
< -ERR user_script:1: Attempt to modify a readonly table script: 25f7a2b2d0c0b9775d9404b21a6e1a2a2e621f7d, on @user_script:1.
> EVAL "getmetatable(\"\").__gc=1" 0
< -ERR user_script:1: Attempt to modify a readonly table script: 7465663ae43fcaf1ce3390646e8ae2d5e99f171d, on @user_script:1.
> EVAL "setmetatable(string,{})" 0
< -ERR Attempt to modify a readonly table script: 4084efb1a05db6a2c46cc85b3c7b36a1784f4e49, on @user_script:1.
> EVAL "setmetatable(\"\",{})" 0
< -ERR user_script:1: bad argument #1 to 'setmetatable' (table expected, got string) script: b0d456c242145b97be84fe1bb43afab7dca68baf, on @user_script:1.
> EVAL "string.rep=nil" 0
< -ERR user_script:1: Attempt to modify a readonly table script: b728d6bcc4a620dab2144c5d052ae074905f0b86, on @user_script:1.
> EVAL "math.pi=3" 0
< -ERR user_script:1: Attempt to modify a readonly table script: 166eacc19c77b75deb701b77737523a15fc4fff8, on @user_script:1.
> EVAL "os.clock=nil" 0
< -ERR user_script:1: Attempt to modify a readonly table script: 45b0b30f38146433ffa6a95b058e03945b3afb09, on @user_script:1.
> EVAL "coroutine.wrap=nil" 0
< -ERR user_script:1: Attempt to modify a readonly table script: 64b106d478644921b59a109f368a1bca09a693c4, on @user_script:1.
> EVAL "bit.band=nil" 0
< -ERR user_script:1: Attempt to modify a readonly table script: ff8e182c5dc1cb8b62a45bd6a089ee569c0ae85a, on @user_script:1.
> EVAL "struct.pack=nil" 0
< -ERR user_script:1: Attempt to modify a readonly table script: cb5583f6dd1156b92516a15a98a8787450b5d304, on @user_script:1.
> EVAL "cmsgpack.pack=nil" 0
< -ERR user_script:1: Attempt to modify a readonly table script: 486779ccf765e6e08017f2a77d711f83a8c567e3, on @user_script:1.
> EVAL "table.insert(string,\"x\")" 0
< -ERR Attempt to modify a readonly table script: 6f62ca841dae0511c38358276725caeb3bbe9653, on @user_script:1.
> EVAL "table.insert(_G,\"x\")" 0
< -ERR Attempt to modify a readonly table script: 8f2656d4ebb190e06b2635cef74fd2103adb9172, on @user_script:1.
> EVAL "rawset(string,\"x\",1)" 0
< -ERR Attempt to modify a readonly table script: c8bd5858fd0f5a7ae3ed5ed409c00411c529bf0a, on @user_script:1.
> EVAL "rawset(getmetatable(\"\"),\"__index\",{})" 0
< -ERR Attempt to modify a readonly table script: 33f9bb0736fb4effbc2ab94180965a4916c1de27, on @user_script:1.
> EVAL "rawset(getmetatable(_G),\"__index\",{})" 0
< -ERR Attempt to modify a readonly table script: ba580abc12cf3f24fe38b58105c3fc6dfa7205d6, on @user_script:1.
> EVAL "getmetatable(_G).__newindex=nil" 0
< -ERR user_script:1: Attempt to modify a readonly table script: 9ffe9430befa3614ff237027fd01eacb05904fac, on @user_script:1.
> EVAL "local g=getmetatable(_G) g.__index=function() return 1 end" 0
< -ERR user_script:1: Attempt to modify a readonly table script: fe3be9e1de5acf8a14430ff22106042c9ce9f1d1, on @user_script:1.
> EVAL "return rawget(getmetatable(_G),\"__index\")~=nil" 0
< :1
> EVAL "for k in pairs(getmetatable(\"\")) do return k end" 0
< "__index"
> EVAL "return loadstring(\"\\27Lua\")" 0
< (nil)
> EVAL "return pcall(loadstring(\"\\27Lua\") or function() return \"none\" end)" 0
< :1
> EVAL "local f=loadstring(\"x=1\") return {pcall(f)}" 0
< [(nil) "[string \"x=1\"]:1: Attempt to modify a readonly table"]
> EVAL "local f=loadstring(\"return redis.call('ping')\") return f()" 0
< +PONG
> EVAL "return load(function() return nil end)~=nil" 0
< :1
> EVAL "return {coroutine.resume(coroutine.create(function() x=1 end))}" 0
< [(nil) "user_script:1: Attempt to modify a readonly table"]
> EVAL "return {coroutine.resume(coroutine.create(function() return getmetatable(\"\").__index==string end))}" 0
< [:1 :1]
> EVAL "_G._G=nil" 0
< -ERR user_script:1: Attempt to modify a readonly table script: 92b33e69ce985eea06fa59d9e97e3e009e2b4d4b, on @user_script:1.
> EVAL "_G.redis=nil" 0
< -ERR user_script:1: Attempt to modify a readonly table script: 74ac66f0c2628e70284caa3851c9618dab8fcaa4, on @user_script:1.
> EVAL "return _G._G==_G" 0
< :1
> EVAL "return _G.nothing" 0
< -ERR user_script:1: Script attempted to access nonexistent global variable 'nothing' script: b54c491bac3b99d156c98dbe574544fd80a877a5, on @user_script:1.
> EVAL "return package" 0
< -ERR user_script:1: Script attempted to access nonexistent global variable 'package' script: bfab18646c3a65e87365badef4807726c27a0041, on @user_script:1.
> EVAL "return module" 0
< -ERR user_script:1: Script attempted to access nonexistent global variable 'module' script: 2803774b6b78613fcfa3f4ce44070f589e937542, on @user_script:1.
> EVAL "return collectgarbage(\"count\")>0" 0
< :1
> EVAL "return xpcall(function() x=1 end,function(e) return e end)" 0
< (nil)
> EVAL "return select(2,xpcall(function() x=1 end,function(e) return e end))" 0
< "user_script:1: Attempt to modify a readonly table"
> EVAL "return select(2,pcall(function() x=1 end))" 0
< "user_script:1: Attempt to modify a readonly table"
> EVAL "table.sort(redis)" 0
< (nil)
> EVAL "table.remove(redis)" 0
< (nil)
> EVAL "return table.concat(redis)==\"\"" 0
< :1
> EVAL "return unpack(redis)" 0
< (nil)
> EVAL "return next({})" 0
< (nil)
> EVAL "return rawequal(redis,_G.redis)" 0
< :1
> EVAL "return tostring(redis.call)==\"x\"" 0
< (nil)
> EVAL "return string.format(\"%s\",redis.foo)" 0
< -ERR user_script:1: bad argument #2 to 'format' (string expected, got nil) script: e841e6729fb6e15385714b642c15cb72e9310c42, on @user_script:1.

== tables that libraries made are the script's own
> EVAL "local t=cjson.decode(\"{}\") t.x=1 return t.x" 0
< :1
> EVAL "local t=cmsgpack.unpack(\"\\129\\161a\\1\") t.b=2 return t.a+t.b" 0
< :3
