// The desk: brings together camera, typing scanners, search, the queue of what the box has to
// be told, and what the box tells. One page that stays open; nothing here reloads it.

import { call, say } from "./page.js";
import * as cards from "./desk_card.js";
import { Gone } from "./desk_gone.js";
import { back, leave } from "./desk_leave.js";
import { Line, PATIENCE_MS } from "./desk_line.js";
import { ticketCode } from "./desk_nonce.js";
import { CHECK_INS, Queue } from "./desk_queue.js";
import { Repeats } from "./desk_repeat.js";
import { Scanner } from "./desk_scan.js";
import { Search } from "./desk_search.js";
import { clock, drawCard, drawScan, drawUnsent, make, moveBar } from "./desk_show.js";
import { play } from "./desk_sound.js";
import { noStore, openStore } from "./desk_store.js";
import { SILENCE_MS, Wedge } from "./desk_wedge.js";

const at = (id) => document.getElementById(id);
const root = at("desk");
const { occasion, zone } = root.dataset;
const may = { report: root.dataset.report === "yes", override: root.dataset.override === "yes" };
const time = clock(zone, document.documentElement.lang);
const random = (n) => crypto.getRandomValues(new Uint8Array(n));
const where = `occasion=${encodeURIComponent(occasion)}`;

/** So long an attempt lasts, most. */
const GIVEN_UP_MS = 3 * PATIENCE_MS;
/** How often the box is looked for while it is not heard. */
const LOOK_MS = 3000;
const STATE_MS = 30_000;

const line = new Line();
const repeats = new Repeats();
const wedge = new Wedge();
let store = noStore();
let card = null;
let scans = 0;

// Sending: a box that does not answer is given up on after a while, and asked again.
async function post(path, body) {
  const answer = await fetch(path, {
    method: "POST",
    credentials: "same-origin",
    headers: { "content-type": "application/json", accept: "application/json" },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(GIVEN_UP_MS),
  });
  return { status: answer.status, body: await answer.json().catch(() => null) };
}

const queue = new Queue({
  store: {
    put: (entry) => store.put(entry),
    remove: (nonce) => store.remove(nonce),
    all: () => store.all(),
  },
  post,
  now: () => Date.now(),
  random,
  tell: (event) => told[event.kind]?.(event),
});

const told = {
  asked(event) {
    show(cards.asked({ ...event, here: may.report && event.path === CHECK_INS }));
  },
  answered({ nonce, entry, decision }) {
    heard(true);
    forget(entry);
    scans += 1;
    keepNote("scans", scans);
    const before = card;
    show(cards.answered(card, { nonce, decision }, Date.now()));
    if (card !== before) {
      play(cards.sound(card));
      tellEarlier(nonce, decision);
    }
    if (entry.body.person) hits.look();
    showUnsent();
    refresh();
  },
  stuck(event) {
    heard(true);
    forget(event.entry);
    show(cards.stuck(card, event));
    showUnsent();
  },
  admitted_here(event) {
    show(cards.admittedHere(card, event));
    showUnsent();
  },
  unheard({ status, code }) {
    if (status === 401) return gone.enter(code);
    heard(status !== 0 && status < 500);
    showUnsent();
  },
  unkept() {
    at("unkept").hidden = false;
  },
  count: showUnsent,
};

function forget({ body }) {
  if (body.code) repeats.answered(body.code, Date.now());
}

function heard(answered) {
  if (!line.note(answered)) return;
  showLine();
  if (line.online) {
    queue.hurryAll();
    refresh();
  }
}

function showLine() {
  at("line").textContent = say(line.online ? "CONNECTED" : "UNHEARD");
  at("line").className = `badge ${line.online ? "good" : "warn"}`;
  at("unheard").hidden = line.online;
}

// Whose access has ended sees no names and sends nothing.
const gone = new Gone({
  queue,
  time,
  store: () => store,
  drop: () => (store = noStore()),
  again() {
    root.hidden = false;
    listen();
  },
  clear() {
    root.hidden = true;
    events?.close();
    scanner.stop();
    show(null);
    hits.clear();
    for (const name of ["recent", "calls", "bars", "gates", "unsent-list"]) at(name).replaceChildren();
    at("handover-notes").value = "";
    at("handover-from").hidden = true;
    at("handover-from-text").textContent = "";
    for (const dialog of root.querySelectorAll("dialog[open]")) dialog.close();
  },
});

