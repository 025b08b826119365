# HOTKEYS of Redis 8.6: the keys that cost most.

== a session
only: redstart
> HOTKEYS GET
< (nil)
> HOTKEYS STOP
< (nil)
> HOTKEYS START METRICS 2 CPU NET
< +OK
> HOTKEYS START METRICS 1 CPU
< -ERR hotkey tracking session already in progress
> HOTKEYS RESET
< -ERR hotkey tracking session in progress, stop tracking first
> SET light 1
< +OK
> SET heavy aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
< +OK
> PING
< +PONG
> HOTKEYS STOP
< +OK
> SET heavier aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
< +OK
> HOTKEYS GET
< [{"tracking-active": :0 "sample-ratio": :1 "selected-slots": [[:0 :16383]] "all-commands-all-slots-us": :* "net-bytes-all-commands-all-slots": :136 "collection-start-time-unix-ms": :* "collection-duration-ms": :* "total-cpu-time-user-ms": :* "total-cpu-time-sys-ms": :* "total-net-bytes": :136 "by-cpu-time-us": [...] "by-net-bytes": ["heavy" :100 "light" :36]}]
> HOTKEYS RESET
< +OK
> HOTKEYS GET
< (nil)

== wrong use
only: redstart
> HOTKEYS START
< -ERR METRICS parameter is required
> HOTKEYS START METRICS 3 CPU NET
< -ERR METRICS count must be > 0 and <= 2
> HOTKEYS START METRICS 2 CPU
< -ERR METRICS count does not match number of metric types provided
> HOTKEYS START METRICS 2 CPU CPU
< -ERR METRICS CPU defined more than once!
> HOTKEYS START METRICS 1 MEMORY
< -ERR METRICS no valid metrics passed. Supported: CPU|NET
> HOTKEYS START METRICS 1 CPU COUNT 65
< -ERR COUNT must be between 1 and 64
> HOTKEYS START METRICS 1 CPU DURATION 0
< -ERR DURATION must be between 1 and 1000000
> HOTKEYS START METRICS 1 CPU SAMPLE 0
< -ERR SAMPLE ratio must be positive
> HOTKEYS START METRICS 1 CPU SLOTS 1 1
< -ERR SLOTS parameter cannot be used in non-cluster mode
> HOTKEYS START METRICS 1 CPU COUNT
< -ERR syntax error
> HOTKEYS GET x
< -ERR wrong number of arguments for 'hotkeys|get' command
