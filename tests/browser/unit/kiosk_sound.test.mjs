import assert from "node:assert/strict";
import { test } from "node:test";
import { SOUNDS, loudness, play } from "../../../src/surface/pages/assets/kiosk_sound.js";
import { RESULTS } from "../../../src/surface/pages/assets/kiosk_state.js";

test("five sounds of at most 0.4 s, each with a rhythm of its own", () => {
  assert.deepEqual(Object.keys(SOUNDS).sort(), ["admitted", "attention", "exit", "read", "refused"]);
  const rhythms = Object.values(SOUNDS).map((notes) => {
    const [, last] = [notes[0], notes.at(-1)];
    assert.ok(last[0] + last[1] <= 0.4);
    return notes.map(([at, lasts]) => `${at}+${lasts}`).join(" ");
  });
  assert.equal(new Set(rhythms).size, 5);
});

test("two rising notes let in, falling ones say goodbye, a refusal is one low note", () => {
  const hertz = (name) => SOUNDS[name].map((note) => note[2]);
  assert.ok(hertz("admitted")[0] < hertz("admitted")[1]);
  assert.deepEqual(hertz("exit"), [...hertz("exit")].sort((a, b) => b - a));
  assert.ok(hertz("refused").length === 1 && hertz("refused")[0] < 300);
});

test("every sound that a decision makes is there, and without sound nothing breaks", () => {
  for (const { sound } of Object.values(RESULTS)) assert.ok(sound === "" || SOUNDS[sound], sound);
  play("admitted", 12);
  play("no such sound", 12);
});

test("nights are quiet", () => {
  assert.ok(loudness(5) < loudness(6) && loudness(21) < loudness(20));
});
