// Chromium for the tests: one program for each camera, because what the camera plays is said
// when Chromium starts.
//
// The two packages of package.json may lie outside of the checkout: HADIR_BROWSER_MODULES is the
// folder that has `node_modules`.
import { createRequire } from "node:module";
import { existsSync } from "node:fs";
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

/// Starts Chromium; `feed` is the file that its camera plays, over and over.
export async function launch({ feed } = {}) {
  const args = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--autoplay-policy=no-user-gesture-required",
  ];
  if (feed) {
    args.push(
      "--use-fake-ui-for-media-stream",
      "--use-fake-device-for-media-stream",
      `--use-file-for-fake-video-capture=${feed}`,
    );
  }
  const executablePath = process.env.CHROMIUM ?? PLACES.find(existsSync);
  return chromium.launch({ executablePath, args, headless: true });
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

/// What axe finds on a page at levels A and AA of WCAG 2.2 and in its best practices, as lines.
/// Only what it calls serious or critical is a fault; the rest is printed.
export async function findings(page) {
  // The pages' own rules forbid scripts from elsewhere; a test may put one in all the same.
  await page.evaluate((await import("node:fs")).readFileSync(AXE, "utf8"));
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
