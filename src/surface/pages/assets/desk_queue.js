// What this desk has to tell the box. An intent is kept on the phone before the first attempt
// to send it, is sent with the same nonce until the box has answered, and only then goes. The
// box gives the same nonce the same decision, so that a lost answer costs nothing.
//
// Given from outside: `store` ({put, remove, all}, promises), `post(path, body)` (gives
// {status, body}, throws when nothing is heard), `now()` in milliseconds since 1970,
// `random(n)` bytes, `tell(event)`.

import { backoff_ms } from "./desk_line.js";
import { nonce } from "./desk_nonce.js";

export const CHECK_INS = "/api/v1/check-ins";
export const REPORTS = "/api/v1/desk/reports";
/** Statuses after which the same request may succeed later. */
const LATER = new Set([408, 425, 429]);

/** Whom or what an intent is about: of one subject nothing overtakes what was before it. */
const subject = ({ occasion, code, person, number, instead_of }) =>
  JSON.stringify([occasion, code, person, number, instead_of]);

export class Queue {
  #entries = new Map();
  #sending = new Set();
  #paused = false;
  #last = 0;
  /** Attempts in a row of which nothing was heard, and until when there is no further one. */
  #unheard = 0;
  #rest_ms = 0;
  #given;

  constructor(given) {
    this.#given = given;
  }

