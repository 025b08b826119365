// A job queue as a web shop has it: plain, prioritised, delayed, flaky and hopeless jobs, flows of jobs, and schedules,
// all by BullMQ's Lua scripts, with its events read from a stream. Every count is checked at the end.
//
//     bullmq.mjs PORT
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { FlowProducer, Queue, QueueEvents, Worker } from "bullmq";
import { Redis } from "ioredis";
import { eventually } from "./eventually.mjs";

const PLAIN = 3000;
const PRIORITISED = 400;
const PRIORITIES = 20;
const DELAYED = 300;
const FLAKY = 200;
const FLAKY_ATTEMPTS = 3;
const HOPELESS = 100;
const HOPELESS_ATTEMPTS = 2;
const FLOWS = 50;
const CHILDREN = 4;
const SCHEDULED = 5;

const port = Number(process.argv[2]);
const connection = { host: "127.0.0.1", port };
const version = createRequire(import.meta.url)("bullmq/package.json").version;

const ended = [];

function closing(thing) {
  ended.push(thing);
  return thing;
}

function worker(name, work, options = {}) {
  return closing(new Worker(name, work, { connection, concurrency: 20, ...options }));
}

function queue(name) {
  return closing(new Queue(name, { connection }));
}

function jobs(count, name, options = () => ({})) {
  return Array.from({ length: count }, (_, number) => ({ name, data: { number }, opts: options(number) }));
}

/** The counts of a queue that has come to rest. */
async function counts(ofQueue, expected) {
  await eventually(async () => {
    assert.deepEqual(await ofQueue.getJobCounts(...Object.keys(expected)), expected);
  });
}

async function plainJobs() {
  const plain = queue("plain");
  const events = closing(new QueueEvents("plain", { connection }));
  await events.waitUntilReady();
  const heard = new Map();
  events.on("completed", ({ jobId, returnvalue }) => heard.set(jobId, returnvalue));
  const added = await plain.addBulk(jobs(PLAIN, "double"));
  worker("plain", async (job) => {
    await job.updateProgress(100);
    return job.data.number * 2;
  });
  await counts(plain, { completed: PLAIN, failed: 0, waiting: 0, active: 0 });
  await eventually(() => assert.equal(heard.size, PLAIN, "each job has one event in the stream"));
  for (const job of added) assert.equal(heard.get(job.id), job.data.number * 2);
  // A job that is waited for by its event.
  const last = await plain.add("double", { number: 21 });
  assert.equal(await last.waitUntilFinished(events, 10_000), 42);
  // An id that is there already adds nothing.
  await plain.add("double", { number: 1 }, { jobId: "only-once" });
  await plain.add("double", { number: 2 }, { jobId: "only-once" });
  await counts(plain, { completed: PLAIN + 2 });
}

async function prioritisedJobs() {
  const prioritised = queue("prioritised");
  await prioritised.addBulk(jobs(PRIORITISED, "sort", (number) => ({ priority: 1 + ((number * 7) % PRIORITIES) })));
  await counts(prioritised, { prioritized: PRIORITISED });
  const order = [];
  worker("prioritised", async (job) => void order.push([job.opts.priority, job.data.number]), { concurrency: 1 });
  await counts(prioritised, { completed: PRIORITISED, prioritized: 0 });
  const sorted = [...order].sort((one, other) => one[0] - other[0] || one[1] - other[1]);
  assert.deepEqual(order, sorted, "by priority, and first come first served within one");
}

async function delayedJobs() {
  const delayed = queue("delayed");
  const early = [];
  worker("delayed", async (job) => {
    if (Date.now() < job.timestamp + job.opts.delay - 1) early.push(job.id);
  });
  await delayed.addBulk(jobs(DELAYED, "later", (number) => ({ delay: 10 + ((number * 13) % 700) })));
  await counts(delayed, { completed: DELAYED, delayed: 0, waiting: 0 });
  assert.deepEqual(early, [], "no delayed job runs before its time");
}

