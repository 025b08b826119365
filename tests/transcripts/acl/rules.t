# Rules: what they are, what is refused, how they are shown.

== nothing is changed where one rule is wrong
> ACL SETUSER u on +get nosuchrule
< -ERR Error in ACL SETUSER modifier 'nosuchrule': Syntax error
> ACL GETUSER u
< (nil)
> ACL SETUSER u on +get
< +OK
> ACL SETUSER u +set ~* ~more
< -ERR Error in ACL SETUSER modifier '~more': Adding a pattern after the * pattern (or the 'allkeys' flag) is not valid and does not have any effect. Try 'resetkeys' to start with an empty list of patterns
> ACL GETUSER u
< {"flags": ~["on" "sanitize-payload"] "passwords": [] "commands": "-@all +get" "keys": "" "channels": "" "selectors": []}
> ACL DELUSER u
< :1

== refusals
> ACL SETUSER u foo
< -ERR Error in ACL SETUSER modifier 'foo': Syntax error
> ACL SETUSER u +nosuch
< -ERR Error in ACL SETUSER modifier '+nosuch': Unknown command or category name in ACL
> ACL SETUSER u -nosuch
< -ERR Error in ACL SETUSER modifier '-nosuch': Unknown command or category name in ACL
> ACL SETUSER u +@nosuch
< -ERR Error in ACL SETUSER modifier '+@nosuch': Unknown command or category name in ACL
> ACL SETUSER u -@nosuch
< -ERR Error in ACL SETUSER modifier '-@nosuch': Unknown command or category name in ACL
> ACL SETUSER u +config|nosuch
< -ERR Error in ACL SETUSER modifier '+config|nosuch': Unknown command or category name in ACL
> ACL SETUSER u -config|nosuch
< -ERR Error in ACL SETUSER modifier '-config|nosuch': Unknown command or category name in ACL
> ACL SETUSER u +config|get|port
< -ERR Error in ACL SETUSER modifier '+config|get|port': Allowing first-arg of a subcommand is not supported
> ACL SETUSER u +get|a|b
< -ERR Error in ACL SETUSER modifier '+get|a|b': Unknown command or category name in ACL
> ACL SETUSER u -get|a
< -ERR Error in ACL SETUSER modifier '-get|a': Unknown command or category name in ACL
> ACL SETUSER u +get|
< -ERR Error in ACL SETUSER modifier '+get|': Syntax error
> ACL SETUSER u +nosuch|x
< -ERR Error in ACL SETUSER modifier '+nosuch|x': Unknown command or category name in ACL
> ACL SETUSER u +
< -ERR Error in ACL SETUSER modifier '+': Unknown command or category name in ACL
> ACL SETUSER u -
< -ERR Error in ACL SETUSER modifier '-': Unknown command or category name in ACL
> ACL SETUSER u +@
< -ERR Error in ACL SETUSER modifier '+@': Unknown command or category name in ACL
> ACL SETUSER u %~
< -ERR Error in ACL SETUSER modifier '%~': Syntax error
> ACL SETUSER u %
< -ERR Error in ACL SETUSER modifier '%': Syntax error
> ACL SETUSER u %X~a
< -ERR Error in ACL SETUSER modifier '%X~a': Syntax error
> ACL SETUSER u %RR~a
< -ERR Error in ACL SETUSER modifier '%RR~a': Syntax error
> ACL SETUSER u %R
< +OK
> ACL SETUSER u "~a b"
< -ERR Error in ACL SETUSER modifier '~a b': Syntax error
> ACL SETUSER u "&a b"
< -ERR Error in ACL SETUSER modifier '&a b': Syntax error
> ACL SETUSER u "~a\x00"
< -ERR Error in ACL SETUSER modifier '~a': Syntax error
> ACL SETUSER u allkeys ~a
< -ERR Error in ACL SETUSER modifier '~a': Adding a pattern after the * pattern (or the 'allkeys' flag) is not valid and does not have any effect. Try 'resetkeys' to start with an empty list of patterns
> ACL SETUSER u allchannels &a
< -ERR Error in ACL SETUSER modifier '&a': Adding a pattern after the * pattern (or the 'allchannels' flag) is not valid and does not have any effect. Try 'resetchannels' to start with an empty list of channels
> ACL SETUSER u (
< -ERR Unmatched parenthesis in acl selector starting at '('.
> ACL SETUSER u )
< -ERR Error in ACL SETUSER modifier ')': Syntax error
> ACL SETUSER u " () "
< -ERR Error in ACL SETUSER modifier ' () ': Syntax error
> ACL SETUSER u (foo)
< -ERR Error in ACL SETUSER modifier '(foo)': Syntax error
> ACL SETUSER u (on)
< -ERR Error in ACL SETUSER modifier '(on)': Syntax error
> ACL SETUSER u (>pass)
< -ERR Error in ACL SETUSER modifier '(>pass)': Syntax error
> ACL SETUSER u (&* &fail)
< -ERR Error in ACL SETUSER modifier '(&* &fail)': Adding a pattern after the * pattern (or the 'allchannels' flag) is not valid and does not have any effect. Try 'resetchannels' to start with an empty list of channels
> ACL SETUSER u (+PING (+SELECT (+DEL
< -ERR Unmatched parenthesis in acl selector starting at '(+PING'.
> ACL SETUSER u (+PING (+SELECT (+DEL ) ) )
< -ERR Error in ACL SETUSER modifier '(+PING (+SELECT (+DEL )': Syntax error
> ACL SETUSER u "+get\x00x"
< +OK
> ACL SETUSER u "on\x00x"
< +OK
> ACL SETUSER u ""
< +OK
> ACL GETUSER u
< {"flags": ~["on" "sanitize-payload"] "passwords": [] "commands": "-@all +get" "keys": "%R~" "channels": "" "selectors": []}
> ACL DELUSER u
< :1

== how commands are shown
> ACL SETUSER u +@all -@hash -@slow +hget
< +OK
> ACL GETUSER u
< {"flags": ~["off" "sanitize-payload"] "passwords": [] "commands": "+@all -@hash -@slow +hget" "keys": "" "channels": "" "selectors": []}
> ACL SETUSER u -@hash
< +OK
> ACL GETUSER u
< {"flags": ~["off" "sanitize-payload"] "passwords": [] "commands": "+@all -@slow +hget -@hash" "keys": "" "channels": "" "selectors": []}
> ACL SETUSER u +@HASH
< +OK
> ACL GETUSER u
< {"flags": ~["off" "sanitize-payload"] "passwords": [] "commands": "+@all -@slow +hget +@hash" "keys": "" "channels": "" "selectors": []}
> ACL SETUSER u -@all
< +OK
> ACL GETUSER u
< {"flags": ~["off" "sanitize-payload"] "passwords": [] "commands": "-@all" "keys": "" "channels": "" "selectors": []}
> ACL SETUSER u +HGET +hget +hGeT -set +Config|GET
< +OK
> ACL GETUSER u
< {"flags": ~["off" "sanitize-payload"] "passwords": [] "commands": "-@all +hget -set +config|get" "keys": "" "channels": "" "selectors": []}
> ACL SETUSER u -@all +client|list +client|list +config|get +config +acl|list -acl
< +OK
> ACL GETUSER u
< {"flags": ~["off" "sanitize-payload"] "passwords": [] "commands": "-@all +client|list +config -acl" "keys": "" "channels": "" "selectors": []}
> ACL SETUSER u -@all +select|0 +select|0 +select|1 +select|A
< +OK
> ACL GETUSER u
< {"flags": ~["off" "sanitize-payload"] "passwords": [] "commands": "-@all +select|0 +select|1 +select|a" "keys": "" "channels": "" "selectors": []}
> ACL SETUSER u +select
< +OK
> ACL GETUSER u
< {"flags": ~["off" "sanitize-payload"] "passwords": [] "commands": "-@all +select" "keys": "" "channels": "" "selectors": []}
> ACL SETUSER u allcommands
< +OK
> ACL GETUSER u
< {"flags": ~["off" "sanitize-payload"] "passwords": [] "commands": "+@all" "keys": "" "channels": "" "selectors": []}
> ACL SETUSER u nocommands
< +OK
> ACL GETUSER u
< {"flags": ~["off" "sanitize-payload"] "passwords": [] "commands": "-@all" "keys": "" "channels": "" "selectors": []}
> ACL DELUSER u
< :1

== how keys and channels are shown
> ACL SETUSER u %R~a %W~b %RW~c ~d %r~e %w~e
< +OK
> ACL GETUSER u
< {"flags": ~["off" "sanitize-payload"] "passwords": [] "commands": "-@all" "keys": "%R~a %W~b ~c ~d ~e" "channels": "" "selectors": []}
> ACL SETUSER u ~a &x &y &x
< +OK
> ACL GETUSER u
< {"flags": ~["off" "sanitize-payload"] "passwords": [] "commands": "-@all" "keys": "~a %W~b ~c ~d ~e" "channels": "&x &y" "selectors": []}
> ACL LIST
< ["user default on nopass sanitize-payload ~* &* +@all" "user u off sanitize-payload ~a %W~b ~c ~d ~e resetchannels &x &y -@all"]
> ACL SETUSER u allkeys allchannels
< +OK
> ACL GETUSER u
< {"flags": ~["off" "sanitize-payload"] "passwords": [] "commands": "-@all" "keys": "~*" "channels": "&*" "selectors": []}
> ACL SETUSER u resetkeys resetchannels
< +OK
> ACL GETUSER u
< {"flags": ~["off" "sanitize-payload"] "passwords": [] "commands": "-@all" "keys": "" "channels": "" "selectors": []}
> ACL SETUSER u %R~* ~
< +OK
> ACL GETUSER u
< {"flags": ~["off" "sanitize-payload"] "passwords": [] "commands": "-@all" "keys": "%R~* ~" "channels": "" "selectors": []}
> ACL DELUSER u
< :1

== selectors
> ACL SETUSER u on (+get ~a) ( +set ~b ) "(~key1 +get )" "( ~key2 +get)" ()
< +OK
> ACL GETUSER u
< {"flags": ~["on" "sanitize-payload"] "passwords": [] "commands": "-@all" "keys": "" "channels": "" "selectors": [{"commands": "-@all +get" "keys": "~a" "channels": ""} {"commands": "-@all +set" "keys": "~b" "channels": ""} {"commands": "-@all +get" "keys": "~key1" "channels": ""} {"commands": "-@all +get" "keys": "~key2" "channels": ""} {"commands": "-@all" "keys": "" "channels": ""}]}
> ACL LIST
< ["user default on nopass sanitize-payload ~* &* +@all" "user u on sanitize-payload resetchannels -@all (~a resetchannels -@all +get) (~b resetchannels -@all +set) (~key1 resetchannels -@all +get) (~key2 resetchannels -@all +get) (resetchannels -@all)"]
> ACL SETUSER u clearselectors
< +OK
> ACL GETUSER u
< {"flags": ~["on" "sanitize-payload"] "passwords": [] "commands": "-@all" "keys": "" "channels": "" "selectors": []}
# What follows a zero byte in a word that continues a selector is lost, as in Redis.
> ACL SETUSER nul (+@all "\x00 not a rule" allchannels)
< +OK
> ACL GETUSER nul
< {"flags": ~["off" "sanitize-payload"] "passwords": [] "commands": "-@all" "keys": "" "channels": "" "selectors": [{"commands": "+@all" "keys": "" "channels": "&*"}]}
> ACL DELUSER nul
< :1
> ACL SETUSER u (~"quoted" +get) "(~\"a b\")"
< -ERR Error in ACL SETUSER modifier '(~"a b")': Syntax error
> ACL SETUSER u "(~\"open)"
< +OK
> ACL GETUSER u
< {"flags": ~["on" "sanitize-payload"] "passwords": [] "commands": "-@all" "keys": "" "channels": "" "selectors": [{"commands": "-@all" "keys": "" "channels": ""}]}
> ACL DELUSER u
< :1

== new users and channels
> CONFIG SET acl-pubsub-default allchannels
< +OK
> ACL SETUSER u (+get)
< +OK
> ACL GETUSER u
< {"flags": ~["off" "sanitize-payload"] "passwords": [] "commands": "-@all" "keys": "" "channels": "&*" "selectors": [{"commands": "-@all +get" "keys": "" "channels": "&*"}]}
> ACL SETUSER u &one
< -ERR Error in ACL SETUSER modifier '&one': Adding a pattern after the * pattern (or the 'allchannels' flag) is not valid and does not have any effect. Try 'resetchannels' to start with an empty list of channels
> CONFIG SET acl-pubsub-default resetchannels
< +OK
> ACL GETUSER u
< {"flags": ~["off" "sanitize-payload"] "passwords": [] "commands": "-@all" "keys": "" "channels": "&*" "selectors": [{"commands": "-@all +get" "keys": "" "channels": "&*"}]}
> ACL SETUSER u reset
< +OK
> ACL GETUSER u
< {"flags": ~["off" "sanitize-payload"] "passwords": [] "commands": "-@all" "keys": "" "channels": "" "selectors": []}
> CONFIG SET acl-pubsub-default something
< -ERR CONFIG SET failed (possibly related to argument 'acl-pubsub-default') - argument(s) must be one of the following: allchannels, resetchannels
> ACL DELUSER u
< :1
