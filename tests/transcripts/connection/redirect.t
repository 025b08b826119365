# CLIENT TRACKING REDIRECT: another connection hears of changes, in version 2 as messages.
protocol: 2

== to a subscriber
a> CLIENT ID
a< %{id}
a> SUBSCRIBE __redis__:invalidate
a< ["subscribe" "__redis__:invalidate" :1]
> CLIENT TRACKING ON REDIRECT %{id}
< +OK
> GET k
< (nil)
b> SET k 1
b< +OK
a< >["message" "__redis__:invalidate" ["k"]]
> CLIENT GETREDIR
< %{id}
b> FLUSHALL
b< +OK
a< >["message" "__redis__:invalidate" (nil-bulk)]

== to one that does not listen
a> CLIENT ID
a< %{id}
> CLIENT TRACKING ON REDIRECT %{id}
< +OK
> GET k
< (nil)
b> SET k 1
b< +OK
a> PING
a< +PONG

== to one that went away
a> CLIENT ID
a< %{id}
> CLIENT TRACKING ON REDIRECT %{id}
< +OK
> GET k
< (nil)
a> QUIT
a< +OK
a< (closed)
b> SET k 1
b< +OK
> CLIENT TRACKINGINFO
< ["flags" ["on" "broken_redirect"] "redirect" :* "prefixes" []]
