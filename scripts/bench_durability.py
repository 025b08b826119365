"""Rows of scripts/bench about files: snapshots under load, saving and loading, the append-only file.

Servers and load share both cores here, as they do in production; what is compared is compared in the same run.
"""
import os
import re
import statistics
import subprocess
import threading
import time

BOTH_CORES = "0,1"
SNAPSHOT_KEYS = 5_000_000
# So long is looked at the requests of one window.
WINDOW_REQUESTS = 250_000
AOF_REQUESTS = {1: 300_000, 16: 3_000_000}
ALWAYS_REQUESTS = {1: 200_000, 16: 2_000_000}


def rows(bench, server_class, row):
    """Runs one of these rows; its results go to `bench`."""
    {"snapshot": snapshot, "rdb": rdb, "aof": aof}[row](bench, server_class)


def start(bench, server_class, name, *extra, cores=BOTH_CORES, threads=2):
    # Redis and Valkey do everything but sockets on one thread; more threads for those cost CPU and win nothing here.
    return server_class(name, bench.binaries[name], cores=cores, threads=threads if name == "redstart" else 1, extra=extra)


def fill(bench, server, keys):
    words = ["taskset", "-c", BOTH_CORES, bench.load.program, "-p", str(server.port), "-c", "50", "-n", str(keys), "-P", "64",
             "-d", "64", "-r", str(keys), "--sequential", "-q", "--", "SET", "key:__rand_int__", "__data__"]
    subprocess.run(words, stdout=subprocess.DEVNULL, check=True)


def wait_for(server, line, pause=0.005):
    while line not in server.call("INFO", "persistence").decode():
        time.sleep(pause)


# --- snapshots under load ------------------------------------------------------------------------------------------

def snapshot(bench, server_class):
    keys, lines, measured = int(SNAPSHOT_KEYS * bench.scale), [], {}
    for name in bench.binaries:
        server = start(bench, server_class, name)
        try:
            fill(bench, server, keys)
            windows = {"without": [], "with": []}
            for _ in range(bench.rounds):
                for kind in windows:
                    windows[kind].append(window(bench, server, keys, kind == "with"))
            extra = extra_memory(bench, server, keys)
        finally:
            server.stop()
        p999 = {kind: statistics.median(one["p999"] for one in taken) for kind, taken in windows.items()}
        rps = {kind: statistics.median(one["rps"] for one in taken) for kind, taken in windows.items()}
        seconds = statistics.median(one["seconds"] for one in windows["with"])
        measured[name] = {"p999": p999, "rps": rps, "seconds": seconds, "extra": extra}
        lines.append([name, f"{p999['without']:.2f}", f"{p999['with']:.2f}", f"{p999['with'] / p999['without']:.2f}",
                      f"{rps['without']:,.0f}", f"{rps['with']:,.0f}", f"{seconds:.2f}", f"{extra * 100:.1f} %"])
    bench.results["snapshot"] = measured
    bench.table(f"BGSAVE of {keys:,} keys under SETs at full rate, both cores shared with the load",
                ["server", "p99.9 ms", "during BGSAVE", "ratio", "requests/s", "during BGSAVE", "save s", "extra memory"], lines)


def window(bench, server, keys, saves):
    """SETs by 50 clients; with a snapshot that is begun first, and waited for."""
    took = {}
    if saves:
        began = time.time()
        server.call("BGSAVE")
        waiter = threading.Thread(target=lambda: (wait_for(server, "rdb_bgsave_in_progress:0", 0.02),
                                                  took.update(seconds=time.time() - began)))
        waiter.start()
    output = load(bench, server, keys, WINDOW_REQUESTS, 1)
    if saves:
        waiter.join()
    found = [float(ms) for share, ms in re.findall(r"([0-9.]+)% <= ([0-9.]+) milliseconds", output) if float(share) >= 99.9]
    return {"p999": found[0], "rps": rate(output), **took}


def load(bench, server, keys, requests, pipeline, cores=BOTH_CORES):
    words = ["taskset", "-c", cores, bench.load.program, "-p", str(server.port), "-c", "50", "-n", str(requests), "-P", str(pipeline),
             "-d", "64", "-r", str(keys), "--", "SET", "key:__rand_int__", "__data__"]
    return subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=True).stdout


def rate(output):
    return float(re.search(r"throughput summary: ([0-9.]+)", output).group(1))


def extra_memory(bench, server, keys):
    """The most memory that server and child take more during a snapshot under load, as a share of before."""
    before = memory(server.process.pid)
    writer = threading.Thread(target=load, args=(bench, server, keys, WINDOW_REQUESTS, 1))
    writer.start()
    server.call("BGSAVE")
    most = before
    while b"rdb_bgsave_in_progress:1" in server.call("INFO", "persistence"):
        most = max(most, memory(server.process.pid))
        time.sleep(0.05)
    writer.join()
    return most / before - 1


