// A box for a test: the built program on a free port of loopback, with a store of its own that is
// thrown away.
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LIMIT, root } from "./browser.mjs";

/// The program that is tried.
export const PROGRAM = process.env.HADIR ?? join(root, "target", "release", "hadir");

/// A port of loopback that nobody uses.
export async function freePort() {
  const server = createServer();
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

/// Polls until `look` gives something true, and gives that.
export async function eventually(what, look) {
  const end = Date.now() + LIMIT;
  for (;;) {
    const seen = await look();
    if (seen) return seen;
    if (Date.now() > end) throw new Error(`in ${LIMIT} ms not seen: ${what}`);
    await new Promise((done) => setTimeout(done, 50));
  }
}

/// Starts a box. `settings` is put at the end of its configuration.
export async function start(settings = "") {
  const folder = mkdtempSync(join(tmpdir(), "hadir-browser-"));
  const port = await freePort();
  const config = join(folder, "hadir.toml");
  const socket = join(folder, "control");
  writeFileSync(
    config,
    `[store]
dir = "${folder}/store"
[keys]
master = "file:${folder}/master.key"
[models]
dir = "${root}/models"
[control]
socket = "${socket}"
[camera]
source = "off"
[[listener]]
address = "127.0.0.1:${port}"
surface = "native"
tls = "off"
${settings}`,
  );
  const own = (name) => !name.startsWith("HADIR_");
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => own(name)));
  const made = spawnSync(PROGRAM, ["key", "init", "--config", config], { env, encoding: "utf8" });
  if (made.status !== 0) throw new Error(`key init: ${made.stderr}`);
  const box = { address: `http://127.0.0.1:${port}`, folder, config, log: "", ended: true };
  let child;
  const serve = () => {
    box.ended = false;
    child = spawn(PROGRAM, ["serve", "--config", config], { env, stdio: ["ignore", "pipe", "pipe"] });
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8");
      stream.on("data", (text) => (box.log += text));
    }
    child.on("exit", () => (box.ended = true));
  };
  serve();
  /// Runs a command of the program against this box, and gives its output.
  box.run = (...args) => {
    const ran = spawnSync(PROGRAM, [...args, "--socket", socket], { env, encoding: "utf8" });
    if (ran.status !== 0) throw new Error(`hadir ${args.join(" ")}: ${ran.stderr}`);
    return ran.stdout.trim();
  };
  const ready = () =>
    eventually("a ready box", async () => {
      if (box.ended) throw new Error(`the program ended:\n${box.log}`);
      return (await fetch(`${box.address}/ready`).catch(() => null))?.ok;
    });
  /// The box goes away without a word.
  box.kill = async () => {
    child.kill("SIGKILL");
    await eventually("the program's end", () => box.ended);
  };
  /// It comes back on the same port, with the same store.
  box.again = async () => {
    serve();
    await ready();
  };
  box.stop = async () => {
    if (!box.ended) child.kill("SIGTERM");
    await eventually("the program's end", () => box.ended);
    rmSync(folder, { recursive: true, force: true });
  };
  await ready();
  return box;
}

/// Waits until what is read matches.
export const reads = (read, pattern) => eventually(`something like ${pattern}`, async () => pattern.test(await read()));