// The card.
function show(next) {
  card = next;
  drawCard(at("card"), card, { time, acts });
}

/** Who it is and was where before is asked for beside the answer, which does not wait for it. */
async function tellEarlier(nonce, decision) {
  if (decision.verdict === "refused") return;
  try {
    const found = await call("GET", `/api/v1/desk/history/${decision.nonce}`);
    const facts = [found.class && say("CLASS", found.class), found.number].filter(Boolean);
    const next = cards.earlier(card, { nonce, items: found.items, facts });
    if (next !== card) show(next);
  } catch {
    // The card says when, at least.
  }
}

const acts = {
  close: () => show(null),
  here: ({ nonce }) => queue.admitHere(nonce),
  undo: (item) => askWhy(item.nonce),
  mayOverride: ({ phase, decision }) =>
    may.override && phase === "decided" && ["already", "attention"].includes(decision.verdict),
  override: (item) => askOverride(item),
  dismiss: async ({ nonce }) => {
    await queue.dismiss(nonce);
    if (card?.nonce === nonce) show(null);
  },
  async admit(hit, button) {
    button.disabled = true; // A second press is the same intent.
    const body = { occasion, person: hit.person, direction: direction() };
    await queue.add(body, hit.name);
  },
};

// Scans, whatever they come from.
const direction = () => root.querySelector("input[name=direction]:checked").value;

async function scanned(code) {
  if (gone.on) return;
  const now = Date.now();
  const look = repeats.look(code, now);
  if (look === "ignore") return;
  const pending = queue.pending((body) => body.code === code && body.direction === direction());
  if (pending) {
    const again = cards.passed(cards.asked({ ...pending, here: may.report }), now);
    show(pending.report ? cards.admittedHere(again, pending) : again);
    queue.hurry(pending.nonce);
    return;
  }
  play("read");
  await queue.add({ occasion, code, direction: direction() }, cards.shortened(code));
}

const scanner = new Scanner(at("video"), scanned);

async function camera(open) {
  at("camera-failed").hidden = true;
  try {
    await open();
  } catch {
    at("camera-failed").hidden = false;
  }
  at("viewfinder").hidden = !scanner.on;
  at("torch").hidden = !scanner.torch;
  at("camera").textContent = say(scanner.on ? "CAMERA_OFF" : "CAMERA_ON");
}

at("camera").addEventListener("click", () =>
  camera(async () => (scanner.on ? scanner.stop() : scanner.start())),
);
at("camera-next").addEventListener("click", () => camera(() => scanner.next()));
at("torch").addEventListener("click", ({ currentTarget }) => {
  const on = currentTarget.getAttribute("aria-pressed") !== "true";
  currentTarget.setAttribute("aria-pressed", String(on));
  scanner.light(on).catch(() => (at("torch").hidden = true));
});
at("photo").addEventListener("change", async ({ currentTarget }) => {
  const [file] = currentTarget.files;
  currentTarget.value = "";
  const code = file ? await scanner.photo(file).catch(() => null) : null;
  at("no-code").hidden = Boolean(code) || !file;
  if (code) await scanned(code);
});
if (!navigator.mediaDevices?.getUserMedia) {
  at("camera").hidden = true;
  at("camera-insecure").hidden = false;
}

// Scanners that type. What they typed into a field before they were known is taken out again.
let field = null;
function wedged(out) {
  if (out?.kind === "first") {
    const target = document.activeElement;
    field = target && "value" in target ? { target, value: target.value } : null;
  }
  if (out?.kind !== "scan") return false;
  if (field) {
    field.target.value = field.value;
    field.target.dispatchEvent(new Event("input", { bubbles: true }));
  }
  scanned(out.code);
  return true;
}
addEventListener(
  "keydown",
  (event) => {
    const chord = event.ctrlKey || event.altKey || event.metaKey || event.isComposing;
    // When it was pressed, not when a busy page came to it: a slow phone makes no scanner slow.
    const ends = wedged(wedge.key(event.key, event.timeStamp, chord));
    if (ends && event.key !== "Unidentified") event.preventDefault();
    setTimeout(() => wedged(wedge.tick(performance.now())), SILENCE_MS + 1);
  },
  { capture: true },
);
function readiness() {
  const ready = document.hasFocus();
  at("wedge").textContent = say(ready ? "SCANNER_READY" : "SCANNER_AWAY");
  at("wedge").className = `badge ${ready ? "good" : "warn"}`;
}
for (const name of ["focus", "blur"]) addEventListener(name, readiness);

