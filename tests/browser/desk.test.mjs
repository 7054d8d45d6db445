// The desk in a browser, on the built program: a code from the camera, a scanner that types, and a
// box that goes away and comes back.
import assert from "node:assert/strict";
import { writeFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import encodeQR from "../../src/surface/desk/qr/index.js";
import { findings, launch, open } from "./browser.mjs";
import { eventually, start } from "./box.mjs";
import * as steps from "./steps.mjs";

const WIDTH = 640;
const HEIGHT = 480;
const CODE = "KODE-KAMERA-0001";

/** A film of one picture with a code in its middle (YUV4MPEG2), for the browser's camera. */
function film(folder) {
  const modules = encodeQR(CODE, "raw", { ecc: "medium", border: 4 });
  const pixels = 8;
  const [left, top] = [WIDTH, HEIGHT].map((n) => Math.round((n - modules.length * pixels) / 2));
  const luma = Buffer.alloc(WIDTH * HEIGHT, 120);
  for (let y = 0; y < modules.length * pixels; y += 1) {
    for (let x = 0; x < modules.length * pixels; x += 1) {
      const dark = modules[Math.floor(y / pixels)][Math.floor(x / pixels)];
      luma[(top + y) * WIDTH + left + x] = dark ? 20 : 235;
    }
  }
  const frame = Buffer.concat([Buffer.from("FRAME\n"), luma, Buffer.alloc((WIDTH * HEIGHT) / 2, 128)]);
  const head = Buffer.from(`YUV4MPEG2 W${WIDTH} H${HEIGHT} F10:1 Ip A1:1 C420jpeg\n`);
  const path = join(folder, "code.y4m");
  writeFileSync(path, Buffer.concat([head, frame, frame, frame]));
  return path;
}

let folder;
let camera;
before(async () => {
  folder = mkdtempSync(join(tmpdir(), "hadir-film-"));
  camera = await launch({ feed: film(folder) });
});
after(async () => {
  await camera?.close();
  rmSync(folder, { recursive: true, force: true });
});

const tone = (page) => page.getAttribute("#card", "class");
const verdicts = (box) => steps.column(box, "select verdict from visit order by seq");

test("scans by camera and scanner; amber without the box, delivered once when it is back", { timeout: 180_000 }, async (t) => {
  const box = await start();
  t.after(box.stop);
  const page = await open(camera, box, { viewport: { width: 412, height: 800 } });
  t.after(() => page.context().close());
  await steps.setUp(box, page, "id");
  await page.goto("/desk");
  await page.click("a[href='/desk?occasion=today']");
  const card = page.locator("#card");

  const serious = (await findings(page)).filter((f) => f.serious);
  assert.deepEqual(serious.map((f) => f.text), []);

  // A scanner types into whatever has the focus: the field stays as it was.
  await page.fill("#search", "les");
  await page.focus("#search");
  await page.keyboard.type("TIDAK-ADA-0001");
  await page.keyboard.press("Enter");
  await eventually("a red card", async () => (await tone(page)).includes("stop"));
  assert.equal(await page.inputValue("#search"), "les");
  await card.getByRole("button", { name: "Tutup" }).click();

  // The camera reads a code, once however long it is in view.
  await page.click("#camera");
  await eventually("the camera's code at the box", () => verdicts(box).length === 2);
  await card.getByRole("button", { name: "Tutup" }).click();
  await page.waitForTimeout(1500);
  await page.click("#camera");
  assert.equal(verdicts(box).length, 2);

  // The box is not heard: amber, kept over a reload, told once when it is back.
  await page.context().setOffline(true);
  await page.focus("#handover summary");
  await page.keyboard.type("TIDAK-ADA-0002");
  await page.keyboard.press("Enter");
  await eventually("an amber card", async () => (await tone(page)).includes("unsent"));
  assert.match(await page.textContent("#unsent"), /^1 /);
  await page.context().setOffline(false);
  await page.reload();
  await eventually("all is sent", async () => /terkirim$/.test(await page.textContent("#unsent")) && !/^\d/.test(await page.textContent("#unsent")));
  assert.deepEqual(verdicts(box), ["refused", "refused", "refused"]);
  const offline = (fault) => !fault.includes("ERR_INTERNET_DISCONNECTED");
  assert.deepEqual(page.faults.filter(offline), []);
});
