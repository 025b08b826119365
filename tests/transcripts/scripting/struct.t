# struct: values to bytes and back.

== packed, unpacked, measured
> EVAL "return struct.pack(\">I2\",258)" 0
< "\x01\x02"
> EVAL "return struct.pack(\"<I2\",258)" 0
< "\x02\x01"
> EVAL "return struct.pack(\"i4\",-2)" 0
< "\xfe\xff\xff\xff"
> EVAL "return struct.pack(\"I4\",-2)" 0
< "\xfe\xff\xff\xff"
> EVAL "return struct.pack(\"bBhHlLT\",1,2,3,4,5,6,7)" 0
< "\x01\x02\x03\x00\x04\x00\x05\x00\x00\x00\x00\x00\x00\x00\x06\x00\x00\x00\x00\x00\x00\x00\x07\x00\x00\x00\x00\x00\x00\x00"
> EVAL "return struct.pack(\"f\",1.5)" 0
< "\x00\x00\xc0?"
> EVAL "return struct.pack(\"d\",1.5)" 0
< "\x00\x00\x00\x00\x00\x00\xf8?"
> EVAL "return struct.pack(\">d\",1.5)" 0
< "?\xf8\x00\x00\x00\x00\x00\x00"
> EVAL "return struct.pack(\"s\",\"abc\")" 0
< "abc\x00"
> EVAL "return struct.pack(\"c2\",\"abc\")" 0
< "ab"
> EVAL "return struct.pack(\"c0\",\"abc\")" 0
< "abc"
> EVAL "return struct.pack(\"c5\",\"abc\")" 0
< -ERR user_script:1: bad argument #3 to 'pack' (string too short) script: 4833f564dec725c5f766b8ef059ad494c1750a61, on @user_script:1.
> EVAL "return struct.pack(\"!4 b i4\",1,2)" 0
< "\x01\x00\x00\x00\x02\x00\x00\x00"
> EVAL "return struct.pack(\"!8 b d\",1,2)" 0
< "\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00@"
> EVAL "return struct.pack(\"!3 b\",1)" 0
< -ERR user_script:1: alignment 3 is not a power of 2 script: 18aaa1d8996aff6f426d8a29db657cbc8ea656de, on @user_script:1.
> EVAL "return struct.pack(\"x\",1)" 0
< "\x00"
> EVAL "return struct.pack(\"bxb\",1,2)" 0
< "\x01\x00\x02"
> EVAL "return struct.pack(\"z\",1)" 0
< -ERR user_script:1: bad argument #1 to 'pack' (invalid format option 'z') script: 65a5d6fe5cb0325689ecfc5b22baa992edcaf478, on @user_script:1.
> EVAL "return struct.pack(\">!\",\"a\")" 0
< ""
> EVAL "return struct.pack(\"i33\",1)" 0
< -ERR user_script:1: integral size 33 is larger than limit of 32 script: cdc26c6c0c562d57753b17dd8bc07b86c745eef3, on @user_script:1.
> EVAL "return struct.pack(\"i16\",1)" 0
< "\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
> EVAL "return struct.pack(\"i9\",-1)" 0
< "\xff\xff\xff\xff\xff\xff\xff\xff\x00"
> EVAL "return struct.pack(\">i9\",-1)" 0
< "\x00\xff\xff\xff\xff\xff\xff\xff\xff"
> EVAL "return struct.pack(\"I99999999999\",1)" 0
< -ERR user_script:1: integral size overflow script: 40fad14602c6d4b5a89c2f035d603d524ddfca5d, on @user_script:1.
> EVAL "return struct.pack(\"b\")" 0
< -ERR user_script:1: bad argument #2 to 'pack' (number expected, got nil) script: 891980782d921ac1cc9c5754108fe1b24124c177, on @user_script:1.
> EVAL "return struct.pack(\"b\",\"x\")" 0
< -ERR user_script:1: bad argument #2 to 'pack' (number expected, got string) script: 9456fe7de4250079f62d6bbfdc5e1840ef93f189, on @user_script:1.
> EVAL "return struct.pack(\"b\",\"5\")" 0
< "\x05"
> EVAL "return struct.pack(\"s\",5)" 0
< "5\x00"
> EVAL "return struct.pack(\"b\",300)" 0
< ","
> EVAL "return struct.pack(\"b\",-1)" 0
< "\xff"
> EVAL "return struct.pack(\"L\",2^63)" 0
< "\x00\x00\x00\x00\x00\x00\x00\x80"
> EVAL "return struct.pack(\"L\",-1)" 0
< "\xff\xff\xff\xff\xff\xff\xff\xff"
> EVAL "return struct.pack(\"l\",1e300)" 0
< "\x00\x00\x00\x00\x00\x00\x00\x00"
> EVAL "return struct.pack(\"\")" 0
< ""
> EVAL "return struct.pack(\"i0\",5)" 0
< ""
> EVAL "return struct.pack(\"b\",0/0)" 0
< "\x00"
> EVAL "return struct.pack(\"!0b\",1)" 0
< -ERR user_script:1: alignment 0 is not a power of 2 script: d9f81481c9baff8a1d5a406d07b391ed33f91eec, on @user_script:1.
> EVAL "return struct.pack(\">b\\0b\",1,2)" 0
< "\x01"
> EVAL "local r={struct.unpack(\">I2\",\"\\1\\2\")} for i,v in ipairs(r) do if type(v)==\"number\" then r[i]=string.format(\"%.17g\",v) end end return r" 0
< ["258" "3"]
> EVAL "local r={struct.unpack(\"<I2\",\"\\1\\2\")} for i,v in ipairs(r) do if type(v)==\"number\" then r[i]=string.format(\"%.17g\",v) end end return r" 0
< ["513" "3"]
> EVAL "local r={struct.unpack(\"i2\",\"\\255\\255\")} for i,v in ipairs(r) do if type(v)==\"number\" then r[i]=string.format(\"%.17g\",v) end end return r" 0
< ["-1" "3"]
> EVAL "local r={struct.unpack(\"I2\",\"\\255\\255\")} for i,v in ipairs(r) do if type(v)==\"number\" then r[i]=string.format(\"%.17g\",v) end end return r" 0
< ["65535" "3"]
> EVAL "local r={struct.unpack(\"b\",\"\\255\")} for i,v in ipairs(r) do if type(v)==\"number\" then r[i]=string.format(\"%.17g\",v) end end return r" 0
< ["-1" "2"]
> EVAL "local r={struct.unpack(\"B\",\"\\255\")} for i,v in ipairs(r) do if type(v)==\"number\" then r[i]=string.format(\"%.17g\",v) end end return r" 0
< ["255" "2"]
> EVAL "local r={struct.unpack(\"L\",\"\\255\\255\\255\\255\\255\\255\\255\\255\")} for i,v in ipairs(r) do if type(v)==\"number\" then r[i]=string.format(\"%.17g\",v) end end return r" 0
< ["1.8446744073709552e+19" "9"]
> EVAL "local r={struct.unpack(\"l\",\"\\255\\255\\255\\255\\255\\255\\255\\255\")} for i,v in ipairs(r) do if type(v)==\"number\" then r[i]=string.format(\"%.17g\",v) end end return r" 0
< ["-1" "9"]
> EVAL "local r={struct.unpack(\"s\",\"abc\\0d\")} for i,v in ipairs(r) do if type(v)==\"number\" then r[i]=string.format(\"%.17g\",v) end end return r" 0
< ["abc" "5"]
> EVAL "local r={struct.unpack(\"s\",\"abc\")} for i,v in ipairs(r) do if type(v)==\"number\" then r[i]=string.format(\"%.17g\",v) end end return r" 0
< -ERR user_script:1: unfinished string in data script: 280136c06e3de5fdfe845f566a9ec22d44ecf7b8, on @user_script:1.
> EVAL "local r={struct.unpack(\"c2\",\"abc\")} for i,v in ipairs(r) do if type(v)==\"number\" then r[i]=string.format(\"%.17g\",v) end end return r" 0
< ["ab" "3"]
> EVAL "local r={struct.unpack(\"c0\",\"abc\")} for i,v in ipairs(r) do if type(v)==\"number\" then r[i]=string.format(\"%.17g\",v) end end return r" 0
< -ERR user_script:1: format 'c0' needs a previous size script: 628e68f1225d4a53b7d654a09a358ed51700e128, on @user_script:1.
> EVAL "local r={struct.unpack(\"Bc0\",\"\\2abc\")} for i,v in ipairs(r) do if type(v)==\"number\" then r[i]=string.format(\"%.17g\",v) end end return r" 0
< ["ab" "4"]
> EVAL "local r={struct.unpack(\"bb\",\"\\1\")} for i,v in ipairs(r) do if type(v)==\"number\" then r[i]=string.format(\"%.17g\",v) end end return r" 0
< -ERR user_script:1: bad argument #2 to 'unpack' (data string too short) script: 4191c39b6a191efcd8edcc561b761c4c9e5d416c, on @user_script:1.
> EVAL "local r={struct.unpack(\"bb\",\"\\1\\2\",2)} for i,v in ipairs(r) do if type(v)==\"number\" then r[i]=string.format(\"%.17g\",v) end end return r" 0
< -ERR user_script:1: bad argument #2 to 'unpack' (data string too short) script: bbd353e771620f48c1d35e93e3fcf870bb96d2ad, on @user_script:1.
> EVAL "local r={struct.unpack(\"b\",\"\\1\\2\",2)} for i,v in ipairs(r) do if type(v)==\"number\" then r[i]=string.format(\"%.17g\",v) end end return r" 0
< ["2" "3"]
> EVAL "local r={struct.unpack(\"b\",\"a\",0)} for i,v in ipairs(r) do if type(v)==\"number\" then r[i]=string.format(\"%.17g\",v) end end return r" 0
< -ERR user_script:1: bad argument #3 to 'unpack' (offset must be 1 or greater) script: a1bfe16fe427c43257fd1aed1e683957dc5e8aee, on @user_script:1.
> EVAL "local r={struct.unpack(\"b\",\"a\",-1)} for i,v in ipairs(r) do if type(v)==\"number\" then r[i]=string.format(\"%.17g\",v) end end return r" 0
< -ERR user_script:1: bad argument #2 to 'unpack' (data string too short) script: 1534eb58444a42a445ae57ccfbc869bbac6c0479, on @user_script:1.
> EVAL "local r={struct.unpack(\"b\",\"a\",3)} for i,v in ipairs(r) do if type(v)==\"number\" then r[i]=string.format(\"%.17g\",v) end end return r" 0
< -ERR user_script:1: bad argument #2 to 'unpack' (data string too short) script: 6243d9d80690d5564a5db149bb40a9ffe3fd7572, on @user_script:1.
> EVAL "local r={struct.unpack(\"i9\",\"\\255\\255\\255\\255\\255\\255\\255\\255\\255\")} for i,v in ipairs(r) do if type(v)==\"number\" then r[i]=string.format(\"%.17g\",v) end end return r" 0
< ["-1" "10"]
> EVAL "local r={struct.unpack(\"i16\",\"\\1\\2\\3\\4\\5\\6\\7\\8\\9\\10\\11\\12\\13\\14\\15\\16\")} for i,v in ipairs(r) do if type(v)==\"number\" then r[i]=string.format(\"%.17g\",v) end end return r" 0
< ["5.784376957523072e+17" "17"]
> EVAL "local r={struct.unpack(\">i16\",\"\\1\\2\\3\\4\\5\\6\\7\\8\\9\\10\\11\\12\\13\\14\\15\\16\")} for i,v in ipairs(r) do if type(v)==\"number\" then r[i]=string.format(\"%.17g\",v) end end return r" 0
< ["6.5134524249499622e+17" "17"]
> EVAL "local r={struct.unpack(\"i0\",\"a\")} for i,v in ipairs(r) do if type(v)==\"number\" then r[i]=string.format(\"%.17g\",v) end end return r" 0
< ["0" "1"]
> EVAL "local r={struct.unpack(\"!4bi4\",\"\\1\\0\\0\\0\\2\\0\\0\\0\")} for i,v in ipairs(r) do if type(v)==\"number\" then r[i]=string.format(\"%.17g\",v) end end return r" 0
< ["1" "2" "9"]
> EVAL "local r={struct.unpack(\"c4294967295\",\"a\")} for i,v in ipairs(r) do if type(v)==\"number\" then r[i]=string.format(\"%.17g\",v) end end return r" 0
< -ERR user_script:1: integral size overflow script: a334b38a74dcf632fb202f12d3479000a66b8733, on @user_script:1.
> EVAL "local r={struct.unpack(\"c2147483647\",\"a\")} for i,v in ipairs(r) do if type(v)==\"number\" then r[i]=string.format(\"%.17g\",v) end end return r" 0
< -ERR user_script:1: bad argument #2 to 'unpack' (data string too short) script: b5128246d1a97d2cc72de4fc5c5f9398ca1094d8, on @user_script:1.
> EVAL "local r={struct.unpack(\"sc0\",\"3\\0abc\")} for i,v in ipairs(r) do if type(v)==\"number\" then r[i]=string.format(\"%.17g\",v) end end return r" 0
< ["abc" "6"]
> EVAL "local r={struct.unpack(\"x\",\"a\")} for i,v in ipairs(r) do if type(v)==\"number\" then r[i]=string.format(\"%.17g\",v) end end return r" 0
< ["2"]
> EVAL "local r={struct.unpack(\"q\",\"a\")} for i,v in ipairs(r) do if type(v)==\"number\" then r[i]=string.format(\"%.17g\",v) end end return r" 0
< -ERR user_script:1: bad argument #1 to 'unpack' (invalid format option 'q') script: f9ae88404b602bb110502b00deb00fb1cf8b461d, on @user_script:1.
> EVAL "local r={struct.unpack(\"i3\",\"\\255\\255\\255\")} for i,v in ipairs(r) do if type(v)==\"number\" then r[i]=string.format(\"%.17g\",v) end end return r" 0
< ["-1" "4"]
> EVAL "local r={struct.unpack(\"I3\",\"\\255\\255\\255\")} for i,v in ipairs(r) do if type(v)==\"number\" then r[i]=string.format(\"%.17g\",v) end end return r" 0
< ["16777215" "4"]
> EVAL "return {tostring(struct.unpack(\"f\",\"\\0\\0\\192\\63\")),tostring(struct.unpack(\"d\",\"\\0\\0\\0\\0\\0\\0\\248\\63\")),tostring(struct.unpack(\">d\",\"\\63\\248\\0\\0\\0\\0\\0\\0\"))}" 0
< ["1.5" "1.5" "1.5"]
> EVAL "return tostring(struct.size(\"i4\"))" 0
< "4"
> EVAL "return tostring(struct.size(\"bi4\"))" 0
< "5"
> EVAL "return tostring(struct.size(\"!4bi4\"))" 0
< "8"
> EVAL "return tostring(struct.size(\"s\"))" 0
< -ERR user_script:1: bad argument #1 to 'size' (option 's' has no fixed size) script: 00ee027dec2654890d8001f55f88b839105622d7, on @user_script:1.
> EVAL "return tostring(struct.size(\"c0\"))" 0
< -ERR user_script:1: bad argument #1 to 'size' (option 'c0' has no fixed size) script: 18e7bccd1a9ed186e2ac00d3369da27e02603f4f, on @user_script:1.
> EVAL "return tostring(struct.size(\"c5\"))" 0
< "5"
> EVAL "return tostring(struct.size(\"z\"))" 0
< "0"
> EVAL "return tostring(struct.size(\"!\"))" 0
< "0"
> EVAL "return tostring(struct.size(\"x\"))" 0
< "1"
> EVAL "return tostring(struct.size(\"i33\"))" 0
< -ERR user_script:1: integral size 33 is larger than limit of 32 script: 73f60b33667b58ff718eee81b559f06fbf58b481, on @user_script:1.
> EVAL "return tostring(struct.size(\">i2\"))" 0
< "2"
> EVAL "return tostring(struct.size(\"c2147483647c2147483647c2147483647\"))" 0
< "6442450941"
> EVAL "return tostring(struct.size(\"@\"))" 0
< -ERR user_script:1: bad argument #1 to 'size' (invalid format option '@') script: 0dfa2c4b20f60715bf3089de08ed4d5d76766377, on @user_script:1.