// Search.
const hits = new Search({
  field: at("search"),
  note: at("search-note"),
  hits: at("hits"),
  where,
  time,
  acts,
  direction,
  scanned,
  pending: (person) => queue.pending((body) => body.person === person),
});
for (const radio of root.querySelectorAll("input[name=direction]")) {
  radio.addEventListener("change", () => hits.look());
}

// Undo, with its reason.
let undoing = null;
function askWhy(nonce) {
  undoing = nonce;
  at("undo-failed").hidden = true;
  at("undo").showModal();
}
at("undo").addEventListener("click", async ({ target }) => {
  const reason = target.dataset?.reason;
  if (!reason) return;
  const remark = at("undo-remark").value.trim();
  if (reason === "other" && !remark) return at("undo-remark").focus();
  try {
    const body = { reason, ...(remark ? { remark } : {}) };
    await call("POST", `/api/v1/check-ins/${undoing}/undo`, body);
    at("undo").close();
    if (card) show(cards.undone(card, undoing));
    hits.look();
    refresh();
  } catch (error) {
    const why = error.code === "undo_window" ? say("UNDO_WINDOW") : (error.message ?? "");
    at("undo-failed").textContent = say("UNDO_FAILED", why);
    at("undo-failed").hidden = false;
  }
});
at("undo-close").addEventListener("click", () => at("undo").close());

// A supervisor lets somebody in whom the rules keep out, and says why.
let overriding = null;
function askOverride(item) {
  overriding = item;
  at("override-remark").value = "";
  at("override").showModal();
}
at("override")?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const remark = at("override-remark").value.trim();
  if (!remark || !overriding) return;
  const item = overriding;
  overriding = null; // A second press is the same intent.
  at("override").close();
  const body = { instead_of: cards.known(item), remark };
  await queue.add(body, item.decision?.name ?? item.label, "/api/v1/desk/overrides");
});
at("override-close")?.addEventListener("click", () => at("override").close());

// A ticket for somebody without one.
at("walk-in")?.addEventListener("click", async ({ currentTarget }) => {
  currentTarget.disabled = true;
  const code = ticketCode(random(20));
  at("walk-in-code").textContent = say("WALK_IN_CODE", code);
  at("walk-in-code").hidden = false;
  await queue.add({ occasion, code }, cards.shortened(code), "/api/v1/desk/walk-ins");
  currentTarget.disabled = false;
});

// What the box tells.
let refreshing = false;
let doubt = false;
async function refresh() {
  if (refreshing) return;
  refreshing = true;
  let state = null;
  try {
    state = await call("GET", `/api/v1/desk/state?${where}`);
  } catch (error) {
    if (error.status === 401) await gone.enter(error.code);
    doubt = !(error.status > 0 && error.status < 500);
    if (!gone.on) heard(!doubt);
  } finally {
    refreshing = false;
  }
  if (state && gone.on) await gone.leave();
  if (!state || gone.on) return;
  showState(state);
  doubt = false;
  heard(true);
}

function showState({ counts, recent, help }) {
  for (const name of ["expected", "inside", "admitted", "refused"]) {
    at(`count-${name}`).textContent = counts[name] ?? "–";
  }
  const { per_ten_minutes: stretches, per_gate: gates } = counts;
  showBars(at("bars"), stretches.slice(-12).map(({ from_ms, entries }) => ({ head: time(from_ms), entries })));
  showBars(at("gates"), gates.map(({ gate, entries }) => ({ head: gate ?? say("NO_GATE"), entries })));
  at("recent").replaceChildren(...recent.map((scan) => drawScan(scan, { time, acts })));
  at("recent-none").hidden = recent.length > 0;
  at("help").hidden = help.length === 0;
  at("calls").replaceChildren(...help.map(drawCall));
  at("handover-calls").textContent = say("HANDOVER_CALLS", help.length);
}

function drawCall({ device, name, at_ms }) {
  const come = () => call("POST", `/api/v1/desk/help/${device}/answer`).then(refresh, refresh);
  return make(
    "li",
    {},
    make("span", { class: "who" }, say("HELP_AT", name, time(at_ms))),
    make("button", { type: "button", class: "primary", onclick: come }, say("HELP_ANSWER")),
  );
}

