// ioredis: scripts as commands, transactions with watched keys, pub/sub with patterns and keyspace events, streams read
// while waiting, pipelines on many connections, and scans.
//
//     ioredis.mjs PORT
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { Redis } from "ioredis";
import { eventually } from "./eventually.mjs";

const BUYERS = 8;
const STOCK = 400;
const TRANSFERS = 40;
const ENTRIES = 500;
const MESSAGES = 200;

const options = { host: "127.0.0.1", port: Number(process.argv[2]) };
const version = createRequire(import.meta.url)("ioredis/package.json").version;

const opened = [];
function connect(extra = {}) {
  const redis = new Redis({ ...options, ...extra });
  opened.push(redis);
  return redis;
}

const BUY = `
local left = tonumber(redis.call('GET', KEYS[1]))
if left < tonumber(ARGV[1]) then return redis.error_reply('SOLDOUT nothing left') end
redis.call('DECRBY', KEYS[1], ARGV[1])
redis.call('RPUSH', KEYS[2], cjson.encode({buyer = ARGV[2], left = left - ARGV[1]}))
return {left - ARGV[1], ARGV[2]}`;

/** Many buyers run one script until nothing is left; what is sold adds up. */
async function scripts(redis) {
  await redis.set("stock", STOCK);
  await redis.script("FLUSH");
  const sold = await Promise.all(Array.from({ length: BUYERS }, async (_, buyer) => {
    const shop = connect();
    shop.defineCommand("buy", { numberOfKeys: 2, lua: BUY });
    let bought = 0;
    for (;;) {
      try {
        const [left, who] = await shop.buy("stock", "sales", 1, `buyer ${buyer}`);
        assert.ok(left >= 0 && who === `buyer ${buyer}`);
        bought += 1;
      } catch (error) {
        assert.match(error.message, /^SOLDOUT nothing left/);
        return bought;
      }
    }
  }));
  assert.equal(sold.reduce((sum, each) => sum + each, 0), STOCK);
  const sales = (await redis.lrange("sales", 0, -1)).map((sale) => JSON.parse(sale).left);
  assert.deepEqual(sales, Array.from({ length: STOCK }, (_, number) => STOCK - 1 - number), "one sale after the other");
  // Scripts in a pipeline, whose EVALSHA is not known to the server at first.
  redis.defineCommand("twice", { numberOfKeys: 0, lua: "return ARGV[1] * 2" });
  const answers = await redis.pipeline().twice(1).twice(2).exec();
  assert.deepEqual(answers, [[null, 2], [null, 4]]);
}

/** Two accounts and optimistic transfers: EXEC answers null where another was faster. */
async function transactions(redis) {
  await redis.mset("account:a", 1000, "account:b", 0);
  let retries = 0;
  await Promise.all(Array.from({ length: 4 }, async () => {
    const client = connect();
    for (let done = 0; done < TRANSFERS; ) {
      await client.watch("account:a", "account:b");
      const [from, to] = (await client.mget("account:a", "account:b")).map(Number);
      const answer = await client.multi().set("account:a", from - 1).set("account:b", to + 1).exec();
      if (answer === null) retries += 1;
      else done += 1;
    }
  }));
  assert.deepEqual(await redis.mget("account:a", "account:b"), [String(1000 - 4 * TRANSFERS), String(4 * TRANSFERS)]);
  const mixed = await redis.multi().set("text", "letters").incr("text").get("text").exec();
  assert.deepEqual(mixed[0], [null, "OK"]);
  assert.match(mixed[1][0].message, /not an integer/);
  assert.deepEqual(mixed[2], [null, "letters"]);
  await assert.rejects(redis.multi().set("one").exec(), /EXECABORT/);
  return retries;
}