  /** Takes up what an earlier visit of the page left. */
  async resume() {
    const all = await this.#given.store.all();
    for (const entry of all) {
      if (this.#entries.has(entry.nonce)) continue;
      this.#entries.set(entry.nonce, { order: entry.at_ms, ...entry, due_ms: 0 });
      this.#last = Math.max(this.#last, entry.order ?? 0);
    }
    this.#count();
  }

  /** Intents that the box has not answered. */
  get unsent() {
    return this.#entries.size;
  }

  /** They, oldest first. */
  list() {
    return [...this.#entries.values()].sort((a, b) => a.order - b.order);
  }

  find(key) {
    return this.#entries.get(key);
  }

  /** The entry of a code or person that has no answer yet. */
  pending(test) {
    return this.list().find((entry) => !entry.stuck && test(entry.body));
  }

  /**
   * A new intent: kept, then sent at once. `body` is the check-in without its nonce; `path`
   * is another one for walk-ins. Gives the nonce after it is kept and before it is answered.
   */
  async add(body, label = "", path = CHECK_INS) {
    const at_ms = this.#given.now();
    const key = nonce(at_ms, this.#given.random(10));
    this.#last = Math.max(this.#last + 1, at_ms); // Also where the phone's clock goes back.
    const full = { nonce: key, ...body };
    const entry = { nonce: key, order: this.#last, at_ms, path, body: full, label, tries: 0, due_ms: 0 };
    this.#entries.set(key, entry);
    await this.#keep(entry);
    this.#given.tell({ kind: "asked", nonce: key, label, at_ms, path });
    this.#count();
    if (!this.#waits(entry)) this.#attempt(entry);
    return key;
  }

  /** Staff let the person in although the box is not heard: what is then told is a report. */
  async admitHere(key) {
    const entry = this.#entries.get(key);
    if (!entry || entry.report || entry.path !== CHECK_INS) return false;
    const now = this.#given.now();
    const { mode: _, ...body } = entry.body;
    const own = nonce(now, this.#given.random(10));
    entry.report = { ...body, nonce: own, instead_of: key, happened_at_ms: now };
    entry.due_ms = 0;
    entry.stuck = undefined;
    await this.#keep(entry);
    this.#given.tell({ kind: "admitted_here", nonce: key, at_ms: now });
    return true;
  }

  /** Sends an intent again now, whatever its waiting time. */
  hurry(key) {
    const entry = this.#entries.get(key);
    if (entry && !entry.stuck && !this.#waits(entry)) this.#attempt(entry);
  }

  /** Whether something older about the same subject has no answer yet. */
  #waits(entry) {
    const own = subject(entry.body);
    const before = (other) => !other.stuck && other.order < entry.order && subject(other.body) === own;
    return [...this.#entries.values()].some(before);
  }

  /** Nothing is sent until `go`: the box takes nothing from this phone now. */
  pause() {
    this.#paused = true;
  }

  go() {
    this.#paused = false;
    this.hurryAll();
  }

  /** The names of people leave the memory and the disk; the ends of codes stay. */
  async forgetNames() {
    for (const entry of this.list()) {
      if (entry.body.code || !entry.label) continue;
      entry.label = "";
      await this.#keep(entry);
    }
  }

  /** Everything is given up. */
  clear() {
    this.#entries.clear();
    this.#count();
  }

  /** The box is heard again: nothing waits any longer. */
  hurryAll() {
    this.#rest_ms = 0;
    for (const entry of this.#entries.values()) entry.due_ms = 0;
    this.tick();
  }

  /** Starts the oldest attempt that is due, unless one is under way: they arrive in order. */
  tick() {
    const now = this.#given.now();
    if (this.#sending.size > 0 || now < this.#rest_ms) return;
    const due = (entry) => !entry.stuck && entry.due_ms <= now && !this.#waits(entry);
    const next = this.list().find(due);
    if (next) this.#attempt(next);
  }

  /** Staff have read why an intent cannot be delivered. */
  async dismiss(key) {
    if (this.#entries.get(key)?.stuck) await this.#remove(key);
  }

  async #attempt(entry) {
    if (this.#paused || this.#sending.has(entry.nonce)) return;
    this.#sending.add(entry.nonce);
    const report = entry.report;
    let answer = null;
    try {
      answer = await this.#given.post(report ? REPORTS : entry.path, report ?? entry.body);
    } catch {
      answer = null; // Nothing was heard: whether it arrived is not known, so it is sent again.
    }
    this.#sending.delete(entry.nonce);
    this.#listen(answer);
    if (this.#entries.get(entry.nonce) === entry) await this.#settle(entry, report, answer);
    if (answer) this.tick(); // The box is there: the next one need not wait for the clock.
  }

  /** What is not heard is the line's matter, not the intent's: all wait, and the oldest goes first. */
  #listen(answer) {
    this.#unheard = answer ? 0 : this.#unheard + 1;
    this.#rest_ms = answer ? 0 : this.#given.now() + backoff_ms(this.#unheard);
  }

  async #settle(entry, report, answer) {
    const status = answer?.status ?? 0;
    if (status >= 200 && status < 300) {
      const decision = answer.body;
      const owed = entry.report && !report && decision.verdict !== "admitted";
      if (owed) {
        entry.due_ms = 0; // Somebody was let in meanwhile: that has still to be told.
        return;
      }
      await this.#remove(entry.nonce);
      this.#given.tell({ kind: "answered", nonce: entry.nonce, entry, decision });
      return;
    }
    const final = status >= 400 && status < 500 && status !== 401 && !LATER.has(status);
    const problem = answer?.body?.error ?? null;
    if (final) {
      entry.stuck = { status, code: problem?.code ?? "", message: problem?.message ?? "" };
      await this.#keep(entry);
      this.#given.tell({ kind: "stuck", nonce: entry.nonce, entry, problem: entry.stuck });
      return;
    }
    if (status > 0) {
      entry.tries += 1;
      entry.due_ms = this.#given.now() + backoff_ms(entry.tries);
    }
    this.#given.tell({ kind: "unheard", nonce: entry.nonce, status, code: problem?.code ?? "" });
  }

  async #keep(entry) {
    try {
      await this.#given.store.put({ ...entry });
    } catch {
      this.#given.tell({ kind: "unkept", nonce: entry.nonce });
    }
  }

  async #remove(key) {
    this.#entries.delete(key);
    try {
      await this.#given.store.remove(key);
    } catch {
      // It is sent once more at the next visit, and the box answers the same.
    }
    this.#count();
  }

  #count() {
    this.#given.tell({ kind: "count", unsent: this.unsent });
  }
}
