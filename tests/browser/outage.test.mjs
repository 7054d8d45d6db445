// What goes wrong at a door, on the real page before the real box: the box goes away, the camera
// goes, the screen is out of service, somebody calls for staff. Each ends by itself or by staff.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { launch, open, root } from "./browser.mjs";
import { eventually, start } from "./box.mjs";
import * as steps from "./steps.mjs";
import { written } from "./written.mjs";

const PIN = "471199";
/// Any small picture will do.
const LOGO = join(root, "docs", "pictures", "desk-id.png");

let box, browser, staff, kiosk;
before(async () => {
  [box, browser] = await Promise.all([start(), launch({ camera: true })]);
  staff = await open(browser, box);
  await steps.setUp(box, staff, "id");
  await steps.addPerson(staff, "Budi Santoso", "20260001");
  await staff.goto("/settings");
  await staff.fill("[name=pin]", PIN);
  await staff.click("form[action='/settings/pin'] button.primary");
  await staff.waitForURL("**/settings?done=yes");
  await staff.goto("/settings");
  await staff.setInputFiles("#logo-file", LOGO);
  await staff.waitForSelector("#logo-told[data-state=good]");
  await staff.goto("/events");
  await staff.fill("[name=name]", "Wisuda");
  await staff.click("form[action='/events'] button.primary");
  await staff.waitForURL(/\/events\/[0-9A-Z]{26}/);
  const code = await steps.offerKiosk(staff, "Gerbang depan", { inches: "10.1", distance: "100" });
  kiosk = await open(browser, box);
  await kiosk.clock.install();
  await steps.pair(kiosk, code);
});
after(async () => {
  await browser?.close();
  await box?.stop();
});

/// Waits until the screen shows a state with the words of the list; the page's time runs along, so
/// that its pauses cost nobody any.
async function shows(name, screen = name) {
  await eventually(`the screen ${name}`, async () => {
    await kiosk.clock.runFor(500);
    const now = await steps.shown(kiosk);
    return now.screen === screen && now.main === written[name].id[0];
  });
  const now = await steps.shown(kiosk);
  assert.equal(now.second, written[name].id[1], name);
}

/// Presses the corner for five seconds and types the PIN.
async function unlock(pin = PIN) {
  await kiosk.dispatchEvent("#corner", "pointerdown");
  await kiosk.clock.runFor(5100);
  await kiosk.locator("#menu").waitFor();
  await kiosk.fill("#pin", pin);
  await kiosk.click("#menu-open");
}

const heard = (faults) => faults.filter((fault) => !/ERR_|NetworkError|Failed to fetch/.test(fault));

test("the site's logo stands above the screen", async () => {
  await eventually("the logo", () => kiosk.evaluate(() => document.querySelector(".top .logo")?.naturalWidth > 0));
});

test("the box goes away and comes back, and the screen by itself", { timeout: 120_000 }, async () => {
  await shows("idle");
  await box.kill();
  await shows("lost");
  await kiosk.clock.fastForward(15_000);
  await shows("lost.late", "lost");
  await box.again();
  await shows("idle");
  // The network alone is cut.
  await kiosk.context().setOffline(true);
  await shows("lost");
  await kiosk.context().setOffline(false);
  await shows("idle");
  assert.deepEqual(heard(kiosk.faults), []);
});

test("the camera goes and comes back, and meanwhile the number is one touch away", { timeout: 60_000 }, async () => {
  await kiosk.evaluate(() => {
    const { mediaDevices } = navigator;
    globalThis.real = mediaDevices.getUserMedia.bind(mediaDevices);
    mediaDevices.getUserMedia = () => Promise.reject(new Error("no camera"));
    for (const track of document.getElementById("camera").srcObject.getTracks()) track.stop();
  });
  await shows("camera_gone");
  await kiosk.click("#open-number");
  await shows("number");
  await kiosk.click("#number-close");
  await shows("camera_gone");
  // The desk page and the list of devices would say so: the box knows how old the last picture is.
  await kiosk.evaluate(() => (navigator.mediaDevices.getUserMedia = globalThis.real));
  await shows("idle");
});

test("a number is typed on the pad, by hand and by keyboard", { timeout: 60_000 }, async () => {
  await kiosk.click("#open-number");
  for (const key of "2026") await kiosk.click(`[data-key="${key}"]`);
  await kiosk.keyboard.type("00019");
  await kiosk.keyboard.press("Backspace");
  await eventually("#digits says 20260001", async () => (await kiosk.textContent("#digits")) === "20260001");
  await kiosk.click("#number-send");
  const told = await eventually("a decision", async () => {
    const now = await steps.shown(kiosk);
    return steps.isAdmission(now.screen) && now;
  });
  assert.match(told.main, /^(Hadir pukul \d\d\.\d\d\.|Terlambat \d+ menit\.)$/);
  await kiosk.clock.fastForward(7000);
  await shows("idle");
});

test("a call for staff rings at the desk, and its answer ends it", { timeout: 60_000 }, async () => {
  await staff.goto("/desk?occasion=today");
  await kiosk.click("#call");
  await shows("help");
  const call = staff.locator("#help li").filter({ hasText: "Gerbang depan" });
  await call.waitFor();
  await call.getByRole("button").click();
  await call.waitFor({ state: "detached" });
  await shows("idle");
});

test("out of service lasts over a restart of the box and of the page, until staff end it", { timeout: 90_000 }, async () => {
  await unlock("000000");
  await eventually("the refusal", async () => (await kiosk.textContent("#pin-error")) === "PIN salah.");
  await kiosk.click("#menu-close");
  await unlock();
  await kiosk.click("#menu-out");
  await shows("maintenance");
  await box.kill();
  await box.again();
  await kiosk.reload();
  await shows("maintenance");
  await eventually("the box hears of it", async () => {
    await kiosk.clock.runFor(5000);
    await staff.goto("/devices");
    return (await staff.locator("main").textContent()).includes("Gerbang depan");
  });
  await unlock();
  await kiosk.click("#menu-in");
  await shows("idle");
});

test("staff choose the event and the direction at the screen", { timeout: 60_000 }, async () => {
  await unlock();
  await kiosk.locator("#menu-choice").waitFor();
  await kiosk.selectOption("#menu-event", { label: "Wisuda" });
  await kiosk.selectOption("#menu-direction", "exit");
  await kiosk.click("#menu-choice button");
  await eventually("it is kept", async () => (await kiosk.textContent("#menu-told")) === "Tersimpan.");
  await kiosk.click("#menu-sound");
  await kiosk.click("#menu-close");
  await eventually("#occasion says Wisuda", async () => (await kiosk.textContent("#occasion")) === "Wisuda");
  assert.ok(steps.acts(box).includes("device.options"));
  // It stays so when the page is loaded anew.
  await kiosk.reload();
  await eventually("the event", async () => (await kiosk.textContent("#occasion")) === "Wisuda");
});
