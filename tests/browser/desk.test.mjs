// The desk in a browser, on the built program: codes from the camera and from scanners that type,
// the card, the search, undo, and what only a supervisor may.
import assert from "node:assert/strict";
import { writeFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import encodeQR from "../../src/surface/desk/qr/index.js";
import { findings, launch } from "./browser.mjs";
import { eventually, reads } from "./box.mjs";
import * as desk from "./desk_phone.mjs";
import * as steps from "./steps.mjs";

const WIDTH = 640;
const HEIGHT = 480;
const BAD = "KODE-KAMERA-ASING";

/// One picture, with or without a code in its middle.
function picture(code) {
  const luma = Buffer.alloc(WIDTH * HEIGHT, 120);
  if (code) {
    const modules = encodeQR(code, "raw", { ecc: "medium", border: 4 });
    const pixels = 8;
    const [left, top] = [WIDTH, HEIGHT].map((n) => Math.round((n - modules.length * pixels) / 2));
    for (let y = 0; y < modules.length * pixels; y += 1) {
      for (let x = 0; x < modules.length * pixels; x += 1) {
        const dark = modules[Math.floor(y / pixels)][Math.floor(x / pixels)];
        luma[(top + y) * WIDTH + left + x] = dark ? 20 : 235;
      }
    }
  }
  return Buffer.concat([Buffer.from("FRAME\n"), luma, Buffer.alloc((WIDTH * HEIGHT) / 2, 128)]);
}

/// The camera's film (YUV4MPEG2), which the browser plays over and over: a stranger's code, at
/// once a good one, then for long enough nothing that both count anew.
function film(folder, good) {
  const head = Buffer.from(`YUV4MPEG2 W${WIDTH} H${HEIGHT} F10:1 Ip A1:1 C420jpeg\n`);
  const scenes = [[BAD, 25], [good, 25], [null, 40]];
  const frames = scenes.flatMap(([code, tenths]) => Array(tenths).fill(picture(code)));
  const path = join(folder, "code.y4m");
  writeFileSync(path, Buffer.concat([head, ...frames]));
  return path;
}

let folder;
let browser;
let camera;
let office;
let event;
let ticket;
before(async () => {
  folder = mkdtempSync(join(tmpdir(), "hadir-film-"));
  browser = await launch();
  office = await desk.office(browser);
  const json = (...args) => JSON.parse(office.box.run(...args, "--json"));
  event = `event:${json("event", "add", "Wisuda").event}`;
  ticket = () => json("ticket", "add", event.slice("event:".length)).code;
  camera = await launch({ feed: film(folder, ticket()) });
});
after(async () => {
  await camera?.close();
  await browser?.close();
  await office?.box.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function phone(t, name, occasion = "today") {
  const page = await desk.pairedPhone(browser, office, name, occasion);
  t.after(() => page.context().close());
  return page;
}

const card = (page) => page.locator("#card");
const close = (page) => card(page).getByRole("button", { name: "Tutup" }).click();
/// How many visits the box has, by what a test may ask of them.
const count = (where) => Number(steps.column(office.box, `select count(*) from visit where ${where}`)[0]);

test("the camera goes on by itself after a bad code, and the next code takes the card at once", { timeout: 120_000 }, async (t) => {
  const page = await desk.pairedPhone(camera, office, "Meja kamera", event);
  t.after(() => page.context().close());
  const tones = await desk.watchTones(page);
  await page.click("#camera");
  await eventually("a bad code, then a good one", async () => /stop(,wait)?,go/.test((await tones()).join()));
  // In view for two and a half seconds each, seen some twenty times, decided once.
  const first = await tones();
  assert.ok(!first.slice(0, first.indexOf("go")).includes("none"), `the card was closed between: ${first}`);
  assert.equal(count("verdict = 'admitted'"), 1);
  // Out of view for longer than three seconds: a new look at both.
  await eventually("the second round", () => count("verdict = 'already'") === 1);
  assert.equal(count("verdict = 'admitted'"), 1);
  await page.click("#camera");
  const settled = count("1 = 1");
  await page.waitForTimeout(1000);
  assert.equal(count("1 = 1"), settled, "the camera is off");
});

test("a scanner that types is heard wherever the focus is, and leaves no trace there", { timeout: 120_000 }, async (t) => {
  const page = await phone(t, "Meja pemindai");
  const serious = (await findings(page)).filter((f) => f.serious);
  assert.deepEqual(serious.map((f) => f.text), []);
  await reads(() => page.textContent("#wedge"), /Pemindai siap/);
  const from = count("1 = 1");

  await page.fill("#search", "les");
  await page.focus("#search");
  await desk.typed(page, "TIDAK-ADA-1001");
  await desk.hasTone(page, "stop");
  assert.equal(await page.inputValue("#search"), "les");
  await page.waitForTimeout(400); // Longer than the search waits for the end of typing.
  assert.equal(await page.inputValue("#search"), "les");

  // Without Enter: a silence of a tenth of a second ends it. The card is that of the next code.
  await desk.typed(page, "TIDAK-ADA-1002", null);
  await eventually("the second", () => count("1 = 1") === from + 2);

  // On a button, where Enter would press, and in the notes, which keep what was written.
  await close(page);
  await page.focus("#camera-next");
  await desk.typed(page, "TIDAK-ADA-1003");
  await eventually("the third", () => count("1 = 1") === from + 3);
  await close(page);
  await page.click("#handover summary");
  await page.fill("#handover-notes", "Kunci di laci");
  await page.focus("#handover-notes");
  await desk.typed(page, "TIDAK-ADA-1004");
  await eventually("the fourth", () => count("1 = 1") === from + 4);
  assert.equal(await page.inputValue("#handover-notes"), "Kunci di laci");

  // The same code within three seconds of its answer is the same look.
  await desk.typed(page, "TIDAK-ADA-1004");
  await page.waitForTimeout(500);
  assert.equal(count("1 = 1"), from + 4);

  // Another window is in front: no scanner reaches this page, and it says so.
  await page.evaluate(() => {
    document.hasFocus = () => false;
    dispatchEvent(new Event("blur"));
  });
  await reads(() => page.textContent("#wedge"), /Pemindai tidak siap/);
});

test("a decided card stays half a minute, shows how long, and longer once it is read", { timeout: 120_000 }, async (t) => {
  const page = await phone(t, "Meja kartu");
  await page.clock.install();
  await page.reload();
  await desk.typed(page, "TIDAK-ADA-2001");
  await desk.hasTone(page, "stop");
  await page.clock.fastForward(20_000);
  const bar = card(page).locator("progress");
  assert.ok((await bar.evaluate((p) => p.value)) < 0.4);
  await page.clock.fastForward(11_000);
  await eventually("no card", async () => !(await page.isVisible("#card")));

  await desk.typed(page, "TIDAK-ADA-2002");
  await desk.hasTone(page, "stop");
  await page.evaluate(() => document.getElementById("card").dispatchEvent(new Event("scroll")));
  await page.clock.fastForward(60_000);
  await eventually("#card is seen", () => page.isVisible("#card"));
  assert.equal(await bar.isVisible(), false);
  // What is read gives way to the next code all the same.
  await desk.typed(page, "TIDAK-ADA-2003");
  await eventually("the next card", async () => (await card(page).innerText()).includes("2003"));
});

test("a photo of a code does where there is no camera, and one without a code says so", { timeout: 120_000 }, async (t) => {
  const page = await phone(t, "Meja foto");
  const shot = (text) =>
    page.evaluate((modules) => {
      const canvas = document.createElement("canvas");
      [canvas.width, canvas.height] = [900, 700];
      const context = canvas.getContext("2d");
      context.fillStyle = "#999";
      context.fillRect(0, 0, 900, 700);
      for (const [y, row] of modules.entries()) {
        for (const [x, dark] of row.entries()) {
          context.fillStyle = dark ? "#111" : "#eee";
          context.fillRect(250 + x * 10, 150 + y * 10, 10, 10);
        }
      }
      return canvas.toDataURL("image/png").split(",")[1];
    }, text ? encodeQR(text, "raw", { ecc: "medium", border: 4 }) : []);
  const give = async (text) =>
    page.setInputFiles("#photo", { name: "a.png", mimeType: "image/png", buffer: Buffer.from(await shot(text), "base64") });
  await give(null);
  await page.waitForSelector("#no-code:not([hidden])");
  const from = count("1 = 1");
  await give("TIDAK-ADA-3001");
  await desk.hasTone(page, "stop");
  assert.equal(count("1 = 1"), from + 1);
  assert.equal(await page.isVisible("#no-code"), false);
});

test("people are found by parts of the name, told apart, admitted by a second tap, undone there", { timeout: 120_000 }, async (t) => {
  const page = await phone(t, "Meja daftar");
  const hits = page.locator("#hits > li");
  await page.fill("#search", "sa");
  await page.waitForTimeout(600);
  assert.equal(await hits.count(), 0, "a list before three letters");
  await page.fill("#search", "san bud");
  await eventually("both namesakes", async () => (await hits.count()) === 2);
  const facts = await hits.allInnerTexts();
  for (const [i, fact] of [["X IPA 1", "2026-001"], ["X IPA 2", "2026-002"]].entries()) {
    for (const part of fact) assert.ok(facts[i].includes(part), facts[i]);
  }
  await page.fill("#search", "2026-003");
  await eventually("one by number", async () => (await hits.count()) === 1);
  const admit = hits.getByRole("button", { name: "Terima", exact: true });
  assert.equal(await admit.isVisible(), false, "a first tap admits");
  const from = count("verdict = 'admitted'");
  await hits.locator("summary").click();
  await admit.click();
  await desk.hasTone(page, "go");
  const whole = /Diterima.*Sinta Dewi Lestari.*Kelas X IPA 1 · 2026-003/s;
  await eventually("the whole card", async () => whole.test(await card(page).innerText()));
  await close(page);
  const undo = hits.getByRole("button", { name: /^Sudah masuk \d\d\.\d\d · Batalkan$/ });
  await undo.click();
  assert.equal(count("verdict = 'admitted'"), from + 1, "pressed again");
  // A reason of five; the last one needs words.
  await page.click("#undo [data-reason=other]");
  await eventually("#undo is seen", () => page.isVisible("#undo"));
  await page.fill("#undo-remark", "Salah tekan");
  await page.click("#undo [data-reason=other]");
  await eventually("the button to admit", () => admit.isVisible());
  assert.equal(count("verdict = 'admitted' and undone = 1"), 1);
  // What is no name is offered as a code.
  const code = ticket();
  await page.goto(`/desk?occasion=${event}`);
  await page.fill("#search", code);
  await page.getByRole("button", { name: `Pakai sebagai kode: ${code}` }).click();
  await desk.hasTone(page, "go");
});

test("who was in already is shown with where and by whom; a supervisor alone admits again", { timeout: 120_000 }, async (t) => {
  const code = ticket();
  const steward = await phone(t, "Meja barat", event);
  await desk.typed(steward, code);
  await desk.hasTone(steward, "go");
  await close(steward);
  await steward.waitForTimeout(3100);
  await desk.typed(steward, code);
  await desk.hasTone(steward, "look");
  await eventually("where it was", async () => /Masuk · Meja barat/.test(await card(steward).innerText()));
  await reads(() => card(steward).innerText(), /Sudah tercatat/);
  assert.equal(await card(steward).getByRole("button", { name: "Terima juga" }).count(), 0);

  const page = office.admin;
  await desk.atDesk(page, event);
  await desk.typed(page, code);
  await desk.hasTone(page, "look");
  await card(page).getByRole("button", { name: "Terima juga" }).click();
  await page.locator("#override button.primary").click();
  await eventually("#override is seen", () => page.isVisible("#override"));
  await page.fill("#override-remark", "Tas tertinggal di mobil");
  await page.locator("#override button.primary").click();
  await eventually("let in", async () => /Diterima.*bertentangan dengan aturan/s.test(await card(page).innerText()));
  assert.equal(count("verdict = 'admitted' and mode = 'online' and conflict = 'already_admitted'"), 1);
  assert.equal(steps.acts(office.box).filter((act) => act === "checkin.override").length, 1);
  // The steward may not undo what somebody else did.
  await eventually("the steward sees it", async () => (await steward.locator("#recent li").count()) >= 2);
  await steward.locator("#recent button").first().click();
  await steward.click("#undo [data-reason=double]");
  await eventually("a refusal", async () => /minta koordinator/.test(await steward.textContent("#undo-failed")));
});
