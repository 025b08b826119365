# bit: operations on 32 bits.

== all of them
> EVAL "return bit.tobit(2^31)" 0
< :-2147483648
> EVAL "return bit.tobit(2^32+5)" 0
< :5
> EVAL "return bit.tobit(-1)" 0
< :-1
> EVAL "return bit.tobit(1.5)" 0
< :2
> EVAL "return bit.tobit(2.5)" 0
< :2
> EVAL "return bit.tobit(\"7\")" 0
< :7
> EVAL "return bit.tobit(\"x\")" 0
< -ERR user_script:1: bad argument #1 to 'tobit' (number expected, got string) script: 116bb28ad22fd2b0123a8c859bdf33b92e123113, on @user_script:1.
> EVAL "return bit.tobit()" 0
< -ERR user_script:1: bad argument #1 to 'tobit' (number expected, got no value) script: 6058df6fbdf91c1b96015f209fb1a490233f2272, on @user_script:1.
> EVAL "return bit.bnot(0)" 0
< :-1
> EVAL "return bit.band(255,15,7)" 0
< :7
> EVAL "return bit.bor(1,2,4)" 0
< :7
> EVAL "return bit.bxor(1,3)" 0
< :2
> EVAL "return bit.lshift(1,31)" 0
< :-2147483648
> EVAL "return bit.lshift(1,32)" 0
< :1
> EVAL "return bit.rshift(-1,1)" 0
< :2147483647
> EVAL "return bit.arshift(-8,2)" 0
< :-2
> EVAL "return bit.rol(1,33)" 0
< :2
> EVAL "return bit.ror(1,1)" 0
< :-2147483648
> EVAL "return bit.bswap(1)" 0
< :16777216
> EVAL "return bit.tohex(255)" 0
< "000000ff"
> EVAL "return bit.tohex(255,4)" 0
< "00ff"
> EVAL "return bit.tohex(255,-4)" 0
< "00FF"
> EVAL "return bit.tohex(255,-2147483648)" 0
< "000000FF"
> EVAL "return bit.tohex(-1)" 0
< "ffffffff"
> EVAL "return bit.tohex(1,100)" 0
< "00000001"
> EVAL "return bit.tohex(1,0)" 0
< ""
> EVAL "return bit.band()" 0
< -ERR user_script:1: bad argument #1 to 'band' (number expected, got no value) script: 5cf53f885283a4f44a8fe7ad7e7fccaed4113e62, on @user_script:1.
> EVAL "return bit.lshift(1)" 0
< -ERR user_script:1: bad argument #2 to 'lshift' (number expected, got no value) script: 96ef0de5140ab932215a1863ca1373f10f03b7a6, on @user_script:1.
> EVAL "return bit.tobit(0/0)" 0
< :0
> EVAL "return bit.tobit(1/0)" 0
< :0
> EVAL "return bit.tobit(1e300)" 0
< :-2013235812
> EVAL "return bit.band(1,\"a\")" 0
< -ERR user_script:1: bad argument #2 to 'band' (number expected, got string) script: f4f11321df1a34e86de6079a1902cb5e28ebe958, on @user_script:1.
