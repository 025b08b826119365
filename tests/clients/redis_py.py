"""redis-py's own building blocks: scripts, locks, pub/sub with patterns and keyspace events, optimistic transactions,
functions, MONITOR, the cache at the client (RESP3), and the asynchronous client.

    redis_py.py PORT PROTOCOL        PROTOCOL is 2 or 3
"""
import asyncio
import sys
import threading
import time

import redis
import redis.asyncio
from redis.cache import CacheConfig
from redis.exceptions import LockError, LockNotOwnedError, NoScriptError, ResponseError, WatchError

THREADS = 6
LOCKED = 40
MESSAGES = 200
CACHED = 200
TASKS = 20
PATIENCE_SECONDS = 10

CHECK_AND_TAKE = """
local left = tonumber(redis.call('HGET', KEYS[1], 'left') or '0')
if left < tonumber(ARGV[1]) then return {err = 'SOLDOUT only ' .. left} end
redis.call('HINCRBY', KEYS[1], 'left', -ARGV[1])
return cjson.encode({left = left - ARGV[1], by = ARGV[2]})"""

LIBRARY = """#!lua name=shop
redis.register_function('add', function(keys, args) return redis.call('INCRBY', keys[1], args[1]) end)
redis.register_function{function_name='show', flags={'no-writes'},
    callback=function(keys) return redis.call('GET', keys[1]) end}"""


def in_threads(work, count=THREADS):
    """Runs `work(number)` in threads; whatever one of them raised is raised here."""
    failures = []

    def run(number):
        try:
            work(number)
        except Exception as error:
            failures.append(error)
    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]


def eventually(check):
    deadline = time.time() + PATIENCE_SECONDS
    while not check():
        assert time.time() < deadline, "it does not come to this"
        time.sleep(0.01)


def check_scripts(client):
    client.hset("article", "left", 100)
    take = client.register_script(CHECK_AND_TAKE)
    client.script_flush()
    assert client.script_exists(take.sha) == [False]
    in_threads(lambda number: [take(keys=["article"], args=[1, number]) for _ in range(16)])
    assert client.hget("article", "left") == "4" and client.script_exists(take.sha) == [True]
    assert take(keys=["article"], args=[4, "last"]) == '{"left":0,"by":"last"}'
    try:
        take(keys=["article"], args=[1, "late"])
        raise AssertionError("nothing is left")
    except ResponseError as error:
        assert str(error) == "SOLDOUT only 0", error
    pipe = client.pipeline()
    client.script_flush()
    pipe.hset("article", "left", 2)
    take(keys=["article"], args=[2, "pipe"], client=pipe)
    assert pipe.execute() == [0, '{"left":0,"by":"pipe"}']
    try:
        client.evalsha("0" * 40, 0)
        raise AssertionError("there is no such script")
    except NoScriptError:
        pass
    assert client.function_load(LIBRARY, replace=True) == "shop"
    assert client.fcall("add", 1, "sum", 42) == 42 and client.fcall_ro("show", 1, "sum") == "42"
    assert client.function_delete("shop")


