# SLOWLOG: the last slow commands, clipped, and without secrets.

== what is logged
> CONFIG SET slowlog-log-slower-than 0
< +OK
> SLOWLOG RESET
< +OK
> CLIENT SETNAME me
< +OK
> SADD s 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32 33
< :31
> SLOWLOG GET 1
< [[:* :* :* ["SADD" "s" "3" "4" "5" "6" "7" "8" "9" "10" "11" "12" "13" "14" "15" "16" "17" "18" "19" "20" "21" "22" "23" "24" "25" "26" "27" "28" "29" "30" "31" "... (2 more arguments)"] ~":" "me"]]
> SLOWLOG LEN
< :4
> MULTI
< +OK
> PING
< +QUEUED
> EXEC
< [+"PONG"]
> SLOWLOG GET 2
< [[:* :* :* ["PING"] ~":" "me"] [:* :* :* ["MULTI"] ~":" "me"]]
> CONFIG SET slowlog-log-slower-than -1
< +OK
> SLOWLOG RESET
< +OK
> PING
< +PONG
> SLOWLOG GET
< []

== secrets
> CONFIG SET slowlog-log-slower-than 0
< +OK
> SLOWLOG RESET
< +OK
> AUTH someone secret
< -WRONGPASS invalid username-password pair or user is disabled.
> SLOWLOG GET 1
< [[:* :* :* ["AUTH" "(redacted)" "(redacted)"] ~":" ...]]
> CONFIG SET masterauth secret
< +OK
> SLOWLOG GET 1
< [[:* :* :* ["CONFIG" "SET" "masterauth" "(redacted)"] ~":" ...]]
> CONFIG SET masterauth ""
< +OK
> CONFIG SET slowlog-log-slower-than 10000
< +OK

== wrong use
> SLOWLOG
< -ERR wrong number of arguments for 'slowlog' command
> SLOWLOG NOSUCH
< -ERR unknown subcommand 'NOSUCH'. Try SLOWLOG HELP.
> SLOWLOG GET -2
< -ERR count should be greater than or equal to -1
> SLOWLOG GET x
< -ERR count should be greater than or equal to -1
> SLOWLOG GET 1 2
< -ERR unknown subcommand or wrong number of arguments for 'GET'. Try SLOWLOG HELP.
> SLOWLOG LEN 1
< -ERR wrong number of arguments for 'slowlog|len' command

== Valkey's name, and its other logs
only: redstart valkey
> CONFIG SET commandlog-request-larger-than 20 commandlog-reply-larger-than 20
< +OK
> COMMANDLOG RESET large-request
< +OK
> COMMANDLOG RESET large-reply
< +OK
> SET k aaaaaaaaaaaaaaaa
< +OK
> GET k
< "aaaaaaaaaaaaaaaa"
> COMMANDLOG GET -1 large-reply
< [[:* :* :23 ["GET" "k"] ~":" ...]]
> CONFIG SET commandlog-request-larger-than 1mb
< -"ERR CONFIG SET failed (possibly related to argument 'commandlog-request-larger-than') - argument couldn't be parsed into an integer"
> CONFIG SET commandlog-request-larger-than -1
< +OK
> COMMANDLOG LEN slow
< :*
> COMMANDLOG LEN fast
< -ERR type should be one of the following: slow, large-request, large-reply
> COMMANDLOG GET -2 slow
< -ERR count should be greater than or equal to -1
> COMMANDLOG GET slow
< -ERR wrong number of arguments for 'commandlog|get' command

== users and their passwords are not logged
> CONFIG SET slowlog-log-slower-than 0
< +OK
> ACL SETUSER someone >secret
< +OK
> SLOWLOG GET 1
< [[:* :* :* ["ACL" "SETUSER" "(redacted)" "(redacted)"] ...]]
> ACL GETUSER nobody
< (nil)
> SLOWLOG GET 1
< [[:* :* :* ["ACL" "GETUSER" "(redacted)"] ...]]
> ACL DELUSER someone
< :1
> SLOWLOG GET 1
< [[:* :* :* ["ACL" "DELUSER" "(redacted)"] ...]]
> CONFIG SET slowlog-log-slower-than 10000
< +OK
