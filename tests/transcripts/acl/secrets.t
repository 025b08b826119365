# Passwords and names of users are in no log.

== the slow log
> CONFIG SET slowlog-log-slower-than -1
< +OK
> SLOWLOG RESET
< +OK
> CONFIG SET slowlog-log-slower-than 0
< +OK
> ACL SETUSER u on >secret +get
< +OK
> ACL GETUSER u
< ...
> AUTH u wrong
< -WRONGPASS invalid username-password pair or user is disabled.
> ACL DELUSER u v
< :1
> ACL WHOAMI
< "default"
> CONFIG SET slowlog-log-slower-than -1
< +OK
> SLOWLOG GET
< [[:* :* :* ["ACL" "WHOAMI"] ~":" ""] [:* :* :* ["ACL" "DELUSER" "(redacted)" "(redacted)"] ~":" ""] [:* :* :* ["AUTH" "(redacted)" "(redacted)"] ~":" ""] [:* :* :* ["ACL" "GETUSER" "(redacted)"] ~":" ""] [:* :* :* ["ACL" "SETUSER" "(redacted)" "(redacted)" "(redacted)" "(redacted)"] ~":" ""] [:* :* :* ["CONFIG" "SET" "slowlog-log-slower-than" "0"] ~":" ""]]
> SLOWLOG RESET
< +OK
