// Every state of the screen on the real page: its sentence in both languages against the list that
// was written by hand, its size from where people stand, its contrast, what can be touched, and
// what axe says of it.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { findings, launch, open, smallTargets, tabOrder } from "./browser.mjs";
import { start } from "./box.mjs";
import { STATES, become, bring, needsRest, onScreen, play, rest, screenOf } from "./scripted.mjs";
import * as steps from "./steps.mjs";
import { written } from "./written.mjs";

/// Screens as they stand at doors; the sentence keeps its size on each.
const TABLET = { width: 1280, height: 800, inches: 10.1, distance: 100 };
const SCREENS = {
  "a tablet": TABLET,
  "a tablet upright": { width: 800, height: 1280, inches: 10.1, distance: 100 },
  "a television": { width: 1920, height: 1080, inches: 32, distance: 200 },
};

let box, camera, kiosk, part;
before(async () => {
  [box, camera] = await Promise.all([start(), launch({ camera: true })]);
  const staff = await open(camera, box);
  await steps.setUp(box, staff, "id");
  const code = await steps.offerKiosk(staff, "Gerbang depan");
  await staff.context().close();
  // Drawings that move are not where they rest.
  kiosk = await open(camera, box, { reducedMotion: "reduce" });
  part = await play(kiosk);
  await steps.pair(kiosk, code);
});
after(async () => {
  await camera?.close();
  await box?.stop();
});

/// Whether a state's words are long enough to need a look on every screen.
const isLong = (name) => Object.values(written[name]).some(([main, second]) => main.length > 24 || second.length > 30) || name === "admitted";

/// Numbers of the sentence as it is drawn now.
const drawn = () =>
  kiosk.evaluate(() => {
    const of = (id) => document.getElementById(id);
    const main = getComputedStyle(of("main"));
    const rgb = (text) => text.match(/[\d.]+/g).slice(0, 3).map(Number);
    const light = (text) => {
      const [r, g, b] = rgb(text).map((v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const bodys = getComputedStyle(document.body).backgroundColor;
    const stages = getComputedStyle(of("stage")).backgroundColor;
    const ground = stages === "rgba(0, 0, 0, 0)" ? bodys : stages;
    const [high, low] = [light(main.color), light(ground)].sort((a, b) => b - a);
    const room = of("stage").getBoundingClientRect();
    const outside = [...document.querySelectorAll("#main, #second, #sign, #mirror, .controls .touch, .pad")].filter((e) => {
      const at = e.getBoundingClientRect();
      const cut = at.left < 0 || at.top < 0 || at.right > innerWidth + 0.5 || at.bottom > innerHeight + 0.5;
      const inStage = e.closest("#stage") && (at.top < room.top - 1 || at.bottom > room.bottom + 1);
      return e.getClientRects().length > 0 && (cut || inStage);
    });
    return {
      words: ["main", "second"].map((id) => (of(id).hidden ? "" : of(id).textContent)),
      tone: of("stage").dataset.tone,
      main: parseFloat(main.fontSize),
      second: parseFloat(getComputedStyle(of("second")).fontSize),
      lines: Math.round(of("main").offsetHeight / parseFloat(main.lineHeight)),
      fit: getComputedStyle(of("stage")).getPropertyValue("--fit"),
      contrast: (high + 0.05) / (low + 0.05),
      outside: outside.map((e) => e.id || e.className),
      wide: document.documentElement.scrollWidth > innerWidth,
    };
  });

async function inBoth(look) {
  for (const language of ["id", "en"]) {
    await kiosk.evaluate((language) => document.querySelector(`[data-language=${language}]`).click(), language);
    await look(language);
  }
  await kiosk.evaluate(() => document.querySelector("[data-language=id]").click());
}

for (const [which, size] of Object.entries(SCREENS)) {
  test(`each state says what the list says, large enough, on ${which}`, { timeout: 120_000 }, async (t) => {
    await rest(kiosk, part);
    await become(kiosk, part, size);
    const pixels_a_mm = Math.hypot(size.width, size.height) / (size.inches * 25.4);
    const tones = new Set();
    const faults = [];
    for (const name of Object.keys(written).filter((name) => size === TABLET || isLong(name))) {
      await bring(kiosk, part, name);
      await inBoth(async (language) => {
        const seen = await drawn();
        tones.add(seen.tone);
        const where = `${name}, ${language}`;
        assert.equal(await onScreen(kiosk), screenOf(name), where);
        assert.deepEqual(seen.words, written[name][language], where);
        const mm = (seen.main * 0.7) / pixels_a_mm;
        const degrees = (Math.atan(mm / (size.distance * 10)) * 180) / Math.PI;
        const bad = [];
        if (degrees < 0.69 || seen.main < 104.5) bad.push(`${degrees.toFixed(2)} degrees, ${seen.main} px (fit ${seen.fit})`);
        if (seen.second < 60) bad.push(`the second line has ${seen.second} px`);
        if (seen.contrast < 7) bad.push(`contrast ${seen.contrast.toFixed(1)}`);
        if (seen.outside.length) bad.push(`cut off: ${seen.outside}`);
        if (seen.wide) bad.push("wider than the screen");
        // Beside the number pad, and on a screen that stands upright, a line is short.
        const most = size.width < size.height ? 6 : screenOf(name) === "number" ? 4 : 3;
        if (seen.lines > most) bad.push(`${seen.lines} lines`);
        const small = await smallTargets(kiosk, 20 * pixels_a_mm);
        if (small.length) bad.push(`smaller than 20 mm: ${small.join("; ")}`);
        if (bad.length) faults.push(`${where}: ${bad.join(", ")}`);
      });
      if (needsRest(name)) await rest(kiosk, part);
    }
    assert.deepEqual(faults, []);
    assert.deepEqual([...tones].sort(), ["active", "bad", "good", "info", "plain", "warn"]);
    assert.deepEqual(kiosk.faults.filter((fault) => !fault.includes("ERR_")), []);
  });
}

test("every screen that the page knows is in the list, and the other way round", () => {
  const script = readFileSync(new URL("../../src/surface/pages/assets/kiosk_state.js", import.meta.url), "utf8");
  const known = [...script.match(/export const SCREENS = \[(.*?)\];/s)[1].matchAll(/"(\w+)"/g)].map((m) => m[1]);
  assert.deepEqual([...new Set(Object.keys(STATES).map(screenOf))].sort(), known.sort());
  assert.deepEqual(Object.keys(STATES).sort(), Object.keys(written).sort());
});
