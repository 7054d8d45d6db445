// A phone whose access ends: what it keeps, what it may still tell, what stands on its screen.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { findings, launch, open } from "./browser.mjs";
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

async function phone(t, name) {
  const page = await desk.pairedPhone(browser, office, name);
  t.after(() => page.context().close());
  return page;
}

const gone = (page) => page.waitForSelector("#gone:not([hidden])");

/// Picks a person from the list and lets them in here, while the box is not heard; scans a code
/// besides. Two intents are unsent then, and the name of the one is on the phone.
async function leaveTwoUnsent(page, name, code) {
  await page.fill("#search", name);
  await page.locator("#hits summary").first().click();
  await page.context().setOffline(true);
  await page.locator("#hits button").first().click();
  await desk.hasTone(page, "unsent");
  await page.locator("#card").getByRole("button", { name: "Terima di sini" }).click();
  await page.locator("#card").getByRole("button", { name: "Tutup" }).click();
  await desk.typed(page, code);
  await eventually("two unsent", async () => (await desk.unsent(page)) === 2);
  assert.match(JSON.stringify(await desk.kept(page)), new RegExp(name));
}

test("a revoked phone with nothing unsent forgets everything within seconds", { timeout: 120_000 }, async (t) => {
  const page = await phone(t, "Meja lupa");
  await page.evaluate(() => localStorage.setItem("hadir-desk-camera", "x"));
  await page.fill("#search", "sinta");
  await page.waitForSelector("#hits summary");
  await page.click("#handover summary");
  await page.fill("#handover-notes", "Pak Budi menyusul");
  await desk.revoke(office.admin, "Meja lupa");
  const revoked = Date.now();
  await gone(page);
  const took = Date.now() - revoked;
  assert.ok(took < 3000, `${took} ms`);
  await eventually("the deletion", async () => (await desk.kept(page)).none);
  assert.deepEqual((await desk.kept(page)).local, []);
  await reads(() => page.textContent("#gone"), /Perangkat ini sudah dicabut.*sudah dihapus/s);
  for (const name of ["Sinta", "Budi"]) {
    assert.ok(!(await page.innerText("body")).includes(name), name);
    assert.ok(!(await page.inputValue("#handover-notes")).includes(name), name);
  }
  assert.equal(await page.isVisible("#desk"), false);
  assert.deepEqual((await findings(page)).filter((f) => f.serious), []);
  await page.reload();
  await page.waitForURL("**/sign-in**");
});

test("what a revoked phone has not sent is told by staff who sign in on it, and by nobody else", { timeout: 120_000 }, async (t) => {
  const page = await phone(t, "Meja laporan");
  const before = desk.visits(office.box).length;
  await leaveTwoUnsent(page, "Sinta", "TIDAK-ADA-0101");
  await desk.revoke(office.admin, "Meja laporan");
  await page.context().setOffline(false);
  await gone(page);
  await eventually("the count", async () => /2 belum terkirim/.test(await page.textContent("#gone-unsent")));
  const left = await desk.kept(page);
  assert.equal(left.intents.length, 2);
  assert.ok(!JSON.stringify(left).includes("Sinta"), "a name is kept");
  assert.ok(!(await page.innerText("body")).includes("Sinta"), "a name is shown");
  assert.equal(desk.visits(office.box).length, before, "a revoked phone has told something");

  await page.click("#gone-sign-in");
  await page.waitForURL("**/sign-in**");
  await eventually("what is left", async () => /\b2\b/.test(await page.textContent("#desk-left")));
  await page.fill("[name=login]", steps.ADMIN.login);
  await page.fill("[name=password]", steps.ADMIN.password);
  await page.locator("main form button.primary").click();
  await page.waitForURL("**/desk?occasion=today");
  await eventually("both at the box", () => desk.visits(office.box).length === before + 2);
  await eventually("nothing unsent", async () => (await desk.unsent(page)) === 0);
  const [fact, scan] = desk.visits(office.box).slice(before);
  const report = left.intents[0].report;
  assert.deepEqual(fact, { nonce: desk.stored(report.nonce), verdict: "admitted", mode: "offline" });
  assert.equal(scan.nonce, desk.stored(left.intents[1].nonce));
  assert.deepEqual((await desk.kept(page)).intents, []);
});

