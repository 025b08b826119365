# INCR and its family: 64-bit integers and long-double text.

== integers
> INCR n
< :1
> INCRBY n 9
< :10
> DECR n
< :9
> DECRBY n 10
< :-1
> INCRBY n -5
< :-6
> GET n
< "-6"
> SET n " 1"
< +OK
> INCR n
< -ERR value is not an integer or out of range
> SET n "1 "
< +OK
> INCR n
< -ERR value is not an integer or out of range
> SET n 01
< +OK
> INCR n
< -ERR value is not an integer or out of range
> SET n -0
< +OK
> INCR n
< -ERR value is not an integer or out of range
> SET n 1.5
< +OK
> INCR n
< -ERR value is not an integer or out of range
> SET n ""
< +OK
> INCR n
< -ERR value is not an integer or out of range
> SET n abc
< +OK
> DECR n
< -ERR value is not an integer or out of range

== edges
> SET n 9223372036854775807
< +OK
> INCR n
< -ERR increment or decrement would overflow
> INCRBY n 1
< -ERR increment or decrement would overflow
> DECRBY n -1
< -ERR increment or decrement would overflow
> GET n
< "9223372036854775807"
> SET n -9223372036854775808
< +OK
> DECR n
< -ERR increment or decrement would overflow
> DECRBY n 1
< -ERR increment or decrement would overflow
> INCRBY n -1
< -ERR increment or decrement would overflow
> DECRBY n -9223372036854775808
< -ERR decrement would overflow
> INCRBY n 9223372036854775808
< -ERR value is not an integer or out of range
> INCRBY n 1.0
< -ERR value is not an integer or out of range
> INCRBY n
< -ERR wrong number of arguments for 'incrby' command
> SET n 9223372036854775808
< +OK
> INCR n
< -ERR value is not an integer or out of range
> INCR
< -ERR wrong number of arguments for 'incr' command
> INCR a b
< -ERR wrong number of arguments for 'incr' command

== types
> HSET h f 1
< :1
> INCR h
< -WRONGTYPE Operation against a key holding the wrong kind of value
> INCRBYFLOAT h 1
< -WRONGTYPE Operation against a key holding the wrong kind of value
> DECRBY h 1
< -WRONGTYPE Operation against a key holding the wrong kind of value

== floats
> INCRBYFLOAT f 1.5
< "1.5"
> INCRBYFLOAT f 1.5
< "3"
> GET f
< "3"
> INCRBYFLOAT f -3
< "0"
> INCRBYFLOAT f 0.1
< "0.1"
> INCRBYFLOAT f 0.2
< "0.3"
> SET f 3.0e3
< +OK
> INCRBYFLOAT f 200
< "3200"
> SET f 10.50
< +OK
> INCRBYFLOAT f 0.1
< "10.6"
> SET f 5.0e3
< +OK
> INCRBYFLOAT f 2.0e2
< "5200"
> INCRBYFLOAT f inf
< -ERR increment would produce NaN or Infinity
> INCRBYFLOAT f nan
< -ERR value is not a valid float
> INCRBYFLOAT f x
< -ERR value is not a valid float
> INCRBYFLOAT f ""
< -ERR value is not a valid float
> INCRBYFLOAT f " 1"
< -ERR value is not a valid float
> INCRBYFLOAT f 1e400
< "10000000000000000000281880683947586514586453433629052038625910693539685534008629862039363994848324160522094053927317616200295822777259255734023828976593340661017797447434546173917862448116674971723778943824391593338047470675026246684401359237513603830343735485505244955964979021825038280091068414947402456898653040951017512658092615827588920183472511643316591362664138176309734806343732497430221946880"
> SET f abc
< +OK
> INCRBYFLOAT f 1
< -ERR value is not a valid float
> SET f 1.7976931348623157e308
< +OK
> INCRBYFLOAT f 1
< "179769313486231569995921046774104434048386446944329178485314420765176628523124396354701868608387085564428793419425520689308708363451136055357897278026477617073498977686288394835618163294045594434929537447290627480669417384648879122776218333598953852832103282504751611691208117720159985926376802466863339536384"
> SET f 3
< +OK
> INCRBYFLOAT f 1.000000000000000005
< "4.00000000000000001"
> INCRBYFLOAT f 0x10
< "20.00000000000000001"
> SET f 1e-20
< +OK
> INCRBYFLOAT f 0
< "0"
> SET f -0
< +OK
> INCRBYFLOAT f 0
< "0"
> SET f 9007199254740993
< +OK
> INCRBYFLOAT f 1
< "9007199254740994"

== encodings and TTL stay
> SET n 5 EX 100
< +OK
> INCR n
< :6
> TTL n
< :99..100
> OBJECT ENCODING n
< "int"
> INCRBYFLOAT n 1
< "7"
> OBJECT ENCODING n
< "embstr"
> TTL n
< :99..100

== increx
only: redstart
# Redis 8.8: the new value and what was really added; a result outside the bounds changes nothing unless SATURATE.
> INCREX n
< [:1 :1]
> INCREX n BYINT 5
< [:6 :5]
> INCREX n BYINT 10 UBOUND 10
< [:6 :0]
> INCREX n BYINT 10 UBOUND 10 SATURATE
< [:10 :4]
> INCREX n BYINT -20 LBOUND 0 SATURATE
< [:0 :-10]
> INCREX n EX 100
< [:1 :1]
> TTL n
< :99..100
> INCREX n EX 500 ENX
< [:2 :1]
> TTL n
< :99..100
> INCREX n PERSIST
< [:3 :1]
> TTL n
< :-1
> INCREX new BYINT 5 UBOUND 3
< [:0 :0]
> EXISTS new
< :0
> INCREX f BYFLOAT 1.5
< [,1.5 ,1.5]
> SET text abc
< +OK
> INCREX text
< ~^-ERR
> HSET h f 1
< :1
> INCREX h
< -WRONGTYPE Operation against a key holding the wrong kind of value
