// The way of a new user, from the box's code to the audit: setup, enrolment at the station,
// pairing, standing before the kiosk, the desk that sees it, the undo. Once in each language;
// and the same person, the same pictures, where a living head is required: nobody is let in.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { findings, launch, open } from "./browser.mjs";
import { eventually, start } from "./box.mjs";
import { feed } from "./feed.mjs";
import * as steps from "./steps.mjs";

const ADVISORY = '[attendance]\nstart = "00:00"\nlate_after = "23:59"\n[liveness]\nunattended = "advisory"\nattended = "advisory"\n';
const REQUIRED = '[liveness]\nunattended = "required"\nattended = "advisory"\n';
// Sentences of the screens, written by hand: `{}` is the time.
const WELCOME = { id: /^(Selamat datang|Hadir pukul|Terlambat)/, en: /^(Welcome|Present at|\d+ minutes? late)/ };

let camera;
before(async () => (camera = await launch({ feed: await feed("p1") })));
after(() => camera?.close());

/// Takes a picture of a page for the README when HADIR_SHOTS names a folder.
const photographer = (language) => (page) => async (name) => {
  const folder = process.env.HADIR_SHOTS;
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  // Drawings that move are shown as they come to rest.
  await page.screenshot({ path: join(folder, `${name}-${language}.png`), animations: "disabled" });
};

async function checked(page, where) {
  const serious = (await findings(page)).filter((f) => f.serious);
  assert.deepEqual(serious.map((f) => f.text), [], where);
}

for (const [language, locale] of [["id", "id-ID"], ["en", "en-GB"]]) {
  test(`a new user's way, ${language}`, { timeout: 180_000 }, async (t) => {
    const box = await start(ADVISORY);
    t.after(box.stop);
    const see = photographer(language);
    const staff = await open(camera, box, { locale });
    const kiosk = await open(camera, box, { locale });
    t.after(() => Promise.all([staff.context().close(), kiosk.context().close()]));

    await steps.setUp(box, staff, language, see(staff));
    await checked(staff, "/setup/finished");
    await staff.goto("/");
    await checked(staff, "/");
    await see(staff)("home");
    const person = await steps.addPerson(staff, "Eileen Collins", "P-001");
    await checked(staff, "/people/{person}");
    await steps.enrol(staff, person, see(staff));
    await checked(staff, "/enrol/{person}");
    const code = await steps.offerKiosk(staff, "Gerbang depan");
    await checked(staff, "/devices");

    await staff.goto("/desk?occasion=today");
    await staff.waitForSelector("#recent", { state: "attached" });
    await steps.pair(kiosk, code);
    const decision = await steps.admitted(kiosk);
    await see(kiosk)("kiosk-admitted");
    assert.match(`${decision.main} ${decision.second}`.trim(), WELCOME[language]);
    await checked(kiosk, "/kiosk");

    const scan = staff.locator("#recent li").filter({ hasText: "Eileen" });
    await scan.first().waitFor();
    await see(staff)("desk");
    await checked(staff, "/desk");
    await scan.first().getByRole("button").last().click();
    await staff.click("#undo [data-reason=test]");
    await staff.locator("#undo").waitFor({ state: "hidden" });
    await eventually("the undo in the audit", () => steps.acts(box).includes("checkin.undo"));
    assert.deepEqual(staff.faults.concat(kiosk.faults), []);
  });
}

test("where a living head is required, a picture lets nobody in", { timeout: 120_000 }, async (t) => {
  const box = await start(REQUIRED);
  t.after(box.stop);
  const staff = await open(camera, box);
  const kiosk = await open(camera, box);
  t.after(() => Promise.all([staff.context().close(), kiosk.context().close()]));
  await steps.setUp(box, staff, "id");
  await steps.enrol(staff, await steps.addPerson(staff, "Eileen Collins", "P-001"));
  const code = await steps.offerKiosk(staff, "Gerbang depan");
  await steps.pair(kiosk, code);
  const screens = await steps.watchScreens(kiosk);
  // Two whole challenges go by: the picture was asked, and did not pass.
  await eventually("two refusals after challenges", async () => {
    const seen = await screens();
    assert.equal(seen.filter(steps.isAdmission).length, 0, seen.join(" "));
    return seen.includes("challenge") && seen.filter((s) => ["refused", "instruct", "help"].includes(s)).length >= 1;
  });
  const verdicts = steps.column(box, "select verdict from visit");
  assert.ok(verdicts.every((verdict) => verdict !== "admitted"), verdicts.join());
});
