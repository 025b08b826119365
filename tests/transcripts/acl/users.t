# Users: made, described, authenticated, removed.

== the default user
> ACL WHOAMI
< "default"
> ACL USERS
< ["default"]
> ACL LIST
< ["user default on nopass sanitize-payload ~* &* +@all"]
> ACL GETUSER default
< {"flags": ~["on" "nopass" "sanitize-payload"] "passwords": [] "commands": "+@all" "keys": "~*" "channels": "&*" "selectors": []}
> ACL GETUSER nobody
< (nil)

== a new user may do nothing
> ACL SETUSER alice
< +OK
> ACL GETUSER alice
< {"flags": ~["off" "sanitize-payload"] "passwords": [] "commands": "-@all" "keys": "" "channels": "" "selectors": []}
> ACL LIST
< ["user alice off sanitize-payload resetchannels -@all" "user default on nopass sanitize-payload ~* &* +@all"]
> ACL SETUSER alice >secret
< +OK
> AUTH alice secret
< -WRONGPASS invalid username-password pair or user is disabled.
> ACL SETUSER alice on
< +OK
> AUTH alice wrong
< -WRONGPASS invalid username-password pair or user is disabled.
> AUTH alice secret
< +OK
> ACL WHOAMI
< -NOPERM User alice has no permissions to run the 'acl|whoami' command
> GET k
< -NOPERM User alice has no permissions to run the 'get' command
> PING
< -NOPERM User alice has no permissions to run the 'ping' command
> AUTH alice secret
< +OK
> RESET
< +RESET
> ACL WHOAMI
< "default"
> ACL DELUSER alice
< :1

== names
> ACL SETUSER "a b"
< -ERR Usernames can't contain spaces or null characters
> ACL SETUSER "a\x00b"
< -ERR Usernames can't contain spaces or null characters
> ACL SETUSER "a\tb"
< -ERR Usernames can't contain spaces or null characters
> ACL SETUSER "a\nb"
< -ERR Usernames can't contain spaces or null characters
> ACL SETUSER "a\x0bb"
< -ERR Usernames can't contain spaces or null characters
> ACL SETUSER ""
< +OK
> ACL SETUSER "\xff\xfe" on
< +OK
> ACL USERS
< ["" "default" "\xff\xfe"]
> ACL DELUSER "" "\xff\xfe"
< :2
> ACL USERS
< ["default"]

== passwords
> ACL SETUSER bob on >one >two >one
< +OK
> ACL GETUSER bob
< {"flags": ~["on" "sanitize-payload"] "passwords": ["7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed" "3fc4ccfe745870e2c0d99f71f30ff0656c8dedd41cc1d7d3d376b0dbe685e2f3"] "commands": "-@all" "keys": "" "channels": "" "selectors": []}
> AUTH bob one
< +OK
> AUTH default x
< +OK
> AUTH bob two
< +OK
> AUTH default x
< +OK
> ACL SETUSER bob <one
< +OK
> AUTH bob one
< -WRONGPASS invalid username-password pair or user is disabled.
> ACL SETUSER bob <one
< -ERR Error in ACL SETUSER modifier '<one': The password you are trying to remove from the user does not exist
> ACL SETUSER bob #5e884898da28047151d0e56f8dc6292773603d0d6aabbdd62a11ef721d1542d8
< +OK
> AUTH bob password
< +OK
> AUTH default x
< +OK
> ACL SETUSER bob !5e884898da28047151d0e56f8dc6292773603d0d6aabbdd62a11ef721d1542d8
< +OK
> AUTH bob password
< -WRONGPASS invalid username-password pair or user is disabled.
> ACL SETUSER bob !5e884898da28047151d0e56f8dc6292773603d0d6aabbdd62a11ef721d1542d8
< -ERR Error in ACL SETUSER modifier '!5e884898da28047151d0e56f8dc6292773603d0d6aabbdd62a11ef721d1542d8': The password you are trying to remove from the user does not exist
> ACL SETUSER bob #5E884898da28047151d0e56f8dc6292773603d0d6aabbdd62a11ef721d1542d8
< -ERR Error in ACL SETUSER modifier '#5E884898da28047151d0e56f8dc6292773603d0d6aabbdd62a11ef721d1542d8': The password hash must be exactly 64 characters and contain only lowercase hexadecimal characters
> ACL SETUSER bob #12
< -ERR Error in ACL SETUSER modifier '#12': The password hash must be exactly 64 characters and contain only lowercase hexadecimal characters
> ACL SETUSER bob !12
< -ERR Error in ACL SETUSER modifier '!12': The password hash must be exactly 64 characters and contain only lowercase hexadecimal characters
> ACL SETUSER bob nopass
< +OK
> AUTH bob anything
< +OK
> AUTH default x
< +OK
> ACL GETUSER bob
< {"flags": ~["on" "nopass" "sanitize-payload"] "passwords": [] "commands": "-@all" "keys": "" "channels": "" "selectors": []}
> ACL SETUSER bob >three
< +OK
> AUTH bob anything
< -WRONGPASS invalid username-password pair or user is disabled.
> ACL SETUSER bob resetpass
< +OK
> AUTH bob three
< -WRONGPASS invalid username-password pair or user is disabled.
> ACL SETUSER bob >
< +OK
> AUTH bob ""
< +OK
> AUTH default x
< +OK
> ACL SETUSER bob ">with space and \x00 in it"
< +OK
> AUTH bob "with space and \x00 in it"
< +OK
> AUTH default x
< +OK
> ACL SETUSER bob off
< +OK
> AUTH bob ""
< -WRONGPASS invalid username-password pair or user is disabled.
> ACL DELUSER bob
< :1

