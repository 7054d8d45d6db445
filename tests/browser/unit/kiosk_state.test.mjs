// The screen at the door, brought into each of its states by events and times alone.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  HINTS, NUMBER_MAX, QUIET_HOUR, RESULTS, SCREENS, STEPS, TIMES, initial, pause, reduce, reloads, screen, sizes, touch,
} from "../../../src/surface/pages/assets/kiosk_state.js";

/** A screen that is played to: keeps its clock and all wishes. */
class Played {
  constructor(settings = {}) {
    this.at = 1_000_000;
    this.state = initial(this.at, { language: "id", ...settings });
    this.wishes = [];
  }

  do(type, more = {}) {
    const [state, wishes] = reduce(this.state, { type, at: this.at, ...more });
    this.state = state;
    this.wishes.push(...wishes);
    return this;
  }

  /** Lets time pass, with a tick each tenth of a second; `frame` comes with each. */
  pass(ms, frame) {
    for (let gone = 0; gone < ms; gone += 100) {
      this.at += Math.min(100, ms - gone);
      this.do(frame ? "frame" : "tick", frame);
    }
    return this;
  }

  get screen() {
    return screen(this.state);
  }

  get name() {
    return this.screen.name;
  }

  decide(show, hold_ms = 3000, more = {}) {
    const text = { id: { sentence: "Kalimat.", next_step: null }, en: { sentence: "Sentence.", next_step: null } };
    return this.do("decision", { decision: { show, hold_ms, text, second: false, ...more } });
  }

  sounds() {
    return this.wishes.filter((w) => w.kind === "sound").map((w) => w.sound);
  }

  calls() {
    return this.wishes.filter((w) => w.kind === "help").length;
  }
}

const nobody = { faces: 0 };
const face = { faces: 1 };
const stays = { faces: 1, settled: true };

test("idle until somebody comes, and dim after a minute", () => {
  const page = new Played();
  page.pass(5000, nobody);
  assert.equal(page.name, "idle");
  assert.deepEqual([page.screen.main, page.screen.second], ["STAND_HERE", "OR_CODE"]);
  assert.equal(page.screen.dim, false, "it was only just loaded");
  page.pass(100, face);
  assert.equal(page.name, "look");
  page.pass(TIMES.nobody - 100, nobody);
  assert.equal(page.screen.dim, false);
  page.pass(TIMES.dim, nobody);
  assert.equal(page.screen.dim, true);
});

test("closed shows when it opens", () => {
  const page = new Played({ open: false, opens: 5 });
  assert.deepEqual([page.name, page.screen.main], ["closed", "OPENS_AT"]);
  page.do("occasion", { open: false });
  assert.equal(page.screen.main, "NOT_OPEN");
  page.do("occasion", { open: true });
  assert.equal(page.name, "idle");
});

test("each advice is shown, the near ones as `seen`", () => {
  for (const [hint, main] of Object.entries(HINTS)) {
    const page = new Played().pass(200, { faces: 1, hint });
    assert.equal(page.screen.main, main);
    assert.equal(page.name, ["closer", "back"].includes(hint) ? "seen" : "look");
  }
});

test("an advice stands for a second and a half before another takes its place", () => {
  const page = new Played().pass(100, { faces: 1, hint: "dark" });
  page.pass(1400, { faces: 1, hint: "still" });
  assert.equal(page.screen.main, "DARK");
  page.pass(200, { faces: 1, hint: "still" });
  assert.equal(page.screen.main, "STILL");
  page.pass(1600, face);
  assert.notEqual(page.screen.main, "STILL");
});

test("the challenge shows its step, how much time is left, and that it may be repeated", () => {
  const page = new Played();
  for (const [step, main] of Object.entries(STEPS)) {
    page.pass(100, { faces: 1, hint: "look", asked: { step, left_ms: 1000, attempt: 1 } });
    assert.deepEqual([page.name, page.screen.main, page.screen.second], ["challenge", main, "NO_PHOTO"]);
    assert.equal(page.screen.share, step === "look" ? 0 : 0.25);
  }
  page.pass(100, { faces: 1, asked: { step: "blink", left_ms: 4000, attempt: 2 } });
  assert.equal(page.screen.second, "ONCE_MORE");
});

test("one moment is said after half a second, the desk is named after five", () => {
  const page = new Played().pass(500, face);
  assert.equal(page.name, "look");
  page.pass(100, face);
  assert.deepEqual([page.name, page.screen.second], ["deciding", null]);
  page.pass(5000, face);
  assert.deepEqual([page.name, page.screen.second], ["deciding", "GO_TO_DESK"]);
});

