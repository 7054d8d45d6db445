import assert from "node:assert/strict";
import { test } from "node:test";
import { SILENCE_MS, Wedge } from "../../../src/surface/pages/assets/desk_wedge.js";

/** Types `text`, a key each `gap_ms`; gives all that came out and the time after it. */
function type(wedge, text, gap_ms, at_ms = 1000) {
  const out = [];
  for (const key of text) {
    out.push(wedge.key(key === "\n" ? "Enter" : key, at_ms));
    at_ms += gap_ms;
  }
  return { out: out.filter((x) => x?.kind === "scan"), at_ms };
}

test("a scanner that ends with Enter gives its code at once", () => {
  const { out } = type(new Wedge(), "7K3M9QXW2P4R8T6V5YAB\n", 5);
  assert.deepEqual(out, [{ kind: "scan", code: "7K3M9QXW2P4R8T6V5YAB", began_ms: 1000 }]);
});

test("a scanner without Enter gives its code after silence, and only once", () => {
  const wedge = new Wedge();
  const { out, at_ms } = type(wedge, "7K3M9QXW2P4R8T6V5YAB", 5);
  assert.deepEqual(out, []);
  assert.equal(wedge.tick(at_ms + 20), null);
  assert.equal(wedge.tick(at_ms + SILENCE_MS).code, "7K3M9QXW2P4R8T6V5YAB");
  assert.equal(wedge.tick(at_ms + 2 * SILENCE_MS), null);
});

test("people who type are no scanner", () => {
  for (const gap of [60, 90, 140, 400]) {
    const wedge = new Wedge();
    const { out, at_ms } = type(wedge, "muhammad budi\n", gap);
    assert.deepEqual(out, [], `${gap} ms`);
    assert.equal(wedge.tick(at_ms + 1000), null);
  }
});

test("two fast keys of somebody who types are no code", () => {
  const wedge = new Wedge();
  const { at_ms } = type(wedge, "ng", 10);
  assert.equal(wedge.tick(at_ms + SILENCE_MS), null);
});

test("shortcuts are no keys of a scanner, and shifted letters are", () => {
  const wedge = new Wedge();
  wedge.key("a", 0);
  assert.equal(wedge.key("c", 5, true), null);
  assert.equal(wedge.busy, false);
  const keys = ["Shift", "A", "Shift", "B", "1", "2", "3", "Enter"];
  const out = keys.map((key, i) => wedge.key(key, 1000 + i * 4));
  assert.equal(out.at(-1).code, "AB123");
});

test("two codes one after the other are two codes", () => {
  const wedge = new Wedge();
  const first = type(wedge, "AAAA1111\n", 4);
  const second = type(wedge, "BBBB2222\n", 4, first.at_ms + 4);
  assert.equal(first.out[0].code, "AAAA1111");
  assert.equal(second.out[0].code, "BBBB2222");
});

test("a code that waited for silence is not mixed with the next one", () => {
  const wedge = new Wedge();
  const { at_ms } = type(wedge, "AAAA1111", 4);
  assert.equal(wedge.key("B", at_ms + 500).code, "AAAA1111");
});

test("the first key of a burst is announced, so that the field can be remembered", () => {
  const wedge = new Wedge();
  assert.deepEqual(wedge.key("X", 10), { kind: "first" });
  assert.equal(wedge.key("Y", 14), null);
});

test("endless keys are no code", () => {
  const { out } = type(new Wedge(), `${"A".repeat(300)}\n`, 1);
  assert.deepEqual(out.filter(({ code }) => code.length > 256), []);
});
