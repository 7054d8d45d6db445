// `hadir demo` as whoever tries it meets it: the printed code pairs the screen, and the screen shows
// the box's own camera, its pictures and what was decided about them.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { PROGRAM, eventually, freePort } from "./box.mjs";
import { launch, open, root } from "./browser.mjs";
import * as steps from "./steps.mjs";

test("the demo's screen shows the box's camera and what it decides", { timeout: 120_000 }, async (t) => {
  const port = await freePort();
  const args = ["demo", "--listen", `127.0.0.1:${port}`, "--models", join(root, "models")];
  const child = spawn(PROGRAM, args, { stdio: ["ignore", "ignore", "pipe"] });
  const demo = { address: `http://127.0.0.1:${port}`, said: "", ended: false };
  child.stderr.setEncoding("utf8");
  child.stderr.on("data", (text) => (demo.said += text));
  child.on("exit", () => (demo.ended = true));
  t.after(async () => {
    child.kill("SIGTERM");
    await eventually("the demo's end", () => demo.ended);
  });
  const browser = await launch();
  t.after(() => browser.close());
  const code = await eventually("the printed code", () => {
    assert.ok(!demo.ended, demo.said);
    return demo.said.match(/pair it with ([A-Z0-9-]+)/)?.[1];
  });
  const kiosk = await open(browser, demo);
  await steps.pair(kiosk, code);
  const screens = await steps.watchScreens(kiosk);
  // Pictures come as they are taken, and are seen while somebody stands there.
  await eventually("a picture of the box's camera", () => kiosk.evaluate(() => document.getElementById("preview").naturalWidth > 0));
  await eventually("a face and a decision", async () => {
    const seen = await screens();
    return ["look", "seen", "deciding"].some((s) => seen.includes(s)) && seen.some((s) => /^(admitted|already|refused|present|late)/.test(s));
  });
  const folder = process.env.HADIR_SHOTS;
  if (folder) {
    mkdirSync(folder, { recursive: true });
    await kiosk.screenshot({ path: join(folder, "demo-kiosk.png"), animations: "disabled" });
  }
  // The menu of staff has no choice of event here: the box's camera follows its own setting.
  assert.equal(await kiosk.locator("#camera").evaluate((video) => video.srcObject), null, "the browser's camera stays off");
  assert.deepEqual(kiosk.faults, []);
});
