"""Jobs by dramatiq, whose one Lua script keeps queues in hashes, lists and sorted sets, with results and rate limits.

    dramatiq_jobs.py PORT
"""
import logging
import sys
import threading
import time
from collections import Counter

import dramatiq
import redis
from dramatiq.brokers.redis import RedisBroker
from dramatiq.rate_limits import ConcurrentRateLimiter
from dramatiq.rate_limits.backends import RedisBackend as RateLimits
from dramatiq.results import Results
from dramatiq.results.backends import RedisBackend as ResultsBackend

PLAIN = 2000
FLAKY = 60
RETRIES = 2
DELAYED = 100
LIMITED = 60
MOST_AT_ONCE = 3
PATIENCE_MS = 20_000

runs, early, at_once = Counter(), [], []
counting = threading.Lock()


def actors(broker, limits):
    """Declares the actors and gives them back by name."""
    inside = [0]

    @dramatiq.actor(broker=broker, store_results=True)
    def double(number):
        return number * 2

    @dramatiq.actor(broker=broker, max_retries=RETRIES, min_backoff=10, max_backoff=40)
    def flaky(number):
        with counting:
            runs[number] += 1
        if runs[number] <= RETRIES:
            raise ValueError("try again")

    @dramatiq.actor(broker=broker)
    def not_before(timestamp):
        if time.time() < timestamp:
            early.append(timestamp)
        with counting:
            runs["delayed"] += 1

    mutex = ConcurrentRateLimiter(limits, "few-at-once", limit=MOST_AT_ONCE)

    @dramatiq.actor(broker=broker)
    def limited():
        while True:
            with mutex.acquire(raise_on_failure=False) as acquired:
                if acquired:
                    with counting:
                        inside[0] += 1
                        at_once.append(inside[0])
                    time.sleep(0.002)
                    with counting:
                        inside[0] -= 1
                    return
            time.sleep(0.002)

    return double, flaky, not_before, limited


def main():
    port = int(sys.argv[1])
    # Jobs that fail first are meant to; what dramatiq says of them is left out.
    logging.disable(logging.ERROR)
    client = redis.Redis(port=port)
    client.flushall()
    broker = RedisBroker(port=port)
    stored = ResultsBackend(port=port)
    broker.add_middleware(Results(backend=stored))
    double, flaky, not_before, limited = actors(broker, RateLimits(port=port))
    worker = dramatiq.Worker(broker, worker_timeout=50, worker_threads=8)
    worker.start()
    try:
        messages = [double.send(number) for number in range(PLAIN)]
        for number in range(FLAKY):
            flaky.send(number)
        for number in range(DELAYED):
            delay = 50 + number * 5
            not_before.send_with_options(args=(time.time() + delay / 1000,), delay=delay)
        for _ in range(LIMITED):
            limited.send()
        results = [message.get_result(backend=stored, block=True, timeout=PATIENCE_MS) for message in messages]
        broker.join("default", timeout=PATIENCE_MS)
        worker.join()
    finally:
        worker.stop()
    assert results == [number * 2 for number in range(PLAIN)]
    assert [runs[number] for number in range(FLAKY)] == [RETRIES + 1] * FLAKY
    assert runs["delayed"] == DELAYED and not early, (runs["delayed"], early)
    assert len(at_once) == LIMITED and max(at_once) <= MOST_AT_ONCE, at_once
    assert client.llen("dramatiq:default") == 0 and client.zcard("dramatiq:default.XQ") == 0, client.keys("dramatiq:*")
    broker.close()
    print(
        f"dramatiq {dramatiq.__version__}, redis-py {redis.__version__}: {PLAIN} plain, {FLAKY} flaky, {DELAYED} delayed, "
        f"{LIMITED} limited jobs: all counts right"
    )


if __name__ == "__main__":
    main()
