// The page that makes a device trust the box, as its visitor meets it: before anybody has an
// account, in both languages, in light and dark, on a phone and a laptop.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { findings, launch, open } from "./browser.mjs";
import { start } from "./box.mjs";

let box, browser;
before(async () => ([box, browser] = await Promise.all([start(), launch()])));
after(async () => {
  await browser?.close();
  await box?.stop();
});

const SIZES = { phone: { width: 360, height: 740 }, laptop: { width: 1280, height: 800 } };

for (const [size, viewport] of Object.entries(SIZES)) {
  for (const colorScheme of ["light", "dark"]) {
    for (const [locale, lang] of [["id-ID", "id"], ["en-GB", "en"]]) {
      test(`a page can be read by everybody: ${size}, ${colorScheme}, ${lang}`, async () => {
        const page = await open(browser, box, { viewport, colorScheme, locale });
        for (const path of ["/trust", "/nowhere"]) {
          await page.goto(path);
          assert.equal(await page.locator("html").getAttribute("lang"), lang);
          const found = await findings(page);
          assert.deepEqual(found.filter((f) => f.serious).map((f) => f.text), [], path);
          const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
          assert.equal(wide, false, `${path} is wider than the screen`);
        }
        assert.deepEqual(page.faults, []);
        await page.context().close();
      });
    }
  }
}
