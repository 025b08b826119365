# PING, ECHO, SELECT, QUIT, RESET.

== ping and echo
> PING
< +PONG
> PING "hello world"
< "hello world"
> PING a b
< -ERR wrong number of arguments for 'ping' command
> ECHO "\x00\r\n"
< "\x00\r\n"
> ECHO
< -ERR wrong number of arguments for 'echo' command
> ECHO a b
< -ERR wrong number of arguments for 'echo' command
> ping
< +PONG

== unknown commands
> NOSUCH
< -"ERR unknown command 'NOSUCH', with args beginning with: "
> NOSUCH a b
< -"ERR unknown command 'NOSUCH', with args beginning with: 'a' 'b' "
> NOSUCH "with\r\nnewline" 'and "quotes"'
< -"ERR unknown command 'NOSUCH', with args beginning with: 'with  newline' 'and \"quotes\"' "
> nosuch aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
< -"ERR unknown command 'nosuch', with args beginning with: 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' "
> "" a
< -"ERR unknown command '', with args beginning with: 'a' "

== select
> SELECT 1
< +OK
> SET only-here 1
< +OK
> SELECT 0
< +OK
> EXISTS only-here
< :0
> SELECT 15
< +OK
> SELECT 16
< -ERR DB index is out of range
> SELECT -1
< -ERR DB index is out of range
> SELECT abc
< -ERR value is not an integer or out of range
> SELECT 99999999999999999999
< -ERR value is not an integer or out of range
> SELECT
< -ERR wrong number of arguments for 'select' command

== quit answers and closes
> QUIT
< +OK
< (closed)

== reset
> SELECT 3
< +OK
> CLIENT SETNAME me
< +OK
> RESET
< +RESET
> CLIENT GETNAME
2< (nil)
3< (nil-bulk)
> SET k v
< +OK
> SELECT 3
< +OK
> EXISTS k
< :0
> RESET x
< -ERR wrong number of arguments for 'reset' command

== two connections
> SET k v
< +OK
a> GET k
a< "v"
a> SET k w
a< +OK
> GET k
< "w"
