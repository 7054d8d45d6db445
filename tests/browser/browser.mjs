// Chromium for the tests: one program for each camera, because what the camera plays is said
// when Chromium starts.
//
// The two packages of package.json may lie outside of the checkout: HADIR_BROWSER_MODULES is the
// folder that has `node_modules`.
import { createRequire } from "node:module";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const here = dirname(fileURLToPath(import.meta.url));
export const root = join(here, "..", "..");
const load = createRequire(join(process.env.HADIR_BROWSER_MODULES ?? here, "package.json"));
const { chromium } = load("playwright-core");
const AXE = load.resolve("axe-core/axe.min.js");

// No test waits longer for one thing than this, in milliseconds.
export const LIMIT = 30_000;

const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/// Where this machine has Chromium.
export const place = () => process.env.CHROMIUM ?? PLACES.find(existsSync);

/// Takes hold of a Chromium that runs already, by the address that it prints.
export const attach = (address) => chromium.connectOverCDP(address);

/// Starts Chromium; `feed` is the file that its camera plays, over and over; `camera` alone gives it
/// a camera with a picture of its own.
export async function launch({ feed, camera = Boolean(feed) } = {}) {
  const args = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--autoplay-policy=no-user-gesture-required",
  ];
  if (camera) args.push("--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream");
  if (feed) args.push(`--use-file-for-fake-video-capture=${feed}`);
  return chromium.launch({ executablePath: place(), args, headless: true });
}

/// A browser that keeps cookies and storage in a folder, as that of a phone does: it can fall and
/// be started again.
export async function persistent(folder, box, options = {}) {
  const context = await chromium.launchPersistentContext(folder, {
    executablePath: place(),
    args: ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"],
    headless: true,
    baseURL: box.address,
    locale: "id-ID",
    ...options,
  });
  context.setDefaultTimeout(LIMIT);
  return context;
}

/// A page of its own: own cookies, own storage. `faults` gathers what went wrong in it: errors of
/// scripts, refused resources, requests to other hosts.
export async function open(browser, box, options = {}) {
  const context = await browser.newContext({
    baseURL: box.address,
    locale: "id-ID",
    viewport: { width: 1280, height: 800 },
    ...options,
  });
  context.setDefaultTimeout(LIMIT);
  // HADIR_ASSETS names a folder whose files stand for the program's own, to try a change unbuilt.
  const assets = process.env.HADIR_ASSETS;
  if (assets) {
    const name = (route) => new URL(route.request().url()).pathname.split("/").at(-1);
    await context.route("**/assets/*", (route) => route.fulfill({ path: join(assets, name(route)) }));
  }
  const page = await context.newPage();
  page.faults = [];
  page.on("pageerror", (error) => page.faults.push(`script: ${error.message}`));
  page.on("console", (line) => {
    // What a page asks for and is refused is judged by the test itself.
    const expected = line.text().startsWith("Failed to load resource");
    if (line.type() === "error" && !expected) page.faults.push(`console: ${line.text()}`);
  });
  page.on("request", (request) => {
    const own = [box.address, "data:", "blob:"].some((start) => request.url().startsWith(start));
    if (!own) page.faults.push(`a request to ${new URL(request.url()).host}`);
  });
  return page;
}

/// What can be pressed and is smaller than `side` in one direction, of what is shown now: links and
/// fields in a line of text are as large as the line. In pixels.
export async function smallTargets(page, side) {
  return page.evaluate((side) => {
    const inText = (e) => {
      const box = e.closest("p, li, td, dd, label, summary");
      return e.tagName === "A" && box && box.textContent.trim().length > e.textContent.trim().length + 3;
    };
    const found = [];
    for (const e of document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']")) {
      if (!e.checkVisibility({ visibilityProperty: true, opacityProperty: true }) || e.disabled || inText(e)) continue;
      if (e.closest(".skip") || e.matches(".skip") || e.type === "hidden") continue;
      // A tick or a choice is pressed by its label.
      const label = ["checkbox", "radio", "file"].includes(e.type) ? e.labels?.[0] ?? e : e;
      const [own, its] = [e, label].map((part) => part.getBoundingClientRect());
      const { width, height } = its.height > own.height ? its : own;
      if (width === 0 || height === 0) continue;
      if (Math.min(width, height) < side - 0.5) {
        found.push(`${e.tagName.toLowerCase()}#${e.id}.${e.className} "${e.textContent.trim().slice(0, 30)}" ${Math.round(width)}x${Math.round(height)}`);
      }
    }
    return found;
  }, side);
}

/// Presses Tab through a page from its beginning: what gets the focus, in order, as
/// {what, seen, left, top}; `seen`: it is marked. Ends when the page is left or begins again.
export async function tabOrder(page, most = 150) {
  await page.evaluate(() => {
    // From the very beginning, wherever the page has put the focus.
    document.body.tabIndex = -1;
    document.body.focus();
    document.body.removeAttribute("tabindex");
    scrollTo(0, 0);
  });
  const order = [];
  for (let n = 0; n < most; n += 1) {
    await page.keyboard.press("Tab");
    const at = await page.evaluate(() => {
      const e = document.activeElement;
      if (!e || e === document.body) return null;
      if (e.dataset.tabbed) return null;
      e.dataset.tabbed = "yes";
      const look = getComputedStyle(e);
      const outlined = look.outlineStyle !== "none" && parseFloat(look.outlineWidth) >= 2;
      const { left, top } = e.getBoundingClientRect();
      return {
        what: `${e.tagName.toLowerCase()}${e.id ? `#${e.id}` : ""} ${(e.ariaLabel ?? e.textContent ?? e.name ?? "").trim().slice(0, 30)}`,
        seen: outlined || look.boxShadow !== "none",
        left: left + scrollX,
        top: top + scrollY,
        stays: Boolean(e.closest("nav, header, .skip")), // a bar that stays where it is
      };
    });
    if (!at) break;
    order.push(at);
  }
  // Everything that can be pressed was reached; of a group of choices one is.
  const missed = await page.evaluate(() => {
    const missed = [];
    for (const e of document.querySelectorAll("a[href], button, input, select, textarea, summary")) {
      const inert = e.disabled || e.type === "hidden" || e.tabIndex < 0 || !e.checkVisibility({ visibilityProperty: true });
      const grouped = e.type === "radio" && document.querySelector(`input[name="${CSS.escape(e.name)}"][data-tabbed]`);
      if (!inert && !grouped && !e.dataset.tabbed && !e.closest("[inert]")) missed.push(`${e.tagName.toLowerCase()}#${e.id} ${e.textContent.trim().slice(0, 30)}`);
    }
    for (const e of document.querySelectorAll("[data-tabbed]")) delete e.dataset.tabbed;
    return missed;
  });
  return { order, missed };
}

/// What axe finds on a page at levels A and AA of WCAG 2.2 and in its best practices, as lines.
/// Only what it calls serious or critical is a fault; the rest is printed.
export async function findings(page) {
  // The pages' own rules forbid scripts from elsewhere; a test may put one in all the same.
  const there = await page.evaluate(() => Boolean(globalThis.axe));
  if (!there) await page.evaluate(readFileSync(AXE, "utf8"));
  const { violations } = await page.evaluate(async () =>
    globalThis.axe.run(document, {
      runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    }),
  );
  return violations.flatMap((rule) =>
    rule.nodes.map((node) => ({
      serious: ["serious", "critical"].includes(rule.impact),
      text: `${rule.impact} ${rule.id}: ${node.target.join(" ")}: ${node.failureSummary?.split("\n")[1]?.trim()}`,
    })),
  );
}
