import assert from "node:assert/strict";
import { test } from "node:test";
import { KEPT_MS, back, leave, nameless, verdict } from "../../../src/surface/pages/assets/desk_leave.js";

/** A phone's store, and whatever else the browser keeps. */
function phone(...entries) {
  const intents = new Map(entries.map((entry) => [entry.nonce, entry]));
  const notes = new Map();
  return {
    wiped: false,
    local: { "hadir-desk-camera": "x", other: "y", removeItem(key) { delete this[key]; } },
    put: async (entry) => void intents.set(entry.nonce, entry),
    all: async () => [...intents.values()],
    note: async (name) => notes.get(name),
    setNote: async (name, value) => void notes.set(name, value),
    async wipe() {
      this.wiped = true;
      intents.clear();
      notes.clear();
    },
  };
}

const picked = { nonce: "A", label: "Budi Santoso", body: { person: "P1" } };
const scanned = { nonce: "B", label: "…ABCD", body: { code: "7K3M9QXWABCD" } };
const LIMIT = KEPT_MS.revoked;

test("what a phone without access keeps, by why, how much and how long", () => {
  const table = [
    ["revoked", 0, 0, "wipe"],
    ["revoked", 1, 0, "hold"],
    ["revoked", 1, LIMIT - 1, "hold"],
    ["revoked", 1, LIMIT, "wipe"],
    ["revoked", 1, -1, "wipe"], // The clock was put back.
    ["signed_out", 0, 0, "tidy"],
    ["signed_out", 0, 1e12, "tidy"],
    ["signed_out", 3, LIMIT, "hold"],
    ["signed_out", 3, KEPT_MS.signed_out, "wipe"],
  ];
  for (const [why, unsent, age, want] of table) {
    assert.equal(verdict({ why, at_ms: 1000 }, unsent, 1000 + age), want, `${why} ${unsent} ${age}`);
  }
});

test("the time is counted from the first look, and a revocation counts anew", async () => {
  const store = phone(picked, scanned);
  const first = await leave(store, "signed_out", 1000, store.local);
  assert.deepEqual(first, { act: "hold", unsent: 2, until_ms: 1000 + KEPT_MS.signed_out });
  const later = await leave(store, "signed_out", 5000, store.local);
  assert.equal(later.until_ms, first.until_ms);
  const revoked = await leave(store, "revoked", 9000, store.local);
  assert.equal(revoked.until_ms, 9000 + LIMIT);
  const over = await leave(store, "revoked", 9000 + LIMIT, store.local);
  assert.deepEqual([over.act, over.unsent, store.wiped], ["wipe", 0, true]);
  assert.deepEqual(Object.keys(store.local), ["other", "removeItem"]);
});

test("no name stays, and codes do: they are what is still to be told", async () => {
  const store = phone(picked, scanned);
  await leave(store, "revoked", 1000, store.local);
  assert.deepEqual(await store.all(), [{ ...picked, label: "" }, scanned]);
  assert.equal(nameless(scanned), scanned);
});

test("whoever signs in begins without a limit", async () => {
  const store = phone(scanned);
  await leave(store, "signed_out", 1000, store.local);
  await back(store);
  const next = await leave(store, "signed_out", 1e12, store.local);
  assert.equal(next.act, "hold");
});

test("with nothing unsent the notes for the next person stay, on a revoked phone nothing does", async () => {
  const store = phone();
  await store.setNote("notes", { text: "Kunci", at_ms: 1 });
  assert.equal((await leave(store, "signed_out", 5, store.local)).act, "tidy");
  assert.equal((await store.note("notes")).text, "Kunci");
  await leave(store, "revoked", 5, store.local);
  assert.equal(store.wiped, true);
});
