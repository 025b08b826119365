# Arrays: ARINFO, and what goes over keys of all types. After the documentation of Redis 8.8 and, for refusals, its sources; no peer knows the commands.
args: --enable-debug-command yes

== ARINFO
only: redstart
> ARMSET a 0 a 1 b 100 c
< :3
> ARINSERT a d
< :0
> ARINFO a
< {"count": :3 "len": :101 "next-insert-index": :1 "slices": :1 "directory-size": :1 "super-dir-entries": :0 "slice-size": :4096}
> ARSEEK a 18446744073709551615
< :1
> ARINFO a full
< {"count": :3 "len": :101 "next-insert-index": :0 "slices": :1 "directory-size": :1 "super-dir-entries": :0 "slice-size": :4096 "dense-slices": :0 "sparse-slices": :1 "avg-dense-size": ,0 "avg-dense-fill": ,0 "avg-sparse-size": ,3}
> ARMSET b 0 a 1 b 3 d
< :3
> ARINFO b FULL
< {"count": :3 "len": :4 "next-insert-index": :0 "slices": :1 "directory-size": :1 "super-dir-entries": :0 "slice-size": :4096 "dense-slices": :1 "sparse-slices": :0 "avg-dense-size": ,4 "avg-dense-fill": ,0.75 "avg-sparse-size": ,0}
> ARINFO missing
< -ERR no such key
> ARINFO missing OTHER
< -ERR syntax error
> ARINFO a FULL FULL
< -ERR syntax error
> SET s x
< +OK
> ARINFO s
< -WRONGTYPE Operation against a key holding the wrong kind of value

== the type
only: redstart
> ARSET a 0 v
< :1
> TYPE a
< +array
> OBJECT ENCODING a
< "sliced-array"
> SCAN 0 TYPE array
< ["0" ["a"]]
> SCAN 0 TYPE list
< ["0" []]
> MEMORY USAGE a
< :50..500

== copied, written, read again
only: redstart
> ARMSET a 0 1 5 1.5 9 short 4096 "longer than what stands in place" 1000000000000 -7
< :5
> ARSEEK a 7
< :1
> COPY a b
< :1
> ARSET b 0 other
< :0
> ARGET a 0
< "1"
> ARNEXT b
< :7
> DUMP a
< %{payload}
> RESTORE r 0 %{payload} REPLACE
< +OK
> ARSCAN r 0 18446744073709551614
< [[:0 "1"] [:5 "1.5"] [:9 "short"] [:4096 "longer than what stands in place"] [:1000000000000 "-7"]]
> ARNEXT r
< :7
> DEBUG RELOAD
< +OK
> ARSCAN a 0 18446744073709551614
< [[:0 "1"] [:5 "1.5"] [:9 "short"] [:4096 "longer than what stands in place"] [:1000000000000 "-7"]]
> ARNEXT a
< :7

== metadata
only: redstart
> COMMAND INFO arset argrep
< [["arset" :-4 ~[+"write" +"denyoom" +"fast"] :1 :1 :1 ~[+"@write" +"@array" +"@fast"] ...] ["argrep" :-6 ~[+"readonly"] :1 :1 :1 ~[+"@read" +"@array" +"@slow"] ...]]
