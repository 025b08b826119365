# Bitmaps: single bits, counting them, and finding the first.

== set and get
> GETBIT missing 0
< :0
> SETBIT b 7 1
< :0
> GET b
< "\x01"
> GETBIT b 7
< :1
> GETBIT b 6
< :0
> GETBIT b 8
< :0
> GETBIT b 4294967295
< :0
> SETBIT b 7 0
< :1
> GET b
< "\x00"
> STRLEN b
< :1
> SETBIT b 0 1
< :0
> SETBIT b 0 1
< :1
> SETBIT b 15 1
< :0
> GET b
< "\x80\x01"
> SETBIT b 23 0
< :0
> STRLEN b
< :3
> SETBIT zero 100 0
< :0
> STRLEN zero
< :13
> TTL b
< :-1
> EXPIRE b 100
< :1
> SETBIT b 1 1
< :0
> TTL b
< :100
> TYPE b
< +string
> OBJECT ENCODING b
< "raw"

== bits of numbers and short strings
> SET n 12
< +OK
> OBJECT ENCODING n
< "int"
> GETBIT n 3
< :1
> GETBIT n 15
< :0
> BITCOUNT n
< :6
> BITPOS n 0
< :0
> OBJECT ENCODING n
< "int"
> SETBIT n 15 1
< :0
> GET n
< "13"
> OBJECT ENCODING n
< "raw"
> SET s abc
< +OK
> SETBIT s 6 1
< :0
> GET s
< "cbc"
> OBJECT ENCODING s
< "raw"
> SETBIT s 24 1
< :0
> GET s
< "cbc\x80"

== count
> BITCOUNT missing
< :0
> BITCOUNT missing 0 -1
< :0
> SET s foobar
< +OK
> BITCOUNT s
< :26
> BITCOUNT s 0 0
< :4
> BITCOUNT s 1 1
< :6
> BITCOUNT s 0 -1
< :26
> BITCOUNT s -2 -1
< :7
> BITCOUNT s -1 -2
< :0
> BITCOUNT s -100 100
< :26
> BITCOUNT s 6 10
< :0
> BITCOUNT s 5 30 BIT
< :17
> BITCOUNT s 5 30 bit
< :17
> BITCOUNT s 1 1 BYTE
< :6
> BITCOUNT s 0 0 BIT
< :0
> BITCOUNT s 1 1 BIT
< :1
> BITCOUNT s -8 -1 BIT
< :4
> BITCOUNT s 47 47 BIT
< :0
> BITCOUNT s 48 50 BIT
< :0
> BITCOUNT s 3 2 BIT
< :0
> BITCOUNT s -3 -9 BIT
< :0
> SET empty ""
< +OK
> BITCOUNT empty
< :0
> BITCOUNT empty 0 -1
< :0
> SETBIT far 80000 1
< :0
> BITCOUNT far
< :1
> BITCOUNT far 10000 10000
< :1
> BITCOUNT far 0 79999 BIT
< :0
> BITCOUNT far 80000 80000 BIT
< :1

== positions
> BITPOS missing 0
< :0
> BITPOS missing 1
< :-1
> BITPOS missing 0 5
< :0
> BITPOS missing 1 5 10
< :-1
> SET s "\xff\xf0\x00"
< +OK
> BITPOS s 0
< :12
> BITPOS s 1
< :0
> BITPOS s 0 0 0
< :-1
> BITPOS s 0 1
< :12
> BITPOS s 1 1
< :8
> BITPOS s 1 2
< :-1
> BITPOS s 1 2 -1
< :-1
> BITPOS s 0 2
< :16
> BITPOS s 0 -1
< :16
> BITPOS s 1 -2 -2
< :8
> BITPOS s 1 3
< :-1
> BITPOS s 0 3
< :-1
> BITPOS s 1 9 20 BIT
< :9
> BITPOS s 0 9 20 BIT
< :12
> BITPOS s 0 2 5 BIT
< :-1
> BITPOS s 1 12 -1 BIT
< :-1
> BITPOS s 0 -4 -1 BIT
< :20
> BITPOS s 1 5 2 BIT
< :-1
> BITPOS s 0 5 2
< :-1
> SET ones "\xff\xff"
< +OK
> BITPOS ones 0
< :16
> BITPOS ones 0 0
< :16
> BITPOS ones 0 1
< :16
> BITPOS ones 0 0 -1
< :-1
> BITPOS ones 0 0 -1 BIT
< :-1
> BITPOS ones 0 5
< :-1
> BITPOS ones 1 0 -1 BYTE
< :0
> SET zeros "\x00\x00"
< +OK
> BITPOS zeros 1
< :-1
> BITPOS zeros 1 0
< :-1
> BITPOS zeros 1 0 -1
< :-1
> BITPOS zeros 0
< :0
> SET empty ""
< +OK
> BITPOS empty 0
< :-1
> BITPOS empty 1
< :-1
> BITPOS empty 0 0 -1
< :-1