async function messages(redis) {
  const listener = connect();
  const heard = [];
  listener.on("message", (channel, message) => heard.push([channel, message]));
  listener.on("pmessage", (pattern, channel, message) => heard.push([pattern, channel, message]));
  await listener.subscribe("news");
  await listener.psubscribe("new?", "__keyevent@0__:*");
  for (let number = 0; number < MESSAGES; number += 1) assert.equal(await redis.publish("news", number), 2);
  await eventually(() => assert.equal(heard.length, 2 * MESSAGES));
  assert.deepEqual(heard.slice(0, 2), [["news", "0"], ["new?", "news", "0"]]);
  assert.deepEqual(heard.at(-1), ["new?", "news", String(MESSAGES - 1)]);
  await redis.config("SET", "notify-keyspace-events", "KEA");
  heard.length = 0;
  await redis.set("short", "life", "PX", 30);
  const events = () => heard.map(([, channel, key]) => `${channel.split(":")[1]} ${key}`);
  await eventually(() => assert.deepEqual(events(), ["set short", "expire short", "expired short"]));
  await redis.config("SET", "notify-keyspace-events", "");
  await listener.unsubscribe("news");
  await listener.punsubscribe("new?", "__keyevent@0__:*");
  assert.equal(await listener.get("short"), null, "a connection that listens no more runs commands");
  // Sharded channels are another space.
  const [, delivered] = [await listener.ssubscribe("shard"), await redis.spublish("shard", "x")];
  assert.equal(delivered, 1);
}

/** A group of consumers that wait for entries; one never acknowledges, and another claims what it left. */
async function streams(redis) {
  await redis.xgroup("CREATE", "orders", "packers", "$", "MKSTREAM");
  const seen = new Set();
  const packers = ["ann", "ben", "cem"].map(async (name) => {
    const packer = connect();
    while (seen.size < ENTRIES) {
      const answer = await packer.xreadgroup("GROUP", "packers", name, "COUNT", 10, "BLOCK", 200, "STREAMS", "orders", ">");
      for (const [id, fields] of answer?.[0][1] ?? []) {
        assert.ok(!seen.has(id), "an entry goes to one consumer");
        seen.add(id);
        if (Number(fields[1]) % 10 !== 0) await packer.xack("orders", "packers", id);
      }
    }
  });
  for (let order = 0; order < ENTRIES; order += 1) await redis.xadd("orders", "*", "order", order);
  await Promise.all(packers);
  const [pending] = await redis.xpending("orders", "packers");
  assert.equal(pending, ENTRIES / 10);
  const [, claimed] = await redis.xautoclaim("orders", "packers", "dan", 0, "0", "COUNT", ENTRIES);
  assert.equal(claimed.length, ENTRIES / 10);
  assert.equal(await redis.xack("orders", "packers", ...claimed.map(([id]) => id)), ENTRIES / 10);
}

async function waitingAndScans(redis) {
  const waiter = connect();
  const popped = waiter.blpop("queue:low", "queue:high", 5);
  await redis.rpush("queue:high", "urgent");
  assert.deepEqual(await popped, ["queue:high", "urgent"]);
  const none = waiter.bzpopmin("nothing", 0.05);
  assert.equal(await none, null);
  const pipeline = redis.pipeline();
  for (let number = 0; number < 3000; number += 1) pipeline.hset("big", `field ${number}`, number);
  assert.ok((await pipeline.exec()).every(([error, added]) => error === null && added === 1));
  const found = new Set();
  for await (const batch of redis.hscanStream("big", { count: 100 })) {
    for (let index = 0; index < batch.length; index += 2) found.add(batch[index]);
  }
  assert.equal(found.size, 3000);
  const binary = Buffer.from([0, 13, 10, 255, 36]);
  await redis.set("binary", binary);
  assert.deepEqual(await redis.getBuffer("binary"), binary);
  const seen = [];
  const monitor = await connect().monitor();
  monitor.on("monitor", (_, args) => seen.push(args));
  await redis.get("watched by the monitor");
  await eventually(() => assert.deepEqual(seen, [["get", "watched by the monitor"]]));
  monitor.disconnect();
}

const redis = connect();
await redis.flushall();
await scripts(redis);
const retries = await transactions(redis);
await messages(redis);
await streams(redis);
await waitingAndScans(redis);
for (const each of opened) each.disconnect();
console.log(
  `ioredis ${version}: ${STOCK} sales by script, ${4 * TRANSFERS} transfers (${retries} tried again), ${2 * MESSAGES} messages, ` +
    `${ENTRIES} stream entries, scans, MONITOR: all as it should be`,
);
