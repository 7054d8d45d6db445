// A page on another port of the box has the administrator's cookie: browsers send it along, as
// cookies ignore ports. Each unsafe route must refuse what such a page sends, and change nothing.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { test } from "node:test";
import { launch, open } from "./browser.mjs";
import { start } from "./box.mjs";
import * as steps from "./steps.mjs";

const UNSAFE = ["post", "put", "patch", "delete"];
const NOBODY = "00000000000000000000000000";
// Forms of the pages, which the interface's document does not list.
const FORMS = [
  "/setup", "/setup/site", "/sign-in", "/sign-out", "/settings/site", "/kit", "/me/password",
  "/people/new", `/people/${NOBODY}/consent`, `/people/${NOBODY}/erase`, "/devices",
  `/devices/${NOBODY}/revoke`, "/events", "/kiosk/pair",
];

test("a page on another port is refused by every unsafe route", { timeout: 120_000 }, async (t) => {
  const box = await start();
  t.after(box.stop);
  const browser = await launch();
  t.after(() => browser.close());
  const page = await open(browser, box);
  await steps.setUp(box, page, "en");

  const server = createServer((_, answer) => {
    answer.setHeader("content-type", "text/html");
    answer.end("<h1>another page</h1>");
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  t.after(() => server.close());

  const paths = (await (await fetch(`${box.address}/api/v1/openapi.json`)).json()).paths;
  const routes = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).filter((m) => UNSAFE.includes(m)).map((m) => [m.toUpperCase(), path.replace(/\{[^}]+\}/g, NOBODY)]),
  );
  assert.ok(routes.length > 20, `${routes.length} routes`);
  const before = steps.column(box, "select act from audit order by seq").join();

  // The positive control: from its own origin the cookie is taken.
  const own = await page.evaluate(async () => (await fetch("/api/v1/session")).status);
  assert.equal(own, 200);

  const home = `http://127.0.0.1:${server.address().port}/`;
  const ask = [...routes.filter(([method]) => method === "POST").map(([, path]) => path), ...FORMS];
  const through = [];
  for (const path of ask) {
    const foreign = await page.context().newPage();
    await foreign.goto(home);
    // As a form: browsers send one anywhere without asking, with the cookies of that place.
    const [response] = await Promise.all([
      foreign.waitForResponse((r) => r.url() === box.address + path && r.request().method() === "POST"),
      foreign.evaluate((action) => {
        const form = document.createElement("form");
        Object.assign(form, { method: "post", action, enctype: "text/plain" });
        document.body.append(form);
        form.submit();
      }, box.address + path),
    ]);
    const sent = await response.request().allHeaders();
    assert.match(sent.cookie ?? "", /hadir_native=/, "the cookie goes along");
    if (response.status() !== 403) through.push(`POST ${path}: ${response.status()}`);
    await foreign.close();
  }
  assert.deepEqual(through, []);

  // The other methods are asked for first, and that question gets no leave.
  const foreign = await page.context().newPage();
  await foreign.goto(home);
  for (const [method, path] of routes.filter(([m]) => m !== "POST")) {
    const asked = await foreign.evaluate(
      ([url, method]) => fetch(url, { method, credentials: "include" }).then(() => "let through", () => "refused"),
      [box.address + path, method],
    );
    assert.equal(asked, "refused", `${method} ${path}`);
  }
  assert.equal(steps.column(box, "select act from audit order by seq").join(), before);
});