== back to nothing
> ACL SETUSER carol on nopass skip-sanitize-payload ~* &* +@all (+get ~x)
< +OK
> ACL LIST
< ["user carol on nopass skip-sanitize-payload ~* &* +@all (~x resetchannels -@all +get)" "user default on nopass sanitize-payload ~* &* +@all"]
> ACL SETUSER carol reset
< +OK
> ACL LIST
< ["user carol off sanitize-payload resetchannels -@all" "user default on nopass sanitize-payload ~* &* +@all"]
> ACL SETUSER carol
< +OK
> ACL LIST
< ["user carol off sanitize-payload resetchannels -@all" "user default on nopass sanitize-payload ~* &* +@all"]
> ACL DELUSER carol
< :1

== removing
> ACL SETUSER one
< +OK
> ACL SETUSER two
< +OK
> ACL DELUSER one two three one
< :2
> ACL DELUSER default
< -ERR The 'default' user cannot be removed
> ACL SETUSER one
< +OK
> ACL DELUSER one default
< -ERR The 'default' user cannot be removed
> ACL USERS
< ["default" "one"]
> ACL DELUSER nobody
< :0
> ACL DELUSER one
< :1

== who is removed is gone
> ACL SETUSER dave on nopass ~* +@all
< +OK
a> AUTH dave x
a< +OK
a> PING
a< +PONG
> ACL DELUSER dave
< :1
a< (closed)
> ACL SETUSER dave on nopass ~* +@all
< +OK
b> AUTH dave x
b< +OK
b> ACL DELUSER dave
b< :1
b< (closed)
> ACL USERS
< ["default"]

== wrong numbers of arguments
> ACL
< -ERR wrong number of arguments for 'acl' command
> ACL NOSUCH
< -ERR unknown subcommand 'NOSUCH'. Try ACL HELP.
> ACL WHOAMI x
< -ERR wrong number of arguments for 'acl|whoami' command
> ACL LIST x
< -ERR wrong number of arguments for 'acl|list' command
> ACL USERS x
< -ERR wrong number of arguments for 'acl|users' command
> ACL SETUSER
< -ERR wrong number of arguments for 'acl|setuser' command
> ACL DELUSER
< -ERR wrong number of arguments for 'acl|deluser' command
> ACL GETUSER
< -ERR wrong number of arguments for 'acl|getuser' command
> ACL GETUSER a b
< -ERR wrong number of arguments for 'acl|getuser' command
> ACL CAT a b
< -ERR unknown subcommand or wrong number of arguments for 'CAT'. Try ACL HELP.
> ACL GENPASS 1 2
< -ERR unknown subcommand or wrong number of arguments for 'GENPASS'. Try ACL HELP.
> ACL LOG 1 2
< -ERR unknown subcommand or wrong number of arguments for 'LOG'. Try ACL HELP.
> ACL DRYRUN default
< -ERR wrong number of arguments for 'acl|dryrun' command
> ACL DRYRUN default nosuch
< -ERR Command 'nosuch' not found
> ACL DRYRUN nobody get x
< -ERR User 'nobody' not found
> ACL DRYRUN default get
< -ERR wrong number of arguments for 'get' command
> ACL DRYRUN default acl
< -ERR wrong number of arguments for 'acl' command
> ACL DRYRUN default acl nosuch
< -ERR Command 'acl' not found
> ACL DRYRUN default acl whoami x
< -ERR wrong number of arguments for 'acl|whoami' command
> ACL LOAD
< -ERR This Redis instance is not configured to use an ACL file. You may want to specify users via the ACL SETUSER command and then issue a CONFIG REWRITE (assuming you have a Redis configuration file set) in order to store users in the Redis configuration.
> ACL SAVE
< -ERR This Redis instance is not configured to use an ACL file. You may want to specify users via the ACL SETUSER command and then issue a CONFIG REWRITE (assuming you have a Redis configuration file set) in order to store users in the Redis configuration.
> ACL LOAD x
< -ERR wrong number of arguments for 'acl|load' command
> ACL CAT nosuch
< -ERR Unknown category 'nosuch'
> ACL GENPASS 0
< -ERR ACL GENPASS argument must be the number of bits for the output password, a positive number up to 4096
> ACL GENPASS -1
< -ERR ACL GENPASS argument must be the number of bits for the output password, a positive number up to 4096
> ACL GENPASS 4097
< -ERR ACL GENPASS argument must be the number of bits for the output password, a positive number up to 4096
> ACL GENPASS x
< -ERR value is not an integer or out of range
> ACL GENPASS
< ~^[0-9a-f]{64}$
> ACL GENPASS 1
< ~^[0-9a-f]$
> ACL GENPASS 5
< ~^[0-9a-f]{2}$
> ACL GENPASS 4096
< ~^[0-9a-f]{1024}$
> AUTH a b c
< -ERR syntax error
> ACL LOG x
< -ERR value is not an integer or out of range
> ACL HELP x
< -ERR wrong number of arguments for 'acl|help' command

== a parent's name does not stand for its subcommands, however they come
>> "ACL\r\nACL WHOAMI\r\nACL NOSUCH\r\nACL WHOAMI\r\n"
< -ERR wrong number of arguments for 'acl' command
< "default"
< -ERR unknown subcommand 'NOSUCH'. Try ACL HELP.
< "default"
