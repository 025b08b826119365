# MEMORY beside USAGE.

== what can be asked
> MEMORY PURGE
< +OK
> MEMORY PURGE x
< -ERR wrong number of arguments for 'memory|purge' command
> MEMORY DOCTOR
< ~.
> SET k v
< +OK
> MEMORY STATS
3< {"peak.allocated": :* "total.allocated": :* "startup.allocated": :* "replication.backlog": :* "replica.fullsync.buffer": :* "clients.slaves": :* "clients.normal": :* "cluster.links": :* "aof.buffer": :* "lua.caches": :* "functions.caches": :* "script.VMs": :* "db.0": {"overhead.hashtable.main": :* "overhead.hashtable.expires": :*} "overhead.db.hashtable.lut": :* "overhead.db.hashtable.rehashing": :* "overhead.total": :* "db.dict.rehashing.count": :* "keys.count": :1 "keys.bytes-per-key": :* "dataset.bytes": :* "dataset.percentage": ... "peak.percentage": ... "allocator.allocated": :* "allocator.active": :* "allocator.resident": :* "allocator.muzzy": :* "allocator-fragmentation.ratio": ... "allocator-fragmentation.bytes": ... "allocator-rss.ratio": ... "allocator-rss.bytes": ... "rss-overhead.ratio": ... "rss-overhead.bytes": ... "fragmentation": ... "fragmentation.bytes": ...}
2< [...]
