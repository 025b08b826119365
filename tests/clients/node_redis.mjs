// node-redis: scripts and functions as commands, optimistic transactions, pub/sub, streams read while waiting, scans; with
// RESP3 its cache at the client, which the server keeps up to date.
//
//     node_redis.mjs PORT PROTOCOL        PROTOCOL is 2 or 3
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { BasicClientSideCache, WatchError, createClient, defineScript } from "redis";
import { eventually } from "./eventually.mjs";

const CLIENTS = 6;
const HITS = 50;
const LIMIT = 100;
const TRANSFERS = 30;
const ENTRIES = 400;
const MESSAGES = 200;
const CACHED = 200;

const [port, protocol] = process.argv.slice(2).map(Number);
const version = createRequire(import.meta.url)("redis/package.json").version;

/** A fixed window: how many requests of a client came in it, and whether this one may pass. */
const limit = defineScript({
  NUMBER_OF_KEYS: 1,
  SCRIPT: `
    local count = redis.call('INCR', KEYS[1])
    if count == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
    return {count, count <= tonumber(ARGV[2]) and 1 or 0}`,
  parseCommand(parser, key, windowMs, most) {
    parser.pushKey(key);
    parser.push(String(windowMs), String(most));
  },
  transformReply: ([count, passes]) => ({ count, passes: passes === 1 }),
});

const LIBRARY = `#!lua name=tools
redis.register_function{function_name='sum', flags={'no-writes'}, callback=function(keys)
  local sum = 0
  for _, key in ipairs(keys) do sum = sum + (redis.call('GET', key) or 0) end
  return sum
end}
redis.register_function('put', function(keys, args) return redis.call('SET', keys[1], args[1]) end)`;

const opened = [];

async function connect(extra = {}) {
  // What the library calls unstable is the shape of some replies of RESP3, streams among them.
  const shape = { RESP: protocol, unstableResp3: true, scripts: { limit } };
  const client = createClient({ socket: { host: "127.0.0.1", port }, ...shape, ...extra });
  client.on("error", (error) => {
    throw error;
  });
  opened.push(client);
  return client.connect();
}

const repeat = (count, work) => Promise.all(Array.from({ length: count }, (_, number) => work(number)));

async function scripts(client) {
  await client.scriptFlush();
  const passed = await repeat(CLIENTS, async () => {
    const caller = await connect();
    const answers = await repeat(HITS, () => caller.limit("limit:all", 60_000, LIMIT));
    return answers.filter(({ passes }) => passes).length;
  });
  assert.equal(passed.reduce((sum, each) => sum + each, 0), LIMIT);
  assert.equal(await client.get("limit:all"), String(CLIENTS * HITS));
  assert.equal(await client.functionLoad(LIBRARY, { REPLACE: true }), "tools");
  assert.equal(await client.fCall("put", { keys: ["n1"], arguments: ["40"] }), "OK");
  await client.set("n2", "2");
  assert.equal(await client.fCallRo("sum", { keys: ["n1", "n2"], arguments: [] }), 42);
  await assert.rejects(client.fCallRo("put", { keys: ["n1"], arguments: ["1"] }), /Can not execute a script with write flag/);
  const [library] = await client.functionList();
  assert.equal(library.library_name, "tools");
  assert.equal(await client.functionDelete("tools"), "OK");
}

async function transactions(client) {
  await client.mSet({ "account:a": "1000", "account:b": "0" });
  let retries = 0;
  await repeat(4, async () => {
    const own = await connect();
    for (let done = 0; done < TRANSFERS; ) {
      await own.watch(["account:a", "account:b"]);
      const [from, to] = (await own.mGet(["account:a", "account:b"])).map(Number);
      try {
        await own.multi().set("account:a", String(from - 1)).set("account:b", String(to + 1)).exec();
        done += 1;
      } catch (error) {
        assert.ok(error instanceof WatchError, error);
        retries += 1;
      }
    }
  });
  const moved = 4 * TRANSFERS;
  assert.deepEqual(await client.mGet(["account:a", "account:b"]), [String(1000 - moved), String(moved)]);
  assert.deepEqual(await client.multi().incr("n").hSet("h", { a: "1", b: "2" }).hGetAll("h").zAdd("z", { score: 1.5, value: "m" })
    .zRangeWithScores("z", 0, -1).exec(), [1, 2, Object.assign(Object.create(null), { a: "1", b: "2" }), 1, [{ value: "m", score: 1.5 }]]);
  return retries;
}

