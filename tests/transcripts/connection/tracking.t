# CLIENT TRACKING: who keeps what it read is told when it changes.
protocol: 3
args: --enable-debug-command yes

== what was read, once
> CLIENT TRACKING ON
< +OK
> SET k 1
< +OK
> GET k
< "1"
a> SET k 2
a< +OK
< >["invalidate" ["k"]]
a> SET k 3
a< +OK
> MGET k nothing
< ["3" (nil)]
a> DEL k
a< :1
< >["invalidate" ["k"]]
a> SET nothing 1
a< +OK
< >["invalidate" ["nothing"]]
> HGET h f
< (nil)
a> HSET h f v
a< :1
< >["invalidate" ["h"]]
> CLIENT TRACKING OFF
< +OK
> GET k
< (nil)
a> SET k 4
a< +OK

== its own changes come behind the answer
> CLIENT TRACKING ON
< +OK
> GET k
< (nil)
> SET k 1
< +OK
< >["invalidate" ["k"]]
> GET k
< "1"
> MULTI
< +OK
> SET k 2
< +QUEUED
> GET k
< +QUEUED
> EXEC
< [+"OK" "2"]
< >["invalidate" ["k"]]

== not its own
> CLIENT TRACKING ON NOLOOP
< +OK
> GET k
< (nil)
> SET k 1
< +OK
> GET k
< "1"
a> SET k 2
a< +OK
< >["invalidate" ["k"]]

== only what it says
> CLIENT TRACKING ON OPTIN
< +OK
> GET k
< (nil)
a> SET k 1
a< +OK
> CLIENT CACHING YES
< +OK
> GET k
< "1"
a> SET k 2
a< +OK
< >["invalidate" ["k"]]
> CLIENT CACHING YES
< +OK
> PING
< +PONG
> GET k
< "2"
a> SET k 3
a< +OK
> CLIENT CACHING NO
< -ERR CLIENT CACHING NO is only valid when tracking is enabled in OPTOUT mode.

== all but what it says
> CLIENT TRACKING ON OPTOUT
< +OK
> GET k
< (nil)
a> SET k 1
a< +OK
< >["invalidate" ["k"]]
> CLIENT CACHING NO
< +OK
> GET k
< "1"
a> SET k 2
a< +OK
> CLIENT CACHING YES
< -ERR CLIENT CACHING YES is only valid when tracking is enabled in OPTIN mode.

== prefixes, read or not
> CLIENT TRACKING ON BCAST PREFIX user: PREFIX item:
< +OK
a> SET user:1 x
a< +OK
< >["invalidate" ["user:1"]]
a> SET other x
a< +OK
a> MSET item:1 a item:2 b
a< +OK
< >["invalidate" ["item:1" "item:2"]]
> SET user:2 x
< +OK
< >["invalidate" ["user:2"]]
> CLIENT TRACKINGINFO
< {"flags": ~["on" "bcast"] "redirect": :0 "prefixes": ["item:" "user:"]}
> CLIENT TRACKING ON BCAST PREFIX user:1
< -ERR Prefix 'user:1' overlaps with an existing prefix 'user:'. Prefixes for a single client must not overlap.
> CLIENT TRACKING ON BCAST PREFIX a PREFIX ab
< -ERR Prefix 'a' overlaps with another provided prefix 'ab'. Prefixes for a single client must not overlap.
> CLIENT TRACKING ON
< -ERR You can't switch BCAST mode on/off before disabling tracking for this client, and then re-enabling it with a different mode.

== everything
> CLIENT TRACKING ON
< +OK
> GET k
< (nil)
a> FLUSHALL
a< +OK
< >["invalidate" (nil)]
a> SET k 1
a< +OK

== expiry
> CLIENT TRACKING ON
< +OK
a> SET k v PX 20
a< +OK
> GET k
< "v"
< >["invalidate" ["k"]]
> GET k
< (nil)