/** A table of bars: {head, entries}, each as long as its share of the longest. */
function showBars(place, bars) {
  const most = Math.max(1, ...bars.map((bar) => bar.entries));
  const draw = ({ head, entries }) => {
    const meter = make("meter", { min: 0, max: most, value: entries });
    return make("tr", {}, make("th", { scope: "row" }, head), make("td", {}, meter), make("td", {}, String(entries)));
  };
  place.replaceChildren(...bars.map(draw));
}

let soon = 0;
let events = null;
function listen() {
  if (gone.on) return;
  events = new EventSource(`/api/v1/desk/events?${where}`);
  const changed = () => {
    clearTimeout(soon);
    soon = setTimeout(refresh, 200);
  };
  for (const name of ["hello", "decision", "undo", "help", "helped", "clock"]) {
    events.addEventListener(name, changed);
  }
  events.addEventListener("help", () => play("attention"));
  events.addEventListener("hello", () => queue.hurryAll());
  events.addEventListener("error", ({ currentTarget }) => {
    refresh(); // Says at once whether the box is gone, or this phone's access.
    // A browser comes again by itself after a cut, but not after a refusal ("busy", say).
    if (currentTarget.readyState === EventSource.CLOSED) setTimeout(listen, LOOK_MS);
  });
}

// What is not sent yet, and handing over.
function showUnsent() {
  const { unsent } = queue;
  at("unsent").textContent = unsent > 0 ? `${unsent} ${say("UNSENT")}` : say("UNSENT_NONE");
  at("unsent").className = `badge ${unsent > 0 ? "warn" : "good"}`;
  at("unsent-section").hidden = unsent === 0;
  const here = (entry) => may.report && entry.path === CHECK_INS;
  const draw = (entry) => drawUnsent(entry, { time, acts, here: here(entry) });
  at("unsent-list").replaceChildren(...(gone.on ? [] : queue.list().map(draw)));
  at("handover-blocked").hidden = unsent === 0;
  at("handover-end").disabled = unsent > 0;
  at("handover-scans").textContent = say("HANDOVER_SCANS", scans);
}

const keepNote = (name, value) => store.setNote(name, value).catch(() => {});

at("handover-end").addEventListener("click", async ({ currentTarget }) => {
  if (queue.unsent > 0) return;
  currentTarget.disabled = true;
  at("handover-failed").hidden = true;
  try {
    await call("DELETE", "/api/v1/session");
  } catch (error) {
    // A paired phone has no session; but a box that did not answer has signed nobody out.
    if (error.status !== 401) {
      at("handover-failed").hidden = false;
      currentTarget.disabled = false;
      return;
    }
  }
  const text = at("handover-notes").value.trim();
  await keepNote("notes", text ? { text, at_ms: Date.now() } : null);
  await keepNote("scans", 0);
  await leave(store, "signed_out", Date.now()).catch(() => {});
  location.replace("/sign-in?to=/desk");
});

// The card is held while somebody reads it.
at("card").addEventListener("scroll", () => (card = cards.held(card)));
at("card").addEventListener("pointerdown", () => (card = cards.held(card)));

setInterval(() => {
  queue.tick();
  gone.tick(Date.now());
  const next = cards.passed(card, Date.now());
  if (next !== card) show(next);
  else if (card) moveBar(at("card"), card, Date.now());
}, 250);
setInterval(refresh, STATE_MS);
for (const name of ["online", "offline"]) addEventListener(name, refresh);
setInterval(() => {
  if (gone.on ? gone.waits : doubt || !line.online) refresh();
}, LOOK_MS);

/** Notes are for the next person, not for ever. */
const NOTES_MS = 24 * 3_600_000;

async function begin() {
  try {
    store = await openStore();
    await back(store); // The page was served: the box knows this phone.
  } catch {
    told.unkept();
  }
  const notes = await store.note("notes").catch(() => null);
  if (notes?.text && Date.now() - notes.at_ms < NOTES_MS) {
    at("handover-from").hidden = false;
    at("handover-from-text").textContent = notes.text;
  }
  scans = (await store.note("scans").catch(() => 0)) ?? 0;
  await queue.resume().catch(() => told.unkept());
  showLine();
  showUnsent();
  readiness();
  refresh();
  listen();
  queue.tick();
}
begin();
