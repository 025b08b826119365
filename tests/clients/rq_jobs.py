"""A job queue with several worker processes, as a Python back end has it: rq enqueues in pipelines, waits with BLMOVE,
keeps registries in sorted sets under WATCH, results in streams, and commands its workers by pub/sub.

    rq_jobs.py PORT            enqueues, starts the workers, checks every count
    rq_jobs.py PORT worker     is one of the workers
"""
import os
import subprocess
import sys
import threading
import time
from datetime import timedelta

import redis
import rq
from rq.command import send_shutdown_command
from rq.group import Group
from rq.job import Job, JobStatus
from rq.registry import FailedJobRegistry, FinishedJobRegistry, ScheduledJobRegistry
from rq.scheduler import RQScheduler

WORKERS = 3
PLAIN = 1000
FLAKY = 60
HOPELESS = 40
DELAYED = 60
RETRIES = 2
PATIENCE_SECONDS = 25


# What the jobs do; the workers find these by name.

def double(number):
    return number * 2


def fail_at_first(number):
    """Fails in its first RETRIES runs."""
    runs = rq.get_current_job().connection.incr(f"runs:{number}")
    if runs <= RETRIES:
        raise ValueError(f"run {runs} of job {number}")
    return runs


def always_fail(number):
    raise ValueError(f"job {number} cannot be done")


def add_up(numbers):
    job = rq.get_current_job()
    return sum(numbers) + sum(parent.return_value() for parent in job.fetch_dependencies())


def eventually(check):
    deadline = time.time() + PATIENCE_SECONDS
    while True:
        try:
            return check()
        except AssertionError:
            if time.time() > deadline:
                raise
        time.sleep(0.02)


def equal(actual, expected):
    """A check for `eventually`: `actual` is called each time."""
    def check():
        value = actual()
        assert value == expected, (value, expected)
    return check


def end_with_parent():
    """The parent holds the other end of the standard input, and never writes to it."""
    sys.stdin.read()
    os._exit(1)


def work(connection):
    """Ends when it is told to by pub/sub, or with whoever started it."""
    threading.Thread(target=end_with_parent, daemon=True).start()
    queues = [rq.Queue(name, connection=connection) for name in ("urgent", "default")]
    rq.SimpleWorker(queues, connection=connection).work(logging_level="WARNING")


def start_workers(port):
    """Processes whose complaints (the tracebacks of jobs that are to fail) nobody needs."""
    arguments = [sys.executable, os.path.abspath(__file__), str(port), "worker"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    return [subprocess.Popen(arguments, stdin=subprocess.PIPE, **quiet) for _ in range(WORKERS)]


def check_plain(queue):
    jobs = queue.enqueue_many([rq.Queue.prepare_data("rq_jobs.double", (number,)) for number in range(PLAIN)])
    finished = FinishedJobRegistry(queue=queue)
    eventually(equal(lambda: finished.count, PLAIN))
    for number, job in enumerate(jobs[::50]):
        assert job.return_value() == number * 100, (number, job.return_value())
        assert job.get_status() == JobStatus.FINISHED
    fetched = Job.fetch_many([job.id for job in jobs], connection=queue.connection)
    assert all(job is not None and job.is_finished for job in fetched)
    return jobs


def check_failures(queue):
    retry = rq.Retry(max=RETRIES)
    flaky = [queue.enqueue("rq_jobs.fail_at_first", number, retry=retry) for number in range(FLAKY)]
    hopeless = [queue.enqueue("rq_jobs.always_fail", number, retry=rq.Retry(max=1)) for number in range(HOPELESS)]
    failed = FailedJobRegistry(queue=queue)
    eventually(equal(lambda: failed.count, HOPELESS))
    eventually(equal(lambda: [job.return_value(refresh=True) for job in flaky], [RETRIES + 1] * FLAKY))
    assert set(failed.get_job_ids()) == {job.id for job in hopeless}
    for number, job in enumerate(hopeless):
        assert f"job {number} cannot be done" in job.latest_result().exc_string
    # By hand once more: they fail again.
    for job_id in failed.get_job_ids():
        failed.requeue(job_id)
    eventually(equal(lambda: (failed.count, queue.count), (HOPELESS, 0)))


def check_delayed(queue):
    """The scheduler that a worker would run stands here, so that it looks often."""
    jobs = [
        queue.enqueue_in(timedelta(milliseconds=100 + number * 20), "rq_jobs.double", number) for number in range(DELAYED)
    ]
    assert ScheduledJobRegistry(queue=queue).count == DELAYED
    scheduler = RQScheduler([queue], connection=queue.connection, interval=1)
    assert scheduler.acquire_locks() == {queue.name}
    assert RQScheduler([queue], connection=queue.connection).acquire_locks() == set(), "one scheduler at a time"

    def all_done():
        scheduler.enqueue_scheduled_jobs()
        assert all(job.get_status() == JobStatus.FINISHED for job in jobs)
    eventually(all_done)
    for job in jobs:
        job.refresh()
    assert [job.return_value() for job in jobs] == [number * 2 for number in range(DELAYED)]
    scheduler.release_locks()


def check_dependencies(queue):
    group = Group.create(connection=queue.connection)
    parts = group.enqueue_many(queue, [rq.Queue.prepare_data("rq_jobs.double", (number,)) for number in range(10)])
    last = queue.enqueue("rq_jobs.add_up", [1, 2, 3], depends_on=parts)
    eventually(equal(lambda: last.return_value(refresh=True), 6 + 2 * sum(range(10))))
    assert len(group.get_jobs()) == 10


def check_end(connection, workers):
    known = rq.Worker.all(connection=connection)
    assert len(known) == WORKERS, known
    for worker in known:
        send_shutdown_command(connection, worker.name)
    for process in workers:
        assert process.wait(PATIENCE_SECONDS) == 0
    assert rq.Worker.all(connection=connection) == [], "a worker says good-bye"


def main():
    port = int(sys.argv[1])
    connection = redis.Redis(port=port)
    if sys.argv[2:] == ["worker"]:
        work(connection)
        return
    connection.flushall()
    workers = start_workers(port)
    try:
        default, urgent = (rq.Queue(name, connection=connection) for name in ("default", "urgent"))
        eventually(equal(lambda: len(rq.Worker.all(connection=connection)), WORKERS))
        jobs = check_plain(default)
        check_failures(urgent)
        check_delayed(default)
        check_dependencies(urgent)
        check_end(connection, workers)
    finally:
        for process in workers:
            process.kill()
            process.wait()
    for job in jobs:
        job.delete()
    assert not any(connection.exists(job.key) for job in jobs)
    print(
        f"rq {rq.VERSION}, redis-py {redis.__version__}: {WORKERS} workers, {PLAIN} plain, {FLAKY} flaky, {HOPELESS} failing, "
        f"{DELAYED} delayed jobs, dependencies: all counts right"
    )


if __name__ == "__main__":
    main()
