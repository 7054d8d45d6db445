// People from a table to nothing: imported; staff who sign in with a second factor; a session ended
// from afar; what was done read in the audit trail; one person's data as a file; the erasure, and that
// neither the store nor a backup from before it opens anything of that person.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHmac } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { findings, launch, open } from "./browser.mjs";
import { PROGRAM, start } from "./box.mjs";
import { feed } from "./feed.mjs";
import * as steps from "./steps.mjs";

const STEP_MS = 30_000;

let browser;
before(async () => (browser = await launch({ feed: await feed("p1") })));
after(() => browser?.close());

async function checked(page, where) {
  const serious = (await findings(page)).filter((f) => f.serious);
  assert.deepEqual(serious.map((f) => f.text), [], where);
}

/// The bytes of a text in base 32 (RFC 4648).
function bytesOf(text) {
  let bits = "";
  for (const letter of text) bits += "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter).toString(2).padStart(5, "0");
  return Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
}

/// The code that an authenticator app shows at a time (RFC 6238, six digits).
function codeAt(secret, ms) {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(ms / STEP_MS)));
  const mac = createHmac("sha1", bytesOf(secret)).update(counter).digest();
  const at = mac[19] & 15;
  return String((mac.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

/// Turns the second factor of staff on, and gives its secret.
async function secondFactor(page) {
  await page.goto("/me/second-factor");
  await checked(page, "/me/second-factor");
  const secret = await page.locator("input[name=secret]").inputValue();
  await page.fill("[name=code]", codeAt(secret, Date.now()));
  await page.fill("[name=password]", steps.ADMIN.password);
  await page.locator("main form button.primary").click();
  await page.locator("main ol li code").first().waitFor();
  assert.equal(await page.locator("main ol li").count(), 10);
  return secret;
}

/// Signs staff in, with the code of the app. A code counts once: the next one is taken.
async function signIn(page, secret) {
  await page.goto("/sign-in");
  await page.fill("[name=login]", steps.ADMIN.login);
  await page.fill("[name=password]", steps.ADMIN.password);
  await page.locator("main form button.primary").click();
  await page.locator("[name=code]").waitFor();
  await checked(page, "/sign-in/code");
  await page.fill("[name=code]", codeAt(secret, Date.now() + STEP_MS));
  await page.locator("main form button.primary").click();
  await page.waitForURL((url) => url.pathname === "/");
}

/// Imports two people from a table that is pasted.
async function importPeople(page) {
  await page.goto("/people/import");
  await page.fill("#table", "Nama;NIS;Kelas\nEileen Collins;2026001;X-1\nAni Lestari;2026002;X-2");
  await page.locator("main form button.primary").first().click();
  await page.getByRole("button", { name: "Import 2 people" }).click();
  await page.getByText("Done: 2 new").waitFor();
}

/// The page of the person with this name.
async function find(page, name) {
  await page.goto(`/people?q=${encodeURIComponent(name)}`);
  await page.getByRole("link", { name }).click();
  await page.waitForURL(/\/people\/[0-9A-Za-z]{26}$/);
  return new URL(page.url()).pathname.split("/")[2];
}

/// Clicks what gives a file, and reads it.
async function download(page, what) {
  const [file] = await Promise.all([page.waitForEvent("download"), what.click()]);
  return readFileSync(await file.path(), "utf8");
}

test("people from a table to their erasure", { timeout: 240_000 }, async (t) => {
  const shelf = mkdtempSync(join(tmpdir(), "hadir-browser-shelf-"));
  t.after(() => rmSync(shelf, { recursive: true, force: true }));
  const box = await start(`[backup]\ndir = "${shelf}"\n`);
  t.after(box.stop);
  const staff = await open(browser, box, { locale: "en-GB" });
  const phone = await open(browser, box, { locale: "en-GB" });
  t.after(() => Promise.all([staff.context().close(), phone.context().close()]));
  await steps.setUp(box, staff, "en");
  await importPeople(staff);

  // A session on another device, opened with the second factor, is ended from here, at once.
  const secret = await secondFactor(staff);
  await signIn(phone, secret);
  await staff.goto("/me");
  await checked(staff, "/me");
  await staff.locator("form[action^='/me/sessions/'][action$='/end'] button").first().click();
  await staff.getByText("That device was signed out.").waitFor();
  await phone.goto("/people");
  await phone.waitForURL("**/sign-in**");

  await staff.goto("/audit");
  await checked(staff, "/audit");
  for (const deed of ["ended a session", "switched the second factor on", "imported people from a table"]) {
    const row = staff.locator("tbody tr").filter({ hasText: deed });
    assert.match(await row.first().textContent(), new RegExp(steps.ADMIN.name), deed);
  }
  await staff.selectOption("#act", "person.add");
  await staff.getByRole("button", { name: "Filter" }).click();
  await staff.waitForURL(/act=person\.add/);
  const added = await staff.locator("tbody tr").allTextContents();
  for (const name of ["Eileen Collins", "Ani Lestari"]) assert.ok(added.some((row) => row.includes(name)), name);
  const trail = await download(staff, staff.getByRole("link", { name: "For programs (NDJSON)" }));
  const acts = trail.trim().split("\n").map((line) => JSON.parse(line).act);
  assert.deepEqual(acts, added.map(() => "person.add"));
  assert.ok(!trail.includes("Eileen"), "what is sealed is in no file");

  const person = await find(staff, "Eileen Collins");
  await checked(staff, "/people/{person}");
  await steps.enrol(staff, person);
  await staff.goto(`/people/${person}`);
  const copy = JSON.parse(await download(staff, staff.getByRole("button", { name: "Download this person's data" })));
  assert.equal(copy.person.number, "2026001");
  assert.ok(copy.face.pictures >= 3, JSON.stringify(copy.face));
  const told = copy.audit.map((deed) => deed.act);
  assert.deepEqual(told, ["person.add", "consent.give", "face.enrol", "person.export"]);

  // Somebody asks for the erasure; it waits with its clock.
  await staff.goto("/privacy");
  await staff.check("[name=kind][value=erase]");
  await staff.getByRole("button", { name: "Send the request" }).click();
  await staff.getByText("72 hours left").or(staff.getByText("71 hours left")).first().waitFor();
  await checked(staff, "/privacy");

  const { file } = JSON.parse(box.run("backup", "create", "--json"));
  await staff.goto(`/people/${person}`);
  const erase = staff.locator("details").filter({ has: staff.locator("[name=typed]") });
  await erase.locator("summary").click();
  await staff.fill("[name=typed]", "Eileen Collins");
  await staff.locator(`form[action='/people/${person}/erase'] button`).click();
  await staff.waitForURL(/done=erased/);
  /// Nothing of the person opens: no key, no face, and the program finds nobody.
  const isGone = () => {
    assert.throws(() => box.run("person", "export", person), /no such person|nobody has/);
    const count = (table, where) => steps.column(box, `select count(*) from ${table} where ${where}`);
    const hex = steps.column(box, "select hex(id) from person where state = 'erased'");
    assert.equal(hex.length, 1);
    for (const table of ["person_key", "face_template", "face_picture", "account"]) {
      assert.deepEqual(count(table, `hex(person) = '${hex[0]}'`), ["0"], table);
    }
    assert.deepEqual(count("person", "state = 'erased' and name is null"), ["1"]);
  };
  isGone();
  await staff.goto(`/audit?person=${person}`);
  await staff.getByText("cannot be opened any more").first().waitFor();
  assert.doesNotMatch(await staff.textContent("main"), /Eileen/);

  // The backup has the person; what is restored from it has not.
  await box.kill();
  const restored = spawnSync(PROGRAM, ["restore", file, "--config", box.config, "--json"], { encoding: "utf8" });
  assert.equal(restored.status, 0, restored.stderr);
  assert.equal(JSON.parse(restored.stdout).erased_again, 1);
  await box.again();
  isGone();
  assert.match(box.run("person", "list"), /Ani Lestari/);
  assert.equal(steps.acts(box).filter((act) => act === "person.erase").length, 1);
  assert.match(box.run("audit", "verify"), /^whole/);
  assert.deepEqual(staff.faults.concat(phone.faults), []);
});