def check_locks(client):
    """Every holder reads, waits and writes: without the lock most increments would be lost."""
    client.set("unsafe", 0)

    def hold(_):
        for _ in range(LOCKED // THREADS):
            with client.lock("lock:unsafe", timeout=20, blocking_timeout=20, sleep=0.002):
                seen = int(client.get("unsafe"))
                time.sleep(0.001)
                client.set("unsafe", seen + 1)
    in_threads(hold)
    assert int(client.get("unsafe")) == LOCKED // THREADS * THREADS
    first, second = client.lock("lock:one", timeout=0.05), client.lock("lock:one", timeout=20)
    assert first.acquire() and not second.acquire(blocking=False)
    eventually(lambda: second.acquire(blocking=False))
    try:
        first.release()
        raise AssertionError("the lock is another's by now")
    except LockNotOwnedError:
        pass
    assert second.extend(10) and second.reacquire() and second.owned()
    second.release()
    try:
        second.release()
        raise AssertionError("it was released")
    except LockError:
        pass


def heard(pubsub, count):
    """The next messages as (type, pattern, channel, data)."""
    deadline, messages = time.time() + PATIENCE_SECONDS, []
    while len(messages) < count:
        assert time.time() < deadline, messages
        message = pubsub.get_message(timeout=0.1)
        if message:
            messages.append((message["type"], message["pattern"], message["channel"], message["data"]))
    return messages


def check_messages(client):
    pubsub = client.pubsub()
    pubsub.subscribe("news")
    pubsub.psubscribe("n[aeo]ws")
    assert heard(pubsub, 2) == [("subscribe", None, "news", 1), ("psubscribe", None, "n[aeo]ws", 2)]
    for number in range(MESSAGES):
        assert client.publish("news", number) == 2
    expected = [
        message
        for number in range(MESSAGES)
        for message in (("message", None, "news", str(number)), ("pmessage", "n[aeo]ws", "news", str(number)))
    ]
    assert heard(pubsub, 2 * MESSAGES) == expected
    assert client.pubsub_numsub("news", "nobody") == [("news", 1), ("nobody", 0)] and client.pubsub_numpat() == 1
    client.config_set("notify-keyspace-events", "KEA")
    pubsub.psubscribe("__keyspace@0__:life*")
    heard(pubsub, 1)
    client.rpush("life:list", "a")
    client.lpop("life:list")
    client.set("life:short", 1, px=20)
    pattern = "__keyspace@0__:life*"
    events = [("list", "rpush"), ("list", "lpop"), ("list", "del"), ("short", "set"), ("short", "expire"), ("short", "expired")]
    expected = [("pmessage", pattern, f"__keyspace@0__:life:{key}", event) for key, event in events]
    assert heard(pubsub, len(events)) == expected
    client.config_set("notify-keyspace-events", "")
    pubsub.close()
    eventually(lambda: client.pubsub_numpat() == 0)


def check_transactions(client):
    client.mset({"from": 1000, "to": 0})
    retries = []

    def transfer(_):
        for _ in range(15):
            with client.pipeline() as pipe:
                while True:
                    try:
                        pipe.watch("from", "to")
                        source, target = int(pipe.get("from")), int(pipe.get("to"))
                        pipe.multi()
                        pipe.set("from", source - 1)
                        pipe.set("to", target + 1)
                        assert pipe.execute() == [True, True]
                        break
                    except WatchError:
                        retries.append(1)
    in_threads(transfer)
    assert client.mget("from", "to") == [str(1000 - 15 * THREADS), str(15 * THREADS)]
    assert client.transaction(lambda pipe: (pipe.multi(), pipe.incr("to")), "to") == [15 * THREADS + 1]
    return len(retries)


def check_monitor(client):
    with client.monitor() as monitor:
        client.set("watched", "a \"quoted\" value")
        while "watched" not in (seen := monitor.next_command())["command"]:
            pass
        assert seen["command"] == 'SET watched a "quoted" value', seen


def check_cache(port, client):
    """What is read twice comes from the cache; what another client changes is read anew."""
    reader = redis.Redis(port=port, protocol=3, decode_responses=True, cache_config=CacheConfig(max_size=10 * CACHED))
    names = [f"cached:{number}" for number in range(CACHED)]
    client.mset({name: "old" for name in names})
    assert all(reader.get(name) == "old" for name in names) and reader.get_cache().size == CACHED
    calls = client.info("commandstats")["cmdstat_get"]["calls"]
    assert all(reader.get(name) == "old" for name in names)
    assert client.info("commandstats")["cmdstat_get"]["calls"] == calls, "the second round needs no server"
    client.mset({name: "new" for name in names[::2]})
    eventually(lambda: [reader.get(name) for name in names] == ["new", "old"] * (CACHED // 2))
    client.pexpire(names[1], 20)
    eventually(lambda: reader.get(names[1]) is None)
    client.flushdb()
    eventually(lambda: all(reader.get(name) is None for name in names))
    reader.close()


async def check_asynchronous(port, protocol):
    client = redis.asyncio.Redis(port=port, protocol=protocol, decode_responses=True)
    add = client.register_script("return redis.call('INCRBY', KEYS[1], ARGV[1])")

    async def task(number):
        async with client.lock("lock:async", timeout=20, sleep=0.002):
            seen = int(await client.get("async:unsafe") or 0)
            await client.set("async:unsafe", seen + 1)
        await add(keys=["async:sum"], args=[number])
        async with client.pipeline(transaction=True) as pipe:
            counted, members = await pipe.incr("async:count").sadd("async:members", number).execute()
            assert counted >= 1 and members == 1
    await asyncio.gather(*(task(number) for number in range(TASKS)))
    assert await client.mget("async:unsafe", "async:sum", "async:count") == [str(TASKS), str(sum(range(TASKS))), str(TASKS)]
    async with client.pubsub() as pubsub:
        await pubsub.subscribe("async")
        assert (await pubsub.get_message(timeout=5))["type"] == "subscribe"
        await client.publish("async", "hello")
        assert (await pubsub.get_message(timeout=5))["data"] == "hello"
    waiting = asyncio.create_task(client.blpop(["async:queue"], timeout=5))
    await client.rpush("async:queue", "work")
    assert tuple(await waiting) == ("async:queue", "work")
    await client.aclose()


def main():
    port, protocol = int(sys.argv[1]), int(sys.argv[2])
    client = redis.Redis(port=port, protocol=protocol, decode_responses=True)
    client.flushall()
    check_scripts(client)
    check_locks(client)
    check_messages(client)
    retries = check_transactions(client)
    check_monitor(client)
    if protocol == 3:
        check_cache(port, client)
    asyncio.run(check_asynchronous(port, protocol))
    cache = f", {CACHED} cached keys kept up to date" if protocol == 3 else ""
    print(
        f"redis-py {redis.__version__}, RESP{protocol}: scripts, locks, {2 * MESSAGES} messages, {15 * THREADS} transfers "
        f"({retries} tried again), MONITOR, asynchronous tasks{cache}: all as it should be"
    )


if __name__ == "__main__":
    main()