== wrong uses
> CLIENT CACHING YES
< -ERR CLIENT CACHING can be called only when the client is in tracking mode with OPTIN or OPTOUT mode enabled
> CLIENT TRACKING
< -ERR wrong number of arguments for 'client|tracking' command
> CLIENT TRACKING MAYBE
< -ERR syntax error
> CLIENT TRACKING ON WHAT
< -ERR syntax error
> CLIENT TRACKING ON PREFIX a
< -ERR PREFIX option requires BCAST mode to be enabled
> CLIENT TRACKING ON BCAST OPTIN
< -ERR OPTIN and OPTOUT are not compatible with BCAST
> CLIENT TRACKING ON OPTIN OPTOUT
< -ERR You can't specify both OPTIN mode and OPTOUT mode
> CLIENT TRACKING ON REDIRECT 99999999
< -ERR The client ID you want redirect to does not exist
> CLIENT TRACKING ON REDIRECT x
< -ERR value is not an integer or out of range
> CLIENT GETREDIR
< :-1
> CLIENT TRACKINGINFO
< {"flags": ~["off"] "redirect": :-1 "prefixes": []}
> CLIENT TRACKING ON
< +OK
> CLIENT TRACKING ON BCAST
< -ERR You can't switch BCAST mode on/off before disabling tracking for this client, and then re-enabling it with a different mode.
> CLIENT CACHING YES
< -ERR CLIENT CACHING YES is only valid when tracking is enabled in OPTIN mode.
> CLIENT CACHING NO
< -ERR CLIENT CACHING NO is only valid when tracking is enabled in OPTOUT mode.
> CLIENT CACHING MAYBE
< -ERR syntax error
> CLIENT GETREDIR
< :0
> CLIENT TRACKINGINFO
< {"flags": ~["on"] "redirect": :0 "prefixes": []}
> RESET
< +RESET
> CLIENT TRACKINGINFO
< ["flags" ["off"] "redirect" :-1 "prefixes" []]

== a read that finds a key past its time leaves a note
> DEBUG SET-ACTIVE-EXPIRE 0
< +OK
> CLIENT TRACKING ON NOLOOP
< +OK
a> SET k 1 PX 300
a< +OK
> GET k
< "1"
sleep: 350
> GET k
< (nil)
a> SET k 2
a< +OK
< >["invalidate" ["k"]]
> DEBUG SET-ACTIVE-EXPIRE 1
< +OK

== a read that waited is remembered like any other
> CLIENT TRACKING ON
< +OK
> XREAD BLOCK 0 STREAMS s 0
< (silent)
a> XADD s 1-1 f v
a< "1-1"
< >["invalidate" ["s"]]
< {"s": [["1-1" ["f" "v"]]]}
a> XADD s 2-1 f w
a< "2-1"
< >["invalidate" ["s"]]
a> XADD s 3-1 f x
a< "3-1"
< (silent)

== CLIENT CACHING holds for a read that waits, and not for the next one
> CLIENT TRACKING ON OPTIN
< +OK
> CLIENT CACHING YES
< +OK
> XREAD BLOCK 0 STREAMS s 0
< (silent)
a> XADD s 1-1 f v
a< "1-1"
< >["invalidate" ["s"]]
< {"s": [["1-1" ["f" "v"]]]}
> GET k
< (nil)
a> SET k 1
a< +OK
a> XADD s 2-1 f w
a< "2-1"
< >["invalidate" ["s"]]

== data that is loaded again
> CLIENT TRACKING ON
< +OK
> GET k
< (nil)
a> DEBUG RELOAD
a< +OK
< >["invalidate" (nil)]

== databases that are exchanged: Redis tells nobody
only: redstart
> CLIENT TRACKING ON
< +OK
> SET k 1
< +OK
> GET k
< "1"
a> SWAPDB 0 1
a< +OK
< >["invalidate" (nil)]
> GET k
< (nil)

== a field whose time is up
> CLIENT TRACKING ON
< +OK
a> HSET h f 1 g 2
a< :2
a> HPEXPIRE h 300 FIELDS 1 f
a< [:1]
> HGETALL h
< {"f": "1" "g": "2"}
< >["invalidate" ["h"]]
> HGETALL h
< {"g": "2"}

== no more keys are remembered than configured
> CONFIG SET tracking-table-max-keys 5
< +OK
> CLIENT TRACKING ON
< +OK
> MGET a b c d e
< [...]
> MGET f g
< [...]
< >["invalidate" [...]]
< >["invalidate" [...]]
> INFO stats
< ~tracking_total_keys:5
> CONFIG SET tracking-table-max-keys 3
< +OK
< >["invalidate" [...]]
< >["invalidate" [...]]
> INFO stats
< ~tracking_total_keys:3
> CONFIG SET tracking-table-max-keys 1000000
< +OK