test("each decision has its screen, its tone and its sound", () => {
  const tones = {
    admitted: "good", present: "good", late: "warn", exit: "good", already_day: "info",
    already_ticket: "warn", refused: "bad", attention: "warn", instruct: "plain",
  };
  assert.deepEqual(Object.keys(RESULTS).sort(), Object.keys(tones).sort());
  for (const [show, tone] of Object.entries(tones)) {
    const page = new Played().decide(show, 3000);
    assert.deepEqual([page.name, page.screen.tone], [show, tone]);
    assert.equal(page.screen.text.en.sentence, "Sentence.");
    assert.deepEqual(page.sounds(), RESULTS[show].sound ? [RESULTS[show].sound] : []);
    page.pass(2900);
    assert.equal(page.name, show);
    page.pass(100);
    assert.notEqual(page.name, show);
  }
  // No sound shames whoever is late: the same as for those in time.
  assert.equal(RESULTS.late.sound, RESULTS.present.sound);
  assert.equal(new Played().decide("never heard of").name, "attention");
});

test("a new face cuts a greeting after 1.2 seconds, and a refusal not", () => {
  const page = new Played().decide("admitted").pass(1100, face);
  assert.equal(page.name, "admitted");
  page.pass(200, face);
  assert.notEqual(page.name, "admitted");
  const refused = new Played().decide("refused", 6000).pass(5900, face);
  assert.equal(refused.name, "refused");
});

test("the same face that stays cuts nothing", () => {
  const page = new Played().decide("admitted").pass(2900, stays);
  assert.equal(page.name, "admitted");
});

test("a refusal is read for six seconds, up to fifteen while the person stays", () => {
  const gone = new Played().decide("refused", 6000).pass(6000, nobody);
  assert.notEqual(gone.name, "refused");
  const page = new Played().decide("refused", 6000).pass(14_900, stays);
  assert.equal(page.name, "refused");
  page.pass(200, stays);
  assert.notEqual(page.name, "refused");
});

test("two refusals in a row call staff, once", () => {
  const page = new Played().decide("refused", 6000).pass(6000, face);
  assert.equal(page.calls(), 0);
  page.decide("refused", 6000);
  assert.deepEqual([page.calls(), page.name], [1, "refused"]);
  page.pass(6000, nobody);
  assert.deepEqual([page.name, page.screen.main], ["help", "HELP_TOLD"]);
  page.pass(29_000, nobody);
  assert.equal(page.name, "help");
  page.pass(1100, nobody);
  assert.equal(page.name, "idle");
});

test("an admission, or everybody leaving, ends the row of refusals", () => {
  const page = new Played().decide("refused", 6000).decide("admitted").decide("refused", 6000);
  assert.equal(page.calls(), 0);
  page.pass(11_000, nobody);
  page.decide("refused", 6000);
  assert.equal(page.calls(), 0, "the one before was somebody else");
});

test("an instruction is no refusal", () => {
  const page = new Played().decide("instruct").decide("instruct").decide("instruct");
  assert.equal(page.calls(), 0);
});

test("the button calls staff for half a minute, and staff who come end it", () => {
  const page = new Played().do("help").do("help");
  assert.deepEqual([page.calls(), page.name], [1, "help"]);
  page.pass(29_900);
  assert.equal(page.name, "help");
  page.pass(200);
  assert.equal(page.name, "idle");
  page.do("help").do("helped");
  assert.equal(page.name, "idle");
});

test("no answer from the box is said after two seconds, the desk is named after fifteen", () => {
  const page = new Played().pass(100, face).do("lost");
  page.pass(1900);
  assert.notEqual(page.name, "lost");
  page.pass(200);
  assert.deepEqual([page.name, page.screen.main], ["lost", "RECONNECTING"]);
  page.do("lost").pass(13_000);
  assert.equal(page.screen.main, "GO_TO_DESK");
  page.do("back");
  assert.notEqual(page.name, "lost");
  page.do("lost").pass(3000).pass(100, nobody);
  assert.notEqual(page.name, "lost", "a frame that was answered is an answer");
});

test("a camera that is gone leaves the number and the desk", () => {
  const page = new Played().do("camera", { ok: false });
  assert.deepEqual([page.name, page.screen.main, page.screen.second], ["camera_gone", "NO_CAMERA", "NO_CAMERA_NEXT"]);
  page.do("number_open");
  assert.equal(page.name, "number");
  page.do("number_close").pass(100, nobody);
  assert.equal(page.name, "idle");
});

