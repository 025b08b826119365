# DEBUG PROTOCOL answers with every type; DEBUG ERROR with any error; switches and refusals of DEBUG.
args: --enable-debug-command yes

== types
> DEBUG PROTOCOL string
< "Hello World"
> DEBUG PROTOCOL integer
< :12345
> DEBUG PROTOCOL null
< (nil)
> DEBUG PROTOCOL array
< [:0 :1 :2]
> DEBUG PROTOCOL set
< ~[:0 :1 :2]
> DEBUG PROTOCOL nonsense
< -ERR Wrong protocol type name. Please use one of the following: string|integer|double|bignum|null|array|set|map|attrib|push|verbatim|true|false
> DEBUG PROTOCOL
< -ERR unknown subcommand or wrong number of arguments for 'PROTOCOL'. Try DEBUG HELP.

== errors
> DEBUG ERROR "ERR made up"
< -ERR made up
> DEBUG ERROR "MYCODE two\nlines"
< -MYCODE two lines
> DEBUG ERROR
< -ERR unknown subcommand or wrong number of arguments for 'ERROR'. Try DEBUG HELP.

== switches
> DEBUG DICT-RESIZING 0
< +OK
> DEBUG DICT-RESIZING
< -ERR unknown subcommand or wrong number of arguments for 'DICT-RESIZING'. Try DEBUG HELP.
> DEBUG REPLYBUFFER PEAK-RESET-TIME never
< +OK
> DEBUG REPLYBUFFER PEAK-RESET-TIME abc
< -ERR value is not an integer or out of range
> DEBUG REPLYBUFFER NONSENSE 1
< -ERR unknown subcommand or wrong number of arguments for 'REPLYBUFFER'. Try DEBUG HELP.
> DEBUG QUICKLIST-PACKED-THRESHOLD 100b
< +OK
> DEBUG QUICKLIST-PACKED-THRESHOLD abc
< -ERR argument must be a memory value bigger than 1 and smaller than 4gb
> DEBUG CHANGE-REPL-ID
< +OK
> DEBUG HTSTATS 16
< -ERR Out of range database
> DEBUG HTSTATS abc
< -ERR value is not an integer or out of range
