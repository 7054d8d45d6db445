// The desk while the box is not heard: amber and nothing else, kept over reloads and crashes, told
// once and in order when it is back.
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { findings, launch, persistent } from "./browser.mjs";
import { eventually, reads } from "./box.mjs";
import * as desk from "./desk_phone.mjs";
import * as steps from "./steps.mjs";

let browser;
let office;
before(async () => {
  browser = await launch();
  office = await desk.office(browser);
});
after(async () => {
  await browser?.close();
  await office?.box.stop();
});

async function pairedPhone(t, name) {
  const page = await desk.pairedPhone(browser, office, name);
  t.after(() => page.context().close());
  return page;
}

/// Whether an element is seen where it stands, with nothing over it.
const inSight = (page, selector) =>
  page.evaluate((text) => {
    const element = document.querySelector(text);
    const { left, top, width, height } = element.getBoundingClientRect();
    const there = document.elementFromPoint(left + width / 2, top + height / 2);
    return element.contains(there);
  }, selector);

test("the box is killed between scans: amber, both ways on, all told once and in order", { timeout: 180_000 }, async (t) => {
  const { box } = office;
  const from = desk.visits(box).length;
  const phone = await pairedPhone(t, "Meja utara");
  await phone.fill("#search", "sinta");
  await phone.locator("#hits summary").first().click();
  const tones = await desk.watchTones(phone);
  await box.kill();
  const card = phone.locator("#card");

  await desk.typed(phone, "TIDAK-ADA-0001");
  await desk.hasTone(phone, "unsent");
  await reads(() => card.innerText(), /Belum terkirim/);
  await eventually("1 unsent", async () => (await desk.unsent(phone)) === 1);
  assert.deepEqual((await findings(phone)).filter((f) => f.serious), []);
  for (const selector of ["#unsent", "#line"]) assert.ok(await inSight(phone, selector), `${selector} is hidden`);
  await eventually("the line is gone", async () => /Tidak terhubung/.test(await phone.textContent("#line")));
  await card.getByRole("button", { name: "Tunggu" }).click();

  // The same code again is the same intent: the card is back, and nothing is counted twice.
  await phone.waitForTimeout(3100);
  await desk.typed(phone, "TIDAK-ADA-0001");
  await desk.hasTone(phone, "unsent");
  await eventually("1 unsent", async () => (await desk.unsent(phone)) === 1);
  await card.getByRole("button", { name: "Tunggu" }).click();

  await phone.locator("#hits button").first().click();
  await desk.hasTone(phone, "unsent");
  await card.getByRole("button", { name: "Terima di sini" }).click();
  await reads(() => card.innerText(), /Diterima di sini/);
  await card.getByRole("button", { name: "Tutup" }).click();
  await desk.typed(phone, "TIDAK-ADA-0003");
  await eventually("three unsent", async () => (await desk.unsent(phone)) === 3);
  const { intents } = await desk.kept(phone);
  assert.equal(intents.length, 3);
  const seen = await tones();
  assert.deepEqual(seen.filter((tone) => ["go", "stop", "look"].includes(tone)), [], "a verdict without the box");

  await box.again();
  await eventually("nothing unsent", async () => (await desk.unsent(phone)) === 0);
  const nonces = [intents[0].nonce, intents[1].report.nonce, intents[2].nonce].map(desk.stored);
  const kept = desk.visits(box).slice(from);
  assert.deepEqual(kept.map((v) => v.nonce), nonces);
  assert.deepEqual(kept.map((v) => `${v.verdict} ${v.mode}`), ["refused online", "admitted offline", "refused online"]);
  await eventually("the line is back", async () => /Terhubung/.test(await phone.textContent("#line")));
  assert.equal(await phone.isVisible("#unheard"), false);
});

test("a cut network comes back by itself, without anything to send", { timeout: 120_000 }, async (t) => {
  const phone = await pairedPhone(t, "Meja selatan");
  await phone.context().setOffline(true);
  await eventually("the line is gone", async () => /Tidak terhubung/.test(await phone.textContent("#line")));
  await eventually("#unheard is seen", () => phone.isVisible("#unheard"));
  await phone.context().setOffline(false);
  await eventually("the line is back", async () => (await phone.textContent("#line")) === "Terhubung");
  // What happens elsewhere is seen again.
  const before = Number(await phone.textContent("#count-inside"));
  await office.admin.request.post("/api/v1/check-ins", {
    data: { nonce: "01JD5Z3N8GQ4X6V7W8Y9Z0A1B2", occasion: "today", number: "2026-001" },
    headers: { origin: office.box.address },
  });
  await eventually("one more", async () => Number(await phone.textContent("#count-inside")) === before + 1);
});

