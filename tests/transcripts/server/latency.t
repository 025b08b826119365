# LATENCY: events and histograms.

== no events
> LATENCY LATEST
< []
> LATENCY HISTORY command
< []
> LATENCY RESET
< :0
> LATENCY RESET a b
< :0
> LATENCY GRAPH a
< -ERR No samples available for event 'a'

== histograms
> CONFIG RESETSTAT
< +OK
> SET k v
< +OK
> GET k
< "v"
> GET k
< "v"
> LATENCY HISTOGRAM get nosuch config
< {"get": {"calls": :2 "histogram_usec": ...} "config|resetstat": {"calls": :1 "histogram_usec": ...}}
> LATENCY HISTOGRAM config|resetstat
< {"config|resetstat": {"calls": :1 "histogram_usec": ...}}
> LATENCY HISTOGRAM ttl
< {}
> CONFIG SET latency-tracking no
< +OK
> GET k
< "v"
> LATENCY HISTOGRAM get
< {"get": {"calls": :2 "histogram_usec": ...}}
> INFO latencystats
< =txt:"# Latencystats\r\n"
> CONFIG SET latency-tracking yes
< +OK
> INFO latencystats
< ~latency_percentiles_usec_get:p50=[0-9]+\.[0-9]{3},p99=[0-9.]+,p99\.9=[0-9.]+\r\n
> CONFIG RESETSTAT
< +OK
> LATENCY HISTOGRAM get
< {}

== wrong use
> LATENCY
< -ERR wrong number of arguments for 'latency' command
> LATENCY HISTORY
< -ERR wrong number of arguments for 'latency|history' command
> LATENCY NOSUCH
< -ERR unknown subcommand 'NOSUCH'. Try LATENCY HELP.
