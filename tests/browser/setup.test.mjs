// What of the setup and the settings needs a script: the code that comes with the address, the logo.
import assert from "node:assert/strict";
import { deflateSync } from "node:zlib";
import { after, before, test } from "node:test";
import { launch, open } from "./browser.mjs";
import { reads, start } from "./box.mjs";
import * as steps from "./steps.mjs";

let browser;
before(async () => (browser = await launch()));
after(() => browser?.close());

/// A PNG of one green point.
function png() {
  const crc = (bytes) => {
    let sum = ~0;
    for (const byte of bytes) {
      sum ^= byte;
      for (let bit = 0; bit < 8; bit += 1) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
    }
    return ~sum >>> 0;
  };
  const chunk = (name, data) => {
    const body = Buffer.concat([Buffer.from(name, "latin1"), data]);
    const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    check.writeUInt32BE(crc(body));
    return Buffer.concat([length, body, check]);
  };
  const head = Buffer.from([0, 0, 0, 1, 0, 0, 0, 1, 8, 2, 0, 0, 0]);
  const point = deflateSync(Buffer.from([0, 11, 110, 79]));
  const begin = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([begin, chunk("IHDR", head), chunk("IDAT", point), chunk("IEND", Buffer.alloc(0))]);
}

const file = (name, mimeType, buffer) => ({ name, mimeType, buffer });

test("the code behind the # is filled in, and is in no address and no log", { timeout: 120_000 }, async (t) => {
  const box = await start();
  t.after(box.stop);
  const page = await open(browser, box);
  const asked = [];
  page.on("request", (request) => asked.push(request.url()));
  const code = box.run("setup-code").match(/\b[A-Z0-9]{4}-?[A-Z0-9]{4}\b/)[0];
  await page.goto(`/setup#code=${code}`);
  await page.waitForFunction(() => document.getElementById("code").value !== "");
  assert.equal(await page.inputValue("#code"), code);
  assert.equal(new URL(page.url()).hash, "");
  assert.equal(await page.evaluate(() => document.activeElement?.textContent), "Mulai");
  await page.keyboard.press("Enter");
  await page.waitForURL("**/setup/language");
  assert.deepEqual(asked.filter((url) => url.includes(code)), [], "the browser sends it to nobody");
  assert.ok(!box.log.includes(code), box.log);
  assert.deepEqual(page.faults, []);
});

test("a logo is sent as it is, shown above every page, and removed", { timeout: 120_000 }, async (t) => {
  const box = await start();
  t.after(box.stop);
  const page = await open(browser, box);
  await steps.setUp(box, page, "id");
  await page.goto("/settings");
  assert.ok(await page.isHidden("#logo-shown"));
  assert.ok(await page.isHidden("#logo-without"));
  for (const [bad, why] of [
    [file("a.png", "image/png", Buffer.from("<svg onload=alert(1)>")), "no picture"],
    [file("b.png", "image/png", Buffer.concat([png(), Buffer.alloc(128 * 1024)])), "too large"],
  ]) {
    await page.setInputFiles("#logo-file", bad);
    await page.waitForSelector("#logo-told[data-state=bad]");
    await reads(() => page.textContent("#logo-told"), /tidak bisa dipakai/);
    assert.ok(await page.isHidden("#logo-shown"), why);
    await page.reload();
  }
  await page.setInputFiles("#logo-file", file("logo.png", "image/png", png()));
  await page.waitForSelector("#logo-told[data-state=good]");
  await reads(() => page.textContent("#logo-told"), /sudah disimpan/);
  await page.goto("/");
  const width = () => page.$eval(".brand img", (image) => image.naturalWidth);
  assert.equal(await width(), 1, "it is drawn");
  await page.goto("/settings");
  await page.click("form[action='/settings/logo/remove'] button");
  await page.waitForURL("**/settings?done=yes");
  assert.equal(await page.$(".brand img"), null);
  assert.deepEqual(page.faults, []);
});

test("without scripts the page says how the logo is changed", { timeout: 120_000 }, async (t) => {
  const box = await start();
  t.after(box.stop);
  const page = await open(browser, box);
  await steps.setUp(box, page, "id");
  const cookies = await page.context().cookies();
  const bare = await open(browser, box, { javaScriptEnabled: false });
  await bare.context().addCookies(cookies);
  await bare.goto("/settings");
  assert.ok(await bare.isVisible("#logo-without"));
  assert.ok(await bare.isHidden("#logo-file"));
});

test("the file of bad lines comes twice from one page", { timeout: 120_000 }, async (t) => {
  const box = await start();
  t.after(box.stop);
  const page = await open(browser, box, { acceptDownloads: true });
  await steps.setUp(box, page, "id");
  await page.goto("/people/import");
  await page.fill("#table", "Nama;NIM\nBudi;1\nAni;1\n");
  await page.click("#import button.primary");
  for (const round of [1, 2]) {
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.click("form[action='/people/import/bad'] button"),
    ]);
    assert.equal(download.suggestedFilename(), "baris-bermasalah.csv", `time ${round}`);
  }
  assert.deepEqual(page.faults, []);
});