async function failingJobs() {
  const failing = queue("failing");
  let runs = 0;
  worker("failing", async (job) => {
    runs += 1;
    if (job.name === "hopeless") throw new Error(`job ${job.data.number} cannot be done`);
    if (job.attemptsMade < FLAKY_ATTEMPTS - 1) throw new Error("try again");
    return "at last";
  });
  const backoff = { type: "exponential", delay: 20 };
  await failing.addBulk(jobs(FLAKY, "flaky", () => ({ attempts: FLAKY_ATTEMPTS, backoff })));
  const hopeless = { attempts: HOPELESS_ATTEMPTS, backoff: { type: "fixed", delay: 15 } };
  await failing.addBulk(jobs(HOPELESS, "hopeless", () => hopeless));
  await counts(failing, { completed: FLAKY, failed: HOPELESS, delayed: 0, waiting: 0, active: 0 });
  assert.equal(runs, FLAKY * FLAKY_ATTEMPTS + HOPELESS * HOPELESS_ATTEMPTS);
  for (const job of await failing.getFailed()) {
    assert.equal(job.attemptsMade, HOPELESS_ATTEMPTS);
    assert.equal(job.failedReason, `job ${job.data.number} cannot be done`);
  }
  // All that failed are tried once more by hand, and fail again.
  await failing.retryJobs({ state: "failed" });
  await eventually(() => assert.equal(runs, FLAKY * FLAKY_ATTEMPTS + HOPELESS * (HOPELESS_ATTEMPTS + 1)));
  await counts(failing, { failed: HOPELESS, completed: FLAKY, waiting: 0, active: 0 });
}

async function flows() {
  const producer = closing(new FlowProducer({ connection }));
  const parents = queue("parents");
  worker("children", async (job) => job.data.value);
  const sums = [];
  worker("parents", async (job) => {
    const values = Object.values(await job.getChildrenValues());
    sums.push([job.data.flow, values.length, values.reduce((sum, value) => sum + value, 0)]);
  });
  const child = (flow) => (_, number) => ({ name: "part", queueName: "children", data: { value: flow * 10 + number } });
  await producer.addBulk(Array.from({ length: FLOWS }, (_, flow) => ({
    name: "sum", queueName: "parents", data: { flow }, children: Array.from({ length: CHILDREN }, child(flow)),
  })));
  await counts(parents, { completed: FLOWS, "waiting-children": 0 });
  for (const [flow, children, sum] of sums) {
    assert.equal(children, CHILDREN);
    assert.equal(sum, flow * 10 * CHILDREN + (CHILDREN * (CHILDREN - 1)) / 2);
  }
}

async function schedules() {
  const scheduled = queue("scheduled");
  await scheduled.upsertJobScheduler("heartbeat", { every: 40, limit: SCHEDULED }, { name: "beat" });
  worker("scheduled", async () => {});
  await counts(scheduled, { completed: SCHEDULED, delayed: 0 });
}

async function pausedQueue() {
  const paused = queue("paused");
  let done = 0;
  worker("paused", async () => void (done += 1));
  await paused.pause();
  await paused.addBulk(jobs(50, "wait"));
  assert.equal(done, 0);
  assert.equal(await paused.isPaused(), true);
  await paused.resume();
  await counts(paused, { completed: 50 });
}

/** Ends workers before queues, then takes every queue away: nothing may be left. */
async function clean(redis) {
  const queues = ended.filter((thing) => thing instanceof Queue);
  await Promise.all(ended.filter((thing) => !queues.includes(thing)).map((thing) => thing.close()));
  for (const each of [...queues, closing(new Queue("children", { connection }))]) {
    await each.obliterate({ force: true });
    await each.close();
  }
  const left = await redis.keys("*");
  assert.deepEqual(left, [], "obliterate leaves nothing");
}

const redis = new Redis(connection);
await redis.flushall();
await Promise.all([plainJobs(), prioritisedJobs(), delayedJobs(), failingJobs(), flows(), schedules(), pausedQueue()]);
await clean(redis);
await redis.quit();
console.log(
  `BullMQ ${version}: ${PLAIN} plain, ${PRIORITISED} prioritised, ${DELAYED} delayed, ${FLAKY} flaky, ${HOPELESS} failing ` +
    `jobs, ${FLOWS} flows of ${CHILDREN} children, ${SCHEDULED} scheduled: all counts right`,
);
