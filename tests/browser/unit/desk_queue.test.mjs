import assert from "node:assert/strict";
import { test } from "node:test";
import { CHECK_INS, Queue, REPORTS } from "../../../src/surface/pages/assets/desk_queue.js";

/** A phone: its storage outlives the page; the network and the clock are in the test's hands. */
class Phone {
  kept = new Map();
  sent = [];
  told = [];
  now_ms = 1_000_000;
  answer = async (_, body) => ({ status: 200, body: { nonce: body.nonce, verdict: "admitted" } });
  #chance = 0;

  page() {
    return new Queue({
      store: {
        put: async (entry) => void this.kept.set(entry.nonce, structuredClone(entry)),
        remove: async (key) => void this.kept.delete(key),
        all: async () => [...this.kept.values()].map((entry) => structuredClone(entry)),
      },
      post: async (path, body) => {
        assert.ok(this.kept.size > 0, "kept before it is sent");
        this.sent.push({ path, body: structuredClone(body) });
        return this.answer(path, body);
      },
      now: () => this.now_ms,
      random: (n) => Uint8Array.from({ length: n }, () => (this.#chance += 1) % 256),
      tell: (event) => this.told.push(event),
    });
  }

  kinds() {
    return this.told.map((event) => event.kind).filter((kind) => kind !== "count");
  }
}

const settled = () => new Promise((resolve) => setImmediate(resolve));
const cut = async () => {
  throw new TypeError("nothing heard");
};
const body = { occasion: "event:X", code: "ABCD", direction: "entry" };

test("an intent is kept before it is sent and goes once it is answered", async () => {
  const phone = new Phone();
  const queue = phone.page();
  const key = await queue.add(body, "…ABCD");
  assert.match(key, /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/);
  await settled();
  assert.deepEqual(phone.sent, [{ path: CHECK_INS, body: { nonce: key, ...body } }]);
  assert.equal(phone.kept.size, 0);
  assert.deepEqual(phone.kinds(), ["asked", "answered"]);
});

test("what was not answered is sent again with the same nonce and body, later and later", async () => {
  const phone = new Phone();
  phone.answer = cut;
  const queue = phone.page();
  await queue.add(body);
  await settled();
  const times = [];
  for (let i = 0; i < 60; i += 1) {
    phone.now_ms += 1000;
    const before = phone.sent.length;
    queue.tick();
    await settled();
    if (phone.sent.length > before) times.push(i + 1);
  }
  assert.deepEqual(times, [1, 3, 7, 15, 30, 45, 60]);
  assert.equal(new Set(phone.sent.map((s) => JSON.stringify(s))).size, 1);
  assert.equal(queue.unsent, 1);
});

test("a page that was closed leaves nothing behind unsent", async () => {
  const phone = new Phone();
  phone.answer = cut;
  const first = phone.page();
  const keys = [await first.add(body), await first.add({ ...body, code: "EFGH" })];
  await settled();
  phone.answer = new Phone().answer;
  phone.sent = [];
  const second = phone.page();
  await second.resume();
  assert.equal(second.unsent, 2);
  second.tick();
  await settled();
  assert.deepEqual(phone.sent.map((s) => s.body.nonce).sort(), keys.sort());
  assert.equal(phone.kept.size, 0);
});

test("an answer that is lost costs nothing: the box answers the nonce as before", async () => {
  const phone = new Phone();
  const decided = new Map();
  let lose = true;
  phone.answer = async (_, { nonce }) => {
    decided.set(nonce, (decided.get(nonce) ?? 0) + 1);
    if (lose) throw new TypeError("the answer is lost");
    return { status: 200, body: { nonce, verdict: "admitted" } };
  };
  const queue = phone.page();
  const key = await queue.add(body);
  await settled();
  lose = false;
  phone.now_ms += 1000;
  queue.tick();
  await settled();
  assert.deepEqual([...decided], [[key, 2]]);
  assert.equal(queue.unsent, 0);
});

test("503, 429 and 401 wait; what the box will never take is shown and kept until it was read", async () => {
  for (const status of [500, 503, 429, 408, 401]) {
    const phone = new Phone();
    phone.answer = async () => ({ status, body: { error: { code: "busy", message: "" } } });
    const queue = phone.page();
    await queue.add(body);
    await settled();
    assert.equal(queue.list()[0].stuck, undefined, `${status}`);
    assert.equal(queue.unsent, 1);
  }
  const phone = new Phone();
  phone.answer = async () => ({ status: 422, body: { error: { code: "invalid", message: "No." } } });
  const queue = phone.page();
  const key = await queue.add(body);
  await settled();
  assert.deepEqual(queue.find(key).stuck, { status: 422, code: "invalid", message: "No." });
  phone.now_ms += 60_000;
  queue.tick();
  await settled();
  assert.equal(phone.sent.length, 1, "not sent again");
  assert.equal(phone.kept.size, 1, "not forgotten");
  await queue.dismiss(key);
  assert.equal(phone.kept.size, 0);
});

test("an admission without the box is told as a report that names the intent it stands for", async () => {
  const phone = new Phone();
  phone.answer = cut;
  const queue = phone.page();
  const key = await queue.add(body);
  await settled();
  phone.now_ms += 5000;
  assert.equal(await queue.admitHere(key), true);
  assert.equal(await queue.admitHere(key), false, "once");
  phone.answer = async (_, sent) => ({ status: 200, body: { nonce: sent.nonce, verdict: "admitted" } });
  phone.sent = [];
  const reopened = phone.page();
  await reopened.resume();
  reopened.tick();
  await settled();
  const { path, body: sent } = phone.sent[0];
  assert.equal(path, REPORTS);
  assert.equal(sent.instead_of, key);
  assert.notEqual(sent.nonce, key);
  assert.equal(sent.happened_at_ms, 1_005_000);
  assert.equal(reopened.unsent, 0);
});

test("an answer under way while staff admit: an admission is enough, anything else owes a report", async () => {
  for (const [verdict, left] of [["admitted", 0], ["already", 1]]) {
    const phone = new Phone();
    let answer;
    phone.answer = () => new Promise((resolve) => (answer = resolve));
    const queue = phone.page();
    const key = await queue.add(body);
    await queue.admitHere(key);
    answer({ status: 200, body: { nonce: key, verdict } });
    await settled();
    assert.equal(queue.unsent, left, verdict);
    if (left === 0) continue;
    queue.tick();
    assert.equal(phone.sent.at(-1).path, REPORTS);
  }
});

test("a phone whose storage fails says so and sends all the same", async () => {
  const phone = new Phone();
  const queue = new Queue({
    store: { put: async () => Promise.reject(new Error("full")), remove: async () => {}, all: async () => [] },
    post: async (_, sent) => ({ status: 200, body: { nonce: sent.nonce, verdict: "admitted" } }),
    now: () => 1,
    random: (n) => new Uint8Array(n),
    tell: (event) => phone.told.push(event),
  });
  await queue.add(body);
  await settled();
  assert.deepEqual(phone.kinds(), ["unkept", "asked", "answered"]);
});

test("twenty phones, a box that is killed at any moment: each intent is decided exactly once", async () => {
  let seed = 7;
  const chance = () => (seed = (seed * 1103515245 + 12345) % 2147483648) / 2147483648;
  const decided = new Map();
  const phones = Array.from({ length: 20 }, () => new Phone());
  let dying = true;
  for (const phone of phones) {
    phone.answer = async (_, sent) => {
      if (dying && chance() < 0.3) throw new TypeError("refused");
      if (!decided.has(sent.nonce)) decided.set(sent.nonce, sent.code);
      if (dying && chance() < 0.3) throw new TypeError("cut after the commit");
      return { status: 200, body: { nonce: sent.nonce, verdict: "admitted" } };
    };
  }
  const wanted = [];
  let queues = phones.map((phone) => phone.page());
  for (let round = 0; round < 10; round += 1) {
    for (const [i, queue] of queues.entries()) {
      phones[i].now_ms += 1 + i; // No two phones have the same clock and chance.
      wanted.push(await queue.add({ ...body, code: `${i}-${round}` }));
    }
    await settled();
  }
  queues = phones.map((phone) => phone.page());
  await Promise.all(queues.map((queue) => queue.resume()));
  dying = false;
  while (queues.some((queue) => queue.unsent > 0)) {
    for (const queue of queues) queue.hurryAll();
    await settled();
  }
  assert.equal(decided.size, new Set(wanted).size);
  assert.deepEqual([...decided.keys()].sort(), [...new Set(wanted)].sort());
});

test("what is unsent goes in its order, one after the other, over reloads and clocks put back", async () => {
  const phone = new Phone();
  phone.answer = cut;
  const queue = phone.page();
  const keys = [];
  for (const step of [0, 5000, -60_000, 1]) {
    phone.now_ms += step;
    keys.push(await queue.add({ ...body, code: `${step}` }));
  }
  await settled();
  phone.sent = [];
  let under_way = 0;
  phone.answer = async (_, { nonce }) => {
    under_way += 1;
    assert.equal(under_way, 1, "two at once");
    await settled();
    under_way -= 1;
    return { status: 200, body: { nonce, verdict: "admitted" } };
  };
  const reopened = phone.page();
  await reopened.resume();
  keys.push(await reopened.add({ ...body, code: "new" }));
  reopened.hurryAll();
  while (reopened.unsent > 0) await settled();
  // The new one is of another subject: whoever stands there now need not wait for the others.
  assert.deepEqual(phone.sent.map((s) => s.body.nonce), [keys[4], ...keys.slice(0, 4)]);
});

test("one that the box cannot answer holds up neither the others nor a new code, but its own subject", async () => {
  const phone = new Phone();
  phone.answer = async (_, { nonce, code }) =>
    code === "ABCD" ? { status: 503, body: null } : { status: 200, body: { nonce, verdict: "admitted" } };
  const queue = phone.page();
  const first = await queue.add(body);
  await settled();
  const exit = await queue.add({ ...body, direction: "exit" });
  await queue.add({ ...body, code: "EFGH" });
  await settled();
  assert.deepEqual(queue.list().map((e) => e.nonce), [first, exit]);
  queue.hurry(exit);
  queue.hurryAll();
  await settled();
  assert.ok(!phone.sent.some((s) => s.body.nonce === exit), "an exit before its entry");
  phone.answer = new Phone().answer;
  phone.now_ms += 60_000;
  queue.tick();
  await settled();
  assert.equal(queue.unsent, 0);
  assert.deepEqual(phone.sent.slice(-2).map((s) => s.body.nonce), [first, exit]);
});

test("a phone without access sends nothing and keeps no name, and goes on where it was", async () => {
  const phone = new Phone();
  phone.answer = cut;
  const queue = phone.page();
  await queue.add({ occasion: "today", person: "P1" }, "Budi Santoso");
  await queue.add(body, "…ABCD");
  await settled();
  queue.pause();
  await queue.forgetNames();
  phone.sent = [];
  phone.now_ms += 60_000;
  queue.hurryAll();
  await settled();
  assert.deepEqual(phone.sent, []);
  assert.ok(!JSON.stringify([...phone.kept.values()]).includes("Budi"));
  assert.deepEqual([...phone.kept.values()].map((e) => e.label), ["", "…ABCD"]);
  phone.answer = new Phone().answer;
  queue.go();
  await settled();
  assert.equal(queue.unsent, 0);
});

test("only plain check-ins are let in without the box", async () => {
  const phone = new Phone();
  phone.answer = cut;
  const queue = phone.page();
  const key = await queue.add({ instead_of: "X", remark: "why" }, "", "/api/v1/desk/overrides");
  assert.equal(await queue.admitHere(key), false);
});
