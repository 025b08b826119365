# Bytes that are no commands, and commands in pieces.

== bad counts
>> "*abc\r\n"
< -ERR Protocol error: invalid multibulk length
< (closed)

== a large count is waited for, a count beyond 31 bits is not
a>> "*1048577\r\n"
a< (silent)
>> "*2147483648\r\n"
< -ERR Protocol error: invalid multibulk length
< (closed)

== zero and negative counts are skipped
>> "*0\r\n*-10\r\n*1\r\n$4\r\nPING\r\n"
< +PONG

== no dollar
>> "*1\r\nPING\r\n"
< -ERR Protocol error: expected '$', got 'P'
< (closed)

== bad bulk length
>> "*1\r\n$abc\r\n"
< -ERR Protocol error: invalid bulk length
< (closed)

== negative bulk length
>> "*1\r\n$-1\r\n"
< -ERR Protocol error: invalid bulk length
< (closed)

== bulk length beyond the limit
>> "*1\r\n$536870913\r\n"
< -ERR Protocol error: invalid bulk length
< (closed)

== an overflowing number
>> "*1\r\n$99999999999999999999\r\n"
< -ERR Protocol error: invalid bulk length
< (closed)

== commands before the error are answered
>> "*1\r\n$4\r\nPING\r\n*1\r\n$x\r\n"
< +PONG
< -ERR Protocol error: invalid bulk length
< (closed)

== unbalanced quotes inline
>> "SET k \"abc\r\n"
< -ERR Protocol error: unbalanced quotes in request
< (closed)

== unbalanced count
>> "*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$-5\r\n"
< -ERR Protocol error: invalid bulk length
< (closed)

== inline
>> "PING\r\n"
< +PONG
>> "PING\n"
< +PONG
>> "\r\n\r\nPING\r\n"
< +PONG
>> "  SET   k   'a b'  \r\nGET k\r\n"
< +OK
< "a b"
>> "SET k \"\\x41\\n\"\r\nGET k\r\n"
< +OK
< "A\n"
>> "nosuch a b\r\n"
< -"ERR unknown command 'nosuch', with args beginning with: 'a' 'b' "
>> "GET k extra\r\n"
< -ERR wrong number of arguments for 'get' command

== in pieces
>> "*2\r"
< (silent)
sleep: 10
>> "\n$4\r\nEC"
< (silent)
sleep: 10
>> "HO\r\n$3\r\nab"
< (silent)
sleep: 10
>> "c\r\n"
< "abc"

== pipelined in one write
>> "*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$1\r\n1\r\n*2\r\n$4\r\nINCR\r\n$1\r\nk\r\n*2\r\n$3\r\nGET\r\n$1\r\nk\r\n*1\r\n$4\r\nPING\r\n"
< +OK
< :2
< "2"
< +PONG

== an inline line without an end waits
>> "GET aaaa"
< (silent)
>> "\r\n"
< (nil)

== a browser's request
> post / HTTP/1.1
< (closed)

== the second line of one
> PING
< +PONG
> hOst: localhost
< (closed)