test("out of service stands above everything", () => {
  const page = new Played({ maintenance: true });
  page.decide("admitted").pass(100, face);
  assert.deepEqual([page.name, page.screen.second], ["maintenance", "GO_TO_DESK"]);
  page.do("maintenance", { on: false });
  assert.notEqual(page.name, "maintenance");
});

test("a number is typed, corrected, sent once", () => {
  const page = new Played().do("number_open");
  for (const key of ["0", "1", "x", "12", "2"]) page.do("number_key", { key });
  page.do("number_delete").do("number_key", { key: "7" });
  assert.equal(page.screen.digits, "017");
  page.do("number_send").do("number_send").do("number_key", { key: "9" });
  assert.deepEqual(page.wishes, [{ kind: "number", digits: "017", second: false }]);
  assert.equal(page.screen.sent, true);
  page.decide("admitted");
  assert.equal(page.name, "admitted");
});

test("an empty number is not sent, and a long one is cut", () => {
  const page = new Played().do("number_open").do("number_send");
  assert.deepEqual(page.wishes, []);
  for (let i = 0; i < 50; i += 1) page.do("number_key", { key: "4" });
  assert.equal(page.screen.digits.length, NUMBER_MAX);
});

test("a number warns twenty seconds before it is cleared, and may be kept", () => {
  const page = new Played().do("number_open").do("number_key", { key: "4" }).pass(39_000);
  assert.equal(page.screen.warn_s, 0);
  page.pass(2000);
  assert.equal(page.screen.warn_s, 19);
  page.do("number_stay");
  assert.equal(page.screen.warn_s, 0);
  page.pass(59_900);
  assert.equal(page.screen.warn_s, 1);
  page.pass(200);
  assert.notEqual(page.name, "number");
});

test("a number whose answer was lost may be sent again", () => {
  const page = new Played().do("number_open").do("number_key", { key: "4" }).do("number_send").do("failed");
  page.do("number_send");
  assert.equal(page.wishes.length, 2);
});

test("a face that only proposes asks for the last digits", () => {
  const page = new Played().decide("attention", 6000, { second: true });
  assert.deepEqual([page.name, page.screen.main], ["number", "TYPE_DIGITS"]);
  page.do("number_key", { key: "4" }).do("number_send");
  assert.deepEqual(page.wishes.at(-1), { kind: "number", digits: "4", second: true });
});

test("the language comes back when nobody is there any more", () => {
  const page = new Played().do("language", { language: "en" });
  page.pass(29_000, nobody);
  assert.equal(page.state.language, "en");
  page.pass(5000, nobody);
  assert.equal(page.state.language, "id");
  page.do("language", { language: "en" }).pass(60_000, face);
  assert.equal(page.state.language, "en", "somebody stands there");
});

test("whoever is recognised is spoken to in their own language, until nobody is there", () => {
  const page = new Played().pass(100, face).decide("present", 3000, { language: "en" });
  assert.equal(page.state.language, "en");
  page.pass(3000, stays).pass(25_000, nobody);
  assert.equal(page.state.language, "en");
  page.pass(10_000, nobody);
  assert.equal(page.state.language, "id");
  page.do("language", { language: "en" }).decide("present", 3000, { language: null });
  assert.equal(page.state.language, "en", "without a choice of their own that of the buttons stays");
});

test("tries to reach the box come after 1, 2, 4 … 15 seconds", () => {
  assert.deepEqual([0, 1, 2, 3, 4, 5, 50].map(pause), [1000, 2000, 4000, 8000, 15000, 15000, 15000]);
});

test("a capital letter is seen under 0.7 degrees", () => {
  // About 100 px on these, says the table of experience; never below 105 and 60.
  for (const [width, height, inch, cm] of [[1280, 800, 10, 100], [1920, 1080, 15.6, 100], [1920, 1080, 32, 200]]) {
    const { main, second } = sizes(width, height, inch, cm);
    const mm = (main * 0.7 * inch * 25.4) / Math.hypot(width, height);
    const degrees = (Math.atan(mm / (cm * 10)) * 180) / Math.PI;
    assert.ok(degrees >= 0.69 && main >= 105 && second >= 60, `${width}: ${degrees} ${main} ${second}`);
  }
  assert.ok(sizes(1920, 1080, 15.6, 200).main > sizes(1920, 1080, 15.6, 100).main);
  assert.ok(sizes(390, 844, 0, 0).main <= 45, "a phone without settings fits its own width");
  assert.ok(sizes(390, 844, 6, 60).main <= 45);
});

