# cjson: JSON to values and back, and its options.

== written, read, options
> EVAL "return cjson.encode({1,2,3})" 0
< "[1,2,3]"
> EVAL "return cjson.encode({})" 0
< "{}"
> EVAL "return cjson.encode({a=1})" 0
< "{\"a\":1}"
> EVAL "return cjson.encode({[1]=1,[3]=3})" 0
< "[1,null,3]"
> EVAL "return cjson.encode({[1]=1,[100]=3})" 0
< -ERR user_script:1: Cannot serialise table: excessively sparse array script: 323b44c965f482c5cb1b8085cce9cdcd6ab884fd, on @user_script:1.
> EVAL "return cjson.encode(\"a/b\\\"\\\\\\n\\127\\1\\0\xc3\xa9\")" 0
< "\"a\\/b\\\"\\\\\\n\\u007f\\u0001\\u0000\xc3\xa9\""
> EVAL "return cjson.encode(1.5)" 0
< "1.5"
> EVAL "return cjson.encode(1e20)" 0
< "1e+20"
> EVAL "return cjson.encode(1/3)" 0
< "0.33333333333333"
> EVAL "return cjson.encode(123456789012345)" 0
< "1.2345678901234e+14"
> EVAL "return cjson.encode(1e14)" 0
< "1e+14"
> EVAL "return cjson.encode(1e15)" 0
< "1e+15"
> EVAL "return cjson.encode(-0.0)" 0
< "-0"
> EVAL "return cjson.encode(0.1)" 0
< "0.1"
> EVAL "return cjson.encode(100)" 0
< "100"
> EVAL "return cjson.encode(1e-7)" 0
< "1e-07"
> EVAL "return cjson.encode(true)" 0
< "true"
> EVAL "return cjson.encode(nil)" 0
< "null"
> EVAL "return cjson.encode(cjson.null)" 0
< "null"
> EVAL "return cjson.encode({cjson.null})" 0
< "[null]"
> EVAL "return cjson.encode({[1.5]=1})" 0
< "{\"1.5\":1}"
> EVAL "return cjson.encode({[-1]=1})" 0
< "{\"-1\":1}"
> EVAL "return cjson.encode({[0]=1})" 0
< "{\"0\":1}"
> EVAL "return cjson.encode({[true]=1})" 0
< -ERR user_script:1: Cannot serialise boolean: table key must be a number or string script: 376a640005c8509c694166527ca834359bf69aa8, on @user_script:1.
> EVAL "return cjson.encode(print)" 0
< -ERR user_script:1: Script attempted to access nonexistent global variable 'print' script: 8d87d02dc9dc22ef8e1a9ef2fc499a776fb0dbdd, on @user_script:1.
> EVAL "return cjson.encode(redis.call)" 0
< -ERR user_script:1: Cannot serialise function: type not supported script: 803b18de276feb2354b12add12ed7375abaa84cc, on @user_script:1.
> EVAL "return cjson.encode(function() end)" 0
< -ERR user_script:1: Cannot serialise function: type not supported script: c6600573aa08cdf0af5da6e0ef682db69a3acc00, on @user_script:1.
> EVAL "return cjson.encode(1/0)" 0
< -ERR user_script:1: Cannot serialise number: must not be NaN or Inf script: 08ffdaa5e7f117332da21c3b5222c2ede9492c60, on @user_script:1.
> EVAL "return cjson.encode(0/0)" 0
< -ERR user_script:1: Cannot serialise number: must not be NaN or Inf script: d3f8d4e745d6587b04e9dd216e0d4631f0a306d9, on @user_script:1.
> EVAL "return cjson.encode({a={b={c=1}}})" 0
< "{\"a\":{\"b\":{\"c\":1}}}"
> EVAL "return cjson.encode({{},{}})" 0
< "[{},{}]"
> EVAL "return cjson.encode(\"\\255\\254\")" 0
< "\"\xff\xfe\""
> EVAL "return cjson.encode({[\"1\"]=1})" 0
< "{\"1\":1}"
> EVAL "return cjson.encode()" 0
< -ERR user_script:1: bad argument #1 to 'encode' (expected 1 argument) script: fc593ea31f478c7ed65c77495cc63edeb9153530, on @user_script:1.
> EVAL "return cjson.encode(1,2)" 0
< -ERR user_script:1: bad argument #1 to 'encode' (expected 1 argument) script: 9796fc0f4acc8ba1f9133e705bfd4aa24561765a, on @user_script:1.
> EVAL "local t={} t[1]=t return cjson.encode(t)" 0
< -ERR user_script:1: Cannot serialise, excessive nesting (1001) script: a506053e74ab4b60484b77ae0b676d988172bc86, on @user_script:1.
> EVAL "local t={} local c=t for i=1,999 do c[1]={} c=c[1] end return #cjson.encode(t)" 0
< :2000
> EVAL "local t={} local c=t for i=1,1000 do c[1]={} c=c[1] end return #cjson.encode(t)" 0
< -ERR user_script:1: Cannot serialise, excessive nesting (1001) script: 16c18091e3562fd5eccb944154fd460f9a0399f5, on @user_script:1.
> EVAL "local v=cjson.decode([==[[1,2,3]]==]) if type(v)=='table' then local r={} for k,x in pairs(v) do r[#r+1]=tostring(k)..'='..type(x)..(type(x)=='string' and x or type(x)=='number' and string.format('%.17g',x) or '') end table.sort(r) return r end return type(v)..(type(v)=='number' and string.format('%.17g',v) or tostring(v))" 0
< ["1=number1" "2=number2" "3=number3"]
> EVAL "local v=cjson.decode([==[{\"a\":1,\"b\":[true,false,null]}]==]) if type(v)=='table' then local r={} for k,x in pairs(v) do r[#r+1]=tostring(k)..'='..type(x)..(type(x)=='string' and x or type(x)=='number' and string.format('%.17g',x) or '') end table.sort(r) return r end return type(v)..(type(v)=='number' and string.format('%.17g',v) or tostring(v))" 0
< ["a=number1" "b=table"]
> EVAL "local v=cjson.decode([==[\"x\\u00e9\\n\\/\"]==]) if type(v)=='table' then local r={} for k,x in pairs(v) do r[#r+1]=tostring(k)..'='..type(x)..(type(x)=='string' and x or type(x)=='number' and string.format('%.17g',x) or '') end table.sort(r) return r end return type(v)..(type(v)=='number' and string.format('%.17g',v) or tostring(v))" 0
< "stringx\xc3\xa9\n/"
> EVAL "local v=cjson.decode([==[\"\\ud83d\\ude00\"]==]) if type(v)=='table' then local r={} for k,x in pairs(v) do r[#r+1]=tostring(k)..'='..type(x)..(type(x)=='string' and x or type(x)=='number' and string.format('%.17g',x) or '') end table.sort(r) return r end return type(v)..(type(v)=='number' and string.format('%.17g',v) or tostring(v))" 0
< "string\xf0\x9f\x98\x80"
> EVAL "local v=cjson.decode([==[\"\\ud83d\"]==]) if type(v)=='table' then local r={} for k,x in pairs(v) do r[#r+1]=tostring(k)..'='..type(x)..(type(x)=='string' and x or type(x)=='number' and string.format('%.17g',x) or '') end table.sort(r) return r end return type(v)..(type(v)=='number' and string.format('%.17g',v) or tostring(v))" 0
< -ERR user_script:1: Expected value but found invalid unicode escape code at character 2 script: de8969be24f5ecb44d95d3ec06cbdf630409a76c, on @user_script:1.
> EVAL "local v=cjson.decode([==[\"\\udc00\"]==]) if type(v)=='table' then local r={} for k,x in pairs(v) do r[#r+1]=tostring(k)..'='..type(x)..(type(x)=='string' and x or type(x)=='number' and string.format('%.17g',x) or '') end table.sort(r) return r end return type(v)..(type(v)=='number' and string.format('%.17g',v) or tostring(v))" 0
< -ERR user_script:1: Expected value but found invalid unicode escape code at character 2 script: bf186b60f861eba03569656527b218a74c3f7d1b, on @user_script:1.
> EVAL "local v=cjson.decode([==[\"\\u12\"]==]) if type(v)=='table' then local r={} for k,x in pairs(v) do r[#r+1]=tostring(k)..'='..type(x)..(type(x)=='string' and x or type(x)=='number' and string.format('%.17g',x) or '') end table.sort(r) return r end return type(v)..(type(v)=='number' and string.format('%.17g',v) or tostring(v))" 0
< -ERR user_script:1: Expected value but found invalid unicode escape code at character 2 script: bda6caed7ef0d709c1da405ef8f29cbb6ea83ada, on @user_script:1.
> EVAL "local v=cjson.decode([==[\"a]==]) if type(v)=='table' then local r={} for k,x in pairs(v) do r[#r+1]=tostring(k)..'='..type(x)..(type(x)=='string' and x or type(x)=='number' and string.format('%.17g',x) or '') end table.sort(r) return r end return type(v)..(type(v)=='number' and string.format('%.17g',v) or tostring(v))" 0
< -ERR user_script:1: Expected value but found unexpected end of string at character 3 script: 24bf677c3fb5a5ab528bee70a54a8041b5e25dd6, on @user_script:1.
> EVAL "local v=cjson.decode([==[[1,]==]) if type(v)=='table' then local r={} for k,x in pairs(v) do r[#r+1]=tostring(k)..'='..type(x)..(type(x)=='string' and x or type(x)=='number' and string.format('%.17g',x) or '') end table.sort(r) return r end return type(v)..(type(v)=='number' and string.format('%.17g',v) or tostring(v))" 0
< -ERR user_script:1: Expected value but found T_END at character 4 script: 989591a285ef1ff7f72ee11f6c9d8de11e95bc9b, on @user_script:1.
> EVAL "local v=cjson.decode([==[[1 2]]==]) if type(v)=='table' then local r={} for k,x in pairs(v) do r[#r+1]=tostring(k)..'='..type(x)..(type(x)=='string' and x or type(x)=='number' and string.format('%.17g',x) or '') end table.sort(r) return r end return type(v)..(type(v)=='number' and string.format('%.17g',v) or tostring(v))" 0
< -ERR user_script:1: Expected comma or array end but found T_NUMBER at character 4 script: ba4b374c8cb33f7e3694b709d5901875a9e5a1b0, on @user_script:1.
> EVAL "local v=cjson.decode([==[{\"a\" 1}]==]) if type(v)=='table' then local r={} for k,x in pairs(v) do r[#r+1]=tostring(k)..'='..type(x)..(type(x)=='string' and x or type(x)=='number' and string.format('%.17g',x) or '') end table.sort(r) return r end return type(v)..(type(v)=='number' and string.format('%.17g',v) or tostring(v))" 0
< -ERR user_script:1: Expected colon but found T_NUMBER at character 6 script: 43e00cca0b1b82a4cbb0afb960d67cb4563e77af, on @user_script:1.
> EVAL "local v=cjson.decode([==[{a:1}]==]) if type(v)=='table' then local r={} for k,x in pairs(v) do r[#r+1]=tostring(k)..'='..type(x)..(type(x)=='string' and x or type(x)=='number' and string.format('%.17g',x) or '') end table.sort(r) return r end return type(v)..(type(v)=='number' and string.format('%.17g',v) or tostring(v))" 0
< -ERR user_script:1: Expected object key string but found invalid token at character 2 script: 199b631cfd3146ff97abd35abf6153555afdff84, on @user_script:1.
> EVAL "local v=cjson.decode([==[{\"a\":1,}]==]) if type(v)=='table' then local r={} for k,x in pairs(v) do r[#r+1]=tostring(k)..'='..type(x)..(type(x)=='string' and x or type(x)=='number' and string.format('%.17g',x) or '') end table.sort(r) return r end return type(v)..(type(v)=='number' and string.format('%.17g',v) or tostring(v))" 0
< -ERR user_script:1: Expected object key string but found T_OBJ_END at character 8 script: 9835ee9fae1209eea2dc97763ef5b07306a33b0b, on @user_script:1.
> EVAL "local v=cjson.decode([==[[1,]]==]) if type(v)=='table' then local r={} for k,x in pairs(v) do r[#r+1]=tostring(k)..'='..type(x)..(type(x)=='string' and x or type(x)=='number' and string.format('%.17g',x) or '') end table.sort(r) return r end return type(v)..(type(v)=='number' and string.format('%.17g',v) or tostring(v))" 0
< -ERR user_script:1: Expected value but found T_ARR_END at character 4 script: 3056127037d859d4ddb88820ff2b25f80b471576, on @user_script:1.
> EVAL "local v=cjson.decode([==[nul]==]) if type(v)=='table' then local r={} for k,x in pairs(v) do r[#r+1]=tostring(k)..'='..type(x)..(type(x)=='string' and x or type(x)=='number' and string.format('%.17g',x) or '') end table.sort(r) return r end return type(v)..(type(v)=='number' and string.format('%.17g',v) or tostring(v))" 0
< -ERR user_script:1: Expected value but found invalid token at character 1 script: 0ad2ad15b68368081aed036f006af8051304f33a, on @user_script:1.
> EVAL "local v=cjson.decode([==[tru]==]) if type(v)=='table' then local r={} for k,x in pairs(v) do r[#r+1]=tostring(k)..'='..type(x)..(type(x)=='string' and x or type(x)=='number' and string.format('%.17g',x) or '') end table.sort(r) return r end return type(v)..(type(v)=='number' and string.format('%.17g',v) or tostring(v))" 0
< -ERR user_script:1: Expected value but found invalid token at character 1 script: c708f9fb9e3564a830689a0616031414709e21bb, on @user_script:1.
> EVAL "local v=cjson.decode([==[123abc]==]) if type(v)=='table' then local r={} for k,x in pairs(v) do r[#r+1]=tostring(k)..'='..type(x)..(type(x)=='string' and x or type(x)=='number' and string.format('%.17g',x) or '') end table.sort(r) return r end return type(v)..(type(v)=='number' and string.format('%.17g',v) or tostring(v))" 0
< -ERR user_script:1: Expected the end but found invalid token at character 4 script: 5ee6cc20cc5b37ba9d3d4692d9c0bacf83795d9d, on @user_script:1.
> EVAL "local v=cjson.decode([==[0x10]==]) if type(v)=='table' then local r={} for k,x in pairs(v) do r[#r+1]=tostring(k)..'='..type(x)..(type(x)=='string' and x or type(x)=='number' and string.format('%.17g',x) or '') end table.sort(r) return r end return type(v)..(type(v)=='number' and string.format('%.17g',v) or tostring(v))" 0
< "number16"
> EVAL "local v=cjson.decode([==[-0]==]) if type(v)=='table' then local r={} for k,x in pairs(v) do r[#r+1]=tostring(k)..'='..type(x)..(type(x)=='string' and x or type(x)=='number' and string.format('%.17g',x) or '') end table.sort(r) return r end return type(v)..(type(v)=='number' and string.format('%.17g',v) or tostring(v))" 0
< "number-0"
> EVAL "local v=cjson.decode([==[01]==]) if type(v)=='table' then local r={} for k,x in pairs(v) do r[#r+1]=tostring(k)..'='..type(x)..(type(x)=='string' and x or type(x)=='number' and string.format('%.17g',x) or '') end table.sort(r) return r end return type(v)..(type(v)=='number' and string.format('%.17g',v) or tostring(v))" 0
< "number1"
> EVAL "local v=cjson.decode([==[1.]==]) if type(v)=='table' then local r={} for k,x in pairs(v) do r[#r+1]=tostring(k)..'='..type(x)..(type(x)=='string' and x or type(x)=='number' and string.format('%.17g',x) or '') end table.sort(r) return r end return type(v)..(type(v)=='number' and string.format('%.17g',v) or tostring(v))" 0
< "number1"
> EVAL "local v=cjson.decode([==[.5]==]) if type(v)=='table' then local r={} for k,x in pairs(v) do r[#r+1]=tostring(k)..'='..type(x)..(type(x)=='string' and x or type(x)=='number' and string.format('%.17g',x) or '') end table.sort(r) return r end return type(v)..(type(v)=='number' and string.format('%.17g',v) or tostring(v))" 0
< -ERR user_script:1: Expected value but found invalid token at character 1 script: 766c56b3c22de0c49cb2565806ca04eb33070dae, on @user_script:1.
> EVAL "local v=cjson.decode([==[+1]==]) if type(v)=='table' then local r={} for k,x in pairs(v) do r[#r+1]=tostring(k)..'='..type(x)..(type(x)=='string' and x or type(x)=='number' and string.format('%.17g',x) or '') end table.sort(r) return r end return type(v)..(type(v)=='number' and string.format('%.17g',v) or tostring(v))" 0
< "number1"
> EVAL "local v=cjson.decode([==[-]==]) if type(v)=='table' then local r={} for k,x in pairs(v) do r[#r+1]=tostring(k)..'='..type(x)..(type(x)=='string' and x or type(x)=='number' and string.format('%.17g',x) or '') end table.sort(r) return r end return type(v)..(type(v)=='number' and string.format('%.17g',v) or tostring(v))" 0
< -ERR user_script:1: Expected value but found invalid number at character 1 script: f68a81f73d4cfc7785afb229f59a94ef0e66dcf5, on @user_script:1.
> EVAL "local v=cjson.decode([==[nan]==]) if type(v)=='table' then local r={} for k,x in pairs(v) do r[#r+1]=tostring(k)..'='..type(x)..(type(x)=='string' and x or type(x)=='number' and string.format('%.17g',x) or '') end table.sort(r) return r end return type(v)..(type(v)=='number' and string.format('%.17g',v) or tostring(v))" 0
< "numbernan"
> EVAL "local v=cjson.decode([==[NaN]==]) if type(v)=='table' then local r={} for k,x in pairs(v) do r[#r+1]=tostring(k)..'='..type(x)..(type(x)=='string' and x or type(x)=='number' and string.format('%.17g',x) or '') end table.sort(r) return r end return type(v)..(type(v)=='number' and string.format('%.17g',v) or tostring(v))" 0
< "numbernan"
> EVAL "local v=cjson.decode([==[inf]==]) if type(v)=='table' then local r={} for k,x in pairs(v) do r[#r+1]=tostring(k)..'='..type(x)..(type(x)=='string' and x or type(x)=='number' and string.format('%.17g',x) or '') end table.sort(r) return r end return type(v)..(type(v)=='number' and string.format('%.17g',v) or tostring(v))" 0
< "numberinf"
> EVAL "local v=cjson.decode([==[-inf]==]) if type(v)=='table' then local r={} for k,x in pairs(v) do r[#r+1]=tostring(k)..'='..type(x)..(type(x)=='string' and x or type(x)=='number' and string.format('%.17g',x) or '') end table.sort(r) return r end return type(v)..(type(v)=='number' and string.format('%.17g',v) or tostring(v))" 0
< "number-inf"
> EVAL "local v=cjson.decode([==[Infinity]==]) if type(v)=='table' then local r={} for k,x in pairs(v) do r[#r+1]=tostring(k)..'='..type(x)..(type(x)=='string' and x or type(x)=='number' and string.format('%.17g',x) or '') end table.sort(r) return r end return type(v)..(type(v)=='number' and string.format('%.17g',v) or tostring(v))" 0
< "numberinf"
> EVAL "local v=cjson.decode([==[-Infinityx]==]) if type(v)=='table' then local r={} for k,x in pairs(v) do r[#r+1]=tostring(k)..'='..type(x)..(type(x)=='string' and x or type(x)=='number' and string.format('%.17g',x) or '') end table.sort(r) return r end return type(v)..(type(v)=='number' and string.format('%.17g',v) or tostring(v))" 0
< -ERR user_script:1: Expected the end but found invalid token at character 10 script: ab22d6329ee3d90733c6000d0813a91b9c1248f9, on @user_script:1.
> EVAL "local v=cjson.decode([==[1e5]==]) if type(v)=='table' then local r={} for k,x in pairs(v) do r[#r+1]=tostring(k)..'='..type(x)..(type(x)=='string' and x or type(x)=='number' and string.format('%.17g',x) or '') end table.sort(r) return r end return type(v)..(type(v)=='number' and string.format('%.17g',v) or tostring(v))" 0
< "number100000"
> EVAL "local v=cjson.decode([==[1E+5]==]) if type(v)=='table' then local r={} for k,x in pairs(v) do r[#r+1]=tostring(k)..'='..type(x)..(type(x)=='string' and x or type(x)=='number' and string.format('%.17g',x) or '') end table.sort(r) return r end return type(v)..(type(v)=='number' and string.format('%.17g',v) or tostring(v))" 0
< "number100000"
> EVAL "local v=cjson.decode([==[1e]==]) if type(v)=='table' then local r={} for k,x in pairs(v) do r[#r+1]=tostring(k)..'='..type(x)..(type(x)=='string' and x or type(x)=='number' and string.format('%.17g',x) or '') end table.sort(r) return r end return type(v)..(type(v)=='number' and string.format('%.17g',v) or tostring(v))" 0
< -ERR user_script:1: Expected the end but found invalid token at character 2 script: c48296074b99b4f06bb8dc926553b40840038513, on @user_script:1.
> EVAL "local v=cjson.decode([==[[]]==]) if type(v)=='table' then local r={} for k,x in pairs(v) do r[#r+1]=tostring(k)..'='..type(x)..(type(x)=='string' and x or type(x)=='number' and string.format('%.17g',x) or '') end table.sort(r) return r end return type(v)..(type(v)=='number' and string.format('%.17g',v) or tostring(v))" 0
< []
> EVAL "local v=cjson.decode([==[{}]==]) if type(v)=='table' then local r={} for k,x in pairs(v) do r[#r+1]=tostring(k)..'='..type(x)..(type(x)=='string' and x or type(x)=='number' and string.format('%.17g',x) or '') end table.sort(r) return r end return type(v)..(type(v)=='number' and string.format('%.17g',v) or tostring(v))" 0
< []
> EVAL "local v=cjson.decode([==[[[]]]==]) if type(v)=='table' then local r={} for k,x in pairs(v) do r[#r+1]=tostring(k)..'='..type(x)..(type(x)=='string' and x or type(x)=='number' and string.format('%.17g',x) or '') end table.sort(r) return r end return type(v)..(type(v)=='number' and string.format('%.17g',v) or tostring(v))" 0
< ["1=table"]
> EVAL "local v=cjson.decode([==[  [ 1 , 2 ]  ]==]) if type(v)=='table' then local r={} for k,x in pairs(v) do r[#r+1]=tostring(k)..'='..type(x)..(type(x)=='string' and x or type(x)=='number' and string.format('%.17g',x) or '') end table.sort(r) return r end return type(v)..(type(v)=='number' and string.format('%.17g',v) or tostring(v))" 0
< ["1=number1" "2=number2"]
> EVAL "local v=cjson.decode([==[[1]x]==]) if type(v)=='table' then local r={} for k,x in pairs(v) do r[#r+1]=tostring(k)..'='..type(x)..(type(x)=='string' and x or type(x)=='number' and string.format('%.17g',x) or '') end table.sort(r) return r end return type(v)..(type(v)=='number' and string.format('%.17g',v) or tostring(v))" 0
< -ERR user_script:1: Expected the end but found invalid token at character 4 script: a6ce892b5766abd386aefb83425f8450b7923a9e, on @user_script:1.
> EVAL "local v=cjson.decode([==[]==]) if type(v)=='table' then local r={} for k,x in pairs(v) do r[#r+1]=tostring(k)..'='..type(x)..(type(x)=='string' and x or type(x)=='number' and string.format('%.17g',x) or '') end table.sort(r) return r end return type(v)..(type(v)=='number' and string.format('%.17g',v) or tostring(v))" 0
< -ERR user_script:1: Expected value but found T_END at character 1 script: d39b3a1dff425fba953092f04a83f9cf8e73a876, on @user_script:1.
> EVAL "local v=cjson.decode([==[\"]==]) if type(v)=='table' then local r={} for k,x in pairs(v) do r[#r+1]=tostring(k)..'='..type(x)..(type(x)=='string' and x or type(x)=='number' and string.format('%.17g',x) or '') end table.sort(r) return r end return type(v)..(type(v)=='number' and string.format('%.17g',v) or tostring(v))" 0
< -ERR user_script:1: Expected value but found unexpected end of string at character 2 script: d779ff26b4841fd333ec5882e1a6a4e74eba89fd, on @user_script:1.
> EVAL "local v=cjson.decode([==[\\\"]==]) if type(v)=='table' then local r={} for k,x in pairs(v) do r[#r+1]=tostring(k)..'='..type(x)..(type(x)=='string' and x or type(x)=='number' and string.format('%.17g',x) or '') end table.sort(r) return r end return type(v)..(type(v)=='number' and string.format('%.17g',v) or tostring(v))" 0
< -ERR user_script:1: Expected value but found invalid token at character 1 script: 8b3eee10fae1ac1e31743a5c5d95b2f300e6c7e3, on @user_script:1.
> EVAL "local v=cjson.decode([==[{\"a\":{\"b\":{\"c\":[]}}}]==]) if type(v)=='table' then local r={} for k,x in pairs(v) do r[#r+1]=tostring(k)..'='..type(x)..(type(x)=='string' and x or type(x)=='number' and string.format('%.17g',x) or '') end table.sort(r) return r end return type(v)..(type(v)=='number' and string.format('%.17g',v) or tostring(v))" 0
< ["a=table"]
> EVAL "local v=cjson.decode([==[\"\\x\"]==]) if type(v)=='table' then local r={} for k,x in pairs(v) do r[#r+1]=tostring(k)..'='..type(x)..(type(x)=='string' and x or type(x)=='number' and string.format('%.17g',x) or '') end table.sort(r) return r end return type(v)..(type(v)=='number' and string.format('%.17g',v) or tostring(v))" 0
< -ERR user_script:1: Expected value but found invalid escape code at character 2 script: 5dffd1c4a78c65b65da43cf74a2408443eebf859, on @user_script:1.
> EVAL "local v=cjson.decode([==[\"tab\there\"]==]) if type(v)=='table' then local r={} for k,x in pairs(v) do r[#r+1]=tostring(k)..'='..type(x)..(type(x)=='string' and x or type(x)=='number' and string.format('%.17g',x) or '') end table.sort(r) return r end return type(v)..(type(v)=='number' and string.format('%.17g',v) or tostring(v))" 0
< "stringtab\there"
> EVAL "local v=cjson.decode([==[1e400]==]) if type(v)=='table' then local r={} for k,x in pairs(v) do r[#r+1]=tostring(k)..'='..type(x)..(type(x)=='string' and x or type(x)=='number' and string.format('%.17g',x) or '') end table.sort(r) return r end return type(v)..(type(v)=='number' and string.format('%.17g',v) or tostring(v))" 0
< "numberinf"
> EVAL "local v=cjson.decode([==[[1e400]]==]) if type(v)=='table' then local r={} for k,x in pairs(v) do r[#r+1]=tostring(k)..'='..type(x)..(type(x)=='string' and x or type(x)=='number' and string.format('%.17g',x) or '') end table.sort(r) return r end return type(v)..(type(v)=='number' and string.format('%.17g',v) or tostring(v))" 0
< ["1=numberinf"]
> EVAL "local v=cjson.decode([==[{\"1\":2}]==]) if type(v)=='table' then local r={} for k,x in pairs(v) do r[#r+1]=tostring(k)..'='..type(x)..(type(x)=='string' and x or type(x)=='number' and string.format('%.17g',x) or '') end table.sort(r) return r end return type(v)..(type(v)=='number' and string.format('%.17g',v) or tostring(v))" 0
< ["1=number2"]
> EVAL "local v=cjson.decode([==[[null]]==]) if type(v)=='table' then local r={} for k,x in pairs(v) do r[#r+1]=tostring(k)..'='..type(x)..(type(x)=='string' and x or type(x)=='number' and string.format('%.17g',x) or '') end table.sort(r) return r end return type(v)..(type(v)=='number' and string.format('%.17g',v) or tostring(v))" 0
< ["1=userdata"]
> EVAL "local v=cjson.decode([==[\"\\u0000x\"]==]) if type(v)=='table' then local r={} for k,x in pairs(v) do r[#r+1]=tostring(k)..'='..type(x)..(type(x)=='string' and x or type(x)=='number' and string.format('%.17g',x) or '') end table.sort(r) return r end return type(v)..(type(v)=='number' and string.format('%.17g',v) or tostring(v))" 0
< "string\x00x"
> EVAL "local v=cjson.decode([==[[]==]) if type(v)=='table' then local r={} for k,x in pairs(v) do r[#r+1]=tostring(k)..'='..type(x)..(type(x)=='string' and x or type(x)=='number' and string.format('%.17g',x) or '') end table.sort(r) return r end return type(v)..(type(v)=='number' and string.format('%.17g',v) or tostring(v))" 0
< -ERR user_script:1: Expected value but found T_END at character 2 script: 3b8b22079f214f7e6696bc233ad1e32cad822ffd, on @user_script:1.
> EVAL "local v=cjson.decode([==[]]==]) if type(v)=='table' then local r={} for k,x in pairs(v) do r[#r+1]=tostring(k)..'='..type(x)..(type(x)=='string' and x or type(x)=='number' and string.format('%.17g',x) or '') end table.sort(r) return r end return type(v)..(type(v)=='number' and string.format('%.17g',v) or tostring(v))" 0
< -ERR user_script:1: Expected value but found T_ARR_END at character 1 script: ab8087a6cf3e971bfe671de27187fbb5b25a5dad, on @user_script:1.
> EVAL "local v=cjson.decode([==[}]==]) if type(v)=='table' then local r={} for k,x in pairs(v) do r[#r+1]=tostring(k)..'='..type(x)..(type(x)=='string' and x or type(x)=='number' and string.format('%.17g',x) or '') end table.sort(r) return r end return type(v)..(type(v)=='number' and string.format('%.17g',v) or tostring(v))" 0
< -ERR user_script:1: Expected value but found T_OBJ_END at character 1 script: 760b419f34c2325020c77ddece2ed8b8d5e9cab6, on @user_script:1.
> EVAL "local v=cjson.decode([==[:]==]) if type(v)=='table' then local r={} for k,x in pairs(v) do r[#r+1]=tostring(k)..'='..type(x)..(type(x)=='string' and x or type(x)=='number' and string.format('%.17g',x) or '') end table.sort(r) return r end return type(v)..(type(v)=='number' and string.format('%.17g',v) or tostring(v))" 0
< -ERR user_script:1: Expected value but found T_COLON at character 1 script: 09e94ec204a3e9124dc499bb845b1dc2db5cd307, on @user_script:1.
> EVAL "local v=cjson.decode([==[,]==]) if type(v)=='table' then local r={} for k,x in pairs(v) do r[#r+1]=tostring(k)..'='..type(x)..(type(x)=='string' and x or type(x)=='number' and string.format('%.17g',x) or '') end table.sort(r) return r end return type(v)..(type(v)=='number' and string.format('%.17g',v) or tostring(v))" 0
< -ERR user_script:1: Expected value but found T_COMMA at character 1 script: 2f85f557b677c27f022eb62c7b3db4542fddb204, on @user_script:1.
> EVAL "local v=cjson.decode([==[@]==]) if type(v)=='table' then local r={} for k,x in pairs(v) do r[#r+1]=tostring(k)..'='..type(x)..(type(x)=='string' and x or type(x)=='number' and string.format('%.17g',x) or '') end table.sort(r) return r end return type(v)..(type(v)=='number' and string.format('%.17g',v) or tostring(v))" 0
< -ERR user_script:1: Expected value but found invalid token at character 1 script: ec9f6e706f3e2cacfaa1d34ec4d2f5ae856373a8, on @user_script:1.
> EVAL "local v=cjson.decode([==[infin]==]) if type(v)=='table' then local r={} for k,x in pairs(v) do r[#r+1]=tostring(k)..'='..type(x)..(type(x)=='string' and x or type(x)=='number' and string.format('%.17g',x) or '') end table.sort(r) return r end return type(v)..(type(v)=='number' and string.format('%.17g',v) or tostring(v))" 0
< -ERR user_script:1: Expected the end but found invalid token at character 4 script: 4e30060dcbef629aab5f79fb7dce1c281c2b3e35, on @user_script:1.
> EVAL "local v=cjson.decode([==[nanx]==]) if type(v)=='table' then local r={} for k,x in pairs(v) do r[#r+1]=tostring(k)..'='..type(x)..(type(x)=='string' and x or type(x)=='number' and string.format('%.17g',x) or '') end table.sort(r) return r end return type(v)..(type(v)=='number' and string.format('%.17g',v) or tostring(v))" 0
< -ERR user_script:1: Expected the end but found invalid token at character 4 script: c62fe0fde4072f3e5a1d38f5ab742cade691686a, on @user_script:1.
> EVAL "local v=cjson.decode([==[{\"a\":1 \"b\"}]==]) if type(v)=='table' then local r={} for k,x in pairs(v) do r[#r+1]=tostring(k)..'='..type(x)..(type(x)=='string' and x or type(x)=='number' and string.format('%.17g',x) or '') end table.sort(r) return r end return type(v)..(type(v)=='number' and string.format('%.17g',v) or tostring(v))" 0
< -ERR user_script:1: Expected comma or object end but found T_STRING at character 8 script: 42b8b275688176da72124c0aae2d4e371c9bd630, on @user_script:1.
> EVAL "local v=cjson.decode([==[{1:2}]==]) if type(v)=='table' then local r={} for k,x in pairs(v) do r[#r+1]=tostring(k)..'='..type(x)..(type(x)=='string' and x or type(x)=='number' and string.format('%.17g',x) or '') end table.sort(r) return r end return type(v)..(type(v)=='number' and string.format('%.17g',v) or tostring(v))" 0
< -ERR user_script:1: Expected object key string but found T_NUMBER at character 2 script: 3eb0e979dc6e5e633664bb7bcef70904cb313e76, on @user_script:1.
> EVAL "local v=cjson.decode([==[[1}]==]) if type(v)=='table' then local r={} for k,x in pairs(v) do r[#r+1]=tostring(k)..'='..type(x)..(type(x)=='string' and x or type(x)=='number' and string.format('%.17g',x) or '') end table.sort(r) return r end return type(v)..(type(v)=='number' and string.format('%.17g',v) or tostring(v))" 0
< -ERR user_script:1: Expected comma or array end but found T_OBJ_END at character 3 script: b784b89138d626fbe217b4130e8951f37fd9c38d, on @user_script:1.
> EVAL "local v=cjson.decode([==[1234567890123456789]==]) if type(v)=='table' then local r={} for k,x in pairs(v) do r[#r+1]=tostring(k)..'='..type(x)..(type(x)=='string' and x or type(x)=='number' and string.format('%.17g',x) or '') end table.sort(r) return r end return type(v)..(type(v)=='number' and string.format('%.17g',v) or tostring(v))" 0
< "number1.2345678901234568e+18"
> EVAL "local v=cjson.decode([==[0.1e-7]==]) if type(v)=='table' then local r={} for k,x in pairs(v) do r[#r+1]=tostring(k)..'='..type(x)..(type(x)=='string' and x or type(x)=='number' and string.format('%.17g',x) or '') end table.sort(r) return r end return type(v)..(type(v)=='number' and string.format('%.17g',v) or tostring(v))" 0
< "number1e-08"
> EVAL "return cjson.decode()" 0
< -ERR user_script:1: bad argument #1 to 'decode' (expected 1 argument) script: 5378278d59343caf5c3375a655dfea5e69ab8a74, on @user_script:1.
> EVAL "return cjson.decode({})" 0
< -ERR user_script:1: bad argument #1 to 'decode' (string expected, got table) script: 10c706d54b3ae7d2bcc169d647405abd961145fa, on @user_script:1.
> EVAL "return cjson.decode(12)" 0
< :12
> EVAL "return cjson.decode(\"\\0a\")" 0
< -ERR user_script:1: JSON parser does not support UTF-16 or UTF-32 script: 998b29ab6df87166903aeb927ab9d0f92b59615d, on @user_script:1.
> EVAL "return cjson.decode(\"a\\0\")" 0
< -ERR user_script:1: JSON parser does not support UTF-16 or UTF-32 script: be6113c65ab37d1d0987fe25a88acaffb0b62f46, on @user_script:1.
> EVAL "return type(cjson.decode(string.rep(\"[\",1000)..string.rep(\"]\",1000)))" 0
< "table"
> EVAL "return cjson.decode(string.rep(\"[\",1001)..string.rep(\"]\",1001))" 0
< -ERR user_script:1: Found too many nested data structures (1001) at character 1001 script: 97d7df1291741b1285025ed3124d13eedba5fcff, on @user_script:1.
> EVAL "return cjson.decode(string.rep(\"{\\\"a\\\":\",1001))" 0
< -ERR user_script:1: Found too many nested data structures (1001) at character 5001 script: a3ddd20b91b52efd2953c0bba696172c5249269e, on @user_script:1.
> EVAL "return {cjson._NAME,cjson._VERSION}" 0
< ["cjson" "2.1.0"]
> EVAL "return tostring(cjson.null)" 0
< "userdata: (nil)"
> EVAL "return cjson.encode_sparse_array()" 0
< (nil)
> EVAL "return {cjson.encode_sparse_array(true,0,5)}" 0
< [:1 :0 :5]
> EVAL "return {cjson.encode_sparse_array()}" 0
< [:1 :0 :5]
> EVAL "return cjson.encode({[1]=1,[100]=3})" 0
< "[1,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,3]"
> EVAL "return {cjson.encode_sparse_array(true,2,5)}" 0
< [:1 :2 :5]
> EVAL "return cjson.encode({[1]=1,[100]=3})" 0
< "{\"1\":1,\"100\":3}"
> EVAL "return {cjson.encode_sparse_array(false,2,10)}" 0
< [(nil) :2 :10]
> EVAL "return {cjson.encode_sparse_array(\"x\")}" 0
< -ERR user_script:1: bad argument #1 to 'encode_sparse_array' (invalid option 'x') script: 066bf5fd6f95bce15232590294f6df1bbb4de927, on @user_script:1.
> EVAL "return {cjson.encode_sparse_array(1,2,3,4)}" 0
< -ERR user_script:1: bad argument #4 to 'encode_sparse_array' (found too many arguments) script: 81d6805084fcb2d72d745f5e2754c30e139f70a6, on @user_script:1.
> EVAL "return {cjson.encode_sparse_array(false,-1)}" 0
< -ERR user_script:1: bad argument #1 to 'encode_sparse_array' (expected integer between 0 and 2147483647) script: 632b8cbadeed1f216f058cf330562b59c4771c8c, on @user_script:1.
> EVAL "return cjson.encode_max_depth()" 0
< :1000
> EVAL "return cjson.encode_max_depth(0)" 0
< -ERR user_script:1: bad argument #1 to 'encode_max_depth' (expected integer between 1 and 2147483647) script: f40da52b0819d675b8802812b1c4504462426d31, on @user_script:1.
> EVAL "return cjson.encode_max_depth(2)" 0
< :2
> EVAL "return cjson.encode({{{}}})" 0
< -ERR user_script:1: Cannot serialise, excessive nesting (3) script: facc22674150617b2026b0c06d4ee673f2e0bf90, on @user_script:1.
> EVAL "return cjson.encode({{1}})" 0
< "[[1]]"
> EVAL "return cjson.encode_max_depth(1000)" 0
< :1000
> EVAL "return cjson.decode_max_depth(1)" 0
< :1
> EVAL "return cjson.decode(\"[[1]]\")" 0
< -ERR user_script:1: Found too many nested data structures (2) at character 2 script: 2b3780e62245517021d6364f461571e54bd2ba00, on @user_script:1.
> EVAL "return cjson.decode_max_depth(1000)" 0
< :1000
> EVAL "return cjson.encode_number_precision()" 0
< :14
> EVAL "return cjson.encode_number_precision(15)" 0
< -ERR user_script:1: bad argument #1 to 'encode_number_precision' (expected integer between 1 and 14) script: bbd9450de606b026b51b67e7b961ff09397ea6dd, on @user_script:1.
> EVAL "return cjson.encode_number_precision(3)" 0
< :3
> EVAL "return cjson.encode(1/3)" 0
< "0.333"
> EVAL "return cjson.encode(1234567)" 0
< "1.23e+06"
> EVAL "return cjson.encode(100)" 0
< "100"
> EVAL "return cjson.encode_number_precision(14)" 0
< :14
> EVAL "return cjson.encode_keep_buffer()" 0
< :1
> EVAL "return cjson.encode_keep_buffer(false)" 0
< (nil)
> EVAL "return cjson.encode_keep_buffer(\"on\")" 0
< :1
> EVAL "return cjson.encode_keep_buffer(\"x\")" 0
< -ERR user_script:1: bad argument #1 to 'encode_keep_buffer' (invalid option 'x') script: bef9dbfaf50a5a8b195fd73094af37f74e723a34, on @user_script:1.
> EVAL "return cjson.encode_invalid_numbers()" 0
< (nil)
> EVAL "return cjson.encode_invalid_numbers(\"null\")" 0
< "null"
> EVAL "return cjson.encode(1/0)" 0
< "null"
> EVAL "return cjson.encode_invalid_numbers(true)" 0
< :1
> EVAL "return {cjson.encode(1/0),cjson.encode(-1/0),cjson.encode(0/0)}" 0
< ["inf" "-inf" "nan"]
> EVAL "return cjson.encode_invalid_numbers(\"off\")" 0
< (nil)
> EVAL "return cjson.decode_invalid_numbers()" 0
< :1
> EVAL "return cjson.decode_invalid_numbers(false)" 0
< (nil)
> EVAL "return cjson.decode(\"0x10\")" 0
< -ERR user_script:1: Expected value but found invalid number at character 1 script: 512f3515fb1672222dc301545fb7ee826c6a6071, on @user_script:1.
> EVAL "return cjson.decode(\"nan\")" 0
< -ERR user_script:1: Expected value but found invalid token at character 1 script: dba2196a0f47f028fb6ef099f7753628b83ebfb6, on @user_script:1.
> EVAL "return cjson.decode(\"-inf\")" 0
< -ERR user_script:1: Expected value but found invalid number at character 1 script: 59fa2643e3c61a827666c56212f3815313317e29, on @user_script:1.
> EVAL "return cjson.decode(\"01\")" 0
< -ERR user_script:1: Expected value but found invalid number at character 1 script: c68ada4ad864d1f51d6aa0d18501ff15e3557a0e, on @user_script:1.
> EVAL "return cjson.decode(\"+1\")" 0
< -ERR user_script:1: Expected value but found invalid token at character 1 script: 36c952d94183d4fc3919a224d054f2a1bd69d5dd, on @user_script:1.
> EVAL "return cjson.decode_invalid_numbers(true)" 0
< :1
> EVAL "cjson.encode=1" 0
< -ERR user_script:1: Attempt to modify a readonly table script: b01174ee3f85b3e78dd6595dd4825357a5e679a7, on @user_script:1.
> EVAL "cjson.x=1" 0
< -ERR user_script:1: Attempt to modify a readonly table script: 6b779d3a65c4eaeb85509709a896dad5524e45cb, on @user_script:1.
> EVAL "local c=cjson.new() c.encode_max_depth(1) return {c.encode({}),cjson.encode({{}})}" 0
< ["{}" "[{}]"]
> EVAL "return cjson.encode({[2^31]=1})" 0
< "{\"2147483648\":1}"
> EVAL "return cjson.encode({[1]=1,[2]=nil,[3]=3})" 0
< "[1,null,3]"
> EVAL "return cjson.encode(\"\\127\")" 0
< "\"\\u007f\""
