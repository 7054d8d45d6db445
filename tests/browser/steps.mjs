// What a new user does, step by step, as functions that a test puts together. Each takes a page
// and goes only by what stands on it.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { eventually } from "./box.mjs";

export const ADMIN = { name: "Ratna Wijaya", login: "ratna", password: "kuda hijau makan pisang" };

const send = (page) => page.locator("main form button.primary").first().click();

/// From the code to the first page: five steps, in the language that the site is to have.
export async function setUp(box, page, language, see = async () => {}) {
  const code = box.run("setup-code").match(/\b[A-Z0-9]{4}-?[A-Z0-9]{4}\b/)?.[0];
  if (!code) throw new Error("hadir setup-code printed no code");
  await page.goto("/");
  await page.waitForURL("**/setup");
  await see("setup-code");
  await page.fill("[name=code]", code);
  await send(page);
  await page.waitForURL("**/setup/language");
  await see("setup-language");
  await page.check(`[name=language][value=${language}]`);
  await page.fill("[name=zone]", "Asia/Jakarta");
  await send(page);
  await page.waitForURL("**/setup/site");
  await page.fill("[name=name]", "SMA Contoh");
  await page.check("[name=kind][value=school]");
  await see("setup-site");
  await send(page);
  await page.waitForURL("**/setup/administrator");
  await see("setup-administrator");
  await page.fill("[name=name]", ADMIN.name);
  await page.fill("[name=login]", ADMIN.login);
  await page.fill("[name=password]", ADMIN.password);
  await page.fill("[name=again]", ADMIN.password);
  await send(page);
  await page.waitForURL("**/setup/backup");
  await see("setup-backup");
  await send(page);
  await page.waitForURL("**/setup/samples");
  await see("setup-samples");
  await send(page);
  await page.waitForURL("**/setup/finished");
}

export async function signIn(page) {
  await page.goto("/sign-in");
  await page.fill("[name=login]", ADMIN.login);
  await page.fill("[name=password]", ADMIN.password);
  await send(page);
  await page.waitForURL((url) => url.pathname === "/");
}

/// Adds a person and gives their id.
export async function addPerson(page, name, number) {
  await page.goto("/people/new");
  await page.fill("[name=name]", name);
  await page.fill("[name=number]", number);
  await send(page);
  await page.waitForURL(/\/people\/[0-9A-Za-z]{26}/);
  return new URL(page.url()).pathname.split("/")[2];
}

/// Consent, then pictures of the page's own camera until the box has enough.
export async function enrol(page, person, see = async () => {}) {
  await page.goto(`/enrol/${person}`);
  await page.locator("[name=giver]").first().check();
  await page.locator("[name=means]").nth(1).check();
  await page.check("[name=agreed]");
  await see("enrol-consent");
  await send(page);
  await page.waitForSelector("#start");
  await page.click("#start");
  await page.waitForFunction(() => document.getElementById("progress").value >= 1);
  await see("enrol-pictures");
  await page.waitForSelector("#done:not([hidden])");
  await see("enrol-done");
}

/// Offers a kiosk and gives its pairing code.
export async function offerKiosk(page, name, { inches = "", distance = "" } = {}) {
  await page.goto("/devices");
  await page.fill("[name=name]", name);
  await page.fill("[name=inches]", inches);
  await page.fill("[name=distance]", distance);
  await send(page);
  const code = await page.textContent("#code");
  return code.trim();
}

export async function pair(page, code) {
  await page.goto("/kiosk");
  await page.fill("#code", code);
  await page.click("form[action='/kiosk/pair'] button");
  await page.waitForSelector("#stage");
}

/// What the kiosk shows: the name of its state and its two sentences.
export const shown = (page) =>
  page.evaluate(() => ({
    screen: document.getElementById("stage").dataset.screen,
    main: document.getElementById("main").textContent,
    second: document.getElementById("second").textContent,
  }));

/// Gathers the states that a kiosk goes through, from now on.
export async function watchScreens(page) {
  await page.evaluate(() => {
    const stage = document.getElementById("stage");
    globalThis.screens = [stage.dataset.screen];
    const note = () => globalThis.screens.push(stage.dataset.screen);
    new MutationObserver(note).observe(stage, { attributeFilter: ["data-screen"] });
  });
  return () => page.evaluate(() => globalThis.screens);
}

const ADMITTED = ["admitted", "present", "late"];

/// Waits until the kiosk lets its visitor in, and gives what it showed.
export async function admitted(page) {
  return eventually("an admission on the kiosk", async () => {
    const now = await shown(page);
    return ADMITTED.includes(now.screen) && now;
  });
}

export const isAdmission = (screen) => ADMITTED.includes(screen);

/// Reads the store of a box beside the program: the first column of a query.
export function column(box, query) {
  const script =
    "import sqlite3, sys\n" +
    "c = sqlite3.connect(f'file:{sys.argv[1]}?mode=ro', uri=True)\n" +
    "print('\\n'.join(str(r[0]) for r in c.execute(sys.argv[2])))";
  const file = join(box.folder, "store", "hadir.db");
  const ran = spawnSync("python3", ["-c", script, file, query], { encoding: "utf8" });
  if (ran.status !== 0) throw new Error(ran.stderr);
  return ran.stdout.split("\n").filter(Boolean);
}

/// The acts in the audit of a box, in their order.
export const acts = (box) => column(box, "select act from audit order by seq");