test("where faces are not looked for, the code and the number are asked for", () => {
  const page = new Played({ faces: false }).pass(5000, nobody);
  assert.deepEqual([page.name, page.screen.main, page.screen.second], ["idle", "SHOW_CODE", "OR_NUMBER"]);
  page.do("occasion", { open: true, faces: true });
  assert.equal(page.screen.main, "STAND_HERE");
});

test("the page is loaded anew only while nobody notices", () => {
  const two_hours = 2 * 3600_000;
  const page = new Played().pass(5000, nobody);
  const may = (hour, changed, p = page, loaded = 0) => reloads(p.state, p.at - loaded, hour, changed);
  assert.equal(may(12, true), true, "the box has other files");
  assert.equal(may(12, false), false);
  assert.equal(may(QUIET_HOUR, false, page, two_hours + 1), true);
  assert.equal(may(QUIET_HOUR, false, page, two_hours), false, "it was loaded in this night");
  assert.equal(may(QUIET_HOUR + 1, false, page, 20 * two_hours), false);
  for (const [why, busy] of [
    ["a face", new Played().pass(5000, nobody).pass(100, face)],
    ["a face a moment ago", new Played().pass(100, face).pass(2000, nobody)],
    ["a decision", new Played().pass(5000, nobody).decide("admitted")],
    ["a number", new Played().pass(5000, nobody).do("number_open")],
    ["a call", new Played().pass(5000, nobody).do("help")],
    ["another language", new Played().pass(5000, nobody).do("language", { language: "en" })],
    ["no box", new Played().pass(5000, nobody).do("lost").pass(3000)],
  ]) {
    assert.equal(may(QUIET_HOUR, true, busy, two_hours + 1), false, why);
  }
  const closed = new Played({ open: false }).pass(5000, nobody);
  assert.equal(may(12, true, closed), true, "a closed screen, too");
});

test("what is touched is 20 mm wide with 4 mm between, as far as the diagonal is known", () => {
  for (const [width, height, inch] of [[1280, 800, 10.1], [800, 1280, 10.1], [1920, 1080, 15.6]]) {
    const a_mm = Math.hypot(width, height) / (inch * 25.4);
    const { side, gap } = touch(width, height, inch);
    assert.ok(side / a_mm >= 20 && gap / a_mm >= 4, `${inch}: ${side} ${gap}`);
  }
  assert.ok(touch(1280, 800, null).side >= 76);
  const phone = touch(390, 844, 6);
  assert.ok(phone.side >= 44 && 4 * phone.side + 3 * phone.gap <= 390, JSON.stringify(phone));
});

/** Whatever happens in whatever order: there is always a screen, and never one without words. */
test("no sequence of events leaves the screen empty", () => {
  let seed = 7;
  const draw = (n) => {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    return Math.floor((seed / 2147483648) * n);
  };
  const events = [
    (p) => p.pass(draw(3000), face), (p) => p.pass(draw(9000), nobody), (p) => p.pass(draw(3000), stays),
    (p) => p.pass(300, { faces: 1, hint: "dark" }), (p) => p.do("help"), (p) => p.do("helped"),
    (p) => p.pass(300, { faces: 1, asked: { step: "blink", left_ms: 3000, attempt: 1 } }),
    (p) => p.decide(Object.keys(RESULTS)[draw(9)], 3000, { second: draw(5) === 0 }),
    (p) => p.do("lost"), (p) => p.do("lost").pass(3000), (p) => p.pass(300, { faces: 1, hint: "closer" }), (p) => p.do("back"), (p) => p.do("camera", { ok: draw(2) === 0 }),
    (p) => p.do("number_open"), (p) => p.do("number_key", { key: String(draw(10)) }), (p) => p.do("number_send"),
    (p) => p.do("number_close"), (p) => p.do("failed"), (p) => p.do("occasion", { open: draw(3) > 0 }),
    (p) => p.do("maintenance", { on: draw(4) === 0 }), (p) => p.do("asking"), (p) => p.do("unheard of"),
  ];
  const page = new Played();
  const names = new Set();
  for (let i = 0; i < 6000; i += 1) {
    events[draw(events.length)](page);
    const shown = page.screen;
    names.add(shown.name);
    assert.ok(shown.text || shown.main, JSON.stringify(page.state));
    assert.ok(page.state.number === null || page.state.number.digits.length <= NUMBER_MAX);
  }
  assert.deepEqual([...names].sort(), [...SCREENS].sort());
});