test("an answer that is lost after the commit: the same nonce, one visit, the same card", { timeout: 120_000 }, async (t) => {
  const phone = await pairedPhone(t, "Meja timur");
  const from = desk.visits(office.box).length;
  let lost = 0;
  await phone.route("**/api/v1/check-ins", async (route) => {
    await route.fetch(); // The box decides …
    lost += 1;
    await (lost < 3 ? route.abort() : route.continue()); // … and twice the phone does not hear it.
  });
  await desk.typed(phone, "TIDAK-ADA-0009");
  await desk.hasTone(phone, "stop");
  assert.equal(lost, 3);
  assert.equal(desk.visits(office.box).length, from + 1);
  await eventually("0 unsent", async () => (await desk.unsent(phone)) === 0);
});

test("a reload and a crash of the browser in between keep what is unsent", { timeout: 180_000 }, async (t) => {
  const { box } = office;
  const from = desk.visits(box).length;
  const visits = () => desk.visits(box).slice(from);
  const folder = mkdtempSync(join(tmpdir(), "hadir-profile-"));
  t.after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 50, retryDelay: 200 }));
  const first = await persistent(folder, box, { viewport: desk.PHONE });
  t.after(() => first.close().catch(() => {})); // it has fallen by then, if all went well
  const page = await first.newPage();
  await steps.signIn(page);
  await desk.atDesk(page);
  await first.setOffline(true);
  await desk.typed(page, "TIDAK-ADA-0011");
  await desk.typed(page, "TIDAK-ADA-0012");
  await eventually("two unsent", async () => (await desk.unsent(page)) === 2);

  // Reloaded while the check-ins still do not arrive: they are listed, each with its way on.
  await first.route("**/api/v1/check-ins", (route) => route.abort());
  await first.setOffline(false);
  await page.reload();
  await eventually("two unsent", async () => (await desk.unsent(page)) === 2);
  assert.equal(await page.locator("#unsent-list").getByRole("button", { name: "Terima di sini" }).count(), 2);
  await desk.typed(page, "TIDAK-ADA-0013");
  await eventually("three unsent", async () => (await desk.unsent(page)) === 3);
  const { intents } = await desk.kept(page);
  assert.deepEqual(visits(), []);
  await crash(folder);

  const second = await persistent(folder, box, { viewport: desk.PHONE });
  t.after(() => second.close());
  const again = await second.newPage();
  await again.goto("/desk?occasion=today");
  // A cookie may be younger than what the browser had written when it fell.
  if (new URL(again.url()).pathname === "/sign-in") {
    await eventually("what is left", async () => /\b3\b/.test(await again.textContent("#desk-left")));
    await steps.signIn(again);
    await desk.atDesk(again);
  }
  await eventually("all three at the box", () => visits().length === 3);
  assert.deepEqual(visits().map((v) => v.nonce), intents.map((i) => desk.stored(i.nonce)));
  await eventually("nothing unsent", async () => (await desk.unsent(again)) === 0);
});

/// Ends all processes of the browser that works in this folder, at once.
async function crash(folder) {
  const own = () =>
    readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .filter((name) => {
        try {
          return readFileSync(`/proc/${name}/cmdline`, "utf8").split("\0").includes(`--user-data-dir=${folder}`);
        } catch {
          return false; // It has ended meanwhile.
        }
      });
  assert.ok(own().length > 0, "no browser to end");
  for (const pid of own()) {
    try {
      process.kill(Number(pid), "SIGKILL");
    } catch {
      // Its parent took it along.
    }
  }
  await eventually("the browser's end", () => own().length === 0);
  // A lock that names a process which is gone.
  for (const name of ["SingletonLock", "SingletonCookie", "SingletonSocket"]) rmSync(join(folder, name), { force: true });
}
