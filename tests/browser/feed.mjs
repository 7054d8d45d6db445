// What the fake camera plays: the demo's portraits as 640x480 pictures, each a little different
// in place, size, tilt and light, as a person who stands before a camera is. Chromium itself
// draws and compresses them, so that nothing else has to be installed.
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { launch, root } from "./browser.mjs";

const FRAMES = 48;

/// The file of a feed: `who` is "p1", "p2" or "nobody". Made once for each kind.
export async function feed(who) {
  const portrait = who === "nobody" ? null : readFileSync(join(root, "models", "demo", `${who}_a.png`));
  const folder = join(tmpdir(), "hadir-feeds");
  mkdirSync(folder, { recursive: true });
  const kind = createHash("sha256").update(readFileSync(new URL(import.meta.url))).update(portrait ?? "");
  const path = join(folder, `${who}-${kind.digest("hex").slice(0, 16)}.mjpeg`);
  if (existsSync(path)) return path;
  const browser = await launch();
  try {
    const page = await browser.newPage();
    const source = portrait && `data:image/png;base64,${portrait.toString("base64")}`;
    const pictures = await page.evaluate(draw, { source, frames: FRAMES });
    // Motion JPEG: one picture after the other. Another test may want the same one just now.
    writeFileSync(`${path}.${process.pid}`, Buffer.concat(pictures.map((text) => Buffer.from(text, "base64"))));
    renameSync(`${path}.${process.pid}`, path);
  } finally {
    await browser.close();
  }
  return path;
}

/// Runs in the page: gives the pictures as base 64.
async function draw({ source, frames }) {
  const canvas = new OffscreenCanvas(640, 480);
  const context = canvas.getContext("2d");
  const picture = source && (await createImageBitmap(await (await fetch(source)).blob()));
  const pictures = [];
  for (let n = 0; n < frames; n += 1) {
    // One slow round of all four, so that the last picture fits the first.
    const turn = (2 * Math.PI * n) / frames;
    context.filter = "none";
    context.fillStyle = "rgb(96 100 104)";
    context.fillRect(0, 0, 640, 480);
    if (picture) {
      const side = 400 + 24 * Math.sin(turn);
      context.filter = `brightness(${1 + 0.07 * Math.cos(2 * turn)})`;
      context.save();
      context.translate(320 + 14 * Math.cos(turn), 240 + 7 * Math.sin(2 * turn));
      context.rotate(0.05 * Math.sin(turn));
      context.drawImage(picture, -side / 2, -side / 2, side, side);
      context.restore();
    }
    const blob = await canvas.convertToBlob({ type: "image/jpeg", quality: 0.92 });
    const bytes = new Uint8Array(await blob.arrayBuffer());
    pictures.push(btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join("")));
  }
  return pictures;
}
