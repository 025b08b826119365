# cmsgpack: MessagePack to values and back.

== packed, unpacked
> EVAL "return cmsgpack.pack(1)" 0
< "\x01"
> EVAL "return cmsgpack.pack(-1)" 0
< "\xff"
> EVAL "return cmsgpack.pack(127)" 0
< "\x7f"
> EVAL "return cmsgpack.pack(128)" 0
< "\xcc\x80"
> EVAL "return cmsgpack.pack(255)" 0
< "\xcc\xff"
> EVAL "return cmsgpack.pack(256)" 0
< "\xcd\x01\x00"
> EVAL "return cmsgpack.pack(65535)" 0
< "\xcd\xff\xff"
> EVAL "return cmsgpack.pack(65536)" 0
< "\xce\x00\x01\x00\x00"
> EVAL "return cmsgpack.pack(2^32)" 0
< "\xcf\x00\x00\x00\x01\x00\x00\x00\x00"
> EVAL "return cmsgpack.pack(2^53)" 0
< "\xcf\x00 \x00\x00\x00\x00\x00\x00"
> EVAL "return cmsgpack.pack(2^63)" 0
< "\xca_\x00\x00\x00"
> EVAL "return cmsgpack.pack(-2^63)" 0
< "\xd3\x80\x00\x00\x00\x00\x00\x00\x00"
> EVAL "return cmsgpack.pack(-32)" 0
< "\xe0"
> EVAL "return cmsgpack.pack(-33)" 0
< "\xd0\xdf"
> EVAL "return cmsgpack.pack(-128)" 0
< "\xd0\x80"
> EVAL "return cmsgpack.pack(-129)" 0
< "\xd1\xff\x7f"
> EVAL "return cmsgpack.pack(-32768)" 0
< "\xd1\x80\x00"
> EVAL "return cmsgpack.pack(-32769)" 0
< "\xd2\xff\xff\x7f\xff"
> EVAL "return cmsgpack.pack(-2147483648)" 0
< "\xd2\x80\x00\x00\x00"
> EVAL "return cmsgpack.pack(-2147483649)" 0
< "\xd3\xff\xff\xff\xff\x7f\xff\xff\xff"
> EVAL "return cmsgpack.pack(1.5)" 0
< "\xca?\xc0\x00\x00"
> EVAL "return cmsgpack.pack(0.1)" 0
< "\xcb?\xb9\x99\x99\x99\x99\x99\x9a"
> EVAL "return cmsgpack.pack(1e300)" 0
< "\xcb~7\xe4<\x88\x00u\x9c"
> EVAL "return cmsgpack.pack(1/0)" 0
< "\xca\x7f\x80\x00\x00"
> EVAL "return cmsgpack.pack(true)" 0
< "\xc3"
> EVAL "return cmsgpack.pack(false)" 0
< "\xc2"
> EVAL "return cmsgpack.pack(nil)" 0
< "\xc0"
> EVAL "return cmsgpack.pack(\"abc\")" 0
< "\xa3abc"
> EVAL "return cmsgpack.pack(string.rep(\"x\",31))" 0
< "\xbfxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
> EVAL "return cmsgpack.pack(string.rep(\"x\",32))" 0
< "\xd9 xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
> EVAL "return cmsgpack.pack(string.rep(\"x\",255))" 0
< "\xd9\xffxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
> EVAL "return cmsgpack.pack(string.rep(\"x\",256))" 0
< "\xda\x01\x00xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
> EVAL "return cmsgpack.pack(string.rep(\"x\",65536):sub(1,10))" 0
< "\xaaxxxxxxxxxx"
> EVAL "return cmsgpack.pack({})" 0
< "\x90"
> EVAL "return cmsgpack.pack({1,2,3})" 0
< "\x93\x01\x02\x03"
> EVAL "return cmsgpack.pack({a=1})" 0
< "\x81\xa1a\x01"
> EVAL "return cmsgpack.pack({1,2,nil,4})" 0
< "\x83\x01\x01\x02\x02\x04\x04"
> EVAL "return cmsgpack.pack({[1]=1,[3]=3})" 0
< "\x82\x01\x01\x03\x03"
> EVAL "return cmsgpack.pack({[1.5]=1})" 0
< "\x81\xca?\xc0\x00\x00\x01"
> EVAL "return cmsgpack.pack(print)" 0
< -ERR user_script:1: Script attempted to access nonexistent global variable 'print' script: 03dc4e923c6d085791dfd9c3435b08591e5a10aa, on @user_script:1.
> EVAL "return cmsgpack.pack(1,2,\"a\")" 0
< "\x01\x02\xa1a"
> EVAL "return cmsgpack.pack({{{}}})" 0
< "\x91\x91\x90"
> EVAL "return cmsgpack.pack({1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16})" 0
< "\xdc\x00\x10\x01\x02\x03\x04\x05\x06\x07\x08\t\n\x0b\x0c\r\x0e\x0f\x10"
> EVAL "return cmsgpack.pack(0/0)" 0
< "\xcb\xff\xf8\x00\x00\x00\x00\x00\x00"
> EVAL "return cmsgpack.pack(-0.0)" 0
< "\x00"
> EVAL "return cmsgpack.pack({[0]=1})" 0
< "\x81\x00\x01"
> EVAL "return cmsgpack.pack({[-1]=1})" 0
< "\x81\xff\x01"
> EVAL "return cmsgpack.pack(cjson.null)" 0
< "\xc0"
> EVAL "local t={} t.x=t return cmsgpack.pack(t)" 0
< "\x81\xa1x\x81\xa1x\x81\xa1x\x81\xa1x\x81\xa1x\x81\xa1x\x81\xa1x\x81\xa1x\x81\xa1x\x81\xa1x\x81\xa1x\x81\xa1x\x81\xa1x\x81\xa1x\x81\xa1x\x81\xa1x\xc0"
> EVAL "local t={} t[1]=t return cmsgpack.pack(t)" 0
< "\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\xc0"
> EVAL "return cmsgpack.pack()" 0
< -ERR user_script:1: bad argument #0 to 'pack' (MessagePack pack needs input.) script: 6bc235afa55de88253e203cc5fe5844792e25209, on @user_script:1.
> EVAL "local r={cmsgpack.unpack(\"\\1\")} local function f(v) if type(v)==\"table\" then local o={} for k,x in pairs(v) do o[#o+1]=tostring(k)..\"=\"..f(x) end table.sort(o) return \"{\"..table.concat(o,\",\")..\"}\" end return type(v)==\"number\" and string.format(\"%.17g\",v) or tostring(v) end local o={} for i=1,#r do o[i]=f(r[i]) end return o" 0
< ["1"]
> EVAL "local r={cmsgpack.unpack(\"\\127\")} local function f(v) if type(v)==\"table\" then local o={} for k,x in pairs(v) do o[#o+1]=tostring(k)..\"=\"..f(x) end table.sort(o) return \"{\"..table.concat(o,\",\")..\"}\" end return type(v)==\"number\" and string.format(\"%.17g\",v) or tostring(v) end local o={} for i=1,#r do o[i]=f(r[i]) end return o" 0
< ["127"]
> EVAL "local r={cmsgpack.unpack(\"\\128\")} local function f(v) if type(v)==\"table\" then local o={} for k,x in pairs(v) do o[#o+1]=tostring(k)..\"=\"..f(x) end table.sort(o) return \"{\"..table.concat(o,\",\")..\"}\" end return type(v)==\"number\" and string.format(\"%.17g\",v) or tostring(v) end local o={} for i=1,#r do o[i]=f(r[i]) end return o" 0
< ["{}"]
> EVAL "local r={cmsgpack.unpack(\"\\144\")} local function f(v) if type(v)==\"table\" then local o={} for k,x in pairs(v) do o[#o+1]=tostring(k)..\"=\"..f(x) end table.sort(o) return \"{\"..table.concat(o,\",\")..\"}\" end return type(v)==\"number\" and string.format(\"%.17g\",v) or tostring(v) end local o={} for i=1,#r do o[i]=f(r[i]) end return o" 0
< ["{}"]
> EVAL "local r={cmsgpack.unpack(\"\\160\")} local function f(v) if type(v)==\"table\" then local o={} for k,x in pairs(v) do o[#o+1]=tostring(k)..\"=\"..f(x) end table.sort(o) return \"{\"..table.concat(o,\",\")..\"}\" end return type(v)==\"number\" and string.format(\"%.17g\",v) or tostring(v) end local o={} for i=1,#r do o[i]=f(r[i]) end return o" 0
< [""]
> EVAL "local r={cmsgpack.unpack(\"\\192\")} local function f(v) if type(v)==\"table\" then local o={} for k,x in pairs(v) do o[#o+1]=tostring(k)..\"=\"..f(x) end table.sort(o) return \"{\"..table.concat(o,\",\")..\"}\" end return type(v)==\"number\" and string.format(\"%.17g\",v) or tostring(v) end local o={} for i=1,#r do o[i]=f(r[i]) end return o" 0
< []
> EVAL "local r={cmsgpack.unpack(\"\\193\")} local function f(v) if type(v)==\"table\" then local o={} for k,x in pairs(v) do o[#o+1]=tostring(k)..\"=\"..f(x) end table.sort(o) return \"{\"..table.concat(o,\",\")..\"}\" end return type(v)==\"number\" and string.format(\"%.17g\",v) or tostring(v) end local o={} for i=1,#r do o[i]=f(r[i]) end return o" 0
< -ERR user_script:1: Bad data format in input. script: 6fb8342b568200ce6aa874a241a7f4c4d83b64b9, on @user_script:1.
> EVAL "local r={cmsgpack.unpack(\"\\194\")} local function f(v) if type(v)==\"table\" then local o={} for k,x in pairs(v) do o[#o+1]=tostring(k)..\"=\"..f(x) end table.sort(o) return \"{\"..table.concat(o,\",\")..\"}\" end return type(v)==\"number\" and string.format(\"%.17g\",v) or tostring(v) end local o={} for i=1,#r do o[i]=f(r[i]) end return o" 0
< ["false"]
> EVAL "local r={cmsgpack.unpack(\"\\195\")} local function f(v) if type(v)==\"table\" then local o={} for k,x in pairs(v) do o[#o+1]=tostring(k)..\"=\"..f(x) end table.sort(o) return \"{\"..table.concat(o,\",\")..\"}\" end return type(v)==\"number\" and string.format(\"%.17g\",v) or tostring(v) end local o={} for i=1,#r do o[i]=f(r[i]) end return o" 0
< ["true"]
> EVAL "local r={cmsgpack.unpack(\"\\196\")} local function f(v) if type(v)==\"table\" then local o={} for k,x in pairs(v) do o[#o+1]=tostring(k)..\"=\"..f(x) end table.sort(o) return \"{\"..table.concat(o,\",\")..\"}\" end return type(v)==\"number\" and string.format(\"%.17g\",v) or tostring(v) end local o={} for i=1,#r do o[i]=f(r[i]) end return o" 0
< -ERR user_script:1: Bad data format in input. script: 34ec07cab2a360ec60907b506fbd11b60ec44b23, on @user_script:1.
> EVAL "local r={cmsgpack.unpack(\"\\202\\63\\192\\0\\0\")} local function f(v) if type(v)==\"table\" then local o={} for k,x in pairs(v) do o[#o+1]=tostring(k)..\"=\"..f(x) end table.sort(o) return \"{\"..table.concat(o,\",\")..\"}\" end return type(v)==\"number\" and string.format(\"%.17g\",v) or tostring(v) end local o={} for i=1,#r do o[i]=f(r[i]) end return o" 0
< ["1.5"]
> EVAL "local r={cmsgpack.unpack(\"\\203\\63\\248\\0\\0\\0\\0\\0\\0\")} local function f(v) if type(v)==\"table\" then local o={} for k,x in pairs(v) do o[#o+1]=tostring(k)..\"=\"..f(x) end table.sort(o) return \"{\"..table.concat(o,\",\")..\"}\" end return type(v)==\"number\" and string.format(\"%.17g\",v) or tostring(v) end local o={} for i=1,#r do o[i]=f(r[i]) end return o" 0
< ["1.5"]
> EVAL "local r={cmsgpack.unpack(\"\\204\\255\")} local function f(v) if type(v)==\"table\" then local o={} for k,x in pairs(v) do o[#o+1]=tostring(k)..\"=\"..f(x) end table.sort(o) return \"{\"..table.concat(o,\",\")..\"}\" end return type(v)==\"number\" and string.format(\"%.17g\",v) or tostring(v) end local o={} for i=1,#r do o[i]=f(r[i]) end return o" 0
< ["255"]
> EVAL "local r={cmsgpack.unpack(\"\\205\\1\\2\")} local function f(v) if type(v)==\"table\" then local o={} for k,x in pairs(v) do o[#o+1]=tostring(k)..\"=\"..f(x) end table.sort(o) return \"{\"..table.concat(o,\",\")..\"}\" end return type(v)==\"number\" and string.format(\"%.17g\",v) or tostring(v) end local o={} for i=1,#r do o[i]=f(r[i]) end return o" 0
< ["258"]
> EVAL "local r={cmsgpack.unpack(\"\\206\\1\\2\\3\\4\")} local function f(v) if type(v)==\"table\" then local o={} for k,x in pairs(v) do o[#o+1]=tostring(k)..\"=\"..f(x) end table.sort(o) return \"{\"..table.concat(o,\",\")..\"}\" end return type(v)==\"number\" and string.format(\"%.17g\",v) or tostring(v) end local o={} for i=1,#r do o[i]=f(r[i]) end return o" 0
< ["16909060"]
> EVAL "local r={cmsgpack.unpack(\"\\207\\255\\255\\255\\255\\255\\255\\255\\255\")} local function f(v) if type(v)==\"table\" then local o={} for k,x in pairs(v) do o[#o+1]=tostring(k)..\"=\"..f(x) end table.sort(o) return \"{\"..table.concat(o,\",\")..\"}\" end return type(v)==\"number\" and string.format(\"%.17g\",v) or tostring(v) end local o={} for i=1,#r do o[i]=f(r[i]) end return o" 0
< ["-1"]
> EVAL "local r={cmsgpack.unpack(\"\\208\\255\")} local function f(v) if type(v)==\"table\" then local o={} for k,x in pairs(v) do o[#o+1]=tostring(k)..\"=\"..f(x) end table.sort(o) return \"{\"..table.concat(o,\",\")..\"}\" end return type(v)==\"number\" and string.format(\"%.17g\",v) or tostring(v) end local o={} for i=1,#r do o[i]=f(r[i]) end return o" 0
< ["-1"]
> EVAL "local r={cmsgpack.unpack(\"\\209\\255\\254\")} local function f(v) if type(v)==\"table\" then local o={} for k,x in pairs(v) do o[#o+1]=tostring(k)..\"=\"..f(x) end table.sort(o) return \"{\"..table.concat(o,\",\")..\"}\" end return type(v)==\"number\" and string.format(\"%.17g\",v) or tostring(v) end local o={} for i=1,#r do o[i]=f(r[i]) end return o" 0
< ["-2"]
> EVAL "local r={cmsgpack.unpack(\"\\210\\255\\255\\255\\254\")} local function f(v) if type(v)==\"table\" then local o={} for k,x in pairs(v) do o[#o+1]=tostring(k)..\"=\"..f(x) end table.sort(o) return \"{\"..table.concat(o,\",\")..\"}\" end return type(v)==\"number\" and string.format(\"%.17g\",v) or tostring(v) end local o={} for i=1,#r do o[i]=f(r[i]) end return o" 0
< ["-2"]
> EVAL "local r={cmsgpack.unpack(\"\\211\\255\\255\\255\\255\\255\\255\\255\\254\")} local function f(v) if type(v)==\"table\" then local o={} for k,x in pairs(v) do o[#o+1]=tostring(k)..\"=\"..f(x) end table.sort(o) return \"{\"..table.concat(o,\",\")..\"}\" end return type(v)==\"number\" and string.format(\"%.17g\",v) or tostring(v) end local o={} for i=1,#r do o[i]=f(r[i]) end return o" 0
< ["-2"]
> EVAL "local r={cmsgpack.unpack(\"\\217\\3abc\")} local function f(v) if type(v)==\"table\" then local o={} for k,x in pairs(v) do o[#o+1]=tostring(k)..\"=\"..f(x) end table.sort(o) return \"{\"..table.concat(o,\",\")..\"}\" end return type(v)==\"number\" and string.format(\"%.17g\",v) or tostring(v) end local o={} for i=1,#r do o[i]=f(r[i]) end return o" 0
< ["abc"]
> EVAL "local r={cmsgpack.unpack(\"\\218\\0\\3abc\")} local function f(v) if type(v)==\"table\" then local o={} for k,x in pairs(v) do o[#o+1]=tostring(k)..\"=\"..f(x) end table.sort(o) return \"{\"..table.concat(o,\",\")..\"}\" end return type(v)==\"number\" and string.format(\"%.17g\",v) or tostring(v) end local o={} for i=1,#r do o[i]=f(r[i]) end return o" 0
< ["abc"]
> EVAL "local r={cmsgpack.unpack(\"\\219\\0\\0\\0\\3abc\")} local function f(v) if type(v)==\"table\" then local o={} for k,x in pairs(v) do o[#o+1]=tostring(k)..\"=\"..f(x) end table.sort(o) return \"{\"..table.concat(o,\",\")..\"}\" end return type(v)==\"number\" and string.format(\"%.17g\",v) or tostring(v) end local o={} for i=1,#r do o[i]=f(r[i]) end return o" 0
< ["abc"]
> EVAL "local r={cmsgpack.unpack(\"\\163abc\")} local function f(v) if type(v)==\"table\" then local o={} for k,x in pairs(v) do o[#o+1]=tostring(k)..\"=\"..f(x) end table.sort(o) return \"{\"..table.concat(o,\",\")..\"}\" end return type(v)==\"number\" and string.format(\"%.17g\",v) or tostring(v) end local o={} for i=1,#r do o[i]=f(r[i]) end return o" 0
< ["abc"]
> EVAL "local r={cmsgpack.unpack(\"\\163ab\")} local function f(v) if type(v)==\"table\" then local o={} for k,x in pairs(v) do o[#o+1]=tostring(k)..\"=\"..f(x) end table.sort(o) return \"{\"..table.concat(o,\",\")..\"}\" end return type(v)==\"number\" and string.format(\"%.17g\",v) or tostring(v) end local o={} for i=1,#r do o[i]=f(r[i]) end return o" 0
< -ERR user_script:1: Missing bytes in input. script: c7907534a5944fd06a0db43c15d0fe70274b1a43, on @user_script:1.
> EVAL "local r={cmsgpack.unpack(\"\\147\\1\\2\\3\")} local function f(v) if type(v)==\"table\" then local o={} for k,x in pairs(v) do o[#o+1]=tostring(k)..\"=\"..f(x) end table.sort(o) return \"{\"..table.concat(o,\",\")..\"}\" end return type(v)==\"number\" and string.format(\"%.17g\",v) or tostring(v) end local o={} for i=1,#r do o[i]=f(r[i]) end return o" 0
< ["{1=1,2=2,3=3}"]
> EVAL "local r={cmsgpack.unpack(\"\\220\\0\\2\\1\\2\")} local function f(v) if type(v)==\"table\" then local o={} for k,x in pairs(v) do o[#o+1]=tostring(k)..\"=\"..f(x) end table.sort(o) return \"{\"..table.concat(o,\",\")..\"}\" end return type(v)==\"number\" and string.format(\"%.17g\",v) or tostring(v) end local o={} for i=1,#r do o[i]=f(r[i]) end return o" 0
< ["{1=1,2=2}"]
> EVAL "local r={cmsgpack.unpack(\"\\221\\0\\0\\0\\2\\1\\2\")} local function f(v) if type(v)==\"table\" then local o={} for k,x in pairs(v) do o[#o+1]=tostring(k)..\"=\"..f(x) end table.sort(o) return \"{\"..table.concat(o,\",\")..\"}\" end return type(v)==\"number\" and string.format(\"%.17g\",v) or tostring(v) end local o={} for i=1,#r do o[i]=f(r[i]) end return o" 0
< ["{1=1,2=2}"]
> EVAL "local r={cmsgpack.unpack(\"\\221\\255\\255\\255\\255\")} local function f(v) if type(v)==\"table\" then local o={} for k,x in pairs(v) do o[#o+1]=tostring(k)..\"=\"..f(x) end table.sort(o) return \"{\"..table.concat(o,\",\")..\"}\" end return type(v)==\"number\" and string.format(\"%.17g\",v) or tostring(v) end local o={} for i=1,#r do o[i]=f(r[i]) end return o" 0
< -ERR user_script:1: Missing bytes in input. script: 7bb2380adba8784a65e1a5699de2b98fedde7856, on @user_script:1.
> EVAL "local r={cmsgpack.unpack(\"\\129\\161a\\1\")} local function f(v) if type(v)==\"table\" then local o={} for k,x in pairs(v) do o[#o+1]=tostring(k)..\"=\"..f(x) end table.sort(o) return \"{\"..table.concat(o,\",\")..\"}\" end return type(v)==\"number\" and string.format(\"%.17g\",v) or tostring(v) end local o={} for i=1,#r do o[i]=f(r[i]) end return o" 0
< ["{a=1}"]
> EVAL "local r={cmsgpack.unpack(\"\\222\\0\\1\\161a\\1\")} local function f(v) if type(v)==\"table\" then local o={} for k,x in pairs(v) do o[#o+1]=tostring(k)..\"=\"..f(x) end table.sort(o) return \"{\"..table.concat(o,\",\")..\"}\" end return type(v)==\"number\" and string.format(\"%.17g\",v) or tostring(v) end local o={} for i=1,#r do o[i]=f(r[i]) end return o" 0
< ["{a=1}"]
> EVAL "local r={cmsgpack.unpack(\"\\223\\0\\0\\0\\1\\161a\\1\")} local function f(v) if type(v)==\"table\" then local o={} for k,x in pairs(v) do o[#o+1]=tostring(k)..\"=\"..f(x) end table.sort(o) return \"{\"..table.concat(o,\",\")..\"}\" end return type(v)==\"number\" and string.format(\"%.17g\",v) or tostring(v) end local o={} for i=1,#r do o[i]=f(r[i]) end return o" 0
< ["{a=1}"]
> EVAL "local r={cmsgpack.unpack(\"\\129\\192\\1\")} local function f(v) if type(v)==\"table\" then local o={} for k,x in pairs(v) do o[#o+1]=tostring(k)..\"=\"..f(x) end table.sort(o) return \"{\"..table.concat(o,\",\")..\"}\" end return type(v)==\"number\" and string.format(\"%.17g\",v) or tostring(v) end local o={} for i=1,#r do o[i]=f(r[i]) end return o" 0
< -ERR table index is nil script: a5808c77d16a87d0bbcf1431beb106b6caa2366d, on @user_script:1.
> EVAL "local r={cmsgpack.unpack(\"\\129\\203\\127\\248\\0\\0\\0\\0\\0\\0\\1\")} local function f(v) if type(v)==\"table\" then local o={} for k,x in pairs(v) do o[#o+1]=tostring(k)..\"=\"..f(x) end table.sort(o) return \"{\"..table.concat(o,\",\")..\"}\" end return type(v)==\"number\" and string.format(\"%.17g\",v) or tostring(v) end local o={} for i=1,#r do o[i]=f(r[i]) end return o" 0
< -ERR table index is NaN script: b68b0114755efc9bb4c3f9cb75434b383dc81cc9, on @user_script:1.
> EVAL "local r={cmsgpack.unpack(\"\\224\")} local function f(v) if type(v)==\"table\" then local o={} for k,x in pairs(v) do o[#o+1]=tostring(k)..\"=\"..f(x) end table.sort(o) return \"{\"..table.concat(o,\",\")..\"}\" end return type(v)==\"number\" and string.format(\"%.17g\",v) or tostring(v) end local o={} for i=1,#r do o[i]=f(r[i]) end return o" 0
< ["-32"]
> EVAL "local r={cmsgpack.unpack(\"\\255\")} local function f(v) if type(v)==\"table\" then local o={} for k,x in pairs(v) do o[#o+1]=tostring(k)..\"=\"..f(x) end table.sort(o) return \"{\"..table.concat(o,\",\")..\"}\" end return type(v)==\"number\" and string.format(\"%.17g\",v) or tostring(v) end local o={} for i=1,#r do o[i]=f(r[i]) end return o" 0
< ["-1"]
> EVAL "local r={cmsgpack.unpack(\"\\1\\2\\3\")} local function f(v) if type(v)==\"table\" then local o={} for k,x in pairs(v) do o[#o+1]=tostring(k)..\"=\"..f(x) end table.sort(o) return \"{\"..table.concat(o,\",\")..\"}\" end return type(v)==\"number\" and string.format(\"%.17g\",v) or tostring(v) end local o={} for i=1,#r do o[i]=f(r[i]) end return o" 0
< ["1" "2" "3"]
> EVAL "local r={cmsgpack.unpack(\"\")} local function f(v) if type(v)==\"table\" then local o={} for k,x in pairs(v) do o[#o+1]=tostring(k)..\"=\"..f(x) end table.sort(o) return \"{\"..table.concat(o,\",\")..\"}\" end return type(v)==\"number\" and string.format(\"%.17g\",v) or tostring(v) end local o={} for i=1,#r do o[i]=f(r[i]) end return o" 0
< []
> EVAL "local r={cmsgpack.unpack(\"\\147\\1\")} local function f(v) if type(v)==\"table\" then local o={} for k,x in pairs(v) do o[#o+1]=tostring(k)..\"=\"..f(x) end table.sort(o) return \"{\"..table.concat(o,\",\")..\"}\" end return type(v)==\"number\" and string.format(\"%.17g\",v) or tostring(v) end local o={} for i=1,#r do o[i]=f(r[i]) end return o" 0
< -ERR user_script:1: Missing bytes in input. script: c500a4c3b7eebdd18b3bf4b6d2a22af3191cbe27, on @user_script:1.
> EVAL "local r={cmsgpack.unpack(\"\\129\\1\")} local function f(v) if type(v)==\"table\" then local o={} for k,x in pairs(v) do o[#o+1]=tostring(k)..\"=\"..f(x) end table.sort(o) return \"{\"..table.concat(o,\",\")..\"}\" end return type(v)==\"number\" and string.format(\"%.17g\",v) or tostring(v) end local o={} for i=1,#r do o[i]=f(r[i]) end return o" 0
< -ERR user_script:1: Missing bytes in input. script: 171735f34b8bb9e693aaa20f5da485004b65b903, on @user_script:1.
> EVAL "local r={cmsgpack.unpack(\"\\145\\145\\145\\1\")} local function f(v) if type(v)==\"table\" then local o={} for k,x in pairs(v) do o[#o+1]=tostring(k)..\"=\"..f(x) end table.sort(o) return \"{\"..table.concat(o,\",\")..\"}\" end return type(v)==\"number\" and string.format(\"%.17g\",v) or tostring(v) end local o={} for i=1,#r do o[i]=f(r[i]) end return o" 0
< ["{1={1={1=1}}}"]
> EVAL "local r={cmsgpack.unpack(\"\\212\\1\")} local function f(v) if type(v)==\"table\" then local o={} for k,x in pairs(v) do o[#o+1]=tostring(k)..\"=\"..f(x) end table.sort(o) return \"{\"..table.concat(o,\",\")..\"}\" end return type(v)==\"number\" and string.format(\"%.17g\",v) or tostring(v) end local o={} for i=1,#r do o[i]=f(r[i]) end return o" 0
< -ERR user_script:1: Bad data format in input. script: 39c733d85f521422a119ce3677125618359f188f, on @user_script:1.
> EVAL "local r={cmsgpack.unpack(\"\\199\")} local function f(v) if type(v)==\"table\" then local o={} for k,x in pairs(v) do o[#o+1]=tostring(k)..\"=\"..f(x) end table.sort(o) return \"{\"..table.concat(o,\",\")..\"}\" end return type(v)==\"number\" and string.format(\"%.17g\",v) or tostring(v) end local o={} for i=1,#r do o[i]=f(r[i]) end return o" 0
< -ERR user_script:1: Bad data format in input. script: 013169879cb0435e1037ef6b2388cf5a63974758, on @user_script:1.
> EVAL "return {cmsgpack.unpack_one(\"\\1\\2\\3\")}" 0
< [:1 :1]
> EVAL "return {cmsgpack.unpack_one(\"\\1\\2\\3\",2)}" 0
< [:-1 :3]
> EVAL "return {cmsgpack.unpack_one(\"\\1\\2\\3\",3)}" 0
< [:-1]
> EVAL "return {cmsgpack.unpack_one(\"\\1\\2\\3\",4)}" 0
< -ERR user_script:1: Start offset 4 greater than input length 3. script: a427595fa41fd961f39f37389305b8e0488766e0, on @user_script:1.
> EVAL "return {cmsgpack.unpack_one(\"\\1\\2\\3\",-1)}" 0
< -ERR user_script:1: Invalid request to unpack with offset of -1 and limit of 3. script: 2fdcb0a9b78b0b073f3b87be38325fb57dcec898, on @user_script:1.
> EVAL "return {cmsgpack.unpack_limit(\"\\1\\2\\3\",2)}" 0
< [:2 :1 :2]
> EVAL "return {cmsgpack.unpack_limit(\"\\1\\2\\3\",2,1)}" 0
< [:-1 :2 :3]
> EVAL "return {cmsgpack.unpack_limit(\"\\1\\2\\3\",-1)}" 0
< -ERR user_script:1: Invalid request to unpack with offset of 0 and limit of 3. script: 25374659dd2fef55fa90c9b26c60c9ecd376cea1, on @user_script:1.
> EVAL "return {cmsgpack.unpack_limit(\"\\1\\2\\3\",0)}" 0
< [:1 :2 :3]
> EVAL "return {cmsgpack.unpack_limit(\"\\1\\2\\3\",5)}" 0
< [:-1 :1 :2 :3]
> EVAL "return cmsgpack.unpack()" 0
< -ERR user_script:1: bad argument #1 to 'unpack' (string expected, got no value) script: 78103c0f3f46e5897cb5d2fad8dfb28bd38e0eeb, on @user_script:1.
> EVAL "return cmsgpack.unpack({})" 0
< -ERR user_script:1: bad argument #1 to 'unpack' (string expected, got table) script: 1bf8d78c3e2298775df6934cb05254905d2c8ddc, on @user_script:1.
> EVAL "return {cmsgpack._NAME,cmsgpack._VERSION,cmsgpack._COPYRIGHT,cmsgpack._DESCRIPTION}" 0
< ["cmsgpack" "lua-cmsgpack 0.4.0" "Copyright (C) 2012, Salvatore Sanfilippo" "MessagePack C implementation for Lua"]
> EVAL "return cmsgpack.unpack(string.rep(\"\\145\",100))" 0
< -ERR user_script:1: Missing bytes in input. script: 7f5e233498a30821c02a48a5eda4ce5ab0302d05, on @user_script:1.
> EVAL "return #{cmsgpack.unpack(string.rep(\"\\1\",3000))}" 0
< :3000
