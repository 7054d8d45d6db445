// Each state of the screen is brought about, and what it says is compared in both languages with
// the list that was written by hand (tests/it/kiosk/sentences.txt), not with the catalogue.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { initial, reduce, screen } from "../../../src/surface/pages/assets/kiosk_state.js";
import { isDecision, written } from "../written.mjs";

const root = new URL("../../../", import.meta.url);
const file = (path) => readFileSync(new URL(path, root), "utf8");

/** The catalogue as the page gets it. */
const catalogue = {};
for (const [, name, id, en] of file("src/surface/pages/words/kiosk.rs").matchAll(/^ {4}([A-Z_]+): "(.*?)",\s+"(.*?)";$/gms)) {
  catalogue[name] = { id, en };
}

/** Plays events, given as [type, more, milliseconds until the next]. */
function play(events, settings = {}) {
  let at = 5_000_000;
  let state = initial(at, { language: "id", ...settings });
  for (const [type, more = {}, ms = 100] of events) {
    const step = type === "frame" ? 100 : ms;
    for (let gone = 0; gone < ms; gone += step) {
      [state] = reduce(state, { type, at, ...more });
      at += step;
    }
  }
  [state] = reduce(state, { type: "tick", at });
  return state;
}

const face = (more = {}) => ({ faces: 1, ...more });
const asks = (step, attempt = 1) => [["frame", face({ asked: { step, left_ms: 3000, attempt } })]];
const hints = (hint) => [["frame", face({ hint })]];

const STATES = {
  idle: [[["frame", { faces: 0 }, 5000]]],
  "idle.codes": [[["occasion", { open: true, faces: false }]]],
  closed: [[], { open: false, opens: "06:30" }],
  closed_unknown: [[], { open: false }],
  "challenge.look": [asks("look")],
  "challenge.turn_left": [asks("turn_left")],
  "challenge.turn_right": [asks("turn_right")],
  "challenge.blink": [asks("blink")],
  "challenge.again": [asks("turn_left", 2)],
  deciding: [[["frame", face(), 1000]]],
  "deciding.late": [[["frame", face(), 6000]]],
  help: [[["help"]]],
  lost: [[["lost", {}, 2500]]],
  "lost.late": [[["lost", {}, 15_500]]],
  camera_gone: [[["camera", { ok: false }]]],
  maintenance: [[["maintenance", { on: true }]]],
  number: [[["number_open"]]],
  digits: [[["decision", { decision: { show: "attention", hold_ms: 6000, second: true, text: {} } }]]],
};
for (const hint of ["closer", "back"]) STATES[`seen.${hint}`] = [hints(hint)];
for (const hint of ["look", "dark", "bright", "still", "uncover", "one_by_one"]) STATES[`look.${hint}`] = [hints(hint)];

const desk = { id: "meja panitia", en: "the desk" };

/** As kiosk.js fills a text in. */
function said(name, language, opens) {
  if (!name) return "";
  const time = language === "id" ? String(opens).replace(":", ".") : opens;
  return catalogue[name][language].replace("{0}", name === "OPENS_AT" ? time : desk[language]);
}

for (const [name, [events, settings]] of Object.entries(STATES)) {
  test(`what is said: ${name}`, () => {
    const state = play(events, settings);
    const shown = screen(state);
    assert.equal(shown.name, name === "digits" ? "number" : name.split(/[._](?!gone)/)[0]);
    for (const language of ["id", "en"]) {
      const got = [shown.main, shown.second].map((text) => said(text, language, state.opens));
      assert.deepEqual(got, written[name][language], language);
    }
  });
}

test("no state of the list is forgotten", () => {
  const others = Object.keys(written).filter((name) => !isDecision(name));
  assert.deepEqual(others.sort(), Object.keys(STATES).sort());
});

test("every text that the page names is in the catalogue", () => {
  const script = file("src/surface/pages/assets/kiosk.js") + file("src/surface/pages/assets/kiosk_state.js");
  for (const [, name] of script.matchAll(/"([A-Z]{2,}(?:_[A-Z]+)+|LOOK|STILL|DARK|BRIGHT|BLINK|CLOSER|BACK)"/g)) {
    if (name !== "KEPT") assert.ok(catalogue[name], name);
  }
});
