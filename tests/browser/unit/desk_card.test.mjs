import assert from "node:assert/strict";
import { test } from "node:test";
import * as card from "../../../src/surface/pages/assets/desk_card.js";
import { Line, backoff_ms } from "../../../src/surface/pages/assets/desk_line.js";
import { nonce, ticketCode } from "../../../src/surface/pages/assets/desk_nonce.js";
import { Repeats } from "../../../src/surface/pages/assets/desk_repeat.js";

const scan = { nonce: "N1", label: "…ABCD", at_ms: 0 };

test("each verdict has its colour and sign, and none of them is by colour alone", () => {
  const table = [
    ["admitted", "entry", "go", "tick", "admitted"],
    ["admitted", "exit", "go", "exit", "exit"],
    ["already", "entry", "look", "look", "attention"],
    ["ambiguous", "entry", "look", "look", "attention"],
    ["attention", "entry", "look", "look", "attention"],
    ["refused", "entry", "stop", "cross", "refused"],
  ];
  for (const [verdict, direction, tone, icon, sound] of table) {
    const decision = { verdict, direction };
    const now = card.answered(card.asked(scan), { nonce: "N1", decision }, 10);
    assert.deepEqual([now.tone, now.icon, card.sound(now)], [tone, icon, sound], verdict);
  }
});

test("nothing is green before the box has answered, and silence turns amber after 3 s", () => {
  let now = card.asked(scan);
  assert.equal(now.tone, "wait");
  now = card.passed(now, 2999);
  assert.equal(now.tone, "wait");
  now = card.passed(now, 3000);
  assert.deepEqual([now.phase, now.tone], ["unsent", "unsent"]);
  assert.equal(card.sound(now), null);
  const late = card.answered(now, { nonce: "N1", decision: { verdict: "admitted" } }, 9000);
  assert.equal(late.tone, "go");
});

test("the answer to an earlier code does not touch the card of the next one", () => {
  const second = card.asked({ ...scan, nonce: "N2" });
  const decision = { verdict: "refused" };
  assert.equal(card.answered(second, { nonce: "N1", decision }, 5), second);
  assert.equal(card.stuck(second, { nonce: "N1", problem: {} }), second);
});

test("a decided card stays for 30 s, or as long as somebody reads it", () => {
  const decided = card.answered(card.asked(scan), { nonce: "N1", decision: { verdict: "admitted" } }, 100);
  assert.equal(card.left(decided, 15_100), 0.5);
  assert.notEqual(card.passed(decided, 30_099), null);
  assert.equal(card.passed(decided, 30_100), null);
  const read = card.held(decided);
  assert.equal(card.left(read, 15_100), null);
  assert.notEqual(card.passed(read, 99_000), null);
});

test("unsent cards never go by themselves", () => {
  const unsent = card.passed(card.asked(scan), 5000);
  assert.notEqual(card.passed(unsent, 1e9), null);
});

test("let in against a rule is known, but to be looked at", () => {
  const decision = { verdict: "admitted", direction: "entry", conflict: "already_admitted" };
  const now = card.answered(card.asked(scan), { nonce: "N1", decision }, 10);
  assert.deepEqual([now.tone, card.sound(now)], ["look", "attention"]);
});

test("an undo is of the nonce that the box knows: of a report that is its own", () => {
  const decision = { nonce: "R1", verdict: "admitted" };
  const now = card.answered(card.asked(scan), { nonce: "N1", decision }, 10);
  assert.equal(card.known(now), "R1");
  assert.equal(card.undone(now, "N1"), now);
  assert.equal(card.undone(now, "R1").phase, "undone");
  assert.equal(card.undone(null, "R1"), null);
});

test("what was before belongs to the card that asked, and to no other", () => {
  const now = card.answered(card.asked(scan), { nonce: "N1", decision: { verdict: "already" } }, 10);
  const items = [{ at_ms: 1 }];
  assert.deepEqual(card.earlier(now, { nonce: "N1", items, facts: ["X"] }).earlier, items);
  assert.equal(card.earlier(now, { nonce: "N2", items }), now);
  assert.equal(card.earlier(card.asked(scan), { nonce: "N1", items }).earlier, undefined);
  assert.equal(card.earlier(null, { nonce: "N1", items }), null);
});

test("codes are shown by their end only", () => {
  assert.equal(card.shortened("7K3M9QXW2P4R8T6V5YAB"), "…5YAB");
  assert.equal(card.shortened("AB"), "AB");
});

test("a code in view is one look; after three seconds out of view it counts anew", () => {
  const repeats = new Repeats();
  assert.equal(repeats.look("A", 0), "new");
  repeats.answered("A", 200);
  for (let ms = 300; ms < 9000; ms += 200) assert.equal(repeats.look("A", ms), "ignore");
  assert.equal(repeats.look("A", 8900 + 3000), "new");
});

test("a code whose answer was lost is never swallowed", () => {
  const repeats = new Repeats();
  assert.equal(repeats.look("A", 0), "new");
  assert.equal(repeats.look("A", 1000), "ignore");
  assert.equal(repeats.look("A", 3000), "again");
  assert.equal(repeats.look("A", 60_000), "again");
});

test("another code between is no obstacle", () => {
  const repeats = new Repeats();
  assert.equal(repeats.look("A", 0), "new");
  repeats.answered("A", 50);
  assert.equal(repeats.look("B", 100), "new");
  assert.equal(repeats.look("A", 200), "ignore");
});

test("the line goes after two failures of five and comes back after two answers", () => {
  const line = new Line();
  assert.equal(line.note(false), false);
  assert.equal(line.note(true), false);
  assert.equal(line.note(false), true);
  assert.equal(line.online, false);
  line.note(true);
  assert.equal(line.online, false);
  line.note(false);
  line.note(true);
  assert.equal(line.note(true), true);
  assert.equal(line.online, true);
  assert.equal(line.note(false), false, "old failures are forgotten");
  assert.deepEqual([1, 2, 3, 4, 5, 9].map(backoff_ms), [1000, 2000, 4000, 8000, 15000, 15000]);
});

test("nonces are ids of the box: ordered by time, 26 letters", () => {
  const bytes = Uint8Array.from({ length: 10 }, (_, i) => i);
  // As base::id writes the same time and bytes.
  assert.equal(nonce(0, new Uint8Array(10)), "0".repeat(26));
  assert.equal(nonce(2 ** 48 - 1, new Uint8Array(10).fill(255)), `7${"Z".repeat(25)}`);
  assert.ok(nonce(1000, bytes) < nonce(1001, bytes));
  assert.match(ticketCode(new Uint8Array(20).fill(37)), /^5{20}$/);
});
