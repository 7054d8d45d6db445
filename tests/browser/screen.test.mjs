// The box's own screen: Chromium started with the words of the unit itself, on the page that the
// unit's first command writes. Of the unit's words only those that ask for a screen are left out.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { attach, launch, open, place, root } from "./browser.mjs";
import { eventually, start } from "./box.mjs";
import * as steps from "./steps.mjs";

const TOKEN = "0123456789abcdef".repeat(4);
const unit = readFileSync(join(root, "systemd/hadir-kiosk.service"), "utf8");
/// The browser's arguments, as they stand in the unit.
const flags = unit
  .match(/^ExecStart=((?:.*\\\n)*.*)$/m)[1]
  .replaceAll("\\\n", " ")
  .split(/\s+/)
  .filter((word) => word.startsWith("--"))
  .slice(1);

let folder, box, shown, browser;

/// Starts the browser of the screen: its process and its only page.
async function screen() {
  const page = join(folder, "start.html");
  const words = flags
    .filter((flag) => !flag.startsWith("--ozone-platform="))
    .map((flag) => flag.replace(/^--user-data-dir=.*/, `--user-data-dir=${join(folder, "profile")}`))
    .map((flag) => flag.replace(/^--app=.*/, `--app=file://${page}`));
  assert.equal(words.filter((word) => word.includes(folder)).length, 2, "profile and first page are those of the test");
  const extra = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--remote-debugging-port=0"];
  const running = spawn(place(), [...extra, ...words], { stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  running.stderr.setEncoding("utf8").on("data", (text) => (said += text));
  const address = await eventually("the browser's address", () => said.match(/listening on (ws:\S+)/)?.[1]);
  return { running, browser: await attach(address) };
}

const thePage = () =>
  eventually("the screen's page", () =>
    shown.browser
      .contexts()
      .flatMap((context) => context.pages())
      .find((page) => page.url().startsWith(box.address)),
  );

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "hadir-screen-"));
  writeFileSync(join(folder, "hadir.kiosk-token"), TOKEN, { mode: 0o600 });
  box = await start(`[kiosk]\ntoken = "file:${folder}/hadir.kiosk-token"\n`);
  const wrote = spawnSync("sh", [join(root, "systemd/kiosk/start-page")], {
    env: { PATH: process.env.PATH, CREDENTIALS_DIRECTORY: folder, RUNTIME_DIRECTORY: folder },
    encoding: "utf8",
  });
  assert.equal(wrote.status, 0, wrote.stderr);
  const page = join(folder, "start.html");
  const text = readFileSync(page, "utf8");
  assert.ok(text.includes("http://127.0.0.1:8080/kiosk#own="), text);
  // The box of the test has a port of its own.
  writeFileSync(page, text.replace("http://127.0.0.1:8080", box.address));
  shown = await screen();
});
after(async () => {
  await browser?.close();
  await shown?.browser.close();
  shown?.running.kill("SIGKILL");
  await box?.stop();
  // The browser's last files are written while it falls.
  if (folder) rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
});

test("the screen shows the setup code, pairs itself once there is an administrator, and serves", async () => {
  const page = await thePage();
  // Nobody has pressed anything.
  await page.waitForSelector("#setup-code");
  assert.match(await page.textContent("#setup-code"), /^[A-Z0-9]{8}$/);
  assert.ok(!page.url().includes(TOKEN));
  browser = await launch();
  await steps.setUp(box, await open(browser, box), "id");
  const own = () => JSON.parse(box.run("device", "list", "--json")).devices.find((device) => device.name === "Layar kotak ini");
  await eventually("the paired screen", () => own()?.state === "paired");
  await page.waitForURL(`${box.address}/kiosk`);
  await page.waitForSelector("#main:not(:empty)");
  assert.ok(!page.url().includes(TOKEN));
});

test("its token stands in no list of processes", () => {
  const holds = (pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, "latin1").includes(TOKEN);
    } catch {
      return false; // ended meanwhile
    }
  };
  assert.deepEqual(readdirSync("/proc").filter((name) => /^\d+$/.test(name) && holds(name)), []);
});

test("sounds start without a touch", async () => {
  const page = await thePage();
  const state = await page.evaluate(async () => {
    const sound = new AudioContext();
    await Promise.race([sound.resume(), new Promise((done) => setTimeout(done, 2000))]);
    return sound.state;
  });
  assert.equal(state, "running");
});