test("nobody comes: what is left on a revoked phone goes by itself, also when asked for", { timeout: 120_000 }, async (t) => {
  const waiting = await phone(t, "Meja menunggu");
  await waiting.clock.install();
  await waiting.reload();
  await leaveTwoUnsent(waiting, "Budi", "TIDAK-ADA-0102");
  await desk.revoke(office.admin, "Meja menunggu");
  await waiting.context().setOffline(false);
  await gone(waiting);
  await waiting.clock.fastForward("09:50");
  assert.equal((await desk.kept(waiting)).intents.length, 2);
  await waiting.clock.fastForward("00:15");
  await eventually("the deletion", async () => (await desk.kept(waiting)).none);
  await reads(() => waiting.textContent("#gone"), /sudah dihapus/);

  const asked = await phone(t, "Meja hapus");
  await leaveTwoUnsent(asked, "Budi", "TIDAK-ADA-0103");
  await desk.revoke(office.admin, "Meja hapus");
  await asked.context().setOffline(false);
  await gone(asked);
  await asked.click("#gone-delete");
  assert.equal((await desk.kept(asked)).intents.length, 2, "once is not enough");
  await reads(() => asked.textContent("#gone-delete"), /2/);
  await asked.click("#gone-delete");
  await eventually("the deletion", async () => (await desk.kept(asked)).none);
});

test("a phone whose page was closed is cleaned where it is sent to sign in", { timeout: 120_000 }, async (t) => {
  const page = await phone(t, "Meja tutup");
  await page.evaluate(() => localStorage.setItem("hadir-desk-camera", "x"));
  await page.goto("about:blank");
  await desk.revoke(office.admin, "Meja tutup");
  await page.goto("/desk?occasion=today");
  await page.waitForURL("**/sign-in**");
  await eventually("the deletion", async () => (await desk.kept(page)).none);
  assert.deepEqual((await desk.kept(page)).local, []);
  assert.equal(await page.isVisible("#desk-left"), false);
});

test("a session that ends covers the page and gives it back after the next one", { timeout: 120_000 }, async (t) => {
  const page = await open(browser, office.box, { viewport: desk.PHONE });
  const context = page.context();
  t.after(() => context.close());
  await steps.signIn(page);
  await desk.atDesk(page);
  await leaveTwoUnsent(page, "Budi", "TIDAK-ADA-0104");
  const before = desk.visits(office.box).length;
  const cookies = await context.cookies();
  await context.clearCookies();
  await context.setOffline(false);
  await gone(page);
  await eventually("the names' end", async () => !JSON.stringify(await desk.kept(page)).includes("Budi"));
  await reads(() => page.textContent("#gone"), /Anda sudah keluar/);
  // Signing in in another tab is enough.
  await context.addCookies(cookies);
  await page.waitForSelector("#desk:not([hidden])");
  await eventually("both at the box", () => desk.visits(office.box).length === before + 2);
});

test("handing over needs everything sent and a box that answers, and leaves no name", { timeout: 120_000 }, async (t) => {
  const page = await open(browser, office.box, { viewport: desk.PHONE });
  const context = page.context();
  t.after(() => context.close());
  await steps.signIn(page);
  await desk.atDesk(page);
  await page.click("#handover summary");
  await context.setOffline(true);
  await page.click("#handover-end");
  await page.waitForSelector("#handover-failed:not([hidden])");
  await desk.typed(page, "TIDAK-ADA-0105");
  await eventually("one unsent", async () => (await desk.unsent(page)) === 1);
  assert.equal(await page.isDisabled("#handover-end"), true);
  await context.setOffline(false);
  await eventually("nothing unsent", async () => (await desk.unsent(page)) === 0);
  await page.locator("#card").getByRole("button", { name: "Tutup" }).click();
  await eventually("my one scan", async () => /1/.test(await page.textContent("#handover-scans")));
  await page.fill("#search", "budi");
  await page.waitForSelector("#hits summary");
  await page.fill("#handover-notes", "Kunci ada di meja");
  await page.click("#handover-end");
  await page.waitForURL("**/sign-in**");
  const left = await desk.kept(page);
  assert.deepEqual([left.intents, left.notes.notes?.text], [[], "Kunci ada di meja"]);
  await page.goBack().catch(() => {});
  await eventually("no name", async () => !(await page.innerText("body")).includes("Budi"));
  await steps.signIn(page);
  await desk.atDesk(page);
  await reads(() => page.textContent("#handover-from-text"), /Kunci ada di meja/);
  await reads(() => page.textContent("#handover-scans"), /0/);
});
