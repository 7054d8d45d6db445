// What the tests of the desk share: a box with people and an event, paired phones, and a look into
// what a phone has kept.
import { open } from "./browser.mjs";
import { eventually, start } from "./box.mjs";
import * as steps from "./steps.mjs";

export const PHONE = { width: 412, height: 800 };
export const PEOPLE = [
  ["Budi Santoso", "2026-001", "X IPA 1"],
  ["Budi Santoso", "2026-002", "X IPA 2"],
  ["Sinta Dewi Lestari", "2026-003", "X IPA 1"],
];

/// A box that is set up, with an administrator's page. `today` is the attendance of the day.
export async function office(browser, settings = "") {
  // More phones are paired here within minutes than a real box allows from one address.
  const limits = '[limits]\ncode = "off"\n';
  const box = await start(`[attendance]\nstart = "00:00"\nlate_after = "23:59"\n${limits}${settings}`);
  const admin = await open(browser, box);
  await steps.setUp(box, admin, "id");
  for (const [name, number, group] of PEOPLE) {
    box.run("person", "add", name, "--number", number, "--class", group);
  }
  return { box, admin };
}

/// A phone that an administrator has paired as a desk, on the page of an occasion.
export async function pairedPhone(browser, { box, admin }, name, occasion = "today") {
  await admin.goto("/devices");
  await admin.fill("[name=name]", name);
  await admin.check("[name=kind][value=desk]");
  await admin.locator("main form[action='/devices'] button.primary").click();
  const code = (await admin.textContent("#code")).trim();
  const phone = await open(browser, box, { viewport: PHONE });
  await phone.goto("/kiosk");
  await phone.fill("#code", code);
  const answered = phone.waitForResponse("**/kiosk/pair");
  await phone.click("form[action='/kiosk/pair'] button");
  await answered;
  await atDesk(phone, occasion);
  return phone;
}

export async function atDesk(page, occasion = "today") {
  await page.goto(`/desk?occasion=${occasion}`);
  await eventually("the box's numbers", async () => (await page.textContent("#count-inside")) !== "–");
}

export async function revoke(admin, name) {
  await admin.goto("/devices");
  await admin.getByRole("button", { name: `Cabut ${name}` }).click();
  await admin.waitForURL("**/devices?done=revoked");
}

/// A scanner types a code, whatever has the focus: no key waits for the one before, so that a busy
/// machine does not make it as slow as a person.
export async function typed(page, code, end = "Enter") {
  const keys = end ? [...code, end] : [...code];
  await Promise.all(keys.map((key) => page.keyboard.press(key)));
}

export const tone = async (page) => (await page.getAttribute("#card", "class")) ?? "";
export const hasTone = (page, want) =>
  eventually(`a card ${want}`, async () => (await page.isVisible("#card")) && (await tone(page)).split(" ").includes(want));
export const unsent = async (page) => Number.parseInt(await page.textContent("#unsent"), 10) || 0;

/// Gathers the tones that the card has from now on.
export async function watchTones(page) {
  await page.evaluate(() => {
    const card = document.getElementById("card");
    globalThis.tones = [];
    const note = () => {
      const now = card.hidden ? "none" : card.className.replace("desk-card", "").trim();
      if (globalThis.tones.at(-1) !== now) globalThis.tones.push(now);
    };
    new MutationObserver(note).observe(card, { attributes: true });
  });
  return () => page.evaluate(() => globalThis.tones);
}

/// All that the phone keeps for the desk: the intents, the notes, keys of the local storage; null: no
/// database at all.
export const kept = (page) =>
  page.evaluate(async () => {
    const local = Object.keys(localStorage).filter((key) => key.startsWith("hadir-desk"));
    const nothing = { none: true, intents: [], notes: {}, local };
    const all = await indexedDB.databases();
    if (!all.some(({ name }) => name === "hadir-desk")) return nothing;
    const promised = (request) =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    // If it has gone since, it is not made again by looking.
    const opening = indexedDB.open("hadir-desk");
    opening.onupgradeneeded = () => opening.transaction.abort();
    const database = await promised(opening).catch(() => null);
    if (!database) return nothing;
    const read = (name) => promised(database.transaction(name).objectStore(name).getAll());
    const intents = (await read("intents")).sort((a, b) => a.order - b.order);
    const notes = Object.fromEntries((await read("notes")).map(({ name, value }) => [name, value]));
    database.close();
    return { none: false, intents, notes, local };
  });

/// The visits of a box in their order: nonce in capitals of base 16, verdict, mode.
export const visits = (box) =>
  steps
    .column(box, "select hex(nonce) || ' ' || verdict || ' ' || mode from visit order by seq")
    .map((line) => line.split(" "))
    .map(([nonce, verdict, mode]) => ({ nonce, verdict, mode }));

const LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// A nonce of the page as the store has it.
export function stored(nonce) {
  let value = 0n;
  for (const letter of nonce) value = value * 32n + BigInt(LETTERS.indexOf(letter));
  return value.toString(16).toUpperCase().padStart(32, "0");
}