def memory(pid):
    """KiB of a process and its children: what they share counts once."""
    total = 0
    children = subprocess.run(["pgrep", "-P", str(pid)], stdout=subprocess.PIPE, text=True).stdout.split()
    for one in [str(pid), *children]:
        try:
            with open(f"/proc/{one}/smaps_rollup") as rollup:
                total += next(int(line.split()[1]) for line in rollup if line.startswith("Pss:"))
        except (FileNotFoundError, ProcessLookupError, StopIteration):
            pass  # a child that has just ended
    return total


# --- saving and loading --------------------------------------------------------------------------------------------

def rdb(bench, server_class):
    keys, measured = int(SNAPSHOT_KEYS * bench.scale), {}
    servers = {name: start(bench, server_class, name) for name in bench.binaries}
    samples = {name: {"save": [], "bgsave": [], "load": []} for name in servers}
    try:
        for server in servers.values():
            fill(bench, server, keys)
        for _ in range(bench.rounds):
            for name, server in servers.items():
                for kind, times in samples[name].items():
                    times.append({"save": save, "bgsave": bgsave, "load": reload}[kind](server))
        for server in servers.values():
            assert int(server.call("DBSIZE")) == keys
    finally:
        for server in servers.values():
            server.stop()
    lines = []
    for kind in ("save", "bgsave", "load"):
        medians = {name: statistics.median(samples[name][kind]) for name in servers}
        best = min(seconds for name, seconds in medians.items() if name != "redstart")
        measured[kind] = medians
        lines += [[kind, name, f"{seconds:.2f}", f"{seconds / best:.2f}"] for name, seconds in medians.items()]
    bench.results["rdb"] = measured
    bench.table(f"RDB file of {keys:,} keys, two cores", ["what", "server", "seconds", "ratio"], lines)


def timed(action):
    began = time.time()
    action()
    return time.time() - began


def save(server):
    return timed(lambda: server.call("SAVE"))


def bgsave(server):
    def whole():
        server.call("BGSAVE")
        wait_for(server, "rdb_bgsave_in_progress:0")
    return timed(whole)


def reload(server):
    """Reads the file that `bgsave` wrote, in the server's place: a start without the start of a process."""
    return timed(lambda: server.call("DEBUG", "RELOAD", "NOSAVE"))


# --- the append-only file ------------------------------------------------------------------------------------------

def aof(bench, server_class):
    lines, measured = [], {}
    append = ("--appendonly", "yes", "--auto-aof-rewrite-percentage", "0", "--appendfsync")
    servers = {name: start(bench, server_class, name, *append, "always") for name in bench.binaries}
    try:
        for pipeline, requests in ALWAYS_REQUESTS.items():
            rates = {name: [] for name in servers}
            for _ in range(bench.rounds):
                for name, server in servers.items():
                    rates[name].append(rate(load(bench, server, 100_000, int(requests * max(bench.scale, 0.25)), pipeline)))
            medians = {name: statistics.median(taken) for name, taken in rates.items()}
            best = max(rate for name, rate in medians.items() if name != "redstart")
            measured[f"always{pipeline}"] = medians
            lines += [[f"always, pipeline {pipeline}, requests/s", name, f"{value:,.0f}", f"{value / best:.2f}"]
                      for name, value in medians.items()]
    finally:
        for server in servers.values():
            server.stop()
    servers = {name: start(bench, server_class, name, *append, "everysec", cores="0", threads=1) for name in bench.binaries}
    try:
        for pipeline, requests in AOF_REQUESTS.items():
            cpu = {name: [] for name in servers}
            for _ in range(bench.rounds):
                for name, server in servers.items():
                    before, count = server.cpu_seconds(), int(requests * bench.scale)
                    load(bench, server, 100_000, count, pipeline, cores="1")
                    cpu[name].append((server.cpu_seconds() - before) / count * 1e6)
            medians = {name: statistics.median(taken) for name, taken in cpu.items()}
            best = min(value for name, value in medians.items() if name != "redstart")
            measured[f"everysec{pipeline}"] = medians
            lines += [[f"everysec, pipeline {pipeline}, CPU µs/request", name, f"{value:.3f}", f"{value / best:.2f}"]
                      for name, value in medians.items()]
    finally:
        for server in servers.values():
            server.stop()
    bench.results["aof"] = measured
    bench.table("Append-only file: 50 clients, SET of 64 bytes (throughput: above 1 is better; CPU: below)",
                ["what", "server", "value", "ratio"], lines)