async function messages(client) {
  const listener = await connect();
  const heard = [];
  await listener.subscribe("news", (message, channel) => heard.push([channel, message]));
  await listener.pSubscribe("n*s", (message, channel) => heard.push([channel, message]));
  await listener.sSubscribe("shard", (message, channel) => heard.push([channel, message]));
  for (let number = 0; number < MESSAGES; number += 1) assert.equal(await client.publish("news", String(number)), 2);
  assert.equal(await client.sPublish("shard", "last"), 1);
  await eventually(() => assert.equal(heard.length, 2 * MESSAGES + 1));
  assert.deepEqual(heard.slice(-3), [["news", String(MESSAGES - 1)], ["news", String(MESSAGES - 1)], ["shard", "last"]]);
  assert.deepEqual(await client.pubSubChannels(), ["news"]);
  // With RESP3 commands go on beside messages; with RESP2 the connection only listens.
  if (protocol === 3) assert.equal(await listener.ping(), "PONG");
  await listener.unsubscribe("news");
  await listener.pUnsubscribe("n*s");
  await listener.sUnsubscribe("shard");
  assert.equal(await listener.get("nothing"), null);
}

/** The library leaves RESP3's map as it came; with RESP2 it makes objects of the entries. */
function idsOf(answer) {
  if (answer === null) return [];
  return protocol === 3 ? answer.orders.map(([id]) => id) : answer[0].messages.map(({ id }) => id);
}

async function streams(client) {
  await client.xGroupCreate("orders", "packers", "$", { MKSTREAM: true });
  const seen = new Set();
  const packers = ["ann", "ben", "cem"].map(async (name) => {
    const packer = await connect();
    while (seen.size < ENTRIES) {
      const wanted = { key: "orders", id: ">" };
      const answer = await packer.xReadGroup("packers", name, wanted, { COUNT: 7, BLOCK: 200 });
      for (const id of idsOf(answer)) {
        assert.ok(!seen.has(id), "an entry goes to one consumer");
        seen.add(id);
        assert.equal(await packer.xAck("orders", "packers", id), 1);
      }
    }
  });
  for (let order = 0; order < ENTRIES; order += 1) await client.xAdd("orders", "*", { order: String(order) });
  await Promise.all(packers);
  assert.equal((await client.xPending("orders", "packers")).pending, 0);
  assert.equal((await client.xInfoStream("orders"))["entries-added"], ENTRIES);
  const [waiter, pusher] = [await connect(), client];
  const popped = waiter.blPop(["low", "high"], 5);
  await pusher.rPush("high", "urgent");
  assert.deepEqual({ ...(await popped) }, { key: "high", element: "urgent" });
}

async function scans(client) {
  await repeat(2000, (number) => client.set(`scan:${number}`, "x"));
  const found = new Set();
  for await (const keys of client.scanIterator({ MATCH: "scan:*", COUNT: 100 })) for (const key of keys) found.add(key);
  assert.equal(found.size, 2000);
}

/** What is read twice comes from the cache; what another client changes, lets expire or flushes is read anew. */
async function cache(client) {
  if (protocol !== 3) return "";
  const held = new BasicClientSideCache({ ttl: 0, maxEntries: 0, evictPolicy: "LRU" });
  const reader = await connect({ clientSideCache: held });
  for (let number = 0; number < CACHED; number += 1) await client.set(`cached:${number}`, String(number));
  for (let round = 0; round < 2; round += 1) {
    for (let number = 0; number < CACHED; number += 1) assert.equal(await reader.get(`cached:${number}`), String(number));
  }
  assert.equal(held.stats().hitCount, CACHED, "the second round needs no server");
  for (let number = 0; number < CACHED; number += 2) await client.set(`cached:${number}`, "new");
  await eventually(() => assert.equal(held.size(), CACHED / 2));
  for (let number = 0; number < CACHED; number += 1) {
    assert.equal(await reader.get(`cached:${number}`), number % 2 === 0 ? "new" : String(number));
  }
  await client.pExpire("cached:1", 20);
  await eventually(async () => assert.equal(await reader.get("cached:1"), null));
  await client.flushDb();
  await eventually(() => assert.equal(held.size(), 0, "FLUSHDB empties the cache"));
  return `, ${CACHED} cached keys kept up to date`;
}

const client = await connect();
await client.flushAll();
await scripts(client);
const retries = await transactions(client);
await messages(client);
await streams(client);
await scans(client);
const cached = await cache(client);
for (const each of opened) each.destroy();
console.log(
  `node-redis ${version}, RESP${protocol}: ${CLIENTS * HITS} calls of a limit, a library, ${4 * TRANSFERS} transfers ` +
    `(${retries} tried again), ${2 * MESSAGES} messages, ${ENTRIES} stream entries, scans${cached}: all as it should be`,
);
