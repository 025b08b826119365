"""A program as a shop or a fraud team has it: user profiles as hashes, written in pipelines by several threads,
event counters in time windows, and a check of every number at the end.

    profiles.py PORT PROTOCOL        PROTOCOL is 2 or 3

Prints what it checked; any wrong number is an AssertionError.
"""
import random
import sys
import threading
import time
from collections import Counter
from decimal import Decimal

import redis

THREADS = 4
USERS = 60
ROUNDS = 150
PROFILE_SECONDS = 3600
EVENTS = ("login", "purchase", "refund")
SEED = 20260101


def profile_key(user):
    return f"profile:{user}"


def visit(client, user, amount, event, window):
    """One visit as one pipeline; returns the replies, so that pipelines are checked to answer in order."""
    pipe = client.pipeline(transaction=False)
    pipe.hincrby(profile_key(user), "visits", 1)
    pipe.hincrbyfloat(profile_key(user), "spent", amount)
    pipe.hset(profile_key(user), mapping={"name": f"user {user}", "last_event": event, "emoji": "\N{SNOWMAN}"})
    pipe.expire(profile_key(user), PROFILE_SECONDS)
    pipe.incr(f"events:{event}:{window}")
    pipe.expire(f"events:{event}:{window}", 600)
    return pipe.execute()


def worker(port, protocol, number, totals, failures):
    client = redis.Redis(port=port, protocol=protocol, decode_responses=True)
    dice = random.Random(SEED + number)
    visits, spent, events = totals
    try:
        for round_number in range(ROUNDS):
            user, event = dice.randrange(USERS), dice.choice(EVENTS)
            amount = dice.randrange(1, 400) * 0.25  # exact in binary, so that the order of additions cannot matter
            replies = visit(client, user, amount, event, round_number % 3)
            assert replies[0] >= 1 and replies[3] is True and replies[5] is True, replies
            visits[user] += 1
            spent[user] += Decimal(amount)
            events[f"events:{event}:{round_number % 3}"] += 1
    except Exception as error:  # reported by the main thread, which ends the program
        failures.append(error)
    finally:
        client.close()


def check_profiles(client, visits, spent):
    for user, count in visits.items():
        profile = client.hgetall(profile_key(user))
        assert int(profile["visits"]) == count, (user, profile, count)
        assert Decimal(profile["spent"]) == spent[user], (user, profile, spent[user])
        assert profile["name"] == f"user {user}" and profile["emoji"] == "\N{SNOWMAN}", profile
        assert PROFILE_SECONDS - 60 < client.ttl(profile_key(user)) <= PROFILE_SECONDS
    seen = set(client.scan_iter(match="profile:*", count=7))
    assert seen == {profile_key(user) for user in visits}, "SCAN misses profiles or invents them"


def check_events(client, events):
    names = sorted(events)
    assert [int(count) for count in client.mget(names)] == [events[name] for name in names]
    assert sum(events.values()) == THREADS * ROUNDS


def check_windows_end(client):
    client.incr("events:short")
    client.pexpire("events:short", 50)
    deadline = time.time() + 5
    while client.exists("events:short"):
        assert time.time() < deadline, "a window of 50 ms is still there after 5 seconds"
        time.sleep(0.01)
    assert client.incr("events:short") == 1, "a new window begins at 1"


def check_errors(client):
    client.set("text", "not a number")
    pipe = client.pipeline(transaction=False)
    pipe.incr("text")
    pipe.hget("text", "field")
    pipe.set("text", "fine")
    wrong_number, wrong_type, fine = pipe.execute(raise_on_error=False)
    assert isinstance(wrong_number, redis.ResponseError) and "not an integer" in str(wrong_number), wrong_number
    assert isinstance(wrong_type, redis.ResponseError) and "WRONGTYPE" in str(wrong_type), wrong_type
    assert fine is True


def main():
    port, protocol = int(sys.argv[1]), int(sys.argv[2])
    client = redis.Redis(port=port, protocol=protocol, decode_responses=True)
    client.flushall()
    totals = [(Counter(), Counter(), Counter()) for _ in range(THREADS)]
    failures = []
    threads = [
        threading.Thread(target=worker, args=(port, protocol, number, totals[number], failures))
        for number in range(THREADS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures, failures
    visits, spent, events = (sum((total[index] for total in totals), Counter()) for index in range(3))
    check_profiles(client, visits, spent)
    check_events(client, events)
    check_windows_end(client)
    check_errors(client)
    print(f"redis-py {redis.__version__}, RESP{protocol}: {THREADS * ROUNDS} visits of {len(visits)} profiles, all numbers right")


if __name__ == "__main__":
    main()
