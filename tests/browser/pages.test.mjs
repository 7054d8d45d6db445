// Every page, as people meet it who see little, have no mouse or thick fingers: what axe says, the
// size of what is pressed, and the way through it with the Tab key. Once on a phone, light, in
// Indonesian; once on a laptop, dark, in English; the kiosk besides in each of its screens.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { findings, launch, open, smallTargets, tabOrder } from "./browser.mjs";
import { start } from "./box.mjs";
import { STATES, become, bring, needsRest, play, rest, screenOf } from "./scripted.mjs";
import * as steps from "./steps.mjs";

const LOOKS = [
  { language: "id", locale: "id-ID", colorScheme: "light", viewport: { width: 390, height: 844 } },
  { language: "en", locale: "en-GB", colorScheme: "dark", viewport: { width: 1280, height: 800 } },
];

let browser;
before(async () => (browser = await launch({ camera: true })));
after(() => browser?.close());

/// A page is left as it was; what is wrong with it comes as lines.
async function faultsOf(page, where) {
  const serious = (await findings(page)).filter((f) => f.serious).map((f) => f.text);
  const small = (await smallTargets(page, 44)).map((line) => `smaller than 44 px: ${line}`);
  const { order, missed } = await tabOrder(page);
  const unseen = order.filter((at) => !at.seen).map((at) => `no mark of the focus: ${at.what}`);
  const unreached = missed.map((what) => `Tab does not reach ${what}`);
  // Down the page as it is read: of two that follow each other the later does not stand far above,
  // except where a new column begins.
  const back = [];
  for (let i = 2; i < order.length; i += 1) {
    const [before, at] = [order[i - 1], order[i]];
    if (before.stays || at.stays) continue;
    if (at.top < before.top - 300 && at.left <= before.left) back.push(`Tab goes back up: ${before.what} -> ${at.what}`);
  }
  const wide = (await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)) ? ["wider than the screen"] : [];
  return [...serious, ...small, ...unseen, ...unreached, ...back, ...wide].map((line) => `${where}: ${line}`);
}

for (const look of LOOKS) {
  const { language, ...options } = look;
  test(`every page for everybody: ${look.viewport.width} px, ${look.colorScheme}, ${language}`, { timeout: 240_000 }, async (t) => {
    const box = await start();
    t.after(box.stop);
    const page = await open(browser, box, options);
    const faults = [];
    const check = async (where) => faults.push(...(await faultsOf(page, where)));

    await steps.setUp(box, page, language, check);
    await check("/setup/finished");
    const person = await steps.addPerson(page, "Siti Aminah", "20260002");
    await page.goto("/events");
    await page.fill("[name=name]", "Wisuda");
    await page.click("form[action='/events'] button.primary");
    await page.waitForURL(/\/events\/[0-9A-Z]{26}/);
    const event = new URL(page.url()).pathname;
    await steps.offerKiosk(page, "Gerbang depan");
    await check("/devices with a code");
    const pages = [
      "/", "/people", "/people/new", "/people/import", `/people/${person}`, "/enrol", `/enrol/${person}`, "/events", event,
      "/devices", "/status", "/settings", "/me", "/more", "/kit", "/trust", "/desk", "/desk?occasion=today", "/api/docs", "/nowhere",
    ];
    for (const path of pages) {
      await page.goto(path);
      await check(path.replace(person, "{person}").replace(/[0-9A-Z]{26}/, "{id}"));
    }
    await page.goto(`/people/${person}`);
    const make = page.locator(`form[action='/people/${person}/link'] button`);
    await page.locator("details", { has: make }).locator("summary").click();
    await make.click();
    const link = await page.getAttribute("#link", "href");
    await check("/people/{person}/link");
    const phone = await open(browser, box, options);
    await phone.goto(new URL(link, box.address).pathname);
    faults.push(...(await faultsOf(phone, "/enrol/own/{token}")));
    for (const path of ["/sign-in", "/kiosk"]) {
      await phone.goto(path);
      faults.push(...(await faultsOf(phone, path)));
    }
    await phone.context().close();
    await page.context().close();
    assert.deepEqual(faults, []);
  });
}

test("every screen of the kiosk", { timeout: 240_000 }, async (t) => {
  const box = await start();
  t.after(box.stop);
  const staff = await open(browser, box);
  await steps.setUp(box, staff, "id");
  const code = await steps.offerKiosk(staff, "Gerbang depan");
  const kiosk = await open(browser, box);
  const part = await play(kiosk);
  await steps.pair(kiosk, code);
  await rest(kiosk, part);
  await become(kiosk, part, { width: 1280, height: 800, inches: 10.1, distance: 100 });
  // One state for each screen: its colours, its controls.
  const one = new Map(Object.keys(STATES).map((name) => [screenOf(name), name]));
  const faults = [];
  let language = "id";
  for (const name of one.values()) {
    await bring(kiosk, part, name);
    // The words of both are looked at in kiosk.test.mjs; here the languages take turns.
    language = language === "en" ? "id" : "en";
    await kiosk.evaluate((language) => document.querySelector(`[data-language=${language}]`).click(), language);
    const serious = (await findings(kiosk)).filter((f) => f.serious);
    faults.push(...serious.map((f) => `${name}, ${language}: ${f.text}`));
    await kiosk.evaluate(() => document.querySelector("[data-language=id]").click());
    if (["idle", "number"].includes(screenOf(name))) {
      const { order, missed } = await tabOrder(kiosk);
      faults.push(...missed.map((what) => `${name}: Tab does not reach ${what}`));
      faults.push(...order.filter((at) => !at.seen).map((at) => `${name}: no mark of the focus: ${at.what}`));
    }
    if (needsRest(name)) await rest(kiosk, part);
  }
  await kiosk.context().close();
  assert.deepEqual(faults, []);
});
